//! What `check` says, a build says, and the other way round: they differ in the store behind them, and in nothing else.

#[path = "support/small.rs"]
mod small;

use std::collections::BTreeSet;

use cobrand::build::{self, Memory, Options, Program, Report, State, Unwatched};
use cobrand::diag::Diagnostics;
use cobrand::emit::{Output, Past};
use proptest::prelude::*;
use small::Small;

/// A file, what stands there, and what takes its place.
type Edit = (&'static str, &'static str, &'static str);

/// Most break something, some do not.
const EDITS: [Edit; 22] = [
    ("master-templates/package.yaml", "output: playbook/index.html", "output: playbook/calendar.ics"),
    ("master-templates/package.yaml", "output: proof/index.html", "output: proof/claim.csv/index.html"),
    ("master-templates/package.yaml", "output: sales/index.html", "output: sales/lead-context.html"),
    ("master-templates/package.yaml", "output: tracking/index.html", "output: manifest.json"),
    ("master-templates/package.yaml", "output: qualification/index.html", "output: site/index.html"),
    ("master-templates/package.yaml", "component: proof", "component: sales"),
    ("master-templates/package.yaml", "statement: Calm nights", "statement: \"Calm {{ partner.nights }}\""),
    ("master-templates/templates/document.html", "<h1>", "<h1>{{ page.nothing }}"),
    ("master-templates/templates/document.html", "<h1>", "<a href=\"nowhere.html\">x</a><h1>"),
    ("master-templates/templates/page.html", "<section", "<a href=https://untracked.example>x</a><section"),
    ("master-templates/templates/page.html", "<section", "<FORM ACTION = 'https://elsewhere.example'></FORM><section"),
    ("master-templates/templates/page.html", "<section", "{{ \"{{\" }}<section"),
    ("master-templates/content/landing.md", "It breaks.", "It [breaks](link:nothing)."),
    ("master-templates/content/landing.md", "It breaks.", "It ![breaks](asset:nothing.svg)."),
    ("partners/acme/partner.yaml", "name: Acme\n", "name: \"\"\n"),
    ("partners/acme/partner.yaml", "name: Acme\n", "name: Acme Works\n"),
    ("partners/beta.yaml", "tier: one-to-one", "tier: none"),
    ("regions/europe.yaml", "name:", "unknown: 1\nname:"),
    ("master-templates/tracking.yaml", "medium: social}", "medium: social, qr: true}"),
    ("master-templates/qualification.yaml", "mql: 20", "mql: 9999"),
    ("master-templates/package.yaml", "end: 2027-03-31", "end: 2026-03-31"),
    ("master-templates/package.yaml", "released: 2027-01-04", "released: 2027-07-01"),
];

fn said(report: &Report) -> (BTreeSet<String>, BTreeSet<&str>) {
    let told = report.diagnostics.iter().map(|diagnostic| format!("{diagnostic:?}")).collect();
    let refused = report.outcomes.iter().filter(|outcome| outcome.state == State::Refused);
    (told, refused.map(|outcome| &*outcome.id).collect())
}

#[test]
fn check_and_build_say_the_same_of_broken_workspaces() {
    let applied = EDITS.iter().filter(|(path, from, _)| {
        let base = Small::base();
        base.paths().any(|known| known == *path) && base.text(path).contains(from)
    });
    assert!(applied.count() == EDITS.len(), "the edits have nothing to edit any more");
    let some = prop::sample::subsequence(EDITS.to_vec(), 0..4);
    let refusals = std::cell::Cell::new(0);
    proptest!(ProptestConfig::with_cases(60), |(edits in some, release in any::<bool>())| {
        let mut small = Small::base();
        for (path, from, to) in edits {
            if small.paths().any(|known| known == path) {
                let text = small.text(path).replacen(from, to, 1);
                small = small.with(path, text);
            }
        }
        let Ok(program) = Program::open(&small.memory()).0 else { return Ok(()) };
        let options = Options { release, ..Options::default() };
        let folder = tempfile::tempdir().unwrap();
        let output = Output::open(folder.path()).unwrap();
        let built = build::build(&program, &output, &options, &Unwatched);
        output.finish().unwrap();
        let memory = Memory::default();
        let in_memory = build::build_into(&program, &memory, &options);
        prop_assert_eq!(said(&built), said(&in_memory));
        let mut checked = build::check(&program, &options, &Unwatched);
        checked.diagnostics = without_hygiene(&checked);
        prop_assert_eq!(said(&built), said(&checked));
        refusals.set(refusals.get() + said(&built).1.len());
        for (path, bytes) in memory.into_files() {
            prop_assert_eq!(std::fs::read(folder.path().join(&path)).unwrap(), bytes, "{}", path);
        }
    });
    assert!(refusals.get() > 50, "only {} refusals", refusals.get());
}

/// What was built before leaves much unlooked at, and packages of partners that cannot be read any more.
#[test]
fn check_and_build_say_the_same_of_what_broke_since() {
    let alone = EDITS.iter().map(|edit| broken_since(std::slice::from_ref(edit)).unwrap());
    assert!(alone.sum::<usize>() > 0, "every partner could be read");
    proptest!(ProptestConfig::with_cases(20), |(edits in prop::sample::subsequence(EDITS.to_vec(), 2))| {
        broken_since(&edits)?;
    });
}

/// Builds, edits, checks and builds again; how many packages could not be looked at then.
fn broken_since(edits: &[Edit]) -> Result<usize, TestCaseError> {
    let folder = tempfile::tempdir().unwrap();
    let into = |small: &Small| {
        let program = Program::open(&small.memory()).0.ok()?;
        let output = Output::open(folder.path()).unwrap();
        let built = build::build(&program, &output, &Options::default(), &Unwatched);
        output.finish().unwrap();
        Some(built)
    };
    into(&Small::base()).unwrap();
    let small = edits.iter().fold(Small::base(), |small, (path, from, to)| {
        let text = small.text(path).replacen(from, to, 1);
        small.with(path, text)
    });
    let Ok(program) = Program::open(&small.memory()).0 else { return Ok(0) };
    let options = Options { past: Past::read(folder.path()), ..Options::default() };
    let mut checked = build::check(&program, &options, &Unwatched);
    checked.diagnostics = without_hygiene(&checked);
    // The second build finds what the first one left.
    for built in [into(&small).unwrap(), into(&small).unwrap()] {
        prop_assert_eq!(said(&built), said(&checked));
        prop_assert_eq!(&built.unread, &checked.unread);
    }
    Ok(checked.unread.len())
}

/// `check` also has a word on overlays that do nothing, which refuses nobody.
fn without_hygiene(report: &Report) -> Diagnostics {
    let mut rest = Diagnostics::default();
    rest.extend(report.diagnostics.iter().filter(|found| !HYGIENE.contains(&found.code.0)).cloned());
    rest
}

const HYGIENE: [&str; 4] = ["W-DEAD", "W-REDUNDANT", "W-LOGOSWAP", "W-SLIP"];
