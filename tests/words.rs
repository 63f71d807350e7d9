//! Words of the sample are bound to its path (J16): what its texts named wrongly before is found again.

#[path = "support/copied.rs"]
mod copied;

use std::path::Path;

use cobrand::build::{self, Options, Program, Unwatched};
use cobrand::matrix::query::Query;
use cobrand::workspace::DiskFiles;

const LAUNCH: &str = "kieswerk-digital/launch/financial-services/dach";

/// The deployment of the services motion that comes first.
fn services(program: &Program) -> String {
    let ids = program.matrix().ids(program.catalog());
    ids.into_iter().find(|id| id.contains("/services/")).unwrap()
}

/// What is said of J16 in a deployment, with its place.
fn said(root: &Path, id: impl Fn(&Program) -> String) -> Vec<String> {
    let program = Program::open(&DiskFiles::new(root));
    let (program, opened) = (program.0.unwrap_or_else(|_| panic!()), program.1);
    let options = Options { queries: vec![Query::new(&id(&program))], ..Options::default() };
    let mut found = opened;
    found.append(build::check(&program, &options, &Unwatched).diagnostics);
    let found = found.sorted(program.sources());
    let found = found.iter().filter(|it| it.code.0.ends_with("J16"));
    let line = |span| build::line(program.sources(), span);
    found.map(|it| format!("{} {}: {}", it.code.0, line(it.place.as_ref().unwrap().span), it.message)).collect()
}

#[test]
fn the_sample_names_what_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for id in [&services as &dyn Fn(&Program) -> String, &|_: &Program| LAUNCH.to_owned()] {
        assert_eq!(said(root, id), Vec::<String>::new());
    }
}

/// A motion sold scoping, and its follow-ups the session of another one.
#[test]
#[allow(clippy::disallowed_methods, reason = "a workspace is written to be edited")]
fn follow_ups_that_sell_what_another_motion_sells_are_found() {
    let workspace = copied::sample();
    let sales = workspace.path().join("master-templates/sales.yaml");
    let written = std::fs::read_to_string(&sales).unwrap();
    let changed = written.replace("next step: 90 minutes on [date", "next step: readiness session on [date");
    assert_ne!(written, changed);
    std::fs::write(sales, changed).unwrap();
    let found = said(workspace.path(), services);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("W-J16 master-templates/sales.yaml:"), "{found:?}");
    assert!(found[0].ends_with("`offer.session` is called `Scoping session` here"), "{found:?}");
    assert!(said(workspace.path(), |_| LAUNCH.to_owned()).is_empty());
}

/// A playbook asked for a file each week that nothing made.
#[test]
#[allow(clippy::disallowed_methods, reason = "a workspace is written to be edited")]
fn a_document_that_nothing_makes_is_found() {
    let workspace = copied::sample();
    let playbook = workspace.path().join("master-templates/content/playbook.md");
    let written = std::fs::read_to_string(&playbook).unwrap();
    std::fs::write(playbook, written.replace("Silence is not a status:", "Silence is no [status](node:status-sheet):"))
        .unwrap();
    let program = Program::open(&DiskFiles::new(workspace.path())).1;
    let found: Vec<String> = program.iter().filter(|it| it.is_error()).map(|it| it.message.clone()).collect();
    assert_eq!(found, ["words are bound to `status-sheet`, and there is no such node"]);
}
