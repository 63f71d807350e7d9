//! JSON with comments, as editors keep their settings: where the entries of an object stand.

use std::ops::Range;

/// An object in a text.
#[derive(Debug, PartialEq, Eq)]
pub struct Object {
    /// Behind the opening brace.
    pub start: usize,
    pub entries: Vec<Entry>,
    /// The whole of it, braces included.
    pub span: Range<usize>,
}

#[derive(Debug, PartialEq, Eq)]
pub struct Entry {
    /// As written, without quotes.
    pub key: String,
    pub value: Range<usize>,
    /// Key and value.
    pub span: Range<usize>,
}

/// The object that begins at the first brace from `at` on; `None` for anything that is not one.
pub fn object(text: &str, at: usize) -> Option<Object> {
    let begin = blank(text, at);
    let start = expect(text, begin, '{')?;
    let mut entries = Vec::new();
    let mut at = blank(text, start);
    while !text.get(at..)?.starts_with('}') {
        let key_end = string(text, at)?;
        let colon = expect(text, blank(text, key_end), ':')?;
        let from = blank(text, colon);
        let to = value(text, from)?;
        entries.push(Entry { key: text.get(at + 1..key_end - 1)?.to_owned(), value: from..to, span: at..to });
        at = blank(text, to);
        match expect(text, at, ',') {
            Some(behind) => at = blank(text, behind),
            None if text.get(at..)?.starts_with('}') => {}
            None => return None,
        }
    }
    Some(Object { start, entries, span: begin..at + 1 })
}

fn expect(text: &str, at: usize, c: char) -> Option<usize> {
    text.get(at..)?.starts_with(c).then_some(at + 1)
}

/// Behind white space and comments.
fn blank(text: &str, mut at: usize) -> usize {
    while let Some(rest) = text.get(at..) {
        let trimmed = rest.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']);
        at += rest.len() - trimmed.len();
        let length = match trimmed {
            comment if comment.starts_with("//") => comment.find('\n').unwrap_or(comment.len()),
            comment if comment.starts_with("/*") => comment.find("*/").map_or(comment.len(), |end| end + 2),
            _ => return at,
        };
        at += length;
    }
    at
}

/// Behind a string.
fn string(text: &str, at: usize) -> Option<usize> {
    let inner = expect(text, at, '"')?;
    let mut escaped = false;
    for (offset, c) in text.get(inner..)?.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return Some(inner + offset + 1),
            _ => {}
        }
    }
    None
}

/// Behind a value of any kind.
fn value(text: &str, at: usize) -> Option<usize> {
    let mut depth = 0usize;
    let mut at = at;
    loop {
        at = blank(text, at);
        let c = text.get(at..)?.chars().next()?;
        match c {
            '"' => at = string(text, at)?,
            '{' | '[' => {
                depth += 1;
                at += 1;
            }
            '}' | ']' => {
                depth = depth.checked_sub(1)?;
                at += 1;
            }
            ',' | ':' if depth > 0 => at += 1,
            ',' | ':' => return None,
            _ => {
                let rest = text.get(at..)?;
                at += rest.find([',', '}', ']', ' ', '\t', '\r', '\n', '/', ':']).filter(|&end| end > 0)?;
            }
        }
        if depth == 0 {
            return Some(at);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::object;

    #[test]
    fn entries_are_found_among_comments() {
        let text = "// a\n{ /* b */ \"x\": [1, {\"y\": \"}\"}], // c, d\n  \"z\\\"\": true,\n}\n";
        let found = object(text, 0).unwrap();
        let shown: Vec<_> =
            found.entries.iter().map(|entry| (entry.key.as_str(), &text[entry.value.clone()])).collect();
        assert_eq!(shown, [("x", "[1, {\"y\": \"}\"}]"), ("z\\\"", "true")]);
        assert_eq!(&text[found.span.clone()][..1], "{");
        assert!(object("{}", 0).unwrap().entries.is_empty());
    }

    #[test]
    fn what_is_no_object_is_left_alone() {
        for text in ["", "[1]", "{\"a\": }", "{\"a\": 1", "{\"a\" 1}", "{a: 1}", "{\"a\": 1 \"b\": 2}", "{\"a\": ]}"] {
            assert_eq!(object(text, 0), None, "{text}");
        }
    }
}
