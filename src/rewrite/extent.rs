//! The lines that belong to an entry of a block map, or to an item of a block list: with the comment lines
//! directly above it at its own indentation, the comment behind it, and deeper comment lines below.

use super::text::{column, indentation, is_comment, line_start, line_stop, next_line};

/// Where an entry stands. All are byte offsets of its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extent {
    /// Where its comments start, else its own line.
    pub comments: usize,
    /// Its first character: of its key, or its dash.
    pub start: usize,
    /// Behind its last line.
    pub end: usize,
    /// Whether nothing but indentation stands before it. The first entry of an item stands behind the dash.
    pub has_own_line: bool,
}

impl Extent {
    /// The extent of what starts at `start` and whose value ends at `stop`. `None` if it shares its lines with
    /// something else.
    pub fn of(text: &str, start: usize, stop: usize) -> Option<Self> {
        let line = line_start(text, start);
        let before = &text[line..start];
        if !before.chars().all(|c| matches!(c, ' ' | '-')) {
            return None;
        }
        let has_own_line = before.chars().all(|c| c == ' ');
        let tail = text[stop..line_stop(text, stop)].trim_start();
        if !tail.is_empty() && !tail.starts_with('#') {
            return None;
        }
        let own = column(text, start);
        let mut end = next_line(text, stop);
        while end < text.len() && is_below(&text[end..line_stop(text, end)], own) {
            end = next_line(text, end);
        }
        let mut comments = line;
        while has_own_line && comments > 0 {
            let above = line_start(text, comments - 1);
            let words = &text[above..line_stop(text, above)];
            if !is_comment(words) || indentation(words) != own {
                break;
            }
            comments = above;
        }
        Some(Self { comments, start, end, has_own_line })
    }
}

/// Whether a line is a comment that is deeper than an entry at `column`.
fn is_below(line: &str, column: usize) -> bool {
    is_comment(line) && indentation(line) > column
}

/// The comments of some lines, each without what stands before it.
pub fn comments(text: &str) -> Vec<String> {
    let lines = text.lines().map(str::trim);
    let comment = |line: &str| match line.starts_with('#') {
        true => Some(line.to_owned()),
        false => line.find(" #").map(|at| line[at + 1..].to_owned()),
    };
    lines.filter_map(comment).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "# file\n\na:\n  # on b\n  # more\n  b: 1 # tail\n    # deeper\n  c: 2\n";

    #[test]
    fn comments_go_with_the_entry_that_they_touch() {
        let start = TEXT.find("b: 1").unwrap();
        let extent = Extent::of(TEXT, start, start + 4).unwrap();
        assert_eq!(&TEXT[extent.comments..extent.end], "  # on b\n  # more\n  b: 1 # tail\n    # deeper\n");
        let start = TEXT.find("a:").unwrap();
        let extent = Extent::of(TEXT, start, TEXT.len() - 1).unwrap();
        assert_eq!(extent.comments, start);
    }

    #[test]
    fn what_shares_its_lines_has_no_extent() {
        assert_eq!(Extent::of("{a: 1, b: 2}\n", 7, 11), None);
        assert_eq!(Extent::of("- a: 1\n", 2, 6).map(|extent| extent.has_own_line), Some(false));
    }
}
