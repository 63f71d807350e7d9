//! Places that have another name now (V8): `moved.yaml` of the master.
//!
//! ```yaml
//! - {from: "content/landing.md#proof-cost", to: "content/landing.md#proof/cost"}
//! ```
//!
//! What an overlay says of an old place is carried to the new one before any right is checked, with a
//! warning where it was said.

use std::sync::Arc;

use indexmap::IndexMap;

use crate::diag::{Diagnostic, Diagnostics};
use crate::source::{SourceId, Span, Spanned};
use crate::syntax::markdown::Place;
use crate::syntax::tree::Node;

use super::Layer;
use super::patch::{ItemPatch, Keyed, Leaf, Patch, PatchKind};
use super::place::{Step, lies_in, steps};

/// A place that was renamed.
#[derive(Clone, Debug)]
pub struct Moved {
    pub from: Spanned<Arc<str>>,
    pub to: Spanned<Arc<str>>,
}

/// Reads `moved.yaml`.
pub fn read(node: &Node, diagnostics: &mut Diagnostics) -> Vec<Moved> {
    let items = node.as_seq().unwrap_or(std::slice::from_ref(node));
    let text = |item: &Node, key: &str| {
        let node = item.as_map()?.get(key)?;
        Some(Spanned::new(node.as_text()?.clone(), node.span))
    };
    let mut list = Vec::new();
    for item in items {
        match (text(item, "from"), text(item, "to")) {
            (Some(from), Some(to)) => list.push(Moved { from, to }),
            _ => diagnostics.push(
                Diagnostic::error("E-MOVED", "a move needs `from` and `to`")
                    .at(item.span, "")
                    .help("write a list: `- {from: \"content/landing.md#old\", to: \"content/landing.md#new\"}`"),
            ),
        }
    }
    list
}

/// Notes moves from a place that the master still has, or to one that it has not.
pub fn check(list: &[Moved], master: &[Layer], diagnostics: &mut Diagnostics) {
    let there = |path: &str| master.iter().any(|layer| layer.patch.find(&steps(path)).is_some());
    for Moved { from, to } in list {
        if there(&from.value) {
            let error = Diagnostic::error("E-MOVED", format!("the master still has `{}`", from.value));
            diagnostics.push(error.at(from.span, "").help("rename it there too, or take this move out"));
        }
        if !there(&to.value) {
            let error = Diagnostic::error("E-MOVED", format!("the master has no `{}`", to.value));
            diagnostics.push(error.at(to.span, "").help("name the place as the master has it now"));
        }
    }
}

/// Carries what a layer says of the old place to the new one.
pub fn apply(Moved { from, to }: &Moved, layer: &mut Layer, diagnostics: &mut Diagnostics) {
    let mut said: Vec<SourceId> = Vec::new();
    for contribution in &mut layer.contributions {
        let Some(rest) = lies_in(&contribution.path, &from.value) else { continue };
        if !said.contains(&contribution.span.source) {
            said.push(contribution.span.source);
            let warning = Diagnostic::warning("W-MOVED", format!("`{}` is `{}` now", from.value, to.value));
            let warning = warning.at(contribution.span, "").other(from.span, "moved here");
            diagnostics.push(warning.help(format!("write `{}`", to.value)));
        }
        contribution.path = format!("{}{rest}", to.value);
    }
    let (from, to) = (steps(&from.value), steps(&to.value));
    for patch in std::iter::once(&mut layer.patch).chain(layer.translations.values_mut()) {
        relocate(patch, &from, &to, diagnostics);
    }
}

fn relocate(patch: &mut Patch, from: &[Step], to: &[Step], diagnostics: &mut Diagnostics) {
    let (Some((old, parents)), Some((new, new_parents))) = (from.split_last(), to.split_last()) else { return };
    if let (Step::Item(old), Step::Item(new), true) = (old, new, parents == new_parents)
        && let Some(Patch { kind: PatchKind::Keyed(list), .. }) = patch.find_mut(parents)
    {
        rename_anchors(list, old, new);
    }
    let Some(mut item) = patch.find_mut(parents).and_then(|parent| take(parent, old)) else { return };
    if let (Step::Item(old), Step::Item(new)) = (old, new) {
        rename(&mut item.patch, old, new);
    }
    let span = item.patch.span;
    let mut parent = &mut *patch;
    for (step, next) in new_parents.iter().zip(&to[1..]) {
        let Some(child) = child_for(parent, step, next, span) else { return };
        parent = child;
    }
    if let Some(there) = parent.find(std::slice::from_ref(new)) {
        diagnostics.push(
            Diagnostic::error("E-DUPID", "this place is named twice, by its old name and by its new one")
                .at(span, "by its old name")
                .other(there.span, "by its new name")
                .help("keep what stands under the new name"),
        );
        return;
    }
    match (&mut parent.kind, new) {
        (PatchKind::Map(entries), Step::Key(key)) => drop(entries.insert(key.clone(), item.patch)),
        (PatchKind::Keyed(list), Step::Item(id)) => drop(list.items.insert(id.clone(), item)),
        _ => {}
    }
}

fn take(parent: &mut Patch, step: &Step) -> Option<ItemPatch> {
    match (&mut parent.kind, step) {
        (PatchKind::Map(entries), Step::Key(key)) => {
            entries.shift_remove(key).map(|patch| ItemPatch { id_span: patch.span, at: None, patch })
        }
        (PatchKind::Keyed(list), Step::Item(id)) => list.items.shift_remove(id),
        _ => None,
    }
}

/// The child at a step; made, if there is none, as what the step behind it needs.
fn child_for<'p>(parent: &'p mut Patch, step: &Step, next: &Step, span: Span) -> Option<&'p mut Patch> {
    let empty = || Patch {
        kind: match next {
            Step::Key(_) => PatchKind::Map(IndexMap::new()),
            Step::Item(_) => PatchKind::Keyed(Keyed::default()),
        },
        span,
    };
    match (&mut parent.kind, step) {
        (PatchKind::Map(entries), Step::Key(key)) => Some(entries.entry(key.clone()).or_insert_with(empty)),
        (PatchKind::Keyed(list), Step::Item(id)) => {
            let item = || ItemPatch { id_span: span, at: None, patch: empty() };
            Some(&mut list.items.entry(id.clone()).or_insert_with(item).patch)
        }
        _ => None,
    }
}

/// Gives an item its new id, and the blocks nested in it.
fn rename(patch: &mut Patch, old: &str, new: &Arc<str>) {
    match &mut patch.kind {
        PatchKind::Replace(inner) => rename(inner, old, new),
        PatchKind::Map(entries) => {
            if let Some(Patch { kind: PatchKind::Neutral(leaf), .. }) = entries.get_mut("id") {
                *leaf = Leaf::Str(new.clone());
            }
            if let Some(blocks) = entries.get_mut("blocks") {
                rename_nested(blocks, old, new);
            }
        }
        _ => {}
    }
}

fn rename_nested(blocks: &mut Patch, old: &str, new: &str) {
    match &mut blocks.kind {
        PatchKind::Replace(inner) => rename_nested(inner, old, new),
        PatchKind::Keyed(list) => {
            let renamed = std::mem::take(&mut list.items).into_iter().map(|(id, mut item)| {
                let id_now: Arc<str> = id.strip_prefix(old).map_or(id.clone(), |rest| format!("{new}{rest}").into());
                rename(&mut item.patch, &id, &id_now);
                (id_now, item)
            });
            list.items = renamed.collect();
        }
        _ => {}
    }
}

fn rename_anchors(list: &mut Keyed, old: &str, new: &Arc<str>) {
    for item in list.items.values_mut() {
        if let Some(Spanned { value: Place::Before(anchor) | Place::After(anchor), .. }) = &mut item.at
            && *anchor.value == *old
        {
            anchor.value = new.clone();
        }
    }
    if let Some(order) = &mut list.order {
        order.value = order.value.iter().map(|id| if **id == *old { new.clone() } else { id.clone() }).collect();
    }
}
