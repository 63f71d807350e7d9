//! Counting working days.

use std::collections::BTreeSet;
use std::fmt;
use std::ops::RangeInclusive;

use jiff::civil::{Date, Weekday};

use super::holidays::{self, Country, Holiday, Kind};
use super::hours::Week;

/// A country, or a part of it, whose holidays are known.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    pub country: &'static Country,
    pub subdivision: Option<&'static str>,
}

impl Place {
    /// `None` where the country is not known, or has no such subdivision.
    pub fn new(country: &str, subdivision: Option<&str>) -> Option<Self> {
        let country = holidays::country(country)?;
        let subdivision = match subdivision {
            Some(code) => Some(*country.subdivisions.iter().find(|known| **known == code)?),
            None => None,
        };
        Some(Self { country, subdivision })
    }

    pub fn on(self, date: Date) -> impl Iterator<Item = Holiday> {
        self.country.on(date, self.subdivision)
    }
}

/// The days on which somebody works. Of no place, all but Saturdays, Sundays and the days that are closed.
#[derive(Clone, Debug, Default)]
pub struct Days {
    place: Option<Place>,
    /// Weekdays on which people work, from Monday on, where somebody says so.
    open: Option<[bool; 7]>,
    closed: BTreeSet<Date>,
    /// Times in which nobody does, both days included.
    shut: Vec<(Date, Date)>,
    /// Those of others, without whom nobody works either.
    others: Vec<Days>,
}

/// A day of a year whose holidays are not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unknown {
    pub country: &'static str,
    pub date: Date,
}

impl fmt::Display for Unknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let years = holidays::years();
        let (first, last) = (years.start(), years.end());
        write!(f, "the holidays of {} are known for {first} to {last}, not for {}", self.country, self.date.year())
    }
}

impl Days {
    /// The days of a place with those that are closed besides. Where a week says which weekdays have hours, these count.
    pub fn new(place: Option<Place>, week: Option<&Week>, closed: impl IntoIterator<Item = Date>) -> Self {
        let open = week.map(|week| week.days().each_ref().map(|hours| !hours.is_closed()));
        Self { place, open, closed: closed.into_iter().collect(), ..Self::default() }
    }

    /// The same without the days of some times.
    #[must_use]
    pub fn without(self, times: impl IntoIterator<Item = RangeInclusive<Date>>) -> Self {
        Self { shut: times.into_iter().map(RangeInclusive::into_inner).collect(), ..self }
    }

    /// Those on which others work, too.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.others.push(other);
        self
    }

    pub fn place(&self) -> Option<Place> {
        self.place
    }

    /// That the holidays of a day's year are known; a calendar without a place names all of its own.
    pub fn know(&self, date: Date) -> Result<(), Unknown> {
        match self.place {
            Some(place) if !holidays::years().contains(&date.year()) => {
                Err(Unknown { country: place.country.code, date })
            }
            _ => self.others.iter().try_for_each(|other| other.know(date)),
        }
    }

    /// Whether nobody works. Of a year that is not known ([`Days::know`]) only weekdays and closed days count.
    pub fn is_free(&self, date: Date) -> bool {
        if self.others.iter().any(|other| other.is_free(date)) || self.closed.contains(&date) {
            return true;
        }
        if self.shut.iter().any(|(first, last)| (first..=last).contains(&&date)) {
            return true;
        }
        let mut is_free = self.is_weekend(date.weekday());
        for kind in self.place.iter().flat_map(|place| place.country.kinds(date, place.subdivision)) {
            match kind {
                Kind::Public | Kind::Expected => return true,
                Kind::Worked => is_free = false,
                Kind::Half => {}
            }
        }
        is_free
    }

    /// Whether people work on its weekday, be the day free or not.
    pub fn is_workday(&self, weekday: Weekday) -> bool {
        !self.is_weekend(weekday) && self.others.iter().all(|other| other.is_workday(weekday))
    }

    fn is_weekend(&self, weekday: Weekday) -> bool {
        let at = usize::from(weekday.to_monday_zero_offset().unsigned_abs());
        match (self.open, self.place) {
            (Some(open), _) => !open.get(at).copied().unwrap_or_default(),
            (None, Some(place)) => place.country.is_weekend(weekday, place.subdivision),
            (None, None) => matches!(weekday, Weekday::Saturday | Weekday::Sunday),
        }
    }

    pub fn on_or_after(&self, date: Date) -> Date {
        self.seek(date, 1)
    }

    pub fn on_or_before(&self, date: Date) -> Date {
        self.seek(date, -1)
    }

    /// The working day that is `days` working days away from the working day `from`.
    pub fn offset(&self, from: Date, days: i32) -> Date {
        let step = days.signum().into();
        (0..days.unsigned_abs()).fold(from, |date, _| self.seek(plus(date, step), step))
    }

    /// The first working day from `date` on in one direction; the last day there is when none follows.
    fn seek(&self, mut date: Date, step: i64) -> Date {
        while self.is_free(date) {
            let next = plus(date, step);
            if next == date {
                break;
            }
            date = next;
        }
        date
    }
}

/// `date` moved by calendar days; dates end with the calendar's own first and last day.
pub fn plus(date: Date, days: i64) -> Date {
    date.saturating_add(jiff::Span::new().days(days.clamp(-4_000_000, 4_000_000)))
}
