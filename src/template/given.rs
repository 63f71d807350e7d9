//! Names that a template gives to values: of `{% set words = strings.plan %}` only those of the plan's words are read that stand
//! behind the name. Where it stands by itself, whatever is done with it may read all of them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What is read of one name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Used {
    /// What stands behind it, such as `next` of `words.next`.
    parts: BTreeSet<Arc<str>>,
    is_whole: bool,
}

/// The names of one template.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Given {
    paths: BTreeSet<(Arc<str>, Arc<str>)>,
    used: BTreeMap<Arc<str>, Used>,
}

impl Given {
    /// Takes a name in that a tag gives to a value, and does no more; says whether it was one.
    pub fn give(&mut self, tag: &str) -> bool {
        let inner = tag.trim_start_matches(['{', '%', '-', '+']).trim_end_matches(['}', '%', '-', '+']);
        let mut words = inner.split_whitespace();
        let (Some("set"), Some(name), Some("="), Some(path), None) =
            (words.next(), words.next(), words.next(), words.next(), words.next())
        else {
            return false;
        };
        let is_word = |word: &str| {
            word.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
                && !word.starts_with(|c: char| c.is_ascii_digit())
        };
        let is_path = path.contains('.') && path.split('.').all(|part| !part.is_empty() && is_word(part));
        // Where a name is given to a part of what it named before, each way to read it counts.
        let is_new = path.split('.').next() != Some(name);
        let gives = tag.starts_with("{%") && is_word(name) && is_path && is_new;
        if gives {
            self.paths.insert((name.into(), path.into()));
            self.take(path);
        }
        gives
    }

    /// Takes a path in that is read.
    pub fn take(&mut self, path: &str) {
        let (name, rest) = path.split_once('.').unwrap_or((path, ""));
        let used = self.used.entry(name.into()).or_default();
        used.is_whole |= rest.is_empty();
        used.parts.extend(Some(rest).filter(|rest| !rest.is_empty()).map(Arc::from));
    }

    /// The paths that its names stand for, as these templates use them, of which it is one.
    pub fn read<'g>(&self, by: impl Iterator<Item = &'g Self> + Clone) -> BTreeSet<Arc<str>> {
        let mut read = BTreeSet::new();
        for (name, path) in &self.paths {
            let used = by.clone().filter_map(|other| other.used.get(name));
            match used.clone().any(|used| used.is_whole) {
                true => _ = read.insert(path.clone()),
                false => {
                    read.extend(used.flat_map(|used| &used.parts).map(|part| Arc::from(format!("{path}.{part}"))));
                }
            }
        }
        read
    }
}
