//! Where the marks of a template stand in the page. What they put in is escaped, but not everywhere is that enough: within a tag, in
//! no quotes, a value could bring an attribute of its own (`<p title={{ name }}>` with `Acme onclick=…`), and in a script words.
//!
//! Each template is read from where it is put in: from the text of a page, from a title, from the quotes of an attribute. It has to
//! end where it began, so that whatever follows it is what it seems; so do the pieces that are put in by name.
//!
//! - `parts`: a template as texts and marks, with its choices
//! - `reader`: where in a page a text is

mod parts;
mod reader;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::diag::{Diagnostic, Diagnostics};
use crate::marks;

use super::encoded::ends_with;
use super::marked::statement;
use super::{Templates, escapes_html};
use parts::{Part, Piece, parts, rest};
use reader::{Code, Place, Reader};

/// Statements that put in what is written elsewhere.
const PUT_IN: [&str; 3] = ["include", "block", "call"];

/// What is wrong with a mark, or with a piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fault {
    Bare,
    Script,
    Handler,
    /// Puts markup into quotes.
    Markup,
    /// Puts in a template that escapes nothing.
    Unescaped,
    /// Puts in a template whose name is known only once it is used.
    Computed,
    /// Says whether values are escaped.
    Escaping,
    /// Does not end where it began.
    Open,
}

impl Fault {
    /// What is said of a mark or tag, and what to do.
    fn words(self, mark: &str) -> (String, &'static str, &'static str) {
        match self {
            Self::Bare => (
                format!("`{mark}` stands in a tag, in no quotes: what it puts in could be attributes"),
                "put quotes around it",
                "write it into the value of an attribute, in quotes: `name=\"{{ … }}\"`; what may be absent stands in `{% if … %}`, and a part of a name may be `{{ … | slug }}`",
            ),
            Self::Script => (
                format!("`{mark}` stands in a script: what it puts in could be a part of it"),
                "",
                "write `{{ … | json }}` where a value stands in a script, in no quotes and no comment, or give it to the script in an attribute: `data-name=\"{{ … }}\"`",
            ),
            Self::Handler => (
                format!(
                    "`{mark}` stands in an attribute that a browser runs: what it puts in could be a part of a script"
                ),
                "",
                "give the value to a script in another attribute: `data-name=\"{{ … }}\"`",
            ),
            Self::Markup => (
                format!("`{mark}` stands in quotes, and puts in markup: quotes in it would end them"),
                "",
                "write `{{ … | plain }}` for the words alone; what `json` gives stands in single quotes",
            ),
            Self::Unescaped => (
                format!("`{mark}` puts a template into a page that escapes nothing"),
                "",
                "let the name of the other template end with `.html` too",
            ),
            Self::Computed => (
                format!("`{mark}` puts in whatever template a value names, so nobody knows what that one escapes"),
                "",
                "name the template in quotes; where one of several is put in, choose with `{% if … %}`",
            ),
            Self::Escaping => (
                format!("`{mark}` would put values into the page as they are"),
                "",
                "take it out: values are escaped, and blocks and what filters give as markup stay markup",
            ),
            Self::Open => (
                format!(
                    "what begins at `{mark}` is not over where the template or block ends: what follows would be a part of it"
                ),
                "",
                "end tags, quotes, comments and scripts in the template, block or macro in which they begin",
            ),
        }
    }
}

/// Refuses templates of pages with such marks, or that leave something open.
pub fn check(templates: &Templates) -> Diagnostics {
    let mut found = Diagnostics::default();
    for ((name, start), (end, fault)) in faults(templates) {
        let mark = shown(templates.text(&name).get(start..end).unwrap_or_default());
        let (message, label, help) = fault.words(&mark);
        let error = Diagnostic::error("E-TEMPLATE", message).help(help);
        found.push(match templates.span(&name, start..end) {
            Some(span) => error.at(span, label),
            None => error,
        });
    }
    found
}

fn shown(mark: &str) -> String {
    marks::strip(mark).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What is wrong, by the template and the byte at which it begins, with the byte at which it ends.
type Faults = BTreeMap<(String, usize), (usize, Fault)>;

/// What is put in by name: a template, or the blocks of that name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Name {
    Template(String),
    Block(String),
}

/// Where something is put in: the place, and the attribute of quotes.
type Entry = (Place, String);

fn faults(templates: &Templates) -> Faults {
    let texts = templates.iter().filter(|(name, _)| escapes_html(name));
    let read: BTreeMap<&str, (&str, Vec<Part>)> = texts.map(|(name, text)| (name, (text, parts(text)))).collect();
    let mut walk = Walk { templates, read: &read, faults: Faults::default(), seen: Vec::new(), waiting: Vec::new() };
    // What others put in is read from there; what nobody does, and what only puts in itself, from the text of a page.
    let included: BTreeSet<String> = read.iter().flat_map(|(name, (text, _))| included(name, text)).collect();
    let (others, own): (Vec<&str>, Vec<&str>) = read.keys().partition(|name| included.contains(**name));
    own.into_iter().for_each(|name| walk.put_in_text(name));
    walk.all();
    for name in others {
        if !walk.seen.iter().any(|(known, _)| matches!(known, Name::Template(known) if known == name)) {
            walk.put_in_text(name);
            walk.all();
        }
    }
    walk.blocks_of_nobody();
    walk.all();
    walk.faults
}

/// The templates that one puts in by their names.
fn included(name: &str, text: &str) -> Vec<String> {
    let tags = text.match_indices("{%").filter_map(|(at, _)| text.get(at..super::marked::tag_end(text, at)));
    let all = tags.filter(|tag| statement(tag) == "include").filter_map(|tag| literals(rest(tag, "include"))).flatten();
    all.filter(|other| *other != name).map(str::to_owned).collect()
}

/// The names that stand there in quotes, one by itself or a list of which the first that is there counts.
fn literals(rest: &str) -> Option<Vec<&str>> {
    let (names, behind) = match rest.strip_prefix('[') {
        Some(list) => {
            let (list, behind) = list.split_once(']')?;
            let names = list.split(',').map(|name| quoted(name.trim()).filter(|(_, behind)| behind.is_empty()));
            (names.map(|name| name.map(|(name, _)| name)).collect::<Option<Vec<_>>>()?, behind)
        }
        None => quoted(rest).map(|(name, behind)| (vec![name], behind))?,
    };
    let behind = behind.trim();
    let is_whole = behind.is_empty()
        || ["ignore missing", "with context", "without context", "import", "as"]
            .iter()
            .any(|word| behind.starts_with(word));
    is_whole.then_some(names)
}

/// A text in quotes, and what stands behind it.
fn quoted(rest: &str) -> Option<(&str, &str)> {
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    rest.get(1..)?.split_once(quote)
}

/// Whether a mark is a path with the filter `slug` behind it, as in `data-{{ axis | slug }}`.
fn is_slug(mark: &str) -> bool {
    let inner = marks::strip(mark);
    let inner = inner.trim_start_matches("{{").trim_end_matches("}}").trim_matches('-');
    let is_of_path = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_');
    inner.split_once('|').is_some_and(|(path, filter)| filter.trim() == "slug" && path.trim().chars().all(is_of_path))
}

struct Walk<'t> {
    templates: &'t Templates,
    read: &'t BTreeMap<&'t str, (&'t str, Vec<Part>)>,
    faults: Faults,
    /// What was put in so far, and where.
    seen: Vec<(Name, Entry)>,
    waiting: Vec<(Name, Entry)>,
}

impl<'t> Walk<'t> {
    fn put_in_text(&mut self, name: &str) {
        self.put_in(Name::Template(name.to_owned()), (Place::Text, String::new()));
    }

    fn put_in(&mut self, name: Name, entry: Entry) {
        if !self.seen.contains(&(name.clone(), entry.clone())) {
            self.seen.push((name.clone(), entry.clone()));
            self.waiting.push((name, entry));
        }
    }

    fn all(&mut self) {
        while let Some((name, entry)) = self.waiting.pop() {
            match name {
                Name::Template(name) => {
                    if let Some((name, (text, parts))) = self.read.get_key_value(&*name) {
                        let mut reading = Reading { walk: self, name, text, left: Vec::new() };
                        match extends(text, parts) {
                            true => reading.of_child(parts),
                            false => reading.piece(parts, &entry, 0..text.len()),
                        }
                    }
                }
                Name::Block(block) => {
                    for (name, (text, parts)) in self.read {
                        for piece in blocks(parts).into_iter().filter(|piece| piece.block.as_deref() == Some(&*block)) {
                            let reading = Reading { walk: self, name, text, left: Vec::new() };
                            reading.piece(&piece.body, &entry, piece.tag.end..piece.end);
                        }
                    }
                }
            }
        }
    }

    /// Blocks that no template of those here has a place for.
    fn blocks_of_nobody(&mut self) {
        let all: BTreeSet<String> =
            self.read.values().flat_map(|(_, parts)| blocks(parts)).filter_map(|piece| piece.block.clone()).collect();
        for block in all {
            if !self.seen.iter().any(|(known, _)| *known == Name::Block(block.clone())) {
                self.put_in(Name::Block(block), (Place::Text, String::new()));
            }
        }
    }
}

/// Whether a template only fills the blocks of another one.
fn extends(text: &str, parts: &[Part]) -> bool {
    let is_it = |range: &Range<usize>| statement(text.get(range.clone()).unwrap_or_default()) == "extends";
    parts.iter().any(|part| matches!(part, Part::Mark(range) if is_it(range)))
}

/// The blocks of a template, however deep.
fn blocks(parts: &[Part]) -> Vec<&Piece> {
    let mut all = Vec::new();
    for part in parts {
        match part {
            Part::Piece(piece) => {
                all.extend(Some(piece).filter(|piece| piece.block.is_some()));
                all.extend(blocks(&piece.body));
            }
            Part::Choice { branches, .. } => all.extend(branches.iter().flat_map(|branch| blocks(branch))),
            Part::Loop { body, none } => all.extend([body, none].into_iter().flat_map(|parts| blocks(parts))),
            Part::Text(_) | Part::Mark(_) => {}
        }
    }
    all
}

/// One template or piece that is being read, from one place.
struct Reading<'w, 't> {
    walk: &'w mut Walk<'t>,
    name: &'t str,
    text: &'t str,
    /// Who left the loops around before their end.
    left: Vec<Vec<Reader>>,
}

impl Reading<'_, '_> {
    /// Reads a piece, which has to end where it began.
    fn piece(mut self, parts: &[Part], (place, attribute): &Entry, range: Range<usize>) {
        let readers = self.parts(parts, self.readers(place, attribute));
        if readers.iter().any(|reader| reader.place != *place) {
            let text = self.text.get(range.clone()).unwrap_or_default();
            let opens = if *place == Place::Text { text.rfind('<') } else { None };
            let start = range.start + opens.unwrap_or(0);
            let line = self.text.get(start..range.end).and_then(|text| text.lines().next()).unwrap_or_default();
            self.fault(start..start + line.len(), Fault::Open);
        }
    }

    /// Of a template that fills another one's blocks nothing else stands in a page; these are read from where they are put in.
    fn of_child(&mut self, parts: &[Part]) {
        for part in parts {
            match part {
                Part::Mark(range) => {
                    let tag = self.text.get(range.clone()).unwrap_or_default();
                    self.names(statement(tag), tag, range);
                }
                Part::Piece(piece) if piece.block.is_some() => {}
                other => drop(self.part(other, self.readers(&Place::Text, ""))),
            }
        }
    }

    fn readers(&self, place: &Place, attribute: &str) -> Vec<Reader> {
        match self.name.ends_with(".html") || self.name.ends_with(".htm") {
            true => Reader::all(place, attribute),
            false => vec![Reader::of_xml(place, attribute)],
        }
    }

    fn fault(&mut self, range: Range<usize>, fault: Fault) {
        self.walk.faults.entry((self.name.to_owned(), range.start)).or_insert((range.end, fault));
    }

    fn parts(&mut self, parts: &[Part], readers: Vec<Reader>) -> Vec<Reader> {
        parts.iter().fold(readers, |readers, part| self.part(part, readers))
    }

    fn part(&mut self, part: &Part, mut readers: Vec<Reader>) -> Vec<Reader> {
        match part {
            Part::Text(range) => {
                let text = self.text.get(range.clone()).unwrap_or_default();
                readers.iter_mut().for_each(|reader| reader.read(text));
                readers
            }
            Part::Mark(range) => {
                self.mark(range, &mut readers);
                readers
            }
            Part::Choice { branches, is_whole } => {
                let mut after = if *is_whole { Vec::new() } else { readers.clone() };
                for branch in branches {
                    join(&mut after, self.parts(branch, readers.clone()));
                }
                after
            }
            Part::Loop { body, none } => self.turns(body, none, readers),
            Part::Piece(piece) if piece.block.is_some() => self.parts(&piece.body, readers),
            Part::Piece(piece) => {
                let entry = (Place::Text, String::new());
                let reading = Reading { walk: &mut *self.walk, name: self.name, text: self.text, left: Vec::new() };
                reading.piece(&piece.body, &entry, piece.tag.end..piece.end);
                readers
            }
        }
    }

    /// Another turn may begin where the last one ended; what ends nowhere new is over.
    fn turns(&mut self, body: &[Part], none: &[Part], readers: Vec<Reader>) -> Vec<Reader> {
        const TURNS: usize = 3;
        let mut after = self.parts(none, readers.clone());
        let mut all = readers;
        for _ in 0..TURNS {
            self.left.push(Vec::new());
            let mut ends = self.parts(body, all.clone());
            join(&mut ends, self.left.pop().unwrap_or_default());
            let known = all.len();
            join(&mut after, ends.clone());
            join(&mut all, ends);
            if all.len() == known {
                break;
            }
        }
        after
    }

    fn mark(&mut self, range: &Range<usize>, readers: &mut [Reader]) {
        let tag = self.text.get(range.clone()).unwrap_or_default();
        let word = statement(tag);
        if matches!(word, "break" | "continue")
            && let Some(left) = self.left.last_mut()
        {
            join(left, readers.to_vec());
        }
        let prints = tag.starts_with("{{");
        if !prints && word != "<" && !PUT_IN.contains(&word) {
            return self.names(word, tag, range);
        }
        for reader in readers {
            if let Some(fault) = fault(reader, tag, prints) {
                self.fault(range.clone(), fault);
            } else if !prints && !reader.is_bare() {
                self.put_in(word, tag, reader);
            }
            reader.pass();
        }
        self.names(word, tag, range);
    }

    /// What another template gives is escaped only if that one's name says so, and here by itself.
    fn names(&mut self, word: &str, tag: &str, range: &Range<usize>) {
        let is_raw = |other: &&str| self.walk.templates.contains(other) && !escapes_html(other);
        let fault = match word {
            "include" | "extends" | "import" | "from" => match literals(rest(tag, word)) {
                None => Some(Fault::Computed),
                Some(others) => others.iter().any(is_raw).then_some(Fault::Unescaped),
            },
            "autoescape" => Some(Fault::Escaping),
            _ => None,
        };
        fault.into_iter().for_each(|fault| self.fault(range.clone(), fault));
    }

    fn put_in(&mut self, word: &str, tag: &str, reader: &Reader) {
        let named = rest(tag, word);
        let names: Vec<Name> = match word {
            "include" => literals(named).into_iter().flatten().map(|name| Name::Template(name.to_owned())).collect(),
            "block" => named.split_whitespace().next().map(|name| Name::Block(name.to_owned())).into_iter().collect(),
            _ => Vec::new(),
        };
        for name in names {
            self.walk.put_in(name, (reader.place.clone(), reader.attribute.clone()));
        }
    }
}

fn join(all: &mut Vec<Reader>, more: Vec<Reader>) {
    for reader in more {
        if !all.contains(&reader) {
            all.push(reader);
        }
    }
}

/// What is wrong with a mark that stands there; `prints` tells whether it is one of a value.
fn fault(reader: &Reader, tag: &str, prints: bool) -> Option<Fault> {
    let is_slug = prints && is_slug(tag);
    if reader.is_bare() {
        return Some(Fault::Bare).filter(|_| !is_slug || reader.names_element());
    }
    match reader.place {
        _ if !prints || is_slug => None,
        Place::Script(Code::Plain) if ends_with(tag, &["json"]) => None,
        Place::Script(_) => Some(Fault::Script),
        Place::Quoted(_) if reader.is_handler() => Some(Fault::Handler),
        Place::Quoted(quote) if is_markup(tag, quote) => Some(Fault::Markup),
        _ => None,
    }
}

/// Whether a mark gives markup, as far as its words tell, or JSON in the quotes of its texts.
fn is_markup(tag: &str, quote: char) -> bool {
    let tag = marks::strip(tag);
    let inner = tag.trim_start_matches("{{").trim_end_matches("}}").trim_matches('-');
    let mut steps = inner.split('|').map(str::trim);
    let path = steps.next().unwrap_or_default();
    let last = steps.next_back().map(|filter| filter.split('(').next().unwrap_or_default().trim_end());
    match last {
        Some("json") => quote == '"',
        Some(filter) => matches!(filter, "paragraphs" | "safe"),
        // A block's body is markup; that of a text for sellers is none.
        None => path.ends_with(".html") || path.ends_with(".body") && path.contains("block"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::source::SourceId;

    /// Of templates by their names, in which `X` tells a mark of a value: what each fault is, and where.
    fn said(texts: &[(&str, &str)]) -> Vec<(Fault, String)> {
        let mut templates = Templates::default();
        for (name, text) in texts {
            templates.add(*name, SourceId(0), *text);
        }
        let shown = |((name, start), (end, fault)): ((String, usize), (usize, Fault))| {
            (fault, templates.text(&name)[start..end].to_owned())
        };
        faults(&templates).into_iter().map(shown).collect()
    }

    /// What stands in no quotes in one template.
    fn found(text: &str) -> Vec<String> {
        let is_bare = |(fault, mark): (Fault, String)| (fault == Fault::Bare).then_some(mark);
        said(&[("a.html", text)]).into_iter().filter_map(is_bare).collect()
    }

    #[test]
    fn what_stands_in_no_quotes_is_found() {
        for text in [
            "<p title=X>",
            "<P TITLE = X class='a'>",
            "<p title=aX>",
            "<p a=\"b\" title=X>",
            "<p X>",
            "<p aX=\"b\">",
            "<pX>",
            "</p X>",
            "<p\n title=\n X\n>",
            "<p {% if a %}title=\"a\"{% else %}title=X{% endif %}>",
            "<p title={% if a %}'b'{% else %}X{% endif %}>",
            "<p {% for a in b %}data-X=''{% endfor %}>",
            "<!--[if mso]><v:rect href=X><![endif]-->",
            "<!--[if !mso]><!--><p title=X><!--<![endif]-->",
            "<!-- a --><p title=X>",
            "<!DOCTYPE html><p title=X>",
            "<script>a < b</script><p title=X>",
            "<title>a <b</TITLE ><p title=X>",
            "a < b <p title=X>",
            "<p title='a>b' b=X>",
            "<p {# a > b #} b=X>",
            "{% raw %}<p title={% endraw %}X>",
            "<br/><p/title=X>",
            "<style/>p{}</style><p title=X>",
            "</style><p title=X>",
            "</ </title><p title=X>",
            // What one takes for text, another takes for markup.
            "<!-- --!><b title=X x=\"-->\">",
            "<!--><b title=X x=\"-->\">",
            "<noscript><b title=\"</noscript><b title=X x=\"></noscript>",
            "<noscript><b title=X></noscript>",
            "<xmp><b title=\"</xmp><b title=X x=\">",
            "<iframe><b title=\"</iframe><b title=X x=\">",
            "<noembed><!--</noembed><b title=X x=\"-->\">",
            "<noframes><b title='</NoFrames ><b title=X x='>",
            "<!--[if mso]><b title=\"<![endif]--><b title=X x=\"><!-- -->",
            "<title></title x='><p y=\"'><b title=X z=\">",
            "<title></titles></title><b title=X>",
            "<a =\" x=X\">",
            "<a x/=\"X\">",
            "<a x=\"\"=\"X\">",
            // What stands there depends on what was put out before.
            "<p{% if a %} title={% endif %}X>",
            "{% if a %}<b title={% else %}<b>{% endif %}X>",
            "<p title={% if a %}'b'{% endif %} y=X>",
            "{% for a in b %}{% if c %}<p y={% break %}{% endif %}{% endfor %}X>",
            "<p{% for a in b %} y=\"{% endfor %} z=\"X>",
            "<p title=x {%- if a -%} y='X'>",
            "<p title=x{% if a %}\ny='X'>",
            "{% filter upper %}<p title=X>{% endfilter %}",
            "{% macro a() %}<p title=X>{% endmacro %}",
        ] {
            for mark in ["{{ a }}", "{{- a | b(\"}}\") -}}", "{% include 'a' %}", "{% block a %}"] {
                let text = text.replace('X', mark);
                assert_eq!(found(&text), [mark], "{text}");
            }
            let component = text.replace('X', "{% <a b=1> %}");
            assert_eq!(found(&component), ["{% <a b=1> %}"]);
        }
        assert_eq!(found("<{{ a }}> </{{ b }}> <{% if c %}d{% endif %}{{ e }}"), ["{{ a }}", "{{ b }}", "{{ e }}"]);
        assert_eq!(found("<p a={{ a }} b={{ b }}>{{ c }}"), ["{{ a }}", "{{ b }}"]);
        assert_eq!(found("<{% block a %}{% endblock %}> <{% if a %} {% endif %}{{ b }}"), ["{% block a %}", "{{ b }}"]);
        let half = [
            "{{ a ~ b | slug }}",
            "{{ a | slug | b }}",
            "{{ 'a' | slug }}",
            "{{ a | slugs }}",
            "{{ a }}{{ b | slug }}",
        ];
        assert!(half.iter().all(|mark| !found(&format!("<p a={mark}>")).is_empty()));
    }

    #[test]
    fn what_stands_in_quotes_or_in_no_tag_is_fine() {
        for text in [
            "{{ a }} < {{ b }} <1{{ c }}",
            "<p title=\"{{ a }}\" b='{{ c }}{% include \"d\" %}'>{{ e }}</p>",
            "<p title=\"{% if a %}{{ b }}{% endif %}\"{% if c %} hidden{% endif %}>{{ d }}",
            "< {% block a %}{% endblock %}> <{% if a %} {% else %}/p>{% endif %}{{ b }}",
            "<!-- <p title={{ a }}> -->{{ b }}",
            "<script>if (a<b) c = {{ d | json }}</script>",
            "<style>a{b:{{ c }}}</style>",
            "{% raw %}<p title={{ a }}>{% endraw %}",
            "<p{# {{ a }} #}>",
            "<p data-{{ a.b | slug }}={{- c|slug -}}>",
            "<p title=a{% if b %}c{% endif %}>{{ d }}",
            "{% set a %}<p title=b>{% endset %}{{ a }}",
            "{% raw %}{{ a }}",
            "{{ a",
            "<p title=\"{{ a",
        ] {
            assert_eq!(found(text), Vec::<&str>::new(), "{text}");
        }
    }

    #[test]
    fn nothing_says_that_values_are_not_escaped() {
        let fault = |fault: Fault, mark: &str| vec![(fault, mark.to_owned())];
        for mark in ["{% autoescape false %}", "{%- autoescape 'none' %}", "{% autoescape true %}"] {
            let text = format!("{mark}{{{{ a }}}}{{% endautoescape %}}");
            assert_eq!(said(&[("a.html", &text)]), fault(Fault::Escaping, mark));
        }
        for mark in [
            "{% include b %}",
            "{% include \"b\" ~ \".txt\" %}",
            "{% include ['b.html', c] %}",
            "{% include (\"b.txt\") %}",
            "{% extends b.c %}",
            "{% import b as c %}",
            "{%- from b import c -%}",
        ] {
            assert_eq!(said(&[("a.html", &format!("<p>{mark}"))]), fault(Fault::Computed, mark), "{mark}");
        }
        let list = "{% include ['b.html', \"b.txt\"] ignore missing %}";
        assert_eq!(said(&[("a.html", list), ("b.txt", "")]), fault(Fault::Unescaped, list));
        assert_eq!(said(&[("a.html", "{% include ['c.html', 'b.html'] %}"), ("b.html", "{{ a }}")]), []);
        let quoted = said(&[("a.html", "<p title=\"{% include ['b.html'] %}\">"), ("b.html", "<b class=\"{{ a }}\">")]);
        assert!(quoted.iter().any(|(fault, _)| *fault != Fault::Computed), "{quoted:?}");
    }

    #[test]
    fn what_is_put_in_is_read_from_there() {
        let bare = |mark: &str| vec![(Fault::Bare, mark.to_owned())];
        let both = |page: &str, other: &str| said(&[("a.html", page), ("b.html", other)]);
        let page = "<p title=\"{% include 'b.html' %}\">";
        assert_eq!(both(page, "a {{ b }}"), []);
        let open = |what: &str| (Fault::Open, what.to_owned());
        assert_eq!(
            both(page, "\" x={{ a }}"),
            [open("\" x={{ a }}")].into_iter().chain(bare("{{ a }}")).collect::<Vec<_>>()
        );
        assert_eq!(both("<title>{% include 'b.html' %}</title>", "a <b {{ c }}>"), []);
        assert_eq!(both("<script>{% include \"b.html\" %}</script>", "x(a<b && {{ c | json }})"), []);
        let script = both("<script>{% include \"b.html\" %}</script>", "x({{ c }})");
        assert_eq!(script, [(Fault::Script, "{{ c }}".to_owned())]);
        let child = "{% extends 'a.html' %}{% block c %}<p {{ d }}>{% endblock %}";
        assert_eq!(both("{% block c %}{% endblock %}", child), bare("{{ d }}"));
        assert_eq!(both("<title>{% block c %}{% endblock %}</title>", child), []);
        let child = "{% extends 'a.html' %}{% block c %}x\" y={% endblock %}";
        assert_eq!(both("<p title=\"{% block c %}{% endblock %}\">", child), [open("x\" y=")]);
        // Also what puts in itself, and what nobody puts in.
        assert_eq!(both("{% include 'b.html' %}", "{% include 'a.html' %}<p {{ a }}>"), bare("{{ a }}"));
        assert_eq!(said(&[("a.html", "{% block c %}{% endblock %}"), ("b.txt", "<p {{ a }}>")]), []);
        assert_eq!(said(&[("a.html", "{% include 'b.txt' %}"), ("b.txt", "")])[0].0, Fault::Unescaped);
    }

    #[test]
    fn what_leaves_something_open_is_refused() {
        for text in [
            "<a title=",
            "<a title={% raw %}{% endraw %}",
            "<a",
            "<a title=\"x",
            "a <!-- b",
            "<script>a",
            "<plaintext>",
            "{% if a %}<a title=\"{% endif %}",
            "{% set b %}<a title='{% endset %}",
            "{% macro b() %}<a title='{% endmacro %}'>",
            "{% block b %}<a title='{% endblock %}'>",
            "{% call b() %}<a {% endcall %}",
        ] {
            assert!(said(&[("a.html", text)]).iter().any(|(fault, _)| *fault == Fault::Open), "{text}");
        }
        for text in [
            "<p>",
            "</p>",
            "a < b",
            "<!-- -->",
            "<body {% if a %}x{% endif %}>",
            "{% if a %}<p>{% else %}</p>{% endif %}",
        ] {
            assert_eq!(said(&[("a.html", text)]), [], "{text}");
        }
    }

    #[test]
    fn in_xml_an_element_may_be_over_with_its_tag() {
        let text = "<script src=\"a\"/><title/><p title=\"{{ a }}\"/><style>{{ b }}</style>";
        assert_eq!(said(&[("a.xhtml", text)]), []);
        assert!(!said(&[("a.html", text)]).is_empty());
        assert_eq!(said(&[("a.svg", "<script>x({{ a }})</script><style><p x={{ a }}/></style>")]).len(), 2);
    }

    #[test]
    fn a_script_gets_values_as_json_alone() {
        let faults = |text: &str| said(&[("a.html", text)]).into_iter().map(|(fault, _)| fault).collect::<Vec<_>>();
        for text in [
            "<script>var x = {{ v }}</script>",
            "<SCRIPT type=module>f({{ v | upper }})</SCRIPT>",
            "<script>var x = '{{ v | json }}'</script>",
            "<script>var x = `{{ v | json }}`</script>",
            "<script>'\\'{{ v | json }}'</script>",
            "<script>// {{ v | json }}\n</script>",
            "<script>/*/ {{ v | json }} **/</script>",
            "<script>x = {{ a ~ v | json }}</script>",
            "<script>x = {{ a | upper ~ v | json }}</script>",
            "<script>x = {{ a if b else v | json }}</script>",
        ] {
            assert_eq!(faults(text), [Fault::Script], "{text}");
        }
        for text in [
            "<script>var x = {{ v | json }}, y = 'it\\'s' + {{ v.w | json }} / 2; // it's\nz = {{ v | json }}</script>",
            "<script type=\"application/json\">{\"a\": {{ v | json }}}</script>{{ v }}",
            "<script src=\"{{ asset('a.js') }}\"></script>",
            "<script>x = {{ v.w[0] | default(\"\") | upper | json }}</script>",
            "<script>x = {{ link(id=\"a b\", placement='c|d') | json }}</script>",
            "<script>/* it's */ f({{ v | json }}, '{{ v | slug }}')</script>",
        ] {
            assert_eq!(faults(text), [], "{text}");
        }
    }

    #[test]
    fn an_attribute_that_runs_gets_no_value() {
        let faults = |text: &str| said(&[("a.html", text)]).into_iter().map(|(fault, _)| fault).collect::<Vec<_>>();
        for text in [
            "<a onclick=\"f('{{ v }}')\">",
            "<a ONCLICK = '{{ v | json }}'>",
            "<a x='' onload=\"{% if a %}{{ v }}{% endif %}\">",
            "<a {{ v | slug }}=\"{{ v }}\">",
            "<a o{{ v | slug }}=\"{{ v }}\">",
        ] {
            assert_eq!(faults(text), [Fault::Handler], "{text}");
        }
        assert_eq!(faults("<a data-on=\"{{ v }}\" onclick=\"f()\" title=\"{{ v }}\">"), []);
        assert_eq!(faults("<a data-{{ v | slug }}=\"{{ v }}\">"), []);
        assert_eq!(faults("<{{ v | slug }}>"), [Fault::Bare]);
        assert_eq!(faults("<s{{ v | slug }}>"), [Fault::Bare]);
        assert_eq!(faults("<h{{ v | slug }}>"), []);
        for text in ["<a x=\"{{ v | json }}\">", "<a x='{{ b.html }}'>", "<a x='{{ v | paragraphs }}'>"] {
            assert_eq!(faults(text), [Fault::Markup], "{text}");
        }
        assert_eq!(faults("<a x='{{ v | json }}' y=\"{{ b.html | plain }}\">"), []);
    }
}
