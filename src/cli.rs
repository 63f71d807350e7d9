//! The command line; the only module that prints, and the only one that looks at the environment.
//!
//! Results go to standard output, progress and diagnostics to standard error. A form for machines
//! (`--format json`, `sarif` or `github`) is a result, and then nothing else is on standard output.
//!
//! - [`arguments`]: the commands and their options
//! - [`diagnostics`]: findings in each form
//! - `terminal`: the two streams
//! - `editor`: schemas and editor settings, kept up to date
//! - `location`: where the workspace and the output are
//! - `program`: opens the workspace, finds the deployments asked for
//! - `progress`, `summary`, `wording`: how a run is told
//! - `rewriting`, `unified`: what `fix` and `fmt` share
//! - `password`: what opens a private key
//! - `build`, `check`, `diff`, `explain`, `fix`, `fmt`, `init`, `journey`, `key`, `list`, `new`, `policy`, `schema`,
//!   `sign`, `verify`, `who_sets`: a command each

pub mod arguments;
mod build;
mod check;
pub mod diagnostics;
mod diff;
mod editor;
mod explain;
mod fix;
mod fmt;
mod init;
mod journey;
mod key;
mod list;
mod location;
mod new;
mod policy;
mod password;
mod program;
mod progress;
mod rewriting;
mod schema;
mod sign;
mod summary;
mod terminal;
mod timings;
mod unified;
mod verify;
mod who_sets;
mod why;
mod wording;

use std::process::ExitCode;

use clap::Parser;

use arguments::{Arguments, Command, Key};
use terminal::Terminal;

/// How a command ended. Wrong options end in 2 as well, in the words of the parser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Exit {
    Fine = 0,
    /// The workspace, or what was looked at, has errors.
    Errors = 1,
    /// The command line is wrong.
    Usage = 2,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Parses the command line, does what it says and tells how it went.
pub fn run() -> ExitCode {
    let Arguments { command, common } = Arguments::parse();
    let terminal = Terminal::new(&common);
    if let Err(problem) = threads(common.jobs) {
        return terminal.refuse(&problem).into();
    }
    let exit = match command {
        Command::Init(arguments) => init::run(&terminal, &arguments),
        Command::New(arguments) => new::run(&terminal, &common, &arguments),
        Command::Build(arguments) => build::run(&terminal, &common, &arguments),
        Command::Check(arguments) => check::run(&terminal, &common, &arguments),
        Command::List(arguments) => list::run(&terminal, &common, &arguments),
        Command::Explain(arguments) => explain::run(&terminal, &common, &arguments),
        Command::Journey(arguments) => journey::run(&terminal, &common, &arguments),
        Command::WhoSets(arguments) => who_sets::run(&terminal, &common, &arguments),
        Command::Policy(arguments) => policy::run(&terminal, &common, &arguments),
        Command::Codeowners => policy::codeowners(&terminal, &common),
        Command::Diff(arguments) => diff::run(&terminal, &common, &arguments),
        Command::Schema(arguments) => schema::run(&terminal, &common, &arguments),
        Command::Fmt(arguments) => fmt::run(&terminal, &common, &arguments),
        Command::Fix(arguments) => fix::run(&terminal, &common, &arguments),
        Command::Verify(arguments) => verify::run(&terminal, &arguments),
        Command::Sign(arguments) => sign::run(&terminal, &common, &arguments),
        Command::Key { command: Key::New(arguments) } => key::run(&terminal, &common, &arguments),
    };
    exit.into()
}

/// Limits the threads of everything that runs in parallel.
fn threads(jobs: Option<usize>) -> Result<(), String> {
    let Some(jobs) = jobs else { return Ok(()) };
    let pool = rayon::ThreadPoolBuilder::new().num_threads(jobs).build_global();
    pool.map_err(|error| format!("cannot start {jobs} threads: {error}"))
}
