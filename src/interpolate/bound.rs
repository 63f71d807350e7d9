//! Words that are bound to a node of the lead's path (J16): `[status file](node:status-file)`.
//!
//! The words are the writer's own, in whatever form the grammar of the language asks for; the name behind them is the
//! same in every language. Markdown reads them as a link; in any other text they are read here, and only the words stay.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use crate::diag::Diagnostic;
use crate::source::Spanned;

use super::{Piece, Place, split};

/// What the destination of bound words begins with.
pub const SCHEME: &str = "node:";

/// Between the words and the name.
const MIDDLE: &str = "](node:";

/// What words are bound to, each with its place.
pub type Names = Vec<Spanned<Arc<str>>>;

/// Where bound words stand in a text, in bytes.
struct Bound {
    /// From `[` to behind `)`.
    whole: Range<usize>,
    words: Range<usize>,
    name: Range<usize>,
}

/// Whether some words of a text are bound.
pub fn is_in(text: &str) -> bool {
    text.contains(MIDDLE)
}

/// Whether something can be the name of a node: `talk`, `sales.offered`, `email.welcome`.
pub fn is_name(name: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    name.starts_with(|c: char| c.is_ascii_alphanumeric()) && name.chars().all(is_plain)
}

/// What is said of words that cannot be bound so.
pub fn refused() -> Diagnostic {
    Diagnostic::error("E-J16", "words are bound to a node by its name, written out")
        .help("write `[words](node:NAME)`, with an id of the journey such as `talk`, or `sales.offered` for a state")
}

/// A text without the signs of bound words, cut into pieces, and the names that words are bound to.
pub fn cut(text: &str, place: Place) -> Result<(Vec<Piece>, Names), Diagnostic> {
    if !is_in(text) {
        return Ok((split(text, place)?, Vec::new()));
    }
    let (mut pieces, mut nodes, mut at) = (Vec::new(), Vec::new(), 0);
    let mut add = |range: Range<usize>| -> Result<(), Diagnostic> {
        for piece in split(&text[range.clone()], place.behind(range.start))? {
            push(&mut pieces, piece);
        }
        Ok(())
    };
    while let Some(found) = next(text, at) {
        let Bound { whole, words, name } = found.map_err(|at| refused().at(place.span(at, at + MIDDLE.len()), ""))?;
        add(at..whole.start)?;
        add(words)?;
        nodes.push(Spanned::new(text[name].into(), place.span(whole.start, whole.end)));
        at = whole.end;
    }
    add(at..text.len())?;
    Ok((pieces, nodes))
}

/// Adds a piece; what is said literally is one piece, however it was cut.
fn push(pieces: &mut Vec<Piece>, piece: Piece) {
    if let (Some(Piece::Literal(before)), Piece::Literal(more)) = (pieces.last_mut(), &piece) {
        *before = [&**before, &**more].concat().into();
    } else {
        pieces.push(piece);
    }
}

/// A text with the words only, of what is bound.
pub fn plain(text: &str) -> Cow<'_, str> {
    kept(text, |words| words)
}

/// What of a text is not bound, with a blank line for what is.
pub fn unbound(text: &str) -> Cow<'_, str> {
    kept(text, |_| "\n\n")
}

fn kept<'t>(text: &'t str, keep: impl Fn(&'t str) -> &'t str) -> Cow<'t, str> {
    if !is_in(text) {
        return Cow::Borrowed(text);
    }
    let (mut out, mut at) = (String::with_capacity(text.len()), 0);
    while let Some(Ok(Bound { whole, words, .. })) = next(text, at) {
        out += &text[at..whole.start];
        out += keep(&text[words]);
        at = whole.end;
    }
    out += &text[at..];
    Cow::Owned(out)
}

/// The next bound words from a byte on; where they cannot be read, the place that says so.
fn next(text: &str, from: usize) -> Option<Result<Bound, usize>> {
    let close = from + text[from..].find(MIDDLE)?;
    let name = close + MIDDLE.len();
    let read = || {
        let open = opening(&text[from..close])? + from;
        let end = name + text[name..].find(')')?;
        let is_whole = is_name(&text[name..end]) && !text[open + 1..close].trim().is_empty();
        is_whole.then_some(Bound { whole: open..end + 1, words: open + 1..close, name: name..end })
    };
    Some(read().ok_or(close))
}

/// The bracket that is open at the end of a text: variables may have brackets of their own.
fn opening(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, c) in text.char_indices().rev() {
        match (c, depth) {
            (']', _) => depth += 1,
            ('[', 0) => return Some(at),
            ('[', _) => depth -= 1,
            _ => {}
        }
    }
    None
}
