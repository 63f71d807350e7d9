//! The values of an axis: ids, records, parents.

use std::sync::Arc;

use crate::catalog::settings::Axis;
use crate::catalog::{AxisValue, AxisValues, ids, registry};
use crate::data::IndexMap;
use crate::diag::{Diagnostic, Diagnostics, nearest};
use crate::source::{Span, Spanned};
use crate::syntax::tree::{Entry, Map, Node, Value};

use super::raw::RawValue;
use super::{Loader, did_you_mean, parse};

impl<'a> Loader<'a> {
    /// The values of an axis with their parents, and the record of each.
    pub fn axis_values(
        &self,
        axis: &Axis,
        raw: &mut IndexMap<Arc<str>, RawValue<'a>>,
        diagnostics: &mut Diagnostics,
    ) -> (AxisValues, Vec<Option<Node>>) {
        let (mut values, mut records) = (AxisValues::default(), Vec::new());
        let kept = self.kept(axis);
        for (id, raw) in raw.iter_mut() {
            self.check_id(axis, id, raw, diagnostics);
            let record = self.record(axis, id, raw, diagnostics);
            let Some(span) = record.as_ref().map(|node| node.span).or_else(|| raw.span()) else { continue };
            let part = record.as_ref().map(|record| part(record, &kept));
            values.values.insert(id.clone(), AxisValue { id: id.clone(), parent: None, depth: 1, span, record: part });
            records.push(record);
        }
        values.values.shrink_to_fit();
        set_parents(axis, &mut values, diagnostics);
        (values, records)
    }

    /// The keys of a record that are read beside the merge.
    fn kept(&self, axis: &Axis) -> Vec<Arc<str>> {
        let mut kept: Vec<Arc<str>> = ["name", "parent"].map(Into::into).into();
        if &*axis.name != "partner" {
            kept.push("narrow".into());
            return kept;
        }
        kept.extend(["tier", "exclude"].map(Arc::from));
        kept.extend(self.settings.matrix_axes().map(|id| self.settings.axis(id).folder.clone()));
        let taken = self.settings.axes.iter().filter_map(|axis| axis.from.as_deref());
        kept.extend(taken.map(|from| Arc::from(from.strip_prefix("partner.").unwrap_or(from))));
        kept
    }

    fn check_id(&self, axis: &Axis, id: &str, raw: &RawValue<'_>, diagnostics: &mut Diagnostics) {
        let Some(span) = raw.span() else { return };
        if let Some(help) = ids::fault(id) {
            let shown = id.escape_debug();
            let error = Diagnostic::error("E-ID", format!("`{shown}` is no id for a {}", axis.name));
            diagnostics.push(error.at(span, "").help(help));
        }
        if let (Some(single), false) = (raw.single.and_then(|file| file.source()), raw.files.is_empty()) {
            diagnostics.push(
                Diagnostic::error("E-DUPID", format!("{} `{id}` is both a file and a folder", axis.name))
                    .at(Span::file(single), "this file")
                    .help(format!("move the file to `{}/{id}/{}.yaml`", axis.folder, axis.name)),
            );
        }
    }

    /// The record: the file, or the row, or both (the row then speaks only where the file is silent,
    /// and alone on entitlements).
    fn record(&self, axis: &Axis, id: &str, raw: &mut RawValue<'a>, diagnostics: &mut Diagnostics) -> Option<Node> {
        let name = format!("{}.yaml", axis.name);
        let file = raw.files.iter().find(|file| file.path == name).copied().or(raw.single);
        let record = file.and_then(|file| file.source()).and_then(|source| parse(self.workspace, source, diagnostics));
        match (record, raw.listed.take()) {
            (Some(record), Some(row)) => {
                let lists: Vec<_> =
                    self.settings.matrix_axes().map(|id| self.settings.axis(id).folder.clone()).collect();
                registry::refuse_own_entitlements(&record, &row, &lists, diagnostics);
                Some(registry::fill(refuse_own_parent(axis, record, diagnostics), &row, &lists))
            }
            (None, Some(row)) => Some(row),
            (Some(record), None) => Some(refuse_own_parent(axis, record, diagnostics)),
            (record, None) => {
                if file.is_none()
                    && let Some(span) = raw.span()
                {
                    diagnostics.push(
                        Diagnostic::error("E-NORECORD", format!("{} `{id}` has no record", axis.name))
                            .at(span, "")
                            .help(format!("write `{}/{id}/{name}` with at least a `name`", axis.folder)),
                    );
                }
                record
            }
        }
    }
}

/// A partner that named a parent would take over the other's texts and rights; only a registry may.
fn refuse_own_parent(axis: &Axis, record: Node, diagnostics: &mut Diagnostics) -> Node {
    let Node { value: Value::Map(mut map), span } = record else { return record };
    if let Some(at) = map.entries.iter().position(|entry| &*axis.name == "partner" && &*entry.key.value == "parent") {
        diagnostics.push(
            Diagnostic::error("E-ENTITLEMENT", "a partner's `parent` is HQ's to say")
                .at(map.entries[at].key.span, "stated here")
                .help("take the line out; HQ gives it in a registry, `partners/registry.yaml` or `partners/*.csv`"),
        );
        map.entries.remove(at);
    }
    Node { value: Value::Map(map), span }
}

/// A record with some of its keys. There are thousands of records, and the rest of each is in its layer.
fn part(record: &Node, keys: &[Arc<str>]) -> Node {
    let Some(map) = record.as_map() else { return record.clone() };
    let is_kept = |entry: &&Entry| keys.contains(&entry.key.value);
    let mut entries = Vec::with_capacity(map.entries.iter().filter(is_kept).count());
    entries.extend(map.entries.iter().filter(is_kept).cloned());
    Node { value: Value::Map(Map { entries }), span: record.span }
}

fn set_parents(axis: &Axis, values: &mut AxisValues, diagnostics: &mut Diagnostics) {
    let parents: Vec<Option<Spanned<Arc<str>>>> = values
        .iter()
        .map(|value| {
            let node = value.record.as_ref()?.as_map()?.get("parent")?;
            Some(Spanned::new(node.as_text()?.clone(), node.span))
        })
        .collect();
    for (index, parent) in parents.iter().enumerate() {
        let Some(parent) = parent else { continue };
        match values.index(&parent.value) {
            Some(at) => values.values[index].parent = Some(at),
            None => {
                let near = nearest(&parent.value, values.ids());
                diagnostics.push(
                    Diagnostic::error("E-UNKNOWN", format!("there is no {} `{}`", axis.name, parent.value))
                        .at(parent.span, "named as parent")
                        .help(did_you_mean(near, "name a value that has a file or folder")),
                );
            }
        }
    }
    for (index, parent) in parents.iter().enumerate() {
        // Once one of a circle has lost its parent, the others are in none.
        if !values.is_in_circle(index) {
            continue;
        }
        let span = parent.as_ref().map_or(values.values[index].span, |parent| parent.span);
        let message = format!("{} `{}` is its own ancestor", axis.name, values.values[index].id);
        diagnostics.push(
            Diagnostic::error("E-CYCLE", message)
                .at(span, "this parent leads back here")
                .help("take `parent` out of one of them"),
        );
        values.values[index].parent = None;
    }
    values.parents = values.iter().filter_map(|value| value.parent).collect();
    for index in 0..parents.len() {
        let depth = values.lineage(index).count();
        values.values[index].depth = u8::try_from(depth).unwrap_or(u8::MAX);
    }
}
