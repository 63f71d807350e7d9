//! A claim as tables with one key, its id; and the rows that region and program have of all claims.

use std::sync::Arc;

use indexmap::IndexMap;
use rust_decimal::Decimal;

use super::claim::{Claim, Pays, Row};
use super::load::Loads;
use super::part::{Approval, Basis, DateTest, Part};
use crate::encode::Content;
use crate::encode::csv::Table;

/// A line of the claim's header.
pub struct Line {
    /// What it is: `claim_id`.
    pub field: &'static str,
    /// Empty where the partner fills it in.
    pub value: String,
    pub is_open: bool,
}

impl Claim<'_> {
    /// The header of the claim, a line each: what the packages know, and what people fill in.
    pub fn header(&self) -> Vec<Line> {
        let head = self.head();
        let fund = &head.fund;
        let text = |value: &Option<Arc<str>>| value.as_deref().unwrap_or_default().to_owned();
        let known = |field, value: String| Line { field, value, is_open: false };
        let open = |field| Line { field, value: String::new(), is_open: true };
        let mut lines = vec![
            known("claim_id", fund.claim.to_string()),
            known("fund", fund.name.to_string()),
            known("partner_id", head.partner.to_string()),
            known("partner_legal_name", text(&fund.legal_name)),
            known("partner_tax_id", text(&fund.tax_id)),
            known("deployments", self.deployments()),
            known("packages", self.parts.len().to_string()),
            known("partner_packages", head.packages.to_string()),
            known("utm_campaigns", spaced(self.parts.iter().map(|part| &*part.campaign))),
            known("utm_ids", spaced(self.parts.iter().map(|part| &*part.utm_id))),
            known("period_start", head.period.start.to_string()),
            known("period_end", head.period.end.to_string()),
            known("dates_within", spaced(fund.dates.iter().copied().map(DateTest::id))),
            known("currency", fund.currency.to_string()),
            known("reimbursed_percent", shown(Some(fund.reimbursed_percent))),
            known("tax_basis", fund.tax_basis.id().to_owned()),
            known("exchange_source", fund.exchange.source.to_string()),
            known("exchange_date", fund.exchange.date.to_string()),
            known("amount_planned", shown(self.planned())),
        ];
        if let Pays::Planned(pays) = self.pays {
            lines.extend([known("cap", shown(fund.cap)), known("reimbursement_planned", shown(pays))]);
        }
        lines.extend([
            known("submit_by", self.submit_by().to_string()),
            known("claim_due", self.claim_due().to_string()),
            known("keep_originals_until", self.keep_until().to_string()),
        ]);
        if fund.approval == Approval::Plan {
            lines.extend(["pre_approval_id", "amount_requested", "amount_approved"].map(open));
        }
        lines.extend(["amount_claimed", "attested_by", "attested_on"].map(open));
        lines
    }

    /// Whether each of its activities is approved by itself.
    pub fn approves_each(&self) -> bool {
        self.head().fund.approval == Approval::Each
    }

    /// The ids of its packages.
    pub fn deployments(&self) -> String {
        spaced(self.parts.iter().map(|part| &*part.deployment))
    }
}

impl Basis {
    pub fn id(self) -> &'static str {
        match self {
            Self::Net => "net",
            Self::Gross => "gross",
            Self::NetIfRecoverable => "net_if_recoverable",
        }
    }
}

impl Approval {
    pub fn id(self) -> &'static str {
        match self {
            Self::Each => "each",
            Self::Plan => "plan",
            Self::None => "none",
        }
    }
}

impl DateTest {
    pub fn id(self) -> &'static str {
        match self {
            Self::Invoice => "invoice",
            Self::Service => "service",
            Self::Payment => "payment",
        }
    }
}

fn spaced<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    words.into_iter().collect::<Vec<_>>().join(" ")
}

fn shown(amount: Option<Decimal>) -> String {
    amount.map(|amount| amount.to_string()).unwrap_or_default()
}

/// The names of the tables of claims.
pub const FILES: [&str; 4] = ["claim.csv", "activities.csv", "evidence.csv", "invoices.csv"];

/// The tables of some claims, in the order of [`FILES`].
pub fn of(claims: &[Claim<'_>]) -> [Content; 4] {
    [header, activities, evidence, invoices].map(|table| table(claims))
}

fn rows<'c, 'p>(claims: &'c [Claim<'p>]) -> impl Iterator<Item = (&'c Claim<'p>, &'c Row<'p>)> {
    claims.iter().flat_map(|claim| claim.rows.iter().map(move |row| (claim, row)))
}

/// The header, a field a line: it is filled in by people.
fn header(claims: &[Claim<'_>]) -> Content {
    let mut table = Table::new(&["field", "value", "filled_by", "note"]);
    for claim in claims {
        for line in claim.header() {
            let by = if line.is_open { "partner" } else { "package" };
            table.row(&[line.field, &line.value, by, claim.head().words.note(&word(line.field))]);
        }
    }
    table.finish()
}

/// The id of a word of the master for a field or column.
pub fn word(field: &str) -> String {
    field.replace('_', "-")
}

/// What an activity is told by wherever it stands.
const ACTIVITY: [&str; 16] = [
    "claim_id",
    "activity",
    "activity_id",
    "deployments",
    "kind",
    "title",
    "audience",
    "planned_start",
    "planned_end",
    "approval_due",
    "claim_due",
    "budget_percent",
    "amount_planned",
    "currency",
    "reimbursed_percent",
    "cap",
];

fn activity(claim: &Claim<'_>, row: &Row<'_>) -> Vec<String> {
    let (fund, activity) = (&claim.head().fund, row.activity);
    vec![
        fund.claim.to_string(),
        activity.key.to_string(),
        activity.id.to_string(),
        spaced(row.parts().map(|part| &*part.deployment)),
        activity.kind.to_string(),
        activity.title.to_string(),
        activity.audience.to_string(),
        activity.start.to_string(),
        activity.end.to_string(),
        activity.approval_due.map(|day| day.to_string()).unwrap_or_default(),
        activity.claim_due.to_string(),
        activity.budget.to_string(),
        shown(row.amount),
        fund.currency.to_string(),
        shown(Some(row.percent())),
        shown(activity.cap),
    ]
}

/// Planned beside actual, for every metric of the claim.
fn activities(claims: &[Claim<'_>]) -> Content {
    let metrics: IndexMap<&str, &str> = claims.iter().flat_map(Claim::metrics).collect();
    let mut header: Vec<String> = ACTIVITY.map(str::to_owned).into();
    let is_approved = claims.iter().any(Claim::approves_each);
    let asked = APPROVED.iter().filter(|_| is_approved).chain(&["actual_start", "actual_end", "amount_actual"]);
    let asked: Vec<String> = asked.map(|column| (*column).to_owned()).collect();
    header.extend_from_slice(&asked);
    header.extend(metrics.keys().flat_map(|id| [format!("planned_{id}"), format!("actual_{id}")]));
    header.extend(["utm_campaigns", "utm_ids", "utm_contents"].map(str::to_owned));
    let mut table = Table::new(&header);
    for (claim, row) in rows(claims) {
        let mut cells = activity(claim, row);
        cells.extend(asked.iter().map(|_| String::new()));
        for metric in metrics.keys() {
            cells.extend([row.values.get(metric).map(i64::to_string).unwrap_or_default(), String::new()]);
        }
        cells.push(spaced(row.parts().map(|part| &*part.campaign)));
        cells.push(spaced(row.parts().map(|part| &*part.utm_id)));
        cells.push(row.contents().join(" "));
        table.row(&cells);
    }
    table.finish()
}

/// The checklist: a line for each file, with the name it must have.
fn evidence(claims: &[Claim<'_>]) -> Content {
    let mut table = Table::new(&[
        "claim_id",
        "activity",
        "number",
        "evidence",
        "title",
        "shows",
        "required",
        "file_name",
        "file_by",
        "date_on_document",
        "done",
        "note",
    ]);
    for (claim, row) in rows(claims) {
        for (index, evidence) in row.activity.evidence.iter().enumerate() {
            table.row(&[
                &*claim.head().fund.claim,
                &row.activity.key,
                &(index + 1).to_string(),
                &evidence.id,
                &evidence.title,
                &evidence.shows,
                if evidence.optional { "no" } else { "yes" },
                &evidence.file,
                &evidence.due.to_string(),
            ]);
        }
    }
    table.finish()
}

/// What is asked of each activity that is approved by itself, in the table and in the workbook.
pub const APPROVED: [&str; 2] = ["approval_id", "amount_approved"];

/// How many lines each paper on a cost has; more are added by copying.
const INVOICES: usize = 2;

/// The names of the files of an activity's invoices: those that the checklist has for them. A second one of a kind has a number behind
/// its name; whose kind asks for none has lines all the same.
pub fn invoice_files(claim: &Claim<'_>, row: &Row<'_>) -> Vec<String> {
    let papers = row.activity.evidence.iter().filter(|evidence| &*evidence.shows == "cost");
    let mut names: Vec<String> = papers.map(|evidence| evidence.file.to_string()).collect();
    if names.is_empty() {
        names.push(format!("{}_{}_invoice.pdf", claim.head().fund.claim, row.activity.key));
    }
    let numbered = |name: String| {
        let (stem, kind) = name.rsplit_once('.').unwrap_or((&name, "pdf"));
        let further = (2..=INVOICES).map(|number| format!("{stem}-{number}.{kind}")).collect::<Vec<_>>();
        [name.clone()].into_iter().chain(further)
    };
    names.into_iter().flat_map(numbered).collect()
}

/// What is asked of each invoice, in the table and in the workbook, and by what fund. What tax comes back is asked only where it counts.
pub fn invoice_columns(basis: Basis) -> impl Iterator<Item = &'static str> {
    let is_asked = move |name: &&str| *name != "tax_recovered" || basis == Basis::NetIfRecoverable;
    INVOICE.into_iter().filter(is_asked)
}

const INVOICE: [&str; 16] = [
    "supplier",
    "invoice_number",
    "invoice_date",
    "service_date",
    "paid_on",
    "supplier_tax_id",
    "description",
    "currency",
    "net",
    "tax",
    "total",
    "tax_recovered",
    "not_eligible",
    "exchange_rate",
    "file_name",
    "filed_on",
];

/// Prepared lines for each activity.
fn invoices(claims: &[Claim<'_>]) -> Content {
    let is_asked =
        |name: &&str| claims.iter().any(|claim| invoice_columns(claim.head().fund.tax_basis).any(|it| it == *name));
    let asked: Vec<&str> = INVOICE.into_iter().filter(is_asked).collect();
    let mut table = Table::new(&[&["claim_id", "activity", "line"], &asked[..]].concat());
    for (claim, row) in rows(claims) {
        for (line, file) in invoice_files(claim, row).iter().enumerate() {
            let number = (line + 1).to_string();
            let named: [&str; 3] = [&claim.head().fund.claim, &row.activity.key, &number];
            let cell = |name: &&str| if *name == "file_name" { file.as_str() } else { "" };
            table.row(&named.into_iter().chain(asked.iter().map(cell)).collect::<Vec<_>>());
        }
    }
    table.finish()
}

/// Rows of many claims and packages, for a region or the program: they are added partner by partner.
pub struct Sums {
    goals: Table,
    claims: Table,
    activities: Table,
    planned: Table,
    loads: Loads,
}

/// Their names.
pub const SUMS: [&str; 5] = ["goals.csv", "claims.csv", "activities.csv", "planned.csv", LOAD];

/// The name of the table of what a week takes.
pub const LOAD: &str = "load.csv";

impl Default for Sums {
    fn default() -> Self {
        Self {
            goals: goals_table(),
            claims: Table::new(&[
                "claim_id",
                "partner",
                "partner_name",
                "fund",
                "currency",
                "packages",
                "deployments",
                "period_start",
                "period_end",
                "reimbursed_percent",
                "cap",
                "amount_planned",
                "reimbursement_planned",
                "submit_by",
                "claim_due",
                "keep_originals_until",
            ]),
            activities: Table::new(&ACTIVITY),
            planned: Table::new(&["claim_id", "activity", "deployment", "metric", "planned"]),
            loads: Loads::default(),
        }
    }
}

impl Sums {
    /// Adds some of the packages of one partner. What its claims come to is what they come to with all of them.
    pub fn add(&mut self, parts: &[Part], is_of: impl Fn(&Part) -> bool) {
        for part in parts.iter().filter(|part| is_of(part)) {
            add_goals(&mut self.goals, part);
            self.loads.add(part);
        }
        for claim in super::claims(parts).iter().filter_map(|claim| claim.of_some(&is_of)) {
            self.claims.row(&summed(&claim));
            for row in &claim.rows {
                self.activities.row(&activity(&claim, row));
            }
            claim.parts.iter().for_each(|part| add_planned(&mut self.planned, part));
        }
    }

    /// In the order of [`SUMS`].
    pub fn finish(self) -> [Content; 5] {
        let [goals, claims, activities, planned] =
            [self.goals, self.claims, self.activities, self.planned].map(Table::finish);
        [goals, claims, activities, planned, self.loads.table()]
    }
}

fn summed(claim: &Claim<'_>) -> [String; 16] {
    let head = claim.head();
    let fund = &head.fund;
    [
        fund.claim.to_string(),
        head.partner.to_string(),
        head.name.to_string(),
        fund.name.to_string(),
        fund.currency.to_string(),
        claim.parts.len().to_string(),
        claim.deployments(),
        head.period.start.to_string(),
        head.period.end.to_string(),
        shown(Some(fund.reimbursed_percent)),
        shown(fund.cap),
        shown(claim.planned()),
        match claim.pays {
            Pays::Planned(pays) => shown(pays),
            Pays::Elsewhere => String::new(),
        },
        claim.submit_by().to_string(),
        claim.claim_due().to_string(),
        claim.keep_until().to_string(),
    ]
}

fn goals_table() -> Table {
    Table::new(&["partner", "deployment", "package_number", "partner_packages", "metric", "title", "goal", "planned"])
}

fn add_goals(table: &mut Table, part: &Part) {
    for goal in &part.goals {
        let number = |number: i64| number.to_string();
        table.row(&[
            &*part.partner,
            &part.deployment,
            &part.number.to_string(),
            &part.packages.to_string(),
            &goal.metric,
            &goal.title,
            &number(goal.goal),
            &number(goal.planned),
        ]);
    }
}

/// What each package plans of each of its partner's goals.
pub fn goals<'p>(parts: impl IntoIterator<Item = &'p Part>) -> Content {
    let mut table = goals_table();
    parts.into_iter().for_each(|part| add_goals(&mut table, part));
    table.finish()
}

fn add_planned(table: &mut Table, part: &Part) {
    for activity in &part.activities {
        for (metric, value) in &activity.values {
            table.row(&[&*part.fund.claim, &activity.key, &part.deployment, metric, &value.to_string()]);
        }
    }
}
