//! `cobrand verify DIR|ZIP`

use serde::Serialize;

use super::Exit;
use super::arguments::{Format, Verify};
use super::diagnostics::Findings;
use super::diagnostics::json::{self, Finding};
use super::terminal::Terminal;
use super::wording::{bytes, count};
use crate::source::Sources;
use crate::verify::{Report, verify};

/// What `--format json` prints; documented in `docs/output.md`.
#[derive(Serialize)]
struct Document<'a> {
    format: u32,
    packages: u64,
    zips: u64,
    files: u64,
    bytes: u64,
    diagnostics: Vec<Finding<'a>>,
}

pub fn run(terminal: &Terminal, arguments: &Verify) -> Exit {
    let report = verify(&arguments.path);
    let sources = Sources::default();
    let exit = if report.diagnostics.has_errors() { Exit::Errors } else { Exit::Fine };
    let findings = Findings::new(report.diagnostics.clone(), &sources, "");
    match print(terminal, &report, &findings) {
        Ok(()) => exit,
        Err(exit) => exit,
    }
}

fn print(terminal: &Terminal, report: &Report, findings: &Findings<'_>) -> Result<(), Exit> {
    terminal.findings(findings)?;
    match terminal.format {
        Format::Json => terminal.document(&Document {
            format: 1,
            packages: report.packages,
            zips: report.zips,
            files: report.files,
            bytes: report.bytes,
            diagnostics: json::list(findings),
        }),
        Format::Human if !terminal.quiet => terminal.result(&summary(report, findings)),
        _ => Ok(()),
    }
}

fn summary(report: &Report, findings: &Findings<'_>) -> String {
    let looked_at = format!(
        "verified {} and {}: {} with {}",
        count(report.packages, "package"),
        count(report.zips, "zip"),
        count(report.files, "file"),
        bytes(report.bytes),
    );
    match findings.errors() + findings.warnings() {
        0 => format!("{looked_at}, all as their manifests say\n"),
        found => format!("{looked_at}; {} reported\n", count(found as u64, "problem")),
    }
}
