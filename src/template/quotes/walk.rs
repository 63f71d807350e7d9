//! The way through templates, from where each is put in to where it ends.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::super::marked::statement;
use crate::marks;

use super::super::parts::{Around, Follow, Part, Piece, blocks, deep, extends, literals, rest};
use super::super::quoted::{Quoted, is_super};
use super::super::{Templates, escapes_html};
use super::fault::{Fault, fault, fault_of_filters, fault_of_super};
use super::reader::{Entry, Place, Reader};

/// Statements that put in what is written elsewhere.
const PUT_IN: [&str; 5] = ["include", "extends", "block", "call", "<"];

/// What is wrong, by the template and the byte at which it begins, with the byte at which it ends.
pub type Faults = BTreeMap<Spot, (usize, Fault)>;

/// A template, and a byte in it.
type Spot = (String, usize);

/// What is put in by name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Name {
    Template(String),
    /// What templates have for a block of another one that they fill.
    Block {
        template: String,
        block: String,
    },
    /// What the templates that one extends have for a block, where it asks for that.
    Replaced {
        template: String,
        block: String,
    },
}

/// The mark that asks for what is read: its template, and where it stands there.
type Asked = Option<(String, Range<usize>)>;

pub struct Walk<'t> {
    templates: &'t Templates,
    read: &'t BTreeMap<&'t str, (&'t str, Vec<Part>)>,
    faults: Faults,
    quoted: Quoted,
    /// What was put in so far, and where.
    seen: Vec<(Name, Entry)>,
    waiting: Vec<(Name, Entry, Asked)>,
    /// Marks that ask for something in which something is wrong only there, with where that is.
    asked: Vec<(Spot, (usize, Fault), Spot)>,
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
            asked: Vec::new(),
        }
    }

    pub fn put_in_text(&mut self, name: &str) {
        self.put_in(Name::Template(name.to_owned()), Entry::of(name), None);
    }

    fn put_in(&mut self, name: Name, entry: Entry, asked: Asked) {
        if !self.seen.contains(&(name.clone(), entry.clone())) {
            self.seen.push((name.clone(), entry.clone()));
            self.waiting.push((name, entry, asked));
        }
    }

    pub fn all(&mut self) {
        while let Some((name, entry, asked)) = self.waiting.pop() {
            match name {
                Name::Template(name) => {
                    if let Some((name, (text, parts))) = self.read.get_key_value(&*name) {
                        let reading = Reading::new(self, name, text, entry);
                        Reading { asked, ..reading }.whole_piece(parts, 0..text.len());
                    }
                }
                Name::Block { template, block } => {
                    let fills = |name: &str| name == template || self.layouts(name).contains(&*template);
                    let names = self.read.keys().copied().filter(|name| fills(name)).collect();
                    self.blocks(names, &block, &entry, &asked);
                }
                Name::Replaced { template, block } => {
                    let names = self.layouts(&template).into_iter().filter(|name| *name != template).collect();
                    self.blocks(names, &block, &entry, &asked);
                }
            }
        }
    }

    /// What is wrong, once all is read.
    pub fn done(mut self) -> (Faults, Quoted) {
        for (mark, fault, place) in self.asked {
            // What is wrong with it anyhow is said there.
            if !self.faults.contains_key(&place) {
                self.faults.entry(mark).or_insert(fault);
            }
        }
        (self.faults, self.quoted)
    }

    /// Reads what these templates have for a block.
    fn blocks(&mut self, names: Vec<&str>, block: &str, entry: &Entry, asked: &Asked) {
        for (name, (text, parts)) in names.into_iter().filter_map(|name| self.read.get_key_value(name)) {
            for piece in blocks(parts).into_iter().filter(|piece| piece.block.as_deref() == Some(block)) {
                let reading = Reading::new(self, name, text, entry.clone());
                let reading = Reading { asked: asked.clone(), block: Some(block.to_owned()), ..reading };
                reading.whole_piece(&piece.body, piece.tag.end..piece.end);
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
                    Name::Template(_) | Name::Replaced { .. } => false,
                };
                if !self.seen.iter().any(|(known, _)| has_place(known)) {
                    let template = (*name).to_owned();
                    self.put_in(Name::Block { template, block: block.to_owned() }, Entry::of(name), None);
                }
            }
        }
    }

    /// The templates whose blocks one fills: those that it may extend, and what these do.
    fn layouts(&self, name: &str) -> BTreeSet<&'t str> {
        let known = self.read.get_key_value(name).map(|(name, _)| *name);
        let (mut all, mut waiting) = (BTreeSet::new(), Vec::from_iter(known));
        while let Some((text, parts)) = waiting.pop().and_then(|name| self.read.get(name)) {
            waiting.extend(extended(text, parts).into_iter().filter(|name| all.insert(*name)));
        }
        all
    }
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

/// Whether a tag calls what is called so.
fn calls(tag: &str, name: &str) -> bool {
    let mut all = tag.match_indices(name).map(|(at, _)| tag.get(at + name.len()..).unwrap_or_default());
    all.any(|behind| behind.trim_start().starts_with('('))
}

/// The blocks that a tag asks the whole template for.
fn of_self(tag: &str) -> Vec<&str> {
    let all = tag.match_indices("self").map(|(at, word)| tag.get(at + word.len()..).unwrap_or_default());
    let named = all.filter_map(|behind| behind.trim_start().strip_prefix('.')).map(str::trim_start);
    named.filter_map(|name| name.split(|c: char| !c.is_alphanumeric() && c != '_').next()).collect()
}

/// One template or piece that is being read, from one place.
struct Reading<'w, 't> {
    walk: &'w mut Walk<'t>,
    name: &'t str,
    text: &'t str,
    /// Where it is read from.
    entry: Entry,
    /// The block that is read, also from within what it binds to a name.
    block: Option<String>,
    /// How many blocks lie around here that stand in what is read. What those ask for, they do where each is read by itself.
    within: usize,
    asked: Asked,
    /// Whether another template is extended: then nothing more of this one stands in a page but what fills blocks.
    is_child: bool,
    around: Vec<Around<Reader>>,
}

impl<'w, 't> Reading<'w, 't> {
    fn new(walk: &'w mut Walk<'t>, name: &'t str, text: &'t str, entry: Entry) -> Self {
        Self { walk, name, text, entry, block: None, within: 0, asked: None, is_child: false, around: Vec::new() }
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
        let place = (self.name.to_owned(), range.start);
        match self.asked.clone() {
            Some((name, mark)) => self.walk.asked.push(((name, mark.start), (mark.end, Fault::Called), place)),
            None => _ = self.walk.faults.entry(place).or_insert((range.end, fault)),
        }
    }

    /// Reads what a tag asks for of blocks, from where that stands, or else from the text of a page.
    fn ask(&mut self, tag: &str, range: &Range<usize>, entry: Option<Entry>) {
        let template = || self.name.to_owned();
        let replaced = |block: &str| Name::Replaced { template: template(), block: block.to_owned() };
        let mut names: Vec<Name> = Vec::new();
        if calls(tag, "super") && self.within == 0 {
            names.extend(self.block.as_deref().map(replaced));
        }
        for block in of_self(tag) {
            names.extend([replaced(block), Name::Block { template: template(), block: block.to_owned() }]);
        }
        let entry = entry.unwrap_or_else(|| Entry::of(self.name));
        for name in names {
            self.walk.put_in(name, entry.clone(), Some((template(), range.clone())));
        }
    }

    /// What another template gives is escaped only if that one's name says so, and here by itself.
    fn names(&mut self, word: &str, tag: &str, range: &Range<usize>) {
        let is_raw = |other: &&str| self.walk.templates.contains(other) && !escapes_html(other);
        let fault = match word {
            "include" | "extends" | "import" | "from" => match literals(rest(tag, word)) {
                None if rest(tag, word).contains('\\') => Some(Fault::Renamed),
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
            self.walk.put_in(name, reader.entry(), self.asked.clone());
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
            self.ask(tag, range, None);
            return self.names(word, tag, range);
        }
        // What fills a block is read from where the other template has it.
        if self.is_child && word == "block" {
            return;
        }
        let mut faults = BTreeSet::new();
        for reader in readers {
            let fault = match prints && is_super(tag) {
                true if self.within > 0 && !reader.is_bare() => None,
                true => fault_of_super(reader, &self.entry),
                false => fault(reader, tag, prints),
            };
            if let Some(fault) = fault {
                faults.insert(fault);
            } else if prints && is_super(tag) {
                self.ask(tag, range, Some(reader.entry()));
            } else if !prints && !reader.is_bare() {
                self.put_in(word, tag, reader);
            } else if let Place::Quoted(quote) = reader.place {
                self.walk.quoted.add(self.name, &marks::strip(tag), range, quote);
            }
            reader.pass(prints);
        }
        if !is_super(tag) && faults.is_empty() {
            self.ask(tag, range, None);
        }
        // Whoever reads it, the first is what has to be mended before the others.
        faults.into_iter().next().into_iter().for_each(|fault| self.fault(range.clone(), fault));
        self.names(word, tag, range);
    }

    fn piece(&mut self, piece: &Piece, readers: Vec<Reader>) -> Vec<Reader> {
        if piece.block.is_none() {
            let tag = self.text.get(piece.tag.clone()).unwrap_or_default();
            self.names(statement(tag), tag, &piece.tag);
            let tag = statement(tag);
            // A macro and a component are no part of what they are written in.
            let block = self.block.clone().filter(|_| !matches!(tag, "macro" | "component"));
            let (within, asked) = (self.within, self.asked.clone());
            let reading = Reading::new(&mut *self.walk, self.name, self.text, Entry::of(self.name));
            let reading = Reading { block, within, asked, ..reading };
            reading.whole_piece(&piece.body, piece.tag.end..piece.end);
            return readers;
        }
        if self.is_child {
            return readers;
        }
        self.within += 1;
        let mut after = self.parts(&piece.body, readers);
        self.within -= 1;
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
