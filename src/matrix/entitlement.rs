//! What a partner is entitled to: its tier and its lists (G12).

use std::sync::Arc;

use crate::catalog::Catalog;
use crate::catalog::settings::{AxisId, Settings};
use crate::diag::{Diagnostic, Diagnostics, nearest};
use crate::syntax::tree::Node;

use super::combinations::{Combinations, Exclusions, Values};
use super::query::{Query, Reached};

/// A partner's values for each axis: the list of a matrix axis, the one value of a derived axis.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct Entitlement {
    /// Each in order, and never empty.
    choices: Vec<Vec<Option<usize>>>,
    exclude: Exclusions,
}

/// The key of a partner's record that an axis is derived from.
fn of_partner(from: &str) -> &str {
    from.strip_prefix("partner.").unwrap_or(from)
}

impl Entitlement {
    /// Whether a key of a partner's record says something of it.
    pub fn is_read_from(settings: &Settings, key: &str) -> bool {
        key == "exclude"
            || settings.matrix_axes().any(|axis| *settings.axis(axis).folder == *key)
            || settings.axes.iter().filter_map(|axis| axis.from.as_deref()).any(|from| of_partner(from) == key)
    }

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
            let found = ids.iter().filter_map(|id| value(catalog, axis, id, partner, diagnostics));
            choices[axis.0] = found.map(Some).collect();
            choices[axis.0].sort_unstable();
            choices[axis.0].dedup();
            choices[axis.0].shrink_to_fit();
        }
        for axis in settings.axis_ids() {
            let Some(from) = &settings.axis(axis).from else { continue };
            let key = of_partner(from);
            match map.get(key) {
                Some(node) => choices[axis.0] = vec![value(catalog, axis, node, partner, diagnostics)],
                None => diagnostics.push(
                    Diagnostic::error("E-REQUIRED", format!("partner `{partner}` has no {key}"))
                        .at(record.span, "")
                        .help(format!("write `{key}:` with one of {}", named(&ids(catalog, axis)))),
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

    /// The values of an axis.
    pub fn choices(&self, axis: AxisId) -> &[Option<usize>] {
        &self.choices[axis.0]
    }

    /// Every combination of the lists that is not excluded.
    pub fn combinations(&self) -> Combinations<'_> {
        Combinations::new(self.choices.clone(), &self.exclude)
    }

    /// Those of some of the values of each axis.
    pub fn among(&self, is_meant: impl Fn(AxisId, Option<usize>) -> bool) -> Combinations<'_> {
        let lists = self.choices.iter().enumerate();
        let meant = lists.map(|(axis, list)| list.iter().copied().filter(|&one| is_meant(AxisId(axis), one)).collect());
        Combinations::new(meant.collect(), &self.exclude)
    }

    /// How many combinations there are.
    pub fn count(&self) -> usize {
        self.exclude.count(&self.choices)
    }

    /// How many combinations come before one of them.
    pub fn before(&self, values: &[Option<usize>]) -> Option<usize> {
        self.exclude.before(&self.choices, values)
    }

    /// The combinations that queries name which have come so far by the partner's id. What no query can name any
    /// more is not followed.
    pub fn named(&self, catalog: &Catalog, queries: &[Query], reached: &[Reached]) -> Vec<Values> {
        let axes: Vec<AxisId> = catalog.settings.matrix_axes().collect();
        let mut values: Values = self.choices.iter().map(|list| list[0]).collect();
        let mut found = Vec::new();
        self.follow(catalog, queries, &axes, reached, &mut values, &mut found);
        found
    }

    fn follow(
        &self,
        catalog: &Catalog,
        queries: &[Query],
        axes: &[AxisId],
        reached: &[Reached],
        values: &mut Values,
        found: &mut Vec<Values>,
    ) {
        if reached.iter().all(Reached::is_lost) {
            return;
        }
        let Some((axis, rest)) = axes.split_first() else {
            let is_named = queries.iter().zip(reached).any(|(query, reached)| query.ends(reached));
            if is_named && !self.exclude.has(values) {
                found.push(values.clone());
            }
            return;
        };
        for &value in &self.choices[axis.0] {
            values[axis.0] = value;
            match value {
                None => self.follow(catalog, queries, rest, reached, values, found),
                Some(value) => {
                    let id = &catalog.axes[axis.0].at(value).id;
                    let steps = queries.iter().zip(reached).map(|(query, reached)| query.step(reached, id));
                    self.follow(catalog, queries, rest, &steps.collect::<Vec<_>>(), values, found);
                }
            }
        }
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
            None => error.help(format!("there are {}", named(&known))),
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

/// How many of the known values a hint names.
const NAMED: usize = 20;

fn named(known: &[&str]) -> String {
    let list = known[..known.len().min(NAMED)].join(", ");
    if known.len() > NAMED { format!("{list} and {} more", known.len() - NAMED) } else { list }
}

fn ids(catalog: &Catalog, axis: AxisId) -> Vec<&str> {
    catalog.axes[axis.0].ids().collect()
}

fn exclusions(catalog: &Catalog, node: &Node, partner: &str, diagnostics: &mut Diagnostics) -> Exclusions {
    let mut list = Exclusions::default();
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
            list.add(bound);
        }
    }
    list
}
