//! Codes of partners, by which campaigns and their keys in other systems are told apart: no two partners have one.

use std::collections::BTreeMap;

use crate::catalog::Catalog;
use crate::catalog::patch::Contribution;
use crate::diag::{Diagnostic, Diagnostics};
use crate::source::Span;

use super::Index;

/// Who has a code: a partner, and where it says so; by its id it has it without saying so.
#[derive(Clone, Copy)]
struct Holder {
    partner: usize,
    said: Option<Span>,
}

/// Refuses a code that another partner has, as its id or as its code.
pub fn check(catalog: &Catalog, index: &Index, diagnostics: &mut Diagnostics) {
    let axis = catalog.settings.partner();
    let values = &catalog.axes[axis.0];
    let mut held: BTreeMap<String, Holder> = BTreeMap::new();
    for (partner, value) in values.iter().enumerate() {
        held.insert(folded(&value.id), Holder { partner, said: None });
    }
    let path = format!("{}.code", catalog.settings.axis(axis).name);
    for layer in index.layers(&path).iter().map(|&id| catalog.layer(id)) {
        let Some(partner) = layer.selector.binds(axis).map(|binding| binding.value) else { continue };
        let said = layer.contributions.iter().filter(|set| *set.path == *path);
        for (set, code) in said.filter_map(|set| Some((set, set.text.as_deref()?))) {
            match held.get(&folded(code)) {
                Some(holder) if holder.partner != partner => diagnostics.push(taken(catalog, set, code, *holder)),
                Some(_) => {}
                None => drop(held.insert(folded(code), Holder { partner, said: Some(set.span) })),
            }
        }
    }
}

fn taken(catalog: &Catalog, set: &Contribution, code: &str, holder: Holder) -> Diagnostic {
    let values = &catalog.axes[catalog.settings.partner().0];
    let other = &values.at(holder.partner).id;
    let error = Diagnostic::error("E-CODE", format!("`{code}` is the code of another partner, `{other}`"))
        .at(set.span, "their campaigns would be one in every report")
        .help("give it a code that no partner has as its code or id; capitals and `_` make no other");
    match holder.said {
        Some(span) => error.other(span, "taken here"),
        None => error.other(values.at(holder.partner).span, "its id"),
    }
}

/// What people and systems that ignore capitals take a code for, and what reads alike.
fn folded(code: &str) -> String {
    let fold = |c: char| match c.to_ascii_lowercase() {
        '_' => '-',
        '0' => 'o',
        '1' => 'l',
        c => c,
    };
    code.chars().map(fold).collect()
}
