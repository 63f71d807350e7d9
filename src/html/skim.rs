//! Reads what nearly everybody writes: text, and tags in lower case whose attributes stand in double quotes.
//!
//! Most of a page is such, and most of that means nothing here. The tokenizer takes it byte by byte; taking it at once
//! makes a page cost a third. Everything else is the tokenizer's.

use std::cell::{Cell, RefCell};
use std::convert::Infallible;

use html5gum::{Readable, Reader, StringReader};
use memchr::{memchr, memchr3};

use super::attributes::{self, Form};
use super::finder::Finder;
use super::{context, css};

/// What the reader of a page's bytes shares with the one that gathers its tokens.
pub struct Shared<'p> {
    pub finder: RefCell<Finder<'p>>,
    /// That the tokenizer is behind a tag and nobody waits for text.
    pub may_skim: Cell<bool>,
    /// That the next text was read here.
    pub is_read: Cell<bool>,
}

impl<'p> Shared<'p> {
    pub fn new(finder: Finder<'p>) -> Self {
        Self { finder: RefCell::new(finder), may_skim: Cell::new(true), is_read: Cell::new(false) }
    }
}

/// The bytes of a page for the tokenizer. What is read here comes to it as one text, and what follows is for the
/// tokenizer again.
pub struct Skim<'a, 'p> {
    rest: &'a [u8],
    length: usize,
    shared: &'a Shared<'p>,
}

impl<'a, 'p> Skim<'a, 'p> {
    pub fn new(text: &'a [u8], shared: &'a Shared<'p>) -> Self {
        Self { rest: text, length: text.len(), shared }
    }

    fn split(&mut self, at: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(at)?;
        self.rest = rest;
        Some(taken).filter(|taken| !taken.is_empty())
    }

    fn plain(&self) -> StringReader<'a> {
        self.rest.to_reader()
    }

    /// How many bytes can be read here; their tags are taken.
    fn skimmed(&self) -> usize {
        let mut finder = self.shared.finder.borrow_mut();
        let before = self.length - self.rest.len();
        let mut at = 0;
        loop {
            let rest = self.rest.get(at..).unwrap_or_default();
            let next = if let [b'<', ..] = rest { Some(0) } else { memchr(b'<', rest) };
            let open = next.unwrap_or(rest.len());
            if finder.reads_words() {
                let words = rest.get(..open).unwrap_or_default();
                // Entities and line ends are the tokenizer's.
                if memchr3(b'&', b'\r', b'\0', words).is_some() {
                    return at;
                }
                finder.hold(words);
            }
            if next.is_none() {
                return self.rest.len();
            }
            at += open;
            match rest.get(open + 1..).and_then(|text| tag(text, before + at, &mut finder)) {
                Some(length) => at += 1 + length,
                None => return at,
            }
            if !finder.may_skim() {
                return at;
            }
        }
    }
}

impl Reader for Skim<'_, '_> {
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
        if self.shared.may_skim.replace(false)
            && let Some(read) = self.split(self.skimmed())
        {
            self.shared.is_read.set(true);
            return Ok(Some(read));
        }
        let length = self.plain().read_until(needle, buffer)?.map_or(0, <[u8]>::len);
        Ok(self.split(length))
    }
}

/// Takes a tag, of which the `<` stands at `at`, if it is one of those that are read here; its length behind the `<`.
fn tag(text: &[u8], at: usize, finder: &mut Finder<'_>) -> Option<usize> {
    let (is_end, behind) = match text {
        [b'/', behind @ ..] => (true, behind),
        _ => (false, text),
    };
    let (name, mut rest) = name(behind)?;
    let mut means = !finder.context.is_loose() || Finder::means(name) || finder.reads_words();
    if !is_end {
        if context::holds_text(name) {
            return None;
        }
        means |= context::matters(name);
    }
    let mut said = Vec::new();
    let is_empty = loop {
        let attribute;
        (attribute, rest) = match rest {
            [b'>', behind @ ..] => {
                rest = behind;
                break false;
            }
            [b'/', b'>', behind @ ..] | [b' ', b'/', b'>', behind @ ..] => {
                rest = behind;
                break true;
            }
            [b' ', attribute @ ..] => attribute_of(name, attribute)?,
            _ => return None,
        };
        said.extend(attribute.filter(|_| !is_end));
    };
    if means || !said.is_empty() {
        finder.tag.begin(is_end, at);
        finder.tag.is_empty = is_empty;
        finder.tag.name.extend_from_slice(name);
        finder.tag.attributes.extend(said.into_iter().map(|(name, value)| (name, super::tag::text(value.to_vec()))));
        finder.tag();
    }
    Some(text.len() - rest.len())
}

/// A name in lower case, and what follows it.
fn name(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let is_name = |byte: &u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-');
    text.split_at_checked(text.iter().position(|byte| !is_name(byte))?)
        .filter(|(name, _)| name.first().is_some_and(u8::is_ascii_lowercase))
}

/// An attribute that says something, if it does, and what follows it.
type Said<'a> = (Option<(&'static str, &'a [u8])>, &'a [u8]);

fn attribute_of<'a>(tag: &[u8], text: &'a [u8]) -> Option<Said<'a>> {
    let (name, rest) = name(text)?;
    let [b'=', b'"', value @ ..] = rest else { return Some((None, rest)) };
    let (value, rest) = value.split_at_checked(memchr(b'"', value)?)?;
    let rest = rest.get(1..)?;
    let Some(known) = attributes::known(name) else { return Some((None, rest)) };
    // Entities and line ends are the tokenizer's.
    if memchr3(b'&', b'\r', b'\0', value).is_some() {
        return None;
    }
    let is_style = matches!(attributes::addresses(tag, known), Some((Form::Style, _)));
    Some((Some((known, value)).filter(|_| !(is_style && css::is_plain(value))), rest))
}
