//! What a partner is entitled to: its tier and its lists (G12).

use std::sync::Arc;

use indexmap::IndexMap;

use crate::catalog::Catalog;
use crate::catalog::settings::AxisId;
use crate::diag::{Diagnostic, Diagnostics, nearest};
use crate::syntax::tree::Node;

/// A partner's values for each axis: the list of a matrix axis, the one value of a derived axis.
pub struct Entitlement {
    choices: Vec<Vec<Option<usize>>>,
    /// Combinations that are not made: axis and value.
    exclude: Vec<Vec<(AxisId, usize)>>,
}

impl Entitlement {
    /// Reads the lists of a partner's record; `None` if one of them is wrong.
    pub fn read(catalog: &Catalog, partner: &Arc<str>, record: &Node, diagnostics: &mut Diagnostics) -> Option<Self> {
        let map = record.as_map()?;
        let settings = &catalog.settings;
        let before = diagnostics.len();
        let mut choices = vec![vec![None]; settings.axes.len()];
        let mut any_list = false;
        for axis in settings.matrix_axes() {
            let Some(list) = map.get(&settings.axis(axis).folder) else { continue };
            any_list = true;
            let ids = list.as_seq().map_or_else(|| vec![list], |items| items.iter().collect());
            if ids.is_empty() {
                diagnostics.push(not_an_id(list, &catalog.settings.axis(axis).name));
            }
            let found: IndexMap<_, _> =
                ids.iter().filter_map(|id| value(catalog, axis, id, partner, diagnostics)).map(|v| (v, ())).collect();
            choices[axis.0] = found.into_keys().map(Some).collect();
        }
        for axis in settings.axis_ids() {
            let Some(from) = &settings.axis(axis).from else { continue };
            let key = from.strip_prefix("partner.").unwrap_or(from);
            match map.get(key) {
                Some(node) => choices[axis.0] = vec![value(catalog, axis, node, partner, diagnostics)],
                None => diagnostics.push(
                    Diagnostic::error("E-REQUIRED", format!("partner `{partner}` has no {key}"))
                        .at(record.span, "")
                        .help(format!("write `{key}:` with one of {}", ids(catalog, axis).join(", "))),
                ),
            }
        }
        if !any_list {
            let lists: Vec<_> =
                settings.matrix_axes().map(|axis| format!("`{}`", settings.axis(axis).folder)).collect();
            diagnostics.push(
                Diagnostic::error("E-REQUIRED", format!("partner `{partner}` is entitled to nothing"))
                    .at(record.span, "")
                    .help(format!("give it at least one of {}", lists.join(", "))),
            );
        }
        let exclude =
            map.get("exclude").map(|node| exclusions(catalog, node, partner, diagnostics)).unwrap_or_default();
        let failed = diagnostics.iter().skip(before).any(Diagnostic::is_error);
        (!failed).then_some(Self { choices, exclude })
    }

    /// Every combination of the lists that is not excluded.
    pub fn combinations(&self) -> Vec<Vec<Option<usize>>> {
        let product = self.choices.iter().fold(vec![Vec::new()], |rows: Vec<Vec<Option<usize>>>, choices| {
            rows.iter()
                .flat_map(|row| choices.iter().map(move |&choice| [row.as_slice(), &[choice]].concat()))
                .collect()
        });
        let excluded = |row: &Vec<Option<usize>>| {
            self.exclude.iter().any(|bound| bound.iter().all(|&(axis, value)| row[axis.0] == Some(value)))
        };
        product.into_iter().filter(|row| !excluded(row)).collect()
    }
}

fn value(catalog: &Catalog, axis: AxisId, node: &Node, partner: &str, diagnostics: &mut Diagnostics) -> Option<usize> {
    let name = &catalog.settings.axis(axis).name;
    let Some(text) = node.as_text().filter(|text| !text.is_empty()) else {
        diagnostics.push(not_an_id(node, name));
        return None;
    };
    let found = catalog.axes[axis.0].index(text);
    if found.is_none() {
        let known = ids(catalog, axis);
        let error = Diagnostic::error(
            "E-UNKNOWN",
            format!("partner `{partner}` names the {name} `{text}`, which does not exist"),
        )
        .at(node.span, "");
        diagnostics.push(match nearest(text, known.iter().copied()) {
            Some(near) => error.help(format!("did you mean `{near}`?")),
            None if known.is_empty() => error.help(format!("add a file to `{}/`", catalog.settings.axis(axis).folder)),
            None => error.help(format!("there are {}", known.join(", "))),
        });
    }
    found
}

/// Something that names no value: the partner must not silently lose what it is entitled to.
fn not_an_id(node: &Node, axis: &str) -> Diagnostic {
    Diagnostic::error("E-TYPE", format!("an entitlement has to name a {axis}"))
        .at(node.span, format!("this is {}", node.kind()))
        .help(format!("write the id of a {axis}, or a list of ids"))
}

fn ids(catalog: &Catalog, axis: AxisId) -> Vec<&str> {
    catalog.axes[axis.0].ids().collect()
}

fn exclusions(
    catalog: &Catalog,
    node: &Node,
    partner: &str,
    diagnostics: &mut Diagnostics,
) -> Vec<Vec<(AxisId, usize)>> {
    let mut list = Vec::new();
    for item in node.as_seq().unwrap_or(&[]) {
        let Some(map) = item.as_map() else {
            diagnostics.push(
                Diagnostic::error("E-TYPE", "an exclusion has to be a map of axes")
                    .at(item.span, format!("this is {}", item.kind()))
                    .help("such as `{industry: healthcare, region: dach}`"),
            );
            continue;
        };
        let mut bound = Vec::new();
        for entry in &map.entries {
            match catalog.settings.axis_named(&entry.key.value) {
                Some(axis) => bound.extend(value(catalog, axis, &entry.value, partner, diagnostics).map(|v| (axis, v))),
                None => diagnostics.push(
                    Diagnostic::error("E-UNKNOWN", format!("there is no axis `{}`", entry.key.value))
                        .at(entry.key.span, "")
                        .help("axes are declared in `cobrand.yaml`"),
                ),
            }
        }
        if !bound.is_empty() {
            list.push(bound);
        }
    }
    list
}
