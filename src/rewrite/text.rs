//! Changes to a text, and its lines.

use std::ops::Range;

/// A part of a text and what stands there instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    pub range: Range<usize>,
    pub with: String,
}

impl Edit {
    pub fn new(range: Range<usize>, with: impl Into<String>) -> Self {
        Self { range, with: with.into() }
    }
}

/// The text with all edits made; `None` if two of them touch the same bytes. One edit that is named twice,
/// as what stands at a YAML anchor is, is made once.
pub fn apply(text: &str, mut edits: Vec<Edit>) -> Option<String> {
    edits.sort_by_key(|edit| (edit.range.start, edit.range.end));
    edits.dedup();
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for edit in edits {
        out.push_str(text.get(done..edit.range.start)?);
        out.push_str(&edit.with);
        done = edit.range.end;
    }
    out.push_str(text.get(done..)?);
    Some(out)
}

/// The line end that a text uses.
pub fn eol(text: &str) -> &'static str {
    match text.find('\n') {
        Some(at) if text[..at].ends_with('\r') => "\r\n",
        _ => "\n",
    }
}

/// Whether every `\r` belongs to a `\r\n`: lines are counted by `\n` here.
pub fn has_usual_lines(text: &str) -> bool {
    text.match_indices('\r').all(|(at, _)| text[at + 1..].starts_with('\n'))
}

/// Where the line that holds `at` starts.
pub fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |end| end + 1)
}

/// Where the line that holds `at` ends, before its line end.
pub fn line_stop(text: &str, at: usize) -> usize {
    let stop = text[at..].find('\n').map_or(text.len(), |length| at + length);
    if text[at..stop].ends_with('\r') { stop - 1 } else { stop }
}

/// Where the line behind the one that holds `at` starts.
pub fn next_line(text: &str, at: usize) -> usize {
    text[at..].find('\n').map_or(text.len(), |length| at + length + 1)
}

/// How many bytes stand before `at` in its line.
pub fn column(text: &str, at: usize) -> usize {
    at - line_start(text, at)
}

/// How many spaces a line begins with.
pub fn indentation(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

/// Whether a line is blank but for a YAML comment.
pub fn is_comment(line: &str) -> bool {
    line.trim_start().starts_with('#')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_are_made_in_any_order_once_and_never_across_each_other() {
        let edit = |start, end, with: &str| Edit::new(start..end, with);
        assert_eq!(apply("abcdef", vec![edit(4, 5, "E"), edit(0, 1, "")]).as_deref(), Some("bcdEf"));
        assert_eq!(apply("abcdef", vec![edit(1, 2, "x"), edit(1, 2, "x")]).as_deref(), Some("axcdef"));
        assert_eq!(apply("abcdef", vec![edit(1, 4, "x"), edit(2, 3, "y")]), None);
    }

    #[test]
    fn lines_end_as_the_text_has_them() {
        assert_eq!((eol("a\r\nb\n"), eol("a"), eol("a\n")), ("\r\n", "\n", "\n"));
        assert_eq!(line_stop("ab\r\nc", 0), 2);
        assert_eq!(next_line("ab\r\nc", 0), 4);
        assert!(has_usual_lines("a\r\n") && !has_usual_lines("a\rb"));
    }
}
