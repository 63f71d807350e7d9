//! What is made once and looked at by many: deployments on several threads, most of which ask for the same.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

/// What follows from equal input, by what names the input.
#[derive(Debug)]
pub struct Shared<K, T>(Mutex<HashMap<K, Arc<T>>>);

impl<K, T> Default for Shared<K, T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Eq + Hash, T> Shared<K, T> {
    /// Two that make the same at one time make it twice, and the first is kept.
    pub fn get<E>(&self, key: K, make: impl FnOnce() -> Result<T, E>) -> Result<Arc<T>, E> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
        match known {
            Some(known) => Ok(known),
            None => {
                let made = Arc::new(make()?);
                Ok(self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(key).or_insert(made).clone())
            }
        }
    }

    #[cfg(test)]
    pub fn count(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).len()
    }
}
