//! The workspace with new files in it, before anything is written.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::build::{self, Options, Program, Unwatched};
use crate::diag::{Code, Diagnostic, Diagnostics};
use crate::matrix::query::Query;
use crate::source::Sources;
use crate::stopwatch::Stopwatch;
use crate::workspace::{Files, WithFiles};

use super::Scaffold;

/// What the workspace would be.
pub struct Trial {
    pub program: Result<Program, Sources>,
    /// Errors that the new files bring.
    pub errors: Diagnostics,
}

impl Trial {
    /// Reads the workspace with the new files, and checks the deployments that `queries` name. What was wrong
    /// before is not the new files' fault.
    pub fn new<F: Files>(
        files: &F,
        scaffold: &Scaffold,
        today: Option<Date>,
        before: (&Program, &Diagnostics),
        queries: &[String],
    ) -> Self {
        let (program, mut found) = open(files, scaffold, today);
        if let Ok(program) = &program {
            found.append(checked(program, queries));
        }
        let mut trial = Self { program, errors: Diagnostics::default() };
        trial.errors.extend(found.iter().filter(|found| found.is_error()).cloned());
        if trial.errors.has_errors() {
            trial.errors = trial.without(before);
        }
        trial
    }

    /// The workspace with the new files, whatever is wrong with it.
    pub fn read<F: Files>(files: &F, scaffold: &Scaffold, today: Option<Date>) -> Result<Program, Sources> {
        open(files, scaffold, today).0
    }

    /// The errors that were not there before.
    fn without(&self, (program, found): (&Program, &Diagnostics)) -> Diagnostics {
        let mut old = found.clone();
        old.append(checked(program, &["**".to_owned()]));
        let old: BTreeSet<Key> = old.iter().map(|error| key(error, program.sources())).collect();
        let mut new = Diagnostics::default();
        new.extend(self.errors.iter().filter(|error| !old.contains(&key(error, self.sources()))).cloned());
        new
    }

    pub fn sources(&self) -> &Sources {
        match &self.program {
            Ok(program) => program.sources(),
            Err(sources) => sources,
        }
    }
}

fn open<F: Files>(files: &F, scaffold: &Scaffold, today: Option<Date>) -> (Result<Program, Sources>, Diagnostics) {
    let new = scaffold.files.iter().map(|file| (&file.path, &file.text));
    let longer = scaffold.additions.iter().map(|addition| (&addition.path, &addition.whole));
    let added: BTreeMap<String, Vec<u8>> =
        new.chain(longer).map(|(path, text)| (path.clone(), text.clone().into_bytes())).collect();
    Program::open_without_partners(&WithFiles::new(files, added), today, &Stopwatch::default())
}

/// Code, message and file: what an error is known by although lines and other files come and go.
type Key = (Code, String, Option<String>);

fn key(error: &Diagnostic, sources: &Sources) -> Key {
    let file = error.place.as_ref().map(|place| sources.get(place.span.source).path.to_string());
    (error.code, error.message.clone(), file)
}

fn checked(program: &Program, queries: &[String]) -> Diagnostics {
    if queries.is_empty() {
        return Diagnostics::default();
    }
    let queries = queries.iter().map(|query| Query::new(query)).collect();
    build::check(program, &Options { queries, ..Options::default() }, &Unwatched).diagnostics
}
