use super::fault::Fault;
use super::*;
use crate::source::SourceId;

/// Of templates by their names, in which `X` tells a mark of a value: what each fault is, and where.
fn said(texts: &[(&str, &str)]) -> Vec<(Fault, String)> {
    let mut templates = Templates { language: Language::MiniJinja, ..Templates::default() };
    for (name, text) in texts {
        templates.add(*name, SourceId(0), *text);
    }
    all(&templates)
}

fn all(templates: &Templates) -> Vec<(Fault, String)> {
    let shown = |((name, start), (end, fault)): ((String, usize), (usize, Fault))| {
        (fault, templates.text(&name)[start..end].to_owned())
    };
    faults(templates).0.into_iter().map(shown).collect()
}

/// What stands in no quotes in one template.
fn found(text: &str) -> Vec<String> {
    let is_bare = |(fault, mark): (Fault, String)| (fault == Fault::Bare).then_some(mark);
    said(&[("a.html", text)]).into_iter().filter_map(is_bare).collect()
}

#[test]
fn what_stands_in_no_quotes_is_found() {
    for text in [
        "<p title=X>",
        "<P TITLE = X class='a'>",
        "<p title=aX>",
        "<p a=\"b\" title=X>",
        "<p X>",
        "<p aX=\"b\">",
        "<pX>",
        "</p X>",
        "<p\n title=\n X\n>",
        "<p {% if a %}title=\"a\"{% else %}title=X{% endif %}>",
        "<p title={% if a %}'b'{% else %}X{% endif %}>",
        "<p {% for a in b %}data-X=''{% endfor %}>",
        "<!--[if mso]><v:rect href=X><![endif]-->",
        "<!--[if !mso]><!--><p title=X><!--<![endif]-->",
        "<!-- a --><p title=X>",
        "<!DOCTYPE html><p title=X>",
        "<script>a < b</script><p title=X>",
        "<title>a <b</TITLE ><p title=X>",
        "a < b <p title=X>",
        "<p title='a>b' b=X>",
        "<p {# a > b #} b=X>",
        "{% raw %}<p title={% endraw %}X>",
        "<br/><p/title=X>",
        "<style/>p{}</style><p title=X>",
        "</style><p title=X>",
        "</ </title><p title=X>",
        // What one takes for text, another takes for markup.
        "<!-- --!><b title=X x=\"-->\">",
        "<!--><b title=X x=\"-->\">",
        "<noscript><b title=\"</noscript><b title=X x=\"></noscript>",
        "<noscript><b title=X></noscript>",
        "<xmp><b title=\"</xmp><b title=X x=\">",
        "<iframe><b title=\"</iframe><b title=X x=\">",
        "<noembed><!--</noembed><b title=X x=\"-->\">",
        "<noframes><b title='</NoFrames ><b title=X x='>",
        "<!--[if mso]><b title=\"<![endif]--><b title=X x=\"><!-- -->",
        "<title></title x='><p y=\"'><b title=X z=\">",
        "<title></titles></title><b title=X>",
        "<a =\" x=X\">",
        "<a x/=\"X\">",
        "<a x=\"\"=\"X\">",
        // What stands there depends on what was put out before.
        "<p{% if a %} title={% endif %}X>",
        "{% if a %}<b title={% else %}<b>{% endif %}X>",
        "<p title={% if a %}'b'{% endif %} y=X>",
        "{% for a in b %}{% if c %}<p y={% break %}{% endif %}{% endfor %}X>",
        "<p{% for a in b %} y=\"{% endfor %} z=\"X>",
        "<p title=x {%- if a -%} y='X'>",
        "<p title=x{% if a %}\ny='X'>",
        "{% filter upper %}<p title=X>{% endfilter %}",
        "{% macro a() %}<p title=X>{% endmacro %}",
    ] {
        for mark in ["{{ a }}", "{{- a | b(\"}}\") -}}", "{% include 'a' %}", "{% block a %}"] {
            let text = text.replace('X', mark);
            assert_eq!(found(&text), [mark], "{text}");
        }
        let component = text.replace('X', "{% <a b=1> %}");
        assert_eq!(found(&component), ["{% <a b=1> %}"]);
    }
    assert_eq!(found("<{{ a }}> </{{ b }}> <{% if c %}d{% endif %}{{ e }}"), ["{{ a }}", "{{ b }}", "{{ e }}"]);
    assert_eq!(found("<p a={{ a }} b={{ b }}>{{ c }}"), ["{{ a }}", "{{ b }}"]);
    assert_eq!(found("<{% block a %}{% endblock %}> <{% if a %} {% endif %}{{ b }}"), ["{% block a %}", "{{ b }}"]);
    let half =
        ["{{ a ~ b | slug }}", "{{ a | slug | b }}", "{{ 'a' | slug }}", "{{ a | slugs }}", "{{ a }}{{ b | slug }}"];
    assert!(half.iter().all(|mark| !found(&format!("<p a={mark}>")).is_empty()));
}

#[test]
fn what_stands_in_quotes_or_in_no_tag_is_fine() {
    for text in [
        "{{ a }} < {{ b }} <1{{ c }}",
        "<p title=\"{{ a }}\" b='{{ c }}{% include \"d\" %}'>{{ e }}</p>",
        "<p title=\"{% if a %}{{ b }}{% endif %}\"{% if c %} hidden{% endif %}>{{ d }}",
        "< {% block a %}{% endblock %}> <{% if a %} {% else %}/p>{% endif %}{{ b }}",
        "<!-- <p title={{ a }}> -->{{ b }}",
        "<script>if (a<b) c = {{ d | json }}</script>",
        "<style>a{b:{{ c }}}</style>",
        "{% raw %}<p title={{ a }}>{% endraw %}",
        "<p{# {{ a }} #}>",
        "<p data-{{ a.b | slug }}={{- c|slug -}}>",
        "<p title=a{% if b %}c{% endif %}>{{ d }}",
        "{% set a %}<p title=b>{% endset %}{{ a }}",
        "{% raw %}{{ a }}",
        "{{ a",
        "<p title=\"{{ a",
    ] {
        assert_eq!(found(text), Vec::<&str>::new(), "{text}");
    }
}

#[test]
fn nothing_says_that_values_are_not_escaped() {
    let fault = |fault: Fault, mark: &str| vec![(fault, mark.to_owned())];
    for mark in ["{% autoescape false %}", "{%- autoescape 'none' %}", "{% autoescape true %}"] {
        let text = format!("{mark}{{{{ a }}}}{{% endautoescape %}}");
        assert_eq!(said(&[("a.html", &text)]), fault(Fault::Escaping, mark));
    }
    for mark in [
        "{% include b %}",
        "{% include \"b\" ~ \".txt\" %}",
        "{% include ['b.html', c] %}",
        "{% include (\"b.txt\") %}",
        "{% extends b.c %}",
        "{% import b as c %}",
        "{%- from b import c -%}",
    ] {
        assert_eq!(said(&[("a.html", &format!("<p>{mark}"))]), fault(Fault::Computed, mark), "{mark}");
    }
    let list = "{% include ['b.html', \"b.txt\"] ignore missing %}";
    assert_eq!(said(&[("a.html", list), ("b.txt", "")]), fault(Fault::Unescaped, list));
    assert_eq!(said(&[("a.html", "{% include ['c.html', 'b.html'] %}"), ("b.html", "{{ a }}")]), []);
    let quoted = said(&[("a.html", "<p title=\"{% include ['b.html'] %}\">"), ("b.html", "<b class=\"{{ a }}\">")]);
    assert!(quoted.iter().any(|(fault, _)| *fault != Fault::Computed), "{quoted:?}");
}

#[test]
fn what_is_put_in_is_read_from_there() {
    let bare = |mark: &str| vec![(Fault::Bare, mark.to_owned())];
    let both = |page: &str, other: &str| said(&[("a.html", page), ("b.html", other)]);
    let page = "<p title=\"{% include 'b.html' %}\">";
    assert_eq!(both(page, "a {{ b }}"), []);
    let open = |what: &str| (Fault::Open, what.to_owned());
    assert_eq!(
        both(page, "\" x={{ a }}"),
        [open("\" x={{ a }}")].into_iter().chain(bare("{{ a }}")).collect::<Vec<_>>()
    );
    assert_eq!(both("<title>{% include 'b.html' %}</title>", "a <b {{ c }}>"), []);
    assert_eq!(both("<script>{% include \"b.html\" %}</script>", "x(a<b && {{ c | json }})"), []);
    let script = both("<script>{% include \"b.html\" %}</script>", "x({{ c }})");
    assert_eq!(script, [(Fault::Script, "{{ c }}".to_owned())]);
    let child = "{% extends 'a.html' %}{% block c %}<p {{ d }}>{% endblock %}";
    assert_eq!(both("{% block c %}{% endblock %}", child), bare("{{ d }}"));
    assert_eq!(both("<title>{% block c %}{% endblock %}</title>", child), []);
    let child = "{% extends 'a.html' %}{% block c %}x\" y={% endblock %}";
    assert_eq!(both("<p title=\"{% block c %}{% endblock %}\">", child), [open("x\" y=")]);
    // Also what puts in itself, and what nobody puts in.
    assert_eq!(both("{% include 'b.html' %}", "{% include 'a.html' %}<p {{ a }}>"), bare("{{ a }}"));
    assert_eq!(said(&[("a.html", "{% block c %}{% endblock %}"), ("b.txt", "<p {{ a }}>")]), []);
    assert_eq!(said(&[("a.html", "{% include 'b.txt' %}"), ("b.txt", "")])[0].0, Fault::Unescaped);
}

#[test]
fn what_leaves_something_open_is_refused() {
    for text in [
        "<a title=",
        "<a title={% raw %}{% endraw %}",
        "<a",
        "<a title=\"x",
        "a <!-- b",
        "<script>a",
        "<plaintext>",
        "{% if a %}<a title=\"{% endif %}",
        "{% set b %}<a title='{% endset %}",
        "{% macro b() %}<a title='{% endmacro %}'>",
        "{% block b %}<a title='{% endblock %}'>",
        "{% call b() %}<a {% endcall %}",
    ] {
        assert!(said(&[("a.html", text)]).iter().any(|(fault, _)| *fault == Fault::Open), "{text}");
    }
    for text in
        ["<p>", "</p>", "a < b", "<!-- -->", "<body {% if a %}x{% endif %}>", "{% if a %}<p>{% else %}</p>{% endif %}"]
    {
        assert_eq!(said(&[("a.html", text)]), [], "{text}");
    }
}

#[test]
fn in_xml_an_element_may_be_over_with_its_tag() {
    let text = "<script src=\"a\"/><title/><p title=\"{{ a }}\"/><style>{{ b }}</style>";
    assert_eq!(said(&[("a.xhtml", text)]), []);
    assert!(!said(&[("a.html", text)]).is_empty());
    assert_eq!(said(&[("a.svg", "<script>x({{ a }})</script><style><p x={{ a }}/></style>")]).len(), 2);
    let script = |text: &str| said(&[("a.svg", text)]).into_iter().map(|(fault, _)| fault).collect::<Vec<_>>();
    assert_eq!(script("<h:script xmlns:h='a'>x({{ a }})</h:script>"), [Fault::Script]);
    assert_eq!(script("<script><![CDATA[</script>]]>{{ a }}</script>"), [Fault::Script]);
    assert_eq!(script("<script><!-- </script> -->{{ a | json }}</script>"), [Fault::Script]);
    assert_eq!(script("<script><![CDATA[ a < b && f({{ a | json }}) ]]></script><h:script/>{{ a }}"), []);
}

/// A drawing that a page puts in is a part of that page, whatever its own name ends with.
#[test]
fn what_is_put_in_is_read_as_the_page_is() {
    let icon = ("b.svg", "<title/><p title={{ a }}></title>");
    assert_eq!(said(&[("a.html", "{% include 'b.svg' %}"), icon]), []);
    assert_eq!(said(&[("a.svg", "<svg>{% include 'b.svg' %}</svg>"), icon]), [(Fault::Bare, "{{ a }}".to_owned())]);
    let in_drawing = said(&[("a.html", "<svg>{% include 'b.svg' %}</svg>"), icon]);
    assert_eq!(in_drawing, [(Fault::Bare, "{{ a }}".to_owned())]);
}

#[test]
fn what_holds_text_elsewhere_holds_elements_in_a_drawing() {
    let bare = "<a b={{ c }}>";
    for text in [
        "<svg><title>X</title></svg>",
        "<svg><style>X</style></svg>",
        "<math><xmp>X</xmp></math>",
        "<svg><title/></svg>X",
        "<svg/>X",
    ] {
        assert_eq!(found(&text.replace('X', bare)), ["{{ c }}"], "{text}");
    }
    for text in [
        "<svg><title/><path d=\"{{ c }}\"/></svg>{{ c }}",
        "<svg><title>{{ c }}</title></svg><title>X</title>",
        "<svg><foreignObject><style>X</style></foreignObject></svg>",
        "<svg><p><style>X</style>",
    ] {
        assert_eq!(said(&[("a.html", &text.replace('X', bare))]), [], "{text}");
    }
    let icon = [("a.html", "<svg>{% include 'b.html' %}</svg>"), ("b.html", "<style><a b={{ c }}></a></style>")];
    assert_eq!(said(&icon).len(), 1);
}

#[test]
fn what_is_put_into_a_script_leaves_no_code_open() {
    let both = |page: &str, other: &str| {
        said(&[("a.html", page), ("b.html", other)]).into_iter().map(|(fault, _)| fault).collect::<Vec<_>>()
    };
    let page = "<script>{% include 'b.html' %} /'/ {{ c | json }}</script>";
    assert_eq!(both(page, "a = 'b'"), [Fault::Script]);
    assert_eq!(both("<script>{% include 'b.html' %};\n'' + {{ c | json }}</script>", "a('b') / {{ c | json }}"), []);
    assert_eq!(both("<script>x = {% block a %}1{% endblock %} /'/ {{ c | json }}</script>", ""), [Fault::Script]);
    assert_eq!(both("<script>{% include 'b.html' %}</script>", "a = 'b"), [Fault::Open]);
    assert_eq!(both("<script>{% include 'b.html' %}</script>", "a = `b"), [Fault::Open]);
}

#[test]
fn a_script_gets_values_as_json_alone() {
    let faults = |text: &str| said(&[("a.html", text)]).into_iter().map(|(fault, _)| fault).collect::<Vec<_>>();
    for text in [
        "<script>var x = {{ v }}</script>",
        "<SCRIPT type=module>f({{ v | upper }})</SCRIPT>",
        "<script>var x = '{{ v | json }}'</script>",
        "<script>var x = `{{ v | json }}`</script>",
        "<script>'\\'{{ v | json }}'</script>",
        "<script>// {{ v | json }}\n</script>",
        "<script>/*/ {{ v | json }} **/</script>",
        "<script>x = {{ a ~ v | json }}</script>",
        "<script>x = {{ a | upper ~ v | json }}</script>",
        "<script>x = {{ a if b else v | json }}</script>",
        // A slash that counts, or begins an expression with a quote in it.
        "<script>r=/\"/;y=\"{{ v | json }}\"</script>",
        "<script>x(/[/'\"]/, '{{ v | json }}')</script>",
        "<script>f() / a[\"/\"] + '{{ v | json }}'</script>",
        "<script>a.return /'/ + {{ v | json }} + '</script>",
        "<script>x = /{{ v | json }}/</script>",
        "<script>x = y /[/]{{ v | json }}/</script>",
        "<script>`${\"`\"}{{ v | json }}`</script>",
        "<script>`\\${{{ v | json }}}`</script>",
        "<script>\"a\\\n{{ v | json }}\"</script>",
        // The end is hidden, so that the rest is still a script.
        "<script>/*<!--<script>*/</script>{{ v }}<!-- --></script>",
        "<svg><script>x = &quot;{{ v | json }}&quot;</script></svg>",
        "<svg><script>x = <a/>{{ v | json }}</script></svg>",
    ] {
        assert_eq!(faults(text), [Fault::Script], "{text}");
    }
    for text in [
        "<script>var x = {{ v | json }}, y = 'it\\'s' + {{ v.w | json }} / 2; // it's\nz = {{ v | json }}</script>",
        "<script type=\"application/json\">{\"a\": {{ v | json }}}</script>{{ v }}",
        "<script src=\"{{ asset('a.js') }}\"></script>",
        "<script>x = {{ v.w[0] | default(\"\") | upper | json }} + {{ v?.w?[0] | json }}</script>",
        "<script>x = {{ link(id=\"a b\", placement='c|d') | json }}</script>",
        "<script>/* it's */ f({{ v | json }}, '{{ v | slug }}')</script>",
        "<script>a = x.replace(/'/g, {{ v | json }}).replace(/[/\"]/g, '')\nb = {{ v | json }}</script>",
        "<script>a = b / c; d = \"/\"; e = f(g) / 2 + \"'\"\nh = {{ v | json }}</script>",
        "<script>a = 100 / {{ v | json }} / b[0]/{{ v | json }}; c = x++ / 2\nd = {{ v | json }}</script>",
        "<script>if (a) /it's/.test(b)\nreturn /`/.test({\"a\": {{ v | json }}})</script>",
        "<script>x = `it's ${f({a: {{ v | json }}}, `${b}`)} $5 $` + {{ v | json }}</script>",
        "<script>x = 'a\\\r\nb' + {{ v | json }}</script>",
        "<script><!--\nx = {{ v | json }}\n//--></script>{{ v }}",
        "<script>x = '<!--' + {{ v | json }} + '<script>' + '--><\\/script>'</script>{{ v }}",
        "<script>x = '</s' + 'cript>'; it's(`all ${\"code\"</script>{{ v }}",
        "<svg><script/><script>a &amp;&amp; f({{ v | json }})</script></svg>{{ v }}",
        "<svg><script><![CDATA[ a && '</script>'; f({{ v | json }}) ]]></script></svg>{{ v }}",
    ] {
        assert_eq!(faults(text), [], "{text}");
    }
}

#[test]
fn an_attribute_that_runs_gets_no_value() {
    let faults = |text: &str| said(&[("a.html", text)]).into_iter().map(|(fault, _)| fault).collect::<Vec<_>>();
    for text in [
        "<a onclick=\"f('{{ v }}')\">",
        "<a ONCLICK = '{{ v | json }}'>",
        "<a x='' onload=\"{% if a %}{{ v }}{% endif %}\">",
        "<a {{ v | slug }}=\"{{ v }}\">",
        "<a o{{ v | slug }}=\"{{ v }}\">",
    ] {
        assert_eq!(faults(text), [Fault::Handler], "{text}");
    }
    assert_eq!(faults("<a data-on=\"{{ v }}\" onclick=\"f()\" title=\"{{ v }}\">"), []);
    assert_eq!(faults("<a data-{{ v | slug }}=\"{{ v }}\">"), []);
    assert_eq!(faults("<{{ v | slug }}>"), [Fault::Bare]);
    assert_eq!(faults("<s{{ v | slug }}>"), [Fault::Bare]);
    assert_eq!(faults("<h{{ v | slug }}>"), []);
    assert_eq!(faults("<a x='{{ v | paragraphs }}'>"), [Fault::Markup]);
    assert_eq!(faults("<a x='{{ v | json }}' y=\"{{ v | json }}{{ b.html | plain }}\">"), []);
}

#[test]
fn a_block_is_read_where_the_layouts_of_its_template_have_it() {
    let page =
        ("page.html", "<script>{% block body %}{% endblock %}</script><p title=\"{% block name %}{% endblock %}\">");
    let mail = ("mail.html", "<main>{% block body %}{% endblock %}</main>{% block name %}{% endblock %}");
    let of_page =
        ("a.html", "{% extends 'page.html' %}{% block body %}a<b{% endblock %}{% block name %}x{% endblock %}");
    let of_mail = (
        "b.html",
        "{% extends 'mail.html' %}{% block body %}it's <p>{{ c }}</p>{% endblock %}{% block name %}<b>\"{% endblock %}",
    );
    assert_eq!(said(&[page, mail, of_page, of_mail]), []);
    let last = (
        "d.html",
        "{% extends 'a.html' %}{% block body %}'{{ c }}'{% endblock %}{% block mine %}<a {{ c }}>{% endblock %}",
    );
    let faults = said(&[page, mail, of_page, of_mail, last]);
    assert_eq!(faults, [(Fault::Script, "{{ c }}".to_owned()), (Fault::Bare, "{{ c }}".to_owned())]);
    let open = ("e.html", "{% extends 'a.html' %}{% block name %}\n\" x{% endblock %}");
    assert_eq!(said(&[page, of_page, open]), [(Fault::Open, "\" x".to_owned())]);
}

#[test]
fn what_is_a_page_and_put_in_is_read_as_both() {
    let texts = [("a.html", "<p title='{% include \"b.html\" %}'>"), ("b.html", "\" <p {{ c }}>")];
    assert_eq!(said(&texts), []);
    let mut templates = Templates { language: Language::MiniJinja, ..Templates::default() };
    texts.iter().for_each(|(name, text)| templates.add(*name, SourceId(0), *text));
    let templates = templates.with_pages(["b.html".into()].into());
    assert_eq!(all(&templates), [(Fault::Bare, "{{ c }}".to_owned())]);
}

#[test]
fn one_of_the_languages_keeps_the_line_end_behind_a_statement() {
    let text = "<p title=x{% if a %}\ny='{{ b }}'{% endif %}>";
    let mut templates = Templates::default();
    templates.add("a.html", SourceId(0), text);
    assert_eq!(all(&templates), []);
    assert_eq!(found(text), ["{{ b }}"]);
}

fn kinds(text: &str) -> Vec<Fault> {
    said(&[("a.html", text)]).into_iter().map(|(fault, _)| fault).collect()
}

#[test]
fn what_follows_a_variable_of_several_lines_is_read() {
    for set in ["set_global x", "set x | default(value=\"x\")", "set x | default(\"a=b\")", "- set x -", "set x"] {
        let text = format!("{{%{set}%}}Hi{{% endset %}}<p title={{{{ a }}}}><a onclick=\"{{{{ a }}}}\">");
        assert_eq!(kinds(&text), [Fault::Bare, Fault::Handler], "{set}");
    }
    assert_eq!(kinds("{% set x = a | b %}<p title={{ a }}>"), [Fault::Bare]);
    assert_eq!(kinds("{% set_global x = \"{% set y %}\" %}<p title={{ a }}>"), [Fault::Bare]);
    for text in
        ["a{% endset %}", "{% if a %}{% endfor %}{% endif %}", "{% block a %}{% else %}{% endblock %}", "{% if a %}"]
    {
        assert_eq!(kinds(text), [Fault::Stray], "{text}");
    }
    // What fills blocks has none of this in a page, but before the other template is named.
    let layout = ("b.html", "<title>{% block c %}{% endblock %}</title>");
    let child = |text: &str| said(&[("a.html", text), layout]).into_iter().map(|(fault, _)| fault).collect::<Vec<_>>();
    assert_eq!(
        child("{% extends 'b.html' %}{% set x %}<p{% endset %}<p>{% block c %}<p {{ d }}>{% endblock %}"),
        [Fault::Open]
    );
    assert_eq!(child("<p title=\"{% extends 'b.html' %}"), [Fault::Open]);
    assert_eq!(child("{% if a %}<p{% endif %} title={{ b }}>{% extends 'b.html' %}"), [Fault::Bare]);
}

#[test]
fn what_is_written_elsewhere_is_put_into_text_alone() {
    for (text, fault) in
        [("<script>X</script>", Fault::Script), ("<a onclick=\"X\">", Fault::Handler), ("<a title='X'>", Fault::Called)]
    {
        for call in ["{% call m() %}x{% endcall %}", "{% <m a=1> %}x{% </m> %}", "{{ <m a=1 /> }}", "{{- loop (x) }}"] {
            assert_eq!(kinds(&text.replace('X', call)), [fault], "{call}");
        }
    }
    for text in ["{% call m() %}<b>x</b>{% endcall %}", "{% <m> %}<b>x</b>{% </m> %}<p>{{ <m/> }}{{ loop(x) }}"] {
        assert_eq!(kinds(text), []);
    }
    assert_eq!(kinds("{% <m> %}<b title={{ x }}>{% </m> %}"), [Fault::Bare]);
    for filter in ["json", "upper | json", "replace('a', 'b')", "safe"] {
        let text = format!("<a title='{{% filter {filter} %}}{{{{ x }}}}{{% endfilter %}}'>");
        assert_eq!(kinds(&text), [Fault::Markup], "{filter}");
    }
    assert_eq!(
        kinds("<a title='{% filter upper %}{{ x }}{% endfilter %}'>{% filter trim %}{{ x }}{% endfilter %}"),
        []
    );
}

#[test]
fn each_template_that_may_be_extended_has_the_blocks() {
    let layouts = [
        ("b.html", "<main>{% block s %}{% endblock %}</main>"),
        ("c.html", "<p title=\"{% block s %}{% endblock %}\">"),
    ];
    let child = |text: &str| {
        let texts = [&[("a.html", text)][..], &layouts].concat();
        said(&texts).into_iter().map(|(fault, _)| fault).collect::<Vec<_>>()
    };
    let both = "{% if a %}{% extends 'b.html' %}{% else %}{% extends 'c.html' %}{% endif %}";
    assert_eq!(
        child(&format!("{both}{{% block s %}}\" onclick={{{{ x }}}}{{% endblock %}}")),
        [Fault::Open, Fault::Bare]
    );
    assert_eq!(child(&format!("{both}{{% block s %}}{{{{ x }}}}{{% endblock %}}")), []);
    let one = "{% if a %}{% extends 'c.html' %}{% endif %}";
    assert_eq!(child(&format!("{one}{{% block s %}}<p title={{{{ x }}}}>{{% endblock %}}")), [Fault::Bare]);
    assert_eq!(child(&format!("{one}<p title={{{{ x }}}}>{{% block s %}}{{% endblock %}}")), [Fault::Bare]);
    // What is put in brings what it extends.
    let put_in = [
        ("a.html", "<script>{% include 'd.html' %}</script>"),
        ("d.html", "{% extends 'e.html' %}"),
        ("e.html", "{% if a %}{% include 'a.html' %}{% endif %}x = '{% block s %}{% endblock %}{{ x | json }}'"),
    ];
    assert!(said(&put_in).iter().any(|(fault, mark)| *fault == Fault::Script && mark.contains("json")));
}

#[test]
fn a_block_has_what_it_replaces_where_it_begins() {
    let block = |layout: &str, child: &str| {
        let child = format!("{{% extends 'b.html' %}}{{% block s %}}{child}{{% endblock %}}");
        said(&[("a.html", &*child), ("b.html", layout)]).into_iter().map(|(fault, _)| fault).collect::<Vec<_>>()
    };
    let script = "<script>{% block s %}a = 1;{% endblock %}</script>";
    assert_eq!(block(script, "{{ super() }} b = {{ x | json }};"), []);
    assert_eq!(block(script, "b = '{{ super() }}';"), [Fault::Script]);
    let quotes = "<p title=\"{% block s %}a{% endblock %}\">";
    assert_eq!(block(quotes, "{{ super() }}, {{ x }}"), []);
    let text = "<main>{% block s %}<b title=\"x\">{% endblock %}</main>";
    assert_eq!(block(text, "<p>{{- super () -}}</p>"), []);
    assert_eq!(block(text, "<p title=\"{{ super() }}\">"), [Fault::Called]);
    assert_eq!(block(text, "<p onclick=\"{{ super() }}\">"), [Fault::Handler]);
    assert_eq!(block(text, "<p {{ super() }}>"), [Fault::Bare]);
}

#[test]
fn a_block_in_another_has_what_it_replaces_where_it_stands() {
    for [layout, child] in [
        [
            "{% block head %}<title>{% block title %}X{% endblock %}</title>{% endblock %}",
            "{% block head %}<title>{% block title %}{{ super() }} | {{ x }}{% endblock %}</title>{% endblock %}",
        ],
        [
            "{% block head %}<p class=\"{% block cls %}a{% endblock %}\">{% endblock %}",
            "{% block head %}<p class=\"{% block cls %}{{ super() }} b{% endblock %}\">{% endblock %}",
        ],
        [
            "{% block head %}<script>{% block js %}a = 1;{% endblock %}</script>{% endblock %}",
            "{% block head %}<script>{% block js %}{{ super() }} b = {{ x | json }};{% endblock %}</script>{% endblock %}",
        ],
        [
            "<title>{% block title %}{{ y }}{% endblock %}</title>",
            "{% block title %}{% set t %}{{ super() }}{% endset %}{{ t | plain }}{% endblock %}",
        ],
        [
            "<title>{% block title %}{{ y }}{% endblock %}</title>",
            "{% block title %}{{ super() | trim }}{% endblock %}",
        ],
        [
            "<title>{% block title %}{{ y }}{% endblock %}</title><h1>{{ self.title() }}</h1><p title=\"{{ self.title() }}\">",
            "{% block title %}{{ x }}{% endblock %}",
        ],
    ] {
        let child = format!("{{% extends 'b.html' %}}{child}");
        assert_eq!(said(&[("a.html", &*child), ("b.html", layout)]), [], "{child}");
    }
    let d = "{% block d %}{{ super() }}{% endblock %}";
    let other = "{% block c %}{% endblock %}";
    let bare = "<textarea>{% block d %}<b title={{ y }}></b>{% endblock %}</textarea>";
    for (layout, child, mark) in [
        (
            format!("<p title=\"{other}\">{{% block d %}}<b title=\"x {{{{ y }}}}\">b</b>{{% endblock %}}"),
            format!("{{% block c %}}{d}{{% endblock %}}"),
            "{{ super() }}",
        ),
        (
            format!("<script>{other}</script>{{% block d %}}{{{{ y }}}}{{% endblock %}}"),
            format!("{{% block c %}}{d}{{% endblock %}}"),
            "{{ super() }}",
        ),
        (format!("{other}{bare}"), format!("{{% block c %}}{d}{{% endblock %}}"), "{{ super() }}"),
        (
            format!("{other}{bare}"),
            "{% block d %}{% set_global x %}{{ super() }}{% endset %}{% endblock %}".to_owned(),
            "{{ super() }}",
        ),
        (
            format!("{other}{bare}"),
            "{% block d %}{% set x = super() | trim %}{% endblock %}".to_owned(),
            "{% set x = super() | trim %}",
        ),
        (format!("{other}{bare}"), "{% block d %}{{ super() or x }}{% endblock %}".to_owned(), "{{ super() or x }}"),
        (format!("{other}{bare}"), "{% block c %}{{ self.d() }}{% endblock %}".to_owned(), "{{ self.d() }}"),
    ] {
        let child = format!("{{% extends 'b.html' %}}{child}");
        let told = said(&[("a.html", &*child), ("b.html", &*layout)]);
        assert_eq!(told, [(Fault::Called, mark.to_owned())], "{layout} {child}");
    }
}

#[test]
fn what_is_done_with_a_block_that_is_replaced_is_looked_at_in_quotes() {
    let layout = ("b.html", "{% block s %}<b title=\"{{ y }}\">b</b>{% endblock %}");
    for of in ["super() | trim", "super() or x", "super() if x else y", "super() | safe", "super()|default(x)"] {
        let child = format!("{{% extends 'b.html' %}}{{% block s %}}<p title=\"{{{{ {of} }}}}\">{{% endblock %}}");
        let mut templates = Templates { language: Language::MiniJinja, ..Templates::default() };
        templates.add("a.html", SourceId(0), &*child);
        templates.add(layout.0, SourceId(0), layout.1);
        let (faults, quoted) = faults(&templates);
        assert!(faults.is_empty(), "{faults:?}");
        assert_eq!(quoted.insertions("a.html", &child).len(), 2, "{of}");
    }
}

#[test]
fn a_component_is_escaped_where_it_is_written() {
    let raw = "{% component who(name: string) %}<b title={{ name }}>{% endcomponent who %}";
    let page = |page: &str, name: &str| {
        let mut templates = Templates::default();
        templates.add("a.html", SourceId(0), page);
        templates.add(name, SourceId(0), raw);
        all(&templates)
    };
    for mark in ["{{ <who name={x} /> }}", "{% set y = <who name={x} /> %}", "{{ (x or <who name={x} />) }}"] {
        for name in ["ui.tera", "ui.txt", "ui.md", "ui.css"] {
            assert_eq!(page(mark, name), [(Fault::Unescaped, mark.to_owned())], "{name}");
        }
        assert_eq!(page(mark, "ui.html"), [(Fault::Bare, "{{ name }}".to_owned())]);
    }
    for fine in ["{# {{ <who /> }} #}", "{{ <whose /> }}", "<who>{{ x }}</who>", "{% raw %}{{ <who /> }}{% endraw %}"] {
        assert_eq!(page(fine, "ui.txt"), [], "{fine}");
    }
}

#[test]
fn brackets_hold_the_signs_that_end_a_tag() {
    for text in [
        "<script>push({{ {\"event\": \"page\", \"partner\": {\"id\": x}} | json }});</script>",
        "<p data-x='{{ {\"a\": {\"b\": x}} | json }}' title=\"{{ [{\"a\": {}}][0]}}\">{{ {\"a\": {\"b\": x}}}}</p>",
    ] {
        assert_eq!(kinds(text), [], "{text}");
    }
    assert_eq!(kinds("<p a={{ {\"a\": {\"b\": x}} }}>"), [Fault::Bare]);
}

#[test]
fn what_is_small_is_read_as_the_engines_do() {
    for text in [
        "<script>export default /'/; a = {{ x | json }};</script>",
        "<script>a = {{ -1 | json }};</script>",
        "{% include ['b.html',] %}",
        "<p title=x{% if a +%}\ny='{{ x }}'{% endif %}>",
        "<script>{% filter trim | indent(2) %}a = 1;{% endfilter %}</script>",
    ] {
        assert_eq!(kinds(text), [], "{text}");
    }
    for filter in ["upper", "replace('a', x)", "indent(x)"] {
        let text = format!("<script>{{% filter {filter} %}}a = {{{{ x | json }}}};{{% endfilter %}}</script>");
        assert_eq!(kinds(&text), [Fault::Script], "{filter}");
    }
    assert_eq!(kinds("{% include \"\\x63.html\" %}"), [Fault::Renamed]);
    let partial = [("a.html", "<script>{% include 'b.html' %} a }`</script>"), ("b.html", "x = `${")];
    assert_eq!(said(&partial), [(Fault::Open, "x = `${".to_owned())]);
}

#[test]
fn many_choices_come_to_an_end() {
    let choices = |of: &dyn Fn(char) -> String| {
        ('a'..='p').map(|c| format!("{{% if {c} is defined %}}{}{{% endif %}}", of(c))).collect::<String>()
    };
    let names = choices(&|c| c.into());
    let text = format!("<script>{{% for i in [1] %}}{names}{{% endfor %}}x = {{{{ v | json }}}}</script>");
    assert_eq!(kinds(&text), []);
    assert_eq!(
        kinds(&format!("<p x{names}=\"{{{{ x }}}}\" {}>", choices(&|c| format!(" data-{c}=\"{{{{ {c} }}}}\"")))),
        []
    );
    assert_eq!(kinds(&format!("<{names}>{{{{ x }}}}")), [Fault::Many]);
    let brackets = choices(&|c| if c < 'i' { "(".into() } else { "if (".into() });
    assert_eq!(kinds(&format!("<script>{brackets}</script>{brackets}")), [Fault::Many]);
}
