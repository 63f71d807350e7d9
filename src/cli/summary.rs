//! What a run did: for people a few lines, for machines one document.

use std::fmt::Write;
use std::time::Duration;

use serde::Serialize;

use super::Exit;
use super::arguments::Format;
use super::diagnostics::Findings;
use super::diagnostics::json::{self, Finding};
use super::program::Opened;
use super::terminal::Terminal;
use super::timings::{self, Timings};
use super::wording::{bytes, count, time};
use crate::build::{Report, State};
use crate::emit::Changes;
use crate::manifest::FILE_NAME;
use crate::stopwatch::Stopwatch;

/// How many refused deployments are named before the rest is counted.
const NAMED: usize = 20;

/// A finished build or check.
pub struct Run<'a> {
    pub opened: &'a Opened,
    pub report: &'a Report,
    /// A build; a check writes nothing.
    pub writes: bool,
    pub time: Duration,
    pub stopwatch: Stopwatch,
}

/// What `--format json` prints; documented in `docs/output.md`.
#[derive(Serialize)]
struct Document<'a> {
    format: u32,
    command: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    output: Option<String>,
    deployments: Deployments,
    #[serde(skip_serializing_if = "Option::is_none")]
    files: Option<Files>,
    outcomes: Vec<Entry<'a>>,
    diagnostics: Vec<Finding<'a>>,
    timings: Timings<'a>,
}

#[derive(Serialize)]
struct Deployments {
    built: usize,
    written: usize,
    kept: usize,
    refused: usize,
    /// Errors that refuse none of the deployments that were asked for, and are not listed.
    #[serde(skip_serializing_if = "Option::is_none")]
    errors_elsewhere: Option<usize>,
    /// Overlays for a single deployment (O6).
    own_overlays: usize,
}

#[derive(Serialize)]
struct Files {
    written: u64,
    kept: u64,
    removed: u64,
    bytes: u64,
}

#[derive(Serialize)]
struct Entry<'a> {
    id: &'a str,
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    files: Option<Files>,
}

impl From<Changes> for Files {
    fn from(Changes { written, kept, removed, bytes }: Changes) -> Self {
        Self { written, kept, removed, bytes }
    }
}

impl Run<'_> {
    /// Prints findings and summary in the form asked for.
    pub fn print(&self, terminal: &Terminal) -> Exit {
        let opened = self.opened;
        let findings = Findings::new(opened.diagnostics.clone(), opened.sources(), &opened.location.prefix);
        let exit = if findings.errors() > 0 { Exit::Errors } else { Exit::Fine };
        let printed = terminal.findings(&findings).and_then(|()| match terminal.format {
            Format::Human if !terminal.quiet => terminal.result(&self.summary(&findings, terminal.verbose)),
            Format::Json => terminal.document(&self.document(&findings)),
            _ => Ok(()),
        });
        printed.map_or_else(|exit| exit, |()| exit)
    }

    /// What became of all deployments, by id, also of those that the workspace cannot tell of now.
    fn outcomes(&self) -> Vec<(&str, State, Changes)> {
        let Report { outcomes, unread, .. } = self.report;
        let told = outcomes.iter().map(|outcome| (&*outcome.id, outcome.state, outcome.changes));
        let unread = unread.iter().map(|id| (&**id, State::Refused, Changes::default()));
        let mut all: Vec<_> = told.chain(unread).collect();
        all.sort_unstable_by_key(|(id, ..)| *id);
        all
    }

    fn count(&self, state: State) -> usize {
        let unread = if state == State::Refused { self.report.unread.len() } else { 0 };
        unread + self.report.outcomes.iter().filter(|outcome| outcome.state == state).count()
    }

    /// O6: one-offs, which nobody else follows.
    fn own_overlays(&self) -> usize {
        self.opened.program.as_ref().map_or(0, |program| program.approved().single_overlays().count())
    }

    fn document<'a>(&'a self, findings: &'a Findings<'_>) -> Document<'a> {
        let (written, kept, refused) =
            (self.count(State::Written), self.count(State::Kept), self.count(State::Refused));
        let entry = |(id, state, changes): (&'a str, State, Changes)| Entry {
            id,
            state: self.word(state),
            files: self.writes.then(|| changes.into()),
        };
        Document {
            format: 1,
            command: if self.writes { "build" } else { "check" },
            output: self.writes.then(|| self.opened.location.output.display().to_string()),
            deployments: Deployments {
                built: written + kept,
                written,
                kept,
                refused,
                errors_elsewhere: Some(self.opened.elsewhere).filter(|errors| *errors > 0),
                own_overlays: self.own_overlays(),
            },
            files: self.writes.then(|| self.report.changes.into()),
            outcomes: self.outcomes().into_iter().map(entry).collect(),
            diagnostics: json::list(findings),
            timings: Timings::new(self.time, &self.stopwatch, &self.report.tally),
        }
    }

    fn word(&self, state: State) -> &'static str {
        match state {
            State::Refused => "refused",
            _ if !self.writes => "checked",
            State::Written => "written",
            State::Kept => "kept",
        }
    }

    fn summary(&self, findings: &Findings<'_>, verbose: bool) -> String {
        let mut text = String::new();
        // Writing to a string does not fail.
        if verbose {
            for (id, state, _) in self.outcomes() {
                let _ = writeln!(text, "{:8} {id}", self.word(state));
            }
        }
        text.push_str(&self.deployments());
        if self.writes && self.opened.program.is_ok() {
            text.push_str(&self.files());
        }
        match self.own_overlays() {
            0 => {}
            own if !self.writes => {
                text.push_str(&format!("{} for a single deployment\n", count(own as u64, "overlay")))
            }
            _ => {}
        }
        text.push_str(&timings::text(&self.stopwatch, self.report));
        text.push_str(&self.refused());
        if self.opened.elsewhere > 0 {
            let errors = count(self.opened.elsewhere as u64, "error");
            text.push_str(&format!("{errors} in what was not asked for: `cobrand check` names all\n"));
        }
        text.push_str(&self.next_step(findings));
        text
    }

    fn deployments(&self) -> String {
        let all = (self.report.outcomes.len() + self.report.unread.len()) as u64;
        let refused = self.count(State::Refused);
        let time = time(self.time);
        if self.opened.program.is_err() {
            return format!(
                "nothing was {}: the workspace as a whole has errors\n",
                if self.writes { "built" } else { "checked further" }
            );
        }
        if !self.writes {
            return match refused {
                0 => format!("checked {} in {time}: all can be built\n", count(all, "deployment")),
                _ => format!("checked {} in {time}: {refused} would be refused\n", count(all, "deployment")),
            };
        }
        let (written, kept) = (self.count(State::Written), self.count(State::Kept));
        format!("{} in {time}: {written} written, {kept} unchanged, {refused} refused\n", count(all, "package"))
    }

    fn files(&self) -> String {
        let Changes { written, kept, removed, bytes: size } = self.report.changes;
        format!(
            "{} written ({}), {kept} unchanged, {removed} removed in {}\n",
            count(written, "file"),
            bytes(size),
            self.opened.location.output.display(),
        )
    }

    fn refused(&self) -> String {
        let mut refused = self.outcomes();
        refused.retain(|(_, state, _)| *state == State::Refused);
        if refused.is_empty() || !self.writes {
            return String::new();
        }
        let mut text = "refused:\n".to_owned();
        for (id, ..) in refused.iter().take(NAMED) {
            let _ = writeln!(text, "  {id}  ({})", self.what_stands(id));
        }
        if refused.len() > NAMED {
            let _ = writeln!(text, "  and {} more; `--verbose` names them all", refused.len() - NAMED);
        }
        text
    }

    /// A refused deployment keeps the package of an earlier build, if there was one.
    fn what_stands(&self, id: &str) -> &'static str {
        if self.opened.location.output.join(id).join(FILE_NAME).is_file() {
            "its last good package stands"
        } else {
            "it has no package yet"
        }
    }

    fn next_step(&self, findings: &Findings<'_>) -> String {
        let (errors, warnings) = (findings.errors() as u64, findings.warnings() as u64);
        let found = match (errors, warnings) {
            (0, 0) => String::new(),
            (0, _) => format!("{}\n", count(warnings, "warning")),
            (_, 0) => format!("{}\n", count(errors, "error")),
            _ => format!("{} and {}\n", count(errors, "error"), count(warnings, "warning")),
        };
        let next = match (errors, self.writes) {
            (0, true) => format!("next: open {}\n", self.opened.location.output.join("index.html").display()),
            (0, false) => "next: cobrand build\n".to_owned(),
            (_, true) => "next: mend what is named above and build again; only what changed is written\n".to_owned(),
            (_, false) => "next: mend what is named above and check again\n".to_owned(),
        };
        found + &next
    }
}
