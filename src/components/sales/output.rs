//! `sales/follow-ups/<id>.txt` and `sales/lead-context.csv`.

use super::super::{ComponentKind, File};
use crate::diag::{Diagnostic, Diagnostics};
use crate::encode::Content;
use crate::encode::csv::Table;
use crate::encode::plain::Letter;
use crate::package::sales::{FollowUp, LeadContext, Sales};

pub(super) const REPORT: &str = "sales/lead-context.csv";

pub(super) fn files(sales: &Sales) -> Result<Vec<File>, Diagnostics> {
    let mut files = vec![file(REPORT, "table", report(&sales.lead_context))?];
    for item in &sales.follow_ups {
        files.push(file(&path(item), "text", letter(item))?);
    }
    Ok(files)
}

/// The file of a follow-up, within the package.
pub(super) fn path(item: &FollowUp) -> String {
    format!("sales/{}", file_name(item))
}

/// The file of a follow-up, within the component's folder.
pub(super) fn file_name(item: &FollowUp) -> String {
    format!("follow-ups/{}.txt", item.id)
}

fn file(path: &str, kind: &'static str, bytes: Content) -> Result<File, Diagnostics> {
    let refuse = |error| Diagnostic::error("E-OUTPUT", format!("cannot write `{path}`: {error}")).into();
    File::new(ComponentKind::SALES, path, kind, bytes).map_err(refuse)
}

/// A follow-up as it is copied: what it is for, then nothing but the text.
fn letter(item: &FollowUp) -> Content {
    let letter = Letter::default().line(item.channel.title(), &item.title).line("When", &item.when);
    let letter = match item.fill_in.is_empty() {
        true => letter,
        false => letter.line("Fill in by hand", &item.fill_in.join("; ")),
    };
    let letter = item.subject.iter().fold(letter, |letter, subject| letter.line("Subject", subject));
    letter.finish(&item.body)
}

/// The header and one sample row.
fn report(context: &LeadContext) -> Content {
    let titles: Vec<&str> = context.columns.iter().map(|column| &*column.title).collect();
    let samples: Vec<&str> = context.columns.iter().map(|column| &*column.sample).collect();
    let mut table = Table::new(&titles);
    table.row(&samples);
    table.finish()
}
