//! Everything that `new` scaffolds is really allowed: as it is written, and with each comment taken away.

#[path = "support/small.rs"]
mod small;

use std::collections::BTreeMap;
use std::path::Path;

use cobrand::build::{self, Options, Program, Unwatched};
use cobrand::diag::Diagnostics;
use cobrand::scaffold::{NewFile, Scaffold, overlay, partner, value};
use cobrand::source::Sources;
use small::Small;

fn sample() -> Small {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders = ["master-templates", "motions", "industries", "regions", "tiers", "partners"];
    let settings = std::fs::read(root.join("cobrand.yaml")).unwrap();
    folders.iter().fold(Small::default().with("cobrand.yaml", settings), |all, folder| {
        let read = Small::read(&root.join(folder));
        read.paths().fold(all, |all, path| all.with(&format!("{folder}/{path}"), read.bytes(path)))
    })
}

/// The workspace with files in it.
fn with(workspace: &Small, files: &[NewFile]) -> Small {
    files.iter().fold(workspace.clone(), |all, file| all.with(&file.path, file.text.as_str()))
}

fn open(workspace: &Small) -> (Program, Diagnostics) {
    let (program, found) = Program::open(&workspace.memory());
    (program.unwrap_or_else(|_| panic!("the workspace is whole")), found)
}

/// Code, file and message of each finding, so that two runs can be compared.
fn shown(found: Diagnostics, sources: &Sources) -> Vec<String> {
    let file = |place: &cobrand::diag::Label| sources.get(place.span.source).path.to_string();
    let line = |found: &cobrand::diag::Diagnostic| {
        format!("{} {} {}", found.code, found.place.as_ref().map(file).unwrap_or_default(), found.message)
    };
    found.sorted(sources).iter().map(line).collect()
}

/// What is said of a workspace before any deployment is made.
fn said(workspace: &Small) -> Vec<String> {
    let (program, found) = open(workspace);
    shown(found, program.sources())
}

/// What `check` says of all of it.
fn checked(workspace: &Small) -> Vec<String> {
    let (program, mut found) = open(workspace);
    found.append(build::check(&program, &Options::default(), &Unwatched).diagnostics);
    shown(found, program.sources())
}

fn errors(found: &[String]) -> Vec<&String> {
    found.iter().filter(|line| line.starts_with("E-")).collect()
}

/// The files with their edits made: all values of a YAML file, and of a Markdown file the operation at `turn`;
/// and whether any file has an operation left.
fn uncommented(files: &[NewFile], turn: usize) -> (Vec<NewFile>, bool) {
    let mut has_more = false;
    let mut edit = |file: &NewFile| {
        let text = match file.path.ends_with(".md") {
            true => {
                let (text, count) = operation(&file.text, turn);
                has_more |= turn + 1 < count;
                text
            }
            false => without_comments(&file.text),
        };
        NewFile { path: file.path.clone(), text }
    };
    let edited = files.iter().map(&mut edit).collect();
    (edited, has_more)
}

/// Takes a `#` away from each line, as editors do.
fn without_comments(text: &str) -> String {
    let line = |line: &str| {
        let bare = line.strip_prefix("# ").or_else(|| line.strip_prefix('#')).unwrap_or(line);
        format!("{bare}\n")
    };
    text.lines().map(line).collect()
}

/// The Markdown with one of its operations made to count, and how many there are. Front matter is the first.
fn operation(text: &str, turn: usize) -> (String, usize) {
    let is_open = |line: &str| line.starts_with("<!-- ") && line.contains(": ") && !line.contains("-->");
    let is_operation = |line: &str| {
        let name = line.trim_start_matches("<!-- ").split(':').next().unwrap_or("");
        is_open(line) && ["replace", "replace-body", "append", "insert"].contains(&name)
    };
    let (mut made, mut seen, mut front) = (String::new(), 0, text.starts_with("---\n"));
    let has_front = front;
    for (at, line) in text.lines().enumerate() {
        let counted = is_operation(line) || line.starts_with("<!-- # ");
        let is_turn = counted && seen + usize::from(has_front) == turn;
        seen += usize::from(counted);
        let edited = match line {
            _ if front && turn == 0 && line.starts_with('#') => without_comments(line).trim_end().to_owned(),
            _ if is_turn && line.starts_with("<!-- # ") => line.replacen("# ", "", 1),
            _ if is_turn => format!("{line} -->"),
            _ => line.to_owned(),
        };
        front &= at == 0 || line != "---";
        made.push_str(&edited);
        made.push('\n');
    }
    (made, seen + usize::from(has_front))
}

/// Every form for values that are not there yet: one for each axis, and a partner for each tier.
fn values(program: &Program, paths: &[&str]) -> Vec<Scaffold> {
    let catalog = program.catalog();
    let mut made = Vec::new();
    for axis in catalog.settings.axis_ids().filter(|&axis| axis != catalog.settings.partner()) {
        let name = &*catalog.settings.axis(axis).name;
        let request = |id: &str, parent: Option<&str>| value::Request {
            axis: name.to_owned(),
            id: format!("{id}-{name}"),
            parent: parent.map(str::to_owned),
            paths: owned(paths),
            ..value::Request::default()
        };
        made.push(value::scaffold(program, &request("new", None)).unwrap());
        for parent in catalog.axes[axis.0].ids() {
            made.push(value::scaffold(program, &request(&format!("child-of-{parent}"), Some(parent))).unwrap());
        }
    }
    let tier = catalog.settings.axis_named("tier").unwrap();
    for tier in catalog.axes[tier.0].ids() {
        let entitled = BTreeMap::from([("tier".to_owned(), vec![tier.to_owned()])]);
        let request = partner::Request { id: format!("new-{tier}"), entitled, ..partner::Request::default() };
        made.push(partner::scaffold(program, &request).unwrap());
    }
    made
}

/// The overlay of every value and of every so many pairs of values, where something is open. Of partners one for
/// each tier, since others of it may do the same.
fn overlays(program: &Program, paths: &[&str], every: usize) -> Vec<Scaffold> {
    let catalog = program.catalog();
    let tier = |id: &str| {
        let record = catalog.axes[catalog.settings.partner().0]
            .index(id)
            .and_then(|value| catalog.record(catalog.settings.partner(), value));
        record.and_then(|record| record.as_map()?.get("tier")?.as_text().cloned())
    };
    let mut seen = Vec::new();
    let mut is_new = |axis: usize, id: &str| {
        let tier = tier(id).filter(|_| axis == catalog.settings.partner().0);
        let is_new = tier.is_none() || !seen.contains(&tier);
        seen.push(tier);
        is_new
    };
    let mut all: Vec<(usize, String)> = Vec::new();
    for (axis, own) in catalog.settings.axes.iter().enumerate() {
        let ids = catalog.axes[axis].ids().filter(|id| is_new(axis, id));
        all.extend(ids.map(|id| (axis, format!("{}={id}", own.name))));
    }
    let singles = all.iter().map(|(_, layer)| layer.clone());
    let pairs = all.iter().flat_map(|(axis, layer)| {
        all.iter().filter(move |(other, _)| other > axis).map(move |(_, other)| format!("{layer},{other}"))
    });
    let paths = owned(paths);
    // Elsewhere nothing is open, or its files are there already.
    let made = singles.chain(pairs.step_by(every)).filter_map(|layer| overlay::scaffold(program, &layer, &paths).ok());
    made.collect()
}

fn owned(paths: &[&str]) -> Vec<String> {
    paths.iter().map(|path| (*path).to_owned()).collect()
}

fn files(scaffolds: Vec<Scaffold>) -> Vec<NewFile> {
    scaffolds.into_iter().flat_map(|made| made.files).collect()
}

/// Adds files, then makes every edit they offer, a turn at a time.
fn all_allowed(workspace: &Small, files: &[NewFile], look: fn(&Small) -> Vec<String>) {
    let (mut turn, mut more) = (0, true);
    while more {
        let (edited, has_more) = uncommented(files, turn);
        let found = look(&with(workspace, &edited));
        assert_eq!(errors(&found), Vec::<&String>::new(), "turn {turn}");
        (turn, more) = (turn + 1, has_more);
    }
    assert!(turn > 1, "nothing was edited");
}

#[test]
fn what_is_scaffolded_for_the_small_workspace_is_allowed() {
    let workspace = Small::base();
    let before = checked(&workspace);
    let all = ["content/landing.md", "nurture.yaml", "package.yaml"];
    let (program, _) = open(&workspace);
    for files in [files(values(&program, &all)), files(overlays(&program, &all, 1))] {
        assert_eq!(checked(&with(&workspace, &files)), before);
        all_allowed(&workspace, &files, checked);
    }
}

#[test]
fn what_is_scaffolded_for_the_sample_is_allowed() {
    let workspace = sample();
    let before = said(&workspace);
    // One of each kind: each turn reads the whole program again.
    let landing = ["#hero", "#pillars/evidence", "#proof/regional", "#spotlight"];
    let landing = landing.map(|block| format!("content/landing.md{block}"));
    let some: Vec<&str> = landing.iter().map(String::as_str).chain(["nurture.emails[case]", "package.yaml"]).collect();
    let (program, _) = open(&workspace);
    let (values, overlays) = (files(values(&program, &some)), files(overlays(&program, &some, 4)));
    assert!(overlays.len() > 50, "{}", overlays.len());
    for files in [values, overlays] {
        assert_eq!(said(&with(&workspace, &files)), before);
        all_allowed(&workspace, &files, said);
    }
}

#[test]
fn a_new_partner_of_each_tier_and_in_each_region_builds_as_it_is_written() {
    let workspace = sample();
    let (program, _) = open(&workspace);
    let catalog = program.catalog();
    let axis = catalog.settings.axis_named("region").unwrap();
    let all: Vec<String> = catalog.axes[axis.0].ids().map(str::to_owned).collect();
    let one = vec!["dach".to_owned()];
    for (tier, regions, warns) in [("one-to-many", &all, false), ("one-to-few", &one, true), ("one-to-one", &one, true)]
    {
        let entitled =
            BTreeMap::from([("tier".to_owned(), vec![tier.to_owned()]), ("region".to_owned(), regions.clone())]);
        let request = partner::Request { id: "orbit".to_owned(), entitled, ..partner::Request::default() };
        let made = partner::scaffold(&program, &request).unwrap();
        let (program, found) = open(&with(&workspace, &made.files));
        assert!(!found.has_errors());
        let options = Options { queries: vec![cobrand::matrix::query::Query::new("orbit/**")], ..Options::default() };
        let report = build::check(&program, &options, &Unwatched);
        assert_eq!(report.outcomes.len(), regions.len());
        let found = shown(report.diagnostics, program.sources());
        // That the packages of all regions are more than one mailbox does in a week is said, and right.
        let is_own = |line: &&String| line.contains("orbit") || line.starts_with("E-");
        let own: Vec<_> = found.iter().filter(is_own).filter(|line| !line.contains("if each is like it")).collect();
        // A tier that expects words of its own says so until there are some.
        assert_eq!(own.len(), usize::from(warns), "{own:?}");
        assert!(own.iter().all(|line| line.starts_with("W-LOGOSWAP")), "{own:?}");
    }
}
