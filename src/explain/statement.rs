//! What each layer says, place by place.

use crate::catalog::locales::LocaleId;
use crate::catalog::patch::{Keyed, Leaf, Patch, PatchKind, entry_path, item_path};
use crate::catalog::{Catalog, LayerId};
use crate::source::Span;
use crate::syntax::markdown::Place;

/// One thing that a layer says about one place.
#[derive(Clone, Debug)]
pub struct Statement<'a> {
    pub path: String,
    pub layer: LayerId,
    pub locale: LocaleId,
    /// From `locales/<tag>/`.
    pub translation: bool,
    pub said: Said<'a>,
    pub span: Span,
}

/// What is said.
#[derive(Clone, Copy, Debug)]
pub enum Said<'a> {
    Value(&'a Leaf),
    Append(&'a Leaf),
    Prepend(&'a Leaf),
    /// Words taken into a set and out of it.
    Set {
        whole: bool,
        add: &'a [std::sync::Arc<str>],
        remove: &'a [std::sync::Arc<str>],
    },
    Remove,
    /// Hides all that is weaker below the place.
    Replace,
    /// Takes the value of the named layer, or of the master.
    Inherit(Option<&'a str>),
    /// Shows the block of this id in place of its own.
    Choose(&'a str),
    /// Where an item stands.
    At(&'a Place),
    /// The full order of a list.
    Order,
}

impl Statement<'_> {
    /// Whether it also speaks of everything below its place.
    pub fn is_whole(&self) -> bool {
        matches!(self.said, Said::Remove | Said::Replace | Said::Inherit(_) | Said::Choose(_))
    }

    /// Whether it is about where an item stands, and not about what it is.
    pub fn is_position(&self) -> bool {
        matches!(self.said, Said::At(_) | Said::Order)
    }
}

impl Said<'_> {
    /// The word for it in overlays.
    pub fn operation(&self) -> &'static str {
        match self {
            Said::Value(_) => "set",
            Said::Append(_) => "append",
            Said::Prepend(_) => "prepend",
            Said::Set { whole: true, .. } => "set",
            Said::Set { .. } => "add",
            Said::Remove => "remove",
            Said::Replace => "replace",
            Said::Inherit(_) => "inherit",
            Said::Choose(_) => "choose",
            Said::At(_) => "at",
            Said::Order => "order",
        }
    }

    /// What it says, as text.
    pub fn text(&self) -> String {
        match self {
            Said::Value(leaf) | Said::Append(leaf) | Said::Prepend(leaf) => shown(leaf),
            Said::Set { add, remove, .. } => {
                let words = |sign: &str, words: &[std::sync::Arc<str>]| {
                    words.iter().map(|word| format!("{sign}{word}")).collect::<Vec<_>>()
                };
                [words("", add), words("-", remove)].concat().join(", ")
            }
            Said::Remove | Said::Replace | Said::Order => String::new(),
            Said::Inherit(layer) => layer.unwrap_or("master").to_owned(),
            Said::Choose(variant) => (*variant).to_owned(),
            Said::At(Place::First) => "first".to_owned(),
            Said::At(Place::Last) => "last".to_owned(),
            Said::At(Place::Before(anchor)) => format!("before {}", anchor.value),
            Said::At(Place::After(anchor)) => format!("after {}", anchor.value),
        }
    }
}

/// A value as people read it: text as it was written, lists and maps on one line, a file by its name.
pub fn shown(leaf: &Leaf) -> String {
    match leaf {
        Leaf::Null => "null".to_owned(),
        Leaf::Bool(value) => value.to_string(),
        Leaf::Int(value) => value.to_string(),
        Leaf::Float(value) => value.to_string(),
        Leaf::Str(source) | Leaf::Text { source, .. } | Leaf::Prose { source, .. } => source.trim_end().to_owned(),
        Leaf::Seq(items) => format!("[{}]", items.iter().map(shown).collect::<Vec<_>>().join(", ")),
        Leaf::Map(entries) => {
            let entries = entries.iter().map(|(key, value)| format!("{key}: {}", shown(value)));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
        }
        Leaf::File(asset) => format!("{} ({} bytes)", asset.input, asset.bytes.len()),
    }
}

/// Everything that the given layers say, in the order of `layers`; with a key, what they say at that one at the
/// top of the tree.
pub fn statements<'a>(catalog: &'a Catalog, layers: &[LayerId], key: Option<&str>) -> Vec<Statement<'a>> {
    let mut all = Vec::new();
    for &id in layers {
        let layer = catalog.layer(id);
        Walk { layer: id, locale: layer.locale, translation: false, all: &mut all }.layer(&layer.patch, key);
        for (&locale, patch) in &layer.translations {
            Walk { layer: id, locale, translation: true, all: &mut all }.layer(patch, key);
        }
    }
    all
}

struct Walk<'a, 'w> {
    layer: LayerId,
    locale: LocaleId,
    translation: bool,
    all: &'w mut Vec<Statement<'a>>,
}

impl<'a> Walk<'a, '_> {
    fn say(&mut self, path: &str, said: Said<'a>, span: Span) {
        let (layer, locale, translation) = (self.layer, self.locale, self.translation);
        self.all.push(Statement { path: path.to_owned(), layer, locale, translation, said, span });
    }

    fn layer(&mut self, patch: &'a Patch, key: Option<&str>) {
        match (&patch.kind, key) {
            (PatchKind::Map(entries), Some(key)) => {
                entries.get(key).into_iter().for_each(|patch| self.patch(patch, &entry_path("", key)));
            }
            _ => self.patch(patch, ""),
        }
    }

    fn patch(&mut self, patch: &'a Patch, path: &str) {
        match &patch.kind {
            PatchKind::Leaf(leaf) | PatchKind::Neutral(leaf) => self.say(path, Said::Value(leaf), patch.span),
            PatchKind::Amend(leaf) if path.ends_with(".prepend") => self.say(path, Said::Prepend(leaf), patch.span),
            PatchKind::Amend(leaf) => self.say(path, Said::Append(leaf), patch.span),
            PatchKind::Set(set) => {
                let add = set.whole.as_ref().unwrap_or(&set.add);
                let said = Said::Set { whole: set.whole.is_some(), add, remove: &set.remove };
                self.say(path, said, patch.span);
            }
            PatchKind::Remove => self.say(path, Said::Remove, patch.span),
            PatchKind::Inherit(layer) => {
                self.say(path, Said::Inherit(layer.as_ref().map(|layer| &*layer.value)), patch.span);
            }
            PatchKind::Choose(variant) => self.say(path, Said::Choose(&variant.value), patch.span),
            PatchKind::Replace(inner) => {
                // A body that replaces a body takes the nested blocks with it; the block itself stays.
                let nested = matches!(inner.kind, PatchKind::Keyed(_)) && path.contains(".md#");
                if !nested && matches!(inner.kind, PatchKind::Map(_) | PatchKind::Keyed(_) | PatchKind::Set(_)) {
                    self.say(path, Said::Replace, patch.span);
                }
                self.patch(inner, path);
            }
            PatchKind::Map(entries) => {
                entries.iter().for_each(|(key, patch)| self.patch(patch, &entry_path(path, key)));
            }
            PatchKind::Keyed(keyed) => self.list(keyed, path),
        }
    }

    fn list(&mut self, keyed: &'a Keyed, path: &str) {
        if let Some(order) = &keyed.order {
            self.say(path, Said::Order, order.span);
        }
        for (id, item) in &keyed.items {
            let path = item_path(path, id);
            if let Some(at) = &item.at {
                self.say(&path, Said::At(&at.value), at.span);
            }
            self.patch(&item.patch, &path);
        }
    }
}
