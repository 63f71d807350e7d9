//! What is made once and looked at by many: deployments on several threads, most of which ask for the same.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How much of one kind is kept. Deployments are built in the order of their layers, so whoever asks for the same comes
/// soon, and what nobody asked for lately is made again rather than held until the end.
const MOST_KEPT: usize = 24;

/// What follows from equal input, by what names the input.
#[derive(Debug)]
pub struct Recent<K, T>(Mutex<Kept<K, T>>);

#[derive(Debug)]
struct Kept<K, T> {
    known: HashMap<K, Known<T>>,
    /// How often was asked.
    asked: u64,
}

#[derive(Debug)]
struct Known<T> {
    value: Arc<T>,
    /// The question that it answered last.
    last: u64,
}

impl<K, T> Default for Recent<K, T> {
    fn default() -> Self {
        Self(Mutex::new(Kept { known: HashMap::new(), asked: 0 }))
    }
}

impl<K: Eq + Hash + Clone, T> Recent<K, T> {
    /// Two that make the same at one time make it twice, and the first is kept.
    pub fn get<E>(&self, key: K, make: impl FnOnce() -> Result<T, E>) -> Result<Arc<T>, E> {
        let known = self.kept().find(&key);
        match known {
            Some(known) => Ok(known),
            None => {
                let made = Arc::new(make()?);
                Ok(self.kept().keep(key, made))
            }
        }
    }

    fn kept(&self) -> MutexGuard<'_, Kept<K, T>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    #[cfg(test)]
    pub fn count(&self) -> usize {
        self.kept().known.len()
    }
}

impl<K: Eq + Hash + Clone, T> Kept<K, T> {
    fn find(&mut self, key: &K) -> Option<Arc<T>> {
        self.asked += 1;
        let known = self.known.get_mut(key)?;
        known.last = self.asked;
        Some(known.value.clone())
    }

    fn keep(&mut self, key: K, value: Arc<T>) -> Arc<T> {
        if self.known.len() >= MOST_KEPT && !self.known.contains_key(&key) {
            let oldest = self.known.iter().min_by_key(|(_, known)| known.last).map(|(key, _)| key.clone());
            oldest.and_then(|key| self.known.remove(&key));
        }
        self.known.entry(key).or_insert(Known { value, last: self.asked }).value.clone()
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use super::*;

    fn get(shared: &Recent<usize, usize>, key: usize, made: &mut Vec<usize>) -> usize {
        let make = || {
            made.push(key);
            Ok::<_, Infallible>(key * 2)
        };
        *shared.get(key, make).unwrap()
    }

    #[test]
    fn what_was_asked_for_lately_is_kept_and_no_more_than_its_room() {
        let (shared, mut made) = (Recent::default(), Vec::new());
        for key in 0..MOST_KEPT * 3 {
            assert_eq!(get(&shared, key, &mut made), key * 2);
            assert_eq!(get(&shared, 0, &mut made), 0, "asked for all the time, so it stays");
        }
        assert_eq!(made, (0..MOST_KEPT * 3).collect::<Vec<_>>());
        assert_eq!(shared.count(), MOST_KEPT);
        get(&shared, 1, &mut made);
        assert_eq!(made.last(), Some(&1), "nobody asked for it lately");
    }
}
