//! Scores one lead.
//!
//! The rules, as every platform has to build them:
//! - An event counts `max_times` at most, the most recent ones first, and not beyond its window.
//! - With decay, an event loses its percentage of points with each full 30 days, down to nothing.
//!   Points are whole: fractions are cut off.
//! - The points of a group stop at its cap; then negatives are taken off; a half below 0 counts as 0.
//! - The stage is the matrix' cell, unless the total misses that stage's threshold: then it is the
//!   highest stage below that the total does reach.
//! - A lead of whom a rule ends qualification is nobody's, but by a rule of routing that names a request: whoever made that on
//!   the day of the latest event that ended it, or after it, asked to be heard all the same.

use std::sync::Arc;

use crate::package::qualification::{
    Band, Condition, Disqualifier, Event, Half, Lead, LeadEvent, Qualification, Route, RouteWhen, Signal, Stage,
};

/// What a lead got, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Scored {
    pub fit: i32,
    pub engagement: i32,
    pub fit_band: Arc<str>,
    pub engagement_band: Arc<str>,
    pub stage: Stage,
    /// The rule that gives the lead to somebody; none if no rule fits.
    pub route: Option<Arc<str>>,
    pub owner: Option<Arc<str>>,
    /// What ended qualification, whatever the score.
    pub disqualified_by: Option<Arc<str>>,
    /// Everything that added or took points, in the order of the model.
    pub why: Vec<Reason>,
}

impl Scored {
    pub fn total(&self) -> i32 {
        self.fit + self.engagement
    }

    /// The cell of the matrix, such as `A1`.
    pub fn cell(&self) -> String {
        format!("{}{}", self.fit_band, self.engagement_band)
    }
}

/// Points that one rule added or took.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// The id of a signal, a group (its cap) or a negative.
    pub id: Arc<str>,
    pub title: String,
    pub half: Half,
    pub points: i32,
}

/// Scores `lead` by `model`.
pub fn score(model: &Qualification, lead: &Lead) -> Scored {
    let mut why = Vec::new();
    for group in &model.groups {
        let mut points = 0;
        for signal in model.signals.iter().filter(|signal| signal.group == group.id) {
            let earned = earned(signal, lead);
            if earned > 0 {
                points += earned;
                why.push(Reason {
                    id: signal.id.clone(),
                    title: signal.title.to_string(),
                    half: group.kind,
                    points: earned,
                });
            }
        }
        if points > group.cap {
            let title = format!("{}: no more than {}", group.title, group.cap);
            why.push(Reason { id: group.id.clone(), title, half: group.kind, points: group.cap - points });
        }
    }
    for negative in model.negatives.iter().filter(|negative| holds(&negative.when, lead)) {
        let title = negative.title.to_string();
        why.push(Reason { id: negative.id.clone(), title, half: negative.kind, points: -negative.points });
    }
    conclude(model, lead, why)
}

fn conclude(model: &Qualification, lead: &Lead, why: Vec<Reason>) -> Scored {
    let half = |half| why.iter().filter(|reason| reason.half == half).map(|reason| reason.points).sum::<i32>().max(0);
    let (fit, engagement) = (half(Half::Fit), half(Half::Engagement));
    let (fit_band, engagement_band) = (band(&model.bands.fit, fit), band(&model.bands.engagement, engagement));
    let ending: Vec<&Disqualifier> = model.disqualify.iter().filter(|rule| holds(&rule.when, lead)).collect();
    let cell = model.matrix.get(&*format!("{fit_band}{engagement_band}")).copied().unwrap_or(Stage::Nurture);
    let stage = match ending.is_empty() {
        false => Stage::Disqualified,
        true => cell.min(by_total(model, fit + engagement)),
    };
    let route = route(model, stage, &fit_band, lead, Heard::of(&ending, lead));
    Scored {
        fit,
        engagement,
        fit_band,
        engagement_band,
        stage,
        route: route.map(|route| route.id.clone()),
        owner: route.map(|route| route.to.clone()),
        disqualified_by: ending.first().map(|rule| rule.id.clone()),
        why,
    }
}

/// By what a lead is still heard.
#[derive(Clone, Copy)]
enum Heard {
    /// By everything: nothing ended its qualification.
    Wholly,
    /// By requests that are no older than so many days.
    Asking { at_most: u32 },
}

impl Heard {
    /// What ends qualification by no event has no day after which somebody could ask.
    fn of(ending: &[&Disqualifier], lead: &Lead) -> Self {
        let latest =
            ending.iter().filter_map(|rule| matching(&rule.when, lead).map(|event| event.days_ago).min()).min();
        match ending.is_empty() {
            true => Self::Wholly,
            false => Self::Asking { at_most: latest.unwrap_or(u32::MAX) },
        }
    }
}

/// How many days ago a request was made, each time.
fn made<'a>(request: &'a str, lead: &'a Lead) -> impl Iterator<Item = u32> {
    let is_it = |event: &&LeadEvent| event.event == Event::FormSubmit && event.target.as_deref() == Some(request);
    lead.events.iter().filter(is_it).map(|event| event.days_ago)
}

/// The field in which the permission for a purpose stands.
pub(super) fn permission_field(purpose: &str) -> String {
    format!("permission_{purpose}")
}

/// The state of a permission that was given.
pub(super) const GIVEN: &str = "given";

pub(super) fn by_total(model: &Qualification, total: i32) -> Stage {
    match total {
        total if total >= model.thresholds.sql => Stage::Sql,
        total if total >= model.thresholds.mql => Stage::Mql,
        _ => Stage::Nurture,
    }
}

/// The first band whose minimum the points reach; bands stand best first.
pub(super) fn band(bands: &[Band], points: i32) -> Arc<str> {
    bands.iter().find(|band| points >= band.min).or(bands.last()).map_or_else(|| "".into(), |band| band.id.clone())
}

fn route<'a>(model: &'a Qualification, stage: Stage, fit_band: &str, lead: &Lead, heard: Heard) -> Option<&'a Route> {
    let asked = |request: &Arc<str>| match heard {
        Heard::Wholly => made(request, lead).next().is_some(),
        Heard::Asking { at_most } => made(request, lead).any(|age| age <= at_most),
    };
    let is_heard = |when: &RouteWhen| matches!(heard, Heard::Wholly) || !when.requested.is_empty();
    let fits = |route: &&Route| {
        let when = &route.when;
        let empty = |field: &Arc<str>| lead.fields.get(field).is_none_or(|value| value.is_empty());
        let lacks = |purpose: &Arc<str>| lead.fields.get(&*permission_field(purpose)).is_none_or(|it| **it != *GIVEN);
        is_heard(when)
            && (when.stages.is_empty() || when.stages.contains(&stage))
            && (when.fit.is_empty() || when.fit.iter().any(|band| **band == *fit_band))
            && when.missing.iter().all(empty)
            && when.unpermitted.iter().all(lacks)
            && (when.requested.is_empty() || when.requested.iter().any(asked))
    };
    model.routing.iter().filter(fits).min_by_key(|route| route.priority)
}

fn earned(signal: &Signal, lead: &Lead) -> i32 {
    let Condition::Happened { .. } = signal.when else {
        return if holds(&signal.when, lead) { signal.points } else { 0 };
    };
    earned_at(signal, &matching(&signal.when, lead).map(|event| event.days_ago).collect::<Vec<_>>())
}

/// The points for events of such ages.
pub(super) fn earned_at(signal: &Signal, ages: &[u32]) -> i32 {
    let in_window = |age: &u32| signal.window_days.is_none_or(|days| *age <= days);
    let mut ages: Vec<u32> = ages.iter().copied().filter(in_window).collect();
    ages.sort_unstable();
    ages.truncate(signal.max_times as usize);
    ages.into_iter().map(|age| decayed(signal, age)).sum()
}

/// What is left of a signal's points after so many days.
fn decayed(signal: &Signal, days_ago: u32) -> i32 {
    let lost = i64::from(signal.decay_pct_per_month.unwrap_or(0)) * i64::from(days_ago / 30);
    let left = i64::from(signal.points) * (100 - lost).max(0) / 100;
    i32::try_from(left).unwrap_or(i32::MAX)
}

fn matching<'a>(condition: &'a Condition, lead: &'a Lead) -> impl Iterator<Item = &'a LeadEvent> {
    lead.events.iter().filter(move |happened| match condition {
        Condition::Happened { event, target } => {
            happened.event == *event && (target.is_none() || happened.target == *target)
        }
        _ => false,
    })
}

pub(super) fn holds(condition: &Condition, lead: &Lead) -> bool {
    let value = |field: &Arc<str>| lead.fields.get(field).map_or("", |value| &**value);
    match condition {
        Condition::FieldIs { field, values } => values.iter().any(|wanted| **wanted == *value(field)),
        Condition::FieldIsNot { field, values } => !values.iter().any(|wanted| **wanted == *value(field)),
        Condition::DomainIn { field, values } => values.iter().any(|domain| is_below(value(field), domain)),
        Condition::Happened { .. } => matching(condition, lead).next().is_some(),
        Condition::Inactive { days } => {
            lead.events.iter().map(|event| event.days_ago).min().is_some_and(|age| age >= *days)
        }
    }
}

/// Whether an address belongs to a domain or to one below it.
fn is_below(address: &str, domain: &str) -> bool {
    let Some((_, host)) = address.rsplit_once('@') else { return false };
    let (host, domain) = (host.to_ascii_lowercase(), domain.to_ascii_lowercase());
    host.strip_suffix(&*domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}
