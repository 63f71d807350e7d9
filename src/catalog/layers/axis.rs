//! The values of an axis: ids, records, parents.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use crate::catalog::registry::{self, Listed, Registry};
use crate::catalog::settings::{Axis, Settings};
use crate::catalog::{AxisValue, AxisValues, ids};
use crate::data::IndexMap;
use crate::diag::{Diagnostic, Diagnostics, article, nearest};
use crate::source::{Span, Spanned};
use crate::syntax::tree::{Node, Value};

use super::raw::RawValue;
use super::{Loader, did_you_mean, parse};

/// A value that is made into layers: it has files, or a row that somebody asks for.
pub struct Speaking {
    pub value: usize,
    pub record: Option<Node>,
    pub row: Option<Span>,
}

impl<'a> Loader<'a> {
    /// The values of an axis with their parents, and those of them that speak.
    pub fn axis_values(
        &self,
        axis: &Axis,
        raw: &IndexMap<Arc<str>, RawValue<'a>>,
        rows: Vec<Listed>,
        diagnostics: &mut Diagnostics,
    ) -> (AxisValues, Vec<Speaking>) {
        let kept = kept(axis, &self.settings);
        let is_listed = |id: &str| rows.binary_search_by(|row| (*row.id).cmp(id)).is_ok();
        let alone: Vec<_> = raw.keys().filter(|id| !is_listed(id)).map(|id| (id.clone(), None)).collect();
        let mut ids: Vec<(Arc<str>, Option<Span>)> = rows.into_iter().map(|row| (row.id, Some(row.row))).collect();
        ids.extend(alone);
        ids.sort_unstable_by(|one, other| one.0.cmp(&other.0));
        let (mut values, mut speaking) = (AxisValues::default(), Vec::new());
        // Room for all at once: to grow would need twice of it for a while.
        values.values.reserve_exact(ids.len());
        for (id, row) in ids {
            let files = raw.get(&id);
            let Some(place) = files.and_then(RawValue::span).or(row) else { continue };
            self.check_id(axis, &id, place, files, diagnostics);
            let is_asked = files.is_some() || (self.asked)(&id);
            let record = is_asked.then(|| self.record(axis, &id, files, row, diagnostics)).flatten();
            let span = record.as_ref().map_or(place, |node| node.span);
            let part = record.as_ref().map(|record| registry::part(record, &kept).into());
            if is_asked {
                speaking.push(Speaking { value: values.values.len(), record, row });
            }
            values.values.insert(id.clone(), AxisValue { id, parent: None, depth: 1, span, record: part });
        }
        values.values.shrink_to_fit();
        set_parents(axis, &mut values, &self.registry, diagnostics);
        self.ancestors(&mut values, &mut speaking);
        (values, speaking)
    }

    /// What speaks for somebody speaks with him.
    fn ancestors(&self, values: &mut AxisValues, speaking: &mut Vec<Speaking>) {
        let mut next = 0;
        while let Some(parent) = speaking.get(next).map(|one| values.at(one.value).parent) {
            next += 1;
            let Some(parent) = parent.filter(|&parent| values.at(parent).record.is_none()) else { continue };
            let row = values.at(parent).span;
            let Some(record) = self.registry.record(row) else { continue };
            values.values[parent].record = self.registry.part(row).map(Box::new);
            speaking.push(Speaking { value: parent, record: Some(record), row: Some(row) });
        }
        speaking.sort_unstable_by_key(|one| one.value);
    }

    fn check_id(
        &self,
        axis: &Axis,
        id: &str,
        place: Span,
        files: Option<&RawValue<'_>>,
        diagnostics: &mut Diagnostics,
    ) {
        if let Some(help) = ids::fault(id) {
            let shown = id.escape_debug();
            let error =
                Diagnostic::error("E-ID", format!("`{shown}` is no id for {} {}", article(&axis.name), axis.name));
            diagnostics.push(error.at(place, "").help(help));
        }
        let Some(raw) = files else { return };
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
    fn record(
        &self,
        axis: &Axis,
        id: &str,
        files: Option<&RawValue<'a>>,
        row: Option<Span>,
        diagnostics: &mut Diagnostics,
    ) -> Option<Node> {
        // Without his row nobody knows what a partner is entitled to, whatever he says himself.
        let row = match row {
            Some(row) => Some(self.registry.record(row)?),
            None => None,
        };
        let Some(raw) = files else { return row };
        let name = format!("{}.yaml", axis.name);
        let file = raw.files.iter().find(|file| file.path == name).copied().or(raw.single);
        let record = file.and_then(|file| file.source()).and_then(|source| parse(self.workspace, source, diagnostics));
        match (record, row) {
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

/// The keys of a record that are read beside the merge.
pub fn kept(axis: &Axis, settings: &Settings) -> Vec<Arc<str>> {
    let mut kept: Vec<Arc<str>> = ["name", "parent", "code"].map(Into::into).into();
    if &*axis.name != "partner" {
        kept.push("narrow".into());
        return kept;
    }
    kept.extend(["tier", "exclude"].map(Arc::from));
    kept.extend(settings.matrix_axes().map(|id| settings.axis(id).folder.clone()));
    let taken = settings.axes.iter().filter_map(|axis| axis.from.as_deref());
    kept.extend(taken.map(|from| Arc::from(from.strip_prefix("partner.").unwrap_or(from))));
    kept
}

/// How many parents that there are not get the nearest name: it is looked for among all.
const MOST_HINTS: usize = 20;

fn set_parents(axis: &Axis, values: &mut AxisValues, registry: &Registry, diagnostics: &mut Diagnostics) {
    let parent_in = |record: &Node| {
        let node = record.as_map()?.get("parent")?;
        Some(Spanned::new(node.as_text()?.clone(), node.span))
    };
    let of_records = values.iter().enumerate();
    let of_records = of_records.filter_map(|(index, value)| Some((index, parent_in(value.record.as_ref()?)?)));
    let mut parents: BTreeMap<usize, Spanned<Arc<str>>> = of_records.collect();
    if *axis.name == *"partner" && registry.names("parent") {
        parents.extend(parents_in_rows(values, registry, parent_in));
    }
    let mut hints = MOST_HINTS;
    for (&index, parent) in &parents {
        match values.index(&parent.value) {
            Some(at) => values.values[index].parent = Some(at),
            None => {
                let near = (hints > 0).then(|| nearest(&parent.value, values.ids())).flatten();
                hints = hints.saturating_sub(1);
                let is_unread = &*axis.name == "partner" && registry.is_unread;
                let else_help = match is_unread {
                    true => "mend the registry first, which may list it and cannot be read",
                    false => "name a value that has a file or folder",
                };
                diagnostics.push(
                    Diagnostic::error("E-UNKNOWN", format!("there is no {} `{}`", axis.name, parent.value))
                        .at(parent.span, "named as parent")
                        .help(did_you_mean(near.filter(|_| !is_unread), else_help)),
                );
            }
        }
    }
    for index in circles(&values.values, parents.keys().copied()) {
        let message = format!("{} `{}` is its own ancestor", axis.name, values.values[index].id);
        diagnostics.push(
            Diagnostic::error("E-CYCLE", message)
                .at(parents[&index].span, "this parent leads back here")
                .help("take `parent` out of one of them"),
        );
        values.values[index].parent = None;
    }
    values.parents = values.iter().filter_map(|value| value.parent).collect();
    for index in parents.into_keys() {
        // Those above that have their depth already know the rest of the way.
        let way: Vec<usize> = values.lineage(index).take_while(|&at| values.values[at].depth == 1).collect();
        let top = way.last().and_then(|&at| values.values[at].parent).map_or(0, |above| values.values[above].depth);
        for (steps, &at) in way.iter().rev().enumerate() {
            values.values[at].depth = u8::try_from(steps + 1).unwrap_or(u8::MAX).saturating_add(top);
        }
    }
}

/// The parents of those that are not made into layers: of a million partners few have one.
fn parents_in_rows(
    values: &AxisValues,
    registry: &Registry,
    parent_in: impl Fn(&Node) -> Option<Spanned<Arc<str>>>,
) -> Vec<(usize, Spanned<Arc<str>>)> {
    let told = registry.told(vec!["parent".into()], |id| values.index(id).map(|value| value as u32));
    let mut have = told.read(|_| true, |_, row, found| found.push(row.who as usize));
    have.retain(|&value| values.at(value).record.is_none());
    have.into_iter().filter_map(|value| Some((value, parent_in(&registry.part(values.at(value).span)?)?))).collect()
}

/// Of each circle of parents the first value, in order. Each way up is gone once.
fn circles(values: &IndexMap<Arc<str>, AxisValue>, children: impl Iterator<Item = usize>) -> Vec<usize> {
    // By value the walk that came by it.
    let mut walked: HashMap<usize, usize> = HashMap::new();
    let mut found = Vec::new();
    for walk in children {
        let mut at = Some(walk);
        while let Some(index) = at {
            match walked.get(&index) {
                Some(&before) if before == walk => {
                    let circle = std::iter::successors(values[index].parent, |&at| values[at].parent);
                    found.extend(circle.take_while(|&at| at != index).chain([index]).min());
                    break;
                }
                Some(_) => break,
                None => drop(walked.insert(index, walk)),
            }
            at = values[index].parent;
        }
    }
    found.sort_unstable();
    found
}
