//! Escaping for HTML and URLs, and the way back to plain text.

use std::borrow::Cow;

use memchr::{memchr2_iter, memchr3_iter};

use crate::marks;

/// Text as HTML text or as a quoted attribute value: the usual five characters.
pub fn escape_html(text: &str) -> Cow<'_, str> {
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

/// Text as one part of a URL: everything but letters, digits and `-._~` is percent-encoded.
pub fn escape_url(text: &str) -> Cow<'_, str> {
    percent_encode(text, |byte| matches!(byte, b'-' | b'.' | b'_' | b'~'))
}

/// A whole URL, made safe without changing where it leads: what may stand in a URL stays.
pub fn escape_whole_url(url: &str) -> Cow<'_, str> {
    percent_encode(url, |byte| b"-._~:/?#[]@!$&()*+,;=%".contains(&byte))
}

fn percent_encode(text: &str, keep: impl Fn(u8) -> bool) -> Cow<'_, str> {
    let safe = |byte: u8| byte.is_ascii_alphanumeric() || keep(byte);
    if text.bytes().all(safe) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() * 2);
    let mut buffer = [0; 4];
    for c in text.chars() {
        if marks::is_mark(c) {
            out.push(c);
            continue;
        }
        for &byte in c.encode_utf8(&mut buffer).as_bytes() {
            if safe(byte) {
                out.push(char::from(byte));
            } else {
                const HEX: &[u8; 16] = b"0123456789ABCDEF";
                out.extend(['%', char::from(HEX[usize::from(byte >> 4)]), char::from(HEX[usize::from(byte & 15)])]);
            }
        }
    }
    Cow::Owned(out)
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
