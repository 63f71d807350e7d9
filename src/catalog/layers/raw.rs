//! What lies in an axis' folder, sorted by value, before it is read.

use std::sync::Arc;

use crate::catalog::registry;
use crate::catalog::settings::Axis;
use crate::data::IndexMap;
use crate::diag::{Diagnostic, Diagnostics};
use crate::schema::{self, Shape};
use crate::source::Span;
use crate::syntax::csv;
use crate::syntax::tree::Node;

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
    /// Its row of a registry.
    pub row: Option<Span>,
    /// The record in that row, until it is taken for the value's.
    pub listed: Option<Node>,
}

impl RawValue<'_> {
    /// A place to name the value by.
    pub fn span(&self) -> Option<Span> {
        let file = self.single.or_else(|| self.files.iter().find(|file| file.source().is_some()).copied());
        let in_combination = || self.combinations.values().flatten().find_map(|file| file.source());
        file.and_then(|file| file.source()).or_else(in_combination).map(Span::file).or(self.row)
    }
}

impl<'a> Loader<'a> {
    /// Sorts the files of each axis by value.
    pub fn raw_values(&self, diagnostics: &mut Diagnostics) -> Vec<IndexMap<Arc<str>, RawValue<'a>>> {
        let axes = self.settings.axes.clone();
        axes.iter()
            .map(|axis| {
                let mut values: IndexMap<Arc<str>, RawValue<'a>> = IndexMap::default();
                for file in self.files_below(&axis.folder) {
                    self.sort_file(axis, file, &mut values, diagnostics);
                }
                values.sort_keys();
                values
            })
            .collect()
    }

    fn sort_file(
        &self,
        axis: &Axis,
        file: LayerFile<'a>,
        values: &mut IndexMap<Arc<str>, RawValue<'a>>,
        diagnostics: &mut Diagnostics,
    ) {
        let is_partner = &*axis.name == "partner";
        match file.path.split_once('/') {
            None if is_partner && (file.path == "registry.yaml" || file.path.ends_with(".csv")) => {
                for (id, row) in self.rows(axis, file, diagnostics) {
                    let value = values.entry(id.clone()).or_default();
                    if let Some(first) = value.row {
                        diagnostics.push(
                            Diagnostic::error("E-DUPID", format!("partner `{id}` stands in two registries"))
                                .at(row.span, "again here")
                                .other(first, "first here")
                                .help("keep one of the rows"),
                        );
                        continue;
                    }
                    value.row = Some(row.span);
                    value.listed = Some(row);
                }
            }
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

    fn rows(&self, axis: &Axis, file: LayerFile<'a>, diagnostics: &mut Diagnostics) -> Vec<(Arc<str>, Node)> {
        let Some(source) = file.source() else { return Vec::new() };
        if file.path.ends_with(".csv") {
            let record = schema::records::schema(&axis.name);
            let is_list = |column: &str| {
                let is_list_in_record = matches!(record.at(column), Some(Shape::List(_) | Shape::Set));
                is_list_in_record || self.settings.matrix_axes().any(|id| &*self.settings.axis(id).folder == column)
            };
            match csv::parse(source, &self.workspace.sources().get(source).text, is_list) {
                Ok(rows) => rows.into_iter().map(|row| (row.id.value, row.record)).collect(),
                Err(errors) => {
                    diagnostics.append(errors);
                    Vec::new()
                }
            }
        } else {
            parse(self.workspace, source, diagnostics)
                .map(|node| registry::rows(&node, &axis.name, diagnostics))
                .unwrap_or_default()
        }
    }
}
