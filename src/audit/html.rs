//! Ids and addresses of a page, found by reading its tags.
//!
//! Made for what our own templates write: attributes in double or single quotes. Comments and the
//! content of `script` and `style` are passed over.

use std::borrow::Cow;
use std::collections::BTreeSet;

/// What a page offers and what it refers to.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Page<'a> {
    pub ids: BTreeSet<&'a str>,
    pub references: Vec<Reference<'a>>,
}

/// An address in a page, as it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reference<'a> {
    pub kind: Kind,
    pub address: &'a str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `<a href>`: followed by a person.
    Link,
    /// Style sheets, scripts, images, canonical addresses.
    Resource,
}

/// Reads all tags of a page.
pub fn scan(text: &str) -> Page<'_> {
    let mut page = Page::default();
    let mut at = 0;
    while let Some(open) = memchr::memchr(b'<', &text.as_bytes()[at..]).map(|found| at + found) {
        let rest = &text[open + 1..];
        if let Some(comment) = rest.strip_prefix("!--") {
            at = open + 4 + comment.find("-->").map_or(comment.len(), |end| end + 3);
            continue;
        }
        let name_end = rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len());
        let name = &rest[..name_end];
        at = open + 1 + name_end;
        if name.is_empty() {
            continue;
        }
        at = open + 1 + name_end + attributes(name, &rest[name_end..], &mut page);
        for raw in ["script", "style"] {
            if name.eq_ignore_ascii_case(raw) {
                at += text[at..].find(&format!("</{raw}")).unwrap_or(0);
            }
        }
    }
    page
}

/// Reads the attributes of a tag and returns where it ends.
fn attributes<'a>(tag: &str, text: &'a str, page: &mut Page<'a>) -> usize {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() && bytes[at] != b'>' {
        if !bytes[at].is_ascii_alphabetic() {
            at += 1;
            continue;
        }
        let start = at;
        while at < bytes.len() && !matches!(bytes[at], b'=' | b'>' | b' ' | b'\n' | b'\t' | b'\r' | b'/') {
            at += 1;
        }
        let name = &text[start..at];
        let Some(quote) = bytes.get(at..at + 2).filter(|next| next[0] == b'=').map(|next| next[1]) else { continue };
        if quote != b'"' && quote != b'\'' {
            continue;
        }
        let from = at + 2;
        let Some(end) = memchr::memchr(quote, &bytes[from..]).map(|found| from + found) else { return bytes.len() };
        attribute(tag, name, &text[from..end], page);
        at = end + 1;
    }
    at
}

fn attribute<'a>(tag: &str, name: &str, value: &'a str, page: &mut Page<'a>) {
    let kind = match (tag, name) {
        (_, "id") => {
            page.ids.insert(value);
            return;
        }
        ("a" | "area", "href") => Kind::Link,
        (_, "href" | "src") => Kind::Resource,
        _ => return,
    };
    page.references.push(Reference { kind, address: value });
}

/// An attribute's value with its entities resolved, as far as our escaping makes them.
pub fn unescape(value: &str) -> Cow<'_, str> {
    if !value.contains('&') {
        return Cow::Borrowed(value);
    }
    let entities = [("&quot;", "\""), ("&#39;", "'"), ("&#x27;", "'"), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")];
    Cow::Owned(entities.iter().fold(value.to_owned(), |text, (entity, plain)| text.replace(entity, plain)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_ids_and_addresses_and_passes_over_comments_and_scripts() {
        let page = scan(
            "<!-- <a href=\"no\"> --><a class=x href=\"a.html?x=1&amp;y=2\" id='top'>x</a>\
             <script src=\"s.js\">\"<a href='no'>\"</script><img alt=\"a > b\" src=\"i.svg\">",
        );
        assert_eq!(page.ids, BTreeSet::from(["top"]));
        let found: Vec<_> = page.references.iter().map(|reference| (reference.kind, reference.address)).collect();
        assert_eq!(found, [(Kind::Link, "a.html?x=1&amp;y=2"), (Kind::Resource, "s.js"), (Kind::Resource, "i.svg")]);
        assert_eq!(unescape("a.html?x=1&amp;y=2"), "a.html?x=1&y=2");
    }
}
