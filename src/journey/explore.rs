//! Everything that can become of a lead, seen through some of the machines.
//!
//! What other machines would forbid is taken to be free: so whatever cannot happen here cannot happen at all.

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::{Arc, Mutex, PoisonError};

use crate::data::IndexMap;
use crate::digest::Digest;
use crate::encode::json;
use crate::recent::Recent;

use super::network::{Event, EventKind, MachineId, Network, StateId};
use super::vectors::{Step, Vector, Vectors};

/// The steps of a walk, each an event that is tried in a state. More than that are a slice that was chosen badly, not a
/// path that people understand.
pub const MOST_STEPS: usize = 10_000_000;

/// All states that can be reached, each with the shortest way to it.
#[derive(Debug)]
pub struct Walk<'n> {
    network: &'n Network,
    reached: Arc<Reached>,
}

/// What a walk came to; it holds for every network that is equal.
#[derive(Debug)]
struct Reached {
    slice: Vec<MachineId>,
    ways: Ways,
    /// All events of the network, in its order.
    seen: Vec<Seen>,
    found: Vectors,
}

/// An event as the machines of a slice see it, each by its place there.
#[derive(Debug)]
struct Seen {
    /// Of each need one of these holds; what a machine outside can meet is left out.
    needs: Vec<Vec<(usize, StateId)>>,
    /// Where each state of a machine leads, by the state; behind the last that moves, nothing does.
    moves: Vec<(usize, Vec<StateId>)>,
    is_aside: bool,
}

impl Seen {
    fn new(event: &Event, slice: &[MachineId], ways: Ways) -> Self {
        let place = |id: MachineId| slice.iter().position(|&it| it == id);
        let all = |any: &[(MachineId, StateId)]| any.iter().map(|&(id, state)| Some((place(id)?, state))).collect();
        let needs = event.needs.iter().filter(|need| ways.gates || !need.is_gate);
        Self {
            needs: needs.filter_map(|need| all(&need.any)).collect(),
            moves: event.moves.iter().filter_map(|it| Some((place(it.machine)?, table(&it.steps)))).collect(),
            is_aside: event.kind == EventKind::Withdrawn && !ways.withdrawal,
        }
    }

    fn can(&self, vector: &[StateId]) -> bool {
        !self.is_aside && self.needs.iter().all(|any| any.iter().any(|&(at, state)| vector[at] == state))
    }

    /// Puts the vector after the event into `next`; false where it cannot happen.
    fn leads(&self, vector: &[StateId], next: &mut Vec<StateId>) -> bool {
        next.clear();
        next.extend_from_slice(vector);
        for (at, table) in &self.moves {
            if let Some(&to) = table.get(usize::from(vector[*at])) {
                next[*at] = to;
            }
        }
        self.can(vector)
    }

    /// As [`Seen::leads`]; false also where it changes nothing.
    fn changes(&self, vector: &[StateId], next: &mut Vec<StateId>) -> bool {
        let moves = |(at, table): &(usize, Vec<StateId>)| {
            let state = vector[*at];
            table.get(usize::from(state)).is_some_and(|&to| to != state)
        };
        self.moves.iter().any(moves) && self.leads(vector, next)
    }
}

/// Of two steps from one state the first counts.
fn table(steps: &[(StateId, StateId)]) -> Vec<StateId> {
    let last = steps.iter().map(|&(from, _)| from).max();
    let mut table: Vec<StateId> = last.map_or_else(Vec::new, |last| (0..=last).collect());
    for &(from, to) in steps.iter().rev() {
        table[usize::from(from)] = to;
    }
    table
}

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
    known: Arc<Known>,
    /// `None` where a walk came to no end.
    made: IndexMap<Key, Option<Rc<Walk<'n>>>>,
}

type Key = (Vec<MachineId>, Ways);

/// The walks through one network that came to an end.
#[derive(Debug, Default)]
struct Known(Mutex<HashMap<Key, Arc<Reached>>>);

impl Known {
    fn get(&self, key: &Key, make: impl FnOnce() -> Option<Reached>) -> Option<Arc<Reached>> {
        let known = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = known().get(key).cloned();
        found.or_else(|| {
            let made = Arc::new(make()?);
            known().insert(key.clone(), made.clone());
            Some(made)
        })
    }
}

/// Walks that were made before: deployments whose journeys differ in words and owners alone have one network.
#[derive(Debug, Default)]
pub struct Explored(Recent<Digest, Known>);

impl Explored {
    /// The walks of a proof, each of at most so many steps.
    pub fn through<'n>(&self, network: &'n Network, most_steps: usize) -> Walks<'n> {
        // No part of a network can fail to be written: they are lists of words and numbers.
        let digest = Digest::of(&json::line(network).unwrap_or_default());
        let Ok(known) = self.0.get(digest, || Ok::<_, std::convert::Infallible>(Known::default()));
        Walks { network, most_steps, known, made: IndexMap::default() }
    }
}

impl<'n> Walks<'n> {
    /// The walk through some machines; `None` where it is too long, which [`Walks::endless`] tells.
    pub fn through(&mut self, slice: impl IntoIterator<Item = MachineId>, ways: Ways) -> Option<Rc<Walk<'n>>> {
        let (key, events) = self.key(slice, ways);
        let make = || {
            let reached = || Reached::new(self.network, &key, &events, self.most_steps);
            Some(Rc::new(Walk { network: self.network, reached: self.known.get(&key, reached)? }))
        };
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

impl Reached {
    fn new(network: &Network, (slice, ways): &Key, events: &[(usize, &Event)], most_steps: usize) -> Option<Self> {
        let seen: Vec<Seen> = network.events.iter().map(|event| Seen::new(event, slice, *ways)).collect();
        let mut found = Vectors::from_start(slice.len());
        let (mut from, mut next, mut at) = (Vec::new(), Vec::new(), 0);
        while let Some(vector) = found.get(at) {
            if (at + 1).saturating_mul(events.len()) > most_steps {
                return None;
            }
            from.clear();
            from.extend_from_slice(vector);
            for &(index, _) in events {
                // Most events lead to what is known, or nowhere else.
                if seen[index].changes(&from, &mut next) {
                    found.add(&next, Step { before: at as u32, event: index as u32 });
                }
            }
            at += 1;
        }
        found.shrink();
        Some(Self { slice: slice.clone(), ways: *ways, seen, found })
    }
}

impl<'n> Walk<'n> {
    pub fn slice(&self) -> &[MachineId] {
        &self.reached.slice
    }

    pub fn ways(&self) -> Ways {
        self.reached.ways
    }

    /// The states that can be reached, nearest first.
    pub fn states(&self) -> impl ExactSizeIterator<Item = (usize, &Vector)> {
        self.reached.found.iter().enumerate()
    }

    /// The state of a machine of the slice.
    pub fn of(&self, vector: &Vector, machine: MachineId) -> Option<StateId> {
        let at = self.reached.slice.iter().position(|&id| id == machine)?;
        vector.get(at).copied()
    }

    /// Whether an event of the network can happen somewhere.
    pub fn ever(&self, event: usize) -> bool {
        self.reached.found.iter().any(|vector| self.can(vector, event))
    }

    /// Whether an event of the network can happen here.
    pub fn can(&self, vector: &Vector, event: usize) -> bool {
        self.reached.seen.get(event).is_some_and(|seen| seen.can(vector))
    }

    /// Where events of some kinds lead from a state, with what they are called.
    pub fn steps(
        &self,
        state: usize,
        kinds: impl Fn(EventKind) -> bool,
    ) -> impl Iterator<Item = (&'n Arc<str>, usize)> {
        let from = self.reached.found.get(state);
        let events = self.network.events.iter().zip(&self.reached.seen).filter(move |(event, _)| kinds(event.kind));
        let mut next = Vec::new();
        events.filter_map(move |(event, seen)| {
            let leads = seen.leads(from?, &mut next);
            Some((&event.name, self.reached.found.find(&next).filter(|_| leads)?))
        })
    }

    /// The shortest way to a state, as the names of its events.
    pub fn trail(&self, state: usize) -> Vec<Arc<str>> {
        let mut trail = Vec::new();
        let mut at = state;
        while let Some(step) = self.reached.found.step(at) {
            trail.extend(self.network.events.get(step.event as usize).map(|event| event.name.clone()));
            at = step.before as usize;
        }
        trail.reverse();
        trail
    }
}
