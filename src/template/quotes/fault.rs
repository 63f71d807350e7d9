//! What is wrong with a mark where it stands, and with what leaves something open.

use crate::marks;

use super::super::encoded::ends_with;
use super::super::quoted::HELP;
use super::reader::{Place, Reader};

/// What is wrong with a mark, or with a piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
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
    pub fn words(self, mark: &str) -> (String, &'static str, &'static str) {
        match self {
            Self::Bare => (
                format!("`{mark}` stands in a tag, in no quotes: what it puts in could be attributes"),
                "put quotes around it",
                "write it into the value of an attribute, in quotes: `name=\"{{ … }}\"`; what may be absent stands in `{% if … %}`, and a part of a name may be `{{ … | slug }}`",
            ),
            Self::Script => (
                format!("`{mark}` stands in a script: what it puts in could be a part of it"),
                "",
                "write `{{ … | json }}` where a value stands in a script, in no quotes, comment or regular expression, or give it to the script in an attribute: `data-name=\"{{ … }}\"`",
            ),
            Self::Handler => (
                format!(
                    "`{mark}` stands in an attribute that a browser runs: what it puts in could be a part of a script"
                ),
                "",
                "give the value to a script in another attribute: `data-name=\"{{ … }}\"`",
            ),
            Self::Markup => {
                (format!("`{mark}` stands in quotes, and puts in markup: quotes in it would end them"), "", HELP)
            }
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

/// What is wrong with a mark that stands there; `prints` tells whether it is one of a value.
pub fn fault(reader: &Reader, tag: &str, prints: bool) -> Option<Fault> {
    let is_slug = prints && is_slug(tag);
    if reader.is_bare() {
        return Some(Fault::Bare).filter(|_| !is_slug || reader.names_element());
    }
    match &reader.place {
        _ if !prints || is_slug => None,
        Place::Script(code) if code.is_plain() && ends_with(tag, &["json"]) => None,
        Place::Script(_) => Some(Fault::Script),
        Place::Quoted(_) if reader.is_handler() => Some(Fault::Handler),
        Place::Quoted(quote) if is_markup(tag, *quote) => Some(Fault::Markup),
        _ => None,
    }
}

/// Whether the last filter of a mark makes markup, or JSON in the quotes of its texts. What else is markup shows when it is rendered.
fn is_markup(tag: &str, quote: char) -> bool {
    ends_with(tag, &["paragraphs"]) || quote == '"' && ends_with(tag, &["json"])
}

/// Whether a mark is a path with the filter `slug` behind it, as in `data-{{ axis | slug }}`.
fn is_slug(mark: &str) -> bool {
    let inner = marks::strip(mark);
    let inner = inner.trim_start_matches("{{").trim_end_matches("}}").trim_matches('-');
    let is_of_path = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_');
    inner.split_once('|').is_some_and(|(path, filter)| filter.trim() == "slug" && path.trim().chars().all(is_of_path))
}
