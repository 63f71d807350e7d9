//! Two deployments that would share a download or an address: `launch` with `x-retail` and `launch-x`
//! with `retail` read alike once their parts are joined by `-`.
//!
//! That takes a value which is another one of its axis with more behind a `-`, and a value of the next axis that may
//! stand where the more stands. Few lists hold such values, so few partners' combinations are looked at one by one.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::catalog::Catalog;
use crate::catalog::settings::AxisId;
use crate::diag::Diagnostic;

use super::entitlement::Entitlement;
use super::{deployment, with_partner};

/// The names of deployments, as rows of axes whose values are joined by `-`.
struct Names<'a> {
    catalog: &'a Catalog,
    /// Of downloads, and of addresses. `None` where addresses are put together in another way.
    rows: Option<Vec<Vec<AxisId>>>,
}

impl<'a> Names<'a> {
    fn new(catalog: &'a Catalog) -> Self {
        let rows = rows(catalog).map(|mut rows| {
            rows.push(catalog.settings.matrix_axes().collect());
            rows
        });
        Self { catalog, rows }
    }

    /// Whether two combinations may have one name; if not, none have.
    fn may_clash(&self, entitlement: &Entitlement) -> bool {
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

/// Who has the names of packages: of each the deployment, and the partner it is of.
type Taken = HashMap<Arc<str>, (Arc<str>, usize)>;

/// Packages that have one name, of each partner the first. Of most partners none can have the name of another: then
/// their combinations are not looked at.
pub fn clashes(catalog: &Catalog, entitled: &[(usize, Arc<Entitlement>)]) -> Vec<Diagnostic> {
    let names = Names::new(catalog);
    let kin = kin(catalog);
    let mut may_clash: HashMap<*const Entitlement, bool> = HashMap::new();
    let mut taken = Taken::new();
    let mut found = Vec::new();
    for (partner, entitlement) in entitled {
        let alone = may_clash.entry(Arc::as_ptr(entitlement)).or_insert_with(|| names.may_clash(entitlement));
        if *alone || kin.as_ref().is_none_or(|kin| kin.contains(partner)) {
            found.extend(clash(catalog, entitlement, *partner, &mut taken));
        }
    }
    found
}

/// Partners whose ids begin or end like another's: `x` with `acme-launch` reads like `x-acme` with `launch`. `None` where
/// addresses do not name the partner, so that anybody's may be another's.
fn kin(catalog: &Catalog) -> Option<HashSet<usize>> {
    let axis = catalog.settings.partner();
    let name = format!("{{{}}}", catalog.settings.axis(axis).name);
    if !catalog.settings.base_url.contains(&name) {
        return None;
    }
    let partners = &catalog.axes[axis.0];
    let mut kin = HashSet::new();
    for (partner, id) in partners.ids().enumerate() {
        for (at, _) in id.match_indices('-') {
            for other in [&id[..at], &id[at + 1..]].into_iter().filter_map(|part| partners.index(part)) {
                kin.extend([partner, other]);
            }
        }
    }
    Some(kin)
}

/// The first name of a partner's packages that another package has too.
fn clash(catalog: &Catalog, entitlement: &Entitlement, partner: usize, taken: &mut Taken) -> Option<Diagnostic> {
    let axis = catalog.settings.partner();
    let place = |partner: usize| catalog.axes[axis.0].at(partner).span;
    for values in entitlement.combinations() {
        let deployment = deployment(catalog, &with_partner(values, axis, partner), Vec::new());
        for name in [deployment.slug, deployment.url] {
            let (first, other) = taken.entry(name.clone()).or_insert_with(|| (deployment.id.clone(), partner));
            if *first == deployment.id {
                continue;
            }
            let message = format!("`{first}` and `{}` would both be `{name}`", deployment.id);
            let error = Diagnostic::error("E-DUPID", message)
                .help("rename a value of one of the axes, or let `site.base_url` name every axis in a part of its own");
            return Some(match *other == partner {
                true => error.at(place(partner), "the partner of both"),
                false => error.at(place(partner), "this partner").other(place(*other), "the other partner"),
            });
        }
    }
    None
}
