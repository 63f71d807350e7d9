use std::rc::Rc;

use super::*;
use crate::paths::InputPath;
use crate::source::Sources;

struct Page;

impl Scope for Page {
    fn value(&self, _: &str) -> Option<Data> {
        None
    }
    fn link(&self, id: &str, placement: &str) -> Result<String, String> {
        if id == "nowhere" {
            Err("there is no link `nowhere`".into())
        } else {
            Ok(format!("{id}.html?a=1&b={placement}"))
        }
    }
    fn asset(&self, path: &str) -> Result<String, String> {
        Ok(format!("../assets/{path}"))
    }
    fn email_asset(&self, path: &str) -> Result<String, String> {
        Ok(format!("https://go.example/assets/{path}"))
    }
    fn locale(&self) -> &str {
        "de-DE"
    }
}

fn values() -> Vec<(&'static str, Data)> {
    let item = |id: &str, n| Data::map([("id", Data::from(id)), ("n", Data::Int(n))]);
    let partner = Data::map([
        ("name", Data::from("A/B & <Söhne> \"'")),
        ("body", Data::html("<b>fett</b>")),
        ("since", Data::from("2026-11-16")),
        ("ok", Data::Bool(true)),
        ("none", Data::Null),
        ("half", Data::Float(0.5)),
        ("two", Data::Float(2.0)),
        ("braces", Data::from("{{ 1 }}{% x %}")),
    ]);
    vec![
        ("partner", partner),
        ("items", Data::list([item("b", 1), item("a", 1250)])),
        ("words", Data::map([("z", Data::from("zulu")), ("a", Data::from("alpha"))])),
        ("tags", Data::list(["x", "y<"].map(Data::from))),
    ]
}

struct Bench {
    sources: Sources,
    templates: Templates,
}

impl Bench {
    fn new(files: &[(&str, &str)]) -> Self {
        let mut bench = Self { sources: Sources::default(), templates: Templates::default() };
        for (name, text) in files {
            let source = bench.sources.add(InputPath::new(name).unwrap(), *text);
            bench.templates.add(*name, source, *text);
        }
        bench
    }

    fn engine(&self, language: Language) -> Result<Box<dyn Engine>, Diagnostics> {
        engine(language, self.templates.clone())
    }

    #[track_caller]
    fn render(&self, language: Language, name: &str) -> Result<String, Diagnostic> {
        let engine = self.engine(language).unwrap_or_else(|errors| panic!("{errors:#?}"));
        engine.render(name, &Context { values: &values(), scope: Rc::new(Page) }).map(|rendering| rendering.text)
    }

    /// `code file:line:column "text at the place" message | help`
    fn said(&self, diagnostic: &Diagnostic) -> String {
        let span = diagnostic.place.as_ref().unwrap().span;
        let position = self.sources.position(span);
        let path = &self.sources.get(span.source).path;
        format!(
            "{} {path}:{}:{} {:?} {} | {}",
            diagnostic.code,
            position.line,
            position.column,
            self.sources.text(span),
            diagnostic.message,
            diagnostic.help.join("; ").replace(hint::MEND, "MEND")
        )
    }
}

fn said_at_load(language: Language, files: &[(&str, &str)]) -> Vec<String> {
    let bench = Bench::new(files);
    let Err(errors) = bench.engine(language) else { panic!("the templates were accepted") };
    errors.sorted(&bench.sources).iter().map(|error| bench.said(error)).collect()
}

#[track_caller]
fn said_at_render(language: Language, template: &str) -> String {
    let bench = Bench::new(&[("t.html", template)]);
    bench.said(&bench.render(language, "t.html").unwrap_err())
}

#[track_caller]
fn rendered(language: Language, name: &str, template: &str) -> String {
    Bench::new(&[(name, template)]).render(language, name).unwrap_or_else(|error| panic!("{error:#?}"))
}

mod minijinja_tests {
    use super::Language::MiniJinja;
    use super::*;

    #[test]
    fn values_print_sanely_and_are_escaped_in_html_only() {
        let template = "{{ partner.name }}|{{ partner.body }}|{{ partner.ok }}|{{ partner.none }}|{{ partner.half }}|\
                        {{ partner.two }}|{{ items[1].n }}|{{ partner.braces }}";
        assert_eq!(
            rendered(MiniJinja, "t.html", template),
            "A/B &amp; &lt;Söhne&gt; &quot;&#39;|<b>fett</b>|true||0.5|2|1250|{{ 1 }}{% x %}"
        );
        assert!(rendered(MiniJinja, "t.txt", template).starts_with("A/B & <Söhne> \"'|<b>fett</b>|true|"));
    }

    #[test]
    fn functions_and_filters_work_in_blocks_macros_and_includes() {
        let bench = Bench::new(&[
            ("layouts/base.html", "[{% block main %}{% endblock %}]\n"),
            ("m.html", "{% macro m(id) %}{{ link(id, 'm') }} {{ 1250 | money('EUR') }}{% endmacro %}"),
            ("i.html", "{{ partner.since | date('long') }} {{ asset('style.css') }}"),
            (
                "t.html",
                "{% extends 'layouts/base.html' %}\n{% from 'm.html' import m %}\n{% block main %}\
                 {{ m('report') }} {% include 'i.html' %} {{ email_asset(path='l.svg') }}{% endblock %}",
            ),
        ]);
        assert_eq!(
            bench.render(MiniJinja, "t.html").unwrap(),
            "[report.html?a=1&amp;b=m 1.250\u{a0}€ 16. November 2026 ../assets/style.css https://go.example/assets/l.svg]\n"
        );
    }

    #[test]
    fn lines_of_tags_leave_no_lines() {
        let template = "a\n  {% for item in items %}\n- {{ item.id }}\n  {% endfor %}\n{% if partner.x is defined %}\nx\n{% endif %}\nb\n";
        assert_eq!(rendered(MiniJinja, "t.txt", template), "a\n- b\n- a\nb\n");
    }

    #[test]
    fn maps_keep_their_order() {
        assert_eq!(
            rendered(MiniJinja, "t.txt", "{% for k, v in words|items %}{{ k }}={{ v }} {% endfor %}"),
            "z=zulu a=alpha "
        );
        assert_eq!(
            rendered(MiniJinja, "t.txt", "{{ words|length }}{{ words }}".split("{{ words }}").next().unwrap()),
            "2"
        );
        assert_eq!(rendered(MiniJinja, "t.txt", "{{ items|map(attribute='id')|join('+') }}"), "b+a");
    }

    #[test]
    fn render_errors_stand_at_their_place() {
        let cases = [
            (
                "a\n  {{ partner.nmae }}",
                "E-TEMPLATE t.html:2:6 \"partner.nmae\" `partner.nmae` is not defined | did you mean `partner.name`?",
            ),
            (
                "{{ partnr.name }}",
                "E-TEMPLATE t.html:1:4 \"partnr.name\" `partnr` is not defined | did you mean `partner`?",
            ),
            (
                "{{ partner.nmae | upper }}",
                "E-TEMPLATE t.html:1:19 \"upper\" `partner.nmae` is not defined | did you mean `partner.name`?",
            ),
            (
                "{% if partner.x %}{% endif %}",
                "E-TEMPLATE t.html:1:7 \"partner.x\" `partner.x` is not defined | \
                 test it with `is defined`, or give it a `default`",
            ),
            ("{{ link('nowhere', 'x') }}", "E-LINK t.html:1:4 \"link('nowhere', 'x')\" there is no link `nowhere` | "),
            (
                "{{ link('x') }}",
                "E-TEMPLATE t.html:1:4 \"link('x')\" function `link` needs a text for `placement` | MEND",
            ),
            (
                "{{ asset(p='x') }}",
                "E-TEMPLATE t.html:1:4 \"asset(p='x')\" function `asset` has no argument `p` | MEND",
            ),
            (
                "{{ 'x' | date }}",
                "E-TEMPLATE t.html:1:10 \"date\" filter `date`: `x` is no date: write it like 2026-11-16 | MEND",
            ),
            ("{{ 1 | upper(2) }}", "E-TEMPLATE t.html:1:8 \"upper(2)\" filter `upper` takes no argument | MEND"),
            ("{{ partner }}", "E-TEMPLATE t.html:1:4 \"partner\" a map cannot be printed | MEND"),
            ("{{ tags }}", "E-TEMPLATE t.html:1:4 \"tags\" a sequence cannot be printed | MEND"),
            (
                "{% for i in range(100000) %}{% for j in range(1000) %}{{ i }}{% endfor %}{% endfor %}",
                "E-TEMPLATE t.html:1:58 \"i\" the template does too much: it was stopped | take out a loop over a long list, or a template that includes itself",
            ),
        ];
        for (template, said) in cases {
            assert_eq!(said_at_render(MiniJinja, template), said);
        }
    }

    #[test]
    fn an_error_in_an_include_names_the_includer_too() {
        let bench = Bench::new(&[("t.html", "\n{% include 'i.html' %}"), ("i.html", "{{ x.y }}")]);
        let error = bench.render(MiniJinja, "t.html").unwrap_err();
        assert!(bench.said(&error).starts_with("E-TEMPLATE i.html:1:4"), "{error:#?}");
        assert_eq!(bench.sources.position(error.others[0].span).line, 2);
    }

    #[test]
    fn errors_are_found_at_load() {
        let files = [
            ("a.html", "x\n{{ y | uper }} {{ z | default(1) is defned }}"),
            ("b.html", "{% include 'c.html' %}{% extends 'a.htm' %}\n{{ lnk('x') }}"),
            ("d.html", "{% if %}"),
            ("e.html", "{% for x in y %}\n"),
            ("f.html", "{% include ['no.html', 'a.html'] %}{% include 'no.html' ignore missing %}"),
            ("g.html", "{% import 'm.html' as m %}{{ m.x() }}{% set s = 1 %}{{ s() }}"),
        ];
        assert_eq!(
            said_at_load(MiniJinja, &files),
            [
                "E-TEMPLATE a.html:2:8 \"uper\" there is no filter `uper` | did you mean `upper`?",
                "E-TEMPLATE a.html:2:37 \"defned\" there is no test `defned` | did you mean `defined`?",
                "E-TEMPLATE b.html:1:13 \"c.html\" there is no template `c.html` | did you mean `a.html`?",
                "E-TEMPLATE b.html:1:35 \"a.htm\" there is no template `a.htm` | did you mean `a.html`?",
                "E-TEMPLATE b.html:2:4 \"lnk\" there is no function `lnk` | did you mean `link`?",
                "E-TEMPLATE d.html:1:7 \"%}\" unexpected end of block | mend this line: a value is `{{ x }}`, a statement `{% if x %}`, a comment `{# x #}`",
                "E-TEMPLATE e.html:1:15 \"%}\" unexpected end of input, expected end of block | mend this line: a value is `{{ x }}`, a statement `{% if x %}`, a comment `{# x #}`",
                "E-TEMPLATE g.html:1:12 \"m.html\" there is no template `m.html` | did you mean `a.html`?",
            ]
        );
    }
}

mod tera_tests {
    use super::Language::Tera;
    use super::*;

    #[test]
    fn values_print_as_in_minijinja() {
        let template = "{{ partner.name }}|{{ partner.body }}|{{ partner.ok }}|{{ partner.none }}|{{ partner.half }}|\
                        {{ partner.two }}|{{ items[1].n }}|{{ partner.braces }}";
        for name in ["t.html", "t.txt"] {
            assert_eq!(rendered(Tera, name, template), rendered(Language::MiniJinja, name, template));
        }
    }

    #[test]
    fn maps_keep_their_order() {
        assert_eq!(rendered(Tera, "t.txt", "{% for k, v in words %}{{ k }}={{ v }} {% endfor %}"), "z=zulu a=alpha ");
    }

    #[test]
    fn render_errors_stand_at_their_place() {
        let cases = [
            (
                "a\n  {{ partner.nmae }}",
                "E-TEMPLATE t.html:2:6 \"partner.nmae\" `partner.nmae` is not defined | did you mean `partner.name`?",
            ),
            ("{{ partnr.name }}", "E-TEMPLATE t.html:1:4 \"partnr\" `partnr` is not defined | did you mean `partner`?"),
            (
                "{{ link(id='nowhere', placement='x') }}",
                "E-LINK t.html:1:4 \"link(id='nowhere', placement='x')\" there is no link `nowhere` | ",
            ),
            (
                "{{ asset(p='x') }}",
                "E-TEMPLATE t.html:1:4 \"asset(p='x')\" function `asset` has no argument `p` | MEND",
            ),
        ];
        for (template, said) in cases {
            assert_eq!(said_at_render(Tera, template), said);
        }
        for (template, place, words) in [
            ("{{ partner.nmae | upper }}", ":1:", "`partner.nmae` is not defined | did you mean `partner.name`?"),
            ("\n{{ 'x' | date }}", ":2:", "filter `date`: `x` is no date"),
            ("{{ 'x' | upper(y=1) }}", ":1:", "filter `upper` has no argument `y`"),
        ] {
            let said = said_at_render(Tera, template);
            assert!(said.contains(place) && said.contains(words), "{said}");
        }
    }

    #[test]
    fn errors_are_found_at_load() {
        let unknown = said_at_load(
            Tera,
            &[
                ("a.html", "x\n{{ y | uper }}{% if z is defned %}{% endif %}"),
                ("b.html", "{% include \"c.html\" %}\né {{ lnk(id=1) }}"),
            ],
        );
        assert_eq!(
            unknown,
            [
                "E-TEMPLATE a.html:2:8 \"uper\" there is no filter `uper` | did you mean `upper`?",
                "E-TEMPLATE a.html:2:26 \"defned\" there is no test `defned` | MEND",
                "E-TEMPLATE b.html:1:13 \"c.html\" there is no template `c.html` | did you mean `a.html`?",
                "E-TEMPLATE b.html:2:6 \"lnk\" there is no function `lnk` | did you mean `link`?",
            ]
        );
        let parent = said_at_load(Tera, &[("a.html", "{% extends \"bas.html\" %}"), ("base.html", "")]);
        assert_eq!(
            parent,
            ["E-TEMPLATE a.html:1:13 \"bas.html\" there is no template `bas.html` | did you mean `base.html`?"]
        );
        let syntax = said_at_load(Tera, &[("a.html", "\n{% if %}"), ("b.html", "{{ x")]);
        assert_eq!(syntax.len(), 2, "{syntax:?}");
        assert!(
            syntax[0].starts_with("E-TEMPLATE a.html:2:") && syntax[1].starts_with("E-TEMPLATE b.html:1:"),
            "{syntax:?}"
        );
        let circle =
            said_at_load(Tera, &[("a.html", "{% include \"b.html\" %}"), ("b.html", "{% include \"a.html\" %}")]);
        assert!(circle[0].contains("comes back to itself"), "{circle:?}");
    }

    /// An author's own error has a place and a code, whatever its words are.
    #[test]
    fn what_a_template_throws_stands_at_its_place() {
        for message in ["no slogan", "x is not defined", "E-LINK: x", "undefined"] {
            assert_eq!(
                said_at_render(Tera, &format!("\n{{% if tags %}}{{{{ throw(message='{message}') }}}}{{% endif %}}")),
                format!(
                    "E-THROWN t.html:2:17 \"throw(message='{message}')\" the template throws: {message} | {}",
                    hint::THROWN
                )
            );
        }
        let said = said_at_render(Tera, "{{ throw() }}");
        assert!(said.starts_with("E-TEMPLATE t.html:1:4"), "{said}");
    }

    #[test]
    fn what_comes_to_no_end_is_stopped_at_its_place() {
        let many = "range(end=100000)";
        let loops =
            format!("{{% for a in {many} %}}{{% for b in {many} %}}{{% set c = a %}}{{% endfor %}}{{% endfor %}}");
        let nothing = "{% component again(n: integer) %}{% if n > 0 %}{{<again n={n - 1}/>}}{{<again n={n - 1}/>}}{% endif %}\
                       {% endcomponent again %}";
        for (template, place) in [
            (loops, "t.html:1:33 \"{% for b in range(end=100000) %}\" the template does too much"),
            (
                format!("{nothing}{{{{<again n={{19}}/>}}}}"),
                "t.html:1:1 \"{% component again(n: integer) %}\" the template does too much",
            ),
        ] {
            let said = said_at_render(Tera, &template);
            assert!(said.contains(place), "{said}");
            assert!(said.ends_with(hint::LESS), "{said}");
        }
        let deep = format!("{nothing}{{{{<again n={{1000}}/>}}}}");
        let said = said_at_render(Tera, &deep);
        assert!(said.contains("recursion"), "{said}");
        let long = "{% for a in range(end=1000) %}{{ 'x' | replace(from='x', to=words.long) }}{% endfor %}";
        assert!(said_at_render(Tera, long).starts_with("E-TEMPLATE t.html:1:"));
    }

    #[test]
    fn nothing_outside_of_the_templates_is_included() {
        for name in ["../t.txt", "/etc/passwd", "./t.html", "..\\t", "file:///etc/passwd", ""] {
            let said = said_at_load(Tera, &[("t.html", &format!("{{% include \"{name}\" %}}"))]);
            let is_it =
                |said: &String| said.starts_with("E-TEMPLATE t.html:1:") && said.contains("there is no template");
            assert!(said.iter().any(is_it), "{said:?}");
        }
        let said = said_at_load(Tera, &[("t.html", "{% extends \"../t.txt\" %}")]);
        assert!(said[0].contains("there is no template `../t.txt`"), "{said:?}");
    }

    #[test]
    fn no_value_gets_out_unescaped() {
        let open = "A/B & <S";
        for template in [
            "{{ partner.name }}",
            "{{ partner.name | default(value='x') }}",
            "{% set x = partner.name %}{{ x }}",
            "{% set x %}{{ partner.name }}{% endset %}{{ x }}",
            "{{ partner.name ~ partner.name }}",
            "{{ [partner.name] | join(sep=',') }}",
            "{% filter upper %}{{ partner.name }}{% endfilter %}",
            "{% component c(x) %}{{ x }}{% endcomponent c %}{{<c x={partner.name}/>}}",
            "{% component c(x) %}{{ body }}{% endcomponent c %}{% <c x={1}> %}{{ partner.name }}{% </c> %}",
            "{{ words }}{{ tags }}{{ partner }}{{ items }}",
            "{{ partner.name | indent(width=1) | truncate(length=99) | reverse | reverse }}",
            "{{ partner.name[0:] }}{{ partner.name[::-1] }}",
            "{{ partner['name'] }}",
            "{% for k, v in partner %}{{ k }}{{ v }}{% endfor %}",
        ] {
            let bench = Bench::new(&[("t.html", template)]);
            let Ok(engine) = bench.engine(Tera) else {
                panic!("{template}: {:?}", said_at_load(Tera, &[("t.html", template)]))
            };
            let rendering = engine.render("t.html", &Context { values: &values(), scope: Rc::new(Page) });
            if let Ok(rendering) = rendering {
                assert!(
                    !rendering.text.to_uppercase().contains(&open.to_uppercase()),
                    "{template}: {}",
                    rendering.text
                );
                assert!(!rendering.text.replace("body<b>", "").contains("y<"), "{template}: {}", rendering.text);
            }
        }
    }
}

/// A small package in both dialects; the bytes must be the same.
#[test]
fn both_engines_write_the_same_bytes() {
    let minijinja = Bench::new(&[
        ("base.html", "<title>{% block title %}x{% endblock %}</title>{% block main %}{% endblock %}</html>\n"),
        ("card.html", "<li>{{ item.id | upper }}: {{ item.n | number }}</li>"),
        (
            "t.html",
            "{% extends 'base.html' %}{% block title %}{{ partner.name }}{% endblock %}{% block main %}\
             {% for item in items %}{% include 'card.html' %}{% endfor %}{{ partner.body }}\
             {% if partner.x is defined %}x{% else %}{{ partner.x | default('-') }}{% endif %}\
             <a href=\"{{ link('report', 'header') }}\">{{ partner.since | date('full') }}</a>{% endblock %}",
        ),
    ]);
    let tera = Bench::new(&[
        ("base.html", "<title>{% block title %}x{% endblock %}</title>{% block main %}{% endblock %}</html>\n"),
        ("card.html", "<li>{{ item.id | upper }}: {{ item.n | number }}</li>"),
        (
            "t.html",
            "{% extends \"base.html\" %}{% block title %}{{ partner.name }}{% endblock %}{% block main %}\
             {% for item in items %}{% include \"card.html\" %}{% endfor %}{{ partner.body }}\
             {% if partner.x is defined %}x{% else %}{{ partner.x | default(value='-') }}{% endif %}\
             <a href=\"{{ link(id='report', placement='header') }}\">{{ partner.since | date(style='full') }}</a>{% endblock %}",
        ),
    ]);
    let html = minijinja.render(Language::MiniJinja, "t.html").unwrap();
    assert_eq!(html, tera.render(Language::Tera, "t.html").unwrap());
    assert_eq!(
        html,
        "<title>A/B &amp; &lt;Söhne&gt; &quot;&#39;</title><li>B: 1</li><li>A: 1.250</li><b>fett</b>-\
         <a href=\"report.html?a=1&amp;b=header\">Montag, 16. November 2026</a></html>\n"
    );
}

/// An expression of every filter, and what both engines and, where allowed, text make of it in HTML.
const EVERY_FILTER: &[(&str, &str)] = &[
    ("partner.name | cell", "&quot;A/B &amp; &lt;Söhne&gt; &quot;&quot;&#39;&quot;"),
    ("'#0B6E4F' | color", "#0b6e4f"),
    ("partner.since | date(style='long')", "16. November 2026"),
    ("partner.x | default(value='<')", "&lt;"),
    ("partner.name | ical", "A/B &amp; &lt;Söhne&gt; &quot;&#39;"),
    ("tags | join(sep=' & ')", "x &amp; y&lt;"),
    ("tags | json", "[\"x\",\"y\\u003c\"]"),
    ("partner.name | lower", "a/b &amp; &lt;söhne&gt; &quot;&#39;"),
    ("items[1].n | money(currency='EUR')", "1.250\u{a0}€"),
    ("partner.half | number(digits=2)", "0,50"),
    ("partner.name | paragraphs", "<p>A/B &amp; &lt;Söhne&gt; &quot;&#39;</p>\n"),
    ("partner.half | percent", "50\u{a0}%"),
    ("partner.body | plain", "fett"),
    ("partner.body | safe", "<b>fett</b>"),
    ("partner.name | slug", "a-b-sohne"),
    ("partner.body | plain | title", "Fett"),
    ("partner.body | trim", "<b>fett</b>"),
    ("partner.body | plain | upper", "FETT"),
    ("partner.name | url", "A%2FB%20%26%20%3CS%C3%B6hne%3E%20%22%27"),
];

#[test]
fn every_filter_gives_the_same_everywhere() {
    let covered = |name: &str| EVERY_FILTER.iter().any(|(expression, _)| expression.contains(&format!("| {name}")));
    for filter in crate::filters::FILTERS {
        assert!(covered(filter.name), "`{}` has no example here", filter.name);
    }
    for (expression, expected) in EVERY_FILTER {
        let template = format!("{{{{ {expression} }}}}");
        assert_eq!(rendered(Language::MiniJinja, "t.html", &template), *expected, "{expression}");
        assert_eq!(rendered(Language::Tera, "t.html", &template), *expected, "{expression}");
    }
}

#[test]
fn safe_lets_no_text_through() {
    for language in [Language::MiniJinja, Language::Tera] {
        let said = said_at_render(language, "{{ partner.name | safe }}");
        assert!(said.contains("filter `safe`: the value is a text, which must be escaped"), "{said}");
    }
}

#[test]
fn languages_have_names() {
    assert_eq!("tera".parse(), Ok(Language::Tera));
    assert_eq!("minijinja".parse(), Ok(Language::MiniJinja));
    assert!("jinja".parse::<Language>().unwrap_err().contains("minijinja or tera"));
}

#[test]
fn a_missing_template_is_an_error_in_both() {
    for language in [Language::MiniJinja, Language::Tera] {
        let bench = Bench::new(&[("a.html", "")]);
        let error = bench.render(language, "b.html").unwrap_err();
        assert_eq!((error.code.0, error.place.is_none()), ("E-TEMPLATE", true));
        assert!(error.message.contains("b.html"), "{}", error.message);
        assert!(bench.engine(language).unwrap().has("a.html"));
    }
}

#[test]
fn a_place_never_cuts_a_character() {
    let mut templates = Templates::default();
    templates.add("a.html", crate::source::SourceId(0), "{{ä}}");
    for (start, end) in [(3, 3), (2, 3), (3, 4), (0, 99), (99, 99)] {
        let span = templates.span("a.html", start..end).unwrap();
        let cut = templates.text("a.html").get(span.start as usize..span.end as usize);
        assert!(cut.is_some(), "{start}..{end} is {span:?}");
    }
}

#[test]
fn the_context_as_a_whole_cannot_be_printed() {
    for (language, text, what) in [
        (Language::MiniJinja, "<p>{{ debug() }}</p>", "debug"),
        (Language::Tera, "<p>{{ __tera_context }}</p>", "__tera_context"),
    ] {
        let Err(errors) = Bench::new(&[("t.html", text)]).engine(language) else { panic!("{text} is taken") };
        assert!(errors.iter().all(|error| error.code.0 == "E-TEMPLATE" && error.message.contains(what)), "{errors:?}");
    }
}

#[test]
fn what_does_not_end_is_one_error() {
    let rests = [
        "{% if x %}",
        "{{ x",
        "{# x",
        "{% raw %}x",
        "{% if x",
        "<a href=\"{{ x }>x</a> <a href={{ x }}>",
        "<a href=\"{{ link('x) }}\" title={{ x }}>",
        "<a {% endif %}",
        "<a {% if x %}>",
    ];
    for language in [Language::MiniJinja, Language::Tera] {
        for rest in rests {
            let said = said_at_load(
                language,
                &[
                    ("b.html", "{% extends 'a.html' %}{% block q %}a{% endblock %}"),
                    ("a.html", &format!("<p>{rest}")),
                    ("c.html", "{% include 'a.html' %}"),
                ],
            );
            assert_eq!(said.len(), 1, "{language:?} {rest}: {said:#?}");
            assert!(said[0].starts_with("E-TEMPLATE a.html:1:"), "{said:?}");
        }
        let said = said_at_load(language, &[("a.html", "<p title={{ x }}>"), ("b.html", "{% if x %}")]);
        assert_eq!(said.len(), 2, "{said:?}");
    }
}

#[test]
fn remarks_make_no_difference() {
    let texts = [
        "{# x #}\na",
        "a\n  {# x {{ y }} #}\n  b",
        "a\r\n{# x #}\r\nb",
        "a{# x #}b",
        "a {# x #} b",
        "{# x #} b",
        "  {# x #}b",
        "a\n\n{#- x -#}\n\nb",
        "{{ partner.two -}}\n{# x #}\n b",
        "a\n{# x #}\n  {{- partner.two }}",
        "{% if partner.ok %}\n  {# x #}\n  b\n{% endif %}\nc",
        "{% if partner.ok %}{# x #}\nb{% endif %}",
        "{% raw %}{# x #}\n{% endraw %}{# y #}\n",
        "{{ '{# x #}' }}\n{# x #}",
        "a\n{# x #}\n{# y\nz #}\n\nb",
        "a\n{# x #}{# y #}\nb",
    ];
    for language in [Language::MiniJinja, Language::Tera] {
        for text in texts {
            let short = remarks::without(text, language);
            assert_eq!(rendered(language, "t.txt", &short), rendered(language, "t.txt", text), "{language:?} {text:?}");
            assert!(!short.contains('x') || text.contains("raw") || text.contains('\''), "{short}");
        }
    }
    assert_eq!(remarks::without("a\n{# x #}\nb{# y #}c", Language::MiniJinja), "a\nbc");
}

#[test]
fn no_markup_gets_into_quotes_whoever_made_it() {
    let name = "A/B &amp; &lt;Söhne&gt; &quot;&#39;";
    for language in [Language::MiniJinja, Language::Tera] {
        for mark in [
            "<p x=\"{{ partner.body }}\">",
            "<p x='{{- partner.body | trim -}}'>",
            "{% set x = partner.body %}<p x=\"{{ x }}\">",
            "{% for x in [partner.body] %}<p x=\"{{ x }}\">{% endfor %}",
            "<p x=\"a {{ partner.body if partner.ok else partner.name }}\">",
            "{% set x %}<i title=\"\">{{ partner.name }}</i>{% endset %}<p x=\"{{ x }}\">",
        ] {
            let said = said_at_render(language, mark);
            assert!(said.starts_with("E-TEMPLATE ") && said.contains("here is markup: "), "{mark}: {said}");
            assert!(said.ends_with(quoted::HELP), "{mark}: {said}");
        }
        for (mark, printed) in [
            ("<p x='{{ tags | json }}'>", "<p x='[\"x\",\"y\\u003c\"]'>".to_owned()),
            ("{% set x = tags | json %}<p x='{{ x }}'>", "<p x='[\"x\",\"y\\u003c\"]'>".to_owned()),
            ("{% set x = tags | json %}<p x=\"{{ x }}\">", "<p x=\"[&quot;x&quot;,&quot;y\\u003c&quot;]\">".to_owned()),
            ("{% set x %}it's \"{% endset %}<p x='{{ x }}'>", "<p x='it&#39;s \"'>".to_owned()),
            ("<p x=\"{{ partner.body | plain }}\">", "<p x=\"fett\">".to_owned()),
            ("{% set x = partner.name %}<p x=\"{{- x -}}\">", format!("<p x=\"{name}\">")),
            ("{% set x %}{{ partner.name }}{% endset %}<p x=\"{{ x }}\">", format!("<p x=\"{name}\">")),
            ("<p x=\"{{ partner.none }}{{ partner.half }}\">{{ partner.body }}", "<p x=\"0.5\"><b>fett</b>".to_owned()),
        ] {
            assert_eq!(rendered(language, "t.html", mark).replace("&#x27;", "&#39;"), printed, "{mark}");
        }
        let missing = said_at_render(language, "<p x=\"a {{ partner.nome }}\">");
        assert!(missing.contains("t.html:1:12 \"partner.nome\" `partner.nome` is not defined"), "{missing}");
    }
}

/// Filters of the engines' own make no markup of what was encoded, and none that is half a tag.
#[test]
fn the_letters_of_markup_are_nobodys_to_change() {
    let (jinja, tera) = (Language::MiniJinja, Language::Tera);
    for (language, text) in [
        (jinja, "{% filter replace('&lt;', '<') %}<p>{{ partner.name }}</p>{% endfilter %}"),
        (jinja, "{{ partner.name | e | replace('&lt;', '<') }}"),
        (jinja, "{% set x | replace('&lt;', '<') %}{{ partner.name }}{% endset %}{{ x }}"),
        (jinja, "{% set b %}<b>{% endset %}{{ partner.name | replace('<', b) }}"),
        (jinja, "{% for x in [partner.body] | map('replace', '&lt;', '<') %}{{ x }}{% endfor %}"),
        (jinja, "{{ (partner.body | split('>'))[0] }}"),
        (jinja, "{{ partner.body | first }}"),
        (jinja, "{{ partner.body | format }}"),
        (tera, "{% filter replace(from='&lt;', to='<') %}<p>{{ partner.name }}</p>{% endfilter %}"),
        (tera, "{{ partner.name | escape | replace(from='&lt;', to='<') }}"),
        (tera, "{% set x | replace(from='&lt;', to='<') %}{{ partner.name }}{% endset %}{{ x }}"),
        (tera, "{% set b %}<b>{% endset %}{{ partner.name | replace(from='<', to=b) }}"),
        (tera, "{{ partner.body | trim_end(pat='>') }}"),
        (tera, "{{ partner.body | trim_start(pat='<') }}"),
    ] {
        let said = said_at_render(language, text);
        assert!(said.starts_with("E-TEMPLATE ") && said.ends_with(letters::HELP), "{text}: {said}");
    }
    for (language, text, printed) in [
        (jinja, "{% filter replace('a', 'b') %}a c{% endfilter %}", "b c"),
        (jinja, "{{ partner.body | plain | replace('f', '<') }}", "&lt;ett"),
        (jinja, "{{ tags | first }}{{ tags | reverse | last }}{{ 'a b' | split | last }}", "xxb"),
        (tera, "{% filter replace(from='a', to='b') %}a c{% endfilter %}", "b c"),
        (tera, "{{ partner.body | plain | replace(from='f', to='<') }}", "&lt;ett"),
        (tera, "{{ ' a' | trim_start }}{{ 'bcc' | trim_end(pat='c') }}", "ab"),
    ] {
        assert_eq!(rendered(language, "t.html", text), printed, "{text}");
    }
}

/// A name that a template binds is a value, also where a function has that name.
#[test]
fn no_name_hides_markup_from_quotes() {
    let (jinja, tera) = (Language::MiniJinja, Language::Tera);
    for (language, text) in [
        (jinja, "{% macro link(a) %}<b x>{% endmacro %}<p x=\"{{ link(1) }}\">"),
        (jinja, "{% macro f(a) %}<b x>{% endmacro %}{% set link = f %}<p x=\"{{ link(1) }}\">"),
        (jinja, "{% macro f(a) %}<b x>{% endmacro %}{% for link in [f] %}<p x='{{ link(1) }}'>{% endfor %}"),
        (jinja, "{% macro f(a) %}<b x>{% endmacro %}{% with link = f %}<p x=\"{{ link(1) }}\">{% endwith %}"),
        (
            jinja,
            "{% macro f(a) %}<b x>{% endmacro %}{% macro g(link) %}<p x=\"{{ link(1) }}\">{% endmacro %}{{ g(f) }}",
        ),
        (jinja, "{% import 'm.html' as asset %}<p x=\"{{ asset.f(1) }}\">"),
        (jinja, "{% from 'm.html' import f as link %}<p x=\"{{ link(1) }}\">"),
        (tera, "{% set link = partner.body %}<p x=\"{{ link }}\">"),
        (tera, "{% for link in [partner.body] %}<p x=\"{{ link }}\">{% endfor %}"),
        (tera, "{% component g(link) %}<p x=\"{{ link }}\">{% endcomponent g %}{{ <g link={partner.body} /> }}"),
    ] {
        let bench = Bench::new(&[("t.html", text), ("m.html", "{% macro f(a) %}<b x>{% endmacro %}")]);
        let bench = if language == tera { Bench::new(&[("t.html", text)]) } else { bench };
        let said = bench.said(&bench.render(language, "t.html").unwrap_err());
        assert!(said.starts_with("E-TEMPLATE ") && said.contains("here is markup: "), "{text}: {said}");
    }
    assert_eq!(
        rendered(jinja, "t.html", "{% macro f(a) %}it's{% endmacro %}{% set link = f %}<p x='{{ link(1) }}'>"),
        "<p x='it&#39;s'>"
    );
}

/// What an engine prints of these is what was read: nobody's value is an attribute or a script.
#[test]
fn what_the_engines_read_is_read_before() {
    let both = [Language::MiniJinja, Language::Tera];
    let (jinja, tera) = ([Language::MiniJinja], [Language::Tera]);
    for (languages, text) in [
        (&both[..], "{% set x %}Hi{% endset %}<p title={{ partner.name }}>"),
        (&jinja, "{% set x | default(\"a=b\") %}Hi{% endset %}<p title={{ partner.name }}>"),
        (&jinja, "{% set x | upper | lower %}Hi{% endset %}<a onclick=\"{{ partner.name }}\">"),
        (
            &jinja,
            "{% macro m() %}{{ caller() }}{% endmacro %}<p title=\"{% call m() %}{{ partner.name }}{% endcall %}\">",
        ),
        (&jinja, "<p title=\"{% filter json %}{{ partner.name }}{% endfilter %}\">"),
        (&jinja, "<p title=\"{% for x in tags recursive %}{{ loop(tags) }}{% endfor %}\">"),
        (&tera, "{% set_global x %}Hi{% endset %}<p title={{ partner.name }}>"),
        (&tera, "{% set x | default(value=\"a=b\") %}Hi{% endset %}<p title={{ partner.name }}>"),
        (&tera, "{% component m(a) %}{{ a }}{% endcomponent m %}<p title=\"{{ <m a={partner.name} /> }}\">"),
        (
            &tera,
            "{% component m() %}{{ body }}{% endcomponent m %}<script>{% <m> %}{{ partner.name }}{% </m> %}</script>",
        ),
        (&tera, "<p title=\"{% filter json %}{{ partner.name }}{% endfilter %}\">"),
    ] {
        for language in languages {
            let said = said_at_load(*language, &[("t.html", text)]);
            assert!(said.len() == 1 && said[0].starts_with("E-TEMPLATE t.html:1:"), "{language:?} {text}: {said:#?}");
            assert!(!said[0].ends_with(hint::SYNTAX), "{said:#?}");
        }
    }
    for (languages, name, text, printed) in [
        (
            &both[..],
            "t.json",
            "[{% for b in tags %}{{ b | json }}{% if not loop.last %}, {% endif %}{% endfor %}]",
            "[\"x\", \"y\\u003c\"]",
        ),
        (&both, "t.csv", "{% for b in tags %}{% if not loop.first %};{% endif %}{{ b | cell }}{% endfor %}", "x;y<"),
        (
            &tera,
            "t.html",
            "<script>x = {{ partner?.none | json }} + {{ partner?.two | json }}</script>",
            "<script>x = null + 2</script>",
        ),
        (
            &tera,
            "t.html",
            "{% component m() %}<b>{{ body }}</b>{% endcomponent m %}{% <m> %}<i title=\"{{ partner.half }}\">{% </m> %}",
            "<b><i title=\"0.5\"></b>",
        ),
        (
            &jinja,
            "t.html",
            "{% macro m() %}<b>{{ caller() }}</b>{% endmacro %}{% call m() %}<i>{{ partner.half }}</i>{% endcall %}",
            "<b><i>0.5</i></b>",
        ),
    ] {
        for language in languages {
            assert_eq!(rendered(*language, name, text), printed, "{language:?} {text}");
        }
    }
    let files = [
        ("a.html", "<script>{% block s %}a = 1;{% endblock %}</script>"),
        ("t.html", "{% extends 'a.html' %}{% block s %}{{ super() }} b = {{ partner.two | json }};{% endblock %}"),
    ];
    for language in both {
        assert_eq!(Bench::new(&files).render(language, "t.html").unwrap(), "<script>a = 1; b = 2;</script>");
    }
}
