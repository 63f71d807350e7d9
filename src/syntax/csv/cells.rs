//! Cells and their places. The `csv` crate says what the cells of a record are; where each one is
//! written it does not say, so that is read off the record's own bytes.

use std::ops::Range;

use csv::{ReaderBuilder, StringRecord};

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Cell {
    /// Unquoted and trimmed.
    pub value: String,
    /// As written, quotes included.
    pub range: Range<usize>,
    /// Where the value starts, if it is written as it is; a cell with doubled quotes is not.
    verbatim: Option<usize>,
    /// Whether a quote that opens it also ends.
    pub is_closed: bool,
}

impl Cell {
    /// Where a part of the value is written; the whole cell if that can not be told.
    pub fn part(&self, part: Range<usize>) -> Range<usize> {
        match self.verbatim {
            Some(start) => start + part.start..start + part.end,
            None => self.range.clone(),
        }
    }
}

/// How a program wrote a table: what separates its cells, and where the header begins.
#[derive(Clone, Copy)]
struct Dialect {
    separator: u8,
    start: usize,
}

impl Dialect {
    /// As a line `sep=;` says, which some programs put first; else the sign by which the header has a column `id`.
    fn of(text: &str) -> Self {
        let line = text.split_inclusive('\n').next().unwrap_or_default();
        if let [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', separator] =
            *line.trim_end_matches(['\r', '\n']).as_bytes()
        {
            return Self { separator, start: line.len() };
        }
        let names_id = |separator: &u8| {
            let mut header = StringRecord::new();
            let read = reader(text, *separator).read_record(&mut header).unwrap_or(false);
            read && header.iter().any(|name| name.trim().eq_ignore_ascii_case("id"))
        };
        Self { separator: b",;\t".iter().copied().find(names_id).unwrap_or(b','), start: 0 }
    }
}

fn reader(text: &str, separator: u8) -> csv::Reader<&[u8]> {
    ReaderBuilder::new().has_headers(false).flexible(true).delimiter(separator).from_reader(text.as_bytes())
}

/// The records of a text, the header included.
pub(super) fn records(text: &str) -> Vec<Vec<Cell>> {
    let Dialect { separator, start: skipped } = Dialect::of(text);
    let mut reader = reader(&text[skipped..], separator);
    let mut records = Vec::new();
    let mut record = StringRecord::new();
    // Reading from memory cannot fail, the text is UTF-8 and rows may have any length.
    while reader.read_record(&mut record).unwrap_or(false) {
        let start = skipped + record.position().map_or(0, |position| position.byte() as usize);
        records.push(cells(text, start.min(text.len()), &record, separator));
    }
    records
}

fn cells(text: &str, start: usize, record: &StringRecord, separator: u8) -> Vec<Cell> {
    let mut at = start + text[start..].len() - text[start..].trim_start_matches(['\r', '\n']).len();
    let mut cells = Vec::with_capacity(record.len());
    for value in record {
        let (end, is_closed) = cell_end(text, at, separator);
        cells.push(cell(text, at..end, value, is_closed));
        // Behind the separator; at the record's end there is none, and no further cell.
        at = (end + 1).min(text.len());
    }
    cells
}

fn cell(text: &str, raw: Range<usize>, value: &str, is_closed: bool) -> Cell {
    let written = &text[raw.clone()];
    let start = raw.start + written.len() - written.trim_start().len();
    let range = start..start + written.trim().len();
    let value = value.trim();
    let verbatim = text[range.clone()].find(value).filter(|_| !text[range.clone()].contains("\"\""));
    Cell { value: value.to_owned(), verbatim: verbatim.map(|at| start + at), range, is_closed }
}

/// Where the cell that starts at `start` ends, and whether its quote is closed.
fn cell_end(text: &str, start: usize, separator: u8) -> (usize, bool) {
    let bytes = text.as_bytes();
    let mut at = start;
    if bytes.get(at) == Some(&b'"') {
        at += 1;
        loop {
            match (bytes.get(at), bytes.get(at + 1)) {
                (None, _) => return (at, false),
                (Some(b'"'), Some(b'"')) => at += 2,
                (Some(b'"'), _) => break,
                _ => at += 1,
            }
        }
    }
    let end = bytes[at..].iter().position(|&byte| byte == separator || matches!(byte, b'\n' | b'\r'));
    (end.map_or(bytes.len(), |length| at + length), true)
}
