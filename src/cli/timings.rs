//! `--timings`: where the time went, for people and as JSON.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::time::{Duration, Instant};

use serde::Serialize;

use super::wording::{count, grouped};
use crate::build::{Reasons, Report, Tally};
use crate::stopwatch::{Clock, Lap, Stopwatch};
use crate::template::forms::FormCounts;

/// The clock of the machine: time that passes, whoever has the processor.
struct Wall(Instant);

impl Clock for Wall {
    fn now(&self) -> Duration {
        self.0.elapsed()
    }
}

/// A stopwatch that runs, if the times are wanted.
pub fn stopwatch(wanted: bool) -> Stopwatch {
    if wanted { Stopwatch::new(Box::new(Wall(Instant::now()))) } else { Stopwatch::default() }
}

/// What `timings` holds in JSON; documented in `docs/output.md`. Only the total is there without `--timings`.
#[derive(Serialize)]
pub struct Timings<'a> {
    total_ms: u64,
    #[serde(flatten)]
    detail: Option<Detail<'a>>,
}

#[derive(Serialize)]
struct Detail<'a> {
    threads: usize,
    phases: Vec<Row>,
    bases: u64,
    made: u64,
    unmoved: u64,
    traced: u64,
    leaves: u64,
    reasons: Because<'a>,
    forms: Forms<'a>,
}

#[derive(Serialize)]
struct Because<'a> {
    new: u64,
    changed: &'a BTreeMap<String, u64>,
    others: u64,
}

#[derive(Serialize)]
struct Row {
    phase: &'static str,
    ms: f64,
    times: u64,
}

#[derive(Serialize)]
struct Forms<'a> {
    made: u64,
    slots: u64,
    filled: u64,
    rendered: u64,
    forced: &'a BTreeMap<String, u64>,
    unfollowed: &'a BTreeMap<Box<str>, u64>,
}

impl<'a> Timings<'a> {
    pub fn new(total: Duration, stopwatch: &Stopwatch, tally: &'a Tally) -> Self {
        let laps = stopwatch.laps();
        let detail = (!laps.is_empty()).then(|| Detail {
            threads: rayon::current_num_threads(),
            phases: laps.iter().map(row).collect(),
            bases: tally.bases,
            made: tally.made,
            unmoved: tally.unmoved,
            traced: tally.traced,
            leaves: tally.leaves,
            reasons: because(&tally.reasons),
            forms: forms(&tally.forms),
        });
        Self { total_ms: total.as_millis() as u64, detail }
    }
}

fn row(lap: &Lap) -> Row {
    // Microseconds are as exact as it gets.
    Row { phase: lap.phase.name(), ms: lap.time.as_micros() as f64 / 1000.0, times: lap.times }
}

fn because(Reasons { new, changed, others }: &Reasons) -> Because<'_> {
    Because { new: *new, changed, others: *others }
}

fn forms(counts: &FormCounts) -> Forms<'_> {
    let FormCounts { made, slots, filled, rendered, unfollowed, forced } = counts;
    Forms { made: *made, slots: *slots, filled: *filled, rendered: *rendered, forced, unfollowed }
}

/// How many causes are named before the rest is counted.
const NAMED: usize = 10;

/// The same for people; nothing where nothing was measured.
pub fn text(stopwatch: &Stopwatch, report: &Report) -> String {
    let laps = stopwatch.laps();
    if laps.is_empty() {
        return String::new();
    }
    let threads = count(rayon::current_num_threads() as u64, "thread");
    let mut text = format!("where the time went, summed over {threads}:\n");
    // Writing to a string does not fail.
    for lap in laps {
        let (name, ms) = (lap.phase.name(), lap.time.as_micros() as f64 / 1000.0);
        let _ = writeln!(text, "  {name:10} {ms:10.1} ms {:>9} x  {}", grouped(lap.times), lap.phase.purpose());
    }
    let Tally { bases, made, unmoved, leaves, traced, forms, reasons: causes_of_making } = &report.tally;
    let (bases, made) = (count(*bases, "base"), count(*made, "deployment"));
    let leaves = count(*leaves, "value");
    let _ = writeln!(text, "{bases} resolved, with {leaves} not found among those resolved before; {made} made");
    reasons(&mut text, *unmoved, causes_of_making);
    if *traced > 0 {
        let _ = writeln!(text, "{} rendered once more, to find what wrote what is wrong", count(*traced, "page"));
    }
    let FormCounts { made, slots, filled, rendered, unfollowed, forced } = forms;
    if filled + rendered > 0 {
        let (filled, rendered) = (count(*filled, "page"), grouped(*rendered));
        let (made, slots) = (count(*made, "form"), count(*slots, "slot"));
        let _ = writeln!(text, "{filled} filled from forms, {rendered} rendered; {made} made, with {slots}");
    }
    let forced = forced.iter().map(|(path, &times)| (path.as_str(), times));
    causes(&mut text, "looked at by templates, so that another value needs another form", forced);
    let unfollowed = unfollowed.iter().map(|(template, &times)| (&**template, times));
    causes(&mut text, "rendered each time, since no form could be made", unfollowed);
    text
}

/// Why packages were made, or were not.
fn reasons(text: &mut String, unmoved: u64, reasons: &Reasons) {
    let Reasons { new, changed, others } = reasons;
    let lines = [
        (unmoved, "kept: looked at, but no value that they are made from has changed"),
        (*new, "made that no build had made"),
        (*others, "made again that were not in the output as a build left them, or read the same in another order"),
    ];
    for (times, what) in lines.into_iter().filter(|(times, _)| *times > 0) {
        // Writing to a string does not fail.
        let _ = writeln!(text, "{} {what}", count(times, "deployment"));
    }
    let changed = changed.iter().map(|(part, &times)| (part.as_str(), times));
    causes(text, "made again for another value of", changed);
}

/// The most frequent causes, with how often each was one.
fn causes<'a>(text: &mut String, what: &str, causes: impl Iterator<Item = (&'a str, u64)>) {
    let mut causes: Vec<(&str, u64)> = causes.collect();
    causes.sort_by_key(|&(_, times)| std::cmp::Reverse(times));
    if causes.is_empty() {
        return;
    }
    let name = |name: &str| if name.contains('`') { name.to_owned() } else { format!("`{name}`") };
    let named: Vec<String> =
        causes.iter().take(NAMED).map(|(cause, times)| format!("{} ({times})", name(cause))).collect();
    let more = match causes.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    // Writing to a string does not fail.
    let _ = writeln!(text, "{what}: {}{more}", named.join(", "));
}
