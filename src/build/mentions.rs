//! What texts mention of the lead's path: known once for each node of a tree, whatever is gone where it is printed.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use crate::catalog::patch::Leaf;
use crate::digest::Digest;
use crate::interpolate::bound;
use crate::resolve::tree::Tree;

use super::titles::Titles;

/// How many nodes are remembered; then it begins anew.
const MOST_MENTIONS: usize = 1 << 16;

/// What a text mentions, or all texts below a node.
#[derive(Debug, Default)]
pub struct Mentions {
    /// Titles that stand in it, by their numbers.
    pub titles: BTreeSet<usize>,
    /// What words are bound to, as it is written.
    pub nodes: BTreeSet<Arc<str>>,
}

impl Mentions {
    fn is_empty(&self) -> bool {
        self.titles.is_empty() && self.nodes.is_empty()
    }

    fn extend(&mut self, other: &Self) {
        self.titles.extend(&other.titles);
        self.nodes.extend(other.nodes.iter().cloned());
    }
}

/// Finds what texts mention.
#[derive(Debug)]
pub struct Finder {
    /// All titles that some layer gives to a node, each once, in their order.
    titles: Vec<Arc<str>>,
    search: Titles,
    known: Mutex<HashMap<Digest, Arc<Mentions>>>,
    /// Of most nodes.
    nothing: Arc<Mentions>,
}

impl Finder {
    pub fn new(titles: BTreeSet<Arc<str>>) -> Self {
        let titles: Vec<Arc<str>> = titles.into_iter().collect();
        let search = Titles::new(titles.iter().map(|title| &**title));
        Self { titles, search, known: Mutex::default(), nothing: Arc::default() }
    }

    /// The number of a title.
    pub fn number(&self, title: &str) -> Option<usize> {
        self.titles.binary_search_by(|known| (**known).cmp(title)).ok()
    }

    /// What all texts of a node mention.
    pub fn of(&self, tree: &Tree) -> Arc<Mentions> {
        if tree.as_leaf().is_some() {
            return Arc::new(self.found(tree));
        }
        let digest = tree.digest();
        let known = || self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = known().get(&digest) {
            return found.clone();
        }
        let found = Some(self.found(tree)).filter(|found| !found.is_empty());
        let found = found.map_or_else(|| self.nothing.clone(), Arc::new);
        let mut known = known();
        if known.len() >= MOST_MENTIONS {
            known.clear();
        }
        known.insert(digest, found.clone());
        found
    }

    fn found(&self, tree: &Tree) -> Mentions {
        let mut found = Mentions::default();
        match tree.as_leaf() {
            Some(resolved) => {
                let leaves = std::iter::once(&resolved.leaf).chain(resolved.amended.iter().map(|more| &more.leaf));
                leaves.for_each(|leaf| self.leaf(leaf, &mut found));
            }
            None => tree.children().for_each(|(_, child)| match child.as_leaf() {
                Some(_) => found.extend(&self.found(child)),
                None => found.extend(&self.of(child)),
            }),
        }
        found
    }

    fn leaf(&self, leaf: &Leaf, found: &mut Mentions) {
        found.nodes.extend(leaf.nodes().into_iter().map(|node| node.value.clone()));
        words(leaf, &mut |source| found.titles.extend(self.titles_in(source)));
    }

    /// The numbers of the titles that stand in a text, as it is written.
    pub fn titles_in(&self, source: &str) -> BTreeSet<usize> {
        let text = match bound::is_in(source) || source.contains('\n') {
            true => Cow::Owned(bound::unbound(source).split_whitespace().collect::<Vec<_>>().join(" ")),
            false => Cow::Borrowed(source),
        };
        self.search.found_in(&text)
    }
}

/// The texts in a leaf, as they are written. Words that mean one thing are no texts.
pub fn words(leaf: &Leaf, note: &mut impl FnMut(&str)) {
    match leaf {
        Leaf::Str(source) | Leaf::Text { source, kind: None, .. } | Leaf::Prose { source, .. } => note(source),
        Leaf::Seq(items) => items.iter().for_each(|item| words(item, note)),
        Leaf::Map(entries) => entries.values().for_each(|item| words(item, note)),
        _ => {}
    }
}
