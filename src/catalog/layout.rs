//! The layers in the order of their strength, and those that can meet in one deployment.
//!
//! A program has thousands of partners, and a deployment only one: whoever looks for the layers of a
//! deployment, or for those that a partner's layer stands on, never looks at all the other partners'.

use std::collections::HashMap;

use super::settings::AxisId;
use super::{AxisValues, Layer, LayerId};

#[derive(Debug, Default)]
pub struct Layout {
    /// The place of each layer, weak to strong by its rank, then by its selector's text.
    places: Vec<u32>,
    /// Layers that are no partner's.
    common: Vec<LayerId>,
    /// Those of a partner and of all that descend from it, by the partner that has no parent.
    families: HashMap<usize, Vec<LayerId>>,
    partner: AxisId,
}

impl Layout {
    pub fn of(layers: &[Layer], partner: AxisId, axes: &[AxisValues]) -> Self {
        let mut order: Vec<LayerId> = (0..layers.len() as u32).map(LayerId).collect();
        order.sort_by_cached_key(|id| {
            let selector = &layers[id.0 as usize].selector;
            (selector.rank(), selector.to_string())
        });
        let mut layout = Self { places: vec![0; layers.len()], partner, ..Self::default() };
        for (place, id) in order.into_iter().enumerate() {
            layout.places[id.0 as usize] = place as u32;
        }
        for (id, layer) in layers.iter().enumerate() {
            let id = LayerId(id as u32);
            match layer.selector.binds(partner) {
                Some(binding) => layout.families.entry(head(axes, partner, binding.value)).or_default().push(id),
                None => layout.common.push(id),
            }
        }
        layout
    }

    /// Sorts layers weak to strong.
    pub fn sort(&self, layers: &mut [LayerId]) {
        layers.sort_by_key(|id| self.places[id.0 as usize]);
    }

    /// The layers that can meet those of a partner, or of none, in the order they were loaded.
    pub fn kin(&self, axes: &[AxisValues], partner: Option<usize>) -> Vec<LayerId> {
        let family = partner.and_then(|value| self.families.get(&head(axes, self.partner, value)));
        let mut kin: Vec<LayerId> = self.common.iter().chain(family.into_iter().flatten()).copied().collect();
        kin.sort_unstable();
        kin
    }
}

/// The ancestor of a partner that has no parent itself.
fn head(axes: &[AxisValues], partner: AxisId, value: usize) -> usize {
    axes[partner.0].lineage(value).last().unwrap_or(value)
}
