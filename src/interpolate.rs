//! Text with `{{ path | filter }}` in it, compiled once and filled for every deployment.
//!
//! - An expression is a path (`partner.contact.name`, `nurture.emails[welcome].subject`) and filters
//!   with literal or path arguments: `{{ partner.short_name | default(partner.name) | upper }}`.
//!   There is no logic; conditions and loops belong to templates.
//! - `\{{` is a literal `{{`, and `\\{{` is a backslash before an expression. A backslash anywhere else
//!   is a backslash.
//! - `{%` is refused: it would be a statement of a template language, and text has none. Write `\{%`
//!   for the two characters.
//! - `[words](node:NAME)` binds words to a node of the lead's path; only the words are printed ([`bound`]).
//! - Filling is one pass: what is inserted is never read again as an expression.

pub mod bound;
mod expression;
mod pieces;

use std::sync::Arc;

pub use expression::Expression;
pub use pieces::{Piece, Place, split};

use crate::data::Data;
use crate::diag::{Diagnostic, nearest};
use crate::encode::{html, url};
use crate::filters;
use crate::source::{Span, Spanned};

/// What text and templates can ask for while they are filled: one page of one deployment.
pub trait Scope {
    /// The value of a variable such as `partner.contact.name`; `None` where nothing is set.
    fn value(&self, path: &str) -> Option<Data>;

    /// The finished URL of a link of the taxonomy, used at a placement; `Err` says what is wrong.
    fn link(&self, id: &str, placement: &str) -> Result<String, String>;

    /// The URL of an asset, relative from the page; `Err` says what is wrong.
    fn asset(&self, path: &str) -> Result<String, String>;

    /// The absolute URL of an asset, for emails.
    fn email_asset(&self, path: &str) -> Result<String, String>;

    /// The absolute address of a page of the site, in the locale of this one; `Err` says what is wrong.
    fn address(&self, id: &str) -> Result<String, String> {
        Err(format!("link `{}` has an address only on a page of the site", id))
    }

    /// The address of what words are bound to (J16), where the reader has a page or a file for it; `Err` says what is
    /// wrong.
    fn node(&self, _name: &str) -> Result<Option<String>, String> {
        Ok(None)
    }

    /// The page's locale as a BCP 47 tag.
    fn locale(&self) -> &str;

    /// Whether a variable has a value that could not be made: that is said at its own place.
    fn is_broken(&self, _path: &str) -> bool {
        false
    }

    /// The first parts of the paths that [`Scope::value`] knows: for hints.
    fn roots(&self) -> Vec<Arc<str>> {
        Vec::new()
    }
}

/// What a filled text is going to stand in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Escape {
    /// Plain text: values go in as they are.
    None,
    /// HTML: the whole text, literal parts included, is escaped; a value that is markup is not.
    Html,
    /// A URL: the literal parts are the URL's own, values are percent-encoded.
    Url,
}

/// Why a text could not be filled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FillError {
    pub code: &'static str,
    pub message: String,
    pub span: Span,
    pub help: Option<String>,
    /// Other places that have to do with it, with what each is.
    pub others: Vec<(Span, String)>,
    /// Whether it only follows from a value that could not be made.
    pub follows: bool,
}

impl FillError {
    pub fn new(code: &'static str, message: String, span: Span, help: Option<String>) -> Self {
        Self { code, message, span, help, others: Vec::new(), follows: false }
    }
}

impl From<FillError> for Diagnostic {
    fn from(error: FillError) -> Self {
        let diagnostic = Diagnostic::error(error.code, error.message).at(error.span, "");
        let others = error.others.into_iter();
        let diagnostic = others.fold(diagnostic, |diagnostic, (span, label)| diagnostic.other(span, label));
        match error.help {
            Some(help) => diagnostic.help(help),
            None => diagnostic,
        }
    }
}

/// A compiled text.
#[derive(Clone, Debug)]
pub struct Text {
    pieces: Box<[Piece]>,
    nodes: Box<[Spanned<Arc<str>>]>,
}

/// Texts are equal that say the same, whatever their words are bound to.
impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        self.pieces == other.pieces
    }
}

impl Text {
    /// Compiles a text that was written at `span`. Where the text is a part of the source byte for
    /// byte, errors point into it; where YAML unquoted or folded it, they point at the whole.
    pub fn compile(text: &str, span: Span) -> Result<Self, Diagnostic> {
        let (pieces, nodes) = bound::cut(text, Place::new(text, span))?;
        Ok(Self { pieces: pieces.into(), nodes: nodes.into() })
    }

    /// Whether the text has no expression, so that it is the same for every deployment.
    pub fn is_fixed(&self) -> bool {
        self.pieces.iter().all(|piece| matches!(piece, Piece::Literal(_)))
    }

    /// The paths that the text refers to, in order, with repetitions.
    pub fn variables(&self) -> impl Iterator<Item = &str> {
        self.pieces.iter().filter_map(Piece::expression).flat_map(Expression::variables)
    }

    /// The nodes of the lead's path that some of its words are bound to (J16).
    pub fn nodes(&self) -> &[Spanned<Arc<str>>] {
        &self.nodes
    }

    /// The expressions themselves, in order.
    pub fn expressions(&self) -> impl Iterator<Item = &Expression> {
        self.pieces.iter().filter_map(Piece::expression)
    }

    /// The text with every expression replaced by its value.
    pub fn fill(&self, scope: &dyn Scope, escape: Escape) -> Result<Arc<str>, FillError> {
        if let ([Piece::Literal(text)], Escape::None | Escape::Url) = (&*self.pieces, escape) {
            return Ok(text.clone());
        }
        let mut out = String::new();
        for piece in &self.pieces {
            match (piece, escape) {
                (Piece::Literal(text), Escape::Html) => out.push_str(&html::escape(text)),
                (Piece::Literal(text), _) => out.push_str(text),
                (Piece::Expression(expression), _) => {
                    out.push_str(&expression.fill(scope, escape)?);
                    if out.len() > MAX_FILLED {
                        return Err(too_long(expression.span()));
                    }
                }
            }
        }
        Ok(out.into())
    }
}

/// The most bytes a text may have once it is filled. Variables may hold variables, so without it a
/// small file could ask for any amount of memory.
pub const MAX_FILLED: usize = 64 << 10;

pub(crate) fn too_long(span: Span) -> FillError {
    let message = format!("this text grows over {} KiB when it is filled", MAX_FILLED >> 10);
    FillError::new("E-LENGTH", message, span, Some("use fewer or shorter variables".to_owned()))
}

/// The value as text, escaped for its target.
pub(crate) fn escaped(value: &Data, escape: Escape) -> Option<String> {
    let text = filters::print(value)?;
    Some(match (escape, value) {
        (Escape::None, _) | (Escape::Html, Data::Html(_)) => text.into_owned(),
        (Escape::Html, _) => html::escape(&text).into_owned(),
        (Escape::Url, _) => url::part(&text).into_owned(),
    })
}

/// The name that an unknown path was probably meant to be: the known name nearest to its first
/// unknown part, among the keys of the map where that part was looked for.
pub fn nearest_path(
    path: &str,
    value: impl Fn(&str) -> Option<Data>,
    roots: impl Fn() -> Vec<Arc<str>>,
) -> Option<String> {
    let parts: Vec<&str> = path.split('.').collect();
    for known in (0..parts.len()).rev() {
        let prefix = parts[..known].join(".");
        let names = match if known == 0 { None } else { Some(value(&prefix)) } {
            None => roots(),
            Some(Some(Data::Map(map))) => map.keys().cloned().collect(),
            Some(Some(_)) => return None,
            Some(None) => continue,
        };
        let name = nearest(parts[known], names.iter().map(|name| &**name).filter(|name| *name != parts[known]))?;
        return Some(if prefix.is_empty() { name.to_owned() } else { format!("{prefix}.{name}") });
    }
    None
}

#[cfg(test)]
mod tests;
