//! What is accepted or reported has a bound, and costs what it is long. Work is counted here, never time.

#[path = "support/small.rs"]
mod small;

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::Path;
use std::rc::Rc;

use cobrand::build::{self, Options, Program, Unwatched};
use cobrand::cli::diagnostics::{Findings, human};
use cobrand::data::Data;
use cobrand::diag::{Diagnostic, Diagnostics, MOST_OF_A_KIND};
use cobrand::interpolate::{Scope, Text};
use cobrand::matrix::query::Query;
use cobrand::paths::InputPath;
use cobrand::prose::{Prose, Trust};
use cobrand::source::{SourceId, Sources, Span};
use cobrand::stopwatch::Stopwatch;
use cobrand::syntax::{csv, markdown, yaml};
use cobrand::template::{Context, Language, Templates, engine};
use small::Small;

const BOTH: [Language; 2] = [Language::MiniJinja, Language::Tera];

fn source(text: &str) -> (Sources, SourceId) {
    let mut sources = Sources::default();
    let id = sources.add(InputPath::new("partners/acme/partner.yaml").unwrap(), text);
    (sources, id)
}

/// Of a constant its value; the places of constants are those of the table.
fn constant(file: &str, name: &str) -> u64 {
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap();
    let line = text.lines().find(|line| {
        line.trim_start_matches("pub ").trim_start_matches("pub(super) ").starts_with(&format!("const {name}: "))
    });
    let (_, value) = line.unwrap_or_else(|| panic!("{file} has no constant `{name}`")).split_once(" = ").unwrap();
    let number = |text: &str| text.trim().trim_end_matches(';').replace('_', "").parse::<u64>().unwrap();
    match (value.split_once("<<"), value.split_once('*')) {
        (Some((base, by)), _) => number(base) << number(by),
        (_, Some((a, b))) => number(a) * number(b),
        _ => number(value),
    }
}

/// `8 MiB`, `100 000`
fn amount(words: &str) -> u64 {
    let digits: String = words.chars().filter(char::is_ascii_digit).collect();
    let unit = match words.rsplit(' ').next() {
        Some("MiB") => 20,
        Some("KiB") => 10,
        _ => 0,
    };
    digits.parse::<u64>().unwrap() << unit
}

#[test]
fn the_table_of_bounds_and_the_constants_say_the_same() {
    let table = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/bounds.md")).unwrap();
    let mut told = BTreeSet::new();
    for row in table.lines().filter(|line| line.starts_with("| ") && line.contains(".rs`")) {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        let [_, value, place, reason] = cells[..] else { panic!("{row}") };
        let [file, name] = place.split('`').filter(|word| !word.trim().is_empty()).collect::<Vec<_>>()[..] else {
            panic!("{row}")
        };
        assert_eq!(amount(value), constant(file, name), "{row}");
        assert!(!reason.is_empty(), "{row}");
        told.insert((file.to_owned(), name.to_owned()));
    }
    // Whatever is named like a bound is in it.
    for entry in walkdir::WalkDir::new(Path::new(env!("CARGO_MANIFEST_DIR")).join("src")) {
        let entry = entry.unwrap();
        let path = entry.path().strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap().to_str().unwrap().replace('\\', "/");
        if !path.ends_with(".rs") || path.ends_with("tests.rs") || path.contains("/tests/") {
            continue;
        }
        for line in std::fs::read_to_string(entry.path()).unwrap().lines() {
            let Some(name) = line.split("const ").nth(1).and_then(|rest| rest.split(':').next()) else { continue };
            let marks = ["MOST", "MAX_", "LONGEST", "DEEPEST", "LARGEST", "BUDGET", "FUEL"];
            let is_bound = marks.iter().any(|mark| name.contains(mark)) && !line.trim_start().starts_with("//");
            assert!(
                !is_bound || told.contains(&(path.clone(), name.to_owned())),
                "{path} has `{name}`, docs/bounds.md has not"
            );
        }
    }
}

#[test]
fn of_a_kind_in_a_file_some_are_shown_and_all_are_counted() {
    let text = "x ".repeat(8_000);
    let (sources, id) = source(&text);
    let mut found = Diagnostics::default();
    for at in 0..8_000 {
        found.push(Diagnostic::error("E-VAR", format!("`{at}` is not set")).at(Span::new(id, 2 * at, 2 * at + 1), ""));
    }
    found.push(Diagnostic::warning("W-DEAD", "one of another kind").at(Span::new(id, 0, 1), ""));
    let findings = Findings::new(found, &sources, "");
    assert_eq!((findings.errors(), findings.warnings()), (8_000, 1));
    assert_eq!(findings.list.len(), MOST_OF_A_KIND + 1);
    let told: Vec<&String> = findings.list.iter().flat_map(|diagnostic| &diagnostic.notes).collect();
    assert_eq!(told, ["7950 more of `E-VAR` in this file are not shown"]);
}

#[test]
fn of_a_long_line_what_is_around_the_place_is_shown() {
    let line = "ü ".repeat(100_000);
    let text = format!("a: 1\n{line}here{line}\nb: 2\n");
    let (sources, id) = source(&text);
    let at = text.find("here").unwrap();
    let error =
        Diagnostic::error("E-VAR", "wrong").at(Span::new(id, at, at + 4), "this").other(Span::new(id, 0, 1), "first");
    let findings = Findings::new(error.into(), &sources, "work/");
    let look = human::Look { styled: false, all_deployments: false };
    let shown = human::text(&findings, &findings.list[0], look);
    assert!(shown.len() < 1_000, "{} bytes", shown.len());
    assert!(shown.contains("--> work/partners/acme/partner.yaml:2:200001\n"), "{shown}");
    assert!(
        shown.contains("partners/acme/partner.yaml:1:1\n") && shown.contains("here") && shown.contains("^^^^ this"),
        "{shown}"
    );
}

/// What an overlay may say many times over: it is refused, each time at its place.
#[test]
fn thousands_of_findings_are_all_found() {
    const MANY: usize = 3_000;
    let keys: String = (0..MANY).fold(String::new(), |mut keys, index| {
        writeln!(keys, "colour{index}: x").unwrap();
        keys
    });
    let marks = "{{ nothing.here }} ".repeat(MANY);
    let links = "[a](link:nothing) ".repeat(MANY);
    for (path, text) in [
        ("partners/acme/partner.yaml", Small::base().text("partners/acme/partner.yaml").to_owned() + &keys),
        ("partners/acme/content/landing.md", format!("<!-- replace-body: faq -->\n{marks}\n")),
        ("partners/acme/content/landing.md", format!("<!-- replace-body: faq -->\n{links}\n")),
    ] {
        let files = Small::base().with(path, text);
        let (program, mut found) = Program::open(&files.memory());
        let program = program.unwrap_or_else(|_| panic!("the master is whole: {found:?}"));
        found.append(build::check(&program, &Options::default(), &Unwatched).diagnostics);
        let findings = Findings::new(found, program.sources(), "");
        assert!(findings.errors() >= 1, "{path}");
        assert!(findings.list.len() <= 4 * (MOST_OF_A_KIND + 1), "{} are shown", findings.list.len());
    }
}

/// A page with a secret in it.
struct Page;

impl Scope for Page {
    fn value(&self, _: &str) -> Option<Data> {
        None
    }
    fn link(&self, id: &str, placement: &str) -> Result<String, String> {
        Ok(format!("https://x.example/{id}?p={placement}"))
    }
    fn asset(&self, path: &str) -> Result<String, String> {
        Ok(path.to_owned())
    }
    fn email_asset(&self, path: &str) -> Result<String, String> {
        Ok(path.to_owned())
    }
    fn locale(&self) -> &str {
        "de-DE"
    }
}

/// What comes of a template, on a stack as small as that of any thread that renders.
fn rendered(language: Language, files: &[(&str, &str)]) -> Result<String, Vec<Diagnostic>> {
    let files: Vec<(String, String)> = files.iter().map(|&(name, text)| (name.to_owned(), text.to_owned())).collect();
    let run = move || {
        let (mut sources, mut templates) = (Sources::default(), Templates::default());
        for (name, text) in &files {
            let id = sources.add(InputPath::new(name).unwrap(), text.as_str());
            templates.add(name.as_str(), id, text.as_str());
        }
        let engine = engine(language, templates).map_err(|found| found.sorted(&sources))?;
        let partner = Data::map([("name", Data::from("<i>")), ("body", Data::html("<b>x</b>"))]);
        let values = [("partner", partner), ("items", Data::list(["<i>", "b"].map(Data::from)))];
        let context = Context { values: &values, scope: Rc::new(Page) };
        engine.render(&files[0].0, &context).map(|rendering| rendering.text).map_err(|error| vec![error])
    };
    std::thread::Builder::new().stack_size(2 << 20).spawn(run).unwrap().join().unwrap()
}

#[test]
fn templates_that_nest_deeply_are_refused_and_end_no_process() {
    const DEEP: usize = 20_000;
    let around = |open: &str, inner: &str, close: &str| open.repeat(DEEP) + inner + &close.repeat(DEEP);
    let templates = [
        format!("{{{{ {}1 }}}}", "-".repeat(DEEP)),
        format!("{{{{ {}1 }}}}", "- ".repeat(DEEP)),
        format!("{{{{ {}1 }}}}", "not ".repeat(DEEP)),
        format!("{{{{ {} }}}}", around("(", "1", ")")),
        format!("{{{{ {} }}}}", around("[", "1", "]")),
        format!("{{{{ {} }}}}", around("{'a': ", "1", "}")),
        format!("{{{{ {} }}}}", around("partner[", "1", "]")),
        format!("{{{{ {} }}}}", around("link(id=", "1", ")")),
        format!("{{{{ {}1 }}}}", "1 + ".repeat(DEEP)),
        format!("{{{{ {}1 }}}}", "1 ~ ".repeat(DEEP)),
        format!("{{{{ {}1 }}}}", "1 ** ".repeat(DEEP)),
        format!("{{{{ {}1 }}}}", "1 < ".repeat(DEEP)),
        format!("{{{{ {}1 }}}}", "true and ".repeat(DEEP)),
        format!("{{{{ {}1 }}}}", "1 if 1 else ".repeat(DEEP)),
        format!("{{{{ partner{} }}}}", ".a".repeat(DEEP)),
        format!("{{{{ partner{} }}}}", "['a']".repeat(DEEP)),
        format!("{{{{ partner{} }}}}", "[0:1]".repeat(DEEP)),
        format!("{{{{ 'x'{} }}}}", " | upper".repeat(DEEP)),
        format!("{{{{ 1{} }}}}", " is defined".repeat(DEEP)),
        around("{% if true %}", "x", "{% endif %}"),
        around("{% for i in items %}", "x", "{% endfor %}"),
        around("{% filter upper %}", "x", "{% endfilter %}"),
        around("{% set x %}", "x", "{% endset %}"),
        around("{% with a = 1 %}", "x", "{% endwith %}"),
        around("{% autoescape false %}", "x", "{% endautoescape %}"),
        around("{% raw %}", "x", "{% endraw %}"),
        around("{% block a %}", "x", "{% endblock %}"),
        around("{% macro m() %}", "x", "{% endmacro %}"),
        around("{% component c() %}", "x", "{% endcomponent %}"),
        around("{% <c> %}", "x", "{% </c> %}"),
        (0..DEEP).map(|index| format!("{{% block b{index} %}}")).collect::<String>() + &"{% endblock %}".repeat(DEEP),
        format!("{{% if false %}}{}{{% endif %}}", "{% elif false %}".repeat(DEEP)),
        format!("{{% if false %}}{}{{% endif %}}", "{%- elif false -%}x".repeat(DEEP)),
        around("{% if true %}x{% else %}", "x", "{% endif %}"),
        around("{#", "x", "#}"),
        "{{".repeat(DEEP),
        "{%".repeat(DEEP),
    ];
    for language in BOTH {
        let mut refused = 0;
        for template in &templates {
            let start: String = template.chars().take(40).collect();
            match rendered(language, &[("t.html", template)]) {
                Err(errors) => {
                    refused += 1;
                    assert!(errors.len() <= 2, "{} errors of {start}", errors.len());
                    for error in errors {
                        assert!(["E-DEPTH", "E-TEMPLATE"].contains(&error.code.0), "{start}: {error:?}");
                        assert!(error.place.is_some() && !error.help.is_empty(), "{start}: {error:?}");
                    }
                }
                Ok(text) => assert!(text.len() <= template.len(), "{start}"),
            }
        }
        assert!(refused >= templates.len() - 4, "{language:?} refuses {refused} of {}", templates.len());
    }
}

#[test]
fn templates_as_people_write_them_are_not_deep() {
    let pieces = vec!["partner.name"; 60].join(" ~ ");
    let choices: String = (0..60).map(|index| format!("{{% elif partner.name == 'p{index}' %}}{index}")).collect();
    let list = (0..2_000).map(|index| format!("'{index}'")).collect::<Vec<_>>().join(", ");
    let template = format!(
        "{{{{ {pieces} }}}}{{% if false %}}{choices}{{% endif %}}{{% set all = [{list}] %}}{{{{ all | length }}}}"
    );
    for language in BOTH {
        let text =
            rendered(language, &[("t.html", &template)]).unwrap_or_else(|error| panic!("{language:?}: {error:?}"));
        assert_eq!(text, "&lt;i&gt;".repeat(60) + "2000");
    }
}

/// A template comes to an end, and to no more than so much text.
#[test]
fn templates_that_never_end_are_stopped() {
    let loops = |open: &str| format!("{open}{open}{open}x{{% endfor %}}{{% endfor %}}{{% endfor %}}");
    let cases = [
        (Language::MiniJinja, loops("{% for i in range(10000) %}")),
        (Language::Tera, loops("{% for i in range(end=10000) %}")),
        (Language::MiniJinja, "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}".to_owned()),
        (Language::MiniJinja, "{% include 't.html' %}".to_owned()),
        (Language::MiniJinja, "{% for i in items recursive %}{{ loop(items) }}{% endfor %}".to_owned()),
        (Language::MiniJinja, "{% extends 't.html' %}".to_owned()),
        (Language::MiniJinja, "{{ range(1000000000) | length }}".to_owned()),
        (Language::MiniJinja, "{{ 'x' * 1000000000 }}".to_owned()),
        (Language::Tera, "{% component c() %}{{ <c /> }}{% endcomponent %}{{ <c /> }}".to_owned()),
        (Language::Tera, "{% include 't.html' %}".to_owned()),
        (Language::Tera, "{% extends 't.html' %}".to_owned()),
        (Language::Tera, "{{ range(end=1000000000) | length }}".to_owned()),
    ];
    for (language, template) in cases {
        let errors = rendered(language, &[("t.html", &template)]).expect_err(&template);
        assert!(errors.iter().all(|error| error.place.is_some() && !error.help.is_empty()), "{template}: {errors:?}");
    }
}

/// Neither engine gives a template a way out, to the machine or to another day, nor a way round the escaping.
#[test]
fn templates_reach_nothing_but_their_values() {
    let nothing = [
        (Language::Tera, "{{ get_env(name='HOME') }}"),
        (Language::Tera, "{{ now() }}"),
        (Language::Tera, "{{ get_random(start=0, end=9) }}"),
        (Language::Tera, "{{ 1 | random }}"),
        (Language::Tera, "{{ items | shuffle }}"),
        (Language::Tera, "{{ __tera_context }}"),
        (Language::Tera, "{{ load_data(path='/etc/passwd') }}"),
        (Language::Tera, "{% include '/etc/passwd' %}"),
        (Language::Tera, "{% include '../../etc/passwd' %}"),
        (Language::Tera, "{% extends '/etc/passwd' %}"),
        (Language::Tera, "{% import '/etc/passwd' as x %}"),
        (Language::MiniJinja, "{{ get_env('HOME') }}"),
        (Language::MiniJinja, "{{ now() }}"),
        (Language::MiniJinja, "{{ range(9) | random }}"),
        (Language::MiniJinja, "{{ debug() }}"),
        (Language::MiniJinja, "{% include '/etc/passwd' %}"),
        (Language::MiniJinja, "{% include '../../etc/passwd' %}"),
        (Language::MiniJinja, "{% extends '/etc/passwd' %}"),
        (Language::MiniJinja, "{% import '/etc/passwd' as x %}{{ x }}"),
        (Language::MiniJinja, "{{ ''.__class__ }}"),
        (Language::MiniJinja, "{{ self.__init__ }}"),
        (Language::MiniJinja, "{{ partner.name.format() }}"),
    ];
    for (language, template) in nothing {
        let errors = rendered(language, &[("t.html", template)]).expect_err(template);
        assert!(errors.iter().all(|error| error.code.0 == "E-TEMPLATE"), "{template}: {errors:?}");
    }
    let escaped = [
        "{{ partner.name }}",
        "{{ partner.name | upper | lower }}",
        "{{ items[0] }}",
        "{{ items | first }}",
        "{{ partner['name'] }}",
        "{{ '' ~ partner.name }}",
        "{{ partner.body ~ partner.name }}",
        "{% set x = partner.name %}{{ x }}",
        "{% set x %}{{ partner.name }}{% endset %}{{ x }}",
        "{% for i in items %}{{ i }}{% endfor %}",
        "{% filter lower %}{{ partner.name }}{% endfilter %}",
        "{{ partner.name | replace('a', 'b') }}",
        "{{ partner.name | replace(from='a', to='b') }}",
        "{{ partner.body | replace('x', partner.name) }}",
        "{{ partner.body | replace(from='x', to=partner.name) }}",
        "{{ partner.name | newlines_to_br }}",
        "{{ partner.name | trim }}",
        "{{ partner.name | str }}",
        "{{ partner.name | string }}",
        "{{ partner.name | indent(width=2) }}",
        "{{ partner.name | truncate(length=9) }}",
        "{{ partner.name | default(value='') }}",
        "{{ partner.none | default(value=partner.name) }}",
        "{{ partner.none | default(partner.name) }}",
        "{{ items | join('') }}",
        "{{ items | join(sep='') }}",
        "{{ partner | json }}",
        "{{ items | json }}",
        "{{ partner.name | split(pat='x') | first }}",
        "{{ partner.name | capitalize }}",
        "{{ partner.name | title }}",
        "{{ items | reverse | last }}",
        "{{ items | sort | first }}",
        "{{ partner.name | reverse | reverse }}",
        "{{ partner.name | list | join }}",
        "{{ partner.name if true else '' }}",
        "{{ partner.name or '' }}",
        "{% component c(x) %}{{ x }}{% endcomponent %}{{ <c x={partner.name} /> }}",
        "{% macro m(x) %}{{ x }}{% endmacro %}{{ m(partner.name) }}",
        "{{ partner | items | first | last }}",
        "{{ partner | values | first }}",
        "{{ partner.name | safe }}",
        "{{ partner.body + partner.name }}",
        "{{ [partner.body, partner.name] | join }}",
        "{{ partner.body | split(pat='x') | join(sep=partner.name) }}",
        "{{ partner.name | indent }}",
        "{{ partner.name | escape_xml }}",
        "{{ partner.name | urlencode }}",
        "{{ partner.name | pprint }}",
        "{{ partner.name | linebreaks }}",
        "{{ partner.name | format }}",
        "{{ '%s' | format(partner.name) }}",
        "{{ partner.body | format(partner.name) }}",
        "{{ partner.name | tojson }}",
        "{{ partner.body[:3] ~ partner.name }}",
        "{{ items | unique | join }}",
        "{{ items | map('upper') | join | lower }}",
    ];
    for language in BOTH {
        let mut printed = 0;
        for template in escaped {
            // Whatever one of the engines does not know, it refuses.
            let Ok(text) = rendered(language, &[("t.html", template)]) else { continue };
            printed += 1;
            assert!(!text.contains("<i>") && !text.contains("<I>"), "{language:?} {template}: {text}");
        }
        assert!(printed > 20, "{language:?} knows {printed}");
    }
}

#[test]
fn texts_that_nest_deeply_are_refused_and_end_no_process() {
    const DEEP: usize = 20_000;
    let texts = [
        "[".repeat(DEEP),
        "{a: ".repeat(DEEP),
        "- ".repeat(DEEP),
        "? ".repeat(DEEP),
        "!!seq [".repeat(DEEP),
        "> ".repeat(DEEP),
        "> - ".repeat(DEEP),
        "*a ".repeat(DEEP),
        "**a ".repeat(DEEP),
        "_a".repeat(DEEP),
        "[a](".repeat(DEEP),
        "![".repeat(DEEP),
        "<b>".repeat(DEEP),
        "`".repeat(DEEP),
        "{{ ".repeat(DEEP),
        "{{ a ".repeat(DEEP),
        format!("{{{{ a{} }}}}", ".b".repeat(DEEP)),
        format!("{{{{ a{} }}}}", " | upper".repeat(DEEP)),
        format!("{{{{ a | default({} }}}}", "b, ".repeat(DEEP)),
        "<!-- block: a -->\n".repeat(DEEP),
        "###### a {#b}\n".repeat(DEEP),
        "1. ".repeat(DEEP),
        "\\".repeat(DEEP),
        "[^1]: ".repeat(DEEP),
        (1..300).map(|depth| " ".repeat(depth) + "a:\n").collect::<String>(),
        (1..300).map(|depth| "  ".repeat(depth) + "- a\n").collect::<String>(),
        "| a ".repeat(DEEP),
        format!("{}\n{}\n", "| a ".repeat(DEEP), "|---".repeat(DEEP)),
        "&a [*a, ".repeat(DEEP),
        "&amp;".repeat(DEEP),
    ];
    for text in texts {
        let (_, id) = source(&text);
        let span = Span::new(id, 0, text.len());
        let run = move || {
            drop(yaml::parse(id, &text, 0));
            drop(markdown::parse(id, &text, 0));
            drop(markdown::parse_patch(id, &text, 0));
            drop(Text::compile(&text, span));
            drop(csv::Table::read(
                id,
                &text.as_str().into(),
                &[],
                csv::Columns { is_list: &|_| true, is_in_part: &|_| true, is_id: &|_| true },
            ));
            for trust in [Trust::Master, Trust::Overlay] {
                if let Ok(prose) = Prose::compile(&text, span, trust) {
                    drop((prose.html(&Page), prose.text(&Page)));
                }
            }
        };
        std::thread::Builder::new().stack_size(2 << 20).spawn(run).unwrap().join().unwrap();
    }
}

/// So many partners with so many values of each axis, in a registry.
fn wide(partners: usize, values: usize) -> Small {
    let mut small = Small::base();
    let ids = |axis: &str| (0..values).map(|index| format!("{axis}{index}")).collect::<Vec<_>>();
    for (folder, axis, more) in [("motions", "m", ""), ("industries", "i", ""), ("regions", "r", "parent: europe\n")] {
        for id in ids(axis) {
            small = small.with(&format!("{folder}/{id}.yaml"), format!("name: {id}\n{more}"));
        }
    }
    let lists = ["m", "i", "r"].map(|axis| ids(axis).join(";"));
    let mut rows = "id,name,tier,motions,industries,regions,contact.name,contact.email,legal.legal_name\n".to_owned();
    for index in 0..partners {
        let [motions, industries, regions] = &lists;
        writeln!(rows, "p{index:05},P {index:05},one-to-one,{motions},{industries},{regions},N,n{index}@p.example,P")
            .unwrap();
    }
    small.with("partners/wide.csv", rows)
}

#[test]
fn a_question_costs_what_it_names_of_millions() {
    let files = wide(1_000, 31);
    let (program, found) = Program::open(&files.memory());
    let program = program.unwrap_or_else(|_| panic!("{found:?}"));
    let all = program.matrix().len();
    assert!(all > 29_000_000, "{all}");
    for (query, named) in [
        ("p00007/m1/i2/r3", 1),
        ("p00007/m1/i2/*", 31),
        ("p00007/**/r3", 31 * 31),
        ("*/m1/i2/r3", 1_000),
        ("p0000*/m1/i?/r3", 0),
        ("nobody/**", 0),
    ] {
        let deployments = program.matrix().narrowed(program.catalog(), &[Query::new(query)]);
        assert_eq!(deployments.len(), named, "{query}");
    }
    let options = Options { queries: vec![Query::new("p00007/m1/i2/r3")], ..Options::default() };
    let listed = build::list(&program, &options.queries);
    assert_eq!(listed.iter().map(|deployment| deployment.id.to_string()).collect::<Vec<_>>(), ["p00007/m1/i2/r3"]);
    let report = build::check(&program, &options, &Unwatched);
    assert_eq!((report.outcomes.len(), report.tally.bases), (1, 1));
    let folder = tempfile::tempdir().unwrap();
    let output = cobrand::emit::Output::open(&folder.path().join("output")).unwrap();
    let report = build::build(&program, &output, &options, &Unwatched);
    assert_eq!((report.outcomes.len(), report.tally.bases), (1, 1), "{:?}", report.diagnostics);
    let catalogue = std::fs::read_to_string(folder.path().join("output/catalog.json")).unwrap();
    assert!(catalogue.contains("p00007/m1/i2/r3") && catalogue.len() < 10_000, "{} bytes", catalogue.len());
}

#[test]
fn of_a_registry_what_is_asked_for_is_made_into_layers() {
    let layers = |partners: usize, asked: &str| {
        let files = wide(partners, 1).without("partners/beta.yaml");
        let query = Query::new(asked);
        let named = |partner: &str| query.may_name(partner);
        let (program, found) = Program::open_for(&files.memory(), &named, None, &Stopwatch::default());
        let program = program.unwrap_or_else(|_| panic!("{found:?}"));
        assert!(program.matrix().len() > partners, "all of them are known");
        let options = Options { queries: vec![query.clone()], ..Options::default() };
        let report = build::check(&program, &options, &Unwatched);
        assert!(report.outcomes.iter().all(|outcome| query.matches(&outcome.id)) && !report.diagnostics.has_errors());
        (program.catalog().layers.len(), report.outcomes.len())
    };
    let few = layers(10, "p00007/**");
    assert_eq!(few.1, 1);
    assert_eq!(layers(5_000, "p00007/**"), few);
    assert_eq!(layers(5_000, "nobody/**"), (few.0 - 1, 0));
    assert_eq!(layers(5_000, "p000*/**"), (few.0 + 99, 100));
    assert_eq!(layers(5_000, "acme/**"), (few.0 - 1, 1));
}

/// Whatever is asked of all rows, each is read once for it, and once for what it entitles to.
#[test]
fn rows_of_a_registry_are_read_twice() {
    const ROWS: usize = 5_000;
    let mut rows =
        "id,name,code,tier,motions,industries,regions,website,contact.name,contact.email,capture.address,legal.email,\
                    legal.legal_name\n"
            .to_owned();
    for index in 0..ROWS {
        let id =
            format!("p{}", index.to_string().bytes().map(|byte| char::from(byte - b'0' + b'a')).collect::<String>());
        writeln!(
            rows,
            "{id},N {id},c-{id},one-to-one,launch,retail,europe,https://{id}.example,N,n@{id}.example,\
             https://{id}.example/in,l@{id}.example,L {id}"
        )
        .unwrap();
    }
    let files = Small::base().with("partners/wide.csv", rows);
    let (program, found) = Program::open_for(&files.memory(), &|id| id == "pbc", None, &Stopwatch::default());
    let program = program.unwrap_or_else(|_| panic!("{found:?}"));
    assert!(program.matrix().len() > ROWS);
    let read = program.catalog().registry.rows_read();
    assert!((2 * ROWS..2 * ROWS + 100).contains(&read), "{read} of {ROWS}");
}

/// Nobody asks for the rows that are wrong here.
#[test]
fn a_registry_is_told_apart_as_a_whole() {
    let head = "id,name,tier,motions,industries,regions,contact.name,contact.email,legal.legal_name,code,parent\n";
    let row = |id: &str, tier: &str, code: &str, parent: &str| {
        let name: String = id.bytes().map(|byte| format!("n{byte} ")).collect();
        format!("{id},{name},{tier},launch,health,europe,N,n@p.example,P,{code},{parent}\n")
    };
    let said = |rows: &[String]| {
        let files = Small::base().with("partners/more.csv", head.to_owned() + &rows.concat());
        let (_, found) = Program::open_for(&files.memory(), &|id| id == "one", None, &Stopwatch::default());
        let mut said: Vec<_> = found.iter().filter(|found| found.is_error()).map(|found| found.code.0).collect();
        said.dedup();
        said
    };
    let one = row("one", "one-to-many", "", "");
    assert_eq!(said(&[one.clone(), row("two", "one-to-many", "two2", "one")]), [""; 0]);
    for (wrong, code) in [
        ([row("two", "one-to-some", "", ""), row("three", "one-to-many", "", "")], "E-UNKNOWN"),
        ([row("two", "one-to-many", "own", ""), row("three", "one-to-many", "Own", "")], "E-CODE"),
        ([row("two", "one-to-many", "three", ""), row("three", "one-to-many", "", "")], "E-CODE"),
        ([row("two", "one-to-many", "", ""), row("two", "one-to-many", "", "")], "E-DUPID"),
        ([row("gamma", "one-to-many", "", ""), row("two", "one-to-many", "", "")], "E-DUPID"),
        ([row("p0", "one-to-many", "", ""), row("po", "one-to-many", "", "")], "E-CODE"),
        ([row("Two", "one-to-many", "", ""), row("three", "one-to-many", "", "")], "E-ID"),
        ([row("two", "one-to-many", "", "four"), row("three", "one-to-many", "", "")], "E-UNKNOWN"),
        ([row("two", "one-to-many", "", "three"), row("three", "one-to-many", "", "two")], "E-CYCLE"),
    ] {
        assert_eq!(said(&[std::slice::from_ref(&one), &wrong[..]].concat()), [code], "{wrong:?}");
    }
    let named = |id: &str, name: &str| format!("{id},{name},one-to-many,launch,health,europe,N,n@p.example,P,,\n");
    assert_eq!(said(&[named("one", "Alike"), named("three", "A1IKE")]), ["E-ALIKE"]);
    // Of two that nobody asks for, nothing is said.
    assert_eq!(said(&[one, named("two", "Alike"), named("three", "A1IKE")]), [""; 0]);
}

/// The rule of thumb that spares most partners a look at each combination misses nothing.
#[test]
fn combinations_that_read_alike_are_found_and_others_are_not() {
    let said = |industries: &str, regions: &str, others: &[(&str, &str)]| {
        let mut files = Small::base().with(
            "partners/new.yaml",
            format!(
                "name: N\ntier: one-to-one\nmotions: [launch]\nindustries: [{industries}]\nregions: [{regions}]\n\
                 contact: {{name: N, email: n@n.example}}\nlegal: {{legal_name: N}}\n"
            ),
        );
        for (path, text) in others {
            files = files.with(path, *text);
        }
        let (_, found) = Program::open(&files.memory());
        found.iter().any(|diagnostic| diagnostic.code.0 == "E-DUPID")
    };
    let others = [
        ("industries/retail-west.yaml", "name: R\n"),
        ("industries/retail-bank.yaml", "name: R\n"),
        ("regions/west-dach.yaml", "name: W\nparent: europe\n"),
        ("regions/westdach.yaml", "name: W\nparent: europe\n"),
    ];
    assert!(said("retail, retail-west", "west-dach, dach", &others));
    assert!(!said("retail, retail-west", "westdach, dach", &others));
    assert!(!said("retail, retail-bank", "west-dach, dach", &others));
    assert!(!said("retail-west", "west-dach, dach", &others));
}
