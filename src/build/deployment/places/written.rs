//! What is wrong with an address, said as the template has it that puts it together.

use std::borrow::Cow;

use crate::audit::Flaw;
use crate::source::Span;

use super::super::super::Program;
use super::known::alike;

/// An address that a template puts together of words of its own and of what each package has.
pub struct Written<'t> {
    /// As the template has it.
    whole: &'t str,
    /// The words of its own, with one more than there are marks.
    pub words: Vec<&'t str>,
}

/// What a flaw is, in words that are the same for all pages: of a template, an address is said as it has it.
pub fn words<'f>(program: &Program, flaw: &'f Flaw, span: Span) -> Cow<'f, str> {
    let Some(address) = flaw.address.as_deref().filter(|_| is_of_template(program, span)) else {
        return (&*flaw.what).into();
    };
    if let Some(written) = as_written(program, flaw, span) {
        return flaw.what.replacen(address, written.whole, 1).into();
    }
    let text = program.sources().get(span.source).text.get(span.start as usize..).unwrap_or_default();
    let tag = text.split(['>', '\n']).next().unwrap_or_default();
    // Where no mark has a part in it, it is the same everywhere. What was cut off an address ends with `…`.
    match !tag.contains("{{") || tag.contains(address.trim_end_matches('…')) {
        true => (&*flaw.what).into(),
        false => flaw.kind(),
    }
}

fn is_of_template(program: &Program, span: Span) -> bool {
    program.catalog().templates.values().any(|&own| own == span.source)
}

/// What a flaw is about as the template has it that wrote it, if each package has something else there.
pub fn as_written<'p>(program: &'p Program, flaw: &Flaw, span: Span) -> Option<Written<'p>> {
    let address = flaw.address.as_deref().filter(|_| is_of_template(program, span))?;
    let text = program.sources().get(span.source).text.get(span.start as usize..)?;
    let written = Written::of(text)?;
    alike(&written.words, address).then_some(written)
}

impl<'t> Written<'t> {
    fn of(text: &'t str) -> Option<Self> {
        if text.starts_with("{%") {
            return Some(Self { whole: text.get(..text.find("%}")? + 2)?, words: vec![""; 2] });
        }
        let ends = |c: char| c.is_whitespace() || "\"'<>{()".contains(c);
        let word = |at: usize| text.get(at..).map(|rest| &rest[..rest.find(ends).unwrap_or(rest.len())]);
        let mut words = vec![word(0)?];
        let mut end = words[0].len();
        while let Some(rest) = text.get(end..).filter(|rest| rest.starts_with("{{")) {
            end += rest.find("}}")? + 2;
            let next = word(end)?;
            words.push(next);
            end += next.len();
        }
        (words.len() > 1).then_some(Self { whole: text.get(..end)?, words })
    }

    /// Whether it is more than a value.
    pub fn has_own_words(&self) -> bool {
        self.words.iter().any(|word| !word.is_empty())
    }
}
