use proptest::prelude::*;

use super::*;
use crate::data::Data;
use crate::source::SourceId;

struct Values(Data);

impl Scope for Values {
    fn value(&self, path: &str) -> Option<Data> {
        self.0.at(path).cloned()
    }
    fn link(&self, id: &str, placement: &str) -> Result<String, String> {
        match id {
            "nowhere" => Err("there is no link `nowhere`".into()),
            _ => Ok(format!("https://go.example/{id}?a=1&b={placement}")),
        }
    }
    fn asset(&self, path: &str) -> Result<String, String> {
        Ok(format!("assets/{path}"))
    }
    fn email_asset(&self, path: &str) -> Result<String, String> {
        self.asset(path)
    }
    fn node(&self, name: &str) -> Result<Option<String>, String> {
        Ok((name == "talk").then(|| "talk.html?a=1&b=2".to_owned()))
    }
    fn locale(&self) -> &str {
        "en-US"
    }
}

fn scope(name: &str) -> Values {
    let partner = [
        ("name", name),
        ("website", "https://rhein.example/?a=1&b=2"),
        ("email", "a b@rhein.example"),
        ("bad", "javascript:alert(1)"),
    ];
    Values(Data::map([("partner", Data::map(partner.map(|(key, value)| (key, Data::from(value)))))]))
}

fn compile(markdown: &str, trust: Trust) -> Result<Prose, Diagnostics> {
    Prose::compile(markdown, Span::new(SourceId(0), 100, 100 + markdown.len()), trust)
}

#[track_caller]
fn html(markdown: &str) -> String {
    compile(markdown, Trust::Overlay).unwrap().html(&scope("Fish & <b>*x*</b>")).unwrap().to_string()
}

#[track_caller]
fn text(markdown: &str) -> String {
    compile(markdown, Trust::Master).unwrap().text(&scope("Acme")).unwrap()
}

/// Code, text at the place and message of every error.
#[track_caller]
fn refused(markdown: &str, trust: Trust) -> Vec<String> {
    let errors = compile(markdown, trust).unwrap_err();
    let said = |error: &crate::diag::Diagnostic| {
        let span = error.place.as_ref().unwrap().span;
        let place = &markdown[span.start as usize - 100..span.end as usize - 100];
        format!("{} {place:?} {}", error.code, error.message)
    };
    errors.iter().map(said).collect()
}

#[test]
fn values_are_escaped_for_where_they_stand() {
    assert_eq!(html("Hi **{{ partner.name }}**!"), "<p>Hi <strong>Fish &amp; &lt;b&gt;*x*&lt;/b&gt;</strong>!</p>\n");
    assert_eq!(html("`{{ partner.name }}`"), "<p><code>Fish &amp; &lt;b&gt;*x*&lt;/b&gt;</code></p>\n");
    assert_eq!(
        html("[to {{ partner.name | lower }}](https://x.example/?p={{ partner.name }}&q \"{{ partner.name }}\")"),
        "<p><a href=\"https://x.example/?p=Fish%20%26%20%3Cb%3E%2Ax%2A%3C%2Fb%3E&amp;q\" \
         title=\"Fish &amp; &lt;b&gt;*x*&lt;/b&gt;\">to fish &amp; &lt;b&gt;*x*&lt;/b&gt;</a></p>\n"
    );
    assert_eq!(html("[a]({{ partner.website }})"), "<p><a href=\"https://rhein.example/?a=1&amp;b=2\">a</a></p>\n");
    assert_eq!(html("[a](mailto:{{ partner.email }})"), "<p><a href=\"mailto:a%20b@rhein.example\">a</a></p>\n");
    assert_eq!(
        html("![{{ partner.name }}](asset:a.svg)"),
        "<p><img src=\"assets/a.svg\" alt=\"Fish &amp; &lt;b&gt;*x*&lt;/b&gt;\" /></p>\n"
    );
    assert_eq!(html("|a|\n|-|\n|{{ partner.name }}|\n").matches("&lt;b&gt;").count(), 1);
}

#[test]
fn links_and_assets_are_asked_for() {
    let prose =
        compile("[a](link:report) ![x](asset:i.png)\n\n[b][r] <https://y.example>\n\n[r]: link:form", Trust::Overlay)
            .unwrap();
    let html = prose.html(&scope("")).unwrap();
    assert!(html.contains("<a href=\"https://go.example/report?a=1&amp;b=text\">a</a>"), "{html}");
    assert!(html.contains("<img src=\"assets/i.png\" alt=\"x\" />") && html.contains("go.example/form"), "{html}");
    let names = |list: &[Spanned<Arc<str>>]| list.iter().map(|item| item.value.to_string()).collect::<Vec<_>>();
    assert_eq!(names(prose.links()), ["report", "form"]);
    assert_eq!(names(prose.assets()), ["i.png"]);
    assert_eq!(names(prose.urls()), ["https://y.example"]);
    assert_eq!(prose.links()[0].span, Span::new(SourceId(0), 100, 116));
    let urls = compile("[a]({{ partner.website }}/x) [b](https://z.example/{{ a.b }})", Trust::Overlay).unwrap();
    assert_eq!(names(urls.urls()), ["{{ partner.website }}/x", "https://z.example/{{ a.b }}"]);
    assert_eq!(urls.variables().collect::<Vec<_>>(), ["partner.website", "a.b"]);
}

#[test]
fn destinations_that_run_or_dangle_are_refused() {
    for (markdown, said) in [
        ("a [b](javascript:alert(1))", "E-LINK \"[b](javascript:alert(1))\" links may not use `javascript:`"),
        ("[b](java&#115;cript:x)", "E-LINK \"[b](java&#115;cript:x)\" links may not use `javascript:`"),
        ("[b](data:text/html,x)", "E-LINK \"[b](data:text/html,x)\" links may not use `data:`"),
        ("é [b](other.html)", "E-LINK \"[b](other.html)\" a link leads to the relative address `other.html`"),
        (
            "[b](/{{ partner.name }})",
            "E-LINK \"[b](/{{ partner.name }})\" a link leads to the relative address `/{{ partner.name }}`",
        ),
        ("{{ partner.name }} [b]()", "E-LINK \"[b]()\" a link leads nowhere"),
        ("[b](link:)", "E-LINK \"[b](link:)\" `link:` needs an id of the link taxonomy, written out"),
        ("[b](link:{{ a }})", "E-LINK \"[b](link:{{ a }})\" `link:` needs an id of the link taxonomy, written out"),
        (
            "![b](https://x.example/a.png)",
            "E-LINK \"![b](https://x.example/a.png)\" an image shows `https://x.example/a.png`, which is no asset",
        ),
        (
            "[b](mailto:a@x.example?bcc=c@x.example)",
            "E-LINK \"[b](mailto:a@x.example?bcc=c@x.example)\" `mailto:a@x.example?bcc=c@x.example` fills in more than a subject",
        ),
        ("[b][c]", "E-LINK \"[b][c]\" there is no link definition `[c]` in this text"),
        ("<javascript:x>", "E-LINK \"<javascript:x>\" links may not use `javascript:`"),
        ("a {{ b | no }}", "E-EXPR \"no\" there is no filter `no`"),
        ("a\n{% if %}", "E-EXPR \"{%\" text has no `{% … %}` statements"),
    ] {
        assert_eq!(refused(markdown, Trust::Overlay), [said]);
    }
    assert_eq!(refused("[a](x) {{ }} [b](y)", Trust::Overlay).len(), 3);
}

#[test]
fn a_value_that_is_no_url_cannot_be_a_destination() {
    let errors = compile("[a]({{ partner.bad }})", Trust::Overlay).unwrap().html(&scope("")).unwrap_err();
    let error = errors.iter().next().unwrap();
    assert_eq!(
        (error.code.0, &*error.message),
        ("E-LINK", "a link leads to `partner.bad`, which is no URL: it is not absolute")
    );
    let errors = compile("[a](link:nowhere) {{ no.such }}", Trust::Overlay).unwrap().html(&scope("")).unwrap_err();
    assert_eq!(errors.iter().map(|error| error.code.0).collect::<Vec<_>>(), ["E-LINK", "E-VAR"]);
}

#[test]
fn raw_html_is_kept_in_the_master_and_shown_in_overlays() {
    let markdown = "a <b>x</b><!-- c --> d\n\n<div class=\"{{ partner.name }}\">\n<!-- note {{ no }} -->\n{{ partner.name }}</div>\n";
    let filled = |trust| compile(markdown, trust).unwrap().html(&scope("\"<i>")).unwrap().to_string();
    assert_eq!(
        filled(Trust::Master),
        "<p>a <b>x</b> d</p>\n<div class=\"&quot;&lt;i&gt;\">\n\n&quot;&lt;i&gt;</div>\n"
    );
    let overlay = filled(Trust::Overlay);
    assert!(overlay.starts_with("<p>a &lt;b&gt;x&lt;/b&gt; d</p>\n<p>&lt;div class="), "{overlay}");
    assert!(!overlay.contains("<div") && !overlay.contains("note"));
}

#[test]
fn values_stay_out_of_scripts_and_tags() {
    for markdown in [
        "<script>\nlet x = \"{{ partner.name }}\"\n</script>",
        "<p {{ partner.name }}>",
        "<p onclick=\"x('{{ partner.name }}')\">",
        "<p style=\"color: {{ partner.name }}\">",
        "<p class={{ partner.name }}>",
    ] {
        assert_eq!(refused(markdown, Trust::Master).len(), 1, "{markdown}");
    }
    let prose = compile("<a href=\"{{ partner.bad }}\">x</a>", Trust::Master).unwrap();
    assert!(prose.html(&scope("")).is_err());
    let prose = compile("<a href='/?q={{ partner.name }}'>{{ partner.name }}</a>", Trust::Master).unwrap();
    assert_eq!(&*prose.html(&scope("' x")).unwrap(), "<p><a href='/?q=%27%20x'>&#39; x</a></p>\n");
}

#[test]
fn headings_are_inline_only() {
    let inline = |markdown: &str| {
        let span = Span::new(SourceId(0), 100, 100 + markdown.len());
        Prose::compile_inline(markdown, span, Trust::Overlay).unwrap().html(&scope("A&B")).unwrap().to_string()
    };
    assert_eq!(inline("1. *Start* with {{ partner.name }}"), "1. <em>Start</em> with A&amp;B");
    assert_eq!(inline("- no\nlist"), "- no list");
    assert_eq!(inline(""), "");
    let error = Prose::compile_inline("ab {{ x | y }}", Span::new(SourceId(0), 100, 114), Trust::Overlay).unwrap_err();
    assert_eq!(error.iter().next().unwrap().place.as_ref().unwrap().span, Span::new(SourceId(0), 110, 111));
}

#[test]
fn escaped_braces_are_literal() {
    assert_eq!(
        html(r"\{{ x }} `\{{ y }}` \\{{ partner.email }}"),
        "<p>{{ x }} <code>{{ y }}</code> \\a b@rhein.example</p>\n"
    );
}

#[test]
fn a_mark_cannot_be_forged() {
    let stem = format!("Q{}", &blake3::hash(b"{{ partner.name }}").to_hex()[..24]);
    assert!(html(&format!("{stem}0z {{{{ partner.email }}}}")).contains(&format!("{stem}0z")));
    assert_eq!(
        compile("{{ partner.email }}", Trust::Overlay).unwrap().html(&scope("")).unwrap().matches("rhein").count(),
        1
    );
}

#[test]
fn plain_text_reads_well() {
    let markdown = "\
Hi {{ partner.name }},

this is **one** paragraph that is certainly longer than seventy-two columns, so it wraps.\\
A hard break.

# Title

## Next steps

- first [report](link:report), then
  more
- second
  1. nested
  2. again

1. loose

   more of it

2. two

[Read the report](link:report)

Write to [us](mailto:a@b.example) or <https://x.example/very/long/path/that/goes/on/and/on/for/more/than/seventy/two/columns>.

> quoted words

| a | b |
|---|---|
| 1 | 2 |

    code  kept

---
";
    let expected = "\
Hi Acme,

this is one paragraph that is certainly longer than seventy-two columns,
so it wraps.
A hard break.

Title
=====

Next steps
----------

- first report (https://go.example/report?a=1&b=text), then more
- second
  1. nested
  2. again

1. loose

   more of it

2. two

Read the report: https://go.example/report?a=1&b=text

Write to us (a@b.example) or
https://x.example/very/long/path/that/goes/on/and/on/for/more/than/seventy/two/columns.

> quoted words

a | b
1 | 2

    code  kept

------------------------------------------------------------------------";
    assert_eq!(text(markdown), expected);
}

#[test]
fn wide_text_breaks_anywhere_but_not_before_punctuation() {
    let sentence = "復旧の準備は、訓練で確かめてはじめて本物になります。".repeat(4);
    let wrapped = text(&format!("{sentence}\nAWS の復旧"));
    for line in wrapped.lines() {
        assert!(unicode_width::UnicodeWidthStr::width(line) <= 72, "{line}");
        assert!(!line.starts_with(['、', '。']), "{line}");
    }
    assert_eq!(wrapped.replace('\n', ""), format!("{sentence} AWS の復旧"));
    assert_eq!(text("復旧\n準備"), "復旧準備");
}

fn pulldown(markdown: &str) -> String {
    let mut out = String::new();
    let options = pulldown_cmark::Options::ENABLE_TABLES;
    pulldown_cmark::html::push_html(&mut out, pulldown_cmark::Parser::new_ext(markdown, options));
    out
}

fn arbitrary_markdown() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        "[a-z é]{1,8}",
        "[*_`~#>|<&;:!\\\\-]{1,3}",
        Just("\n".to_owned()),
        Just("\n\n".to_owned()),
        Just("- ".to_owned()),
        Just("1. ".to_owned()),
        Just("    ".to_owned()),
        Just("<b>".to_owned()),
        Just("<div>\n".to_owned()),
        Just("</div>".to_owned()),
        Just("|a|b|\n|-|-|\n|c|d|\n".to_owned()),
        Just("```\n".to_owned()),
        Just("[x](https://a.example/?b&c \"t\")".to_owned()),
        Just("<https://a.example>".to_owned()),
        Just("&amp;&#35;".to_owned()),
    ];
    proptest::collection::vec(part, 0..20).prop_map(|parts| parts.concat())
}

proptest! {
    #[test]
    fn text_without_variables_is_plain_commonmark(markdown in arbitrary_markdown()) {
        prop_assume!(!markdown.contains("<!--") && !markdown.contains("{{"));
        if let Ok(prose) = compile(&markdown, Trust::Master) {
            prop_assert!(prose.is_fixed());
            prop_assert_eq!(&*prose.html(&scope("")).unwrap(), pulldown(&markdown));
        }
    }

    #[test]
    fn an_overlay_brings_no_tag_of_its_own(markdown in arbitrary_markdown()) {
        if let Ok(prose) = compile(&markdown, Trust::Overlay) {
            let html = prose.html(&scope("")).unwrap();
            prop_assert!(!html.contains("<b>") && !html.contains("<div"), "{}", html);
        }
    }

    #[test]
    fn a_value_never_becomes_structure(before in arbitrary_markdown(), after in arbitrary_markdown(), value in "[{}<>&\"'*_`#|\\[\\]()\n%!-]{0,16}") {
        let markdown = format!("{before}{{{{ partner.name }}}}{after}");
        if let Ok(prose) = compile(&markdown, Trust::Overlay) {
            let with = |name: &str| prose.html(&scope(name)).unwrap();
            let tags = |html: &str| html.matches('<').count() + html.matches('"').count();
            prop_assert_eq!(tags(&with(&value)), tags(&with("x")));
            prose.text(&scope(&value)).unwrap();
        }
    }

    #[test]
    fn any_markdown_compiles_or_is_refused_within_it(markdown in "[a-c\\[\\]()<>{}|%:\"'\\\\ é\n!-]{0,40}") {
        if let Err(errors) = compile(&markdown, Trust::Overlay) {
            for error in errors.iter() {
                let span = error.place.as_ref().unwrap().span;
                prop_assert!(markdown.get(span.start as usize - 100..span.end as usize - 100).is_some());
            }
        }
    }
}

/// J16
#[test]
fn bound_words_are_a_link_where_there_is_a_page_for_them() {
    let markdown = "Ask for [a *talk*](node:talk) or [x {{ partner.name }}](node:sales.offered).";
    assert_eq!(
        html(markdown),
        "<p>Ask for <a href=\"talk.html?a=1&amp;b=2\">a <em>talk</em></a> or x Fish &amp; &lt;b&gt;*x*&lt;/b&gt;.</p>\n"
    );
    assert_eq!(text(markdown), "Ask for a talk (talk.html?a=1&b=2) or x Acme.");
    assert_eq!(text("[Ask][t]\n\n[t]: node:other"), "Ask");
    let prose = compile(markdown, Trust::Overlay).unwrap();
    let names: Vec<(&str, u32)> = prose.nodes().iter().map(|node| (&*node.value, node.span.start)).collect();
    assert_eq!(names, [("talk", 108), ("sales.offered", 133)]);
    assert!(prose.links().is_empty() && prose.urls().is_empty());
    assert_eq!(refused("[a](node:{{ b }})", Trust::Master).len(), 1);
    assert_eq!(refused("[](node:talk)", Trust::Overlay).len(), 1);
    assert_eq!(refused("<node:talk>", Trust::Master).len(), 1);
}

#[test]
fn tasks_have_a_box_with_their_words_as_its_label() {
    assert_eq!(
        html("- [ ] one **x**\n- [x] two\n  - three\n- four"),
        "<ul>\n<li><label><input type=\"checkbox\"/> one <strong>x</strong></label></li>\n\
         <li><label><input type=\"checkbox\" checked=\"checked\"/> two</label>\n<ul>\n<li>three</li>\n</ul>\n</li>\n\
         <li>four</li>\n</ul>\n"
    );
    assert_eq!(
        html("- [ ] one\n\n- [ ] two\n"),
        "<ul>\n<li>\n<p><label><input type=\"checkbox\"/> one</label></p>\n</li>\n\
         <li>\n<p><label><input type=\"checkbox\"/> two</label></p>\n</li>\n</ul>\n"
    );
    assert_eq!(text("- [ ] one\n- [x] two"), "- [ ] one\n- [x] two");
}
