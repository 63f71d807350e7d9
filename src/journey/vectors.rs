//! States of several machines at once, each once, with how it was come to.
//!
//! A walk has hundreds of thousands of them, so they lie side by side instead of each in an allocation of its own.

use std::hash::BuildHasher;

use foldhash::fast::FixedState;
use hashbrown::HashTable;

use super::network::StateId;

/// The states of the machines of a slice, in its order.
pub type Vector = [StateId];

/// How a vector was come to: the one before, and the event that led on, each by its place.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    pub before: u32,
    pub event: u32,
}

/// The vectors that were come to, in that order; the first is where everything begins.
#[derive(Debug)]
pub struct Vectors {
    width: usize,
    states: Vec<StateId>,
    /// Of each but the first.
    steps: Vec<Step>,
    places: HashTable<u32>,
}

impl Vectors {
    /// With all machines in their first state.
    pub fn from_start(width: usize) -> Self {
        let mut all = Self { width, states: vec![0; width], steps: Vec::new(), places: HashTable::new() };
        let start = hash(&all.states);
        all.places.insert_unique(start, 0, |_| start);
        all
    }

    /// How many there are; at least one.
    fn count(&self) -> usize {
        self.steps.len() + 1
    }

    pub fn get(&self, at: usize) -> Option<&Vector> {
        (at < self.count()).then(|| at_place(&self.states, self.width, at))
    }

    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Vector> {
        (0..self.count()).map(|at| at_place(&self.states, self.width, at))
    }

    pub fn find(&self, vector: &Vector) -> Option<usize> {
        let is_it = |&at: &u32| at_place(&self.states, self.width, at as usize) == vector;
        self.places.find(hash(vector), is_it).map(|&at| at as usize)
    }

    /// How one was come to; `None` for the first.
    pub fn step(&self, at: usize) -> Option<Step> {
        self.steps.get(at.checked_sub(1)?).copied()
    }

    /// Takes one in; known ones stay as they were come to first.
    pub fn add(&mut self, vector: &Vector, step: Step) {
        if self.find(vector).is_some() {
            return;
        }
        // A walk has fewer steps than that, see `MOST_STEPS`.
        let Ok(at) = u32::try_from(self.count()) else { return };
        self.states.extend_from_slice(vector);
        self.steps.push(step);
        let (states, width) = (&self.states, self.width);
        self.places.insert_unique(hash(vector), at, |&at| hash(at_place(states, width, at as usize)));
    }

    /// Gives back what was reserved for more.
    pub fn shrink(&mut self) {
        self.states.shrink_to_fit();
        self.steps.shrink_to_fit();
        let (states, width) = (&self.states, self.width);
        self.places.shrink_to_fit(|&at| hash(at_place(states, width, at as usize)));
    }
}

fn at_place(states: &[StateId], width: usize, at: usize) -> &Vector {
    &states[at * width..(at + 1) * width]
}

/// The seed is fixed: a journey is HQ's, and what it comes to is bounded by its steps.
fn hash(vector: &Vector) -> u64 {
    FixedState::default().hash_one(vector)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn each_is_there_once_as_it_was_come_to_first(
            width in 0_usize..4,
            said in prop::collection::vec(prop::collection::vec(0_u8..4, 4), 0..60),
        ) {
            let mut all = Vectors::from_start(width);
            let mut plain: Vec<(Vec<u8>, Option<u32>)> = vec![(vec![0; width], None)];
            for (event, vector) in said.iter().enumerate() {
                let vector = &vector[..width];
                all.add(vector, Step { before: 0, event: event as u32 });
                if plain.iter().all(|(known, _)| known != vector) {
                    plain.push((vector.to_vec(), Some(event as u32)));
                }
            }
            all.shrink();
            prop_assert_eq!(all.count(), plain.len());
            prop_assert_eq!(all.iter().collect::<Vec<_>>(), plain.iter().map(|(known, _)| &known[..]).collect::<Vec<_>>());
            for (at, (vector, event)) in plain.iter().enumerate() {
                prop_assert_eq!(all.find(vector), Some(at));
                prop_assert_eq!(all.get(at), Some(&vector[..]));
                prop_assert_eq!(all.step(at).map(|step| step.event), *event);
            }
            prop_assert_eq!(all.get(plain.len()), None);
            prop_assert_eq!(all.find(&vec![9; width]).is_some(), width == 0);
        }
    }
}
