//! `cobrand verify DIR|ZIP [--key PUB]`

use serde::Serialize;

use super::Exit;
use super::arguments::{Format, Verify};
use super::diagnostics::Findings;
use super::diagnostics::json::{self, Finding};
use super::terminal::Terminal;
use super::wording::{bytes, count};
use crate::source::Sources;
use crate::verify::{Against, Origin, Report, public_key, verify};

/// What `--format json` prints; documented in `docs/output.md`.
#[derive(Serialize)]
struct Document<'a> {
    format: u32,
    packages: u64,
    zips: u64,
    files: u64,
    bytes: u64,
    beside: u64,
    /// Null where no key was given, or something is wrong.
    origin: Option<Signed<'a>>,
    diagnostics: Vec<Finding<'a>>,
}

#[derive(Serialize)]
struct Signed<'a> {
    key: &'a str,
    program: &'a str,
    version: &'a str,
    released: &'a str,
    folder: &'a str,
}

impl<'a> Signed<'a> {
    fn of(origin: &'a Origin) -> Self {
        let Origin { key, program, version, released, folder } = origin;
        Self { key, program, version, released, folder }
    }
}

pub fn run(terminal: &Terminal, arguments: &Verify) -> Exit {
    let report = match arguments.key.as_deref().map(public_key).transpose() {
        Ok(key) => {
            let inventory = arguments.inventory.as_deref();
            verify(&arguments.path, &Against { key: key.as_ref(), inventory })
        }
        Err(problem) => Report { diagnostics: problem.into(), ..Report::default() },
    };
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
            beside: report.beside,
            origin: report.origin.as_ref().map(Signed::of),
            diagnostics: json::list(findings),
        }),
        Format::Human if !terminal.quiet => terminal.result(&summary(report, findings)),
        _ => Ok(()),
    }
}

fn summary(report: &Report, findings: &Findings<'_>) -> String {
    let beside =
        if report.beside > 0 { format!(", and {} beside them", count(report.beside, "file")) } else { String::new() };
    let looked_at = format!(
        "verified {} and {}: {} with {}{beside}",
        count(report.packages, "package"),
        count(report.zips, "zip"),
        count(report.files, "file"),
        bytes(report.bytes),
    );
    match findings.errors() + findings.warnings() {
        0 => format!("{looked_at}, all as listed\n{}\n", origin(report.origin.as_ref())),
        found => format!("{looked_at}; {} reported\n", count(found as u64, "problem")),
    }
}

fn origin(origin: Option<&Origin>) -> String {
    match origin {
        Some(Origin { key, program, version, released, folder }) => {
            let part =
                if folder.is_empty() { "the whole output".to_owned() } else { format!("the part of `{folder}`") };
            format!("signed with the key {key}: {part} of {program} {version}, released {released}")
        }
        None => "who made it is not proved: name the public key of whoever should have with `--key`".to_owned(),
    }
}
