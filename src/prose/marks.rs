//! Marks: opaque words that stand for slots while Markdown is parsed and written.
//!
//! A mark is letters and digits only, so it survives wherever Markdown lets a word stand: text, code,
//! link destinations, attributes. It begins with a digest of the text it stands in: to forge one, a
//! text would have to contain its own digest.

use std::ops::Range;
use std::sync::Arc;

use crate::diag::Diagnostics;
use crate::interpolate::{Expression, Place};
use crate::prose::slot::Slot;
use crate::source::Span;

/// A part of a result: text, or a slot by its index.
#[derive(Clone, Debug, PartialEq, Hash)]
pub enum Cut {
    Literal(Arc<str>),
    Slot(usize),
}

impl Cut {
    pub fn len(&self) -> usize {
        match self {
            Cut::Literal(text) => text.len(),
            Cut::Slot(_) => 0,
        }
    }
}

/// A text whose expressions have been swapped for marks.
pub struct Marks {
    /// What every mark begins with.
    stem: String,
    pub slots: Vec<Slot>,
    /// The Markdown to parse.
    pub text: String,
    /// Where stretches of `text` stand in the original, by their starts in both.
    starts: Vec<(usize, usize)>,
    original: Range<usize>,
    place: Place,
}

impl Marks {
    /// Swaps the expressions of a text. With `inline` the text becomes a heading of one line, which is
    /// the one place where Markdown sees inlines only.
    pub fn new(markdown: &str, span: Span, inline: bool) -> (Self, Diagnostics) {
        // `Q` begins no digest, so two stems cannot overlap.
        let stem = format!("Q{}", &blake3::hash(markdown.as_bytes()).to_hex()[..24]);
        let mut marks = Self {
            stem,
            slots: Vec::new(),
            text: String::with_capacity(markdown.len() + 64),
            starts: vec![(0, 0)],
            original: 0..markdown.len(),
            place: Place::new(markdown, span),
        };
        if inline {
            marks.text.push_str("# ");
            marks.starts.push((2, 0));
        }
        let errors = marks.swap(markdown);
        if inline {
            // A line end would end the heading.
            marks.text = marks.text.replace(['\n', '\r'], " ");
        }
        (marks, errors)
    }

    fn swap(&mut self, markdown: &str) -> Diagnostics {
        let mut errors = Diagnostics::default();
        let mut at = 0;
        while let Some(brace) = markdown[at..].find('{').map(|found| at + found) {
            let before = &markdown[at..brace];
            let opens = matches!(markdown.as_bytes().get(brace + 1), Some(b'{' | b'%'));
            let escaped = (before.len() - before.trim_end_matches('\\').len()) % 2 == 1;
            self.text.push_str(before);
            at = brace;
            if opens && escaped {
                // Markdown keeps the backslash in code, so it is taken away here.
                self.text.pop();
                self.resume(brace);
                self.text.push_str(&markdown[brace..brace + 2]);
                at = brace + 2;
            } else if opens {
                at = self.expression(markdown, brace, &mut errors);
            } else {
                self.text.push('{');
                at += 1;
            }
        }
        self.text.push_str(&markdown[at..]);
        errors
    }

    /// Swaps the expression at a brace and says where the text goes on.
    fn expression(&mut self, markdown: &str, brace: usize, errors: &mut Diagnostics) -> usize {
        let parsed = if markdown[brace..].starts_with("{%") {
            Err(Expression::refuse_statement(self.place.span(brace, brace + 2)))
        } else {
            Expression::parse(markdown, brace, self.place)
        };
        match parsed {
            Ok((expression, end)) => {
                self.resume(brace);
                let mark = self.mark(Slot::Text(expression));
                self.text.push_str(&mark);
                self.resume(end);
                end
            }
            Err(error) => {
                errors.push(error);
                self.text.push_str(&markdown[brace..brace + 2]);
                brace + 2
            }
        }
    }

    /// What follows in `text` stands at `original` there.
    fn resume(&mut self, original: usize) {
        self.starts.push((self.text.len(), original));
    }

    /// The mark of a new slot.
    pub fn mark(&mut self, slot: Slot) -> String {
        self.slots.push(slot);
        format!("{}{}z", self.stem, self.slots.len() - 1)
    }

    /// Where a range of `text` stands in the source.
    pub fn span(&self, range: &Range<usize>) -> Span {
        let start = self.original_of(range.start);
        self.place.span(start, self.original_of(range.end).max(start))
    }

    fn original_of(&self, at: usize) -> usize {
        let next = self.starts.partition_point(|(start, _)| *start <= at);
        let (start, original) = self.starts[next.saturating_sub(1)];
        let limit = self.starts.get(next).map_or(self.original.end, |(_, original)| *original);
        (original + (at - start)).min(limit)
    }

    /// The next mark of a text: its range and its slot.
    pub fn find(&self, text: &str) -> Option<(Range<usize>, usize)> {
        let start = text.find(&self.stem)?;
        let digits = &text[start + self.stem.len()..];
        let length = digits.find('z')?;
        let slot = digits[..length].parse().ok().filter(|slot| *slot < self.slots.len())?;
        Some((start..start + self.stem.len() + length + 1, slot))
    }

    /// Whether a text is a mark and nothing else.
    pub fn is_mark(&self, text: &str) -> bool {
        self.find(text).is_some_and(|(range, _)| range == (0..text.len()))
    }

    pub fn contains_mark(&self, text: &str) -> bool {
        self.find(text).is_some()
    }

    /// Cuts a text at its marks.
    pub fn cut(&self, text: &str) -> Vec<Cut> {
        let mut cuts = Vec::new();
        let mut rest = text;
        while let Some((range, slot)) = self.find(rest) {
            if range.start > 0 {
                cuts.push(Cut::Literal(rest[..range.start].into()));
            }
            cuts.push(Cut::Slot(slot));
            rest = &rest[range.end..];
        }
        if !rest.is_empty() || cuts.is_empty() {
            cuts.push(Cut::Literal(rest.into()));
        }
        cuts
    }

    /// The text with every mark replaced by the mark that `change` gives for its slot. `change` is
    /// also told what stands before the mark.
    pub fn replace(&mut self, text: &str, mut change: impl FnMut(&str, Slot) -> Slot) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        let mut read = 0;
        while let Some((range, slot)) = self.find(rest) {
            out.push_str(&rest[..range.start]);
            let slot = change(&text[..read + range.start], self.slots[slot].clone());
            out.push_str(&self.mark(slot));
            read += range.end;
            rest = &rest[range.end..];
        }
        out.push_str(rest);
        out
    }

    /// The text as it was written, with its marks as expressions again.
    pub fn written(&self, text: &str) -> String {
        let mut out = String::new();
        for cut in self.cut(text) {
            match cut {
                Cut::Literal(text) => out.push_str(&text),
                Cut::Slot(slot) => {
                    let path = self.slots[slot].expression().map_or("…", Expression::path);
                    out.push_str(&format!("{{{{ {path} }}}}"));
                }
            }
        }
        out
    }
}
