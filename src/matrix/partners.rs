//! The deployments by partner: what lists them asks for one partner's at a time.

use super::Deployments;
use crate::catalog::Catalog;
use crate::data::IndexMap;

/// A partner with the bases that it has.
#[derive(Clone, Debug)]
pub struct Holding {
    /// Its place in the axis.
    pub partner: usize,
    /// Places of bases in the matrix: four bytes for each deployment.
    bases: Vec<u32>,
}

impl Holding {
    /// How many deployments the partner has.
    pub fn len(&self) -> usize {
        self.bases.len()
    }

    pub fn is_empty(&self) -> bool {
        self.bases.is_empty()
    }

    /// The places of its bases in the matrix.
    pub fn bases(&self) -> impl ExactSizeIterator<Item = usize> {
        self.bases.iter().map(|&base| base as usize)
    }
}

impl Deployments {
    /// Every partner that has deployments, by its id.
    pub fn by_partner(&self, catalog: &Catalog) -> Vec<Holding> {
        let partners = &catalog.axes[catalog.settings.partner().0];
        let mut bases: IndexMap<usize, Vec<u32>> = IndexMap::default();
        for (index, base) in self.bases.iter().enumerate() {
            for &partner in &base.partners {
                bases.entry(partner).or_default().push(index as u32);
            }
        }
        let mut holdings: Vec<_> = bases.into_iter().map(|(partner, bases)| Holding { partner, bases }).collect();
        holdings.sort_unstable_by(|a, b| partners.at(a.partner).id.cmp(&partners.at(b.partner).id));
        holdings
    }

    /// The values of a partner's deployments.
    pub fn of<'a>(
        &'a self,
        catalog: &'a Catalog,
        holding: &'a Holding,
    ) -> impl ExactSizeIterator<Item = Vec<Option<usize>>> + 'a {
        holding.bases().map(|base| self.bases[base].with_partner(catalog, holding.partner))
    }
}
