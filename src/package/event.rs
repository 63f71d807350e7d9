//! `proof.activities[].event`, typed: what takes place at a time of day.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::{Date, Time as Clock};
use jiff::tz::TimeZone;
use serde::Deserialize;

use super::calendar::Calendar;
use crate::calendar::{Hours, Span, zone};
use crate::plan::Time;

/// An event of an activity, on its first day.
#[derive(Clone, Debug, Deserialize)]
pub struct Event {
    /// `18:00-20:00`
    pub hours: Arc<str>,
    /// Of these hours; the region's where it is not given.
    #[serde(default)]
    pub zone: Option<Arc<str>>,
    #[serde(default)]
    pub seats: Option<u32>,
}

impl Event {
    /// From when until when; `None` where it has not one span of hours, or no zone.
    pub fn time(&self, date: Date, region: &Calendar) -> Option<Time> {
        let span = self.span()?;
        let name = self.zone.as_ref().or(region.zone.as_ref())?;
        let zone = zone(name)?;
        let at = |minutes| instant(date, minutes, &zone);
        Some(Time { starts: at(span.opens)?, ends: at(span.closes)?, hours: self.hours.clone(), zone: name.clone() })
    }

    /// Its hours, where they are one span.
    pub fn span(&self) -> Option<Span> {
        let hours: Hours = self.hours.parse().ok()?;
        let mut spans = hours.spans();
        spans.next().filter(|_| spans.next().is_none())
    }
}

/// An instant of a day, which may be the midnight at its end.
fn instant(date: Date, minutes: u16, zone: &TimeZone) -> Option<Timestamp> {
    let (hour, minute) = (minutes / 60, minutes % 60);
    let (date, hour) = if hour == 24 { (date.tomorrow().ok()?, 0) } else { (date, hour) };
    let time = Clock::new(i8::try_from(hour).ok()?, i8::try_from(minute).ok()?, 0, 0).ok()?;
    Some(date.to_datetime(time).to_zoned(zone.clone()).ok()?.timestamp())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn time(hours: &str, zone: Option<&str>) -> Option<String> {
        let event = Event { hours: hours.into(), zone: zone.map(Arc::from), seats: None };
        let region = Calendar { zone: Some("Europe/Berlin".into()), ..Calendar::default() };
        event.time(date(2027, 3, 29), &region).map(|time| format!("{} {}", time.starts, time.ends))
    }

    #[test]
    fn its_hours_are_those_of_the_region_or_its_own_zone() {
        assert_eq!(time("18:00-20:00", None).unwrap(), "2027-03-29T16:00:00Z 2027-03-29T18:00:00Z");
        assert_eq!(time("09:00-24:00", Some("Asia/Tokyo")).unwrap(), "2027-03-29T00:00:00Z 2027-03-29T15:00:00Z");
    }

    #[test]
    fn it_has_one_span_of_hours() {
        assert!(time("09:00-10:00, 11:00-12:00", None).is_none() && time("closed", None).is_none());
    }
}
