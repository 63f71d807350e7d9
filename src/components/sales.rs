//! Sales enablement: follow-ups as text files to copy from, and the lead-context report as a table.

mod check;
mod output;
pub(super) mod sheet;
#[cfg(test)]
mod tests;

pub use check::Known;

use super::{Component, ComponentKind, Finding, Input, Shown, Task};
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

    fn shows(&self) -> Vec<Shown> {
        ["journey.requests", "offers", "outcome", "pillars", "sales"].map(Shown::Whole).into()
    }

    /// In each language of the sellers `lead-context.csv`, what its columns are, and `follow-ups/<id>.txt` for each follow-up.
    fn tasks(&self, input: &Input<'_>) -> Vec<Task> {
        let readers = input.readers.of(ComponentKind::SALES).iter().enumerate();
        readers.map(|(at, reader)| output::task(&input.package.sales, reader, at)).collect()
    }

    /// What the sales documents see as `view`; all words stand in `sales`.
    ///
    /// `minutes`: the length of the call; `parts`: ids of the report's parts; `follow_ups` [{id, file, body}], of which
    /// `file` is where the text lies from the document, and `body` has its address filled in.
    fn view(&self, input: &Input<'_>) -> Result<Data, Diagnostics> {
        Ok(sheet::view(&input.reader.model("sales")?, input.placements))
    }

    fn check(&self, input: &Input<'_>) -> Vec<Finding> {
        check::check(&input.package.sales, &Known::of(input.data), &input.package.journey)
    }
}
