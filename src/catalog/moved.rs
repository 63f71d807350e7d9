//! Places that have another name now (V8): `moved.yaml` of the master.
//!
//! ```yaml
//! - {from: "content/landing.md#proof-cost", to: "content/landing.md#proof/cost"}
//! ```
//!
//! What an overlay says of an old place is carried to the new one before any right is checked, with a
//! warning where it was said. Moves may follow each other, in any order: a place is carried to where the
//! last of them leads. `cobrand fix` writes the new name into the overlay.

use std::sync::Arc;

use crate::diag::{Diagnostic, Diagnostics};
use crate::source::{SourceId, Span, Spanned};
use crate::syntax::markdown::Place;
use crate::syntax::tree::Node;

use super::Layer;
use super::patch::{Contribution, ItemPatch, Keyed, Leaf, Patch, PatchKind, Right};
use super::place::{Step, lies_in, steps};
use super::selector::Selector;

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

/// Notes moves from a place that the master still has, or to one that it has not, and takes out those that
/// lead round in a ring. What is left leads straight to the last place. `is_record` tells the names below which
/// the records of axes stand, of which the master has none.
pub fn follow(
    list: Vec<Moved>,
    master: &[Layer],
    is_record: impl Fn(&str) -> bool,
    diagnostics: &mut Diagnostics,
) -> Vec<Moved> {
    let there = |path: &str| master.iter().any(|layer| layer.patch.find(&steps(path)).is_some());
    let mut followed = Vec::with_capacity(list.len());
    for Moved { from, to } in &list {
        if there(&from.value) {
            let error = Diagnostic::error("E-MOVED", format!("the master still has `{}`", from.value));
            diagnostics.push(error.at(from.span, "").help("rename it there too, or take this move out"));
        }
        let Some(last) = last_place(&list, &to.value) else {
            let error = Diagnostic::error("E-MOVED", format!("the moves from `{}` lead round in a ring", from.value));
            diagnostics.push(error.at(from.span, "").help("take one of them out"));
            continue;
        };
        let in_record = steps(&last).first().is_some_and(|step| is_record(step.name()));
        if !in_record && !there(&last) {
            let error = Diagnostic::error("E-MOVED", format!("the master has no `{last}`"));
            diagnostics.push(error.at(to.span, "").help("name the place as the master has it now"));
        }
        followed.push(Moved { from: from.clone(), to: Spanned::new(last.into(), to.span) });
    }
    followed
}

/// Where the moves lead from a place; `None` if they never end.
fn last_place(list: &[Moved], path: &str) -> Option<String> {
    let mut path = path.to_owned();
    for _ in 0..=list.len() {
        let next = list.iter().find_map(|moved| moved.carried(&path));
        match next {
            Some(next) => path = next,
            None => return Some(path),
        }
    }
    None
}

impl Moved {
    /// The new name of a place at or below the one that was renamed.
    pub fn carried(&self, path: &str) -> Option<String> {
        lies_in(path, &self.from.value).map(|rest| format!("{}{rest}", self.to.value))
    }

    /// The ids of an item or block that was renamed within its list: anchors in that list have it, too.
    pub fn ids(&self) -> Option<(Arc<str>, Arc<str>)> {
        let (from, to) = (steps(&self.from.value), steps(&self.to.value));
        match (from.split_last()?, to.split_last()?) {
            ((Step::Item(old), parents), (Step::Item(new), new_parents)) if parents == new_parents => {
                Some((old.clone(), new.clone()))
            }
            _ => None,
        }
    }
}

/// Carries what a layer says of the old places to the new ones.
pub fn apply(list: &[Moved], layer: &mut Layer, diagnostics: &mut Diagnostics) {
    // One move may bring a place below the old name of another.
    for _ in 0..list.len() {
        let carried = list.iter().filter(|moved| carry(moved, layer, diagnostics)).count();
        if carried == 0 {
            return;
        }
    }
}

/// Whether the layer said anything of the old place.
fn carry(moved: &Moved, layer: &mut Layer, diagnostics: &mut Diagnostics) -> bool {
    let Moved { from, to } = moved;
    let mut said: Vec<SourceId> = Vec::new();
    for contribution in &mut layer.contributions {
        let anchored = carry_anchor(moved, contribution);
        let carried = moved.carried(&contribution.path);
        if carried.is_none() && !anchored {
            continue;
        }
        if !said.contains(&contribution.span.source) {
            said.push(contribution.span.source);
            let warning = Diagnostic::warning("W-MOVED", format!("`{}` is `{}` now", from.value, to.value));
            let warning = warning.at(contribution.span, "").other(from.span, "moved here");
            diagnostics.push(warning.help(format!("write `{}`, or let `cobrand fix` do it", to.value)));
        }
        let Some(path) = carried else { continue };
        if is_variable(&path, &layer.selector) != is_variable(&contribution.path, &layer.selector) {
            contribution.right = match contribution.right {
                Right::Replace => Right::SetVar,
                Right::SetVar => Right::Replace,
                other => other,
            };
        }
        contribution.path = path.into();
    }
    let (from, to) = (steps(&from.value), steps(&to.value));
    for patch in std::iter::once(&mut layer.patch).chain(layer.translations.values_mut()) {
        relocate(patch, &from, &to, diagnostics);
    }
    !said.is_empty()
}

/// Whether a plain value at this place needs the right to set variables: among `vars`, and in the layer's own
/// record.
fn is_variable(path: &str, selector: &Selector) -> bool {
    path.starts_with("vars.") || selector.bindings().iter().any(|binding| lies_in(path, &binding.name).is_some())
}

/// Gives a place beside the renamed item its new name, and a chosen variant.
fn carry_anchor(moved: &Moved, contribution: &mut Contribution) -> bool {
    let Some((old, new)) = moved.ids() else { return false };
    if list_of(&contribution.path) != list_of(&moved.from.value) {
        return false;
    }
    let mut carried = false;
    if let Some(Place::Before(anchor) | Place::After(anchor)) = contribution.at.as_deref_mut()
        && anchor.value == old
    {
        anchor.value = new.clone();
        carried = true;
    }
    if let Some(variant) = &mut contribution.variant
        && variant.value == last_part(&old)
    {
        variant.value = last_part(&new);
        carried = true;
    }
    carried
}

/// The path of the list that an item or block stands in.
fn list_of(path: &str) -> Option<&str> {
    match path.split_once(".md#") {
        Some((file, id)) => path.get(..id.rfind('/').map_or(file.len(), |at| file.len() + 4 + at)),
        None => path.strip_suffix(']').and_then(|path| path.rfind('[').map(|at| &path[..at])),
    }
}

fn last_part(id: &str) -> Arc<str> {
    id.rsplit('/').next().unwrap_or(id).into()
}

fn relocate(patch: &mut Patch, from: &[Step], to: &[Step], diagnostics: &mut Diagnostics) {
    let (Some((old, parents)), Some((new, new_parents))) = (from.split_last(), to.split_last()) else { return };
    if let (Step::Item(old), Step::Item(new), true) = (old, new, parents == new_parents)
        && let Some(Patch { kind: PatchKind::Keyed(list), .. }) = patch.find_mut(parents)
    {
        rename_anchors(list, old, new);
    }
    let Some((mut item, place)) = patch.find_mut(parents).and_then(|parent| take(parent, old)) else { return };
    if let (Step::Item(old), Step::Item(new)) = (old, new) {
        rename(&mut item.patch, old, new);
    }
    let span = item.patch.span;
    let mut parent = &mut *patch;
    for (step, next) in new_parents.iter().zip(&to[1..]) {
        let there = parent.span;
        let Some(child) = child_for(parent, step, next, span) else {
            let error =
                Diagnostic::error("E-MOVED", "what is said here cannot be carried to its new place").at(span, "");
            let error = error.other(there, "something else is said of the whole");
            diagnostics.push(error.help("keep one of the two"));
            return;
        };
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
    // Within one parent it keeps its place, as it does when its name is written anew.
    let at = |len: usize| if parents == new_parents { place.min(len) } else { len };
    match (&mut parent.kind, new) {
        (PatchKind::Map(entries), Step::Key(key)) => {
            drop(entries.shift_insert(at(entries.len()), key.clone(), item.patch));
        }
        (PatchKind::Keyed(list), Step::Item(id)) => {
            drop(list.items.shift_insert(at(list.items.len()), id.clone(), item));
        }
        _ => {}
    }
}

/// Takes out what is said at a step, with its place among its siblings.
fn take(parent: &mut Patch, step: &Step) -> Option<(ItemPatch, usize)> {
    match (&mut parent.kind, step) {
        (PatchKind::Map(entries), Step::Key(key)) => {
            let (place, _, patch) = entries.shift_remove_full(key)?;
            Some((ItemPatch { id_span: patch.span, at: None, patch }, place))
        }
        (PatchKind::Keyed(list), Step::Item(id)) => {
            let (place, _, item) = list.items.shift_remove_full(id)?;
            Some((item, place))
        }
        _ => None,
    }
}

/// The child at a step; made, if there is none, as what the step behind it needs.
fn child_for<'p>(parent: &'p mut Patch, step: &Step, next: &Step, span: Span) -> Option<&'p mut Patch> {
    let empty = || Patch {
        kind: match next {
            Step::Key(_) => PatchKind::Map(Box::default()),
            Step::Item(_) => PatchKind::Keyed(Box::default()),
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
                let renamed = |id: &Arc<str>| -> Arc<str> {
                    id.strip_prefix(old).map_or(id.clone(), |rest| format!("{new}{rest}").into())
                };
                let id_now = renamed(&id);
                rename(&mut item.patch, &id, &id_now);
                if let Some(Spanned { value: Place::Before(anchor) | Place::After(anchor), .. }) = &mut item.at {
                    anchor.value = renamed(&anchor.value);
                }
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
        if let PatchKind::Choose(variant) = &mut item.patch.kind
            && *variant.value == *old
        {
            variant.value = new.clone();
        }
    }
    if let Some(order) = &mut list.order {
        order.value = order.value.iter().map(|id| if **id == *old { new.clone() } else { id.clone() }).collect();
    }
}
