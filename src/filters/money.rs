//! Amounts of money.
//!
//! The number is ICU4X's; the sign and where it stands are from the small tables below, because
//! ICU4X formats currencies only experimentally. A currency or language that the tables do not name
//! gets the currency's code in front, which is right everywhere if seldom pretty.

use crate::data::Data;
use crate::filters::number::{decimal, localized};
use crate::filters::{Arguments, text};

/// Where the sign stands in a locale.
enum Place {
    Before,
    /// Before, with a no-break space.
    BeforeSpace,
    /// After, with a no-break space.
    After,
}

/// A whole amount is written without digits after the point, any other with as many as the currency
/// has.
pub fn money(value: &Data, arguments: &Arguments<'_>) -> Result<Data, String> {
    let currency = arguments.get(0).map(text::text).transpose()?.unwrap_or_default();
    if currency.len() != 3 || !currency.bytes().all(|byte| byte.is_ascii_uppercase()) {
        return Err(format!("`{currency}` is no currency: use its code, like EUR"));
    }
    let mut amount = decimal(value)?;
    let digits = minor_digits(&currency);
    amount.round(-digits);
    amount.absolute.trim_end();
    if amount.absolute.nonzero_magnitude_end() < 0 {
        amount.pad_end(-digits);
    }
    // The minus belongs before the sign of the currency, not before the digits.
    let written = localized(&amount, arguments.locale)?;
    let number = written.trim_start_matches(|c: char| !c.is_numeric());
    let minus = if number.len() < written.len() { "-" } else { "" };
    let sign = symbol(&currency, arguments.locale);
    Ok(match place(arguments.locale) {
        Place::After => format!("{minus}{number}\u{a0}{sign}"),
        Place::Before if !sign.ends_with(char::is_alphabetic) => format!("{minus}{sign}{number}"),
        Place::Before | Place::BeforeSpace => format!("{minus}{sign}\u{a0}{number}"),
    }
    .into())
}

fn minor_digits(currency: &str) -> i16 {
    match currency {
        "CLP" | "ISK" | "JPY" | "KRW" | "PYG" | "UGX" | "VND" | "XAF" | "XOF" | "XPF" => 0,
        "BHD" | "IQD" | "JOD" | "KWD" | "LYD" | "OMR" | "TND" => 3,
        _ => 2,
    }
}

/// A dollar is a plain `$` only where it is the local one.
fn symbol<'a>(currency: &'a str, locale: &str) -> &'a str {
    let region = locale.split('-').find(|part| part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_uppercase()));
    match (currency, region) {
        ("USD", None | Some("US")) | ("CAD", Some("CA")) | ("AUD", Some("AU")) | ("NZD", Some("NZ")) => "$",
        ("USD", _) => "US$",
        ("CAD", _) => "CA$",
        ("AUD", _) => "A$",
        ("NZD", _) => "NZ$",
        ("BRL", _) => "R$",
        ("EUR", _) => "€",
        ("GBP", _) => "£",
        ("JPY", _) => "¥",
        ("CNY", Some("CN")) => "¥",
        ("CNY", _) => "CN¥",
        ("INR", _) => "₹",
        ("KRW", _) => "₩",
        _ => currency,
    }
}

fn place(locale: &str) -> Place {
    match locale {
        "de-AT" | "de-CH" | "de-LI" => return Place::BeforeSpace,
        "pt-PT" => return Place::After,
        "es-MX" | "es-US" => return Place::Before,
        _ => {}
    }
    match locale.split('-').next().unwrap_or_default() {
        "ar" | "bg" | "ca" | "cs" | "da" | "de" | "es" | "et" | "fi" | "fr" | "hr" | "hu" | "it" | "lt" | "lv"
        | "nb" | "nn" | "no" | "pl" | "ro" | "ru" | "sk" | "sl" | "sv" | "uk" => Place::After,
        "nl" | "pt" => Place::BeforeSpace,
        _ => Place::Before,
    }
}
