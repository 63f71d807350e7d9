//! The deployments without their packages.

use std::sync::Arc;

use crate::catalog::Catalog;
use crate::catalog::locales::LocaleId;
use crate::deployment::Deployment;
use crate::matrix::query::Query;
use crate::matrix::{self, Deployments, Holding};
use crate::resolve::{Resolver, Stack};

use super::{Program, facts};

/// The deployments that queries name; each is made when it is asked for.
pub struct List<'a> {
    program: &'a Program,
    deployments: Arc<Deployments>,
    partners: Vec<Holding>,
    /// Of each base.
    locales: Vec<Vec<Arc<str>>>,
    leaves: u64,
}

/// The deployments that the queries name; all of them without a query. Of each base only as much is
/// resolved as its locales need, and whatever is wrong with it is for [`super::check`] to say.
pub fn list<'a>(program: &'a Program, queries: &[Query]) -> List<'a> {
    let catalog = program.catalog();
    let deployments = program.matrix().narrowed(catalog, queries);
    let resolver = Resolver::new(program.approved());
    let tags = |base: &matrix::Base| {
        let locales = languages(&resolver, catalog, base);
        locales.iter().map(|&locale| catalog.locale(locale).tag.clone()).collect()
    };
    let locales = deployments.bases().iter().map(tags).collect();
    let mut partners = deployments.by_partner(catalog);
    // By the ids of their deployments, in which `/` follows: `acme-b/…` stands before `acme/…`.
    let ids = &catalog.axes[catalog.settings.partner().0];
    partners.sort_by_cached_key(|holding| format!("{}/", ids.at(holding.partner).id));
    List { program, deployments, partners, locales, leaves: resolver.leaves() }
}

/// The locales of a base, the first of which is its own.
pub fn languages(resolver: &Resolver<'_>, catalog: &Catalog, base: &matrix::Base) -> Vec<LocaleId> {
    let stack = Stack::matching(catalog, &base.values);
    let tree = resolver.resolve_only(facts::LOCALES, &stack, catalog.locales.source());
    facts::locales(&tree, &catalog.locales)
}

impl List<'_> {
    /// How many leaves were resolved for it.
    pub fn leaves(&self) -> u64 {
        self.leaves
    }

    /// By id.
    pub fn iter(&self) -> impl Iterator<Item = Deployment> {
        self.partners.iter().flat_map(|holding| self.of(holding))
    }

    fn of(&self, holding: &Holding) -> Vec<Deployment> {
        let catalog = self.program.catalog();
        let one = |index: usize| {
            let values = self.deployments.bases()[index].with_partner(catalog, holding.partner);
            matrix::deployment(catalog, &values, self.locales[index].clone())
        };
        let mut deployments: Vec<_> = holding.bases().map(one).collect();
        deployments.sort_unstable_by(|a, b| a.id.cmp(&b.id));
        deployments
    }
}
