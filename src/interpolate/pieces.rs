//! A text cut into literal parts and expressions.

use std::sync::Arc;

use crate::diag::Diagnostic;
use crate::interpolate::Expression;
use crate::source::Span;

/// A part of a compiled text.
#[derive(Clone, Debug, PartialEq)]
pub enum Piece {
    Literal(Arc<str>),
    Expression(Expression),
}

impl Piece {
    pub fn expression(&self) -> Option<&Expression> {
        match self {
            Piece::Expression(expression) => Some(expression),
            Piece::Literal(_) => None,
        }
    }
}

/// Where a text stands in its source, and whether its offsets are offsets there.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    whole: Span,
    start: Option<u32>,
}

impl Place {
    /// The text may be shorter than what was written: then only the whole place is known, unless
    /// exactly a pair of quotes is missing.
    pub fn new(text: &str, span: Span) -> Self {
        let written = (span.end - span.start) as usize;
        let start = match written.checked_sub(text.len()) {
            Some(0) => Some(span.start),
            Some(2) => Some(span.start + 1),
            _ => None,
        };
        Self { whole: span, start }
    }

    /// The place of what follows in the text from a byte on.
    pub fn behind(self, at: usize) -> Self {
        Self { start: self.start.map(|start| start + at as u32), ..self }
    }

    /// The place of a byte range of the text.
    pub fn span(&self, start: usize, end: usize) -> Span {
        match self.start {
            Some(base) => Span { start: base + start as u32, end: base + end as u32, ..self.whole },
            None => self.whole,
        }
    }
}

/// Cuts a text at its expressions.
pub fn split(text: &str, place: Place) -> Result<Vec<Piece>, Diagnostic> {
    let mut pieces = Vec::new();
    let mut literal = String::new();
    let mut at = 0;
    while let Some(brace) = text[at..].find('{').map(|found| at + found) {
        let mark = match text.as_bytes().get(brace + 1) {
            Some(mark @ (b'{' | b'%')) => *mark,
            _ => {
                literal.push_str(&text[at..=brace]);
                at = brace + 1;
                continue;
            }
        };
        let before = &text[at..brace];
        let kept = before.trim_end_matches('\\');
        let backslashes = before.len() - kept.len();
        literal.push_str(kept);
        literal.extend(std::iter::repeat_n('\\', backslashes / 2));
        if backslashes % 2 == 1 {
            literal.push_str(&text[brace..brace + 2]);
            at = brace + 2;
        } else if mark == b'%' {
            return Err(Expression::refuse_statement(place.span(brace, brace + 2)));
        } else {
            if !literal.is_empty() {
                pieces.push(Piece::Literal(std::mem::take(&mut literal).into()));
            }
            let (expression, end) = Expression::parse(text, brace, place)?;
            pieces.push(Piece::Expression(expression));
            at = end;
        }
    }
    literal.push_str(&text[at..]);
    if !literal.is_empty() || pieces.is_empty() {
        pieces.push(Piece::Literal(literal.into()));
    }
    Ok(pieces)
}
