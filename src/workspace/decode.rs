//! Bytes to text.

use crate::diag::Diagnostic;
use crate::paths::InputPath;
use crate::source::{SourceId, Sources, Span};

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Adds a text; of what is none says where: bytes that are not UTF-8, a NUL, and a line end that is one in some programs only,
/// behind which lines would be counted otherwise.
pub(super) fn text(sources: &mut Sources, path: &InputPath, bytes: Vec<u8>) -> Result<SourceId, Diagnostic> {
    let bytes = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(&bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) => {
            let source = sources.add(path.clone(), text);
            odd(text, source).map_or(Ok(source), Err)
        }
        Err(error) => {
            // Only to be shown: up to the bad byte the offsets are the same.
            let readable = String::from_utf8_lossy(bytes);
            let at = error.valid_up_to();
            let end = at + readable[at..].chars().next().map_or(0, char::len_utf8);
            let source = sources.add(path.clone(), &*readable);
            Err(Diagnostic::error("E-UTF8", format!("`{path}` is not UTF-8"))
                .at(Span::new(source, at, end), "the first bad byte")
                .help(advice(bytes)))
        }
    }
}

/// Adds a table, of which each line is read by itself: of one that holds bytes or signs of no text the first is told, at its
/// place, and the others stand. A table whose first line is one, which says what the others mean, is none, and so is one whose
/// lines some programs count otherwise.
pub(super) fn table(
    sources: &mut Sources,
    path: &InputPath,
    bytes: Vec<u8>,
) -> Result<(SourceId, Vec<Diagnostic>), Diagnostic> {
    let plain = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(&bytes);
    let (readable, places) = match std::str::from_utf8(plain) {
        Ok(text) if memchr::memchr(0, plain).is_none() => (text.into(), Vec::new()),
        _ => readable(plain),
    };
    let is_in_head = places.first().is_some_and(|(at, _)| !readable[..*at].trim_start().contains('\n'));
    if is_in_head || memchr::memchr_iter(b'\r', plain).any(|at| plain.get(at + 1) != Some(&b'\n')) {
        return text(sources, path, bytes).map(|source| (source, Vec::new()));
    }
    let lines = places.chunk_by(|(one, _), (other, _)| !readable[*one..*other].contains('\n'));
    let firsts: Vec<(usize, char)> = lines.filter_map(|line| line.first().copied()).collect();
    let source = sources.add(path.clone(), &*readable);
    let fault = |(at, c): (usize, char)| {
        let span = Span::new(source, at, at + c.len_utf8());
        match c {
            '\0' => no_character(span),
            _ => Diagnostic::error("E-UTF8", format!("a row of `{path}` is not UTF-8"))
                .at(span, "the first bad byte of the line")
                .help(advice(plain)),
        }
    };
    Ok((source, firsts.into_iter().map(fault).collect()))
}

/// Bytes as a text that can be shown, with the places of what stands for those that are none, and of `U+0000`.
fn readable(bytes: &[u8]) -> (String, Vec<(usize, char)>) {
    let (mut text, mut places) = (String::with_capacity(bytes.len()), Vec::new());
    for chunk in bytes.utf8_chunks() {
        let start = text.len();
        text.push_str(chunk.valid());
        places.extend(memchr::memchr_iter(0, chunk.valid().as_bytes()).map(|at| (start + at, '\0')));
        if !chunk.invalid().is_empty() {
            places.push((text.len(), char::REPLACEMENT_CHARACTER));
            text.push(char::REPLACEMENT_CHARACTER);
        }
    }
    (text, places)
}

fn no_character(span: Span) -> Diagnostic {
    Diagnostic::error("E-CHARACTER", "the text holds U+0000, which is no character of a text")
        .at(span, "")
        .help("save the file anew as a text")
}

/// The first sign that no program for texts of today writes.
fn odd(text: &str, source: SourceId) -> Option<Diagnostic> {
    let bytes = text.as_bytes();
    let is_lone = |&at: &usize| bytes[at] == 0 || bytes.get(at + 1) != Some(&b'\n');
    let at = memchr::memchr2_iter(0, b'\r', bytes).find(is_lone)?;
    let span = Span::new(source, at, at + 1);
    if bytes[at] == 0 {
        return Some(no_character(span));
    }
    let message = "the text holds a carriage return alone, which ends a line in some programs only";
    let error = Diagnostic::error("E-CHARACTER", message).at(span, "");
    Some(error.help("save the file with the line ends of Unix or of Windows"))
}

fn advice(bytes: &[u8]) -> &'static str {
    if bytes.starts_with(b"\x89PNG") || bytes.starts_with(b"\xff\xd8\xff") {
        return "it is a picture of another kind: give it the ending of that, `.png` or `.jpg`";
    }
    let is_utf16 = bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff");
    if is_utf16 { "save the file as UTF-8, not as UTF-16" } else { "save the file as UTF-8" }
}
