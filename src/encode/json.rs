//! JSON: documents of serde's, and texts for scripts.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{Formatter, PrettyFormatter};

use super::{Content, terminal};

/// A document in one line.
pub fn line(value: &impl Serialize) -> serde_json::Result<Vec<u8>> {
    serde_json::to_vec(value)
}

/// A document for programs: one line, with its end.
pub fn compact(value: &impl Serialize) -> serde_json::Result<Content> {
    let mut bytes = line(value)?;
    bytes.push(b'\n');
    Ok(Content(bytes.into()))
}

/// A document as people read it, with a line end.
pub fn document(value: &impl Serialize) -> serde_json::Result<Content> {
    let mut bytes = serde_json::to_vec_pretty(value)?;
    bytes.push(b'\n');
    Ok(Content(bytes.into()))
}

/// A document for a system that fills texts in by marks like ours. Two braces stand nowhere but in a text, where they are
/// written as escapes, so that nobody takes them for a mark that was not filled in.
pub fn marked(value: &impl Serialize) -> serde_json::Result<Content> {
    let mut bytes = serde_json::to_vec_pretty(value)?;
    bytes.push(b'\n');
    let text = String::from_utf8_lossy(&bytes).replace("{{", "\\u007b\\u007b");
    Ok(Content(text.into_bytes().into()))
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

/// A document as a terminal shows it: what would steer it, turn what follows or not be seen is written as an escape.
pub fn show(out: &mut impl Write, value: &impl Serialize) -> serde_json::Result<()> {
    value.serialize(&mut serde_json::Serializer::with_formatter(out, Shown(PrettyFormatter::new())))
}

struct Shown(PrettyFormatter<'static>);

impl Formatter for Shown {
    fn write_string_fragment<W: Write + ?Sized>(&mut self, out: &mut W, mut fragment: &str) -> io::Result<()> {
        while let Some((at, c)) = fragment.char_indices().find(|(_, c)| terminal::is_to_be_told(*c)) {
            out.write_all(&fragment.as_bytes()[..at])?;
            for unit in c.encode_utf16(&mut [0; 2]) {
                write!(out, "\\u{unit:04x}")?;
            }
            fragment = &fragment[at + c.len_utf8()..];
        }
        out.write_all(fragment.as_bytes())
    }

    fn begin_array<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_array(out)
    }

    fn end_array<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_array(out)
    }

    fn begin_array_value<W: Write + ?Sized>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_array_value(out, first)
    }

    fn end_array_value<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_array_value(out)
    }

    fn begin_object<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_object(out)
    }

    fn end_object<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_object(out)
    }

    fn begin_object_key<W: Write + ?Sized>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_object_key(out, first)
    }

    fn begin_object_value<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_object_value(out)
    }

    fn end_object_value<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_object_value(out)
    }
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

#[cfg(test)]
mod tests {
    use super::show;

    #[test]
    fn a_document_that_is_shown_says_the_same_and_steers_nothing() {
        let value = serde_json::json!({"a\u{202e}": ["b\u{7f}\u{9b}1m\u{2066}\u{200f}", "\u{e0041}Grüße\n\u{1b}[2J", []], "c": {}, "d": 1});
        let mut shown = Vec::new();
        show(&mut shown, &value).unwrap();
        let shown = String::from_utf8(shown).unwrap();
        assert!(shown.contains("\"a\\u202e\"") && shown.contains("\\udb40\\udc41Grüße"), "{shown}");
        assert!(
            !shown.contains(['\u{202e}', '\u{7f}', '\u{9b}', '\u{1b}', '\u{e0041}', '\u{2066}', '\u{200f}']),
            "{shown}"
        );
        assert_eq!(serde_json::from_str::<serde_json::Value>(&shown).unwrap(), value);
        let plain = serde_json::json!({"a": [1, {"b": "ü"}], "c": []});
        let mut shown = Vec::new();
        show(&mut shown, &plain).unwrap();
        assert_eq!(String::from_utf8(shown).unwrap(), serde_json::to_string_pretty(&plain).unwrap());
    }
}
