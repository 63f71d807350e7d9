//! What a path is told with in one language: the master's words, and the titles of what it names.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;

use crate::package::journey::{Journey, Words};

/// The values that a path is told from.
pub const READS: &[&str] =
    &["journey", "nurture.emails", "qualification.owners", "qualification.feedback", "tracking.member_statuses"];

/// Titles by id.
pub type Titles = BTreeMap<Arc<str>, Arc<str>>;

/// One language that a path is told in.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Telling {
    /// A BCP 47 tag.
    pub language: Arc<str>,
    /// Whether it is read from right to left.
    pub rtl: bool,
    /// The folder of what is told in it; none for the master's own language.
    pub folder: Option<Arc<str>>,
    /// With titles in this language.
    pub journey: Arc<Journey>,
    pub words: Arc<Words>,
    /// Of `qualification.owners`.
    pub owners: Titles,
    /// Subjects of `nurture.emails`.
    pub emails: Titles,
    /// Paths of pages in the package.
    pub pages: Titles,
    /// Of `qualification.feedback`.
    pub outcomes: Titles,
    /// Labels of `tracking.member_statuses`.
    pub statuses: Titles,
    /// How each request reaches whoever receives it: `post`, `page` or `mail`.
    pub ways: BTreeMap<Arc<str>, Arc<str>>,
}

/// What nothing has a title for is called by its id.
pub fn titled(titles: &Titles, id: &Arc<str>) -> Arc<str> {
    titles.get(id).unwrap_or(id).clone()
}
