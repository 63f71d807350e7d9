//! What no build wrote stays as it is.

use std::os::unix::fs::symlink;

use super::bench::{Bench, Files, expect};
use crate::emit::Output;

const ID: &str = "acme/launch";
const OLD: Files<'static> = &[("site/index.html", "<p>one"), ("b.txt", "b")];
const NEW: Files<'static> = &[("site/index.html", "<p>two"), ("b.txt", "b")];

#[track_caller]
fn refused(bench: &Bench, files: Files<'_>, names: &str) {
    let before = bench.tree();
    let diagnostic = bench.build(ID, files).unwrap_err();
    assert_eq!(diagnostic.code.0, "E-FOREIGN");
    assert_eq!(diagnostic.deployments, [ID.into()]);
    assert!(diagnostic.notes.iter().any(|note| note.contains(names)), "{:?}", diagnostic.notes);
    assert_eq!(bench.tree(), before);
    assert_eq!(bench.stage(), [""; 0]);
}

#[test]
fn an_edited_file_is_not_overwritten() {
    let bench = Bench::new();
    bench.build(ID, OLD).unwrap();
    bench.write("acme/launch/site/index.html", "<p>1!!");
    refused(&bench, NEW, "output/acme/launch/site/index.html");
    // Not even by a build that would not change it.
    refused(&bench, OLD, "output/acme/launch/site/index.html");
    bench.write("acme/launch/site/index.html", "<p>one");
    expect(bench.build(ID, NEW), 3, 1, 0);
}

#[test]
fn an_added_file_is_not_lost_and_others_go_on() {
    let bench = Bench::new();
    bench.build(ID, OLD).unwrap();
    bench.write("acme/launch/site/notes.txt", "mine");
    refused(&bench, NEW, "output/acme/launch/site/notes.txt");
    expect(bench.build("acme/event", OLD), 4, 0, 0);
}

#[test]
fn a_zip_that_was_edited_keeps_the_package_from_changing() {
    let bench = Bench::new();
    bench.build(ID, OLD).unwrap();
    bench.write("acme/downloads/acme-launch.zip", "mine");
    refused(&bench, NEW, "acme/downloads/acme-launch.zip");
}

#[test]
fn a_folder_in_the_place_of_a_package_is_not_taken() {
    let bench = Bench::new();
    bench.build("other/launch", OLD).unwrap();
    bench.write("acme/launch/readme.txt", "mine");
    refused(&bench, NEW, "acme/launch/readme.txt");
    std::fs::remove_dir_all(bench.folder.join("acme")).unwrap();
    bench.write("acme", "a file");
    refused(&bench, NEW, "output/acme");
}

#[test]
fn a_symbolic_link_leads_nowhere() {
    let bench = Bench::new();
    let elsewhere = tempfile::tempdir().unwrap();
    let put_aside = elsewhere.path().join("site");
    bench.build(ID, OLD).unwrap();
    std::fs::rename(bench.folder.join("acme/launch/site"), &put_aside).unwrap();
    symlink(&put_aside, bench.folder.join("acme/launch/site")).unwrap();
    refused(&bench, NEW, "acme/launch/site");
    std::fs::remove_file(bench.folder.join("acme/launch/site")).unwrap();
    expect(bench.build(ID, NEW), 3, 1, 0);

    std::fs::rename(bench.folder.join("acme"), elsewhere.path().join("acme")).unwrap();
    symlink(elsewhere.path().join("acme"), bench.folder.join("acme")).unwrap();
    let diagnostic = bench.build(ID, OLD).unwrap_err();
    assert_eq!(diagnostic.code.0, "E-FOREIGN");
    let (changes, warnings) = bench.open().remove_stale(&|_| false);
    assert_eq!(changes.removed, 0);
    assert!(warnings.iter().all(|warning| warning.code.0 == "W-FOREIGN"), "{warnings:?}");
    assert!(elsewhere.path().join("acme/launch/site/index.html").exists());
}

#[test]
fn a_stale_package_with_an_edit_stays_with_a_warning() {
    let bench = Bench::new();
    bench.build(ID, OLD).unwrap();
    bench.write("acme/launch/b.txt", "edited");
    let before = bench.tree();
    let (changes, diagnostics) = bench.open().remove_stale(&|path| path.ends_with(".zip"));
    assert_eq!((changes.removed, diagnostics.len()), (0, 1));
    assert!(!diagnostics.has_errors());
    assert_eq!(bench.tree(), before);
}

#[test]
fn an_output_folder_with_other_files_is_refused() {
    let bench = Bench::new();
    bench.write("thesis.doc", "mine");
    let diagnostic = Output::open(&bench.folder).unwrap_err();
    assert_eq!(diagnostic.code.0, "E-FOREIGN");
    assert!(diagnostic.message.contains("`thesis.doc`"));
    assert_eq!(bench.tree().len(), 1);
    assert!(!bench.folder.join(".cobrand").exists());
}

#[test]
fn an_output_folder_with_only_a_gitignore_is_fine_and_keeps_it() {
    let bench = Bench::new();
    bench.write(".gitignore", "*\n");
    bench.build(ID, OLD).unwrap();
    bench.open().remove_stale(&|_| false);
    assert_eq!(bench.read(".gitignore").as_deref(), Some("*\n"));
    assert_eq!(bench.tree().len(), 1);
}

#[test]
fn an_output_folder_that_is_a_symbolic_link_is_refused() {
    let bench = Bench::new();
    let elsewhere = tempfile::tempdir().unwrap();
    symlink(elsewhere.path(), &bench.folder).unwrap();
    for path in [bench.folder.clone(), bench.folder.join("")] {
        assert_eq!(Output::open(&path).unwrap_err().code.0, "E-FOREIGN");
    }
    assert_eq!(std::fs::read_dir(elsewhere.path()).unwrap().count(), 0);
}

#[test]
fn one_process_writes_at_a_time() {
    let bench = Bench::new();
    let first = bench.open();
    let diagnostic = Output::open(&bench.folder).unwrap_err();
    assert_eq!(diagnostic.code.0, "E-LOCKED");
    assert!(diagnostic.message.starts_with(&format!("process {} is writing", std::process::id())));
    assert!(diagnostic.notes[0].contains("output/.cobrand/lock"));
    drop(first);
    // The file is still there; a dead process holds nothing by it.
    assert!(bench.folder.join(".cobrand/lock").exists());
    bench.open();
}
