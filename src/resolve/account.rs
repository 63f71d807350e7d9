//! What became of each layer's words at a place, as the merge tells it while it resolves.
//!
//! Who wins, who is hidden and by what is decided in one place only: whoever explains a value or counts winners
//! asks for an account and decides nothing again.

use std::collections::HashMap;

use crate::catalog::patch::{Patch, above, is_within};

use super::input::Input;

/// What became of what a layer says at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It was listened to; what came of it is told further down, if it says anything there.
    Heard,
    /// It is what holds.
    Holds,
    /// Another as strong says something else there: neither holds (E-PEER).
    Clashes,
    /// It is added to what holds, or changes it: text before and behind, words of a set.
    Added,
    /// An operation that stands: weaker words do not count, and what it leads to does.
    Decides,
    /// A stronger word hides it.
    Hidden,
    /// It is said of what a weaker word took away, and does not bring it back.
    Lost,
    /// An `$inherit` looks past it.
    Passed,
    /// It is stronger than what holds, and has no text in the language.
    Foreign,
}

/// What became of all words at the places that were resolved.
#[derive(Debug, Default)]
pub struct Account {
    /// By place. A patch is known by its address, which holds as long as its catalog stands.
    notes: HashMap<String, Vec<(usize, Fate)>>,
}

impl Account {
    /// Notes what became of some words; the last note holds, since an operation may bring back what a stronger one hid.
    pub(super) fn note<'i, 'a: 'i>(
        &mut self,
        place: &str,
        inputs: impl IntoIterator<Item = &'i Input<'a>>,
        fate: Fate,
    ) {
        let notes = self.notes.entry(place.to_owned()).or_default();
        for input in inputs {
            let address = address(input.patch);
            match notes.iter_mut().find(|(noted, _)| *noted == address) {
                Some(note) => note.1 = fate,
                None => notes.push((address, fate)),
            }
        }
    }

    /// What became of a patch at the very place. `way` leads to the patch from its layer's root: see [`Patch::way`].
    pub fn fate_at(&self, place: &str, way: &[&Patch]) -> Option<Fate> {
        let notes = self.notes.get(place)?;
        let noted = |patch: &&Patch| notes.iter().find(|(noted, _)| *noted == address(patch)).map(|(_, fate)| *fate);
        way.iter().rev().find_map(noted)
    }

    /// Whether a patch, or what it lies in, was looked at where a place is or around it, as far as `outer`.
    pub fn is_met(&self, place: &str, outer: &str, way: &[&Patch]) -> bool {
        above(place).take_while(|place| is_within(place, outer)).any(|place| self.fate_at(place, way).is_some())
    }

    /// What became of a patch at a place; where it was not looked at there, of what it lies in above it.
    pub fn fate(&self, place: &str, way: &[&Patch]) -> Option<Fate> {
        above(place).find_map(|place| self.fate_at(place, way))
    }
}

fn address(patch: &Patch) -> usize {
    std::ptr::from_ref(patch) as usize
}
