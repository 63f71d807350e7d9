//! What one layer says about one place.

use std::sync::Arc;

use crate::data::{Data, IndexMap};
use crate::interpolate::Text;
use crate::prose::{Prose, reads_alike};
use crate::schema::Kind;
use crate::source::{Span, Spanned};
use crate::syntax::markdown::Place;

use super::Asset;
use super::place::Step;

/// A place in a layer's tree and what is said there.
#[derive(Clone, Debug)]
pub struct Patch {
    pub kind: PatchKind,
    pub span: Span,
}

impl PatchKind {
    /// What a `$replace` brings; of everything else the thing itself.
    pub fn innermost(&self) -> &Self {
        match self {
            Self::Replace(inner) => inner.kind.innermost(),
            kind => kind,
        }
    }
}

impl Patch {
    /// What is said at a place below this one. A `$replace` stands for what it brings.
    pub fn find(&self, steps: &[Step]) -> Option<&Patch> {
        let Some((step, rest)) = steps.split_first() else { return Some(self) };
        match (&self.kind, step) {
            (PatchKind::Map(entries), Step::Key(key)) => entries.get(key)?.find(rest),
            (PatchKind::Keyed(list), Step::Item(id)) => list.items.get(id)?.patch.find(rest),
            (PatchKind::Replace(inner), _) => inner.find(steps),
            _ => None,
        }
    }

    /// The patches on the way to a place below this one, this one first, as far as it leads. What a `$replace` brings
    /// lies behind it at the same place.
    pub fn way(&self, steps: &[Step]) -> Vec<&Patch> {
        let mut way = vec![self];
        let next = match (&self.kind, steps.split_first()) {
            (PatchKind::Replace(inner), _) => Some((&**inner, steps)),
            (PatchKind::Map(entries), Some((Step::Key(key), rest))) => entries.get(key).map(|patch| (patch, rest)),
            (PatchKind::Keyed(list), Some((Step::Item(id), rest))) => {
                list.items.get(id).map(|item| (&item.patch, rest))
            }
            _ => None,
        };
        way.extend(next.into_iter().flat_map(|(patch, rest)| patch.way(rest)));
        way
    }

    /// The steps to a patch at this place or below it; none if it is not there.
    pub fn steps_to(&self, target: &Patch) -> Option<Vec<Step>> {
        let behind = |step: Step, patch: &Patch| {
            let steps = patch.steps_to(target)?;
            Some([vec![step], steps].concat())
        };
        match &self.kind {
            _ if std::ptr::eq(self, target) => Some(Vec::new()),
            PatchKind::Map(entries) => entries.iter().find_map(|(key, patch)| behind(Step::Key(key.clone()), patch)),
            PatchKind::Keyed(list) => {
                list.items.iter().find_map(|(id, item)| behind(Step::Item(id.clone()), &item.patch))
            }
            PatchKind::Replace(inner) => inner.steps_to(target),
            _ => None,
        }
    }

    /// Whether it inherits something, at this place or below it.
    pub fn holds_inherit(&self) -> bool {
        match &self.kind {
            PatchKind::Inherit(_) => true,
            PatchKind::Map(entries) => entries.values().any(Patch::holds_inherit),
            PatchKind::Keyed(list) => list.items.values().any(|item| item.patch.holds_inherit()),
            PatchKind::Replace(inner) => inner.holds_inherit(),
            _ => false,
        }
    }

    /// Whether two layers say one thing of a place.
    pub fn says_the_same(&self, other: &Patch) -> bool {
        use PatchKind::*;
        match (&self.kind, &other.kind) {
            (Replace(a), Replace(b)) => a.says_the_same(b),
            (Leaf(a) | Neutral(a), Leaf(b) | Neutral(b)) | (Amend(a), Amend(b)) => a == b,
            (Map(a), Map(b)) => a.len() == b.len() && self.adds_nothing_to(other),
            (Keyed(a), Keyed(b)) => a.items.len() == b.items.len() && self.adds_nothing_to(other),
            (Set(a), Set(b)) => a.whole == b.whole && a.add == b.add && a.remove == b.remove,
            (Remove, Remove) => true,
            _ => false,
        }
    }

    /// Whether it puts nothing in the place of nothing, as a new body without nested blocks does.
    fn is_empty_list(&self) -> bool {
        match &self.kind {
            PatchKind::Replace(inner) => inner.is_empty_list(),
            PatchKind::Keyed(list) => list.items.is_empty(),
            _ => false,
        }
    }

    /// Whether everything that is said here is said there too.
    pub fn adds_nothing_to(&self, below: &Patch) -> bool {
        match (&self.kind, &below.kind) {
            (PatchKind::Replace(own), _) => own.says_the_same(below),
            (PatchKind::Map(own), PatchKind::Map(below)) => own.iter().all(|(key, patch)| match below.get(key) {
                Some(below) => patch.adds_nothing_to(below),
                None => patch.is_empty_list(),
            }),
            (PatchKind::Keyed(own), PatchKind::Keyed(below)) => {
                own.order.is_none()
                    && own.items.iter().all(|(id, item)| {
                        let below = below.items.get(id).map(|item| &item.patch);
                        item.at.is_none() && below.is_some_and(|below| item.patch.adds_nothing_to(below))
                    })
            }
            (PatchKind::Set(own), PatchKind::Set(below)) if own.whole.is_none() => {
                let SetPatch { add, remove, .. } = &**own;
                let words = below.whole.as_deref().unwrap_or(&below.add);
                add.iter().all(|word| words.contains(word)) && !remove.iter().any(|word| words.contains(word))
            }
            _ => self.says_the_same(below),
        }
    }

    pub fn find_mut(&mut self, steps: &[Step]) -> Option<&mut Patch> {
        let Some((step, rest)) = steps.split_first() else { return Some(self) };
        match (&mut self.kind, step) {
            (PatchKind::Map(entries), Step::Key(key)) => entries.get_mut(key)?.find_mut(rest),
            (PatchKind::Keyed(list), Step::Item(id)) => list.items.get_mut(id)?.patch.find_mut(rest),
            (PatchKind::Replace(inner), _) => inner.find_mut(steps),
            _ => None,
        }
    }
}

/// Two patches are one if they say the same: peers that agree do not clash.
impl PartialEq for Patch {
    fn eq(&self, other: &Self) -> bool {
        use PatchKind::*;
        match (&self.kind, &other.kind) {
            (Leaf(a), Leaf(b)) | (Neutral(a), Neutral(b)) | (Amend(a), Amend(b)) => a == b,
            (Map(a), Map(b)) => a == b,
            (Keyed(a), Keyed(b)) => {
                let order = |keyed: &super::patch::Keyed| keyed.order.as_ref().map(|order| order.value.clone());
                order(a) == order(b) && a.items.iter().eq(b.items.iter())
            }
            (Set(a), Set(b)) => a == b,
            (Remove, Remove) => true,
            (Choose(a), Choose(b)) => a.value == b.value,
            (Replace(a), Replace(b)) => a == b,
            (Inherit(a), Inherit(b)) => a.as_ref().map(|name| &name.value) == b.as_ref().map(|name| &name.value),
            _ => false,
        }
    }
}

#[derive(Clone, Debug)]
pub enum PatchKind {
    /// V2: sets a value that each locale has of its own.
    Leaf(Leaf),
    /// V2: sets a value that is the same in every locale.
    Neutral(Leaf),
    // Boxed, as all that is large, since most patches are leaves, and a program has hundreds of thousands.
    /// V1: merged key by key.
    Map(Box<IndexMap<Arc<str>, Patch>>),
    /// L2: merged item by item.
    Keyed(Box<Keyed>),
    /// L6: words taken in and out.
    Set(Box<SetPatch>),
    /// `append` and `prepend`: more text for a block, from each layer that has some.
    Amend(Leaf),
    /// V4
    Remove,
    /// V5: hides everything weaker below this place.
    Replace(Box<Patch>),
    /// V6: the value of the named layer, or of the master.
    Inherit(Option<Spanned<Arc<str>>>),
    /// G6: what stands in the block of this id, which lies beside this one.
    Choose(Spanned<Arc<str>>),
}

/// Items of a keyed list by id, in the order they were written.
#[derive(Clone, Debug, Default)]
pub struct Keyed {
    pub items: IndexMap<Arc<str>, ItemPatch>,
    /// L5: the full order.
    pub order: Option<Spanned<Arc<[Arc<str>]>>>,
}

impl PartialEq for ItemPatch {
    fn eq(&self, other: &Self) -> bool {
        let same_place = match (&self.at, &other.at) {
            (Some(a), Some(b)) => a.value.is_same(&b.value),
            (a, b) => a.is_none() && b.is_none(),
        };
        same_place && self.patch == other.patch
    }
}

#[derive(Clone, Debug)]
pub struct ItemPatch {
    pub id_span: Span,
    /// L3: where the item stands.
    pub at: Option<Spanned<Place>>,
    pub patch: Patch,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct SetPatch {
    /// The whole set; `None` if only `add` and `remove` are given.
    pub whole: Option<Vec<Arc<str>>>,
    pub add: Vec<Arc<str>>,
    pub remove: Vec<Arc<str>>,
}

/// A value that is replaced as a whole.
#[derive(Clone, Debug)]
pub enum Leaf {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    /// A text without variables.
    Str(Arc<str>),
    /// A text with variables or bound words, compiled once. What comes of it has to be of the kind.
    Text {
        source: Arc<str>,
        text: Arc<Text>,
        kind: Option<Kind>,
    },
    /// Markdown, compiled once.
    Prose {
        source: Arc<str>,
        prose: Arc<Prose>,
    },
    Seq(Arc<[Leaf]>),
    Map(Arc<IndexMap<Arc<str>, Leaf>>),
    File(Arc<Asset>),
}

impl PartialEq for Leaf {
    /// Equal if written alike: two peers that agree do not clash.
    fn eq(&self, other: &Self) -> bool {
        use Leaf::*;
        match (self, other) {
            (Null, Null) => true,
            (Bool(a), Bool(b)) => a == b,
            (Int(a), Int(b)) => a == b,
            (Float(a), Float(b)) => a == b,
            (Seq(a), Seq(b)) => a == b,
            (Map(a), Map(b)) => a == b,
            (File(a), File(b)) => a == b,
            (Prose { source: a, .. }, Prose { source: b, .. }) => reads_alike(a, b),
            _ => self.source().is_some() && self.source() == other.source(),
        }
    }
}

/// Gives the value of a text with variables, which has to be of the kind.
pub type Fill<'f, E> = dyn Fn(&Text, Option<Kind>) -> Result<Data, E> + 'f;

impl Leaf {
    /// Whether there is a text with variables in it.
    pub fn has_variables(&self) -> bool {
        match self {
            Leaf::Text { .. } => true,
            Leaf::Seq(items) => items.iter().any(Leaf::has_variables),
            Leaf::Map(entries) => entries.values().any(Leaf::has_variables),
            _ => false,
        }
    }

    /// The paths of the variables in its texts, in order, with repetitions.
    pub fn variables(&self) -> Box<dyn Iterator<Item = &str> + '_> {
        match self {
            Leaf::Text { text, .. } => Box::new(text.variables()),
            Leaf::Seq(items) => Box::new(items.iter().flat_map(Leaf::variables)),
            Leaf::Map(entries) => Box::new(entries.values().flat_map(Leaf::variables)),
            _ => Box::new(std::iter::empty()),
        }
    }

    /// The nodes of the lead's path that its words are bound to, in order, with repetitions.
    pub fn nodes(&self) -> Vec<&Spanned<Arc<str>>> {
        match self {
            Leaf::Text { text, .. } => text.nodes().iter().collect(),
            Leaf::Prose { prose, .. } => prose.nodes().iter().collect(),
            Leaf::Seq(items) => items.iter().flat_map(Leaf::nodes).collect(),
            Leaf::Map(entries) => entries.values().flat_map(Leaf::nodes).collect(),
            _ => Vec::new(),
        }
    }

    /// The plain value. `fill` gives that of a text with variables.
    pub fn data<E>(&self, fill: &Fill<'_, E>) -> Result<Data, E> {
        Ok(match self {
            Leaf::Null => Data::Null,
            Leaf::Bool(value) => Data::Bool(*value),
            Leaf::Int(value) => Data::Int(*value),
            Leaf::Float(value) => Data::Float(*value),
            Leaf::Str(text) => Data::Text(text.clone()),
            Leaf::Text { text, kind, .. } => fill(text, *kind)?,
            Leaf::Prose { source, .. } => Data::Text(source.clone()),
            Leaf::Seq(items) => Data::List(items.iter().map(|item| item.data(fill)).collect::<Result<_, _>>()?),
            Leaf::Map(entries) => {
                let entry = |(key, leaf): (&Arc<str>, &Leaf)| Ok((key.clone(), leaf.data(fill)?));
                Data::Map(Arc::new(entries.iter().map(entry).collect::<Result<_, _>>()?))
            }
            Leaf::File(asset) => Data::text(asset.input.as_str()),
        })
    }

    /// The text as written, of a text or of Markdown.
    pub fn source(&self) -> Option<&str> {
        self.written().map(|text| &**text)
    }

    /// As [`Leaf::source`], to be shared.
    pub fn written(&self) -> Option<&Arc<str>> {
        match self {
            Leaf::Str(source) | Leaf::Text { source, .. } | Leaf::Prose { source, .. } => Some(source),
            _ => None,
        }
    }
}

/// The right that an operation needs (G5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Right {
    Replace,
    ReplaceBody,
    Append,
    Insert,
    Remove,
    Move,
    Choose,
    SetVar,
    ReplaceList,
    /// A translation of a text that stays whose it is.
    Translate,
}

impl Right {
    pub const ALL: [Right; 10] = [
        Right::Replace,
        Right::ReplaceBody,
        Right::Append,
        Right::Insert,
        Right::Remove,
        Right::Move,
        Right::Choose,
        Right::SetVar,
        Right::ReplaceList,
        Right::Translate,
    ];

    /// Whether what lies inside the place goes along.
    pub fn takes_along(self) -> bool {
        matches!(self, Self::Remove | Self::Replace | Self::ReplaceBody | Self::ReplaceList | Self::SetVar)
    }

    /// The word for it in `policy.yaml`.
    pub fn word(self) -> &'static str {
        match self {
            Right::Replace => "replace",
            Right::ReplaceBody => "replace-body",
            Right::Append => "append",
            Right::Insert => "insert",
            Right::Remove => "remove",
            Right::Move => "move",
            Right::Choose => "choose",
            Right::SetVar => "set-var",
            Right::ReplaceList => "replace-list",
            Right::Translate => "translate",
        }
    }

    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|right| right.word() == word)
    }
}

/// One thing that one layer sets, for rights (G3) and for `explain`.
#[derive(Clone, Debug)]
pub struct Contribution {
    /// `nurture.emails[welcome].subject`, `content/landing.md#hero`, `assets/logo.svg`.
    pub path: Arc<str>,
    pub right: Right,
    pub span: Span,
    /// The text as written, for limits on it.
    pub text: Option<Arc<str>>,
    /// The pieces of a block's text that are Markdown of their own; none of a plain value.
    pub parts: Box<[Arc<str>]>,
    // Boxed, since few have one, and a program has hundreds of thousands of contributions.
    /// Where an insertion or a move goes.
    pub at: Option<Box<Place>>,
    /// The file that was put in place.
    pub asset: Option<Arc<Asset>>,
    /// The variant that was chosen.
    pub variant: Option<Box<Spanned<Arc<str>>>>,
}

impl Contribution {
    pub fn new(path: impl Into<Arc<str>>, right: Right, span: Span) -> Self {
        Self { path: path.into(), right, span, text: None, parts: Box::default(), at: None, asset: None, variant: None }
    }
}

/// The path of a map's entry. In a Markdown file `blocks` and `front` are not written: blocks are
/// `file#id`, front matter is `file@key`.
pub fn entry_path(path: &str, key: &str) -> String {
    let in_markdown = path.ends_with(".md") || path.contains(".md#");
    match (path, key) {
        ("", _) => key.to_owned(),
        (_, "blocks") if in_markdown => path.to_owned(),
        (_, "front") if in_markdown => format!("{path}@"),
        _ if path.ends_with('@') => format!("{path}{key}"),
        _ => format!("{path}.{key}"),
    }
}

/// The path of an item of a keyed list, or of a block: its id holds its parents'.
pub fn item_path(path: &str, id: &str) -> String {
    match path.split_once(".md") {
        Some((file, _)) => format!("{file}.md#{id}"),
        None => format!("{path}[{id}]"),
    }
}

/// A path and all that it lies below, the longest first: the paths that it is within.
pub fn above(path: &str) -> impl Iterator<Item = &str> {
    let cuts = path.char_indices().rev().filter(|(_, c)| matches!(c, '.' | '[' | '#' | '@' | '/')).map(|(at, _)| at);
    let whole = (!path.is_empty()).then_some("");
    std::iter::once(path).chain(cuts.filter(|&at| at > 0).map(|at| &path[..at])).chain(whole)
}

/// Whether `path` is `above` or lies below it.
pub fn is_within(path: &str, above: &str) -> bool {
    path.strip_prefix(above).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[', '#', '@', '/']))
        || above.is_empty()
}
