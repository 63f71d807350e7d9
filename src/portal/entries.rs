//! The deployments as the catalogue shows them.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::catalog::Catalog;
use crate::catalog::settings::AxisId;
use crate::emit::Output;
use crate::matrix::{self, Deployments, Holding, Matrix};

use super::words::Names;
use super::{holdings, zip_of};

/// The largest program of which the catalogue lists all deployments; of a larger one it lists those that are built, so
/// that a build of a few costs what these cost.
pub const MOST_LISTED: usize = 200_000;

/// A deployment in the catalogue.
#[derive(Clone, Debug)]
pub struct Entry {
    pub id: String,
    /// Axis and value, with the value's name.
    pub axes: Vec<(Arc<str>, Arc<str>, Arc<str>)>,
    pub partner_name: Arc<str>,
    /// Its id and its name.
    pub tier: Option<(Arc<str>, Arc<str>)>,
    /// Whether the output has its package.
    pub built: bool,
    /// The zip, relative to the output.
    pub zip: Option<String>,
}

impl Entry {
    /// The id of its value of an axis.
    pub fn value_of(&self, axis: &str) -> Option<&Arc<str>> {
        self.axes.iter().find(|(known, ..)| **known == *axis).map(|(_, id, _)| id)
    }
}

fn partner_of(id: &str) -> &str {
    id.split('/').next().unwrap_or(id)
}

/// All entries; each is made when it is asked for.
pub struct Entries<'a> {
    catalog: &'a Catalog,
    deployments: Arc<Deployments>,
    output: &'a Output,
    names: Names<'a>,
    partners: Vec<Holding>,
    /// By partner, what stands of deployments that the workspace does not tell of.
    unread: BTreeMap<String, Vec<Entry>>,
}

impl<'a> Entries<'a> {
    pub fn new(catalog: &'a Catalog, matrix: &'a Matrix, output: &'a Output, unread: &[Arc<str>]) -> Self {
        let deployments = match matrix.len() {
            0..=MOST_LISTED => matrix.all().clone(),
            _ => matrix.with_ids(catalog, &output.packages()),
        };
        let partners = holdings(catalog, &deployments);
        let mut entries =
            Self { catalog, deployments, output, names: Names::new(catalog), partners, unread: BTreeMap::new() };
        for id in unread {
            let entry = entries.unread(id);
            entries.unread.entry(partner_of(id).to_owned()).or_default().push(entry);
        }
        entries
    }

    /// The entries of partners of which nothing else is known.
    pub fn unread_partners(&self) -> impl Iterator<Item = &Vec<Entry>> {
        let partners = &self.catalog.axes[self.catalog.settings.partner().0];
        let is_known = |id: &str| self.partners.iter().any(|holding| *partners.at(holding.partner).id == *id);
        self.unread.iter().filter(move |(id, _)| !is_known(id)).map(|(_, own)| own)
    }

    /// What the path of a package tells.
    fn unread(&self, id: &str) -> Entry {
        let settings = &self.catalog.settings;
        let named = |(axis, value): (AxisId, &str)| {
            let known = self.catalog.axes[axis.0].index(value).map(|value| self.names.of(axis, value));
            (settings.axis(axis).name.clone(), Arc::from(value), known.unwrap_or_else(|| value.into()))
        };
        let axes: Vec<_> = settings.matrix_axes().zip(id.split('/')).map(named).collect();
        let partner_name = axes.iter().find(|(axis, ..)| *axis == settings.axis(settings.partner()).name);
        Entry {
            partner_name: partner_name.map_or_else(|| id.into(), |(_, _, name)| name.clone()),
            built: true,
            zip: Some(zip_of(id)).filter(|zip| self.output.has_file(zip)),
            tier: None,
            id: id.to_owned(),
            axes,
        }
    }

    /// Each partner's id with its entries, by id.
    pub fn by_partner(&self) -> impl Iterator<Item = (&'a str, Vec<Entry>)> {
        let ids = &self.catalog.axes[self.catalog.settings.partner().0];
        self.partners.iter().map(|holding| (&*ids.at(holding.partner).id, self.of(holding)))
    }

    /// The entries of all partners, in the same order.
    pub fn all(&self) -> impl Iterator<Item = Entry> {
        self.partners.iter().flat_map(|holding| self.of(holding)).chain(self.unread_partners().flatten().cloned())
    }

    fn of(&self, holding: &Holding) -> Vec<Entry> {
        let mut entries: Vec<_> =
            self.deployments.of(self.catalog, holding).map(|values| self.entry(&values, holding.partner)).collect();
        let partner = &self.catalog.axes[self.catalog.settings.partner().0].at(holding.partner).id;
        entries.extend(self.unread.get(&**partner).into_iter().flatten().cloned());
        entries.sort_unstable_by(|a, b| a.id.cmp(&b.id));
        entries
    }

    fn entry(&self, values: &[Option<usize>], partner: usize) -> Entry {
        let settings = &self.catalog.settings;
        let id = matrix::id(self.catalog, values);
        let named = |axis: AxisId| {
            let value = values[axis.0]?;
            let id = self.catalog.axes[axis.0].at(value).id.clone();
            Some((settings.axis(axis).name.clone(), id, self.names.of(axis, value)))
        };
        Entry {
            built: self.output.has_package(&id),
            zip: Some(zip_of(&id)).filter(|zip| self.output.has_file(zip)),
            axes: settings.matrix_axes().filter_map(named).collect(),
            partner_name: self.names.of(settings.partner(), partner),
            tier: settings.axis_named("tier").and_then(named).map(|(_, id, name)| (id, name)),
            id,
        }
    }
}
