//! What earlier builds made, for whoever only wants to know: nothing is locked, and nothing written.

use std::collections::HashMap;
use std::io::{BufRead, BufReader};
use std::path::Path;

use super::OWN_FOLDER;
use super::ledger::{self, Kind, line};
use crate::manifest::Digest;

/// For each package the digest of what it was last made from. Packages that a build had something to say of
/// have another one than any inputs.
#[derive(Clone, Debug, Default)]
pub struct Past {
    inputs: HashMap<Box<str>, Digest>,
}

impl Past {
    /// Of an output folder. One that cannot be read, or was never built into, knows nothing: then everything has
    /// to be made to know whether it can be.
    pub fn read(folder: &Path) -> Self {
        let mut past = Self::default();
        if let Ok(file) = std::fs::File::open(folder.join(OWN_FOLDER).join(ledger::NAME)) {
            let mut reader = BufReader::with_capacity(128 * 1024, file);
            let mut text = Vec::new();
            while reader.read_until(b'\n', &mut text).is_ok_and(|length| length > 0) {
                past.enter(&text);
                text.clear();
            }
        }
        past
    }

    fn enter(&mut self, text: &[u8]) {
        match line::parse(text) {
            Some(line::Event::Record { kind: Kind::Package, key }) => {
                let inputs = line::inputs(text).unwrap_or_default();
                self.inputs.insert(key.into(), inputs);
            }
            Some(line::Event::Removed { key }) => drop(self.inputs.remove(key)),
            _ => {}
        }
    }

    /// Whether a package was made from just this, with nothing to say of it.
    pub fn made(&self, id: &str, inputs: Digest) -> bool {
        inputs != Digest::default() && self.inputs.get(id) == Some(&inputs)
    }
}
