//! MiniJinja: the language of the shipped master.

mod rewrite;
mod track;

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Enumerator, Kwargs, Object, ObjectRepr, Rest, Value, ValueKind, ValueOrKwargs};
use minijinja::{AutoEscape, Environment, Error, ErrorKind, Output, State, UndefinedBehavior};

use crate::data::{Data, DataMap};
use crate::diag::{Diagnostic, Diagnostics};
use crate::encode::html::escape;
use crate::filters::FILTERS;
use crate::marks;
use crate::template::form::Form;
use crate::template::functions::{FUNCTIONS, Given, Refusal, apply, call};
use crate::template::quoted::{self, Quoted};
use crate::template::{
    Context, Engine, Reads, Rendering, Shares, Templates, current, escapes_html, hint, letters, lint,
};

use track::{Builtin, Tracer};

/// Instructions and 64-byte units of output that one rendering may use: hundreds of times what the
/// largest page needs, and still well under a second.
const FUEL: u64 = 5_000_000;

pub struct MiniJinja {
    environment: Arc<Environment<'static>>,
    templates: Templates,
    /// Made when the first form is; `None` in it where a template cannot be followed.
    tracer: OnceLock<Option<Tracer>>,
}

impl MiniJinja {
    pub fn new(templates: Templates) -> Result<Self, Diagnostics> {
        let mut environment = environment()?;
        let mut found = Diagnostics::default();
        // As they were written: what is wrong with one is said of that.
        let written = Templates { quoted: Quoted::default(), ..templates.clone() };
        for (name, text) in written.iter() {
            if let Err(error) = environment.add_template_owned(name.to_owned(), text.to_owned()) {
                found.push(hint::helped(diagnostic(&written, &error, &[])));
            }
        }
        found.append(lint::minijinja(&templates, &environment));
        if found.has_errors() {
            return Err(found);
        }
        for name in templates.names() {
            if let Err(error) = environment.add_template_owned(name.to_owned(), templates.guarded(name).text) {
                found.push(hint::helped(diagnostic(&templates, &error, &[])));
            }
        }
        if found.has_errors() {
            return Err(found);
        }
        Ok(Self { environment: Arc::new(environment), templates, tracer: OnceLock::new() })
    }
}

impl Engine for MiniJinja {
    fn render(&self, template: &str, context: &Context<'_>) -> Result<Rendering, Diagnostic> {
        let root = Value::from_object(Root::new(context.values));
        let (rendered, links) =
            current::during(&context.scope, || self.environment.get_template(template)?.render(root));
        rendered
            .map(|text| Rendering { text, links })
            .map_err(|error| hint::helped(diagnostic(&self.templates, &error, context.values)))
    }

    fn has(&self, template: &str) -> bool {
        self.templates.contains(template)
    }

    fn reads(&self, template: &str) -> Option<&Reads> {
        self.templates.reads(template)
    }

    fn trace(&self, template: &str, context: &Context<'_>, shares: Shares<'_>) -> Option<Form> {
        let tracer = self.tracer.get_or_init(|| Tracer::new(&self.templates, &self.environment));
        tracer.as_ref()?.trace(template, context, shares)
    }
}

/// The white space settings: a line with nothing but a tag leaves no line behind.
pub fn syntax() -> Result<SyntaxConfig, Error> {
    SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).keep_trailing_newline(true).build()
}

fn environment() -> Result<Environment<'static>, Diagnostics> {
    let mut environment = Environment::new();
    let refused = |error: Error| Diagnostic::error("E-TEMPLATE", format!("the engine refuses its settings: {error}"));
    environment.set_syntax(syntax().map_err(refused)?);
    // Off in release builds otherwise; it costs nothing until there is an error to place.
    environment.set_debug(true);
    environment.set_fuel(Some(FUEL));
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|name| if escapes_html(name) { AutoEscape::Html } else { AutoEscape::None });
    environment.set_formatter(print);
    let own = Arc::new(Builtin::new(&environment).map_err(refused)?);
    for name in letters::OF_MINIJINJA {
        let own = own.clone();
        environment.add_filter(name, move |state: &mut State<'_, '_>, value: Value, rest: Rest<ValueOrKwargs>| {
            let given: Vec<Value> = std::iter::once(value).chain(rest.into_values()).collect();
            for markup in given.iter().filter(|value| value.is_safe()).filter_map(Value::as_str) {
                letters::refuse(name, markup).map_err(refusal)?;
            }
            own.during(state, |state| state.apply_filter(name, &given))
        });
    }
    for filter in FILTERS {
        environment.add_filter(filter.name, move |value: Value, rest: Rest<ValueOrKwargs>| {
            if value.is_undefined() && !filter.takes_undefined {
                return Err(Error::from(ErrorKind::UndefinedError));
            }
            apply(filter, &to_data(&value)?, given(rest)?).map(|data| to_value(&data)).map_err(refusal)
        });
    }
    for (quote, name) in quoted::IN {
        environment.add_filter(name, move |value: Value| {
            let Some(markup) = value.as_str().filter(|_| value.is_safe()) else { return Ok(value) };
            quoted::within(quote, markup).map(|within| Value::from_safe_string(within.into_owned())).map_err(refusal)
        });
    }
    for function in FUNCTIONS {
        environment.add_function(function.name, move |rest: Rest<ValueOrKwargs>| {
            call(function, given(rest)?).map(|data| to_value(&data)).map_err(refusal)
        });
    }
    Ok(environment)
}

fn refusal(refusal: Refusal) -> Error {
    Error::new(ErrorKind::InvalidOperation, refusal.message.clone()).with_source(refusal)
}

fn given(arguments: Rest<ValueOrKwargs>) -> Result<Given, Error> {
    let mut given = Given::default();
    for argument in arguments.into_values() {
        if argument.is_kwargs() {
            let named = Kwargs::try_from(argument)?;
            for name in named.args() {
                given.by_name.push((name.to_owned(), to_data(&named.get::<Value>(name)?)?));
            }
        } else {
            given.by_place.push(to_data(&argument)?);
        }
    }
    Ok(given)
}

/// Prints a value: null as nothing, truth in lower case, text escaped, markup as it is.
fn print(out: &mut Output<'_>, state: &mut State<'_, '_>, value: &Value) -> Result<(), Error> {
    let printed = match value.kind() {
        ValueKind::Undefined | ValueKind::None => Ok(()),
        ValueKind::Bool => out.write_str(if value.is_true() { "true" } else { "false" }),
        ValueKind::Number => match f64::try_from(value.clone()) {
            Ok(float) if !value.is_integer() => write!(out, "{float}"),
            _ => write!(out, "{value}"),
        },
        ValueKind::String => {
            let text = value.as_str().unwrap_or_default();
            let raw = value.is_safe() || matches!(state.auto_escape(), AutoEscape::None);
            if raw { out.write_str(text) } else { out.write_str(&escape(text)) }
        }
        kind => {
            let message = hint::unprintable(&kind.to_string());
            return Err(Error::new(ErrorKind::InvalidOperation, message));
        }
    };
    printed.map_err(Error::from)
}

/// The variables at the top level, wrapped once: a page asks for the same few again and again.
#[derive(Debug)]
struct Root {
    values: Box<[(Box<str>, Value)]>,
}

impl Root {
    fn new(values: &[(&str, Data)]) -> Self {
        Self { values: values.iter().map(|(name, value)| (Box::from(*name), to_value(value))).collect() }
    }
}

impl Object for Root {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.get_value_by_str(key.as_str()?)
    }

    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Value> {
        self.values.iter().find(|(name, _)| **name == *key).map(|(_, value)| value.clone())
    }
}

/// A map of ours, read where it lies.
#[derive(Debug)]
struct Map(Arc<DataMap>);

impl Object for Map {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.get_value_by_str(key.as_str()?)
    }

    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Value> {
        let value = self.0.get(key).or_else(|| self.0.get(&*marks::strip(key)).filter(|_| marks::has_marks(key)));
        value.map(to_value)
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        let map = self.0.clone();
        let entry = move |index| {
            let (key, value) = map.get_index(index)?;
            Some((Value::from(key.clone()), to_value(value)))
        };
        Enumerator::RevKeyValueIter(Box::new((0..self.0.len()).map(move |index| entry(index).unwrap_or_default())))
    }

    fn enumerator_len(self: &Arc<Self>) -> Option<usize> {
        Some(self.0.len())
    }
}

/// A list of ours, read where it lies.
#[derive(Debug)]
struct List(Arc<[Data]>);

impl Object for List {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Seq
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.0.get(key.as_usize()?).map(to_value)
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Seq(self.0.len())
    }
}

fn to_value(data: &Data) -> Value {
    match data {
        Data::Null => Value::from(()),
        Data::Bool(value) => Value::from(*value),
        Data::Int(int) => Value::from(*int),
        Data::Float(float) => Value::from(*float),
        Data::Text(text) => Value::from(text.clone()),
        Data::Html(html) => Value::from_safe_string(html.to_string()),
        Data::List(items) => Value::from_object(List(items.clone())),
        Data::Map(map) => Value::from_object(Map(map.clone())),
    }
}

fn to_data(value: &Value) -> Result<Data, Error> {
    if let Some(map) = value.downcast_object_ref::<Map>() {
        return Ok(Data::Map(map.0.clone()));
    }
    if let Some(list) = value.downcast_object_ref::<List>() {
        return Ok(Data::List(list.0.clone()));
    }
    Ok(match value.kind() {
        ValueKind::Undefined | ValueKind::None => Data::Null,
        ValueKind::Bool => Data::Bool(value.is_true()),
        ValueKind::Number => match value.as_i64().filter(|_| value.is_integer()) {
            Some(int) => Data::Int(int),
            None => Data::Float(f64::try_from(value.clone())?),
        },
        ValueKind::String if value.is_safe() => Data::html(value.to_str().unwrap_or_default()),
        ValueKind::String => Data::Text(value.to_str().unwrap_or_default()),
        ValueKind::Seq | ValueKind::Iterable => {
            Data::list(value.try_iter()?.map(|item| to_data(&item)).collect::<Result<Vec<_>, _>>()?)
        }
        ValueKind::Map => {
            let entry = |key: Value| Ok((key.to_string(), to_data(&value.get_item(&key)?)?));
            Data::map(value.try_iter()?.map(entry).collect::<Result<Vec<_>, Error>>()?)
        }
        kind => return Err(Error::new(ErrorKind::InvalidOperation, format!("a {kind} is no value of a template"))),
    })
}

/// The engine's error at its place. Where a template was included by others, the innermost is the
/// place and the others are named.
fn diagnostic(templates: &Templates, error: &Error, values: &[(&str, Data)]) -> Diagnostic {
    let mut chain = vec![error];
    let mut code = "E-TEMPLATE";
    let mut source = std::error::Error::source(error);
    while let Some(inner) = source {
        if let Some(inner) = inner.downcast_ref::<Error>() {
            chain.push(inner);
        } else if let Some(refusal) = inner.downcast_ref::<Refusal>() {
            code = refusal.code;
        }
        source = inner.source();
    }
    let cause = chain.iter().rposition(|error| error.name().is_some()).map_or(error, |index| chain[index]);
    let (message, help) = words(templates, cause, values);
    let mut diagnostic = Diagnostic::error(code, message);
    if let Some(span) = span(templates, cause) {
        diagnostic = diagnostic.at(span, "");
    }
    // What a block of another template does is asked for by whoever has that block: it is the same with `super()` or without.
    let is_super = |outer: &Error| {
        let text = outer.name().zip(range(templates, outer)).and_then(|(name, range)| templates.text(name).get(range));
        text.is_some_and(|text| text.starts_with("super("))
    };
    for outer in chain.iter().filter(|outer| !std::ptr::eq(**outer, cause) && !is_super(outer)) {
        if let Some(span) = span(templates, outer) {
            diagnostic = diagnostic.other(span, "used from here");
        }
    }
    match help {
        Some(help) => diagnostic.help(help),
        None => diagnostic,
    }
}

fn span(templates: &Templates, error: &Error) -> Option<crate::source::Span> {
    let name = error.name()?;
    let line = || lint::line_range(templates.text(name), error.line().unwrap_or(1));
    templates.span(name, range(templates, error).unwrap_or_else(line))
}

/// Where an error stands in the template as it was written.
fn range(templates: &Templates, error: &Error) -> Option<Range<usize>> {
    Some(templates.guarded(error.name()?).written(error.range()?))
}

fn words(templates: &Templates, error: &Error, values: &[(&str, Data)]) -> (String, Option<String>) {
    let detail = error.detail().unwrap_or_default();
    match error.kind() {
        ErrorKind::UndefinedError => {
            let text = error.name().map(|name| templates.text(name)).unwrap_or_default();
            hint::undefined(text, templates.language, range(templates, error).unwrap_or_default(), values)
        }
        ErrorKind::OutOfFuel => (hint::TOO_MUCH.to_owned(), Some(hint::LESS.to_owned())),
        ErrorKind::SyntaxError if !detail.is_empty() => (detail.to_owned(), Some(hint::SYNTAX.to_owned())),
        ErrorKind::InvalidOperation if !detail.is_empty() => {
            (detail.to_owned(), hint::of_refusal(detail).map(str::to_owned))
        }
        kind if detail.is_empty() => (kind.to_string(), None),
        kind => (format!("{kind}: {detail}"), None),
    }
}
