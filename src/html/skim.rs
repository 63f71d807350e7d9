//! Passes over what holds nothing: text, end tags, and start tags without an attribute that is looked at.
//!
//! Most of a page is such. The tokenizer takes it byte by byte; passing over it makes a page cost two fifths. Only what
//! is written as nearly everybody writes it is passed over, everything else is the tokenizer's.

use std::cell::Cell;
use std::convert::Infallible;

use html5gum::{Readable, Reader, StringReader};
use memchr::memchr;

use super::{attributes, context, css};

/// The bytes of a page for the tokenizer. When `may` says so, it is behind a tag and waits for no text; then all that
/// can be passed over comes as one text, and what follows is for the tokenizer again.
pub struct Skim<'a> {
    rest: &'a [u8],
    may: &'a Cell<bool>,
}

impl<'a> Skim<'a> {
    pub fn new(text: &'a [u8], may: &'a Cell<bool>) -> Self {
        Self { rest: text, may }
    }

    fn split(&mut self, at: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(at)?;
        self.rest = rest;
        Some(taken).filter(|taken| !taken.is_empty())
    }

    fn plain(&self) -> StringReader<'a> {
        self.rest.to_reader()
    }
}

impl Reader for Skim<'_> {
    type Error = Infallible;

    #[inline(always)]
    fn read_byte(&mut self) -> Result<Option<u8>, Infallible> {
        Ok(self.rest.split_off_first().copied())
    }

    #[inline(always)]
    fn try_read_string(&mut self, wanted: &[u8], case_sensitive: bool) -> Result<bool, Infallible> {
        let is_there = self.plain().try_read_string(wanted, case_sensitive)?;
        if is_there {
            self.split(wanted.len());
        }
        Ok(is_there)
    }

    #[inline(always)]
    fn read_until<'b>(&'b mut self, needle: &[u8], buffer: &'b mut [u8; 4]) -> Result<Option<&'b [u8]>, Infallible> {
        if self.may.replace(false)
            && let Some(passed) = self.split(passed(self.rest))
        {
            return Ok(Some(passed));
        }
        let length = self.plain().read_until(needle, buffer)?.map_or(0, <[u8]>::len);
        Ok(self.split(length))
    }
}

/// How many bytes hold nothing.
fn passed(text: &[u8]) -> usize {
    let mut at = 0;
    loop {
        let rest = text.get(at..).unwrap_or_default();
        let next = if rest.starts_with(b"<") { Some(0) } else { memchr(b'<', rest) };
        let Some(open) = next else { return text.len() };
        match rest.get(open + 1..).and_then(plain_tag) {
            Some(length) => at += open + 1 + length,
            None => return at + open,
        }
    }
}

/// The length of a tag behind its `<`, if it means nothing here.
fn plain_tag(text: &[u8]) -> Option<usize> {
    let is_end = text.starts_with(b"/");
    let (name, mut rest) = name(text.strip_prefix(b"/").unwrap_or(text))?;
    if !is_end && context::matters(name) {
        return None;
    }
    while let Some(attribute) = rest.strip_prefix(b" ") {
        rest = behind_attribute(name, attribute)?;
    }
    let rest = rest.strip_prefix(b">")?;
    Some(text.len() - rest.len())
}

/// A name in lower case, and what follows it.
fn name(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let is_name = |byte: &u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-');
    text.split_at_checked(text.iter().position(|byte| !is_name(byte))?)
        .filter(|(name, _)| name.first().is_some_and(u8::is_ascii_lowercase))
}

/// What follows an attribute that is not looked at, or that means nothing by itself.
fn behind_attribute<'a>(tag: &[u8], text: &'a [u8]) -> Option<&'a [u8]> {
    let (name, rest) = name(text)?;
    let Some(value) = rest.strip_prefix(b"=\"") else { return attributes::known(name).is_none().then_some(rest) };
    let (value, rest) = value.split_at_checked(memchr(b'"', value)?)?;
    let is_plain = match attributes::known(name) {
        None => true,
        Some("style") => css::is_plain(value) && memchr(b'&', value).is_none(),
        // Only beside `http-equiv` or the name `robots`, and then those are looked at.
        Some("content") => tag == b"meta",
        Some("name") => tag == b"meta" && !value.eq_ignore_ascii_case(b"robots"),
        Some(_) => false,
    };
    rest.get(1..).filter(|_| is_plain)
}
