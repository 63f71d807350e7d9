//! The claim workbook below `proof/`: four tables with one key, the claim's id.

use std::sync::Arc;

use super::super::{Asked, Input, Task};
use super::plan::{Plan, Planned};
use crate::encode::Content;
use crate::encode::csv::Table;

pub fn task() -> Task {
    let files = ["claim.csv", "activities.csv", "evidence.csv", "invoices.csv"];
    let tables = |input: &Input<'_>| {
        let plan = Plan::new(input);
        Ok(vec![claim(&plan, input), activities(&plan), evidence(&plan), invoices(&plan)])
    };
    Task::new(files.map(|name| Asked::always(format!("proof/{name}"), "table")), tables)
}

/// The header of the claim, a field a line: it is filled in by people.
fn claim(plan: &Plan<'_>, input: &Input<'_>) -> Content {
    let (package, fund) = (input.package, &plan.proof.fund);
    let period = &package.program.period;
    let legal = &package.partner.legal;
    let text = |value: &Option<Arc<str>>| value.as_deref().unwrap_or_default().to_owned();
    let percent = fund.reimbursed_percent.map(|percent| percent.to_string()).unwrap_or_default();
    let mut table = Table::new(&["field", "value", "filled_by", "note"]);
    let mut known = |field: &str, value: &str, note: &str| table.row(&[field, value, "package", note]);
    known("claim_id", &plan.claim, "Names every file of evidence");
    known("fund", &fund.name, "");
    known("partner_id", &input.deployment.partner, "");
    known("partner_legal_name", &text(&legal.legal_name), "Invoices must be made out to this name");
    known("partner_tax_id", &text(&legal.vat_id), "");
    known("deployment_id", &input.deployment.id, "");
    known(
        "package_number",
        &(plan.ordinal.before + 1).to_string(),
        "Goals are the partner's, and split over its packages",
    );
    known("partner_packages", &plan.ordinal.of.to_string(), "The partner's packages of the period, with a claim each");
    known("utm_campaign", &plan.campaign, "Finds the numbers in analytics");
    known("utm_id", &plan.utm_id, "Finds the leads in the CRM");
    known("period_start", &period.start.to_string(), "No cost before this day is paid");
    known("period_end", &period.end.to_string(), "No cost after this day is paid");
    known("currency", plan.currency, "Every invoice states its currency");
    known("reimbursed_percent", &percent, "Of the approved cost");
    known("submit_by", &plan.submit_by.to_string(), "The last working day in time");
    known("claim_due", &plan.claim_due.to_string(), "Later claims are not paid");
    known("keep_originals_until", &plan.retention_until.to_string(), "");
    let mut open = |field: &str, note: &str| table.row(&[field, "", "partner", note]);
    open("pre_approval_id", "As stated in the approval; required before the first activity");
    open("amount_requested", "Net of tax");
    open("amount_approved", "As stated in the approval");
    open("amount_claimed", "The sum of invoices.csv; not more than approved");
    open("exchange_rate", "Only if invoices are in another currency");
    open("exchange_rate_date", "Year-month-day");
    open("attested_by", "Name and function of the person who signs");
    open("attested_on", "Year-month-day");
    table.finish()
}

/// Planned beside actual, for every metric of the program.
fn activities(plan: &Plan<'_>) -> Content {
    let mut header: Vec<String> = [
        "claim_id",
        "activity_id",
        "kind",
        "title",
        "audience",
        "planned_start",
        "planned_end",
        "actual_start",
        "actual_end",
        "approval_due",
        "claim_due",
        "budget_percent",
        "amount_planned",
        "amount_actual",
        "currency",
    ]
    .map(str::to_owned)
    .into();
    for metric in &plan.proof.metrics {
        header.extend([format!("planned_{}", metric.id), format!("actual_{}", metric.id)]);
    }
    header.extend(["utm_campaign", "utm_id", "utm_contents"].map(str::to_owned));
    let mut table = Table::new(&header);
    for planned in &plan.activities {
        table.row(&activity(plan, planned));
    }
    table.finish()
}

fn activity(plan: &Plan<'_>, planned: &Planned<'_>) -> Vec<String> {
    let activity = planned.activity;
    let mut row = vec![
        plan.claim.clone(),
        activity.id.to_string(),
        activity.kind.to_string(),
        activity.title.to_string(),
        activity.audience.to_string(),
        planned.start.to_string(),
        planned.end.to_string(),
        String::new(),
        String::new(),
        planned.approval_due.to_string(),
        planned.claim_due.to_string(),
        activity.budget.to_string(),
        String::new(),
        String::new(),
        plan.currency.to_owned(),
    ];
    for metric in &plan.proof.metrics {
        let value = planned.values.iter().find(|(of, _)| of.id == metric.id);
        row.extend([value.map(|(_, value)| value.to_string()).unwrap_or_default(), String::new()]);
    }
    row.extend([plan.campaign.clone(), plan.utm_id.clone(), planned.contents.join(" ")]);
    row
}

/// The checklist: a line for each file, with the name it must have.
fn evidence(plan: &Plan<'_>) -> Content {
    let mut table = Table::new(&[
        "claim_id",
        "activity_id",
        "number",
        "evidence",
        "title",
        "shows",
        "required",
        "file_name",
        "date_on_document",
        "done",
        "note",
    ]);
    for planned in &plan.activities {
        for (index, evidence) in planned.evidence.iter().enumerate() {
            table.row(&[
                &*plan.claim,
                &planned.activity.id,
                &(index + 1).to_string(),
                &evidence.item.id,
                &evidence.item.title,
                evidence.shows(),
                if evidence.item.optional { "no" } else { "yes" },
                &evidence.file,
            ]);
        }
    }
    table.finish()
}

/// Two prepared lines for each activity; more are added by copying.
fn invoices(plan: &Plan<'_>) -> Content {
    let mut table = Table::new(&[
        "claim_id",
        "activity_id",
        "line",
        "supplier",
        "invoice_number",
        "invoice_date",
        "supplier_tax_id",
        "description",
        "currency",
        "net",
        "tax",
        "total",
        "paid_on",
        "file_name",
    ]);
    for planned in &plan.activities {
        let id = &planned.activity.id;
        for line in 1..=2 {
            let file = format!("{}_{id}_invoice_{line:02}.pdf", plan.claim);
            table.row(&[&*plan.claim, id, &line.to_string(), "", "", "", "", "", plan.currency, "", "", "", "", &file]);
        }
    }
    table.finish()
}
