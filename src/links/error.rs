//! Why a link cannot be made.

use std::fmt;

use crate::diag::Diagnostic;

/// A problem with a link. It knows no place: whoever asked for the link knows where it is used, and where
/// values stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkError {
    pub code: &'static str,
    pub message: String,
    /// What to do next; empty where the message says it.
    pub help: String,
    /// The path of the value it is about, as far as it is known.
    pub about: String,
    /// The paths of what the link leads over; whoever changed or took away one of them may be the one to mend it.
    pub rests_on: Vec<String>,
}

/// What an error is about until more is known.
const TABLE: &str = "tracking";

impl LinkError {
    pub(super) fn new(code: &'static str, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { code, message: message.into(), help: help.into(), about: TABLE.to_owned(), rests_on: Vec::new() }
    }

    /// About the value at a path, if nobody nearer has said which it is.
    pub(super) fn about(self, path: String) -> Self {
        if self.about == TABLE { Self { about: path, ..self } } else { self }
    }

    pub(super) fn resting_on(self, rests_on: impl Into<Vec<String>>) -> Self {
        Self { rests_on: rests_on.into(), ..self }
    }

    /// The same as a diagnostic, still without a place.
    pub fn diagnostic(&self) -> Diagnostic {
        let diagnostic = Diagnostic::error(self.code, self.message.clone());
        if self.help.is_empty() { diagnostic } else { diagnostic.help(self.help.clone()) }
    }
}

impl fmt::Display for LinkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for LinkError {}
