//! Words for a name that is not defined, with what it was probably meant to be.

use std::ops::Range;
use std::sync::Arc;

use super::functions::FUNCTIONS;
use super::{Language, letters, quoted, written};
use crate::data::Data;
use crate::diag::Diagnostic;
use crate::filters::{FILTERS, TAGS};
use crate::interpolate::nearest_path;

/// What to do about a template that cannot be read.
pub const SYNTAX: &str = "mend this line: a value is `{{ x }}`, a statement `{% if x %}`, a comment `{# x #}`";

/// What is said of a template that comes to no end.
pub const TOO_MUCH: &str = "the template does too much: it was stopped";

/// What to do about it.
pub const LESS: &str = "take out a loop over a long list, or a template that includes itself";

/// What to do about a template that refuses by itself what it was given.
pub const THROWN: &str = "mend the value that the template refuses, or the template";

/// What to do about a name that no other is near to.
fn names(kind: &str) -> Option<String> {
    let listed = |names: Vec<&str>| Some(format!("there are {}", names.join(", ")));
    match kind {
        "filter" => listed(FILTERS.iter().map(|filter| filter.name).collect())
            .map(|ours| format!("besides those of the language itself {ours}")),
        "function" => listed(FUNCTIONS.iter().map(|function| function.name).collect()),
        "template" => Some("templates are named by their paths below `master-templates/templates/`".to_owned()),
        _ => None,
    }
}

/// An unknown name with what it was probably meant to be, or else with what there is.
pub fn unknown(diagnostic: Diagnostic, kind: &str, near: Option<&str>) -> Diagnostic {
    match near.map(|near| format!("did you mean `{near}`?")).or_else(|| names(kind)) {
        Some(help) => diagnostic.help(help),
        None => helped(diagnostic),
    }
}

/// What to do about anything else.
pub const MEND: &str = "mend the template at this place: what templates see and may use is in `docs/templates.md`";

/// The diagnostic with a next step. What to do about a link stands behind what it lacks, since engines hand on one text.
pub fn helped(mut diagnostic: Diagnostic) -> Diagnostic {
    if !diagnostic.help.is_empty() {
        return diagnostic;
    }
    if diagnostic.code.0 == "E-TEMPLATE" {
        return diagnostic.help(MEND);
    }
    match diagnostic.message.split_once("; ").map(|(what, next)| (what.to_owned(), next.to_owned())) {
        Some((what, next)) if diagnostic.code.0 == "E-LINK" => {
            diagnostic.message = what;
            diagnostic.help(next)
        }
        _ => diagnostic,
    }
}

/// What is said of a value that is printed and has no one right text.
pub fn unprintable(kind: &str) -> String {
    format!("a {kind} cannot be printed")
}

/// What to do about what a filter of ours refuses, if its own words do not say that.
pub fn of_refusal(message: &str) -> Option<&'static str> {
    let helps = [(quoted::MARKUP, quoted::HELP), (letters::LETTERS, letters::HELP), (TAGS, letters::HELP)];
    helps.into_iter().find_map(|(words, help)| message.contains(words).then_some(help))
}

/// The message and the help for something undefined at a range of a template.
pub fn undefined(
    template: &str,
    language: Language,
    range: Range<usize>,
    values: &[(&str, Data)],
) -> (String, Option<String>) {
    let path = &template[written::path_at(template, language, range.clone())];
    // A statement begins with a word of its own: of what it looks at, the first that is not there.
    let path = match STATEMENTS.contains(&path) {
        true => {
            let mut paths = looked_at(template, range);
            paths.find(|path| written::value(path, values).is_none()).unwrap_or_default()
        }
        false => written::missing(path, values),
    };
    let value = |path: &str| written::value(path, values);
    let roots = || values.iter().map(|(name, _)| Arc::from(*name)).collect();
    let is_unclear = path.is_empty() || !written::is_known(path) || value(path).is_some();
    let near = if is_unclear { None } else { nearest_path(path, value, roots) };
    let help = match near {
        Some(near) => format!("did you mean `{near}`?"),
        None => "test it with `is defined`, or give it a `default`".to_owned(),
    };
    let name = if path.is_empty() { "a value".to_owned() } else { format!("`{path}`") };
    (format!("{name} is not defined"), Some(help))
}

/// The words that statements begin with, and those between what they look at.
const STATEMENTS: [&str; 11] = ["if", "elif", "for", "in", "set", "with", "not", "and", "or", "is", "else"];

/// The paths that a statement names.
fn looked_at(template: &str, statement: Range<usize>) -> impl Iterator<Item = &str> {
    let paths = written::paths(template, statement).into_iter().map(|path| &template[path]);
    paths.filter(|path| path.starts_with(|c: char| c.is_alphabetic() || c == '_') && !STATEMENTS.contains(path))
}
