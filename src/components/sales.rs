//! Sales enablement: follow-ups as text files to copy from, and the lead-context report as a table.

mod check;
mod output;
pub(super) mod sheet;
#[cfg(test)]
mod tests;

pub use check::Known;

use super::{Asked, Component, Finding, Input, Task};
use crate::data::Data;
use crate::diag::Diagnostics;

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
    fn tasks(&self, input: &Input<'_>) -> Vec<Task> {
        let report = [Asked::always(output::REPORT, "table"), Asked::always(output::SCHEMA, "schema")];
        let report = Task::new(report, |input| output::report(&input.package.sales.lead_context));
        let letters = input.package.sales.follow_ups.iter().enumerate().map(|(at, item)| {
            let asked = Asked::by(output::path(item), "text", format!("sales.follow_ups[{}]", item.id));
            Task::one(asked, move |input| Ok(output::letter(&input.package.sales.follow_ups[at])))
        });
        std::iter::once(report).chain(letters).collect()
    }

    /// What the sales documents see as `view`.
    ///
    /// `minutes`: the length of the call; `parts` [{id, title, columns [{id, title, source, sample}]}];
    /// `follow_ups` [{id, title, channel, when, subject, body, fill_in, file}]; `objections` is in
    /// `sales.objections`, as are all other tables.
    fn view(&self, input: &Input<'_>) -> Result<Data, Diagnostics> {
        Ok(sheet::view(&input.package.sales))
    }

    fn check(&self, input: &Input<'_>) -> Vec<Finding> {
        check::check(&input.package.sales, &Known::of(input.data))
    }
}
