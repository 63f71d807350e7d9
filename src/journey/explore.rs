//! Everything that can become of a lead, seen through some of the machines.
//!
//! What other machines would forbid is taken to be free: so whatever cannot happen here cannot happen at all.

use std::rc::Rc;
use std::sync::Arc;

use indexmap::IndexMap;

use super::network::{Event, EventKind, MachineId, Network, StateId};

/// The steps of a walk, each an event that is tried in a state. More than that are a slice that was chosen badly, not a
/// path that people understand.
pub const MOST_STEPS: usize = 10_000_000;

/// The states of the machines of a slice, in its order.
pub type Vector = Box<[StateId]>;

/// All states that can be reached, each with the shortest way to it.
#[derive(Debug)]
pub struct Walk<'n> {
    network: &'n Network,
    slice: Vec<MachineId>,
    ways: Ways,
    found: IndexMap<Vector, Option<Step>>,
}

/// How a state was come to: the state before, and the event that led on, each by its place.
type Step = (usize, usize);

/// How a network is walked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Ways {
    /// Whether gates hold; without, it is seen what they alone prevent.
    pub gates: bool,
    /// Whether permission is taken back.
    pub withdrawal: bool,
}

impl Ways {
    /// As it is.
    pub const ALL: Self = Self { gates: true, withdrawal: true };
    pub const GATES_ASIDE: Self = Self { gates: false, withdrawal: true };
    /// For what has to hold before: what is taken back later is a matter of the gate and of the way out.
    pub const CARELESS: Self = Self { gates: false, withdrawal: false };
}

/// The walks of a proof: rules that look through the same machines share one.
#[derive(Debug)]
pub struct Walks<'n> {
    network: &'n Network,
    most_steps: usize,
    /// `None` where a walk came to no end.
    made: IndexMap<Key, Option<Rc<Walk<'n>>>>,
}

type Key = (Vec<MachineId>, Ways);

impl<'n> Walks<'n> {
    pub fn new(network: &'n Network, most_steps: usize) -> Self {
        Self { network, most_steps, made: IndexMap::new() }
    }

    /// The walk through some machines; `None` where it is too long, which [`Walks::endless`] tells.
    pub fn through(&mut self, slice: impl IntoIterator<Item = MachineId>, ways: Ways) -> Option<Rc<Walk<'n>>> {
        let (key, events) = self.key(slice, ways);
        let make = || Walk::new(self.network, key.0.clone(), key.1, &events, self.most_steps).map(Rc::new);
        self.made.entry(key.clone()).or_insert_with(make).clone()
    }

    /// What a walk is known by, and its events. What makes no difference to them makes no walk of its own.
    fn key(&self, slice: impl IntoIterator<Item = MachineId>, ways: Ways) -> (Key, Vec<(usize, &'n Event)>) {
        let mut slice: Vec<MachineId> = slice.into_iter().collect();
        slice.sort();
        slice.dedup();
        let events = relevant(self.network, &slice);
        let ways = Ways {
            gates: ways.gates || !events.iter().any(|(_, event)| event.needs.iter().any(|need| need.is_gate)),
            withdrawal: ways.withdrawal || !events.iter().any(|(_, event)| event.kind == EventKind::Withdrawn),
        };
        ((slice, ways), events)
    }

    /// Notes that what follows from a walk is too long.
    pub fn give_up(&mut self, slice: impl IntoIterator<Item = MachineId>, ways: Ways) {
        let key = self.key(slice, ways).0;
        self.made.insert(key, None);
    }

    /// The walks that came to an end.
    pub fn ended(&self) -> impl Iterator<Item = &Walk<'n>> {
        self.made.values().flatten().map(|walk| &**walk)
    }

    /// The machines of each walk that did not.
    pub fn endless(&self) -> impl Iterator<Item = &[MachineId]> {
        self.made.iter().filter(|(_, walk)| walk.is_none()).map(|((slice, _), _)| &**slice)
    }

    pub fn most_steps(&self) -> usize {
        self.most_steps
    }
}

/// The events that move a machine of a slice; all others would change nothing.
fn relevant<'n>(network: &'n Network, slice: &[MachineId]) -> Vec<(usize, &'n Event)> {
    let moves = |event: &Event| event.moves.iter().any(|step| slice.contains(&step.machine));
    network.events.iter().enumerate().filter(|(_, event)| moves(event)).collect()
}

impl<'n> Walk<'n> {
    fn new(
        network: &'n Network,
        slice: Vec<MachineId>,
        ways: Ways,
        events: &[(usize, &Event)],
        most_steps: usize,
    ) -> Option<Self> {
        let start: Vector = vec![0; slice.len()].into();
        let mut walk = Self { network, slice, ways, found: IndexMap::from([(start, None)]) };
        let mut at = 0;
        while let Some((vector, _)) = walk.found.get_index(at) {
            if (at + 1).saturating_mul(events.len()) > most_steps {
                return None;
            }
            let after = |&(index, event): &(usize, &Event)| Some((index, walk.after(vector, event)?));
            let next: Vec<(usize, Vector)> = events.iter().filter_map(after).collect();
            for (index, vector) in next {
                walk.found.entry(vector).or_insert(Some((at, index)));
            }
            at += 1;
        }
        Some(walk)
    }

    pub fn slice(&self) -> &[MachineId] {
        &self.slice
    }

    pub fn ways(&self) -> Ways {
        self.ways
    }

    /// The states that can be reached, nearest first.
    pub fn states(&self) -> impl ExactSizeIterator<Item = (usize, &Vector)> {
        self.found.keys().enumerate()
    }

    /// The state of a machine of the slice.
    pub fn of(&self, vector: &Vector, machine: MachineId) -> Option<StateId> {
        let at = self.slice.iter().position(|&id| id == machine)?;
        vector.get(at).copied()
    }

    /// Whether an event can happen somewhere.
    pub fn ever(&self, event: &Event) -> bool {
        self.found.keys().any(|vector| self.can(vector, event))
    }

    pub fn can(&self, vector: &Vector, event: &Event) -> bool {
        let holds = |&(machine, state): &(MachineId, StateId)| self.of(vector, machine).is_none_or(|now| now == state);
        let is_aside = event.kind == EventKind::Withdrawn && !self.ways.withdrawal;
        !is_aside && event.needs.iter().all(|need| need.is_gate && !self.ways.gates || need.any.iter().any(holds))
    }

    /// The vector after an event, where it can happen.
    fn after(&self, vector: &Vector, event: &Event) -> Option<Vector> {
        if !self.can(vector, event) {
            return None;
        }
        let mut next = vector.clone();
        for step in &event.moves {
            let Some(at) = self.slice.iter().position(|&id| id == step.machine) else { continue };
            if let Some(&(_, to)) = step.steps.iter().find(|&&(from, _)| from == vector[at]) {
                next[at] = to;
            }
        }
        Some(next)
    }

    /// Where events of some kinds lead from a state, with what they are called.
    pub fn steps(
        &self,
        state: usize,
        kinds: impl Fn(EventKind) -> bool,
    ) -> impl Iterator<Item = (&'n Arc<str>, usize)> {
        let from = self.found.get_index(state).map(|(vector, _)| vector);
        let events = self.network.events.iter().filter(move |event| kinds(event.kind));
        events.filter_map(move |event| Some((&event.name, self.found.get_index_of(&self.after(from?, event)?)?)))
    }

    /// The shortest way to a state, as the names of its events.
    pub fn trail(&self, state: usize) -> Vec<Arc<str>> {
        let mut trail = Vec::new();
        let mut at = state;
        while let Some((_, Some((before, event)))) = self.found.get_index(at) {
            trail.extend(self.network.events.get(*event).map(|event| event.name.clone()));
            at = *before;
        }
        trail.reverse();
        trail
    }
}
