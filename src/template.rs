//! The template engines behind one trait.
//!
//! A package is rendered by one engine, MiniJinja or Tera 2. Both see the same values, the same filters
//! (the table of [`crate::filters`]) and the same functions (the table of [`functions`]), in their own
//! dialect. All templates are checked when an engine is made: a template that could never be rendered
//! stops the build before anything is written.
//!
//! *Invariant:* nothing outside this module names an engine.

mod component;
mod current;
pub mod depth;
mod encoded;
pub mod form;
pub mod forms;
mod functions;
mod given;
mod hint;
mod inserted;
mod letters;
mod lint;
mod literal;
pub mod marked;
mod minijinja;
mod parts;
mod piped;
mod quoted;
mod quotes;
mod reads;
mod remarks;
mod tera;
pub mod written;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::str::FromStr;
use std::sync::{Arc, OnceLock};

pub use current::LinkUse;
pub use encoded::encodes;
pub use functions::{FUNCTIONS, Function};
pub use reads::Reads;

use crate::data::Data;
use crate::diag::{Diagnostic, Diagnostics};
use crate::html::kinds;
use crate::interpolate::Scope;
use crate::source::{SourceId, Span};

use form::Form;
use inserted::Inserted;
use quoted::Quoted;

/// Renders templates. An engine is shared by all threads.
pub trait Engine: Send + Sync {
    /// Renders a template by its name, such as `pages/landing.html`. The error stands at the place in
    /// the template.
    fn render(&self, template: &str, context: &Context<'_>) -> Result<Rendering, Diagnostic>;

    /// Whether there is a template of that name.
    fn has(&self, template: &str) -> bool;

    /// What a template may read; `None` if there is none of that name.
    fn reads(&self, template: &str) -> Option<&Reads>;

    /// The form of a page, by rendering it once with a record. `None` where the engine makes none, or the
    /// template does something that it cannot follow: such a page is rendered each time.
    fn trace(&self, _template: &str, _context: &Context<'_>, _shares: Shares<'_>) -> Option<Form> {
        None
    }
}

/// Whether a value is shared by all deployments that a form is made for.
pub type Shares<'a> = &'a dyn Fn(&Data) -> bool;

/// What a rendering comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendering {
    pub text: String,
    /// The links that it asked for, in order and with repetitions.
    pub links: Vec<LinkUse>,
}

/// What one rendering sees.
pub struct Context<'a> {
    /// The variables at the top level.
    pub values: &'a [(&'a str, Data)],
    /// Answers the functions and knows the locale.
    pub scope: Rc<dyn Scope>,
}

/// The language that a package's templates are written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    MiniJinja,
    #[default]
    Tera,
}

impl Language {
    /// Whether a line end behind a statement is none, and a remark in a line of its own leaves none of it.
    fn drops_lines(self) -> bool {
        self == Self::MiniJinja
    }

    /// Whether the signs at the end of a tag end nothing as long as brackets are open in it.
    fn counts_brackets(self) -> bool {
        self == Self::MiniJinja
    }
}

impl FromStr for Language {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        match name {
            "minijinja" => Ok(Self::MiniJinja),
            "tera" => Ok(Self::Tera),
            _ => Err(format!("there is no template engine `{name}`: use minijinja or tera")),
        }
    }
}

/// The templates of a package by their names, which are paths below `templates/`.
#[derive(Clone, Debug, Default)]
pub struct Templates {
    by_name: BTreeMap<Arc<str>, Template>,
    /// The names that may stand at the top of a context; without them any may.
    roots: Option<BTreeSet<Arc<str>>>,
    /// What is rendered by itself, whether others put it in or not.
    pages: BTreeSet<Arc<str>>,
    language: Language,
    /// The marks that stand in quotes.
    quoted: Quoted,
    /// What each may read, once somebody asks.
    reads: OnceLock<BTreeMap<Arc<str>, Reads>>,
}

#[derive(Clone, Debug)]
struct Template {
    source: SourceId,
    text: Arc<str>,
}

impl Templates {
    /// Adds a template, or replaces the one of that name.
    pub fn add(&mut self, name: impl Into<Arc<str>>, source: SourceId, text: impl Into<Arc<str>>) {
        self.by_name.insert(name.into(), Template { source, text: text.into() });
        self.reads.take();
    }

    /// With the names that may stand at the top of a context: no others count as read.
    #[must_use]
    pub fn with_roots(self, roots: BTreeSet<Arc<str>>) -> Self {
        Self { roots: Some(roots), reads: OnceLock::new(), ..self }
    }

    /// With the templates that documents and emails name.
    #[must_use]
    pub fn with_pages(self, pages: BTreeSet<Arc<str>>) -> Self {
        Self { pages, ..self }
    }

    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.by_name.keys().map(|name| &**name)
    }

    /// A template as an engine reads it: what stands in quotes is looked at there.
    fn guarded(&self, name: &str) -> Inserted {
        let text = self.text(name);
        Inserted::new(text, self.quoted.insertions(name, text))
    }

    fn contains(&self, name: &str) -> bool {
        self.by_name.contains_key(name)
    }

    fn text(&self, name: &str) -> &str {
        self.by_name.get(name).map_or("", |template| &template.text)
    }

    /// A byte range of a template as a place; the engines' ranges are not trusted to lie inside.
    fn span(&self, name: &str, range: std::ops::Range<usize>) -> Option<Span> {
        let template = self.by_name.get(name)?;
        let text = &template.text;
        // An engine stops amid a character where it meets one that it does not know.
        let starts = |at: usize| (0..=at.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
        let ends = |at: usize| (at..text.len()).find(|&at| text.is_char_boundary(at)).unwrap_or(text.len());
        let end = ends(range.end);
        Some(Span::new(template.source, starts(range.start).min(end), end))
    }

    /// A diagnostic at a byte range of a template.
    fn placed(
        &self,
        diagnostic: Diagnostic,
        name: &str,
        range: std::ops::Range<usize>,
        label: &'static str,
    ) -> Diagnostic {
        match self.span(name, range) {
            Some(span) => diagnostic.at(span, label),
            None => diagnostic,
        }
    }

    fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.by_name.iter().map(|(name, template)| (&**name, &*template.text))
    }
}

/// Makes an engine, or says everything that is wrong with the templates.
pub fn engine(language: Language, templates: Templates) -> Result<Box<dyn Engine>, Diagnostics> {
    let templates = Templates { language, reads: OnceLock::new(), ..templates };
    let found = depth::check(language, &templates);
    if found.has_errors() {
        return Err(found);
    }
    let (mut marks, quoted) = quotes::check(&templates);
    let templates = Templates { quoted, ..templates };
    marks.append(encoded::check(&templates));
    let engine = match language {
        Language::MiniJinja => minijinja::MiniJinja::new(templates).map(|engine| Box::new(engine) as Box<dyn Engine>),
        Language::Tera => tera::Tera::new(templates).map(|engine| Box::new(engine) as Box<dyn Engine>),
    };
    match engine {
        Ok(engine) if !marks.has_errors() => Ok(engine),
        Ok(_) => Err(marks),
        Err(mut found) => {
            // Of a template that nobody can read, nobody knows where its marks stand.
            let source = |error: &Diagnostic| error.place.as_ref().map(|place| place.span.source);
            let is_unread = |error: &&Diagnostic| error.help.iter().any(|help| help == hint::SYNTAX);
            let unread: BTreeSet<Option<SourceId>> = found.iter().filter(is_unread).map(source).collect();
            found.extend(marks.iter().filter(|error| !unread.contains(&source(error))).cloned());
            Err(found)
        }
    }
}

/// A template's text without what its remarks say.
pub fn without_remarks(text: &str) -> Cow<'_, str> {
    remarks::without(text, Language::default())
}

/// Whether values are escaped as markup where a template of that name prints them.
pub fn escapes_html(template: &str) -> bool {
    template.rsplit_once('.').is_some_and(|(_, kind)| kinds::MARKUP.contains(&kind))
}

#[cfg(test)]
mod tests;
