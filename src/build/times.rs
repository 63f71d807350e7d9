//! A deployment's times: the calendars of its region and its partner, and by when what its journey owes is due.

use serde::de::DeserializeOwned;

use crate::calendar::holidays;
use crate::components::Finding;
use crate::data::DataMap;
use crate::diag::Diagnostics;
use crate::package;
use crate::package::calendar::{Calendar, Fault};
use crate::times::{Given, Times};
use crate::values::Values;

use super::checks::placed_at;

/// The code of every fault of a calendar.
const CODE: &str = "E-CALENDAR";

/// `times`; what is wrong with a calendar is noted at the line that says it. `None` where the package has no dates.
pub fn times(values: &Values<'_>, facts: &DataMap, diagnostics: &mut Diagnostics) -> Option<Times> {
    let program = package::read(facts.get("package")?, "package").ok()?;
    let region: Calendar = read(values, "region.calendar").unwrap_or_default();
    let partner: Calendar = read(values, "partner.calendar").unwrap_or_default();
    let machines: Vec<_> = read(values, "journey.machines").unwrap_or_default();
    let owners: Vec<_> = read(values, "qualification.owners").unwrap_or_default();
    let requests: Vec<_> = read(values, "journey.requests").unwrap_or_default();
    let (region, partner) = (&region, &partner);
    let given = Given { requests: &requests, machines: &machines, owners: &owners, region, partner, program: &program };
    let mut note = |record: &str, fault: Fault| {
        let finding = Finding::new(format!("{record}.calendar.{}", fault.key), fault.message, fault.help);
        diagnostics.push(placed_at(values.tree(), finding.diagnostic(CODE), &finding.path));
    };
    let of_region = region.faults();
    let is_sound = of_region.is_empty();
    of_region.into_iter().chain(beyond(&given)).for_each(|fault| note("region", fault));
    if is_sound && *partner != Calendar::default() {
        let own = partner.or(region);
        own.faults().into_iter().chain(fewer_hours(&own, region)).for_each(|fault| note("partner", fault));
    }
    Some(Times::new(&given))
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

/// Time runs while people work: with fewer hours all that is promised would be due later.
fn fewer_hours(own: &Calendar, region: &Calendar) -> Option<Fault> {
    let minutes = |calendar: &Calendar| calendar.week().map(|week| week.minutes());
    let (own, least) = (minutes(own)?, minutes(region)?);
    let hours = |minutes: u32| format!("{}:{:02}", minutes / 60, minutes % 60);
    (own < least).then(|| Fault {
        key: "hours",
        message: format!(
            "{} hours a week are fewer than the region's {}, so what is promised would be due later",
            hours(own),
            hours(least)
        ),
        help: "keep as many hours as the region, whenever they are".to_owned(),
    })
}

fn read<T: DeserializeOwned>(values: &Values<'_>, path: &str) -> Option<T> {
    let (root, key) = path.split_once('.')?;
    let bound = values.bind(values.tree().get(root)?.get(key)?).ok()?;
    package::read(&bound, path).ok()
}
