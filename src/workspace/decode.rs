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

/// The first sign that no program for texts of today writes.
fn odd(text: &str, source: SourceId) -> Option<Diagnostic> {
    let bytes = text.as_bytes();
    let is_lone = |&at: &usize| bytes[at] == 0 || bytes.get(at + 1) != Some(&b'\n');
    let at = memchr::memchr2_iter(0, b'\r', bytes).find(is_lone)?;
    let (message, help) = match bytes[at] {
        0 => ("the text holds U+0000, which is no character of a text", "save the file anew as a text"),
        _ => (
            "the text holds a carriage return alone, which ends a line in some programs only",
            "save the file with the line ends of Unix or of Windows",
        ),
    };
    Some(Diagnostic::error("E-CHARACTER", message).at(Span::new(source, at, at + 1), "").help(help))
}

fn advice(bytes: &[u8]) -> &'static str {
    if bytes.starts_with(b"\x89PNG") || bytes.starts_with(b"\xff\xd8\xff") {
        return "it is a picture of another kind: give it the ending of that, `.png` or `.jpg`";
    }
    let is_utf16 = bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff");
    if is_utf16 { "save the file as UTF-8, not as UTF-16" } else { "save the file as UTF-8" }
}
