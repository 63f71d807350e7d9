//! Marks in templates of files that are data or style: each goes through the filter that knows its kind, and stands where
//! a whole value stands. Nothing is escaped by itself there, so a value could end a cell, a text or a rule, and begin another.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::diag::{Diagnostic, Diagnostics};
use crate::marks;

use super::Templates;
use super::marked::{inner, statement};
use super::parts::{Around, Follow, MANY, Piece, STRAY, literals, parts, rest};

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
        for (start, (end, fault)) in faults(text, kind, filters, stands, templates.drops_lines) {
            let range = start..end;
            let error = Diagnostic::error("E-TEMPLATE", fault.message(&text[range.clone()], kind));
            found.push(templates.placed(error.help(fault.help(filters, stands)), name, range, ""));
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
    /// Belongs to no statement.
    Stray,
    /// Has too many ways through it.
    Many,
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
            Self::Stray => format!("`{mark}` {}", STRAY.0),
            Self::Many => format!("`{mark}` {}", MANY.0),
        }
    }

    fn help(self, filters: &[&str], stands: Stands) -> String {
        let filters: Vec<String> = filters.iter().map(|filter| format!("`{{{{ … | {filter} }}}}`")).collect();
        match (self, stands) {
            (Self::Raw, _) => format!("end it with the filter that knows the kind: {}", filters.join(" or ")),
            (Self::Foreign, _) => "put in templates of the same kind alone".to_owned(),
            (Self::Stray, _) => STRAY.1.to_owned(),
            (Self::Many, _) => MANY.1.to_owned(),
            (Self::Within, Stands::Behind(sign)) => format!("write it behind the `{sign}` of its line"),
            (Self::Within, _) => format!(
                "write {} without quotes and with nothing beside it: the filter brings what is needed",
                filters.join(" or ")
            ),
        }
    }
}

fn faults(text: &str, kind: &str, filters: &[&str], stands: Stands, drops_lines: bool) -> Faults {
    let mut reading = Reading { text, kind, filters, stands, faults: Faults::default(), around: Vec::new() };
    reading.parts(&parts(text, drops_lines), vec![At::default()]);
    reading.faults
}

/// What is wrong, by the byte at which the mark begins, with the byte at which it ends.
type Faults = BTreeMap<usize, (usize, Fault)>;

/// Where in a file a text is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct At {
    /// The last sign that counts.
    last: Option<char>,
    /// Whether the sign stood in this line that a value stands behind.
    is_behind: bool,
    /// The mark that was put in last, as long as nothing stands behind it.
    mark: Option<Range<usize>>,
}

struct Reading<'t> {
    text: &'t str,
    kind: &'t str,
    filters: &'t [&'t str],
    stands: Stands,
    faults: Faults,
    around: Vec<Around<At>>,
}

impl Reading<'_> {
    fn fault(&mut self, mark: &Range<usize>, fault: Fault) {
        self.faults.entry(mark.start).or_insert((mark.end, fault));
    }

    fn read(&mut self, c: char, at: &mut At) {
        match self.stands {
            Stands::Anywhere => {}
            Stands::Behind(sign) => at.is_behind = c != '\n' && (at.is_behind || c == sign),
            Stands::Between(before, after) => {
                let counts = |signs: &[char]| !c.is_whitespace() || signs.contains(&c);
                if let Some(mark) = at.mark.take_if(|_| counts(after))
                    && !after.contains(&c)
                {
                    self.fault(&mark, Fault::Within);
                }
                at.last = Some(c).filter(|_| counts(before)).or(at.last);
            }
        }
    }

    fn is_within(&self, at: &At) -> bool {
        match self.stands {
            Stands::Anywhere => false,
            Stands::Behind(_) => !at.is_behind,
            Stands::Between(before, _) => at.mark.is_some() || at.last.is_some_and(|last| !before.contains(&last)),
        }
    }
}

impl Follow for Reading<'_> {
    type At = At;

    fn whole(&self) -> &str {
        self.text
    }

    fn text(&mut self, text: &Range<usize>, all: &mut Vec<At>) {
        let text = self.text.get(text.clone()).unwrap_or_default();
        all.iter_mut().for_each(|at| text.chars().filter(|c| !marks::is_mark(*c)).for_each(|c| self.read(c, at)));
    }

    fn mark(&mut self, mark: &Range<usize>, all: &mut Vec<At>) {
        let tag = self.text.get(mark.clone()).unwrap_or_default();
        if !tag.starts_with("{{") {
            if puts_in_another(tag, self.kind) {
                self.fault(mark, Fault::Foreign);
            }
            return;
        }
        if !ends_with(tag, self.filters) {
            self.fault(mark, Fault::Raw);
        }
        for at in all {
            if self.is_within(at) {
                self.fault(mark, Fault::Within);
            }
            at.mark = Some(mark.clone());
        }
    }

    /// A block stands where it is written, and all else by itself.
    fn piece(&mut self, piece: &Piece, all: Vec<At>) -> Vec<At> {
        match piece.block {
            Some(_) => self.parts(&piece.body, all),
            None => {
                self.parts(&piece.body, vec![At::default()]);
                all
            }
        }
    }

    fn stray(&mut self, tag: &Range<usize>) {
        self.fault(tag, Fault::Stray);
    }

    fn give_up(&mut self, tag: &Range<usize>) {
        self.fault(tag, Fault::Many);
    }

    fn around(&mut self) -> &mut Vec<Around<At>> {
        &mut self.around
    }
}

/// Whether a mark is one value with filters behind it, of which one of these is the last. A sign between two filters would
/// make two values of it, of which the last filter knows one.
pub fn ends_with(mark: &str, filters: &[&str]) -> bool {
    // Of what may be absent Tera writes the path with a sign more.
    let inner = inner(mark).replace("?.", ".").replace("?[", "[");
    let parts = piped(&inner);
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

/// Whether a statement puts in what a template of another kind prints, or one that only a value names. What a macro or a
/// component prints goes through no filter there.
fn puts_in_another(tag: &str, kind: &str) -> bool {
    match statement(tag) {
        "call" | "<" => true,
        word @ ("include" | "extends") => {
            literals(rest(tag, word)).is_none_or(|names| names.iter().any(|name| extension(name) != kind))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(kind: &str, text: &str) -> Vec<Fault> {
        let (filters, stands) = known(kind).unwrap();
        faults(text, kind, filters, stands, true).into_values().map(|(_, fault)| fault).collect()
    }

    #[test]
    fn a_whole_value_through_its_filter_is_fine() {
        for (kind, text) in [
            (
                "csv",
                "name,{{ a | cell }}\n{% for b in c %}{{ b.d | upper | cell }};{{- b[\"|\"] | default(\"x|y\") | cell }}\n{% endfor %}",
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
            ("csv", "a{% for p in l %}{% if loop.first %}{% continue %}{% endif %},{{ p | cell }}{% endfor %}\n"),
            ("ics", "CATEGORIES:{% for c in l %}{{ c | ical }}{% if not loop.last %},{% endif %}{% endfor %}\r\n"),
            ("ics", "{% for c in l %}\nATTENDEE:{{ c | ical }}\r\n{% endfor %}END:VEVENT"),
            ("ics", "A:{% block a %}{{ c | ical }}{% endblock %}"),
            ("json", "[{% for b in c %}{{ b | json }}{% if not loop.last %}, {% endif %}{% endfor %}]"),
            ("json", "[{% for b in c %}{% if not loop.first %}, {% endif %}{{ b | json }}{% endfor %}]"),
            ("json", "[{% for b in c %}{% if loop.first %}{% else %},{% endif %}{{ b | json }}{% endfor %}]"),
            ("json", "[{% for b in c %}{{ b | json }}{% if loop.last %}]{% else %},{% endif %}{% else %}]{% endfor %}"),
            ("csv", "{% for b in c %}{{ b | cell }}{% if not loop.last %},{% endif %}{% endfor %}\n"),
            (
                "csv",
                "{% for b in c %}{% for d in b %}{{ d | cell }}{% if not loop.last %},{% endif %}{% endfor %};{% endfor %}",
            ),
            (
                "csv",
                "{% set x | default(\"a=b\") %}Hi{% endset %}{{ x | cell }},{% set_global y %}{{ x | cell }}{% endset %}{{ y | cell }}",
            ),
            ("csv", "{{ a?.b | cell }},{{ a?[\"b\"]?.c | upper | cell }}"),
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
            ("ics", "CATEGORIES:{% for c in l %}{{ c | ical }}\r\n{% endfor %}", Fault::Within),
            ("ics", "A:{% if b %}x\n{% endif %}{{ c | ical }}", Fault::Within),
            ("csv", "{% for p in l %},{{ p | cell -}}\n{{ p | cell }}\n{% endfor %}", Fault::Within),
            ("csv", "{% for p in l %},{% if a %}x{% break %}{% endif %}{% endfor %}{{ p | cell }}", Fault::Within),
            ("csv", "a{% call m.f(vars.slogan) %}{% endcall %}", Fault::Foreign),
            ("csv", "a{% endset %}", Fault::Stray),
            ("csv", "{% if a %}{% endfor %}{% endif %}", Fault::Stray),
            ("csv", "{% for b in c %}{{ b | cell }}{% if not loop.first %},{% endif %}{% endfor %}", Fault::Within),
            ("csv", "{% for b in c %}{% if not loop.last %},{% endif %}{{ b | cell }}{% endfor %}", Fault::Within),
            (
                "csv",
                "{% set loop = d %}{% for b in c %}{{ b | cell }}{% if not loop.last %},{% endif %}{% endfor %}",
                Fault::Within,
            ),
            (
                "csv",
                "{% for b in c %}{{ b | cell }}{% for d in b %}{% if not loop.last %},{% endif %}{% endfor %}{% endfor %}",
                Fault::Within,
            ),
            ("csv", "{{ a??b | cell }}", Fault::Raw),
        ] {
            assert_eq!(of(kind, text), [fault], "{text}");
        }
    }
}
