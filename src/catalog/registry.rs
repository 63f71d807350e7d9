//! Registries: partners that HQ lists, a row each, and their entitlements (G12).

use std::sync::Arc;

use crate::diag::{Diagnostic, Diagnostics};
use crate::syntax::tree::{Map, Node, Value};

/// The rows of `partners/registry.yaml`: a map of ids to records.
pub fn rows(node: &Node, axis: &str, diagnostics: &mut Diagnostics) -> Vec<(Arc<str>, Node)> {
    match &node.value {
        Value::Map(map) => map.entries.iter().map(|entry| (entry.key.value.clone(), entry.value.clone())).collect(),
        _ => {
            diagnostics.push(
                Diagnostic::error("E-TYPE", format!("a registry has to be a map of {axis}s by id"))
                    .at(node.span, format!("this is {}", node.kind()))
                    .help("such as `acme: {name: Acme, tier: one-to-many, …}`"),
            );
            Vec::new()
        }
    }
}

/// What a partner with a row takes from there alone: nobody widens his own rights.
pub fn refuse_own_entitlements(record: &Node, row: &Node, lists: &[Arc<str>], diagnostics: &mut Diagnostics) {
    let Some(map) = record.as_map() else { return };
    for entry in &map.entries {
        let key = &entry.key.value;
        if is_entitlement(key, lists) {
            diagnostics.push(
                Diagnostic::error(
                    "E-ENTITLEMENT",
                    format!("`{key}` is HQ's to say for a partner that stands in a registry"),
                )
                .at(entry.key.span, "stated here")
                .other(row.span, "the partner's row")
                .help("take the line out; HQ changes it in the registry"),
            );
        }
    }
}

/// The record, with the row's values where it is silent; entitlements are the row's alone.
pub fn fill(record: Node, row: &Node, lists: &[Arc<str>]) -> Node {
    match (record.value, &row.value) {
        (Value::Map(mut map), Value::Map(row)) => {
            map.entries.retain(|entry| !is_entitlement(&entry.key.value, lists));
            fill_map(&mut map, row);
            Node { value: Value::Map(map), span: record.span }
        }
        (value, _) => Node { value, span: record.span },
    }
}

fn is_entitlement(key: &Arc<str>, lists: &[Arc<str>]) -> bool {
    matches!(&**key, "tier" | "exclude") || lists.contains(key)
}

fn fill_map(map: &mut Map, row: &Map) {
    for entry in &row.entries {
        match map.entries.iter_mut().find(|own| own.key.value == entry.key.value) {
            None => map.entries.push(entry.clone()),
            Some(own) => {
                if let (Value::Map(own), Value::Map(row)) = (&mut own.value.value, &entry.value.value) {
                    fill_map(own, row);
                }
            }
        }
    }
}
