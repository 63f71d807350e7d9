//! The languages in which the partner's people read what components make: those of each component's documents.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::catalog::Catalog;
use crate::catalog::locales::LocaleId;
use crate::components::ComponentKind;
use crate::components::readers::{READS, Reader, Readers};
use crate::document::language;
use crate::document::plan::Plan;
use crate::resolve::tree::Tree;

use super::languages::Languages;
use super::prepared::Localized;

/// What the languages are found in.
pub struct Readings<'r> {
    pub catalog: &'r Catalog,
    pub plan: &'r Plan,
    pub by_locale: &'r BTreeMap<LocaleId, Localized<'r>>,
    pub languages: &'r Languages,
    /// The deployment's locales, the first of which is its own.
    pub chosen: &'r [LocaleId],
}

/// What the dates of the playbook are told with.
fn dates(tree: &Tree) -> Vec<String> {
    let activities = tree.at("proof.activities").into_iter().flat_map(Tree::children);
    let titles = activities.map(|(id, _)| format!("proof.activities[{id}].title"));
    ["playbook.calendar", "playbook.words"].map(str::to_owned).into_iter().chain(titles).collect()
}

/// A component's files are in the languages of its first document that has several, so that both say the same. The
/// calendar is in each language that has all of its words, whatever the playbook is written in.
pub fn of(readings: &Readings<'_>) -> Readers {
    let source = readings.catalog.locales.source();
    let own = |kind: ComponentKind| {
        let documents = readings.plan.documents.iter().filter(|document| document.component == kind);
        let outputs =
            documents.map(|document| &document.outputs).find(|all| all.iter().any(|it| it.locale != source))?;
        let reader = |(number, output): (usize, &crate::document::plan::Output)| {
            let locale = readings.languages.get(&output.path).copied().unwrap_or(output.locale);
            let folder = (number > 0).then(|| readings.catalog.locale(output.locale).slug().into());
            readings.reader(locale, folder)
        };
        Some((kind.id(), outputs.iter().enumerate().map(reader).collect()))
    };
    let own = |kind: ComponentKind| own(kind).or_else(|| readings.told(kind));
    let kinds = ComponentKind::ALL.into_iter().filter(|kind| !kind.is_public());
    Readers { source: readings.reader(source, None), of: kinds.filter_map(own).collect() }
}

impl Readings<'_> {
    /// The calendar's: the deployment's locales, or the master's language in the place of one that lacks words.
    fn told(&self, kind: ComponentKind) -> Option<(&'static str, Vec<Reader>)> {
        if kind != ComponentKind::PLAYBOOK || self.chosen.is_empty() {
            return None;
        }
        let locales = &self.catalog.locales;
        let has_words = |locale: LocaleId| {
            let tree = self.by_locale.get(&locale).map(|localized| &localized.tree);
            tree.is_some_and(|tree| {
                let parts = dates(tree);
                let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
                language::foreign(tree, &parts, locale, locales).is_none()
            })
        };
        let reader = |(number, &locale): (usize, &LocaleId)| {
            let folder = (number > 0).then(|| locales.get(locale).slug().into());
            self.reader(if has_words(locale) { locale } else { locales.source() }, folder)
        };
        Some((kind.id(), self.chosen.iter().enumerate().map(reader).collect()))
    }

    fn reader(&self, locale: LocaleId, folder: Option<Arc<str>>) -> Reader {
        let root = self.by_locale.get(&locale).map(|localized| &localized.root);
        let read = |key: &&str| root?.get_key_value(*key).map(|(key, value)| (key.clone(), value.clone()));
        let known = self.catalog.locale(locale);
        let data = READS.iter().filter_map(read).collect();
        Reader { tag: known.tag.clone(), rtl: known.rtl, folder, data }
    }
}
