//! The grammar of marks: `<!-- block: id -->`, `<!-- insert: id after other -->`, `<!-- /block -->`.

use std::ops::Range;
use std::sync::Arc;

use crate::diag::{Diagnostic, nearest};
use crate::source::Spanned;

use super::page::Page;
use super::{OperationKind, Place};

const BLOCK: &str = "block";
/// The word for a condition (M8).
pub(super) const WHEN: &str = "when";
const NAMES: [&str; 10] =
    [BLOCK, "replace", "replace-body", "append", "prepend", "insert", "remove", "move", "inherit", "choose"];

/// What one HTML comment says to us.
#[derive(Clone, Debug)]
pub(super) enum Mark {
    Block { id: Spanned<Arc<str>>, classes: Vec<Arc<str>>, when: Option<Spanned<Arc<str>>> },
    Operation { kind: OperationKind, id: Spanned<Arc<str>>, classes: Vec<Arc<str>> },
    End { name: &'static str, id: Option<Spanned<Arc<str>>> },
}

/// A word of the mark and where it stands.
struct Word<'a> {
    text: &'a str,
    range: Range<usize>,
}

/// Whether a comment (from `<!--` to `-->`) is surely meant as a mark.
pub(super) fn is_mark(comment: &str) -> bool {
    let inner = comment.trim_start_matches("<!--").trim_start();
    let (name, rest) = split_name(inner.strip_prefix('/').unwrap_or(inner));
    NAMES.contains(&name) && (inner.starts_with('/') || rest.starts_with(':'))
}

fn split_name(text: &str) -> (&str, &str) {
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_').unwrap_or(text.len());
    let name = text[..end].trim_end_matches('-');
    (name, &text[name.len()..])
}

/// Reads a comment; `None` for one that is no mark.
pub(super) fn read(page: Page<'_>, comment: Range<usize>) -> Option<Result<Mark, Diagnostic>> {
    let inner = comment.start + 4..comment.end.saturating_sub(3).max(comment.start + 4);
    let text = &page.text[inner.clone()];
    if text.contains(['\n', '\r']) {
        return None;
    }
    let lead = text.len() - text.trim_start().len();
    let text = text.trim();
    let start = inner.start + lead;
    let (is_end, named) = match text.strip_prefix('/') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (written, rest) = split_name(named);
    let rest = rest.trim_start();
    let arguments = rest.strip_prefix(':');
    if arguments.is_none() && !(is_end && rest.is_empty()) {
        return None;
    }
    let arguments = arguments.unwrap_or_default();
    let words = words(arguments, start + text.len() - arguments.len());
    let Some(name) = NAMES.into_iter().find(|name| *name == written) else {
        return unknown(page, comment, written, is_end, &words).map(Err);
    };
    Some(if is_end { end(page, comment, name, &words) } else { begin(page, comment, name, words) })
}

fn words(text: &str, start: usize) -> Vec<Word<'_>> {
    let mut words = Vec::new();
    let mut rest = text;
    loop {
        rest = rest.trim_start();
        if rest.is_empty() {
            return words;
        }
        let at = start + text.len() - rest.len();
        let (word, behind) = rest.split_at(rest.find(char::is_whitespace).unwrap_or(rest.len()));
        words.push(Word { text: word, range: at..at + word.len() });
        rest = behind;
    }
}

/// A comment such as `<!-- note: see legal -->` is no mark; one that names a block behind a word
/// close to an operation's probably was meant to be one.
fn unknown(page: Page<'_>, comment: Range<usize>, name: &str, is_end: bool, words: &[Word<'_>]) -> Option<Diagnostic> {
    let likely = nearest(name, NAMES)?;
    let names_block = words.first().is_some_and(|word| id_problem(word.text).is_none());
    if !is_end && !names_block {
        return None;
    }
    let slash = if is_end { "/" } else { "" };
    let diagnostic = Diagnostic::error("E-BLOCKOP", format!("`{slash}{name}` is not known")).at(page.span(comment), "");
    Some(diagnostic.help(format!("write `{slash}{likely}`")))
}

fn end(page: Page<'_>, comment: Range<usize>, name: &'static str, words: &[Word<'_>]) -> Result<Mark, Diagnostic> {
    match words {
        [] => Ok(Mark::End { name, id: None }),
        [word] => Ok(Mark::End { name, id: Some(page.part(word.range.clone())) }),
        _ => Err(malformed(page, comment, name, &format!("write `<!-- /{name} -->`"))),
    }
}

fn begin(
    page: Page<'_>,
    comment: Range<usize>,
    name: &'static str,
    mut words: Vec<Word<'_>>,
) -> Result<Mark, Diagnostic> {
    let mut classes = Vec::new();
    if matches!(name, BLOCK | "replace" | "insert") {
        words.retain(|word| match word.text.strip_prefix('.') {
            Some(class) => {
                classes.push(class.into());
                false
            }
            None => true,
        });
    }
    let when = match name {
        BLOCK => words.iter().position(|word| word.text.starts_with("when=")).map(|at| words.remove(at)),
        _ => None,
    };
    let when = when.map(|word| unquoted(page, word.range.start + WHEN.len() + 1..word.range.end));
    let mut words = words.into_iter();
    let Some(id) = words.next() else {
        return Err(malformed(page, comment, name, usage(name)));
    };
    let id = block_id(page, id.range)?;
    let rest: Vec<_> = words.collect();
    let layer_or_variant = |rest: &[Word<'_>]| match rest {
        [word] => Some(page.part(word.range.clone())),
        _ => None,
    };
    let kind = match (name, rest.is_empty()) {
        (BLOCK, true) => return Ok(Mark::Block { id, classes, when }),
        ("replace", true) => Some(OperationKind::Replace),
        ("replace-body", true) => Some(OperationKind::ReplaceBody),
        ("append", true) => Some(OperationKind::Append),
        ("prepend", true) => Some(OperationKind::Prepend),
        ("remove", true) => Some(OperationKind::Remove),
        ("inherit", true) => Some(OperationKind::Inherit(None)),
        ("inherit", false) => layer_or_variant(&rest).map(|layer| OperationKind::Inherit(Some(layer))),
        ("choose", false) => layer_or_variant(&rest).map(OperationKind::Choose),
        ("insert", false) => place(page, &rest)?.map(OperationKind::Insert),
        ("move", false) => place(page, &rest)?.map(OperationKind::Move),
        _ => None,
    };
    match kind {
        Some(kind) => Ok(Mark::Operation { kind, id, classes }),
        None => Err(malformed(page, comment, name, usage(name))),
    }
}

/// A value without the quotes around it.
pub(super) fn unquoted(page: Page<'_>, range: Range<usize>) -> Spanned<Arc<str>> {
    let text = &page.text[range.clone()];
    match text.strip_prefix('"').and_then(|text| text.strip_suffix('"')) {
        Some(_) => page.part(range.start + 1..range.end - 1),
        None => page.part(range),
    }
}

fn place(page: Page<'_>, words: &[Word<'_>]) -> Result<Option<Place>, Diagnostic> {
    Ok(match words {
        [word] if word.text == "first" => Some(Place::First),
        [word] if word.text == "last" => Some(Place::Last),
        [word, id] if word.text == "before" => Some(Place::Before(block_id(page, id.range.clone())?)),
        [word, id] if word.text == "after" => Some(Place::After(block_id(page, id.range.clone())?)),
        _ => None,
    })
}

fn malformed(page: Page<'_>, comment: Range<usize>, name: &str, usage: &str) -> Diagnostic {
    let message = match name {
        "insert" | "move" => format!("`{name}` needs a block and a place"),
        "choose" => "`choose` needs a block and a variant".to_owned(),
        _ => format!("`{name}` needs one block and nothing else"),
    };
    Diagnostic::error("E-BLOCKOP", message).at(page.span(comment), "").help(usage)
}

fn usage(name: &str) -> &'static str {
    match name {
        BLOCK => "write `<!-- block: ID -->`",
        "replace" => "write `<!-- replace: ID -->`",
        "replace-body" => "write `<!-- replace-body: ID -->`",
        "append" => "write `<!-- append: ID -->`",
        "prepend" => "write `<!-- prepend: ID -->`",
        "insert" => "write `<!-- insert: NEW-ID after ID -->`, or `before ID`, `first`, `last`",
        "remove" => "write `<!-- remove: ID -->`",
        "move" => "write `<!-- move: ID after ID -->`, or `before ID`, `first`, `last`",
        "inherit" => "write `<!-- inherit: ID -->` or `<!-- inherit: ID LAYER -->`",
        _ => "write `<!-- choose: ID VARIANT -->`",
    }
}

/// A block's id, or why it is none.
pub(super) fn block_id(page: Page<'_>, range: Range<usize>) -> Result<Spanned<Arc<str>>, Diagnostic> {
    let id = page.part(range);
    match id_problem(&id.value) {
        None => Ok(id),
        Some(problem) => Err(Diagnostic::error("E-BLOCKID", format!("`{}` is no id of a block: {problem}", id.value))
            .at(id.span, "")
            .help("write lower-case ASCII letters, digits and `-`, with `/` between the parts of a nested id")),
    }
}

/// How long an id may be, in bytes; it bounds how deep an operation can reach, too.
const MAX_ID: usize = 200;

fn id_problem(id: &str) -> Option<&'static str> {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '/');
    if !id.chars().all(allowed) {
        Some("it holds other characters than `a` to `z`, digits, `-` and `/`")
    } else if id.split('/').any(str::is_empty) {
        Some("it has an empty part")
    } else if id.len() > MAX_ID {
        Some("it is longer than 200 bytes")
    } else {
        None
    }
}
