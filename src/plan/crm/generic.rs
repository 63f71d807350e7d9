//! For any CRM: `campaigns.csv`, `member-statuses.csv`.

use super::{Campaigns, Files};
use crate::encode::csv::Table;

pub const NAMES: [&str; 2] = ["campaigns.csv", "member-statuses.csv"];

const COLUMNS: [&str; 13] = [
    "level",
    "key",
    "parent_key",
    "name",
    "type",
    "status",
    "start_date",
    "end_date",
    "currency",
    "owner",
    "description",
    "package",
    "packages",
];

impl Campaigns {
    pub(super) fn generic(&self) -> Files {
        let mut table = Table::new(&COLUMNS);
        for planned in self.all() {
            let (campaign, [start, end]) = (&planned.campaign, planned.days());
            table.row(&[
                &*campaign.level.id,
                &campaign.key,
                campaign.parent.as_deref().unwrap_or_default(),
                &campaign.name,
                &campaign.kind,
                "Planned",
                &start,
                &end,
                planned.currency(),
                campaign.owner.as_deref().unwrap_or_default(),
                &campaign.description,
                planned.package(),
                &planned.deployments.len().to_string(),
            ]);
        }
        let mut statuses = Table::new(&["campaign_key", "id", "label", "sort_order", "is_default", "has_responded"]);
        let word = |flag: bool| if flag { "true" } else { "false" };
        for (key, status) in self.statuses() {
            let order = status.order.to_string();
            statuses.row(&[key, &status.id, &status.label, &order, word(status.default), word(status.responded)]);
        }
        let contents = [table, statuses].map(Table::finish);
        NAMES.map(str::to_owned).into_iter().zip(contents).collect()
    }
}
