use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;

use jiff::civil::date;
use proptest::prelude::*;

use super::*;
use crate::archive::{Level, PieceCache, deflate, write_zip};
use crate::emit::{Key, Output, Package, Zip};
use crate::inventory::{Heading, Inventory, signature_of};
use crate::manifest::{Bundle, Head, Manifest, Part, seal};
use crate::paths::OutputPath;
use crate::signature::{SecretKey, new_pair};
use crate::stopwatch::Stopwatch;

const ID: &str = "acme/launch";
const FOLDER: &str = "output/acme/launch";
const ZIP: &str = "output/acme/downloads/acme-launch.zip";
const OTHER_ZIP: &str = "output/acme/downloads/acme-event.zip";

fn path(text: &str) -> OutputPath {
    OutputPath::new(text).unwrap()
}

fn with_bundle(id: &str, index: &str, act: impl FnOnce(&Bundle<'_>)) {
    let (a, b) = (path("site/index.html"), path("emails/01.txt"));
    let text = "hello ".repeat(50);
    let parts = [(&a, index.as_bytes()), (&b, text.as_bytes())].map(|(path, bytes)| Part {
        path,
        bytes,
        kind: "page",
        component: "landing",
        sources: &[],
    });
    let head = Head { package: "p", version: "1", deployment: id, axes: &[], policy: Digest::default() };
    act(&seal(&head, &parts).unwrap());
}

fn keys() -> (SecretKey, PublicKey) {
    let pair = new_pair(None).unwrap();
    (SecretKey::read(&pair.secret, None).unwrap(), PublicKey::read(&pair.public).unwrap())
}

/// An output with two packages of one partner, one of another, and what else a build writes.
struct Bench {
    folder: tempfile::TempDir,
}

impl Bench {
    fn new() -> Self {
        let bench = Self { folder: tempfile::tempdir().unwrap() };
        bench.build(&[(ID, "<p>one"), ("acme/event", "<p>event"), ("beta/launch", "<p>beta")]);
        bench
    }

    fn at(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    fn build(&self, packages: &[(&str, &str)]) {
        let output = Output::open(&self.at("output")).unwrap();
        packages.iter().for_each(|(id, index)| Self::put(&output, id, index));
        for page in ["index.html", "catalog.js", "catalog.json", "acme/index.html", "beta/index.html"] {
            output.put_file(&path(page), page.as_bytes()).unwrap();
        }
        let heading = Heading { program: "p", version: "1", released: "2026-11-16".to_owned() };
        let (_, said) = output.take_inventory(&heading);
        assert!(!said.has_errors(), "{said:?}");
        output.finish().unwrap();
    }

    fn put(output: &Output, id: &str, index: &str) {
        let slug = id.replace('/', "-");
        let zip_path = path(&format!("{}/downloads/{slug}.zip", id.split('/').next().unwrap()));
        let pieces = PieceCache::new(Level::default(), 0);
        let stopwatch = Stopwatch::default();
        let date = date(2026, 1, 1).into();
        let zip = Zip { path: &zip_path, folder: &slug, date, pieces: &pieces, stopwatch: &stopwatch };
        with_bundle(id, index, |bundle| {
            output.put(&Package { id: &path(id), bundle, key: &Key::default(), zip: Some(zip) }).unwrap();
        });
    }

    /// Signs every inventory.
    fn sign(&self, key: &SecretKey) {
        for (path, _, bytes) in inventories(&self.at("output")).unwrap() {
            let signature = key.sign(&bytes, "of a test").unwrap();
            self.write(&format!("output/{}", signature_of(&path)), signature.as_bytes());
        }
    }

    fn read(&self, path: &str) -> Vec<u8> {
        std::fs::read(self.at(path)).unwrap()
    }

    fn write(&self, path: &str, bytes: &[u8]) {
        let path = self.at(path);
        let _ = std::fs::remove_file(&path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::File::create_new(path).unwrap().write_all(bytes).unwrap();
    }

    fn remove(&self, path: &str) {
        std::fs::remove_file(self.at(path)).unwrap();
    }

    fn swap(&self, a: &str, b: &str) {
        let (one, other) = (self.read(a), self.read(b));
        self.write(a, &other);
        self.write(b, &one);
    }

    /// Verifies a path and gives the codes and the files they name.
    fn found(&self, path: &str) -> Vec<(&'static str, String)> {
        self.found_by(path, &Against::default())
    }

    fn found_by(&self, path: &str, against: &Against<'_>) -> Vec<(&'static str, String)> {
        let report = verify(&self.at(path), against);
        let root = format!("{}/", self.folder.path().display());
        let name = |message: &str| message.split('`').nth(1).unwrap().replace(&root, "");
        report.diagnostics.iter().map(|finding| (finding.code.0, name(&finding.message))).collect()
    }

    #[track_caller]
    fn expect(&self, expected: &[(&'static str, &str)]) {
        let expected: Vec<_> = expected.iter().map(|(code, path)| (*code, (*path).to_owned())).collect();
        assert_eq!(self.found("output"), expected);
    }

    /// Writes a zip of the given entries in place of the package's.
    fn zip(&self, folder: &str, entries: &[(&str, &[u8])]) {
        let entries: Vec<_> =
            entries.iter().map(|(name, bytes)| (path(name), deflate(bytes, Level::default()))).collect();
        let mut bytes = Vec::new();
        write_zip(folder, &entries, date(2026, 1, 1).into(), &mut bytes).unwrap();
        self.write(ZIP, &bytes);
    }
}

#[test]
fn what_was_built_verifies_in_every_form() {
    let bench = Bench::new();
    for (path, packages, zips, files, beside) in
        [("output", 3, 3, 18, 11), ("output/acme", 2, 2, 12, 4), (FOLDER, 1, 0, 3, 0), (ZIP, 0, 1, 3, 0)]
    {
        let report = verify(&bench.at(path), &Against::default());
        assert!(report.diagnostics.is_empty(), "{:?}", report.diagnostics);
        assert_eq!((report.packages, report.zips, report.files, report.beside), (packages, zips, files, beside));
        assert_eq!(report.origin, None);
    }
}

#[test]
fn every_difference_in_a_package_is_named() {
    let bench = Bench::new();
    let index = format!("{FOLDER}/site/index.html");
    let expect = |code, path: &str| {
        let named = format!("{FOLDER}/{path}");
        assert_eq!(bench.found(FOLDER), [(code, named.clone())]);
        bench.expect(&[(code, &named)]);
    };
    bench.write(&index, b"<p>two");
    expect("E-CHANGED", "site/index.html");
    bench.write(&index, b"<p>one and more");
    expect("E-CHANGED", "site/index.html");
    bench.remove(&index);
    expect("E-MISSING", "site/index.html");
    std::os::unix::fs::symlink("/etc/hostname", bench.at(&index)).unwrap();
    expect("E-READ", "site/index.html");
    bench.remove(&index);
    bench.write(&index, b"<p>one");
    bench.write(&format!("{FOLDER}/site/added.html"), b"");
    expect("E-EXTRA", "site/added.html");
    bench.remove(&format!("{FOLDER}/site/added.html"));
    std::fs::create_dir(bench.at(&format!("{FOLDER}/site/new"))).unwrap();
    expect("E-EXTRA", "site/new/");
    std::fs::remove_dir(bench.at(&format!("{FOLDER}/site/new"))).unwrap();
    let manifest = format!("{FOLDER}/manifest.json");
    let text = String::from_utf8(bench.read(&manifest)).unwrap();
    bench.write(&manifest, text.replace("\"page\"", "\"pages\"").as_bytes());
    expect("E-MANIFEST", "manifest.json");
    bench.write(&manifest, text.replace("site/index.html", "../../index.html").as_bytes());
    expect("E-MANIFEST", "manifest.json");
    bench.write(&manifest, format!("{text} ").as_bytes());
    expect("E-MANIFEST", "manifest.json");
    bench.write(&manifest, text.as_bytes());
    bench.expect(&[]);
}

/// Anybody can make contents of one size and CRC-32; a digest does not let him.
#[test]
fn an_edit_that_keeps_size_and_checksum_is_named() {
    let bench = Bench::new();
    let index = format!("{FOLDER}/site/index.html");
    let forged = b"<a\xcc\x4f\xde\x0f";
    assert_eq!((forged.len(), crc32fast::hash(forged)), (6, crc32fast::hash(b"<p>one")));
    bench.write(&index, forged);
    bench.expect(&[("E-CHANGED", &index)]);
}

#[test]
fn every_edited_page_and_catalogue_is_named() {
    let bench = Bench::new();
    for page in ["index.html", "catalog.js", "catalog.json", "acme/index.html", "beta/index.html"] {
        let page = format!("output/{page}");
        let bytes = bench.read(&page);
        bench.write(&page, &[bytes.as_slice(), b" "].concat());
        bench.expect(&[("E-CHANGED", &page)]);
        bench.remove(&page);
        bench.expect(&[("E-MISSING", &page)]);
        bench.write(&page, &bytes);
    }
    bench.swap("output/acme/index.html", "output/beta/index.html");
    bench.expect(&[("E-CHANGED", "output/acme/index.html"), ("E-CHANGED", "output/beta/index.html")]);
}

#[test]
fn swapped_longer_and_edited_zips_are_named() {
    let bench = Bench::new();
    let bytes = bench.read(ZIP);
    bench.swap(ZIP, OTHER_ZIP);
    bench.expect(&[("E-CHANGED", OTHER_ZIP), ("E-CHANGED", ZIP)]);
    let report = verify(&bench.at("output"), &Against::default());
    assert!(report.diagnostics.iter().all(|finding| finding.notes[0].starts_with("its content belongs at `")));
    bench.swap(ZIP, OTHER_ZIP);
    let longer = [[b"#!/bin/sh\n", bytes.as_slice()].concat(), [bytes.as_slice(), b"\n"].concat()];
    for (longer, where_) in longer.iter().zip(["before", "behind"]) {
        bench.write(ZIP, longer);
        bench.expect(&[("E-ZIP", ZIP)]);
        // Alone, too.
        let report = verify(&bench.at(ZIP), &Against::default());
        let message = &report.diagnostics.iter().next().unwrap().message;
        assert!(message.ends_with(&format!("something stands {where_} it")), "{message}");
    }
    let manifest = bench.read(&format!("{FOLDER}/manifest.json"));
    let text = "hello ".repeat(50);
    let entries: [(&str, &[u8]); 3] =
        [("manifest.json", &manifest), ("site/index.html", b"<p>two"), ("emails/01.txt", text.as_bytes())];
    bench.zip("acme-launch", &entries);
    bench.expect(&[("E-CHANGED", &format!("{ZIP}:site/index.html"))]);
    bench.remove(ZIP);
    bench.expect(&[("E-MISSING", ZIP)]);
}

/// What another reader of zips would find is what was looked at.
#[test]
fn a_zip_that_reads_two_ways_is_refused() {
    let bench = Bench::new();
    let bytes = bench.read(ZIP);
    // The name in the entry itself, which readers of streams go by.
    let at = memchr::memmem::find(&bytes, b"acme-launch/site/index.html").unwrap();
    let mut other = bytes.clone();
    other[at + 12..at + 16].copy_from_slice(b"evil");
    bench.write(ZIP, &other);
    assert_eq!(bench.found(ZIP), [("E-ZIP", ZIP.to_owned())]);
    // Its mode, in the directory.
    let at = memchr::memmem::rfind(&bytes, b"PK\x01\x02").unwrap();
    let mut other = bytes;
    other[at + 40] = 0xff;
    bench.write(ZIP, &other);
    assert_eq!(bench.found(ZIP), [("E-ZIP", ZIP.to_owned())]);
}

#[test]
fn foreign_files_are_named_at_every_level() {
    let bench = Bench::new();
    let foreign = [
        "output/evil.html",
        "output/.htaccess",
        "output/acme/evil.html",
        "output/acme/downloads/evil.zip",
        "output/acme/launch/evil.html",
        "output/acme/launch/site/evil.html",
        "output/new/evil.html",
        "output/acme/launch.map.json",
        "output/acme/launch/inventory.json",
        "output/new/inventory.json",
        "output/new/inventory.json.minisig",
        "output/.cobrand/evil.html",
    ];
    for path in foreign {
        bench.write(path, b"evil");
        bench.expect(&[("E-EXTRA", path)]);
        bench.remove(path);
        let _ = std::fs::remove_dir(bench.at("output/new"));
    }
    for folder in ["output/empty", "output/acme/empty"] {
        std::fs::create_dir(bench.at(folder)).unwrap();
        bench.expect(&[("E-EXTRA", folder)]);
        std::fs::remove_dir(bench.at(folder)).unwrap();
    }
    std::os::unix::fs::symlink("/etc", bench.at("output/etc")).unwrap();
    bench.expect(&[("E-EXTRA", "output/etc")]);
    bench.remove("output/etc");
    // Of another kind than builds make them, the compiler's own files would stop the next build.
    for name in ["lock", "ledger", "stage"] {
        let path = format!("output/.cobrand/{name}");
        let is_there = |is_folder: bool| match is_folder {
            true => std::fs::create_dir(bench.at(&path)).unwrap(),
            false => bench.write(&path, b"x"),
        };
        let _ = std::fs::remove_file(bench.at(&path)).or_else(|_| std::fs::remove_dir_all(bench.at(&path)));
        is_there(name != "stage");
        bench.expect(&[("E-EXTRA", &path)]);
        let _ = std::fs::remove_file(bench.at(&path)).or_else(|_| std::fs::remove_dir(bench.at(&path)));
    }
    bench.expect(&[]);
    // A user may keep an output out of version control.
    bench.write("output/.gitignore", b"*\n");
    bench.expect(&[]);
}

#[test]
fn a_foreign_package_is_named() {
    let bench = Bench::new();
    let copy = |from: &str, to: &str| {
        for file in ["manifest.json", "site/index.html", "emails/01.txt"] {
            bench.write(&format!("{to}/{file}"), &bench.read(&format!("{from}/{file}")));
        }
    };
    copy(FOLDER, "output/acme/other");
    bench.expect(&[("E-EXTRA", "output/acme/other")]);
    std::fs::remove_dir_all(bench.at("output/acme/other")).unwrap();
    // In the place of another.
    copy("output/acme/event", FOLDER);
    bench.expect(&[("E-CHANGED", FOLDER)]);
    let report = verify(&bench.at("output"), &Against::default());
    assert_eq!(report.diagnostics.iter().next().unwrap().notes, ["it is the package of `acme/event`"]);
    std::fs::remove_dir_all(bench.at(FOLDER)).unwrap();
    bench.expect(&[("E-MISSING", FOLDER), ("E-ZIP", ZIP)]);
}

#[test]
fn an_edited_inventory_is_named() {
    let bench = Bench::new();
    let top = bench.read("output/inventory.json");
    let own = bench.read("output/acme/inventory.json");
    let edit = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap().replace("2026-11-16", "2026-11-17");
    bench.write("output/inventory.json", edit(&top).as_bytes());
    bench.expect(&[("E-INVENTORY", "output/inventory.json")]);
    bench.write("output/inventory.json", &top);
    bench.write("output/acme/inventory.json", edit(&own).as_bytes());
    bench.expect(&[("E-INVENTORY", "output/acme/inventory.json"), ("E-CHANGED", "output/acme/inventory.json")]);
    // With care: its digest is its own again, but not the one that is listed.
    let mut inventory = Inventory::read(&own).unwrap();
    inventory.files.pop();
    bench.write("output/acme/inventory.json", &inventory.to_bytes());
    bench.expect(&[("E-EXTRA", "output/acme/index.html"), ("E-CHANGED", "output/acme/inventory.json")]);
    bench.remove("output/acme/inventory.json");
    bench.expect(&[("E-INVENTORY", "output/acme/inventory.json")]);
    bench.swap("output/inventory.json", "output/beta/inventory.json");
    assert!(!bench.found("output").is_empty());
    bench.remove("output/inventory.json");
    bench.expect(&[("E-INVENTORY", "output/inventory.json")]);
}

#[test]
fn a_zip_of_another_build_is_a_warning_where_it_is_listed() {
    let bench = Bench::new();
    let old = bench.read(ZIP);
    bench.build(&[(ID, "<p>two")]);
    bench.expect(&[]);
    bench.write(ZIP, &old);
    bench.expect(&[("E-CHANGED", ZIP)]);
    let mut inventory = Inventory::read(&bench.read("output/acme/inventory.json")).unwrap();
    let listed = inventory.files.iter_mut().find(|file| file.path.ends_with("acme-launch.zip")).unwrap();
    (listed.digest, listed.bytes) = (Digest::of(&old), old.len() as u64);
    bench.write("output/acme/inventory.json", &inventory.to_bytes());
    assert_eq!(bench.found("output/acme"), [("W-ZIP", ZIP.to_owned())]);
}

#[test]
fn a_zip_is_not_believed() {
    let bench = Bench::new();
    let manifest = bench.read(&format!("{FOLDER}/manifest.json"));
    bench.write(ZIP, b"PK\x03\x04 no zip");
    assert_eq!(bench.found(ZIP), [("E-ZIP", ZIP.to_owned())]);
    bench.zip("acme", &[("manifest.json", &manifest), ("site/index.html", b"<p>two")]);
    let named = |path: &str| format!("{ZIP}:{path}");
    let expected = [("E-MISSING", named("emails/01.txt")), ("E-CHANGED", named("site/index.html"))];
    assert_eq!(bench.found(ZIP), expected);
    // A bomb: far more bytes than the manifest says are never unpacked.
    let bomb = vec![0; 50 << 20];
    bench.zip("acme", &[("manifest.json", &manifest), ("site/index.html", &bomb), ("emails/01.txt", b"")]);
    let report = verify(&bench.at(ZIP), &Against::default());
    assert!(report.bytes < 10_000, "{}", report.bytes);
    assert!(report.diagnostics.has_errors());
}

#[test]
fn names_in_a_zip_stay_below_one_folder() {
    let bench = Bench::new();
    let names: [&[&str]; 4] = [&["acme/../up.txt"], &["/etc/passwd"], &["top.txt"], &["a/x", "b/x"]];
    for names in names {
        let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        for name in names {
            zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        }
        let bytes = zip.finish().unwrap().into_inner();
        bench.write(ZIP, &bytes);
        assert_eq!(bench.found(ZIP), [("E-ZIP", ZIP.to_owned())], "{names:?}");
    }
}

#[test]
fn nothing_to_verify_is_an_error() {
    let bench = Bench::new();
    assert_eq!(bench.found("nowhere"), [("E-READ", "nowhere".to_owned())]);
    std::fs::create_dir(bench.at("empty")).unwrap();
    assert_eq!(bench.found("empty"), [("E-INVENTORY", "empty/inventory.json".to_owned())]);
}

#[test]
fn a_key_proves_who_made_an_output_or_a_part_of_it() {
    let (bench, (secret, public), (other, _)) = (Bench::new(), keys(), keys());
    let against = Against { key: Some(&public), inventory: None };
    let top = "output/inventory.json.minisig";
    let own = "output/acme/inventory.json.minisig";
    assert_eq!(bench.found_by("output/acme", &against), [("E-SIGNATURE", "output/acme/inventory.json".to_owned())]);
    bench.sign(&secret);
    for path in ["output", "output/acme"] {
        let report = verify(&bench.at(path), &against);
        assert!(report.diagnostics.is_empty(), "{:?}", report.diagnostics);
        assert_eq!(report.origin.map(|origin| (origin.key, origin.version)), Some((public.id(), "1".to_owned())));
    }
    bench.expect(&[]);
    // Missing, swapped, by another key, of another output.
    bench.remove(own);
    assert_eq!(bench.found_by("output", &against), [("E-SIGNATURE", "output/acme/inventory.json".to_owned())]);
    bench.sign(&secret);
    bench.swap(top, own);
    let named = [("E-SIGNATURE", top.to_owned()), ("E-SIGNATURE", own.to_owned())];
    assert_eq!(bench.found_by("output", &against), named);
    bench.sign(&other);
    assert_eq!(bench.found_by("output/acme", &against), [("E-SIGNATURE", own.to_owned())]);
    let elsewhere = Bench::new();
    elsewhere.build(&[(ID, "<p>other")]);
    elsewhere.sign(&secret);
    bench.sign(&secret);
    bench.write(own, &elsewhere.read(own));
    assert_eq!(bench.found_by("output/acme", &against), [("E-SIGNATURE", own.to_owned())]);
    // Nobody made what is not as it was signed.
    bench.sign(&secret);
    bench.write("output/acme/index.html", b"edited");
    assert_eq!(verify(&bench.at("output"), &against).origin, None);
}

#[test]
fn a_package_or_zip_alone_is_proved_by_the_inventory_that_lists_it() {
    let (bench, (secret, public)) = (Bench::new(), keys());
    bench.sign(&secret);
    let own = bench.at("output/acme/inventory.json");
    let others = bench.at("output/beta/inventory.json");
    let top = bench.at("output/inventory.json");
    let by = |inventory| Against { key: Some(&public), inventory };
    bench.write("download (1).zip", &bench.read(ZIP));
    for path in [ZIP, FOLDER, "download (1).zip"] {
        let report = verify(&bench.at(path), &by(Some(&own)));
        assert!(report.diagnostics.is_empty(), "{:?}", report.diagnostics);
        assert!(report.origin.is_some());
        assert_eq!(bench.found_by(path, &by(None)), [("E-SIGNATURE", path.to_owned())]);
        // Without a key it is compared all the same.
        let report = verify(&bench.at(path), &Against { key: None, inventory: Some(&own) });
        assert!(report.diagnostics.is_empty() && report.origin.is_none());
        assert_eq!(bench.found_by(path, &by(Some(&others))), [("E-CHANGED", path.to_owned())]);
    }
    // Whole, but not what was signed.
    bench.build(&[(ID, "<p>two")]);
    for path in [ZIP, FOLDER] {
        let signature = "output/acme/inventory.json.minisig".to_owned();
        assert_eq!(bench.found_by(path, &by(Some(&own))), [("E-SIGNATURE", signature)]);
        let report = verify(&bench.at(path), &Against { key: None, inventory: Some(&top) });
        assert!(report.diagnostics.iter().next().unwrap().help[0].contains("partner's folder"));
    }
    assert_eq!(bench.found_by("output", &by(Some(&own))), [("E-INVENTORY", "output".to_owned())]);
}

/// All files below a folder, the compiler's own left out.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = walkdir::WalkDir::new(folder).sort_by_file_name().into_iter().map(Result::unwrap);
    let files = entries.filter(|entry| entry.file_type().is_file());
    let named = files.map(|entry| (shown_below(folder, entry.path()), std::fs::read(entry.path()).unwrap()));
    named.filter(|(path, _)| !path.starts_with(".cobrand")).collect()
}

/// A single edit somewhere below an output.
#[derive(Clone, Debug)]
enum Edit {
    Flip(prop::sample::Index, u8),
    Insert(prop::sample::Index, u8),
    Cut(prop::sample::Index),
    Remove,
    Swap(prop::sample::Index),
    Rename(String),
    Add(String),
}

fn edit() -> impl Strategy<Value = Edit> {
    let name = || "[a-z]{1,8}(\\.(html|zip|json|minisig))?";
    prop_oneof![
        (any::<prop::sample::Index>(), 1u8..).prop_map(|(at, by)| Edit::Flip(at, by)),
        (any::<prop::sample::Index>(), any::<u8>()).prop_map(|(at, byte)| Edit::Insert(at, byte)),
        any::<prop::sample::Index>().prop_map(Edit::Cut),
        Just(Edit::Remove),
        any::<prop::sample::Index>().prop_map(Edit::Swap),
        name().prop_map(Edit::Rename),
        name().prop_map(Edit::Add),
    ]
}

proptest! {
    /// Whatever is changed below a signed output is found, and its place is named.
    #[test]
    fn any_edit_of_a_signed_output_is_found(which in any::<prop::sample::Index>(), edit in edit()) {
        let (bench, (secret, public)) = (Bench::new(), keys());
        bench.sign(&secret);
        let before = files(&bench.at("output"));
        let paths: Vec<&String> = before.keys().collect();
        let path = format!("output/{}", which.get(&paths));
        let mut bytes = bench.read(&path);
        let beside = |name: &str| format!("{}/{name}", path.rsplit_once('/').unwrap().0);
        match &edit {
            Edit::Flip(at, by) => {
                let at = at.index(bytes.len());
                bytes[at] ^= by;
                bench.write(&path, &bytes);
            }
            Edit::Insert(at, byte) => {
                bytes.insert(at.index(bytes.len() + 1), *byte);
                bench.write(&path, &bytes);
            }
            Edit::Cut(at) => bench.write(&path, &bytes[..at.index(bytes.len())]),
            Edit::Remove => bench.remove(&path),
            Edit::Swap(other) => bench.swap(&path, &format!("output/{}", other.get(&paths))),
            Edit::Rename(name) => std::fs::rename(bench.at(&path), bench.at(&beside(name))).unwrap(),
            Edit::Add(name) => bench.write(&beside(name), b"new"),
        }
        let is_same = files(&bench.at("output")) == before;
        let report = verify(&bench.at("output"), &Against { key: Some(&public), inventory: None });
        prop_assert_eq!(report.diagnostics.is_empty(), is_same, "{:?} of {}", edit, path);
        prop_assert_eq!(report.origin.is_some(), is_same);
        // Where a manifest is gone nobody knows of its package's files.
        let folder = if path.starts_with(FOLDER) { FOLDER } else { path.rsplit_once('/').unwrap().0 };
        let is_swap = matches!(edit, Edit::Swap(_));
        let named = is_swap || report.diagnostics.iter().any(|finding| finding.message.contains(folder));
        prop_assert!(is_same || named, "{:?} of {}: {:?}", edit, path, report.diagnostics);
    }

    /// Whatever single byte of a zip is changed: it is found out, or nothing that counts was changed.
    #[test]
    fn a_damaged_zip_is_found_out(at in 0usize..100_000, by in 1u8..) {
        let bench = Bench::new();
        let mut bytes = bench.read(ZIP);
        let at = at % bytes.len();
        bytes[at] ^= by;
        bench.write(ZIP, &bytes);
        let report = verify(&bench.at(ZIP), &Against::default());
        let whole = report.files == 3 && report.bytes > 0;
        prop_assert!(report.diagnostics.has_errors() || whole);
        prop_assert!(!bench.found("output").is_empty());
    }
}

/// The manifest in a package is the one whose digest the inventory lists.
#[test]
fn an_inventory_lists_the_digests_of_manifests() {
    let bench = Bench::new();
    let inventory = Inventory::read(&bench.read("output/acme/inventory.json")).unwrap();
    let manifest = Manifest::read(&bench.read(&format!("{FOLDER}/manifest.json"))).unwrap();
    let listed = inventory.packages.iter().find(|package| package.path == "launch").unwrap();
    assert_eq!(listed.digest, manifest.digest());
}
