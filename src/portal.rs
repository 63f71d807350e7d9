//! The catalogue: HQ's page of every deployment, and each partner's page of its own.
//!
//! Made from what stands in the output, so a link to a package always leads somewhere.

mod view;
mod words;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;
use std::sync::Arc;

use crate::catalog::Catalog;
use crate::diag::{Diagnostic, Diagnostics};
use crate::emit::{Changes, Output};
use crate::guard::Approved;
use crate::matrix::{self, Matrix};
use crate::paths::OutputPath;

/// What the catalogue says of the program.
#[derive(Clone, Debug)]
pub struct Heading<'a> {
    pub program: &'a str,
    pub version: &'a str,
    pub released: String,
}

/// The paths that a whole build wants in the output; everything else of earlier builds is stale.
pub struct Wanted {
    paths: BTreeSet<String>,
}

impl Wanted {
    pub fn new(catalog: &Catalog, matrix: &Matrix) -> Self {
        let mut paths = BTreeSet::from([PAGE.to_owned(), CATALOG.to_owned(), STYLE.to_owned(), SCRIPT.to_owned()]);
        for id in matrix.ids(catalog) {
            let partner = id.split('/').next().unwrap_or(&id).to_owned();
            paths.insert(zip_of(&id));
            paths.insert(format!("{partner}/{PAGE}"));
            paths.insert(format!("{partner}/{CATALOG}"));
            paths.insert(id);
        }
        Self { paths }
    }

    pub fn has(&self, path: &str) -> bool {
        self.paths.contains(path)
    }

    /// Whether something stale at `path` stands around or within something wanted, which cannot be written
    /// before it is gone. So it is with the package of a deployment that has an axis more or less now.
    pub fn is_barred_by(&self, path: &str) -> bool {
        let below = format!("{path}/");
        let around = path.match_indices('/').any(|(at, _)| self.has(&path[..at]));
        let mut within = self.paths.range::<str, _>((Bound::Included(below.as_str()), Bound::Unbounded));
        !self.has(path) && (around || within.next().is_some_and(|inner| inner.starts_with(&below)))
    }
}

/// Where the zip of a deployment lies in the output.
pub fn zip_of(id: &str) -> String {
    format!("{}/downloads/{}.zip", id.split('/').next().unwrap_or(id), id.replace('/', "-"))
}

const PAGE: &str = "index.html";
const CATALOG: &str = "catalog.json";
const STYLE: &str = "catalog.css";
const SCRIPT: &str = "catalog.js";

/// Writes HQ's page and each partner's, with the packages that the output has.
pub fn write(
    approved: &Approved,
    matrix: &Matrix,
    heading: &Heading<'_>,
    output: &Output,
) -> Result<Changes, Diagnostics> {
    let there: BTreeSet<Arc<str>> = output.packages().into_iter().collect();
    let zips: BTreeSet<Arc<str>> = output.files().into_iter().filter(|path| path.ends_with(".zip")).collect();
    let catalog = approved.catalog();
    let entries = entries(catalog, matrix, &there, &zips);
    let shown = view::Shown { heading, product: words::product(catalog), documents: words::documents(catalog) };
    let pages = view::Pages::new().map_err(Diagnostics::from)?;
    let mut changes = Changes::default();
    let mut errors = Diagnostics::default();
    let mut put = |path: &str, bytes: &[u8]| {
        let done = OutputPath::new(path)
            .map_err(|error| Diagnostic::error("E-OUTPUT", format!("cannot write `{path}`: {error}")))
            .and_then(|path| output.put_file(&path, bytes));
        match done {
            Ok(done) => changes += done,
            Err(error) => errors.push(error),
        }
    };
    put(STYLE, include_bytes!("portal/catalog.css"));
    put(SCRIPT, include_bytes!("portal/catalog.js"));
    let all: Vec<&Entry> = entries.values().flatten().collect();
    put(CATALOG, view::catalog(heading, &all, "").as_bytes());
    put(PAGE, pages.page(&shown, &all, None)?.as_bytes());
    for (partner, entries) in &entries {
        let own: Vec<&Entry> = entries.iter().collect();
        put(&format!("{partner}/{CATALOG}"), view::catalog(heading, &own, partner).as_bytes());
        put(&format!("{partner}/{PAGE}"), pages.page(&shown, &own, Some(partner))?.as_bytes());
    }
    if errors.is_empty() { Ok(changes) } else { Err(errors) }
}

/// A deployment in the catalogue.
#[derive(Clone, Debug)]
struct Entry {
    id: String,
    /// Axis and value, with the value's name.
    axes: Vec<(Arc<str>, Arc<str>, Arc<str>)>,
    partner_name: Arc<str>,
    /// Its id and its name.
    tier: Option<(Arc<str>, Arc<str>)>,
    /// Whether the output has its package.
    built: bool,
    /// The zip, relative to the output.
    zip: Option<String>,
}

fn entries(
    catalog: &Catalog,
    matrix: &Matrix,
    there: &BTreeSet<Arc<str>>,
    zips: &BTreeSet<Arc<str>>,
) -> BTreeMap<Arc<str>, Vec<Entry>> {
    let names = words::Names::new(catalog);
    let mut by_partner: BTreeMap<Arc<str>, Vec<Entry>> = BTreeMap::new();
    for base in matrix.bases() {
        for &partner in &base.partners {
            let values = base.with_partner(catalog, partner);
            let id = matrix::id(catalog, &values);
            let zip = zip_of(&id);
            let named = |axis: &crate::catalog::settings::AxisId| {
                let value = values[axis.0]?;
                let id = catalog.axes[axis.0].at(value).id.clone();
                Some((catalog.settings.axis(*axis).name.clone(), id, names.of(*axis, value)))
            };
            let partner_axis = catalog.settings.partner();
            let partner_value = catalog.axes[partner_axis.0].at(partner);
            let tier =
                catalog.settings.axis_named("tier").and_then(|axis| named(&axis)).map(|(_, id, name)| (id, name));
            let axes: Vec<_> = catalog.settings.matrix_axes().filter_map(|axis| named(&axis)).collect();
            by_partner.entry(partner_value.id.clone()).or_default().push(Entry {
                built: there.contains(id.as_str()),
                zip: zips.contains(zip.as_str()).then_some(zip),
                id,
                axes,
                partner_name: names.of(partner_axis, partner),
                tier,
            });
        }
    }
    by_partner.values_mut().for_each(|entries| entries.sort_by(|a, b| a.id.cmp(&b.id)));
    by_partner
}
