//! Marks in templates of files that are data or style: each goes through the filter that knows its kind, and stands where
//! a whole value stands. Nothing is escaped by itself there, so a value could end a cell, a text or a rule, and begin another.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::diag::{Diagnostic, Diagnostics};
use crate::marks;

use super::Templates;
use super::letters::keep_letters;
use super::marked::statement;
use super::parts::{Around, Follow, MANY, Part, Piece, STRAY, blocks, extends, included, join, literals, parts, rest};
use super::piped::ends_with;

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
    for (kind, filters, stands) in KINDS {
        for ((name, start), (end, fault)) in faults(templates, kind, filters, stands) {
            let range = start..end;
            let mark = templates.text(&name).get(range.clone()).unwrap_or_default();
            let error = Diagnostic::error("E-TEMPLATE", fault.message(mark, kind));
            found.push(templates.placed(error.help(fault.help(filters, stands)), &name, range, ""));
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
    /// Filters around what is encoded.
    Filtered,
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
            Self::Filtered => {
                format!("`{mark}` changes the letters of a `.{kind}`: what is encoded would be something else")
            }
            Self::Stray => format!("`{mark}` {}", STRAY.0),
            Self::Many => format!("`{mark}` {}", MANY.0),
        }
    }

    fn help(self, filters: &[&str], stands: Stands) -> String {
        let filters: Vec<String> = filters.iter().map(|filter| format!("`{{{{ … | {filter} }}}}`")).collect();
        match (self, stands) {
            (Self::Raw, _) => format!("end it with the filter that knows the kind: {}", filters.join(" or ")),
            (Self::Filtered, _) => format!(
                "change each value before it is encoded: {}",
                filters
                    .iter()
                    .map(|filter| filter.replace("{{ … |", "{{ … | upper |"))
                    .collect::<Vec<_>>()
                    .join(" or ")
            ),
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

fn faults(templates: &Templates, kind: &str, filters: &[&str], stands: Stands) -> Faults {
    let texts = templates.iter().filter(|(name, _)| extension(name) == kind);
    let read: Read<'_> = texts.map(|(name, text)| (name, (text, parts(text, templates.language)))).collect();
    // What others put in is read from there, as in `quotes`.
    let included: BTreeSet<&str> =
        read.iter().flat_map(|(name, (text, _))| included(name, text, templates.language)).collect();
    let is_own = |name: &&str| !included.contains(name) || templates.pages.contains(*name);
    let (own, others): (Vec<&str>, Vec<&str>) = read.keys().copied().partition(is_own);
    let mut reading = Reading {
        read: &read,
        kind,
        filters,
        stands,
        name: "",
        text: "",
        chain: Vec::new(),
        filling: Vec::new(),
        ends: BTreeMap::new(),
        seen: BTreeSet::new(),
        faults: Faults::default(),
        around: Vec::new(),
    };
    own.into_iter().for_each(|name| _ = reading.put_in(name, At::default()));
    for name in others {
        if !reading.seen.contains(name) {
            reading.put_in(name, At::default());
        }
    }
    reading.faults
}

/// The templates of a kind by their names, with their parts.
type Read<'t> = BTreeMap<&'t str, (&'t str, Vec<Part>)>;

/// What is wrong, by the template and the byte at which the mark begins, with the byte at which it ends.
type Faults = BTreeMap<(String, usize), (usize, Fault)>;

/// Where in a file a text is.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct At<'t> {
    /// The last sign that counts.
    last: Option<char>,
    /// Whether the sign stood in this line that a value stands behind.
    is_behind: bool,
    /// Whether before that sign quotes are open, in which it is none.
    is_quoted: bool,
    /// The mark that was put in last with its template, as long as nothing stands behind it.
    mark: Option<(&'t str, usize, usize)>,
}

struct Reading<'t> {
    read: &'t Read<'t>,
    kind: &'t str,
    filters: &'t [&'t str],
    stands: Stands,
    /// The template that is read.
    name: &'t str,
    text: &'t str,
    /// With those that extend it, whose blocks count, the outermost first.
    chain: Vec<&'t str>,
    /// The blocks around, by the templates that have them and where.
    filling: Vec<(&'t str, usize)>,
    /// Where somebody may be behind a template that is put in there, as far as it is known.
    ends: BTreeMap<(&'t str, At<'t>), Vec<At<'t>>>,
    /// What was read so far.
    seen: BTreeSet<&'t str>,
    faults: Faults,
    around: Vec<Around<At<'t>>>,
}

impl<'t> Reading<'t> {
    fn fault(&mut self, mark: &Range<usize>, fault: Fault) {
        self.fault_in(self.name, mark.start, mark.end, fault);
    }

    fn fault_in(&mut self, name: &str, start: usize, end: usize, fault: Fault) {
        self.faults.entry((name.to_owned(), start)).or_insert((end, fault));
    }

    fn read(&mut self, c: char, at: &mut At<'t>) {
        match self.stands {
            Stands::Anywhere => {}
            Stands::Behind(sign) => {
                at.is_quoted = c != '\n' && !at.is_behind && (at.is_quoted != (c == '"'));
                at.is_behind = c != '\n' && (at.is_behind || c == sign && !at.is_quoted);
            }
            Stands::Between(before, after) => {
                let counts = |signs: &[char]| !c.is_whitespace() || signs.contains(&c);
                if let Some((name, start, end)) = at.mark.take_if(|_| counts(after))
                    && !after.contains(&c)
                {
                    self.fault_in(name, start, end, Fault::Within);
                }
                at.last = Some(c).filter(|_| counts(before)).or(at.last);
            }
        }
    }

    fn is_within(&self, at: &At<'t>) -> bool {
        match self.stands {
            Stands::Anywhere => false,
            Stands::Behind(_) => !at.is_behind,
            Stands::Between(before, _) => at.mark.is_some() || at.last.is_some_and(|last| !before.contains(&last)),
        }
    }

    /// Reads a template from there by itself, and tells where that ends. One that puts itself in is read again until nobody
    /// ends elsewhere.
    fn put_in(&mut self, name: &'t str, at: At<'t>) -> Vec<At<'t>> {
        let key = (name, at);
        if let Some(ends) = self.ends.get(&key) {
            return ends.clone();
        }
        self.ends.insert(key.clone(), Vec::new());
        let chain = std::mem::take(&mut self.chain);
        let filling = std::mem::take(&mut self.filling);
        let mut ends = Vec::new();
        for _ in 0..TURNS {
            let known = ends;
            ends = self.of(name, vec![key.1.clone()]);
            self.ends.insert(key.clone(), ends.clone());
            if ends == known {
                break;
            }
        }
        self.chain = chain;
        self.filling = filling;
        ends
    }

    /// Reads a template, or one that those of the chain extend.
    fn of(&mut self, name: &'t str, all: Vec<At<'t>>) -> Vec<At<'t>> {
        let read = self.read;
        let Some((name, (text, parts))) = read.get_key_value(name) else { return all };
        if self.chain.contains(name) {
            return all;
        }
        self.seen.insert(name);
        self.chain.push(name);
        let after = self.within(name, |reading| reading.own(text, parts, all));
        self.chain.pop();
        after
    }

    /// Once another template is extended, nothing more of this one stands in a file but what fills blocks.
    fn own(&mut self, text: &str, parts: &[Part], mut all: Vec<At<'t>>) -> Vec<At<'t>> {
        let mut is_child = false;
        for part in parts {
            match part {
                Part::Piece(piece) if is_child && piece.block.is_none() => _ = self.piece(piece, Vec::new()),
                _ if is_child => {}
                _ => all = self.part(part, all),
            }
            is_child |= extends(text, part);
        }
        all
    }

    /// Reads something of another template, as part of no loop that is around here.
    fn within<T>(&mut self, name: &'t str, reads: impl FnOnce(&mut Self) -> T) -> T {
        let text = self.read.get(name).map_or("", |(text, _)| *text);
        let (of, from) = (std::mem::replace(&mut self.name, name), std::mem::replace(&mut self.text, text));
        let around = std::mem::take(&mut self.around);
        let read = reads(self);
        (self.name, self.text, self.around) = (of, from, around);
        read
    }

    /// Where all are behind the template that a statement puts in, or the one that it extends.
    fn named(&mut self, tag: &str, word: &str, all: &[At<'t>]) -> Option<Vec<At<'t>>> {
        let names = literals(rest(tag, word))?;
        let name = names.into_iter().find_map(|name| self.read.get_key_value(name).map(|(name, _)| *name))?;
        let mut after = Vec::new();
        match word {
            "extends" => join(&mut after, self.of(name, all.to_vec())),
            _ => all.iter().for_each(|at| join(&mut after, self.put_in(name, at.clone()))),
        }
        Some(after)
    }

    /// What the first of the chain has for a block, or else what stands here.
    fn block(&mut self, block: &str, piece: &Piece, all: Vec<At<'t>>) -> Vec<At<'t>> {
        let read = self.read;
        let fills = |name: &&'t str| {
            let (name, (_, parts)) = read.get_key_value(*name)?;
            blocks(parts).into_iter().find(|piece| piece.block.as_deref() == Some(block)).map(|piece| (*name, piece))
        };
        let Some((name, filling)) = self.chain.iter().find_map(fills) else { return self.parts(&piece.body, all) };
        let place = (name, filling.tag.start);
        if self.filling.contains(&place) {
            return all;
        }
        self.filling.push(place);
        let after = match name == self.name {
            true => self.parts(&piece.body, all),
            false => self.within(name, |reading| reading.parts(&filling.body, all)),
        };
        self.filling.pop();
        after
    }
}

/// So often a template is read that puts itself in.
const TURNS: usize = 3;

impl<'t> Follow for Reading<'t> {
    type At = At<'t>;

    fn whole(&self) -> &str {
        self.text
    }

    fn text(&mut self, text: &Range<usize>, all: &mut Vec<At<'t>>) {
        let text = self.text.get(text.clone()).unwrap_or_default();
        all.iter_mut().for_each(|at| text.chars().filter(|c| !marks::is_mark(*c)).for_each(|c| self.read(c, at)));
    }

    fn mark(&mut self, mark: &Range<usize>, all: &mut Vec<At<'t>>) {
        let tag = self.text.get(mark.clone()).unwrap_or_default();
        if !tag.starts_with("{{") {
            let word = statement(tag);
            if puts_in_another(tag, self.kind) {
                self.fault(mark, Fault::Foreign);
            } else if word == "filter" && !keep_letters(rest(tag, word)) {
                self.fault(mark, Fault::Filtered);
            } else if matches!(word, "include" | "extends")
                && let Some(after) = self.named(tag, word, all)
            {
                *all = after;
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
            at.mark = Some((self.name, mark.start, mark.end));
        }
    }

    /// A block stands where it is written, and all else by itself.
    fn piece(&mut self, piece: &Piece, all: Vec<At<'t>>) -> Vec<At<'t>> {
        match &piece.block {
            Some(block) => self.block(block, piece, all),
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

    fn around(&mut self) -> &mut Vec<Around<At<'t>>> {
        &mut self.around
    }
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
    use super::super::Language;
    use super::*;
    use crate::source::SourceId;

    fn of(kind: &str, text: &str) -> Vec<Fault> {
        of_all(kind, &[("page", text)]).into_iter().map(|(_, fault)| fault).collect()
    }

    /// Templates by their names without the kind.
    type Texts = &'static [(&'static str, &'static str)];

    /// Of such templates: in which each fault is, and what it is.
    fn of_all(kind: &str, texts: &[(&str, &str)]) -> Vec<(String, Fault)> {
        let mut templates = Templates { language: Language::MiniJinja, ..Templates::default() };
        for (name, text) in texts {
            templates.add(format!("{name}.{kind}"), SourceId(0), *text);
        }
        let (filters, stands) = known(kind).unwrap();
        let name = |name: String| name.split('.').next().unwrap_or_default().to_owned();
        faults(&templates, kind, filters, stands).into_iter().map(|((of, _), (_, fault))| (name(of), fault)).collect()
    }

    #[test]
    fn what_is_put_in_is_read_from_there() {
        let fine: [(&str, Texts); 9] = [
            ("csv", &[("page", "h,{% include \"a.csv\" %},z\n"), ("a", "{{ v | cell }}")]),
            (
                "csv",
                &[
                    ("page", "{% include \"a.csv\" %}"),
                    ("a", "{{ v | cell }}{% if w %},{% include \"a.csv\" %}{% endif %}"),
                ],
            ),
            ("vcf", &[("page", "FN:{% include \"a.vcf\" %}\r\n"), ("a", "{{ v | ical }}")]),
            ("vcf", &[("page", "FN:x\r\n{% include \"a.vcf\" %}\r\n"), ("a", "NOTE:{{ v | ical }}")]),
            (
                "csv",
                &[
                    ("page", "{% extends \"a.csv\" %}{% block c %}{{ v | cell }}{% endblock %}"),
                    ("a", "h,{% block c %}x{% endblock %},z\n"),
                ],
            ),
            (
                "csv",
                &[
                    ("page", "{% extends \"a.csv\" %}{% block c %},{{ v | cell }}{% endblock %}"),
                    ("a", "h{% block c %}{% endblock %},z\n"),
                ],
            ),
            (
                "json",
                &[
                    ("page", "{% extends \"a.json\" %}{% block c %}{{ v | json }}{% endblock %}"),
                    ("a", "{\"a\": {% block c %}1{% endblock %}}"),
                ],
            ),
            (
                "json",
                &[
                    ("page", "{% extends \"a.json\" %}{% block d %}{{ v | json }}{% endblock %}"),
                    ("a", "{\"a\": {% block c %}[{% block d %}{% endblock %}]{% endblock %}}"),
                ],
            ),
            (
                "json",
                &[
                    (
                        "page",
                        "{\"a\": [{% for p in l %}{% include \"a.json\" %}{% if not loop.last %}, {% endif %}{% endfor %}]}",
                    ),
                    ("a", "{{ p | json }}"),
                ],
            ),
        ];
        for (kind, texts) in fine {
            assert_eq!(of_all(kind, texts), [], "{texts:?}");
        }
        let refused: [(&str, Texts, &str); 9] = [
            ("csv", &[("page", "h,\"{% include \"a.csv\" %}\",z\n"), ("a", "{{ v | cell }}")], "a"),
            ("csv", &[("page", "h,{{ w | cell }}{% include \"a.csv\" %},z\n"), ("a", "{{ v | cell }}")], "a"),
            ("csv", &[("page", "h,{% include \"a.csv\" %}z\n"), ("a", "{{ v | cell }}")], "a"),
            ("csv", &[("page", "h,{{ w | cell }}{% include \"a.csv\" %}\n"), ("a", "x")], "page"),
            (
                "csv",
                &[
                    ("page", "{% extends \"a.csv\" %}{% block c %}{{ v | cell }}{% endblock %}"),
                    ("a", "h,\"{% block c %}x{% endblock %}\",z\n"),
                ],
                "page",
            ),
            (
                "json",
                &[
                    ("page", "{% extends \"a.json\" %}{% block c %}{{ v | json }}{% endblock %}"),
                    ("a", "{\"a\": \"{% block c %}x{% endblock %}\"}"),
                ],
                "page",
            ),
            ("json", &[("page", "{ {% include \"a.json\" %}: 1}"), ("a", "{{ v | json }}")], "a"),
            ("vcf", &[("page", "FN:a\r\n{% include \"a.vcf\" %}\r\n"), ("a", "{{ v | ical }}")], "a"),
            (
                "csv",
                &[
                    ("page", "x{% include \"a.csv\" %}"),
                    ("a", "{% extends \"b.csv\" %}{% block c %}{{ v | cell }}{% endblock %}"),
                    ("b", "{% block c %},{% endblock %}"),
                ],
                "a",
            ),
        ];
        for (kind, texts, name) in refused {
            assert_eq!(of_all(kind, texts), [(name.to_owned(), Fault::Within)], "{texts:?}");
        }
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
            ("ics", "A;CN=\"b:c\":d \" {{ a | ical }}\r\nB:{{ a | ical }}"),
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
            ("json", "[{% filter trim | indent(4) %}{{ a | json }}{% endfilter %}]"),
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
            ("vcf", "FN;X=\":{{ a | ical }}\":a\n", Fault::Within),
            ("css", "a { content: \"{{ a }}\" }", Fault::Raw),
            ("csv", "{% include \"a.html\" %}", Fault::Foreign),
            ("csv", "{% include a %}", Fault::Foreign),
            ("csv", "{%- extends 'a.txt' %}", Fault::Foreign),
            ("json", "[{% filter trim | upper %}{{ a | json }}{% endfilter %}]", Fault::Filtered),
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
