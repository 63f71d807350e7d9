//! What resolving yields: a tree whose every value knows where it came from and what it hides.

use std::convert::Infallible;
use std::sync::{Arc, OnceLock};

use crate::catalog::LayerId;
use crate::catalog::locales::LocaleId;
use crate::catalog::patch::{Leaf, entry_path, item_path};
use crate::catalog::place::{self, Way};
use crate::data::{Data, IndexMap};
use crate::digest::Digest;
use crate::source::{SourceId, Span};

use super::answers::Answers;
pub use super::answers::Question;
use super::digest;
use super::kept::Kept;

/// A resolved node. It is shared by all deployments that have it in common, and so is what was found of it:
/// nobody has to find that again, and it goes when the node goes.
#[derive(Debug, Default)]
pub struct Tree {
    value: Value,
    /// Whether a text with variables is in it.
    has_variables: bool,
    /// Text that a layer adds to the block in another language, so that it stays away (T3).
    unsaid: Box<[Origin]>,
    data: OnceLock<Data>,
    answers: Answers,
    kept: Kept,
}

/// What stands in a place.
#[derive(Debug)]
pub enum Value {
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

impl Default for Value {
    fn default() -> Self {
        Value::Map(IndexMap::default())
    }
}

impl From<Value> for Tree {
    fn from(value: Value) -> Self {
        let has_variables = match &value {
            Value::Leaf(resolved) => resolved.leaf.has_variables(),
            Value::Map(entries) | Value::List(entries) => entries.values().any(|child| child.has_variables),
        };
        Self { value, has_variables, ..Self::default() }
    }
}

/// How far a path leads.
struct Found<'t>(Option<&'t Tree>);

impl Way for Found<'_> {
    fn key(&mut self, name: &str) {
        self.0 = self.0.and_then(|node| node.get(name)).map(|node| &**node);
    }

    fn item(&mut self, id: &str) {
        self.key(id);
    }
}

impl Resolved {
    /// What holds, and what is added to it.
    pub fn leaves(&self) -> impl Iterator<Item = &Leaf> {
        std::iter::once(&self.leaf).chain(self.amended.iter().map(|more| &more.leaf))
    }
}

impl Tree {
    /// A map of nodes.
    pub fn of(entries: impl IntoIterator<Item = (Arc<str>, Arc<Tree>)>) -> Self {
        Value::Map(entries.into_iter().collect()).into()
    }

    /// The same, without what was added to it in another language.
    pub fn without(self, unsaid: Vec<Origin>) -> Self {
        Self { unsaid: unsaid.into(), ..self }
    }

    /// Text that is added in another language, at this node and below it.
    pub fn unsaid(&self) -> Vec<Origin> {
        let below = self.children().flat_map(|(_, child)| child.unsaid());
        self.unsaid.iter().copied().chain(below).collect()
    }

    pub fn value(&self) -> &Value {
        &self.value
    }

    /// Whether a text with variables is in it, so that its data is not its own matter alone.
    pub fn has_variables(&self) -> bool {
        self.has_variables
    }

    /// Its data, which is the same for everyone who has the node; `None` where a text has variables to be filled.
    pub fn data(&self) -> Option<&Data> {
        (!self.has_variables).then(|| self.data.get_or_init(|| self.bound()))
    }

    fn bound(&self) -> Data {
        let of = |child: &Arc<Tree>| child.data().cloned().unwrap_or_default();
        match &self.value {
            Value::Leaf(resolved) => resolved.leaf.data::<Infallible>(&|_, _| Ok(Data::Null)).unwrap_or_default(),
            Value::Map(entries) => Data::map(entries.iter().map(|(key, child)| (key.clone(), of(child)))),
            Value::List(items) => Data::list(items.values().map(of)),
        }
    }

    /// Whether something holds of the node and all below it; looked at once, by whoever asks first.
    pub fn holds(&self, question: Question, look: impl FnOnce() -> bool) -> bool {
        self.answers.get(question).unwrap_or_else(|| self.answers.set(question, look()))
    }

    /// A block of Markdown as templates see it, with or without its plain text. Only for one that [`Question::IsFixed`]
    /// holds of: any other is a deployment's own.
    pub fn block<E>(&self, with_text: bool, make: impl FnOnce() -> Result<Data, E>) -> Result<Data, E> {
        self.kept.block(with_text, make)
    }

    /// The files in which its values are written, in their order.
    pub fn sources(&self) -> &[SourceId] {
        self.kept.sources(|| {
            let mut sources: Vec<_> = self.leaves().iter().map(|resolved| resolved.origin.span.source).collect();
            sources.sort_unstable();
            sources.dedup();
            sources.into()
        })
    }

    /// The locales of its texts, as `is_text` tells what is one.
    pub fn spoken(&self, is_text: impl Fn(&Resolved) -> bool) -> &[LocaleId] {
        self.kept.spoken(|| {
            let texts = self.leaves().into_iter().filter(|resolved| is_text(resolved));
            let mut locales: Vec<_> = texts.map(|resolved| resolved.origin.locale).collect();
            locales.sort_unstable();
            locales.dedup();
            locales.into()
        })
    }

    /// Names what it says, whatever the places and layers it is from.
    pub fn digest(&self) -> Digest {
        match &self.value {
            Value::Leaf(_) => digest::of(&self.value),
            _ => *self.kept.digest(|| digest::of(&self.value)),
        }
    }

    /// The variables in its texts and its Markdown, each once.
    pub fn variables(&self) -> &[Arc<str>] {
        self.kept.variables(|| digest::variables(self))
    }

    /// About how many bytes it takes without its children, with all that may be found of it: that is found after the node
    /// is held, and stays as long.
    pub fn own_bytes(&self) -> usize {
        let of_leaf = |resolved: &Resolved| {
            let origins = resolved.hides.capacity() * size_of::<Origin>();
            let amended = resolved.amended.capacity() * size_of::<Amendment>();
            // Its block has the HTML without the plain text and with it: each about as long as the source.
            let markdown = resolved.leaves().filter(|leaf| matches!(leaf, Leaf::Prose { .. }));
            origins + amended + markdown.filter_map(Leaf::source).map(|source| 3 * source.len()).sum::<usize>()
        };
        let of_children = |children: &IndexMap<Arc<str>, Arc<Tree>>| {
            // A key, a child and its data, and their hash: each once in a list and once in its index.
            children.capacity() * (size_of::<(Arc<str>, Arc<Tree>)>() + size_of::<(Arc<str>, Data)>() + 48)
        };
        size_of::<Self>()
            + size_of_val(&*self.unsaid)
            + match &self.value {
                Value::Map(children) | Value::List(children) => Kept::BYTES + of_children(children),
                Value::Leaf(resolved) => of_leaf(resolved),
            }
    }

    /// The child of a map by key, or of a keyed list by id.
    pub fn get(&self, key: &str) -> Option<&Arc<Tree>> {
        match &self.value {
            Value::Map(entries) | Value::List(entries) => entries.get(key),
            Value::Leaf(_) => None,
        }
    }

    /// The same map with an entry set; anything else stays as it is.
    pub fn with(self: &Arc<Self>, key: &str, child: Arc<Self>) -> Arc<Self> {
        let Value::Map(entries) = &self.value else { return self.clone() };
        let mut entries = entries.clone();
        entries.insert(key.into(), child);
        Arc::new(Value::Map(entries).into())
    }

    /// The children of a map or list; none for a leaf.
    pub fn children(&self) -> impl Iterator<Item = (&Arc<str>, &Arc<Tree>)> {
        match &self.value {
            Value::Map(entries) | Value::List(entries) => Some(entries.iter()),
            Value::Leaf(_) => None,
        }
        .into_iter()
        .flatten()
    }

    pub fn as_leaf(&self) -> Option<&Resolved> {
        match &self.value {
            Value::Leaf(resolved) => Some(resolved),
            _ => None,
        }
    }

    /// The node at a path as people write it: `nurture.emails[welcome]`, `content/landing.md#hero`, `assets/logo.svg`.
    pub fn at(&self, path: &str) -> Option<&Tree> {
        let mut found = Found(Some(self));
        place::go(path, &mut found);
        found.0
    }

    /// The text of the leaf at a path, as written.
    pub fn text_at(&self, path: &str) -> Option<&str> {
        self.at(path)?.as_leaf()?.leaf.source()
    }

    /// All leaves, depth first.
    pub fn leaves(&self) -> Vec<&Resolved> {
        fn collect<'t>(tree: &'t Tree, leaves: &mut Vec<&'t Resolved>) {
            match &tree.value {
                Value::Leaf(resolved) => leaves.push(resolved),
                Value::Map(entries) | Value::List(entries) => entries.values().for_each(|child| collect(child, leaves)),
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
            match &node.value {
                Value::Map(entries) => {
                    entries.iter().for_each(|(key, child)| visit(child, &entry_path(path, key), places));
                }
                Value::List(items) => items.iter().for_each(|(id, child)| visit(child, &item_path(path, id), places)),
                Value::Leaf(_) => {}
            }
        }
        let mut places = IndexMap::default();
        visit(self, "", &mut places);
        places
    }

    /// A place for messages about this node as a whole.
    pub fn origin(&self) -> Option<Origin> {
        match &self.value {
            Value::Leaf(resolved) => Some(resolved.origin),
            Value::Map(entries) | Value::List(entries) => entries.values().find_map(|child| child.origin()),
        }
    }
}
