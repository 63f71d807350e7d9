//! Sales enablement: follow-ups as text files to copy from, and the lead-context report as a table.

mod check;
mod output;
pub(super) mod sheet;
#[cfg(test)]
mod tests;

pub use check::{Known, check};

use super::{File, Input};
use crate::data::Data;
use crate::diag::Diagnostics;

/// What the sales documents see as `view`.
///
/// `minutes`: the length of the call; `parts` [{id, title, columns [{id, title, source, sample}]}];
/// `follow_ups` [{id, title, channel, when, subject, body, fill_in, file}]; `objections` is in
/// `sales.objections`, as are all other tables.
pub fn view(input: &Input<'_>) -> Result<Data, Diagnostics> {
    Ok(sheet::view(&input.package.sales))
}

/// `sales/follow-ups/<id>.txt` for each follow-up, and `sales/lead-context.csv`.
pub fn files(input: &Input<'_>) -> Result<Vec<File>, Diagnostics> {
    output::files(&input.package.sales)
}
