//! Tera 2, for teams that write it.
//!
//! Tera's values are its own, so a rendering starts with a copy of the context. Its functions and
//! filters take named arguments only.

mod printed;
mod steps;
mod texts;

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::ops::Range;

use tera::value::{Key, ValueKind};
use tera::{Error, ErrorKind, Kwargs, Map, State, Tera as Templating, Value};

use crate::data::Data;
use crate::diag::{Diagnostic, Diagnostics, nearest, uncapitalized};
use crate::filters::FILTERS;
use crate::html::kinds;
use crate::template::functions::{FUNCTIONS, Given, Refusal, apply, call};
use crate::template::inserted::Inserted;
use crate::template::{Context, Engine, Reads, Rendering, Templates, current, hint, quoted, written};

pub struct Tera {
    engine: Templating,
    templates: Templates,
    /// What the engine reads instead of the templates, by their names.
    counted: BTreeMap<String, Inserted>,
}

impl Tera {
    pub fn new(templates: Templates) -> Result<Self, Diagnostics> {
        let found = check(&templates);
        if found.has_errors() {
            return Err(found);
        }
        let counted = |(name, text): (&str, &str)| {
            let insertions = templates.quoted.insertions(name, text).into_iter().chain(printed::looks(text));
            (name.to_owned(), Inserted::new(text, insertions.chain(steps::calls(text)).collect()))
        };
        let counted: BTreeMap<String, Inserted> = templates.iter().map(counted).collect();
        let mut engine = configured();
        match engine.add_raw_templates(counted.iter().map(|(name, counted)| (&**name, &*counted.text))) {
            Ok(()) => Ok(Self { engine, templates, counted }),
            Err(error) => Err(at_load(&templates, &error).map(hint::helped)),
        }
    }
}

impl Engine for Tera {
    fn render(&self, template: &str, context: &Context<'_>) -> Result<Rendering, Diagnostic> {
        let mut values = tera::Context::new();
        for (name, value) in context.values {
            values.insert_value((*name).to_owned(), to_value(value));
        }
        let mut paper = Paper::default();
        let print = || self.engine.render_to(template, &values, &mut paper);
        let (printed, links) = current::during(&context.scope, print);
        let rendered = printed.map_err(|error| self.at_render(template, &error, context.values));
        let text = rendered.and_then(|()| paper.text(&self.templates, template)).map_err(hint::helped)?;
        Ok(Rendering { text, links })
    }

    fn has(&self, template: &str) -> bool {
        self.templates.contains(template)
    }

    fn reads(&self, template: &str) -> Option<&Reads> {
        self.templates.reads(template)
    }
}

/// The most bytes that a rendering may print.
const MOST_PRINTED: usize = 64 << 20;

/// What a rendering has printed.
#[derive(Default)]
struct Paper {
    bytes: Vec<u8>,
}

impl Write for Paper {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.bytes.len() + bytes.len() > MOST_PRINTED {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Paper {
    fn text(self, templates: &Templates, template: &str) -> Result<String, Diagnostic> {
        // Templates and values are texts, so this cannot happen.
        let error = |_| Diagnostic::error("E-TEMPLATE", "the template prints what is no text");
        String::from_utf8(self.bytes).map_err(|bytes| templates.placed(error(bytes), template, 0..0, ""))
    }
}

fn configured() -> Templating {
    let mut engine = Templating::new();
    engine.autoescape_on(kinds::MARKUP.map(|kind| format!(".{kind}")));
    for filter in FILTERS {
        engine.register_filter(filter.name, move |value: Value, named: Kwargs, _: &State<'_>| {
            if value.is_undefined() && !filter.takes_undefined {
                return Err(Error::message("the value of a filter is undefined"));
            }
            apply(filter, &to_data(&value), given(&named)).map(|data| to_value(&data)).map_err(refused)
        });
    }
    for (quote, name) in quoted::IN {
        engine.register_filter(name, move |value: Value, _: Kwargs, _: &State<'_>| {
            let Some(markup) = value.as_str().filter(|_| value.is_safe()) else { return Ok(value) };
            quoted::within(quote, markup).map(|within| Value::safe_string(&within)).map_err(refused)
        });
    }
    engine.register_filter(printed::FILTER, |value: Value, _: Kwargs, _: &State<'_>| printed::printed(value));
    texts::register(&mut engine);
    for function in FUNCTIONS {
        engine.register_function(function.name, move |named: Kwargs, _: &State<'_>| {
            call(function, given(&named)).map(|data| to_value(&data)).map_err(refused)
        });
    }
    engine.register_function(steps::FUNCTION, |_: Kwargs, _: &State<'_>| match current::step() {
        ..=steps::MOST => Ok(""),
        _ => Err(refused(Refusal { code: "E-TEMPLATE", message: hint::TOO_MUCH.to_owned() })),
    });
    // As Tera's own, but for the code.
    engine.register_function("throw", |named: Kwargs, _: &State<'_>| -> Result<bool, Error> {
        let message = named.must_get::<&str>("message")?.to_owned();
        Err(refused(Refusal { code: "E-THROWN", message }))
    });
    engine
}

/// The codes of what we refuse.
const CODES: [&str; 3] = ["E-TEMPLATE", "E-LINK", "E-THROWN"];

/// Tera keeps only the words of an error, so the code travels in front of them.
fn refused(refusal: Refusal) -> Error {
    Error::message(format!("{}: {}", refusal.code, refusal.message))
}

fn given(named: &Kwargs) -> Given {
    let by_name = named.iter().filter_map(|(name, value)| Some((name.as_str()?.to_owned(), to_data(value)))).collect();
    Given { by_place: Vec::new(), by_name }
}

fn to_value(data: &Data) -> Value {
    match data {
        Data::Null => Value::none(),
        Data::Bool(value) => Value::from(*value),
        Data::Int(int) => Value::from(*int),
        // Tera prints 2.0, text and MiniJinja print 2: whole numbers become integers.
        Data::Float(float) if float.fract() == 0.0 && float.abs() < 9e15 => Value::from(*float as i64),
        Data::Float(float) => Value::from(*float),
        Data::Text(text) => Value::normal_string(text),
        Data::Html(html) => Value::safe_string(html),
        Data::List(items) => Value::from(items.iter().map(to_value).collect::<Vec<_>>()),
        Data::Map(map) => {
            let entries = map.iter().map(|(key, value)| (Key::String(key.clone()), to_value(value)));
            Value::from(entries.collect::<Map>())
        }
    }
}

fn to_data(value: &Value) -> Data {
    match value.kind() {
        ValueKind::Bool => Data::Bool(value.is_truthy()),
        ValueKind::String if value.is_safe() => Data::html(value.as_str().unwrap_or_default()),
        ValueKind::String => Data::text(value.as_str().unwrap_or_default()),
        ValueKind::Array => Data::list(value.as_array().unwrap_or_default().iter().map(to_data)),
        ValueKind::Map => {
            let entries = value.as_map().into_iter().flatten();
            Data::map(entries.filter_map(|(key, value)| Some((key.as_str()?.to_owned(), to_data(value)))))
        }
        ValueKind::Undefined | ValueKind::None | ValueKind::Bytes => Data::Null,
        _ => value.as_i64().map(Data::Int).or_else(|| value.as_f64().map(Data::Float)).unwrap_or_default(),
    }
}

/// What prints the context as a whole, in an order that is another one each time.
fn whole_contexts(templates: &Templates) -> impl Iterator<Item = Diagnostic> {
    const NAME: &str = "__tera_context";
    templates.iter().flat_map(move |(template, text)| {
        text.match_indices(NAME).map(move |(at, _)| {
            let error = Diagnostic::error("E-TEMPLATE", format!("`{NAME}` cannot be used here"));
            templates
                .placed(error, template, at..at + NAME.len(), "")
                .help("print the values that are meant, one by one")
        })
    })
}

/// Everything that is wrong with the templates, in one run.
fn check(templates: &Templates) -> Diagnostics {
    let mut found = Diagnostics::default();
    let mut readable = Vec::new();
    for (name, text) in templates.iter() {
        let error = syntax_error(templates, name, text);
        // What cannot be read is an empty template meanwhile.
        readable.push((name, if error.is_some() { "" } else { text }));
        found.extend(error);
    }
    let is_whole = !found.has_errors();
    found.extend(whole_contexts(templates));
    if let Err(error) = configured().add_raw_templates(readable) {
        let unknown = at_load(templates, &error).map(hint::helped);
        // What is defined in a template that cannot be read is not missing.
        let ours = ["filter", "function", "test"].map(|kind| format!("there is no {kind} "));
        let is_sure = |error: &&Diagnostic| is_whole || ours.iter().any(|begin| error.message.starts_with(begin));
        found.extend(unknown.iter().filter(is_sure).cloned());
    }
    found
}

/// Parses a template by itself.
fn syntax_error(templates: &Templates, name: &str, text: &str) -> Option<Diagnostic> {
    let error = Templating::new().add_raw_template(name, text).err()?;
    let ErrorKind::SyntaxError(report) = error.kind() else { return None };
    let diagnostic = Diagnostic::error("E-TEMPLATE", reworded(report.message())).help(hint::SYNTAX);
    Some(templates.placed(diagnostic, name, report.span().range.clone(), ""))
}

/// What Tera says of templates that all parse: references to what is not there.
fn at_load(templates: &Templates, error: &Error) -> Diagnostics {
    match error.kind() {
        ErrorKind::MissingParent { current, parent } => {
            let range =
                templates.text(current).find(parent.as_str()).map(|at| at..at + parent.len()).unwrap_or_default();
            let diagnostic = Diagnostic::error("E-TEMPLATE", format!("there is no template `{parent}`"));
            let diagnostic = hint::unknown(diagnostic, "template", nearest(parent, templates.names()));
            templates.placed(diagnostic, current, range, "").into()
        }
        ErrorKind::CircularExtend { tpl, inheritance_chain: chain }
        | ErrorKind::CircularInclude { tpl, include_chain: chain } => {
            let message = format!("template `{tpl}` comes back to itself: {}", chain.join(", "));
            templates.placed(Diagnostic::error("E-TEMPLATE", message), tpl, 0..0, "").into()
        }
        ErrorKind::Msg(reports) => from_reports(templates, reports),
        other => Diagnostic::error("E-TEMPLATE", reworded(&other.to_string())).into(),
    }
}

/// Reads the reports that Tera joins into one message: `error: WORDS`, then `--> NAME:LINE:COLUMN`.
fn from_reports(templates: &Templates, reports: &str) -> Diagnostics {
    let mut found = Diagnostics::default();
    let lines: Vec<&str> = reports.lines().collect();
    for pair in lines.windows(2) {
        let (Some(words), Some(place)) = (pair[0].strip_prefix("error: "), pair[1].trim_start().strip_prefix("--> "))
        else {
            continue;
        };
        let mut parts = place.rsplitn(3, ':');
        let column = parts.next().and_then(|column| column.parse().ok()).unwrap_or(1);
        let line = parts.next().and_then(|line| line.parse().ok()).unwrap_or(1);
        let name = parts.next().unwrap_or_default();
        found.push(unknown(templates, words, name, line, column));
    }
    if found.is_empty() {
        found.push(Diagnostic::error("E-TEMPLATE", reworded(reports)));
    }
    found
}

/// ``Unknown filter `uper` `` at a place, in our words.
fn unknown(templates: &Templates, words: &str, template: &str, line: usize, column: usize) -> Diagnostic {
    let text = templates.text(template);
    let whole = super::lint::line_range(text, line);
    let start = text[whole.clone()].char_indices().nth(column - 1).map_or(whole.end, |(at, _)| whole.start + at);
    let name = words.split('`').nth(1).unwrap_or_default();
    let range = text[start..]
        .find(name)
        .filter(|_| !name.is_empty())
        .map_or(start..whole.end, |at| start + at..start + at + name.len());
    let kind = words.strip_prefix("Unknown ").and_then(|rest| rest.split(' ').next());
    let near = match kind {
        Some("filter") => nearest(name, FILTERS.iter().map(|filter| filter.name)),
        Some("function") => nearest(name, FUNCTIONS.iter().map(|function| function.name)),
        Some("template") => nearest(name, templates.names()),
        _ => None,
    };
    let message = kind.map_or_else(|| reworded(words), |kind| format!("there is no {kind} `{name}`"));
    let diagnostic = templates.placed(Diagnostic::error("E-TEMPLATE", message), template, range, "");
    hint::unknown(diagnostic, kind.unwrap_or_default(), near)
}

impl Tera {
    fn at_render(&self, template: &str, error: &Error, values: &[(&str, Data)]) -> Diagnostic {
        let templates = &self.templates;
        if matches!(error.kind(), ErrorKind::Io(io::ErrorKind::FileTooLarge)) {
            let error = Diagnostic::error("E-TEMPLATE", hint::TOO_MUCH).help(hint::LESS);
            return templates.placed(error, template, 0..0, "");
        }
        let ErrorKind::RenderingError(report) = error.kind() else {
            let error = Diagnostic::error("E-TEMPLATE", reworded(&error.to_string()));
            return templates.placed(error, template, 0..0, "");
        };
        let name = report.filename();
        let range = report.span().range.clone();
        let range = self.counted.get(name).map_or(range.clone(), |counted| counted.written(range));
        said(templates, name, range, report.message(), values)
    }
}

/// What Tera says of a place of a template, or what a function or filter of ours says through it.
fn said(templates: &Templates, name: &str, range: Range<usize>, words: &str, values: &[(&str, Data)]) -> Diagnostic {
    let refusal = CODES.iter().find_map(|code| Some((*code, words.strip_prefix(code)?.strip_prefix(": ")?)));
    match refusal {
        Some((code, hint::TOO_MUCH)) => {
            templates.placed(Diagnostic::error(code, hint::TOO_MUCH), name, range, "").help(hint::LESS)
        }
        Some((code @ "E-THROWN", words)) => {
            let error = Diagnostic::error(code, format!("the template throws: {words}"));
            templates.placed(error, name, range, "").help(hint::THROWN)
        }
        Some((code, words)) => {
            let error = templates.placed(Diagnostic::error(code, reworded(words)), name, range, "");
            hint::of_refusal(words).into_iter().fold(error, Diagnostic::help)
        }
        None if words.contains("undefined") || words.contains("is not defined") => {
            let text = templates.text(name);
            let (message, help) = hint::undefined(text, templates.language, range.clone(), values);
            let path = Some(written::path_at(text, templates.language, range.clone()))
                .filter(|path| !path.is_empty())
                .unwrap_or(range);
            let diagnostic = templates.placed(Diagnostic::error("E-TEMPLATE", message), name, path, "");
            help.into_iter().fold(diagnostic, Diagnostic::help)
        }
        None => templates.placed(Diagnostic::error("E-TEMPLATE", reworded(words)), name, range, ""),
    }
}

/// Tera's sentence as one of ours: lower case at the start, no full stop.
fn reworded(words: &str) -> String {
    let words = words.trim().trim_end_matches('.');
    uncapitalized(words)
}
