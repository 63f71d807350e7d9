//! Where in the workspace the text stands that is wrong in a finished file.
//!
//! - `asked`: which mark asks for an address
//! - `known`: what was placed before, which is not looked for again
//! - `written`: an address as a template has it

mod asked;
mod known;
mod written;

use std::borrow::Cow;
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use crate::artifact::Job;
use crate::audit::{Flaw, Refused};
use crate::catalog::LayerId;
use crate::diag::{Diagnostic, Diagnostics};
use crate::marks::Run;
use crate::package::is_record;
use crate::source::{SourceId, Sources, Span};
use crate::template::Engine;
use crate::template::marked::{Origin, inner};
use crate::template::written::paths;
use crate::values::marker::Content;

use super::super::Program;
use super::super::prepared::Prepared;
use super::super::trace::{Traced, Tracing};
use super::trace;

use known::{AROUND, Known, Likeness, Spot};
use written::{as_written, words};

/// What tells where flaws were written; it is made with the first flaw of a run.
#[derive(Default)]
pub struct Places {
    marked: OnceLock<Option<Marked>>,
    known: Known,
    traced: AtomicU64,
}

/// An engine whose pages tell what each byte came from, and what its signs stand for.
type Marked = (Box<dyn Engine>, Vec<Origin>);

/// Flaws of one file that are alike, by their numbers.
struct Group<'f> {
    first: &'f Flaw,
    text: &'f [u8],
    numbers: Vec<usize>,
    at: Vec<usize>,
    /// Those of other files that are the same between the same letters, and so are said with these.
    others: Vec<Vec<usize>>,
}

/// The place that wrote a byte, with the stretch of the file that came from there.
struct Found {
    span: Span,
    stretch: Range<usize>,
    is_template: bool,
    /// Whether the template wrote none of it: what it wrote before is the stretch.
    is_asked: bool,
    /// The other side: what shows the value.
    shown: Option<Span>,
}

/// Where a flaw is said, and the other side.
#[derive(Clone, Copy)]
struct Spoken {
    span: Span,
    shown: Option<Span>,
}

impl From<Span> for Spoken {
    fn from(span: Span) -> Self {
        Self { span, shown: None }
    }
}

impl Places {
    /// How many pages were rendered once more, to find what wrote something.
    pub fn traced(&self) -> u64 {
        self.traced.load(Ordering::Relaxed)
    }

    /// The flaws of a package, each said once at the place that wrote it: what is said there names no file, so that
    /// it is one for all pages and packages.
    pub fn say(&self, prepared: &Prepared<'_>, refused: &Refused) -> Diagnostics {
        let spans = self.spans(prepared, refused);
        let mut said = BTreeSet::new();
        let mut diagnostics = Diagnostics::default();
        for (number, flaw) in refused.flaws.iter().enumerate() {
            let spoken = spans.get(&number).copied();
            let span = spoken.map(|spoken| spoken.span);
            let what = span.map_or_else(|| (&*flaw.what).into(), |span| words(prepared.program, flaw, span));
            match span {
                Some(span) if !said.insert((flaw.code, what.to_string(), span)) => {}
                Some(span) => {
                    let error = Diagnostic::error(flaw.code, format!("what is written here {what}"));
                    let error = error.at(span, "").help(flaw.help);
                    let shown = spoken.and_then(|spoken| spoken.shown);
                    diagnostics.push(shown.into_iter().fold(error, |error, span| error.other(span, "shown here")));
                }
                None => {
                    // Who asked for the file is the next who can mend it: for its pages in all locales at once.
                    let asked_by = prepared.planned(flaw.path.as_str()).and_then(|planned| planned.order.asked_by);
                    let error = flaw.diagnostic();
                    match asked_by {
                        Some(span) if !said.insert((flaw.code, what.to_string(), span)) => {}
                        Some(span) => diagnostics.push(error.at(span, "asked for here")),
                        None => diagnostics.push(error),
                    }
                }
            }
        }
        diagnostics
    }

    /// The places of flaws, by their numbers. Of files that one template wrote the first is looked at, and the others where
    /// that does not tell enough of them.
    fn spans(&self, prepared: &Prepared<'_>, refused: &Refused) -> BTreeMap<usize, Spoken> {
        let mut spans = BTreeMap::new();
        let all = groups(refused);
        let mut left: Vec<&Group<'_>> = all.iter().collect();
        for is_first_round in [true, false] {
            left.retain(|group| match of_asset(prepared, group).or_else(|| self.recall(prepared, group)) {
                Some(found) => {
                    spans.extend(group.numbers.iter().copied().zip(found.into_iter().map(Spoken::from)));
                    false
                }
                None => true,
            });
            let mut writers = BTreeSet::new();
            let (looked_at, others) = left.into_iter().partition(|group| {
                !is_first_round || writers.insert(writer(prepared, group).map(|name| (name, group.kind())))
            });
            left = others;
            spans.extend(self.look_at(prepared, looked_at));
        }
        for group in &all {
            for numbers in &group.others {
                let known = group.numbers.iter().zip(numbers);
                let known: Vec<_> = known.filter_map(|(first, other)| Some((*other, *spans.get(first)?))).collect();
                spans.extend(known);
            }
        }
        spans
    }

    /// The places of flaws on pages that are mapped: their templates first, and their values where that is not enough.
    fn look_at(&self, prepared: &Prepared<'_>, mut groups: Vec<&Group<'_>>) -> Vec<(usize, Spoken)> {
        let mut spans = Vec::new();
        for tells_values in [false, true] {
            let pages = self.pages(prepared, &groups, tells_values);
            groups.retain(|group| {
                let page = pages.iter().find(|page| page.path == group.first.path);
                let found = page.and_then(|page| self.look(prepared, group, page, tells_values));
                let is_found = found.is_some();
                spans.extend(found.into_iter().flatten());
                !is_found
            });
        }
        spans
    }

    /// Where flaws were found to stand before that are like these.
    fn recall(&self, prepared: &Prepared<'_>, group: &Group<'_>) -> Option<Vec<Span>> {
        let by = |writer: Arc<str>| {
            self.known.recall(&group.likeness(writer), group.text, &group.at, group.first.address.as_deref())
        };
        writer(prepared, group).and_then(|name| by(name.clone())).or_else(|| by(group.first.path.as_str().into()))
    }

    /// The places of flaws on a page that was mapped, which are known from now on if all of them are HQ's. `None` if
    /// one of them may be a value's, and these are not told.
    fn look(
        &self,
        prepared: &Prepared<'_>,
        group: &Group<'_>,
        page: &Traced,
        tells_values: bool,
    ) -> Option<Vec<(usize, Spoken)>> {
        let find = |&at: &usize| {
            let program = prepared.program;
            let of_template = self.of_template(program, page, group.first, at);
            let known = of_template.or_else(|| self.of_value(program, page, group.first, at));
            known.or_else(|| self.find(program, page, group.first, at).filter(|_| tells_values))
        };
        let found: Vec<Option<Found>> = group.at.iter().map(find).collect();
        if !tells_values && found.iter().any(Option::is_none) {
            return None;
        }
        let length = group.first.length;
        let spots = found.iter().zip(&group.at).map(|(found, &at)| {
            let found = found.as_ref()?;
            let written = Some(found).filter(|found| found.is_template && !found.is_asked);
            let written = written.and_then(|found| as_written(prepared.program, group.first, found.span));
            let words = written.map(|written| written.words).unwrap_or_default();
            let is_own = |word: &&str| {
                word.len() > SHORT && !self.known.is_of_overlay(word, || is_in_overlay(prepared.program, word))
            };
            let is_known = match found.is_asked {
                true => !page.text.get(found.stretch.clone()).is_some_and(|before| OF_MARKDOWN.contains(&before)),
                false => words.iter().any(is_own) || self.is_of_hq_alone(prepared.program, page, found, at, length),
            };
            let spot = Spot::new(found.span, &page.text, &found.stretch, at).filter(|_| is_known)?;
            Some(spot.of(words))
        });
        if let Some(spots) = spots.collect::<Option<Vec<Spot>>>() {
            let is_template = found.iter().flatten().all(|found| found.is_template);
            let writer = writer(prepared, group).filter(|_| is_template).cloned();
            self.known.learn(group.likeness(writer.unwrap_or_else(|| page.path.as_str().into())), spots);
        }
        let found = found.into_iter().map(|found| found.map(|Found { span, shown, .. }| Spoken { span, shown }));
        Some(group.numbers.iter().copied().zip(found).filter_map(|(number, it)| Some((number, it?))).collect())
    }

    fn pages(&self, prepared: &Prepared<'_>, groups: &[&Group<'_>], tells_values: bool) -> Vec<Traced> {
        if groups.is_empty() {
            return Vec::new();
        }
        let wanted: BTreeSet<&str> = groups.iter().map(|group| group.first.path.as_str()).collect();
        let Some((engine, _)) = self.marked.get_or_init(|| prepared.program.marked_engine()) else { return Vec::new() };
        let wants = |path: &str| wanted.contains(path);
        let mut tracing = Tracing { engine: &**engine, wants: &wants, tells_values, looked_at: Vec::new() };
        let pages = trace(prepared, &mut tracing, &mut Diagnostics::default());
        self.traced.fetch_add(pages.len() as u64, Ordering::Relaxed);
        pages
    }

    /// What a template wrote for sure: its own letter, or an address that it puts together of its own words and values.
    fn of_template(&self, program: &Program, page: &Traced, flaw: &Flaw, at: usize) -> Option<Found> {
        let run = runs(page, at, flaw.length).next().filter(|_| flaw.length == 1)?;
        if let Some(asked) = self.asked_of_records(program, page, run).filter(|_| flaw.address.is_some()) {
            return Some(asked);
        }
        let origin = self.origin(run)?;
        let is_own = match origin {
            Origin::Literal(_) => true,
            Origin::Expression(span) => as_written(program, flaw, span).is_some_and(|written| written.has_own_words()),
        };
        let stretch = run.start..run.end;
        let span = letter(origin, run, at);
        is_own.then_some(Found { span, stretch, is_template: true, is_asked: false, shown: None })
    }

    /// The value that an address is as a whole, where a template names no more than its path.
    fn of_value(&self, program: &Program, page: &Traced, flaw: &Flaw, at: usize) -> Option<Found> {
        let run = runs(page, at, flaw.length).next()?;
        let Origin::Expression(span) = self.origin(run)? else { return None };
        let path = inner(program.sources().text(span));
        let is_whole = page.tree.text_at(&path).is_some_and(|text| Some(text) == flaw.address.as_deref());
        let span = page.tree.at(&path).filter(|_| is_whole)?.origin()?.span;
        let span = narrowed(program.sources(), span, page, at);
        Some(Found { span, stretch: run.start..run.end, is_template: false, is_asked: false, shown: None })
    }

    fn find(&self, program: &Program, page: &Traced, flaw: &Flaw, at: usize) -> Option<Found> {
        let length = flaw.length;
        let run = runs(page, at, length).next()?;
        let is_of_record =
            content(page, run).is_some_and(|value| is_record(&program.catalog().settings, root(&value.path)));
        if let Some(asked) = self.asked(program, page, run).filter(|_| flaw.address.is_some() && is_of_record) {
            return Some(asked);
        }
        // Of several that make it together it is for a layer's author to change what he wrote, not for HQ.
        let of_layer =
            runs(page, at, length).find_map(|run| value(page, run).filter(|span| !is_of_hq(program, span.source)));
        let own = of_layer.filter(|_| length > 1).or_else(|| value(page, run));
        let stretch = run.start..run.end;
        let found =
            |span, is_template, shown| Found { span, stretch: stretch.clone(), is_template, is_asked: false, shown };
        if let Some(span) = own {
            return Some(found(narrowed(program.sources(), span, page, at), false, None));
        }
        let origin = self.origin(run)?;
        let unsigned = match origin {
            Origin::Literal(_) => None,
            Origin::Expression(mark) => Self::unsigned(program, page, mark, page.text.get(run.start..run.end)?.trim()),
        };
        Some(match unsigned {
            Some(span) => found(narrowed(program.sources(), span, page, at), false, Some(letter(origin, run, at))),
            None => found(letter(origin, run, at), true, None),
        })
    }

    /// The value of a layer's author that a mark names and shows as it is, where no sign tells it: words that templates compare
    /// have none.
    fn unsigned(program: &Program, page: &Traced, mark: Span, shown: &str) -> Option<Span> {
        let mark = program.sources().text(mark);
        paths(mark, 0..mark.len()).into_iter().find_map(|path| {
            let leaf = page.tree.at(&mark[path])?.as_leaf()?;
            let is_theirs = leaf.leaf.source() == Some(shown) && !is_of_hq(program, leaf.origin.span.source);
            is_theirs.then_some(leaf.origin.span)
        })
    }

    /// Whether no overlay can have written what stands there on another page, so that it is the same place's.
    fn is_of_hq_alone(&self, program: &Program, page: &Traced, found: &Found, at: usize, length: usize) -> bool {
        let Some(rest) = page.text.get(at..found.stretch.end).filter(|_| at + length <= found.stretch.end) else {
            return false;
        };
        is_of_hq(program, found.span.source)
            && match rest.starts_with('<') {
                true => !OF_MARKDOWN.contains(&rest),
                false => {
                    let word = word(rest);
                    !self.known.is_of_overlay(word, || is_in_overlay(program, word))
                }
            }
    }

    fn origin(&self, run: &Run) -> Option<Origin> {
        let origin = |&number: &u32| self.origin_of(number);
        run.point.as_ref().and_then(origin).or_else(|| run.marks.iter().rev().find_map(origin))
    }

    fn origin_of(&self, number: u32) -> Option<Origin> {
        let (_, origins) = self.marked.get()?.as_ref()?;
        origins.get(number as usize).copied()
    }
}

/// The stretches that some bytes of a page lie in.
fn runs(page: &Traced, at: usize, length: usize) -> impl Iterator<Item = &Run> {
    page.runs.iter().filter(move |run| run.start < at + length && at < run.end)
}

/// The place of a byte: of a template's own text, the very letter.
fn letter(origin: Origin, run: &Run, at: usize) -> Span {
    match origin {
        Origin::Literal(span) => Span { start: (span.start + (at - run.start) as u32).min(span.end), ..span },
        Origin::Expression(span) => span,
    }
}

impl<'f> Group<'f> {
    fn kind(&self) -> (&'static str, Cow<'f, str>) {
        (self.first.code, self.first.kind())
    }

    fn likeness(&self, writer: Arc<str>) -> Likeness {
        Likeness { writer, code: self.first.code, what: self.first.kind().into() }
    }
}

/// The flaws that stand at a byte of a file, those of a file together that are alike.
fn groups(refused: &Refused) -> Vec<Group<'_>> {
    let texts: BTreeMap<&str, &[u8]> = refused.files.iter().map(|file| (file.path.as_str(), &file.bytes[..])).collect();
    let mut groups = BTreeMap::new();
    for (number, flaw) in refused.flaws.iter().enumerate() {
        let Some(at) = flaw.at else { continue };
        let kind = (flaw.path.as_str(), flaw.code, flaw.what.as_str());
        let text = texts.get(flaw.path.as_str()).copied().unwrap_or_default();
        let new = || Group { first: flaw, text, numbers: Vec::new(), at: Vec::new(), others: Vec::new() };
        let group = groups.entry(kind).or_insert_with(new);
        group.numbers.push(number);
        group.at.push(at);
    }
    gathered(groups.into_values())
}

/// Groups of which no two are the same between the same letters: what is said of them names no file.
fn gathered<'f>(groups: impl Iterator<Item = Group<'f>>) -> Vec<Group<'f>> {
    let mut all: Vec<Group<'f>> = Vec::new();
    let mut known = BTreeMap::new();
    for group in groups {
        let around: Vec<&[u8]> = group.at.iter().map(|&at| around(group.text, at)).collect();
        match known.entry((group.first.code, &*group.first.what, around)) {
            Entry::Occupied(first) => {
                let first: &usize = first.get();
                all.get_mut(*first).into_iter().for_each(|first| first.others.push(group.numbers.clone()));
            }
            Entry::Vacant(entry) => {
                entry.insert(all.len());
                all.push(group);
            }
        }
    }
    all
}

/// What stands on both sides of a byte.
fn around(text: &[u8], at: usize) -> &[u8] {
    text.get(at.saturating_sub(AROUND)..(at + AROUND).min(text.len())).unwrap_or_default()
}

/// Where flaws stand of a file that goes along as it is: at the same bytes of the workspace's.
fn of_asset(prepared: &Prepared<'_>, group: &Group<'_>) -> Option<Vec<Span>> {
    let order = &prepared.planned(group.first.path.as_str())?.order;
    let source = order.asked_by.filter(|_| matches!(order.job, Job::Assets))?.source;
    let text = &*prepared.program.sources().get(source).text;
    let span = |&at: &usize| {
        let rest = text.get(at..)?;
        let word = rest.split(|c: char| c.is_whitespace() || "\"'<>&()".contains(c)).next().unwrap_or_default();
        Some(Span::new(source, at, at + word.len()))
    };
    group.at.iter().map(span).collect::<Option<Vec<_>>>().filter(|_| text.as_bytes() == group.text)
}

/// The template that a file is rendered by; of a message only the head is looked at, which is not its text.
fn writer<'p>(prepared: &'p Prepared<'_>, group: &Group<'_>) -> Option<&'p Arc<str>> {
    let planned = prepared.planned(group.first.path.as_str())?;
    match planned.order.job {
        Job::Page { document, .. } => Some(&prepared.plan.documents.get(document)?.template),
        Job::Email { email, .. } => {
            let email = prepared.plan.emails.get(email)?;
            match planned.path.extension() {
                "html" => Some(&email.html),
                "txt" => Some(&email.text),
                _ => None,
            }
        }
        Job::Assets | Job::Task(_) => None,
    }
}

/// Words of no more bytes may stand anywhere.
const SHORT: usize = 4;

/// The tags that Markdown makes of links and images, up to their address.
const OF_MARKDOWN: [&str; 2] = ["<a href=\"", "<img src=\""];

/// What begins a text; where that is signs alone, the rest of its line.
fn word(text: &str) -> &str {
    let line = text.lines().next().unwrap_or_default();
    let word = line.split(|c: char| c.is_whitespace() || "\"'<>&".contains(c)).next().unwrap_or_default();
    if word.chars().any(char::is_alphanumeric) { word } else { line }
}

/// Whether an overlay, or a row of a registry, holds a word.
fn is_in_overlay(program: &Program, word: &str) -> bool {
    let finder = memchr::memmem::Finder::new(word);
    let sources = (0..).map(SourceId).zip(program.sources().iter());
    let mut overlays = sources.filter(|(id, _)| !is_of_hq(program, *id));
    overlays.any(|(_, source)| finder.find(source.text.as_bytes()).is_some())
}

fn is_of_hq(program: &Program, source: SourceId) -> bool {
    let catalog = program.catalog();
    catalog.layer(LayerId::MASTER).sources.contains(&source) || catalog.templates.values().any(|&own| own == source)
}

/// The value that a stretch came from: the innermost, which is what was filled in.
fn value(page: &Traced, run: &Run) -> Option<Span> {
    Some(content(page, run)?.origin?.span)
}

fn content<'p>(page: &'p Traced, run: &Run) -> Option<&'p Content> {
    let content = |&number: &u32| page.marker.as_ref()?.content(number).filter(|content| content.origin.is_some());
    run.marks.iter().rev().find_map(content)
}

/// The name at the beginning of a path.
fn root(path: &str) -> &str {
    path.split(['.', '[']).next().unwrap_or_default()
}

/// The part of a value that is written as the page has it from a byte on; the whole value where it is written otherwise.
fn narrowed(sources: &Sources, span: Span, page: &Traced, at: usize) -> Span {
    let rest = page.text.get(at..).unwrap_or_default().trim_start_matches('<');
    let shown = rest.split(|c: char| c.is_whitespace() || "\"'<>&".contains(c)).next().unwrap_or_default();
    match sources.text(span).find(shown).filter(|_| !shown.is_empty()) {
        Some(found) => Span::new(span.source, span.start as usize + found, span.start as usize + found + shown.len()),
        None => span,
    }
}
