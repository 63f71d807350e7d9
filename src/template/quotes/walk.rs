//! The way through templates, from where each is put in to where it ends.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::super::marked::statement;
use crate::marks;

use super::super::parts::{Follow, Part, Piece, rest};
use super::super::quoted::Quoted;
use super::super::{Templates, escapes_html};
use super::fault::{Fault, fault};
use super::literals;
use super::reader::{Entry, Place, Reader};

/// Statements that put in what is written elsewhere.
const PUT_IN: [&str; 3] = ["include", "block", "call"];

/// What is wrong, by the template and the byte at which it begins, with the byte at which it ends.
pub type Faults = BTreeMap<(String, usize), (usize, Fault)>;

/// What is put in by name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Name {
    Template(String),
    /// What templates have for a block of another one that they fill.
    Block {
        template: String,
        block: String,
    },
}

pub struct Walk<'t> {
    templates: &'t Templates,
    read: &'t BTreeMap<&'t str, (&'t str, Vec<Part>)>,
    pub faults: Faults,
    pub quoted: Quoted,
    /// What was put in so far, and where.
    seen: Vec<(Name, Entry)>,
    waiting: Vec<(Name, Entry)>,
}

impl<'t> Walk<'t> {
    pub fn new(templates: &'t Templates, read: &'t BTreeMap<&'t str, (&'t str, Vec<Part>)>) -> Self {
        Self {
            templates,
            read,
            faults: Faults::default(),
            quoted: Quoted::default(),
            seen: Vec::new(),
            waiting: Vec::new(),
        }
    }

    pub fn put_in_text(&mut self, name: &str) {
        self.put_in(Name::Template(name.to_owned()), Entry::default());
    }

    fn put_in(&mut self, name: Name, entry: Entry) {
        if !self.seen.contains(&(name.clone(), entry.clone())) {
            self.seen.push((name.clone(), entry.clone()));
            self.waiting.push((name, entry));
        }
    }

    pub fn all(&mut self) {
        while let Some((name, entry)) = self.waiting.pop() {
            match name {
                Name::Template(name) => {
                    if let Some((name, (text, parts))) = self.read.get_key_value(&*name) {
                        let mut reading = Reading { walk: self, name, text, left: Vec::new() };
                        match extended(text, parts).is_some() {
                            true => reading.of_child(parts),
                            false => reading.whole_piece(parts, &entry, 0..text.len()),
                        }
                    }
                }
                Name::Block { template, block } => {
                    for (name, (text, parts)) in self.read {
                        if *name != template && !self.layouts(name).contains(&*template) {
                            continue;
                        }
                        for piece in blocks(parts).into_iter().filter(|piece| piece.block.as_deref() == Some(&*block)) {
                            let reading = Reading { walk: self, name, text, left: Vec::new() };
                            reading.whole_piece(&piece.body, &entry, piece.tag.end..piece.end);
                        }
                    }
                }
            }
        }
    }

    pub fn has_seen(&self, template: &str) -> bool {
        self.seen.iter().any(|(known, _)| matches!(known, Name::Template(known) if known == template))
    }

    /// Blocks that no template of those around has a place for.
    pub fn blocks_of_nobody(&mut self) {
        for (name, (_, parts)) in self.read {
            let layouts = self.layouts(name);
            for block in blocks(parts).into_iter().filter_map(|piece| piece.block.as_deref()) {
                let has_place = |known: &Name| match known {
                    Name::Block { template, block: known } => {
                        known == block && (template == name || layouts.contains(&**template))
                    }
                    Name::Template(_) => false,
                };
                if !self.seen.iter().any(|(known, _)| has_place(known)) {
                    let template = (*name).to_owned();
                    self.put_in(Name::Block { template, block: block.to_owned() }, Entry::default());
                }
            }
        }
    }

    /// The templates whose blocks one fills: the one that it extends, and what that one does.
    fn layouts(&self, name: &'t str) -> BTreeSet<&'t str> {
        let (mut all, mut waiting) = (BTreeSet::new(), vec![name]);
        while let Some((text, parts)) = waiting.pop().and_then(|name| self.read.get(name)) {
            waiting.extend(extended(text, parts).into_iter().flatten().filter(|name| all.insert(*name)));
        }
        all
    }
}

/// The templates of which one is extended, if any is.
fn extended<'t>(text: &'t str, parts: &[Part]) -> Option<Vec<&'t str>> {
    let tag = |part: &Part| match part {
        Part::Mark(range) => text.get(range.clone()).filter(|tag| statement(tag) == "extends"),
        _ => None,
    };
    parts.iter().find_map(tag).map(|tag| literals(rest(tag, "extends")).unwrap_or_default())
}

/// The blocks of a template, however deep.
fn blocks(parts: &[Part]) -> Vec<&Piece> {
    let mut all = Vec::new();
    for part in parts {
        match part {
            Part::Piece(piece) => {
                all.extend(Some(piece).filter(|piece| piece.block.is_some()));
                all.extend(blocks(&piece.body));
            }
            Part::Choice { branches, .. } => all.extend(branches.iter().flat_map(|branch| blocks(branch))),
            Part::Loop { body, none } => all.extend([body, none].into_iter().flat_map(|parts| blocks(parts))),
            Part::Text(_) | Part::Mark(_) => {}
        }
    }
    all
}

/// One template or piece that is being read, from one place.
struct Reading<'w, 't> {
    walk: &'w mut Walk<'t>,
    name: &'t str,
    text: &'t str,
    /// Who left the loops around before their end.
    left: Vec<Vec<Reader>>,
}

impl Reading<'_, '_> {
    /// Reads a piece, which has to end where it began.
    fn whole_piece(mut self, parts: &[Part], entry: &Entry, range: Range<usize>) {
        let readers = self.parts(parts, self.readers(entry));
        if readers.iter().any(|reader| !reader.is_back_at(entry)) {
            let text = self.text.get(range.clone()).unwrap_or_default();
            let opens = if entry.is_text() { text.rfind('<') } else { None };
            let start = range.start + opens.unwrap_or(text.len() - text.trim_start().len());
            let line = self.text.get(start..range.end).and_then(|text| text.lines().next()).unwrap_or_default();
            self.fault(start..start + line.len(), Fault::Open);
        }
    }

    /// Of a template that fills another one's blocks nothing else stands in a page; these are read from where they are put in.
    fn of_child(&mut self, parts: &[Part]) {
        for part in parts {
            match part {
                Part::Mark(range) => {
                    let tag = self.text.get(range.clone()).unwrap_or_default();
                    self.names(statement(tag), tag, range);
                }
                Part::Piece(piece) if piece.block.is_some() => {}
                other => drop(self.part(other, self.readers(&Entry::default()))),
            }
        }
    }

    fn readers(&self, entry: &Entry) -> Vec<Reader> {
        match self.name.ends_with(".html") || self.name.ends_with(".htm") {
            true => Reader::all(entry),
            false => vec![Reader::of_xml(entry)],
        }
    }

    fn fault(&mut self, range: Range<usize>, fault: Fault) {
        self.walk.faults.entry((self.name.to_owned(), range.start)).or_insert((range.end, fault));
    }

    /// What another template gives is escaped only if that one's name says so, and here by itself.
    fn names(&mut self, word: &str, tag: &str, range: &Range<usize>) {
        let is_raw = |other: &&str| self.walk.templates.contains(other) && !escapes_html(other);
        let fault = match word {
            "include" | "extends" | "import" | "from" => match literals(rest(tag, word)) {
                None => Some(Fault::Computed),
                Some(others) => others.iter().any(is_raw).then_some(Fault::Unescaped),
            },
            "autoescape" => Some(Fault::Escaping),
            _ => None,
        };
        fault.into_iter().for_each(|fault| self.fault(range.clone(), fault));
    }

    fn put_in(&mut self, word: &str, tag: &str, reader: &Reader) {
        let named = rest(tag, word);
        let names: Vec<Name> = match word {
            "include" => literals(named).into_iter().flatten().map(|name| Name::Template(name.to_owned())).collect(),
            "block" => {
                let block = named.split_whitespace().next().unwrap_or_default().to_owned();
                vec![Name::Block { template: self.name.to_owned(), block }]
            }
            _ => Vec::new(),
        };
        for name in names {
            self.walk.put_in(name, reader.entry());
        }
    }
}

impl Follow for Reading<'_, '_> {
    type At = Reader;

    fn whole(&self) -> &str {
        self.text
    }

    fn text(&mut self, text: &Range<usize>, readers: &mut Vec<Reader>) {
        let text = self.text.get(text.clone()).unwrap_or_default();
        readers.iter_mut().for_each(|reader| reader.read(text));
    }

    fn mark(&mut self, range: &Range<usize>, readers: &mut Vec<Reader>) {
        let tag = self.text.get(range.clone()).unwrap_or_default();
        let word = statement(tag);
        let prints = tag.starts_with("{{");
        if !prints && word != "<" && !PUT_IN.contains(&word) {
            return self.names(word, tag, range);
        }
        for reader in readers {
            if let Some(fault) = fault(reader, tag, prints) {
                self.fault(range.clone(), fault);
            } else if !prints && !reader.is_bare() {
                self.put_in(word, tag, reader);
            } else if let Place::Quoted(quote) = reader.place {
                self.walk.quoted.add(self.name, &marks::strip(tag), range, quote);
            }
            reader.pass(prints);
        }
        self.names(word, tag, range);
    }

    fn piece(&mut self, piece: &Piece, readers: Vec<Reader>) -> Vec<Reader> {
        if piece.block.is_none() {
            let reading = Reading { walk: &mut *self.walk, name: self.name, text: self.text, left: Vec::new() };
            reading.whole_piece(&piece.body, &Entry::default(), piece.tag.end..piece.end);
            return readers;
        }
        let mut after = self.parts(&piece.body, readers);
        // Another template may have something else there.
        after.iter_mut().for_each(|reader| reader.pass(false));
        after
    }

    fn left(&mut self) -> &mut Vec<Vec<Reader>> {
        &mut self.left
    }
}
