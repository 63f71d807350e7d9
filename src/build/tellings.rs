//! The languages that a lead's path is told in: the master's own, and each other one of the deployment's readers that has
//! all of its words.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::catalog::Catalog;
use crate::catalog::locales::LocaleId;
use crate::data::{Data, DataMap};
use crate::diag::{Diagnostic, Diagnostics};
use crate::document::language;
use crate::document::plan::Plan;
use crate::journey::telling::{Telling, Titles};
use crate::package;
use crate::package::journey::Journey;
use crate::resolve::tree::Tree;

use super::checks::note_types;
use super::prepared::Localized;

/// The languages besides the master's. Where words are missing, the path is not told, and that is said: a picture in two
/// languages would be no picture.
pub fn languages(
    catalog: &Catalog,
    trees: &BTreeMap<LocaleId, Arc<Tree>>,
    chosen: &[LocaleId],
    diagnostics: &mut Diagnostics,
) -> Vec<LocaleId> {
    let locales = &catalog.locales;
    let mut languages = Vec::new();
    for &locale in chosen.iter().filter(|&&locale| !locales.same_language(locale, locales.source())) {
        let Some(tree) = trees.get(&locale).filter(|tree| tree.get("journey").is_some()) else { continue };
        let parts = parts(tree);
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        match language::foreign(tree, &parts, locale, locales) {
            None => languages.push(locale),
            Some(text) => {
                let tag = &locales.get(locale).tag;
                let message = format!("this text has no {tag}, so the lead's path is not told in {tag}");
                let warning = Diagnostic::warning("W-FALLBACK", message).at(text.origin.span, "");
                diagnostics.push(warning.help(format!("translate it in `locales/{tag}/` of the same layer")));
            }
        }
    }
    languages
}

/// Where the words stand that a path is told with: of [`READS`](crate::journey::telling::READS), what is printed.
fn parts(tree: &Tree) -> Vec<String> {
    let keys = |path: &str| tree.at(path).into_iter().flat_map(Tree::children).map(|(key, _)| key.clone());
    let journey = keys("journey").filter(|key| &**key != "leads").map(|key| format!("journey.{key}"));
    let emails = keys("nurture.emails").map(|id| format!("nurture.emails[{id}].subject"));
    let owners = keys("qualification.owners").map(|id| format!("qualification.owners[{id}].title"));
    let is_answered = tree.at("journey.words.status_file").is_some();
    let outcomes = keys("qualification.feedback").filter(|_| is_answered);
    let outcomes = outcomes.map(|id| format!("qualification.feedback[{id}].title"));
    journey.chain(emails).chain(owners).chain(outcomes).collect()
}

/// All that a path is told from.
pub struct Tellings<'t> {
    pub catalog: &'t Catalog,
    pub plan: &'t Plan,
    pub by_locale: &'t BTreeMap<LocaleId, Localized<'t>>,
    /// Besides the master's own.
    pub languages: &'t [LocaleId],
    /// How requests reach whoever receives them.
    pub ways: BTreeMap<Arc<str>, Arc<str>>,
}

impl Tellings<'_> {
    /// One for each language, the master's first. A word that is missing is noted.
    pub fn told(&self, journey: &Arc<Journey>, diagnostics: &mut Diagnostics) -> Option<Vec<Telling>> {
        let source = self.catalog.locales.source();
        let languages = [source].into_iter().chain(self.languages.iter().copied());
        languages.map(|locale| self.in_language(locale, journey, diagnostics)).collect()
    }

    fn in_language(&self, id: LocaleId, journey: &Arc<Journey>, diagnostics: &mut Diagnostics) -> Option<Telling> {
        let Localized { tree, root, .. } = self.by_locale.get(&id)?;
        let locale = self.catalog.locale(id);
        let is_source = id == self.catalog.locales.source();
        let said = root.get("journey").cloned().unwrap_or_default();
        let words = said.get("words").cloned().unwrap_or_default();
        let words = package::read(&words, "journey.words").map_err(|error| vec![error]);
        let own = || package::read(&said, "journey").map(Arc::new).map_err(|error| vec![error]);
        Some(Telling {
            language: locale.tag.clone(),
            rtl: locale.rtl,
            folder: (!is_source).then(|| locale.slug().into()),
            journey: if is_source { journey.clone() } else { note_types(own(), tree, diagnostics)? },
            words: note_types(words, tree, diagnostics).map(Arc::new)?,
            owners: titles(root, "qualification", "owners", "title"),
            emails: titles(root, "nurture", "emails", "subject"),
            outcomes: titles(root, "qualification", "feedback", "title"),
            pages: self.pages(id),
            statuses: titles(root, "tracking", "member_statuses", "label"),
            ways: self.ways.clone(),
        })
    }

    /// The file of each page in a language, or of its first.
    fn pages(&self, locale: LocaleId) -> Titles {
        let file = |outputs: &[crate::document::plan::Output]| {
            let own = outputs.iter().find(|output| output.locale == locale).or_else(|| outputs.first())?;
            Some(Arc::from(own.path.as_str()))
        };
        self.plan.documents.iter().filter_map(|it| Some((it.id.clone(), file(&it.outputs)?))).collect()
    }
}

/// What the items of a list are called, by their ids.
fn titles(root: &DataMap, key: &str, list: &str, title: &str) -> Titles {
    let items = root.get(key).and_then(|data| data.get(list)).map_or(&[][..], Data::items);
    let text = |item: &Data, key: &str| item.get(key).and_then(Data::as_str).map(Arc::from);
    items.iter().filter_map(|item| Some((text(item, "id")?, text(item, title)?))).collect()
}
