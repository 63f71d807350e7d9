//! What a choice shows (G6): what all layers say of an item beside the one that chooses it.

use crate::catalog::patch::{ItemPatch, Keyed, PatchKind};
use crate::diag::Diagnostic;

use super::input::Input;
use super::merge::Merge;
use super::order;

impl<'a> Merge<'_, 'a> {
    /// What stands in the items that some of the words choose, also by way of others.
    pub fn choosable(&self, inputs: &[Input<'a>]) -> Vec<Input<'a>> {
        let mut ids: Vec<&str> = Vec::new();
        let mut found: Vec<Input<'a>> = Vec::new();
        let mut next = choices(inputs);
        while let Some(id) = next.pop() {
            if !ids.contains(&id) {
                let said = self.said_of(id);
                next.extend(choices(&said));
                found.extend(said);
                ids.push(id);
            }
        }
        found
    }

    /// What all layers say of an item beside this one.
    pub fn said_of(&self, id: &str) -> Vec<Input<'a>> {
        let inputs = || self.siblings.iter().map(|(input, _)| input);
        let has = |kind: &PatchKind| matches!(kind, PatchKind::Keyed(own) if own.items.contains_key(id));
        let said = |(input, keyed): &(Input<'a>, &'a Keyed)| {
            let whole = input.whole || self.brings_in(input, keyed, id);
            let item: &'a ItemPatch = keyed.items.get(id).filter(|_| !self.is_replaced(input, inputs(), has))?;
            Some(Input { patch: &item.patch, whole, ..*input })
        };
        self.siblings.iter().filter_map(said).collect()
    }

    /// Whether an overlay's layer has an item that nobody weaker has: the lists in it are its own, as those of the master are.
    fn brings_in(&self, input: &Input<'a>, keyed: &Keyed, id: &str) -> bool {
        let is_placed = keyed.items.get(id).is_some_and(|item| item.at.is_some()) && !input.translation;
        let introduces =
            |other: &Input<'a>, keyed: &Keyed| order::introduces(self.catalog, &self.path, other, keyed, id);
        is_placed
            && self.siblings.iter().all(|(other, keyed)| {
                other.layer == input.layer || !introduces(other, keyed) || self.is_stronger(other.layer, input.layer)
            })
    }

    /// Does something behind an operation, knowing what it chooses.
    pub fn choosing<T>(&mut self, operation: Input<'a>, act: impl FnOnce(&mut Self) -> T) -> T {
        let before = self.chosen.len();
        self.chosen.extend(choices(&[operation]));
        let done = act(self);
        self.chosen.truncate(before);
        done
    }

    /// Whether an item is chosen on the way already.
    pub fn is_circle(&self, id: &str) -> bool {
        self.chosen.contains(&id)
    }

    /// Says of a choice that it leads to nothing but itself.
    pub fn refuse_circle(&mut self, operation: Input<'a>) {
        let PatchKind::Choose(variant) = &operation.patch.kind else { return };
        if self.is_circle(&variant.value) {
            let message = format!("`{}` chooses, by way of others, a block that chooses it", variant.value);
            let error = Diagnostic::error("E-CYCLE", message).at(operation.patch.span, "the circle closes here");
            self.diagnostics.push(error.help("choose a block that has a text of its own"));
        }
    }
}

/// The items that some words choose.
fn choices<'a>(inputs: &[Input<'a>]) -> Vec<&'a str> {
    let chosen = |input: &Input<'a>| match input.patch.kind.innermost() {
        PatchKind::Choose(variant) => Some(&*variant.value),
        _ => None,
    };
    inputs.iter().filter_map(chosen).collect()
}
