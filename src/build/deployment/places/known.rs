//! Flaws that were placed before, so that of all pages that have one alike only the first is rendered again.
//!
//! Only what HQ wrote is known again: its words stand in a template or in the master, whichever deployment is made. What an
//! overlay may have written is looked for each time, since another page may have the same from another one.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use crate::source::Span;

/// How many bytes on each side of a flaw are compared.
pub const AROUND: usize = 64;

/// What a flaw is known by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Likeness {
    /// What writes it: a template, or where values of the master do, the file of the package.
    pub writer: Arc<str>,
    pub code: &'static str,
    pub what: Arc<str>,
}

/// Where a flaw stands in the workspace, and what stands beside it in its file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spot {
    pub span: Span,
    before: Box<[u8]>,
    after: Box<[u8]>,
    /// The template's own words in an address of which it writes only a part.
    words: Vec<Box<str>>,
}

impl Spot {
    /// The spot at a byte of a text, within the stretch that one place wrote.
    pub fn new(span: Span, text: &str, stretch: &Range<usize>, at: usize) -> Option<Self> {
        let start = stretch.start.max(at.saturating_sub(AROUND));
        let end = stretch.end.min(at + AROUND);
        let around = |range: Range<usize>| Some(text.as_bytes().get(range)?.into());
        Some(Self { span, before: around(start..at)?, after: around(at..end)?, words: Vec::new() })
    }

    /// The same, of an address in which a template has these words.
    pub fn of(self, words: Vec<&str>) -> Self {
        Self { words: words.into_iter().map(Into::into).collect(), ..self }
    }

    /// Whether at a byte of another text the same stands.
    fn is_at(&self, text: &[u8], at: usize) -> bool {
        let Some((before, after)) = text.split_at_checked(at) else { return false };
        before.ends_with(&self.before) && after.starts_with(&self.after)
    }
}

/// What was placed so far, and whether a word stands in an overlay.
#[derive(Debug, Default)]
pub struct Known {
    spots: Mutex<BTreeMap<Likeness, Vec<Vec<Spot>>>>,
    words: Mutex<HashMap<Box<str>, bool>>,
}

impl Known {
    /// Where the flaws of a file stand that are alike, if as many were placed of another one with the same around them.
    pub fn recall(&self, likeness: &Likeness, text: &[u8], at: &[usize], address: Option<&str>) -> Option<Vec<Span>> {
        let spots = self.spots.lock().unwrap_or_else(PoisonError::into_inner);
        let are_at = |spots: &&Vec<Spot>| {
            let is_there =
                |(spot, &at): (&Spot, &usize)| spot.is_at(text, at) && alike(&spot.words, address.unwrap_or_default());
            spots.len() == at.len() && spots.iter().zip(at).all(is_there)
        };
        Some(spots.get(likeness)?.iter().find(are_at)?.iter().map(|spot| spot.span).collect())
    }

    pub fn learn(&self, likeness: Likeness, spots: Vec<Spot>) {
        let mut known = self.spots.lock().unwrap_or_else(PoisonError::into_inner);
        let alike = known.entry(likeness).or_default();
        if !alike.contains(&spots) {
            alike.push(spots);
        }
    }

    /// Whether a word stands in an overlay; `search` is asked once for each.
    pub fn is_of_overlay(&self, word: &str, search: impl FnOnce() -> bool) -> bool {
        let mut words = self.words.lock().unwrap_or_else(PoisonError::into_inner);
        match words.get(word) {
            Some(&known) => known,
            None => *words.entry(word.into()).or_insert_with(search),
        }
    }
}

/// Whether an address has these words, in this order, with anything between them.
pub fn alike(words: &[impl AsRef<str>], address: &str) -> bool {
    let Some((first, rest)) = words.split_first() else { return true };
    let Some((last, between)) = rest.split_last() else { return true };
    let Some(mut left) = address.strip_prefix(first.as_ref()) else { return false };
    for word in between {
        let Some((_, behind)) = left.split_once(word.as_ref()) else { return false };
        left = behind;
    }
    left.ends_with(last.as_ref())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceId;

    #[test]
    fn as_many_with_the_same_around_them_are_known_again() {
        let likeness = |what: &str| Likeness { writer: "page.html".into(), code: "E-UNTRACKED", what: what.into() };
        let (text, span) = ("<p>Acme</p><a href=\"//x\">é</a>", |at| Span::new(SourceId(0), at, at + 1));
        let at = text.find("//x").unwrap();
        let spot = |at: usize| Spot::new(span(5), text, &(11..text.len()), at).unwrap();
        let known = Known::default();
        known.learn(likeness("x"), vec![spot(at)]);
        let recall = |what: &str, text: &str, at: &[usize]| known.recall(&likeness(what), text.as_bytes(), at, None);
        let other = "<p>Beta Ltd</p><a href=\"//x\">é</a>";
        assert_eq!(recall("x", other, &[at + 4]), Some(vec![span(5)]));
        assert_eq!(recall("y", other, &[at + 4]), None);
        assert_eq!(recall("x", other, &[at]), None);
        assert_eq!(recall("x", other, &[at + 4, at + 4]), None);
        assert_eq!(recall("x", "<p>Beta</p><b href=\"//x\">é</b>", &[at]), None);
        assert_eq!(recall("x", "", &[at]), None);
    }

    #[test]
    fn a_word_is_looked_for_once() {
        let known = Known::default();
        assert!(known.is_of_overlay("x", || true));
        assert!(known.is_of_overlay("x", || unreachable!()));
    }

    #[test]
    fn an_address_is_known_by_the_words_that_a_template_has_in_it() {
        let is_alike = |words: &[&str], address: &str| alike(words, address);
        assert!(is_alike(&["https://", ".b.example/", ""], "https://a.b.example/c"));
        assert!(is_alike(&["", "/x"], "a/x") && is_alike(&[], "a"));
        assert!(!is_alike(&["https://", ".b.example/", ""], "https://a.c.example/"));
        assert!(!is_alike(&["https://", "/x"], "http://a/x") && !is_alike(&["", "/x"], "a/x/y"));
    }
}
