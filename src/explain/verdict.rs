//! Which words hold at a place, for a stack of layers in a locale: as the merge tells it, and nobody else.

use std::cmp::Ordering;
use std::collections::HashSet;
use std::sync::Arc;

use crate::build::Program;
use crate::catalog::locales::LocaleId;
use crate::catalog::patch::{Patch, PatchKind, is_within};
use crate::catalog::place::Step;
use crate::catalog::{Layer, LayerId};
use crate::resolve::account::{Account, Fate};
use crate::resolve::tree::Tree;
use crate::resolve::{self, Resolver, Stack};

use super::statement::{Said, Statement, shown_at};

/// Where the words of a path may come to show: there, and in the blocks that choose the one it lies in.
pub struct Where {
    path: String,
    steps: Vec<Step>,
    /// The blocks that stand in for others on the way.
    variants: HashSet<Arc<str>>,
}

impl Where {
    /// The path itself, and where a choice leads to it from, also by way of others.
    pub fn of(path: &str, steps: &[Step], choices: &[&Statement<'_>]) -> Vec<Self> {
        let mut found = vec![Self::at(path.to_owned(), steps.to_vec(), choices)];
        let mut next = 0;
        while next < found.len() {
            for choice in choices {
                let Self { path, steps, .. } = &found[next];
                let Some(variant) = choice.chosen().filter(|variant| is_within(path, variant)) else { continue };
                // It stands beside the block that chooses it. What is nested in it keeps its id.
                let mut way = choice.steps.to_vec();
                way.extend(steps.iter().skip(choice.steps.len()).cloned());
                let path = format!("{}{}", choice.path, &path[variant.len()..]);
                if found.iter().all(|other| other.path != path) {
                    found.push(Self::at(path, way, choices));
                }
            }
            next += 1;
        }
        found
    }

    fn at(path: String, steps: Vec<Step>, choices: &[&Statement<'_>]) -> Self {
        let shown = shown_at(&path, choices.iter().copied());
        let chosen = choices.iter().filter(|choice| shown.iter().any(|path| is_within(path, &choice.path)));
        let variant = |choice: &&Statement<'_>| match choice.said {
            Said::Choose(variant) => Some(variant.into()),
            _ => None,
        };
        let variants = chosen.filter_map(variant).collect();
        Self { path, steps, variants }
    }

    /// Whether anything that a layer says makes a difference here.
    pub fn is_spoken_of(&self, layer: &Layer) -> bool {
        let mut said = std::iter::once(&layer.patch).chain(layer.translations.values());
        said.any(|patch| self.concerns(patch, &self.steps))
    }

    fn concerns(&self, patch: &Patch, steps: &[Step]) -> bool {
        match (&patch.kind, steps) {
            (PatchKind::Map(entries), [Step::Key(key), rest @ ..]) => {
                entries.get(key).is_some_and(|patch| self.concerns(patch, rest))
            }
            // Whoever has the item may be the one who brings it in.
            (PatchKind::Keyed(list), [Step::Item(id), ..]) => {
                list.items.contains_key(id) || self.variants.iter().any(|variant| list.items.contains_key(variant))
            }
            // An operation is about all that lies below it.
            _ => true,
        }
    }
}

/// An operation that decides at a place, and what holds there.
pub struct Lead<'l, 's> {
    pub operation: &'l Statement<'s>,
    /// Whether what holds is from a stronger layer.
    pub is_outdone: bool,
    /// Whether it is from the same layer.
    pub is_own: bool,
    /// Whether it is said in the block that the operation is on.
    pub is_said_there: &'l dyn Fn() -> bool,
    /// All operations that decide there.
    pub deciding: &'l dyn Fn() -> Vec<&'l Statement<'s>>,
}

impl Lead<'_, '_> {
    /// Whether the one leads to the other.
    pub fn holds(&self) -> bool {
        let is_lead = |other: &Statement<'_>| matches!(other.said, Said::Inherit(_) | Said::Choose(_));
        let is_inside =
            |other: &Statement<'_>| other.layer == self.operation.layer && is_within(&other.path, &self.operation.path);
        match self.operation.said {
            Said::Inherit(_) => !self.is_outdone,
            // The texts of the block that is chosen are what it leads to, whoever words them.
            Said::Choose(_) => !self.is_outdone || !(self.is_said_there)(),
            // What a body or branch brings is its own, or led to from inside it.
            Said::Replace | Said::Nested => {
                let mut inside = (self.deciding)().into_iter().filter(|other| is_lead(other) && is_inside(other));
                self.is_own || !self.is_outdone && inside.next().is_some()
            }
            _ => false,
        }
    }
}

/// What is said of a path: there and by operations above it, and all that is said there and below it.
pub struct Speaking<'s> {
    pub about: Vec<&'s Statement<'s>>,
    pub inside: Vec<&'s Statement<'s>>,
}

/// Tells which words hold.
pub struct Verdicts<'p> {
    program: &'p Program,
    resolver: Resolver<'p>,
}

impl<'p> Verdicts<'p> {
    pub fn new(program: &'p Program) -> Self {
        Self { program, resolver: Resolver::new(program.approved()) }
    }

    pub fn resolver(&self) -> &Resolver<'p> {
        &self.resolver
    }

    /// What holds at some places.
    pub fn of<'w>(&self, stack: &'w Stack, locale: LocaleId, shown: &'w [Where]) -> Verdict<'p, 'w> {
        let place = |shown: &'w Where| {
            let (tree, account) = self.resolver.account(&shown.steps, stack, locale);
            Judged { shown, tree, account }
        };
        Verdict { program: self.program, stack, places: shown.iter().map(place).collect() }
    }
}

/// What holds at some places, for a stack in a locale.
pub struct Verdict<'p, 'w> {
    program: &'p Program,
    stack: &'w Stack,
    places: Vec<Judged<'w>>,
}

struct Judged<'w> {
    shown: &'w Where,
    tree: Arc<Tree>,
    account: Account,
}

impl Judged<'_> {
    fn node(&self) -> Option<&Tree> {
        self.shown.steps.iter().try_fold(&*self.tree, |node, step| Some(&**node.get(step.name())?))
    }
}

impl Verdict<'_, '_> {
    /// Whether a statement holds at one of the places. An operation does that decides: it took away what others say there,
    /// or leads to what holds.
    pub fn holds(&self, statement: &Statement<'_>, speaking: &Speaking<'_>) -> bool {
        self.places.iter().any(|place| match statement.said {
            Said::At(_) | Said::Order => self.is_position(place, statement, speaking),
            Said::Remove | Said::Replace | Said::Nested | Said::Inherit(_) | Said::Choose(_) => {
                self.decides(place, statement)
                    && match place.node() {
                        None => self.took_away(place, statement, speaking),
                        Some(node) => self.leads_to(place, node, statement, speaking),
                    }
            }
            _ => matches!(self.fate(place, statement), Some(Fate::Holds | Fate::Added)),
        })
    }

    fn fate(&self, place: &Judged<'_>, statement: &Statement<'_>) -> Option<Fate> {
        let is_heard = self.stack.layers().contains(&statement.layer);
        let way = is_heard.then(|| statement.way(self.program.catalog()))?;
        place.account.fate(&place.shown.path, &way)
    }

    fn decides(&self, place: &Judged<'_>, statement: &Statement<'_>) -> bool {
        self.fate(place, statement) == Some(Fate::Decides)
    }

    /// Whether it is the strongest that takes away what others say; of one layer's the innermost.
    fn took_away(&self, place: &Judged<'_>, statement: &Statement<'_>, speaking: &Speaking<'_>) -> bool {
        let is_inside = |other: &Statement<'_>| {
            other.layer == statement.layer && other.path != statement.path && is_within(&other.path, &statement.path)
        };
        let outdoes =
            |other: &&&Statement<'_>| self.is_stronger(place, other.layer, statement.layer) || is_inside(other);
        let is_felt = statement.path == place.shown.path || self.is_lost(place, speaking);
        is_felt && !speaking.about.iter().filter(outdoes).any(|other| other.is_whole() && self.decides(place, other))
    }

    /// Whether somebody says something there that does not count.
    fn is_lost(&self, place: &Judged<'_>, speaking: &Speaking<'_>) -> bool {
        let mut others = speaking.inside.iter().filter(|other| !other.translation);
        others.any(|other| matches!(self.fate(place, other), Some(Fate::Hidden | Fate::Passed | Fate::Lost)))
    }

    /// Whether an operation leads to what holds; to whatever a map or list comes to, if it decides on that.
    fn leads_to(&self, place: &Judged<'_>, node: &Tree, operation: &Statement<'_>, speaking: &Speaking<'_>) -> bool {
        let Some(origin) = node.as_leaf().map(|resolved| resolved.origin) else {
            return !matches!(operation.said, Said::Remove);
        };
        let layer = self.program.catalog().layer(origin.layer);
        let mut way = operation.steps.to_vec();
        way.extend(place.shown.steps.iter().skip(way.len()).cloned());
        let said = || std::iter::once(&layer.patch).chain(layer.translations.values());
        Lead {
            operation,
            is_outdone: self.is_stronger(place, origin.layer, operation.layer),
            is_own: origin.layer == operation.layer,
            is_said_there: &|| said().any(|patch| patch.way(&way).iter().any(|said| said.span == origin.span)),
            deciding: &|| speaking.about.iter().copied().filter(|other| self.decides(place, other)).collect(),
        }
        .holds()
    }

    fn is_stronger(&self, place: &Judged<'_>, a: LayerId, b: LayerId) -> bool {
        resolve::strength(self.program.approved(), &place.shown.path, a, b) == Some(Ordering::Greater)
    }

    /// Whether an item stands where a statement puts it, or a list in its order: the strongest word on that.
    fn is_position(&self, place: &Judged<'_>, statement: &Statement<'_>, speaking: &Speaking<'_>) -> bool {
        let counts = |other: &Statement<'_>| {
            let fate = self.fate(place, other);
            fate.is_some_and(|fate| !matches!(fate, Fate::Hidden | Fate::Passed | Fate::Lost))
        };
        let is_rival = |other: &&&Statement<'_>| {
            std::mem::discriminant(&other.said) == std::mem::discriminant(&statement.said)
                && self.is_stronger(place, other.layer, statement.layer)
        };
        place.node().is_some()
            && counts(statement)
            && !speaking.about.iter().filter(is_rival).any(|other| counts(other))
    }
}
