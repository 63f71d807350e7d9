//! As HubSpot takes them: what its campaigns API creates many of at once, `hubspot-campaigns-1.json`. It imports none from
//! tables. Its campaigns have no parents, so there is one for each package, and no statuses: those are values of a property of
//! contacts.

use serde::Serialize;

use super::{Campaigns, Files, Planned};
use crate::encode::json;

pub const PREFIX: &str = "hubspot-";

/// The most that one request may create.
const AT_ONCE: usize = 50;

/// The name of a file, by its place.
pub fn name(at: usize) -> String {
    format!("{PREFIX}campaigns-{}.json", at + 1)
}

/// The body of a request.
#[derive(Serialize)]
struct Batch<'c> {
    inputs: Vec<Input<'c>>,
}

#[derive(Serialize)]
struct Input<'c> {
    properties: Properties<'c>,
}

#[derive(Serialize)]
struct Properties<'c> {
    hs_name: &'c str,
    hs_campaign_status: &'static str,
    hs_start_date: String,
    hs_end_date: String,
    /// The value of `utm_campaign` by which visits join it.
    hs_utm: &'c str,
    #[serde(skip_serializing_if = "str::is_empty")]
    hs_currency_code: &'c str,
    hs_notes: &'c str,
}

impl<'c> Input<'c> {
    fn of(planned: &'c Planned) -> Self {
        let (campaign, [hs_start_date, hs_end_date]) = (&planned.campaign, planned.days());
        let properties = Properties {
            hs_name: &campaign.name,
            hs_campaign_status: "planned",
            hs_start_date,
            hs_end_date,
            hs_utm: &campaign.key,
            hs_currency_code: planned.currency(),
            hs_notes: &campaign.description,
        };
        Self { properties }
    }
}

impl Campaigns {
    pub(super) fn hubspot(&self) -> Files {
        let lowest: Vec<&Planned> = self.lowest().collect();
        let batches = lowest.chunks(AT_ONCE).enumerate().filter_map(|(at, batch)| {
            let batch = Batch { inputs: batch.iter().map(|planned| Input::of(planned)).collect() };
            // Words and dates are always written as JSON.
            Some((name(at), json::document(&batch).ok()?))
        });
        batches.collect()
    }
}
