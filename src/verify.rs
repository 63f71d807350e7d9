//! Compares packages, zips and whole output folders with their manifests and inventories.
//!
//! Reads finished output only, and believes nothing in it: it may have been changed on the way, or made to
//! do harm. An output folder is looked at whole, but for `.cobrand`, which only builds read and where only names are
//! looked at, and a `.gitignore` at the top. Every finding names a file:
//!
//! | code | finding |
//! | --- | --- |
//! | `E-MANIFEST` | a package has no manifest, or one that cannot be read or whose digest is not its own |
//! | `E-INVENTORY` | the same of an inventory |
//! | `E-MISSING` | a file of the manifest, or what an inventory lists, is not there |
//! | `E-CHANGED` | a file or package is another one than is listed |
//! | `E-EXTRA` | a file, folder or package is there that is not listed |
//! | `E-ZIP` | a zip cannot be read, is not laid out as a build does it, or has something before or behind it |
//! | `E-READ` | a file cannot be read at all |
//! | `E-SIGNATURE` | a signature is missing, or is not of what stands there, or not by the key |
//! | `W-ZIP` | a zip is as listed, but of another build than its package's folder |
//!
//! What is listed has BLAKE3 digests all the way: a signed inventory stands for every byte that it lists, and for those
//! that the inventories and manifests in it list.

mod archive;
mod contents;
mod folder;
mod listing;
mod origin;
mod output;
mod single;

use std::path::Path;

use crate::diag::{Diagnostic, Diagnostics};
use crate::digest::Digest;
use crate::manifest::FILE_NAME;
use crate::signature::PublicKey;

pub use listing::inventories;
pub use origin::{Origin, public_key};

/// The text of a page or an email that was built.
pub fn page_text(path: &Path) -> std::io::Result<String> {
    std::fs::read_to_string(path)
}

/// What something is compared with, besides what it says of itself.
#[derive(Clone, Copy, Debug, Default)]
pub struct Against<'a> {
    /// Whoever has its other half made it, or it is an error.
    pub key: Option<&'a PublicKey>,
    /// The inventory that lists a package or a zip.
    pub inventory: Option<&'a Path>,
}

/// What was looked at and what was found.
#[derive(Debug, Default)]
pub struct Report {
    pub packages: u64,
    pub zips: u64,
    /// Files of packages, whether in a folder or a zip.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Files beside the packages: pages, inventories, and zips as such.
    pub beside: u64,
    /// Who made it, where a key was given and its signature holds.
    pub origin: Option<Origin>,
    pub diagnostics: Diagnostics,
}

impl Report {
    fn add(&mut self, other: Report) {
        self.packages += other.packages;
        self.zips += other.zips;
        self.files += other.files;
        self.bytes += other.bytes;
        self.beside += other.beside;
        self.origin = self.origin.take().or(other.origin);
        self.diagnostics.append(other.diagnostics);
    }
}

/// Verifies a package folder, the zip of a package, an output folder or a partner's folder in it.
pub fn verify(path: &Path, against: &Against<'_>) -> Report {
    let mut report = match std::fs::metadata(path) {
        Ok(found) if found.is_file() => single::verify(path, archive::verify(path), against),
        Ok(_) if path.join(FILE_NAME).symlink_metadata().is_ok() => single::verify(path, folder::verify(path), against),
        Ok(_) => output::verify(path, against),
        Err(error) => Report { diagnostics: unreadable(path, &error).into(), ..Report::default() },
    };
    // What is not as it was signed is of nobody.
    report.origin = report.origin.filter(|_| !report.diagnostics.has_errors());
    report
}

/// What verifying one package tells, besides the report.
#[derive(Debug, Default)]
struct Verified {
    report: Report,
    /// From its manifest, when that can be read.
    deployment: Option<String>,
    digest: Option<Digest>,
}

fn unreadable(path: &Path, error: &std::io::Error) -> Diagnostic {
    Diagnostic::error("E-READ", format!("cannot read `{}`: {error}", path.display()))
        .help("see that the path is right and that you may read it")
}

/// What is there, as an inventory or a manifest would list it.
fn shown_below(root: &Path, path: &Path) -> String {
    path.strip_prefix(root).unwrap_or(path).to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests;
