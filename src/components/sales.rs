//! Sales enablement: follow-ups as text files to copy from, and the lead-context report as a table.

mod check;
mod output;
pub(super) mod sheet;
#[cfg(test)]
mod tests;

pub use check::Known;

use super::{Asked, Component, File, Finding, Input};
use crate::data::Data;
use crate::diag::Diagnostics;
use crate::package::sales::FollowUp;

pub struct SalesEnablement;

impl Component for SalesEnablement {
    fn id(&self) -> &'static str {
        "sales"
    }

    fn title(&self) -> &'static str {
        "Sales enablement"
    }

    fn required(&self) -> &'static [&'static str] {
        &["sales/index.html", "sales/lead-context.html", output::REPORT]
    }

    /// `sales/lead-context.csv`, what its columns are, and `sales/follow-ups/<id>.txt` for each follow-up.
    fn plan(&self, input: &Input<'_>) -> Vec<Asked> {
        let letter = |item: &FollowUp| Asked::by(output::path(item), format!("sales.follow_ups[{}]", item.id));
        let report = [output::REPORT, output::SCHEMA].map(Asked::always);
        report.into_iter().chain(input.package.sales.follow_ups.iter().map(letter)).collect()
    }

    /// What the sales documents see as `view`.
    ///
    /// `minutes`: the length of the call; `parts` [{id, title, columns [{id, title, source, sample}]}];
    /// `follow_ups` [{id, title, channel, when, subject, body, fill_in, file}]; `objections` is in
    /// `sales.objections`, as are all other tables.
    fn view(&self, input: &Input<'_>) -> Result<Data, Diagnostics> {
        Ok(sheet::view(&input.package.sales))
    }

    fn make(&self, input: &Input<'_>) -> Result<Vec<File>, Diagnostics> {
        output::files(&input.package.sales)
    }

    fn check(&self, input: &Input<'_>) -> Vec<Finding> {
        check::check(&input.package.sales, &Known::of(input.data))
    }
}
