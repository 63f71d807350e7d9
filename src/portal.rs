//! The catalogue: HQ's page of every deployment, and each partner's page of its own.
//!
//! Made from what stands in the output, so a link to a package always leads somewhere. One partner's
//! entries are in memory at a time, and a page that would come out as it is is not made.

mod entries;
mod load;
mod overview;
mod planned;
mod sums;
mod view;
mod wanted;
mod words;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::sync::Arc;

use crate::catalog::{Catalog, ids};
use crate::data::Data;
use crate::diag::{Diagnostic, Diagnostics};
use crate::digest::Digest;
use crate::emit::{Changes, Output};
use crate::guard::Approved;
use crate::inventory::Heading;
use crate::matrix::{Deployments, Holding, Matrix};
use crate::paths::OutputPath;

use entries::{Entries, Entry};
use overview::Overview;
use sums::{Sums, Whole};
use view::Place;
pub use wanted::Wanted;

/// Where the zip of a deployment lies in the output.
pub fn zip_of(id: &str) -> String {
    format!("{}/downloads/{}.zip", id.split('/').next().unwrap_or(id), id.replace('/', "-"))
}

/// Where the source map of a deployment lies in the output, if one is kept: beside its package.
pub fn map_of(id: &str) -> String {
    format!("{id}.map.json")
}

/// The partners that have a page. One whose id is none gets nothing, since its folder could be somebody else's.
fn holdings(catalog: &Catalog, deployments: &Deployments) -> Vec<Holding> {
    let partner_ids = &catalog.axes[catalog.settings.partner().0];
    let mut partners = deployments.by_partner(catalog);
    partners.retain(|holding| ids::fault(&partner_ids.at(holding.partner).id).is_none());
    partners
}

const PAGE: &str = "index.html";
const CATALOG: &str = "catalog.json";
const STYLE: &str = "catalog.css";
const SCRIPT: &str = "catalog.js";

/// Writes HQ's page and each partner's, with the packages that the output has; `unread` are those of which the workspace
/// does not tell now. The pages of a partner that it does not tell of stay as they are.
pub fn write(
    approved: &Approved,
    matrix: &Matrix,
    heading: &Heading<'_>,
    output: &Output,
    unread: &[Arc<str>],
) -> Result<Changes, Diagnostics> {
    let catalog = approved.catalog();
    let entries = Entries::new(catalog, matrix, output, unread);
    let shown = view::Shown { heading, product: words::product(catalog), documents: words::documents(catalog) };
    let pages = view::Pages::new().map_err(Diagnostics::from)?;
    let mut writer = Writer { output, changes: Changes::default(), errors: Diagnostics::default() };
    writer.note(STYLE, |path| output.put_file(path, include_bytes!("portal/catalog.css")));
    writer.note(SCRIPT, |path| output.put_file(path, include_bytes!("portal/catalog.js")));
    let mut whole = Overview::default();
    let mut sums = Sums::new(output);
    let mut by_region = BTreeMap::new();
    let none = BTreeSet::new();
    for (partner, own) in entries.by_partner() {
        sums.partner(&mut writer, partner, &own);
        let overview = Overview::of(&own);
        let files = sums::beside(output, partner);
        let planned = sums::digest(output, partner).unwrap_or_else(|error| {
            writer.errors.push(error);
            None
        });
        let digest = |file: &str, sums: &[String], planned| shown.digest(&overview, file, Some(partner), sums, planned);
        writer.put(&format!("{partner}/{CATALOG}"), digest(CATALOG, &[], None), &mut |out| {
            view::catalog(heading, &own, partner, out)
        });
        writer.put(&format!("{partner}/{PAGE}"), digest(PAGE, &files, planned), &mut |out| {
            let whole = Whole::read(output, partner).map_err(|error| io::Error::other(error.message))?;
            let parts = whole.map(|whole| whole.packages).unwrap_or_default();
            let place = Place::Partner(partner);
            let whose =
                view::Whose { place, regions: &none, sums: &files, load: load::of(&parts), plan: planned::of(&parts) };
            pages.page(&shown, &overview, &own, whose, out)
        });
        add_by_region(&mut by_region, &own);
        whole.add(overview);
    }
    sums.all(&mut writer);
    for own in entries.unread_partners() {
        add_by_region(&mut by_region, own);
        whole.add(Overview::of(own));
    }
    let regions = sums.regions();
    for (region, overview) in by_region.iter().filter(|(region, _)| regions.contains(*region)) {
        let files = sums::of_region(output, region);
        let path = format!("{}/{region}/{PAGE}", sums::REGIONS);
        writer.put(&path, shown.digest(overview, PAGE, Some(region), &files, None), &mut |out| {
            let place = Place::Region(region);
            let own = entries.all().filter(|entry| entry.value_of(sums::REGION) == Some(region));
            let whose = view::Whose { place, regions: &none, sums: &files, load: Data::Null, plan: Data::Null };
            pages.page(&shown, overview, own, whose, out)
        });
    }
    let files = sums::of_program(output);
    let whose =
        || view::Whose { place: Place::Program, regions: &regions, sums: &files, load: Data::Null, plan: Data::Null };
    let led_to: Vec<String> = files.iter().cloned().chain(regions.iter().map(|id| id.to_string())).collect();
    let digest = |file: &str, sums: &[String]| shown.digest(&whole, file, None, sums, None);
    writer.put(CATALOG, digest(CATALOG, &[]), &mut |out| view::catalog(heading, entries.all(), "", out));
    writer.put(PAGE, digest(PAGE, &led_to), &mut |out| pages.page(&shown, &whole, entries.all(), whose(), out));
    if writer.errors.is_empty() { Ok(writer.changes) } else { Err(writer.errors) }
}

fn add_by_region(by_region: &mut BTreeMap<Arc<str>, Overview>, own: &[Entry]) {
    for (region, overview) in Overview::by_value(own, sums::REGION) {
        by_region.entry(region).or_default().add(overview);
    }
}

struct Writer<'a> {
    output: &'a Output,
    changes: Changes,
    errors: Diagnostics,
}

impl Writer<'_> {
    fn put(&mut self, path: &str, digest: Digest, fill: &mut dyn FnMut(&mut dyn Write) -> io::Result<()>) {
        let output = self.output;
        self.note(path, |path| output.put_stream(path, digest, fill));
    }

    fn note(&mut self, path: &str, put: impl FnOnce(&OutputPath) -> Result<Changes, Diagnostic>) {
        let done = OutputPath::new(path)
            .map_err(|error| Diagnostic::error("E-OUTPUT", format!("cannot write `{path}`: {error}")))
            .and_then(|path| put(&path));
        match done {
            Ok(done) => self.changes += done,
            Err(error) => self.errors.push(error),
        }
    }
}
