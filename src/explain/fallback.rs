//! Pages and emails that show a text in another language than the one asked about, since they fell back whole (T4).

use serde::Serialize;

use crate::build::{Fallen, Program};
use crate::catalog::locales::LocaleId;

use super::place::Place;

/// A page or an email that fell back, and what it lacks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fallback {
    /// Such as "the page `landing`".
    pub what: String,
    /// Within the package.
    pub shown_in: String,
    /// The locale it was to be made in.
    pub wanted: String,
    /// The one it is made in; `null` where it would mix languages, and the deployment is refused.
    pub made_in: Option<String>,
    /// The first text that it does not have in that locale.
    pub because: Option<Place>,
}

impl Fallback {
    pub fn of(program: &Program, fallen: &Fallen) -> Self {
        let tag = |locale: LocaleId| program.catalog().locale(locale).tag.to_string();
        Self {
            what: fallen.what.clone(),
            shown_in: fallen.file.to_string(),
            wanted: tag(fallen.wanted),
            made_in: fallen.made_in.map(tag),
            because: fallen.missing.map(|missing| Place::of(program.sources(), missing.span)),
        }
    }
}
