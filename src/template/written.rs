//! Paths as templates write them: `page.blocks[0].html`, `partner["name"]`.

use std::ops::Range;

use super::Language;
use super::literal::Literals;
use super::parts::tags;
use crate::data::Data;

/// The path that a range is about: the one it stands in, or what stands before it where the range is
/// a filter that was given nothing. Empty if it is about none.
pub fn path_at(template: &str, language: Language, range: Range<usize>) -> Range<usize> {
    let holds = |tag: &Range<usize>| tag.contains(&range.start) && template.get(range.clone()).is_some();
    let Some(tag) = tags(template, language).find(holds) else { return 0..0 };
    let paths = paths(template, tag.clone());
    let start = match range.start == tag.start && template[tag].starts_with("{{") {
        true => {
            template.len() - template[range.start..].trim_start_matches(['{', '-', '+', ' ', '\t', '\n', '\r']).len()
        }
        false => range.start,
    };
    if let Some(filtered) = template[..start].trim_end().strip_suffix('|').map(|text| text.trim_end().len()) {
        return paths.into_iter().find(|path| path.end == filtered).unwrap_or(filtered..filtered);
    }
    // Of a path in another's brackets the inner one.
    match paths.into_iter().rfind(|path| path.contains(&start)) {
        Some(path) => {
            let path = path.start..path.end.min(range.end).max(start);
            path.start..path.start + template[path].trim_end_matches('.').len()
        }
        None => start..start,
    }
}

/// The paths in a stretch of a template, in the order in which they begin, each with its brackets.
pub fn paths(template: &str, stretch: Range<usize>) -> Vec<Range<usize>> {
    let (mut literals, mut found) = (Literals::default(), Vec::new());
    // Where the path began that goes on, and those in whose brackets it stands.
    let (mut start, mut around) = (None, Vec::new());
    for (at, c) in template[stretch.clone()].char_indices().map(|(at, c)| (stretch.start + at, c)) {
        match (literals.is_outside(c), c) {
            (true, c) if in_path(c) => start = start.or(Some(at)),
            (true, '[') => around.push(start.take()),
            (true, ']') => {
                found.extend(start.take().map(|start| start..at));
                start = around.pop().flatten();
            }
            _ => found.extend(start.take().map(|start| start..at)),
        }
    }
    found.extend(start.map(|start| start..stretch.end));
    found.sort_unstable_by_key(|path| path.start);
    found
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
    let (mut depth, mut literals) = (0, Literals::default());
    let mut outside = text.char_indices().filter(|(_, c)| literals.is_outside(*c));
    let (at, _) = outside.find(|(_, c)| {
        match c {
            '[' => depth += 1,
            ']' => depth -= 1,
            _ => {}
        }
        depth == 0
    })?;
    Some(at + 1)
}

/// What paths consist of, outside of brackets.
fn in_path(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '.')
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
        let text = "x {{- page.blocks[lists['a]\\'\"'][0]].id | upper }}";
        let about = |part: &str| {
            let at = text.find(part).unwrap();
            &text[path_at(text, Language::MiniJinja, at..at + part.len())]
        };
        let (path, inner) = ("page.blocks[lists['a]\\'\"'][0]].id", "lists['a]\\'\"'][0]");
        for (part, is) in [(path, path), ("id", path), ("upper", path), (inner, inner), ("page", "page")] {
            assert_eq!(about(part), is, "{part}");
        }
        assert_eq!(&text[path_at(text, Language::MiniJinja, 2..text.len())], path);
    }
}
