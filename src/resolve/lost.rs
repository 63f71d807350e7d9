//! What is said of a place that is gone (V4): a weaker layer took it away, and what a stronger one says does not bring it back.
//! It is lost, and never without a word.

use std::sync::Arc;

use crate::catalog::patch::{Keyed, Patch, PatchKind, item_path};
use crate::catalog::place::{Step, steps};
use crate::diag::Diagnostic;
use crate::source::Span;

use super::account::Fate;
use super::input::{Input, is_whole};
use super::merge::Merge;
use super::order;

impl<'a> Merge<'_, 'a> {
    /// Tells what is said of a place beside a `$remove` that stands.
    pub fn tell_removed(&mut self, removal: Input<'a>, inputs: &[Input<'a>]) {
        // What the master words under conditions alone is gone elsewhere by its own word (M8).
        if !self.catalog.layer(removal.layer).is_of_master() {
            let path = self.path.clone();
            self.tell(&path, (removal, removal.patch.span), inputs);
        }
    }

    /// Tells what is said of items that a list does not have, where an operation around it took them away. What only changes
    /// an item that nobody brings in is for those deployments that have it.
    pub fn tell_gone(&mut self, lists: &[(Input<'a>, &'a Keyed)], there: &[Arc<str>]) {
        let mut told: Vec<&Arc<str>> = Vec::new();
        for id in lists.iter().flat_map(|(_, list)| list.items.keys()) {
            if there.contains(id) || told.contains(&id) {
                continue;
            }
            told.push(id);
            let said = |(input, list): &(Input<'a>, &'a Keyed)| {
                list.items.get(id).map(|item| Input { patch: &item.patch, ..*input })
            };
            let inputs: Vec<Input<'a>> = lists.iter().filter_map(said).collect();
            let path = item_path(&self.path, id);
            if let Some(taken) = self.taken(&path, id, &inputs) {
                self.tell(&path, taken, &inputs);
            }
        }
    }

    /// What took away an item that a weaker layer brought in, and where.
    fn taken(&self, path: &str, id: &str, inputs: &[Input<'a>]) -> Option<(Input<'a>, Span)> {
        let way = steps(path);
        let (_, list) = way.split_last()?;
        let own = || inputs.iter().filter(|input| !input.translation);
        let speaks_of = |root: &&Input<'a>| !root.translation && own().all(|input| input.layer != root.layer);
        let others: Vec<&Input<'a>> = self.roots.iter().filter(speaks_of).collect();
        let brings_in = |root: &&&Input<'a>| {
            keyed(root.patch, list).is_some_and(|keyed| order::introduces(self.catalog, &self.path, root, keyed, id))
        };
        let source = others.iter().find(brings_in)?;
        let takes = |root: &&Input<'a>| {
            let operation = root.patch.way(&way).into_iter().find(|patch| takes_away(patch))?;
            self.is_stronger(root.layer, source.layer).then_some((**root, operation.span))
        };
        others.iter().rev().find_map(takes)
    }

    /// Of each layer its own words, or those of its translations where it has none.
    fn tell(&mut self, path: &str, (taken, span): (Input<'a>, Span), inputs: &[Input<'a>]) {
        let is_heard = |input: &Input<'a>| match input.translation {
            true => {
                let is_own = |other: &Input<'a>| !other.translation && other.layer == input.layer;
                let locales = &self.catalog.locales;
                locales.same_language(input.locale, self.locale)
                    && !inputs.iter().any(|other| is_own(other) && says_something(other.patch))
                    && self.is_weaker_or_same(taken.layer, input.layer)
            }
            false => self.is_stronger(input.layer, taken.layer) && !is_whole(&input.patch.kind),
        };
        let lost: Vec<Input<'a>> =
            inputs.iter().filter(|input| says_something(input.patch) && is_heard(input)).copied().collect();
        for input in &lost {
            let selector = &self.catalog.layer(taken.layer).selector;
            let message = format!("`{path}` is gone here, since `{selector}` takes it away, and this is lost");
            let warning = Diagnostic::warning("W-NOTARGET", message).at(input.patch.span, "").other(span, "taken away");
            self.diagnostics.push(warning.help(match input.translation {
                true => "take the translation out",
                false => "bring all of it back, say it only where it is there, or take this out",
            }));
        }
        if let Some(account) = &mut self.account {
            account.note(path, &lost, Fate::Lost);
        }
    }
}

/// The keyed list at a place of a patch.
fn keyed<'p>(patch: &'p Patch, way: &[Step]) -> Option<&'p Keyed> {
    match &patch.find(way)?.kind {
        PatchKind::Keyed(keyed) => Some(keyed),
        PatchKind::Replace(inner) => keyed(inner, &[]),
        _ => None,
    }
}

fn takes_away(patch: &Patch) -> bool {
    matches!(patch.kind, PatchKind::Remove | PatchKind::Replace(_))
}

/// Whether there are words in it: what is moved or taken away once more leaves things as they are.
fn says_something(patch: &Patch) -> bool {
    match &patch.kind {
        PatchKind::Leaf(_) | PatchKind::Neutral(_) | PatchKind::Amend(_) | PatchKind::Set(_) => true,
        PatchKind::Inherit(_) | PatchKind::Choose(_) => true,
        PatchKind::Map(entries) => entries.iter().any(|(key, patch)| &**key != "id" && says_something(patch)),
        PatchKind::Keyed(list) => list.items.values().any(|item| says_something(&item.patch)),
        PatchKind::Replace(inner) => says_something(inner),
        PatchKind::Remove => false,
    }
}
