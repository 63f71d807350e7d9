//! Titles, looked for in texts all at once.

use std::collections::BTreeSet;

use aho_corasick::{AhoCorasick, AhoCorasickKind};

use crate::diag::uncapitalized;

/// A search for titles as whole words, as they are written or with a small letter at their beginning.
#[derive(Debug)]
pub struct Titles {
    /// None where nothing is looked for.
    search: Option<AhoCorasick>,
    /// What each pattern of the search is of.
    of: Vec<usize>,
}

impl Titles {
    /// Titles are told apart by their number. An empty one is found nowhere.
    pub fn new<'t>(titles: impl IntoIterator<Item = &'t str>) -> Self {
        let (mut patterns, mut of) = (Vec::new(), Vec::new());
        for (number, title) in titles.into_iter().enumerate().filter(|(_, title)| !title.is_empty()) {
            let small = uncapitalized(title);
            let both = [title.to_owned(), small];
            let differing = if both[0] == both[1] { 1 } else { 2 };
            patterns.extend(both.into_iter().take(differing));
            of.resize(patterns.len(), number);
        }
        // A table of all states would take longer to make than most sets of titles are looked for.
        let builder = || AhoCorasick::builder().kind(Some(AhoCorasickKind::ContiguousNFA)).build(&patterns).ok();
        let search = if patterns.is_empty() { None } else { builder() };
        Self { search, of }
    }

    /// The numbers of all that stand in a text.
    pub fn found_in(&self, text: &str) -> BTreeSet<usize> {
        let found = self.search.iter().flat_map(|search| search.find_overlapping_iter(text));
        let whole = found.filter(|found| is_whole(text, found.start(), found.end()));
        whole.map(|found| self.of[found.pattern().as_usize()]).collect()
    }
}

/// Whether no word goes on beyond the ends of a part.
fn is_whole(text: &str, start: usize, end: usize) -> bool {
    let (before, part, after) = (&text[..start], &text[start..end], &text[end..]);
    // Between letters of scripts without blanks nothing shows where a word ends.
    let is_inside = |at: Option<char>, edge: Option<char>| {
        at.zip(edge).is_some_and(|(at, edge)| is_of_words(at) && is_of_words(edge))
    };
    !is_inside(before.chars().next_back(), part.chars().next())
        && !is_inside(after.chars().next(), part.chars().next_back())
}

/// Letters and digits of scripts that part words by blanks.
fn is_of_words(c: char) -> bool {
    c.is_alphanumeric() && !('\u{2E80}'..='\u{FFEF}').contains(&c)
}

#[cfg(test)]
mod tests {
    use super::Titles;

    #[track_caller]
    fn assert_found(text: &str, titles: &[&str], numbers: &[usize]) {
        assert_eq!(Titles::new(titles.iter().copied()).found_in(text).into_iter().collect::<Vec<_>>(), numbers);
    }

    #[test]
    fn a_title_is_found_as_whole_words_whatever_its_first_letter() {
        let session = ["Readiness session"];
        assert_found("In the readiness session we rank.", &session, &[0]);
        assert_found("(Readiness session)", &session, &[0]);
        assert_found("All readiness sessions", &session, &[]);
        assert_found("In the Readiness Session", &session, &[]);
        assert_found("次の準備セッションで", &["準備セッション"], &[0]);
        assert_found("Unreadiness session", &["readiness session"], &[]);
    }

    #[test]
    fn titles_within_and_over_each_other_are_all_found() {
        assert_found("the Session report", &["Session", "session report", "report", "Other"], &[0, 2]);
        assert_found("the session report", &["Session", "Session report", "", "report"], &[0, 1, 3]);
        assert_found("Sessions, and a session", &["Session"], &[0]);
    }

    #[test]
    fn nothing_is_found_where_nothing_is_looked_for() {
        assert_found("anything", &[""], &[]);
        assert_found("anything", &[], &[]);
    }
}
