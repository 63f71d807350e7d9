//! The winner of a path, what it hides, and who may change it.

use std::cell::OnceCell;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use serde::Serialize;

use crate::build;
use crate::catalog::LayerId;
use crate::catalog::locales::LocaleId;
use crate::catalog::patch::{Leaf, is_within};
use crate::catalog::place::{Step, steps};
use crate::guard::place_of;
use crate::resolve;
use crate::resolve::account::{Account, Fate};
use crate::resolve::tree::{Origin, Resolved, Tree};

use super::bounds::{self, Bounds};
use super::cells::Cell;
use super::fallback::Fallback;
use super::filling::{Filling, Variable};
use super::part;
use super::permission::{self, Permission, RuleView};
use super::place::Place;
use super::statement::{Said, Statement, shown, shown_at, statements};
use super::subject::{Subject, governed, is_plumbing, normalized};
use super::verdict::Lead;
use super::{FORMAT, Unknown};

/// What `explain` answers for a path: every value at it and below it.
#[derive(Clone, Debug, Serialize)]
pub struct Explanation {
    pub format: u32,
    pub deployment: String,
    pub path: String,
    pub locale: String,
    /// The layers of the deployment, weak to strong.
    pub layers: Vec<String>,
    pub values: Vec<Explained>,
}

/// One value.
#[derive(Clone, Debug, Serialize)]
pub struct Explained {
    pub path: String,
    /// The path under which layers say it, where it is read at another: `leads.receiver.name` is the partner's name.
    pub said_at: Option<String>,
    /// What holds. Where an operation took the place away, that operation.
    pub winner: Word,
    /// Words of others as strong that say something else: neither holds, and the deployment is refused (E-PEER).
    pub clashes: Vec<Word>,
    /// The text with its variables filled, where it has any.
    pub filled: Option<String>,
    /// What other layers add to the text, or to the words of a set.
    pub amended: Vec<Word>,
    /// The operations of stronger layers by which the winner holds, such as `inherit` and `choose`; strongest first.
    pub decided_by: Vec<Word>,
    /// The weaker words that the winner hides, strongest first.
    pub hides: Vec<Word>,
    /// Words that an `inherit` looks past, strongest first.
    pub inherited_past: Vec<Word>,
    /// Words of stronger layers that do not hold here, since they have no text in the language.
    pub passed_over: Vec<Word>,
    /// Words of stronger layers on what a weaker one took away: they do not bring it back, and are lost.
    pub lost: Vec<Word>,
    /// Where the item or block stands, if a layer says so; strongest first.
    pub position: Vec<Word>,
    pub variables: Vec<Variable>,
    /// For a text: where it was looked for, in order.
    pub cells: Vec<Cell>,
    /// Pages and emails that show the text in another language, since they fell back whole.
    pub fallbacks: Vec<Fallback>,
    /// Others' items that stand at the same place: weaker layers come first, then peers by selector (L2).
    pub beside: Vec<Word>,
    pub rule: Option<RuleView>,
    #[serde(flatten)]
    pub bounds: Bounds,
    pub may: Vec<Permission>,
}

/// One layer's word on a value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Word {
    pub layer: String,
    pub operation: &'static str,
    /// The locale of a text.
    pub locale: Option<String>,
    pub text: String,
    #[serde(flatten)]
    pub place: Place,
}

/// Explains every value at or below a path, in the deployment's default locale unless one is given.
pub fn explain(subject: &Subject<'_>, path: &str, tag: Option<&str>) -> Result<Explanation, Unknown> {
    let path = normalized(path);
    let catalog = subject.program.catalog();
    let locale = subject.locale(tag)?;
    let values = values(subject, locale, path)?;
    Ok(Explanation {
        format: FORMAT,
        deployment: subject.id.clone(),
        path: path.to_owned(),
        locale: catalog.locale(locale).tag.to_string(),
        layers: subject.stack.layers().iter().map(|&id| catalog.layer(id).selector.to_string()).collect(),
        values,
    })
}

/// The values at or below a path: from a part of the tree where that has one, else from the whole, which alone
/// tells what was probably meant.
fn values(subject: &Subject<'_>, locale: LocaleId, path: &str) -> Result<Vec<Explained>, Unknown> {
    if let Some(key) = part::key(subject, path) {
        let tree = subject.part(key, locale);
        let mut answers = Answers::new(subject, locale, &tree, Some(key));
        // A key with dots in it is not told by its path.
        if tree.at(path).is_some() {
            answers.asked = steps(path);
        }
        let values = answers.below(path);
        if !values.is_empty() {
            return Ok(values);
        }
    }
    let tree = subject.tree(locale);
    // Who keeps leads is a row of a table, and stands at `leads` for whoever reads it.
    let tree = build::with_leads(&tree).unwrap_or(tree);
    let answers = Answers::of_whole(subject, locale, &tree);
    let values = answers.below(path);
    if values.is_empty() { Err(answers.unknown(path)) } else { Ok(values) }
}

/// Everything that is asked again for each value.
pub struct Answers<'a> {
    pub(super) subject: &'a Subject<'a>,
    pub(super) locale: LocaleId,
    tree: &'a Arc<Tree>,
    /// Everything that the deployment's layers say there, weak to strong.
    statements: Vec<Statement<'a>>,
    /// Their numbers, by their paths.
    by_path: HashMap<String, Vec<usize>>,
    /// The numbers of those that stand for all that lies below them.
    wholes: Vec<usize>,
    /// The way to what is asked about: no more than that and what lies below it is accounted for.
    asked: Vec<Step>,
    /// What became of all that is said, as the merge tells it.
    account: OnceCell<Account>,
    filling: Filling<'a>,
}

impl<'a> Answers<'a> {
    /// On a tree: the whole one, or what lies at a key at its top.
    fn new(subject: &'a Subject<'a>, locale: LocaleId, tree: &'a Arc<Tree>, key: Option<&str>) -> Self {
        let statements = statements(subject.program.catalog(), subject.stack.layers(), key);
        let mut by_path: HashMap<String, Vec<usize>> = HashMap::new();
        for (index, statement) in statements.iter().enumerate() {
            by_path.entry(statement.path.clone()).or_default().push(index);
        }
        let asked = key.map(steps).unwrap_or_default();
        let wholes = (0..statements.len()).filter(|&index| statements[index].is_whole()).collect();
        let (account, filling) = (OnceCell::new(), Filling::of(subject, locale, tree));
        Self { subject, locale, tree, statements, by_path, wholes, asked, account, filling }
    }

    /// On the whole tree.
    pub fn of_whole(subject: &'a Subject<'a>, locale: LocaleId, tree: &'a Arc<Tree>) -> Self {
        let answers = Self::new(subject, locale, tree, None);
        Self { filling: answers.filling.within(tree.clone()), ..answers }
    }

    /// What became of a statement at a place.
    fn fate(&self, statement: &Statement<'_>, place: &str) -> Option<Fate> {
        self.account().fate(place, &statement.way(self.subject.program.catalog()))
    }

    fn account(&self) -> &Account {
        self.account.get_or_init(|| self.subject.account(&self.asked, self.locale))
    }

    /// What became of a statement at the very place.
    pub(super) fn fate_at(&self, statement: &Statement<'_>, place: &str) -> Option<Fate> {
        self.account().fate_at(place, &statement.way(self.subject.program.catalog()))
    }

    /// The value at a path; where a whole item is named, its first value stands for it.
    pub fn exactly(&self, path: &str) -> Option<Explained> {
        let places = self.tree.places();
        match places.get(path)?.as_leaf() {
            Some(resolved) => Some(self.value(path, resolved)),
            None => self.below(path).into_iter().next(),
        }
    }

    pub(super) fn below(&self, path: &str) -> Vec<Explained> {
        let places = self.tree.places();
        let inside = |(place, node): (&String, &&'a Tree)| {
            let resolved = node.as_leaf()?;
            (is_within(place, path) && (!is_quiet(place, resolved) || place == path))
                .then(|| self.value(place, resolved))
        };
        let mut values: Vec<Explained> = places.iter().filter_map(inside).collect();
        values.extend(self.removed(path, |path| places.contains_key(path)));
        values
    }

    /// Places that an operation took away.
    fn removed(&self, path: &str, is_there: impl Fn(&str) -> bool) -> Vec<Explained> {
        let mut found: Vec<(&str, &Statement<'_>)> = Vec::new();
        for statement in self.statements.iter().rev().filter(|statement| statement.is_whole()) {
            let place = match matches!(statement.said, Said::Remove) && is_within(&statement.path, path) {
                true => &*statement.path,
                false if statement.covers(path) => path,
                false => continue,
            };
            let is_new = found.iter().all(|(other, _)| *other != place);
            if is_new && !is_there(place) && self.took_away(statement, place) {
                found.push((place, statement));
            }
        }
        let explained = |(place, statement): &(&str, &Statement<'_>)| {
            let hidden = |other: &&Statement<'_>| {
                let is_other = other.layer != statement.layer && self.is_asked(other);
                is_other && is_within(&other.path, place) && (other.path == *place || !is_quietly_said(other))
            };
            let others = self.statements.iter().rev().filter(hidden);
            let (lost, hides): (Vec<_>, Vec<_>) =
                others.partition(|other| self.fate(other, &other.path) == Some(Fate::Lost));
            let words = |others: Vec<&Statement<'_>>| others.into_iter().map(|other| self.word(other)).collect();
            Explained { lost: words(lost), ..self.explained(place, place, self.word(statement), words(hides)) }
        };
        found.iter().map(explained).collect()
    }

    /// Whether an operation decides that a place is not there, though somebody has a word on it.
    fn took_away(&self, statement: &Statement<'_>, place: &str) -> bool {
        let is_lost = |other: &Statement<'_>| {
            let is_inside = is_within(&other.path, place) && !other.translation;
            is_inside && matches!(self.fate(other, &other.path), Some(Fate::Hidden | Fate::Passed | Fate::Lost))
        };
        self.fate(statement, place) == Some(Fate::Decides)
            && (statement.path == place || self.statements.iter().any(is_lost))
    }

    /// `said_at` is the path under which layers say what stands at `path`.
    fn explained(&self, path: &str, said_at: &str, winner: Word, hides: Vec<Word>) -> Explained {
        Explained {
            path: path.to_owned(),
            said_at: (said_at != path).then(|| said_at.to_owned()),
            winner,
            clashes: Vec::new(),
            filled: None,
            amended: Vec::new(),
            decided_by: Vec::new(),
            hides,
            inherited_past: Vec::new(),
            passed_over: Vec::new(),
            lost: Vec::new(),
            position: self.positions(said_at),
            variables: Vec::new(),
            cells: Vec::new(),
            fallbacks: Vec::new(),
            beside: self.beside(said_at),
            rule: permission::rule(self.subject.program, said_at),
            bounds: bounds::of_path(self.subject.program, self.subject.stack.layers(), governed(said_at)),
            may: permission::permissions(self.subject, said_at),
        }
    }

    fn value(&self, path: &str, resolved: &Resolved) -> Explained {
        let said_at = self.said_at(path, resolved.origin);
        let translated = self.is_translated(path, said_at, resolved);
        let winner = self.origin(resolved.origin, &resolved.leaf, translated);
        let mut explained = self.explained(path, said_at, winner, Vec::new());
        let about = self.about(said_at);
        for &other in about.iter().rev().filter(|other| !is_of(other, resolved)) {
            let words = match self.fate(other, said_at) {
                Some(Fate::Decides) if self.leads_to(other, said_at, resolved, &about) => &mut explained.decided_by,
                // Words of a set are shown with all that came of them.
                Some(Fate::Holds | Fate::Added) => &mut explained.amended,
                Some(Fate::Clashes) => &mut explained.clashes,
                Some(Fate::Passed) => &mut explained.inherited_past,
                Some(Fate::Foreign) => &mut explained.passed_over,
                Some(Fate::Lost) => &mut explained.lost,
                // A `$replace` whose own text is in another language.
                Some(Fate::Decides) if self.is_stronger(said_at, other.layer, resolved.origin.layer) => {
                    &mut explained.passed_over
                }
                _ => &mut explained.hides,
            };
            words.push(self.word(other));
        }
        explained.passed_over.extend(self.unsaid(said_at));
        let amended = resolved.amended.iter().map(|more| self.origin(more.origin, &more.leaf, translated));
        explained.amended.extend(amended);
        explained.variables = self.filling.variables(resolved);
        if !explained.variables.is_empty() {
            explained.filled = self.filling.filled(&resolved.leaf);
        }
        if translated {
            explained.cells = self.cells(said_at, &about, resolved);
            explained.cells.iter_mut().for_each(|cell| cell.wins &= explained.clashes.is_empty());
            explained.fallbacks = self.subject.fallbacks(path, self.locale);
        }
        explained
    }

    /// What is added to a block's text in another language alone: where nothing is added, no other value tells of it.
    fn unsaid(&self, path: &str) -> Vec<Word> {
        let Some(block) = path.strip_suffix(".body").filter(|path| path.contains(".md#")) else { return Vec::new() };
        let added = [format!("{block}.append"), format!("{block}.prepend")];
        let places = added.iter().filter(|place| self.tree.at(place).is_none());
        let said = places.flat_map(|place| self.by_path.get(place)).flatten().map(|&index| &self.statements[index]);
        let is_unsaid = |other: &&Statement<'_>| self.fate_at(other, &other.path) == Some(Fate::Foreign);
        said.rev().filter(is_unsaid).map(|other| self.word(other)).collect()
    }

    /// The path under which a layer says what stands at `path`. What is composed for the deployment, such as `leads`,
    /// is said elsewhere.
    fn said_at<'p>(&'p self, path: &'p str, origin: Origin) -> &'p str {
        if !composed(path) {
            return path;
        }
        let is_origin = |statement: &&Statement<'_>| {
            statement.layer == origin.layer && statement.span == origin.span && !statement.is_position()
        };
        self.statements.iter().find(is_origin).map_or(path, |statement| &statement.path)
    }

    /// Whether each locale has a value of its own, where it is said.
    fn is_translated(&self, path: &str, said_at: &str, resolved: &Resolved) -> bool {
        let own = (said_at != path).then(|| self.tree.at(said_at)).flatten().and_then(Tree::as_leaf);
        own.unwrap_or(resolved).translated
    }

    /// The statements about a value, weak to strong: its own, those of blocks that are shown in place of its own, and
    /// the operations above them.
    fn about(&self, path: &str) -> Vec<&Statement<'a>> {
        let wholes = || self.wholes.iter().map(|&index| &self.statements[index]);
        let shown = shown_at(path, wholes());
        let here = shown.iter().flat_map(|path| self.by_path.get(path).into_iter().flatten().copied());
        let here = here.filter(|&index| !self.statements[index].is_whole());
        let around = self.wholes.iter().copied();
        let around = around.filter(|&index| shown.iter().any(|path| self.statements[index].covers(path)));
        let is_about = |&index: &usize| {
            let statement = &self.statements[index];
            let is_of_path = statement.path == path || statement.covers(path) || self.came_to(statement, path);
            is_of_path && !statement.is_position() && self.is_asked(statement)
        };
        let found: BTreeSet<usize> = here.chain(around).filter(is_about).collect();
        found.into_iter().map(|index| &self.statements[index]).collect()
    }

    /// Whether what is said of another block came to show here, or would have without an operation on that one.
    fn came_to(&self, statement: &Statement<'_>, path: &str) -> bool {
        let way = statement.way(self.subject.program.catalog());
        let choices = self.wholes.iter().map(|&index| &self.statements[index]);
        let mut choices = choices.filter(|other| matches!(other.said, Said::Choose(_)) && other.covers(path));
        choices.any(|choice| self.account().is_met(path, &choice.path, &way))
    }

    /// Whether an operation that decides leads to what holds.
    fn leads_to(&self, operation: &Statement<'_>, path: &str, resolved: &Resolved, about: &[&Statement<'_>]) -> bool {
        let origin = resolved.origin;
        let is_origin = |s: &&&Statement<'_>| s.layer == origin.layer && s.span == origin.span;
        let decides = |other: &&&Statement<'_>| other.is_whole() && self.fate(other, path) == Some(Fate::Decides);
        Lead {
            operation,
            is_outdone: self.is_stronger(path, origin.layer, operation.layer),
            is_own: origin.layer == operation.layer,
            is_said_there: &|| about.iter().filter(is_origin).any(|said| is_within(&said.path, &operation.path)),
            deciding: &|| about.iter().filter(decides).copied().collect(),
        }
        .holds()
    }

    fn is_stronger(&self, path: &str, a: LayerId, b: LayerId) -> bool {
        resolve::strength(self.subject.program.approved(), path, a, b) == Some(std::cmp::Ordering::Greater)
    }

    fn positions(&self, path: &str) -> Vec<Word> {
        let about = |statement: &&Statement<'_>| {
            matches!(statement.said, Said::At(_)) && statement.path == place_of(governed(path))
        };
        self.statements.iter().rev().filter(about).map(|statement| self.word(statement)).collect()
    }

    /// What other layers put where this item stands.
    fn beside(&self, path: &str) -> Vec<Word> {
        let own = self
            .statements
            .iter()
            .rev()
            .find(|statement| statement.is_position() && statement.path == place_of(governed(path)));
        let Some(Statement { said: Said::At(place), path, .. }) = own else {
            return Vec::new();
        };
        let list = |path: &str| path.rfind(['[', '#']).map(|end| path[..end].to_owned());
        let same = |other: &&Statement<'_>| {
            matches!(other.said, Said::At(theirs) if theirs.is_same(place))
                && other.path != *path
                && list(&other.path) == list(path)
        };
        let word = |other: &Statement<'_>| Word { text: other.path.clone(), ..self.word(other) };
        self.statements.iter().filter(same).map(word).collect()
    }

    fn word(&self, statement: &Statement<'_>) -> Word {
        let catalog = self.subject.program.catalog();
        Word {
            layer: catalog.layer(statement.layer).selector.to_string(),
            operation: statement.said.operation(),
            locale: Some(catalog.locale(statement.locale).tag.to_string()),
            text: statement.said.text(),
            place: Place::of(self.subject.program.sources(), statement.span),
        }
    }

    fn origin(&self, origin: Origin, leaf: &Leaf, translated: bool) -> Word {
        let said =
            self.statements.iter().find(|s| s.layer == origin.layer && s.span == origin.span && !s.is_position());
        let catalog = self.subject.program.catalog();
        Word {
            layer: catalog.layer(origin.layer).selector.to_string(),
            operation: match said.map(|statement| statement.said) {
                // What is shown of a set is all that came of it.
                None | Some(Said::Set { .. }) => "set",
                Some(said) => said.operation(),
            },
            locale: translated.then(|| catalog.locale(origin.locale).tag.to_string()),
            text: shown(leaf),
            place: Place::of(self.subject.program.sources(), origin.span),
        }
    }

    /// The nearest path, among those of the deployment.
    fn unknown(&self, path: &str) -> Unknown {
        let places = self.tree.places();
        // A name is nearest among its siblings: long paths look alike by their beginnings.
        let above = path.rfind(['.', '[', '#', '@', '/']).map_or("", |end| &path[..end]);
        let siblings = places.keys().map(String::as_str).filter(|known| !above.is_empty() && is_within(known, above));
        let near = Unknown::new("path", path, siblings);
        if near.near.is_some() { near } else { Unknown::new("path", path, places.keys().map(String::as_str)) }
    }
}

/// What nobody asks after: what a block is known by while that is the master's, and texts that are empty.
fn is_quiet(path: &str, resolved: &Resolved) -> bool {
    let empty = resolved.leaf.source().is_some_and(|text| text.trim().is_empty()) && resolved.hides.is_empty();
    let known_by = is_plumbing(path) && (resolved.origin.layer == LayerId::MASTER || path.ends_with(".id"));
    known_by || (path.contains(".md#") && empty)
}

/// Whether a statement is one of those that hold.
fn is_of(statement: &Statement<'_>, resolved: &Resolved) -> bool {
    let mut origins = std::iter::once(resolved.origin).chain(resolved.amended.iter().map(|more| more.origin));
    // Of a set only the result is one word; each change is told beside it.
    let is_change = matches!(statement.said, Said::Set { .. });
    !is_change && origins.any(|origin| origin.layer == statement.layer && origin.span == statement.span)
}

/// As [`is_quiet`], of what is said.
fn is_quietly_said(statement: &Statement<'_>) -> bool {
    let is_empty =
        matches!(statement.said, Said::Value(leaf) if leaf.source().is_some_and(|text| text.trim().is_empty()));
    is_plumbing(&statement.path) || statement.is_position() || (statement.path.contains(".md#") && is_empty)
}

/// What stands at a root that no layer writes, and is said under other paths.
fn composed(path: &str) -> bool {
    is_within(path, "leads")
}
