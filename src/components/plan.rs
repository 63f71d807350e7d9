//! What a package plans: dates, numbers, money, evidence. The claim, the calendar and the package's part of its partner's plan
//! are told from it.
//!
//! - `split`: its numbers over its activities
//! - `rules`: what it has to hold to (A1 to A3)

pub mod rules;
mod split;

use std::sync::Arc;

use jiff::Span;
use jiff::civil::{Date, date};
use rust_decimal::Decimal;

use super::{Input, tracking};
use crate::calendar::{self, plus};
use crate::data::{Data, DataMap};
use crate::deployment::Deployment;
use crate::links::{LinkRow, PLACEMENTS, utm_id};
use crate::matrix::Ordinal;
use crate::package::program::Period;
use crate::package::proof::{Activity, ClaimDue, DueFrom, EvidenceItem, Metric, Proof, Shows};
use crate::package::schedule::Schedule;
use crate::plan::{self, Approval};
use crate::profiles::fund::{self, Fund};

pub use split::percent;
use split::{amounts, goals, shares};

/// What one deployment claims, as far as it is known before the first activity.
#[derive(Clone, Debug)]
pub struct Plan<'a> {
    pub proof: &'a Proof,
    pub profile: &'static Fund,
    /// Names the claim in every file of evidence: its partner's for the period, in one currency.
    pub claim: String,
    pub utm_id: String,
    pub campaign: String,
    pub currency: &'a str,
    pub activities: Vec<Planned<'a>>,
    /// The partner's goal of each metric, over all of its packages, in order.
    pub goals: Vec<i64>,
    /// Which of these packages this one is.
    pub ordinal: Ordinal,
    /// What this package plans of each goal.
    pub totals: Vec<i64>,
    /// The last day for the claim as a whole: the earliest of its activities' days.
    pub claim_due: Date,
    /// A working day in time for it.
    pub submit_by: Date,
    /// How long papers are kept.
    pub retention_until: Date,
}

/// An activity with its dates and numbers.
#[derive(Clone, Debug)]
pub struct Planned<'a> {
    pub activity: &'a Activity,
    /// Unlike all others of the claim; packages for which it takes place once have the same.
    pub key: String,
    /// Its part of what the fund plans with for this package.
    pub amount: Option<Decimal>,
    pub start: Date,
    pub end: Date,
    /// Where each activity is approved by itself.
    pub approval_due: Option<Date>,
    pub claim_due: Date,
    /// For each metric that the activity adds to.
    pub values: Vec<(&'a Metric, i64)>,
    /// `utm_content` of the links that count for it.
    pub contents: Vec<Arc<str>>,
    pub evidence: Vec<Evidence<'a>>,
}

/// A file of evidence.
#[derive(Clone, Debug)]
pub struct Evidence<'a> {
    pub item: &'a EvidenceItem,
    pub file: String,
    /// A working day by which it is filed, in time for the claim.
    pub due: Date,
}

impl<'a> Plan<'a> {
    pub fn new(input: &Input<'a>) -> Self {
        let package = input.package;
        let proof = &*package.proof;
        let id = utm_id(&input.deployment.id);
        let own = [&proof.fund.currency, &package.partner.currency, &package.region.currency];
        let currency = own.into_iter().flatten().next().map_or("USD", |currency| currency);
        let period = &package.program.period;
        let claim = format!("claim-{}-{}-{currency}", period.code, input.deployment.partner).to_lowercase();
        let days = Days::new(period, package.days(), &package.schedule, proof);
        let goals = goals(proof, &package.partner);
        let ordinal = ordinal(input.data);
        let totals: Vec<i64> = goals.iter().map(|&goal| ordinal.part(goal)).collect();
        let mut values = shares(proof, &totals).into_iter();
        let mut amounts = amounts(proof, ordinal, currency).into_iter();
        let end = |activity: &Activity| days.work.offset(days.launch, activity.last_day);
        let claim_due = proof.activities.iter().map(|activity| days.claim_due(end(activity))).min();
        let claim_due = claim_due.unwrap_or_else(|| days.claim_due(days.period.end));
        let planned = |activity: &'a Activity| {
            let key = key(activity, input.deployment);
            let (start, end) = (days.work.offset(days.launch, activity.first_day), end(activity));
            let due = |item: &EvidenceItem| days.filed_by(item, end, claim_due);
            Planned {
                activity,
                start,
                end,
                approval_due: days.approval_due(start),
                claim_due: days.claim_due(end),
                values: values.next().unwrap_or_default(),
                contents: contents(activity, input.links()),
                evidence: evidence(proof, activity, &format!("{claim}_{key}"), due),
                amount: amounts.next(),
                key,
            }
        };
        let activities: Vec<_> = proof.activities.iter().map(planned).collect();
        Self {
            proof,
            profile: days.profile,
            campaign: tracking::deployment_key(input),
            utm_id: id,
            currency,
            activities,
            goals,
            ordinal,
            totals,
            claim_due,
            submit_by: days.work.on_or_before(claim_due),
            retention_until: claim_due.saturating_add(Span::new().months(days.retention.clamp(0, 1200))),
            claim,
        }
    }
}

/// The period as a package tells it.
pub fn period(input: &Input<'_>) -> plan::Period {
    let Period { name, start, end, .. } = &input.package.program.period;
    plan::Period { name: name.clone(), start: *start, end: *end }
}

/// What dates are counted by.
struct Days<'a> {
    period: &'a Period,
    work: calendar::Days,
    launch: Date,
    profile: &'static Fund,
    due: ClaimDue,
    /// `None` where no activity is approved by itself.
    approval_lead: Option<i32>,
    retention: i32,
}

impl<'a> Days<'a> {
    fn new(period: &'a Period, work: calendar::Days, schedule: &Schedule, proof: &Proof) -> Self {
        // An unknown profile is found by the check; the common rules stand in for it meanwhile.
        let profile = fund::fund(&proof.fund.profile).unwrap_or(&fund::FUNDS[0]);
        let usual = ClaimDue { from: DueFrom::UsagePeriodEnd, days: profile.claim_due_days };
        Self {
            period,
            launch: schedule.launch(period, &work),
            work,
            profile,
            due: proof.fund.claim_due.unwrap_or(usual),
            approval_lead: (proof.fund.approval == Approval::Each)
                .then(|| proof.fund.approval_lead_days.unwrap_or(profile.approval_lead_days)),
            retention: proof.fund.retention_months.unwrap_or(profile.retention_months),
        }
    }

    /// The last working day on which approval of what starts then can be asked for.
    fn approval_due(&self, start: Date) -> Option<Date> {
        let lead = self.approval_lead?;
        Some(self.work.on_or_before(plus(start, -i64::from(lead))))
    }

    /// The last working day to file what proves something that ends then, in time for the claim.
    fn filed_by(&self, item: &EvidenceItem, end: Date, claimed: Date) -> Date {
        let own = item.due_days.map(|days| plus(end, days.into()));
        self.work.on_or_before(own.map_or(claimed, |own| own.min(claimed)))
    }

    fn claim_due(&self, end: Date) -> Date {
        let from = match self.due.from {
            DueFrom::ActivityEnd => end,
            DueFrom::UsagePeriodEnd => self.period.end,
            DueFrom::QuarterEnd => quarter_end(end),
        };
        plus(from, self.due.days.into())
    }
}

fn quarter_end(day: Date) -> Date {
    let month = (day.month() - 1) / 3 * 3 + 3;
    date(day.year(), month, 1).last_of_month()
}

/// Which of its partner's packages a package is; the only one, where nothing is known of others.
fn ordinal(data: &DataMap) -> Ordinal {
    let number = |key: &str| match data.get("deployment")?.get(key)? {
        Data::Int(number) => usize::try_from(*number).ok(),
        _ => None,
    };
    let before = number("number").map_or(0, |number| number.saturating_sub(1));
    Ordinal { before, of: number("packages").unwrap_or(1) }
}

/// The names in reports by which an activity's numbers can be found again.
fn contents(activity: &Activity, rows: &[LinkRow]) -> Vec<Arc<str>> {
    let counts = |row: &&LinkRow| {
        if &*row.document == PLACEMENTS {
            activity.placements.contains(&row.placement)
        } else {
            activity.emails && &*row.component == "nurture"
        }
    };
    rows.iter().filter(counts).map(|row| row.content.clone()).collect()
}

/// Tells an activity of a claim from all others: by what it takes place once for, or else by its package. No value of an axis
/// has one of the two signs that join.
fn key(activity: &Activity, deployment: &Deployment) -> String {
    let place: Vec<&str> = match &activity.once {
        Some(axes) if axes.is_empty() => vec![&deployment.partner],
        Some(axes) => {
            deployment.axes.iter().filter(|(axis, _)| axes.contains(axis)).map(|(_, value)| &**value).collect()
        }
        None => deployment.id.split('/').skip(1).collect(),
    };
    format!("{}_{}", place.join("."), activity.id)
}

fn evidence<'a>(
    proof: &'a Proof,
    activity: &Activity,
    named: &str,
    due: impl Fn(&EvidenceItem) -> Date,
) -> Vec<Evidence<'a>> {
    let kind = proof.evidence.iter().find(|kind| kind.id == activity.kind);
    let items = kind.map(|kind| kind.items.as_slice()).unwrap_or_default();
    let file = |(index, item): (usize, &'a EvidenceItem)| Evidence {
        item,
        file: format!("{named}_{:02}_{}.{}", index + 1, item.id, item.file),
        due: due(item),
    };
    items.iter().enumerate().map(file).collect()
}

fn day(date: Date) -> Data {
    date.to_string().into()
}

impl Plan<'_> {
    pub fn data(&self) -> Data {
        let fund = &self.proof.fund;
        let metrics = self.proof.metrics.iter().zip(self.goals.iter().zip(&self.totals));
        Data::map([
            ("claim", self.claim.as_str().into()),
            ("campaign", self.campaign.as_str().into()),
            ("utm_id", self.utm_id.as_str().into()),
            ("currency", self.currency.into()),
            ("number", Data::Int(self.ordinal.before as i64 + 1)),
            ("packages", Data::Int(self.ordinal.of as i64)),
            (
                "fund",
                Data::map([
                    ("name", Data::Text(fund.name.clone())),
                    ("profile", self.profile.name.into()),
                    ("id", self.profile.id.into()),
                    ("certainty", self.profile.certainty.id().into()),
                    ("files", Data::list(self.profile.files.iter().map(|&file| file.into()))),
                    ("reimbursed", Data::Float(fund.reimbursed_percent)),
                    ("approval", fund.approval.id().into()),
                    ("contact", fund.contact.clone().map_or(Data::Null, Data::Text)),
                ]),
            ),
            ("deadlines", self.deadlines()),
            (
                "metrics",
                Data::list(metrics.map(|(metric, (goal, total))| {
                    Data::map([
                        ("id", Data::Text(metric.id.clone())),
                        ("title", Data::Text(metric.title.clone())),
                        ("meaning", Data::Text(metric.meaning.clone())),
                        ("planned", Data::Int(*total)),
                        ("goal", Data::Int(*goal)),
                    ])
                })),
            ),
            (
                "uncounted",
                Data::list(self.proof.uncounted.iter().map(|metric| {
                    Data::map([
                        ("id", Data::Text(metric.id.clone())),
                        ("title", Data::Text(metric.title.clone())),
                        ("meaning", Data::Text(metric.meaning.clone())),
                    ])
                })),
            ),
            ("activities", Data::list(self.activities.iter().map(Planned::data))),
        ])
    }

    fn deadlines(&self) -> Data {
        let deadline = |id: &str, date: Date, activity: Data| {
            Data::map([("id", id.into()), ("date", day(date)), ("activity", activity)])
        };
        let approval = |planned: &Planned<'_>| {
            Some(deadline("approval", planned.approval_due?, Data::Text(planned.activity.id.clone())))
        };
        let approvals = self.activities.iter().filter_map(approval);
        let last = [
            deadline("submit", self.submit_by, Data::Null),
            deadline("due", self.claim_due, Data::Null),
            deadline("keep", self.retention_until, Data::Null),
        ];
        let mut all: Vec<Data> = approvals.chain(last).collect();
        all.sort_by(|a, b| a.get("date").and_then(Data::as_str).cmp(&b.get("date").and_then(Data::as_str)));
        Data::list(all)
    }
}

impl Planned<'_> {
    fn data(&self) -> Data {
        let activity = self.activity;
        let values = self.values.iter().map(|(metric, value)| {
            Data::map([
                ("metric", Data::Text(metric.id.clone())),
                ("title", Data::Text(metric.title.clone())),
                ("value", Data::Int(*value)),
            ])
        });
        Data::map([
            ("id", Data::Text(activity.id.clone())),
            ("title", Data::Text(activity.title.clone())),
            ("kind", Data::Text(activity.kind.clone())),
            ("audience", Data::Text(activity.audience.clone())),
            ("start", day(self.start)),
            ("end", day(self.end)),
            ("approval_due", self.approval_due.map_or(Data::Null, day)),
            ("claim_due", day(self.claim_due)),
            ("budget", Data::Float(activity.budget)),
            ("values", Data::list(values)),
            ("placements", Data::list(activity.placements.iter().cloned().map(Data::Text))),
            ("emails", activity.emails.into()),
            ("evidence", Data::list(self.evidence.iter().map(Evidence::data))),
        ])
    }
}

impl Evidence<'_> {
    pub(super) fn shows(&self) -> &'static str {
        match self.item.shows {
            Shows::Cost => "cost",
            Shows::Performance => "performance",
        }
    }

    fn data(&self) -> Data {
        Data::map([
            ("id", Data::Text(self.item.id.clone())),
            ("title", Data::Text(self.item.title.clone())),
            ("shows", self.shows().into()),
            ("optional", self.item.optional.into()),
            ("file", self.file.as_str().into()),
            ("due", day(self.due)),
        ])
    }
}

#[cfg(test)]
mod tests;
