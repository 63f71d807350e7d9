//! One Markdown text and where it lies in its source.

use std::ops::Range;
use std::sync::Arc;

use crate::source::{SourceId, Span, Spanned};

#[derive(Clone, Copy)]
pub(super) struct Page<'a> {
    pub source: SourceId,
    pub text: &'a str,
    /// The byte offset in the source at which `text` starts.
    pub base: usize,
}

impl<'a> Page<'a> {
    pub fn span(self, range: Range<usize>) -> Span {
        Span::new(self.source, self.base + range.start, self.base + range.end)
    }

    /// A part of the text with its place.
    pub fn part(self, range: Range<usize>) -> Spanned<Arc<str>> {
        Spanned::new(self.text[range.clone()].into(), self.span(range))
    }

    /// Where the line that holds `at` starts.
    pub fn line_start(self, at: usize) -> usize {
        self.text[..at].rfind(['\n', '\r']).map_or(0, |end| end + 1)
    }

    /// Where the line that holds `at` ends, before its line end.
    pub fn line_stop(self, at: usize) -> usize {
        self.text[at..].find(['\n', '\r']).map_or(self.text.len(), |length| at + length)
    }

    /// Where the line behind the one that holds `at` starts.
    pub fn next_line(self, at: usize) -> usize {
        let stop = self.line_stop(at);
        let rest = &self.text[stop..];
        stop + if rest.starts_with("\r\n") { 2 } else { usize::from(!rest.is_empty()) }
    }

    /// The lines that a range has for itself but for blanks. Looks no further than these, since a line may hold
    /// thousands of ranges.
    pub fn own_lines(self, range: &Range<usize>) -> Option<Range<usize>> {
        let is_blank = |c: char| c.is_whitespace() && !matches!(c, '\n' | '\r');
        let before = self.text[..range.start].trim_end_matches(is_blank);
        let behind = self.text[range.end..].trim_start_matches(is_blank);
        let is_alone = (before.is_empty() || before.ends_with(['\n', '\r']))
            && (behind.is_empty() || behind.starts_with(['\n', '\r']));
        is_alone.then(|| before.len()..self.next_line(self.text.len() - behind.len()))
    }

    /// The first text of a range that is neither white space nor an HTML comment, up to the end of its line.
    pub fn loose_text(self, range: Range<usize>) -> Option<Range<usize>> {
        let mut rest = &self.text[range.clone()];
        loop {
            rest = rest.trim_start();
            let at = range.end - rest.len();
            if rest.is_empty() {
                return None;
            }
            match rest.strip_prefix("<!--").and_then(|inner| inner.split_once("-->")) {
                Some((_, behind)) => rest = behind,
                None => return Some(at..at + self.text[at..self.line_stop(at).min(range.end)].trim_end().len()),
            }
        }
    }
}
