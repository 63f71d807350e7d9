//! The days of several packages as one calendar: what falls on one day for many of them stands there once.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;

use super::part::{Dated, Part, Time};
use crate::encode::Content;
use crate::encode::ics;

/// Something with a day, and the packages that have it.
#[derive(Clone, Debug)]
pub struct Day {
    pub dated: Dated,
    /// Their deployments, in order.
    pub deployments: Vec<Arc<str>>,
    /// The names of their partners, each once.
    pub partners: Vec<Arc<str>>,
}

/// Days of packages, in order of time. It is the same whatever order they came in.
#[derive(Clone, Debug, Default)]
pub struct Calendar {
    days: BTreeMap<(Date, Dated), Day>,
    program: Arc<str>,
    stamp: Option<Date>,
}

impl Calendar {
    /// Adds those days of a package that are wanted.
    pub fn add(&mut self, part: &Part, is_wanted: impl Fn(&Dated) -> bool) {
        self.program = part.program.clone();
        self.stamp = self.stamp.max(Some(part.released));
        for dated in part.dates.iter().filter(|dated| is_wanted(dated)) {
            let new = || Day { dated: dated.clone(), deployments: Vec::new(), partners: Vec::new() };
            let day = self.days.entry((dated.date, dated.clone())).or_insert_with(new);
            insert(&mut day.deployments, &part.deployment);
            insert(&mut day.partners, &part.name);
        }
    }

    pub fn days(&self) -> impl Iterator<Item = &Day> {
        self.days.values()
    }

    /// Events of which one begins before the other has ended: the same people cannot hold both.
    pub fn clashes(&self) -> Vec<(&Day, &Day)> {
        let timed: Vec<(&Day, &Time)> = self.days().filter_map(|day| Some((day, day.dated.time.as_ref()?))).collect();
        let pairs =
            timed.iter().enumerate().flat_map(|(at, one)| timed[at + 1..].iter().map(move |other| (one, other)));
        let overlap = |one: &Time, other: &Time| one.starts < other.ends && other.starts < one.ends;
        pairs.filter(|(one, other)| overlap(one.1, other.1)).map(|(one, other)| (one.0, other.0)).collect()
    }

    /// For the calendar programs people use; `whose` says below each day which packages or partners it is of.
    pub fn file(&self, name: &str, zone: Option<&str>, whose: impl Fn(&Day) -> String) -> Content {
        let details: Vec<String> = self.days().map(|day| detail(&day.dated, &whose(day))).collect();
        let events = self.days().zip(&details).map(|(day, detail)| ics::Event {
            uid: self.uid(day),
            date: day.dated.date,
            time: day.dated.time.as_ref().map(|time| (time.starts, time.ends)),
            weekly: &day.dated.weekly,
            title: &day.dated.title,
            detail,
            place: &day.dated.place,
            category: &day.dated.category,
        });
        let events: Vec<ics::Event<'_>> = events.collect();
        ics::calendar(name, zone, self.stamp.unwrap_or_default(), &events)
    }

    /// As in the calendar of the first package that has it, so that who keeps both sees it once.
    fn uid(&self, day: &Day) -> String {
        let slug = day.deployments.first().map(|id| id.replace('/', "-")).unwrap_or_default();
        format!("{}.{slug}@{}", day.dated.id, self.program)
    }
}

fn detail(dated: &Dated, whose: &str) -> String {
    if whose.is_empty() { dated.detail.to_string() } else { format!("{}\n{whose}", dated.detail) }
}

fn insert(into: &mut Vec<Arc<str>>, text: &Arc<str>) {
    if let Err(at) = into.binary_search(text) {
        into.insert(at, text.clone());
    }
}
