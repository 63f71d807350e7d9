//! Campaigns and what their members can be, as CRMs take them.
//!
//! A CRM finds a campaign again by its key, and wants a parent to be there before its children: so campaigns are in the order of
//! their levels, and where a CRM loads many at once, each level is a file of its own. Those that know no levels get the lowest.
//!
//! - `generic`: for any CRM
//! - `salesforce`, `hubspot`, `dynamics`: as these take them

mod dynamics;
mod generic;
mod hubspot;
mod salesforce;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::part::{Campaign, Level, Period, Status};
use crate::encode::Content;

pub use generic::NAMES as GENERIC;

/// Campaigns of several packages, each once, from the top down.
#[derive(Clone, Debug, Default)]
pub struct Campaigns {
    of: BTreeMap<(Level, Arc<str>), Planned>,
    /// By the campaign that they are of.
    statuses: BTreeMap<Arc<str>, Vec<Status>>,
}

#[derive(Clone, Debug)]
struct Planned {
    campaign: Campaign,
    period: Period,
    /// The deployments of the packages that it is for.
    deployments: BTreeSet<Arc<str>>,
}

/// Files by their names, in the order in which they load.
pub type Files = Vec<(String, Content)>;

/// A CRM that takes campaigns in its own way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Crm {
    Salesforce,
    HubSpot,
    Dynamics,
    Other,
}

impl Crm {
    /// By the id of `platforms.crm`.
    pub fn of(id: &str) -> Self {
        match id {
            "salesforce" => Self::Salesforce,
            "hubspot" => Self::HubSpot,
            "dynamics" => Self::Dynamics,
            _ => Self::Other,
        }
    }

    /// The names of the files that it takes for the campaigns of one package. That with what members can be is the last.
    pub fn files(self, campaigns: &[Campaign]) -> Vec<String> {
        let statuses = || GENERIC[1].to_owned();
        match self {
            Self::Salesforce => salesforce::names(campaigns.iter().map(|campaign| &campaign.level)),
            Self::HubSpot => vec![hubspot::name(0), statuses()],
            Self::Dynamics => vec![dynamics::NAME.to_owned(), statuses()],
            Self::Other => GENERIC.map(str::to_owned).into(),
        }
    }

    /// Whether a file of this name is one that its campaigns may need, since their levels and numbers differ.
    pub fn is_of_any(name: &str) -> bool {
        [salesforce::PREFIX, hubspot::PREFIX].iter().any(|prefix| name.starts_with(prefix)) || name == dynamics::NAME
    }
}

impl Campaigns {
    /// Adds those of the package of a deployment, from the top down. What `statuses` says is of members of the lowest.
    pub fn add(&mut self, deployment: &Arc<str>, campaigns: &[Campaign], statuses: &[Status], period: &Period) {
        for campaign in campaigns {
            let key = (campaign.level.clone(), campaign.key.clone());
            let (campaign, period) = (campaign.clone(), period.clone());
            let planned = || Planned { campaign, period, deployments: BTreeSet::new() };
            self.of.entry(key).or_insert_with(planned).deployments.insert(deployment.clone());
        }
        if let Some(lowest) = campaigns.last() {
            self.statuses.entry(lowest.key.clone()).or_insert_with(|| statuses.to_vec());
        }
    }

    /// As one CRM takes them.
    pub fn for_one(&self, crm: Crm) -> Files {
        let with_statuses = |mut files: Files| {
            files.extend(self.generic().into_iter().skip(1));
            files
        };
        match crm {
            Crm::Salesforce => self.salesforce(),
            Crm::HubSpot => with_statuses(self.hubspot()),
            Crm::Dynamics => with_statuses(self.dynamics()),
            Crm::Other => self.generic(),
        }
    }

    /// As any CRM takes them that some partner has.
    pub fn for_all(&self) -> Files {
        [self.generic(), self.salesforce(), self.hubspot(), self.dynamics()].into_iter().flatten().collect()
    }

    /// All campaigns from the top down.
    fn all(&self) -> impl Iterator<Item = &Planned> {
        self.of.values()
    }

    /// Those that stand for a package: no other has them for its parent.
    fn lowest(&self) -> impl Iterator<Item = &Planned> {
        self.all().filter(|planned| self.statuses.contains_key(&planned.campaign.key))
    }

    fn statuses(&self) -> impl Iterator<Item = (&str, &Status)> {
        self.statuses.iter().flat_map(|(key, statuses)| statuses.iter().map(move |status| (&**key, status)))
    }
}

impl Planned {
    /// The first and last day of its period, as `2027-01-31`.
    fn days(&self) -> [String; 2] {
        [self.period.start, self.period.end].map(|day| day.to_string())
    }

    /// The package that it is for, where it is one.
    fn package(&self) -> &str {
        let mut deployments = self.deployments.iter();
        deployments.next().filter(|_| deployments.next().is_none()).map_or("", |id| id)
    }

    fn currency(&self) -> &str {
        self.campaign.currency.as_deref().unwrap_or_default()
    }
}
