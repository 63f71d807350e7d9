//! Registries as tables: columns renamed; every other cell keeps its bytes.

use crate::catalog::moved::Moved;
use crate::catalog::place::lies_in;
use crate::syntax::csv;

use super::text::{Edit, apply};
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
}
