//! From headings and marks to the operations of an overlay.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use crate::diag::{Diagnostic, Diagnostics};
use crate::source::{Span, Spanned};

use super::blocks::{self, Builder};
use super::marks::Mark;
use super::page::Page;
use super::signs::{Named, Sign, SignKind};
use super::{Block, BlockOperation, OperationKind};

/// The operations of a whole overlay file, from byte `start` on.
pub(super) fn operations(
    page: Page<'_>,
    start: usize,
    signs: &[Sign],
    problems: &mut Diagnostics,
) -> Vec<BlockOperation> {
    let mut splitter = Splitter { page, done: start, part: None, parts: Vec::new(), problems };
    for sign in signs {
        splitter.sign(sign);
    }
    let parts = splitter.finish();
    let operations: Vec<_> = parts.iter().filter_map(|part| operation(page, part, problems)).collect();
    no_clashes(&operations, problems);
    operations
}

/// One operation and the headings and marks of what it brings.
struct Part<'s> {
    opening: &'s Sign,
    signs: Vec<&'s Sign>,
    /// How many `<!-- block -->` marks are open.
    depth: usize,
    /// Where what it brings ends; its end mark excluded.
    content_end: usize,
    end: usize,
}

impl<'s> Part<'s> {
    fn new(opening: &'s Sign) -> Self {
        let depth = usize::from(matches!(opening.kind, SignKind::Mark(Mark::Block { .. })));
        Self { opening, signs: Vec::new(), depth, content_end: opening.lines.end, end: opening.lines.end }
    }

    fn id(&self) -> &str {
        match &self.opening.kind {
            SignKind::Heading { named, .. } => named.as_ref().map_or("", |named| &named.id.value),
            SignKind::Mark(Mark::Block { id, .. } | Mark::Operation { id, .. }) => &id.value,
            SignKind::Mark(Mark::End { .. }) => "",
        }
    }

    /// The word that ends it, for one that an operation's mark opened.
    fn name(&self) -> Option<&'static str> {
        match &self.opening.kind {
            SignKind::Mark(Mark::Operation { kind, .. }) => Some(kind.name()),
            _ => None,
        }
    }

    /// Whether a block that begins at `sign` is part of what the operation brings.
    fn holds(&self, sign: &Sign, id: &str) -> bool {
        if self.depth > 0 {
            return true;
        }
        match (&self.opening.kind, &sign.kind) {
            (SignKind::Heading { heading: outer, .. }, SignKind::Heading { heading: inner, .. }) => {
                inner.level > outer.level
            }
            (SignKind::Mark(Mark::Operation { .. }), _) => blocks::is_below(id, self.id()) || id == self.id(),
            _ => blocks::is_below(id, self.id()),
        }
    }
}

/// Cuts the file into operations.
struct Splitter<'a, 's, 'p> {
    page: Page<'a>,
    done: usize,
    part: Option<Part<'s>>,
    parts: Vec<Part<'s>>,
    problems: &'p mut Diagnostics,
}

impl<'s> Splitter<'_, 's, '_> {
    fn sign(&mut self, sign: &'s Sign) {
        let at = sign.lines.start;
        match &sign.kind {
            SignKind::Mark(Mark::Operation { kind, .. }) if self.part.as_ref().is_none_or(|part| part.depth == 0) => {
                self.end_part(at, at);
                self.begin(sign);
                if !kind.has_content() {
                    self.end_part(sign.lines.end, sign.lines.end);
                }
            }
            SignKind::Heading { named: Some(Named { id, .. }), .. } | SignKind::Mark(Mark::Block { id, .. }) => {
                if !self.part.as_ref().is_some_and(|part| part.holds(sign, &id.value)) {
                    self.end_part(at, at);
                    self.begin(sign);
                    return;
                }
                self.keep(sign);
                if let (Some(part), SignKind::Mark(_)) = (&mut self.part, &sign.kind) {
                    part.depth += 1;
                }
            }
            SignKind::Mark(Mark::End { name, .. })
                if self.part.as_ref().is_some_and(|part| part.depth == 0 && part.name() == Some(name)) =>
            {
                self.end_part(at, sign.lines.end);
            }
            SignKind::Mark(Mark::End { name, .. }) => self.end_of_block(sign, name),
            SignKind::Heading { named: None, .. } | SignKind::Mark(Mark::Operation { .. }) => self.keep(sign),
        }
    }

    /// A block's end mark belongs to what is open; where nothing is, it closes nothing.
    fn end_of_block(&mut self, sign: &'s Sign, name: &str) {
        let Some(part) = self.part.as_mut().filter(|part| part.depth > 0) else {
            let message = format!("`/{name}` closes nothing");
            let diagnostic = Diagnostic::error("E-UNCLOSED", message).at(self.page.span(sign.shown.clone()), "");
            return self.problems.push(diagnostic.help("delete it, or write the mark that opens it"));
        };
        part.signs.push(sign);
        if name == "block" {
            part.depth -= 1;
        }
        let closes_all = part.depth == 0 && matches!(part.opening.kind, SignKind::Mark(Mark::Block { .. }));
        if closes_all {
            self.end_part(sign.lines.end, sign.lines.end);
        }
    }

    fn keep(&mut self, sign: &'s Sign) {
        if let Some(part) = &mut self.part {
            part.signs.push(sign);
        }
    }

    fn begin(&mut self, sign: &'s Sign) {
        self.gap(sign.lines.start);
        self.part = Some(Part::new(sign));
        self.done = sign.lines.end;
    }

    fn end_part(&mut self, content_end: usize, end: usize) {
        if let Some(mut part) = self.part.take() {
            part.content_end = content_end;
            part.end = end;
            self.done = end;
            self.parts.push(part);
        }
    }

    /// Nothing stands between operations.
    fn gap(&mut self, at: usize) {
        if let Some(loose) = self.page.loose_text(self.done..at.max(self.done)) {
            let is_heading = self.page.text[loose.clone()].starts_with('#');
            self.problems.push(blocks::loose_text(self.page.span(loose), is_heading));
        }
    }

    fn finish(mut self) -> Vec<Part<'s>> {
        let end = self.page.text.len();
        self.end_part(end, end);
        self.gap(end);
        self.parts
    }
}

fn operation(page: Page<'_>, part: &Part<'_>, problems: &mut Diagnostics) -> Option<BlockOperation> {
    let mark = page.span(part.opening.shown.clone());
    let span = page.span(part.opening.lines.start..part.end);
    match &part.opening.kind {
        SignKind::Mark(Mark::Operation { kind, id, classes }) => {
            let block =
                if kind.has_content() { content(page, part, kind, id, classes.clone(), problems) } else { None };
            Some(BlockOperation { kind: kind.clone(), id: id.clone(), block, mark, span })
        }
        // A block without an operation replaces the one of its name.
        _ => {
            let block = plain_block(page, part, problems)?;
            Some(BlockOperation { kind: OperationKind::Replace, id: block.id.clone(), block: Some(block), mark, span })
        }
    }
}

fn plain_block(page: Page<'_>, part: &Part<'_>, problems: &mut Diagnostics) -> Option<Block> {
    let mut builder = Builder::new(page, part.opening.lines.start, problems);
    builder.sign(part.opening);
    for sign in &part.signs {
        builder.sign(sign);
    }
    let blocks = builder.finish(part.content_end);
    blocks::no_doubles(blocks.iter().flat_map(Block::walk), problems);
    blocks.into_iter().next()
}

fn content(
    page: Page<'_>,
    part: &Part<'_>,
    kind: &OperationKind,
    id: &Spanned<Arc<str>>,
    classes: Vec<Arc<str>>,
    problems: &mut Diagnostics,
) -> Option<Block> {
    let start = part.opening.lines.start;
    let mut builder = Builder::new(page, start, problems).inside(id.clone(), classes, part.opening);
    let mut signs = part.signs.iter();
    if let Some((lines, sign)) = own_heading(page, part, kind) {
        if let SignKind::Heading { heading, named } = &sign.kind {
            builder.adopt(heading, named.as_ref(), &lines);
        }
        signs.next();
    }
    for sign in signs {
        builder.sign(sign);
    }
    let block = builder.finish_inside(part.content_end)?;
    blocks::no_doubles(block.walk(), problems);
    Some(block)
}

/// The heading that a replacement opens with: without an id, or with the block's own.
fn own_heading<'s>(page: Page<'_>, part: &Part<'s>, kind: &OperationKind) -> Option<(Range<usize>, &'s Sign)> {
    if !matches!(kind, OperationKind::Replace | OperationKind::Insert(_)) {
        return None;
    }
    let sign = part.signs.first()?;
    let SignKind::Heading { named, .. } = &sign.kind else { return None };
    let is_own = named.as_ref().is_none_or(|named| *named.id.value == *part.id());
    let is_first = page.loose_text(part.opening.lines.end..sign.lines.start).is_none();
    (is_own && is_first).then(|| (sign.lines.clone(), *sign))
}

/// What an operation decides about its block; two decisions of one kind clash.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Decides {
    Content,
    Append,
    Prepend,
    Place,
}

fn no_clashes(operations: &[BlockOperation], problems: &mut Diagnostics) {
    let mut seen: BTreeMap<(&str, Option<&str>, Decides), (&str, Span)> = BTreeMap::new();
    for operation in operations {
        let (name, id) = (operation.kind.name(), &operation.id);
        let decides = match operation.kind {
            OperationKind::Append => Decides::Append,
            OperationKind::Prepend => Decides::Prepend,
            OperationKind::Move(_) => Decides::Place,
            _ => Decides::Content,
        };
        let when = operation.block.as_ref().and_then(|block| block.when.as_ref()).map(|when| &*when.value);
        match seen.get(&(&*id.value, when, decides)) {
            None => {
                seen.insert((&id.value, when, decides), (name, id.span));
            }
            Some(&(first, span)) => problems.push(
                Diagnostic::error("E-DUPID", format!("`{name}` meets a block, `{}`, that has an operation", id.value))
                    .at(id.span, "second operation")
                    .other(span, format!("first operation (`{first}`)"))
                    .help("keep one of the two"),
            ),
        }
    }
}
