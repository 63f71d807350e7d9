//! Why a package or file stays as it is, and what to say about it.

use std::sync::Arc;

use super::Output;
use super::failure::Failure;
use crate::archive::ZipError;
use crate::diag::Diagnostic;

#[derive(Debug)]
pub(super) enum Refusal {
    Failure(Failure),
    /// These paths within the output were not written by a build, or were changed since.
    Foreign(Vec<String>),
    /// This package lies around or within what was to be written.
    Nested(Arc<str>),
    Zip(ZipError),
}

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

/// How many foreign files a message names.
const NAMED: usize = 5;

impl Output {
    /// `path` is what was to be written.
    pub(super) fn explain(&self, refusal: Refusal, path: &str) -> Diagnostic {
        match refusal {
            Refusal::Failure(failure) => self.root.say(failure),
            Refusal::Foreign(paths) => self.foreign(&paths, path),
            Refusal::Nested(other) => {
                Diagnostic::error("E-FOREIGN", format!("`{path}` cannot be written: `{other}` is in its way"))
                    .note("a package cannot lie within another")
                    .help("build everything once, without a query: that removes what is no longer wanted")
            }
            Refusal::Zip(error) => Diagnostic::error("E-ZIP", format!("cannot make the zip of `{path}`: {error}"))
                .help("make the assets smaller, or build without zips"),
        }
    }

    fn foreign(&self, paths: &[String], path: &str) -> Diagnostic {
        let message = format!("`{path}` stays as it was: it holds files that no build wrote or that were edited since");
        let mut diagnostic = Diagnostic::error("E-FOREIGN", message);
        for path in paths.iter().take(NAMED) {
            diagnostic = diagnostic.note(format!("`{}`", self.root.show(path)));
        }
        if paths.len() > NAMED {
            diagnostic = diagnostic.note(format!("and {} more", paths.len() - NAMED));
        }
        diagnostic.help("move these files away, or name another folder with `--output`")
    }
}
