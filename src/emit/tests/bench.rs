//! A vocabulary for stories: put packages, change files by hand, put again, compare.

use std::collections::BTreeMap;
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;
use std::sync::Arc;

use jiff::civil::date;

use crate::archive::{Level, PieceCache};
use crate::diag::Diagnostic;
use crate::digest::Digest;
use crate::emit::{Changes, Check, Key, Output, Package, Zip, disk};
use crate::inventory::Heading;
use crate::manifest::{Head, Part, seal};
use crate::paths::OutputPath;
use crate::stopwatch::Stopwatch;

pub fn path(text: &str) -> OutputPath {
    OutputPath::new(text).unwrap()
}

/// The files of a package, by path.
pub type Files<'a> = &'a [(&'a str, &'a str)];

pub struct Bench {
    _temporary: tempfile::TempDir,
    pub folder: PathBuf,
    pieces: PieceCache,
}

impl Bench {
    pub fn new() -> Self {
        let temporary = tempfile::tempdir().unwrap();
        let folder = temporary.path().join("output");
        Self { _temporary: temporary, folder, pieces: PieceCache::new(Level::default(), 1 << 20) }
    }

    pub fn open(&self) -> Output {
        Output::open(&self.folder).unwrap()
    }

    pub fn open_gated(&self, gate: Arc<dyn disk::Gate>) -> Result<Output, Diagnostic> {
        Output::open_gated(&self.folder, gate)
    }

    /// Opens the output, puts one package with its zip, and closes the output.
    pub fn build(&self, id: &str, files: Files<'_>) -> Result<Changes, Diagnostic> {
        let output = self.open();
        let result = self.put(&output, id, files);
        output.finish().unwrap();
        result
    }

    pub fn put(&self, output: &Output, id: &str, files: Files<'_>) -> Result<Changes, Diagnostic> {
        let paths: Vec<OutputPath> = files.iter().map(|(name, _)| path(name)).collect();
        let parts: Vec<Part<'_>> = paths.iter().zip(files).map(|(path, (_, text))| part(path, text)).collect();
        let head = Head { package: "p", version: "1.0.0", deployment: id, axes: &[], policy: Digest::default() };
        let bundle = seal(&head, &parts).unwrap();
        let (id, zip_path) = (path(id), zip_path(id));
        let slug = id.as_str().replace('/', "-");
        let date = date(2026, 11, 16).into();
        let stopwatch = Stopwatch::default();
        let zip = Zip { path: &zip_path, folder: &slug, date, pieces: &self.pieces, stopwatch: &stopwatch };
        output.put(&Package { id: &id, bundle: &bundle, key: &key(files), zip: Some(zip) })
    }

    /// Takes the inventories, without a word.
    pub fn take_inventory(&self) -> Changes {
        let output = self.open();
        let (changes, said) = output.take_inventory(&heading());
        output.finish().unwrap();
        assert!(said.is_empty(), "{said:?}");
        changes
    }

    pub fn current(&self, output: &Output, id: &str, files: Files<'_>, check: Check) -> Option<u64> {
        let current = output.current(&path(id), key(files).inputs, Some(&zip_path(id)), check).unwrap();
        current.map(|changes| changes.kept)
    }

    pub fn write(&self, below: &str, text: &str) {
        let path = self.folder.join(below);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        // A new file in place of the old one, as editors do; also, no old time can survive this way.
        let _ = std::fs::remove_file(&path);
        std::io::Write::write_all(&mut std::fs::File::create_new(&path).unwrap(), text.as_bytes()).unwrap();
    }

    pub fn read(&self, below: &str) -> Option<String> {
        std::fs::read(self.folder.join(below)).ok().map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
    }

    /// Every file outside our own folder: inode, time and content.
    pub fn tree(&self) -> BTreeMap<String, (u64, i64, Vec<u8>)> {
        let files = walkdir::WalkDir::new(&self.folder).into_iter().filter_map(Result::ok);
        files
            .filter(|entry| !entry.file_type().is_dir())
            .map(|entry| {
                let name = entry.path().strip_prefix(&self.folder).unwrap().to_str().unwrap().to_owned();
                let found = entry.metadata().unwrap();
                let content = std::fs::read(entry.path()).unwrap_or_default();
                (name, (found.ino(), found.mtime_nsec() + found.mtime() * 1_000_000_000, content))
            })
            .filter(|(name, _)| !name.starts_with(".cobrand/"))
            .collect()
    }

    /// The names in the stage.
    pub fn stage(&self) -> Vec<String> {
        let stage = self.folder.join(".cobrand/stage");
        std::fs::read_dir(stage).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect()
    }
}

pub fn heading() -> Heading<'static> {
    Heading { program: "p", version: "1.0.0", released: "2026-11-16".to_owned() }
}

fn part<'a>(path: &'a OutputPath, text: &'a str) -> Part<'a> {
    Part { path, bytes: text.as_bytes(), kind: "page", component: "landing", sources: &[] }
}

/// Made from these files: their layers, and the values in them.
fn key(files: Files<'_>) -> Key {
    let inputs = Digest::of(format!("{files:?}").as_bytes());
    Key { inputs, values: Digest::of(&inputs.0), parts: vec![1, 2], links: "".into() }
}

pub fn zip_path(id: &str) -> OutputPath {
    let partner = id.split('/').next().unwrap();
    path(&format!("{partner}/downloads/{}.zip", id.replace('/', "-")))
}

pub fn changes(written: u64, kept: u64, removed: u64) -> impl Fn(Changes) -> bool {
    move |changes| (changes.written, changes.kept, changes.removed) == (written, kept, removed)
}

#[track_caller]
pub fn expect(result: Result<Changes, Diagnostic>, written: u64, kept: u64, removed: u64) {
    let found = result.unwrap();
    assert!(changes(written, kept, removed)(found), "{found:?}");
}
