//! Places as people and editors name them.

use serde::Serialize;

use crate::source::{Sources, Span};

/// Where something was written: the file within the workspace, line and column from 1.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Place {
    pub file: String,
    pub line: u32,
    pub column: u32,
}

impl Place {
    pub fn of(sources: &Sources, span: Span) -> Self {
        let position = sources.position(span);
        Self { file: sources.get(span.source).path.to_string(), line: position.line, column: position.column }
    }
}
