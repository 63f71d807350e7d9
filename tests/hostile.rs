//! Nothing that a layer writes becomes more than text: every writable field, with every text that means something to
//! some reader, in every file of the package, as strict readers of other makers see it.
//!
//! In one build all fields hold the same text, each with a mark of its own. What the build refuses, it has to refuse at
//! the field's own place; the rest is built. The same is built with harmless words, and both are compared: the
//! structure is the same, and where the harmless words are, there is the text. `COBRAND_HOSTILE=1` tries all texts with
//! both engines, else a few are tried.

#[path = "hostile/fields.rs"]
mod fields;
#[path = "hostile/files.rs"]
mod files;
#[path = "support/outcome.rs"]
mod outcome;
#[path = "support/small.rs"]
mod small;
#[path = "hostile/texts.rs"]
mod texts;
#[path = "hostile/written.rs"]
mod written;

use std::collections::{BTreeMap, BTreeSet};

use cobrand::diag::Label;
use fields::{Field, Writer};
use outcome::Outcome;
use small::Small;
use texts::{SHORT, TEXTS};
use written::Written;

/// A build of fields that each hold a text.
struct Built {
    outcome: Outcome,
    /// The fields that were let through.
    fields: Vec<Field>,
}

/// Builds with the text in all fields, without those that are refused at their places, until nothing is refused.
fn built(writer: Writer, engine: &str, fields: &[Field], text: &dyn Fn(&Field) -> String) -> Built {
    let mut fields = fields.to_vec();
    loop {
        let Written { workspace, places } = writer.write(&fields, text);
        let workspace = if engine == "tera" { workspace.in_tera() } else { workspace };
        let outcome = Outcome::build(&workspace.memory());
        let errors: Vec<_> = outcome.said.iter().filter(|said| said.is_error()).collect();
        if errors.is_empty() {
            return Built { outcome, fields };
        }
        let refused: BTreeSet<usize> = errors
            .iter()
            .flat_map(|error| {
                let labels = error.place.iter().chain(&error.others);
                let at = |label: &Label| {
                    let source = outcome.sources().get(label.span.source);
                    let (path, at) = (source.path.as_str(), source.position(label.span.start));
                    let beside = || places.beside(path, at.line).filter(|_| error.code.0 == "E-NEWITEM");
                    places.at(path, at.line, at.column).or_else(beside)
                };
                let found: Vec<usize> = labels.filter_map(at).collect();
                // What is wrong with a list or map as a whole is told where that is, with its path; a reference that leads
                // nowhere where it is used, with its words.
                let of_map = error.message.split('`').nth(1).unwrap_or_default();
                let is_below =
                    |place: &str| place.strip_prefix(of_map).is_some_and(|rest| rest.starts_with(['.', '[']));
                let within = |field: &&Field| {
                    let is_named = error.message.contains(&field.mark());
                    is_named || writer != Writer::Names && found.is_empty() && is_below(&field.place)
                };
                let named = fields.iter().filter(within).map(|field| field.number).collect::<Vec<_>>();
                [found, named].concat()
            })
            .collect();
        let before = fields.len();
        fields.retain(|field| !refused.contains(&field.number));
        let shown = || text(&Field::any());
        assert!(fields.len() < before, "{writer:?}: {:?} is refused at no field:\n{}", shown(), outcome.told());
    }
}

fn every_file_holds_it_as_text(writer: Writer, engine: &str, fields: &[Field], text: &str) -> usize {
    let hostile = |field: &Field| text.replace("ID", &field.mark());
    let found = built(writer, engine, fields, &hostile);
    let calm = built(writer, engine, &found.fields, &Field::harmless);
    let lost: Vec<&str> = found.fields.iter().filter(|field| !calm.fields.contains(field)).map(|f| &*f.path).collect();
    assert!(lost.is_empty(), "{text:?} is let in where harmless words are not: {lost:?}");
    let words: BTreeMap<String, String> = found.fields.iter().map(|field| (field.harmless(), hostile(field))).collect();
    files::compare(&calm.outcome, &found.outcome, &words)
        .unwrap_or_else(|problem| panic!("{writer:?}, {engine}, {text:?}: {problem}"));
    found.fields.len()
}

fn is_thorough() -> bool {
    std::env::var_os("COBRAND_HOSTILE").is_some()
}

/// The first texts in one engine, or all in both.
fn run(writer: Writer) {
    let fields = writer.fields();
    let (texts, engines): (_, &[&str]) = match is_thorough() {
        true => (TEXTS, &["minijinja", "tera"]),
        false => (&TEXTS[..SHORT], if writer == Writer::Registry { &["tera"] } else { &["minijinja"] }),
    };
    // An empty cell of a table says nothing.
    let said = |text: &str| writer != Writer::Registry || !text.trim().is_empty();
    for (what, text) in texts.iter().filter(|(_, text)| said(text)) {
        for engine in engines {
            let held = every_file_holds_it_as_text(writer, engine, &fields, text);
            println!("{writer:?}, {engine}, {what}: {held} of {} fields hold it", fields.len());
            assert!(held == 0 || !what.starts_with("tokens of "), "{writer:?}, {what}: {held} fields hold it");
        }
    }
}

#[test]
fn what_a_partner_overlays_stays_text() {
    run(Writer::Overlay);
}

#[test]
fn what_stands_in_a_registry_stays_text() {
    run(Writer::Registry);
}

#[test]
fn names_of_a_partners_own_stay_names() {
    run(Writer::Names);
}

#[test]
fn what_is_translated_stays_text() {
    run(Writer::Translation);
}

/// What Markdown may make of a text: its own elements, each with the attributes it gives them.
const OF_MARKDOWN: [&str; 24] = [
    "<h2>",
    "</h2>",
    "<h1>",
    "</h1>",
    "<a>",
    "</a>",
    "a href",
    "<em>",
    "</em>",
    "<strong>",
    "</strong>",
    "<code>",
    "</code>",
    "<pre>",
    "</pre>",
    "<ul>",
    "</ul>",
    "<ol>",
    "</ol>",
    "<li>",
    "</li>",
    "<hr>",
    "<blockquote>",
    "</blockquote>",
];

/// In Markdown a text may be Markdown, and nothing else.
#[test]
fn what_a_block_says_is_no_more_than_markdown() {
    const BLOCKS: &str = "partners/acme/content/landing.md";
    let parts =
        |outcome: &Outcome| files::page(&outcome.file("acme/launch/retail/dach/site/index.html").unwrap()).unwrap();
    let base = Small::base().without("partners/beta.yaml").without("partners/registry.csv");
    let texts = if is_thorough() { TEXTS } else { &TEXTS[..SHORT] };
    for (what, text) in texts {
        let text = text.replace("ID", "q000q");
        let block = |heading: &str, body: &str| {
            format!("<!-- replace: proof -->\n## {} {{#proof}}\n\n{body}\n", heading.replace(['\r', '\n'], " "))
        };
        for (heading, body) in [("calm", &*text), (&*text, "calm")] {
            let outcome = Outcome::build(&base.clone().with(BLOCKS, block(heading, body)).memory());
            let is_there = |place: &str| place.starts_with(BLOCKS);
            let errors = outcome.said.iter().filter(|said| said.is_error());
            let elsewhere = errors.filter(|error| !outcome.place(error).is_some_and(|place| is_there(&place)));
            assert_eq!(elsewhere.count(), 0, "{what}: {}", outcome.told());
            if outcome.built.is_empty() {
                continue;
            }
            let calm = Outcome::build(&base.clone().with(BLOCKS, block("calm", "calm")).memory());
            let before: Vec<String> = parts(&calm).into_iter().map(|(part, _)| part).collect();
            let added = parts(&outcome).into_iter().filter(|(part, _)| !before.contains(part));
            let foreign: Vec<_> = added.filter(|(part, _)| !OF_MARKDOWN.contains(&&**part)).collect();
            assert!(foreign.is_empty(), "{what}: {foreign:?}");
            let shown: String =
                parts(&outcome).into_iter().filter(|(part, _)| part == files::TEXT).map(|(_, text)| text).collect();
            assert!(!text.contains("q000q") || shown.contains("q000q"), "{what} is gone");
        }
    }
}

/// A name of a file that no package may have is refused, and none gets out.
#[test]
fn names_of_assets_stay_names() {
    for name in ["a b", "a\"b", "<b>", "=1+1", "ü", "CON", "%2e%2e", "a'b", "a&b", "{{x}}", "a;b", "-x", "\u{202E}a"] {
        let path = format!("partners/acme/assets/{name}.svg");
        let files = Small::base().with(&path, "<svg xmlns=\"http://www.w3.org/2000/svg\"/>");
        let outcome = Outcome::build(&files.memory());
        let is_refused = outcome
            .said
            .iter()
            .any(|said| said.is_error() && outcome.place(said).is_some_and(|place| place.starts_with(&path)));
        let is_shown = outcome.output.as_ref().is_some_and(|folder| {
            walkdir::WalkDir::new(folder)
                .into_iter()
                .any(|entry| entry.unwrap().file_name().to_str() == Some(&format!("{name}.svg")))
        });
        assert!(is_refused != is_shown, "{name}: {}", outcome.told());
        assert!(!is_shown || name == "-x", "{name} got out");
    }
}

/// What the matrix leaves out: kinds that name things of the world take no text of anybody.
#[test]
fn what_stands_in_a_list_of_the_world_takes_no_other_text() {
    for (name, text) in TEXTS.iter().filter(|(_, text)| text.contains("ID")) {
        for kind in fields::CLOSED {
            assert!(kind.advice(&text.replace("ID", "q001q")).is_some(), "{kind:?} takes {name}");
        }
    }
}
