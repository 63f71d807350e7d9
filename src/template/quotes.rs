//! Marks of a template within a tag of the page that stand in no quotes. What is put in there is escaped, but a blank is
//! not, and behind it a value could bring an attribute of its own: `<p title={{ name }}>` with `Acme onclick=…`.
//!
//! The text is read as a browser reads tags, and each branch of an `{% if %}` from where that begins.

use std::ops::Range;

use crate::diag::{Diagnostic, Diagnostics};
use crate::marks;

use super::marked::{next_tag, tag_end};
use super::{Templates, escapes_html};

/// Statements that put in what is written elsewhere.
const PUT_IN: [&str; 3] = ["include", "block", "call"];

/// Elements that hold text, in which nothing is a tag.
const HOLD_TEXT: [&str; 4] = ["script", "style", "textarea", "title"];

/// Refuses templates of pages with such marks.
pub fn check(templates: &Templates) -> Diagnostics {
    let mut found = Diagnostics::default();
    for (name, text) in templates.iter().filter(|(name, _)| escapes_html(name)) {
        for range in bare(text) {
            let mark = text.get(range.clone()).unwrap_or_default();
            let message =
                format!("`{}` stands in a tag, in no quotes: what it puts in could be attributes", shown(mark));
            let error = Diagnostic::error("E-TEMPLATE", message).help(
                "write it into the value of an attribute, in quotes: `name=\"{{ … }}\"`; what may be absent stands in `{% if … %}`, and a part of a name may be `{{ … | slug }}`",
            );
            found.push(match templates.span(name, range) {
                Some(span) => error.at(span, "put quotes around it"),
                None => error,
            });
        }
    }
    found
}

fn shown(mark: &str) -> String {
    marks::strip(mark).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Where such marks stand.
fn bare(text: &str) -> Vec<Range<usize>> {
    let mut reader = Reader::default();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = next_tag(text, at) {
        reader.read(text.get(at..start).unwrap_or_default());
        at = tag_end(text, start);
        let tag = text.get(start..at).unwrap_or_default();
        if reader.mark(tag) {
            found.push(start..at);
        }
        if statement(tag) == "raw" {
            let end = end_of_raw(text, at);
            reader.read(text.get(at..end.start).unwrap_or_default());
            at = end.end;
        }
    }
    found
}

/// The tag that ends what begins at `start`.
fn end_of_raw(text: &str, start: usize) -> Range<usize> {
    let starts = text.get(start..).unwrap_or_default().match_indices("{%").map(|(at, _)| start + at);
    let mut ends = starts.filter(|&at| statement(text.get(at..).unwrap_or_default()) == "endraw");
    ends.next().map_or(text.len()..text.len(), |at| at..tag_end(text, at))
}

/// The word that a `{% %}` begins with; `<` where Tera puts in a component.
fn statement(tag: &str) -> &str {
    let inner = tag.strip_prefix("{%").map(|inner| inner.trim_start_matches(['-', '+']).trim_start());
    let Some(inner) = inner else { return "" };
    let end = inner.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(inner.len());
    if inner.starts_with('<') { "<" } else { inner.get(..end).unwrap_or_default() }
}

/// Whether a mark puts in letters, digits and `-` alone: a plain path with the filter `slug`, as in `data-{{ axis | slug }}`.
fn is_slug(mark: &str) -> bool {
    let inner = marks::strip(mark);
    let inner = inner.trim_start_matches("{{").trim_end_matches("}}").trim_matches('-');
    let is_of_path = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_');
    inner.split_once('|').is_some_and(|(path, filter)| filter.trim() == "slug" && path.trim().chars().all(is_of_path))
}

/// Where in a page a text is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
enum Place {
    #[default]
    Text,
    /// Behind the `<` of what may become a tag.
    Open,
    /// In a tag, between attributes or in the name of one.
    Tag,
    /// Behind the `=` of an attribute.
    Value,
    /// In a value without quotes.
    Bare,
    Quoted(char),
    Comment,
    /// `<!doctype …>`
    Declaration,
    /// In an element that holds text.
    Held(&'static str),
}

#[derive(Debug, Default)]
struct Reader {
    place: Place,
    /// The name of the tag that is read or was read last, in lower case; that of an end tag with its `/`.
    name: String,
    /// Whether that name is not over yet.
    is_name: bool,
    /// Where each branch of a statement that is open begins.
    branches: Vec<Place>,
}

impl Reader {
    /// Takes a mark of the template; whether it stands in no quotes and puts something in.
    fn mark(&mut self, tag: &str) -> bool {
        let word = statement(tag);
        match word {
            "if" | "for" => self.branches.push(self.place.clone()),
            "elif" | "else" => self.place = self.branches.last().cloned().unwrap_or_default(),
            "endif" | "endfor" => drop(self.branches.pop()),
            _ => {}
        }
        let puts_in = tag.starts_with("{{") && !is_slug(tag) || word == "<" || PUT_IN.contains(&word);
        match self.place {
            Place::Open if puts_in && tag.starts_with("{{") => self.place = Place::Tag,
            Place::Value if puts_in => self.place = Place::Bare,
            Place::Tag | Place::Bare => {}
            _ => return false,
        }
        puts_in
    }

    fn read(&mut self, text: &str) {
        for (at, c) in text.char_indices().filter(|(_, c)| !marks::is_mark(*c)) {
            let rest = text.get(at..).unwrap_or_default();
            self.place = match std::mem::take(&mut self.place) {
                Place::Text => outside(rest),
                Place::Open => self.open(c, rest),
                Place::Tag | Place::Value | Place::Bare if c == '>' => self.behind_tag(),
                Place::Tag => self.tag(c),
                Place::Value if c.is_ascii_whitespace() => Place::Value,
                Place::Value if matches!(c, '"' | '\'') => Place::Quoted(c),
                Place::Bare if c.is_ascii_whitespace() => Place::Tag,
                Place::Value | Place::Bare => Place::Bare,
                Place::Quoted(quote) if c == quote => Place::Tag,
                Place::Comment if rest.starts_with("-->") => Place::Declaration,
                Place::Declaration if c == '>' => Place::Text,
                Place::Held(element) if ends(rest, element) => Place::Text,
                place => place,
            };
        }
    }

    fn open(&mut self, c: char, rest: &str) -> Place {
        if self.name != "/" {
            self.name.clear();
        }
        match c {
            '/' => {
                self.name.push(c);
                Place::Open
            }
            'a'..='z' | 'A'..='Z' => {
                self.name.push(c.to_ascii_lowercase());
                self.is_name = true;
                Place::Tag
            }
            _ => {
                self.name.clear();
                outside(rest)
            }
        }
    }

    fn tag(&mut self, c: char) -> Place {
        if c.is_ascii_whitespace() || c == '/' {
            self.is_name = false;
        } else if self.is_name {
            self.name.push(c.to_ascii_lowercase());
        } else if c == '=' {
            return Place::Value;
        }
        Place::Tag
    }

    fn behind_tag(&self) -> Place {
        HOLD_TEXT.iter().find(|element| **element == self.name).map_or(Place::Text, |element| Place::Held(element))
    }
}

fn outside(rest: &str) -> Place {
    match rest.strip_prefix('<') {
        // Outlook reads what stands in some comments.
        Some(behind) if behind.starts_with("!--") && !behind.starts_with("!--[if") => Place::Comment,
        Some(behind) if behind.starts_with(['!', '?']) => Place::Declaration,
        Some(_) => Place::Open,
        None => Place::Text,
    }
}

/// Whether a text begins with the `<` before the end of an element; the rest of that tag says nothing.
fn ends(rest: &str, element: &str) -> bool {
    let name = rest.strip_prefix("</").and_then(|rest| rest.get(..element.len()));
    name.is_some_and(|name| name.eq_ignore_ascii_case(element))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&str> {
        bare(text).into_iter().map(|range| &text[range]).collect()
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
            "<{% block a %}{% endblock %}> <{% if a %} {% endif %}{{ b }}",
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
}
