//! What a component asks to be made beside its documents.
//!
//! A [`Task`] names its files and makes them, so that a path and a kind are written down once. Planning looks at the
//! names, making calls it.

use std::fmt;
use std::sync::Arc;

use super::Input;
use crate::diag::{Diagnostic, Diagnostics};
use crate::encode::Content;

/// When a component's files can be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// From the deployment alone.
    Content,
    /// From what the contents come to: the links that they use and the fields of their forms.
    Summary,
}

/// A data file that a component asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Within the package: `sales/follow-ups/no-show.txt`.
    pub path: String,
    /// What it is, for the manifest: `model`, `table`, `text`.
    pub kind: &'static str,
    /// The value that asks for it: `sales.follow_ups[no-show]`. `None` for what every package has.
    pub by: Option<String>,
    /// What it is made from, where that is not the component's own part of the package.
    pub reads: Option<Reads>,
}

/// The values that a data file is made from, where those are not its component's own part of the package. Its manifest
/// lists the layer files that they and the partner's record come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reads {
    /// `journey`, `nurture.emails`.
    pub paths: &'static [&'static str],
    /// The locale they are read in; `None` for the master's.
    pub locale: Option<Arc<str>>,
}

impl Asked {
    pub fn by(path: impl Into<String>, kind: &'static str, by: impl Into<String>) -> Self {
        Self { path: path.into(), kind, by: Some(by.into()), reads: None }
    }

    pub fn always(path: impl Into<String>, kind: &'static str) -> Self {
        Self { path: path.into(), kind, by: None, reads: None }
    }

    /// The same file, made from these values of a locale.
    #[must_use]
    pub fn reading(self, paths: &'static [&'static str], locale: Option<Arc<str>>) -> Self {
        Self { reads: Some(Reads { paths, locale }), ..self }
    }
}

/// Why files could not be made.
#[derive(Debug)]
pub enum Failure {
    /// Their format refuses what was to be written.
    Unwritable(String),
    Said(Diagnostics),
}

impl From<Diagnostic> for Failure {
    fn from(said: Diagnostic) -> Self {
        Self::Said(said.into())
    }
}

impl From<Diagnostics> for Failure {
    fn from(said: Diagnostics) -> Self {
        Self::Said(said)
    }
}

impl From<serde_json::Error> for Failure {
    fn from(error: serde_json::Error) -> Self {
        Self::Unwritable(error.to_string())
    }
}

impl From<String> for Failure {
    fn from(error: String) -> Self {
        Self::Unwritable(error)
    }
}

type Make = dyn Fn(&Input<'_>) -> Result<Vec<Content>, Failure> + Send + Sync;

/// Data files that are made in one go.
#[derive(Clone)]
pub struct Task {
    pub files: Vec<Asked>,
    make: Arc<Make>,
}

impl Task {
    /// `make` gives back the contents in the order of the files.
    pub fn new(
        files: impl IntoIterator<Item = Asked>,
        make: impl Fn(&Input<'_>) -> Result<Vec<Content>, Failure> + Send + Sync + 'static,
    ) -> Self {
        Self { files: files.into_iter().collect(), make: Arc::new(make) }
    }

    pub fn one(file: Asked, make: impl Fn(&Input<'_>) -> Result<Content, Failure> + Send + Sync + 'static) -> Self {
        Self::new([file], move |input| Ok(vec![make(input)?]))
    }

    /// Each of its files with what stands in it.
    pub fn make(&self, input: &Input<'_>) -> Result<Vec<(&Asked, Content)>, Diagnostics> {
        let names = || self.files.iter().map(|file| format!("`{}`", file.path)).collect::<Vec<_>>().join(", ");
        let refused = |error: &dyn fmt::Display| {
            Diagnostic::error("E-OUTPUT", format!("cannot write {}: {error}", names())).into()
        };
        let made = (self.make)(input).map_err(|failure| match failure {
            Failure::Unwritable(error) => refused(&error),
            Failure::Said(said) => said,
        })?;
        match made.len() == self.files.len() {
            true => Ok(self.files.iter().zip(made).collect()),
            false => Err(Diagnostic::error("E-INTERNAL", format!("{} of {} were made", made.len(), names()))
                .help("this is a fault of the program: please report it")
                .into()),
        }
    }
}

impl fmt::Debug for Task {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Task").field(&self.files).finish()
    }
}
