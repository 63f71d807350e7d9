//! The product of lists, one combination at a time.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::settings::AxisId;

/// For each axis its value, if it has one.
pub type Values = Vec<Option<usize>>;

/// Combinations that are not made.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Exclusions {
    /// By the axes that are bound: the values they are bound to.
    by_axes: BTreeMap<Vec<AxisId>, BTreeSet<Vec<usize>>>,
}

impl Exclusions {
    pub fn add(&mut self, mut bound: Vec<(AxisId, usize)>) {
        bound.sort_unstable();
        let (axes, values) = bound.into_iter().unzip();
        self.by_axes.entry(axes).or_default().insert(values);
    }

    pub fn has(&self, values: &[Option<usize>]) -> bool {
        self.by_axes.iter().any(|(axes, excluded)| {
            let bound: Option<Vec<usize>> = axes.iter().map(|axis| values[axis.0]).collect();
            bound.is_some_and(|bound| excluded.contains(&bound))
        })
    }
}

/// An exclusion, as far as it is not decided by the axes before: the axes that it binds, and to which values.
type Rest<'e> = (&'e [AxisId], &'e [usize]);

/// Counting looks at those values alone that some exclusion names: of all others there are as many combinations each.
impl Exclusions {
    /// How many combinations of the lists there are.
    pub fn count(&self, lists: &[Vec<Option<usize>>]) -> usize {
        count(lists, 0, &self.rests())
    }

    /// How many come before one; `None` where that is none of them.
    pub fn before(&self, lists: &[Vec<Option<usize>>], values: &[Option<usize>]) -> Option<usize> {
        let (mut rests, mut before) = (self.rests(), 0_usize);
        for (axis, (list, value)) in lists.iter().zip(values).enumerate() {
            let at = list.binary_search(value).ok()?;
            before = before.saturating_add(beginning(lists, axis, &list[..at], &rests));
            rests = given(&rests, axis, *value);
        }
        (!is_excluded(&rests)).then_some(before)
    }

    fn rests(&self) -> Vec<Rest<'_>> {
        let each = self.by_axes.iter();
        each.flat_map(|(axes, all)| all.iter().map(move |values| (axes.as_slice(), values.as_slice()))).collect()
    }
}

/// Whether nothing more has to hold for one of them.
fn is_excluded(rests: &[Rest<'_>]) -> bool {
    rests.iter().any(|(axes, _)| axes.is_empty())
}

/// What is left of them once an axis has its value.
fn given<'e>(rests: &[Rest<'e>], axis: usize, value: Option<usize>) -> Vec<Rest<'e>> {
    let left = |&(axes, values): &Rest<'e>| match axes.first() {
        Some(first) if first.0 == axis => (value == Some(values[0])).then(|| (&axes[1..], &values[1..])),
        _ => Some((axes, values)),
    };
    rests.iter().filter_map(left).collect()
}

/// How many combinations of the lists from an axis on there are.
fn count(lists: &[Vec<Option<usize>>], axis: usize, rests: &[Rest<'_>]) -> usize {
    match lists.get(axis) {
        _ if is_excluded(rests) => 0,
        Some(list) if !rests.is_empty() => beginning(lists, axis, list, rests),
        _ => lists[axis..].iter().map(Vec::len).fold(1, usize::saturating_mul),
    }
}

/// How many of these have one of some values at their first axis.
fn beginning(lists: &[Vec<Option<usize>>], axis: usize, values: &[Option<usize>], rests: &[Rest<'_>]) -> usize {
    let named = |value: &Option<usize>| {
        rests.iter().any(|(axes, bound)| axes.first().is_some_and(|it| it.0 == axis) && *value == Some(bound[0]))
    };
    let (named, others): (Vec<_>, Vec<_>) = values.iter().copied().partition(named);
    let rest = |value| count(lists, axis + 1, &given(rests, axis, value));
    let others = if others.is_empty() { 0 } else { others.len().saturating_mul(rest(None)) };
    named.into_iter().map(rest).fold(others, usize::saturating_add)
}

/// Every combination of the lists that is not excluded, in their order.
pub struct Combinations<'a> {
    lists: Vec<Vec<Option<usize>>>,
    /// Where each list is; `None` once all combinations were there.
    at: Option<Vec<usize>>,
    exclusions: &'a Exclusions,
}

impl<'a> Combinations<'a> {
    pub fn new(lists: Vec<Vec<Option<usize>>>, exclusions: &'a Exclusions) -> Self {
        let at = lists.iter().all(|list| !list.is_empty()).then(|| vec![0; lists.len()]);
        Self { lists, at, exclusions }
    }

    /// The next combination, excluded or not.
    fn step(&mut self) -> Option<Values> {
        let at = self.at.as_mut()?;
        let values = at.iter().zip(&self.lists).map(|(&at, list)| list[at]).collect();
        let turned = at.iter_mut().zip(&self.lists).rev().find_map(|(at, list)| {
            *at = (*at + 1) % list.len();
            (*at > 0).then_some(())
        });
        if turned.is_none() {
            self.at = None;
        }
        Some(values)
    }
}

impl Iterator for Combinations<'_> {
    type Item = Values;

    fn next(&mut self) -> Option<Values> {
        loop {
            let values = self.step()?;
            if !self.exclusions.has(&values) {
                return Some(values);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_counted_is_what_is_made(
            sizes in proptest::collection::vec(1_usize..5, 1..5),
            bound in proptest::collection::vec(proptest::collection::btree_map(0_usize..4, 0_usize..5, 1..4), 0..6),
        ) {
            let lists: Vec<Vec<Option<usize>>> = sizes.iter().map(|&size| (0..size).map(Some).collect()).collect();
            let mut exclusions = Exclusions::default();
            for one in bound {
                let axes = one.into_iter().filter(|(axis, _)| *axis < lists.len());
                let axes: Vec<_> = axes.map(|(axis, value)| (AxisId(axis), value)).collect();
                if !axes.is_empty() {
                    exclusions.add(axes);
                }
            }
            let made: Vec<Values> = Combinations::new(lists.clone(), &exclusions).collect();
            prop_assert_eq!(exclusions.count(&lists), made.len());
            for (before, values) in made.iter().enumerate() {
                prop_assert_eq!(exclusions.before(&lists, values), Some(before));
            }
            let all = Combinations::new(lists.clone(), &Exclusions::default()).collect::<Vec<_>>();
            for values in all.iter().filter(|values| exclusions.has(values)) {
                prop_assert_eq!(exclusions.before(&lists, values), None);
            }
        }
    }
}
