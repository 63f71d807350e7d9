//! `cobrand check [QUERY…]`

use std::time::Instant;

use super::Exit;
use super::arguments::{Check, Common};
use super::program::{Opened, asked};
use super::progress::Progress;
use super::summary::Run;
use super::terminal::Terminal;
use crate::build::{self, Options, Report};
use crate::emit::Past;
use crate::stopwatch::Stopwatch;

pub fn run(terminal: &Terminal, common: &Common, arguments: &Check) -> Exit {
    let started = Instant::now();
    // What could clash can do so in anybody's layers.
    let is_of_all = arguments.all_combinations || arguments.strict_peers;
    let named = asked(&arguments.queries);
    let mut opened = Opened::read_for(common, &|partner| is_of_all || named(partner));
    let queries = match opened.queries(terminal, &arguments.queries) {
        Ok(queries) => queries,
        Err(exit) => return exit,
    };
    opened.keep_what_concerns(&queries);
    let Check { release, all_combinations, strict_peers, .. } = *arguments;
    let past = Past::read(&opened.location.output);
    let options = Options { queries, release, all_combinations, strict_peers, past, ..Options::default() };
    let progress = Progress::new(terminal);
    let mut report = match &opened.program {
        Ok(program) => match opened.check_apart(program) {
            Ok(()) => build::check(program, &options, &progress),
            Err(problem) => Report { diagnostics: problem.into(), ..Report::default() },
        },
        Err(_) => Report::default(),
    };
    progress.finish();
    opened.take(&mut report);
    Run { opened: &opened, report: &report, writes: false, time: started.elapsed(), stopwatch: Stopwatch::default() }
        .print(terminal)
}
