//! What a whole build wants in the output.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::ops::Bound;
use std::sync::Arc;

use super::sums::{self, PROGRAM, REGION, REGIONS};
use super::{CATALOG, PAGE, SCRIPT, STYLE, holdings, map_of, zip_of};
use crate::catalog::Catalog;
use crate::matrix::{self, Base, Deployments, Holding};

/// The paths that a whole build wants in the output; everything else of earlier builds is stale.
///
/// Quick where paths are asked for in order: the paths of one partner are held at a time.
pub struct Wanted<'a> {
    catalog: &'a Catalog,
    deployments: &'a Deployments,
    partners: Vec<Holding>,
    /// Whether source maps are kept.
    maps: bool,
    /// The values of the axis that has sums.
    regions: BTreeSet<Arc<str>>,
    held: RefCell<(String, BTreeSet<String>)>,
}

impl<'a> Wanted<'a> {
    pub fn new(catalog: &'a Catalog, deployments: &'a Deployments, maps: bool) -> Self {
        let axis = catalog.settings.axis_named(REGION);
        let region = |base: &Base| axis.and_then(|axis| Some(catalog.axes[axis.0].at(base.values[axis.0]?).id.clone()));
        let regions = deployments.bases().iter().filter_map(region).collect();
        let partners = holdings(catalog, deployments);
        Self { catalog, deployments, partners, maps, regions, held: RefCell::default() }
    }

    pub fn has(&self, path: &str) -> bool {
        [PAGE, CATALOG, STYLE, SCRIPT].contains(&path)
            || self.is_sum(path)
            || self.among(path, |paths| paths.contains(path))
    }

    /// Which of the sums of a folder are wanted, whoever writes them knows; the folder is wanted here.
    fn is_sum(&self, path: &str) -> bool {
        match path.split('/').collect::<Vec<_>>()[..] {
            [PROGRAM, name] => sums::is_programs(name),
            [REGIONS, region, _] => self.regions.contains(region),
            [_, name] => sums::is_partners(name) && self.among(path, |paths| !paths.is_empty()),
            _ => false,
        }
    }

    /// Whether something stale at `path` stands around or within something wanted, which cannot be written
    /// before it is gone. So it is with the package of a deployment that has an axis more or less now.
    pub fn is_barred_by(&self, path: &str) -> bool {
        let below = format!("{path}/");
        let is_around = |paths: &BTreeSet<String>| {
            let mut within = paths.range::<str, _>((Bound::Included(below.as_str()), Bound::Unbounded));
            within.next().is_some_and(|inner| inner.starts_with(&below))
        };
        let is_within = || path.match_indices('/').any(|(at, _)| self.has(&path[..at]));
        !self.has(path) && (is_within() || self.among(path, is_around))
    }

    /// Looks among the paths of the partner whose folder `path` is in.
    fn among(&self, path: &str, look: impl FnOnce(&BTreeSet<String>) -> bool) -> bool {
        let partner = path.split('/').next().unwrap_or(path);
        let mut held = self.held.borrow_mut();
        if held.0 != partner {
            *held = (partner.to_owned(), self.of(partner));
        }
        look(&held.1)
    }

    fn of(&self, partner: &str) -> BTreeSet<String> {
        let ids = &self.catalog.axes[self.catalog.settings.partner().0];
        let Ok(found) = self.partners.binary_search_by(|holding| (*ids.at(holding.partner).id).cmp(partner)) else {
            return BTreeSet::new();
        };
        let mut paths = BTreeSet::from([PAGE, CATALOG].map(|file| format!("{partner}/{file}")));
        for values in self.deployments.of(self.catalog, &self.partners[found]) {
            let id = matrix::id(self.catalog, &values);
            paths.extend(self.maps.then(|| map_of(&id)));
            paths.extend([zip_of(&id), id]);
        }
        paths
    }
}
