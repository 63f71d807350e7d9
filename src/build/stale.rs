//! Titles that name nothing here: of nodes that are gone, and those that a stronger layer replaced by another one.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::catalog::locales::LocaleId;
use crate::resolve::tree::Tree;
use crate::source::Span;

use super::bound::called;
use super::mender::Mender;
use super::nodes::Title;
use super::titles::Titles;

/// A title in one language that nothing has here.
pub struct Stale {
    pub title: Arc<str>,
    /// Of the node that has it elsewhere.
    pub name: String,
    /// What it is called here; nothing where it is gone.
    pub instead: Arc<str>,
    /// The end of a sentence about the title.
    pub why: String,
    pub place: Option<Span>,
}

/// All of a deployment, in one language.
pub struct AllStale {
    /// In the order of titles, each once.
    candidates: Vec<Stale>,
    search: Arc<Titles>,
    /// The numbers of those that stand in a title that holds here: they are none.
    held: BTreeSet<usize>,
}

impl AllStale {
    pub fn new(mender: Mender<'_>, tree: &Tree, locale: LocaleId) -> Self {
        let nodes = mender.program.nodes();
        let candidates = candidates(mender, tree, locale);
        let search = nodes.search(candidates.iter().map(|stale| &*stale.title));
        let held: BTreeSet<Arc<str>> = match candidates.is_empty() {
            true => BTreeSet::new(),
            false => nodes.all.iter().filter_map(|node| Some(called(node, tree)?.0)).collect(),
        };
        let held = held.iter().flat_map(|held| search.found_in(held)).collect();
        Self { candidates, search, held }
    }

    pub fn all(&self) -> impl Iterator<Item = &Stale> {
        self.numbered((0..self.candidates.len()).collect())
    }

    /// Those whose title stands in a text.
    pub fn found_in(&self, text: &str) -> impl Iterator<Item = &Stale> {
        self.numbered(self.search.found_in(text))
    }

    fn numbered(&self, numbers: BTreeSet<usize>) -> impl Iterator<Item = &Stale> {
        numbers.into_iter().filter(|number| !self.held.contains(number)).map(|number| &self.candidates[number])
    }
}

fn candidates(mender: Mender<'_>, tree: &Tree, locale: LocaleId) -> Vec<Stale> {
    let (program, catalog) = (mender.program, mender.program.catalog());
    let mut stale: Vec<Stale> = Vec::new();
    for node in &program.nodes().all {
        let gone = mender.gone.iter().find(|gone| gone.path == node.path);
        let now = called(node, tree);
        let is_other = |title: &&Title| {
            catalog.locales.same_language(title.locale, locale)
                && now.as_ref().is_none_or(|(now, _)| *now != title.text)
                && (gone.is_some() || mender.stack.layers().contains(&title.layer))
        };
        for title in node.titles.iter().filter(is_other) {
            let (why, place) = match (gone, &now) {
                (Some(gone), _) => (gone.said(program.sources()), gone.place),
                (None, Some((now, span))) => (format!("`{}` is called `{now}` here", node.name), Some(*span)),
                // What it is called here depends on the partner.
                (None, None) => continue,
            };
            let instead = now.as_ref().map(|(now, _)| now.clone()).unwrap_or_default();
            stale.push(Stale { title: title.text.clone(), name: node.name.clone(), instead, why, place });
        }
    }
    stale.sort_by(|a, b| (&a.title, &a.name).cmp(&(&b.title, &b.name)));
    stale.dedup_by(|a, b| a.title == b.title);
    stale
}
