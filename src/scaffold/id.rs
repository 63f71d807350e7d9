//! What may be an id, and where one stands already.

use unicode_normalization::UnicodeNormalization;

use crate::catalog::Catalog;
use crate::catalog::ids::{self, LONGEST, is_reserved};
use crate::catalog::settings::AxisId;
use crate::diag::{Diagnostic, article, nearest};
use crate::encode::shell;

use super::Refusal;

/// Refuses what cannot name a folder, a file and a campaign.
pub fn check(id: &str, what: &str) -> Result<(), Refusal> {
    let Some(fault) = ids::fault(id) else { return Ok(()) };
    let help = match suggestion(id).filter(|better| better != id) {
        Some(better) => format!("such as `{better}`: lower-case ASCII letters, digits and `-`, at most {LONGEST}"),
        None => fault,
    };
    Err(Refusal::usage(format!("`{id}` is no id for {} {what}", article(what)), help))
}

/// The id that was probably meant.
fn suggestion(id: &str) -> Option<String> {
    let plain: String = id.to_lowercase().nfc().map(ascii).collect();
    let parts: Vec<&str> = plain.split('-').filter(|part| !part.is_empty()).collect();
    let joined = parts.join("-");
    let usable = !joined.is_empty() && joined.len() <= LONGEST && !is_reserved(&joined);
    usable.then_some(joined)
}

/// A small letter as it is written without signs above it; a hyphen for what is no letter of the alphabet.
fn ascii(c: char) -> String {
    match c {
        'ä' | 'æ' => "ae".to_owned(),
        'ö' | 'ø' | 'œ' => "oe".to_owned(),
        'ü' => "ue".to_owned(),
        'å' => "aa".to_owned(),
        'ß' => "ss".to_owned(),
        'ł' => "l".to_owned(),
        '\'' | '’' => String::new(),
        c => match std::iter::once(c).nfd().next() {
            Some(letter) if letter.is_ascii_alphanumeric() => letter.to_string(),
            _ => "-".to_owned(),
        },
    }
}

/// What people may call it, from its id: `blue-river` is `Blue River`.
pub fn name(id: &str) -> String {
    let capital = |part: &str| {
        let mut letters = part.chars();
        letters.next().map(|first| first.to_ascii_uppercase().to_string() + letters.as_str()).unwrap_or_default()
    };
    id.split('-').map(capital).collect::<Vec<_>>().join(" ")
}

/// The value is there already.
pub fn exists(catalog: &Catalog, axis: AxisId, id: &str) -> Option<Diagnostic> {
    let value = catalog.axes[axis.0].get(id)?;
    let name = &catalog.settings.axis(axis).name;
    let error = Diagnostic::error("E-EXISTS", format!("there is a {name} `{id}` already"));
    Some(
        error
            .at(value.span, "it stands here")
            .help(format!("give the new one another id, or change this one: `cobrand new overlay {name}={id}`")),
    )
}

/// The axis of this name.
pub fn axis(catalog: &Catalog, name: &str) -> Result<AxisId, Refusal> {
    catalog.settings.axis_named(name).ok_or_else(|| {
        let axes: Vec<&str> = catalog.settings.axes.iter().map(|axis| &*axis.name).collect();
        let help = match nearest(name, axes.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("axes are {}", axes.join(", ")),
        };
        Refusal::usage(format!("there is no axis `{name}`"), help)
    })
}

/// The value of an axis, by its place in it.
pub fn value(catalog: &Catalog, axis: AxisId, id: &str) -> Result<usize, Refusal> {
    let values = &catalog.axes[axis.0];
    values.index(id).ok_or_else(|| {
        let name = &catalog.settings.axis(axis).name;
        let help = match nearest(id, values.ids()) {
            Some(near) => format!("did you mean `{near}`?"),
            None if values.ids().next().is_none() => format!("make one: `cobrand new {name} {}`", shell::word(id)),
            None => format!("there are {}", listed(values.ids())),
        };
        Refusal::usage(format!("there is no {name} `{id}`"), help)
    })
}

/// Some of the names, so that a line stays a line.
fn listed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    const SHOWN: usize = 12;
    let names: Vec<&str> = names.collect();
    let more = if names.len() > SHOWN { ", …" } else { "" };
    format!("{}{more}", names.iter().take(SHOWN).copied().collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests {
    use super::{check, suggestion};

    #[test]
    fn the_id_that_is_proposed_is_the_one_people_would_write() {
        let proposed = ["Müller GmbH", "L'Été & Co.", "Ærø", "Straße", "日本"].map(suggestion);
        let proposed = proposed.iter().map(Option::as_deref).collect::<Vec<_>>();
        assert_eq!(proposed, [Some("mueller-gmbh"), Some("lete-co"), Some("aeroe"), Some("strasse"), None]);
    }

    #[test]
    fn an_id_names_a_folder_everywhere() {
        for id in ["", "-a", "a-", "A", "a b", "con", "lpt1", "registry", &"a".repeat(61)] {
            assert!(check(id, "partner").is_err(), "{id}");
        }
        for id in ["a", "a-1", "lpt", "com10", "console", &"a".repeat(60)] {
            assert!(check(id, "partner").is_ok(), "{id}");
        }
    }
}
