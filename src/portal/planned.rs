//! The plan of a partner over its packages, as its page tells it: goals with their parts, claims, and who owes what by when.

use indexmap::IndexMap;
use rust_decimal::Decimal;

use crate::data::Data;
use crate::plan::{self, Calendar, Claim, Day, Part};

/// {metrics [title], packages [{id, numbers}], goals [number], claims [{id, due, …}], clashes [{one, other}], owners [{name, days
/// [{date, …}]}]}; nothing where no package tells its part.
pub fn of(parts: &[Part]) -> Data {
    if parts.is_empty() {
        return Data::Null;
    }
    let mut metrics: IndexMap<&str, (&str, i64)> = IndexMap::new();
    for goal in parts.iter().flat_map(|part| &part.goals) {
        metrics.entry(&goal.metric).or_insert((&goal.title, goal.goal));
    }
    let numbers = |part: &Part| {
        let planned = |metric: &&str| part.goals.iter().find(|goal| *goal.metric == **metric).map(|goal| goal.planned);
        Data::list(metrics.keys().map(|metric| planned(metric).map_or(Data::Null, Data::Int)))
    };
    let package = |part: &Part| Data::map([("id", Data::Text(part.deployment.clone())), ("numbers", numbers(part))]);
    let mut calendar = Calendar::default();
    parts.iter().for_each(|part| calendar.add(part, |_| true));
    Data::map([
        ("metrics", Data::list(metrics.values().map(|(title, _)| Data::from(*title)))),
        ("packages", Data::list(parts.iter().map(package))),
        ("goals", Data::list(metrics.values().map(|(_, goal)| Data::Int(*goal)))),
        ("claims", Data::list(plan::claims(parts).iter().map(claim))),
        ("clashes", Data::list(calendar.clashes().into_iter().map(clash))),
        ("owners", Data::list(owners(&calendar, parts.len()))),
    ])
}

fn clash((one, other): (&Day, &Day)) -> Data {
    Data::map([("one", due(one, 0)), ("other", due(other, 0))])
}

fn claim(claim: &Claim<'_>) -> Data {
    let fund = &claim.head().fund;
    let amount = |amount: Option<Decimal>| amount.map_or(Data::Null, |amount| Data::from(amount.to_string()));
    Data::map([
        ("id", Data::Text(fund.claim.clone())),
        ("fund", Data::Text(fund.name.clone())),
        ("currency", Data::Text(fund.currency.clone())),
        ("percent", Data::from(fund.reimbursed_percent.to_string())),
        ("packages", Data::Int(claim.parts.len() as i64)),
        ("activities", Data::Int(claim.rows.len() as i64)),
        ("planned", amount(claim.planned())),
        ("cap", amount(fund.cap)),
        ("submit_by", Data::from(claim.submit_by().to_string())),
        ("due", Data::from(claim.claim_due().to_string())),
    ])
}

/// By owner, in the order in which they first owe something, what is due and when.
fn owners(calendar: &Calendar, packages: usize) -> Vec<Data> {
    let mut owners: IndexMap<&str, Vec<Data>> = IndexMap::new();
    for day in calendar.days() {
        owners.entry(&day.dated.category).or_default().push(due(day, packages));
    }
    let owner = |(name, days): (&str, Vec<Data>)| Data::map([("name", Data::from(name)), ("days", Data::list(days))]);
    owners.into_iter().map(owner).collect()
}

fn due(day: &Day, packages: usize) -> Data {
    let dated = &day.dated;
    let whose = if day.deployments.len() == packages { Vec::new() } else { day.deployments.clone() };
    Data::map([
        ("date", Data::from(dated.date.to_string())),
        ("hours", dated.time.as_ref().map_or(Data::Null, |time| Data::Text(time.hours.clone()))),
        ("zone", dated.time.as_ref().map_or(Data::Null, |time| Data::Text(time.zone.clone()))),
        ("place", Data::Text(dated.place.clone())),
        ("weeks", Data::Int(dated.weekly.len() as i64)),
        ("title", Data::Text(dated.title.clone())),
        ("detail", Data::Text(dated.detail.clone())),
        ("whose", Data::list(whose.into_iter().map(Data::Text))),
    ])
}
