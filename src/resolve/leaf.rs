//! The winner of a single place, in one locale.

use crate::catalog::locales::LocaleId;
use crate::catalog::patch::{Leaf, PatchKind};

use super::account::Fate;
use super::input::{Input, is_removal};
use super::merge::Merge;
use super::tree::Origin;

/// A layer's word on a leaf: a value, or an operation that stands for all locales.
#[derive(Clone, Copy)]
pub struct Candidate<'a> {
    pub input: Input<'a>,
    /// `None` for `$remove` and `$inherit`.
    pub value: Option<&'a Leaf>,
}

impl<'a> Candidate<'a> {
    pub fn of(input: &Input<'a>) -> Option<Self> {
        let value = match input.patch.kind.innermost() {
            PatchKind::Leaf(leaf) | PatchKind::Neutral(leaf) => Some(leaf),
            PatchKind::Remove | PatchKind::Inherit(_) => None,
            _ => return None,
        };
        Some(Self { input: *input, value })
    }
}

impl<'a> Merge<'_, 'a> {
    /// The candidates without what a `$remove` hides in every language: whoever sets the place anew brings its texts, and
    /// no translation brings it back (V4, T6).
    pub fn standing(&mut self, candidates: Vec<Candidate<'a>>) -> Vec<Candidate<'a>> {
        let own = || candidates.iter().filter(|candidate| !candidate.input.translation);
        let removals: Vec<Input<'a>> = own().map(|candidate| candidate.input).filter(is_removal).collect();
        if removals.is_empty() {
            return candidates;
        }
        let outdoes = |candidate: &Candidate<'a>, removal: &Input<'a>| {
            !is_removal(&candidate.input) && self.is_stronger(candidate.input.layer, removal.layer)
        };
        let is_left = |candidate: &Candidate<'a>| {
            removals.iter().all(|removal| match own().any(|other| outdoes(other, removal)) {
                true => !self.is_weaker_or_same(candidate.input.layer, removal.layer),
                false => !candidate.input.translation,
            })
        };
        let (left, hidden): (Vec<_>, Vec<_>) = candidates.iter().copied().partition(is_left);
        self.note(hidden.iter().map(|candidate| &candidate.input), Fate::Hidden);
        left
    }

    /// The winning candidate, by language first and then by strength (T5, O2).
    pub fn winner(&mut self, candidates: &[Candidate<'a>], translated: bool) -> Option<Candidate<'a>> {
        if !translated {
            return self.strongest(candidates);
        }
        for group in self.groups() {
            let speaks =
                |candidate: &&Candidate<'_>| candidate.value.is_none() || group.contains(&candidate.input.locale);
            let spoken: Vec<Candidate<'a>> = candidates.iter().filter(speaks).copied().collect();
            if spoken.iter().any(|candidate| candidate.value.is_some()) {
                return self.strongest(&spoken);
            }
        }
        // Outside the chain there is no text for this locale; an operation may still say so, and a
        // value that is the same in every locale stands in the layer's own.
        let neutral: Vec<_> = candidates.iter().filter(|c| !c.input.translation).copied().collect();
        self.strongest(&neutral)
    }

    /// The strongest text that lost to the winner by its language alone.
    pub fn dropped(&self, winner: &Candidate<'a>, candidates: &[Candidate<'a>]) -> Option<Origin> {
        let locales = &self.catalog.locales;
        let is_dropped = |candidate: &&Candidate<'_>| {
            candidate.value.is_some()
                && !candidate.input.translation
                && !locales.same_language(candidate.input.locale, winner.input.locale)
                && self.is_stronger(candidate.input.layer, winner.input.layer)
        };
        candidates.iter().rfind(is_dropped).map(|candidate| candidate.input.origin())
    }

    /// The chain of the locale as runs of one language.
    fn groups(&self) -> Vec<Vec<LocaleId>> {
        let locales = &self.catalog.locales;
        let mut groups: Vec<Vec<LocaleId>> = Vec::new();
        for &locale in &locales.get(self.locale).chain {
            match groups.last_mut() {
                Some(group) if locales.same_language(group[0], locale) => group.push(locale),
                _ => groups.push(vec![locale]),
            }
        }
        groups
    }

    /// Where a locale stands in the chain; past the end if it does not.
    pub fn chain_rank(&self, locale: LocaleId) -> usize {
        let chain = &self.catalog.locales.get(self.locale).chain;
        chain.iter().position(|&entry| entry == locale).unwrap_or(chain.len())
    }

    /// The maximal candidates by O1; of one layer the one earliest in the chain.
    fn strongest(&mut self, candidates: &[Candidate<'a>]) -> Option<Candidate<'a>> {
        let mut best: Vec<Candidate<'a>> = Vec::new();
        for candidate in candidates {
            match best.iter_mut().find(|other| other.input.layer == candidate.input.layer) {
                Some(other) => {
                    if self.chain_rank(candidate.input.locale) < self.chain_rank(other.input.locale) {
                        *other = *candidate;
                    }
                }
                None => best.push(*candidate),
            }
        }
        let maximal: Vec<Candidate<'a>> = best
            .iter()
            .filter(|candidate| !best.iter().any(|other| self.is_stronger(other.input.layer, candidate.input.layer)))
            .copied()
            .collect();
        let first = *maximal.first()?;
        if let Some(other) = maximal[1..].iter().find(|other| other.value != first.value) {
            self.peers(&[first.input, other.input]);
        }
        Some(first)
    }
}
