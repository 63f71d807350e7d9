//! Markdown inside a YAML scalar, as a one-file layer has it under `overlay:`.
//!
//! YAML takes away the indentation, so places in the scalar's text are not places in the file. In a
//! literal block (`|`) each line is found again; what was folded or quoted is placed as a whole.

use crate::diag::{Diagnostic, Diagnostics, Label};
use crate::source::{Span, Spanned};

use crate::syntax::tree::{Map, Node, Value};

use super::{Block, BlockOperation, OperationKind, Patch, Place};

/// From places in a scalar's text to places in its source.
pub(super) struct Embedded {
    whole: Span,
    /// For each line of the text where it starts there and in the source; empty if that is not known.
    lines: Vec<(u32, u32)>,
}

impl Embedded {
    /// `source` is the whole text of the file that `scalar` is written in.
    pub(super) fn new(source: &str, scalar: &Node) -> Self {
        let whole = scalar.span;
        let written = source.get(whole.start as usize..whole.end as usize).unwrap_or_default();
        let lines = scalar.as_text().and_then(|text| literal_lines(written, text, whole.start)).unwrap_or_default();
        Self { whole, lines }
    }

    pub(super) fn span(&self, inner: Span) -> Span {
        let first = self.lines.partition_point(|&(start, _)| start <= inner.start);
        let last = self.lines.partition_point(|&(start, _)| start <= inner.end);
        let at = |line: usize, offset: u32| {
            let (start, source) = *self.lines.get(line.checked_sub(1)?)?;
            Some((source + (offset - start)).min(self.whole.end))
        };
        match (at(first, inner.start), at(last, inner.end)) {
            (Some(start), Some(end)) => Span { source: self.whole.source, start, end },
            _ => self.whole,
        }
    }
}

/// Pairs each line of a literal block's text with the line it is written in.
fn literal_lines(written: &str, text: &str, base: u32) -> Option<Vec<(u32, u32)>> {
    if !written.starts_with('|') {
        return None;
    }
    let mut at = written.find('\n')? + 1;
    let mut start = 0;
    let mut lines = Vec::new();
    for line in text.split('\n') {
        let stop = written[at..].find('\n').map_or(written.len(), |length| at + length);
        let source = written[at..stop].trim_end_matches('\r');
        // Blank lines at the end lie behind the scalar's own span.
        let indentation = if at == written.len() { 0 } else { source.strip_suffix(line)?.len() };
        lines.push((start, base + (at + indentation) as u32));
        start += line.len() as u32 + 1;
        at = (stop + 1).min(written.len());
    }
    Some(lines)
}

impl Embedded {
    pub(super) fn problems(&self, problems: &Diagnostics) -> Diagnostics {
        let label = |label: &Label| Label { span: self.span(label.span), text: label.text.clone() };
        let moved = problems.iter().map(|problem| Diagnostic {
            place: problem.place.as_ref().map(label),
            others: problem.others.iter().map(label).collect(),
            ..problem.clone()
        });
        let mut list = Diagnostics::default();
        list.extend(moved);
        list
    }

    pub(super) fn patch(&self, patch: &mut Patch) {
        if let Some(front) = &mut patch.front {
            front.span = self.span(front.span);
            self.map(&mut front.value);
        }
        patch.operations.iter_mut().for_each(|operation| self.operation(operation));
    }

    fn operation(&self, operation: &mut BlockOperation) {
        self.spanned(&mut operation.id);
        operation.mark = self.span(operation.mark);
        operation.span = self.span(operation.span);
        match &mut operation.kind {
            OperationKind::Insert(Place::Before(name) | Place::After(name))
            | OperationKind::Move(Place::Before(name) | Place::After(name))
            | OperationKind::Inherit(Some(name))
            | OperationKind::Choose(name) => self.spanned(name),
            _ => {}
        }
        operation.block.iter_mut().for_each(|block| self.block(block));
    }

    fn block(&self, block: &mut Block) {
        self.spanned(&mut block.id);
        self.spanned(&mut block.body);
        block.when.iter_mut().for_each(|when| self.spanned(when));
        block.span = self.span(block.span);
        block.heading.iter_mut().for_each(|heading| self.spanned(&mut heading.text));
        block.blocks.iter_mut().for_each(|nested| self.block(nested));
    }

    fn spanned<T>(&self, spanned: &mut Spanned<T>) {
        spanned.span = self.span(spanned.span);
    }

    fn map(&self, map: &mut Map) {
        for entry in &mut map.entries {
            self.spanned(&mut entry.key);
            self.node(&mut entry.value);
        }
    }

    fn node(&self, node: &mut Node) {
        node.span = self.span(node.span);
        match &mut node.value {
            Value::Scalar(_) => {}
            Value::Seq(items) => items.iter_mut().for_each(|item| self.node(item)),
            Value::Map(map) => self.map(map),
        }
    }
}
