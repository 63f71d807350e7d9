//! What lies in an axis' folder, sorted by value, before it is read.

use std::sync::Arc;

use rayon::prelude::*;

use crate::catalog::ids;
use crate::catalog::registry::Listed;
use crate::catalog::settings::Axis;
use crate::data::IndexMap;
use crate::diag::Diagnostics;
use crate::paths::InputPath;
use crate::schema::{self, Shape};
use crate::source::Span;
use crate::syntax::csv::{Columns, Table};

use super::{LayerFile, Loader, parse, unknown_file};

/// What lies in an axis' folder for one value, before it is read.
#[derive(Default)]
pub struct RawValue<'a> {
    /// `regions/dach.yaml`
    pub single: Option<LayerFile<'a>>,
    /// `regions/dach/…`, without combination overlays
    pub files: Vec<LayerFile<'a>>,
    /// `regions/dach/@industry=healthcare/…`
    pub combinations: IndexMap<&'a str, Vec<LayerFile<'a>>>,
}

impl RawValue<'_> {
    /// A place to name the value by.
    pub fn span(&self) -> Option<Span> {
        let file = self.single.or_else(|| self.files.iter().find(|file| file.source().is_some()).copied());
        let in_combination = || self.combinations.values().flatten().find_map(|file| file.source());
        file.and_then(|file| file.source()).or_else(in_combination).map(Span::file)
    }
}

impl<'a> Loader<'a> {
    /// Sorts the files of each axis by value, and finds the rows of registries, sorted by id.
    pub fn raw_values(
        &mut self,
        diagnostics: &mut Diagnostics,
    ) -> (Vec<IndexMap<Arc<str>, RawValue<'a>>>, Vec<Listed>) {
        let mut rows = Vec::new();
        let axes = self.settings.axes.clone();
        let mut sorted = |axis: &Axis| {
            let mut values: IndexMap<Arc<str>, RawValue<'a>> = IndexMap::default();
            for file in self.files_below(&axis.folder) {
                if &*axis.name == "partner" && is_registry(file.path) {
                    rows.extend(self.read_registry(axis, file, diagnostics));
                } else {
                    sort_file(axis, file, &mut values, diagnostics);
                }
            }
            values.sort_keys();
            values
        };
        let values = axes.iter().map(&mut sorted).collect();
        self.registry.is_unread |= self.is_registry_missing();
        rows.extend(self.registry.tabled());
        rows.par_sort_by(|one, other| one.id.cmp(&other.id));
        let rows = self.registry.told_apart(rows, diagnostics);
        (values, rows)
    }

    /// Whether a registry is there that could not be read.
    fn is_registry_missing(&self) -> bool {
        let folder = &self.settings.axis(self.settings.partner()).folder;
        let name = |path: &'a InputPath| path.as_str().strip_prefix(&**folder)?.strip_prefix('/');
        self.workspace.unread().iter().filter_map(name).any(is_registry)
    }

    /// Takes a registry in; gives the rows of one in YAML.
    fn read_registry(&mut self, axis: &Axis, file: LayerFile<'a>, diagnostics: &mut Diagnostics) -> Vec<Listed> {
        let Some(source) = file.source() else {
            self.registry.is_unread = true;
            return Vec::new();
        };
        if !file.path.ends_with(".csv") {
            let node = parse(self.workspace, source, diagnostics);
            self.registry.is_unread |= node.is_none();
            return node.map(|node| self.registry.add_written(node, &axis.name, diagnostics)).unwrap_or_default();
        }
        let record = schema::records::schema(&axis.name);
        let is_list = |column: &str| {
            let is_list_in_record = matches!(record.at(column), Some(Shape::List(_) | Shape::Set));
            is_list_in_record || self.settings.matrix_axes().any(|id| &*self.settings.axis(id).folder == column)
        };
        let is_in_part = |key: &str| self.registry.keeps(key);
        let is_id = |id: &str| ids::fault(id).is_none();
        let columns = Columns { is_list: &is_list, is_in_part: &is_in_part, is_id: &is_id };
        let (text, damaged) = (&self.workspace.sources().get(source).text, self.workspace.damaged(source));
        let (table, errors) = Table::read(source, text, damaged, columns);
        diagnostics.append(errors);
        match table {
            Some(table) => self.registry.add_table(table),
            None => self.registry.is_unread = true,
        }
        Vec::new()
    }
}

fn is_registry(path: &str) -> bool {
    !path.contains('/') && (path == "registry.yaml" || path.ends_with(".csv"))
}

fn sort_file<'a>(
    axis: &Axis,
    file: LayerFile<'a>,
    values: &mut IndexMap<Arc<str>, RawValue<'a>>,
    diagnostics: &mut Diagnostics,
) {
    match file.path.split_once('/') {
        None => match file.path.strip_suffix(".yaml") {
            Some(id) => values.entry(id.into()).or_default().single = Some(file),
            None if file.path == "README.md" => {}
            None => diagnostics.push(unknown_file(file, &axis.name)),
        },
        Some((id, path)) => {
            let value = values.entry(id.into()).or_default();
            match path.strip_prefix('@').and_then(|rest| rest.split_once('/')) {
                Some((selector, path)) => {
                    value.combinations.entry(selector).or_default().push(LayerFile { path, ..file });
                }
                None => value.files.push(LayerFile { path, ..file }),
            }
        }
    }
}
