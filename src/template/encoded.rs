//! Marks in templates of files that are data or style: each goes through the filter that knows its kind, and stands where
//! a whole value stands. Nothing is escaped by itself there, so a value could end a cell, a text or a rule, and begin another.

use std::ops::Range;

use crate::diag::{Diagnostic, Diagnostics};
use crate::marks;

use super::Templates;
use super::marked::{next_tag, statement, tag_end};

/// Kinds of files, the filters that a mark of them may end with, and where it may stand.
const KINDS: [(&str, &[&str], Stands); 6] = [
    ("csv", &["cell"], Stands::Between(&[',', ';', '\t', '\n', '\r'], &[',', ';', '\t', '\n', '\r'])),
    ("json", &["json"], Stands::Between(&['[', ',', ':'], &[']', ',', '}'])),
    ("webmanifest", &["json"], Stands::Between(&['[', ',', ':'], &[']', ',', '}'])),
    ("ics", &["ical"], Stands::Behind(':')),
    ("vcf", &["ical"], Stands::Behind(':')),
    ("css", &["color", "slug"], Stands::Anywhere),
];

/// Where a value of a file is a whole one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stands {
    Anywhere,
    /// After one of these signs or at the start, and before one of those or at the end.
    Between(&'static [char], &'static [char]),
    /// After this sign in its line.
    Behind(char),
}

/// Statements that put in what another template prints.
const PUT_IN: [&str; 2] = ["include", "extends"];

/// Whether values of a file are encoded by a template of that name: its kind says by what.
pub fn encodes(kind: &str, template: &str) -> bool {
    known(kind).is_none() || extension(template) == kind
}

fn known(kind: &str) -> Option<(&'static [&'static str], Stands)> {
    KINDS.iter().find(|(known, ..)| *known == kind).map(|&(_, filters, stands)| (filters, stands))
}

fn extension(name: &str) -> &str {
    name.rsplit_once('.').map_or("", |(_, kind)| kind)
}

/// Refuses templates of such files whose marks are not encoded.
pub fn check(templates: &Templates) -> Diagnostics {
    let mut found = Diagnostics::default();
    for (name, text) in templates.iter() {
        let kind = extension(name);
        let Some((filters, stands)) = known(kind) else { continue };
        for (range, fault) in faults(text, kind, filters, stands) {
            let error = Diagnostic::error("E-TEMPLATE", fault.message(&text[range.clone()], kind));
            let error = error.help(fault.help(filters, stands));
            found.push(match templates.span(name, range) {
                Some(span) => error.at(span, ""),
                None => error,
            });
        }
    }
    found
}

/// What is wrong with a mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    Raw,
    Within,
    Foreign,
}

impl Fault {
    fn message(self, mark: &str, kind: &str) -> String {
        let mark = mark.split_whitespace().collect::<Vec<_>>().join(" ");
        match self {
            Self::Raw => {
                format!("`{mark}` is put into a `.{kind}` as it is: what it holds could be more than one value")
            }
            Self::Within => format!("`{mark}` is no whole value of the `.{kind}` where it stands"),
            Self::Foreign => format!("`{mark}` puts in what another kind of template prints"),
        }
    }

    fn help(self, filters: &[&str], stands: Stands) -> String {
        let filters: Vec<String> = filters.iter().map(|filter| format!("`{{{{ … | {filter} }}}}`")).collect();
        match (self, stands) {
            (Self::Raw, _) => format!("end it with the filter that knows the kind: {}", filters.join(" or ")),
            (Self::Foreign, _) => "put in templates of the same kind alone".to_owned(),
            (Self::Within, Stands::Behind(sign)) => format!("write it behind the `{sign}` of its line"),
            (Self::Within, _) => format!(
                "write {} without quotes and with nothing beside it: the filter brings what is needed",
                filters.join(" or ")
            ),
        }
    }
}

fn faults(text: &str, kind: &str, filters: &[&str], stands: Stands) -> Vec<(Range<usize>, Fault)> {
    let (mut found, mut at) = (Vec::new(), 0);
    let mut literal = String::new();
    // The mark that was put in last, as long as nothing stands behind it.
    let mut last: Option<Range<usize>> = None;
    let mut open: Vec<Opened> = Vec::new();
    while let Some(start) = next_tag(text, at) {
        behind(&mut last, text.get(at..start).unwrap_or_default(), stands, &mut found);
        literal.push_str(text.get(at..start).unwrap_or_default());
        at = tag_end(text, start);
        let tag = text.get(start..at).unwrap_or_default();
        if tag.starts_with("{{") {
            if !ends_with(tag, filters) {
                found.push((start..at, Fault::Raw));
            } else if last.is_some() && matches!(stands, Stands::Between(..)) || !is_behind(&literal, stands) {
                found.push((start..at, Fault::Within));
            }
            last = Some(start..at);
            continue;
        }
        if puts_in_another(tag, kind) {
            found.push((start..at, Fault::Foreign));
        }
        match statement(tag) {
            "if" => open.push(Opened { literal: literal.len(), last: last.clone(), has_else: false, turns_at: None }),
            "for" => open.push(Opened { literal: literal.len(), last: None, has_else: true, turns_at: Some(at) }),
            word @ ("elif" | "else") => {
                if let Some(opened) = open.last_mut() {
                    literal.truncate(opened.literal);
                    last = opened.last.clone();
                    opened.has_else |= word == "else";
                }
            }
            "endif" | "endfor" => {
                let Some(opened) = open.pop() else { continue };
                let next = opened.turns_at.and_then(|turn| text.get(turn..)).map(first_literal);
                if let (Some(next), Some(_)) = (next, &last) {
                    behind(&mut last.clone(), next, stands, &mut found);
                }
                if !opened.has_else {
                    literal.truncate(opened.literal);
                }
            }
            _ => {}
        }
    }
    behind(&mut last, text.get(at..).unwrap_or_default(), stands, &mut found);
    found
}

/// A choice or loop that is not over.
struct Opened {
    /// How much text stood before it.
    literal: usize,
    /// The mark that nothing stood behind there.
    last: Option<Range<usize>>,
    /// Whether one of its branches is taken for sure.
    has_else: bool,
    /// Where each turn of a loop begins.
    turns_at: Option<usize>,
}

/// What stands first in a text: its letters before any tag, or the sign of a mark.
fn first_literal(text: &str) -> &str {
    match next_tag(text, 0) {
        Some(0) => text.get(..1).unwrap_or_default(),
        Some(end) => text.get(..end).unwrap_or_default(),
        None => text,
    }
}

/// Looks at what stands behind the last mark, once something does.
fn behind(last: &mut Option<Range<usize>>, text: &str, stands: Stands, found: &mut Vec<(Range<usize>, Fault)>) {
    let is_wide = |c: char| c.is_whitespace() && !matches!(stands, Stands::Between(_, after) if after.contains(&c));
    let Some(next) = text.trim_start_matches(is_wide).chars().next() else { return };
    let Some(mark) = last.take() else { return };
    let is_told = found.last().is_some_and(|(known, _)| *known == mark);
    if matches!(stands, Stands::Between(_, after) if !after.contains(&next)) && !is_told {
        found.push((mark, Fault::Within));
    }
}

fn is_behind(literal: &str, stands: Stands) -> bool {
    match stands {
        Stands::Anywhere => true,
        Stands::Between(before, _) => {
            let is_wide = |c: char| c.is_whitespace() && !before.contains(&c);
            literal.trim_end_matches(is_wide).chars().next_back().is_none_or(|last| before.contains(&last))
        }
        Stands::Behind(sign) => literal.rsplit('\n').next().unwrap_or_default().contains(sign),
    }
}

/// Whether a mark is one value with filters behind it, of which one of these is the last. A sign between two filters would
/// make two values of it, of which the last filter knows one.
pub fn ends_with(mark: &str, filters: &[&str]) -> bool {
    let mark = marks::strip(mark);
    let inner = mark.trim_start_matches("{{").trim_end_matches("}}");
    let parts = piped(inner.trim_matches('-'));
    let is_of_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.');
    let are_whole = parts.iter().all(|(whole, bare)| !whole.trim().is_empty() && bare.trim().chars().all(is_of_word));
    parts.len() > 1 && are_whole && parts.last().is_some_and(|(last, _)| filters.contains(&last.trim()))
}

/// The parts of an expression between the signs of filters, each whole and without what stands in quotes and brackets.
fn piped(expression: &str) -> Vec<(String, String)> {
    let mut parts = vec![(String::new(), String::new())];
    let (mut depth, mut quote) = (0usize, None);
    for c in expression.chars() {
        let outside = depth == 0 && quote.is_none();
        match c {
            '|' if outside => {
                parts.push(Default::default());
                continue;
            }
            _ if quote == Some(c) => quote = None,
            _ if quote.is_some() => {}
            '"' | '\'' | '`' => quote = Some(c),
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if let Some((whole, bare)) = parts.last_mut() {
            whole.push(c);
            if outside && !matches!(c, '"' | '\'' | '`' | '(' | '[' | '{') {
                bare.push(c);
            }
        }
    }
    parts
}

/// Whether a statement puts in what a template of another kind prints, or one that only a value names.
fn puts_in_another(tag: &str, kind: &str) -> bool {
    let inner = tag.trim_start_matches("{%").trim_start_matches(['-', '+']).trim_start();
    if inner.starts_with('<') {
        return true;
    }
    // What a macro prints goes through no filter there.
    if inner.starts_with("call") {
        return true;
    }
    let Some(named) = PUT_IN.iter().find_map(|word| inner.strip_prefix(word)) else { return false };
    let named = named.trim_start();
    let name = named.chars().next().filter(|quote| matches!(quote, '"' | '\''));
    let name = name.and_then(|quote| named.get(1..)?.split_once(quote)).map(|(name, _)| name);
    name.is_none_or(|name| extension(name) != kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(kind: &str, text: &str) -> Vec<Fault> {
        let (filters, stands) = known(kind).unwrap();
        faults(text, kind, filters, stands).into_iter().map(|(_, fault)| fault).collect()
    }

    #[test]
    fn a_whole_value_through_its_filter_is_fine() {
        for (kind, text) in [
            (
                "csv",
                "name,{{ a | cell }}\n{% for b in c %}{{ b.d | upper | cell }};{{- b[\"|\"] | default(\"x|y\") | cell -}}\n{% endfor %}",
            ),
            ("csv", "{{ a | cell }}"),
            (
                "json",
                "{\"a\": {{ a | json }}, \"b\": [{{ (a ~ b) | json }}]{% if c %}, \"c\": {{ f(c) | json }} {% endif %}}",
            ),
            ("vcf", "BEGIN:VCARD\r\nFN:{{ a | ical }} {{ b | ical }}\r\n{% include \"more.vcf\" %}"),
            ("css", "a { color: {{ brand.primary | color }} } .{{ a | slug }} {}"),
            ("ics", "{# {{ a }} #}{% set b = c %}"),
            ("json", "{\"a\": {% if c %}{{ x | json }}{% else %}{{ y | json }}{% endif %}}"),
            ("json", "{\"a\": {% if c %}{{ x | json }}{% else %}null{% endif %}, \"b\": 1}"),
            ("csv", "a,{% if c %}{{ x | cell }}{% elif d %}{{ y | cell }}{% else %}z{% endif %}\n"),
            ("csv", "a{% for p in l %},{{ p | cell }}{% endfor %}\n"),
        ] {
            assert_eq!(of(kind, text), [], "{text}");
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for (kind, text, fault) in [
            ("csv", "{{ a }},", Fault::Raw),
            ("csv", "{{ a | upper }},", Fault::Raw),
            ("csv", "{{ a ~ b | cell }}", Fault::Raw),
            ("csv", "{{ a | cell if b else c }}", Fault::Raw),
            ("csv", "{{ a | cell ~ b }}", Fault::Raw),
            ("csv", "{{ not a | cell }}", Fault::Raw),
            ("csv", "{{ a | upper ~ b | cell }}", Fault::Raw),
            ("csv", "{{ a | default(b) if c else d | cell }}", Fault::Raw),
            ("csv", "{{ a, b | cell }}", Fault::Raw),
            ("csv", "{{ \"a | cell\" }}", Fault::Raw),
            ("csv", "\"{{ a | cell }}\"", Fault::Within),
            ("csv", "x{{ a | cell }},", Fault::Within),
            ("csv", "{{ a | cell }} x", Fault::Within),
            ("csv", "{{ a | cell }}{% if b %}x{% endif %}", Fault::Within),
            ("csv", "{{ a | cell }}{{ b | cell }}", Fault::Within),
            ("json", "{\"a\": \"{{ a | json }}\"}", Fault::Within),
            ("json", "{ {{ a | json }}: 1}", Fault::Within),
            ("webmanifest", "{\"name\": {{ a }}}", Fault::Raw),
            ("vcf", "{{ a | ical }}:b", Fault::Within),
            ("vcf", "FN:a\n{{ a | ical }}", Fault::Within),
            ("css", "a { content: \"{{ a }}\" }", Fault::Raw),
            ("csv", "{% include \"a.html\" %}", Fault::Foreign),
            ("csv", "{% include a %}", Fault::Foreign),
            ("csv", "{%- extends 'a.txt' %}", Fault::Foreign),
            ("csv", "{% <a b=1> %}", Fault::Foreign),
            ("csv", "{% for p in l %}{{ p | cell }}{% endfor %}", Fault::Within),
            ("csv", "x{% if false %},{% endif %}{{ a | cell }}", Fault::Within),
            ("csv", "a{% call m.f(vars.slogan) %}{% endcall %}", Fault::Foreign),
        ] {
            assert_eq!(of(kind, text), [fault], "{text}");
        }
    }
}
