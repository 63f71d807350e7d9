//! Everything that can become of a lead, seen through some of the machines.
//!
//! What other machines would forbid is taken to be free: so whatever cannot happen here cannot happen at all.

use std::collections::HashMap;
use std::sync::Arc;

use super::network::{Event, MachineId, Network, StateId};

/// More states than that are a slice that was chosen badly, not a path that people understand.
const MOST_STATES: usize = 200_000;

/// The states of the machines of a slice, in its order.
pub type Vector = Box<[StateId]>;

/// All states that can be reached, each with the shortest way to it.
pub struct Walk<'n> {
    network: &'n Network,
    slice: Vec<MachineId>,
    found: Vec<Vector>,
    /// The state before, and the event that led on.
    from: Vec<Option<(usize, usize)>>,
    ignores_gates: bool,
}

/// How a network is walked.
pub struct Ways<'w> {
    /// Only these events happen.
    pub events: &'w dyn Fn(&Event) -> bool,
    pub ignores_gates: bool,
}

impl<'n> Walk<'n> {
    pub fn new(network: &'n Network, slice: Vec<MachineId>, ways: &Ways<'_>) -> Self {
        let start: Vector = vec![0; slice.len()].into();
        let mut walk =
            Self { network, slice, found: vec![start.clone()], from: vec![None], ignores_gates: ways.ignores_gates };
        let mut known: HashMap<Vector, usize> = HashMap::from([(start, 0)]);
        let events: Vec<(usize, &Event)> =
            network.events.iter().enumerate().filter(|(_, event)| (ways.events)(event)).collect();
        let mut at = 0;
        while at < walk.found.len() && walk.found.len() < MOST_STATES {
            for &(index, event) in &events {
                if let Some(next) = walk.after(&walk.found[at], event)
                    && !known.contains_key(&next)
                {
                    known.insert(next.clone(), walk.found.len());
                    walk.found.push(next);
                    walk.from.push(Some((at, index)));
                }
            }
            at += 1;
        }
        walk
    }

    /// The states that can be reached, nearest first.
    pub fn states(&self) -> impl Iterator<Item = (usize, &Vector)> {
        self.found.iter().enumerate()
    }

    /// The state of a machine of the slice.
    pub fn of(&self, vector: &Vector, machine: MachineId) -> Option<StateId> {
        let at = self.slice.iter().position(|&id| id == machine)?;
        vector.get(at).copied()
    }

    /// The first state in which an event can happen.
    pub fn first(&self, event: &Event) -> Option<usize> {
        self.found.iter().position(|vector| self.can(vector, event))
    }

    pub fn can(&self, vector: &Vector, event: &Event) -> bool {
        let holds = |&(machine, state): &(MachineId, StateId)| self.of(vector, machine).is_none_or(|now| now == state);
        event.needs.iter().all(|need| self.ignores_gates && need.is_gate || need.any.iter().any(holds))
    }

    /// The vector after an event, where it can happen.
    pub fn after(&self, vector: &Vector, event: &Event) -> Option<Vector> {
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

    /// The shortest way to a state, as the names of its events.
    pub fn trail(&self, state: usize) -> Vec<Arc<str>> {
        let mut trail = Vec::new();
        let mut at = state;
        while let Some(Some((before, event))) = self.from.get(at) {
            trail.extend(self.network.events.get(*event).map(|event| event.name.clone()));
            at = *before;
        }
        trail.reverse();
        trail
    }
}
