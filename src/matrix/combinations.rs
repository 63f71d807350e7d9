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

    pub fn is_empty(&self) -> bool {
        self.by_axes.is_empty()
    }

    pub fn has(&self, values: &[Option<usize>]) -> bool {
        self.by_axes.iter().any(|(axes, excluded)| {
            let bound: Option<Vec<usize>> = axes.iter().map(|axis| values[axis.0]).collect();
            bound.is_some_and(|bound| excluded.contains(&bound))
        })
    }
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
