//! The ways between the states of a machine, and the tracks on which they run.

use crate::journey::lower::LATE;
use crate::journey::view::Machine;

/// A way from state to state, by their places.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Way {
    pub from: usize,
    pub to: usize,
    /// Whether only the clock leads there.
    pub is_late: bool,
    /// Which of how many it is that leave its state.
    pub leaves: (usize, usize),
    /// The same of those that come to the next one; those of one track come as one.
    pub comes: (usize, usize),
    /// Counted from the lanes outwards. Ways that meet on one lead to one state.
    pub track: usize,
}

impl Way {
    fn rows(&self) -> std::ops::RangeInclusive<usize> {
        self.from.min(self.to)..=self.from.max(self.to)
    }

    /// Whether two may share a track: they lead to one state in one way, or do not meet.
    fn shares(&self, other: &Self) -> bool {
        let (a, b) = (self.rows(), other.rows());
        (self.to, self.is_late) == (other.to, other.is_late) || a.end() < b.start() || b.end() < a.start()
    }
}

/// All ways of a machine.
pub fn of(machine: &Machine) -> Vec<Way> {
    let place = |id: &str| machine.states.iter().position(|state| *state.named.id == *id);
    let mut ways: Vec<Way> = Vec::new();
    for (from, state) in machine.states.iter().enumerate() {
        for to in 0..machine.states.len() {
            let mut leads = machine.ways(state).filter(|(_, id)| place(id) == Some(to) && to != from).peekable();
            if leads.peek().is_some() {
                let is_late = leads.all(|(event, _)| **event == *LATE);
                ways.push(Way { from, to, is_late, leaves: (0, 0), comes: (0, 0), track: 0 });
            }
        }
    }
    laid(ways)
}

/// Gives each its track, short ones first, and its place at both ends.
fn laid(mut ways: Vec<Way>) -> Vec<Way> {
    ways.sort_by_key(|way| way.rows().count());
    for at in 0..ways.len() {
        let taken = |track: usize| ways[..at].iter().any(|other| other.track == track && !ways[at].shares(other));
        ways[at].track = (0..).find(|&track| !taken(track)).unwrap_or(at);
    }
    for at in 0..ways.len() {
        let leaving: Vec<usize> = (0..ways.len()).filter(|&other| ways[other].from == ways[at].from).collect();
        let mut coming: Vec<(bool, usize)> =
            ways.iter().filter(|other| other.to == ways[at].to).map(|other| (other.is_late, other.track)).collect();
        coming.sort_unstable();
        coming.dedup();
        let own = (ways[at].is_late, ways[at].track);
        ways[at].leaves = (leaving.iter().position(|&other| other == at).unwrap_or(0), leaving.len());
        ways[at].comes = (coming.iter().position(|&other| other == own).unwrap_or(0), coming.len());
    }
    ways
}

/// How many tracks they take.
pub fn tracks(ways: &[Way]) -> usize {
    ways.iter().map(|way| way.track + 1).max().unwrap_or(0)
}
