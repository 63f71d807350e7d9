//! Registries: partners that HQ lists, a row each, and their entitlements (G12).
//!
//! There may be a million rows, and a question is about a few of them. So all that is kept of a row is where it lies; its
//! record is made when it is asked for.
//!
//! - [`told`]: what is asked of all rows

mod told;

use std::collections::HashMap;
use std::sync::Arc;

use crate::diag::{Diagnostic, Diagnostics};
use crate::digest::Digest;
use crate::source::Span;
use crate::syntax::csv::{Row, Said, Table};
use crate::syntax::tree::{Entry, Map, Node, Value};

pub use told::{InRow, Told};

/// All rows of all registries.
#[derive(Debug, Default)]
pub struct Registry {
    tables: Vec<Table>,
    /// Those of `partners/registry.yaml`, by their places.
    written: HashMap<Span, Entry>,
    /// Rows with an id that another row has.
    again: Vec<Listed>,
    /// The keys of a record that are read beside the merge.
    kept: Vec<Arc<str>>,
    /// Whether there is one that cannot be read, so that nobody knows whom it lists.
    pub is_unread: bool,
}

/// A partner in a registry.
#[derive(Clone, Debug)]
pub struct Listed {
    pub id: Arc<str>,
    pub row: Span,
}

impl Registry {
    pub fn new(kept: Vec<Arc<str>>) -> Self {
        Self { kept, ..Self::default() }
    }

    pub fn keeps(&self, key: &str) -> bool {
        self.kept.iter().any(|kept| **kept == *key)
    }

    /// Whether a row may have a key, of those that are kept.
    pub fn names(&self, key: &str) -> bool {
        let is_written = |row: &Entry| row.value.as_map().is_some_and(|map| map.get(key).is_some());
        self.tables.iter().any(|table| table.has_column(key)) || self.written.values().any(is_written)
    }

    pub fn add_table(&mut self, table: Table) {
        self.is_unread |= table.is_unread();
        self.tables.push(table);
    }

    /// Of rows in the order of their ids those with an id of their own; the others are told.
    pub fn told_apart(&mut self, mut rows: Vec<Listed>, diagnostics: &mut Diagnostics) -> Vec<Listed> {
        rows.dedup_by(|again, first| {
            let is_again = again.id == first.id;
            if is_again {
                diagnostics.push(self.twice(again, first));
                self.again.push(again.clone());
            }
            is_again
        });
        rows
    }

    fn twice(&self, again: &Listed, first: &Listed) -> Diagnostic {
        let message = match again.row.source == first.row.source {
            true => format!("the id `{}` stands twice in this registry", again.id),
            false => format!("the id `{}` stands in two registries", again.id),
        };
        Diagnostic::error("E-DUPID", message)
            .at(self.id_place(again.row), "second time")
            .other(self.id_place(first.row), "first time")
            .help("keep one of the two rows")
    }

    fn id_place(&self, row: Span) -> Span {
        let tabled = self.tables.iter().find_map(|table| table.id_at(row));
        tabled.or_else(|| Some(self.written.get(&row)?.key.span)).unwrap_or(row)
    }

    /// The rows with an id that another row has, which stands for their partner.
    pub fn again(&self) -> &[Listed] {
        &self.again
    }

    /// Whether a place lies in a row of which nobody can tell whom it lists.
    pub fn is_unknown(&self, place: Span) -> bool {
        self.tables.iter().any(|table| table.is_unknown(place))
    }

    /// The rows of `partners/registry.yaml`: a map of ids to records.
    pub fn add_written(&mut self, node: Node, axis: &str, diagnostics: &mut Diagnostics) -> Vec<Listed> {
        let kind = node.kind();
        let Value::Map(map) = node.value else {
            diagnostics.push(
                Diagnostic::error("E-TYPE", format!("a registry has to be a map of {axis}s by id"))
                    .at(node.span, format!("this is {kind}"))
                    .help("such as `acme: {name: Acme, tier: one-to-many, …}`"),
            );
            self.is_unread = true;
            return Vec::new();
        };
        let mut add = |entry: Entry| {
            let listed = Listed { id: entry.key.value.clone(), row: entry.value.span };
            self.written.insert(listed.row, entry);
            listed
        };
        map.entries.into_iter().map(&mut add).collect()
    }

    /// The rows of all tables, one table after another, also those that cannot be read.
    pub fn tabled(&self) -> impl Iterator<Item = Listed> {
        let listed = |table: &Table, row: Row| Listed { id: table.id(row).into(), row: table.span(row) };
        self.tables.iter().flat_map(move |table| {
            let rows = table.rows().iter().chain(table.broken());
            rows.map(move |&row| listed(table, row))
        })
    }

    /// The record in a row; `None` if there is no such row, or it cannot be read.
    pub fn record(&self, row: Span) -> Option<Node> {
        match self.tabled_at(row) {
            Some((table, at)) => Some(table.record(at)),
            None => self.written.get(&row).map(|row| row.value.clone()),
        }
    }

    /// What of it is read beside the merge: entitlements, the parent, the name, the code.
    pub fn part(&self, row: Span) -> Option<Node> {
        match self.tabled_at(row) {
            Some((table, at)) => Some(table.part(at)),
            None => self.written.get(&row).map(|row| part(&row.value, &self.kept)),
        }
    }

    /// Of whom a row is in which a place lies.
    pub fn whose(&self, place: Span) -> Option<&str> {
        let lies_in = |row: &Span| row.source == place.source && row.start <= place.start && place.end <= row.end;
        let written = || self.written.iter().find(|(row, _)| lies_in(row)).map(|(_, entry)| &*entry.key.value);
        self.tables.iter().find_map(|table| table.whose(place)).or_else(written)
    }

    /// The paths right below one at which some row may say something.
    pub fn columns_below(&self, above: &str) -> Vec<String> {
        let mut found: Vec<String> = self.tables.iter().flat_map(|table| table.columns_below(above)).collect();
        for map in self.written.values().filter_map(|row| row.value.at(above)?.as_map()) {
            found.extend(map.entries.iter().map(|entry| format!("{above}.{}", entry.key.value)));
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// What rows say at some paths of their records, which are read once for it; `whose` tells of an id whose it is.
    pub fn told(&self, paths: Vec<Arc<str>>, whose: impl Fn(&str) -> Option<u32> + Sync) -> Told {
        let mut told = Told::at(paths.clone());
        for table in &self.tables {
            told.add(table, &paths, &whose);
        }
        for row in self.written.values() {
            let texts = paths.iter().enumerate().filter_map(|(at, path)| Some((at, row.value.at(path)?)));
            let texts = texts.filter_map(|(at, node)| Some((at, &**node.as_text()?)));
            let who = whose(&row.key.value);
            who.into_iter().for_each(|who| texts.clone().for_each(|(at, text)| told.add_other(who, at, text)));
        }
        told
    }

    /// How many rows were read since they were found, each as often as it was.
    pub fn rows_read(&self) -> usize {
        self.tables.iter().map(Table::rows_read).sum()
    }

    /// For each of so many partners what its row says below some keys, digested: rows of one digest say the same there. `None`
    /// where that is not known.
    pub fn digests(
        &self,
        partners: usize,
        is_asked: impl Fn(&str) -> bool,
        whose: impl Fn(&str) -> Option<usize> + Sync,
    ) -> Vec<Option<Digest>> {
        let mut digests = vec![None; if self.tables.is_empty() { 0 } else { partners }];
        for table in &self.tables {
            let paths = table.columns_of(&is_asked);
            let read = |id: &str, said: &[Said<'_>], made: &mut Vec<(usize, Digest)>| {
                let said = || said.iter().map(|said| (&paths[said.number], said.text)).collect::<Vec<_>>();
                made.extend(whose(id).map(|who| (who, Digest::of_value(&said()))));
            };
            for (who, digest) in table.columns(&paths, read, Vec::into_boxed_slice).into_iter().flatten() {
                digests[who] = Some(digest);
            }
        }
        // Which of two rows counts is not for here to say.
        self.again.iter().filter_map(|row| whose(&row.id)).for_each(|who| digests[who] = None);
        digests
    }

    /// What says what the cells of a row mean; nothing where the row says it itself.
    pub fn head(&self, row: Span) -> &str {
        self.tabled_at(row).map_or("", |(table, _)| table.head())
    }

    fn tabled_at(&self, row: Span) -> Option<(&Table, Row)> {
        self.tables.iter().find_map(|table| Some((table, table.row_at(row)?)))
    }
}

/// A record with some of its keys. There are thousands of records, and the rest of each is in its layer.
pub fn part(record: &Node, keys: &[Arc<str>]) -> Node {
    let Some(map) = record.as_map() else { return record.clone() };
    let kept = map.entries.iter().filter(|entry| keys.contains(&entry.key.value));
    let mut entries: Vec<Entry> = kept.cloned().collect();
    entries.shrink_to_fit();
    Node { value: Value::Map(Map { entries }), span: record.span }
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
