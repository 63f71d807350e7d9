//! A package as a zip.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};

use zip::{CompressionMethod, ZipArchive};

use super::contents::{self, Contents};
use super::{Verified, unreadable};
use crate::archive::{Frame, Shape, ZipDate};
use crate::diag::Diagnostic;
use crate::paths::OutputPath;

struct Archive {
    path: PathBuf,
    zip: ZipArchive<BufReader<File>>,
    /// The number of each entry, by its path below the one top folder.
    entries: BTreeMap<String, usize>,
}

pub(super) fn verify(path: &Path) -> Verified {
    let mut verified = match open(path) {
        Ok(mut archive) => contents::verify(&mut archive),
        Err(diagnostic) => {
            let mut verified = Verified::default();
            verified.report.diagnostics.push(*diagnostic);
            verified
        }
    };
    verified.report.zips = 1;
    verified
}

fn open(path: &Path) -> Result<Archive, Box<Diagnostic>> {
    let file = File::open(path).map_err(|error| unreadable(path, &error))?;
    let mut zip = ZipArchive::new(BufReader::new(file)).map_err(|error| broken(path, &error.to_string()))?;
    let (top, entries) = entries(path, &mut zip)?;
    framed(path, &top, &entries, &mut zip)?;
    Ok(Archive { path: path.to_owned(), zip, entries })
}

/// The one folder at the top, and the number of each entry.
type Entries = (String, BTreeMap<String, usize>);

/// Reads the names: all plain files with valid paths below one folder, none twice.
fn entries(path: &Path, zip: &mut ZipArchive<BufReader<File>>) -> Result<Entries, Diagnostic> {
    let mut entries = BTreeMap::new();
    let mut top: Option<String> = None;
    for index in 0..zip.len() {
        let entry = zip.by_index_raw(index).map_err(|error| broken(path, &error.to_string()))?;
        let name = entry.name().map_err(|error| broken(path, &error.to_string()))?.into_owned();
        let (folder, below) = name
            .split_once('/')
            .filter(|(folder, below)| OutputPath::new(folder).is_ok() && OutputPath::new(below).is_ok())
            .ok_or_else(|| broken(path, &format!("it holds the entry `{}`", name.escape_debug())))?;
        if top.get_or_insert_with(|| folder.to_owned()) != folder {
            return Err(broken(path, "it has more than one folder at its top"));
        }
        if entry.is_symlink() || entries.insert(below.to_owned(), index).is_some() {
            return Err(broken(path, &format!("its entry `{below}` is a link or stands there twice")));
        }
    }
    Ok((top.unwrap_or_default(), entries))
}

/// Everything but the contents is as a build writes it, so there is nothing before, between or behind them, and no
/// reader of zips finds anything else than another.
fn framed(
    path: &Path,
    top: &str,
    entries: &BTreeMap<String, usize>,
    zip: &mut ZipArchive<BufReader<File>>,
) -> Result<(), Diagnostic> {
    let strange = || broken(path, "it is not laid out as a build does it");
    let (mut shapes, mut date) = (Vec::with_capacity(entries.len()), ZipDate::from_dos(0));
    for (name, &index) in entries {
        let entry = zip.by_index_raw(index).map_err(|error| broken(path, &error.to_string()))?;
        date = entry.last_modified().map_or(date, |found| ZipDate::from_dos(found.datepart()));
        let is_deflated = entry.compression() == CompressionMethod::Deflated;
        let (crc32, size, packed) = (entry.crc32(), entry.size(), entry.compressed_size());
        shapes.push((name.as_str(), Shape { crc32, size, packed, is_deflated }));
    }
    let frame = Frame::new(top, &shapes, date).map_err(|_| strange())?;
    let mut file = BufReader::new(File::open(path).map_err(|error| unreadable(path, &error))?);
    if zip.offset() > 0 {
        return Err(broken(path, "something stands before it"));
    }
    for (header, (_, shape)) in frame.headers.iter().zip(&shapes) {
        let packed = i64::try_from(shape.packed).map_err(|_| strange())?;
        if !follows(&mut file, header) || file.seek_relative(packed).is_err() {
            return Err(strange());
        }
    }
    if !follows(&mut file, &frame.directory) {
        return Err(strange());
    }
    match file.read(&mut [0]) {
        Ok(0) => Ok(()),
        _ => Err(broken(path, "something stands behind it")),
    }
}

fn follows(file: &mut impl Read, wanted: &[u8]) -> bool {
    let mut found = vec![0; wanted.len()];
    file.read_exact(&mut found).is_ok() && found == wanted
}

fn broken(path: &Path, reason: &str) -> Diagnostic {
    Diagnostic::error("E-ZIP", format!("`{}` is no zip of a package: {reason}", path.display()))
        .help("remove it and build again")
}

impl Contents for Archive {
    fn show(&self, path: &str) -> String {
        format!("{}:{path}", self.path.display())
    }

    fn paths(&self) -> BTreeSet<String> {
        self.entries.keys().cloned().collect()
    }

    /// What an entry says of its own size is not believed: reading stops at the limit.
    fn read(&mut self, path: &str, limit: u64, each: &mut dyn FnMut(&[u8])) -> io::Result<()> {
        let index = *self.entries.get(path).ok_or(io::ErrorKind::NotFound)?;
        contents::pour(&mut self.zip.by_index(index).map_err(io::Error::other)?, limit, each)
    }
}
