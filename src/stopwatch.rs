//! Where the time goes, by phase: measured only where somebody brings a clock.

use std::cell::Cell;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Tells the time; only `cli` has a real one.
pub trait Clock: Send + Sync {
    /// Since any moment that stays the same.
    fn now(&self) -> Duration;
}

/// A part of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    Read,
    Parse,
    Guard,
    Compare,
    Resolve,
    Bind,
    Pages,
    Documents,
    Codes,
    Audit,
    Seal,
    Write,
    Zip,
    Remove,
    Catalogue,
    Maps,
}

impl Phase {
    /// All of them, in the order in which a run comes to them.
    pub const ALL: [Self; 16] = [
        Self::Read,
        Self::Parse,
        Self::Guard,
        Self::Compare,
        Self::Resolve,
        Self::Bind,
        Self::Pages,
        Self::Documents,
        Self::Codes,
        Self::Audit,
        Self::Seal,
        Self::Write,
        Self::Zip,
        Self::Remove,
        Self::Catalogue,
        Self::Maps,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Parse => "parse",
            Self::Guard => "guard",
            Self::Compare => "compare",
            Self::Resolve => "resolve",
            Self::Bind => "bind",
            Self::Pages => "pages",
            Self::Documents => "documents",
            Self::Codes => "codes",
            Self::Audit => "audit",
            Self::Seal => "seal",
            Self::Write => "write",
            Self::Zip => "zip",
            Self::Remove => "remove",
            Self::Catalogue => "catalogue",
            Self::Maps => "maps",
        }
    }

    /// What is done in it.
    pub fn purpose(self) -> &'static str {
        match self {
            Self::Read => "the workspace's files are read",
            Self::Parse => "they become layers, policy, templates and deployments",
            Self::Guard => "every contribution is held against the policy",
            Self::Compare => "inputs and packages are looked at for what changed",
            Self::Resolve => "the winners of a base or of a deployment are found",
            Self::Bind => "a deployment's values, links and models are bound and checked",
            Self::Pages => "landing pages and emails are made",
            Self::Documents => "documents for people and data files are made",
            Self::Codes => "QR codes are drawn",
            Self::Audit => "what was made is looked at",
            Self::Seal => "the manifest is made",
            Self::Write => "packages are compared with the disk and written",
            Self::Zip => "packages are deflated and written as zips",
            Self::Remove => "what nobody wants any more is removed",
            Self::Catalogue => "the catalogue's pages are made and written",
            Self::Maps => "source maps are made and written, or left as they are",
        }
    }
}

/// How long a phase took, and how often it was come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lap {
    pub phase: Phase,
    /// Summed over all threads. What one phase does for another counts for the other alone.
    pub time: Duration,
    pub times: u64,
}

/// Measures phases, in any thread. The default has no clock and measures nothing.
#[derive(Clone, Default)]
pub struct Stopwatch {
    running: Option<Arc<Running>>,
}

struct Running {
    clock: Box<dyn Clock>,
    phases: [Sum; Phase::ALL.len()],
}

#[derive(Default)]
struct Sum {
    nanoseconds: AtomicU64,
    times: AtomicU64,
}

thread_local! {
    /// How much of the time since a phase began went into phases within it.
    static WITHIN: Cell<Duration> = const { Cell::new(Duration::ZERO) };
}

impl Stopwatch {
    pub fn new(clock: Box<dyn Clock>) -> Self {
        Self { running: Some(Arc::new(Running { clock, phases: Default::default() })) }
    }

    /// Does some work, as a part of a phase.
    pub fn time<T>(&self, phase: Phase, work: impl FnOnce() -> T) -> T {
        let Some(running) = &self.running else { return work() };
        let around = WITHIN.take();
        let start = running.clock.now();
        let result = work();
        let time = running.clock.now().saturating_sub(start);
        let own = time.saturating_sub(WITHIN.get());
        WITHIN.set(around + time);
        let sum = &running.phases[phase as usize];
        sum.nanoseconds.fetch_add(own.as_nanos() as u64, Ordering::Relaxed);
        sum.times.fetch_add(1, Ordering::Relaxed);
        result
    }

    /// The phases that were come to, in their order.
    pub fn laps(&self) -> Vec<Lap> {
        let Some(running) = &self.running else { return Vec::new() };
        let laps = Phase::ALL.into_iter().zip(&running.phases).map(|(phase, sum)| Lap {
            phase,
            time: Duration::from_nanos(sum.nanoseconds.load(Ordering::Relaxed)),
            times: sum.times.load(Ordering::Relaxed),
        });
        laps.filter(|lap| lap.times > 0).collect()
    }
}

impl fmt::Debug for Stopwatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Stopwatch").field(&self.laps()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goes on by a second whenever it is looked at.
    #[derive(Default)]
    struct Ticks(AtomicU64);

    impl Clock for Ticks {
        fn now(&self) -> Duration {
            Duration::from_secs(self.0.fetch_add(1, Ordering::Relaxed))
        }
    }

    #[test]
    fn a_phase_within_a_phase_counts_for_itself_alone() {
        let watch = Stopwatch::new(Box::new(Ticks::default()));
        // Looked at at 0, 1, 2, 3, 4 and 5 seconds.
        watch.time(Phase::Write, || {
            watch.time(Phase::Zip, || ());
            watch.clone().time(Phase::Zip, || ());
        });
        let lap = |phase, seconds, times| Lap { phase, time: Duration::from_secs(seconds), times };
        assert_eq!(watch.laps(), [lap(Phase::Write, 3, 1), lap(Phase::Zip, 2, 2)]);
        watch.time(Phase::Read, || ());
        assert_eq!(watch.laps()[0], lap(Phase::Read, 1, 1));
    }

    #[test]
    fn without_a_clock_nothing_is_measured() {
        let watch = Stopwatch::default();
        assert_eq!(watch.time(Phase::Read, || 7), 7);
        assert_eq!(watch.laps(), []);
    }
}
