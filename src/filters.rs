//! The filters: one table for both template engines and for `{{ }}` in text.
//!
//! A filter is a plain function over [`Data`], the page's locale and its arguments. The engines only
//! translate their values to [`Data`] and back, so that a filter gives the same text whichever
//! language asks for it. Filters that give markup (`paragraphs`, `json`) answer [`Data::Html`] and
//! have escaped what they were given; none makes markup of what somebody wrote as text.

mod date;
mod json;
mod locale;
mod money;
mod number;
mod text;

use std::borrow::Cow;

pub use text::slug_of;

use crate::data::Data;
use crate::encode::{csv, ics, url};
use crate::marks;

/// One filter of the table.
#[derive(Debug)]
pub struct Filter {
    pub name: &'static str,
    /// What it does, in one line for the documentation.
    pub purpose: &'static str,
    /// Its arguments in order; the first `required` must be given.
    pub parameters: &'static [&'static str],
    pub required: usize,
    /// Whether `{{ }}` in text may use it; markup-giving filters are for templates only.
    pub in_text: bool,
    /// It is asked even when the value is undefined or null.
    pub takes_undefined: bool,
    pub of_markup: OfMarkup,
    run: fn(&Data, &Arguments<'_>) -> Result<Data, String>,
}

/// What a filter makes of markup.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OfMarkup {
    /// It hands it on, or makes markup of it.
    Kept,
    /// Its words, as its name says.
    Words,
    /// It gives text, and is refused what has tags, which would be gone with all that they do.
    Refused,
}

/// What is said of markup that a filter gives only text of.
pub const TAGS: &str = "takes a text, and the tags of this markup would be lost";

/// What a filter is given besides the value: as many entries as it has parameters.
pub struct Arguments<'a> {
    pub values: &'a [Option<Data>],
    pub locale: &'a str,
}

impl Arguments<'_> {
    fn get(&self, index: usize) -> Option<&Data> {
        self.values.get(index).and_then(Option::as_ref).filter(|value| !value.is_null())
    }

    fn text(&self, index: usize) -> Result<Option<Cow<'_, str>>, String> {
        self.get(index).map(|value| print(value).ok_or_else(|| format!("an argument is {}", kind(value)))).transpose()
    }
}

/// Every filter, by name.
pub static FILTERS: &[Filter] = &[
    Filter {
        name: "cell",
        purpose: "as one cell of a CSV file, in quotes where it needs them; what a spreadsheet would run gets a `'` in front",
        parameters: &[],
        required: 0,
        in_text: false,
        takes_undefined: false,
        of_markup: OfMarkup::Refused,
        run: |value, _| Ok(csv::cell(&text::text(value)?).into_owned().into()),
    },
    Filter {
        name: "color",
        purpose: "a colour such as `#0b6e4f` as a style sheet takes it; anything else is refused",
        parameters: &[],
        required: 0,
        in_text: false,
        takes_undefined: false,
        of_markup: OfMarkup::Refused,
        run: text::color,
    },
    Filter {
        name: "date",
        purpose: "a date such as 2026-11-16 in the page's locale; short, medium (default), long, full or iso",
        parameters: &["style"],
        required: 0,
        in_text: true,
        takes_undefined: false,
        of_markup: OfMarkup::Refused,
        run: date::date,
    },
    Filter {
        name: "default",
        purpose: "the given value where this one is not set",
        parameters: &["value"],
        required: 1,
        in_text: true,
        takes_undefined: true,
        of_markup: OfMarkup::Kept,
        run: |value, arguments| {
            Ok(if value.is_null() { arguments.values[0].clone().unwrap_or_default() } else { value.clone() })
        },
    },
    Filter {
        name: "ical",
        purpose: "as a value of a calendar or a card (`ics`, `vcf`)",
        parameters: &[],
        required: 0,
        in_text: false,
        takes_undefined: false,
        of_markup: OfMarkup::Refused,
        run: |value, _| Ok(ics::escape(&text::text(value)?).into()),
    },
    Filter {
        name: "join",
        purpose: "the items of a list, one after the other, with the separator between them",
        parameters: &["sep"],
        required: 0,
        in_text: true,
        takes_undefined: false,
        of_markup: OfMarkup::Kept,
        run: text::join,
    },
    Filter {
        name: "json",
        purpose: "as JSON that is safe inside a script element",
        parameters: &[],
        required: 0,
        in_text: false,
        takes_undefined: false,
        of_markup: OfMarkup::Kept,
        run: |value, _| Ok(Data::html(json::json(value))),
    },
    Filter {
        name: "lower",
        purpose: "in lower case",
        parameters: &[],
        required: 0,
        in_text: true,
        takes_undefined: false,
        of_markup: OfMarkup::Refused,
        run: |value, _| Ok(text::text(value)?.to_lowercase().into()),
    },
    Filter {
        name: "money",
        purpose: "an amount in a currency (`EUR`), written as the page's locale writes it",
        parameters: &["currency"],
        required: 1,
        in_text: true,
        takes_undefined: false,
        of_markup: OfMarkup::Refused,
        run: money::money,
    },
    Filter {
        name: "number",
        purpose: "a number in the page's locale, with so many digits after the point if given",
        parameters: &["digits"],
        required: 0,
        in_text: true,
        takes_undefined: false,
        of_markup: OfMarkup::Refused,
        run: number::number,
    },
    Filter {
        name: "paragraphs",
        purpose: "plain text as paragraphs: an empty line ends one, a line end breaks the line",
        parameters: &[],
        required: 0,
        in_text: false,
        takes_undefined: false,
        of_markup: OfMarkup::Kept,
        run: text::paragraphs,
    },
    Filter {
        name: "percent",
        purpose: "a ratio as a percentage: 0.25 is 25 %",
        parameters: &["digits"],
        required: 0,
        in_text: true,
        takes_undefined: false,
        of_markup: OfMarkup::Refused,
        run: number::percent,
    },
    Filter {
        name: "plain",
        purpose: "without markup, on one line",
        parameters: &[],
        required: 0,
        in_text: true,
        takes_undefined: false,
        of_markup: OfMarkup::Words,
        run: |value, _| Ok(text::text(value)?.into_owned().into()),
    },
    Filter {
        name: "safe",
        purpose: "markup as it is; markup needs it not, and text is refused, since it would go unescaped",
        parameters: &[],
        required: 0,
        in_text: false,
        takes_undefined: false,
        of_markup: OfMarkup::Kept,
        run: text::safe,
    },
    Filter {
        name: "slug",
        purpose: "lower-case ASCII letters, digits and `-`, for file names and ids",
        parameters: &[],
        required: 0,
        in_text: true,
        takes_undefined: false,
        of_markup: OfMarkup::Refused,
        run: text::slug,
    },
    Filter {
        name: "title",
        purpose: "with a capital at the start of every word",
        parameters: &[],
        required: 0,
        in_text: true,
        takes_undefined: false,
        of_markup: OfMarkup::Refused,
        run: |value, _| Ok(text::title(&text::text(value)?).into()),
    },
    Filter {
        name: "trim",
        purpose: "without white space at both ends",
        parameters: &[],
        required: 0,
        in_text: true,
        takes_undefined: false,
        of_markup: OfMarkup::Kept,
        run: text::trim,
    },
    Filter {
        name: "upper",
        purpose: "in capitals",
        parameters: &[],
        required: 0,
        in_text: true,
        takes_undefined: false,
        of_markup: OfMarkup::Refused,
        run: |value, _| Ok(text::text(value)?.to_uppercase().into()),
    },
    Filter {
        name: "url",
        purpose: "percent-encoded, as one part of a URL",
        parameters: &[],
        required: 0,
        in_text: true,
        takes_undefined: false,
        of_markup: OfMarkup::Refused,
        run: |value, _| Ok(url::part(&text::text(value)?).into_owned().into()),
    },
];

/// The filter of that name.
pub fn find(name: &str) -> Option<&'static Filter> {
    FILTERS.iter().find(|filter| filter.name == name)
}

impl Filter {
    /// Applies the filter. `given` may be shorter than the parameters; what is missing counts as not
    /// given.
    pub fn apply(&self, value: &Data, given: &[Option<Data>], locale: &str) -> Result<Data, String> {
        let arguments = self.arguments(given, locale)?;
        if self.of_markup == OfMarkup::Refused && value.as_html().is_some_and(|html| html.shared().contains('<')) {
            return Err(format!("filter `{}` {TAGS}", self.name));
        }
        if is_marked(value) || arguments.iter().flatten().any(is_marked) {
            return self.apply_marked(value, &arguments, locale);
        }
        (self.run)(value, &Arguments { values: &arguments, locale })
    }

    /// Applies the filter to a text with signs in it. Where the signs would change what comes out, they are
    /// put around the whole of it.
    fn apply_marked(&self, value: &Data, arguments: &[Option<Data>], locale: &str) -> Result<Data, String> {
        let plain: Vec<_> = arguments.iter().map(|argument| argument.as_ref().map(unmarked)).collect();
        let result = (self.run)(&unmarked(value), &Arguments { values: &plain, locale })?;
        match (self.run)(value, &Arguments { values: arguments, locale }) {
            Ok(marked) if unmarked(&marked) == result => Ok(marked),
            _ => Ok(result.map_text(&|text| {
                numbers(value).into_iter().rev().fold(text.to_owned(), |text, number| marks::wrap(number, &text))
            })),
        }
    }

    fn arguments(&self, given: &[Option<Data>], locale: &str) -> Result<Vec<Option<Data>>, String> {
        debug_assert!(!locale.is_empty());
        let count = self.parameters.len();
        if given.len() > count {
            let takes = if count == 0 { "no argument".to_owned() } else { format!("at most {count}") };
            return Err(format!("filter `{}` takes {takes}", self.name));
        }
        let mut arguments = given.to_vec();
        arguments.resize(count, None);
        match (0..self.required).find(|&index| arguments[index].is_none()) {
            Some(index) => Err(format!("filter `{}` needs its argument `{}`", self.name, self.parameters[index])),
            None => Ok(arguments),
        }
    }

    /// The place of a named argument.
    pub fn parameter(&self, name: &str) -> Result<usize, String> {
        let index = self.parameters.iter().position(|parameter| *parameter == name);
        index.ok_or_else(|| format!("filter `{}` has no argument `{name}`", self.name))
    }
}

fn is_marked(value: &Data) -> bool {
    match value {
        Data::Text(_) | Data::Html(_) => value.as_str().is_some_and(marks::has_marks),
        Data::List(items) => items.iter().any(is_marked),
        Data::Map(map) => map.values().any(is_marked),
        _ => false,
    }
}

fn unmarked(value: &Data) -> Data {
    value.map_text(&|text| marks::strip(text).into_owned())
}

fn numbers(value: &Data) -> Vec<u32> {
    match value {
        Data::Text(_) | Data::Html(_) => value.as_str().map(marks::numbers).unwrap_or_default(),
        Data::List(items) => items.iter().flat_map(numbers).collect(),
        _ => Vec::new(),
    }
}

/// A value as text, the way every engine and every `{{ }}` prints it; `None` for lists, maps and
/// null, which have no one right text.
pub fn print(value: &Data) -> Option<Cow<'_, str>> {
    Some(match value {
        Data::Text(_) | Data::Html(_) => Cow::Borrowed(value.as_str()?),
        Data::Bool(true) => Cow::Borrowed("true"),
        Data::Bool(false) => Cow::Borrowed("false"),
        Data::Int(int) => Cow::Owned(int.to_string()),
        Data::Float(float) => Cow::Owned(float.to_string()),
        Data::Null | Data::List(_) | Data::Map(_) => return None,
    })
}

/// What kind of thing a value is, for messages.
pub fn kind(value: &Data) -> &'static str {
    match value {
        Data::Null => "not set",
        Data::Bool(_) => "true or false",
        Data::Int(_) | Data::Float(_) => "a number",
        Data::Text(_) => "a text",
        Data::Html(_) => "markup",
        Data::List(_) => "a list",
        Data::Map(_) => "a map",
    }
}

#[cfg(test)]
mod tests;
