//! `tracking.yaml`, typed: the UTM taxonomy, the links table, the placements and the CRM's campaign tree.

use std::sync::Arc;

use serde::Deserialize;

use super::journey::Called;
use crate::schema::tracking::CARRIED;

/// What one deployment may link to, how links are tagged, and what the CRM has to know about it.
#[derive(Clone, Debug, Deserialize)]
pub struct Tracking {
    pub campaign: Campaign,
    /// The closed vocabulary of `utm_medium`.
    pub mediums: Vec<Medium>,
    /// The vocabulary of `utm_source`, besides the partner's id.
    #[serde(default)]
    pub sources: Vec<Source>,
    pub kinds: Kinds,
    pub links: Vec<Link>,
    /// Links that a partner uses outside the package's own pages and emails.
    #[serde(default)]
    pub placements: Vec<Placement>,
    /// The CRM's campaign tree, from the top to the deployment.
    #[serde(default)]
    pub hierarchy: Vec<Level>,
    #[serde(default)]
    pub member_statuses: Vec<MemberStatus>,
    /// What forms carry beside what people fill in.
    #[serde(default)]
    pub fields: Vec<FormField>,
}

impl Tracking {
    /// Whether campaigns are told apart by the code of an axis.
    pub fn is_facet(&self, axis: &str) -> bool {
        let levels = self.hierarchy.iter().flat_map(|level| &level.facets);
        self.campaign.facets.iter().chain(levels).any(|facet| **facet == *axis)
    }

    /// The fields whose values come with the address of a visit, or are known of the page that it began on.
    pub fn carried(&self) -> Vec<Arc<str>> {
        let comes = |field: &&FormField| field.from.as_deref().is_some_and(|from| CARRIED.contains(&from));
        self.fields.iter().filter(comes).map(|field| field.id.clone()).collect()
    }
}

/// A field that nobody fills in.
#[derive(Clone, Debug, Deserialize)]
pub struct FormField {
    pub id: Arc<str>,
    /// Where its value comes from.
    #[serde(default)]
    pub from: Option<Arc<str>>,
}

/// How `utm_campaign` is put together.
#[derive(Clone, Debug, Deserialize)]
pub struct Campaign {
    /// Stands between two facets and therefore in none of them.
    pub delimiter: Arc<str>,
    pub facets: Vec<Arc<str>>,
}

/// A word for `utm_medium` and the GA4 default channel it has to land in.
#[derive(Clone, Debug, Deserialize)]
pub struct Medium {
    pub id: Arc<str>,
    pub channel: Arc<str>,
}

/// A word for `utm_source`.
#[derive(Clone, Debug, Deserialize)]
pub struct Source {
    pub id: Arc<str>,
    #[serde(default)]
    pub kind: Option<Arc<str>>,
    /// What AWS calls the channel, where the medium does not tell.
    #[serde(default)]
    pub cosell: Option<Arc<str>>,
}

/// How links inside the package are tagged, by the kind of document they stand in.
#[derive(Clone, Debug, Deserialize)]
pub struct Kinds {
    pub site: KindTags,
    pub email: KindTags,
    pub document: KindTags,
}

#[derive(Clone, Debug, Deserialize)]
pub struct KindTags {
    pub medium: Arc<str>,
}

/// Where a link may lead: a document of the package or a page elsewhere, never both.
#[derive(Clone, Debug, Deserialize)]
pub struct Link {
    pub id: Arc<str>,
    #[serde(default)]
    pub document: Option<Arc<str>>,
    #[serde(default)]
    pub fragment: Option<Arc<str>>,
    #[serde(default)]
    pub url: Option<Arc<str>>,
    /// Why the link carries no parameters; unset for a tagged link.
    #[serde(default)]
    pub untracked: Option<Arc<str>>,
}

/// A link that a partner uses outside the package: a post, a badge, a printed code.
#[derive(Clone, Debug, Deserialize)]
pub struct Placement {
    pub id: Arc<str>,
    pub title: Arc<str>,
    pub link: Arc<str>,
    pub source: Arc<str>,
    pub medium: Arc<str>,
    /// Whether a QR code is drawn for it.
    #[serde(default)]
    pub qr: bool,
}

/// A level of the CRM's campaign tree.
#[derive(Clone, Debug, Deserialize)]
pub struct Level {
    pub id: Arc<str>,
    /// What the CRM calls this kind of campaign.
    #[serde(rename = "type")]
    pub kind: Arc<str>,
    /// What tells the campaigns of this level apart; the codes make the key.
    pub facets: Vec<Arc<str>>,
    pub name: Arc<str>,
    /// What its cost and revenue are counted in (ISO 4217).
    #[serde(default)]
    pub currency: Option<Arc<str>>,
    /// Who answers for it, an id of `qualification.owners`.
    #[serde(default)]
    pub owner: Option<Arc<str>>,
}

/// How far a person got in a campaign.
#[derive(Clone, Debug, Deserialize)]
pub struct MemberStatus {
    pub id: Arc<str>,
    pub label: Arc<str>,
    pub order: u32,
    #[serde(default)]
    pub default: bool,
    #[serde(default)]
    pub responded: bool,
    /// Who sets it, where no request does.
    #[serde(default)]
    pub by: Option<Arc<str>>,
    /// What it is called in the systems of others.
    #[serde(default)]
    pub called: Called,
}
