//! HTML and XML: text, quoted attributes, elements.

use std::borrow::Cow;
use std::ops::Deref;
use std::sync::Arc;

use memchr::{memchr2_iter, memchr3_iter};

use super::Content;

/// Finished markup: every text in it is escaped for where it stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Html(Arc<str>);

impl Html {
    /// What a compiled text or an engine gives: it escapes what it is filled with.
    pub fn made(html: impl Into<Arc<str>>) -> Self {
        Self(html.into())
    }

    /// The same markup without white space around it.
    #[must_use]
    pub fn trimmed(&self) -> Self {
        Self(self.trim().into())
    }

    pub fn shared(&self) -> &Arc<str> {
        &self.0
    }
}

impl Deref for Html {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

/// Markup that is being put together.
#[derive(Debug, Default)]
pub struct Markup(String);

impl Markup {
    pub fn text(mut self, text: &str) -> Self {
        self.0.push_str(&escape(text));
        self
    }

    pub fn html(mut self, html: &Html) -> Self {
        self.0.push_str(html);
        self
    }

    /// A start tag.
    pub fn open(self, name: &str, attributes: &[(&str, &str)]) -> Self {
        self.tag(name, attributes, ">")
    }

    /// An element without content, as XML writes it.
    pub fn empty(self, name: &str, attributes: &[(&str, &str)]) -> Self {
        self.tag(name, attributes, "/>")
    }

    pub fn close(mut self, name: &str) -> Self {
        self.0.extend(["</", name, ">"]);
        self
    }

    fn tag(mut self, name: &str, attributes: &[(&str, &str)], end: &str) -> Self {
        self.0.extend(["<", name]);
        for (name, value) in attributes {
            self.0.extend([" ", name, "=\"", &escape(value), "\""]);
        }
        self.0.push_str(end);
        self
    }

    pub fn finish(self) -> Html {
        Html(self.0.into())
    }

    /// An element that holds nothing but a text.
    pub fn element(self, name: &str, text: &str) -> Self {
        self.open(name, &[]).text(text).close(name)
    }

    /// As a document that says what it is, as readers of XML want it.
    pub fn into_document(self) -> Content {
        Content(format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{}\n", self.0).into_bytes().into())
    }

    /// As a file, such as a drawing.
    pub fn into_content(self) -> Content {
        Content(self.0.into_bytes().into())
    }
}

/// Text as HTML or XML text, or as a quoted attribute value: the usual five characters.
pub fn escape(text: &str) -> Cow<'_, str> {
    let bytes = text.as_bytes();
    let (mut brackets, mut quotes) = (memchr3_iter(b'&', b'<', b'>', bytes), memchr2_iter(b'"', b'\'', bytes));
    let (mut bracket, mut quote) = (brackets.next(), quotes.next());
    if bracket.is_none() && quote.is_none() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    let mut done = 0;
    while let Some(at) = bracket.into_iter().chain(quote).min() {
        out.push_str(&text[done..at]);
        out.push_str(match bytes[at] {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            _ => "&#39;",
        });
        done = at + 1;
        match bracket == Some(at) {
            true => bracket = brackets.next(),
            false => quote = quotes.next(),
        }
    }
    out.push_str(&text[done..]);
    Cow::Owned(out)
}

/// HTML without tags as it stands in an attribute in these quotes.
pub fn within(quote: char, html: &str) -> Cow<'_, str> {
    match html.contains(quote) {
        true => html.replace(quote, &escape(quote.encode_utf8(&mut [0; 4]))).into(),
        false => html.into(),
    }
}

/// HTML as plain text on one line: tags and comments dropped, the common entities resolved, white
/// space collapsed.
pub fn plain(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find(['<', '&']) {
        push_collapsed(&mut out, &rest[..at]);
        rest = &rest[at..];
        rest = if rest.starts_with('<') { skip_tag(&mut out, rest) } else { push_entity(&mut out, rest) };
    }
    push_collapsed(&mut out, rest);
    out.truncate(out.trim_end().len());
    out
}

fn push_collapsed(out: &mut String, text: &str) {
    for c in text.chars() {
        // A no-break space is kept: `12 %` must not fall apart.
        if !matches!(c, ' ' | '\t' | '\n' | '\r') {
            out.push(c);
        } else if !out.is_empty() && !out.ends_with(' ') {
            out.push(' ');
        }
    }
}

fn skip_tag<'a>(out: &mut String, rest: &'a str) -> &'a str {
    let end =
        if rest.starts_with("<!--") { rest.find("-->").map(|at| at + 3) } else { rest.find('>').map(|at| at + 1) };
    let Some(end) = end else {
        out.push('<');
        return &rest[1..];
    };
    let name = rest[1..end].trim_start_matches('/');
    let name = &name[..name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name.len())];
    const INLINE: &[&str] =
        &["a", "abbr", "b", "code", "em", "i", "mark", "q", "s", "small", "span", "strong", "sub", "sup", "u"];
    if !INLINE.contains(&name) {
        push_collapsed(out, " ");
    }
    &rest[end..]
}

fn push_entity<'a>(out: &mut String, rest: &'a str) -> &'a str {
    let entities =
        [("&amp;", '&'), ("&lt;", '<'), ("&gt;", '>'), ("&quot;", '"'), ("&#39;", '\''), ("&nbsp;", '\u{a0}')];
    for (entity, c) in entities {
        if let Some(rest) = rest.strip_prefix(entity) {
            out.push(c);
            return rest;
        }
    }
    out.push('&');
    &rest[1..]
}
