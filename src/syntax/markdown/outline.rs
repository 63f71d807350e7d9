//! The headings and marks of a file in their order, for whoever gives headings an id.

use std::ops::Range;
use std::sync::Arc;

use pulldown_cmark::{Event, Parser};

use crate::diag::Diagnostics;
use crate::source::SourceId;

use super::front;
use super::marks::Mark;
use super::page::Page;
use super::signs::{self, SignKind};

/// A heading or mark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outlined {
    Heading {
        level: u8,
        id: Option<Arc<str>>,
        /// Where its Markdown stands in the text, without the attribute braces.
        range: Range<usize>,
        /// Its words, without markup and variables.
        words: String,
    },
    /// `<!-- block: id -->`
    Block(Arc<str>),
    /// `<!-- /block -->`
    End,
}

/// All of a text, whatever else is wrong with it.
pub fn outline(text: &str) -> Vec<Outlined> {
    let page = Page { source: SourceId(0), text, base: 0 };
    let mut unheard = Diagnostics::default();
    let (_, start) = front::read(page, &mut unheard);
    let outlined = |sign: signs::Sign| match sign.kind {
        SignKind::Heading { heading, named } => {
            let range = heading.text.span.start as usize..heading.text.span.end as usize;
            let words = words(&heading.text.value);
            Some(Outlined::Heading { level: heading.level, id: named.map(|named| named.id.value), range, words })
        }
        SignKind::Mark(Mark::Block { id, .. }) => Some(Outlined::Block(id.value)),
        SignKind::Mark(Mark::End { name: "block", .. }) => Some(Outlined::End),
        SignKind::Mark(_) => None,
    };
    signs::find(page, start, &mut unheard).into_iter().filter_map(outlined).collect()
}

fn words(markdown: &str) -> String {
    let mut text = String::new();
    for event in Parser::new(markdown) {
        match event {
            Event::Text(part) | Event::Code(part) => text.push_str(&part),
            Event::SoftBreak | Event::HardBreak => text.push(' '),
            _ => {}
        }
    }
    let mut out = String::new();
    let mut rest = text.as_str();
    while let Some((before, (_, behind))) = rest.split_once("{{").and_then(|(a, b)| Some((a, b.split_once("}}")?))) {
        out.push_str(before);
        out.push(' ');
        rest = behind;
    }
    out + rest
}
