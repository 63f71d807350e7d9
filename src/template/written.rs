//! Paths as templates write them: `page.blocks[0].html`, `partner["name"]`.

use std::ops::Range;

use crate::data::Data;

/// The path that a range is about: the one it stands in, or what stands before it where the range is
/// a filter that was given nothing. Empty if it is about none.
pub fn path_at(template: &str, range: Range<usize>) -> Range<usize> {
    let Some(text) = template.get(range.clone()) else { return 0..0 };
    let lead = text.len() - text.trim_start_matches("{{").trim_start().len();
    let start = range.start + lead;
    if let Some(filtered) = template[..start].trim_end().strip_suffix('|').map(str::trim_end) {
        return start_of(filtered)..filtered.len();
    }
    let end = start + length(&template[start..]);
    let start = start_of(&template[..start]);
    let path = template[start..end.min(range.end).max(start)].trim_end_matches('.');
    start..start + path.len()
}

/// The shortest beginning of a path that leads to nothing; the path itself if all of it leads to something, or if it is not
/// known where it leads.
pub fn missing<'p>(path: &'p str, values: &[(&str, Data)]) -> &'p str {
    let mut ends = path.match_indices(['.', '[']).map(|(at, _)| at).filter(|at| *at > 0).chain([path.len()]);
    let is_there = |end: &usize| value(&path[..*end], values).is_some();
    match is_known(path) {
        true => ends.find(|end| !is_there(end)).map_or(path, |end| &path[..end]),
        false => path,
    }
}

/// What a path leads to, if that is told by what is written.
pub fn value(path: &str, values: &[(&str, Data)]) -> Option<Data> {
    let mut parts = parts(path);
    let root = parts.next()?;
    let root = values.iter().find(|(name, _)| Part::Name(name) == root).map(|(_, value)| value)?;
    parts.try_fold(root, |value, part| part.of(value)).cloned()
}

/// Whether nothing in it depends on a variable.
pub fn is_known(path: &str) -> bool {
    parts(path).all(|part| part != Part::Unknown)
}

#[derive(PartialEq)]
enum Part<'p> {
    Name(&'p str),
    Index(usize),
    /// What stands in brackets is another variable.
    Unknown,
}

impl Part<'_> {
    fn of<'d>(&self, value: &'d Data) -> Option<&'d Data> {
        match self {
            Self::Name(name) => value.get(name),
            Self::Index(index) => value.items().get(*index),
            Self::Unknown => None,
        }
    }
}

fn parts(path: &str) -> impl Iterator<Item = Part<'_>> {
    let mut rest = path;
    std::iter::from_fn(move || {
        let part = rest.strip_prefix('.').unwrap_or(rest);
        let end = if part.starts_with('[') { bracket(part)? } else { part.find(['.', '[']).unwrap_or(part.len()) };
        rest = &part[end..];
        let inner = part[..end].strip_prefix('[').and_then(|part| part.strip_suffix(']')).map(str::trim);
        match inner {
            None => (end > 0).then(|| Part::Name(&part[..end])),
            Some(inner) => Some(in_brackets(inner)),
        }
    })
}

fn in_brackets(inner: &str) -> Part<'_> {
    let quoted = ['"', '\''].iter().find_map(|quote| inner.strip_prefix(*quote)?.strip_suffix(*quote));
    match (quoted, inner.parse()) {
        (Some(name), _) => Part::Name(name),
        (None, Ok(index)) => Part::Index(index),
        (None, Err(_)) => Part::Unknown,
    }
}

/// How long the bracket is that a text begins with.
fn bracket(text: &str) -> Option<usize> {
    let (mut depth, mut quote) = (0, None);
    for (at, c) in text.char_indices() {
        match (c, quote) {
            (_, Some(open)) if c == open => quote = None,
            (_, Some(_)) => {}
            ('"' | '\'', None) => quote = Some(c),
            ('[', None) => depth += 1,
            (']', None) if depth == 1 => return Some(at + 1),
            (']', None) => depth -= 1,
            _ => {}
        }
    }
    None
}

/// What paths consist of, outside of brackets.
pub fn in_path(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '.')
}

/// How much of the path a text begins with.
fn length(text: &str) -> usize {
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        at += match c {
            '[' if at > 0 => match bracket(&text[at..]) {
                Some(length) => length,
                None => break,
            },
            c if in_path(c) => c.len_utf8(),
            _ => break,
        };
    }
    at
}

/// Where the path begins that a text ends with.
fn start_of(text: &str) -> usize {
    let mut start = text.len();
    loop {
        start -= text[..start].chars().rev().take_while(|c| in_path(*c)).map(char::len_utf8).sum::<usize>();
        let Some(open) = text[..start].ends_with(']').then(|| opening(&text[..start])).flatten() else { return start };
        start = open;
    }
}

/// Where the bracket begins that a text ends with.
fn opening(text: &str) -> Option<usize> {
    let (mut depth, mut quote) = (0, None);
    for (at, c) in text.char_indices().rev() {
        match (c, quote) {
            (_, Some(open)) if c == open => quote = None,
            (_, Some(_)) => {}
            ('"' | '\'', None) => quote = Some(c),
            (']', None) => depth += 1,
            ('[', None) if depth == 1 => return Some(at),
            ('[', None) => depth -= 1,
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values() -> [(&'static str, Data); 1] {
        let block = Data::map([("html", Data::from("x")), ("a.b", Data::from("y"))]);
        [("page", Data::map([("blocks", Data::list([block]))]))]
    }

    #[test]
    fn a_path_is_missing_from_its_first_part_that_is() {
        for (path, first) in [
            ("page.blocks[0].nothing", "page.blocks[0].nothing"),
            ("page.blocks[7].id", "page.blocks[7]"),
            ("page['blocks'][0][\"a.c\"].d", "page['blocks'][0][\"a.c\"]"),
            ("page.none[0].id", "page.none"),
            ("none", "none"),
            ("page.blocks[i].nothing", "page.blocks[i].nothing"),
            ("page.blocks[0].html", "page.blocks[0].html"),
        ] {
            assert_eq!(missing(path, &values()), first, "{path}");
        }
    }

    #[test]
    fn a_path_goes_on_behind_brackets() {
        let text = "x {{ page.blocks[lists['a]'][0]].id | upper }}";
        let path = "page.blocks[lists['a]'][0]].id";
        let start = text.find(path).unwrap();
        assert_eq!(&text[path_at(text, start..start + path.len())], path);
        let id = text.find("id").unwrap();
        assert_eq!(&text[path_at(text, id..id + 2)], path);
        let filter = text.find("upper").unwrap();
        assert_eq!(&text[path_at(text, filter..filter + 5)], path);
    }
}
