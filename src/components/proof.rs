//! Proof of performance: the claim prepared before the money is spent.
//!
//! - `plan`: dates, planned numbers and evidence of each activity, computed once
//! - `output`: the claim workbook
//! - `check`: what a fund program would reject

mod check;
mod output;
mod plan;

pub use check::check;
pub use plan::{Plan, Planned};

use super::{File, Input};
use crate::data::Data;
use crate::diag::Diagnostics;

/// What the proof document sees as `view`.
///
/// `claim`, `campaign`, `utm_id`; `fund` {name, profile, certainty, files, reimbursed, contact};
/// `currency`; `deadlines` [{title, date, detail}]; `metrics` [{id, title, meaning, planned}];
/// `activities` [{id, title, kind, audience, start, end, approval_due, claim_due, budget, values
/// [{metric, title, value}], placements [ids], emails, evidence [{title, shows, optional, file}]}].
/// Dates are texts such as `2027-01-31`, for the `date` filter.
pub fn view(input: &Input<'_>) -> Result<Data, Diagnostics> {
    Ok(Plan::new(input).data())
}

/// The claim workbook: header, activities, evidence and invoices.
pub fn files(input: &Input<'_>) -> Result<Vec<File>, Diagnostics> {
    Ok(output::files(&Plan::new(input), input)?)
}
