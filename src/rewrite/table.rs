//! Registries as tables: columns renamed, rows sorted; every cell keeps its bytes.

use std::ops::Range;

use crate::catalog::moved::Moved;
use crate::catalog::place::lies_in;
use crate::syntax::csv;

use super::text::{Edit, apply, eol};
use super::yaml::Reason;

/// The table with the column that a move renames; `None` if it has none.
pub fn renamed(text: &str, axis: &str, moved: &Moved) -> Result<Option<String>, Reason> {
    let column = |place: &str| place.strip_prefix(axis)?.strip_prefix('.').map(str::to_owned);
    let Some(from) = column(&moved.from.value) else { return Ok(None) };
    let header = csv::records(text).into_iter().next().unwrap_or_default();
    let named: Vec<_> = header.iter().filter_map(|cell| Some((cell, lies_in(&cell.text, &from)?))).collect();
    if named.is_empty() {
        return Ok(None);
    }
    let to = column(&moved.to.value).ok_or("a column cannot stand for another record")?;
    let mut edits = Vec::new();
    for (cell, rest) in named {
        let written = text.get(cell.range.clone()).unwrap_or_default();
        let new = format!("{to}{rest}");
        if header.iter().any(|other| other.text == new) {
            return Err("there is a column of the new name");
        }
        edits.push(match written.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
            Some(inner) if *inner == *cell.text => Edit::new(cell.range.clone(), format!("\"{new}\"")),
            None if *written == *cell.text => Edit::new(cell.range.clone(), new),
            _ => return Err("its name is written in an unusual way"),
        });
    }
    Ok(apply(text, edits))
}

/// The table with its rows in the order of their ids.
pub fn sorted(text: &str) -> Option<String> {
    let records = csv::records(text);
    let (header, rows) = records.split_first()?;
    let id = header.iter().position(|cell| cell.text.eq_ignore_ascii_case("id"))?;
    let starts: Vec<usize> = rows.iter().filter_map(|row| Some(row.first()?.range.start)).collect();
    let mut lines: Vec<(&str, Range<usize>)> = Vec::new();
    for (index, row) in rows.iter().enumerate() {
        let start = *starts.get(index)?;
        let start = text[..start].trim_end_matches([' ', '\t']).len();
        let end = row.last()?.range.end;
        let stop = end + text[end..].find('\n').unwrap_or(text.len() - end);
        lines.push((row.get(id)?.text.as_str(), start..stop));
    }
    let first = lines.first()?.1.start;
    // Rows with blank lines between them were put apart by somebody.
    let is_dense = lines.windows(2).all(|pair| pair[1].1.start == pair[0].1.end + 1);
    if !is_dense {
        return None;
    }
    let end = lines.last()?.1.end;
    let body = &text[first..end];
    if body.contains("\r\n") && body.matches("\r\n").count() != body.matches('\n').count() {
        return None;
    }
    let mut order = lines.clone();
    order.sort_by_key(|(id, _)| *id);
    let written = |range: &Range<usize>| text.get(range.clone()).unwrap_or_default().trim_end_matches('\r').to_owned();
    let body: Vec<String> = order.iter().map(|(_, range)| written(range)).collect();
    let tail = if text[..end].ends_with('\r') { "\r" } else { "" };
    apply(text, vec![Edit::new(first..end, body.join(eol(text)) + tail)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{SourceId, Span, Spanned};

    fn moved(from: &str, to: &str) -> Moved {
        let spanned = |path: &str| Spanned::new(path.into(), Span::file(SourceId(0)));
        Moved { from: spanned(from), to: spanned(to) }
    }

    #[test]
    fn a_column_gets_its_new_path_and_keeps_its_quotes() {
        let text = "id, contact.mail ,\"contact.phone\"\r\na,x,y\r\n";
        let new = renamed(text, "partner", &moved("partner.contact", "partner.person")).unwrap().unwrap();
        assert_eq!(new, "id, person.mail ,\"person.phone\"\r\na,x,y\r\n");
        assert_eq!(renamed(text, "partner", &moved("vars.contact", "vars.x")).unwrap(), None);
        assert!(renamed(text, "partner", &moved("partner.contact.mail", "partner.contact.phone")).is_err());
    }

    #[test]
    fn rows_are_sorted_with_their_line_breaks_in_quotes() {
        let text = "name,id\r\nB,b\r\n\"A\r\nC\",a";
        assert_eq!(sorted(text).unwrap(), "name,id\r\n\"A\r\nC\",a\r\nB,b");
        assert_eq!(sorted("id\nb\n\na\n"), None);
        assert_eq!(sorted("id\nb\na\n").unwrap(), "id\na\nb\n");
    }
}
