//! The dates of the program in the partner's region.

use std::sync::Arc;

use jiff::civil::Date;

use super::Input;
use super::plan::Plan;
use super::readers::Reader;
use crate::calendar::{Days, plus};
use crate::data::Data;
use crate::deployment::Deployment;
use crate::diag::Diagnostics;
use crate::encode::{ics, plain};
use crate::package::playbook::{Anchor, CalendarItem, Playbook, Words};
use crate::package::program::{Period, Program};
use crate::plan::Dated;

/// Something with a date.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Unique in the calendar; the same in every build.
    pub id: String,
    pub date: Date,
    pub title: Arc<str>,
    pub detail: Arc<str>,
    /// `hq`, `region` or `partner`
    pub owner: Arc<str>,
    /// What it is called in the calendar.
    category: Arc<str>,
}

impl Entry {
    pub fn data(&self) -> Data {
        Data::map([
            ("id", self.id.as_str().into()),
            ("date", self.date.to_string().into()),
            ("title", Data::Text(self.title.clone())),
            ("detail", Data::Text(self.detail.clone())),
            ("owner", Data::Text(self.owner.clone())),
        ])
    }

    /// The same as the package tells it.
    pub fn dated(self) -> Dated {
        let Self { id, date, title, detail, owner, category } = self;
        Dated { id: id.into(), date, title, detail, owner, category }
    }

    pub fn event<'b>(&'b self, program: &Program, deployment: &Deployment) -> ics::Event<'b> {
        ics::Event {
            uid: format!("{}.{}@{}", self.id, deployment.slug, program.id),
            date: self.date,
            title: &self.title,
            detail: &self.detail,
            category: &self.category,
        }
    }
}

/// The playbook's own dates and the deadlines of the claim, in order of time and in the words of a reader.
pub fn entries(input: &Input<'_>, reader: &Reader) -> Result<Vec<Entry>, Diagnostics> {
    let package = input.package;
    let work = package.region.calendar.days();
    let playbook: Playbook = reader.model("playbook")?;
    let items = playbook.calendar.iter();
    let dated = |item| dates(item, &playbook.words, &package.program, &work);
    let mut entries: Vec<Entry> = items.flat_map(dated).collect();
    entries.extend(deadlines(&Plan::new(input), reader, &playbook.words));
    entries.sort_by_key(|entry| entry.date);
    Ok(entries)
}

fn category(owner: &Arc<str>, words: &Words) -> Arc<str> {
    words.owners.get(owner).unwrap_or(owner).clone()
}

fn dates(item: &CalendarItem, words: &Words, program: &Program, work: &Days) -> Vec<Entry> {
    let Period { start, end, .. } = program.period;
    let anchor = match item.from {
        Anchor::Release => work.on_or_after(program.released),
        Anchor::Start => work.on_or_after(start),
        Anchor::End => work.on_or_before(end),
    };
    let first = work.offset(anchor, item.day);
    let entry = |number: usize, date: Date| Entry {
        id: if number == 0 { item.id.to_string() } else { format!("{}-{}", item.id, number + 1) },
        date,
        title: item.title.clone(),
        detail: item.detail.clone(),
        owner: item.owner.clone(),
        category: category(&item.owner, words),
    };
    if !item.weekly {
        return vec![entry(0, first)];
    }
    // Weeks count from the planned day, so one holiday does not shift all later weeks.
    let planned = (0..).map(|week| plus(first, 7 * week)).take_while(|day| *day <= end && *day < Date::MAX);
    let kept = planned.map(|day| work.on_or_after(day)).take_while(|day| *day <= end);
    kept.enumerate().map(|(number, day)| entry(number, day)).collect()
}

/// What a fund would not forgive.
fn deadlines<'e>(plan: &'e Plan<'_>, reader: &'e Reader, words: &'e Words) -> impl Iterator<Item = Entry> + 'e {
    let owner: Arc<str> = "partner".into();
    let entry = move |id: String, date, title: Arc<str>, detail: Arc<str>| {
        let category = category(&owner, words);
        Entry { id, date, title, detail, owner: owner.clone(), category }
    };
    let labelled = move |label: &str, text: &str| -> Arc<str> { plain::labelled(label, &words.colon, text).into() };
    let titled = |id: &str| {
        let activity = reader.data.get("proof").and_then(|proof| proof.at(&format!("activities[{id}].title")));
        activity.and_then(Data::as_str).map(str::to_owned)
    };
    let claim =
        entry("claim".to_owned(), plan.submit_by, words.claim.clone(), labelled(&words.claim_detail, &plan.claim));
    let approvals = plan.activities.iter().map(move |planned| {
        let title = titled(&planned.activity.id).unwrap_or_else(|| planned.activity.title.to_string());
        let id = format!("approval-{}", planned.activity.id);
        entry(id, planned.approval_due, labelled(&words.approval, &title), words.approval_detail.clone())
    });
    approvals.chain([claim])
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn program() -> Program {
        let period = Period { code: "q".into(), name: "Q".into(), start: date(2027, 1, 9), end: date(2027, 1, 31) };
        Program { id: "p".into(), version: "1".into(), released: date(2026, 11, 14), period }
    }

    fn item(from: Anchor, day: i32, weekly: bool) -> CalendarItem {
        CalendarItem {
            id: "x".into(),
            from,
            day,
            weekly,
            minutes: None,
            title: "X".into(),
            detail: "Y".into(),
            owner: "hq".into(),
        }
    }

    fn on(item: &CalendarItem) -> Vec<(String, Date)> {
        let entries = dates(item, &Words::default(), &program(), &Days::new(None, None, [date(2027, 1, 18)]));
        entries.into_iter().map(|entry| (entry.id, entry.date)).collect()
    }

    #[test]
    fn days_count_from_working_days() {
        assert_eq!(on(&item(Anchor::Start, 0, false)), [("x".into(), date(2027, 1, 11))]);
        assert_eq!(on(&item(Anchor::Start, -1, false)), [("x".into(), date(2027, 1, 8))]);
        assert_eq!(on(&item(Anchor::End, 0, false)), [("x".into(), date(2027, 1, 29))]);
        assert_eq!(on(&item(Anchor::Release, 0, false)), [("x".into(), date(2026, 11, 16))]);
    }

    #[test]
    fn a_holiday_moves_one_week_only() {
        let days: Vec<_> = on(&item(Anchor::Start, 0, true)).into_iter().map(|(_, day)| day).collect();
        assert_eq!(days, [date(2027, 1, 11), date(2027, 1, 19), date(2027, 1, 25)]);
    }
}
