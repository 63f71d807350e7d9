//! An entry or item on its way from one place to another, and the text of the places around it.

use crate::catalog::place::Step;
use crate::encode::yaml;

/// An entry of a map (`key: value`) or an item of a list (`- …`), taken out of its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Its comment lines, without indentation.
    pub comments: Vec<String>,
    /// Its lines without line ends, as they would stand at the left edge.
    pub lines: Vec<String>,
    pub is_item: bool,
}

impl Piece {
    /// The lines with everything around them that is not there yet, outermost first.
    pub fn nested(&self, around: &[Step]) -> Option<Vec<String>> {
        let mut lines: Vec<String> = self.comments.iter().chain(&self.lines).cloned().collect();
        let mut is_item = self.is_item;
        for step in around.iter().rev() {
            let (head, item) = match step {
                Step::Key(key) => (format!("{}:", yaml::text(key)), false),
                Step::Item(_) if is_item => return None,
                Step::Item(id) => (format!("- id: {}", yaml::text(id)), true),
            };
            lines = std::iter::once(head).chain(lines.iter().map(|line| indented(line, 2))).collect();
            is_item = item;
        }
        Some(lines)
    }

    /// The same within braces; `None` for what cannot stand there.
    pub fn in_braces(&self, around: &[Step]) -> Option<String> {
        let [line] = self.lines.as_slice() else { return None };
        if !self.comments.is_empty() || line.contains(" #") {
            return None;
        }
        let mut text = line.strip_prefix("- ").filter(|_| self.is_item).unwrap_or(line).to_owned();
        let mut is_item = self.is_item;
        for step in around.iter().rev() {
            (text, is_item) = match step {
                Step::Key(key) if is_item => (format!("{}: [{text}]", yaml::text(key)), false),
                Step::Key(key) => (format!("{}: {{{text}}}", yaml::text(key)), false),
                Step::Item(_) if is_item => return None,
                Step::Item(id) => (format!("{{id: {}, {text}}}", yaml::text(id)), true),
            };
        }
        Some(text)
    }
}

/// A line with `by` more spaces before it; a blank one stays as it is.
pub fn indented(line: &str, by: usize) -> String {
    if line.trim().is_empty() { line.to_owned() } else { format!("{}{line}", " ".repeat(by)) }
}

/// A new text for a scalar that is written as `written`, in the same quotes.
pub fn in_style_of(written: &str, new: &str) -> String {
    match written.chars().next() {
        Some('"') => yaml::quoted(new),
        Some('\'') => yaml::single_quoted(new),
        _ => yaml::text(new),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::place::steps;

    #[test]
    fn what_is_missing_is_written_around_it() {
        let piece = Piece { comments: vec!["# why".into()], lines: vec!["a: 1".into()], is_item: false };
        let lines = piece.nested(&steps("emails[x].cta")).unwrap();
        assert_eq!(lines, ["emails:", "  - id: x", "    cta:", "      # why", "      a: 1"]);
        let piece = Piece { comments: Vec::new(), ..piece };
        assert_eq!(piece.in_braces(&steps("emails[x].cta")).unwrap(), "emails: [{id: x, cta: {a: 1}}]");
    }

    #[test]
    fn quotes_stay_and_come_where_they_are_needed() {
        assert_eq!(in_style_of("'old'", "new"), "'new'");
        assert_eq!(in_style_of("\"old\"", "a\"b"), "\"a\\\"b\"");
        assert_eq!(in_style_of("old", "a: b"), "\"a: b\"");
    }
}
