//! As Dynamics 365 imports them: `dynamics-campaigns.csv`, by the names of its columns and the labels of its choices. Its
//! campaigns have no parents, so there is one for each package; a code has 32 characters at most, so `utm_id` is it.

use super::{Campaigns, Files};
use crate::encode::csv::Table;

pub const NAME: &str = "dynamics-campaigns.csv";

const COLUMNS: [&str; 9] = [
    "Name",
    "Campaign Code",
    "Campaign Type",
    "Status Reason",
    "Proposed Start Date",
    "Proposed End Date",
    "Currency",
    "Owner",
    "Description",
];

impl Campaigns {
    pub(super) fn dynamics(&self) -> Files {
        let mut table = Table::new(&COLUMNS);
        for planned in self.lowest() {
            let (campaign, [start, end]) = (&planned.campaign, planned.days());
            table.row(&[
                &*campaign.name,
                campaign.code.as_deref().unwrap_or_default(),
                "Co-branding",
                "Proposed",
                &start,
                &end,
                planned.currency(),
                campaign.owner.as_deref().unwrap_or_default(),
                &campaign.description,
            ]);
        }
        vec![(NAME.to_owned(), table.finish())]
    }
}
