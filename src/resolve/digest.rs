//! Digests of resolved values without their places: what was only moved, or has a remark beside it, is the same.
//!
//! A text counts as it is written, before anything is filled into it, Markdown as it comes out, and keys in their
//! order. Neither the place counts nor the layer that says it.

use std::collections::BTreeSet;
use std::hash::{Hash, Hasher};
use std::mem::discriminant;
use std::sync::Arc;

use crate::catalog::patch::Leaf;
use crate::digest::{Digest, ValueDigester};

use super::tree::{Resolved, Tree, Value};

/// The digest of a value from those of what lies in it.
pub fn of(value: &Value) -> Digest {
    let mut digester = ValueDigester::default();
    discriminant(value).hash(&mut digester);
    match value {
        Value::Map(children) | Value::List(children) => {
            children.len().hash(&mut digester);
            children.iter().for_each(|(key, child)| (key, child.digest()).hash(&mut digester));
        }
        Value::Leaf(resolved) => leaves(resolved).for_each(|part| leaf(part, &mut digester)),
    }
    digester.digest()
}

/// The variables in a node's texts, in order and each once.
pub fn variables(tree: &Tree) -> Box<[Arc<str>]> {
    let mut found: BTreeSet<&str> = BTreeSet::new();
    for part in tree.leaves().into_iter().flat_map(leaves) {
        match part {
            Leaf::Prose { prose, .. } => found.extend(prose.variables()),
            part => found.extend(part.variables()),
        }
    }
    found.into_iter().map(Arc::from).collect()
}

/// A leaf with what stronger layers put before and behind it.
fn leaves(resolved: &Resolved) -> impl Iterator<Item = &Leaf> {
    std::iter::once(&resolved.leaf).chain(resolved.amended.iter().map(|amendment| &amendment.leaf))
}

fn leaf(value: &Leaf, digester: &mut impl Hasher) {
    discriminant(value).hash(digester);
    match value {
        Leaf::Null => {}
        Leaf::Bool(value) => value.hash(digester),
        Leaf::Int(value) => value.hash(digester),
        Leaf::Float(value) => value.to_bits().hash(digester),
        Leaf::Str(text) | Leaf::Text { source: text, .. } => text.hash(digester),
        Leaf::Prose { prose, .. } => prose.hash(digester),
        Leaf::Seq(items) => {
            items.len().hash(digester);
            items.iter().for_each(|item| leaf(item, digester));
        }
        Leaf::Map(entries) => {
            entries.len().hash(digester);
            for (key, value) in entries.iter() {
                key.hash(digester);
                leaf(value, digester);
            }
        }
        Leaf::File(asset) => (asset.input.as_str(), asset.digest).hash(digester),
    }
}
