//! What resolving yields: a tree whose every value knows where it came from and what it hides.

use std::sync::Arc;

use crate::catalog::LayerId;
use crate::catalog::locales::LocaleId;
use crate::catalog::patch::{Leaf, entry_path, item_path};
use crate::catalog::place::steps;
use crate::data::IndexMap;
use crate::source::Span;

/// A resolved value. Nodes are shared between all deployments that have them in common.
#[derive(Debug)]
pub enum Tree {
    Map(IndexMap<Arc<str>, Arc<Tree>>),
    /// Items of a keyed list in their resolved order, by id.
    List(IndexMap<Arc<str>, Arc<Tree>>),
    Leaf(Resolved),
}

/// A leaf's winner, with its history.
#[derive(Debug)]
pub struct Resolved {
    pub leaf: Leaf,
    pub origin: Origin,
    /// Whether the leaf has a value in each locale.
    pub translated: bool,
    /// The weaker contributions it hides, strongest first.
    pub hides: Vec<Origin>,
    /// A stronger layer's text in another language, which this one was preferred to (T3).
    pub dropped: Option<Origin>,
    /// Text that stronger layers put before and behind it.
    pub amended: Vec<Amendment>,
}

/// Text put before or behind a block's.
#[derive(Clone, Debug)]
pub struct Amendment {
    pub leaf: Leaf,
    pub origin: Origin,
}

/// Where a contribution was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Origin {
    pub layer: LayerId,
    pub locale: LocaleId,
    pub span: Span,
}

impl Default for Tree {
    fn default() -> Self {
        Tree::Map(IndexMap::default())
    }
}

impl Tree {
    /// About how many bytes it takes without its children.
    pub fn own_bytes(&self) -> usize {
        let of_origins = |resolved: &Resolved| {
            resolved.hides.capacity() * size_of::<Origin>() + resolved.amended.capacity() * size_of::<Amendment>()
        };
        let of_children = |children: &IndexMap<Arc<str>, Arc<Tree>>| {
            // A key, a child, and their hash: once in the list and once more as its index.
            children.capacity() * (size_of::<(Arc<str>, Arc<Tree>)>() + 3 * size_of::<usize>())
        };
        size_of::<Self>()
            + match self {
                Tree::Map(children) | Tree::List(children) => of_children(children),
                Tree::Leaf(resolved) => of_origins(resolved),
            }
    }

    /// The child of a map by key, or of a keyed list by id.
    pub fn get(&self, key: &str) -> Option<&Arc<Tree>> {
        match self {
            Tree::Map(entries) | Tree::List(entries) => entries.get(key),
            Tree::Leaf(_) => None,
        }
    }

    /// The children of a map or list; none for a leaf.
    pub fn children(&self) -> impl Iterator<Item = (&Arc<str>, &Arc<Tree>)> {
        match self {
            Tree::Map(entries) | Tree::List(entries) => Some(entries.iter()),
            Tree::Leaf(_) => None,
        }
        .into_iter()
        .flatten()
    }

    pub fn as_leaf(&self) -> Option<&Resolved> {
        match self {
            Tree::Leaf(resolved) => Some(resolved),
            _ => None,
        }
    }

    /// The node at a dotted path; `list[id]` picks an item.
    pub fn at(&self, path: &str) -> Option<&Tree> {
        path.split('.').try_fold(self, |node, part| match part.strip_suffix(']').and_then(|p| p.split_once('[')) {
            Some((key, id)) => Some(&**node.get(key)?.get(id)?),
            None => Some(&**node.get(part)?),
        })
    }

    /// The node at a path as people write it: also `content/landing.md#hero` and `assets/logo.svg`.
    pub fn place(&self, path: &str) -> Option<&Tree> {
        steps(path).iter().try_fold(self, |node, step| Some(&**node.get(step.name())?))
    }

    /// The text of the leaf at a path, as written.
    pub fn text_at(&self, path: &str) -> Option<&str> {
        self.at(path)?.as_leaf()?.leaf.source()
    }

    /// All leaves, depth first.
    pub fn leaves(&self) -> Vec<&Resolved> {
        fn collect<'t>(tree: &'t Tree, leaves: &mut Vec<&'t Resolved>) {
            match tree {
                Tree::Leaf(resolved) => leaves.push(resolved),
                Tree::Map(entries) | Tree::List(entries) => entries.values().for_each(|child| collect(child, leaves)),
            }
        }
        let mut leaves = Vec::new();
        collect(self, &mut leaves);
        leaves
    }

    /// Every node by its path, in the tree's order.
    pub fn places(&self) -> IndexMap<String, &Tree> {
        fn visit<'t>(node: &'t Tree, path: &str, places: &mut IndexMap<String, &'t Tree>) {
            if !path.is_empty() {
                // A Markdown file and its blocks have one path: the outer node is the one that is meant.
                places.entry(path.to_owned()).or_insert(node);
            }
            match node {
                Tree::Map(entries) => {
                    entries.iter().for_each(|(key, child)| visit(child, &entry_path(path, key), places));
                }
                Tree::List(items) => items.iter().for_each(|(id, child)| visit(child, &item_path(path, id), places)),
                Tree::Leaf(_) => {}
            }
        }
        let mut places = IndexMap::default();
        visit(self, "", &mut places);
        places
    }

    /// A place for messages about this node as a whole.
    pub fn origin(&self) -> Option<Origin> {
        match self {
            Tree::Leaf(resolved) => Some(resolved.origin),
            Tree::Map(entries) | Tree::List(entries) => entries.values().find_map(|child| child.origin()),
        }
    }
}
