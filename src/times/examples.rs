//! What comes in when, and by when it is due: moments of the program's period at which people count differently than
//! clocks.

use jiff::civil::{Date, DateTime, Time};
use jiff::{SignedDuration, Timestamp};

use super::{Arrival, DueOn};
use crate::calendar::{Clock, Within, plus};
use crate::package::calendar::{Calendar, DayOff};
use crate::package::program::Period;

/// A moment at which something comes in.
pub struct Moment {
    at: Timestamp,
    on: DateTime,
    why: &'static str,
    holiday: Option<DayOff>,
}

impl Moment {
    pub fn arrival(&self) -> Arrival {
        Arrival {
            date: self.on.date().to_string().into(),
            time: time(self.on.time()),
            why: self.why.into(),
            holiday: self.holiday.as_ref().map(|day| day.name.clone()),
        }
    }
}

/// How long before closing an example comes in.
const BEFORE_CLOSING: i64 = 30;

/// The first eve of a weekend, the first eve of a holiday, and the first noon at which nobody works; each within the
/// period, and only where there is one.
pub fn arrivals(clock: &Clock, calendar: &Calendar, period: &Period) -> Vec<Moment> {
    let (first, last) = (period.start, period.end);
    let days = clock.days();
    let off: Vec<DayOff> = calendar.days_off(first..=last).into_iter().filter(DayOff::is_free).collect();
    let is_off = |date: Date| off.iter().any(|day| day.date == date);
    let period = || (0..).map(|day| plus(first, day)).take_while(|date| *date <= last && *date < Date::MAX);
    let before = |day: &DayOff| days.on_or_before(plus(day.date, -1));
    let eve = off.iter().map(|day| (before(day), day)).find(|(date, _)| *date >= first);
    let holiday = eve.and_then(|(date, day)| Some((evening(clock, date)?, "holiday", Some(day.clone()))));
    let is_weekend = |date: Date| days.is_free(date) && !is_off(date);
    let is_other = |date: Date| eve.is_none_or(|(other, _)| other != date);
    let weekend = period().find(|date| !days.is_free(*date) && is_weekend(plus(*date, 1)) && is_other(*date));
    let weekend = weekend.and_then(|date| Some((evening(clock, date)?, "weekend", None)));
    let noon = |date: Date| date.to_datetime(Time::constant(12, 0, 0, 0));
    let free = period().find(|date| days.is_free(*date)).map(|date| (noon(date), "free", None));
    let moment = |(on, why, holiday): (DateTime, &'static str, Option<DayOff>)| {
        Some(Moment { at: on.to_zoned(clock.zone().clone()).ok()?.timestamp(), on, why, holiday })
    };
    [weekend, free, holiday].into_iter().flatten().filter_map(moment).collect()
}

/// Shortly before a day's end.
fn evening(clock: &Clock, date: Date) -> Option<DateTime> {
    let closes = clock.week().on(date.weekday()).spans().last()?.closes;
    let minutes = SignedDuration::from_mins(i64::from(closes) - BEFORE_CLOSING);
    Some(date.to_datetime(Time::MIN).saturating_add(minutes))
}

/// By when what comes in is due. Nothing, where the holidays on the way are not known.
pub fn due(clock: &Clock, arrivals: &[Moment], within: Within) -> Vec<DueOn> {
    let due = |moment: &Moment| {
        let due = clock.due(moment.at, within).ok()?;
        let expected = due.is_expected;
        Some(DueOn { date: due.at.date().to_string().into(), time: time(due.at.time()), expected })
    };
    arrivals.iter().map(due).collect::<Option<Vec<_>>>().unwrap_or_default()
}

fn time(time: Time) -> std::sync::Arc<str> {
    format!("{:02}:{:02}", time.hour(), time.minute()).into()
}
