use proptest::prelude::*;

use super::*;
use crate::source::SourceId;

/// A scope over one tree of data.
pub struct Values(pub Data);

impl Scope for Values {
    fn value(&self, path: &str) -> Option<Data> {
        self.0.at(path).cloned()
    }
    fn link(&self, id: &str, placement: &str) -> Result<String, String> {
        Ok(format!("{id}.html?at={placement}"))
    }
    fn asset(&self, path: &str) -> Result<String, String> {
        Ok(format!("assets/{path}"))
    }
    fn email_asset(&self, path: &str) -> Result<String, String> {
        Ok(format!("https://go.example/{path}"))
    }
    fn locale(&self) -> &str {
        "en-US"
    }
    fn roots(&self) -> Vec<Arc<str>> {
        self.0.as_map().map(|map| map.keys().cloned().collect()).unwrap_or_default()
    }
}

fn scope(name: &str) -> Values {
    let partner = Data::map([
        ("name", Data::from(name)),
        ("industries", Data::list(["a", "b"].map(Data::from))),
        ("nothing", Data::Null),
        ("contact", Data::map([("email", "x@y.example")].map(|(k, v)| (k, Data::from(v))))),
    ]);
    Values(Data::map([("partner", partner), ("amount", Data::Int(1250)), ("day", "2026-11-16".into())]))
}

fn compile(text: &str) -> Result<Text, Diagnostic> {
    Text::compile(text, Span::new(SourceId(0), 100, 100 + text.len()))
}

fn fill(text: &str, escape: Escape) -> Result<String, FillError> {
    compile(text).unwrap().fill(&scope("Fish & <Chips>"), escape).map(|text| text.to_string())
}

#[track_caller]
fn refused(text: &str, at: &str, words: &str) {
    let error = compile(text).unwrap_err();
    let span = error.place.as_ref().unwrap().span;
    assert_eq!(error.code.0, "E-EXPR");
    assert_eq!(&text[span.start as usize - 100..span.end as usize - 100], at);
    assert!(error.message.contains(words), "{}", error.message);
}

#[test]
fn values_are_filtered_and_escaped_for_their_target() {
    let text = "a&b {{partner.name}}";
    assert_eq!(fill(text, Escape::None).unwrap(), "a&b Fish & <Chips>");
    assert_eq!(fill(text, Escape::Html).unwrap(), "a&amp;b Fish &amp; &lt;Chips&gt;");
    assert_eq!(fill(text, Escape::Url).unwrap(), "a&b Fish%20%26%20%3CChips%3E");
    assert_eq!(fill("{{ partner.name | lower | url }}", Escape::None).unwrap(), "fish%20%26%20%3Cchips%3E");
    assert_eq!(fill("{{ amount | money('EUR') }}", Escape::None).unwrap(), "€1,250");
    assert_eq!(fill("{{ day | date(style=\"long\") }}", Escape::None).unwrap(), "November 16, 2026");
    assert_eq!(fill("{{ partner.industries | join(', ') }}", Escape::None).unwrap(), "a, b");
}

#[test]
fn default_catches_what_is_not_set() {
    assert_eq!(fill("{{ partner.x | default(\"-\") }}", Escape::None).unwrap(), "-");
    assert_eq!(fill("{{ partner.nothing | upper | default(amount) }}", Escape::None).unwrap(), "1250");
    assert_eq!(fill("{{ x.y.z | default(partner.contact.email) | upper }}", Escape::None).unwrap(), "X@Y.EXAMPLE");
    assert_eq!(fill("{{ partner.contact.email | default(no.such) }}", Escape::None).unwrap(), "x@y.example");
    assert_eq!(fill("{{ no.a | default(no.b) }}", Escape::None).unwrap_err().message, "`no.b` is not set");
}

#[test]
fn what_is_not_set_is_an_error_with_the_nearest_name() {
    let error = fill("Hi {{ partner.nam }}", Escape::None).unwrap_err();
    assert_eq!((error.code, error.span), ("E-VAR", Span::new(SourceId(0), 106, 117)));
    assert_eq!(error.help.as_deref(), Some("did you mean `partner.name`?"));
    let error = fill("{{ partnr.name }}", Escape::None).unwrap_err();
    assert_eq!(error.help.as_deref(), Some("did you mean `partner`?"));
    assert!(fill("{{ zzz }}", Escape::None).unwrap_err().help.unwrap().contains("default"));
}

#[test]
fn lists_and_maps_are_no_text() {
    let error = fill("{{ partner.industries }}", Escape::None).unwrap_err();
    assert_eq!(error.code, "E-EXPR");
    assert!(error.help.unwrap().contains("join"));
    assert!(fill("{{ partner }}", Escape::None).unwrap_err().message.contains("a map"));
    assert!(fill("{{ partner.name | date }}", Escape::None).unwrap_err().message.contains("no date"));
}

#[test]
fn backslashes_escape_braces_only() {
    assert_eq!(fill(r"\{{ x }} \{% y %} C:\dir {a}", Escape::None).unwrap(), r"{{ x }} {% y %} C:\dir {a}");
    assert_eq!(fill(r"\\{{ amount }}", Escape::None).unwrap(), r"\1250");
    assert_eq!(fill(r"\\\{{ amount }}", Escape::None).unwrap(), r"\{{ amount }}");
}

#[test]
fn errors_point_at_the_exact_place() {
    refused("a {% if x %}", "{%", "no `{% … %}` statements");
    refused("a {{ x", "{{", "not closed");
    refused("a {{ x | default('y }}", "{{", "not closed");
    refused("{{ }}", "}", "does not belong");
    refused("{{ a + b }}", "+", "does not belong");
    refused("{{ a. }}", "}", "does not belong");
    refused("{{ a | uper }}", "uper", "no filter `uper`");
    refused("{{ a | json }}", "json", "gives markup");
    refused("{{ a | money }}", "money", "needs its argument");
    refused("{{ a | date(x=1) }}", "x=", "no argument `x`");
    refused("{{ a | upper(1) }}", "1", "no further argument");
    refused("{{ a | default(1, value=2) }}", "value=2", "given twice");
}

#[test]
fn a_place_survives_quotes_but_not_folding() {
    let span = |text: &str, length: usize| {
        let error = Text::compile(text, Span::new(SourceId(0), 10, 10 + length)).unwrap_err();
        let span = error.place.unwrap().span;
        (span.start, span.end)
    };
    assert_eq!(span("ab {{", 5), (13, 15));
    assert_eq!(span("ab {{", 7), (14, 16));
    assert_eq!(span("ab {{", 9), (10, 19));
}

#[test]
fn variables_are_listed_with_those_of_arguments() {
    let text = compile("{{ a.b | default(c) }} {{ list[id].d }}").unwrap();
    assert_eq!(text.variables().collect::<Vec<_>>(), ["a.b", "c", "list[id].d"]);
    assert!(!text.is_fixed());
}

proptest! {
    #[test]
    fn text_without_expressions_is_kept(text in "\\PC{0,40}|[{}%\\\\a]{0,20}") {
        prop_assume!(!text.contains("{{") && !text.contains("{%"));
        let compiled = compile(&text).unwrap();
        prop_assert!(compiled.is_fixed());
        prop_assert_eq!(&*compiled.fill(&scope(""), Escape::None).unwrap(), &*text);
    }

    #[test]
    fn any_text_compiles_or_is_refused_within_it(text in "[{}%|()\"'a-c.=, \\\\é]{0,30}") {
        if let Err(error) = compile(&text) {
            let span = error.place.unwrap().span;
            prop_assert!(span.start >= 100 && span.end as usize <= 100 + text.len());
            prop_assert!(text.get(span.start as usize - 100..span.end as usize - 100).is_some());
        }
    }

    #[test]
    fn a_value_is_inserted_and_never_read(value in "[{}<>&\"'%a |]{0,20}") {
        let text = compile("<a {{ partner.name }} b>").unwrap();
        let plain = text.fill(&scope(&value), Escape::None).unwrap();
        prop_assert_eq!(&*plain, format!("<a {value} b>"));
        let html = text.fill(&scope(&value), Escape::Html).unwrap();
        let structure = ['<', '>', '"', '\''];
        prop_assert!(!html.contains(structure));
        let url = text.fill(&scope(&value), Escape::Url).unwrap();
        let unsafe_in_urls = ['<', '>', '"', '&', '{', ' '];
        prop_assert!(!url[3..url.len() - 3].contains(unsafe_in_urls));
    }
}

#[test]
fn of_bound_words_only_the_words_are_printed() {
    let text = "The [status file](node:status-file) of [{{ partner.name }}](node:sales.offered).";
    let text = compile(text).unwrap();
    assert_eq!(&*text.fill(&scope("A & B"), Escape::Html).unwrap(), "The status file of A &amp; B.");
    let names: Vec<(&str, u32)> = text.nodes().iter().map(|node| (&*node.value, node.span.start)).collect();
    assert_eq!(names, [("status-file", 104), ("sales.offered", 139)]);
    assert_eq!(text.variables().collect::<Vec<_>>(), ["partner.name"]);
    // Brackets of a variable's own are none of the words'.
    let text = compile("[x {{ a[b].c }} y](node:talk) [z]").unwrap();
    assert_eq!(text.nodes().len(), 1);
    assert_eq!(bound::plain("[x [y]](node:talk) [z]"), "x [y] [z]");
    assert_eq!(bound::unbound("a [b](node:talk) c"), "a \n\n c");
}

#[test]
fn words_are_bound_by_a_name_alone() {
    for text in ["[](node:talk)", "talk](node:talk)", "[a](node:)", "[a](node:b c)", "[a](node:{{ b }})", "[a](node:b"]
    {
        assert_eq!(compile(text).unwrap_err().code.0, "E-J16", "{text}");
    }
}
