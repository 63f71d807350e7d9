//! The deployments: for each partner the product of its lists, less what it excludes.
//!
//! A [`Matrix`] groups deployments by [`Base`]: all of a base share motion, industry, region, tier and
//! every other axis but the partner. Deployments are made from it one at a time, never all at once.

mod entitlement;
mod partners;
pub mod query;

use std::collections::HashMap;
use std::sync::Arc;

use indexmap::IndexMap;

use crate::catalog::Catalog;
use crate::catalog::settings::AxisId;
use crate::deployment::Deployment;
use crate::diag::{Diagnostic, Diagnostics};
use crate::source::Span;

use entitlement::Entitlement;
pub use partners::Holding;
use query::Query;

/// A combination of values for all axes but the partner, and the partners that have it.
#[derive(Clone, Debug)]
pub struct Base {
    /// For each axis its value; the partner's place is empty.
    pub values: Vec<Option<usize>>,
    /// The partners, by their place in the axis.
    pub partners: Vec<usize>,
}

/// All deployments of the workspace.
#[derive(Debug, Default)]
pub struct Matrix {
    bases: Vec<Base>,
}

impl Matrix {
    /// Reads every partner's entitlements. A partner whose entitlements are wrong is left out, with
    /// an error at the place.
    pub fn read(catalog: &Catalog, diagnostics: &mut Diagnostics) -> Self {
        let mut bases: IndexMap<Vec<Option<usize>>, Vec<usize>> = IndexMap::new();
        let partners = catalog.settings.partner();
        let mut names = Names::default();
        for (index, partner) in catalog.axes[partners.0].iter().enumerate() {
            let Some(record) = &partner.record else { continue };
            if let Some(entitlement) = Entitlement::read(catalog, &partner.id, record, diagnostics) {
                let combinations = entitlement.combinations();
                diagnostics.extend(names.taken_twice(catalog, &combinations, index, record.span));
                for values in combinations {
                    bases.entry(values).or_default().push(index);
                }
            }
        }
        let mut bases: Vec<_> = bases.into_iter().map(|(values, partners)| Base { values, partners }).collect();
        bases.sort_by(|a, b| a.values.cmp(&b.values));
        Self { bases }
    }

    /// The deployments that one of the queries names; all without a query.
    #[must_use]
    pub fn narrowed(&self, catalog: &Catalog, queries: &[Query]) -> Self {
        if queries.is_empty() {
            return Self { bases: self.bases.clone() };
        }
        let keep = |base: &Base| {
            let named = |&partner: &usize| {
                let id = id(catalog, &base.with_partner(catalog, partner));
                queries.iter().any(|query| query.matches(&id))
            };
            let partners: Vec<_> = base.partners.iter().copied().filter(named).collect();
            (!partners.is_empty()).then(|| Base { values: base.values.clone(), partners })
        };
        Self { bases: self.bases.iter().filter_map(keep).collect() }
    }

    pub fn bases(&self) -> &[Base] {
        &self.bases
    }

    /// How many deployments there are.
    pub fn len(&self) -> usize {
        self.bases.iter().map(|base| base.partners.len()).sum()
    }

    pub fn is_empty(&self) -> bool {
        self.bases.is_empty()
    }

    /// The ids of all deployments, sorted.
    pub fn ids(&self, catalog: &Catalog) -> Vec<String> {
        let ids_of = |base: &Base| {
            base.partners.iter().map(|&partner| id(catalog, &base.with_partner(catalog, partner))).collect::<Vec<_>>()
        };
        let mut ids: Vec<_> = self.bases.iter().flat_map(ids_of).collect();
        ids.sort_unstable();
        ids
    }
}

impl Base {
    /// The values of all axes for one of its partners.
    pub fn with_partner(&self, catalog: &Catalog, partner: usize) -> Vec<Option<usize>> {
        let mut values = self.values.clone();
        values[catalog.settings.partner().0] = Some(partner);
        values
    }
}

/// The downloads and addresses of all deployments, with whose each is.
#[derive(Default)]
struct Names(HashMap<Arc<str>, (Arc<str>, Span)>);

impl Names {
    /// Two deployments that would share a download or an address: `launch` with `x-retail` and `launch-x` with
    /// `retail` read alike once their parts are joined by `-`, and so do the partners `acme` and `acme-x`.
    fn taken_twice(
        &mut self,
        catalog: &Catalog,
        combinations: &[Vec<Option<usize>>],
        partner: usize,
        span: Span,
    ) -> Option<Diagnostic> {
        for values in combinations {
            let mut values = values.clone();
            values[catalog.settings.partner().0] = Some(partner);
            let deployment = deployment(catalog, &values, Vec::new());
            for name in [deployment.slug, deployment.url] {
                if let Some((first, other)) = self.0.insert(name.clone(), (deployment.id.clone(), span)) {
                    let message = format!("`{first}` and `{}` would both be `{name}`", deployment.id);
                    let error = Diagnostic::error("E-DUPID", message).help(
                        "rename a value of one of the axes, or let `site.base_url` name every axis in a part of its own",
                    );
                    return Some(match other == span {
                        true => error.at(span, "the partner of both"),
                        false => error.at(span, "this partner").other(other, "the other partner"),
                    });
                }
            }
        }
        None
    }
}

/// The id of a deployment: the partner, then the axes in the order they are declared. An axis that it
/// does not use has no part.
pub fn id(catalog: &Catalog, values: &[Option<usize>]) -> String {
    let parts = std::iter::once(catalog.settings.partner()).chain(catalog.settings.matrix_axes());
    let value = |axis: AxisId| values[axis.0].map(|value| &*catalog.axes[axis.0].at(value).id);
    parts.filter_map(value).collect::<Vec<_>>().join("/")
}

/// The deployment with these values, made in these locales.
pub fn deployment(catalog: &Catalog, values: &[Option<usize>], locales: Vec<Arc<str>>) -> Deployment {
    let id = id(catalog, values);
    let value = |axis: AxisId| {
        values[axis.0]
            .map(|value| (catalog.settings.axis(axis).name.clone(), catalog.axes[axis.0].at(value).id.clone()))
    };
    let axes: IndexMap<Arc<str>, Arc<str>> = catalog.settings.axis_ids().filter_map(value).collect();
    Deployment {
        partner: axes.get("partner").cloned().unwrap_or_default(),
        slug: id.replace('/', "-").into(),
        url: url(&catalog.settings.base_url, &axes).into(),
        id: id.into(),
        axes,
        locales,
    }
}

/// The pattern with every `{axis}` filled. An axis without a value goes, with the `-` before it.
fn url(pattern: &str, axes: &IndexMap<Arc<str>, Arc<str>>) -> String {
    let mut url = String::with_capacity(pattern.len() + 16);
    let mut rest = pattern;
    while let Some((before, (name, after))) = rest.split_once('{').and_then(|(b, r)| Some((b, r.split_once('}')?))) {
        url.push_str(before);
        rest = after;
        match axes.get(name) {
            Some(value) => url.push_str(value),
            None if url.ends_with('-') => drop(url.pop()),
            None => rest = rest.strip_prefix('-').unwrap_or(rest),
        }
    }
    url + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_leaves_out_what_a_deployment_does_not_use() {
        let axes = |pairs: &[(&str, &str)]| pairs.iter().map(|&(k, v)| (k.into(), v.into())).collect();
        let pattern = "https://x.example/{partner}/{motion}-{industry}-{region}/";
        let all = axes(&[("partner", "acme"), ("motion", "launch"), ("industry", "retail"), ("region", "us")]);
        assert_eq!(url(pattern, &all), "https://x.example/acme/launch-retail-us/");
        let some = axes(&[("partner", "acme"), ("motion", "launch"), ("region", "us")]);
        assert_eq!(url(pattern, &some), "https://x.example/acme/launch-us/");
        let last = axes(&[("partner", "acme"), ("region", "us")]);
        assert_eq!(url(pattern, &last), "https://x.example/acme/us/");
    }
}
