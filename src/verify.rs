//! Compares packages, zips and whole output folders with their manifests.
//!
//! Reads finished output only, and believes nothing in it: it may have been changed on the way, or made to
//! do harm. Every finding names a file:
//!
//! | code | finding |
//! | --- | --- |
//! | `E-MANIFEST` | there is no manifest, or it cannot be read, or its digest is not that of the package |
//! | `E-MISSING` | a file of the manifest, or one that a catalogue leads to, is not there |
//! | `E-CHANGED` | a file has another size or checksum than the manifest says |
//! | `E-EXTRA` | a file is there that the manifest does not know |
//! | `E-ZIP` | a zip cannot be read, or is not equal to its package's folder |
//! | `E-READ` | a file cannot be read at all |
//! | `W-ZIP` | a zip is whole, but of another build than its package's folder |

mod archive;
mod catalog;
mod contents;
mod folder;
mod output;

use std::path::Path;

use crate::diag::{Diagnostic, Diagnostics};
use crate::digest::Digest;
use crate::manifest::FILE_NAME;

/// The text of a page or an email that was built.
pub fn page_text(path: &Path) -> std::io::Result<String> {
    std::fs::read_to_string(path)
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
    pub diagnostics: Diagnostics,
}

impl Report {
    fn add(&mut self, other: Report) {
        self.packages += other.packages;
        self.zips += other.zips;
        self.files += other.files;
        self.bytes += other.bytes;
        self.diagnostics.append(other.diagnostics);
    }
}

/// Verifies a package folder, the zip of a package, or an output folder with any number of them.
pub fn verify(path: &Path) -> Report {
    match std::fs::metadata(path) {
        Ok(found) if found.is_file() => archive::verify(path).report,
        Ok(_) if path.join(FILE_NAME).symlink_metadata().is_ok() => folder::verify(path).report,
        Ok(_) => output::verify(path),
        Err(error) => Report { diagnostics: unreadable(path, &error).into(), ..Report::default() },
    }
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

#[cfg(test)]
mod tests;
