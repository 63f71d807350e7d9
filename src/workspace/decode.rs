//! Bytes to text.

use crate::diag::Diagnostic;
use crate::paths::InputPath;
use crate::source::{SourceId, Sources, Span};

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Adds a text; of one that is not UTF-8 says where.
pub(super) fn text(sources: &mut Sources, path: &InputPath, bytes: Vec<u8>) -> Result<SourceId, Diagnostic> {
    let bytes = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(&bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(sources.add(path.clone(), text)),
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

fn advice(bytes: &[u8]) -> &'static str {
    if bytes.starts_with(b"\x89PNG") || bytes.starts_with(b"\xff\xd8\xff") {
        return "it is a picture of another kind: give it the ending of that, `.png` or `.jpg`";
    }
    let is_utf16 = bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff");
    if is_utf16 { "save the file as UTF-8, not as UTF-16" } else { "save the file as UTF-8" }
}
