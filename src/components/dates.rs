//! The dates of the program in the partner's region.

use std::sync::Arc;

use jiff::civil::Date;

use super::Input;
use super::plan::{Plan, Planned};
use super::readers::Reader;
use crate::calendar::{Days, plus};
use crate::data::Data;
use crate::deployment::Deployment;
use crate::diag::Diagnostics;
use crate::encode::{ics, plain};
use crate::package::Package;
use crate::package::playbook::{Anchor, CalendarItem, Playbook, Words};
use crate::package::program::Program;
use crate::package::proof::Activity;
use crate::plan::{Dated, Time};

/// Something with a date.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Unique in the calendar; the same in every build.
    pub id: String,
    pub date: Date,
    /// What repeats is held on these days, the first one included.
    weekly: Vec<Date>,
    /// From when until when, where it is an event.
    time: Option<Time>,
    place: Arc<str>,
    /// The key of the activity whose event it is or prepares.
    of: Option<Arc<str>>,
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
            ("weekly", Data::list(self.weekly.iter().map(|day| day.to_string().into()))),
            ("hours", self.time.as_ref().map_or(Data::Null, |time| Data::Text(time.hours.clone()))),
            ("zone", self.time.as_ref().map_or(Data::Null, |time| Data::Text(time.zone.clone()))),
            ("place", Data::Text(self.place.clone())),
            ("title", Data::Text(self.title.clone())),
            ("detail", Data::Text(self.detail.clone())),
            ("owner", Data::Text(self.owner.clone())),
        ])
    }

    /// The same as the package tells it.
    pub fn dated(self) -> Dated {
        let Self { id, date, weekly, time, place, of, title, detail, owner, category } = self;
        Dated { id: id.into(), date, weekly, time, place, of, title, detail, owner, category }
    }

    pub fn event<'b>(&'b self, program: &Program, deployment: &Deployment) -> ics::Event<'b> {
        ics::Event {
            uid: format!("{}.{}@{}", self.id, deployment.slug, program.id),
            date: self.date,
            time: self.time.as_ref().map(|time| (time.starts, time.ends)),
            weekly: &self.weekly,
            title: &self.title,
            detail: &self.detail,
            place: &self.place,
            category: &self.category,
        }
    }
}

/// The playbook's own dates, the events of its activities and the deadlines of the claim, in order of time and in the words of
/// a reader.
pub fn entries(input: &Input<'_>, reader: &Reader) -> Result<Vec<Entry>, Diagnostics> {
    let package = input.package;
    let plan = Plan::new(input);
    let days = Counted::new(package, &plan);
    let playbook: Playbook = reader.model("playbook")?;
    let items = playbook.calendar.iter();
    let mut entries: Vec<Entry> = items.map(|item| days.entry(item, &playbook.words)).collect();
    for (entry, item) in entries.iter_mut().zip(&playbook.calendar) {
        let planned = plan.activities.iter().find(|planned| item.activity.as_ref() == Some(&planned.activity.id));
        let Some(planned) = planned.filter(|planned| planned.activity.event.is_some()) else { continue };
        entry.of = Some(planned.key.as_str().into());
        if item.holds(&planned.activity.id) {
            entry.time = time(planned, package);
            entry.place = said(reader, planned.activity, "event.place").unwrap_or_default();
        }
    }
    let is_told = |id: &str| playbook.calendar.iter().any(|item| item.holds(id));
    entries.extend(events(&plan, package, reader, &playbook.words, is_told));
    entries.extend(deadlines(&plan, reader, &playbook.words));
    entries.sort_by_key(|entry| (entry.date, entry.time.as_ref().map(|time| time.starts)));
    Ok(entries)
}

fn category(owner: &Arc<str>, words: &Words) -> Arc<str> {
    words.owners.get(owner).unwrap_or(owner).clone()
}

/// What the program's dates count from.
pub struct Counted<'p> {
    work: Days,
    /// The first days of activities.
    activities: Vec<(&'p str, Date)>,
    release: Date,
    launch: Date,
    last: Date,
}

impl<'p> Counted<'p> {
    pub fn new(package: &Package, plan: &Plan<'p>) -> Self {
        let (program, work) = (&package.program, package.days());
        Self {
            activities: plan.activities.iter().map(|planned| (&*planned.activity.id, planned.start)).collect(),
            release: work.on_or_after(program.released),
            launch: package.schedule.launch(&program.period, &work),
            last: program.period.end,
            work,
        }
    }

    /// The day of an item, or its first one.
    pub fn day(&self, item: &CalendarItem) -> Date {
        let anchor = match item.from {
            Anchor::Release => self.release,
            Anchor::Start => self.launch,
            Anchor::End => self.work.on_or_before(self.last),
            // Of an activity that there is not, somebody else says so.
            Anchor::Activity => self.first_day(item.activity.as_deref()).unwrap_or(self.launch),
        };
        self.work.offset(anchor, item.day)
    }

    fn first_day(&self, activity: Option<&str>) -> Option<Date> {
        self.activities.iter().find(|(id, _)| Some(*id) == activity).map(|(_, day)| *day)
    }

    /// The days on which what begins on a day is held every week. Weeks count from the planned day, so a day off moves one of
    /// them only; where the next working day comes with the next week's, that week has none.
    fn weeks(&self, first: Date) -> Vec<Date> {
        let planned = (0..).map(|week| plus(first, 7 * week)).take_while(|day| *day <= self.last && *day < Date::MAX);
        let held = |day| Some(self.work.on_or_after(day)).filter(|held| *held <= self.last && *held < plus(day, 7));
        planned.filter_map(held).collect()
    }

    fn entry(&self, item: &CalendarItem, words: &Words) -> Entry {
        let date = self.day(item);
        Entry {
            id: item.id.to_string(),
            date,
            weekly: if item.weekly { self.weeks(date) } else { Vec::new() },
            time: None,
            place: Arc::default(),
            of: None,
            title: item.title.clone(),
            detail: item.detail.clone(),
            owner: item.owner.clone(),
            category: category(&item.owner, words),
        }
    }
}

/// A text of an activity in the words of a reader.
fn said(reader: &Reader, activity: &Activity, key: &str) -> Option<Arc<str>> {
    let path = format!("activities[{}].{key}", activity.id);
    reader.data.get("proof").and_then(|proof| proof.at(&path)).and_then(Data::as_str).map(Arc::from)
}

/// From when until when an event is; of a region whose zone nobody says, it is known on which day alone.
fn time(planned: &Planned<'_>, package: &Package) -> Option<Time> {
    planned.activity.event.as_ref()?.time(planned.start, &package.region.calendar)
}

/// Events that no item of the calendar holds.
fn events<'e>(
    plan: &'e Plan<'_>,
    package: &'e Package,
    reader: &'e Reader,
    words: &'e Words,
    is_told: impl Fn(&str) -> bool + 'e,
) -> impl Iterator<Item = Entry> + 'e {
    let untold = plan.activities.iter().filter(move |planned| !is_told(&planned.activity.id));
    untold.filter_map(move |planned| {
        let (activity, owner) = (planned.activity, Arc::from("partner"));
        activity.event.as_ref()?;
        Some(Entry {
            id: format!("event-{}", activity.id),
            date: planned.start,
            weekly: Vec::new(),
            time: time(planned, package),
            place: said(reader, activity, "event.place").unwrap_or_default(),
            of: Some(planned.key.as_str().into()),
            title: said(reader, activity, "title").unwrap_or_else(|| activity.title.clone()),
            detail: said(reader, activity, "audience").unwrap_or_else(|| activity.audience.clone()),
            category: category(&owner, words),
            owner,
        })
    })
}

/// What a fund would not forgive.
fn deadlines<'e>(plan: &'e Plan<'_>, reader: &'e Reader, words: &'e Words) -> impl Iterator<Item = Entry> + 'e {
    let owner: Arc<str> = "partner".into();
    let entry = move |id: String, date, title: Arc<str>, detail: Arc<str>| {
        let category = category(&owner, words);
        let (weekly, time, place, of) = (Vec::new(), None, Arc::default(), None);
        Entry { id, date, weekly, time, place, of, title, detail, owner: owner.clone(), category }
    };
    let labelled = move |label: &str, text: &str| -> Arc<str> { plain::labelled(label, &words.colon, text).into() };
    let claim =
        entry("claim".to_owned(), plan.submit_by, words.claim.clone(), labelled(&words.claim_detail, &plan.claim));
    let approvals = plan.activities.iter().filter_map(move |planned| {
        let due = planned.approval_due?;
        let title = said(reader, planned.activity, "title").unwrap_or_else(|| planned.activity.title.clone());
        let id = format!("approval-{}", planned.activity.id);
        Some(entry(id, due, labelled(&words.approval, &title), words.approval_detail.clone()))
    });
    approvals.chain([claim])
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn counted() -> Counted<'static> {
        let work = Days::new(None, None, [date(2027, 1, 18)]);
        let (release, launch) = (work.on_or_after(date(2026, 11, 14)), work.on_or_after(date(2027, 1, 9)));
        let activities = vec![("table", date(2027, 1, 21))];
        Counted { work, activities, release, launch, last: date(2027, 1, 31) }
    }

    fn item(from: Anchor, day: i32, weekly: bool) -> CalendarItem {
        CalendarItem {
            id: "x".into(),
            from,
            day,
            weekly,
            minutes: None,
            activity: None,
            approves: false,
            title: "X".into(),
            detail: "Y".into(),
            owner: "hq".into(),
        }
    }

    #[test]
    fn days_count_from_working_days() {
        let on = |from, day| counted().day(&item(from, day, false));
        assert_eq!(on(Anchor::Start, 0), date(2027, 1, 11));
        assert_eq!(on(Anchor::Start, -1), date(2027, 1, 8));
        assert_eq!(on(Anchor::End, 0), date(2027, 1, 29));
        assert_eq!(on(Anchor::Release, 0), date(2026, 11, 16));
        let of_table = CalendarItem { activity: Some("table".into()), ..item(Anchor::Activity, -3, false) };
        assert_eq!(counted().day(&of_table), date(2027, 1, 15));
    }

    #[test]
    fn a_holiday_moves_one_week_only() {
        let entry = counted().entry(&item(Anchor::Start, 0, true), &Words::default());
        assert_eq!(entry.weekly, [date(2027, 1, 11), date(2027, 1, 19), date(2027, 1, 25)]);
    }

    #[test]
    fn a_week_without_a_working_day_has_none() {
        let mut counted = counted();
        counted.work = counted.work.without([date(2027, 1, 16)..=date(2027, 1, 24)]);
        let entry = counted.entry(&item(Anchor::Start, 0, true), &Words::default());
        assert_eq!(entry.weekly, [date(2027, 1, 11), date(2027, 1, 25)]);
    }
}
