//! Campaigns and what their members can be, as CRMs take them.
//!
//! A CRM finds a campaign again by its key, and wants a parent to be there before its children: so campaigns are in the order of
//! their levels, and where a CRM loads many at once, each level is a file of its own.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::part::{Campaign, Level, Period, Status};
use crate::encode::Content;
use crate::encode::csv::Table;

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
}

impl Campaigns {
    /// Adds those of a package, from the top down. What `statuses` says is of members of the lowest.
    pub fn add(&mut self, campaigns: &[Campaign], statuses: &[Status], period: &Period) {
        for campaign in campaigns {
            let key = (campaign.level.clone(), campaign.key.clone());
            let planned = || Planned { campaign: campaign.clone(), period: period.clone() };
            self.of.entry(key).or_insert_with(planned);
        }
        if let Some(lowest) = campaigns.last() {
            self.statuses.entry(lowest.key.clone()).or_insert_with(|| statuses.to_vec());
        }
    }

    /// The names of the files that Salesforce takes for some levels, in the order in which they load.
    pub fn salesforce_files<'l>(levels: impl IntoIterator<Item = &'l Level>) -> Vec<String> {
        levels.into_iter().map(salesforce_file).chain([SALESFORCE_STATUSES.to_owned()]).collect()
    }

    /// All of them, for any CRM: `campaigns.csv`, `member-statuses.csv`.
    pub fn generic(&self) -> Vec<(String, Content)> {
        let mut table = Table::new(&[
            "level",
            "key",
            "parent_key",
            "name",
            "type",
            "status",
            "start_date",
            "end_date",
            "description",
        ]);
        for Planned { campaign, period } in self.of.values() {
            let [start, end] = [period.start, period.end].map(|day| day.to_string());
            table.row(&[
                &*campaign.level.id,
                &campaign.key,
                campaign.parent.as_deref().unwrap_or_default(),
                &campaign.name,
                &campaign.kind,
                "Planned",
                &start,
                &end,
                &campaign.description,
            ]);
        }
        let mut statuses = Table::new(&["campaign_key", "id", "label", "sort_order", "is_default", "has_responded"]);
        let word = |flag: bool| if flag { "true" } else { "false" };
        for (key, status) in self.statuses() {
            let order = status.order.to_string();
            statuses.row(&[key, &status.id, &status.label, &order, word(status.default), word(status.responded)]);
        }
        let contents = [table, statuses].map(Table::finish);
        GENERIC.map(str::to_owned).into_iter().zip(contents).collect()
    }

    /// As Salesforce takes them, a file for each level: `salesforce-campaigns-1-program.csv`, and the statuses last.
    pub fn salesforce(&self) -> Vec<(String, Content)> {
        let mut files = Vec::new();
        let levels: Vec<_> = self.of.iter().collect();
        for level in levels.chunk_by(|((a, _), _), ((b, _), _)| a == b) {
            files.push((salesforce_file(&level[0].0.0), salesforce_level(level.iter().map(|(_, planned)| *planned))));
        }
        let mut table = Table::new(&["Campaign.Campaign_Key__c", "Label", "SortOrder", "IsDefault", "HasResponded"]);
        let upper = |flag: bool| if flag { "TRUE" } else { "FALSE" };
        for (key, status) in self.statuses() {
            let order = status.order.to_string();
            table.row(&[key, &status.label, &order, upper(status.default), upper(status.responded)]);
        }
        files.push((SALESFORCE_STATUSES.to_owned(), table.finish()));
        files
    }

    fn statuses(&self) -> impl Iterator<Item = (&str, &Status)> {
        self.statuses.iter().flat_map(|(key, statuses)| statuses.iter().map(move |status| (&**key, status)))
    }
}

/// The names of the files for any CRM.
pub const GENERIC: [&str; 2] = ["campaigns.csv", "member-statuses.csv"];

const SALESFORCE_STATUSES: &str = "salesforce-member-statuses.csv";

/// The name of a level's file: they load in the order of their names.
fn salesforce_file(level: &Level) -> String {
    format!("salesforce-campaigns-{}-{}.csv", level.at + 1, level.id)
}

fn salesforce_level<'c>(campaigns: impl Iterator<Item = &'c Planned>) -> Content {
    let mut table = Table::new(&[
        "Campaign_Key__c",
        "Parent.Campaign_Key__c",
        "Name",
        "Type",
        "Status",
        "IsActive",
        "StartDate",
        "EndDate",
        "Description",
    ]);
    for Planned { campaign, period } in campaigns {
        let [start, end] = [period.start, period.end].map(|day| day.to_string());
        table.row(&[
            &*campaign.key,
            campaign.parent.as_deref().unwrap_or_default(),
            &campaign.name,
            &campaign.kind,
            "Planned",
            "TRUE",
            &start,
            &end,
            &campaign.description,
        ]);
    }
    table.finish()
}
