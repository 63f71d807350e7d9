//! JSON: documents of serde's, and texts for scripts.

use std::io;

use serde::Serialize;

use super::Content;

/// A document in one line.
pub fn line(value: &impl Serialize) -> serde_json::Result<Vec<u8>> {
    serde_json::to_vec(value)
}

/// A document as people read it, with a line end.
pub fn document(value: &impl Serialize) -> serde_json::Result<Content> {
    let mut bytes = serde_json::to_vec_pretty(value)?;
    bytes.push(b'\n');
    Ok(Content(bytes.into()))
}

/// An object whose last member is a list, an item a line, so that two versions compare well.
pub fn rows<T: Serialize>(head: &impl Serialize, name: &str, rows: &[T]) -> serde_json::Result<Content> {
    let mut bytes = serde_json::to_vec(head)?;
    // The rows go inside the head's own braces.
    bytes.pop();
    bytes.push(b',');
    serde_json::to_writer(&mut bytes, name)?;
    bytes.extend_from_slice(b":[");
    for (index, row) in rows.iter().enumerate() {
        bytes.extend_from_slice(if index > 0 { b",\n" } else { b"\n" });
        serde_json::to_writer(&mut bytes, row)?;
    }
    bytes.extend_from_slice(b"\n]}\n");
    Ok(Content(bytes.into()))
}

/// A text in quotes, as a part of a document.
pub fn push_text(out: &mut impl io::Write, text: &str) -> serde_json::Result<()> {
    serde_json::to_writer(out, text)
}

/// A text in quotes for a script or an attribute: what could end either, or a line of a script, is written as an
/// escape.
pub fn push_script_text(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '<' | '>' | '&' | '\'' | '\u{2028}' | '\u{2029}' | '\0'..='\u{1f}' => {
                out.push_str(&format!("\\u{:04x}", u32::from(c)));
            }
            _ => out.push(c),
        }
    }
    out.push('"');
}
