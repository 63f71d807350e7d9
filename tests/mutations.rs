//! Single mistakes, drawn at random over a workspace: each is found, by one or two errors, in the file that it was made in.
//!
//! `cargo test --test mutations` makes some in the small workspace of the cases. Of the program at the root, in which a check
//! takes seconds: `MUTATIONS=300 cargo test --release --test mutations -- --nocapture`, which lists all that is found otherwise.
//! `SEED=2` draws others.

#[path = "support/chance.rs"]
mod chance;
#[path = "mutations/edits.rs"]
mod edits;
#[path = "support/small.rs"]
mod small;

use std::collections::BTreeMap;
use std::path::Path;

use chance::Chance;
use cobrand::build::{self, Options, Program, Unwatched};
use cobrand::diag::Diagnostic;
use cobrand::source::Sources;
use edits::{Edit, KINDS};
use small::Small;

/// A mistake in a file.
struct Mutation {
    kind: &'static str,
    path: String,
    edit: Edit,
    line: usize,
}

/// What was said of a mistake.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Verdict {
    /// One or two errors, the first of them in the file.
    Found,
    /// More errors than two.
    Many,
    /// The first one is in another file.
    Elsewhere,
    /// Warnings alone.
    Warned,
    Silent,
}

/// The folders that a workspace is made of.
const FOLDERS: [&str; 6] = ["master-templates", "partners", "industries", "regions", "motions", "tiers"];

/// The program at the repository's root.
fn sample() -> Small {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let settings = std::fs::read(root.join("cobrand.yaml")).unwrap();
    FOLDERS.iter().fold(Small::default().with("cobrand.yaml", settings), |all, folder| {
        Small::read(&root.join(folder))
            .files()
            .fold(all, |all, (path, bytes)| all.with(&format!("{folder}/{path}"), bytes))
    })
}

/// So many mistakes, each kind as often as any other.
fn drawn(workspace: &Small, count: usize, chance: &mut Chance) -> Vec<Mutation> {
    let texts: Vec<(&str, String)> = workspace
        .files()
        .filter_map(|(path, bytes)| Some((path, String::from_utf8(bytes).ok()?)))
        .filter(|(path, _)| !path.ends_with(".svg"))
        .collect();
    let sites: Vec<Vec<(usize, Edit)>> = KINDS
        .iter()
        .map(|kind| {
            let of_file = |(at, (path, text)): (usize, &(&str, String))| {
                kind.sites(path, text).into_iter().map(move |edit| (at, edit)).collect::<Vec<_>>()
            };
            texts.iter().enumerate().flat_map(of_file).collect()
        })
        .collect();
    let possible: Vec<usize> = (0..KINDS.len()).filter(|&kind| !sites[kind].is_empty()).collect();
    (0..count)
        .map(|number| {
            let kind = possible[number % possible.len()];
            let (file, edit) = sites[kind][chance.below(sites[kind].len())].clone();
            let (path, text) = &texts[file];
            let line = text[..edit.range.start].matches('\n').count() + 1;
            Mutation { kind: KINDS[kind].name, path: (*path).to_owned(), edit, line }
        })
        .collect()
}

/// What a check for publishing says.
fn said(workspace: &Small) -> (Vec<Diagnostic>, Result<Program, Sources>) {
    let (program, mut found) = Program::open(&workspace.memory());
    if let Ok(program) = &program {
        let options = Options { release: true, ..Options::default() };
        found.append(build::check(program, &options, &Unwatched).diagnostics);
    }
    let sorted = match &program {
        Ok(program) => found.sorted(program.sources()),
        Err(sources) => found.sorted(sources),
    };
    (sorted, program)
}

fn judged(workspace: &Small, mutation: &Mutation) -> (Verdict, Vec<String>) {
    let mut text = workspace.text(&mutation.path).to_owned();
    text.replace_range(mutation.edit.range.clone(), &mutation.edit.by);
    let (found, program) = said(&workspace.clone().with(&mutation.path, text));
    let sources = match &program {
        Ok(program) => program.sources(),
        Err(sources) => sources,
    };
    let place = |found: &Diagnostic| {
        let span = found.place.as_ref()?.span;
        Some((sources.get(span.source).path.to_string(), sources.position(span).line))
    };
    let errors: Vec<&Diagnostic> = found.iter().filter(|found| found.is_error()).collect();
    let lines = found.iter().map(|found| {
        let at = place(found).map(|(path, line)| format!("{path}:{line}")).unwrap_or_default();
        format!("{} {at} {}", found.code, found.message)
    });
    let verdict = match errors.as_slice() {
        [] if found.is_empty() => Verdict::Silent,
        [] => Verdict::Warned,
        [first, rest @ ..] => match place(first) {
            _ if rest.len() > 1 => Verdict::Many,
            Some((path, _)) if path == mutation.path => Verdict::Found,
            _ => Verdict::Elsewhere,
        },
    };
    (verdict, lines.collect())
}

/// Makes so many mistakes, tells of those that are found otherwise than they should, and how many are found.
fn found_of(workspace: &Small, count: usize, seed: u64) -> (usize, BTreeMap<Verdict, usize>) {
    let (before, _) = said(workspace);
    assert!(before.iter().all(|found| !found.is_error()), "{before:?}");
    let mut counts: BTreeMap<Verdict, usize> = BTreeMap::new();
    for mutation in drawn(workspace, count, &mut Chance::new(seed)) {
        let (verdict, lines) = judged(workspace, &mutation);
        *counts.entry(verdict).or_default() += 1;
        if verdict != Verdict::Found {
            let Mutation { kind, path, edit, line } = &mutation;
            let text = workspace.text(path);
            println!("{verdict:?}: {kind} at {path}:{line}: {:?} -> {:?}", &text[edit.range.clone()], edit.by);
            lines.iter().take(4).for_each(|line| println!("    {line}"));
        }
    }
    println!("{count} mistakes: {counts:?}");
    (counts.get(&Verdict::Found).copied().unwrap_or(0), counts)
}

/// A number that is asked for from outside.
#[allow(clippy::disallowed_methods, reason = "how many mistakes are made is said by whoever runs this")]
fn asked(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|number| number.parse().unwrap_or_else(|_| panic!("`{name}` is no number")))
}

#[test]
fn mistakes_are_found_where_they_are_made() {
    let seed = asked("SEED").unwrap_or(1);
    let (found, counts) = match asked("MUTATIONS") {
        Some(count) => {
            let count = usize::try_from(count).unwrap();
            let (found, counts) = found_of(&sample(), count, seed);
            (found * 100 / count, counts)
        }
        None => {
            let (found, counts) = found_of(&Small::base(), 104, seed);
            (found * 100 / 104, counts)
        }
    };
    assert!(found >= 95, "{found} of a hundred: {counts:?}");
}
