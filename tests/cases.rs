//! Runs `tests/cases/**/*.case`: small workspaces with what should come of them, one for each rule of
//! merging and for each kind of bad input. `tests/cases/README.md` explains how they are written.

#[path = "support/case.rs"]
mod case;
#[path = "support/outcome.rs"]
mod outcome;
#[path = "support/small.rs"]
mod small;

use std::fmt::Write;
use std::path::Path;

use case::{Case, Content, Engine, Expected, Said};
use cobrand::diag::Diagnostic;
use outcome::Outcome;
use rayon::prelude::*;
use small::Small;

#[test]
#[allow(clippy::disallowed_methods, reason = "a person names the cases to run")]
fn every_case_comes_out_as_it_is_written() {
    let wanted = std::env::var("CASE").unwrap_or_default();
    let cases: Vec<Case> = all().into_iter().filter(|case| case.name.contains(&wanted)).collect();
    assert!(!cases.is_empty(), "no case is called `{wanted}`");
    let base = Small::base();
    let runs: Vec<_> = cases.iter().flat_map(|case| engines(case, &base).map(move |engine| (case, engine))).collect();
    let failures: Vec<String> = runs.par_iter().filter_map(|(case, engine)| failure(case, *engine)).collect();
    let (failed, total) = (failures.len(), runs.len());
    assert!(failures.is_empty(), "{failed} of {total} runs of cases came out otherwise\n\n{}", failures.join("\n"));
}

/// Every error keeps its code and its column with other line ends, behind a byte order mark and, a line further
/// down, below a line in other scripts.
#[test]
fn places_hold_whatever_the_line_ends_the_marks_and_the_letters_above() {
    let cases: Vec<Case> = all().into_iter().filter(speaks_of_places).collect();
    assert!(cases.len() > 100, "only {} cases say where something is wrong", cases.len());
    let rewritten = |path: &str, text: &str| {
        let above = if path.ends_with(".yaml") { "# Größe\t東京 🎉\n" } else { "" };
        format!("\u{feff}{}", format!("{above}{text}").replace('\n', "\r\n"))
    };
    // Written as it is, each says just what is expected of it.
    let differs = |case: &&Case| {
        let mut left = said(&case.workspace.mapped(rewritten));
        let mut is_said = |told: Told| {
            let at = left.iter().position(|other| is_below((&told, other)));
            at.map(|at| left.swap_remove(at)).is_some()
        };
        !case.expected.iter().filter_map(told).all(&mut is_said) || !left.is_empty()
    };
    let differing: Vec<&str> = cases.par_iter().filter(differs).map(|case| &*case.name).collect();
    assert!(differing.is_empty(), "{differing:#?}");
}

/// Those in which a case has to come out alike: one, where no template is another than in the base and nothing is looked at
/// that a template wrote.
fn engines(case: &Case, base: &Small) -> impl Iterator<Item = Engine> {
    let is_of_template = |path: &str| path.split('/').any(|part| part == "templates");
    let paths = || case.workspace.paths().chain(base.paths()).filter(|path| is_of_template(path));
    let is_other = paths().any(|path| case.workspace.get(path) != base.get(path));
    let is_shown = case.expected.iter().any(|expected| match expected {
        Expected::File { .. } => true,
        Expected::Said(said) => said.place.as_deref().is_some_and(is_of_template),
        _ => false,
    });
    let only = match is_other || is_shown {
        true => case.engine,
        false => Some(case.engine.unwrap_or(Engine::MiniJinja)),
    };
    [Engine::MiniJinja, Engine::Tera].into_iter().filter(move |engine| only.is_none_or(|only| only == *engine))
}

type Told = (String, Option<String>);

fn told(expected: &Expected) -> Option<Told> {
    match expected {
        Expected::Said(said) => Some((said.code.clone(), said.place.clone())),
        _ => None,
    }
}

/// Whether the second is the first, a line further down in a YAML file. What concerns a whole file stands
/// at its beginning.
fn is_below((plain, lower): (&Told, &Told)) -> bool {
    let moved = |place: &String| {
        let mut parts = place.rsplitn(3, ':');
        let (column, line, path) = (parts.next().unwrap(), parts.next().unwrap(), parts.next().unwrap());
        let line = line.parse::<usize>().unwrap() + usize::from(path.ends_with(".yaml"));
        format!("{path}:{line}:{column}")
    };
    let is_whole = plain.1.as_deref().is_some_and(|place| place.ends_with(":1:1"));
    plain.0 == lower.0 && (plain.1.as_ref().map(moved) == lower.1 || (is_whole && plain.1 == lower.1))
}

/// Whether a case expects something at a place, and its workspace can be written in another way.
fn speaks_of_places(case: &Case) -> bool {
    let placed = |expected: &Expected| matches!(expected, Expected::Said(said) if said.place.is_some());
    case.expected.iter().any(placed) && case.engine != Some(Engine::Tera)
}

fn said(workspace: &Small) -> Vec<Told> {
    let outcome = Outcome::check(&workspace.memory());
    outcome.said.iter().map(|diagnostic| (diagnostic.code.0.to_owned(), outcome.place(diagnostic))).collect()
}

/// As many as the heads of their files say.
#[test]
fn no_case_after_the_tests_of_others_is_lost() {
    let cases = all();
    let named = |name: &str| cases.iter().filter(|case| case.name.contains(name)).count();
    assert_eq!((named("mustache:"), named("ytt:")), (15, 13));
}

/// Every rule that the guides state is named by a case, or by a test in the code.
#[test]
fn every_rule_of_the_guides_has_a_case() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |path: &str| std::fs::read_to_string(root.join(path)).unwrap();
    let guides = ["docs/overlays.md", "docs/policy.md", "docs/journey.md"].map(read).concat();
    let rules: Vec<&str> = guides.lines().filter_map(stated).collect();
    assert!(rules.len() > 50, "only {} rules were found", rules.len());
    let cases = all();
    let sources: Vec<String> = ["src", "tests"].into_iter().flat_map(|folder| tests_of(&root.join(folder))).collect();
    let is_named = |rule: &&&str| {
        let names = |text: &str| text.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| begins(word, rule));
        cases.iter().any(|case| names(&case.name)) || sources.iter().any(|text| names(text))
    };
    let unnamed: Vec<&&str> = rules.iter().filter(|rule| !is_named(rule)).collect();
    assert!(unnamed.is_empty(), "no test names {unnamed:?}");
}

/// The rule that a line of a guide states: `- **O1** …`
fn stated(line: &str) -> Option<&str> {
    let rule = line.strip_prefix("- **")?.split_once("**")?.0;
    let is_id = rule.starts_with(|c: char| c.is_ascii_uppercase()) && rule[1..].bytes().all(|b| b.is_ascii_digit());
    is_id.then_some(rule)
}

/// `O4a` names `O4`.
fn begins(word: &str, rule: &str) -> bool {
    word.strip_prefix(rule).is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_lowercase()))
}

/// The words with which tests in Rust introduce themselves: `/// O5: …` above `#[test]`.
fn tests_of(folder: &Path) -> Vec<String> {
    let files = walkdir::WalkDir::new(folder).into_iter().map(|entry| entry.unwrap().into_path());
    let files = files.filter(|path| path.extension().is_some_and(|extension| extension == "rs"));
    let mut found = Vec::new();
    for path in files {
        let text = std::fs::read_to_string(path).unwrap();
        let mut before = String::new();
        for line in text.lines().map(str::trim) {
            match line.strip_prefix("/// ") {
                Some(words) => before += &format!(" {words}"),
                None if line == "#[test]" => found.push(std::mem::take(&mut before)),
                None => before.clear(),
            }
        }
    }
    found
}

fn all() -> Vec<Case> {
    let base = Small::base();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let files = walkdir::WalkDir::new(root).sort_by_file_name().into_iter().map(|entry| entry.unwrap().into_path());
    files
        .filter(|path| path.extension().is_some_and(|extension| extension == "case"))
        .flat_map(|path| case::parse(&std::fs::read_to_string(path).unwrap(), &base))
        .collect()
}

/// What came out otherwise than written; `None` if nothing did.
fn failure(case: &Case, engine: Engine) -> Option<String> {
    let files = match engine {
        Engine::MiniJinja => case.workspace.memory(),
        Engine::Tera => case.workspace.in_tera().memory(),
    };
    let builds = case.expected.iter().any(|expected| matches!(expected, Expected::File { .. }));
    let outcome = if builds { Outcome::build(&files) } else { Outcome::check(&files) };
    let mut text = String::new();
    diagnostics(case, &outcome, &mut text);
    for expected in &case.expected {
        write!(text, "{}", difference(expected, &outcome)).unwrap();
    }
    let said = outcome.told();
    (!text.is_empty()).then(|| format!("--- {} ({engine:?})\n{text}  said:\n{said}", case.name))
}

/// Whatever is said has to be expected, and every error has to say what to do next.
fn diagnostics(case: &Case, outcome: &Outcome, text: &mut String) {
    let mut left: Vec<&Diagnostic> = outcome.said.iter().collect();
    for expected in &case.expected {
        let Expected::Said(said) = expected else { continue };
        match left.iter().position(|diagnostic| is(diagnostic, said, outcome)) {
            Some(at) => drop(left.remove(at)),
            None => writeln!(text, "  not said: {said:?}").unwrap(),
        }
    }
    for diagnostic in left {
        let place = outcome.place(diagnostic).unwrap_or_default();
        writeln!(text, "  not expected: {} {place} {}", diagnostic.code, diagnostic.message).unwrap();
    }
    for diagnostic in outcome.said.iter().filter(|diagnostic| lacks_next_step(diagnostic)) {
        writeln!(text, "  no next step: {} {}", diagnostic.code, diagnostic.message).unwrap();
    }
}

/// Every error says what to do.
fn lacks_next_step(diagnostic: &Diagnostic) -> bool {
    let says = !diagnostic.help.is_empty() || diagnostic.message.contains("did you mean");
    diagnostic.is_error() && !says
}

fn is(diagnostic: &Diagnostic, said: &Said, outcome: &Outcome) -> bool {
    diagnostic.code.0 == said.code
        && outcome.place(diagnostic) == said.place
        && diagnostic.message.contains(said.message.as_str())
}

fn difference(expected: &Expected, outcome: &Outcome) -> String {
    match expected {
        Expected::Said(_) => String::new(),
        Expected::Built(ids) => differ("built", ids, &outcome.built),
        Expected::Refused(ids) => differ("refused", ids, &outcome.refused),
        Expected::File { path, what } => file(path, what, outcome),
        Expected::Value { deployment, locale, path, text } => {
            let Ok(program) = &outcome.program else { return "  nothing to look at\n".to_owned() };
            let tree = outcome::tree(program, deployment, locale);
            let found = outcome::node(&tree, path).map(outcome::written);
            differ(&format!("{deployment}@{locale} {path}"), text, &found)
        }
        Expected::Order { deployment, locale, path, ids } => {
            let Ok(program) = &outcome.program else { return "  nothing to look at\n".to_owned() };
            let tree = outcome::tree(program, deployment, locale);
            let node = outcome::node(&tree, path);
            let blocks = node.and_then(|node| node.get("blocks")).map(|blocks| &**blocks).or(node);
            let found: Vec<String> =
                blocks.into_iter().flat_map(|list| list.children()).map(|(id, _)| id.to_string()).collect();
            differ(&format!("{deployment}@{locale} {path}"), ids, &found)
        }
    }
}

fn file(path: &str, what: &Content, outcome: &Outcome) -> String {
    let found = outcome.file(path);
    let fits = match (what, &found) {
        (Content::Gone, found) => found.is_none(),
        (Content::Contains(text), Some(found)) => found.contains(text),
        (Content::Lacks(text), Some(found)) => !found.contains(text),
        (Content::Equals(text), Some(found)) => found == text,
        (_, None) => false,
    };
    if fits { String::new() } else { format!("  {path} is\n{}\n", found.unwrap_or_else(|| "  (nothing)".to_owned())) }
}

fn differ<T: PartialEq + std::fmt::Debug>(what: &str, expected: &T, found: &T) -> String {
    if expected == found {
        String::new()
    } else {
        format!("  {what}\n    is      {found:?}\n    and not {expected:?}\n")
    }
}
