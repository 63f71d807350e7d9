//! `sales/follow-ups/<id>.txt`, and `sales/lead-context.csv` with what its columns hold, as the W3C's "CSV on the Web" has it.

use serde_json::json;

use super::super::Failure;
use crate::encode::Content;
use crate::encode::csv::Table;
use crate::encode::json;
use crate::encode::plain::Letter;
use crate::package::sales::{Column, FollowUp, LeadContext};

pub(super) const REPORT: &str = "sales/lead-context.csv";
/// Where readers look for what the columns of a table are: its name, and this behind it.
pub(super) const SCHEMA: &str = "sales/lead-context.csv-metadata.json";

/// The report, and what its columns are.
pub(super) fn report(context: &LeadContext) -> Result<Vec<Content>, Failure> {
    Ok(vec![table(context), schema(context)?])
}

/// The file of a follow-up, within the package.
pub(super) fn path(item: &FollowUp) -> String {
    format!("sales/{}", file_name(item))
}

/// The file of a follow-up, within the component's folder.
pub(super) fn file_name(item: &FollowUp) -> String {
    format!("follow-ups/{}.txt", item.id)
}

/// A follow-up as it is copied: what it is for, then nothing but the text.
pub(super) fn letter(item: &FollowUp) -> Content {
    let letter = Letter::default().line(item.channel.title(), &item.title).line("When", &item.when);
    let letter = match item.fill_in.is_empty() {
        true => letter,
        false => letter.line("Fill in by hand", &item.fill_in.join("; ")),
    };
    let letter = item.subject.iter().fold(letter, |letter, subject| letter.line("Subject", subject));
    letter.finish(&item.body)
}

/// What each column of the report is, and where its value comes from.
fn schema(context: &LeadContext) -> serde_json::Result<Content> {
    let column = |column: &Column| {
        json!({
            "name": column.id, "titles": column.title, "datatype": "string",
            "dc:subject": column.part.id(), "dc:source": column.source
        })
    };
    let columns: Vec<_> = context.columns.iter().map(column).collect();
    let table = REPORT.rsplit('/').next().unwrap_or(REPORT);
    json::document(&json!({
        "@context": "http://www.w3.org/ns/csvw",
        "url": table,
        "tableSchema": {"columns": columns}
    }))
}

/// The header and one sample row.
fn table(context: &LeadContext) -> Content {
    let titles: Vec<&str> = context.columns.iter().map(|column| &*column.title).collect();
    let samples: Vec<&str> = context.columns.iter().map(|column| &*column.sample).collect();
    let mut table = Table::new(&titles);
    table.row(&samples);
    table.finish()
}
