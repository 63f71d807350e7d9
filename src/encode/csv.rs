//! CSV that imports cleanly and that a spreadsheet does not run.
//!
//! UTF-8, comma, CRLF, quotes where needed, every row as long as the header. Where a spreadsheet would take a
//! text for a formula, it gets a `'` in front: at the start of a cell, and behind every sign at which a spreadsheet of
//! another region parts cells. No id, date, number or address of ours begins that way, so imports are not affected.

use std::borrow::Cow;

use super::Content;
use crate::syntax::characters;

/// A table with a header.
#[derive(Clone, Debug)]
pub struct Table {
    columns: usize,
    bytes: Vec<u8>,
}

impl Table {
    pub fn new<S: AsRef<str>>(header: &[S]) -> Self {
        let mut table = Self { columns: header.len(), bytes: Vec::with_capacity(1024) };
        table.row(header);
        table
    }

    /// Adds a row. Missing cells stay empty; cells beyond the header are left out.
    pub fn row<S: AsRef<str>>(&mut self, cells: &[S]) {
        for column in 0..self.columns {
            if column > 0 {
                self.bytes.push(b',');
            }
            self.cell(cells.get(column).map_or("", S::as_ref));
        }
        self.bytes.extend_from_slice(b"\r\n");
    }

    fn cell(&mut self, text: &str) {
        self.bytes.extend_from_slice(cell(text).as_bytes());
    }

    pub fn finish(self) -> Content {
        Content(self.bytes.into())
    }
}

/// A text as a whole cell, in quotes where it needs them.
pub fn cell(text: &str) -> Cow<'_, str> {
    if text.bytes().all(is_plain) && !text.starts_with(is_opener) {
        return Cow::Borrowed(text);
    }
    let text = harmless(text);
    match text.contains([',', '"', '\n', '\r', ';', '\t']) || text.starts_with(' ') || text.ends_with(' ') {
        true => Cow::Owned(format!("\"{}\"", text.replace('"', "\"\""))),
        false => text,
    }
}

/// A sign of ids, numbers and addresses, which neither parts cells nor lets a formula begin behind it. Most cells hold
/// nothing else.
fn is_plain(byte: u8) -> bool {
    const OTHERS: &[u8] = b"_.:/?&%#~=+-@";
    byte.is_ascii_alphanumeric() || OTHERS.contains(&byte)
}

/// Where a spreadsheet of some region may begin a cell, beside the start.
const PARTS: [char; 5] = [';', ',', '\t', '\n', '\r'];

fn harmless(text: &str) -> Cow<'_, str> {
    // A negative number is no formula, if there is nothing beside it.
    if !text.contains(is_opener) || is_negative(text) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 4);
    for part in text.split_inclusive(PARTS) {
        if runs(part) {
            safe.push('\'');
        }
        safe.push_str(part);
    }
    Cow::Owned(safe)
}

/// Whether a formula begins there, as far as a spreadsheet passes over what stands before it.
fn runs(part: &str) -> bool {
    let part = part.trim_end_matches(PARTS);
    let begun = part.trim_start_matches(|c: char| c.is_whitespace() || c.is_control() || is_unseen(c) || c == '"');
    begun.starts_with(is_opener)
}

/// Signs that begin a formula, in any width.
fn is_opener(c: char) -> bool {
    matches!(c, '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠' | '﹦' | '﹢' | '﹣' | '﹫')
}

/// Signs that a spreadsheet may pass over: those that no text may hold, and those that steer how letters join and run.
fn is_unseen(c: char) -> bool {
    let steers = matches!(c, '\u{AD}' | '\u{200C}'..='\u{200F}' | '\u{2066}'..='\u{2069}');
    steers || characters::fault(c).is_some()
}

fn is_negative(text: &str) -> bool {
    let number = text.trim().strip_prefix('-').unwrap_or_default();
    let number = number.strip_suffix('%').unwrap_or(number).trim_end();
    number.starts_with(|c: char| c.is_ascii_digit()) && number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn written(rows: &[Vec<String>], columns: usize) -> Content {
        let header: Vec<_> = (0..columns).map(|n| format!("c{n}")).collect();
        let mut table = Table::new(&header);
        rows.iter().for_each(|row| table.row(row));
        table.finish()
    }

    /// As another program reads the table that parts cells so.
    fn read(bytes: &[u8], delimiter: u8) -> Vec<Vec<String>> {
        let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(bytes);
        reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect()
    }

    #[test]
    fn formulas_are_defused_and_numbers_are_not() {
        let row = [
            "=1+1",
            "+49 30",
            "@a",
            "-x",
            "-5",
            "-2.5 %",
            "a,\"b\"",
            "",
            "x=1",
            "-2+3+cmd|' /C calc'!A0",
            "Acme;=cmd",
            "＝1",
            "\u{a0}=1",
        ];
        let row = row.map(str::to_owned).to_vec();
        let back = read(&written(std::slice::from_ref(&row), row.len()), b',');
        let safe = [
            "'=1+1",
            "'+49 30",
            "'@a",
            "'-x",
            "-5",
            "-2.5 %",
            "a,\"b\"",
            "",
            "x=1",
            "'-2+3+cmd|' /C calc'!A0",
            "Acme;'=cmd",
            "'＝1",
            "'\u{a0}=1",
        ];
        assert_eq!(back[0], safe);
    }

    proptest! {
        #[test]
        fn any_text_reads_back_and_runs_nowhere(rows in proptest::collection::vec(proptest::collection::vec("\\PC{0,6}|[=+@＝\\-\"',;\t\r\n \u{a0}\u{200b}a5]{0,6}", 0..5), 0..5)) {
            let bytes = written(&rows, 3);
            let back = read(&bytes, b',');
            prop_assert_eq!(back.len(), rows.len());
            let plain = |text: &str| text.replace('\'', "");
            for (row, read) in rows.iter().zip(&back) {
                prop_assert_eq!(read.len(), 3);
                for (column, cell) in read.iter().enumerate() {
                    let original = row.get(column).map_or("", String::as_str);
                    prop_assert_eq!(plain(cell), plain(original), "nothing but what defuses it is added");
                    prop_assert!(cell.len() - original.len() <= original.matches(is_opener).count());
                }
            }
            for delimiter in [b',', b';', b'\t'] {
                for cell in read(&bytes, delimiter).iter().flatten() {
                    let begun = cell.trim_start_matches(|c: char| c.is_whitespace() || c.is_control() || is_unseen(c) || c == '"');
                    // Where cells are parted otherwise, a number may have others behind it.
                    let number = cell.split([',', '"']).next().unwrap_or_default();
                    prop_assert!(!begun.starts_with(is_opener) || is_negative(number), "{:?}", cell);
                }
            }
        }
    }
}
