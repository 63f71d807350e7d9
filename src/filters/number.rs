//! Numbers and percentages.

use icu_decimal::DecimalFormatter;
use icu_decimal::input::Decimal;

use crate::data::Data;
use crate::filters::locale::{formatters, get_or_try};
use crate::filters::{Arguments, kind};

/// More digits than this are not a number that anybody reads.
const MAX_DIGITS: i64 = 12;

pub fn number(value: &Data, arguments: &Arguments<'_>) -> Result<Data, String> {
    let mut decimal = decimal(value)?;
    if let Some(digits) = digits(arguments)? {
        decimal.round(-digits);
        decimal.pad_end(-digits);
    }
    Ok(localized(&decimal, arguments.locale)?.into())
}

/// At most one digit after the point unless told otherwise.
pub fn percent(value: &Data, arguments: &Arguments<'_>) -> Result<Data, String> {
    let mut decimal = decimal(value)?;
    decimal.multiply_pow10(2);
    decimal.absolute.trim_start();
    match digits(arguments)? {
        Some(digits) => {
            decimal.round(-digits);
            decimal.pad_end(-digits);
        }
        None => {
            decimal.round(-1);
            decimal.absolute.trim_end();
        }
    }
    let number = localized(&decimal, arguments.locale)?;
    let language = arguments.locale.split('-').next().unwrap_or_default();
    let space = match language {
        "fr" if !arguments.locale.starts_with("fr-CA") => "\u{202f}",
        "bg" | "ca" | "cs" | "da" | "de" | "es" | "fi" | "fr" | "hr" | "lt" | "nb" | "nn" | "no" | "ro" | "ru"
        | "sk" | "sl" | "sv" | "uk" => "\u{a0}",
        _ => "",
    };
    Ok(format!("{number}{space}%").into())
}

fn digits(arguments: &Arguments<'_>) -> Result<Option<i16>, String> {
    match arguments.get(0) {
        None => Ok(None),
        Some(Data::Int(digits @ 0..=MAX_DIGITS)) => Ok(Some(*digits as i16)),
        Some(_) => Err(format!("`digits` is a whole number from 0 to {MAX_DIGITS}")),
    }
}

/// A number, or a text that is written like one.
pub fn decimal(value: &Data) -> Result<Decimal, String> {
    let parsed = match value {
        Data::Int(int) => return Ok(Decimal::from(*int)),
        Data::Float(float) => float.to_string().parse::<Decimal>().ok(),
        Data::Text(text) => text.trim().parse::<Decimal>().ok(),
        _ => return Err(format!("the value is {}, not a number", kind(value))),
    };
    parsed.ok_or_else(|| format!("`{}` is no number", crate::filters::print(value).unwrap_or_default()))
}

/// The number with the locale's digits, groups and decimal point.
pub fn localized(decimal: &Decimal, locale: &str) -> Result<String, String> {
    let formatters = formatters(locale)?;
    let formatter = get_or_try(&formatters.decimal, || {
        DecimalFormatter::try_new((&formatters.locale).into(), Default::default())
            .map_err(|error| format!("no numbers for `{locale}`: {error}"))
    })?;
    Ok(formatter.format(decimal).to_string())
}
