//! Whether a translation still says what its source says (T8): the same variables, the same links, words bound to
//! the same nodes (J16).

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::catalog::patch::{Leaf, Patch, PatchKind};
use crate::catalog::{Catalog, LayerId};
use crate::diag::{Diagnostic, Diagnostics};
use crate::prose::Prose;
use crate::source::{Span, Spanned};

use super::{Index, nodes};

/// Compares the translations of one layer with its own texts; where it translates what the master says,
/// with those.
pub fn check(catalog: &Catalog, index: &Index, id: LayerId, diagnostics: &mut Diagnostics) {
    let layer = catalog.layer(id);
    let master = &catalog.layer(LayerId::MASTER).patch;
    for translation in layer.translations.values() {
        compare(translation, &[&layer.patch, master], index, diagnostics);
    }
}

fn compare(translation: &Patch, sources: &[&Patch], index: &Index, diagnostics: &mut Diagnostics) {
    match &translation.kind {
        PatchKind::Map(entries) => {
            for (key, patch) in entries.iter() {
                let sources: Vec<&Patch> = sources.iter().filter_map(|source| entry(source, key)).collect();
                compare(patch, &sources, index, diagnostics);
            }
        }
        PatchKind::Keyed(list) => {
            for (id, item) in &list.items {
                let sources: Vec<&Patch> = sources.iter().filter_map(|source| entry(source, id)).collect();
                compare(&item.patch, &sources, index, diagnostics);
            }
        }
        PatchKind::Leaf(leaf) | PatchKind::Amend(leaf) => {
            let source = sources.iter().find_map(|source| match &source.kind {
                PatchKind::Leaf(leaf) | PatchKind::Amend(leaf) => Some((leaf, source.span)),
                _ => None,
            });
            if let Some((source, span)) = source {
                variables(leaf, source, (translation.span, span), index, diagnostics);
                links(leaf, source, translation, span, diagnostics);
                bound(leaf, source, (translation.span, span), index, diagnostics);
            }
        }
        _ => {}
    }
}

/// The entry of a map or list, through a `$replace`.
fn entry<'p>(patch: &'p Patch, name: &str) -> Option<&'p Patch> {
    match &patch.kind {
        PatchKind::Map(entries) => entries.get(name),
        PatchKind::Keyed(list) => list.items.get(name).map(|item| &item.patch),
        PatchKind::Replace(inner) => entry(inner, name),
        _ => None,
    }
}

/// A name that nothing has is an error by itself, where it is written.
fn variables(leaf: &Leaf, source: &Leaf, (place, of): (Span, Span), index: &Index, diagnostics: &mut Diagnostics) {
    let (mine, theirs) = (counted(named(leaf)), counted(named(source)));
    if mine.keys().chain(theirs.keys()).any(|name| index.is_unknown(name)) {
        return;
    }
    let wrong = theirs.iter().find(|(name, count)| mine.get(*name) != Some(count));
    let wrong = wrong.or_else(|| mine.iter().find(|(name, _)| !theirs.contains_key(*name)));
    if let Some((name, _)) = wrong {
        let (has, wants) = (mine.get(name).unwrap_or(&0), theirs.get(name).unwrap_or(&0));
        let message =
            format!("the translation has `{{{{ {name} }}}}` {}, and its source {}", times(*has), times(*wants));
        let error = Diagnostic::error("E-PLACEHOLDER", message).at(place, "").other(of, "its source");
        diagnostics.push(error.help("use the variables of the source, each as often"));
    }
}

fn links(leaf: &Leaf, source: &Leaf, place: &Patch, of: Span, diagnostics: &mut Diagnostics) {
    let (Leaf::Prose { prose: mine, .. }, Leaf::Prose { prose: theirs, .. }) = (leaf, source) else { return };
    let ids = |prose: &Prose| counted(prose.links().iter().map(|link| link.value.to_string()));
    let (mine, theirs) = (ids(mine), ids(theirs));
    let other = theirs.keys().chain(mine.keys()).find(|id| mine.get(*id) != theirs.get(*id));
    if let Some(id) = other {
        let (has, wants) = (mine.get(id).unwrap_or(&0), theirs.get(id).unwrap_or(&0));
        let message = format!("the translation links to `{id}` {}, and its source {}", times(*has), times(*wants));
        let warning = Diagnostic::warning("W-LINKS", message).at(place.span, "").other(of, "its source");
        diagnostics.push(warning.help("link as the source does"));
    }
}

/// How often words are bound to a node is a matter of the language, to which ones is not.
///
/// A name that nothing has, or two things have, is an error by itself, where it is written, and mended first.
fn bound(leaf: &Leaf, source: &Leaf, (place, of): (Span, Span), index: &Index, diagnostics: &mut Diagnostics) {
    let (mine, theirs) = (leaf.nodes(), source.nodes());
    let lacks = |nodes: &[&Spanned<Arc<str>>], node: &Spanned<Arc<str>>| !nodes.iter().any(|it| it.value == node.value);
    if mine.iter().chain(&theirs).any(|node| nodes::unknown(node, index).is_some()) {
        return;
    }
    if let Some(node) = theirs.iter().find(|node| lacks(&mine, node)) {
        let message = format!("no words of the translation are bound to `{}`, and words of its source are", node.value);
        let error = Diagnostic::error("E-J16", message).at(place, "").other(node.span, "its source");
        diagnostics.push(error.help(format!("bind the same words: `[words](node:{})`", node.value)));
    }
    if let Some(node) = mine.iter().find(|node| lacks(&theirs, node)) {
        let message = format!("words of the translation are bound to `{}`, and none of its source are", node.value);
        let error = Diagnostic::error("E-J16", message).at(node.span, "").other(of, "its source");
        diagnostics.push(error.help("write them free, or bind those of the source too"));
    }
}

fn named(leaf: &Leaf) -> Vec<String> {
    match leaf {
        Leaf::Text { text, .. } => text.variables().map(str::to_owned).collect(),
        Leaf::Prose { prose, .. } => prose.variables().map(str::to_owned).collect(),
        Leaf::Seq(items) => items.iter().flat_map(named).collect(),
        Leaf::Map(entries) => entries.values().flat_map(named).collect(),
        _ => Vec::new(),
    }
}

fn counted(names: impl IntoIterator<Item = String>) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    names.into_iter().for_each(|name| *counts.entry(name).or_default() += 1);
    counts
}

fn times(count: usize) -> String {
    match count {
        0 => "not at all".to_owned(),
        1 => "once".to_owned(),
        count => format!("{count} times"),
    }
}
