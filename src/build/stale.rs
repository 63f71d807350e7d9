//! Titles that name nothing here: of nodes that are gone, and those that a stronger layer replaced by another one.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::catalog::locales::LocaleId;
use crate::resolve::tree::Tree;
use crate::source::Span;

use super::bound::called;
use super::mender::Mender;
use super::nodes::Title;

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

/// All of a deployment in one language, by the number of the title. One that stands within a title that holds here is none.
pub fn all(mender: Mender<'_>, tree: &Tree, locale: LocaleId) -> BTreeMap<usize, Stale> {
    let nodes = mender.program.nodes();
    let numbered = |stale: Stale| Some((nodes.mentions.number(&stale.title)?, stale));
    let mut all: BTreeMap<usize, Stale> = candidates(mender, tree, locale).into_iter().filter_map(numbered).collect();
    if !all.is_empty() {
        let held: BTreeSet<Arc<str>> = nodes.all.iter().filter_map(|node| Some(called(node, tree)?.0)).collect();
        for number in held.iter().flat_map(|held| nodes.mentions.titles_in(held)) {
            all.remove(&number);
        }
    }
    all
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
