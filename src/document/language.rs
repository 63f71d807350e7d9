//! Whether a page's texts are all in its language (T4): no page mixes two.
//!
//! The unit of fallback is the page. Where one text of a page is missing in a locale, the whole page is
//! made in the next locale of the chain that has them all.

use crate::catalog::locales::{LocaleId, Locales};
use crate::catalog::patch::Leaf;
use crate::resolve::tree::{Origin, Question, Resolved, Tree};

/// The first text of a page that is in another language than `locale`'s. `parts` are the places the
/// page is made of.
pub fn foreign<'t>(tree: &'t Tree, parts: &[&str], locale: LocaleId, locales: &Locales) -> Option<&'t Resolved> {
    let is_foreign = |resolved: &&Resolved| {
        resolved.translated && !locales.same_language(resolved.origin.locale, locale) && has_words(resolved)
    };
    parts.iter().filter_map(|part| tree.at(part)).flat_map(Tree::leaves).find(is_foreign)
}

/// The texts of a page for which a stronger one in another language was dropped.
pub fn dropped<'t>(tree: &'t Tree, parts: &[&str]) -> impl Iterator<Item = (&'t Resolved, Origin)> {
    let leaves: Vec<_> = parts.iter().filter_map(|part| tree.at(part)).flat_map(Tree::leaves).collect();
    leaves.into_iter().filter(|resolved| has_words(resolved)).filter_map(|resolved| Some((resolved, resolved.dropped?)))
}

/// What is added to the texts of a page in another language alone, and stays away.
pub fn unsaid(tree: &Tree, parts: &[&str]) -> Vec<Origin> {
    parts.iter().filter_map(|part| tree.at(part)).flat_map(Tree::unsaid).collect()
}

/// Whether a part is in the locale's language throughout, and nothing was dropped for that.
pub fn is_whole(tree: &Tree, part: &str, locale: LocaleId, locales: &Locales) -> bool {
    tree.at(part).is_none_or(|node| {
        let is_text = |resolved: &Resolved| resolved.translated && has_words(resolved);
        node.spoken(is_text).iter().all(|&spoken| locales.same_language(spoken, locale))
            && node
                .holds(Question::DropsNothing, || dropped(tree, &[part]).next().is_none() && node.unsaid().is_empty())
    })
}

/// Whether there is anything to translate.
fn has_words(resolved: &Resolved) -> bool {
    holds_words(&resolved.leaf)
}

fn holds_words(leaf: &Leaf) -> bool {
    match leaf {
        Leaf::Seq(items) => items.iter().any(holds_words),
        leaf => leaf.source().is_some_and(is_worded),
    }
}

/// Whether there are letters outside of `{{ }}`.
fn is_worded(text: &str) -> bool {
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{") {
        if before.chars().any(char::is_alphabetic) {
            return true;
        }
        rest = after.split_once("}}").map_or("", |(_, rest)| rest);
    }
    rest.chars().any(char::is_alphabetic)
}
