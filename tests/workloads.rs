//! The workloads of the benchmark: `wide` is the same each time and of the shape that `docs/performance.md` tells, and it and
//! `generated` are programs that build. A benchmark of a workspace that is refused would measure nothing.

#![allow(clippy::disallowed_methods, reason = "workspaces are written, outside of any output")]

#[path = "bench/files.rs"]
mod files;
#[path = "bench/generate.rs"]
mod generate;
#[path = "bench/wide/mod.rs"]
mod wide;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use cobrand::build::{self, Options, Program, Unwatched};
use cobrand::matrix::query::Query;
use cobrand::workspace::DiskFiles;
use wide::draw::{Partner, Tier, Voice, partners};
use wide::record::{HEADER, row};

/// Of thirty partners.
const SMALL: usize = 75;

fn tree(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = walkdir::WalkDir::new(folder).into_iter().map(Result::unwrap);
    let read = |entry: walkdir::DirEntry| {
        let path = entry.path().strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
        (path, std::fs::read(entry.path()).unwrap())
    };
    entries.filter(|entry| entry.file_type().is_file()).map(read).collect()
}

#[test]
fn it_is_the_same_twice_and_an_edit_changes_one_file() {
    let (first, second) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (first, second) = (first.path().join("workspace"), second.path().join("workspace"));
    wide::write(SMALL, &first).unwrap();
    wide::write(SMALL, &second).unwrap();
    let written = tree(&first);
    assert!(written == tree(&second));
    wide::edit_partner(SMALL, &second, 1).unwrap();
    let edited = tree(&second);
    let changed: Vec<&String> = written.keys().filter(|path| written[*path] != edited[*path]).collect();
    assert!(changed.len() == 1 && written.len() == edited.len(), "{changed:?}");
    wide::edit_partner(SMALL, &second, 0).unwrap();
    assert!(written == tree(&second), "edition 0 is the first");
}

/// How many of all are so, in percent.
fn share(all: &[Partner], is_so: impl Fn(&Partner) -> bool) -> usize {
    all.iter().filter(|partner| is_so(partner)).count() * 100 / all.len()
}

#[test]
fn its_shape_is_that_of_a_real_program() {
    let all = partners(wide::partners_of(1_000));
    assert_eq!(all.len(), 400);
    let cells = || all.iter().flat_map(|partner| partner.ground.cells(partner.tier));
    let (deployments, bases) = (cells().count(), cells().collect::<BTreeSet<_>>().len());
    assert!((950..=1_050).contains(&deployments) && bases >= 300, "{deployments} deployments of {bases} bases");
    assert!(all.iter().all(|partner| (1..=6).contains(&partner.ground.cells(partner.tier).count())));
    assert_eq!([Tier::One, Tier::Few, Tier::Many].map(|tier| share(&all, |partner| partner.tier == tier)), [1, 10, 89]);
    assert!(share(&all, |partner| partner.ground.regions.len() == 1) > 80);
    assert!(share(&all, |partner| partner.ground.industries.len() <= 2) > 75);
    assert!((30..=36).contains(&share(&all, |partner| partner.voice != Voice::Silent)));
    assert!((8..=12).contains(&share(&all, |partner| partner.voice == Voice::SeveralLanguages)));
}

/// Whoever reads like another is refused, however many there are.
#[test]
fn nobody_is_taken_for_another() {
    let all = partners(12_000);
    let differing = |of: &dyn Fn(&Partner) -> String| {
        all.iter().map(|partner| of(partner).to_lowercase()).collect::<BTreeSet<_>>().len()
    };
    let cell = |column: &'static str| {
        let at = HEADER.iter().position(|name| *name == column).unwrap();
        move |partner: &Partner| row(partner, 0)[at].clone()
    };
    for column in ["id", "name", "website", "contact.email", "legal.legal_name", "legal.email"] {
        assert_eq!(differing(&cell(column)), all.len(), "{column}");
    }
    assert!(all.iter().all(|partner| partner.id.bytes().all(|byte| byte == b'-' || byte.is_ascii_lowercase())));
}

/// One deployment of each region, and of each tier with each way to speak, as far as there are any.
fn chosen(partners: &[Partner]) -> Vec<String> {
    let (mut regions, mut kinds) = (BTreeSet::new(), BTreeSet::new());
    let all = partners.iter().flat_map(|partner| partner.ground.cells(partner.tier).map(move |cell| (partner, cell)));
    let wanted = all.filter(|(partner, (tier, _, _, region))| {
        let is_new_kind = kinds.insert((*tier, partner.voice));
        regions.insert(*region) || is_new_kind
    });
    wanted
        .map(|(partner, (_, motion, industry, region))| format!("{}/{motion}/{industry}/{region}", partner.id))
        .collect()
}

/// All of it is read and held to the policy; of its packages some are made, since there is little time in a test.
#[test]
fn it_opens_and_builds_without_a_word() {
    let folder = tempfile::tempdir().unwrap();
    let workspace = folder.path().join("workspace");
    wide::write(SMALL, &workspace).unwrap();
    let (program, found) = Program::open(&DiskFiles::new(&workspace));
    let program = program.unwrap_or_else(|_| panic!("it does not open: {found:?}"));
    assert!(found.is_empty(), "{:#?}", found.sorted(program.sources()));

    let partners = partners(wide::partners_of(SMALL));
    let planned: usize = partners.iter().map(|partner| partner.ground.cells(partner.tier).count()).sum();
    assert_eq!(program.matrix().len(), planned);
    let queries = chosen(&partners);
    let options = Options { queries: queries.iter().map(|id| Query::new(id)).collect(), ..Options::default() };
    let report = build::check(&program, &options, &Unwatched);
    assert!(report.outcomes.len() >= 9, "{queries:?}");
    assert!(report.diagnostics.is_empty(), "{:#?}", report.diagnostics.sorted(program.sources()));
}

#[test]
fn the_generated_one_builds_without_a_word() {
    let folder = tempfile::tempdir().unwrap();
    let workspace = folder.path().join("workspace");
    generate::write(generate::Size::of(8), &workspace).unwrap();
    let (program, found) = Program::open(&DiskFiles::new(&workspace));
    let program = program.unwrap_or_else(|_| panic!("it does not open: {found:?}"));
    assert!(found.is_empty(), "{:#?}", found.sorted(program.sources()));
    let report = build::check(&program, &Options::default(), &Unwatched);
    assert_eq!(report.outcomes.len(), 8);
    assert!(report.diagnostics.is_empty(), "{:#?}", report.diagnostics.sorted(program.sources()));
}
