//! What each layer says, place by place.

use crate::catalog::locales::LocaleId;
use crate::catalog::patch::{Keyed, Leaf, Patch, PatchKind, entry_path, is_within, item_path};
use crate::catalog::place::Step;
use crate::catalog::{Catalog, LayerId};
use crate::source::Span;
use crate::syntax::markdown::Place;

/// One thing that a layer says about one place.
#[derive(Clone, Debug)]
pub struct Statement<'a> {
    pub path: String,
    /// The way to it, which the path does not tell where a key has dots in it.
    pub steps: Box<[Step]>,
    pub layer: LayerId,
    pub locale: LocaleId,
    /// From `locales/<tag>/`.
    pub translation: bool,
    pub said: Said<'a>,
    /// Where it stands in the layer.
    patch: &'a Patch,
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
    /// Hides all blocks nested in this one, as a new body does.
    Nested,
    /// Takes the value of the named layer, or of the master.
    Inherit(Option<&'a str>),
    /// Shows the block of this id in place of its own.
    Choose(&'a str),
    /// Where an item stands.
    At(&'a Place),
    /// The full order of a list.
    Order,
}

impl<'a> Statement<'a> {
    /// Whether it stands for all that is weaker, also below its place.
    pub fn is_whole(&self) -> bool {
        matches!(self.said, Said::Remove | Said::Replace | Said::Nested | Said::Inherit(_) | Said::Choose(_))
    }

    /// Whether it is said in a language.
    pub fn is_text(&self) -> bool {
        match self.said {
            Said::Append(_) | Said::Prepend(_) => true,
            Said::Value(_) => matches!(self.patch.kind.innermost(), PatchKind::Leaf(_)),
            _ => false,
        }
    }

    /// Whether it stands for all that weaker layers say at a path.
    pub fn covers(&self, path: &str) -> bool {
        match self.said {
            Said::Nested => path.strip_prefix(&*self.path).is_some_and(|rest| rest.starts_with('/')),
            _ => self.is_whole() && is_within(path, &self.path),
        }
    }

    /// The block that it shows in place of its own, by its path.
    pub fn chosen(&self) -> Option<String> {
        let Said::Choose(variant) = self.said else { return None };
        let list = self.path.rfind(['[', '#'])?;
        Some(item_path(&self.path[..list], variant))
    }

    /// The path that it shows at a path at or below its own, if it chooses.
    pub fn leads_from(&self, path: &str) -> Option<String> {
        let rest = path.strip_prefix(&*self.path).filter(|_| is_within(path, &self.path))?;
        Some(format!("{}{rest}", self.chosen()?))
    }

    /// The patches from the root of its layer to where it is said.
    pub fn way(&self, catalog: &'a Catalog) -> Vec<&'a Patch> {
        let layer = catalog.layer(self.layer);
        let translated = layer.translations.get(&self.locale).filter(|_| self.translation);
        let mut way = translated.unwrap_or(&layer.patch).way(&self.steps);
        if let Some(own) = way.iter().position(|patch| std::ptr::eq(*patch, self.patch)) {
            way.truncate(own + 1);
        }
        way
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
            Said::Nested => "replace-body",
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
            Said::Remove | Said::Replace | Said::Nested | Said::Order => String::new(),
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

/// What may show at a path: what is said there, and of blocks that are chosen in place of one it lies in, also by way
/// of others.
pub fn shown_at<'s, 'a: 's>(path: &str, choices: impl Iterator<Item = &'s Statement<'a>> + Clone) -> Vec<String> {
    let mut found = vec![path.to_owned()];
    let mut next = 0;
    while let Some(path) = found.get(next).cloned() {
        for path in choices.clone().filter_map(|choice| choice.leads_from(&path)) {
            if !found.contains(&path) {
                found.push(path);
            }
        }
        next += 1;
    }
    found
}

/// Everything that the given layers say, in the order of `layers`; with a key, what they say at that one at the
/// top of the tree.
pub fn statements<'a>(catalog: &'a Catalog, layers: &[LayerId], key: Option<&str>) -> Vec<Statement<'a>> {
    let mut all = Vec::new();
    for &id in layers {
        let layer = catalog.layer(id);
        Walk { layer: id, locale: layer.locale, translation: false, steps: Vec::new(), all: &mut all }
            .layer(&layer.patch, key);
        for (&locale, patch) in &layer.translations {
            Walk { layer: id, locale, translation: true, steps: Vec::new(), all: &mut all }.layer(patch, key);
        }
    }
    all
}

struct Walk<'a, 'w> {
    layer: LayerId,
    locale: LocaleId,
    translation: bool,
    /// To where it is.
    steps: Vec<Step>,
    all: &'w mut Vec<Statement<'a>>,
}

impl<'a> Walk<'a, '_> {
    fn say(&mut self, path: &str, said: Said<'a>, patch: &'a Patch) {
        self.say_at(path, said, patch, patch.span);
    }

    fn say_at(&mut self, path: &str, said: Said<'a>, patch: &'a Patch, span: Span) {
        let (layer, locale, translation) = (self.layer, self.locale, self.translation);
        let steps = self.steps.as_slice().into();
        self.all.push(Statement { path: path.to_owned(), steps, layer, locale, translation, said, patch, span });
    }

    fn layer(&mut self, patch: &'a Patch, key: Option<&str>) {
        match (&patch.kind, key) {
            (PatchKind::Map(entries), Some(key)) => {
                entries.get_key_value(key).into_iter().for_each(|(key, patch)| self.entry(key, patch, ""));
            }
            _ => self.patch(patch, ""),
        }
    }

    fn patch(&mut self, patch: &'a Patch, path: &str) {
        match &patch.kind {
            PatchKind::Leaf(leaf) | PatchKind::Neutral(leaf) => self.say(path, Said::Value(leaf), patch),
            PatchKind::Amend(leaf) if path.ends_with(".prepend") => self.say(path, Said::Prepend(leaf), patch),
            PatchKind::Amend(leaf) => self.say(path, Said::Append(leaf), patch),
            PatchKind::Set(set) => {
                let add = set.whole.as_ref().unwrap_or(&set.add);
                let said = Said::Set { whole: set.whole.is_some(), add, remove: &set.remove };
                self.say(path, said, patch);
            }
            PatchKind::Remove => self.say(path, Said::Remove, patch),
            PatchKind::Inherit(layer) => {
                self.say(path, Said::Inherit(layer.as_ref().map(|layer| &*layer.value)), patch);
            }
            PatchKind::Choose(variant) => self.say(path, Said::Choose(&variant.value), patch),
            PatchKind::Replace(inner) => {
                match &inner.kind {
                    // A body that replaces a body takes the nested blocks with it; the block itself stays.
                    PatchKind::Keyed(_) if path.contains(".md#") => self.say(path, Said::Nested, patch),
                    PatchKind::Map(_) | PatchKind::Keyed(_) | PatchKind::Set(_) => {
                        self.say(path, Said::Replace, patch);
                    }
                    _ => {}
                }
                self.patch(inner, path);
            }
            PatchKind::Map(entries) => {
                entries.iter().for_each(|(key, patch)| self.entry(key, patch, path));
            }
            PatchKind::Keyed(keyed) => self.list(patch, keyed, path),
        }
    }

    fn entry(&mut self, key: &std::sync::Arc<str>, patch: &'a Patch, path: &str) {
        self.steps.push(Step::Key(key.clone()));
        self.patch(patch, &entry_path(path, key));
        self.steps.pop();
    }

    fn list(&mut self, patch: &'a Patch, keyed: &'a Keyed, path: &str) {
        if let Some(order) = &keyed.order {
            self.say_at(path, Said::Order, patch, order.span);
        }
        for (id, item) in &keyed.items {
            let path = item_path(path, id);
            self.steps.push(Step::Item(id.clone()));
            if let Some(at) = &item.at {
                self.say_at(&path, Said::At(&at.value), &item.patch, at.span);
            }
            self.patch(&item.patch, &path);
            self.steps.pop();
        }
    }
}
