//! From headings and marks to nested blocks.

use std::collections::{BTreeMap, HashSet};
use std::ops::Range;
use std::sync::Arc;

use crate::diag::{Diagnostic, Diagnostics};
use crate::source::{Span, Spanned};

use super::marks::Mark;
use super::page::Page;
use super::signs::{Named, Sign, SignKind};
use super::{Block, Heading, MAX_DEPTH};

/// The blocks of a whole file, from byte `start` on.
pub(super) fn document(page: Page<'_>, start: usize, signs: &[Sign], problems: &mut Diagnostics) -> Vec<Block> {
    let mut builder = Builder::new(page, start, problems);
    for sign in signs {
        builder.sign(sign);
    }
    builder.end(page.text.len());
    let Builder { blocks, headless, .. } = builder;
    let mut missed = HashSet::new();
    for Block { id, .. } in &blocks {
        let Some((parent, _)) = id.value.rsplit_once('/') else { continue };
        // The heading above it that has no id was said, and of one parent that is not there one child is enough.
        let is_said = headless.is_some_and(|at| at < id.span.start) || !missed.insert(parent.to_owned());
        if !is_said || blocks.iter().any(|block| *block.id.value == *parent) {
            problems.push(outside_parent(id, parent));
        }
    }
    no_doubles(blocks.iter().flat_map(Block::walk), problems);
    blocks
}

/// Reports ids that stand twice. Under two conditions, or once without any, they are one block's texts.
pub(super) fn no_doubles<'b>(blocks: impl Iterator<Item = &'b Block>, problems: &mut Diagnostics) {
    let mut seen: BTreeMap<(&str, Option<&str>), Span> = BTreeMap::new();
    for Block { id, when, .. } in blocks {
        let key = (&*id.value, when.as_ref().map(|when| &*when.value));
        match seen.get(&key) {
            None => {
                seen.insert(key, id.span);
            }
            Some(&first) => problems.push(
                Diagnostic::error("E-DUPID", format!("the id `{}` stands twice in this file", id.value))
                    .at(id.span, "second time")
                    .other(first, "first time")
                    .help("give one of the blocks another id"),
            ),
        }
    }
}

fn outside_parent(id: &Spanned<Arc<str>>, parent: &str) -> Diagnostic {
    Diagnostic::error("E-BLOCKID", format!("the block `{}` does not stand inside `{parent}`", id.value))
        .at(id.span, "")
        .help(format!("move it into the block `{parent}`, under a heading of a deeper level"))
}

/// A block whose end has not come yet.
pub(super) struct Open {
    id: Spanned<Arc<str>>,
    classes: Vec<Arc<str>>,
    when: Option<Spanned<Arc<str>>>,
    heading: Option<Heading>,
    /// Ended by its own mark, not by a heading.
    marked: bool,
    start: usize,
    body_start: usize,
    /// Where the first nested block starts.
    body_end: Option<usize>,
    blocks: Vec<Block>,
    /// What to underline when it never ends.
    shown: Range<usize>,
}

pub(super) struct Builder<'a, 'p> {
    page: Page<'a>,
    open: Vec<Open>,
    blocks: Vec<Block>,
    /// Everything before this byte belongs to a finished block or was found to be blank.
    done: usize,
    /// Headings without an id, which may turn out to stand nowhere.
    unnamed: HashSet<usize>,
    /// Where the first of them stands of which that is so.
    headless: Option<u32>,
    problems: &'p mut Diagnostics,
}

impl<'a, 'p> Builder<'a, 'p> {
    pub(super) fn new(page: Page<'a>, start: usize, problems: &'p mut Diagnostics) -> Self {
        Self {
            page,
            open: Vec::new(),
            blocks: Vec::new(),
            done: start,
            unnamed: HashSet::new(),
            headless: None,
            problems,
        }
    }

    /// Begins with an open block, as what an operation brings does.
    pub(super) fn inside(mut self, id: Spanned<Arc<str>>, classes: Vec<Arc<str>>, mark: &Sign) -> Self {
        let (lines, shown) = (mark.lines.clone(), mark.shown.clone());
        self.push(Named { id, classes, when: None }, None, lines, shown);
        self
    }

    /// Makes the heading that a replacement opens with its own.
    pub(super) fn adopt(&mut self, heading: &Heading, named: Option<&Named>, lines: &Range<usize>) {
        if let Some(block) = self.open.last_mut() {
            block.heading = Some(heading.clone());
            block.classes.extend(named.into_iter().flat_map(|named| named.classes.iter().cloned()));
            block.when = named.and_then(|named| named.when.clone());
            block.body_start = lines.end;
        }
    }

    pub(super) fn sign(&mut self, sign: &Sign) {
        let at = sign.lines.start;
        match &sign.kind {
            SignKind::Heading { heading, named } => {
                let goes_on = |block: &Open| block.heading.as_ref().is_some_and(|open| open.level < heading.level);
                while self.open.last().is_some_and(|block| !block.marked && !goes_on(block)) {
                    self.close(at);
                }
                match named {
                    Some(named) => {
                        self.gap(at);
                        let (lines, shown) = (sign.lines.clone(), sign.shown.clone());
                        self.push(named.clone(), Some(heading.clone()), lines, shown);
                    }
                    None => drop(self.unnamed.insert(sign.shown.start)),
                }
            }
            SignKind::Mark(Mark::Block { id, classes, when }) => {
                while self.open.last().is_some_and(|block| !block.marked && !is_below(&id.value, &block.id.value)) {
                    self.close(at);
                }
                self.gap(at);
                let (lines, shown) = (sign.lines.clone(), sign.shown.clone());
                let named = Named { id: id.clone(), classes: classes.clone(), when: when.clone() };
                self.push(named, None, lines, shown);
            }
            SignKind::Mark(Mark::End { name: "block", id }) => self.end_mark(sign, id.as_ref()),
            SignKind::Mark(Mark::End { name, .. }) => self.closes_nothing(sign, name),
            SignKind::Mark(Mark::Operation { kind, .. }) => self.problems.push(
                Diagnostic::error("E-BLOCKOP", format!("`{}` can not stand here", kind.name()))
                    .at(self.page.span(sign.shown.clone()), "")
                    .help("operations stand in overlays, outside of blocks; here write `<!-- block: ID -->`"),
            ),
        }
    }

    fn push(&mut self, named: Named, heading: Option<Heading>, lines: Range<usize>, shown: Range<usize>) {
        let Named { id, classes, when } = named;
        if let Some(parent) = self.open.last_mut() {
            parent.body_end.get_or_insert(lines.start);
            if !is_below(&id.value, &parent.id.value) {
                let parent = parent.id.clone();
                self.wrong_parent(&id, &parent);
            }
        }
        if self.open.len() == MAX_DEPTH {
            let message = format!("blocks nest deeper than {MAX_DEPTH} levels");
            self.problems.push(Diagnostic::error("E-DEPTH", message).at(id.span, "").help("nest them less"));
        }
        let (start, body_start) = (lines.start, lines.end);
        let marked = heading.is_none();
        self.open.push(Open {
            id,
            classes,
            when,
            heading,
            marked,
            start,
            body_start,
            body_end: None,
            blocks: Vec::new(),
            shown,
        });
        self.done = body_start;
    }

    fn wrong_parent(&mut self, id: &Spanned<Arc<str>>, parent: &Spanned<Arc<str>>) {
        let message = format!("the block `{}` stands inside `{}`, but its id does not say so", id.value, parent.value);
        let name = id.value.rsplit('/').next().unwrap_or_default();
        self.problems.push(
            Diagnostic::error("E-BLOCKID", message)
                .at(id.span, "")
                .other(parent.span, "the block around it")
                .help(format!("write `{}/{name}`, or end `{}` before it", parent.value, parent.value)),
        );
    }

    fn end_mark(&mut self, sign: &Sign, id: Option<&Spanned<Arc<str>>>) {
        if !self.open.iter().any(|block| block.marked) {
            return self.closes_nothing(sign, "block");
        }
        while self.open.last().is_some_and(|block| !block.marked) {
            self.close(sign.lines.start);
        }
        if let (Some(id), Some(open)) = (id, self.open.last())
            && id.value != open.id.value
        {
            self.problems.push(
                Diagnostic::error("E-UNCLOSED", format!("this closes `{}`, but `{}` is open", id.value, open.id.value))
                    .at(id.span, "")
                    .other(open.id.span, "opened here")
                    .help(format!("write `<!-- /block: {} -->`", open.id.value)),
            );
        }
        self.gap(sign.lines.start);
        self.close_at(sign.lines.start, sign.lines.end);
    }

    fn closes_nothing(&mut self, sign: &Sign, name: &str) {
        self.problems.push(
            Diagnostic::error("E-UNCLOSED", format!("`/{name}` closes nothing"))
                .at(self.page.span(sign.shown.clone()), "")
                .help("delete it, or write the mark that opens it"),
        );
    }

    /// Ends the innermost block where the next thing starts.
    fn close(&mut self, at: usize) {
        self.gap(at);
        self.close_at(at, at);
    }

    /// Ends the innermost block: its content at `content_end`, all of it at `end`.
    fn close_at(&mut self, content_end: usize, end: usize) {
        let Some(open) = self.open.pop() else { return };
        let body_end = open.body_end.unwrap_or(content_end).max(open.body_start);
        let block = Block {
            id: open.id,
            classes: open.classes,
            when: open.when,
            heading: open.heading,
            body: self.page.part(open.body_start..body_end),
            blocks: open.blocks,
            span: self.page.span(open.start..end),
        };
        let is_too_deep = self.open.len() > MAX_DEPTH;
        match self.open.last_mut() {
            // One that nests too deeply was said to, and goes: whatever walks a tree goes down as deep as it nests.
            Some(_) if is_too_deep => {}
            Some(parent) => parent.blocks.push(block),
            None => self.blocks.push(block),
        }
        self.done = end;
    }

    /// Checks that nothing stands between the last finished block and `at`, unless it is a body, and
    /// gives the blank lines to that block.
    fn gap(&mut self, at: usize) {
        let siblings = match self.open.last_mut() {
            Some(block) if block.body_end.is_none() => return,
            Some(block) => &mut block.blocks,
            None => &mut self.blocks,
        };
        if let Some(last) = siblings.last_mut() {
            last.span = last.span.to(self.page.span(at..at));
        }
        let range = self.done..at.max(self.done);
        self.done = range.end;
        if let Some(loose) = self.page.loose_text(range) {
            let unnamed = self.unnamed.contains(&loose.start);
            let span = self.page.span(loose);
            if unnamed {
                self.headless.get_or_insert(span.start);
            }
            self.problems.push(loose_text(span, unnamed));
        }
    }

    /// The blocks, when everything up to `end` was seen.
    pub(super) fn finish(mut self, end: usize) -> Vec<Block> {
        self.end(end);
        self.blocks
    }

    /// Ends what is still open, when everything up to `end` was seen.
    fn end(&mut self, end: usize) {
        while let Some(block) = self.open.last() {
            if block.marked {
                let (span, id) = (self.page.span(block.shown.clone()), block.id.value.clone());
                self.problems.push(
                    Diagnostic::error("E-UNCLOSED", format!("the block `{id}` is never closed"))
                        .at(span, "opened here")
                        .help("write `<!-- /block -->` behind it"),
                );
            }
            self.close(end);
        }
        self.gap(end);
    }

    /// The one block that was begun with [`Builder::inside`], which ends at `end` without a mark of its own.
    pub(super) fn finish_inside(mut self, end: usize) -> Option<Block> {
        if let Some(outermost) = self.open.first_mut() {
            outermost.marked = false;
        }
        self.finish(end).into_iter().next()
    }
}

/// Whether `id` names a block inside `parent`.
pub(super) fn is_below(id: &str, parent: &str) -> bool {
    id.strip_prefix(parent).is_some_and(|rest| rest.starts_with('/'))
}

/// Text that belongs to no block.
pub(super) fn loose_text(span: Span, is_heading: bool) -> Diagnostic {
    let (message, help) = if is_heading {
        ("this heading has no id, so what stands under it belongs to no block", "write `{#id}` behind the heading")
    } else {
        (
            "this text belongs to no block",
            "put it under a heading with an id, or between `<!-- block: ID -->` and `<!-- /block -->`",
        )
    };
    Diagnostic::error("E-LOOSE", message).at(span, "").help(help)
}
