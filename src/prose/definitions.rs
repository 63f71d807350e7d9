//! Link definitions, `[name]: destination`, and footnotes, which there are none of (M9).

use std::ops::Range;
use std::sync::Arc;

use pulldown_cmark::{Options, Parser};

use crate::diag::Diagnostic;
use crate::prose::events::Parsed;
use crate::source::Span;

/// A name for a destination, which holds in the text that it stands in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Definition {
    /// In lower case: names are compared so.
    pub name: Arc<str>,
    /// As written, its variables included.
    pub destination: Arc<str>,
    pub span: Span,
}

/// What a text defines, first to last: a name as it is written, its destination and its place.
type Defined = Vec<(String, String, Range<usize>)>;

/// The definitions of a text in which the first of each name counts.
pub fn find(text: &str) -> Defined {
    let parser = Parser::new_ext(text, Options::ENABLE_TABLES);
    let all = parser.reference_definitions().iter();
    let mut found: Defined =
        all.map(|(name, found)| (name.into(), found.dest.to_string(), found.span.clone())).collect();
    found.sort_by_key(|(_, _, range)| range.start);
    found
}

/// The definitions that come after one of the same name, and count for nothing.
fn doubled(text: &str, first: &Defined) -> Defined {
    let mut rest = text.as_bytes().to_vec();
    for byte in first.iter().flat_map(|(_, _, range)| range.clone()) {
        if let Some(byte) = rest.get_mut(byte).filter(|byte| !matches!(byte, b'\n' | b'\r')) {
            *byte = b' ';
        }
    }
    // Whole characters were blanked, so it is a text still.
    let rest = String::from_utf8(rest).unwrap_or_default();
    let mut found = find(&rest);
    found.retain(|(name, ..)| first.iter().any(|(other, ..)| same(name, other)));
    found
}

fn same(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

impl Parsed<'_> {
    /// Notes what the text defines, and refuses a name that it defines twice.
    pub fn define(&mut self, text: &str) {
        if !text.contains("]:") {
            return;
        }
        let found = find(text);
        let (footnotes, found): (Defined, Defined) = found.into_iter().partition(|(name, ..)| name.starts_with('^'));
        footnotes.iter().for_each(|(_, _, range)| self.footnote(range));
        for (name, _, range) in if found.is_empty() { Defined::new() } else { doubled(text, &found) } {
            let first = found.iter().find(|(other, ..)| same(other, &name));
            let error =
                Diagnostic::error("E-LINKDEF", format!("the link definition `[{name}]` stands twice in this text"));
            let error = error.at(self.marks.span(&range), "second time").help("keep one of the two");
            self.errors.push(match first {
                Some((.., first)) => error.other(self.marks.span(first), "first time"),
                None => error,
            });
        }
        for (name, destination, range) in found {
            let destination = self.marks.written(&destination).into();
            let span = self.marks.span(&range);
            self.definitions.push(Definition { name: name.to_lowercase().into(), destination, span });
        }
    }

    /// A note that would stand in brackets in the text, and its number lead nowhere.
    pub fn footnote(&mut self, range: &Range<usize>) {
        let error = Diagnostic::error("E-FOOTNOTE", "footnotes are no part of the Markdown that is read here");
        let error = error.at(self.marks.span(range), "");
        self.errors.push(error.help(
            "write the note in the text, or as a block with an id and a link to it: `[1](#notes)`; brackets that are meant take a backslash, `\\[^`",
        ));
    }
}
