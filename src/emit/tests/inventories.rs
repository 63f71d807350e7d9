//! Inventories: what stands is listed, and only what changed is looked at.

use super::bench::{Bench, Files, heading, path};
use crate::digest::Digest;
use crate::inventory::{Heading, Inventory, folder_of};

const ONE: Files<'_> = &[("site/index.html", "<p>one")];
const TWO: Files<'_> = &[("site/index.html", "<p>two")];

fn read(bench: &Bench, folder: &str) -> Inventory {
    Inventory::read(bench.read(&crate::inventory::path_in(folder)).unwrap().as_bytes()).unwrap()
}

fn paths(bench: &Bench, folder: &str) -> Vec<String> {
    let inventory = read(bench, folder);
    let packages = inventory.packages.into_iter().map(|listed| listed.path);
    packages.chain(inventory.files.into_iter().map(|listed| listed.path)).collect()
}

/// What a build of nothing else would list.
fn cold(packages: &[(&str, Files<'_>)]) -> Bench {
    let bench = Bench::new();
    for (id, files) in packages {
        bench.build(id, files).unwrap();
    }
    bench.take_inventory();
    bench
}

#[track_caller]
fn assert_as_cold(bench: &Bench, packages: &[(&str, Files<'_>)]) {
    let cold = cold(packages);
    let own = |bench: &Bench| -> Vec<(String, Vec<u8>)> {
        let files = bench.tree().into_iter().filter(|(path, _)| folder_of(path).is_some());
        files.map(|(path, (.., bytes))| (path, bytes)).collect()
    };
    assert!(own(bench) == own(&cold), "{:#?} {:#?}", bench.tree().keys(), cold.tree().keys());
}

#[test]
fn what_stands_is_listed_and_nothing_is_written_twice() {
    let bench = cold(&[("a/x", ONE), ("a/y", ONE), ("b/x", ONE)]);
    assert_eq!(paths(&bench, "a"), ["x", "y", "downloads/a-x.zip", "downloads/a-y.zip"]);
    assert_eq!(paths(&bench, ""), ["a/inventory.json", "b/inventory.json"]);
    let zip = &read(&bench, "b").files[0];
    let bytes = std::fs::read(bench.folder.join("b/downloads/b-x.zip")).unwrap();
    assert_eq!((zip.bytes, zip.digest), (bytes.len() as u64, Digest::of(&bytes)));
    let before = bench.tree();
    let again = bench.take_inventory();
    assert_eq!((again.written, again.kept, again.removed), (0, 3, 0));
    bench.build("a/x", ONE).unwrap();
    assert_eq!(bench.take_inventory().written, 0);
    assert_eq!(bench.tree(), before);
}

#[test]
fn a_change_reaches_the_inventories_that_list_it() {
    let bench = cold(&[("a/x", ONE), ("b/x", ONE)]);
    bench.build("a/x", TWO).unwrap();
    let taken = bench.take_inventory();
    assert_eq!((taken.written, taken.kept), (2, 1));
    assert_as_cold(&bench, &[("a/x", TWO), ("b/x", ONE)]);
}

#[test]
fn another_version_reaches_the_inventories_of_folders_in_which_nothing_changed() {
    let bench = cold(&[("a/x", ONE), ("b/x", ONE)]);
    let output = bench.open();
    output.take_inventory(&Heading { version: "next", ..heading() });
    output.finish().unwrap();
    assert_eq!(["", "a", "b"].map(|folder| read(&bench, folder).version), ["next", "next", "next"]);
    assert_eq!(bench.take_inventory().written, 3, "and back");
}

#[test]
fn the_inventory_of_a_partner_that_left_goes() {
    let bench = cold(&[("a/x", ONE), ("b/x", ONE)]);
    let output = bench.open();
    output.remove_stale(&|path| path.starts_with("a/"));
    output.finish().unwrap();
    let taken = bench.take_inventory();
    assert_eq!((taken.written, taken.kept, taken.removed), (1, 1, 1));
    assert!(!bench.folder.join("b").exists());
    assert_as_cold(&bench, &[("a/x", ONE)]);
}

#[test]
fn a_lost_inventory_is_written_again() {
    let bench = cold(&[("a/x", ONE), ("b/x", ONE)]);
    for path in ["a/inventory.json", "inventory.json"] {
        std::fs::remove_file(bench.folder.join(path)).unwrap();
        assert_eq!(bench.take_inventory().written, 1);
        assert_as_cold(&bench, &[("a/x", ONE), ("b/x", ONE)]);
    }
}

#[test]
fn a_signature_goes_with_what_it_signs() {
    let bench = cold(&[("a/x", ONE), ("b/x", ONE)]);
    let sign = |signature: &str| {
        let output = bench.open();
        output.put_file(&path(signature), b"signed").unwrap();
        output.finish().unwrap();
    };
    let all = ["a/inventory.json.minisig", "b/inventory.json.minisig", "inventory.json.minisig"];
    all.iter().for_each(|signature| sign(signature));
    assert_eq!(bench.take_inventory().removed, 0);
    // Nothing lists a signature.
    assert_as_cold_but_signed(&bench);
    bench.build("a/x", TWO).unwrap();
    let output = bench.open();
    let (taken, said) = output.take_inventory(&heading());
    let codes: Vec<_> = said.iter().map(|finding| finding.code.0).collect();
    assert_eq!((taken.removed, codes), (2, vec!["W-UNSIGNED", "W-UNSIGNED"]));
    assert_eq!(all.map(|signature| bench.folder.join(signature).exists()), [false, true, false]);
}

fn assert_as_cold_but_signed(bench: &Bench) {
    let cold = cold(&[("a/x", ONE), ("b/x", ONE)]);
    assert_eq!(bench.read("inventory.json"), cold.read("inventory.json"));
    assert_eq!(bench.read("a/inventory.json"), cold.read("a/inventory.json"));
}

#[test]
fn somebody_elses_signature_is_left_and_said_to_be_old() {
    let bench = cold(&[("a/x", ONE)]);
    bench.write("inventory.json.minisig", "by another program");
    bench.build("a/x", TWO).unwrap();
    let output = bench.open();
    let (_, said) = output.take_inventory(&heading());
    assert!(said.iter().next().unwrap().message.ends_with("does not sign what stands there now"));
    assert!(bench.folder.join("inventory.json.minisig").exists());
}
