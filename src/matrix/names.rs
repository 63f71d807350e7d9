//! Two deployments that would share a download or an address: `launch` with `x-retail` and `launch-x`
//! with `retail` read alike once their parts are joined by `-`.
//!
//! That takes a value which is another one of its axis with more behind a `-`, and a value of the next axis that may
//! stand where the more stands. Few lists hold such values, so few partners' combinations are looked at one by one.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use crate::catalog::Catalog;
use crate::catalog::settings::AxisId;
use crate::diag::Diagnostic;
use crate::source::Span;

use super::entitlement::Entitlement;
use super::{deployment, with_partner};

/// The names of deployments, as rows of axes whose values are joined by `-`.
pub struct Names<'a> {
    catalog: &'a Catalog,
    /// Of downloads, and of addresses. `None` where addresses are put together in another way.
    rows: Option<Vec<Vec<AxisId>>>,
}

impl<'a> Names<'a> {
    pub fn new(catalog: &'a Catalog) -> Self {
        let rows = rows(catalog).map(|mut rows| {
            rows.push(catalog.settings.matrix_axes().collect());
            rows
        });
        Self { catalog, rows }
    }

    /// Whether two combinations may have one name; if not, none have.
    pub fn may_clash(&self, entitlement: &Entitlement) -> bool {
        let Some(rows) = &self.rows else { return true };
        rows.iter().any(|row| self.row_may_clash(entitlement, row))
    }

    fn row_may_clash(&self, entitlement: &Entitlement, row: &[AxisId]) -> bool {
        let is_used =
            |&&axis: &&AxisId| axis == self.partner() || entitlement.choices(axis).iter().any(Option::is_some);
        let row: Vec<AxisId> = row.iter().filter(is_used).copied().collect();
        row.windows(2).any(|pair| {
            if pair[0] == self.partner() {
                return false;
            }
            let values: HashSet<&str> = self.ids(entitlement, pair[0]).collect();
            let starts: HashSet<&str> = self.ids(entitlement, pair[1]).map(first).collect();
            let mut ends = values.iter().flat_map(|id| {
                let cuts = id.match_indices('-').filter(|&(at, _)| values.contains(&id[..at]));
                cuts.map(|(at, _)| &id[at + 1..])
            });
            ends.any(|end| pair[1] == self.partner() || starts.contains(first(end)))
        })
    }

    fn partner(&self) -> AxisId {
        self.catalog.settings.partner()
    }

    fn ids<'e>(&'e self, entitlement: &'e Entitlement, axis: AxisId) -> impl Iterator<Item = &'e str> {
        let values = &self.catalog.axes[axis.0];
        entitlement.choices(axis).iter().filter_map(|&value| Some(&*values.at(value?).id))
    }
}

/// What stands before the first `-`.
fn first(id: &str) -> &str {
    id.split('-').next().unwrap_or(id)
}

/// The rows of the address pattern. A sign that is in no id ends one.
fn rows(catalog: &Catalog) -> Option<Vec<Vec<AxisId>>> {
    let settings = &catalog.settings;
    let (_, mut rest) = settings.base_url.split_once('{')?;
    let mut rows = vec![Vec::new()];
    loop {
        let (name, after) = rest.split_once('}')?;
        rows.last_mut()?.push(settings.axis_named(name)?);
        let Some((between, next)) = after.split_once('{') else { break };
        if between.contains(|c: char| !c.is_ascii_alphanumeric() && c != '-') {
            rows.push(Vec::new());
        } else if between != "-" {
            return None;
        }
        rest = next;
    }
    // An axis that is in no address tells no two of them apart.
    settings.matrix_axes().all(|axis| rows.iter().any(|row| row.contains(&axis))).then_some(rows)
}

/// The first two combinations of a partner that have one name.
pub fn clash(catalog: &Catalog, entitlement: &Entitlement, partner: usize, span: Span) -> Option<Diagnostic> {
    let mut names: BTreeMap<Arc<str>, Arc<str>> = BTreeMap::new();
    for values in entitlement.combinations() {
        let values = with_partner(values, catalog.settings.partner(), partner);
        let deployment = deployment(catalog, &values, Vec::new());
        for name in [deployment.slug, deployment.url] {
            if let Some(first) = names.insert(name.clone(), deployment.id.clone()) {
                let message = format!("`{first}` and `{}` would both be `{name}`", deployment.id);
                return Some(Diagnostic::error("E-DUPID", message).at(span, "the partner of both").help(
                    "rename a value of one of the axes, or let `site.base_url` name every axis in a part of its own",
                ));
            }
        }
    }
    None
}

/// Packages of two partners that have one name: `x` with `acme-launch`, and `x-acme` with `launch`. Only partners whose
/// ids begin or end like another's are looked at, or all where addresses do not name the partner.
pub fn shared(catalog: &Catalog, entitled: &[(usize, Arc<Entitlement>)]) -> Vec<Diagnostic> {
    let partners = &catalog.axes[catalog.settings.partner().0];
    let names_partner =
        catalog.settings.base_url.contains(&format!("{{{}}}", catalog.settings.axis(catalog.settings.partner()).name));
    let ids: HashSet<&str> = partners.iter().map(|partner| &*partner.id).collect();
    let cuts = |id: &'_ str| id.match_indices('-').map(|(at, _)| at).collect::<Vec<_>>();
    let mut kin: HashSet<&str> = HashSet::new();
    for id in &ids {
        for at in cuts(id) {
            for part in [&id[..at], &id[at + 1..]] {
                if ids.contains(part) {
                    kin.extend([part, *id]);
                }
            }
        }
    }
    let mut taken: HashMap<Arc<str>, (Arc<str>, usize)> = HashMap::new();
    let mut found = Vec::new();
    for (index, entitlement) in entitled {
        let partner = partners.at(*index);
        if !names_partner || kin.contains(&*partner.id) {
            found.extend(taken_by_another(catalog, entitlement, *index, &mut taken));
        }
    }
    found
}

/// The first name of a partner's packages that an earlier partner has too.
fn taken_by_another(
    catalog: &Catalog,
    entitlement: &Entitlement,
    partner: usize,
    taken: &mut HashMap<Arc<str>, (Arc<str>, usize)>,
) -> Option<Diagnostic> {
    let place =
        |partner: usize| catalog.axes[catalog.settings.partner().0].at(partner).record.as_ref().map(|it| it.span);
    for values in entitlement.combinations() {
        let values = with_partner(values, catalog.settings.partner(), partner);
        let deployment = deployment(catalog, &values, Vec::new());
        for name in [deployment.slug, deployment.url] {
            let (first, other) = taken.entry(name.clone()).or_insert_with(|| (deployment.id.clone(), partner));
            if *other != partner {
                let message = format!("`{first}` and `{}` would both be `{name}`", deployment.id);
                let error = Diagnostic::error("E-DUPID", message).help(
                    "rename a value of one of the axes, or let `site.base_url` name every axis in a part of its own",
                );
                let error = place(partner).into_iter().fold(error, |error, span| error.at(span, "this partner"));
                return Some(
                    place(*other).into_iter().fold(error, |error, span| error.other(span, "the other partner")),
                );
            }
        }
    }
    None
}
