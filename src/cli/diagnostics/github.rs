//! Workflow commands, which GitHub shows beside the lines of a change.

use std::fmt::Write;

use super::{Findings, Place};
use crate::diag::{Diagnostic, Severity};
use crate::encode::workflow::{data, property};

/// One command a line.
pub fn commands(findings: &Findings<'_>) -> String {
    findings.list.iter().map(|diagnostic| command(findings, diagnostic)).collect()
}

fn command(findings: &Findings<'_>, diagnostic: &Diagnostic) -> String {
    let mut command = format!("::{} ", name(diagnostic.severity));
    if let Some(label) = &diagnostic.place {
        let Place { start, end, .. } = findings.place(label.span);
        let file = property(&findings.file(label));
        // Writing to a string does not fail.
        let _ = write!(command, "file={file},line={},endLine={},", start.line, end.line);
        // Columns are understood within one line only.
        if start.line == end.line {
            let _ = write!(command, "col={},endColumn={},", start.column, end.column);
        }
    }
    let _ = writeln!(command, "title={}::{}", property(diagnostic.code.0), data(&message(diagnostic)));
    command
}

fn name(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    }
}

fn message(diagnostic: &Diagnostic) -> String {
    let lines = diagnostic.notes.iter().map(|note| format!("\nnote: {note}"));
    let help = diagnostic.help.iter().map(|help| format!("\nhelp: {help}"));
    diagnostic.message.clone() + &lines.chain(help).collect::<String>()
}
