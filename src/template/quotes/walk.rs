//! The way through templates, from where each is put in to where it ends.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::super::marked::statement;
use crate::marks;

use super::super::parts::{Around, Follow, Part, Piece, literals, rest};
use super::super::quoted::{Quoted, is_super};
use super::super::{Templates, escapes_html};
use super::fault::{Fault, fault, fault_of_filters, fault_of_super};
use super::reader::{Entry, Place, Reader};

/// Statements that put in what is written elsewhere.
const PUT_IN: [&str; 5] = ["include", "extends", "block", "call", "<"];

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
        self.put_in(Name::Template(name.to_owned()), Entry::of(name));
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
                        Reading::new(self, name, text, entry).whole_piece(parts, 0..text.len());
                    }
                }
                Name::Block { template, block } => {
                    for (name, (text, parts)) in self.read {
                        if *name != template && !self.layouts(name).contains(&*template) {
                            continue;
                        }
                        for piece in blocks(parts).into_iter().filter(|piece| piece.block.as_deref() == Some(&*block)) {
                            let reading = Reading::new(self, name, text, entry.clone());
                            reading.whole_piece(&piece.body, piece.tag.end..piece.end);
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
                    self.put_in(Name::Block { template, block: block.to_owned() }, Entry::of(name));
                }
            }
        }
    }

    /// The templates whose blocks one fills: those that it may extend, and what these do.
    fn layouts(&self, name: &'t str) -> BTreeSet<&'t str> {
        let (mut all, mut waiting) = (BTreeSet::new(), vec![name]);
        while let Some((text, parts)) = waiting.pop().and_then(|name| self.read.get(name)) {
            waiting.extend(extended(text, parts).into_iter().filter(|name| all.insert(*name)));
        }
        all
    }
}

/// All parts of a template, however deep.
fn deep(parts: &[Part]) -> Vec<&Part> {
    let mut all = Vec::new();
    for part in parts {
        all.push(part);
        match part {
            Part::Piece(piece) => all.extend(deep(&piece.body)),
            Part::Choice { branches, .. } => all.extend(branches.iter().flat_map(|branch| deep(branch))),
            Part::Loop { body, none, .. } => all.extend([body, none].into_iter().flat_map(|parts| deep(parts))),
            Part::Text(_) | Part::Mark(_) | Part::Stray(_) => {}
        }
    }
    all
}

/// The templates of which one is extended, whatever that depends on.
fn extended<'t>(text: &'t str, parts: &[Part]) -> Vec<&'t str> {
    let tag = |part: &Part| match part {
        Part::Mark(range) => text.get(range.clone()).filter(|tag| statement(tag) == "extends"),
        _ => None,
    };
    let tags = deep(parts).into_iter().filter_map(tag);
    tags.filter_map(|tag| literals(rest(tag, "extends"))).flatten().collect()
}

/// Whether another template is extended by that part for sure.
fn extends(text: &str, part: &Part) -> bool {
    match part {
        Part::Mark(range) => text.get(range.clone()).is_some_and(|tag| statement(tag) == "extends"),
        Part::Choice { branches, is_whole: true, .. } => {
            branches.iter().all(|branch| branch.iter().any(|part| extends(text, part)))
        }
        _ => false,
    }
}

/// The blocks of a template.
fn blocks(parts: &[Part]) -> Vec<&Piece> {
    let parts = deep(parts).into_iter();
    let blocks = parts.filter_map(|part| match part {
        Part::Piece(piece) if piece.block.is_some() => Some(piece),
        _ => None,
    });
    blocks.collect()
}

/// One template or piece that is being read, from one place.
struct Reading<'w, 't> {
    walk: &'w mut Walk<'t>,
    name: &'t str,
    text: &'t str,
    /// Where it is read from.
    entry: Entry,
    /// Whether another template is extended: then nothing more of this one stands in a page but what fills blocks.
    is_child: bool,
    around: Vec<Around<Reader>>,
}

impl<'w, 't> Reading<'w, 't> {
    fn new(walk: &'w mut Walk<'t>, name: &'t str, text: &'t str, entry: Entry) -> Self {
        Self { walk, name, text, entry, is_child: false, around: Vec::new() }
    }
}

impl Reading<'_, '_> {
    /// Reads a piece, which has to end where it began.
    fn whole_piece(mut self, parts: &[Part], range: Range<usize>) {
        let mut readers = Reader::all(&self.entry);
        for part in parts {
            readers = self.part(part, readers);
            self.is_child |= extends(self.text, part);
        }
        if readers.iter().any(|reader| !reader.is_back_at(&self.entry)) {
            let text = self.text.get(range.clone()).unwrap_or_default();
            let opens = if self.entry.is_text() { text.rfind('<') } else { None };
            let start = range.start + opens.unwrap_or(text.len() - text.trim_start().len());
            let line = self.text.get(start..range.end).and_then(|text| text.lines().next()).unwrap_or_default();
            self.fault(start..start + line.len(), Fault::Open);
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
            "include" | "extends" => {
                literals(named).into_iter().flatten().map(|name| Name::Template(name.to_owned())).collect()
            }
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
        if word == "filter" {
            let fault = readers.iter().find_map(|reader| fault_of_filters(reader, tag));
            return fault.into_iter().for_each(|fault| self.fault(range.clone(), fault));
        }
        if !prints && !PUT_IN.contains(&word) {
            return self.names(word, tag, range);
        }
        // What fills a block is read from where the other template has it.
        if self.is_child && word == "block" {
            return;
        }
        let mut faults = BTreeSet::new();
        for reader in readers {
            let fault = match prints && is_super(tag) {
                true => fault_of_super(reader, &self.entry),
                false => fault(reader, tag, prints),
            };
            if let Some(fault) = fault {
                faults.insert(fault);
            } else if !prints && !reader.is_bare() {
                self.put_in(word, tag, reader);
            } else if let Place::Quoted(quote) = reader.place {
                self.walk.quoted.add(self.name, &marks::strip(tag), range, quote);
            }
            reader.pass(prints);
        }
        // Whoever reads it, the first is what has to be mended before the others.
        faults.into_iter().next().into_iter().for_each(|fault| self.fault(range.clone(), fault));
        self.names(word, tag, range);
    }

    fn piece(&mut self, piece: &Piece, readers: Vec<Reader>) -> Vec<Reader> {
        if piece.block.is_none() {
            let tag = self.text.get(piece.tag.clone()).unwrap_or_default();
            self.names(statement(tag), tag, &piece.tag);
            let reading = Reading::new(&mut *self.walk, self.name, self.text, Entry::of(self.name));
            reading.whole_piece(&piece.body, piece.tag.end..piece.end);
            return readers;
        }
        if self.is_child {
            return readers;
        }
        let mut after = self.parts(&piece.body, readers);
        // Another template may have something else there.
        after.iter_mut().for_each(|reader| reader.pass(false));
        after
    }

    fn stray(&mut self, tag: &Range<usize>) {
        self.fault(tag.clone(), Fault::Stray);
    }

    fn give_up(&mut self, tag: &Range<usize>) {
        self.fault(tag.clone(), Fault::Many);
    }

    fn around(&mut self) -> &mut Vec<Around<Reader>> {
        &mut self.around
    }
}
