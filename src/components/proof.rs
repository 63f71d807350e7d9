//! Proof of performance: the claim prepared before the money is spent.
//!
//! - `part`: what the package adds to its partner's plan
//! - `load`: of that, what a week takes
//! - `output`: that as data, and the claim
//! - `check`: what a fund program would reject

mod check;
mod load;
mod output;
mod part;

use super::plan::Plan;
use super::{Component, Finding, Input, Shown, Stage, Task};
use crate::data::Data;
use crate::diag::Diagnostics;

pub struct ProofOfPerformance;

impl Component for ProofOfPerformance {
    fn id(&self) -> &'static str {
        "proof"
    }

    fn title(&self) -> &'static str {
        "Proof of performance"
    }

    fn required(&self) -> &'static [&'static str] {
        &["proof/index.html", "proof/claim.csv", "proof/activities.csv", "proof/evidence.csv", "proof/invoices.csv"]
    }

    fn shows(&self) -> Vec<Shown> {
        let told = ["proof.fund.name", "proof.metrics", "proof.activities", "proof.evidence", "proof.attestation"];
        told.map(Shown::Whole).into()
    }

    /// An activity names the links that it is counted by.
    fn stage(&self) -> Stage {
        Stage::Summary
    }

    /// The claim: header, activities, evidence and invoices as tables and as a workbook; and the part of the plan.
    fn tasks(&self, _: &Input<'_>) -> Vec<Task> {
        vec![output::task()]
    }

    /// What the proof document sees as `view`.
    ///
    /// `claim`, `campaign`, `utm_id`; `fund` {name, id of its `profile`, certainty, files, reimbursed, approval, contact};
    /// `currency`; `number` of `packages`, which of the partner's packages this is; `deadlines` [{id, date, activity}], by
    /// `approval` of an activity, `submit`, `due` and `keep`;
    /// `metrics` [{id, title, meaning, planned, goal}], what this package plans of the partner's goal;
    /// `uncounted` [{id, title, meaning}], metrics that nothing counts here;
    /// `activities` [{id, title, kind, audience, start, end, approval_due (null where none is approved by itself), claim_due,
    /// budget, values [{metric, title, value}], placements (ids), emails, evidence [{id, title, shows, optional, file, due}]}].
    /// Dates are texts such as `2027-01-31`, for the `date` filter.
    fn view(&self, input: &Input<'_>) -> Result<Data, Diagnostics> {
        Ok(Plan::new(input).data())
    }

    fn check(&self, input: &Input<'_>) -> Vec<Finding> {
        check::check(input)
    }
}
