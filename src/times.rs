//! By when something is due: the times of a journey's states, by the calendar of whoever owes them.
//!
//! The journey says how long, the region and the partner when people work. Owners with the role `partner` work by the
//! partner's calendar, all others by the region's. A calendar without hours or zone counts nothing: its keys are missing
//! ([`Worked::lacks`]), and nothing is said to be due.
//!
//! - `examples`: moments at which a clock may start, and by when it is due
//! - [`promised`]: what leads are told

mod examples;
pub mod promised;
#[cfg(test)]
mod tests;

use std::ops::RangeInclusive;
use std::sync::Arc;

use indexmap::IndexMap;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::calendar::holidays::{self, Kind};
use crate::calendar::{Clock, WEEKDAYS, Week, Within, hours};
use crate::data::Data;
use crate::package::calendar::{Calendar, DayOff};
use crate::package::journey::{Machine, Request, State};
use crate::package::program::Program;
use crate::package::qualification::Owner;

/// What times are counted from.
pub struct Given<'a> {
    pub requests: &'a [Request],
    pub machines: &'a [Machine],
    pub owners: &'a [Owner],
    pub region: &'a Calendar,
    /// What differs from the region's.
    pub partner: &'a Calendar,
    pub program: &'a Program,
}

/// `times` of a deployment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Times {
    /// Where public holidays are from.
    pub source: Arc<str>,
    /// The years whose public holidays are known.
    pub years: Vec<i16>,
    /// The partner's and the region's.
    pub calendars: Vec<Worked>,
    pub states: Vec<Owed>,
    /// How long it takes until somebody contacts a lead that asked for it.
    pub promised: Vec<promised::Promised>,
}

/// A calendar, as people and systems need it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Worked {
    /// `partner` or `region`
    pub id: Arc<str>,
    pub country: Option<Arc<str>>,
    pub subdivision: Option<Arc<str>>,
    pub zone: Option<Arc<str>>,
    pub week: Vec<Row>,
    /// Of all years that the program's dates are in.
    pub days_off: Vec<Off>,
    /// Moments of the period at which a clock may start, for examples.
    pub arrivals: Vec<Arrival>,
    /// Keys without which nothing can be counted.
    pub lacks: Vec<Arc<str>>,
}

/// Weekdays with the same hours.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Row {
    pub from: Arc<str>,
    pub to: Arc<str>,
    pub hours: Vec<Opening>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Opening {
    pub opens: Arc<str>,
    pub closes: Arc<str>,
}

/// A day on which it is otherwise than its weekday has it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Off {
    pub date: Arc<str>,
    pub name: Arc<str>,
    /// By language; of a day that the region closes none.
    pub names: IndexMap<Arc<str>, Arc<str>>,
    /// `public`, `expected` (a day to either side), `half`, `worked`, or `closed` by the region
    pub kind: Arc<str>,
}

/// A moment at which a clock may start: somebody comes to owe something.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Arrival {
    pub date: Arc<str>,
    pub time: Arc<str>,
    /// `weekend`: shortly before one; `holiday`: on the working day before one; `free`: when nobody works
    pub why: Arc<str>,
    /// The holiday that it comes before.
    pub holiday: Option<Arc<str>>,
}

/// A state in which somebody owes something.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Owed {
    pub machine: Arc<str>,
    pub state: Arc<str>,
    pub who: Arc<str>,
    /// The id of a calendar.
    pub calendar: Arc<str>,
    pub amount: u32,
    /// `hours` or `days`
    pub unit: Arc<str>,
    /// The field with the time that the lead named: where there is one, time counts from it.
    pub from: Option<Arc<str>>,
    /// For each arrival of the calendar; none where a year's holidays are not known.
    pub due: Vec<DueOn>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DueOn {
    pub date: Arc<str>,
    pub time: Arc<str>,
    /// Whether a day that a moon decides lies on the way.
    pub expected: bool,
}

/// The ids of the calendars; the first is the role of whoever works by it, too.
const PARTNER: &str = "partner";
const REGION: &str = "region";

impl Times {
    pub fn new(given: &Given<'_>) -> Self {
        let own = given.partner.or(given.region);
        let counted = [Counted::new(PARTNER, &own, given.program), Counted::new(REGION, given.region, given.program)];
        let [partner, region] = &counted;
        let is_partner = |who: &str| given.owners.iter().any(|owner| *owner.id == *who && &*owner.role == PARTNER);
        let states = given.machines.iter().flat_map(|machine| machine.states.iter().map(move |state| (machine, state)));
        let owed = states.filter_map(|(machine, state)| {
            let (who, within) = (state.who.as_ref()?, state.within.as_ref()?.parse().ok()?);
            let by = if is_partner(who) { partner } else { region };
            Some(by.owed(machine, state, who, within))
        });
        let states: Vec<Owed> = owed.collect();
        let years = holidays::years();
        Self {
            source: holidays::source().into(),
            years: vec![*years.start(), *years.end()],
            calendars: counted.iter().map(|it| it.worked(given.program)).collect(),
            promised: promised::of(given.requests, given.machines, &states),
            states,
        }
    }

    /// Keys of the region's calendar without which nothing can be counted.
    pub fn lacks(&self) -> &[Arc<str>] {
        self.calendars.iter().find(|calendar| &*calendar.id == REGION).map_or(&[], |calendar| &calendar.lacks)
    }
}

/// A calendar with what is counted by it.
struct Counted<'a> {
    id: &'static str,
    calendar: &'a Calendar,
    clock: Option<Clock>,
    moments: Vec<examples::Moment>,
}

impl<'a> Counted<'a> {
    fn new(id: &'static str, calendar: &'a Calendar, program: &Program) -> Self {
        let clock = calendar.clock();
        let moments = clock.as_ref().map(|clock| examples::arrivals(clock, calendar, &program.period));
        Self { id, calendar, clock, moments: moments.unwrap_or_default() }
    }

    fn owed(&self, machine: &Machine, state: &State, who: &Arc<str>, within: Within) -> Owed {
        let due = self.clock.as_ref().map(|clock| examples::due(clock, &self.moments, within));
        Owed {
            machine: machine.id.clone(),
            state: state.id.clone(),
            who: who.clone(),
            calendar: self.id.into(),
            amount: within.amount(),
            unit: within.unit().into(),
            from: state.from.clone(),
            due: due.unwrap_or_default(),
        }
    }

    fn worked(&self, program: &Program) -> Worked {
        let calendar = self.calendar;
        let lacks = [("hours", calendar.week().is_none()), ("zone", calendar.zone.is_none())];
        let lacks = lacks.into_iter().filter(|(_, is_missing)| *is_missing);
        Worked {
            id: self.id.into(),
            country: calendar.country.clone(),
            subdivision: calendar.subdivision.clone(),
            zone: calendar.zone.clone(),
            week: calendar.week().map(|week| rows(&week)).unwrap_or_default(),
            days_off: calendar.days_off(days_of(program)).iter().map(off).collect(),
            arrivals: self.moments.iter().map(examples::Moment::arrival).collect(),
            lacks: lacks.map(|(key, _)| format!("region.calendar.{key}").into()).collect(),
        }
    }
}

/// The days of all years that the dates of a program are in.
pub fn days_of(program: &Program) -> RangeInclusive<Date> {
    let (first, last) = (program.released.year(), program.period.end.year());
    let day = |year, month, day| Date::new(year, month, day).unwrap_or_default();
    day(first, 1, 1)..=day(last, 12, 31)
}

/// Open weekdays in their order, those with the same hours that follow each other in one row.
fn rows(week: &Week) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    let mut before = None;
    for (name, hours) in WEEKDAYS.iter().zip(week.days()) {
        match rows.last_mut().filter(|_| before == Some(hours)) {
            _ if hours.is_closed() => {}
            Some(row) => row.to = (*name).into(),
            None => rows.push(Row { from: (*name).into(), to: (*name).into(), hours: openings(hours) }),
        }
        before = Some(hours);
    }
    rows
}

fn openings(of: &hours::Hours) -> Vec<Opening> {
    let time = |minutes| hours::time(minutes).into();
    of.spans().map(|span| Opening { opens: time(span.opens), closes: time(span.closes) }).collect()
}

fn off(day: &DayOff) -> Off {
    let kind = match day.kind {
        Some(Kind::Public) => "public",
        Some(Kind::Expected) => "expected",
        Some(Kind::Half) => "half",
        Some(Kind::Worked) => "worked",
        None => "closed",
    };
    Off {
        date: day.date.to_string().into(),
        name: day.name.clone(),
        names: day.names.iter().map(|(language, name)| (Arc::from(*language), Arc::from(*name))).collect(),
        kind: kind.into(),
    }
}

/// As templates see it.
impl From<&Times> for Data {
    fn from(times: &Times) -> Self {
        Data::map([
            ("source", text(&times.source)),
            ("years", Data::list(times.years.iter().map(|year| Data::Int((*year).into())))),
            ("calendars", Data::list(times.calendars.iter().map(Worked::data))),
            ("states", Data::list(times.states.iter().map(Owed::data))),
            ("promised", Data::list(times.promised.iter().map(promised::Promised::data))),
        ])
    }
}

fn text(text: &Arc<str>) -> Data {
    Data::Text(text.clone())
}

fn maybe(of: Option<&Arc<str>>) -> Data {
    of.map_or(Data::Null, text)
}

impl Worked {
    fn data(&self) -> Data {
        let opening = |it: &Opening| Data::map([("opens", text(&it.opens)), ("closes", text(&it.closes))]);
        let row = |it: &Row| {
            let hours = Data::list(it.hours.iter().map(opening));
            Data::map([("from", text(&it.from)), ("to", text(&it.to)), ("hours", hours)])
        };
        let off = |it: &Off| {
            let names = Data::map(it.names.iter().map(|(language, name)| (language.clone(), text(name))));
            let (date, name, kind) = (text(&it.date), text(&it.name), text(&it.kind));
            Data::map([("date", date), ("name", name), ("names", names), ("kind", kind)])
        };
        let arrival = |it: &Arrival| {
            let (date, time, why) = (text(&it.date), text(&it.time), text(&it.why));
            Data::map([("date", date), ("time", time), ("why", why), ("holiday", maybe(it.holiday.as_ref()))])
        };
        Data::map([
            ("id", text(&self.id)),
            ("country", maybe(self.country.as_ref())),
            ("subdivision", maybe(self.subdivision.as_ref())),
            ("zone", maybe(self.zone.as_ref())),
            ("week", Data::list(self.week.iter().map(row))),
            ("days_off", Data::list(self.days_off.iter().map(off))),
            ("arrivals", Data::list(self.arrivals.iter().map(arrival))),
            ("lacks", Data::list(self.lacks.iter().map(text))),
        ])
    }
}

impl Owed {
    fn data(&self) -> Data {
        let due = |it: &DueOn| {
            Data::map([("date", text(&it.date)), ("time", text(&it.time)), ("expected", Data::Bool(it.expected))])
        };
        Data::map([
            ("machine", text(&self.machine)),
            ("state", text(&self.state)),
            ("who", text(&self.who)),
            ("calendar", text(&self.calendar)),
            ("amount", Data::Int(self.amount.into())),
            ("unit", text(&self.unit)),
            ("from", maybe(self.from.as_ref())),
            ("due", Data::list(self.due.iter().map(due))),
        ])
    }
}
