//! The links of a package, and every tagged use of one.

use std::sync::Arc;

/// One tagged use of a link in one locale: a row of the UTM manifest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkRow {
    /// The document, email or placement that holds the link.
    pub document: Arc<str>,
    /// Where in it: `hero`, `header`, `text`.
    pub placement: Arc<str>,
    /// The id of the link in `tracking.links`.
    pub link: Arc<str>,
    /// The locale of the page or email that holds it.
    pub locale: Arc<str>,
    /// Where it leads, without parameters.
    pub target: Arc<str>,
    /// The whole address as it was printed.
    pub url: Arc<str>,
    pub source: Arc<str>,
    pub medium: Arc<str>,
    pub campaign: Arc<str>,
    pub content: Arc<str>,
}
