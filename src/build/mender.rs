//! Whose line an error stands at: who can mend it.
//!
//! A value may be right where it stands, and wrong by what a stronger layer did to something else: it took away the item
//! that the value names, or changed what that leads to. Then the stronger layer's line is the place, and the value the
//! other side.

use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};

use crate::catalog::patch::{Contribution, Leaf, Right, above};
use crate::catalog::{Catalog, LayerId};
use crate::components::Finding;
use crate::diag::{Diagnostic, Label};
use crate::links::LinkError;
use crate::resolve::tree::{Origin, Tree};
use crate::resolve::{Stack, strength};
use crate::source::Span;

use super::Program;
use super::checks::{origin_around, placed_at};
use super::gone::Gone;

/// Those who speak in a deployment, and what they come to.
#[derive(Clone, Copy)]
pub struct Mender<'m> {
    pub program: &'m Program,
    pub stack: &'m Stack,
    pub tree: &'m Tree,
    /// What of the path is not here, as far as it is known already.
    pub gone: &'m [Gone],
}

impl Mender<'_> {
    /// A finding, at the line of whoever can mend it.
    pub fn placed(&self, code: &'static str, finding: &Finding) -> Diagnostic {
        let own = origin_around(self.tree, &finding.path);
        match own.and_then(|own| Some((own, self.cause_of(own, finding)?))) {
            Some((own, span)) => relying(self.said(code, finding), span, own),
            None => self.beside(placed_at(self.tree, self.said(code, finding), &finding.path), finding),
        }
    }

    /// With the other side: the first place that it rests on and that says something.
    fn beside(&self, error: Diagnostic, finding: &Finding) -> Diagnostic {
        let is_apart = |path: &&String| !path.starts_with(&*finding.path) && !finding.path.starts_with(&***path);
        let mut places = finding.rests_on.iter().filter(is_apart).filter_map(|path| self.tree.at(path)?.origin());
        let is_other = |origin: &Origin| error.place.as_ref().is_none_or(|own| own.span != origin.span);
        match places.find(is_other) {
            Some(origin) => error.other(origin.span, RESTS),
            None => error,
        }
    }

    /// A finding, with why what it misses is gone (W1).
    fn said(&self, code: &'static str, finding: &Finding) -> Diagnostic {
        let said = finding.diagnostic(code);
        let gone = self.gone.iter().find(|gone| finding.rests_on.iter().any(|path| **path == *gone.path));
        match gone {
            Some(gone) => {
                let message = format!("{}; {}", said.message, gone.said(self.program.sources()));
                Diagnostic { message, ..said }
            }
            None => said,
        }
    }

    /// Findings, where those that come of one cause are one, with all that relies on it.
    pub fn merged(&self, found: impl IntoIterator<Item = (&'static str, Finding)>) -> Vec<Diagnostic> {
        let mut causes: HashMap<(Span, &'static str), (usize, HashSet<Span>)> = HashMap::new();
        let mut placed: Vec<Diagnostic> = Vec::new();
        for (code, finding) in found {
            let own = origin_around(self.tree, &finding.path);
            if let Some((own, span)) = own.and_then(|own| Some((own, self.cause_of(own, &finding)?))) {
                if let Some((at, known)) = causes.get_mut(&(span, code)) {
                    if known.insert(own.span) {
                        placed[*at].others.push(Label { span: own.span, text: RELIES.into() });
                    }
                    continue;
                }
                causes.insert((span, code), (placed.len(), HashSet::from([own.span])));
            }
            placed.push(self.placed(code, &finding));
        }
        placed
    }

    /// What is wrong with a link of the table, at the line of whoever can mend it.
    pub fn link(&self, error: &LinkError) -> Diagnostic {
        self.blamed(error.diagnostic(), &error.about, &error.rests_on)
    }

    /// What is wrong with a link that a value names.
    pub fn link_at(&self, error: &LinkError, own: Origin) -> Diagnostic {
        self.text(error.diagnostic(), own, &error.rests_on)
    }

    /// What is wrong with a text, which rests on what stands at other places.
    pub fn text(&self, error: Diagnostic, own: Origin, rests_on: &[String]) -> Diagnostic {
        match self.cause(own, rests_on) {
            Some(span) => relying(error, span, own),
            None => error.at(own.span, ""),
        }
    }

    fn blamed(&self, error: Diagnostic, path: &str, rests_on: &[String]) -> Diagnostic {
        let own = origin_around(self.tree, path);
        match own.and_then(|own| Some((own, self.cause(own, rests_on)?))) {
            Some((own, span)) => relying(error, span, own),
            None => placed_at(self.tree, error, path),
        }
    }

    fn cause_of(&self, own: Origin, finding: &Finding) -> Option<Span> {
        let words = finding.quotes.as_deref();
        let filled_in = words.and_then(|words| finding.rests_on.iter().find_map(|path| self.filled_in(path, words, 0)));
        filled_in.or_else(|| self.cause(own, &finding.rests_on))
    }

    /// The value that brings words into a text which does not hold them itself.
    fn filled_in(&self, path: &str, words: &str, depth: usize) -> Option<Span> {
        let resolved = self.tree.at(path)?.as_leaf()?;
        let is_here = resolved.leaf.source().is_some_and(|source| source.contains(words));
        match &resolved.leaf {
            _ if is_here => (depth > 0).then_some(resolved.origin.span),
            Leaf::Text { text, .. } if depth < MOST_FILLED => {
                text.variables().find_map(|name| self.filled_in(name, words, depth + 1))
            }
            _ => None,
        }
    }

    /// What the strongest layer that is stronger than the value's own says of what the value rests on.
    fn cause(&self, own: Origin, rests_on: &[String]) -> Option<Span> {
        let catalog = self.program.catalog();
        let is_stronger = |layer: LayerId, path: &str| {
            strength(self.program.approved(), path, layer, own.layer) == Some(Ordering::Greater)
        };
        let of_layer = |&layer: &LayerId| {
            let touching = |path: &'_ String| {
                let layer = catalog.layer(layer);
                let touches = |said: &&Contribution| *said.path == **path || said.right.takes_along();
                let said = above(path).flat_map(|above| layer.said_at(above)).filter(touches);
                // What rests on a list rests on each of its items.
                let is_item =
                    |said: &&Contribution| said.path.strip_prefix(&**path).is_some_and(|it| it.starts_with('['));
                let removed = layer.contributions.iter().filter(|said| said.right == Right::Remove).filter(is_item);
                said.chain(removed).collect::<Vec<_>>()
            };
            let said = rests_on.iter().filter(|path| is_stronger(layer, path)).flat_map(touching);
            said.min_by_key(|said| (said.right != Right::Remove, said.span)).map(|said| said.span)
        };
        match rests_on {
            [] => None,
            _ => self.stack.layers().iter().rev().find_map(of_layer),
        }
    }
}

/// Where the strongest of the layers that take away an item does so.
pub fn removal(catalog: &Catalog, stack: &Stack, path: &str) -> Option<Span> {
    let removes = |said: &&Contribution| said.right == Right::Remove && *said.path == *path;
    let of_layer = |&layer: &LayerId| catalog.layer(layer).contributions.iter().find(removes).map(|said| said.span);
    stack.layers().iter().rev().find_map(of_layer)
}

/// How many texts deep a value is looked for that was filled into another.
const MOST_FILLED: usize = 8;

/// What is said of a value that a stronger layer leaves without what it rests on.
const RELIES: &str = "relies on it";

/// What is said of a place beside the value that is wrong with it.
const RESTS: &str = "the other side of it";

fn relying(error: Diagnostic, cause: Span, own: Origin) -> Diagnostic {
    error.at(cause, "since this").other(own.span, RELIES)
}
