//! Whether a rewritten workspace says what it said before.

use std::sync::Arc;

use crate::catalog::patch::{Contribution, ItemPatch, Keyed, Patch, PatchKind};
use crate::catalog::{Catalog, Layer};
use crate::data::IndexMap;
use crate::syntax::markdown::Place;

/// The layers that say something else than before, by their place among the layers; all of them if there are
/// other layers now.
pub fn changed(before: &Catalog, after: &Catalog) -> Vec<usize> {
    if before.layers.len() != after.layers.len() {
        return (0..before.layers.len()).collect();
    }
    let pairs = before.layers.iter().zip(&after.layers).enumerate();
    pairs.filter(|(_, (before, after))| !same(before, after)).map(|(index, _)| index).collect()
}

fn same(before: &Layer, after: &Layer) -> bool {
    before.selector == after.selector
        && before.locale == after.locale
        && says(&before.patch) == says(&after.patch)
        && before.translations.len() == after.translations.len()
        && before
            .translations
            .iter()
            .all(|(locale, patch)| after.translations.get(locale).is_some_and(|other| says(patch) == says(other)))
        && contributions(before) == contributions(after)
}

/// A patch without maps and items that say nothing: they are left where something was taken out.
fn says(patch: &Patch) -> Patch {
    let kind = match &patch.kind {
        PatchKind::Map(entries) => PatchKind::Map(said_of(entries).into()),
        PatchKind::Keyed(list) => {
            let items = list
                .items
                .iter()
                .map(|(id, item)| (id.clone(), ItemPatch { patch: says(&item.patch), ..item.clone() }));
            let items = items.filter(|(_, item)| item.at.is_some() || !is_only_named(&item.patch));
            let mut items: IndexMap<_, _> = items.collect();
            // Among the items that are not placed their order says nothing.
            items.sort_by(|a, one, b, other| match (&one.at, &other.at) {
                (None, None) => a.cmp(b),
                (one, other) => one.is_none().cmp(&other.is_none()),
            });
            PatchKind::Keyed(Box::new(Keyed { items, order: list.order.clone() }))
        }
        PatchKind::Replace(inner) => PatchKind::Replace(inner.clone()),
        other => other.clone(),
    };
    Patch { kind, span: patch.span }
}

fn said_of(entries: &IndexMap<Arc<str>, Patch>) -> IndexMap<Arc<str>, Patch> {
    let said = entries.iter().map(|(key, patch)| (key.clone(), says(patch)));
    said.filter(|(_, patch)| !is_nothing(patch)).collect()
}

fn is_nothing(patch: &Patch) -> bool {
    match &patch.kind {
        PatchKind::Map(entries) => entries.is_empty(),
        PatchKind::Keyed(list) => list.items.is_empty() && list.order.is_none(),
        _ => false,
    }
}

fn is_only_named(patch: &Patch) -> bool {
    match &patch.kind {
        PatchKind::Map(entries) => entries.keys().all(|key| &**key == "id"),
        _ => false,
    }
}

/// What a contribution says, in an order of its own: two files may be read in another order.
fn contributions(layer: &Layer) -> Vec<String> {
    let mut list: Vec<String> = layer.contributions.iter().map(words).collect();
    list.sort_unstable();
    list
}

fn words(contribution: &Contribution) -> String {
    let Contribution { path, right, text, parts, at, asset, variant, .. } = contribution;
    let at = at.as_deref().map(|place| match place {
        Place::First => "first".to_owned(),
        Place::Last => "last".to_owned(),
        Place::Before(id) => format!("before {}", id.value),
        Place::After(id) => format!("after {}", id.value),
    });
    let asset = asset.as_ref().map(|asset| asset.digest);
    let variant = variant.as_ref().map(|variant| &variant.value);
    format!("{path}\0{}\0{text:?}\0{parts:?}\0{at:?}\0{asset:?}\0{variant:?}", right.word())
}
