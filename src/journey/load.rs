//! What a package asks of its people in an ordinary week, by the mailbox of whoever does it.
//!
//! The minutes are told in the model, a week each: nobody can find out from a path how often leads go through it. What
//! says none takes what `journey.load` says of all. Work comes in evenly on workdays; what comes in on a day off is done on
//! the next working day, so a week after days off takes more than an ordinary one.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::sync::Arc;

use jiff::civil::{Date, Weekday};
use serde::Serialize;

use crate::calendar::{Days, plus};
use crate::data::Data;
use crate::package::journey::{Controller, Journey};
use crate::schema::journey::nodes::state_path;

use super::Around;
use super::duties::Duties;

/// Of each mailbox how many minutes a week it has to give, those first that give most.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Load {
    pub rows: Vec<Carried>,
}

/// What one mailbox carries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Carried {
    pub address: Arc<str>,
    /// The roles of the owners behind it.
    #[serde(skip)]
    pub roles: Vec<Arc<str>>,
    /// An ordinary week.
    pub minutes: u32,
    /// The weeks of the period that take more or less, since somebody has days off.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub weeks: Vec<Week>,
    pub tasks: Vec<Taken>,
}

/// A week that takes more or less than an ordinary one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Week {
    /// Its Monday.
    pub from: Date,
    pub minutes: u32,
}

/// Something that is done for a package, and how many minutes a week it takes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Taken {
    /// Its place: `machines.sales.offered`, `substitutes.by-hand`, `calendar.lead-review`.
    pub about: String,
    pub minutes: u32,
    /// Whose calendar counts.
    #[serde(skip)]
    role: Arc<str>,
}

/// Of the weeks of a period, how many workdays' work somebody does in each.
#[derive(Clone, Debug, Default)]
pub struct Weeks {
    /// By Monday.
    done: BTreeMap<Date, u32>,
    /// In an ordinary week.
    usual: u32,
}

impl Weeks {
    /// Nothing, where the holidays are not known.
    pub fn new(days: &Days, period: RangeInclusive<Date>) -> Self {
        if [period.start(), period.end()].into_iter().any(|day| days.know(*day).is_err()) {
            return Self::default();
        }
        let mut weeks = Self { done: BTreeMap::new(), usual: 0 };
        let mut weekday = Weekday::Monday;
        for _ in 0..7 {
            weeks.usual += u32::from(days.is_workday(weekday));
            weekday = weekday.next();
        }
        let (mut day, mut waiting) = (*period.start(), 0);
        while day <= *period.end() {
            waiting += u32::from(days.is_workday(day.weekday()));
            let monday = plus(day, -i64::from(day.weekday().to_monday_zero_offset()));
            let done = weeks.done.entry(monday).or_default();
            if !days.is_free(day) {
                *done += std::mem::take(&mut waiting);
            }
            let next = plus(day, 1);
            if next == day {
                break;
            }
            day = next;
        }
        weeks
    }

    /// What a week takes of work that takes so long in an ordinary one.
    fn of(&self, monday: Date, minutes: u32) -> u32 {
        match (self.done.get(&monday), self.usual) {
            (Some(done), usual @ 1..) => (minutes * done).div_ceil(usual),
            _ => minutes,
        }
    }
}

/// What is done besides what the path says.
#[derive(Clone, Debug, Default)]
pub struct Besides {
    /// Requests that come by email, each with the mailbox in which somebody answers them.
    pub by_hand: Vec<(Arc<str>, Arc<str>)>,
    /// Dates of the playbook that come back each week.
    pub weekly: Vec<Weekly>,
    /// The weeks of whoever has the role `partner`, and of all others.
    pub weeks: [Weeks; 2],
}

impl Besides {
    fn weeks_of(&self, role: &str) -> &Weeks {
        let [partner, others] = &self.weeks;
        if role == "partner" { partner } else { others }
    }
}

/// An item of the playbook's calendar.
#[derive(Clone, Debug)]
pub struct Weekly {
    pub id: Arc<str>,
    /// `hq`, `region` or `partner`
    pub role: Arc<str>,
    pub minutes: u32,
}

/// Tasks by mailbox, in the order in which they are come upon.
#[derive(Default)]
struct Tasks(BTreeMap<Arc<str>, Vec<Taken>>);

impl Tasks {
    /// `whose`: a mailbox, and the role of who reads it.
    fn add(&mut self, whose: Option<(&Arc<str>, &Arc<str>)>, about: String, minutes: Option<u32>) {
        let Some(((address, role), minutes)) = whose.zip(minutes) else { return };
        let tasks = self.0.entry(address.clone()).or_default();
        // What two may ask for is read in one mailbox once.
        if tasks.iter().all(|task| task.about != about) {
            tasks.push(Taken { about, minutes, role: role.clone() });
        }
    }
}

impl Load {
    pub fn new(journey: &Journey, around: &Around, besides: &Besides) -> Self {
        let usual = journey.load.as_ref().and_then(|load| load.minutes);
        let none: Arc<str> = "".into();
        let reached = |owner: &Arc<str>| Some((around.owners.get(owner)?, around.roles.get(owner).unwrap_or(&none)));
        let mut tasks = Tasks::default();
        for machine in &journey.machines {
            for state in &machine.states {
                let whose = state.who.as_ref().and_then(reached);
                tasks.add(whose, format!("machines.{}.{}", machine.id, state.id), state.minutes.or(usual));
            }
        }
        for it in &journey.substitutes {
            tasks.add(reached(&it.who), format!("substitutes.{}", it.id), it.minutes.or(usual));
        }
        for it in journey.records.iter().filter(|it| it.under.is_some()) {
            let whose = it.from.as_ref().and_then(reached);
            tasks.add(whose, format!("records.{}", it.id), it.minutes.or(usual));
        }
        for owed in &Duties::new(journey, &around.roles, around.keeper, &around.terms).owed {
            tasks.add(reached(owed.owner), format!("rights.{}", owed.right.id), owed.right.minutes.or(usual));
        }
        for (id, address) in &besides.by_hand {
            let request = journey.requests.iter().find(|it| it.id == *id);
            let minutes = request.and_then(|it| it.minutes).or(usual);
            let reader = around.owners.iter().find(|(_, known)| *known == address).map(|(owner, _)| owner);
            let keeper: Arc<str> = around.keeper.map_or("", Controller::id).into();
            let role = reader.and_then(|owner| around.roles.get(owner)).unwrap_or(&keeper);
            tasks.add(Some((address, role)), format!("requests.{id}"), minutes);
        }
        for it in &besides.weekly {
            let of_role = |id: &&Arc<str>| around.roles.get(*id).is_some_and(|role| *role == it.role);
            let owner = around.owners.keys().find(of_role);
            tasks.add(owner.and_then(reached), format!("calendar.{}", it.id), Some(it.minutes));
        }
        let mut rows: Vec<Carried> =
            tasks.0.into_iter().map(|(address, tasks)| Carried::new(address, tasks, besides)).collect();
        rows.sort_by_key(|row| std::cmp::Reverse(row.minutes));
        Self { rows }
    }

    /// Whoever carries more than so many minutes in a week.
    pub fn above(&self, most: u32) -> impl Iterator<Item = &Carried> {
        self.rows.iter().filter(move |row| row.most() > most)
    }

    /// As documents see it: [{address, minutes, fullest, tasks}], with the week that takes more than an ordinary one and more than
    /// any other, if one does, as {from, minutes}; of each task the list that it stands in (`of`), its id, that of
    /// its `machine`, and `minutes`.
    pub fn data(&self) -> Data {
        let text = |text: &str| Data::from(text);
        let task = |task: &Taken| {
            let (list, rest) = task.about.split_once('.').unwrap_or(("", &task.about));
            let (machine, id) =
                if list == "machines" { rest.split_once('.').unwrap_or(("", rest)) } else { ("", rest) };
            Data::map([
                ("of", text(list)),
                ("machine", text(machine)),
                ("id", text(id)),
                ("minutes", Data::Int(task.minutes.into())),
            ])
        };
        let week = |week: Week| {
            Data::map([("from", Data::from(week.from.to_string())), ("minutes", Data::Int(week.minutes.into()))])
        };
        Data::list(self.rows.iter().map(|row| {
            Data::map([
                ("address", Data::Text(row.address.clone())),
                ("minutes", Data::Int(row.minutes.into())),
                ("fullest", row.fullest().map_or(Data::Null, week)),
                ("tasks", Data::list(row.tasks.iter().map(task))),
            ])
        }))
    }
}

impl Carried {
    fn new(address: Arc<str>, tasks: Vec<Taken>, besides: &Besides) -> Self {
        let minutes = tasks.iter().map(|task| task.minutes).sum();
        let mondays = besides.weeks.iter().flat_map(|weeks| weeks.done.keys().copied());
        let mondays: std::collections::BTreeSet<Date> = mondays.collect();
        let taken = |from: Date| {
            let minutes = tasks.iter().map(|task| besides.weeks_of(&task.role).of(from, task.minutes)).sum();
            Week { from, minutes }
        };
        let mut roles: Vec<Arc<str>> = tasks.iter().map(|task| task.role.clone()).collect();
        roles.sort_unstable();
        roles.dedup();
        let weeks = mondays.into_iter().map(taken).filter(|week| week.minutes != minutes).collect();
        Self { address, roles, minutes, weeks, tasks }
    }

    /// The week that takes more than an ordinary one, and more than any other; the first of several.
    pub fn fullest(&self) -> Option<Week> {
        let more = self.weeks.iter().rev().filter(|week| week.minutes > self.minutes);
        more.max_by_key(|week| week.minutes).copied()
    }

    /// What its fullest week takes.
    pub fn most(&self) -> u32 {
        self.fullest().map_or(self.minutes, |week| week.minutes)
    }

    /// Whether somebody of the partner reads it.
    pub fn is_partners(&self) -> bool {
        self.roles.iter().any(|role| **role == *Controller::Partner.id())
    }

    /// What it spends most time on.
    pub fn largest(&self) -> Option<&Taken> {
        self.tasks.iter().rev().max_by_key(|task| task.minutes)
    }
}

impl Taken {
    /// The value that says how long it takes: `journey.machines[sales].states[offered].minutes`.
    pub fn path(&self) -> String {
        match *self.about.splitn(3, '.').collect::<Vec<_>>() {
            ["machines", machine, state] => format!("{}.minutes", state_path(machine, state)),
            ["calendar", id] => format!("playbook.calendar[{id}].minutes"),
            [list, id] => format!("journey.{list}[{id}].minutes"),
            _ => "journey.load".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::components::sample;

    fn journey() -> Journey {
        crate::package::read(&sample::journey(), "journey").unwrap()
    }

    /// Sales and marketing of the partner read one mailbox; the region's desk and the vendor's have another.
    fn around() -> Around {
        let owners = ["partner-marketing", "partner-sales", "region-desk", "vendor-desk"];
        let role = |owner: &str| if owner.starts_with("partner") { "partner" } else { "hq" };
        let address = |owner: &str| if owner.starts_with("partner") { "ours" } else { "theirs" };
        Around {
            owners: owners.iter().map(|&owner| (owner.into(), address(owner).into())).collect(),
            roles: owners.iter().map(|&owner| (owner.into(), role(owner).into())).collect(),
            ..Around::default()
        }
    }

    fn minutes(load: &Load, address: &str) -> u32 {
        load.rows.iter().find(|row| *row.address == *address).map_or(0, |row| row.minutes)
    }

    #[test]
    fn what_one_mailbox_does_is_added_up() {
        let load = Load::new(&journey(), &around(), &Besides::default());
        for row in &load.rows {
            assert_eq!(row.minutes, row.tasks.iter().map(|task| task.minutes).sum::<u32>());
        }
        let of = |about: &str| {
            let does = |row: &&Carried| row.tasks.iter().any(|task| task.about == about);
            load.rows.iter().filter(does).map(|row| row.address.to_string()).collect::<Vec<_>>()
        };
        assert_eq!(
            (of("machines.sales.accepted"), of("machines.sales.desk")),
            (vec!["ours".into()], vec!["theirs".into()])
        );
        assert!(load.rows.windows(2).all(|pair| pair[0].minutes >= pair[1].minutes));
    }

    #[test]
    fn answers_by_hand_and_weekly_dates_count_where_they_are_done() {
        let (journey, around) = (journey(), around());
        let besides = Besides {
            by_hand: vec![("report".into(), "theirs".into())],
            weekly: vec![Weekly { id: "review".into(), role: "partner".into(), minutes: 15 }],
            ..Besides::default()
        };
        let (plain, more) = (Load::new(&journey, &around, &Besides::default()), Load::new(&journey, &around, &besides));
        assert_eq!(minutes(&more, "ours"), minutes(&plain, "ours") + 15);
        let report = journey.requests.iter().find(|it| *it.id == *"report").and_then(|it| it.minutes).unwrap();
        assert_eq!(minutes(&more, "theirs"), minutes(&plain, "theirs") + report);
    }

    #[test]
    fn what_says_nothing_takes_what_all_take() {
        let mut journey = journey();
        journey.machines.iter_mut().flat_map(|it| &mut it.states).for_each(|state| state.minutes = None);
        journey.load = Some(crate::package::journey::Bound { at_most: Some(30), together: None, minutes: Some(7) });
        let load = Load::new(&journey, &around(), &Besides::default());
        let states = load.rows.iter().flat_map(|row| &row.tasks).filter(|task| task.about.starts_with("machines."));
        assert!(states.clone().count() > 5 && states.clone().all(|task| task.minutes == 7));
        assert!(load.above(30).all(|row| row.minutes > 30) && load.above(30).count() > 0);
        journey.load = None;
        let load = Load::new(&journey, &around(), &Besides::default());
        assert!(!load.rows.iter().flat_map(|row| &row.tasks).any(|task| task.about.starts_with("machines.")));
    }

    #[test]
    fn what_comes_in_on_days_off_is_done_afterwards() {
        let date = |text: &str| text.parse::<Date>().unwrap();
        // Friday and Monday are off; the period ends on a Wednesday.
        let days = Days::new(None, None, ["2027-03-26", "2027-03-29"].map(date));
        let weeks = Weeks::new(&days, date("2027-03-15")..=date("2027-04-07"));
        let of = |monday: &str| weeks.of(date(monday), 100);
        assert_eq!(
            ["2027-03-15", "2027-03-22", "2027-03-29", "2027-04-05"].map(of),
            [100, 80, 120, 60],
            "the same work, two days later"
        );
        let besides = Besides { weeks: [weeks, Weeks::default()], ..Besides::default() };
        let load = Load::new(&journey(), &around(), &besides);
        let row = |address: &str| load.rows.iter().find(|row| *row.address == *address).unwrap();
        let fullest = row("ours").fullest().unwrap();
        assert_eq!(fullest.from, date("2027-03-29"));
        assert!(row("ours").most() == fullest.minutes && fullest.minutes > row("ours").minutes);
        assert!(load.above(row("ours").minutes).any(|row| *row.address == *"ours"));
        assert_eq!(row("theirs").fullest(), None);
    }
}
