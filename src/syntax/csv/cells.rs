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

/// The records of a text, the header included.
pub(super) fn records(text: &str) -> Vec<Vec<Cell>> {
    let mut reader = ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut records = Vec::new();
    let mut record = StringRecord::new();
    // Reading from memory cannot fail, the text is UTF-8 and rows may have any length.
    while reader.read_record(&mut record).unwrap_or(false) {
        let start = record.position().map_or(0, |position| position.byte() as usize).min(text.len());
        records.push(cells(text, start, &record));
    }
    records
}

fn cells(text: &str, start: usize, record: &StringRecord) -> Vec<Cell> {
    let mut at = start + text[start..].len() - text[start..].trim_start_matches(['\r', '\n']).len();
    let mut cells = Vec::with_capacity(record.len());
    for value in record {
        let (end, is_closed) = cell_end(text, at);
        cells.push(cell(text, at..end, value, is_closed));
        // Behind the comma; at the record's end there is none, and no further cell.
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
fn cell_end(text: &str, start: usize) -> (usize, bool) {
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
    let end = bytes[at..].iter().position(|byte| matches!(byte, b',' | b'\n' | b'\r'));
    (end.map_or(bytes.len(), |length| at + length), true)
}
