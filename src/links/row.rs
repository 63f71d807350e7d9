//! The UTM manifest.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;

use super::LinkError;

/// One tagged use of a link: a row of the UTM manifest. Rows sort by where the link stands.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct LinkRow {
    /// The id of its component.
    pub component: Arc<str>,
    /// The id of the document or email; [`PLACEMENTS`] for a declared placement.
    pub document: Arc<str>,
    pub locale: Arc<str>,
    /// Where in the document it stands, or the id of the declared placement.
    pub placement: Arc<str>,
    /// The id of the link.
    pub link: Arc<str>,
    /// The whole address, tagged.
    pub url: Arc<str>,
    /// The address before it was tagged.
    pub base_url: Arc<str>,
    #[serde(rename = "utm_source")]
    pub source: Arc<str>,
    #[serde(rename = "utm_medium")]
    pub medium: Arc<str>,
    #[serde(rename = "utm_campaign")]
    pub campaign: Arc<str>,
    #[serde(rename = "utm_id")]
    pub id: Arc<str>,
    #[serde(rename = "utm_content")]
    pub content: Arc<str>,
    /// The GA4 default channel it lands in.
    pub channel: Arc<str>,
}

/// Stands as the document of rows for declared placements, which are used outside the package.
pub const PLACEMENTS: &str = "placements";

/// All rows of a deployment in order, each once. One name must not stand for two targets: a report
/// could not tell them apart.
pub fn manifest(mut rows: Vec<LinkRow>) -> Result<Vec<LinkRow>, Vec<LinkError>> {
    rows.sort_unstable();
    rows.dedup();
    let mut seen: BTreeMap<[&str; 4], &LinkRow> = BTreeMap::new();
    let mut errors = Vec::new();
    for row in &rows {
        let first = seen.entry([&row.source, &row.medium, &row.campaign, &row.content]).or_insert(row);
        if first.base_url != row.base_url {
            errors.push(duplicate(first, row));
        }
    }
    drop(seen);
    if errors.is_empty() { Ok(rows) } else { Err(errors) }
}

fn duplicate(first: &LinkRow, second: &LinkRow) -> LinkError {
    let place = |row: &LinkRow| format!("link `{}` at `{}` of `{}`", row.link, row.placement, row.document);
    LinkError::new(
        "E-UTMDUP",
        format!(
            "{} and {} share `utm_content={}` but lead to `{}` and `{}`",
            place(first),
            place(second),
            second.content,
            first.base_url,
            second.base_url
        ),
        "rename one of the placements or links",
    )
}
