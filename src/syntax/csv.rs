//! Registries: a CSV row becomes a record.
//!
//! - The first row names the columns by record paths (`contact.email`); one of them is `id`. Case makes no
//!   other name.
//! - Cells are separated by commas, semicolons or tabs, whichever gives the header a column `id`, or by what a first
//!   line such as `sep=;` names. They are quoted as spreadsheets do it, and trimmed. An empty cell sets nothing; a row
//!   of empty cells is no row, and a column without a name and a value is no column.
//! - In list columns, which the caller names, `;` separates the items.
//! - A cell is like a plain scalar of YAML, so the record's schema decides what it is; only words
//!   for nothing (`null`, `~`) stay texts.

mod cells;

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use crate::diag::{Diagnostic, Diagnostics};
use crate::source::{SourceId, Span, Spanned};
use crate::syntax::tree::{Core, Entry, Map, Node, Scalar, Value};

use cells::Cell;

/// How many columns a registry may have: each cell is looked for among those before it.
pub const MOST_COLUMNS: usize = 256;

/// How many parts the path of a column may have, since what reads a record goes down as deep.
pub const MOST_PARTS: usize = 16;

/// One row: a record with its id, which is not repeated inside the record.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    pub id: Spanned<Arc<str>>,
    /// A map, as the record's own file would hold it.
    pub record: Node,
}

/// Reads a registry. `is_list` says whether a column's path names a list.
pub fn parse(source: SourceId, text: &str, is_list: impl Fn(&str) -> bool) -> Result<Vec<Row>, Diagnostics> {
    let mut reader = Reader { source, text, problems: Diagnostics::default() };
    let mut records = cells::records(text);
    drop_blank_columns(&mut records);
    let mut records = records.into_iter();
    let mut header = records.next().unwrap_or_default();
    header.iter_mut().for_each(|cell| cell.value.make_ascii_lowercase());
    let columns = reader.columns(&header, &is_list);
    let mut rows = Vec::new();
    if let Some(columns) = columns {
        rows.extend(records.filter_map(|cells| reader.row(&columns, &cells)));
        reader.no_doubles(&rows);
    }
    if reader.problems.has_errors() { Err(reader.problems) } else { Ok(rows) }
}

/// A cell, for whoever changes a table: what it says and where it is written, quotes included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    pub text: String,
    pub range: Range<usize>,
}

/// The cells of all records of a table, its header first.
pub fn records(text: &str) -> Vec<Vec<Written>> {
    let written = |cell: Cell| Written { text: cell.value, range: cell.range };
    cells::records(text).into_iter().map(|cells| cells.into_iter().map(written).collect()).collect()
}

struct Column {
    /// The parts of the record path with their places.
    path: Vec<Spanned<Arc<str>>>,
    is_id: bool,
    is_list: bool,
}

struct Reader<'a> {
    source: SourceId,
    text: &'a str,
    problems: Diagnostics,
}

impl Reader<'_> {
    fn span(&self, range: Range<usize>) -> Span {
        Span::new(self.source, range.start, range.end)
    }

    fn problem(&mut self, range: Range<usize>, message: impl Into<String>, help: &str) {
        let span = self.span(range);
        self.problems.push(Diagnostic::error("E-CSV", message).at(span, "").help(help));
    }

    fn columns(&mut self, header: &[Cell], is_list: &impl Fn(&str) -> bool) -> Option<Vec<Column>> {
        if let Some(first) = header.get(MOST_COLUMNS) {
            let message = format!("the registry has {} columns, and may have {MOST_COLUMNS}", header.len());
            self.problem(first.range.clone(), message, "delete the columns that set nothing");
            return None;
        }
        let mut columns = Vec::with_capacity(header.len());
        for cell in header {
            self.quotes(cell);
            if cell.value.split('.').any(|part| part.trim().is_empty()) {
                self.problem(cell.range.clone(), "this column has no name", "name it by the record path it sets");
            }
            if cell.value.split('.').nth(MOST_PARTS).is_some() {
                let message = format!("the path of this column has more than {MOST_PARTS} parts");
                self.problem(cell.range.clone(), message, "name it by the record path it sets");
            }
            columns.push(Column { path: self.path(cell), is_id: cell.value == "id", is_list: is_list(&cell.value) });
        }
        self.no_double_columns(header);
        if columns.iter().any(|column| column.is_id) {
            return Some(columns);
        }
        let place = header.first().zip(header.last()).map_or(0..0, |(first, last)| first.range.start..last.range.end);
        self.problem(place, "the registry has no column `id`", "add a column `id`");
        None
    }

    fn path(&self, cell: &Cell) -> Vec<Spanned<Arc<str>>> {
        let mut at = 0;
        let part = |part: &str| {
            let range = cell.part(at..at + part.len());
            at += part.len() + 1;
            Spanned::new(part.trim().into(), self.span(range))
        };
        cell.value.split('.').take(MOST_PARTS).map(part).collect()
    }

    /// One column sets one path, and none a part of what another sets.
    fn no_double_columns(&mut self, header: &[Cell]) {
        for (at, cell) in header.iter().enumerate() {
            let Some(first) = header[..at].iter().find(|first| overlap(&first.value, &cell.value)) else { continue };
            let message = if first.value == cell.value {
                format!("the column `{}` stands twice", cell.value)
            } else {
                format!("the columns `{}` and `{}` set the same value", first.value, cell.value)
            };
            self.problems.push(
                Diagnostic::error("E-DUPKEY", message)
                    .at(self.span(cell.range.clone()), "second time")
                    .other(self.span(first.range.clone()), "first time")
                    .help("delete one of the two columns"),
            );
        }
    }

    fn row(&mut self, columns: &[Column], cells: &[Cell]) -> Option<Row> {
        let place = cells.first()?.range.start..cells.last()?.range.end;
        if cells.iter().all(|cell| cell.value.is_empty()) {
            return None;
        }
        cells.iter().for_each(|cell| self.quotes(cell));
        if cells.len() != columns.len() {
            let message = format!("the row has {} cells, the header {}", cells.len(), columns.len());
            self.problem(place, message, "put quotes around cells that hold a comma, and keep empty cells");
            return None;
        }
        let id = columns.iter().zip(cells).find(|(column, _)| column.is_id).map(|(_, cell)| cell)?;
        if id.value.is_empty() {
            self.problem(place, "the row has no id", "write an id of lower-case letters, digits and `-`");
            return None;
        }
        let mut record = Map::default();
        for (column, cell) in columns.iter().zip(cells).filter(|(column, _)| !column.is_id) {
            if let Some(node) = self.node(column, cell) {
                insert(&mut record, &column.path, node);
            }
        }
        shrink(&mut record);
        let id = Spanned::new(id.value.as_str().into(), self.span(id.range.clone()));
        Some(Row { id, record: Node { value: Value::Map(record), span: self.span(place) } })
    }

    fn node(&self, column: &Column, cell: &Cell) -> Option<Node> {
        let span = self.span(cell.range.clone());
        if !column.is_list {
            return (!cell.value.is_empty()).then(|| scalar(&cell.value, span));
        }
        let mut items = Vec::new();
        let mut at = 0;
        for item in cell.value.split(';') {
            let start = at + item.len() - item.trim_start().len();
            at += item.len() + 1;
            let item = item.trim();
            if !item.is_empty() {
                items.push(scalar(item, self.span(cell.part(start..start + item.len()))));
            }
        }
        (!items.is_empty()).then_some(Node { value: Value::Seq(items), span })
    }

    fn quotes(&mut self, cell: &Cell) {
        if !cell.is_closed {
            let end = self.text[cell.range.start..].find(['\n', '\r']).map_or(cell.range.end, |n| cell.range.start + n);
            self.problem(
                cell.range.start..end,
                "this quote is never closed",
                "close the quote, or double it inside a cell",
            );
        }
    }

    fn no_doubles(&mut self, rows: &[Row]) {
        let mut seen: BTreeMap<&str, Span> = BTreeMap::new();
        for row in rows {
            let id = &row.id;
            match seen.get(&*id.value) {
                None => {
                    seen.insert(&id.value, id.span);
                }
                Some(&first) => self.problems.push(
                    Diagnostic::error("E-DUPID", format!("the id `{}` stands twice in this registry", id.value))
                        .at(id.span, "second time")
                        .other(first, "first time")
                        .help("keep one of the two rows"),
                ),
            }
        }
    }
}

/// Spreadsheets keep columns in which something was once.
fn drop_blank_columns(records: &mut [Vec<Cell>]) {
    let is_blank =
        |column: usize| records.iter().all(|cells| cells.get(column).is_none_or(|cell| cell.value.is_empty()));
    let width = records.first().map_or(0, Vec::len);
    let blank: Vec<usize> = (0..width).filter(|&column| is_blank(column)).collect();
    if blank.is_empty() {
        return;
    }
    for cells in records {
        let mut column = 0;
        cells.retain(|_| {
            column += 1;
            !blank.contains(&(column - 1))
        });
    }
}

/// Whether two record paths are equal or one lies in the other.
fn overlap(one: &str, other: &str) -> bool {
    let (short, long) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    long.strip_prefix(short).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

fn scalar(text: &str, span: Span) -> Node {
    let scalar = Scalar { text: text.into(), plain: true };
    let plain = scalar.core() != Core::Null;
    Node { value: Value::Scalar(Scalar { plain, ..scalar }), span }
}

/// Puts a value at a path; the columns' paths do not overlap, so what is on the way are maps.
fn insert(map: &mut Map, path: &[Spanned<Arc<str>>], node: Node) {
    let Some((key, rest)) = path.split_first() else { return };
    if rest.is_empty() {
        map.entries.push(Entry { key: key.clone(), value: node });
        return;
    }
    let at = map.entries.iter().position(|entry| entry.key.value == key.value).unwrap_or_else(|| {
        let value = Node { value: Value::Map(Map::default()), span: node.span };
        map.entries.push(Entry { key: key.clone(), value });
        map.entries.len() - 1
    });
    let inner = &mut map.entries[at].value;
    inner.span = inner.span.to(node.span);
    if let Value::Map(inner) = &mut inner.value {
        insert(inner, rest, node);
    }
}

/// Gives back the room that nothing came into: a registry has thousands of rows.
fn shrink(map: &mut Map) {
    map.entries.shrink_to_fit();
    for entry in &mut map.entries {
        if let Value::Map(inner) = &mut entry.value.value {
            shrink(inner);
        }
    }
}

#[cfg(test)]
mod tests;
