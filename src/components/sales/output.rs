//! `sales/follow-ups/<id>.txt` and `sales/lead-context.csv`.

use std::sync::Arc;

use super::super::table::Table;
use super::super::{ComponentKind, File};
use crate::diag::{Diagnostic, Diagnostics};
use crate::package::sales::{FollowUp, LeadContext, Sales};

pub(super) const REPORT: &str = "sales/lead-context.csv";

pub(super) fn files(sales: &Sales) -> Result<Vec<File>, Diagnostics> {
    let mut files = vec![file(REPORT, "table", report(&sales.lead_context))?];
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

fn file(path: &str, kind: &'static str, bytes: impl Into<Arc<[u8]>>) -> Result<File, Diagnostics> {
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
fn report(context: &LeadContext) -> Arc<[u8]> {
    let titles: Vec<&str> = context.columns.iter().map(|column| &*column.title).collect();
    let samples: Vec<&str> = context.columns.iter().map(|column| &*column.sample).collect();
    let mut table = Table::new(&titles);
    table.row(&samples);
    table.finish()
}
