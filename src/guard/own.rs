//! What one layer says, looked up by path: a file may hold thousands of things.

use std::collections::HashSet;

use crate::catalog::Layer;
use crate::catalog::patch::{PatchKind, Right};
use crate::catalog::place;

/// The paths of one layer's contributions.
#[derive(Debug)]
pub struct Own<'a> {
    layer: &'a Layer,
    said: HashSet<&'a str>,
    placed: HashSet<&'a str>,
    lists: HashSet<&'a str>,
}

impl<'a> Own<'a> {
    pub fn of(layer: &'a Layer) -> Self {
        let sets = || layer.contributions.iter();
        Self {
            layer,
            said: sets().map(|set| &*set.path).collect(),
            placed: sets().filter(|set| set.at.is_some()).map(|set| &*set.path).collect(),
            lists: sets().filter(|set| set.right == Right::ReplaceList).map(|set| &*set.path).collect(),
        }
    }

    /// Whether it says something of a place that is asked for its own right.
    pub fn says(&self, path: &str) -> bool {
        self.said.contains(path)
    }

    /// Whether it brings the place in itself, or what the place lies in: it says where that goes, and nobody has it `before`.
    pub fn inserts(&self, place: &str, before: impl Fn(&str) -> bool) -> bool {
        above(place, &['/', '.', '[']).any(|path| self.placed.contains(path) && !before(path))
    }

    /// Whether the place lies in a list that it replaces as a whole (L7).
    pub fn replaces_list(&self, place: &str) -> bool {
        above(place, &['[']).any(|path| self.lists.contains(path))
    }

    /// Whether its own files give a text at the path; what is the same in every locale is none.
    pub fn words(&self, path: &str) -> bool {
        let own = self.layer.patch.find(&place::steps(path));
        own.is_some_and(|patch| match &patch.kind {
            PatchKind::Leaf(_) | PatchKind::Replace(_) => true,
            PatchKind::Map(entries) => ["body", "append", "prepend"].iter().any(|key| entries.contains_key(*key)),
            _ => false,
        })
    }
}

/// A path and what it lies in, as far as one of the signs parts them.
fn above<'p>(path: &'p str, signs: &'static [char]) -> impl Iterator<Item = &'p str> {
    std::iter::once(path).chain(path.match_indices(signs).map(|(at, _)| &path[..at]))
}
