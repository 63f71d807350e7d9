//! Diagnostics as text, for people and for machines.
//!
//! Each form is a function from sorted diagnostics to a text, so that it can be tested without a
//! terminal.

pub mod github;
pub mod human;
pub mod json;
pub mod sarif;

use crate::diag::{Diagnostic, Diagnostics, Label, Severity, capped};
use crate::source::{Position, Sources, Span};

/// Diagnostics in the order in which they are shown, with what is needed to show their places.
pub struct Findings<'a> {
    /// Of each kind and file only so many as are read; all are counted.
    pub list: Vec<Diagnostic>,
    errors: usize,
    warnings: usize,
    pub sources: &'a Sources,
    /// What leads from the current folder to the workspace; empty, or ends with `/`.
    pub prefix: &'a str,
}

/// A place as people name it.
pub struct Place {
    /// Within the workspace.
    pub file: String,
    pub start: Position,
    /// Behind the last character.
    pub end: Position,
}

impl<'a> Findings<'a> {
    pub fn new(diagnostics: Diagnostics, sources: &'a Sources, prefix: &'a str) -> Self {
        let all = diagnostics.sorted(sources);
        let count = |severity| all.iter().filter(|diagnostic| diagnostic.severity == severity).count();
        let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
        Self { list: capped(all), errors, warnings, sources, prefix }
    }

    pub fn errors(&self) -> usize {
        self.errors
    }

    pub fn warnings(&self) -> usize {
        self.warnings
    }

    fn place(&self, span: Span) -> Place {
        let source = self.sources.get(span.source);
        Place { file: source.path.to_string(), start: source.position(span.start), end: source.position(span.end) }
    }

    /// The file of a label, as it can be opened from the current folder.
    fn file(&self, label: &Label) -> String {
        format!("{}{}", self.prefix, self.sources.get(label.span.source).path)
    }
}

/// The word for a severity that all forms use.
fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

#[cfg(test)]
mod tests;
