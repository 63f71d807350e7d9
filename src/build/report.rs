//! What a run did and found.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::AddAssign;
use std::sync::Arc;

use crate::diag::{Diagnostics, Gathering};
use crate::emit::{Changes, Output};
use crate::source::SourceId;
use crate::stopwatch::{Phase, Stopwatch};
use crate::template::forms::FormCounts;

use super::program::Program;
use super::why::Why;

/// What became of a deployment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Its package was written, in part or whole.
    Written,
    /// Its package was already as it should be.
    Kept,
    /// It has an error; the last good package stands.
    Refused,
}

/// One deployment of a run.
#[derive(Clone, Debug)]
pub struct Outcome {
    pub id: Arc<str>,
    pub state: State,
    pub changes: Changes,
}

/// How often a run did what it tries to spare.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Bases that were resolved; not those where every package was as it should be.
    pub bases: u64,
    /// Deployments whose packages were made, whether or not they were refused then.
    pub made: u64,
    /// Deployments whose layers are others, but whose packages were made from the same values.
    pub unmoved: u64,
    /// Leaves of trees that were resolved, and not found among those resolved before.
    pub leaves: u64,
    /// Pages that were rendered once more, to find what wrote what is wrong in them.
    pub traced: u64,
    pub forms: FormCounts,
    pub reasons: Reasons,
}

/// Why packages were made again, counted where it was asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reasons {
    /// Packages that no build had made before.
    pub new: u64,
    /// For each value that is another one, or kind of which one is gone, in how many packages.
    pub changed: BTreeMap<String, u64>,
    /// Packages that were not on the disk as they had been written, or read the same in another order.
    pub others: u64,
}

impl Reasons {
    pub(super) fn add(&mut self, why: Why) {
        match why {
            Why::New => self.new += 1,
            Why::Changed(parts) if !parts.is_empty() => {
                parts.into_iter().for_each(|part| *self.changed.entry(part).or_default() += 1);
            }
            _ => self.others += 1,
        }
    }
}

impl AddAssign for Reasons {
    fn add_assign(&mut self, other: Self) {
        self.new += other.new;
        other.changed.into_iter().for_each(|(part, times)| *self.changed.entry(part).or_default() += times);
        self.others += other.others;
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.bases += other.bases;
        self.made += other.made;
        self.unmoved += other.unmoved;
        self.leaves += other.leaves;
        self.traced += other.traced;
        self.forms += other.forms;
        self.reasons += other.reasons;
    }
}

/// What stops a template while it is rendered.
const STOPPING: [&str; 3] = ["E-LINK", "E-TEMPLATE", "E-THROWN"];

/// What a run did and found.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// By id; a function of the workspace and the options alone.
    pub outcomes: Vec<Outcome>,
    /// Packages of earlier builds that stand, by id: the workspace cannot tell now what they are of, so they are refused
    /// like those that it can tell of.
    pub unread: Vec<Arc<str>>,
    pub changes: Changes,
    pub tally: Tally,
    pub diagnostics: Diagnostics,
}

impl Report {
    /// All of a run's parts, in order. What several deployments met is kept once.
    pub fn of(parts: Vec<Self>) -> Self {
        let (mut whole, mut findings) = (Self::default(), Gathering::default());
        whole.outcomes.reserve_exact(parts.iter().map(|part| part.outcomes.len()).sum());
        for part in parts {
            whole.outcomes.extend(part.outcomes);
            whole.changes += part.changes;
            whole.tally += part.tally;
            findings.add(part.diagnostics);
        }
        whole.diagnostics = findings.finish();
        whole
    }

    /// What stops a template at one place is one error, also where its words name what each deployment has there.
    pub(super) fn fold(&mut self, program: &Program) {
        let templates: BTreeSet<SourceId> = program.catalog().templates.values().copied().collect();
        let diagnostics = std::mem::take(&mut self.diagnostics);
        self.diagnostics = diagnostics.folded(|found| {
            let is_of_template = found.place.as_ref().is_some_and(|place| templates.contains(&place.span.source));
            is_of_template && STOPPING.contains(&found.code.0) && !found.deployments.is_empty()
        });
    }

    /// The same, where nothing was written in the end.
    pub(super) fn refused(mut self) -> Self {
        for outcome in &mut self.outcomes {
            outcome.state = State::Refused;
            outcome.changes = Changes::default();
        }
        self.changes = Changes::default();
        self
    }

    /// Removes what earlier builds wrote, except what is to be kept.
    pub(super) fn remove(&mut self, output: &Output, keep: &dyn Fn(&str) -> bool) {
        self.take(output.remove_stale(keep));
    }

    /// Removes what earlier builds put beside the packages that this one has built without, such as zips: they
    /// would be of another edition. A refused deployment keeps both.
    pub(super) fn remove_beside(&mut self, output: &Output, path_of: fn(&str) -> String) {
        let mut removed = Self::default();
        for outcome in self.outcomes.iter().filter(|outcome| outcome.state != State::Refused) {
            removed.take(output.remove_stale_file(&path_of(&outcome.id)));
        }
        self.take((removed.changes, removed.diagnostics));
    }

    /// Notes in the output what stands there now; what changes it after that makes the inventories wrong.
    pub fn take_inventory(&mut self, program: &Program, output: &Output, stopwatch: &Stopwatch) {
        self.take(stopwatch.time(Phase::Catalogue, || output.take_inventory(&program.heading())));
    }

    fn take(&mut self, (changes, diagnostics): (Changes, Diagnostics)) {
        self.changes += changes;
        self.diagnostics.append(diagnostics);
    }
}
