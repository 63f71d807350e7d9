//! The order of a keyed list (L3 to L5).
//!
//! The list of the weakest layer is the trunk. Every other item hangs on its anchor as a before- or
//! after-child; siblings are sorted by the strength of their layer, then selector text, then place in
//! the file; the tree is walked depth first. A removed item keeps its place until the very end, so
//! that what hangs on it survives.

use std::collections::HashSet;
use std::sync::Arc;

use indexmap::IndexSet;

use crate::catalog::patch::Keyed;
use crate::catalog::place::lies_in;
use crate::catalog::{Catalog, LayerId};
use crate::data::IndexMap;
use crate::diag::{Diagnostic, nearest};
use crate::source::{Span, Spanned};
use crate::syntax::markdown::Place;

use super::input::Input;
use super::merge::Merge;

/// Where an item hangs, and who says so.
#[derive(Clone)]
struct Position {
    layer: LayerId,
    place: Spanned<Place>,
    /// Rank of the layer, selector text, place in the file: the order among siblings.
    key: (Vec<u32>, String, Span),
}

/// Whether a layer brings an item into the list at `path`, rather than changing one that a weaker layer has: an
/// item of the master, of the record that describes the layer's own value, of a list that replaces all weaker
/// ones, or one with a place.
pub fn introduces(catalog: &Catalog, path: &str, input: &Input<'_>, keyed: &Keyed, id: &str) -> bool {
    let layer = catalog.layer(input.layer);
    let is_record = || layer.selector.bindings().iter().any(|binding| lies_in(path, &binding.name).is_some());
    let item = keyed.items.get(id).filter(|_| !input.translation);
    item.is_some_and(|item| layer.is_of_master() || input.whole || item.at.is_some() || is_record())
}

/// All ids of the list in their order, removed ones included.
pub fn order<'a>(merge: &mut Merge<'_, 'a>, inputs: &[(Input<'a>, &'a Keyed)]) -> Vec<Arc<str>> {
    let own: Vec<_> = inputs.iter().filter(|(input, _)| !input.translation).collect();
    let mut trunk: IndexSet<Arc<str>> = IndexSet::new();
    let mut positions: IndexMap<Arc<str>, Vec<Position>> = IndexMap::default();
    for (input, keyed) in &own {
        for (id, item) in &keyed.items {
            match &item.at {
                Some(place) => {
                    let selector = &merge.catalog.layer(input.layer).selector;
                    let key = (selector.rank(), selector.to_string(), place.span);
                    let position = Position { layer: input.layer, place: place.clone(), key };
                    positions.entry(id.clone()).or_default().push(position);
                }
                None if trunk.contains(id) => {}
                None => {
                    let brings = introduces(merge.catalog, &merge.path, input, keyed, id)
                        || merge.brings_back(&Input { patch: &item.patch, ..*input }, id);
                    trunk.extend(brings.then(|| id.clone()));
                }
            }
        }
    }
    let placed: IndexMap<Arc<str>, Position> =
        positions.into_iter().filter_map(|(id, list)| Some((id, strongest(merge, list)?))).collect();
    let Some((owner, full)) = full_order(merge, &own) else { return walk(merge, &trunk, &placed) };
    // L5: the order holds for what it knows; what its peers and stronger layers place comes after it.
    let (known, later): (IndexMap<_, _>, IndexMap<_, _>) =
        placed.into_iter().partition(|(_, position)| merge.is_weaker_or_same(position.layer, owner));
    let listed: HashSet<&Arc<str>> = full.value.iter().collect();
    for (_, position) in later.iter().filter(|(id, _)| listed.contains(id)) {
        if !merge.is_stronger(position.layer, owner) {
            merge.clash(owner, full.span, position.layer, position.place.span);
        }
    }
    let ordered = by_full_order(&walk(merge, &trunk, &known), &full.value);
    walk(merge, &ordered, &later)
}

type FullOrder = Spanned<Arc<[Arc<str>]>>;

/// The strongest `$order`; two peers have to agree.
fn full_order<'a>(merge: &mut Merge<'_, 'a>, own: &[&(Input<'a>, &'a Keyed)]) -> Option<(LayerId, &'a FullOrder)> {
    let orders: Vec<(LayerId, &'a FullOrder)> =
        own.iter().filter_map(|(input, keyed)| Some((input.layer, keyed.order.as_ref()?))).collect();
    let is_maximal = |(layer, _): &&(LayerId, &FullOrder)| !orders.iter().any(|o| merge.is_stronger(o.0, *layer));
    let maximal: Vec<_> = orders.iter().filter(is_maximal).copied().collect();
    let first = *maximal.first()?;
    if let Some(other) = maximal[1..].iter().find(|other| other.1.value != first.1.value) {
        merge.clash(first.0, first.1.span, other.0, other.1.span);
    }
    Some(first)
}

/// O1 and O2 on the position of one item.
fn strongest(merge: &mut Merge<'_, '_>, positions: Vec<Position>) -> Option<Position> {
    let is_maximal =
        |position: &&Position| !positions.iter().any(|other| merge.is_stronger(other.layer, position.layer));
    let maximal: Vec<_> = positions.iter().filter(is_maximal).cloned().collect();
    let first = maximal.first()?.clone();
    if let Some(other) = maximal[1..].iter().find(|other| !other.place.value.is_same(&first.place.value)) {
        merge.clash(first.layer, first.place.span, other.layer, other.place.span);
    }
    Some(first)
}

/// The two ends of the list are anchors too.
const START: &str = "\u{0}start";
const END: &str = "\u{0}end";

fn walk(merge: &mut Merge<'_, '_>, trunk: &IndexSet<Arc<str>>, placed: &IndexMap<Arc<str>, Position>) -> Vec<Arc<str>> {
    let mut before: IndexMap<Arc<str>, Vec<&Arc<str>>> = IndexMap::default();
    let mut after: IndexMap<Arc<str>, Vec<&Arc<str>>> = IndexMap::default();
    for (id, position) in placed {
        let (side, anchor): (_, Arc<str>) = match &position.place.value {
            Place::First => (&mut after, START.into()),
            Place::Last => (&mut before, END.into()),
            Place::Before(anchor) => (&mut before, anchor.value.clone()),
            Place::After(anchor) => (&mut after, anchor.value.clone()),
        };
        if !anchor.starts_with('\0') && !trunk.contains(&anchor) && !placed.contains_key(&anchor) {
            let error = Diagnostic::error("E-NOTARGET", format!("there is no `{anchor}` to stand beside"))
                .at(position.place.span, "");
            let known = trunk.iter().chain(placed.keys()).map(|id| &**id);
            merge.diagnostics.push(error.help(match nearest(&anchor, known) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "name an item of this list, `first` or `last`".to_owned(),
            }));
        }
        side.entry(anchor).or_default().push(id);
    }
    for children in before.values_mut().chain(after.values_mut()) {
        children.sort_by(|a, b| placed[*a].key.cmp(&placed[*b].key));
    }
    let mut walked = Vec::with_capacity(trunk.len() + placed.len());
    let ends: [Arc<str>; 2] = [START.into(), END.into()];
    let fixed = trunk.iter().filter(|id| !placed.contains_key(*id));
    for anchor in std::iter::once(&ends[0]).chain(fixed).chain(std::iter::once(&ends[1])) {
        visit(anchor, &before, &after, &mut walked);
    }
    walked.retain(|id| !id.starts_with('\0'));
    let there: HashSet<Arc<str>> = walked.iter().cloned().collect();
    for (id, position) in placed.iter().filter(|(id, _)| !there.contains(*id)) {
        let known = |anchor: &Spanned<Arc<str>>| trunk.contains(&anchor.value) || placed.contains_key(&anchor.value);
        if matches!(&position.place.value, Place::Before(anchor) | Place::After(anchor) if known(anchor)) {
            merge.diagnostics.push(
                Diagnostic::error("E-CYCLE", format!("`{id}` hangs on an item that hangs on `{id}`"))
                    .at(position.place.span, "")
                    .help("anchor one of them to an item of the master"),
            );
        }
        walked.push(id.clone());
    }
    walked
}

/// An item with all that hangs on it. Anchors may hang on each other in a row of any length, so what is still to be
/// walked is kept in a list and not on the stack.
fn visit<'t>(
    id: &'t Arc<str>,
    before: &IndexMap<Arc<str>, Vec<&'t Arc<str>>>,
    after: &IndexMap<Arc<str>, Vec<&'t Arc<str>>>,
    walked: &mut Vec<Arc<str>>,
) {
    enum Step<'t> {
        Around(&'t Arc<str>),
        Itself(&'t Arc<str>),
    }
    let mut steps = vec![Step::Around(id)];
    while let Some(step) = steps.pop() {
        match step {
            Step::Itself(id) => walked.push(id.clone()),
            Step::Around(id) => {
                let children = |side: &IndexMap<Arc<str>, Vec<&'t Arc<str>>>| side.get(id).cloned().unwrap_or_default();
                steps.extend(children(after).into_iter().rev().map(Step::Around));
                steps.push(Step::Itself(id));
                steps.extend(children(before).into_iter().rev().map(Step::Around));
            }
        }
    }
}

/// L5: the ids as listed; `...` takes the rest in its walked order.
fn by_full_order(walked: &[Arc<str>], full: &[Arc<str>]) -> IndexSet<Arc<str>> {
    let (there, listed): (HashSet<&Arc<str>>, HashSet<&Arc<str>>) = (walked.iter().collect(), full.iter().collect());
    let rest = || walked.iter().filter(|id| !listed.contains(id)).cloned();
    let mut ordered = IndexSet::with_capacity(walked.len());
    for id in full {
        if &**id == "..." {
            ordered.extend(rest());
        } else if there.contains(id) {
            ordered.insert(id.clone());
        }
    }
    ordered.extend(rest());
    ordered
}
