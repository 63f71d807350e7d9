//! The two streams, and how much goes to them.

use std::io::{self, ErrorKind, IsTerminal, Write};

use serde::Serialize;

use super::Exit;
use super::arguments::{Color, Common, Format};
use super::diagnostics::{Findings, github, human, sarif};
use crate::diag::{Diagnostic, Severity};
use crate::encode::{json, terminal as encode};
use crate::source::Sources;

/// Where a command prints.
pub struct Terminal {
    pub format: Format,
    pub quiet: bool,
    pub verbose: bool,
}

impl Terminal {
    /// Sets the choice of colors for the whole process; `auto` respects `NO_COLOR` and `TERM`.
    pub fn new(common: &Common) -> Self {
        let choice = match common.color {
            Color::Auto => anstream::ColorChoice::Auto,
            Color::Always => anstream::ColorChoice::Always,
            Color::Never => anstream::ColorChoice::Never,
        };
        choice.write_global();
        Self { format: common.format, quiet: common.quiet, verbose: common.verbose }
    }

    /// Whether progress is worth drawing.
    pub fn shows_progress(&self) -> bool {
        !self.quiet && self.format == Format::Human && io::stderr().is_terminal()
    }

    /// Prints a result. Nobody listening any more, as in `cobrand list | head`, is no error.
    pub fn result(&self, text: &str) -> Result<(), Exit> {
        let mut stream = anstream::stdout().lock();
        self.printed(stream.write_all(encode::text(text).as_bytes()).and_then(|()| stream.flush()))
    }

    fn printed(&self, written: io::Result<()>) -> Result<(), Exit> {
        match written {
            Err(error) if error.kind() != ErrorKind::BrokenPipe => {
                self.say(&format!("error: cannot print the result: {error}\n"));
                Err(Exit::Errors)
            }
            _ => Ok(()),
        }
    }

    /// Prints one JSON document as the result.
    pub fn document(&self, document: &impl Serialize) -> Result<(), Exit> {
        let mut stream = io::BufWriter::with_capacity(64 * 1024, anstream::stdout().lock());
        let written = json::show(&mut stream, document).map_err(io::Error::from);
        self.printed(written.and_then(|()| stream.write_all(b"\n")).and_then(|()| stream.flush()))
    }

    /// Prints to standard error. There is nobody to tell when that fails.
    pub fn say(&self, text: &str) {
        styled(&encode::text(text));
    }

    /// Says what is wrong with the command line.
    pub fn refuse(&self, problem: &str) -> Exit {
        self.say(&format!("error: {problem}\n"));
        Exit::Usage
    }

    /// Refuses the forms that have room for findings only.
    pub fn needs_results(&self, command: &str) -> Result<(), Exit> {
        match self.format {
            Format::Human | Format::Json => Ok(()),
            Format::Sarif | Format::Github => {
                Err(self.refuse(&format!("`{command}` has results to print: use `--format human` or `json`")))
            }
        }
    }

    /// Prints findings where the format has a form of its own for them: SARIF and workflow commands as a
    /// result, for people to standard error. In JSON they are a part of the command's document.
    pub fn findings(&self, findings: &Findings<'_>) -> Result<(), Exit> {
        match self.format {
            Format::Human => {
                self.explain(findings);
                Ok(())
            }
            Format::Json => Ok(()),
            Format::Sarif => self.document(&sarif::log(findings)),
            Format::Github => self.result(&github::commands(findings)),
        }
    }

    /// Prints findings for people.
    pub fn explain(&self, findings: &Findings<'_>) {
        let look = human::Look { styled: true, all_deployments: self.verbose };
        let shown = |finding: &&Diagnostic| !self.quiet || finding.severity == Severity::Error;
        for finding in findings.list.iter().filter(shown) {
            styled(&(human::text(findings, finding, look) + "\n"));
        }
    }

    /// Prints one finding that concerns no file.
    pub fn explain_one(&self, finding: Diagnostic) {
        self.explain(&Findings::new(finding.into(), &Sources::default(), ""));
    }
}

/// Prints what has its colors and no other sign that steers a terminal.
fn styled(text: &str) {
    let _ = anstream::stderr().lock().write_all(encode::styled(text).as_bytes());
}
