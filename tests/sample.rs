//! The program at the repository's root: it opens and builds without a word, in every locale.

#[path = "support/outcome.rs"]
mod outcome;
#[path = "support/small.rs"]
mod small;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use cobrand::build::{self, Options, Program, Unwatched};
use cobrand::emit::Output;
use cobrand::matrix::query::Query;
use cobrand::workspace::DiskFiles;
use outcome::Outcome;
use small::Small;

fn sample() -> Program {
    let (program, diagnostics) = Program::open(&DiskFiles::new(env!("CARGO_MANIFEST_DIR")));
    let program = program.unwrap_or_else(|_| panic!("the sample does not open: {diagnostics:?}"));
    assert!(diagnostics.is_empty(), "{:?}", diagnostics.sorted(program.sources()));
    program
}

/// Deployments that have all locales between them.
fn one_for_each_locale(program: &Program) -> Vec<cobrand::deployment::Deployment> {
    let mut seen = BTreeSet::new();
    let all = build::list(program, &[]);
    all.iter().filter(|deployment| deployment.locales.iter().any(|tag| seen.insert(tag.clone()))).collect()
}

fn built(program: &Program, ids: &[&str], folder: &Path) {
    let options = Options { queries: ids.iter().map(|id| Query::new(id)).collect(), zips: true, ..Options::default() };
    let output = Output::open(folder).unwrap();
    let report = build::build(program, &output, &options, &Unwatched);
    let said = report.diagnostics.sorted(program.sources());
    assert!(said.is_empty(), "{said:#?}");
    assert_eq!(report.outcomes.len(), ids.len());
    output.finish().unwrap();
}

/// Every file below a folder but the program's own.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = walkdir::WalkDir::new(folder).into_iter().map(Result::unwrap);
    let read = |entry: walkdir::DirEntry| {
        let path = entry.path().strip_prefix(folder).unwrap().to_str().unwrap().replace('\\', "/");
        (!path.starts_with(".cobrand")).then(|| (path, std::fs::read(entry.path()).unwrap()))
    };
    entries.filter(|entry| entry.file_type().is_file()).filter_map(read).collect()
}

#[test]
fn the_sample_builds_in_every_locale_twice_alike_and_verifies() {
    let program = sample();
    assert!(program.matrix().len() >= 100, "{} deployments", program.matrix().len());
    let chosen = one_for_each_locale(&program);
    let ids: Vec<&str> = chosen.iter().map(|deployment| &*deployment.id).collect();
    let tags: BTreeSet<&str> = chosen.iter().flat_map(|d| d.locales.iter().map(|tag| &**tag)).collect();
    assert!(tags.len() >= 9 && tags.contains("ar-AE"), "{tags:?}");
    let (first, second) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    built(&program, &ids, first.path());
    rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap().install(|| built(&program, &ids, second.path()));
    let written = files(first.path());
    assert!(written == files(second.path()), "two builds differ, by one thread and by many");
    for deployment in &chosen {
        for (index, tag) in deployment.locales.iter().enumerate() {
            let folder = if index == 0 { String::new() } else { format!("{}/", tag.to_ascii_lowercase()) };
            let path = format!("{}/site/{folder}index.html", deployment.id);
            let page = std::str::from_utf8(&written[&path]).unwrap();
            let language = tag.split('-').next().unwrap();
            let direction = if language == "ar" { "rtl" } else { "ltr" };
            let head: String = page.chars().take(400).collect();
            assert!(
                head.contains(&format!("lang=\"{tag}\"")) || head.contains(&format!("lang=\"{language}\"")),
                "{head}"
            );
            assert!(head.contains(&format!("dir=\"{direction}\"")), "{path}: {head}");
        }
    }
    let report = cobrand::verify::verify(first.path(), &Default::default());
    assert!(!report.diagnostics.has_errors(), "{:#?}", report.diagnostics);
}

/// The small workspace's templates in Tera: the same data, filters and functions, and the same
/// lines. Tera leaves the line of a statement empty, so empty lines are passed over.
#[test]
fn tera_templates_see_the_same_and_print_the_same() {
    let base = Small::base();
    let tera = base.in_tera();
    let (jinja, tera) = (Outcome::build(&base.memory()), Outcome::build(&tera.memory()));
    assert!(jinja.said.is_empty() && tera.said.is_empty(), "{}{}", jinja.told(), tera.told());
    let read = |outcome: &Outcome| files(&outcome.output.as_ref().unwrap().path().join("output/beta/launch"));
    let (jinja, tera) = (read(&jinja), read(&tera));
    assert!(jinja.len() > 20);
    let pages = |files: &BTreeMap<String, Vec<u8>>| -> BTreeMap<String, String> {
        let is_page = |path: &str| [".html", ".txt"].iter().any(|ending| path.ends_with(ending));
        let own = files.iter().filter(|(path, _)| is_page(path));
        let lines = |bytes: &Vec<u8>| {
            let text = String::from_utf8(bytes.clone()).unwrap();
            text.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
        };
        own.map(|(path, bytes)| (path.clone(), lines(bytes))).collect()
    };
    assert_eq!(pages(&jinja), pages(&tera));
}
