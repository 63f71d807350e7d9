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
//! - A row that cannot be read takes no other along. Whose it is its id tells, where that stands first, so that what
//!   is wrong behind it moves nothing; of a row that has taken in others nobody can tell whom they list.

mod cells;

use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use rayon::prelude::*;

use crate::diag::{Diagnostic, Diagnostics};
use crate::source::{SourceId, Span, Spanned};
use crate::syntax::tree::{Core, Entry, Map, Node, Scalar, Value};

use cells::{Cell, Record, Scanner};

/// How many columns a registry may have: each cell is looked for among those before it.
pub const MOST_COLUMNS: usize = 256;

/// How many rows are worth a thread.
const FEWEST_ROWS: usize = 1 << 12;

/// How many parts the path of a column may have, since what reads a record goes down as deep.
pub const MOST_PARTS: usize = 16;

/// A registry: its columns, and where its rows lie. There may be a million of them, so a record is made of a row when
/// it is asked for.
#[derive(Debug)]
pub struct Table {
    source: SourceId,
    text: Arc<str>,
    scanner: Mutex<Scanner>,
    /// How many rows were read since it was made.
    read: AtomicUsize,
    columns: Vec<Column>,
    /// Cells that are none, in the order of the header.
    blank: Vec<usize>,
    /// Where the header ends, with all that stands before it.
    head: usize,
    rows: Vec<Row>,
    /// Rows that cannot be read, of which it is known whose they are.
    broken: Vec<Row>,
    /// Where the others are: of them, or of those that they have taken in, nobody knows whose they are.
    unknown: Vec<Span>,
}

/// Where a row lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    begins: u32,
    id: (u32, u32),
    place: (u32, u32),
}

/// What is known of columns by the paths they set, and of ids.
#[derive(Clone, Copy)]
pub struct Columns<'a> {
    /// Whether a path names a list.
    pub is_list: &'a dyn Fn(&str) -> bool,
    /// Whether a path belongs to the part of a record that [`Table::part`] gives, by its first part.
    pub is_in_part: &'a dyn Fn(&str) -> bool,
    /// Whether a word may be an id.
    pub is_id: &'a dyn Fn(&str) -> bool,
}

impl Table {
    /// Reads a registry whole, but makes nothing of its rows; `None` where its header cannot be read. What is wrong is told in
    /// any case, save what stands at places that are no text: that was told when the file was read.
    pub fn read(source: SourceId, text: &Arc<str>, damaged: &[u32], known: Columns<'_>) -> (Option<Self>, Diagnostics) {
        let mut reader = Reader::new(source, text, damaged, known.is_id);
        let (mut scanner, start) = Scanner::of(text);
        let header = scanner.read(text, start);
        let (mut header, at) = header.map_or_else(|| (Vec::new(), text.len()), |record| (record.cells, record.ends));
        header.iter_mut().for_each(|cell| cell.value = cell.value.to_ascii_lowercase().into());
        let blank = blank_columns(text, &header, &mut scanner, at);
        drop_cells(&mut header, &blank);
        let columns = reader.columns(&header, known).unwrap_or_default();
        if reader.problems.has_errors() || reader.is_damaged(0..at) {
            return (None, reader.problems);
        }
        reader.rows(&mut scanner, &columns, &blank, at);
        let Reader { rows, broken, unknown, problems, .. } = reader;
        let scanner = Mutex::new(scanner);
        let (text, read) = (text.clone(), AtomicUsize::default());
        let table = Self { source, text, scanner, read, columns, blank, head: at, rows, broken, unknown };
        (Some(table), problems)
    }

    /// What says what cells mean: the header, and what stands before it.
    pub fn head(&self) -> &str {
        &self.text[..self.head]
    }

    /// Whether a column sets this path.
    pub fn has_column(&self, key: &str) -> bool {
        self.columns.iter().any(|column| matches!(&column.path[..], [only] if *only.value == *key))
    }

    /// What `read` makes of rows that say something in the columns of some paths, a part for some rows, in their order: it is
    /// told the row's id and its cells. No record is made, and all threads read.
    pub fn columns<M: Default, T: Send>(
        &self,
        paths: &[Arc<str>],
        read: impl Fn(&str, &[Said<'_>], &mut M) + Sync,
        part: impl Fn(M) -> T + Sync,
    ) -> Vec<T> {
        let is_of = |column: &Column, path: &str| column.path.iter().map(|part| &*part.value).eq(path.split('.'));
        let place = |path: &Arc<str>| self.columns.iter().position(|column| is_of(column, path));
        let places: Vec<(usize, usize)> =
            paths.iter().enumerate().filter_map(|(number, path)| Some((number, place(path)?))).collect();
        if places.is_empty() {
            return Vec::new();
        }
        let anew = self.scanner.lock().unwrap_or_else(PoisonError::into_inner).anew();
        self.read.fetch_add(self.rows.len(), Ordering::Relaxed);
        let of_rows = |rows: &[Row]| {
            let (mut scanner, mut made) = (anew(), M::default());
            for row in rows {
                let record = scanner.read_at(&self.text, row.begins as usize);
                let mut cells = record.map_or_else(Vec::new, |record| record.cells);
                drop_cells(&mut cells, &self.blank);
                let said = places.iter().filter_map(|&(number, at)| Said::of(number, cells.get(at)?));
                let said: Vec<Said<'_>> = said.collect();
                if !said.is_empty() {
                    read(self.id(*row), &said, &mut made);
                }
            }
            part(made)
        };
        self.rows.par_chunks(FEWEST_ROWS).map(of_rows).collect()
    }

    /// The paths of the columns whose first part is of some.
    pub fn columns_of(&self, is_of: impl Fn(&str) -> bool) -> Vec<Arc<str>> {
        let own = self.columns.iter().filter(|column| column.path.first().is_some_and(|part| is_of(&part.value)));
        own.map(|column| column.path.iter().map(|part| &*part.value).collect::<Vec<_>>().join(".").into()).collect()
    }

    /// How many rows were read since it was made, each as often as it was.
    pub fn rows_read(&self) -> usize {
        self.read.load(Ordering::Relaxed)
    }

    /// The text of which the cells are, with its source.
    pub fn text(&self) -> (SourceId, &Arc<str>) {
        (self.source, &self.text)
    }

    /// The paths of the columns right below one.
    pub fn columns_below(&self, above: &str) -> Vec<String> {
        let path = |column: &Column| {
            let (last, before) = column.path.split_last()?;
            let is_below = before.iter().map(|part| &*part.value).eq(above.split('.'));
            is_below.then(|| format!("{above}.{}", last.value))
        };
        self.columns.iter().filter_map(path).collect()
    }

    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// The rows that cannot be read, of which it is known whose they are.
    pub fn broken(&self) -> &[Row] {
        &self.broken
    }

    /// Whether there are rows of which nobody knows whom they list.
    pub fn is_unread(&self) -> bool {
        !self.unknown.is_empty()
    }

    /// Whether a place lies in one of those.
    pub fn is_unknown(&self, place: Span) -> bool {
        let behind = self.unknown.partition_point(|row| row.start <= place.start);
        self.unknown[..behind].last().is_some_and(|row| place.source == self.source && place.end <= row.end)
    }

    pub fn id(&self, row: Row) -> &str {
        &self.text[row.id.0 as usize..row.id.1 as usize]
    }

    /// The id of the row in which a place lies.
    pub fn whose(&self, place: Span) -> Option<&str> {
        let lies_in = |row: &&Row| place.source == self.source && place.end <= row.place.1;
        let row_of = |rows: &[Row]| {
            let behind = rows.partition_point(|row| row.begins <= place.start);
            rows[..behind].last().filter(lies_in).copied()
        };
        row_of(&self.rows).or_else(|| row_of(&self.broken)).map(|row| self.id(row))
    }

    pub fn id_span(&self, row: Row) -> Span {
        Span { source: self.source, start: row.id.0, end: row.id.1 }
    }

    /// The id of the row with this place, be it broken or not.
    pub fn id_at(&self, place: Span) -> Option<Span> {
        let is_here = |row: &&Row| self.span(**row) == place;
        let broken = || self.broken.iter().find(is_here).copied();
        self.row_at(place).or_else(broken).map(|row| self.id_span(row))
    }

    pub fn span(&self, row: Row) -> Span {
        Span { source: self.source, start: row.place.0, end: row.place.1 }
    }

    /// The row with this place, if it can be read.
    pub fn row_at(&self, place: Span) -> Option<Row> {
        let is_here = place.source == self.source;
        let at = is_here.then(|| self.rows.binary_search_by_key(&place.start, |row| row.place.0).ok())??;
        Some(self.rows[at]).filter(|&row| self.span(row) == place)
    }

    /// A map, as the record's own file would hold it; the id is not repeated in it.
    pub fn record(&self, row: Row) -> Node {
        self.node_of(row, |_| true)
    }

    /// Of the record what [`Columns::is_in_part`] says.
    pub fn part(&self, row: Row) -> Node {
        self.node_of(row, |column| column.is_in_part)
    }

    fn node_of(&self, row: Row, is_wanted: impl Fn(&Column) -> bool) -> Node {
        self.read.fetch_add(1, Ordering::Relaxed);
        // Whatever panicked elsewhere, it begins anew for each record.
        let read = self.scanner.lock().unwrap_or_else(PoisonError::into_inner).read_at(&self.text, row.begins as usize);
        let mut cells = read.map(|record| record.cells).unwrap_or_default();
        drop_cells(&mut cells, &self.blank);
        let mut record = Map::default();
        for (column, cell) in self.columns.iter().zip(&cells).filter(|(column, _)| !column.is_id && is_wanted(column)) {
            if let Some(node) = self.node(column, cell) {
                insert(&mut record, &column.path, node);
            }
        }
        shrink(&mut record);
        Node { value: Value::Map(record), span: self.span(row) }
    }

    fn node(&self, column: &Column, cell: &Cell<'_>) -> Option<Node> {
        let span = |range: Range<usize>| Span::new(self.source, range.start, range.end);
        if !column.is_list {
            return (!cell.value.is_empty()).then(|| scalar(&cell.value, span(cell.range.clone())));
        }
        let mut items = Vec::new();
        let mut at = 0;
        for item in cell.value.split(';') {
            let start = at + item.len() - item.trim_start().len();
            at += item.len() + 1;
            let item = item.trim();
            if !item.is_empty() {
                items.push(scalar(item, span(cell.part(start..start + item.len()))));
            }
        }
        (!items.is_empty()).then(|| Node { value: Value::Seq(items), span: span(cell.range.clone()) })
    }
}

/// What a row says in one of the columns that somebody asks for.
#[derive(Clone, Copy)]
pub struct Said<'c> {
    /// Which of the paths it is for.
    pub number: usize,
    pub text: &'c str,
    /// Where that stands, if it is written as it is.
    pub at: Option<usize>,
}

impl<'c> Said<'c> {
    fn of(number: usize, cell: &'c Cell<'_>) -> Option<Self> {
        (!cell.value.is_empty()).then_some(Self { number, text: &cell.value, at: cell.verbatim })
    }
}

/// A cell, for whoever changes a table: what it says and where it is written, quotes included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    pub text: String,
    pub range: Range<usize>,
}

/// The cells of all records of a table, its header first.
pub fn records(text: &str) -> Vec<Vec<Written>> {
    let written = |cell: Cell<'_>| Written { text: cell.value.into_owned(), range: cell.range };
    cells::records(text).map(|cells| cells.into_iter().map(written).collect()).collect()
}

#[derive(Debug)]
struct Column {
    /// The parts of the record path with their places.
    path: Vec<Spanned<Arc<str>>>,
    is_id: bool,
    is_list: bool,
    is_in_part: bool,
}

struct Reader<'a> {
    source: SourceId,
    text: &'a str,
    /// Places that are no text.
    damaged: &'a [u32],
    problems: Diagnostics,
    is_id: &'a dyn Fn(&str) -> bool,
    rows: Vec<Row>,
    broken: Vec<Row>,
    unknown: Vec<Span>,
}

impl<'a> Reader<'a> {
    fn new(source: SourceId, text: &'a str, damaged: &'a [u32], is_id: &'a dyn Fn(&str) -> bool) -> Self {
        let (problems, unknown) = (Diagnostics::default(), Vec::new());
        let (rows, broken) = (Vec::new(), Vec::new());
        Self { source, text, damaged, problems, is_id, rows, broken, unknown }
    }

    fn is_damaged(&self, range: Range<usize>) -> bool {
        let behind = self.damaged.partition_point(|&at| (at as usize) < range.start);
        self.damaged.get(behind).is_some_and(|&at| (at as usize) < range.end)
    }

    fn span(&self, range: Range<usize>) -> Span {
        Span::new(self.source, range.start, range.end)
    }

    fn problem(&mut self, range: Range<usize>, message: impl Into<String>, help: &str) {
        let span = self.span(range);
        self.problems.push(Diagnostic::error("E-CSV", message).at(span, "").help(help));
    }

    fn columns(&mut self, header: &[Cell<'_>], known: Columns<'_>) -> Option<Vec<Column>> {
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
            columns.push(Column {
                path: self.path(cell),
                is_id: cell.value == "id",
                is_list: (known.is_list)(&cell.value),
                is_in_part: (known.is_in_part)(cell.value.split('.').next().unwrap_or_default().trim()),
            });
        }
        self.no_double_columns(header);
        if columns.iter().any(|column| column.is_id) {
            return Some(columns);
        }
        let place = header.first().zip(header.last()).map_or(0..0, |(first, last)| first.range.start..last.range.end);
        self.problem(place, "the registry has no column `id`", "add a column `id`");
        None
    }

    fn path(&self, cell: &Cell<'_>) -> Vec<Spanned<Arc<str>>> {
        let mut at = 0;
        let part = |part: &str| {
            let range = cell.part(at..at + part.len());
            at += part.len() + 1;
            Spanned::new(part.trim().into(), self.span(range))
        };
        cell.value.split('.').take(MOST_PARTS).map(part).collect()
    }

    /// One column sets one path, and none a part of what another sets.
    fn no_double_columns(&mut self, header: &[Cell<'_>]) {
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

    fn rows(&mut self, scanner: &mut Scanner, columns: &[Column], blank: &[usize], mut at: usize) {
        let mut next = scanner.read_at(self.text, at);
        while let Some(mut record) = next {
            at = record.ends;
            drop_cells(&mut record.cells, blank);
            self.row(columns, &record);
            next = scanner.read(self.text, at);
        }
        self.rows.shrink_to_fit();
    }

    fn row(&mut self, columns: &[Column], Record { cells, begins, .. }: &Record<'_>) {
        let Some((first, last)) = cells.first().zip(cells.last()) else { return };
        if cells.iter().all(|cell| cell.value.is_empty()) {
            return;
        }
        let place = first.range.start..last.range.end;
        let id = columns.iter().zip(cells).find(|(column, _)| column.is_id).map(|(_, cell)| cell);
        let row = id.and_then(|id| self.row_of(id, *begins, &place));
        match row.filter(|_| cells.len() == columns.len() && cells.iter().all(|cell| cell.is_closed)) {
            Some(row) => self.rows.push(row),
            None => self.broken_row(columns, cells, row, place),
        }
    }

    /// Where a row lies, if its id can be read.
    fn row_of(&self, id: &Cell<'_>, begins: usize, place: &Range<usize>) -> Option<Row> {
        let at = id.verbatim.filter(|_| !id.value.is_empty() && !self.is_damaged(id.range.clone()))?;
        let span = |range: Range<usize>| (range.start as u32, range.end as u32);
        Some(Row { begins: begins as u32, id: span(at..at + id.value.len()), place: span(place.clone()) })
    }

    /// Tells what is wrong with a row, once, and keeps it for whose it is, if that can be told.
    fn broken_row(&mut self, columns: &[Column], cells: &[Cell<'_>], row: Option<Row>, place: Range<usize>) {
        let is_first = columns.first().is_some_and(|column| column.is_id);
        let own = row.filter(|row| is_first && (self.is_id)(&self.text[row.id.0 as usize..row.id.1 as usize]));
        let is_damaged = self.is_damaged(place.clone());
        if let Some(cell) = cells.iter().find(|cell| !cell.is_closed) {
            self.quotes(cell);
        } else if is_damaged {
            // It was told already.
        } else if cells.len() != columns.len() {
            let id = own.map(|row| format!(" of `{}`", &self.text[row.id.0 as usize..row.id.1 as usize]));
            let id = id.unwrap_or_default();
            let message = format!("the row{id} has {} cells, the header {}", cells.len(), columns.len());
            self.problem(place.clone(), message, "put quotes around cells that hold a comma, and keep empty cells");
        } else if let Some((_, id)) =
            columns.iter().zip(cells).find(|(column, cell)| column.is_id && !cell.value.is_empty())
        {
            self.problem(id.range.clone(), "the id has quotes in it", "write it without quotes");
        } else {
            self.problem(place.clone(), "the row has no id", "write an id of lower-case letters, digits and `-`");
        }
        let holds_others = self.text[place.clone()].trim_end().contains('\n');
        if holds_others || own.is_none() {
            self.unknown.push(self.span(place));
        }
        self.broken.extend(own);
    }

    fn quotes(&mut self, cell: &Cell<'_>) {
        if !cell.is_closed {
            let end = self.text[cell.range.start..].find(['\n', '\r']).map_or(cell.range.end, |n| cell.range.start + n);
            self.problem(
                cell.range.start..end,
                "this quote is never closed",
                "close the quote, or double it inside a cell",
            );
        }
    }
}

/// The columns without a name and a value: spreadsheets keep those in which something was once.
fn blank_columns(text: &str, header: &[Cell<'_>], scanner: &mut Scanner, mut at: usize) -> Vec<usize> {
    let mut blank: Vec<usize> = (0..header.len()).filter(|&column| header[column].value.is_empty()).collect();
    while !blank.is_empty()
        && let Some(record) = scanner.read(text, at)
    {
        at = record.ends;
        blank.retain(|&column| record.cells.get(column).is_none_or(|cell| cell.value.is_empty()));
    }
    blank
}

fn drop_cells(cells: &mut Vec<Cell<'_>>, blank: &[usize]) {
    let mut column = 0;
    cells.retain(|_| {
        column += 1;
        !blank.contains(&(column - 1))
    });
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
