//! A template without its remarks: what it comes to is the same with them.
//!
//! A remark may take a line or blanks along. Where that is not certain to make no difference, its words go and it stays.

use std::borrow::Cow;

use super::Language;
use super::marked::{next_tag, tag_end};

pub fn without(text: &str, language: Language) -> Cow<'_, str> {
    if !text.contains("{#") {
        return text.into();
    }
    let mut out = String::with_capacity(text.len());
    let (mut at, mut last) = (0, "");
    while let Some(start) = next_tag(text, at) {
        let end = tag_end(text, start, language);
        let (before, tag) = (text.get(at..start).unwrap_or_default(), text.get(start..end).unwrap_or_default());
        let after = text.get(end..).unwrap_or_default();
        out.push_str(before);
        at = end;
        if !tag.starts_with("{#") {
            out.push_str(tag);
        } else if language.drops_lines() && is_line(before, last, tag, after) {
            out.truncate(out.trim_end_matches([' ', '\t']).len());
            at += if after.starts_with('\r') { 2 } else { 1 };
        } else if !is_among_words(&out, tag, after) {
            out.push_str(&emptied(tag));
        }
        if is_raw(tag) {
            // Nothing in it is a remark.
            let rest = text.get(at..).unwrap_or_default();
            let length = rest.find("endraw").unwrap_or(rest.len());
            out.push_str(rest.get(..length).unwrap_or_default());
            at += length;
        }
        last = tag;
    }
    out.push_str(text.get(at..).unwrap_or_default());
    out.into()
}

/// Whether it takes white space away by itself, or keeps it.
fn has_sign(tag: &str) -> bool {
    let is_sign = |c: char| matches!(c, '-' | '+');
    tag.trim_start_matches(['{', '#', '%']).starts_with(is_sign)
        || tag.trim_end_matches(['}', '#', '%']).ends_with(is_sign)
}

/// Whether a remark is all that stands in a line, and no tag next to it takes white space away.
fn is_line(before: &str, last: &str, tag: &str, after: &str) -> bool {
    let line = before.rsplit_once('\n').map(|(_, line)| line);
    let begins =
        line.or(Some(before).filter(|_| last.is_empty())).is_some_and(|line| line.trim_matches([' ', '\t']).is_empty());
    let next = after.trim_start();
    let is_near = before.trim().is_empty() && has_sign(last) || next.starts_with('{') && takes_before(next);
    begins && (after.starts_with('\n') || after.starts_with("\r\n")) && !has_sign(tag) && !is_near
}

fn takes_before(next: &str) -> bool {
    next.get(2..).is_some_and(|inside| inside.starts_with(['-', '+']))
}

/// Whether a remark stands between signs that are neither blanks nor could begin a tag.
fn is_among_words(before: &str, tag: &str, after: &str) -> bool {
    let is_plain = |c: char| !c.is_whitespace() && c != '{';
    !has_sign(tag)
        && before.ends_with(is_plain)
        && after.starts_with(|c: char| !c.is_whitespace())
        && tag.ends_with("#}")
}

/// A remark without words.
fn emptied(tag: &str) -> String {
    let sign = |c: Option<char>| c.filter(|c| matches!(c, '-' | '+')).map(String::from).unwrap_or_default();
    let inside = tag.strip_prefix("{#").and_then(|tag| tag.strip_suffix("#}"));
    // One that does not end is an error of the template.
    let Some(inside) = inside else { return tag.to_owned() };
    format!("{{#{} {}#}}", sign(inside.chars().next()), sign(inside.chars().next_back()))
}

fn is_raw(tag: &str) -> bool {
    let inside = tag.strip_prefix("{%").map(|inside| inside.trim_start_matches(['-', '+']).trim_start());
    inside.is_some_and(|inside| inside.starts_with("raw"))
}
