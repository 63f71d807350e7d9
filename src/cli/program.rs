//! Opens the workspace for the commands that need it.

use std::mem::ManuallyDrop;

use super::Exit;
use super::arguments::Common;
use super::diagnostics::Findings;
use super::location::Location;
use super::terminal::Terminal;
use crate::build::{Program, Report};
use crate::catalog::layers::{Asked, MASTER};
use crate::diag::{Diagnostic, Diagnostics, MOST_NAMES, nearest};
use crate::matrix::id;
use crate::matrix::query::Query;
use crate::source::Sources;
use crate::stopwatch::Stopwatch;
use crate::workspace::DiskFiles;

/// A workspace that was read, though perhaps not without errors.
pub struct Opened {
    pub location: Location,
    /// The program; where there is nothing to build, only the texts that the findings point into.
    pub program: Result<Program, Sources>,
    pub diagnostics: Diagnostics,
    /// How many errors there are that concern nothing of what is asked for.
    pub elsewhere: usize,
}

impl Opened {
    /// For a command that only asks. It is not freed: the process is about to end, and the system takes all of it
    /// back at once.
    pub fn read(common: &Common) -> ManuallyDrop<Self> {
        Self::read_for(common, &|_| true)
    }

    /// As [`Opened::read`], for partners that are asked for.
    pub fn read_for(common: &Common, asked: &Asked<'_>) -> ManuallyDrop<Self> {
        ManuallyDrop::new(Self::read_timed(common, asked, &Stopwatch::default()))
    }

    pub fn read_timed(common: &Common, asked: &Asked<'_>, stopwatch: &Stopwatch) -> Self {
        let location = Location::find(common);
        let files = DiskFiles::new(&location.workspace);
        let (program, diagnostics) = Program::open_for(&files, asked, common.date, stopwatch);
        Self { location, program, diagnostics, elsewhere: 0 }
    }

    /// As [`Opened::read`], for a command that may write the first partner.
    pub fn read_without_partners(common: &Common) -> Self {
        let location = Location::find(common);
        let files = DiskFiles::new(&location.workspace);
        let (program, diagnostics) = Program::open_without_partners(&files, common.date, &Stopwatch::default());
        Self { location, program, diagnostics, elsewhere: 0 }
    }

    /// The program, for a command that only asks. What was found in the workspace is said on the way; where
    /// nothing can be asked, that is an error.
    pub fn usable(&self, terminal: &Terminal) -> Result<&Program, Exit> {
        if self.diagnostics.has_errors() || self.program.is_err() {
            terminal.explain(&Findings::new(self.diagnostics.clone(), self.sources(), &self.location.prefix));
        }
        self.program.as_ref().map_err(|_| Exit::Errors)
    }

    pub fn sources(&self) -> &Sources {
        match &self.program {
            Ok(program) => program.sources(),
            Err(sources) => sources,
        }
    }

    /// Refuses an output that lies in a folder that is read, or around one.
    pub fn check_apart(&self, program: &Program) -> Result<(), Diagnostic> {
        let axes = program.catalog().settings.axes.iter().map(|axis| &*axis.folder);
        self.location.check_apart(axes.chain([MASTER]))
    }

    /// Leaves out errors that refuse none of the deployments that are asked for.
    pub fn keep_what_concerns(&mut self, queries: &[Query]) {
        if let Ok(program) = &self.program {
            self.elsewhere = self.diagnostics.retain(|found| program.concerns(found, queries));
        }
    }

    /// Takes what a run found to what was found before it.
    pub fn take(&mut self, report: &mut Report) {
        if let Ok(program) = &self.program {
            program.name_unread(&report.unread, &mut self.diagnostics);
        }
        self.diagnostics.append(std::mem::take(&mut report.diagnostics));
    }

    /// The queries of the command line. One that names no deployment is a mistake in it, unless it may name one of a partner that
    /// cannot be read: that is the workspace's, and said with what was found there.
    pub fn queries(&self, terminal: &Terminal, texts: &[String]) -> Result<Vec<Query>, Exit> {
        let Ok(program) = &self.program else { return Ok(Vec::new()) };
        let mut queries = Vec::with_capacity(texts.len());
        for text in texts {
            let query = Query::new(text);
            let (matrix, catalog) = (program.matrix(), program.catalog());
            let is_nothing = matrix.narrowed(catalog, std::slice::from_ref(&query)).is_empty();
            if is_nothing && !matrix.may_be_unread(catalog, &query) {
                terminal.explain(&Findings::new(self.diagnostics.clone(), program.sources(), &self.location.prefix));
                return Err(terminal.refuse(&unmatched(program, text)));
            }
            queries.push(query);
        }
        Ok(queries)
    }
}

/// The partners that queries may name; everybody without a query.
pub fn asked(queries: &[String]) -> impl Fn(&str) -> bool + Sync + use<> {
    let queries: Vec<Query> = queries.iter().map(|text| Query::new(text)).collect();
    move |partner| queries.is_empty() || queries.iter().any(|query| query.may_name(partner))
}

fn unmatched(program: &Program, text: &str) -> String {
    let trimmed = text.trim_end_matches('/');
    let below = format!("{trimmed}/**");
    let mut problem = format!("no deployment matches `{text}`\n");
    let (matrix, catalog) = (program.matrix(), program.catalog());
    if !matrix.narrowed(catalog, &[Query::new(&below)]).is_empty() {
        problem.push_str(&format!("help: for all deployments below it write `{below}`"));
        return problem;
    }
    let ids: Vec<String> = matrix.matching(catalog, &[]).take(MOST_NAMES).map(|values| id(catalog, &values)).collect();
    match nearest(trimmed, ids.iter().map(String::as_str)) {
        Some(near) => problem.push_str(&format!("help: did you mean `{near}`? `cobrand list` shows them all")),
        None => problem.push_str("help: `cobrand list` shows all deployments"),
    }
    problem
}
