//! What is said to the user, as values.
//!
//! A phase pushes [`Diagnostic`]s and goes on where it sensibly can. Each phase words its own
//! messages beside the check; only `cli` prints them. A message is lower case, has no full stop and
//! puts names in backticks; a help line is a thing to do.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};
use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use crate::source::{SourceId, Sources, Span};

/// A stable name for a kind of problem, such as `E-LOCK` (error) or `W-FALLBACK` (warning).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(pub &'static str);

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    Error,
    Warning,
    Note,
}

/// A place with a word on what is there; the "other side" of a problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    pub span: Span,
    pub text: Cow<'static, str>,
}

/// One thing said to the user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    pub code: Code,
    pub severity: Severity,
    /// One sentence of fact.
    pub message: String,
    /// What has to happen until it is so, step by step. The same fault by another way is the same: the shortest is told.
    pub way: Vec<Arc<str>>,
    /// Where it is; `None` only for what concerns no file (a missing workspace, a full disk).
    pub place: Option<Label>,
    /// The other sides: policy rule, master text, peer.
    pub others: Vec<Label>,
    /// The ids of the deployments it reaches; empty: the workspace as a whole.
    pub deployments: Vec<Arc<str>>,
    /// Facts that belong to it, one line each (`rule …`, `may …`).
    pub notes: Vec<String>,
    /// What to do next, one line each.
    pub help: Vec<String>,
}

/// Where a finding is, how bad, and of which kind.
type Kind = (Option<Span>, Severity, Code);

impl Diagnostic {
    fn new(severity: Severity, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            code: Code(code),
            severity,
            message: cut(message.into()),
            way: Vec::new(),
            place: None,
            others: Vec::new(),
            deployments: Vec::new(),
            notes: Vec::new(),
            help: Vec::new(),
        }
    }

    /// Says in its message the way, which is the shortest of all, and how many others there are.
    fn tell_way(&mut self, others: usize) {
        let others = match others {
            0 => String::new(),
            1 => "; there is one other".to_owned(),
            _ => format!("; there are {others} others"),
        };
        if !self.way.is_empty() {
            let way = std::mem::take(&mut self.way).join(", ");
            self.message = cut(format!("{}; the shortest way there: {way}{others}", self.message));
        }
    }

    pub fn error(code: &'static str, message: impl Into<String>) -> Self {
        debug_assert!(code.starts_with("E-"));
        Self::new(Severity::Error, code, message)
    }

    pub fn warning(code: &'static str, message: impl Into<String>) -> Self {
        debug_assert!(code.starts_with("W-"));
        Self::new(Severity::Warning, code, message)
    }

    /// Sets the place, with a short word on what is there (may be empty).
    #[must_use]
    pub fn at(mut self, span: Span, text: impl Into<Cow<'static, str>>) -> Self {
        self.place = Some(Label { span, text: cut_label(text.into()) });
        self
    }

    /// Adds another side.
    #[must_use]
    pub fn other(mut self, span: Span, text: impl Into<Cow<'static, str>>) -> Self {
        self.others.push(Label { span, text: cut_label(text.into()) });
        self
    }

    #[must_use]
    pub fn deployment(mut self, id: impl Into<Arc<str>>) -> Self {
        self.deployments.push(id.into());
        self
    }

    #[must_use]
    pub fn deployments(mut self, ids: &[Arc<str>]) -> Self {
        self.deployments.extend_from_slice(ids);
        self
    }

    #[must_use]
    pub fn note(mut self, text: impl Into<String>) -> Self {
        self.notes.push(cut(text.into()));
        self
    }

    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help.push(cut(text.into()));
        self
    }

    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }

    /// What makes it the same finding as another, whichever deployment met it.
    fn identity(&self) -> (Kind, &str, &[Arc<str>], impl Iterator<Item = Span>) {
        let place = self.place.as_ref().map(|label| label.span);
        let others = self.others.iter().map(|other| other.span);
        ((place, self.severity, self.code), &self.message, &self.way, others)
    }

    fn is_alike(&self, other: &Self) -> bool {
        let ((a, b, c, others), (x, y, z, those)) = (self.identity(), other.identity());
        (a, b, c) == (x, y, z) && others.eq(those)
    }

    fn hash(&self) -> u64 {
        let (kind, message, way, others) = self.identity();
        let mut hasher = DefaultHasher::new();
        (kind, message, way).hash(&mut hasher);
        others.for_each(|span| span.hash(&mut hasher));
        hasher.finish()
    }
}

/// The most bytes of a message, a note or a help: what is quoted in it may be as long as a file.
pub const MOST_SAID: usize = 4000;

/// A text, cut where it is longer than anybody reads.
fn cut(mut text: String) -> String {
    if text.len() > MOST_SAID {
        let end = (0..=MOST_SAID).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
        text.truncate(end);
        text.push('…');
        text.shrink_to_fit();
    }
    text
}

fn cut_label(text: Cow<'static, str>) -> Cow<'static, str> {
    if text.len() > MOST_SAID { cut(text.into_owned()).into() } else { text }
}

/// All that was found, in any order until [`Diagnostics::sorted`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diagnostics {
    list: Vec<Diagnostic>,
}

impl Diagnostics {
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.list.push(diagnostic);
    }

    pub fn append(&mut self, other: Diagnostics) {
        self.list.extend(other.list);
    }

    /// Gives a place to everything noted since there were `from` diagnostics that has none of its own,
    /// such as what concerns a binary file.
    pub fn place_rest(&mut self, from: usize, span: Span) {
        for diagnostic in self.list.iter_mut().skip(from).filter(|diagnostic| diagnostic.place.is_none()) {
            diagnostic.place = Some(Label { span, text: "".into() });
        }
    }

    /// Names the deployments that each diagnostic reaches, where it does not name any yet.
    pub fn name_deployments(&mut self, mut reached: impl FnMut(&Diagnostic) -> Vec<Arc<str>>) {
        for diagnostic in self.list.iter_mut().filter(|diagnostic| diagnostic.deployments.is_empty()) {
            diagnostic.deployments = reached(diagnostic);
        }
    }

    /// Of errors at one place that are said in other words for other deployments, the first, with what is said of others
    /// as notes; `folds` tells which are so.
    #[must_use]
    pub fn folded(self, folds: impl Fn(&Diagnostic) -> bool) -> Self {
        /// How many of the others are told.
        const TOLD: usize = 3;
        let mut list: Vec<Diagnostic> = Vec::new();
        let mut known: HashMap<(Option<Span>, Code), usize> = HashMap::new();
        let mut others: HashMap<usize, usize> = HashMap::new();
        for diagnostic in self.list {
            let key = (diagnostic.place.as_ref().map(|place| place.span), diagnostic.code);
            let first = known.get(&key).copied().filter(|_| folds(&diagnostic));
            match first.and_then(|at| Some((at, list.get_mut(at)?))) {
                Some((at, first)) => {
                    let count = others.entry(at).or_default();
                    if *count < TOLD && first.message != diagnostic.message {
                        first.notes.push(format!("elsewhere {}", diagnostic.message));
                        *count += 1;
                    }
                    first.deployments.extend(diagnostic.deployments);
                }
                None => {
                    if folds(&diagnostic) {
                        known.insert(key, list.len());
                    }
                    list.push(diagnostic);
                }
            }
        }
        Self { list }
    }

    /// Keeps some, and tells how many errors were not kept.
    pub fn retain(&mut self, keep: impl Fn(&Diagnostic) -> bool) -> usize {
        let errors = |list: &[Diagnostic]| list.iter().filter(|diagnostic| diagnostic.is_error()).count();
        let before = errors(&self.list);
        self.list.retain(keep);
        before - errors(&self.list)
    }

    pub fn has_errors(&self) -> bool {
        self.list.iter().any(Diagnostic::is_error)
    }

    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// All of them, each changed.
    #[must_use]
    pub fn map(self, change: impl Fn(Diagnostic) -> Diagnostic) -> Self {
        Self { list: self.list.into_iter().map(change).collect() }
    }

    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.list.iter()
    }

    /// By file and place, then code and message: never by thread. One finding that several
    /// deployments met becomes one diagnostic that names them all.
    #[must_use]
    pub fn sorted(mut self, sources: &Sources) -> Vec<Diagnostic> {
        let key = |d: &Diagnostic| {
            let place = d
                .place
                .as_ref()
                .map(|label| (sources.get(label.span.source).path.clone(), label.span.start, label.span.end));
            // What comes to be in several ways rests on other places in each.
            let others = d.others.iter().map(|o| o.span).filter(|_| d.way.is_empty()).collect::<Vec<_>>();
            (place, d.severity, d.code, d.message.clone(), others)
        };
        self.list.sort_by_cached_key(|it| (key(it), it.way.len(), it.way.clone()));
        let mut merged: Vec<(Diagnostic, BTreeSet<Vec<Arc<str>>>)> = Vec::with_capacity(self.list.len());
        for diagnostic in self.list {
            match merged.last_mut() {
                Some((last, ways)) if key(last) == key(&diagnostic) => {
                    last.deployments.extend(diagnostic.deployments);
                    ways.insert(diagnostic.way);
                    let is_new = |other: &Label| last.others.iter().all(|known| known.span != other.span);
                    let new: Vec<Label> = diagnostic.others.into_iter().filter(is_new).collect();
                    last.others.extend(new);
                }
                _ => {
                    let ways = BTreeSet::from([diagnostic.way.clone()]);
                    merged.push((diagnostic, ways));
                }
            }
        }
        let told = |(mut diagnostic, ways): (Diagnostic, BTreeSet<_>)| {
            diagnostic.deployments.sort_unstable();
            diagnostic.deployments.dedup();
            diagnostic.tell_way(ways.len() - 1);
            diagnostic
        };
        merged.into_iter().map(told).collect()
    }
}

/// How many findings of one kind are shown of one file: whoever mends these has seen what the others are.
pub const MOST_OF_A_KIND: usize = 50;

/// Of each kind and file the first [`MOST_OF_A_KIND`] of a sorted list. The last of them tells how many more there are.
#[must_use]
pub fn capped(list: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut kept: Vec<Diagnostic> = Vec::new();
    // How many there are, and where the last one that is kept stands.
    let mut kinds: HashMap<(Option<SourceId>, Code), (usize, usize)> = HashMap::new();
    for diagnostic in list {
        let file = diagnostic.place.as_ref().map(|label| label.span.source);
        let (count, last) = kinds.entry((file, diagnostic.code)).or_default();
        *count += 1;
        if *count <= MOST_OF_A_KIND {
            *last = kept.len();
            kept.push(diagnostic);
        }
    }
    for ((file, code), (count, last)) in kinds {
        if count > MOST_OF_A_KIND {
            let place = if file.is_some() { " in this file" } else { "" };
            kept[last].notes.push(format!("{} more of `{code}`{place} are not shown", count - MOST_OF_A_KIND));
        }
    }
    in_all(kept)
}

/// How many findings are shown in all, of whatever kind and file: nobody reads more at once.
pub const MOST_IN_ALL: usize = 1000;

/// The first [`MOST_IN_ALL`], errors before others, in the order they had. The last of them tells how many more there are.
fn in_all(list: Vec<Diagnostic>) -> Vec<Diagnostic> {
    if list.len() <= MOST_IN_ALL {
        return list;
    }
    let errors = list.iter().filter(|found| found.is_error()).count();
    let (mut room, mut room_besides) = (MOST_IN_ALL, MOST_IN_ALL.saturating_sub(errors));
    let left_out = list.len() - MOST_IN_ALL;
    let mut has_room = |found: &Diagnostic| {
        let room = if found.is_error() { &mut room } else { &mut room_besides };
        let has_room = *room > 0;
        *room = room.saturating_sub(1);
        has_room
    };
    let mut kept: Vec<Diagnostic> = list.into_iter().filter(|found| has_room(found)).collect();
    if let Some(last) = kept.last_mut() {
        last.notes.push(format!("{left_out} more findings are not shown; mend these, and the next run shows others"));
    }
    kept
}

/// What many deployments met. Each finding is held once, with the ids of all that met it: there may be one for
/// every deployment there is.
#[derive(Debug, Default)]
pub struct Gathering {
    diagnostics: Diagnostics,
    /// Places in the list, by a hash of what makes a finding one.
    known: HashMap<u64, Vec<u32>>,
}

impl Gathering {
    /// Takes in what comes after what is there.
    pub fn add(&mut self, diagnostics: Diagnostics) {
        let list = &mut self.diagnostics.list;
        for diagnostic in diagnostics.list {
            let known = self.known.entry(diagnostic.hash()).or_default();
            match known.iter().find(|&&index| list[index as usize].is_alike(&diagnostic)) {
                Some(&index) => list[index as usize].deployments.extend(diagnostic.deployments),
                None => {
                    known.push(list.len() as u32);
                    list.push(diagnostic);
                }
            }
        }
    }

    pub fn finish(self) -> Diagnostics {
        self.diagnostics
    }
}

impl From<Diagnostic> for Diagnostics {
    fn from(diagnostic: Diagnostic) -> Self {
        Self { list: vec![diagnostic] }
    }
}

impl Extend<Diagnostic> for Diagnostics {
    fn extend<I: IntoIterator<Item = Diagnostic>>(&mut self, diagnostics: I) {
        self.list.extend(diagnostics);
    }
}

/// The longest name, in bytes, that is taken for a slip: to compare takes as long as both are long together.
pub const LONGEST_NAME: usize = 200;

/// How many names are looked at for the nearest.
pub const MOST_NAMES: usize = 10_000;

/// The name among `known` of which `wrong` is a slip: a letter or two away from it, where it might also be a name of its own.
pub fn slip_of<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let near = nearest(wrong, known)?;
    let away = strsim::osa_distance(wrong, near);
    (away > 0 && away <= 2 && away * 3 <= wrong.len()).then_some(near)
}

/// Words with a small letter at their beginning, as within a sentence.
pub fn uncapitalized(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

/// What stands before a word with a small letter at its beginning.
pub fn article(word: &str) -> &'static str {
    if word.starts_with(['a', 'e', 'i', 'o']) { "an" } else { "a" }
}

/// The name among `known` that `wrong` was probably meant to be.
///
/// Close enough is a similarity of 0.7 by Jaro-Winkler, which forgives a typing slip and a
/// forgotten ending but does not propose something unrelated. Nothing is near to what is longer than
/// [`LONGEST_NAME`], and only so many names are looked at.
pub fn nearest<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if wrong.len() > LONGEST_NAME {
        return None;
    }
    known
        .into_iter()
        .take(MOST_NAMES)
        .filter(|name| name.len() <= 2 * LONGEST_NAME)
        .map(|name| (strsim::jaro_winkler(wrong, name), name))
        .filter(|&(similarity, _)| similarity >= 0.7)
        .max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| b.1.cmp(a.1)))
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_message_is_longer_than_anybody_reads() {
        let error = Diagnostic::error("E-PATH", "ä".repeat(1 << 20)).help("x".repeat(1 << 20)).note("short");
        assert!(error.message.len() < MOST_SAID + 4 && error.message.ends_with('…'));
        assert_eq!((error.help[0].len(), &*error.notes[0]), (MOST_SAID + '…'.len_utf8(), "short"));
    }

    #[test]
    fn no_run_says_more_than_anybody_reads_and_errors_come_first() {
        let warnings = (0..MOST_IN_ALL * 2).map(|number| Diagnostic::warning("W-ONE", number.to_string()));
        let errors = (0..30).map(|number| Diagnostic::error("E-TWO", number.to_string()));
        let kept = in_all(warnings.chain(errors).collect());
        assert_eq!(kept.len(), MOST_IN_ALL);
        assert_eq!(kept.iter().filter(|found| found.is_error()).count(), 30);
        let told = kept.last().map(|last| last.notes.join(""));
        assert_eq!(told.unwrap().split(' ').next(), Some("1030"));
        let many = (0..MOST_IN_ALL + 1).map(|number| Diagnostic::error("E-TWO", number.to_string()));
        assert_eq!(in_all(many.collect()).len(), MOST_IN_ALL);
    }

    #[test]
    fn what_many_deployments_met_is_held_once() {
        let of = |code, id: &str| Diagnostics::from(Diagnostic::warning(code, "alike").deployment(id));
        let mut gathering = Gathering::default();
        for id in ["b", "a"] {
            gathering.add(of("W-ONE", id));
            gathering.add(of("W-TWO", id));
        }
        let found = gathering.finish();
        assert_eq!(found.len(), 2);
        for finding in found.sorted(&Sources::default()) {
            assert_eq!(finding.deployments, ["a".into(), "b".into()]);
        }
    }
}
