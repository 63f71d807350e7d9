//! Paths that many layers speak of, held once: what one partner sets, most do.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

#[derive(Default)]
pub struct Paths(Mutex<HashSet<Arc<str>>>);

impl Paths {
    /// Puts the one that is held in the place of another that reads the same.
    pub fn share<'p>(&self, paths: impl Iterator<Item = &'p mut Arc<str>>) {
        // Whatever panicked elsewhere, a path is there or not.
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for path in paths {
            match known.get(path) {
                Some(held) => *path = held.clone(),
                None => drop(known.insert(path.clone())),
            }
        }
    }
}
