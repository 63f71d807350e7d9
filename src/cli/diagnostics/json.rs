//! Diagnostics as members of the JSON documents that `--format json` prints.

use std::sync::Arc;

use serde::Serialize;

use super::{Findings, Place, word};
use crate::diag::{Diagnostic, Label};

/// A diagnostic as documented in `docs/output.md`.
#[derive(Debug, Serialize)]
pub struct Finding<'a> {
    code: &'static str,
    severity: &'static str,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    place: Option<Location<'a>>,
    others: Vec<Location<'a>>,
    deployments: &'a [Arc<str>],
    notes: &'a [String],
    help: &'a [String],
}

#[derive(Debug, Serialize)]
struct Location<'a> {
    /// Within the workspace.
    file: String,
    line: u32,
    column: u32,
    end_line: u32,
    end_column: u32,
    text: &'a str,
}

/// All findings, in their order.
pub fn list<'a>(findings: &'a Findings<'_>) -> Vec<Finding<'a>> {
    findings.list.iter().map(|diagnostic| finding(findings, diagnostic)).collect()
}

fn finding<'a>(findings: &Findings<'_>, diagnostic: &'a Diagnostic) -> Finding<'a> {
    Finding {
        code: diagnostic.code.0,
        severity: word(diagnostic.severity),
        message: &diagnostic.message,
        place: diagnostic.place.as_ref().map(|label| location(findings, label)),
        others: diagnostic.others.iter().map(|label| location(findings, label)).collect(),
        deployments: &diagnostic.deployments,
        notes: &diagnostic.notes,
        help: &diagnostic.help,
    }
}

fn location<'a>(findings: &Findings<'_>, label: &'a Label) -> Location<'a> {
    let Place { file, start, end } = findings.place(label.span);
    Location {
        file,
        line: start.line,
        column: start.column,
        end_line: end.line,
        end_column: end.column,
        text: &label.text,
    }
}
