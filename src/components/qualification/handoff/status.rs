//! The status file that the partner returns: `qualification/status.csv`, and the same as a workbook that knows what each
//! cell may hold. Its words are the model's: states, what the partner tells, reasons, outcomes.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::super::super::Input;
use super::{Handed, is_partners, record};
use crate::encode::Content;
use crate::encode::csv::Table;
use crate::encode::xlsx::{Column, Form, Holds, Line, Page};
use crate::journey::Path;
use crate::journey::view::{Named, View};
use crate::package::journey::{Machine, State, StatusWords};
use crate::package::qualification::FeedbackStatus;

pub const TABLE_FILE: &str = "status.csv";
pub const BOOK_FILE: &str = "status.xlsx";

const SHEET: &str = "status";
const LISTS: &str = "lists";

/// The columns, in their order. `docs/output.md` tells of each.
pub const COLUMNS: [&str; 11] = [
    record::ID,
    "received_on",
    DECISION,
    REASON,
    "first_contact_on",
    STATE,
    "next_step",
    OUTCOME,
    "amount",
    "currency",
    "updated_on",
];
/// What the partner decides when it gets a lead.
pub const DECISION: &str = "decision";
const REASON: &str = "reason";
const STATE: &str = "state";
const OUTCOME: &str = "outcome";
const CLOSED: [&str; 4] = [DECISION, REASON, STATE, OUTCOME];

/// How many letters the code of a currency has.
const CURRENCY: u32 = 3;

/// What a partner may answer.
pub struct Status<'h> {
    machine: &'h str,
    decisions: Vec<&'h str>,
    reasons: Vec<&'h str>,
    states: Vec<&'h str>,
    outcomes: Vec<&'h str>,
    /// For each outcome, the states beside which it may stand.
    beside: Vec<String>,
}

impl<'h> Status<'h> {
    pub fn new(handed: &Handed<'h>) -> Self {
        let package = handed.package;
        let journey = &package.journey;
        let states = from(handed.machine, handed.state);
        let heard: BTreeSet<&str> = states.iter().flat_map(|state| state.to.keys()).map(|event| &**event).collect();
        let given = journey.happens.iter().filter(|it| is_partners(it)).filter(|it| heard.contains(&*it.id));
        let mut seen = BTreeSet::new();
        let reasons = given.flat_map(|it| &it.reasons).map(|it| &*it.id).filter(|id| seen.insert(*id)).collect();
        let outcomes = || package.qualification.feedback.iter().filter(|it| it.ends.is_none());
        let beside = |it: &FeedbackStatus| {
            let named =
                states.iter().filter(|state| may_follow(it, handed.machine, state, &package.qualification.feedback));
            named.map(|state| &*state.id).collect::<Vec<_>>().join(" ")
        };
        Self {
            beside: outcomes().map(beside).collect(),
            machine: &handed.machine.id,
            decisions: handed.decisions(journey).map(|(it, _)| &*it.id).collect(),
            reasons,
            states: states.iter().map(|state| &*state.id).collect(),
            outcomes: outcomes().map(|it| &*it.id).collect(),
        }
    }

    fn words(&self, column: &str) -> &[&'h str] {
        match column {
            DECISION => &self.decisions,
            REASON => &self.reasons,
            STATE => &self.states,
            OUTCOME => &self.outcomes,
            _ => &[],
        }
    }

    /// The header alone: a row a lead follows.
    pub fn table(&self) -> Content {
        Table::new(&COLUMNS).finish()
    }

    pub fn book(&self, input: &Input<'_>) -> Result<Content, String> {
        let views = views(input);
        let words = views.first().map(|view| &view.words.status_file);
        let hint = |name: &str| words.and_then(|words| words.columns.get(name)).map_or("", |hint| hint);
        let columns =
            COLUMNS.map(|name| Column { name, width: width(name), holds: self.holds(name), hint: hint(name) });
        let pages = views.iter().map(|view| Page {
            name: &view.language,
            rtl: view.rtl,
            lines: self.page(view, &view.words.status_file),
        });
        let day = input.package.program.released;
        let form = Form { name: SHEET, columns: columns.into(), pages: pages.collect(), lists: LISTS, day };
        input.once.book(&form)
    }

    fn holds(&self, column: &str) -> Holds<'h> {
        match column {
            "amount" => Holds::Amount,
            "currency" => Holds::Letters(CURRENCY),
            _ if column.ends_with("_on") => Holds::Date,
            // Without words to choose from a reason is free.
            _ => match self.words(column) {
                [] => Holds::Text,
                words => Holds::OneOf(words.to_vec()),
            },
        }
    }

    /// What each column holds, and what each word of a closed one means.
    fn page<'v>(&'v self, view: &'v View, words: &'v StatusWords) -> Vec<Line<'v>>
    where
        'h: 'v,
    {
        let mut lines = vec![Line::Title(&words.title)];
        lines.extend(words.about.iter().map(|text| Line::Text(text)));
        lines.extend([Line::Blank, Line::Header(vec![&words.column, &words.meaning])]);
        let meaning = |name: &str| words.columns.get(name).map_or("", |text| text);
        lines.extend(COLUMNS.map(|name| Line::Row(vec![name, meaning(name)])));
        lines.extend([Line::Blank, Line::Header(vec![&words.column, &words.value, &words.meaning, &words.beside])]);
        for column in CLOSED {
            let title = |word: &'h str| title(view, self.machine, column, word);
            let rows = self.words(column).iter().enumerate();
            lines.extend(rows.map(|(at, word)| {
                let beside = self.beside.get(at).filter(|_| column == OUTCOME).map_or("", String::as_str);
                Line::Row(vec![column, word, title(word), beside])
            }));
        }
        lines
    }
}

/// The closed columns, save the state, which the lead's path knows: of each its words with what they mean.
pub fn answers<'h: 'v, 'v>(handed: &Handed<'h>, view: &'v View) -> Vec<(&'static str, Vec<(&'h str, &'v str)>)> {
    let status = Status::new(handed);
    let columns = CLOSED.into_iter().filter(|column| *column != STATE);
    let words = |column: &'static str| {
        let words = status.words(column).iter();
        (column, words.map(|word| (*word, title(view, status.machine, column, word))).collect())
    };
    columns.map(words).collect()
}

/// Whether an outcome may stand beside a state: one that it may follow, or that one may which it follows.
fn may_follow(outcome: &FeedbackStatus, machine: &Machine, state: &State, feedback: &[FeedbackStatus]) -> bool {
    let mut all = vec![outcome];
    let mut at = 0;
    while let Some(outcome) = all.get(at).copied() {
        at += 1;
        let before = feedback.iter().filter(|it| it.ends.is_none() && outcome.after.contains(&it.id));
        let before: Vec<_> = before.filter(|it| all.iter().all(|known| known.id != it.id)).collect();
        all.extend(before);
    }
    let place = format!("{}.{}", machine.id, state.id);
    let is_rest = || state.who.is_none();
    all.iter().any(|it| it.after.iter().any(|after| **after == *place) || (it.after.is_empty() && is_rest()))
}

fn width(column: &str) -> u16 {
    match column {
        "next_step" => 40,
        record::ID | REASON | STATE | DECISION => 22,
        _ => 15,
    }
}

/// The states from which a record is handed over on.
fn from<'m>(machine: &'m Machine, first: &'m State) -> Vec<&'m State> {
    let mut reached = BTreeSet::from([&first.id]);
    loop {
        let before = reached.len();
        let next = machine.states.iter().filter(|it| reached.contains(&it.id)).flat_map(|it| it.to.values());
        let next: Vec<&Arc<str>> = next.collect();
        reached.extend(next);
        if reached.len() == before {
            return machine.states.iter().filter(|it| reached.contains(&it.id)).collect();
        }
    }
}

/// The path in the languages of its readers; in the master's where it is told in none of them.
fn views<'i>(input: &Input<'i>) -> Vec<&'i View> {
    let told: Vec<&View> = input.path.into_iter().flat_map(Path::told).map(|told| &told.view).collect();
    let language = |tag: &str| tag.split('-').next().map(str::to_owned);
    let mut views: Vec<&View> = Vec::new();
    for locale in &input.deployment.locales {
        let own = told.iter().find(|view| view.language == *locale);
        let found = own.or_else(|| told.iter().find(|view| language(&view.language) == language(locale)));
        let found = found.or_else(|| told.first());
        views.extend(found.filter(|view| views.iter().all(|it| it.language != view.language)));
    }
    views
}

fn title<'v>(view: &'v View, machine: &str, column: &str, word: &'v str) -> &'v str {
    let of = |named: &'v [Named]| named.iter().find(|it| *it.id == *word).map(|it| &*it.title);
    let happens = &view.model.happens;
    let found = match column {
        DECISION => Some(view.event(word)),
        REASON => {
            let mut reasons = happens.iter().flat_map(|it| &it.reasons);
            reasons.find(|it| *it.named.id == *word).map(|it| &*it.named.title)
        }
        STATE => {
            let states = view.machine(machine).map(|it| it.states.iter());
            states.into_iter().flatten().find(|it| *it.named.id == *word).map(|it| &*it.named.title)
        }
        _ => of(&view.outcomes),
    };
    found.unwrap_or(word)
}
