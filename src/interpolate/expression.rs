//! One `{{ path | filter(argument) }}`.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use crate::data::Data;
use crate::diag::{Diagnostic, nearest};
use crate::filters::{self, FILTERS, Filter};
use crate::interpolate::{Escape, FillError, Place, Scope, escaped, nearest_path};
use crate::source::Span;

/// How many filters an expression may have: each reads the whole value for every deployment.
pub const MOST_FILTERS: usize = 16;

/// A compiled expression. Its filters exist, may be used in text and have the right number of
/// arguments.
#[derive(Clone, Debug)]
pub struct Expression {
    path: Arc<str>,
    filters: Box<[Applied]>,
    /// From `{{` to `}}`.
    span: Span,
    path_span: Span,
}

/// Expressions are equal that say the same, wherever they stand.
impl PartialEq for Expression {
    fn eq(&self, other: &Self) -> bool {
        self.path == other.path && self.filters == other.filters
    }
}

#[derive(Clone, Debug)]
struct Applied {
    filter: &'static Filter,
    arguments: Box<[Option<Argument>]>,
    span: Span,
}

impl PartialEq for Applied {
    fn eq(&self, other: &Self) -> bool {
        self.filter.name == other.filter.name && self.arguments == other.arguments
    }
}

impl Hash for Expression {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.path.hash(state);
        self.filters.hash(state);
    }
}

impl Hash for Applied {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.filter.name.hash(state);
        self.arguments.hash(state);
    }
}

impl Hash for Argument {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match self {
            Self::Value(value) => (0, value).hash(state),
            Self::Path(path, _) => (1, path).hash(state),
        }
    }
}

#[derive(Clone, Debug)]
enum Argument {
    Value(Data),
    Path(Arc<str>, Span),
}

impl PartialEq for Argument {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Value(a), Self::Value(b)) => a == b,
            (Self::Path(a, _), Self::Path(b, _)) => a == b,
            _ => false,
        }
    }
}

impl Expression {
    /// Parses the expression whose `{{` is at `start`; also says where its `}}` ends.
    pub fn parse(text: &str, start: usize, place: Place) -> Result<(Self, usize), Diagnostic> {
        let mut parser = Parser { text, start, at: start + 2, place };
        let (path, path_span) = parser.path()?;
        let mut filters = Vec::new();
        while parser.eat("|") {
            let filter = parser.filter()?;
            if filters.len() == MOST_FILTERS {
                return Err(Diagnostic::error("E-EXPR", format!("an expression has room for {MOST_FILTERS} filters"))
                    .at(filter.span, "one too many")
                    .help("set a variable to what the first ones make of it"));
            }
            filters.push(filter);
        }
        if !parser.eat("}}") {
            return Err(parser.unexpected());
        }
        let span = place.span(start, parser.at);
        Ok((Self { path, filters: filters.into(), span, path_span }, parser.at))
    }

    /// What is said of a `{%` at `span`.
    pub fn refuse_statement(span: Span) -> Diagnostic {
        Diagnostic::error("E-EXPR", "text has no `{% … %}` statements")
            .at(span, "a template statement")
            .help("move the logic into a template of the master, or write `\\{%` for the two characters")
    }

    /// The paths it refers to: its own, then those of arguments.
    pub fn variables(&self) -> impl Iterator<Item = &str> {
        let arguments =
            self.filters.iter().flat_map(|applied| &applied.arguments).filter_map(|argument| match argument {
                Some(Argument::Path(path, _)) => Some(&**path),
                _ => None,
            });
        std::iter::once(&*self.path).chain(arguments)
    }

    pub fn path(&self) -> &str {
        &self.path
    }

    pub fn span(&self) -> Span {
        self.span
    }

    /// The value, escaped for its target.
    pub fn fill(&self, scope: &dyn Scope, escape: Escape) -> Result<String, FillError> {
        let value = self.value(scope)?;
        escaped(&value, escape).ok_or_else(|| {
            let message = format!("`{}` is {}, which is no text", self.path, filters::kind(&value));
            let help = match value {
                Data::List(_) => Some(format!("join the items: `{{{{ {} | join(\", \") }}}}`", self.path)),
                Data::Map(_) => Some(format!("name one of its values: `{{{{ {}.… }}}}`", self.path)),
                _ => None,
            };
            FillError::new("E-EXPR", message, self.path_span, help)
        })
    }

    /// The value itself.
    pub fn value(&self, scope: &dyn Scope) -> Result<Data, FillError> {
        let mut value = scope.value(&self.path).unwrap_or_default();
        for applied in &self.filters {
            // Filters before a `default` have nothing to do on what is not set.
            if !value.is_null() || applied.filter.takes_undefined {
                value = applied.run(&value, scope)?;
            }
        }
        if value.is_null() { Err(undefined(scope, &self.path, self.path_span)) } else { Ok(value) }
    }
}

impl Applied {
    fn run(&self, value: &Data, scope: &dyn Scope) -> Result<Data, FillError> {
        // `default` does not look at its argument unless it needs it.
        if self.filter.takes_undefined && !value.is_null() {
            return Ok(value.clone());
        }
        let argument = |argument: &Option<Argument>| match argument {
            None => Ok(None),
            Some(Argument::Value(value)) => Ok(Some(value.clone())),
            Some(Argument::Path(path, span)) => scope
                .value(path)
                .filter(|value| !value.is_null())
                .map(Some)
                .ok_or_else(|| undefined(scope, path, *span)),
        };
        let arguments = self.arguments.iter().map(argument).collect::<Result<Vec<_>, _>>()?;
        self.filter.apply(value, &arguments, scope.locale()).map_err(|message| {
            FillError::new("E-EXPR", format!("filter `{}`: {message}", self.filter.name), self.span, None)
        })
    }
}

fn undefined(scope: &dyn Scope, path: &str, span: Span) -> FillError {
    let help = match nearest_path(path, |path| scope.value(path), || scope.roots()) {
        Some(name) => format!("did you mean `{name}`?"),
        None => format!("set it, or give a text for its absence: `{{{{ {path} | default(\"…\") }}}}`"),
    };
    let error = FillError::new("E-VAR", format!("`{path}` is not set"), span, Some(help));
    FillError { follows: scope.is_broken(path), ..error }
}

struct Parser<'a> {
    text: &'a str,
    /// Of the `{{`.
    start: usize,
    at: usize,
    place: Place,
}

impl<'a> Parser<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn skip_space(&mut self) {
        self.at += self.rest().len() - self.rest().trim_start().len();
    }

    fn eat(&mut self, token: &str) -> bool {
        let rest = self.rest().trim_start().strip_prefix(token);
        if let Some(rest) = rest {
            self.at = self.text.len() - rest.len();
        }
        rest.is_some()
    }

    /// A word of letters, digits, `_` and `-`.
    fn word(&mut self) -> Option<&'a str> {
        let rest = self.rest();
        let end = rest.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-'))).unwrap_or(rest.len());
        self.at += end;
        (end > 0).then(|| &rest[..end])
    }

    /// `part.part[id].part`
    fn path(&mut self) -> Result<(Arc<str>, Span), Diagnostic> {
        self.skip_space();
        let start = self.at;
        loop {
            if self.word().is_none() {
                return Err(self.unexpected());
            }
            if self.rest().starts_with('[') {
                self.at += 1;
                if self.word().is_none() || !self.rest().starts_with(']') {
                    return Err(self.unexpected());
                }
                self.at += 1;
            }
            if !self.rest().starts_with('.') {
                break;
            }
            self.at += 1;
        }
        Ok((self.text[start..self.at].into(), self.place.span(start, self.at)))
    }

    fn filter(&mut self) -> Result<Applied, Diagnostic> {
        self.skip_space();
        let start = self.at;
        let Some(name) = self.word() else { return Err(self.unexpected()) };
        let filter = self.known(name, start)?;
        let mut arguments: Vec<Option<Argument>> = vec![None; filter.parameters.len()];
        if self.eat("(") {
            self.arguments(filter, &mut arguments)?;
        }
        let span = self.place.span(start, self.at);
        if let Some(missing) = (0..filter.required).find(|&index| arguments[index].is_none()) {
            let parameter = filter.parameters[missing];
            return Err(Diagnostic::error("E-EXPR", format!("filter `{name}` needs its argument `{parameter}`"))
                .at(span, "")
                .help(format!("write `{name}(…)`: {}", filter.purpose)));
        }
        Ok(Applied { filter, arguments: arguments.into(), span })
    }

    fn known(&self, name: &str, start: usize) -> Result<&'static Filter, Diagnostic> {
        let span = self.place.span(start, self.at);
        match filters::find(name) {
            Some(filter) if filter.in_text => Ok(filter),
            Some(_) => {
                Err(Diagnostic::error("E-EXPR", format!("filter `{name}` gives markup, which text may not insert"))
                    .at(span, "")
                    .help("leave the filter out, or use it in a template of the master"))
            }
            None => {
                let names = || FILTERS.iter().filter(|filter| filter.in_text).map(|filter| filter.name);
                let help = match nearest(name, names()) {
                    Some(name) => format!("did you mean `{name}`?"),
                    None => format!("use one of {}", names().collect::<Vec<_>>().join(", ")),
                };
                Err(Diagnostic::error("E-EXPR", format!("there is no filter `{name}`")).at(span, "").help(help))
            }
        }
    }

    /// Up to the `)`. Arguments stand in order or are named: `date("long")`, `date(style="long")`.
    fn arguments(&mut self, filter: &'static Filter, arguments: &mut [Option<Argument>]) -> Result<(), Diagnostic> {
        let mut next = 0;
        while !self.eat(")") {
            self.skip_space();
            let start = self.at;
            let index = match self.name_of_argument() {
                Some(name) => filter.parameter(name).map_err(|message| self.wrong(start, message))?,
                None => next,
            };
            let argument = self.argument()?;
            let Some(slot) = arguments.get_mut(index) else {
                let message = format!("filter `{}` takes no further argument", filter.name);
                return Err(self.wrong(start, message));
            };
            if slot.replace(argument).is_some() {
                let message = format!("argument `{}` is given twice", filter.parameters[index]);
                return Err(self.wrong(start, message));
            }
            next = index + 1;
            if !self.eat(",") {
                return if self.eat(")") { Ok(()) } else { Err(self.unexpected()) };
            }
        }
        Ok(())
    }

    /// The `name` of `name=value`, consumed with its `=`.
    fn name_of_argument(&mut self) -> Option<&'a str> {
        let before = self.at;
        let name = self.word();
        if name.is_some() && self.eat("=") {
            return name;
        }
        self.at = before;
        None
    }

    fn argument(&mut self) -> Result<Argument, Diagnostic> {
        self.skip_space();
        let rest = self.rest();
        if let Some(quote @ ('"' | '\'')) = rest.chars().next() {
            let Some(end) = rest[1..].find(quote) else { return Err(self.unclosed()) };
            self.at += end + 2;
            return Ok(Argument::Value(rest[1..=end].into()));
        }
        let end =
            rest.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '+'))).unwrap_or(rest.len());
        let value = match &rest[..end] {
            "true" => Some(Data::Bool(true)),
            "false" => Some(Data::Bool(false)),
            number if number.starts_with(|c: char| c.is_ascii_digit() || c == '-') => {
                let float = || number.parse().ok().filter(|float: &f64| float.is_finite()).map(Data::Float);
                number.parse().ok().map(Data::Int).or_else(float)
            }
            _ => None,
        };
        match value {
            Some(value) => {
                self.at += end;
                Ok(Argument::Value(value))
            }
            None => self.path().map(|(path, span)| Argument::Path(path, span)),
        }
    }

    fn wrong(&self, start: usize, message: String) -> Diagnostic {
        Diagnostic::error("E-EXPR", message).at(self.place.span(start, self.at), "")
    }

    fn unclosed(&self) -> Diagnostic {
        Diagnostic::error("E-EXPR", "an expression is not closed")
            .at(self.place.span(self.start, self.start + 2), "opened here")
            .help("close it with `}}`, or write `\\{{` for the two characters")
    }

    fn unexpected(&mut self) -> Diagnostic {
        self.skip_space();
        let Some(found) = self.rest().chars().next() else { return self.unclosed() };
        let end = self.at + found.len_utf8();
        Diagnostic::error("E-EXPR", format!("`{found}` does not belong into an expression"))
            .at(self.place.span(self.at, end), "")
            .help("an expression is a path and filters: `{{ partner.name | default(\"…\") }}`")
    }
}
