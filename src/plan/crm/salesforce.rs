//! As Salesforce takes them, a file for each level: `salesforce-campaigns-1-program.csv`, and the statuses last.
//!
//! Whoever loads a campaign owns it, since its owner is found by no address. A new campaign has statuses of its own, whose
//! places are taken: ours come behind them.

use super::super::part::Level;
use super::{Campaigns, Files, Planned};
use crate::encode::Content;
use crate::encode::csv::Table;
use crate::profiles::status::OF_NEW_CAMPAIGNS;

pub const PREFIX: &str = "salesforce-";

const STATUSES: &str = "salesforce-member-statuses.csv";

const COLUMNS: [&str; 10] = [
    "Campaign_Key__c",
    "Parent.Campaign_Key__c",
    "Name",
    "Type",
    "Status",
    "IsActive",
    "StartDate",
    "EndDate",
    "CurrencyIsoCode",
    "Description",
];

/// The names of the files for some levels, in the order in which they load.
pub fn names<'l>(levels: impl IntoIterator<Item = &'l Level>) -> Vec<String> {
    levels.into_iter().map(name).chain([STATUSES.to_owned()]).collect()
}

/// The name of a level's file: they load in the order of their names.
fn name(level: &Level) -> String {
    format!("{PREFIX}campaigns-{}-{}.csv", level.at + 1, level.id)
}

impl Campaigns {
    pub(super) fn salesforce(&self) -> Files {
        let mut files = Vec::new();
        let levels: Vec<_> = self.of.iter().collect();
        for level in levels.chunk_by(|((a, _), _), ((b, _), _)| a == b) {
            files.push((name(&level[0].0.0), of_level(level.iter().map(|(_, planned)| *planned))));
        }
        let mut table = Table::new(&["Campaign.Campaign_Key__c", "Label", "SortOrder", "IsDefault", "HasResponded"]);
        let upper = |flag: bool| if flag { "TRUE" } else { "FALSE" };
        for (key, status) in self.statuses() {
            let order = (status.order as usize + OF_NEW_CAMPAIGNS.len()).to_string();
            table.row(&[key, &status.label, &order, upper(status.default), upper(status.responded)]);
        }
        files.push((STATUSES.to_owned(), table.finish()));
        files
    }
}

fn of_level<'c>(campaigns: impl Iterator<Item = &'c Planned>) -> Content {
    let mut table = Table::new(&COLUMNS);
    for planned in campaigns {
        let (campaign, [start, end]) = (&planned.campaign, planned.days());
        table.row(&[
            &*campaign.key,
            campaign.parent.as_deref().unwrap_or_default(),
            &campaign.name,
            &campaign.kind,
            "Planned",
            "TRUE",
            &start,
            &end,
            planned.currency(),
            &campaign.description,
        ]);
    }
    table.finish()
}
