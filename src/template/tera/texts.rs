//! Filters of Tera's own that change letters, or take a text apart: they get texts alone ([`letters`]).
//!
//! Tera's own hand markup on, or show its letters, and nobody but a template can ask them.

use std::sync::LazyLock;

use tera::{Context, Error, Kwargs, State, Tera as Templating, Value};

use super::refused;
use crate::template::letters;

/// Those that give a text.
const GIVE_TEXT: [&str; 9] = [
    "capitalize",
    "escape_html",
    "escape_xml",
    "newlines_to_br",
    "replace",
    "str",
    "trim_end",
    "trim_start",
    "truncate",
];

/// Tera as it comes.
static OWN: LazyLock<Templating> = LazyLock::new(Templating::new);

pub fn register(engine: &mut Templating) {
    for name in GIVE_TEXT {
        engine.register_filter(name, move |value: Value, named: Kwargs, _: &State<'_>| {
            refuse(name, &value, &named).and_then(|()| asked(name, &value, &named))
        });
    }
    engine.register_filter("reverse", |value: Value, named: Kwargs, _: &State<'_>| {
        refuse("reverse", &value, &named).and_then(|()| value.reverse())
    });
    engine.register_filter("split", |value: Value, named: Kwargs, _: &State<'_>| -> Result<Value, Error> {
        refuse("split", &value, &named)?;
        let text = value.as_str().ok_or_else(|| Error::message("the filter `split` takes texts"))?;
        Ok(text.split(named.must_get::<&str>("pat")?).map(Value::from).collect::<Vec<Value>>().into())
    });
}

fn refuse(filter: &str, value: &Value, named: &Kwargs) -> Result<(), Error> {
    let given = std::iter::once(value).chain(named.iter().map(|(_, value)| value));
    let mut markup = given.filter(|value| value.is_safe()).filter_map(Value::as_str);
    markup.try_for_each(|markup| letters::refuse(filter, markup)).map_err(refused)
}

/// What Tera's own filter gives.
fn asked(filter: &str, value: &Value, named: &Kwargs) -> Result<String, Error> {
    let mut context = Context::new();
    context.insert_value("value", value.clone());
    let mut arguments = Vec::new();
    for (name, argument) in named.iter().filter_map(|(name, argument)| Some((name.as_str()?, argument))) {
        context.insert_value(format!("given_{name}"), argument.clone());
        arguments.push(format!("{name}=given_{name}"));
    }
    let mark = format!("{{{{ value | {filter}({}) }}}}", arguments.join(", "));
    OWN.render_str(&mark, &context, false).map_err(|error| match error.kind() {
        tera::ErrorKind::RenderingError(report) => Error::message(report.message()),
        _ => error,
    })
}
