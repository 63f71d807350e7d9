//! Codes of partners, regions and other values, by which campaigns and their keys in other systems are told apart: no
//! two values of an axis have one, and no two read alike.

use std::collections::HashSet;

use rayon::prelude::*;

use crate::catalog::Catalog;
use crate::catalog::patch::Contribution;
use crate::catalog::settings::AxisId;
use crate::diag::{Diagnostic, Diagnostics};
use crate::source::{Sources, Span};

use super::Index;
use super::alike::{Reading, letters, readings};
use super::claims::{Field, Partners, Says};

/// The code of a partner; of the vendor nothing is compared with it.
pub(super) const CODE: Field = Field::of_record("code", "");

/// By what right somebody has a code, the strongest first: nobody can give his own id up, and what HQ's registry says stands
/// against what a partner says of himself.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Right {
    Id,
    Registry,
    Own,
}

/// Who has a code: a value, and where it says so; by its id it has it without saying so.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Holder {
    right: Right,
    said: Option<Span>,
    value: u32,
}

/// Refuses ids that read alike, and a code that another value of the axis has, as its id or as its code.
pub fn check(partners: Partners<'_>, sources: &Sources, diagnostics: &mut Diagnostics) {
    let Partners { catalog, index, .. } = partners;
    for axis in catalog.settings.axis_ids() {
        let in_layers = said_in_layers(catalog, index, axis);
        let alike = alike_readings(partners, axis, &in_layers);
        let is_alike = |reading: Reading, holder: Holder| alike.contains(&reading).then_some((reading, holder));
        let mut held: Vec<(Reading, Holder)> = in_layers;
        if !alike.is_empty() {
            held.extend(ids(catalog, axis, is_alike));
            held.extend(said_in_rows(partners, axis, is_alike));
        }
        held.par_sort_unstable();
        // A code that is another's as it is written and in small letters is said once.
        let mut said = HashSet::new();
        for alike in held.chunk_by(|(one, _), (other, _)| one == other) {
            let (_, first) = alike[0];
            // Of those who say it by the same right it is his whose id, which HQ gives, it is short for.
            let is_short = |holder: &&Holder| {
                holder.right == first.right
                    && holder.said.is_some_and(|span| {
                        is_short_for(code(sources, span), &catalog.axes[axis.0].at(holder.value as usize).id)
                    })
            };
            let mut his = alike.iter().map(|(_, holder)| holder).filter(is_short);
            let owner = his.next().filter(|owner| his.all(|other| other.value == owner.value));
            let is_decided = owner.is_some();
            let first = owner.copied().unwrap_or(first);
            let others = alike.iter().map(|(_, holder)| *holder).filter(|holder| holder.value != first.value);
            // Of two that say it by the same right nobody can tell whose it is, so neither may have the other's campaigns.
            let equal = |other: &Holder| other.right == first.right && first.right != Right::Id && !is_decided;
            let second = others.clone().find(equal);
            let both = others.map(|holder| (holder, first)).chain(second.map(|second| (first, second)));
            let new = both.filter(|(holder, _)| said.insert(*holder));
            diagnostics.extend(new.map(|(holder, other)| taken(catalog, axis, sources, holder, other)));
        }
    }
}

fn code(sources: &Sources, span: Span) -> &str {
    sources.text(span).trim_matches(['"', '\''])
}

/// Whether a code is short for an id, as people make codes: it begins as the id does, and its letters follow each other there in
/// that order; or the id begins it.
fn is_short_for(code: &str, id: &str) -> bool {
    let (code, id) = (letters(&code.to_lowercase()), letters(id));
    let mut rest = id.chars();
    code.starts_with(&id) || code.chars().next() == id.chars().next() && code.chars().all(|c| rest.any(|it| it == c))
}

/// What several values of an axis have. Of a million few do, so no more is kept of the others than who they are.
fn alike_readings(partners: Partners<'_>, axis: AxisId, in_layers: &[(Reading, Holder)]) -> HashSet<Reading> {
    let whose = |reading: Reading, holder: Holder| Some((reading, holder.value));
    let mut held = ids(partners.catalog, axis, whose);
    held.extend(said_in_rows(partners, axis, whose));
    held.extend(in_layers.iter().map(|(reading, holder)| (*reading, holder.value)));
    held.par_sort_unstable();
    let alike = held.windows(2).filter(|two| two[0].0 == two[1].0 && two[0].1 != two[1].1);
    alike.map(|two| two[0].0).collect()
}

/// What is made of the ids of an axis, by which each value has a code.
fn ids<T: Send>(catalog: &Catalog, axis: AxisId, make: impl Fn(Reading, Holder) -> Option<T> + Sync) -> Vec<T> {
    let values = &catalog.axes[axis.0];
    let holder = |value: u32| {
        let held = held(&values.at(value as usize).id, Holder { right: Right::Id, said: None, value });
        held.filter_map(|(reading, holder)| make(reading, holder))
    };
    (0..values.len() as u32).into_par_iter().flat_map_iter(holder).collect()
}

fn held(code: &str, holder: Holder) -> impl Iterator<Item = (Reading, Holder)> + use<> {
    readings(code).map(move |reading| (reading, holder))
}

fn said_in_layers(catalog: &Catalog, index: &Index, axis: AxisId) -> Vec<(Reading, Holder)> {
    let path = format!("{}.code", catalog.settings.axis(axis).name);
    let mut found = Vec::new();
    for layer in index.layers(&path).iter().map(|&id| catalog.layer(id)) {
        let Some(value) = layer.selector.binds(axis).map(|binding| binding.value as u32) else { continue };
        let said = layer.contributions.iter().filter(|set| *set.path == *path);
        let right = |set: &Contribution| match layer.row.is_some_and(|row| row.source == set.span.source) {
            true => Right::Registry,
            false => Right::Own,
        };
        let holder = |set: &Contribution| {
            Some(held(set.text.as_deref()?, Holder { right: right(set), said: Some(set.span), value }))
        };
        found.extend(said.filter_map(holder).flatten());
    }
    found
}

/// The same of what partners say that are not made into layers.
fn said_in_rows<T: Send>(
    partners: Partners<'_>,
    axis: AxisId,
    make: impl Fn(Reading, Holder) -> Option<T> + Sync,
) -> Vec<T> {
    if axis != partners.axis {
        return Vec::new();
    }
    partners.in_rows(&[CODE], |_, row, found| {
        if partners.catalog.speaks(axis, row.who as usize) {
            return;
        }
        let read_again = || Some(partners.claim_of_row(row.who, row.path, Says::Own)?.span);
        let said = row.span.or_else(read_again);
        let held = held(row.text, Holder { right: Right::Registry, said, value: row.who });
        found.extend(held.filter_map(|(reading, holder)| make(reading, holder)));
    })
}

fn taken(catalog: &Catalog, axis: AxisId, sources: &Sources, holder: Holder, first: Holder) -> Diagnostic {
    match holder.said {
        None => alike(catalog, axis, holder.value as usize, first.value as usize),
        Some(span) => code_taken(catalog, axis, span, code(sources, span), first),
    }
}

fn alike(catalog: &Catalog, axis: AxisId, value: usize, other: usize) -> Diagnostic {
    let (this, other) = (catalog.axes[axis.0].at(value), catalog.axes[axis.0].at(other));
    Diagnostic::error(
        "E-CODE",
        format!("`{}` reads like the id of another {}, `{}`", this.id, name(catalog, axis), other.id),
    )
    .at(this.span, "people would take one for the other")
    .other(other.span, "its id")
    .help("give it an id that nobody takes for another")
}

fn code_taken(catalog: &Catalog, axis: AxisId, span: Span, code: &str, holder: Holder) -> Diagnostic {
    let other = catalog.axes[axis.0].at(holder.value as usize);
    let message = format!("`{code}` is the code of another {}, `{}`", name(catalog, axis), other.id);
    let error = Diagnostic::error("E-CODE", message).at(span, "their campaigns would be one in every report").help(
        "give it a code that no other has as its code or id; capitals, `_` and letters that look alike make no other",
    );
    match holder.said {
        Some(span) => error.other(span, "taken here"),
        None => error.other(other.span, "its id"),
    }
}

fn name(catalog: &Catalog, axis: AxisId) -> &str {
    &catalog.settings.axis(axis).name
}

#[cfg(test)]
mod tests {
    use super::is_short_for;

    #[test]
    fn a_code_is_short_for_an_id() {
        for (code, id) in [("rhf", "rheinfeld"), ("RHF", "rheinfeld"), ("acme2", "acme"), ("dt", "dunmore-tech")] {
            assert!(is_short_for(code, id), "{code} {id}");
        }
        for (code, id) in [("rhf", "dunmore"), ("einf", "rheinfeld"), ("rfh", "rheinfeld"), ("x", "acme")] {
            assert!(!is_short_for(code, id), "{code} {id}");
        }
    }
}
