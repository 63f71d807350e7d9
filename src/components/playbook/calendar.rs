//! The dates of the program in the partner's region.

use std::borrow::Cow;

use jiff::civil::Date;

use super::super::{Input, proof};
use crate::calendar::{Days, plus};
use crate::data::Data;
use crate::deployment::Deployment;
use crate::encode::ics;
use crate::package::playbook::{Anchor, CalendarItem};
use crate::package::program::{Period, Program};

/// Something with a date.
#[derive(Clone, Debug)]
pub struct Entry<'a> {
    /// Unique in the calendar; the same in every build.
    pub id: String,
    pub date: Date,
    pub title: Cow<'a, str>,
    pub detail: Cow<'a, str>,
    pub owner: &'a str,
}

impl Entry<'_> {
    pub fn data(&self) -> Data {
        Data::map([
            ("id", self.id.as_str().into()),
            ("date", self.date.to_string().into()),
            ("title", self.title.as_ref().into()),
            ("detail", self.detail.as_ref().into()),
            ("owner", self.owner.into()),
        ])
    }

    pub fn event<'b>(&'b self, program: &Program, deployment: &Deployment) -> ics::Event<'b> {
        ics::Event {
            uid: format!("{}.{}@{}", self.id, deployment.slug, program.id),
            date: self.date,
            title: &self.title,
            detail: &self.detail,
            category: self.owner,
        }
    }
}

/// The playbook's own dates and the deadlines of the claim, in order of time.
pub fn entries<'a>(input: &Input<'a>) -> Vec<Entry<'a>> {
    let package = input.package;
    let work = package.region.calendar.days();
    let program = &*package.program;
    let items = package.playbook.calendar.iter();
    let mut entries: Vec<Entry<'a>> = items.flat_map(|item| dates(item, program, &work)).collect();
    entries.extend(deadlines(&proof::Plan::new(input)));
    entries.sort_by_key(|entry| entry.date);
    entries
}

fn dates<'a>(item: &'a CalendarItem, program: &Program, work: &Days) -> Vec<Entry<'a>> {
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
        title: Cow::Borrowed(&item.title),
        detail: Cow::Borrowed(&item.detail),
        owner: &item.owner,
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
fn deadlines<'a>(plan: &proof::Plan<'a>) -> Vec<Entry<'a>> {
    let approvals = plan.activities.iter().map(|planned| Entry {
        id: format!("approval-{}", planned.activity.id),
        date: planned.approval_due,
        title: format!("Ask for approval: {}", planned.activity.title).into(),
        detail: "Cost of an activity that was not approved before it begins is not paid.".into(),
        owner: "partner",
    });
    let claim = Entry {
        id: "claim".to_owned(),
        date: plan.submit_by,
        title: "Submit the claim".into(),
        detail: format!(
            "The last working day to hand in {}, with every piece of evidence on the checklist in the folder proof.",
            plan.claim
        )
        .into(),
        owner: "partner",
    };
    approvals.chain([claim]).collect()
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
        CalendarItem { id: "x".into(), from, day, weekly, title: "X".into(), detail: "Y".into(), owner: "hq".into() }
    }

    fn on(item: &CalendarItem) -> Vec<(String, Date)> {
        let entries = dates(item, &program(), &Days::new(None, None, [date(2027, 1, 18)]));
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
