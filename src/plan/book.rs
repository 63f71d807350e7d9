//! The claim as a workbook that counts: whoever fills in the invoices sees what the fund pays.
//!
//! Of each cost counts what the tax basis says, if all dates that the fund looks at lie within the period and its paper is
//! filed before the claim is due; it is converted and rounded to the minor unit. Each activity is paid its share of that,
//! rounded, up to its own cap and what was approved of it; the claim the sum of these, up to what was approved and to its cap. Halves are rounded away from zero.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::amount::places;
use super::claim::{Claim, Pays, Row};
use super::part::{Basis, DateTest, Words};
use super::tables::{self, Line};
use crate::encode::Content;
use crate::encode::xlsx::sheet::{self, Cell, Counted, Input, Sheet, at, named};

/// Lines for invoices that are of no activity yet.
const SPARE: usize = 12;

/// The workbook of a claim, in the words of its first package.
pub fn book(claim: &Claim<'_>) -> Result<Content, String> {
    let head = claim.head();
    let columns = invoice_columns(head.fund.tax_basis);
    let (header, digits) = (claim.header(), places(&head.fund.currency));
    let book = Book { claim, header, columns, words: &head.words, rtl: head.rtl, digits };
    let sheets = [book.claim(), book.activities(), book.evidence(), book.invoices()];
    sheet::book(&sheets, book.digits, head.released)
}

struct Book<'b> {
    claim: &'b Claim<'b>,
    header: Vec<Line>,
    /// Of the sheet of invoices.
    columns: Vec<&'static str>,
    words: &'b Words,
    rtl: bool,
    digits: u32,
}

const CLAIM: &str = "sheet-claim";
const ACTIVITIES: &str = "sheet-activities";
const EVIDENCE: &str = "sheet-evidence";
const INVOICES: &str = "sheet-invoices";

impl Book<'_> {
    fn sheet(&self, word: &str, widths: &[u16], frozen: u32, rows: Vec<Vec<Cell>>) -> Sheet {
        Sheet { name: self.words.title(word).to_owned(), rtl: self.rtl, widths: widths.to_vec(), frozen, rows }
    }

    fn head(&self, field: &str) -> Cell {
        Cell::Head(self.words.title(&tables::word(field)).to_owned())
    }

    fn heads(&self, columns: &[&str]) -> Vec<Cell> {
        columns.iter().map(|column| self.head(column)).collect()
    }

    /// A cell of another sheet, as formulas name it.
    fn on(&self, sheet: &str, cell: &str) -> String {
        format!("{}!{cell}", named(self.words.title(sheet)))
    }

    /// The cells of a column of another sheet, in so many rows below its heads.
    fn column(&self, sheet: &str, column: usize, rows: usize) -> String {
        let fixed = |row: usize| sheet::fixed(row, column);
        self.on(sheet, &format!("{}:{}", fixed(1), fixed(rows.max(1))))
    }

    fn counted(formula: String) -> Cell {
        Cell::Formula(Counted { formula, result: Decimal::ZERO })
    }

    fn claim(&self) -> Sheet {
        let lines = &self.header;
        let mut rows = vec![vec![Cell::Title(self.words.title(CLAIM).to_owned())], Vec::new()];
        let place = |field: &str| self.header_cell(field);
        let count = self.claim.rows.len();
        let cost = format!("=SUM({})", self.column(ACTIVITIES, ActivityColumn::Cost as usize, count));
        let paid = format!("SUM({})", self.column(ACTIVITIES, ActivityColumn::Paid as usize, count));
        // Of what is not approved nothing is paid; what is not limited is paid in full.
        let bounds = [("amount_approved", "0"), ("cap", &*paid)];
        let bounds = bounds.into_iter().filter(|(field, _)| lines.iter().any(|line| line.field == *field));
        let bounds: String = bounds.map(|(field, unless)| bounded(&place(field), unless)).collect();
        let payable = format!("=MAX(0,MIN({paid}{bounds}))");
        let own = format!("={}-{}", sheet::fixed(lines.len() + 2, 1), place("amount_claimed"));
        for line in lines {
            let value = match line.field {
                "amount_claimed" => Self::counted(payable.clone()),
                _ => self.value(line),
            };
            rows.push(self.line(line.field, value));
        }
        rows.push(self.line("cost_counted", Self::counted(cost)));
        rows.push(self.line("own_part", Self::counted(own)));
        self.sheet(CLAIM, &[30, 44, 60], 0, rows)
    }

    fn line(&self, field: &str, value: Cell) -> Vec<Cell> {
        vec![self.head(field), value, Cell::Text(self.words.note(&tables::word(field)).to_owned())]
    }

    fn value(&self, line: &Line) -> Cell {
        let fund = &self.claim.head().fund;
        let period = &self.claim.head().period;
        let amount = |amount: Option<Decimal>| amount.map_or(Cell::Blank, Cell::Amount);
        match line.field {
            "period_start" => Cell::Day(period.start),
            "period_end" => Cell::Day(period.end),
            "cap" => amount(fund.cap),
            "amount_planned" => amount(self.claim.planned()),
            "reimbursement_planned" => match self.claim.pays {
                Pays::Planned(pays) => amount(pays),
                Pays::Elsewhere => Cell::Blank,
            },
            "submit_by" => Cell::Day(self.claim.submit_by()),
            "claim_due" => Cell::Day(self.claim.claim_due()),
            "keep_originals_until" => Cell::Day(self.claim.keep_until()),
            "amount_requested" | "amount_approved" => Cell::Input(Input::Amount),
            "attested_on" => Cell::Input(Input::Day),
            _ if line.is_open => Cell::Input(Input::Text),
            _ => Cell::Text(line.value.clone()),
        }
    }

    fn activities(&self) -> Sheet {
        let metrics = self.claim.metrics();
        let mut heads = self.heads(&ActivityColumn::NAMES);
        let asked = if self.approves_each() { &tables::APPROVED[..] } else { &[] };
        heads.extend(self.heads(asked));
        let [planned, actual] = ["planned", "actual"].map(|word| self.words.title(word));
        for (_, title) in &metrics {
            heads.extend([planned, actual].map(|word| Cell::Head(format!("{title} ({word})"))));
        }
        let rows = self.claim.rows.iter().enumerate().map(|(index, row)| self.activity(index + 1, row, &metrics));
        let mut widths = vec![26, 30, 34, 12, 12, 14, 14, 10, 14, 14, 14];
        widths.extend(asked.iter().map(|_| 14));
        widths.extend(metrics.iter().flat_map(|_| [10, 10]));
        self.sheet(ACTIVITIES, &widths, 1, [heads].into_iter().chain(rows).collect())
    }

    fn activity(&self, line: usize, row: &Row<'_>, metrics: &[(&str, &str)]) -> Vec<Cell> {
        let activity = row.activity;
        let own = |column: ActivityColumn| at(line, column as usize);
        let lines = self.invoice_lines();
        let [of, converted] = ["activity", "converted"].map(|name| self.column(INVOICES, self.invoice(name), lines));
        let cost = format!("=SUMIF({of},{},{converted})", own(ActivityColumn::Key));
        let [cost_cell, percent, share, cap, approved] = [
            ActivityColumn::Cost,
            ActivityColumn::Percent,
            ActivityColumn::Share,
            ActivityColumn::Cap,
            ActivityColumn::Approved,
        ]
        .map(own);
        let shared = format!("=ROUND({cost_cell}*{percent}/100,{})", self.digits);
        let approved = if self.approves_each() { bounded(&approved, "0") } else { String::new() };
        let paid = format!("=MIN({share}{}{approved})", bounded(&cap, &share));
        let amount = |amount: Option<Decimal>| amount.map_or(Cell::Blank, Cell::Amount);
        let mut cells = vec![
            Cell::Text(activity.key.to_string()),
            Cell::Text(activity.title.to_string()),
            Cell::Text(row.parts().map(|part| &*part.deployment).collect::<Vec<_>>().join(" ")),
            Cell::Day(activity.start),
            Cell::Day(activity.end),
            amount(row.amount),
            Self::counted(cost),
            Cell::Percent(row.percent()),
            Self::counted(shared),
            amount(activity.cap),
            Self::counted(paid),
        ];
        if self.approves_each() {
            cells.extend([Cell::Input(Input::Text), Cell::Input(Input::Amount)]);
        }
        for (metric, _) in metrics {
            cells.push(row.values.get(metric).map_or(Cell::Blank, |value| Cell::Count(*value)));
            cells.push(Cell::Input(Input::Amount));
        }
        cells
    }

    fn evidence(&self) -> Sheet {
        let columns = ["activity", "evidence", "shows", "required", "file_name", "file_by", "date_on_document", "note"];
        let mut rows = vec![self.heads(&columns)];
        for row in &self.claim.rows {
            rows.extend(row.activity.evidence.iter().map(|evidence| {
                let required = if evidence.optional { "no" } else { "yes" };
                vec![
                    Cell::Text(row.activity.key.to_string()),
                    Cell::Text(evidence.title.to_string()),
                    Cell::Text(self.words.title(&evidence.shows).to_owned()),
                    Cell::Text(self.words.title(required).to_owned()),
                    Cell::Text(evidence.file.to_string()),
                    Cell::Day(evidence.due),
                    Cell::Input(Input::Day),
                    Cell::Input(Input::Text),
                ]
            }));
        }
        self.sheet(EVIDENCE, &[26, 48, 14, 10, 64, 14, 14, 30], 1, rows)
    }

    fn approves_each(&self) -> bool {
        self.claim.approves_each()
    }

    fn basis(&self) -> Basis {
        self.claim.head().fund.tax_basis
    }

    fn invoice(&self, name: &str) -> usize {
        self.columns.iter().position(|column| *column == name).unwrap_or_default()
    }

    fn invoice_lines(&self) -> usize {
        let files = self.claim.rows.iter().map(|row| tables::invoice_files(self.claim, row).len());
        files.sum::<usize>() + SPARE
    }

    fn invoices(&self) -> Sheet {
        let columns = &self.columns;
        let mut rows = vec![self.heads(columns)];
        for row in &self.claim.rows {
            for file in tables::invoice_files(self.claim, row) {
                rows.push(self.invoice_line(rows.len(), &row.activity.key, Cell::Text(file)));
            }
        }
        for _ in 0..SPARE {
            rows.push(self.invoice_line(rows.len(), "", Cell::Input(Input::Text)));
        }
        let width = |name: &&str| match *name {
            "activity" | "supplier" | "description" => 28,
            "file_name" => 60,
            _ => 14,
        };
        self.sheet(INVOICES, &columns.iter().map(width).collect::<Vec<_>>(), 1, rows)
    }

    fn invoice_line(&self, line: usize, activity: &str, file: Cell) -> Vec<Cell> {
        let columns = &self.columns;
        let cells: BTreeMap<&str, String> =
            columns.iter().enumerate().map(|(column, name)| (*name, at(line, column))).collect();
        let cell = |name: &str| cells.get(name).map_or("0", String::as_str);
        let keys = self.column(ACTIVITIES, ActivityColumn::Key as usize, self.claim.rows.len());
        let of = |name: &&str| match *name {
            "activity" => Cell::Filled(Input::Among(keys.clone()), activity.to_owned()),
            "invoice_date" | "service_date" | "paid_on" | "filed_on" => Cell::Input(Input::Day),
            "net" | "tax" | "tax_recovered" | "not_eligible" => Cell::Input(Input::Amount),
            "exchange_rate" => Cell::Input(Input::Rate),
            "file_name" => file.clone(),
            "total" => Self::counted(format!("={}+{}", cell("net"), cell("tax"))),
            "eligible" => Self::counted(self.eligible(&cell)),
            "converted" => {
                let currency = self.on(CLAIM, &self.header_cell("currency"));
                let rate = format!("IF({}={currency},1,{})", cell("currency"), cell("exchange_rate"));
                Self::counted(format!("=ROUND({}*{rate},{})", cell("eligible"), self.digits))
            }
            _ => Cell::Input(Input::Text),
        };
        columns.iter().map(of).collect()
    }

    /// The value of a line of the claim's header.
    fn header_cell(&self, field: &str) -> String {
        let line = self.header.iter().position(|line| line.field == field).unwrap_or_default();
        sheet::fixed(line + 2, 1)
    }

    fn eligible<'c>(&self, cell: &impl Fn(&str) -> &'c str) -> String {
        let [start, end] = ["period_start", "period_end"].map(|field| self.on(CLAIM, &self.header_cell(field)));
        let (filed, due) = (cell("filed_on"), self.on(CLAIM, &self.header_cell("claim_due")));
        let mut holds = vec![format!("{filed}<>\"\""), format!("{filed}<={due}")];
        for date in &self.claim.head().fund.dates {
            let date = cell(match date {
                DateTest::Invoice => "invoice_date",
                DateTest::Service => "service_date",
                DateTest::Payment => "paid_on",
            });
            holds.extend([format!("{date}>={start}"), format!("{date}<={end}")]);
        }
        let counts = match self.basis() {
            Basis::Net => cell("net").to_owned(),
            Basis::Gross => cell("total").to_owned(),
            Basis::NetIfRecoverable => format!("{}-{}", cell("total"), cell("tax_recovered")),
        };
        format!("=IF(AND({}),MAX(0,{counts}-{}),0)", holds.join(","), cell("not_eligible"))
    }
}

/// The columns of the sheet of invoices: what is asked, and what is counted from it.
fn invoice_columns(basis: Basis) -> Vec<&'static str> {
    ["activity"].into_iter().chain(tables::invoice_columns(basis)).chain(["eligible", "converted"]).collect()
}

/// One more argument of a smallest number: what a cell holds, or else something.
fn bounded(cell: &str, unless: &str) -> String {
    format!(",IF({cell}=\"\",{unless},{cell})")
}

/// The columns of the sheet of activities that formulas name, in order.
#[derive(Clone, Copy)]
enum ActivityColumn {
    Key = 0,
    Cost = 6,
    Percent = 7,
    Share = 8,
    Cap = 9,
    Paid = 10,
    /// Where each activity is approved by itself.
    Approved = 12,
}

impl ActivityColumn {
    const NAMES: [&str; 11] = [
        "activity",
        "title",
        "deployments",
        "planned_start",
        "planned_end",
        "amount_planned",
        "cost",
        "reimbursed_percent",
        "share",
        "cap",
        "paid",
    ];
}
