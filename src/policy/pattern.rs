//! Paths with `*` and `**`.
//!
//! `*` stands for any run of characters inside one part of a path, `**` for anything. A pattern also
//! covers everything below what it matches: `partner.*` covers `partner.contact.name`, and
//! `content/landing.md#proof` covers the blocks nested in it.

/// A compiled path pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    text: String,
}

const SEPARATORS: [char; 6] = ['/', '.', '[', ']', '#', '@'];

impl Pattern {
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into() }
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether the path, or something it lies below, is what the pattern describes.
    pub fn covers(&self, path: &str) -> bool {
        // Most patterns are for other files: every path is asked of every rule.
        let literal = self.text.find('*').map_or(&*self.text, |star| &self.text[..star]);
        if !path.starts_with(literal) {
            return false;
        }
        let boundaries = path.match_indices(SEPARATORS).map(|(at, _)| at);
        // The pattern's own last part may end in `]`, which is a separator and belongs to the item.
        let ends = boundaries.flat_map(|at| [at, at + usize::from(path[at..].starts_with(']'))]);
        matches(&self.text, path) || ends.filter(|&end| end > 0).any(|end| matches(&self.text, &path[..end]))
    }

    /// G1: more literal parts, then more literal text.
    pub fn specificity(&self) -> (usize, usize) {
        let parts = self.text.split(SEPARATORS).filter(|part| !part.is_empty() && !part.contains('*')).count();
        (parts, self.text.chars().filter(|&c| c != '*').count())
    }
}

/// Whether the whole path fits the pattern.
fn matches(pattern: &str, path: &str) -> bool {
    let Some(star) = pattern.find('*') else { return pattern == path };
    let Some(path) = path.strip_prefix(&pattern[..star]) else { return false };
    let (rest, deep) = match pattern[star..].strip_prefix("**") {
        Some(rest) => (rest, true),
        None => (&pattern[star + 1..], false),
    };
    let mut ends = path.char_indices().map(|(at, _)| at).chain([path.len()]);
    let limit = if deep { path.len() } else { path.find(SEPARATORS).unwrap_or(path.len()) };
    ends.any(|end| end <= limit && matches(rest, &path[end..]))
}

#[cfg(test)]
mod tests {
    use super::Pattern;

    fn covers(pattern: &str, path: &str) -> bool {
        Pattern::new(pattern).covers(path)
    }

    #[test]
    fn a_star_stays_inside_its_part() {
        assert!(covers("nurture.emails[*].day", "nurture.emails[welcome].day"));
        assert!(!covers("nurture.emails[*].day", "nurture.emails[welcome].subject"));
        assert!(covers("content/landing.md#spotlight-*", "content/landing.md#spotlight-awards"));
        assert!(!covers("content/*", "partner.name"));
    }

    #[test]
    fn a_pattern_covers_what_lies_below() {
        assert!(covers("partner.*", "partner.contact.name"));
        assert!(covers("content/landing.md#proof", "content/landing.md#proof/regional"));
        assert!(covers("nurture.emails[welcome]", "nurture.emails[welcome].subject"));
        assert!(!covers("content/landing.md#proof", "content/landing.md#proof-cost"));
        assert!(covers("**", "anything[at].all"));
    }

    #[test]
    fn literal_parts_count_before_literal_text() {
        let specificity = |text: &str| Pattern::new(text).specificity();
        assert!(specificity("nurture.emails[*].day") > specificity("nurture.**"));
        assert!(specificity("content/landing.md#spotlight") > specificity("content/landing.md#spotlight-*"));
        assert!(specificity("**") < specificity("partner.**"));
    }
}
