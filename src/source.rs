//! Texts with identity, and places in them.
//!
//! Every input file becomes one [`Source`]. A [`Span`] is a byte range in one source; it is all that
//! the phases carry around. Lines and columns are counted only when something is said to the user.

use std::sync::Arc;

use crate::paths::InputPath;

/// Names one source within a [`Sources`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceId(pub u32);

/// A byte range of one source. `start <= end`, both on character boundaries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    pub source: SourceId,
    pub start: u32,
    pub end: u32,
}

impl Span {
    /// The range `start..end` of `source`.
    pub fn new(source: SourceId, start: usize, end: usize) -> Self {
        Self { source, start: start as u32, end: end as u32 }
    }

    /// The empty place at the very start of `source`: for what concerns a file as a whole.
    pub fn file(source: SourceId) -> Self {
        Self::new(source, 0, 0)
    }

    /// The smallest span that covers both; `other` must be of the same source.
    pub fn to(self, other: Span) -> Self {
        debug_assert_eq!(self.source, other.source);
        Self { source: self.source, start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}

/// A value together with the place it was written at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spanned<T> {
    pub value: T,
    pub span: Span,
}

impl<T> Spanned<T> {
    pub fn new(value: T, span: Span) -> Self {
        Self { value, span }
    }
}

/// One input text: valid UTF-8, without a byte order mark, with its line ends as they were written.
#[derive(Debug)]
pub struct Source {
    pub path: InputPath,
    pub text: Arc<str>,
    line_starts: Vec<u32>,
}

/// A place as people count it: both from 1, columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    pub line: u32,
    pub column: u32,
}

impl Source {
    fn new(path: InputPath, text: Arc<str>) -> Self {
        let starts = memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at as u32 + 1);
        let line_starts = std::iter::once(0).chain(starts).collect();
        Self { path, text, line_starts }
    }

    /// The line and column of a byte offset; an offset past the end is the end.
    pub fn position(&self, offset: u32) -> Position {
        let mut offset = (offset as usize).min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        let line = self.line_starts.partition_point(|&start| start as usize <= offset) - 1;
        let column = self.text[self.line_starts[line] as usize..offset].chars().count();
        Position { line: line as u32 + 1, column: column as u32 + 1 }
    }

    /// The text of a line counted from 1, without its line end.
    pub fn line(&self, line: u32) -> &str {
        let Some(&start) = self.line_starts.get(line as usize - 1) else { return "" };
        let end = self.line_starts.get(line as usize).map_or(self.text.len(), |&next| next as usize);
        self.text[start as usize..end].trim_end_matches(['\n', '\r'])
    }
}

/// All input texts of a run. Sources are only ever added, so a [`Span`] stays valid.
#[derive(Debug, Default)]
pub struct Sources {
    sources: Vec<Source>,
}

impl Sources {
    /// Adds a text and names it.
    pub fn add(&mut self, path: InputPath, text: impl Into<Arc<str>>) -> SourceId {
        self.sources.push(Source::new(path, text.into()));
        SourceId(self.sources.len() as u32 - 1)
    }

    pub fn get(&self, id: SourceId) -> &Source {
        &self.sources[id.0 as usize]
    }

    pub fn iter(&self) -> impl Iterator<Item = &Source> {
        self.sources.iter()
    }

    /// The text that a span covers.
    pub fn text(&self, span: Span) -> &str {
        &self.get(span.source).text[span.start as usize..span.end as usize]
    }

    /// Where a span begins, as people count it.
    pub fn position(&self, span: Span) -> Position {
        self.get(span.source).position(span.start)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_after_crlf_tabs_and_multibyte_text() {
        let mut sources = Sources::default();
        let text = "a\r\n\tüb: x\n";
        let id = sources.add(InputPath::new("a.yaml").unwrap(), text);
        let at = text.find('x').unwrap();
        let position = sources.position(Span::new(id, at, at + 1));
        assert_eq!(position, Position { line: 2, column: 6 });
        assert_eq!(sources.get(id).line(2), "\tüb: x");
        assert_eq!(sources.get(id).line(1), "a");
    }
}
