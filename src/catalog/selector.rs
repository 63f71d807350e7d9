//! Which deployments a layer matches, and the order of layers (O1).

use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

use super::AxisValues;
use super::settings::{AxisId, Settings};

/// The values a layer binds, in the order of the axes: `{}` is the master.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Selector {
    bound: Vec<Binding>,
    /// For each band, strongest first, the depth of each axis' value; 0 where it is unbound.
    depths: Vec<Vec<u8>>,
}

/// One axis bound to one of its values.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Binding {
    pub axis: AxisId,
    pub name: Arc<str>,
    /// Index of the value in its axis.
    pub value: usize,
    pub id: Arc<str>,
}

impl Selector {
    /// Binds the given values.
    pub fn new(mut bound: Vec<Binding>, settings: &Settings, axes: &[AxisValues]) -> Self {
        bound.sort();
        let depth = |axis: &AxisId| {
            let binding = bound.iter().find(|binding| binding.axis == *axis);
            binding.map_or(0, |binding| axes[axis.0].at(binding.value).depth)
        };
        let depths = settings.bands.iter().rev().map(|band| band.iter().map(depth).collect()).collect();
        Self { bound, depths }
    }

    pub fn bindings(&self) -> &[Binding] {
        &self.bound
    }

    pub fn binds(&self, axis: AxisId) -> Option<&Binding> {
        self.bound.iter().find(|binding| binding.axis == axis)
    }

    pub fn is_master(&self) -> bool {
        self.bound.is_empty()
    }

    /// Whether each bound value is the deployment's or an ancestor of it. `values` holds the
    /// deployment's value for each axis.
    pub fn matches(&self, values: &[Option<usize>], axes: &[AxisValues]) -> bool {
        self.bound.iter().all(|binding| {
            values[binding.axis.0]
                .is_some_and(|value| axes[binding.axis.0].lineage(value).any(|ancestor| ancestor == binding.value))
        })
    }

    /// The values of the weakest combination that both match; `None` if nothing can match both.
    pub fn join(&self, other: &Self, axes: &[AxisValues]) -> Option<Vec<Option<usize>>> {
        let mut values = vec![None; axes.len()];
        for binding in self.bound.iter().chain(&other.bound) {
            let axis = &axes[binding.axis.0];
            let value = &mut values[binding.axis.0];
            match *value {
                None => *value = Some(binding.value),
                Some(other) if axis.lineage(other).any(|ancestor| ancestor == binding.value) => {}
                Some(other) if axis.lineage(binding.value).any(|ancestor| ancestor == other) => {
                    *value = Some(binding.value);
                }
                Some(_) => return None,
            }
        }
        Some(values)
    }

    /// O1: in the strongest band in which they differ, all axes at least as deep and one deeper is
    /// stronger; mixed is incomparable (`None`).
    pub fn strength(&self, other: &Self) -> Option<Ordering> {
        for (mine, theirs) in self.depths.iter().zip(&other.depths) {
            let stronger = mine.iter().zip(theirs).any(|(a, b)| a > b);
            let weaker = mine.iter().zip(theirs).any(|(a, b)| a < b);
            match (stronger, weaker) {
                (true, true) => return None,
                (true, false) => return Some(Ordering::Greater),
                (false, true) => return Some(Ordering::Less),
                (false, false) => {}
            }
        }
        // Equal depths everywhere: the same selector, or two values of one depth (which no
        // deployment matches at once).
        (self == other).then_some(Ordering::Equal)
    }

    /// O4: which of two incomparable selectors holds where `axes` take precedence, the first most.
    pub fn precedence(&self, other: &Self, axes: &[AxisId], values: &[AxisValues]) -> Option<Ordering> {
        let depth = |selector: &Self, axis: AxisId| {
            selector.binds(axis).map_or(0, |binding| values[axis.0].at(binding.value).depth)
        };
        let differ = |&axis: &AxisId| Some(depth(self, axis).cmp(&depth(other, axis))).filter(|order| order.is_ne());
        axes.iter().find_map(differ)
    }

    /// Sums of depths, strongest band first: a total order that extends O1, for laying things out.
    pub fn rank(&self) -> Vec<u32> {
        self.depths.iter().map(|band| band.iter().map(|&depth| u32::from(depth)).sum()).collect()
    }
}

/// `master`, `region=dach`, `industry=healthcare,region=dach`.
impl fmt::Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.bound.is_empty() {
            return f.write_str("master");
        }
        for (index, binding) in self.bound.iter().enumerate() {
            let comma = if index == 0 { "" } else { "," };
            write!(f, "{comma}{}={}", binding.name, binding.id)?;
        }
        Ok(())
    }
}
