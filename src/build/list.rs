//! The deployments without their packages.

use crate::deployment::Deployment;
use crate::diag::Diagnostics;
use crate::matrix;
use crate::matrix::query::Query;
use crate::resolve::{Stack, resolve};

use super::{Program, facts};

/// The deployments that the queries name, by id; all of them without a query. Of each base only as much
/// is resolved as its locales need, and whatever is wrong with it is for [`super::check`] to say.
pub fn list(program: &Program, queries: &[Query]) -> Vec<Deployment> {
    let catalog = program.catalog();
    let matrix = program.matrix().narrowed(catalog, queries);
    let mut deployments = Vec::with_capacity(matrix.len());
    for base in matrix.bases() {
        let stack = Stack::matching(catalog, &base.values);
        let tree =
            resolve(program.approved(), &stack, catalog.locales.source(), None, &mut Diagnostics::default()).tree;
        let locales = facts::locales(&tree, &catalog.locales);
        let tags: Vec<_> = locales.iter().map(|&locale| catalog.locale(locale).tag.clone()).collect();
        let of_partner =
            |&partner: &usize| matrix::deployment(catalog, &base.with_partner(catalog, partner), tags.clone());
        deployments.extend(base.partners.iter().map(of_partner));
    }
    deployments.sort_by(|a, b| a.id.cmp(&b.id));
    deployments
}
