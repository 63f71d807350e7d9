//! Compares a package's contents with its manifest, wherever they come from.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use super::{Report, Verified};
use crate::diag::{Diagnostic, Diagnostics};
use crate::digest::Digest;
use crate::manifest::{FILE_NAME, Manifest};

/// A manifest larger than this is none of ours.
const LARGEST_MANIFEST: u64 = 64 << 20;

/// A package that can be read file by file.
pub(super) trait Contents {
    /// How to name a file of it, or it as a whole, to the user.
    fn show(&self, path: &str) -> String;

    /// The paths of all files, and whatever else is there; that of a folder without anything ends with `/`.
    fn paths(&self) -> BTreeSet<String>;

    /// Reads a file, handing on its bytes piece by piece; at most `limit` of them.
    fn read(&mut self, path: &str, limit: u64, each: &mut dyn FnMut(&[u8])) -> io::Result<()>;
}

pub(super) fn verify(contents: &mut dyn Contents) -> Verified {
    let (bytes, manifest) = match manifest(contents) {
        Ok(read) => read,
        Err(diagnostic) => {
            let report = Report { diagnostics: diagnostic.into(), ..Report::default() };
            return Verified { report, ..Verified::default() };
        }
    };
    let mut report = Report { files: 1, bytes: bytes.len() as u64, ..Report::default() };
    report.diagnostics = extra(contents, &manifest);
    for listed in &manifest.files {
        let (mut size, mut hasher) = (0, blake3::Hasher::new());
        // One byte more than expected is enough to see that there are too many.
        let read = contents.read(&listed.path, listed.bytes.saturating_add(1), &mut |piece| {
            size += piece.len() as u64;
            hasher.update(piece);
        });
        let shown = contents.show(&listed.path);
        let finding = match read {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Some(missing(&shown)),
            Err(error) => Some(unreadable(&shown, &error)),
            Ok(()) if size != listed.bytes || Digest(hasher.finalize().into()) != listed.digest => {
                Some(changed(&shown))
            }
            Ok(()) => None,
        };
        report.files += 1;
        report.bytes += size;
        report.diagnostics.extend(finding);
    }
    Verified { report, deployment: Some(manifest.deployment.id.clone()), digest: Some(manifest.digest()) }
}

fn manifest(contents: &mut dyn Contents) -> Result<(Vec<u8>, Manifest), Diagnostic> {
    let shown = contents.show(FILE_NAME);
    let mut bytes = Vec::new();
    let said = |what: String| Diagnostic::error("E-MANIFEST", what).help("build the package again");
    match contents.read(FILE_NAME, LARGEST_MANIFEST, &mut |piece| bytes.extend_from_slice(piece)) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(said(format!("there is no `{shown}`"))),
        Err(error) => return Err(said(format!("cannot read `{shown}`: {error}"))),
    }
    match Manifest::read(&bytes) {
        Ok(manifest) => Ok((bytes, manifest)),
        Err(error) => Err(said(format!("`{shown}` is no manifest: {error}"))),
    }
}

fn extra(contents: &dyn Contents, manifest: &Manifest) -> Diagnostics {
    let listed: BTreeSet<&str> = manifest.files.iter().map(|file| file.path.as_str()).chain([FILE_NAME]).collect();
    let is_listed = |path: &String| listed.contains(path.as_str()) || (path.ends_with('/') && is_around(path, &listed));
    let mut diagnostics = Diagnostics::default();
    for path in contents.paths().iter().filter(|path| !is_listed(path)) {
        let shown = contents.show(path);
        diagnostics.push(
            Diagnostic::error("E-EXTRA", format!("`{shown}` is not in the manifest"))
                .help("move the file away: only what a build wrote belongs into a package"),
        );
    }
    diagnostics
}

/// Whether one of the listed files belongs into a folder; its path ends with `/`.
fn is_around(folder: &str, listed: &BTreeSet<&str>) -> bool {
    listed.range(folder..).next().is_some_and(|path| path.starts_with(folder))
}

fn missing(shown: &str) -> Diagnostic {
    Diagnostic::error("E-MISSING", format!("`{shown}` is in the manifest but not there"))
        .help("build the package again")
}

fn changed(shown: &str) -> Diagnostic {
    Diagnostic::error("E-CHANGED", format!("`{shown}` is not as the manifest says"))
        .help("move the file away and build the package again")
}

fn unreadable(shown: &str, error: &io::Error) -> Diagnostic {
    Diagnostic::error("E-READ", format!("cannot read `{shown}`: {error}")).help("build the package again")
}

/// The digest of a file.
pub(super) fn summed(path: &Path) -> io::Result<Digest> {
    let mut hasher = blake3::Hasher::new();
    pour(&mut File::open(path)?, u64::MAX, &mut |piece| {
        hasher.update(piece);
    })?;
    Ok(Digest(hasher.finalize().into()))
}

/// Hands on what a reader gives, up to a limit.
pub(super) fn pour(from: &mut dyn Read, limit: u64, each: &mut dyn FnMut(&[u8])) -> io::Result<()> {
    let mut from = from.take(limit);
    let mut buffer = vec![0; 64 * 1024];
    loop {
        match from.read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(length) => each(&buffer[..length]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}
