//! What stands in the place of a mark, and how it is written there.

use std::borrow::Cow;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use crate::encode::html::Markup;
use crate::encode::{html, url};
use crate::interpolate::{Escape, Expression, FillError, Scope};
use crate::marks;
use crate::schema::address::Address;
use crate::source::Span;

/// What is being written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    Html,
    Plain,
}

/// One slot of a compiled text. A value is escaped for the place that the slot stands for; in HTML
/// that is always inside text or a quoted attribute.
#[derive(Clone, Debug, PartialEq)]
pub enum Slot {
    /// A value in text or in an attribute that is no URL.
    Text(Expression),
    /// A value that is a part of a URL.
    UrlPart(Expression),
    /// A value in a mail address: as [`Slot::UrlPart`], but an `@` is an `@`.
    Mail(Expression),
    /// A value that a URL begins with, so it must be a whole one.
    Url(Expression),
    /// A link of the taxonomy.
    Link(Arc<str>, Span),
    /// An asset of the package.
    Asset(Arc<str>, Span),
    /// An end of words that are bound to a node of the lead's path.
    Bound(Edge, Arc<str>, Span),
}

/// An end of bound words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Edge {
    Start,
    End,
}

/// What it stands for, wherever it stands.
impl Hash for Slot {
    fn hash<H: Hasher>(&self, state: &mut H) {
        std::mem::discriminant(self).hash(state);
        match self {
            Slot::Text(expression) | Slot::UrlPart(expression) | Slot::Mail(expression) | Slot::Url(expression) => {
                expression.hash(state);
            }
            Slot::Link(name, _) | Slot::Asset(name, _) => name.hash(state),
            Slot::Bound(edge, name, _) => (edge, name).hash(state),
        }
    }
}

/// The placement of links in Markdown, for the tracking.
pub const PLACEMENT: &str = "text";

impl Slot {
    pub fn expression(&self) -> Option<&Expression> {
        match self {
            Slot::Text(expression) | Slot::UrlPart(expression) | Slot::Mail(expression) | Slot::Url(expression) => {
                Some(expression)
            }
            Slot::Link(..) | Slot::Asset(..) | Slot::Bound(..) => None,
        }
    }

    /// The slot with its expression, if it has one, for another place.
    pub fn moved(self, to: impl FnOnce(Expression) -> Slot) -> Slot {
        match self {
            Slot::Text(expression) | Slot::UrlPart(expression) | Slot::Mail(expression) | Slot::Url(expression) => {
                to(expression)
            }
            other => other,
        }
    }

    pub fn fill(&self, scope: &dyn Scope, target: Target) -> Result<String, FillError> {
        let address = match self {
            Slot::Text(expression) => {
                return expression.fill(scope, if target == Target::Html { Escape::Html } else { Escape::None });
            }
            Slot::UrlPart(expression) => url::part(&expression.fill(scope, Escape::None)?).into_owned(),
            Slot::Mail(expression) => url::mail(&expression.fill(scope, Escape::None)?).into_owned(),
            Slot::Url(expression) => whole_url(expression, scope)?,
            Slot::Link(id, span) => scope.link(id, PLACEMENT).map_err(|message| refused(message, *span))?,
            Slot::Asset(path, span) => scope.asset(path).map_err(|message| refused(message, *span))?,
            Slot::Bound(edge, name, span) => {
                let address = scope.node(name).map_err(|message| refused(message, *span))?;
                return Ok(address.map_or_else(String::new, |address| edge.of(&address, target)));
            }
        };
        Ok(match target {
            Target::Html => match html::escape(&address) {
                Cow::Borrowed(_) => address,
                Cow::Owned(escaped) => escaped,
            },
            Target::Plain => address,
        })
    }
}

impl Edge {
    /// What stands at the end of bound words that lead to an address.
    fn of(self, address: &str, target: Target) -> String {
        match (self, target) {
            (Self::Start, Target::Html) => Markup::default().open("a", &[("href", address)]).finish().to_string(),
            (Self::End, Target::Html) => Markup::default().close("a").finish().to_string(),
            (Self::Start, Target::Plain) => String::new(),
            (Self::End, Target::Plain) => format!(" ({address})"),
        }
    }
}

fn refused(message: String, span: Span) -> FillError {
    FillError::new("E-LINK", message, span, None)
}

fn whole_url(expression: &Expression, scope: &dyn Scope) -> Result<String, FillError> {
    let address = expression.fill(scope, Escape::None)?;
    let bare = marks::strip(&address);
    let Err(fault) = Address::parse(&bare) else {
        return Ok(url::whole(&address).into_owned());
    };
    let message = format!("a link leads to `{}`, which is no URL: it {}", expression.path(), fault.problem);
    let help = format!("set `{}` to a whole URL, with `https://` in front", expression.path());
    Err(FillError::new("E-LINK", message, expression.span(), Some(help)))
}
