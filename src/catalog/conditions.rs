//! Blocks of the master under a condition (M8), on their way into layers of their own.
//!
//! `## Notice {#notice when="region=dach"}` leaves a removed block in the master, which keeps its place
//! (L4), and sets it again in a layer with that selector. So a condition clashes, is locked and is
//! explained like any overlay, and the merge knows nothing of it.

use std::sync::Arc;

use crate::data::IndexMap;
use crate::source::{Span, Spanned};

use super::locales::LocaleId;
use super::patch::{Contribution, Keyed, Patch, PatchKind};

/// The conditional blocks of the master, by condition as it was written.
#[derive(Debug, Default)]
pub struct Conditions {
    parts: IndexMap<Arc<str>, Condition>,
}

/// All that is said under one condition.
#[derive(Debug)]
pub struct Condition {
    /// Where it was written first.
    pub span: Span,
    /// Blocks by file.
    own: IndexMap<Arc<str>, Keyed>,
    translations: IndexMap<LocaleId, IndexMap<Arc<str>, Keyed>>,
    pub contributions: Vec<Contribution>,
}

impl Conditions {
    pub fn of(&mut self, when: &Spanned<Arc<str>>) -> &mut Condition {
        self.parts.entry(when.value.clone()).or_insert_with(|| Condition {
            span: when.span,
            own: IndexMap::default(),
            translations: IndexMap::default(),
            contributions: Vec::new(),
        })
    }

    /// Takes in those of the next file.
    pub fn take(&mut self, next: Conditions) {
        for (when, condition) in next.parts {
            match self.parts.entry(when) {
                indexmap::map::Entry::Vacant(place) => drop(place.insert(condition)),
                indexmap::map::Entry::Occupied(mut known) => known.get_mut().take(condition),
            }
        }
    }

    pub fn into_parts(self) -> impl Iterator<Item = (Arc<str>, Condition)> {
        self.parts.into_iter()
    }
}

impl Condition {
    /// The blocks of a file, in the given locale or as the master itself words them.
    pub fn blocks(&mut self, file: &str, locale: Option<LocaleId>) -> &mut Keyed {
        let files = match locale {
            Some(locale) => self.translations.entry(locale).or_default(),
            None => &mut self.own,
        };
        files.entry(file.into()).or_default()
    }

    /// Takes in what the next file says under it. No two files have the same blocks.
    fn take(&mut self, next: Condition) {
        self.own.extend(next.own);
        for (locale, files) in next.translations {
            self.translations.entry(locale).or_default().extend(files);
        }
        self.contributions.extend(next.contributions);
    }

    pub fn patch(&self) -> Patch {
        tree(&self.own, self.span)
    }

    pub fn translations(&self) -> IndexMap<LocaleId, Patch> {
        self.translations.iter().map(|(&locale, files)| (locale, tree(files, self.span))).collect()
    }
}

fn tree(files: &IndexMap<Arc<str>, Keyed>, span: Span) -> Patch {
    let map = |entries: IndexMap<_, _>| Patch { kind: PatchKind::Map(entries.into()), span };
    let file = |(path, blocks): (&Arc<str>, &Keyed)| {
        let blocks = Patch { kind: PatchKind::Keyed(blocks.clone().into()), span };
        (path.clone(), map(IndexMap::from_iter([("blocks".into(), blocks)])))
    };
    map(files.iter().map(file).collect())
}
