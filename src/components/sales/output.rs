//! `sales/follow-ups/<id>.txt` and `sales/lead-context.csv`.

use super::super::{ComponentKind, File};
use crate::diag::{Diagnostic, Diagnostics};
use crate::package::sales::{FollowUp, LeadContext, Sales};

pub(super) const REPORT: &str = "sales/lead-context.csv";

pub(super) fn files(sales: &Sales) -> Result<Vec<File>, Diagnostics> {
    let mut files = vec![file(REPORT, "table", report(&sales.lead_context)?)?];
    for item in &sales.follow_ups {
        files.push(file(&path(item), "text", letter(item).into_bytes())?);
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

fn file(path: &str, kind: &'static str, bytes: Vec<u8>) -> Result<File, Diagnostics> {
    let refuse = |error| Diagnostic::error("E-OUTPUT", format!("cannot write `{path}`: {error}")).into();
    File::new(ComponentKind::SALES, path, kind, bytes).map_err(refuse)
}

/// A follow-up as it is copied: what it is for, then nothing but the text.
fn letter(item: &FollowUp) -> String {
    let mut text = format!("{}: {}\nWhen: {}\n", item.channel.title(), item.title, item.when);
    if !item.fill_in.is_empty() {
        text.push_str(&format!("Fill in by hand: {}\n", item.fill_in.join("; ")));
    }
    if let Some(subject) = &item.subject {
        text.push_str(&format!("Subject: {subject}\n"));
    }
    text.push_str("\n----\n\n");
    text.push_str(item.body.trim_end());
    text.push('\n');
    text
}

/// The header and one sample row.
fn report(context: &LeadContext) -> Result<Vec<u8>, Diagnostics> {
    let refuse =
        |error: &dyn std::fmt::Display| Diagnostic::error("E-OUTPUT", format!("cannot write `{REPORT}`: {error}"));
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    for row in [
        context.columns.iter().map(|column| harmless(&column.title)).collect::<Vec<_>>(),
        context.columns.iter().map(|column| harmless(&column.sample)).collect(),
    ] {
        writer.write_record(&row).map_err(|error| refuse(&error))?;
    }
    writer.into_inner().map_err(|error| refuse(&error).into())
}

/// A cell that no spreadsheet runs as a formula: an apostrophe goes before `=`, `+`, `-` and `@`.
fn harmless(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell.to_owned() }
}
