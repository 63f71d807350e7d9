//! Markdown with `{{ }}` in it, compiled once to pieces and filled for every deployment.
//!
//! - The language is CommonMark with tables and tasks (`- [ ]`). Links lead to `link:ID` (the taxonomy), `asset:PATH`,
//!   `node:NAME` (words that are bound to the lead's path, J16), `#fragment`, `mailto:`, `tel:`, `https:` or `http:`; images are assets. Anything else is refused.
//! - Raw HTML stays in what the master wrote and becomes visible text in overlays. Comments are
//!   dropped from both.
//! - Link definitions hold in the text that they stand in; footnotes are refused (M9).
//! - Expressions are swapped for marks before the Markdown is parsed and cut out of the result, so a
//!   value cannot become structure: it is escaped for the place where its mark ended up.
//! - The same pieces give plain text for emails: see [`Prose::text`].
//!
//! *Invariant:* Markdown is parsed once for each text, never for each deployment.

mod alike;
mod bound;
mod definitions;
mod destination;
mod events;
mod marks;
mod plain;
mod raw;
mod slot;
mod tasks;
mod wrap;

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use crate::diag::Diagnostics;
use crate::interpolate::{Expression, Place, Scope};
use crate::source::{Span, Spanned};
use crate::syntax::characters::{self, hidden};

pub use alike::reads_alike;
pub use definitions::Definition;
use marks::{Cut, Marks};
pub use slot::PLACEMENT;
use slot::{Slot, Target};

/// Who wrote a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trust {
    /// HQ: raw HTML is kept.
    Master,
    /// Anybody else: raw HTML becomes visible text.
    Overlay,
}

/// Compiled Markdown.
#[derive(Clone, Debug)]
pub struct Prose {
    html: Box<[Cut]>,
    plain: Box<[plain::Block]>,
    slots: Box<[Slot]>,
    links: Box<[Spanned<Arc<str>>]>,
    assets: Box<[Spanned<Arc<str>>]>,
    urls: Box<[Spanned<Arc<str>>]>,
    definitions: Box<[Definition]>,
    nodes: Box<[Spanned<Arc<str>>]>,
}

/// What comes out of it: a remark, or another way to write the same, makes no difference.
impl Hash for Prose {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.html.hash(state);
        self.plain.hash(state);
        self.slots.hash(state);
    }
}

impl Prose {
    /// Compiles blocks of Markdown that were written at `span`.
    pub fn compile(markdown: &str, span: Span, trust: Trust) -> Result<Self, Diagnostics> {
        Self::compiled(markdown, span, trust, false)
    }

    /// Compiles the Markdown of one line, such as a heading's, to HTML without a paragraph around it.
    pub fn compile_inline(markdown: &str, span: Span, trust: Trust) -> Result<Self, Diagnostics> {
        Self::compiled(markdown, span, trust, true)
    }

    fn compiled(markdown: &str, span: Span, trust: Trust, inline: bool) -> Result<Self, Diagnostics> {
        let (marks, errors) = Marks::new(markdown, span, inline);
        let parsed = events::parse(marks, errors, trust, inline)?;
        let mut html = String::with_capacity(markdown.len() * 3 / 2);
        pulldown_cmark::html::push_html(&mut html, parsed.events.iter().cloned());
        if let Some((_, c, fault)) = characters::first(&html) {
            let place = markdown.find(c).map(|at| Place::new(markdown, span).span(at, at + c.len_utf8()));
            return Err(hidden(c, fault).at(place.unwrap_or(span), "").into());
        }
        let marks = &parsed.marks;
        Ok(Self {
            html: marks.cut(&html).into(),
            plain: plain::compile(&parsed.events, marks).into(),
            slots: marks.slots.clone().into(),
            links: parsed.links.into(),
            assets: parsed.assets.into(),
            urls: parsed.urls.into(),
            definitions: parsed.definitions.into(),
            nodes: parsed.nodes.into(),
        })
    }

    /// Whether every deployment gets the same bytes.
    pub fn is_fixed(&self) -> bool {
        self.html.iter().all(|cut| matches!(cut, Cut::Literal(_)))
    }

    /// The paths of the variables that the text refers to, with repetitions.
    pub fn variables(&self) -> impl Iterator<Item = &str> {
        let slots = self.html.iter().filter_map(|cut| match cut {
            Cut::Slot(index) => self.slots[*index].expression(),
            Cut::Literal(_) => None,
        });
        slots.flat_map(Expression::variables)
    }

    /// The ids of the taxonomy's links that it uses.
    pub fn links(&self) -> &[Spanned<Arc<str>>] {
        &self.links
    }

    /// The nodes of the lead's path that some of its words are bound to (J16).
    pub fn nodes(&self) -> &[Spanned<Arc<str>>] {
        &self.nodes
    }

    /// The assets that it shows or links to.
    pub fn assets(&self) -> &[Spanned<Arc<str>>] {
        &self.assets
    }

    /// The web addresses (`https:`, `http:`, or a variable that holds one) that it links to without
    /// the taxonomy, as they were written: for whoever allows or forbids them.
    pub fn urls(&self) -> &[Spanned<Arc<str>>] {
        &self.urls
    }

    /// The link definitions that stand in it. They hold in this text alone: one that a merge takes away with
    /// its block takes the references with it (M9).
    pub fn definitions(&self) -> &[Definition] {
        &self.definitions
    }

    /// The text as HTML.
    pub fn html(&self, scope: &dyn Scope) -> Result<Arc<str>, Diagnostics> {
        if let [Cut::Literal(html)] = &*self.html {
            return Ok(html.clone());
        }
        let mut errors = Diagnostics::default();
        let mut out = String::with_capacity(self.html.iter().map(|cut| cut.len() + 32).sum());
        self.fill(&self.html, scope, Target::Html, &mut out, &mut errors);
        if errors.is_empty() { Ok(out.into()) } else { Err(errors) }
    }

    /// The text as plain text for emails: wrapped at 72 columns, with the URL after each link's label.
    pub fn text(&self, scope: &dyn Scope) -> Result<String, Diagnostics> {
        let mut errors = Diagnostics::default();
        let text = plain::render(&self.plain, |cuts, out| self.fill(cuts, scope, Target::Plain, out, &mut errors));
        if errors.is_empty() { Ok(text) } else { Err(errors) }
    }

    fn fill(&self, cuts: &[Cut], scope: &dyn Scope, target: Target, out: &mut String, errors: &mut Diagnostics) {
        for cut in cuts {
            match cut {
                Cut::Literal(text) => out.push_str(text),
                Cut::Slot(index) => match self.slots[*index].fill(scope, target) {
                    Ok(text) => out.push_str(&text),
                    Err(error) => errors.push(error.into()),
                },
            }
        }
    }
}

#[cfg(test)]
mod tests;
