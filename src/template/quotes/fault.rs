//! What is wrong with a mark where it stands, and with what leaves something open.

use super::super::letters::keep_letters;
use super::super::marked::{inner, statement};
use super::super::parts::{MANY, STRAY, rest};
use super::super::piped::ends_with;
use super::super::quoted::{HELP, gives_text};
use super::reader::{Entry, Place, Reader};

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
    /// Puts in a template whose name an engine reads otherwise than it is written.
    Renamed,
    /// Says whether values are escaped.
    Escaping,
    /// Does not end where it began.
    Open,
    /// Puts in what was read from another place.
    Called,
    /// Belongs to no statement.
    Stray,
    /// Has too many ways through it.
    Many,
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
                "name the template in quotes; where one of several is put in, choose with `{% if … %}` around each",
            ),
            Self::Renamed => (
                format!("`{mark}` names a template with a backslash: what that comes to, its engine alone knows"),
                "",
                "name the template by its path below `templates/`, as it is",
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
            Self::Called => (
                format!("`{mark}` puts in what was written for another place, where quotes and tags may be others"),
                "",
                "put it into a variable first, and words alone there: `{% set text %}…{% endset %}`, then `{{ text | plain }}`",
            ),
            Self::Stray => (format!("`{mark}` {}", STRAY.0), "", STRAY.1),
            Self::Many => (format!("`{mark}` {}", MANY.0), "", MANY.1),
        }
    }
}

/// What is wrong with a mark that stands there; `prints` tells whether it is one of a value.
pub fn fault(reader: &Reader, tag: &str, prints: bool) -> Option<Fault> {
    let is_slug = prints && is_slug(tag);
    if reader.is_bare() {
        return Some(Fault::Bare).filter(|_| !is_slug || reader.names_element());
    }
    let calls = calls(tag);
    match &reader.place {
        Place::Script(_) if calls => Some(Fault::Script),
        Place::Quoted(_) if calls && reader.is_handler() => Some(Fault::Handler),
        Place::Quoted(_) if calls => Some(Fault::Called),
        _ if !prints || is_slug => None,
        Place::Script(code) if code.is_plain() && ends_with(tag, &["json"]) => None,
        Place::Script(_) => Some(Fault::Script),
        Place::Quoted(_) if reader.is_handler() => Some(Fault::Handler),
        Place::Quoted(_) if ends_with(tag, &["paragraphs"]) => Some(Fault::Markup),
        _ => None,
    }
}

/// What is wrong with what a block has of the one that it replaces: that was read from where the block begins.
pub fn fault_of_super(reader: &Reader, entry: &Entry) -> Option<Fault> {
    match &reader.place {
        _ if reader.is_bare() => Some(Fault::Bare),
        _ if reader.is_like(entry) => None,
        Place::Script(_) => Some(Fault::Script),
        Place::Quoted(_) if reader.is_handler() => Some(Fault::Handler),
        _ => Some(Fault::Called),
    }
}

/// What is wrong with filters around what stands in quotes or in a script: they make something else of it.
pub fn fault_of_filters(reader: &Reader, tag: &str) -> Option<Fault> {
    let filters = rest(tag, "filter");
    match reader.place {
        Place::Quoted(_) if !gives_text(&format!("{{{{ x | {filters} }}}}")) => Some(Fault::Markup),
        Place::Script(_) if !keep_letters(filters) => Some(Fault::Script),
        _ => None,
    }
}

/// Whether a tag prints what is written elsewhere, and what nobody can look at before it stands there.
fn calls(tag: &str) -> bool {
    let inner = inner(tag);
    let is_loop = inner.strip_prefix("loop").is_some_and(|rest| rest.trim_start().starts_with('('));
    matches!(statement(tag), "call" | "<") || tag.starts_with("{{") && (is_loop || inner.starts_with('<'))
}

/// Whether a mark is a path with the filter `slug` behind it, as in `data-{{ axis | slug }}`.
fn is_slug(mark: &str) -> bool {
    let inner = inner(mark);
    let is_of_path = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_');
    inner.split_once('|').is_some_and(|(path, filter)| filter.trim() == "slug" && path.trim().chars().all(is_of_path))
}
