//! What a page of the catalogue says of all its entries together.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::digest::Digest;

use super::entries::Entry;

/// The ids of values, each with its name.
pub type Named = BTreeSet<(Arc<str>, Arc<str>)>;

/// The axes in use with their values, and how many entries there are.
#[derive(Default)]
pub struct Overview {
    /// In their order, each with the id and name of each value.
    pub axes: Vec<(Arc<str>, Named)>,
    pub tiers: Named,
    pub count: usize,
    /// How many of them the output has.
    pub built: usize,
    /// The name of the first entry's partner.
    pub partner_name: Option<Arc<str>>,
    /// Of all that an entry says.
    hasher: blake3::Hasher,
}

impl Overview {
    pub fn of<'e>(entries: impl IntoIterator<Item = &'e Entry>) -> Self {
        let mut overview = Self::default();
        for entry in entries {
            for (axis, id, name) in &entry.axes {
                overview.axis(axis).insert((id.clone(), name.clone()));
            }
            overview.tiers.extend(entry.tier.clone());
            overview.partner_name.get_or_insert_with(|| entry.partner_name.clone());
            overview.count += 1;
            overview.built += usize::from(entry.built);
            overview.note(entry);
        }
        overview
    }

    /// Takes in the entries that come after its own.
    pub fn add(&mut self, other: Self) {
        self.hasher.update(&other.digest().0);
        for (axis, values) in other.axes {
            self.axis(&axis).extend(values);
        }
        self.tiers.extend(other.tiers);
        self.partner_name = self.partner_name.take().or(other.partner_name);
        self.count += other.count;
        self.built += other.built;
    }

    /// One for each value of an axis.
    pub fn by_value(entries: &[Entry], axis: &str) -> BTreeMap<Arc<str>, Self> {
        let mut by_value: BTreeMap<Arc<str>, Vec<&Entry>> = BTreeMap::new();
        for entry in entries {
            if let Some(value) = entry.value_of(axis) {
                by_value.entry(value.clone()).or_default().push(entry);
            }
        }
        by_value.into_iter().map(|(value, entries)| (value, Self::of(entries))).collect()
    }

    /// What a value of an axis is called.
    pub fn name_of(&self, axis: &str, value: &str) -> Option<Arc<str>> {
        let (_, values) = self.axes.iter().find(|(known, _)| **known == *axis)?;
        values.iter().find(|(id, _)| **id == *value).map(|(_, name)| name.clone())
    }

    pub fn digest(&self) -> Digest {
        Digest(*self.hasher.finalize().as_bytes())
    }

    fn axis(&mut self, name: &Arc<str>) -> &mut Named {
        let found = self.axes.iter().position(|(known, _)| known == name).unwrap_or_else(|| {
            self.axes.push((name.clone(), Named::new()));
            self.axes.len() - 1
        });
        &mut self.axes[found].1
    }

    fn note(&mut self, entry: &Entry) {
        let Entry { id, axes, partner_name, tier, built, zip } = entry;
        let mut note = |text: &str| {
            // No text holds this byte, so no two entries read alike.
            self.hasher.update(text.as_bytes()).update(&[0xff]);
        };
        note(id);
        note(partner_name);
        axes.iter().flat_map(|(axis, id, name)| [axis, id, name]).for_each(|text| note(text));
        note("tier");
        tier.iter().flat_map(|(id, name)| [id, name]).for_each(|text| note(text));
        note(if *built { "built" } else { "missing" });
        note(zip.as_deref().unwrap_or_default());
    }
}
