//! `schedule`, typed: when a program may start, and when nothing of it happens.

use std::ops::RangeInclusive;
use std::sync::Arc;

use jiff::civil::{Date, Weekday};
use serde::Deserialize;

use super::program::Period;
use crate::calendar::{Days, WEEKDAYS, plus};

/// `schedule` of a deployment.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Schedule {
    pub launch: Launch,
    pub blackouts: Vec<Blackout>,
}

/// The days that a launch may be on, within the period.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Launch {
    /// Any, where there are none.
    pub weekdays: Vec<Arc<str>>,
    pub first: Option<Date>,
    pub last: Option<Date>,
}

/// Days on which people work and nothing of the program happens, both included.
#[derive(Clone, Debug, Deserialize)]
pub struct Blackout {
    pub id: Arc<str>,
    pub title: Arc<str>,
    pub first: Date,
    pub last: Date,
}

impl Schedule {
    /// The days on which the program's dates may lie, of those on which people work.
    pub fn days(&self, working: Days) -> Days {
        working.without(self.blackouts.iter().map(|it| it.first..=it.last))
    }

    /// The first day on which it may start; `None` if there is none.
    pub fn first_day(&self, period: &Period, days: &Days) -> Option<Date> {
        let within = self.window(period);
        let mut day = days.on_or_after(*within.start());
        while within.contains(&day) {
            if self.launch.takes(day.weekday()) {
                return Some(day);
            }
            let next = days.on_or_after(plus(day, 1));
            if next <= day {
                return None;
            }
            day = next;
        }
        None
    }

    /// The day on which it starts: where there is none, it counts from the period all the same.
    pub fn launch(&self, period: &Period, days: &Days) -> Date {
        self.first_day(period, days).unwrap_or_else(|| days.on_or_after(period.start))
    }

    /// The days between which it may start.
    pub fn window(&self, period: &Period) -> RangeInclusive<Date> {
        let first = self.launch.first.map_or(period.start, |first| first.max(period.start));
        let last = self.launch.last.map_or(period.end, |last| last.min(period.end));
        first..=last
    }
}

impl Launch {
    fn takes(&self, weekday: Weekday) -> bool {
        let name = WEEKDAYS.get(usize::from(weekday.to_monday_zero_offset().unsigned_abs()));
        self.weekdays.is_empty() || name.is_some_and(|name| self.weekdays.iter().any(|it| **it == **name))
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn period() -> Period {
        Period { code: "q".into(), name: "Q".into(), start: date(2027, 1, 4), end: date(2027, 3, 31) }
    }

    fn schedule(weekdays: &[&str], blackouts: &[(Date, Date)]) -> Schedule {
        let blackout = |&(first, last): &(Date, Date)| Blackout { id: "x".into(), title: "X".into(), first, last };
        let weekdays = weekdays.iter().map(|&it| it.into()).collect();
        let launch = Launch { weekdays, ..Launch::default() };
        Schedule { launch, blackouts: blackouts.iter().map(blackout).collect() }
    }

    fn starts(schedule: &Schedule) -> Option<Date> {
        schedule.first_day(&period(), &schedule.days(Days::default()))
    }

    #[test]
    fn it_starts_on_the_first_day_that_may_be_one() {
        assert_eq!(starts(&Schedule::default()), Some(date(2027, 1, 4)));
        assert_eq!(starts(&schedule(&["wednesday", "thursday"], &[])), Some(date(2027, 1, 6)));
        let until = [(date(2026, 12, 19), date(2027, 1, 6))];
        assert_eq!(starts(&schedule(&["tuesday"], &until)), Some(date(2027, 1, 12)));
        let mut late = schedule(&[], &[]);
        late.launch.first = Some(date(2027, 2, 6));
        assert_eq!(starts(&late), Some(date(2027, 2, 8)));
    }

    #[test]
    fn where_no_day_may_be_one_it_does_not_start() {
        assert_eq!(starts(&schedule(&[], &[(date(2026, 1, 1), date(2027, 12, 31))])), None);
        assert_eq!(starts(&schedule(&["sunday"], &[])), None);
        let mut over = schedule(&["friday"], &[]);
        over.launch.last = Some(date(2027, 1, 7));
        assert_eq!(starts(&over), None);
    }

    #[test]
    fn days_of_a_blackout_are_no_days() {
        let days = schedule(&[], &[(date(2026, 12, 19), date(2027, 1, 6))]).days(Days::default());
        assert_eq!(days.offset(date(2027, 1, 11), -3), date(2026, 12, 18));
    }
}
