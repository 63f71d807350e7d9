//! Which mark asks for an address that stands in a tag of a template's.
//!
//! What a record tells is right in itself: it names the website of a partner, and only a template makes a link of that. So what
//! is wrong with the link is the template's to mend, at the mark that takes it from the record: of a macro or a component, its call.

use crate::marks::Run;
use crate::package::is_record;
use crate::source::Span;
use crate::template::marked::Origin;

use super::super::super::Program;
use super::super::super::facts::COMPUTED;
use super::super::super::trace::Traced;
use super::known::AROUND;
use super::{Found, Places};

/// What puts in something that is written elsewhere, and is given nothing for it.
const PUTS_IN: [&str; 3] = ["super", "caller", "loop"];

/// The words of an expression that name no value.
const WORDS: [&str; 15] =
    ["if", "else", "and", "or", "not", "in", "is", "defined", "none", "true", "false", "None", "True", "False", "null"];

/// What a page is rendered with beside what its layers say.
const OF_PAGES: [&str; 3] = ["page", "view", "email"];

impl Places {
    /// The mark that asks for what stands there, in a tag of a template's.
    pub(super) fn asked(&self, program: &Program, page: &Traced, run: &Run) -> Option<Found> {
        let before = page.text.get(..run.start)?;
        let tag = before.rfind('<').filter(|tag| before.rfind('>').is_none_or(|end| end < *tag))?;
        let opening = page.runs.iter().find(|run| run.start <= tag && tag < run.end)?;
        self.is_literal(opening).then_some(())?;
        let span = self.asking(program, page, run)?;
        let stretch = self.written_before(page, run)..run.start;
        Some(Found { span, stretch, is_template: true, is_asked: true, shown: None })
    }

    /// The same, if it takes it from records, or from nowhere.
    pub(super) fn asked_of_records(&self, program: &Program, page: &Traced, run: &Run) -> Option<Found> {
        let asked = self.asked(program, page, run)?;
        let of_records = |name: &str| is_record(&program.catalog().settings, name);
        names(program.sources().text(asked.span)).into_iter().all(of_records).then_some(asked)
    }

    /// Of marks within one another the first, from within, that names only what every template of the page sees.
    fn asking(&self, program: &Program, page: &Traced, run: &Run) -> Option<Span> {
        let is_seen = |name: &str| {
            page.tree.get(name).is_some()
                || is_record(&program.catalog().settings, name)
                || COMPUTED.contains(&name)
                || OF_PAGES.contains(&name)
        };
        let mut asking = None;
        for span in run.marks.iter().rev().filter_map(|&number| self.origin_of(number)).map(Origin::span) {
            let text = program.sources().text(span);
            if asking.is_some() && PUTS_IN.contains(&called(text)) {
                break;
            }
            asking = Some(span);
            if names(text).into_iter().all(is_seen) {
                break;
            }
        }
        asking
    }

    /// Where the letters begin that templates wrote before a stretch: no more than tell it from others.
    fn written_before(&self, page: &Traced, run: &Run) -> usize {
        let before = page.runs.iter().rev().skip_while(|other| other.start >= run.start);
        let near = |other: &&Run| other.end + AROUND > run.start && self.is_literal(other);
        before.take_while(near).last().map_or(run.start, |first| first.start)
    }

    fn is_literal(&self, run: &Run) -> bool {
        matches!(self.origin(run), Some(Origin::Literal(_)))
    }
}

/// What a mark calls, if that is all it does.
fn called(mark: &str) -> &str {
    let inner = mark.trim_start_matches(['{', '-', '+']).trim_start();
    inner.split_once('(').map_or("", |(name, _)| name.trim_end())
}

/// The names from which an expression takes its values: of paths the first part, and none of what it calls.
fn names(mark: &str) -> Vec<&str> {
    let in_path = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.');
    // `{% call … %}`
    let inner = mark.trim_start_matches(['{', '%', '-', '+']).trim_start();
    let called = inner.strip_prefix("call").filter(|rest| mark.starts_with("{%") && rest.starts_with([' ', '(']));
    let (mut names, mut before, mut rest) = (Vec::new(), ' ', called.unwrap_or(mark));
    while let Some(c) = rest.chars().next() {
        if matches!(c, '"' | '\'' | '`') {
            rest = rest.get(1..).and_then(|rest| rest.split_once(c)).map_or("", |(_, behind)| behind);
            before = c;
            continue;
        }
        let (path, behind) = rest.split_at(rest.find(|c| !in_path(c)).unwrap_or(rest.len()));
        if path.is_empty() {
            rest = rest.get(c.len_utf8()..).unwrap_or_default();
            before = if c.is_whitespace() { before } else { c };
            continue;
        }
        let next = behind.trim_start();
        let is_argument = next.starts_with('=') && !next.starts_with("==");
        let is_value = !matches!(before, '|' | '<' | ']') && !next.starts_with('(') && !is_argument;
        let name = path.split('.').next().unwrap_or_default();
        let is_name = name.starts_with(|c: char| c.is_alphabetic() || c == '_') && !WORDS.contains(&name);
        names.extend(Some(name).filter(|_| is_value && is_name));
        (before, rest) = ('a', behind);
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expression_names_what_it_takes_values_from() {
        for (mark, expected) in [
            ("{{ partner.website }}", &["partner"][..]),
            ("{{- button(partner.website, \"x.y\") -}}", &["partner"]),
            ("{{ <button url={partner.website} text=\"a\" /> }}", &["partner"]),
            ("{{ m.button(url=url | default(value='b')) }}", &["url"]),
            ("{{ 'https://x.example/' ~ partner.id if offers[0].url == b.c else none }}", &["partner", "offers", "b"]),
            ("{% call(x) box(partner.website) %}", &["x", "partner"]),
            ("{% <box url={partner.website}> %}", &["partner"]),
            ("{{ super() }}", &[]),
        ] {
            assert_eq!(names(mark), expected, "{mark}");
        }
        assert_eq!([called("{{- super() }}"), called("{{ a.b }}")], ["super", ""]);
    }
}
