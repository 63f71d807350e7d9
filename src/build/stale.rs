//! Titles that name nothing here: of nodes that are gone, and those that a stronger layer replaced by another one.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::catalog::locales::LocaleId;
use crate::diag::uncapitalized;
use crate::resolve::tree::Tree;
use crate::source::Span;

use super::bound::called;
use super::mender::Mender;
use super::nodes::Title;

/// A title in one language that nothing has here.
pub struct Stale {
    pub title: Arc<str>,
    /// Of the node that has it elsewhere.
    pub name: String,
    /// What it is called here; nothing where it is gone.
    pub instead: Arc<str>,
    /// The end of a sentence about the title.
    pub why: String,
    pub place: Option<Span>,
}

impl Stale {
    /// All of a deployment, in the language of a locale. What stands in a title that holds here is none.
    pub fn all(mender: Mender<'_>, tree: &Tree, locale: LocaleId) -> Vec<Self> {
        let (program, catalog) = (mender.program, mender.program.catalog());
        let nodes = &program.nodes().all;
        let mut stale: Vec<Self> = Vec::new();
        for node in nodes {
            let gone = mender.gone.iter().find(|gone| gone.path == node.path);
            let now = called(node, tree);
            let is_other = |title: &&Title| {
                catalog.locales.same_language(title.locale, locale)
                    && now.as_ref().is_none_or(|(now, _)| *now != title.text)
                    && (gone.is_some() || mender.stack.layers().contains(&title.layer))
            };
            for title in node.titles.iter().filter(is_other) {
                let (why, place) = match (gone, &now) {
                    (Some(gone), _) => (gone.said(program.sources()), gone.place),
                    (None, Some((now, span))) => (format!("`{}` is called `{now}` here", node.name), Some(*span)),
                    // What it is called here depends on the partner.
                    (None, None) => continue,
                };
                let instead = now.as_ref().map(|(now, _)| now.clone()).unwrap_or_default();
                stale.push(Self { title: title.text.clone(), name: node.name.clone(), instead, why, place });
            }
        }
        if !stale.is_empty() {
            let held: BTreeSet<Arc<str>> = nodes.iter().filter_map(|node| Some(called(node, tree)?.0)).collect();
            stale.retain(|it| !held.iter().any(|held| stands_in(held, &it.title)));
        }
        stale.sort_by(|a, b| (&a.title, &a.name).cmp(&(&b.title, &b.name)));
        stale.dedup_by(|a, b| a.title == b.title);
        stale
    }
}

/// Whether a title stands in a text as whole words, as it is written or with a small letter at its beginning.
pub fn stands_in(text: &str, title: &str) -> bool {
    let small = uncapitalized(title);
    is_whole_in(text, title) || (small != title && is_whole_in(text, &small))
}

fn is_whole_in(text: &str, words: &str) -> bool {
    // Between letters of scripts without blanks nothing shows where a word ends.
    let is_inside = |at: Option<char>, edge: Option<char>| {
        at.zip(edge).is_some_and(|(at, edge)| is_of_words(at) && is_of_words(edge))
    };
    let (first, last) = (words.chars().next(), words.chars().next_back());
    // Nothing stands in what is shorter, and no search has to be made ready for it.
    (1..=text.len()).contains(&words.len())
        && memchr::memmem::find_iter(text.as_bytes(), words.as_bytes()).any(|at| {
            !is_inside(text[..at].chars().next_back(), first)
                && !is_inside(text[at + words.len()..].chars().next(), last)
        })
}

/// Letters and digits of scripts that part words by blanks.
fn is_of_words(c: char) -> bool {
    c.is_alphanumeric() && !('\u{2E80}'..='\u{FFEF}').contains(&c)
}

#[cfg(test)]
mod tests {
    use super::stands_in;

    #[test]
    fn a_title_is_found_as_whole_words_whatever_its_first_letter() {
        assert!(stands_in("In the readiness session we rank.", "Readiness session"));
        assert!(stands_in("(Readiness session)", "Readiness session"));
        assert!(stands_in("次の準備セッションで", "準備セッション"));
        assert!(!stands_in("All readiness sessions", "Readiness session"));
        assert!(!stands_in("In the Readiness Session", "Readiness session"));
        assert!(!stands_in("Unreadiness session", "readiness session"));
        assert!(!stands_in("anything", ""));
    }
}
