//! Nothing that a layer writes becomes more than text: every writable field, with every text that means something to
//! some reader, in every file of the package, as strict readers of other makers see it.
//!
//! In one build all fields hold the same text, each with a mark of its own. What the build refuses, it has to refuse at
//! the field's own place; the rest is built. The same is built with harmless words, and both are compared: the
//! structure is the same, and where the harmless words are, there is the text. `COBRAND_HOSTILE=1` tries all texts with
//! both engines, else a few are tried. Where there is Chromium, it opens every page and email, too.

#[path = "support/browser.rs"]
mod browser;
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

use browser::{Browser, Seen};
use cobrand::diag::Label;
use fields::{Field, Writer};
use outcome::Outcome;
use small::Small;
use texts::{SHORT, TEXTS, filled};
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
        let shown = || text(&Field::any()).chars().take(200).collect::<String>();
        let left =
            || fields.iter().take(20).map(|field| format!("{} {}", field.mark(), field.place)).collect::<Vec<_>>();
        assert!(
            fields.len() < before,
            "{writer:?}: {:?} is refused at none of {:?}:\n{}",
            shown(),
            left(),
            outcome.told()
        );
    }
}

fn every_file_holds_it_as_text(
    writer: Writer,
    engine: &str,
    fields: &[Field],
    text: &str,
    browser: &mut Option<Browser>,
) -> usize {
    let hostile = |field: &Field| filled(text, &field.mark());
    let mut found = built(writer, engine, fields, &hostile);
    let mut calm = built(writer, engine, &found.fields, &Field::harmless);
    // Fields that name one another hold one name, and harmless words are a name of each field's own.
    if !text.contains("ID") && calm.fields.len() < found.fields.len() {
        found = built(writer, engine, &calm.fields, &hostile);
        calm = built(writer, engine, &found.fields, &Field::harmless);
    }
    let lost: Vec<&str> = found.fields.iter().filter(|field| !calm.fields.contains(field)).map(|f| &*f.path).collect();
    assert!(lost.is_empty(), "{text:?} is let in where harmless words are not: {lost:?}");
    let words: BTreeMap<String, String> = found.fields.iter().map(|field| (field.harmless(), hostile(field))).collect();
    files::compare(&calm.outcome, &found.outcome, &words)
        .unwrap_or_else(|problem| panic!("{writer:?}, {engine}, {text:?}: {problem}"));
    if let Some(browser) = browser {
        nothing_runs(browser, &found.outcome);
    }
    found.fields.len()
}

/// Whoever opens the pages and emails of an output runs nothing and calls nobody.
fn nothing_runs(browser: &mut Browser, outcome: &Outcome) {
    let pages: Vec<_> =
        files::paths(outcome).into_iter().filter(|path| path.extension() == Some("html".as_ref())).collect();
    assert!(pages.len() > 5, "{pages:?}");
    for page in pages {
        assert_eq!(browser.open(&page), Seen::default(), "{}", page.display());
    }
}

/// The texts that are asked for, or the first, and the engines that they are tried with.
#[allow(clippy::disallowed_methods, reason = "a person names the texts to try")]
fn wanted(engine: &'static str) -> (Vec<&'static (&'static str, &'static str)>, Vec<&'static str>) {
    match std::env::var("COBRAND_HOSTILE").as_deref() {
        Ok("1") => (TEXTS.iter().collect(), vec!["minijinja", "tera"]),
        Ok(words) => (TEXTS.iter().filter(|(what, _)| what.contains(words)).collect(), vec!["minijinja", "tera"]),
        Err(_) => (TEXTS[..SHORT].iter().collect(), vec![engine]),
    }
}

fn run(writer: Writer) {
    let fields = writer.fields();
    let (texts, engines) = wanted(if writer == Writer::Registry { "tera" } else { "minijinja" });
    let mut browser = Browser::start();
    if browser.is_none() {
        println!("{writer:?}: there is no Chromium here, so nothing is opened");
    }
    // An empty cell of a table says nothing.
    let said = |text: &str| writer != Writer::Registry || !text.trim().is_empty();
    for (what, text) in texts.into_iter().filter(|(_, text)| said(text)) {
        for engine in &engines {
            let held = every_file_holds_it_as_text(writer, engine, &fields, text, &mut browser);
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

/// A place of a partner's Markdown: its file, the page that shows it, and how a heading and a body are written.
struct Block {
    file: &'static str,
    page: &'static str,
    write: fn(&str, &str) -> String,
}

const BLOCKS: [Block; 3] = [
    Block {
        file: "partners/acme/content/landing.md",
        page: "site/index.html",
        write: |heading, body| format!("<!-- replace: proof -->\n## {heading} {{#proof}}\n\n{body}\n"),
    },
    Block {
        file: "partners/acme/locales/de-DE/content/landing.md",
        page: "site/index.html",
        write: |heading, body| format!("## {heading} {{#proof}}\n\n{body}\n"),
    },
    Block {
        file: "partners/acme/content/emails/welcome.md",
        page: "emails/de-de/01-welcome.html",
        write: |heading, body| format!("<!-- replace-body: intro -->\n{body}\n\n## {heading} {{#intro/more}}\n\nx\n"),
    },
];

/// In Markdown a text may be Markdown, and nothing else.
#[test]
fn what_a_block_says_is_no_more_than_markdown() {
    let base = Small::base().without("partners/beta.yaml").without("partners/registry.csv");
    let mut browser = Browser::start();
    let (texts, engines) = wanted("minijinja");
    for (block, engine) in BLOCKS.iter().flat_map(|block| engines.iter().map(move |engine| (block, engine))) {
        let parts = |outcome: &Outcome| {
            files::page(&outcome.file(&format!("acme/launch/retail/dach/{}", block.page)).unwrap()).unwrap()
        };
        let build = |heading: &str, body: &str| {
            let text = (block.write)(&heading.replace(['\r', '\n'], " "), body);
            let workspace = base.clone().with(block.file, text);
            Outcome::build(&if *engine == "tera" { workspace.in_tera() } else { workspace }.memory())
        };
        let calm = build("calm", "calm");
        assert!(!calm.built.is_empty(), "{}", calm.told());
        let before: Vec<String> = parts(&calm).into_iter().map(|(part, _)| part).collect();
        for (what, text) in &texts {
            let text = filled(text, "q000q");
            for (heading, body) in [("calm", &*text), (&*text, "calm")] {
                let outcome = build(heading, body);
                let is_there = |place: &str| place.starts_with(block.file);
                // An email is too large as a whole.
                let errors = outcome.said.iter().filter(|said| said.is_error() && said.code.0 != "E-EMAILSIZE");
                let elsewhere = errors.filter(|error| !outcome.place(error).is_some_and(|place| is_there(&place)));
                assert_eq!(elsewhere.count(), 0, "{what}: {}", outcome.told());
                if outcome.built.is_empty() {
                    continue;
                }
                let added = parts(&outcome).into_iter().filter(|(part, _)| !before.contains(part));
                let foreign: Vec<_> = added.filter(|(part, _)| !OF_MARKDOWN.contains(&&**part)).collect();
                assert!(foreign.is_empty(), "{what}: {foreign:?}");
                let words = parts(&outcome).into_iter().filter(|(part, _)| part == files::TEXT);
                let shown: String = words.map(|(_, text)| text).collect();
                assert!(!text.contains("q000q") || shown.contains("q000q"), "{what} is gone");
                if let Some(browser) = &mut browser {
                    nothing_runs(browser, &outcome);
                }
            }
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
            assert!(kind.advice(&filled(text, "q001q")).is_some(), "{kind:?} takes {name}");
        }
    }
}
