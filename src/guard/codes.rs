//! Codes of partners, regions and other values, by which campaigns and their keys in other systems are told apart: no
//! two values of an axis have one, and no two read alike.

use std::collections::HashMap;

use unicode_security::confusable_detection::skeleton;

use crate::catalog::Catalog;
use crate::catalog::patch::Contribution;
use crate::catalog::settings::AxisId;
use crate::diag::{Diagnostic, Diagnostics};
use crate::source::Span;

use super::Index;

/// Who has a code: a value, and where it says so; by its id it has it without saying so.
#[derive(Clone, Copy)]
struct Holder {
    value: usize,
    said: Option<Span>,
}

/// Refuses ids that read alike, and a code that another value of the axis has, as its id or as its code.
pub fn check(catalog: &Catalog, index: &Index, diagnostics: &mut Diagnostics) {
    for axis in catalog.settings.axis_ids() {
        check_axis(catalog, index, axis, diagnostics);
    }
}

fn check_axis(catalog: &Catalog, index: &Index, axis: AxisId, diagnostics: &mut Diagnostics) {
    let mut held: HashMap<String, Holder> = HashMap::new();
    for (value, this) in catalog.axes[axis.0].iter().enumerate() {
        match held.get(&folded(&this.id)) {
            Some(holder) => diagnostics.push(alike(catalog, axis, value, *holder)),
            None => drop(held.insert(folded(&this.id), Holder { value, said: None })),
        }
    }
    let path = format!("{}.code", catalog.settings.axis(axis).name);
    for layer in index.layers(&path).iter().map(|&id| catalog.layer(id)) {
        let Some(value) = layer.selector.binds(axis).map(|binding| binding.value) else { continue };
        let said = layer.contributions.iter().filter(|set| *set.path == *path);
        for (set, code) in said.filter_map(|set| Some((set, set.text.as_deref()?))) {
            match held.get(&folded(code)) {
                Some(holder) if holder.value != value => diagnostics.push(taken(catalog, axis, set, code, *holder)),
                Some(_) => {}
                None => drop(held.insert(folded(code), Holder { value, said: Some(set.span) })),
            }
        }
    }
}

fn alike(catalog: &Catalog, axis: AxisId, value: usize, holder: Holder) -> Diagnostic {
    let (this, other) = (catalog.axes[axis.0].at(value), catalog.axes[axis.0].at(holder.value));
    Diagnostic::error(
        "E-CODE",
        format!("`{}` reads like the id of another {}, `{}`", this.id, name(catalog, axis), other.id),
    )
    .at(this.span, "people would take one for the other")
    .other(other.span, "its id")
    .help("give it an id that nobody takes for another")
}

fn taken(catalog: &Catalog, axis: AxisId, set: &Contribution, code: &str, holder: Holder) -> Diagnostic {
    let other = catalog.axes[axis.0].at(holder.value);
    let message = format!("`{code}` is the code of another {}, `{}`", name(catalog, axis), other.id);
    let error = Diagnostic::error("E-CODE", message).at(set.span, "their campaigns would be one in every report").help(
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

/// What people and systems that ignore capitals take a code for, and what reads alike.
fn folded(code: &str) -> String {
    let plain = code.to_lowercase().replace('_', "-");
    skeleton(&plain).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::folded;

    #[test]
    fn what_reads_alike_is_one() {
        for (a, b) in [("Acme", "acme"), ("a_b", "A-b"), ("c0rp", "corp"), ("al1", "all"), ("аcme", "acme")] {
            assert_eq!(folded(a), folded(b), "{a} {b}");
        }
        for (a, b) in [("acme", "acne"), ("p1", "p2"), ("a-b", "ab")] {
            assert_ne!(folded(a), folded(b), "{a} {b}");
        }
    }
}
