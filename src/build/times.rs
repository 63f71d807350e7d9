//! A deployment's times: the calendars of its region and its partner, and by when what its journey owes is due.

use std::collections::BTreeSet;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Zoned};

use crate::calendar::{Clock, Days, Week, Within, holidays, plus};
use crate::components::Finding;
use crate::data::DataMap;
use crate::diag::Diagnostics;
use crate::package;
use crate::package::calendar::{Calendar, Fault};
use crate::package::journey::Controller;
use crate::package::program::Program;
use crate::times::{Given, Times};
use crate::values::Values;

use super::checks::placed_at;
use super::mender::Mender;
use super::outline::{Outline, read};

/// The code of every fault of a calendar.
const CODE: &str = "E-CALENDAR";

/// Of dates that do not hold (A3).
const DATES: &str = "E-A3";

/// Whether dates can be counted from the period; else that is noted, and nothing that rests on it has to be looked at.
pub fn in_order(facts: &DataMap, mender: Mender<'_>, diagnostics: &mut Diagnostics) -> bool {
    let finding = program(facts).and_then(|program| disordered(&program));
    diagnostics.extend(finding.iter().map(|finding| mender.placed(DATES, finding)));
    finding.is_none()
}

fn program(facts: &DataMap) -> Option<Program> {
    package::read(facts.get("package")?, "package").ok()
}

/// `times`; what is wrong with a calendar is noted at the line that says it. `None` where the package has no dates.
pub fn times(values: &Values<'_>, outline: &Outline, facts: &DataMap, diagnostics: &mut Diagnostics) -> Option<Times> {
    let program = program(facts)?;
    let region: Calendar = read(values, "region.calendar").unwrap_or_default();
    let partner: Calendar = read(values, "partner.calendar").unwrap_or_default();
    let (region, partner) = (&region, &partner);
    let Outline { journey, owners, .. } = outline;
    let given =
        Given { requests: &journey.requests, machines: &journey.machines, owners, region, partner, program: &program };
    let mut note = |record: &str, fault: Fault| {
        let finding = Finding::new(format!("{record}.calendar.{}", fault.key), fault.message, fault.help);
        diagnostics.push(placed_at(values.tree(), finding.diagnostic(CODE), &finding.path));
    };
    let of_region = region.faults();
    let is_sound = of_region.is_empty();
    of_region.into_iter().chain(beyond(&given)).for_each(|fault| note("region", fault));
    if is_sound && !partner.is_of_region() {
        let own = partner.or(region);
        own.faults().into_iter().chain(later(&own, &given)).for_each(|fault| note("partner", fault));
    }
    Some(Times::new(&given))
}

/// A period that ends before it begins, or is over when the package comes: nothing can be counted from such dates.
fn disordered(program: &Program) -> Option<Finding> {
    let Program { released, period, .. } = program;
    let (start, end) = (period.start, period.end);
    let on = |path: &str, message: String, help: &str, other: &str| {
        Finding::new(path, message, help).resting_on(vec![other.to_owned()])
    };
    if end < start {
        let message = format!("the period ends on {end}, before it begins on {start}");
        return Some(on("period.end", message, "give it a last day that is not before `start`", "period.start"));
    }
    let message = format!("the package is released on {released}, when its period is over since {end}");
    let is_late = end < *released;
    is_late.then(|| on("released", message, "release it before the period ends", "period.end"))
}

/// A program that goes on after the holidays that are known would be without any then.
fn beyond(given: &Given<'_>) -> Option<Fault> {
    let days = crate::times::days_of(given.program);
    let (known, country) = (holidays::years(), given.region.country.as_deref()?);
    let year = [days.start().year(), days.end().year()].into_iter().find(|year| !known.contains(year))?;
    Some(Fault {
        key: "country",
        message: format!(
            "the public holidays of `{country}` are known for {} to {}, and the program has dates in {year}",
            known.start(),
            known.end()
        ),
        help: "leave `country` out, and list the region's days without work in `closed`".to_owned(),
    })
}

/// A partner may work at other hours than the region, and answer nothing later for it: of all that it may owe, what comes in
/// on a day of the week is due no later than by the region's hours. Holidays are those of where each works, and no matter of
/// hours.
fn later(own: &Calendar, given: &Given<'_>) -> Option<Fault> {
    let clock = |week: Week| Clock::new(Days::new(None, Some(&week), []), week, "UTC");
    let (own, region) = (clock(own.week()?)?, clock(given.region.week()?)?);
    let is_partner = |who: &str| given.owners.iter().any(|it| *it.id == *who && *it.role == *Controller::Partner.id());
    let states = given.machines.iter().flat_map(|machine| &machine.states);
    let owed = states.filter(|state| state.who.as_deref().is_some_and(is_partner));
    let times: BTreeSet<&str> = owed.filter_map(|state| state.within.as_deref()).collect();
    let times: Vec<Within> = times.into_iter().filter_map(|within| within.parse().ok()).collect();
    let monday = Date::constant(2027, 3, 1);
    (0..7)
        .map(|day| plus(monday, day))
        .find_map(|day| times.iter().find_map(|&within| late(&own, &region, day, within)))
}

fn late(own: &Clock, region: &Clock, day: Date, within: Within) -> Option<Fault> {
    let (late, least) = (latest(own, day, within)?, latest(region, day, within)?);
    let told = |at: &Zoned| at.strftime("%A %H:%M").to_string();
    (late > least).then(|| Fault {
        key: "hours",
        message: format!(
            "what comes in on a {} and is owed within `{within}` may be due on {}, and by the region's hours on {} at the latest",
            day.strftime("%A"),
            told(&late),
            told(&least)
        ),
        help: "work for as long as the region on each day on which it does".to_owned(),
    })
}

/// When that is due which comes in on a day and is due last: nothing is due before what came in earlier, so it is what
/// comes in last.
fn latest(clock: &Clock, day: Date, within: Within) -> Option<Zoned> {
    let end = plus(day, 1).to_zoned(TimeZone::UTC).ok()?.timestamp();
    Some(clock.due(end - SignedDuration::from_mins(1), within).ok()?.at)
}
