//! From a failed system call to something that helps.

use std::io;

use crate::diag::{Diagnostic, uncapitalized};

/// A failed operation on a path within the output.
#[derive(Debug)]
pub(super) struct Failure {
    /// Such as `write` or `remove`.
    pub verb: &'static str,
    /// Within the output folder; empty for the folder itself.
    pub path: String,
    pub error: io::Error,
}

pub(super) type Outcome<T> = Result<T, Failure>;

/// Says what an I/O error was about.
pub(super) trait Context<T> {
    fn context(self, verb: &'static str, path: &str) -> Outcome<T>;
}

impl<T, E: Into<io::Error>> Context<T> for Result<T, E> {
    fn context(self, verb: &'static str, path: &str) -> Outcome<T> {
        self.map_err(|error| Failure { verb, path: path.to_owned(), error: error.into() })
    }
}

impl Failure {
    /// As a diagnostic, for an output folder shown as `root`.
    pub fn diagnostic(&self, root: &str) -> Diagnostic {
        let path = if self.path.is_empty() { root.to_owned() } else { format!("{root}/{}", self.path) };
        let full = matches!(self.error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded);
        if full {
            // In the same words for every file, so that what many packages meet is one finding.
            return Diagnostic::error("E-DISKFULL", format!("the disk is full: cannot write all of `{root}`"))
                .note("every package is whole: as it was, or as it should be")
                .help("free some space, or name a folder on another disk with `--output`, and build again");
        }
        Diagnostic::error("E-WRITE", format!("cannot {} `{path}`: {}", self.verb, reason(&self.error)))
            .help(next_step(self.error.kind()))
    }
}

/// The system's words, without the number it adds.
fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    let words = text.split(" (os error").next().unwrap_or(&text);
    uncapitalized(words)
}

fn next_step(kind: io::ErrorKind) -> &'static str {
    match kind {
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            "make the folder writable for you, or name another one with `--output`"
        }
        io::ErrorKind::NotFound => "the folder vanished while it was written: build again",
        io::ErrorKind::FileTooLarge => "allow larger files (`ulimit -f unlimited`), and build again",
        io::ErrorKind::InvalidFilename => "use a shorter id, or an output folder with a shorter path",
        _ => "see that the disk is in order and the folder is yours, and build again",
    }
}
