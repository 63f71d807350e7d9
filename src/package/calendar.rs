//! When people of a region or a partner work, as they write it.

use std::ops::RangeInclusive;
use std::sync::Arc;

use indexmap::IndexMap;
use jiff::civil::{Date, Weekday};
use serde::Deserialize;

use crate::calendar::holidays::Kind;
use crate::calendar::{Clock, Days, Hours, Place, WEEKDAYS, Week, holidays};

/// `region.calendar` or `partner.calendar`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Calendar {
    pub country: Option<Arc<str>>,
    pub subdivision: Option<Arc<str>>,
    pub zone: Option<Arc<str>>,
    /// By weekday; `workday` is every day that is not of the weekend.
    pub hours: IndexMap<Arc<str>, Arc<str>>,
    pub closed: Vec<Closed>,
}

/// A day without work besides public holidays.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Closed {
    pub date: Date,
    pub name: Arc<str>,
}

/// A day that is not what its weekday is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DayOff {
    pub date: Date,
    /// What it is; of a public holiday in English.
    pub name: Arc<str>,
    /// By language; of a day that the region closes none.
    pub names: Vec<(&'static str, &'static str)>,
    /// `None` where the region closes it.
    pub kind: Option<Kind>,
}

impl DayOff {
    /// Whether nobody works.
    pub fn is_free(&self) -> bool {
        !matches!(self.kind, Some(Kind::Half | Kind::Worked))
    }
}

/// Why a calendar cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Its key: `country`.
    pub key: &'static str,
    pub message: String,
    pub help: String,
}

impl Calendar {
    /// This one where it says something, and the region's in all else. Who works elsewhere has the holidays of there, and
    /// not the days that the region closes besides.
    #[must_use]
    pub fn or(&self, region: &Self) -> Self {
        let is_elsewhere = self.country.is_some() || self.subdivision.is_some();
        Self {
            country: self.country.clone().or_else(|| region.country.clone()),
            subdivision: if is_elsewhere { self.subdivision.clone() } else { region.subdivision.clone() },
            zone: self.zone.clone().or_else(|| region.zone.clone()),
            hours: if self.hours.is_empty() { region.hours.clone() } else { self.hours.clone() },
            closed: if is_elsewhere { Vec::new() } else { region.closed.clone() },
        }
    }

    /// Whether nothing is otherwise than in the region.
    pub fn is_of_region(&self) -> bool {
        *self == Self::default()
    }

    /// What is wrong with it: a place that there is not, or no hours at all.
    pub fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        let known = self.country.as_deref().map(|code| (code, holidays::country(code)));
        match (known, self.subdivision.as_deref()) {
            (Some((code, None)), _) => faults.push(Fault {
                key: "country",
                message: format!("the public holidays of `{code}` are not known here"),
                help: "leave `country` out, and list the region's days without work in `closed`".into(),
            }),
            (Some((code, Some(country))), Some(part)) if !country.subdivisions.contains(&part) => {
                let parts = country.subdivisions.join(", ");
                faults.push(Fault {
                    key: "subdivision",
                    message: format!("`{code}` has no subdivision `{part}`"),
                    help: match parts.is_empty() {
                        true => "leave it out, or say by `country` of which country it is a part".into(),
                        false => format!("use one of {parts}, or say by `country` of which other country it is a part"),
                    },
                });
            }
            (None, Some(part)) => faults.push(Fault {
                key: "subdivision",
                message: format!("`{part}` is a part of no country"),
                help: "say by `country` of which".into(),
            }),
            _ => {}
        }
        if !self.hours.is_empty() && self.week().is_none() {
            faults.push(Fault {
                key: "hours",
                message: "every day is closed, so nothing would ever be due".into(),
                help: "give `workday` hours such as `09:00-17:00`".into(),
            });
        }
        faults
    }

    fn place(&self) -> Option<Place> {
        Place::new(self.country.as_deref()?, self.subdivision.as_deref())
    }

    /// The hours of each weekday; `None` where nobody says them.
    pub fn week(&self) -> Option<Week> {
        let hours = |key: &str| self.hours.get(key).and_then(|text| text.parse::<Hours>().ok());
        let is_free = |weekday| match self.place() {
            Some(place) => place.country.is_weekend(weekday, place.subdivision),
            None => matches!(weekday, Weekday::Saturday | Weekday::Sunday),
        };
        let mut weekday = Weekday::Monday;
        let days = WEEKDAYS.map(|key| {
            let workday = || hours("workday").filter(|_| !is_free(weekday)).unwrap_or_default();
            let day = hours(key).unwrap_or_else(workday);
            weekday = weekday.next();
            day
        });
        Week::new(days)
    }

    pub fn days(&self) -> Days {
        Days::new(self.place(), self.week().as_ref(), self.closed.iter().map(|closed| closed.date))
    }

    /// The days within a time on which it is otherwise than their weekday has it, in order. Holidays of the weekend are
    /// left out.
    pub fn days_off(&self, within: RangeInclusive<Date>) -> Vec<DayOff> {
        let weekdays = Days::new(None, self.week().as_ref(), []);
        let place = self.place();
        let dates = place.into_iter().flat_map(|place| place.country.between(within.clone()));
        let public =
            dates.flat_map(|date| place.into_iter().flat_map(move |place| place.on(date).map(move |it| (date, it))));
        let mut days: Vec<DayOff> = public
            .filter(|(date, day)| weekdays.is_free(*date) == (day.kind == Kind::Worked))
            .map(|(date, day)| DayOff { date, name: day.name().into(), names: day.names, kind: Some(day.kind) })
            .collect();
        let closed = self.closed.iter().filter(|closed| within.contains(&closed.date));
        days.extend(closed.map(|it| DayOff { date: it.date, name: it.name.clone(), names: Vec::new(), kind: None }));
        days.sort_by_key(|day| day.date);
        days
    }

    /// By which time is counted; `None` where hours or the zone are not given.
    pub fn clock(&self) -> Option<Clock> {
        Clock::new(self.days(), self.week()?, self.zone.as_deref()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn calendar(country: &str, hours: &[(&str, &str)]) -> Calendar {
        let hours = hours.iter().map(|(day, text)| (Arc::from(*day), Arc::from(*text))).collect();
        let country = (!country.is_empty()).then(|| country.into());
        Calendar { country, zone: Some("UTC".into()), hours, ..Calendar::default() }
    }

    #[test]
    fn a_workday_is_none_of_the_weekend_unless_it_is_named() {
        let open = |calendar: &Calendar| {
            let week = calendar.week().unwrap();
            let open = WEEKDAYS.iter().zip(week.days()).filter(|(_, hours)| !hours.is_closed());
            open.map(|(day, _)| *day).collect::<Vec<_>>().join(" ")
        };
        let workday = [("workday", "09:00-17:00")];
        assert_eq!(open(&calendar("SA", &workday)), "monday tuesday wednesday thursday sunday");
        assert_eq!(open(&calendar("", &workday)), "monday tuesday wednesday thursday friday");
        let shifted = [("workday", "09:00-17:00"), ("friday", "closed"), ("saturday", "10:00-12:00")];
        assert_eq!(open(&calendar("DE", &shifted)), "monday tuesday wednesday thursday saturday");
    }

    #[test]
    fn a_place_that_there_is_not_is_a_fault() {
        let faults = |calendar: Calendar| calendar.faults().into_iter().map(|fault| fault.key).collect::<Vec<_>>();
        let part = |country: &str, part: &str| Calendar { subdivision: Some(part.into()), ..calendar(country, &[]) };
        assert_eq!(faults(calendar("AQ", &[])), ["country"]);
        assert_eq!(faults(part("DE", "XX")), ["subdivision"]);
        assert_eq!(faults(part("", "BY")), ["subdivision"]);
        assert_eq!(faults(calendar("DE", &[("workday", "closed")])), ["hours"]);
        assert_eq!(faults(part("DE", "BY")), [""; 0]);
    }

    #[test]
    fn who_works_elsewhere_has_the_days_of_there() {
        let closed = vec![Closed { date: jiff::civil::date(2027, 2, 8), name: "Closed".into() }];
        let region =
            Calendar { closed, subdivision: Some("BE".into()), ..calendar("DE", &[("workday", "09:00-17:00")]) };
        let own = Calendar { country: Some("AT".into()), ..Calendar::default() }.or(&region);
        assert_eq!((own.country.as_deref(), own.subdivision.as_deref(), own.closed.len()), (Some("AT"), None, 0));
        assert_eq!((own.hours.len(), own.zone.as_deref()), (1, Some("UTC")));
        assert_eq!(Calendar::default().or(&region), region);
    }
}
