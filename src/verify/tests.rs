use std::io::Write;
use std::path::PathBuf;

use jiff::civil::date;
use proptest::prelude::*;

use super::*;
use crate::archive::{Level, PieceCache, deflate, write_zip};
use crate::emit::{Key, Output, Package, Zip};
use crate::manifest::{Bundle, Head, Part, seal};
use crate::paths::OutputPath;
use crate::stopwatch::Stopwatch;

const ID: &str = "acme/launch";
const FOLDER: &str = "output/acme/launch";
const ZIP: &str = "output/acme/downloads/acme-launch.zip";

fn path(text: &str) -> OutputPath {
    OutputPath::new(text).unwrap()
}

fn with_bundle(index: &str, act: impl FnOnce(&Bundle<'_>)) {
    let (a, b) = (path("site/index.html"), path("emails/01.txt"));
    let text = "hello ".repeat(50);
    let parts = [(&a, index.as_bytes()), (&b, text.as_bytes())].map(|(path, bytes)| Part {
        path,
        bytes,
        kind: "page",
        component: "landing",
        sources: &[],
    });
    let head = Head { package: "p", version: "1", deployment: ID, axes: &[], policy: Digest::default() };
    act(&seal(&head, &parts).unwrap());
}

struct Bench {
    folder: tempfile::TempDir,
}

impl Bench {
    fn new() -> Self {
        let bench = Self { folder: tempfile::tempdir().unwrap() };
        bench.build("<p>one");
        bench
    }

    fn at(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    fn build(&self, index: &str) {
        let output = Output::open(&self.at("output")).unwrap();
        let (id, zip_path) = (path(ID), path("acme/downloads/acme-launch.zip"));
        let pieces = PieceCache::new(Level::default(), 0);
        let stopwatch = Stopwatch::default();
        let zip = Zip {
            path: &zip_path,
            folder: "acme-launch",
            date: date(2026, 1, 1).into(),
            pieces: &pieces,
            stopwatch: &stopwatch,
        };
        with_bundle(index, |bundle| {
            output.put(&Package { id: &id, bundle, key: &Key::default(), zip: Some(zip) }).unwrap();
        });
    }

    fn write(&self, path: &str, bytes: &[u8]) {
        let _ = std::fs::remove_file(self.at(path));
        std::fs::File::create_new(self.at(path)).unwrap().write_all(bytes).unwrap();
    }

    fn remove(&self, path: &str) {
        std::fs::remove_file(self.at(path)).unwrap();
    }

    /// Verifies a path and gives the codes and the files they name.
    fn found(&self, path: &str) -> Vec<(&'static str, String)> {
        let report = verify(&self.at(path));
        let root = format!("{}/", self.folder.path().display());
        let name = |message: &str| message.split('`').nth(1).unwrap().replace(&root, "");
        report.diagnostics.iter().map(|finding| (finding.code.0, name(&finding.message))).collect()
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
    for (path, packages, zips, files) in [("output", 1, 1, 6), (FOLDER, 1, 0, 3), (ZIP, 0, 1, 3)] {
        let report = verify(&bench.at(path));
        assert!(report.diagnostics.is_empty(), "{:?}", report.diagnostics);
        assert_eq!((report.packages, report.zips, report.files), (packages, zips, files));
    }
}

#[test]
fn every_difference_is_named() {
    let bench = Bench::new();
    let index = format!("{FOLDER}/site/index.html");
    let expect = |code, path: &str| assert_eq!(bench.found(FOLDER), [(code, format!("{FOLDER}/{path}"))]);
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
    let manifest = format!("{FOLDER}/manifest.json");
    let text = std::fs::read_to_string(bench.at(&manifest)).unwrap();
    bench.write(&manifest, text.replace("\"page\"", "\"pages\"").as_bytes());
    expect("E-MANIFEST", "manifest.json");
    bench.write(&manifest, text.replace("site/index.html", "../../index.html").as_bytes());
    expect("E-MANIFEST", "manifest.json");
    bench.write(&manifest, text.as_bytes());
    assert_eq!(bench.found(FOLDER), []);
}

#[test]
fn a_zip_of_another_build_is_a_warning_and_one_without_a_folder_an_error() {
    let bench = Bench::new();
    let old = std::fs::read(bench.at(ZIP)).unwrap();
    bench.build("<p>two");
    bench.write(ZIP, &old);
    assert_eq!(bench.found("output"), [("W-ZIP", ZIP.to_owned())]);
    std::fs::rename(bench.at(FOLDER), bench.at("output/acme/event")).unwrap();
    bench.build("<p>three");
    let found = bench.found("output");
    assert_eq!(found, [("E-EXTRA", "output/acme/event".to_owned())]);
}

#[test]
fn a_zip_is_not_believed() {
    let bench = Bench::new();
    let manifest = std::fs::read(bench.at(&format!("{FOLDER}/manifest.json"))).unwrap();
    bench.write(ZIP, b"PK\x03\x04 no zip");
    assert_eq!(bench.found(ZIP), [("E-ZIP", ZIP.to_owned())]);
    bench.zip("acme", &[("manifest.json", &manifest), ("site/index.html", b"<p>two")]);
    let named = |path: &str| format!("{ZIP}:{path}");
    let expected = [("E-MISSING", named("emails/01.txt")), ("E-CHANGED", named("site/index.html"))];
    assert_eq!(bench.found(ZIP), expected);
    // A bomb: far more bytes than the manifest says are never unpacked.
    let bomb = vec![0; 50 << 20];
    bench.zip("acme", &[("manifest.json", &manifest), ("site/index.html", &bomb), ("emails/01.txt", b"")]);
    let report = verify(&bench.at(ZIP));
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
fn catalogues_lead_somewhere() {
    let bench = Bench::new();
    let catalog = |path: &str, zip: &str| {
        format!(r#"{{"format": 1, "deployments": [{{"id": "acme/launch", "path": "{path}", "zip": "{zip}"}}]}}"#)
    };
    bench.write("output/catalog.json", catalog("acme/launch/", "acme/downloads/acme-launch.zip").as_bytes());
    bench.write("output/acme/catalog.json", catalog("launch", "downloads/acme-launch.zip").as_bytes());
    assert_eq!(bench.found("output"), []);
    bench.write("output/acme/catalog.json", catalog("../acme/launch", "downloads/none.zip").as_bytes());
    let named = "output/acme/catalog.json".to_owned();
    assert_eq!(bench.found("output"), [("E-MISSING", named.clone()), ("E-MISSING", named.clone())]);
    bench.write("output/acme/catalog.json", b"[");
    assert_eq!(bench.found("output"), [("E-CHANGED", named)]);
}

#[test]
fn nothing_to_verify_is_an_error() {
    let bench = Bench::new();
    assert_eq!(bench.found("nowhere"), [("E-READ", "nowhere".to_owned())]);
    std::fs::create_dir(bench.at("empty")).unwrap();
    assert_eq!(bench.found("empty"), [("E-MANIFEST", "empty".to_owned())]);
}

proptest! {
    /// Whatever single byte of a zip is changed: it is found out, or nothing that counts was changed.
    #[test]
    fn a_damaged_zip_is_found_out(at in 0usize..100_000, by in 1u8..) {
        let bench = Bench::new();
        let mut bytes = std::fs::read(bench.at(ZIP)).unwrap();
        let at = at % bytes.len();
        bytes[at] ^= by;
        bench.write(ZIP, &bytes);
        let report = verify(&bench.at(ZIP));
        let whole = report.files == 3 && report.bytes > 0;
        prop_assert!(report.diagnostics.has_errors() || whole);
    }
}
