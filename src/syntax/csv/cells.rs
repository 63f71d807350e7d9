//! Cells and their places. The `csv-core` crate says what the cells of a record are; where each one is
//! written it does not say, so that is read off the record's own bytes.

use std::borrow::Cow;
use std::ops::Range;

use csv_core::{ReadRecordResult, ReaderBuilder};

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Cell<'t> {
    /// Unquoted and trimmed.
    pub value: Cow<'t, str>,
    /// As written, quotes included.
    pub range: Range<usize>,
    /// Where the value starts, if it is written as it is; a cell with doubled quotes is not.
    pub verbatim: Option<usize>,
    /// Whether a quote that opens it also ends.
    pub is_closed: bool,
}

impl Cell<'_> {
    /// Where a part of the value is written; the whole cell if that can not be told.
    pub fn part(&self, part: Range<usize>) -> Range<usize> {
        match self.verbatim {
            Some(start) => start + part.start..start + part.end,
            None => self.range.clone(),
        }
    }
}

/// Reads one record at a time, wherever it begins.
#[derive(Debug)]
pub(super) struct Scanner {
    reader: csv_core::Reader,
    separator: u8,
    /// What the cells of the record hold, and where each of them ends in it.
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl Scanner {
    /// For a text, with the place of its header. Cells are separated as a line `sep=;` says, which some programs put
    /// first; else by the sign by which the header has a column `id`.
    pub fn of(text: &str) -> (Self, usize) {
        let line = text.split_inclusive('\n').next().unwrap_or_default();
        if let [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', separator] =
            *line.trim_end_matches(['\r', '\n']).as_bytes()
        {
            return (Self::new(separator), line.len());
        }
        let names_id = |separator: &u8| {
            let header = Self::new(*separator).read(text, 0);
            header.is_some_and(|record| record.cells.iter().any(|cell| cell.value.eq_ignore_ascii_case("id")))
        };
        (Self::new(b",;\t".iter().copied().find(names_id).unwrap_or(b',')), 0)
    }

    /// Makes others that read as this one does.
    pub fn anew(&self) -> impl Fn() -> Self + Sync + use<> {
        let separator = self.separator;
        move || Self::new(separator)
    }

    fn new(separator: u8) -> Self {
        let reader = ReaderBuilder::new().delimiter(separator).build();
        Self { reader, separator, bytes: Vec::new(), ends: Vec::new() }
    }

    /// The record that begins at `at`, wherever the last one was.
    pub fn read_at<'t>(&mut self, text: &'t str, at: usize) -> Option<Record<'t>> {
        // What is cloned of the crate's reader reads otherwise, and to make one takes longer than to read a record.
        self.reader.reset();
        self.read(text, at)
    }

    /// The next record, which is looked for from `at` on; `None` if there is none.
    pub fn read<'t>(&mut self, text: &'t str, at: usize) -> Option<Record<'t>> {
        let (mut read, mut written, mut cells) = (0, 0, 0);
        loop {
            let input = &text.as_bytes()[at + read..];
            let result = self.reader.read_record(input, &mut self.bytes[written..], &mut self.ends[cells..]);
            let (state, more_read, more_written, more_cells) = result;
            (read, written, cells) = (read + more_read, written + more_written, cells + more_cells);
            match state {
                ReadRecordResult::OutputFull => self.bytes.resize(2 * self.bytes.len() + 256, 0),
                ReadRecordResult::OutputEndsFull => self.ends.resize(2 * self.ends.len() + 32, 0),
                // It is told the end of the text by nothing more to read.
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::Record => break,
                ReadRecordResult::End => return None,
            }
        }
        let blank = text[at..].len() - text[at..].trim_start_matches(['\r', '\n']).len();
        Some(Record { cells: self.cells(text, at + blank, cells), begins: at + blank, ends: at + read })
    }

    fn cells<'t>(&self, text: &'t str, mut at: usize, count: usize) -> Vec<Cell<'t>> {
        let mut cells = Vec::with_capacity(count);
        let mut start = 0;
        for &stop in &self.ends[..count] {
            let (end, is_closed) = cell_end(text, at, self.separator);
            cells.push(cell(text, at..end, &self.bytes[start..stop], is_closed));
            // Behind the separator; at the record's end there is none, and no further cell.
            at = (end + 1).min(text.len());
            start = stop;
        }
        cells
    }
}

/// The cells of a record, and where it lies.
pub(super) struct Record<'t> {
    pub cells: Vec<Cell<'t>>,
    pub begins: usize,
    /// Behind it, from where on the next one is looked for.
    pub ends: usize,
}

/// The records of a text, the header included.
pub(super) fn records(text: &str) -> impl Iterator<Item = Vec<Cell<'_>>> {
    let (mut scanner, mut at) = Scanner::of(text);
    std::iter::from_fn(move || {
        let record = scanner.read(text, at)?;
        at = record.ends;
        Some(record.cells)
    })
}

fn cell<'t>(text: &'t str, raw: Range<usize>, value: &[u8], is_closed: bool) -> Cell<'t> {
    let written = &text[raw.clone()];
    let start = raw.start + written.len() - written.trim_start().len();
    let trimmed = written.trim();
    let range = start..start + trimmed.len();
    if written.as_bytes() == value {
        return Cell { value: trimmed.into(), verbatim: Some(start), range, is_closed };
    }
    // Cells end at signs of ASCII, so what they hold are whole characters.
    let value = std::str::from_utf8(value).unwrap_or_default().trim();
    let verbatim = trimmed.find(value).filter(|_| !trimmed.contains("\"\""));
    let value = verbatim.map_or_else(|| value.to_owned().into(), |at| trimmed[at..at + value.len()].into());
    Cell { value, verbatim: verbatim.map(|at| start + at), range, is_closed }
}

/// Where the cell that starts at `start` ends, and whether its quote is closed.
fn cell_end(text: &str, start: usize, separator: u8) -> (usize, bool) {
    let bytes = text.as_bytes();
    let mut at = start;
    let mut closed = None;
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
        closed = Some(at);
    }
    let end = bytes[at..].iter().position(|&byte| byte == separator || matches!(byte, b'\n' | b'\r'));
    let end = end.map_or(bytes.len(), |length| at + length);
    // Behind a line end a quote with letters behind it is no end, but opens a cell of another row.
    let is_another = |at: usize| bytes[start..at].contains(&b'\n') && !text[at + 1..end].trim().is_empty();
    (end, !closed.is_some_and(is_another))
}
