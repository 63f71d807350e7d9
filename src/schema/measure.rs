//! Numbers that mean one thing wherever they stand, and how far each can go: what lies outside is a slip or an attack, and
//! would come out as a plan, a date or a sum that nobody believes.

use std::ops::RangeInclusive;

use jiff::civil::Date;

/// The years that dates may lie in. Programs are of our time, and spreadsheets know no days before 1900.
pub const YEARS: RangeInclusive<i16> = 1970..=2199;

/// A day as it is written: `2027-01-31`.
pub fn date(text: &str) -> Option<Date> {
    let date: Date = text.parse().ok()?;
    (date.to_string() == text && YEARS.contains(&date.year())).then_some(date)
}

/// What a number counts or measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Measure {
    /// Things or people: what is planned, or what a site is numbered by.
    Count,
    /// A part of a whole.
    Percent,
    /// Days from one thing to the next.
    Days,
    /// A day of a plan; negative before it begins.
    Day,
    /// Months that something is kept for.
    Months,
    /// Days within which somebody who asks for its data is answered, or a permission has to be confirmed: no law gives more.
    Term,
    /// The same in months.
    TermMonths,
    /// Months that data of people is kept for without any contact. Who keeps it longer needs a reason that no default gives.
    Keep,
    /// A month of the year.
    Month,
    Minutes,
    /// Points of a score.
    Points,
    /// How often something counts.
    Times,
    /// A place in an order.
    Order,
    /// What values of choices begin with in Dynamics.
    Choices,
}

impl Measure {
    pub const ALL: [Self; 14] = [
        Self::Count,
        Self::Percent,
        Self::Days,
        Self::Day,
        Self::Months,
        Self::Term,
        Self::TermMonths,
        Self::Keep,
        Self::Month,
        Self::Minutes,
        Self::Points,
        Self::Times,
        Self::Order,
        Self::Choices,
    ];

    /// The least and the most.
    pub fn range(self) -> (i64, i64) {
        match self {
            Self::Count => (0, 1_000_000_000),
            Self::Percent => (0, 100),
            Self::Days => (0, 3_660),
            Self::Day => (-366, 3_660),
            Self::Months => (0, 600),
            Self::Term => (1, 90),
            Self::TermMonths => (1, 3),
            Self::Keep => (1, 120),
            Self::Month => (1, 12),
            Self::Minutes => (1, 10_080),
            Self::Points => (0, 10_000),
            Self::Times => (1, 1_000),
            Self::Order => (0, 1_000_000),
            Self::Choices => (10_000, 99_999),
        }
    }

    /// Whether it may be as much.
    pub fn holds(self, number: f64) -> bool {
        let (least, most) = self.range();
        (least as f64..=most as f64).contains(&number)
    }

    /// What it is, for people: the end of "a whole number …".
    pub fn describe(self) -> String {
        let (least, most) = self.range();
        let of = match self {
            Self::Count | Self::Order | Self::Choices => "",
            Self::Percent => "of percent ",
            Self::Days | Self::Day | Self::Term => "of days ",
            Self::Months | Self::TermMonths | Self::Keep => "of months ",
            Self::Month => "of a month ",
            Self::Minutes => "of minutes ",
            Self::Points => "of points ",
            Self::Times => "of times ",
        };
        format!("{of}from {least} to {most}")
    }
}

#[cfg(test)]
mod tests {
    use super::Measure;

    #[test]
    fn each_measure_ends_on_both_sides() {
        for measure in Measure::ALL {
            let (least, most) = measure.range();
            assert!(measure.holds(least as f64) && measure.holds(most as f64), "{measure:?}");
            assert!(!measure.holds(least as f64 - 1.0) && !measure.holds(most as f64 + 1.0), "{measure:?}");
            assert!(!measure.holds(f64::NAN) && !measure.holds(f64::INFINITY), "{measure:?}");
        }
    }
}
