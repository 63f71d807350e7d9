//! `cobrand build [QUERY…]`

use std::time::Instant;

use super::Exit;
use super::arguments::{Build, Common};
use super::program::{Opened, asked};
use super::progress::Progress;
use super::summary::Run;
use super::terminal::Terminal;
use super::timings;
use crate::build::{self, Options, Program, Report};
use crate::diag::Diagnostic;
use crate::emit::Output;
use crate::explain::maps;

pub fn run(terminal: &Terminal, common: &Common, arguments: &Build) -> Exit {
    let started = Instant::now();
    let stopwatch = timings::stopwatch(arguments.timings);
    let mut opened = Opened::read_timed(common, &asked(&arguments.queries), &stopwatch);
    let queries = match opened.queries(terminal, &arguments.queries) {
        Ok(queries) => queries,
        Err(exit) => return exit,
    };
    // Where all or nothing is written, an error anywhere is why nothing is.
    if !arguments.all_or_nothing {
        opened.keep_what_concerns(&queries);
    }
    let options = Options {
        queries,
        release: arguments.release,
        all_or_nothing: arguments.all_or_nothing,
        zips: !arguments.no_zips,
        stopwatch: stopwatch.clone(),
        reasons: arguments.timings,
        source_maps: arguments.source_maps,
        sharing: if arguments.no_sharing { build::Sharing::Never } else { build::Sharing::default() },
        trust_ledger: arguments.trust_ledger,
        ..Options::default()
    };
    let mut report = match &opened.program {
        Ok(program) => write(terminal, program, &options, &opened),
        Err(_) => Report::default(),
    };
    opened.take(&mut report);
    Run { opened: &opened, report: &report, writes: true, time: started.elapsed(), stopwatch }.print(terminal)
}

/// Builds into the output, which is opened only now: nothing is touched when the workspace as a whole is
/// wrong.
fn write(terminal: &Terminal, program: &Program, options: &Options, opened: &Opened) -> Report {
    if let Err(problem) = opened.check_apart(program) {
        return failed(Report::default(), problem);
    }
    let output = match Output::open(&opened.location.output) {
        Ok(output) => output,
        Err(problem) => return failed(Report::default(), problem),
    };
    let progress = Progress::new(terminal);
    let mut report = build::build(program, &output, options, &progress);
    progress.finish();
    if options.source_maps {
        maps::keep(program, &output, &options.stopwatch, &mut report);
    }
    match output.finish() {
        Ok(()) => report,
        Err(problem) => failed(report, problem),
    }
}

fn failed(mut report: Report, problem: Diagnostic) -> Report {
    report.diagnostics.push(problem);
    report
}
