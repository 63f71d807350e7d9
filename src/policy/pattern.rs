//! Paths with `*` and `**`.
//!
//! `*` stands for any run of characters inside one part of a path, `**` for anything. A pattern also
//! covers everything below what it matches: `partner.*` covers `partner.contact.name`, and
//! `content/landing.md#proof` covers the blocks nested in it.

/// A compiled path pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    text: String,
    specificity: (usize, usize),
}

const SEPARATORS: [char; 6] = ['/', '.', '[', ']', '#', '@'];

impl Pattern {
    pub fn new(text: impl Into<String>) -> Self {
        let text = text.into();
        let parts = text.split(SEPARATORS).filter(|part| !part.is_empty() && !part.contains('*')).count();
        let specificity = (parts, text.chars().filter(|&c| c != '*').count());
        Self { text, specificity }
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    /// What every path that it covers begins with.
    pub fn literal(&self) -> &str {
        self.text.find('*').map_or(&*self.text, |star| &self.text[..star])
    }

    /// Whether the path, or something it lies below, is what the pattern describes.
    pub fn covers(&self, path: &str) -> bool {
        fits(&self.text, path, 0)
    }

    /// G1: more literal parts, then more literal text.
    pub fn specificity(&self) -> (usize, usize) {
        self.specificity
    }
}

/// Whether what follows byte `at` of the path fits the pattern, up to the path's end or that of one of its parts.
fn fits(pattern: &str, path: &str, at: usize) -> bool {
    let Some(star) = pattern.find('*') else {
        return path[at..].starts_with(pattern) && is_end(path, at + pattern.len());
    };
    let Some(run) = path[at..].strip_prefix(&pattern[..star]) else { return false };
    let at = path.len() - run.len();
    let (rest, limit) = match pattern[star..].strip_prefix("**") {
        Some(rest) => (rest, run.len()),
        None => (&pattern[star + 1..], run.find(SEPARATORS).unwrap_or(run.len())),
    };
    if rest.is_empty() {
        return is_end(path, at + limit);
    }
    let mut ends = run.char_indices().map(|(end, _)| end).chain([run.len()]).take_while(|&end| end <= limit);
    ends.any(|end| fits(rest, path, at + end))
}

/// Whether a part of the path ends at byte `at`. The last sign of an item's part, `]`, is a separator and belongs
/// to it.
fn is_end(path: &str, at: usize) -> bool {
    at == path.len() || (at > 0 && (path[at..].starts_with(SEPARATORS) || path[..at].ends_with(']')))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Pattern, SEPARATORS};

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

    /// Whether the whole path fits, by the words of the module's head.
    fn is(pattern: &[char], path: &[char]) -> bool {
        match pattern {
            [] => path.is_empty(),
            ['*', '*', rest @ ..] => (0..=path.len()).any(|end| is(rest, &path[end..])),
            ['*', rest @ ..] => {
                let limit = path.iter().position(|sign| SEPARATORS.contains(sign)).unwrap_or(path.len());
                (0..=limit).any(|end| is(rest, &path[end..]))
            }
            [first, rest @ ..] => path.first() == Some(first) && is(rest, &path[1..]),
        }
    }

    proptest! {
        #[test]
        fn a_path_is_covered_if_it_or_what_it_lies_in_fits(pattern in "[aü.\\]*]{0,6}", path in "[aü.\\]]{0,7}") {
            let (signs, parts) = (pattern.chars().collect::<Vec<_>>(), path.chars().collect::<Vec<_>>());
            let is_end = |&end: &usize| {
                end == parts.len() || (end > 0 && (SEPARATORS.contains(&parts[end]) || parts[end - 1] == ']'))
            };
            let fits = (0..=parts.len()).filter(is_end).any(|end| is(&signs, &parts[..end]));
            prop_assert_eq!(covers(&pattern, &path), fits);
        }
    }
}
