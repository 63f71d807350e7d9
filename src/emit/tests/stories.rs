//! Build, change something, build again.

use rayon::prelude::*;

use super::bench::{Bench, expect, path};
use crate::digest::Digest;
use crate::emit::{Changes, Check};

const ID: &str = "acme/launch/retail/dach";
const OLD: super::bench::Files<'static> =
    &[("site/index.html", "<p>one"), ("site/assets/style.css", "p{}"), ("emails/01.txt", "hello"), ("old.txt", "o")];
const NEW: super::bench::Files<'static> =
    &[("site/index.html", "<p>two"), ("site/assets/style.css", "p{}"), ("emails/01.txt", "hello"), ("new/a.txt", "n")];

#[test]
fn the_first_build_writes_everything() {
    let bench = Bench::new();
    let changes = bench.build(ID, OLD).unwrap();
    // Four files, the manifest and the zip.
    assert_eq!((changes.written, changes.kept, changes.removed), (6, 0, 0));
    let tree = bench.tree();
    assert_eq!(changes.bytes, tree.values().map(|(_, _, content)| content.len() as u64).sum::<u64>());
    assert_eq!(bench.read("acme/launch/retail/dach/site/index.html").as_deref(), Some("<p>one"));
    assert!(tree.contains_key("acme/downloads/acme-launch-retail-dach.zip"));
    assert_eq!(bench.stage(), [""; 0]);
}

#[test]
fn nothing_changed_touches_nothing() {
    let bench = Bench::new();
    bench.build(ID, OLD).unwrap();
    let before = bench.tree();
    expect(bench.build(ID, OLD), 0, 6, 0);
    assert_eq!(bench.tree(), before);
}

#[test]
fn only_what_differs_is_written_and_the_rest_keeps_inode_and_time() {
    let bench = Bench::new();
    bench.build(ID, OLD).unwrap();
    let before = bench.tree();
    // index.html, new/a.txt, the manifest and the zip are written; old.txt goes.
    expect(bench.build(ID, NEW), 4, 2, 1);
    let after = bench.tree();
    for kept in ["site/assets/style.css", "emails/01.txt"] {
        assert_eq!(before[&format!("{ID}/{kept}")], after[&format!("{ID}/{kept}")]);
    }
    assert!(!after.contains_key(&format!("{ID}/old.txt")));
    assert_eq!(bench.stage(), [""; 0]);
    expect(bench.build(ID, NEW), 0, 6, 0);
    // And back again: the same bytes as at first.
    bench.build(ID, OLD).unwrap();
    let contents = |tree: &std::collections::BTreeMap<String, (u64, i64, Vec<u8>)>| {
        tree.iter().map(|(name, (_, _, content))| (name.clone(), content.clone())).collect::<Vec<_>>()
    };
    assert_eq!(contents(&bench.tree()), contents(&before));
}

#[test]
fn a_file_that_was_only_touched_or_lost_is_no_conflict() {
    let bench = Bench::new();
    bench.build(ID, OLD).unwrap();
    bench.write(&format!("{ID}/emails/01.txt"), "hello");
    expect(bench.build(ID, OLD), 0, 6, 0);
    std::fs::remove_file(bench.folder.join(format!("{ID}/emails/01.txt"))).unwrap();
    expect(bench.build(ID, OLD), 1, 5, 0);
    std::fs::remove_dir_all(bench.folder.join("acme")).unwrap();
    expect(bench.build(ID, OLD), 6, 0, 0);
    std::fs::remove_file(bench.folder.join("acme/downloads/acme-launch-retail-dach.zip")).unwrap();
    expect(bench.build(ID, OLD), 1, 5, 0);
}

#[test]
fn a_package_is_current_until_its_inputs_or_files_change() {
    let bench = Bench::new();
    bench.build(ID, OLD).unwrap();
    let output = bench.open();
    for check in [Check::Stat, Check::Ledger] {
        assert_eq!(bench.current(&output, ID, OLD, check), Some(6));
        assert_eq!(bench.current(&output, ID, NEW, check), None);
        assert_eq!(bench.current(&output, "acme/other", OLD, check), None);
    }
    bench.write(&format!("{ID}/added.txt"), "mine");
    assert_eq!(bench.current(&output, ID, OLD, Check::Stat), None);
    assert_eq!(bench.current(&output, ID, OLD, Check::Ledger), Some(6));
    std::fs::remove_file(bench.folder.join(format!("{ID}/added.txt"))).unwrap();
    expect(bench.put(&output, ID, OLD), 0, 6, 0);
    assert_eq!(bench.current(&output, ID, OLD, Check::Stat), Some(6));
    std::fs::remove_file(bench.folder.join("acme/downloads/acme-launch-retail-dach.zip")).unwrap();
    assert_eq!(bench.current(&output, ID, OLD, Check::Stat), None);
}

#[test]
fn catalogues_are_written_when_they_differ() {
    let bench = Bench::new();
    let put = |text: &str| bench.open().put_file(&path("acme/index.html"), text.as_bytes()).unwrap();
    assert_eq!(put("one"), Changes { written: 1, bytes: 3, ..Changes::default() });
    let before = bench.tree();
    assert_eq!(put("one"), Changes { kept: 1, ..Changes::default() });
    assert_eq!(bench.tree(), before);
    assert_eq!(put("two!"), Changes { written: 1, bytes: 4, ..Changes::default() });
    bench.write("acme/index.html", "edited");
    let refused = bench.open().put_file(&path("acme/index.html"), b"three").unwrap_err();
    assert_eq!(refused.code.0, "E-FOREIGN");
    assert_eq!(bench.read("acme/index.html").as_deref(), Some("edited"));
}

#[test]
fn a_file_that_depends_on_what_it_did_is_not_made_again() {
    let bench = Bench::new();
    let place = path("acme/catalog.json");
    let put = |depends_on: &str, text: &str| {
        let mut made = 0;
        let done = bench.open().put_stream(&place, Digest::of(depends_on.as_bytes()), &mut |out| {
            made += 1;
            text.chars().try_for_each(|letter| write!(out, "{letter}"))
        });
        (made, done.unwrap())
    };
    assert_eq!(put("a", "one"), (1, Changes { written: 1, bytes: 3, ..Changes::default() }));
    assert_eq!(put("a", "never looked at"), (0, Changes { kept: 1, ..Changes::default() }));
    assert_eq!(put("b", "two"), (1, Changes { written: 1, bytes: 3, ..Changes::default() }));
    std::fs::remove_file(bench.folder.join("acme/catalog.json")).unwrap();
    assert_eq!(put("b", "two").0, 1);
    assert_eq!(bench.read("acme/catalog.json").as_deref(), Some("two"));
}

#[test]
fn a_file_that_cannot_be_made_to_its_end_leaves_the_old_one() {
    let bench = Bench::new();
    let (output, place) = (bench.open(), path("index.html"));
    output.put_file(&place, b"old").unwrap();
    let failed = output.put_stream(&place, Digest::of(b"new"), &mut |out| {
        out.write_all(&[b'x'; 100_000])?;
        Err(std::io::Error::other("no more"))
    });
    assert_eq!(failed.unwrap_err().code.0, "E-WRITE");
    assert_eq!(bench.read("index.html").as_deref(), Some("old"));
    assert_eq!(bench.stage(), [""; 0]);
    let (changes, _) = output.remove_stale_file("index.html");
    assert_eq!((changes.removed, output.has_file("index.html")), (1, false));
    assert_eq!(output.remove_stale_file("index.html").0, Changes::default());
}

#[test]
fn what_nobody_wants_any_more_is_removed_with_its_empty_folders() {
    let bench = Bench::new();
    bench.build(ID, OLD).unwrap();
    bench.build("acme/launch/retail/uki", OLD).unwrap();
    bench.build("other/launch", OLD).unwrap();
    let output = bench.open();
    output.put_file(&path("other/index.html"), b"x").unwrap();
    let (changes, diagnostics) = output.remove_stale(&|path| path == ID || path.ends_with("dach.zip"));
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    // Two packages of five files, two zips and a catalogue.
    assert_eq!(changes, Changes { removed: 13, ..Changes::default() });
    assert!(bench.tree().keys().all(|name| name.starts_with(ID) || name.ends_with("dach.zip")));
    assert!(!bench.folder.join("other").exists() && !bench.folder.join("acme/launch/retail/uki").exists());
    assert_eq!(bench.stage(), [""; 0]);
}

#[test]
fn a_package_may_take_the_place_of_those_within_it_once_they_are_removed() {
    let bench = Bench::new();
    bench.build("acme/launch/retail", OLD).unwrap();
    let output = bench.open();
    let refused = bench.put(&output, "acme/launch", OLD).unwrap_err();
    assert_eq!(refused.code.0, "E-FOREIGN");
    assert!(refused.message.contains("`acme/launch/retail` is in its way"), "{}", refused.message);
    assert_eq!(bench.put(&output, "acme/launch/retail/dach", OLD).unwrap_err().code.0, "E-FOREIGN");
    output.remove_stale(&|path| path == "acme/launch");
    expect(bench.put(&output, "acme/launch", OLD), 6, 0, 0);
}

#[test]
fn many_threads_put_many_packages_at_once() {
    let bench = Bench::new();
    let ids: Vec<String> = (0..60).map(|n| format!("p{}/launch/i{}", n % 7, n)).collect();
    for round in 0..3 {
        let output = bench.open();
        let text = format!("round {}", round.min(1));
        let total: Changes = ids
            .par_iter()
            .map(|id| bench.put(&output, id, &[("site/a.html", text.as_str()), ("site/b.html", "same")]).unwrap())
            .sum();
        let expected = [(240, 0), (180, 60), (0, 240)][round];
        assert_eq!((total.written, total.kept, total.removed), (expected.0, expected.1, 0));
    }
}
