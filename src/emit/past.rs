//! What earlier builds made, for whoever only wants to know: nothing is locked, and nothing written.

use std::collections::{HashMap, HashSet};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::sync::Arc;

use super::ledger::{self, Kind, line};
use super::{Key, OWN_FOLDER};
use crate::digest::Digest;

/// For each package what it was last made from.
#[derive(Clone, Debug, Default)]
pub struct Past {
    made_from: HashMap<Box<str>, Key>,
    /// Which links packages asked for: most asked for the same.
    links: HashSet<Arc<str>>,
    /// Whether the parts of the keys are wanted: they are most of them.
    with_parts: bool,
}

impl Past {
    /// Of an output folder. One that cannot be read, or was never built into, knows nothing: then everything has
    /// to be made to know whether it can be.
    pub fn read(folder: &Path) -> Self {
        Self::default().reading(folder)
    }

    /// As [`Past::read`], for whoever wants to know what changed.
    pub fn read_with_parts(folder: &Path) -> Self {
        Self { with_parts: true, ..Self::default() }.reading(folder)
    }

    fn reading(mut self, folder: &Path) -> Self {
        if let Ok(file) = std::fs::File::open(folder.join(OWN_FOLDER).join(ledger::NAME)) {
            let mut reader = BufReader::with_capacity(128 * 1024, file);
            let mut text = Vec::new();
            while reader.read_until(b'\n', &mut text).is_ok_and(|length| length > 0) {
                self.enter(&text);
                text.clear();
            }
        }
        self
    }

    fn enter(&mut self, text: &[u8]) {
        match line::parse(text) {
            Some(line::Event::Record { kind: Kind::Package, key }) => {
                let mut made_from = line::key(text).unwrap_or_default();
                if !self.with_parts {
                    made_from.parts = Vec::new();
                }
                made_from.links = match self.links.get(&made_from.links) {
                    Some(known) => known.clone(),
                    None => {
                        self.links.insert(made_from.links.clone());
                        made_from.links
                    }
                };
                self.made_from.insert(key.into(), made_from);
            }
            Some(line::Event::Removed { key }) => drop(self.made_from.remove(key)),
            _ => {}
        }
    }

    /// The packages that were made, in order.
    pub fn packages(&self) -> Vec<Arc<str>> {
        let mut packages: Vec<Arc<str>> = self.made_from.keys().map(|id| Arc::from(&**id)).collect();
        packages.sort_unstable();
        packages
    }

    /// What a package was made from; `None` where no build made one.
    pub fn key(&self, id: &str) -> Option<&Key> {
        self.made_from.get(id)
    }

    /// Whether a package was made from just these layers, with nothing to say of it.
    pub fn made(&self, id: &str, inputs: Digest) -> bool {
        inputs != Digest::default() && self.key(id).is_some_and(|key| key.inputs == inputs)
    }
}
