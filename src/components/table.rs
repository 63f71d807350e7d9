//! CSV that imports cleanly and that a spreadsheet does not run.
//!
//! UTF-8, comma, CRLF, quotes where needed, every row as long as the header. A cell that a
//! spreadsheet would take for a formula gets a `'` in front; no id, date, number or address of ours
//! begins that way, so imports are not affected.

use std::borrow::Cow;
use std::sync::Arc;

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
        let text = harmless(text);
        if text.contains([',', '"', '\n', '\r']) || text.starts_with(' ') || text.ends_with(' ') {
            self.bytes.push(b'"');
            self.bytes.extend_from_slice(text.replace('"', "\"\"").as_bytes());
            self.bytes.push(b'"');
        } else {
            self.bytes.extend_from_slice(text.as_bytes());
        }
    }

    pub fn finish(self) -> Arc<[u8]> {
        self.bytes.into()
    }
}

fn harmless(text: &str) -> Cow<'_, str> {
    let mut characters = text.chars();
    let runs = match (characters.next(), characters.next()) {
        (Some('=' | '+' | '@' | '\t' | '\r' | '\n'), _) => true,
        (Some('-'), Some(next)) => !next.is_ascii_digit(),
        _ => false,
    };
    if runs { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn written(rows: &[Vec<String>], columns: usize) -> Vec<Vec<String>> {
        let header: Vec<_> = (0..columns).map(|n| format!("c{n}")).collect();
        let mut table = Table::new(&header);
        rows.iter().for_each(|row| table.row(row));
        let bytes = table.finish();
        let mut reader = csv::ReaderBuilder::new().from_reader(&*bytes);
        reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect()
    }

    #[test]
    fn formulas_are_defused_and_numbers_are_not() {
        let row = ["=1+1", "+49 30", "@a", "-x", "-5", "a,\"b\"", "", "x=1"].map(str::to_owned).to_vec();
        let back = written(std::slice::from_ref(&row), row.len());
        assert_eq!(back[0], ["'=1+1", "'+49 30", "'@a", "'-x", "-5", "a,\"b\"", "", "x=1"]);
    }

    proptest! {
        #[test]
        fn any_text_reads_back_and_runs_nowhere(rows in proptest::collection::vec(proptest::collection::vec("\\PC{0,6}|[=+@\\-\"',\r\n ]{0,4}", 0..5), 0..5)) {
            let back = written(&rows, 3);
            prop_assert_eq!(back.len(), rows.len());
            for (row, read) in rows.iter().zip(&back) {
                prop_assert_eq!(read.len(), 3);
                for (column, cell) in read.iter().enumerate() {
                    let original = row.get(column).map_or("", String::as_str);
                    prop_assert_eq!(cell.strip_prefix('\'').filter(|rest| *rest == original).unwrap_or(cell), original);
                    prop_assert!(!cell.starts_with(['=', '+', '@', '\t', '\r']));
                }
            }
        }
    }
}
