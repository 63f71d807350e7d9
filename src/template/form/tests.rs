//! The law of forms: filled or rendered, a page is the same, byte for byte.

use std::collections::BTreeSet;
use std::rc::Rc;

use proptest::prelude::*;

use super::*;
use crate::interpolate::Scope;
use crate::paths::InputPath;
use crate::source::Sources;
use crate::template::{Engine, Language, LinkUse, Templates, engine};

struct Page(&'static str);

impl Scope for Page {
    fn value(&self, _: &str) -> Option<Data> {
        None
    }
    fn link(&self, id: &str, placement: &str) -> Result<String, String> {
        if id.is_empty() { Err("no link".into()) } else { Ok(format!("{}/{id}?a=1&b={placement}", self.0)) }
    }
    fn asset(&self, path: &str) -> Result<String, String> {
        Ok(format!("../assets/{path}"))
    }
    fn email_asset(&self, path: &str) -> Result<String, String> {
        self.asset(path)
    }
    fn locale(&self) -> &str {
        "en-US"
    }
}

fn scope() -> Rc<dyn Scope> {
    Rc::new(Page("https://go.example"))
}

const LAYOUT: &str = "<title>{% block title %}{{ p.name }}{% endblock %}</title>\n{% block body %}{% endblock %}\n";
const MACROS: &str = "{% macro shout(x, mark='!') %}{% if x %}<b>{{ x | upper }}{{ mark }}</b>{% endif %}{% endmacro %}\n\
                      {% macro row(item) %}{{ item.id }}: {{ item.label }} {{ caller() }}{% endmacro %}\n";
const PART: &str = "{% if p.city is defined %}[{{ p.city }}]{% else %}-{% endif %}";

fn engine_of(page: &str) -> Box<dyn Engine> {
    let mut sources = Sources::default();
    let mut templates = Templates::default();
    let files = [
        ("layout.html", LAYOUT),
        ("macros.html", MACROS),
        ("part.html", PART),
        ("page.html", page),
        ("page.txt", page),
    ];
    for (name, text) in files {
        let source = sources.add(InputPath::new(name).unwrap(), text);
        templates.add(name, source, text);
    }
    engine(Language::MiniJinja, templates).unwrap_or_else(|errors| panic!("{page}\n{errors:#?}"))
}

/// A text, a number or nothing of the page itself, or of all pages.
fn expression() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("p.name"),
        Just("p.name"),
        Just("p.city"),
        Just("p.note"),
        Just("p.html"),
        Just("p.count"),
        Just("p.flag"),
        Just("p.rows[0].label"),
        Just("p['name']"),
        Just("p[all.key]"),
        Just("all.title"),
        Just("all.html"),
        Just("x"),
        Just("item.label"),
        Just("'DE'"),
        Just("link('form', 'hero')"),
        Just("link(p.name, 'hero')"),
        Just("asset('a.png')"),
        Just("p.tags | length"),
        Just("p.tags | first"),
        Just("(p.rows | last).label"),
        Just("p.tags | join(', ')"),
    ]
    .prop_map(str::to_owned);
    leaf.prop_recursive(2, 6, 2, |inner| {
        prop_oneof![
            inner.clone().prop_map(|a| format!("{a} | upper")),
            inner.clone().prop_map(|a| format!("{a} | default('none')")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("{a} | default({b})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a}) ~ ({b})")),
            (inner.clone(), condition(), inner.clone()).prop_map(|(a, c, b)| format!("(({a}) if {c} else ({b}))")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("[{a}, {b}] | join('+')")),
            inner.clone().prop_map(|a| format!("({a}) | replace('a', 'o')")),
            inner.clone().prop_map(|a| format!("({a}) | json")),
            inner.prop_map(|a| format!("m.shout({a})")),
        ]
    })
}

fn condition() -> impl Strategy<Value = String> {
    let value = prop_oneof![
        Just("p.name"),
        Just("p.city"),
        Just("p.note"),
        Just("p.flag"),
        Just("p.count"),
        Just("all.title"),
        Just("x"),
        Just("'DE'"),
        Just("'Ann'"),
        Just("p.tags"),
        Just("p.rows"),
        Just("(p.name | upper)"),
        Just("m.shout(p.city)"),
    ];
    prop_oneof![
        value.clone().prop_map(|a| format!("({a} | default(''))")),
        value.clone().prop_map(|a| format!("{a} is defined")),
        value.clone().prop_map(|a| format!("{a} is not string")),
        (value.clone(), value.clone()).prop_map(|(a, b)| format!("({a} | default('')) == ({b} | default('?'))")),
        (value.clone(), value.clone())
            .prop_map(|(a, b)| format!("({a} | default('')) in [({b} | default('')), 'Bob']")),
        value.clone().prop_map(|a| format!("not ({a} | default(false))")),
        (value.clone(), value.clone())
            .prop_map(|(a, b)| format!("(({a} | default('')) or ({b} | default(''))) != 'Ann'")),
        value.prop_map(|a| format!("({a} | default('')) is eq('Ann')")),
    ]
}

fn statement() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("<p>text &amp; more</p>\n".to_owned()),
        expression().prop_map(|e| format!("<i>{{{{ {e} }}}}</i>\n")),
        expression().prop_map(|e| format!("{{% set x = {e} %}}")),
        Just("{% include 'part.html' %}\n".to_owned()),
    ];
    leaf.prop_recursive(3, 16, 3, |inner| {
        let body = proptest::collection::vec(inner, 1..4).prop_map(|parts| parts.concat());
        prop_oneof![
            (condition(), body.clone(), body.clone())
                .prop_map(|(c, a, b)| format!("{{% if {c} %}}{a}{{% else %}}{b}{{% endif %}}")),
            body.clone().prop_map(|b| format!(
                "{{% for item in p.rows %}}{{{{ loop.index }}}}{{% if item.id == 'b' %}}!{{% endif %}}{b}{{% endfor %}}"
            )),
            body.clone().prop_map(|b| format!("{{% for key, value in p | items %}}{{{{ key }}}}{b}{{% endfor %}}")),
            body.clone()
                .prop_map(|b| format!("{{% set x %}}{b}{{% endset %}}{{{{ x }}}}{{% if x == 'a' %}}?{{% endif %}}")),
            body.clone().prop_map(|b| format!("{{% filter upper %}}{b}{{% endfilter %}}")),
            body.clone().prop_map(|b| format!("{{% call m.row(p.rows[0]) %}}{b}{{% endcall %}}")),
            (condition(), body).prop_map(|(c, b)| format!("{{% with x = p.name if {c} else 'n' %}}{b}{{% endwith %}}")),
        ]
    })
}

fn template() -> impl Strategy<Value = String> {
    (any::<bool>(), proptest::collection::vec(statement(), 1..6)).prop_map(|(extends, parts)| {
        let body = format!("{{% set x = p.name %}}{{% set item = p.rows[0] %}}{}", parts.concat());
        let import = "{% import 'macros.html' as m %}";
        match extends {
            true => format!(
                "{{% extends 'layout.html' %}}\n{{% block body %}}{import}{body}{{{{ super() }}}}{{% endblock %}}\n"
            ),
            false => format!("{import}{body}\n"),
        }
    })
}

fn word() -> impl Strategy<Value = Data> {
    prop_oneof![Just("Ann"), Just("Bob"), Just(""), Just("A & B <i>"), Just("Größe \"x\""), Just("a"), Just("name")]
        .prop_map(Data::from)
}

/// A page's own values: now and then one is not there, or of another kind.
fn own() -> impl Strategy<Value = Data> {
    let row = (word(), prop_oneof![Just("a"), Just("b")])
        .prop_map(|(label, id)| Data::map([("id", Data::from(id)), ("label", label)]));
    let note = prop_oneof![Just(None), word().prop_map(Some), Just(Some(Data::Null)), Just(Some(Data::Int(3)))];
    let city = prop_oneof![4 => word().prop_map(Some), 1 => Just(None)];
    let lists = (proptest::collection::vec(row, 1..3), proptest::collection::vec(word(), 1..3));
    (word(), city, note, word(), 0..2_i64, any::<bool>(), lists).prop_map(
        |(name, city, note, html, count, flag, lists)| {
            let (rows, tags) = lists;
            let html = Data::html(format!("<b>{}</b>", escape(html.as_str().unwrap_or_default())));
            let entries = [
                ("name", Some(name)),
                ("city", city),
                ("note", note),
                ("html", Some(html)),
                ("count", Some(Data::Int(count))),
                ("flag", Some(Data::Bool(flag))),
                ("rows", Some(Data::list(rows))),
                ("tags", Some(Data::list(tags))),
            ];
            Data::map(entries.into_iter().filter_map(|(key, value)| Some((key, value?))))
        },
    )
}

fn shared() -> Data {
    Data::map([("title", Data::from("Ann & all")), ("html", Data::html("<hr>")), ("key", Data::from("name"))])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: ProptestConfig::default().cases.max(800), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_filled_is_what_is_rendered(
        page in template(), pages in proptest::collection::vec(own(), 2..6), html in any::<bool>()
    ) {
        let engine = engine_of(&page);
        let name = if html { "page.html" } else { "page.txt" };
        let all = shared();
        let mut forms: Vec<Form> = Vec::new();
        for own in pages {
            let values = [("all", all.clone()), ("p", own)];
            let context = Context { values: &values, scope: scope() };
            let rendered = engine.render(name, &context);
            for form in &forms {
                if let Some(filled) = form.fill(&context) {
                    let rendered = rendered.as_ref().map_err(|error| TestCaseError::fail(format!("{page}\n{error:?}")))?;
                    prop_assert_eq!(comparable(rendered), comparable(&filled), "{}", page);
                }
            }
            if let (Ok(rendered), Some(form)) = (&rendered, engine.trace(name, &context, &|data| *data == all)) {
                let own = form.fill(&context);
                prop_assert_eq!(Some(comparable(rendered)), own.as_ref().map(comparable), "its own page: {}", page);
                forms.push(form);
            }
        }
    }
}

/// The text, and which links it uses: a form asks once for what a template asks for twice.
fn comparable(rendering: &Rendering) -> (&str, BTreeSet<&LinkUse>) {
    (&rendering.text, rendering.links.iter().collect())
}

/// The page of each partner, from the form of the first.
fn filled(page: &str, names: &[Data]) -> Vec<Option<String>> {
    let engine = engine_of(page);
    let values = |p: &Data| vec![("all", shared()), ("p", p.clone())];
    let first = values(&names[0]);
    let context = Context { values: &first, scope: scope() };
    let form = engine.trace("page.html", &context, &|_| false).expect("it can be followed");
    let fill = |p| form.fill(&Context { values: &values(p), scope: scope() });
    names.iter().map(|p| fill(p).map(|filled| filled.text)).collect()
}

fn named(name: &str, country: &str) -> Data {
    Data::map([("name", Data::from(name)), ("country", Data::from(country))])
}

#[test]
fn what_is_only_printed_is_filled_in_as_it_is_escaped() {
    let page = "<a title=\"{{ p.name }}\" href=\"{{ link('form', 'hero') }}\">{{ p.name | upper }}</a>";
    let pages = filled(page, &[named("Ann", "DE"), named("B & <C>", "FR")]);
    let expected =
        "<a title=\"B &amp; &lt;C&gt;\" href=\"https://go.example/form?a=1&amp;b=hero\">B &amp; &lt;C&gt;</a>";
    assert_eq!(pages[1].as_deref(), Some(expected));
}

#[test]
fn what_is_compared_needs_the_same_value() {
    let page = "{{ p.name }}{% if p.country in ['DE', 'AT'] %} Impressum{% endif %}";
    let pages = filled(page, &[named("Ann", "DE"), named("Bob", "DE"), named("Cy", "AT"), named("Di", "US")]);
    assert_eq!(pages[1].as_deref(), Some("Bob Impressum"));
    assert_eq!((&pages[2], &pages[3]), (&None, &None));
}

#[test]
fn what_is_tested_for_truth_needs_the_same_truth() {
    let page = "{% if p.country %}{{ p.country }}{% else %}nowhere{% endif %}";
    let pages = filled(page, &[named("Ann", "DE"), named("Bob", "FR"), named("Cy", "")]);
    assert_eq!((pages[1].as_deref(), &pages[2]), (Some("FR"), &None));
}

#[test]
fn a_captured_text_that_is_compared_needs_the_same_value() {
    let page = "{% set x %}{{ p.name }}{% endset %}{{ 'yes' if x == 'Ann' else 'no' }} {{ x }}";
    let pages = filled(page, &[named("Ann", "DE"), named("Ann", "FR"), named("Bob", "DE")]);
    assert_eq!((pages[1].as_deref(), &pages[2]), (Some("yes Ann"), &None));
}

#[test]
fn a_form_says_what_forced_it() {
    let engine = engine_of("{% if p.country == 'DE' %}{{ p.name }}{% endif %}");
    let values = [("p", named("Ann", "DE"))];
    let form = engine.trace("page.html", &Context { values: &values, scope: scope() }, &|_| false).unwrap();
    assert_eq!(form.forced().collect::<Vec<_>>(), ["p.country"]);
    assert_eq!(form.slots(), 1);
}

#[test]
fn most_random_pages_can_be_followed() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let mut runner = TestRunner::deterministic();
    let (mut rendered, mut followed) = (0, 0);
    for _ in 0..200 {
        let page = template().new_tree(&mut runner).unwrap().current();
        let values = [("all", shared()), ("p", own().new_tree(&mut runner).unwrap().current())];
        let context = Context { values: &values, scope: scope() };
        let engine = engine_of(&page);
        if engine.render("page.html", &context).is_ok() {
            rendered += 1;
            followed += usize::from(engine.trace("page.html", &context, &|_| false).is_some());
        }
    }
    assert!(rendered > 50, "{rendered} of 200 random pages render");
    assert!(followed * 2 > rendered, "{followed} of {rendered}");
}
