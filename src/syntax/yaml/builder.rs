//! From parser events to the tree.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::Arc;

use saphyr_parser::{Event, ScalarStyle, Tag};

use crate::diag::{Diagnostic, Diagnostics};
use crate::source::{SourceId, Span, Spanned};
use crate::syntax::tree::{Core, Entry, Map, Node, Scalar, Value};

use super::offsets::Offsets;
use super::{ALIAS_BUDGET, MAX_DEPTH, advice, tags};

/// A node with what is needed to copy it safely.
#[derive(Clone)]
struct Built {
    node: Node,
    /// How many nodes it is made of.
    size: usize,
    /// How many levels of lists and maps it holds.
    depth: usize,
}

/// A list or map whose end has not come yet.
struct Open {
    collection: Collection,
    anchor: usize,
    tag: Option<Tag>,
    /// Where it starts, properties excluded.
    start: usize,
    size: usize,
    depth: usize,
}

enum Collection {
    Seq(Vec<Node>),
    Map { entries: Vec<Entry>, key: Key },
}

/// What stands where the parser is in a map.
enum Key {
    /// The next node is a key.
    Awaited,
    /// The next node is the value of this key.
    Found(Spanned<Arc<str>>),
    /// The key was refused; its value is read and dropped.
    Refused,
}

pub(super) struct Builder<'a> {
    source: SourceId,
    text: &'a str,
    base: usize,
    offsets: Offsets<'a>,
    open: Vec<Open>,
    anchors: BTreeMap<usize, Built>,
    copied: usize,
    /// Where the last event ended, to find what stands before the next one.
    last_end: usize,
    root: Option<Node>,
    pub(super) problems: Diagnostics,
}

impl<'a> Builder<'a> {
    pub(super) fn new(source: SourceId, text: &'a str, base: usize) -> Self {
        Self {
            source,
            text,
            base,
            offsets: Offsets::new(text),
            open: Vec::new(),
            anchors: BTreeMap::new(),
            copied: 0,
            last_end: 0,
            root: None,
            problems: Diagnostics::default(),
        }
    }

    pub(super) fn span(&self, place: saphyr_parser::Span) -> Span {
        let (start, end) = self.range(place);
        self.at(start, end)
    }

    fn range(&self, place: saphyr_parser::Span) -> (usize, usize) {
        let start = self.offsets.byte(place.start.index());
        (start, self.offsets.byte(place.end.index()).max(start))
    }

    fn at(&self, start: usize, end: usize) -> Span {
        Span::new(self.source, self.base + start, self.base + end)
    }

    /// Takes one event; breaks when going on would cost too much.
    pub(super) fn event(&mut self, event: Event<'_>, place: saphyr_parser::Span) -> ControlFlow<()> {
        let (start, end) = self.range(place);
        let flow = match event {
            Event::Alias(anchor) => self.alias(anchor, self.at(start, end)),
            Event::Scalar(text, style, anchor, tag) => {
                let span = self.scalar_span(start, end, style, &text, anchor > 0 || tag.is_some());
                let scalar = Scalar { text: text.as_ref().into(), plain: style == ScalarStyle::Plain };
                if matches!(scalar.core(), Core::Str(_)) && scalar.plain {
                    self.note_cut(span);
                }
                let mut value = Value::Scalar(scalar);
                self.apply_tag(tag.as_deref(), &mut value, span);
                self.built(Built { node: Node { value, span }, size: 1, depth: 0 }, anchor)
            }
            Event::SequenceStart(anchor, tag) => {
                self.begin(Collection::Seq(Vec::new()), anchor, tag.map(|tag| tag.into_owned()), start)
            }
            Event::MappingStart(anchor, tag) => {
                let map = Collection::Map { entries: Vec::new(), key: Key::Awaited };
                self.begin(map, anchor, tag.map(|tag| tag.into_owned()), start)
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(start, end),
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentStart(_) | Event::DocumentEnd => {
                ControlFlow::Continue(())
            }
        };
        self.last_end = self.last_end.max(end);
        flow
    }

    /// A text that ends at a `#` nobody meant for a comment: with a blank before it and none behind.
    fn note_cut(&mut self, span: Span) {
        let rest = self.text.get(span.end as usize - self.base..).unwrap_or_default();
        let mut rest = rest.strip_prefix(" #").unwrap_or_default().chars();
        if rest.next().is_some_and(char::is_alphanumeric) {
            let error = Diagnostic::error("E-YAML", "the text ends here, since ` #` begins a comment").at(span, "");
            let help = "put quotes around the whole text; if a comment is meant, put a blank behind its `#`";
            self.problems.push(error.help(help));
        }
    }

    /// Where a scalar is written; the parser's place begins at its properties, for a block scalar
    /// behind its header, and for one left out it may be the next token's.
    fn scalar_span(&self, start: usize, end: usize, style: ScalarStyle, text: &str, properties: bool) -> Span {
        match style {
            ScalarStyle::Literal | ScalarStyle::Folded => {
                let from = if properties { start } else { self.last_end.min(start) };
                let start = block_header(self.text, from, end).unwrap_or(start);
                let end = start + self.text[start..end.max(start)].trim_end().len();
                self.at(start, end)
            }
            ScalarStyle::Plain if text.is_empty() => {
                let indicator = !properties && self.text[start..].starts_with([':', '-']);
                let end = match (properties, indicator) {
                    (true, _) => end,
                    (false, true) => start + 1,
                    (false, false) => start,
                };
                let end = self.text[..end].trim_end().len();
                self.at(end, end)
            }
            _ => {
                let start = if properties { skip_properties(self.text, start).min(end) } else { start };
                self.at(start, quoted_end(self.text, start).unwrap_or(end))
            }
        }
    }

    fn begin(&mut self, collection: Collection, anchor: usize, tag: Option<Tag>, start: usize) -> ControlFlow<()> {
        let start = if anchor > 0 || tag.is_some() { skip_properties(self.text, start) } else { start };
        if self.open.len() >= MAX_DEPTH {
            return self.too_deep(self.at(start, start));
        }
        // A list at its key's own indentation is announced behind its first dash.
        let before = self.text[..start].trim_end_matches(' ');
        let indentless = matches!(collection, Collection::Seq(_)) && !self.text[start..].starts_with(['-', '[']);
        let start = if indentless && before.ends_with('-') { before.len() - 1 } else { start };
        self.open.push(Open { collection, anchor, tag, start, size: 1, depth: 1 });
        ControlFlow::Continue(())
    }

    fn end(&mut self, start: usize, end: usize) -> ControlFlow<()> {
        // The parser sends an end only for what it has begun.
        let Some(open) = self.open.pop() else { return ControlFlow::Break(()) };
        let (mut value, last) = match open.collection {
            Collection::Seq(items) => {
                let last = items.last().map(|item| item.span);
                (Value::Seq(items), last)
            }
            Collection::Map { entries, .. } => {
                let last = entries.last().map(|entry| entry.key.span.to(entry.value.span));
                (Value::Map(Map { entries: self.without_doubles(entries) }), last)
            }
        };
        let end = if self.text[start..].starts_with([']', '}']) { start + 1 } else { end };
        let is_flow = self.text[open.start..].starts_with(['[', '{']);
        let span = match last {
            Some(last) if !is_flow => self.at(open.start, open.start).to(last),
            _ => self.at(open.start, end.max(open.start)),
        };
        self.apply_tag(open.tag.as_ref(), &mut value, span);
        self.built(Built { node: Node { value, span }, size: open.size, depth: open.depth }, open.anchor)
    }

    fn alias(&mut self, anchor: usize, span: Span) -> ControlFlow<()> {
        let Some(target) = self.anchors.get(&anchor) else {
            let diagnostic = Diagnostic::error("E-ALIAS", "this alias stands inside the value it names");
            self.problems.push(diagnostic.at(span, "").help("write the value out"));
            return ControlFlow::Break(());
        };
        self.copied += target.size;
        if self.copied > ALIAS_BUDGET {
            return self.too_many_copies(span);
        }
        if self.open.len() + target.depth > MAX_DEPTH {
            return self.too_deep(span);
        }
        let mut built = target.clone();
        built.node.span = span;
        self.built(built, 0)
    }

    /// Puts a finished node where it belongs.
    fn built(&mut self, built: Built, anchor: usize) -> ControlFlow<()> {
        if anchor > 0 {
            self.copied += built.size;
            if self.copied > ALIAS_BUDGET {
                return self.too_many_copies(built.node.span);
            }
            self.anchors.insert(anchor, built.clone());
        }
        let Some(open) = self.open.last_mut() else {
            self.root.get_or_insert(built.node);
            return ControlFlow::Continue(());
        };
        open.size += built.size;
        open.depth = open.depth.max(built.depth + 1);
        match &mut open.collection {
            Collection::Seq(items) => items.push(built.node),
            Collection::Map { entries, key } => match std::mem::replace(key, Key::Awaited) {
                Key::Awaited => match as_key(built.node, self.text, self.base) {
                    Ok(found) => *key = Key::Found(found),
                    Err(problem) => {
                        *key = Key::Refused;
                        self.problems.push(problem);
                    }
                },
                Key::Found(key) => entries.push(Entry { key, value: built.node }),
                Key::Refused => {}
            },
        }
        ControlFlow::Continue(())
    }

    fn apply_tag(&mut self, tag: Option<&Tag>, value: &mut Value, span: Span) {
        if let Some(Err(message)) = tag.map(|tag| tags::apply(tag, value)) {
            self.problems.push(
                Diagnostic::error("E-TAG", message)
                    .at(span, "")
                    .help("delete the tag; a text that looks like a number or like true and false goes in quotes"),
            );
        }
    }

    /// Reports keys that stand twice and keeps the first of each.
    fn without_doubles(&mut self, entries: Vec<Entry>) -> Vec<Entry> {
        let mut order: Vec<usize> = (0..entries.len()).collect();
        order.sort_by_key(|&index| &entries[index].key.value);
        let mut doubled = vec![false; entries.len()];
        for pair in order.windows(2) {
            let (first, second) = (&entries[pair[0]].key, &entries[pair[1]].key);
            if first.value == second.value {
                doubled[pair[1]] = true;
                self.problems.push(
                    Diagnostic::error("E-DUPKEY", format!("the key `{}` stands twice in one map", second.value))
                        .at(second.span, "second time")
                        .other(first.span, "first time")
                        .help("keep one of the two"),
                );
            }
        }
        let mut doubled = doubled.into_iter();
        entries.into_iter().filter(|_| !doubled.next().unwrap_or_default()).collect()
    }

    fn too_deep(&mut self, span: Span) -> ControlFlow<()> {
        self.problems.push(super::too_deep(span));
        ControlFlow::Break(())
    }

    fn too_many_copies(&mut self, span: Span) -> ControlFlow<()> {
        let message = format!("anchors and aliases of this file copy more than {ALIAS_BUDGET} values");
        let diagnostic = Diagnostic::error("E-ALIAS", message).at(span, "the limit is passed here");
        self.problems.push(diagnostic.help("write the values out, or use aliases for smaller parts"));
        ControlFlow::Break(())
    }

    pub(super) fn finish(self) -> Result<Node, Diagnostics> {
        if self.problems.has_errors() {
            return Err(self.problems);
        }
        let empty = Node { value: Value::Map(Map::default()), span: self.at(0, 0) };
        let root = self.root.unwrap_or(empty);
        // `---` and nothing else is as empty as no text at all.
        let written = root.span.start != root.span.end;
        Ok(if root.is_null() && !written { Node { value: Value::Map(Map::default()), ..root } } else { root })
    }
}

/// The text of a key, or why it is none.
fn as_key(node: Node, text: &str, base: usize) -> Result<Spanned<Arc<str>>, Diagnostic> {
    let span = node.span;
    let refuse = |code, message: &str, help: &str| Err(Diagnostic::error(code, message).at(span, "").help(help));
    match node.value {
        Value::Scalar(scalar) if scalar.plain && &*scalar.text == "<<" => refuse(
            "E-MERGEKEY",
            "a merge key (`<<`) is not allowed",
            "write the keys out; to share values between files use a layer",
        ),
        Value::Scalar(scalar) if scalar.core() == crate::syntax::tree::Core::Null => {
            refuse("E-KEY", "a key is missing", "write a key before the `:`")
        }
        Value::Scalar(scalar) => Ok(Spanned::new(scalar.text, span)),
        Value::Seq(_) | Value::Map(_) => {
            let start = span.start as usize - base;
            let braces = text[..start].ends_with('{') && text[start..].starts_with('{');
            let line = text[..start].rfind('\n').map_or(0, |newline| newline + 1);
            if braces || advice::begins_with_braces(text[line..].lines().next().unwrap_or_default()) {
                let help = "put quotes around a text that begins with `{{`";
                refuse("E-KEY", "YAML takes this for a map inside a map", help)
            } else {
                refuse("E-KEY", "a key has to be a text", "write a plain word before the `:`")
            }
        }
    }
}

/// The byte behind the anchor and the tag that begin at `at`.
fn skip_properties(text: &str, at: usize) -> usize {
    let mut rest = &text[at..];
    loop {
        rest = skip_blank(rest);
        if !rest.starts_with(['&', '!']) {
            return text.len() - rest.len();
        }
        rest = &rest[rest.find(char::is_whitespace).unwrap_or(rest.len())..];
    }
}

/// The byte behind the quote that ends the quoted scalar at `start`; the parser looks on over white space and
/// comments. `None` for a plain one.
fn quoted_end(text: &str, start: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let quote = bytes.get(start).copied().filter(|byte| matches!(byte, b'"' | b'\''))?;
    let mut at = start + 1;
    loop {
        match *bytes.get(at)? {
            b'\\' if quote == b'"' => at += 2,
            byte if byte == quote && quote == b'\'' && bytes.get(at + 1) == Some(&quote) => at += 2,
            byte if byte == quote => return Some(at + 1),
            _ => at += 1,
        }
    }
}

/// `text` without the white space and comments that it begins with.
fn skip_blank(text: &str) -> &str {
    let mut rest = text.trim_start();
    while rest.starts_with('#') {
        rest = rest[rest.find(['\n', '\r']).unwrap_or(rest.len())..].trim_start();
    }
    rest
}

/// The byte at which the header (`|` or `>`) of a block scalar stands, between `from` and `to`.
fn block_header(text: &str, from: usize, to: usize) -> Option<usize> {
    let mut rest = &text[from..];
    loop {
        rest = skip_blank(rest);
        let at = text.len() - rest.len();
        if at > to {
            return None;
        }
        match rest.chars().next()? {
            '|' | '>' => return Some(at),
            '&' | '!' => rest = &rest[rest.find(char::is_whitespace)?..],
            '-' | '?' | ':' => rest = &rest[1..],
            _ => return None,
        }
    }
}
