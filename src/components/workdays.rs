//! Working days: weekends and the region's holidays carry no date.

use jiff::civil::{Date, Weekday};

use crate::package::program::Holiday;

/// The days of a region on which people work.
#[derive(Clone, Copy, Debug)]
pub struct WorkDays<'a> {
    holidays: &'a [Holiday],
}

impl<'a> WorkDays<'a> {
    pub fn new(holidays: &'a [Holiday]) -> Self {
        Self { holidays }
    }

    pub fn is_free(self, date: Date) -> bool {
        matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday)
            || self.holidays.iter().any(|holiday| holiday.date == date)
    }

    pub fn on_or_after(self, date: Date) -> Date {
        self.seek(date, 1)
    }

    pub fn on_or_before(self, date: Date) -> Date {
        self.seek(date, -1)
    }

    /// The working day that is `days` working days away from the working day `from`.
    pub fn offset(self, from: Date, days: i32) -> Date {
        let step = days.signum().into();
        (0..days.unsigned_abs()).fold(from, |date, _| self.seek(plus(date, step), step))
    }

    /// The first working day from `date` on in one direction; the last day there is when none follows.
    fn seek(self, mut date: Date, step: i64) -> Date {
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

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    fn holidays() -> Vec<Holiday> {
        let day = |date, name: &str| Holiday { date, name: name.into() };
        vec![day(date(2027, 3, 26), "Karfreitag"), day(date(2027, 3, 29), "Ostermontag")]
    }

    #[test]
    fn counts_over_weekends_and_holidays() {
        let holidays = holidays();
        let days = WorkDays::new(&holidays);
        assert_eq!(days.on_or_after(date(2027, 3, 26)), date(2027, 3, 30));
        assert_eq!(days.on_or_before(date(2027, 3, 29)), date(2027, 3, 25));
        assert_eq!(days.offset(date(2027, 3, 24), 2), date(2027, 3, 30));
        assert_eq!(days.offset(date(2027, 3, 30), -1), date(2027, 3, 25));
        assert_eq!(days.offset(date(2027, 3, 24), 0), date(2027, 3, 24));
    }

    #[test]
    fn the_end_of_the_calendar_is_the_end() {
        let days = WorkDays::new(&[]);
        assert_eq!(days.offset(Date::MAX, 3), Date::MAX);
        assert_eq!(plus(Date::MIN, i64::MIN), Date::MIN);
    }

    proptest! {
        #[test]
        fn going_and_coming_back_is_the_same_day(start in 0i64..400, days in 0i32..60) {
            let holidays = holidays();
            let work = WorkDays::new(&holidays);
            let from = work.on_or_after(plus(date(2026, 12, 1), start));
            let there = work.offset(from, days);
            prop_assert!(!work.is_free(there));
            prop_assert_eq!(work.offset(there, -days), from);
        }
    }
}
