//! Which points a half can come to, and by what.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use super::super::score::{band, earned_at, holds};
use super::options::{Options, meet};
use super::{ages, scores};
use crate::package::qualification::{Band, Condition, Half, Lead, LeadEvent, Qualification, Signal};

/// Points with a lead that has them, and nothing of the other half that it can do without.
pub struct Sum {
    pub points: i32,
    pub lead: Lead,
}

/// All points that a half was found to come to, in order. Each lead was scored.
pub struct Sums(Vec<Sum>);

/// By points, what a lead has to have.
type Reached = BTreeMap<i32, Way>;

/// How points are come to; most are passed over again before anybody wants the lead.
#[derive(Clone)]
enum Way {
    Nothing,
    Choice(Rc<Lead>),
    Both(Rc<(Way, Way)>),
}

impl Way {
    fn lead(&self) -> Lead {
        let mut lead = Lead::default();
        self.give(&mut lead);
        lead
    }

    fn and(&self, other: &Self) -> Self {
        Self::Both(Rc::new((self.clone(), other.clone())))
    }

    fn give(&self, lead: &mut Lead) {
        match self {
            Self::Nothing => {}
            Self::Choice(choice) => {
                lead.fields.extend(choice.fields.iter().map(|(field, value)| (field.clone(), value.clone())));
                lead.events.extend(choice.events.iter().cloned());
            }
            Self::Both(both) => {
                both.0.give(lead);
                both.1.give(lead);
            }
        }
    }
}

impl Sums {
    pub fn of(model: &Qualification, options: &Options, half: Half) -> Self {
        let mut all = BTreeMap::new();
        let mut found = |points: i32, way: &Way| {
            if !all.contains_key(&points) {
                all.extend(Some((points, way.lead())).filter(|(_, lead)| scores(model, lead, half, points)));
            }
        };
        for signals in ages::sides(model) {
            let from = |day, beside| from_day(model, options, half, &signals, day, beside).into_iter();
            from(0, None).for_each(|(points, way)| found(points, &way));
            for negative in model.negatives.iter().filter(|negative| negative.kind == half) {
                let left = |points: i32| (points - negative.points).max(0);
                if let Condition::Inactive { days } = negative.when {
                    from(days, None).for_each(|(points, way)| found(left(points), &way));
                }
                // Where a field takes points away, some may be left that nothing else comes to.
                if let Some(field) = field_of(&negative.when) {
                    let mut lead = Lead::default();
                    meet(&negative.when, &mut lead);
                    let taken = Way::Choice(Rc::new(lead));
                    from(0, Some(field)).for_each(|(points, way)| found(left(points), &way.and(&taken)));
                }
            }
        }
        Self(all.into_iter().map(|(points, lead)| Sum { points, lead }).collect())
    }

    /// The points in each band that can be reached, in order.
    pub fn by_band(&self, bands: &[Band]) -> Vec<(Arc<str>, Vec<&Sum>)> {
        let mut all: Vec<(Arc<str>, Vec<&Sum>)> = Vec::new();
        for sum in &self.0 {
            let id = band(bands, sum.points);
            match all.iter_mut().find(|(known, _)| *known == id) {
                Some((_, sums)) => sums.push(sum),
                None => all.push((id, vec![sum])),
            }
        }
        all
    }

    pub fn exactly(&self, points: i32) -> Option<&Sum> {
        self.0.iter().find(|sum| sum.points == points)
    }

    /// The most that is less.
    pub fn below(&self, points: i32) -> Option<&Sum> {
        self.0.iter().rev().find(|sum| sum.points < points)
    }
}

/// What a half can come to where nothing happened since a day, without what a field earns that is spoken for.
fn from_day(
    model: &Qualification,
    options: &Options,
    half: Half,
    events: &[&Signal],
    from: u32,
    beside: Option<&Arc<str>>,
) -> Reached {
    let mut all: Reached = BTreeMap::from([(0, Way::Nothing)]);
    for group in model.groups.iter().filter(|group| group.kind == half) {
        let reached = of_group(model, options, &group.id, events, from, beside).into_iter();
        all = plus(&all, &reached.map(|(points, way)| (points.min(group.cap), way)).collect::<Vec<_>>());
    }
    all
}

/// What the signals of a group can come to without its cap.
fn of_group(
    model: &Qualification,
    options: &Options,
    group: &Arc<str>,
    events: &[&Signal],
    from: u32,
    beside: Option<&Arc<str>>,
) -> Reached {
    let signals = || model.signals.iter().filter(|signal| signal.group == *group);
    let mut all: Reached = BTreeMap::from([(0, Way::Nothing)]);
    for (field, values) in options.iter().filter(|(field, _)| Some(*field) != beside) {
        let choices = values.iter().flatten().map(|value| {
            let lead = Lead { fields: [(field.clone(), value.clone())].into_iter().collect(), events: Vec::new() };
            let on_field = signals().filter(|it| field_of(&it.when) == Some(field) && holds(&it.when, &lead));
            (on_field.map(|signal| signal.points).sum(), Way::Choice(lead.into()))
        });
        all = plus(&all, &choices.filter(|(points, _)| *points > 0).collect::<Vec<_>>());
    }
    for signal in events.iter().copied().filter(|signal| signal.group == *group) {
        let choices = ages::worths(signal, from).into_iter().map(|days| {
            let events: Vec<LeadEvent> = days.iter().filter_map(|age| ages::event(signal, *age)).collect();
            (earned_at(signal, &days), Way::Choice(Lead { events, ..Lead::default() }.into()))
        });
        all = plus(&all, &choices.filter(|(points, _)| *points > 0).collect::<Vec<_>>());
    }
    all
}

/// Everything that was reached, alone and with each choice more. What is known is kept: it needs less.
fn plus(all: &Reached, choices: &[(i32, Way)]) -> Reached {
    let mut more = all.clone();
    for (points, way) in all {
        for (added, choice) in choices {
            more.entry(points + added).or_insert_with(|| way.and(choice));
        }
    }
    more
}

/// The signals that count a value of a field, each by its place.
pub fn earns(model: &Qualification, field: &Arc<str>, value: Option<&Arc<str>>) -> Vec<usize> {
    let lead =
        Lead { fields: value.map(|value| (field.clone(), value.clone())).into_iter().collect(), events: Vec::new() };
    let counts = |(at, signal): (usize, &Signal)| {
        (field_of(&signal.when) == Some(field) && holds(&signal.when, &lead)).then_some(at)
    };
    model.signals.iter().enumerate().filter_map(counts).collect()
}

/// Of the values of a field the one with the most points, or with the least.
pub fn best(model: &Qualification, field: &Arc<str>, values: &[Option<Arc<str>>], sign: i32) -> Option<Arc<str>> {
    let points = |value: &Option<Arc<str>>| -> i32 {
        let fields = value.iter().map(|value| (field.clone(), value.clone())).collect();
        let lead = Lead { fields, events: Vec::new() };
        let on_field = |when: &Condition| field_of(when) == Some(field) && holds(when, &lead);
        let added: i32 = model.signals.iter().filter(|it| on_field(&it.when)).map(|it| it.points).sum();
        let taken: i32 = model.negatives.iter().filter(|it| on_field(&it.when)).map(|it| it.points).sum();
        added - taken
    };
    values.iter().rev().max_by_key(|value| points(value) * sign).cloned().flatten()
}

fn field_of(condition: &Condition) -> Option<&Arc<str>> {
    match condition {
        Condition::FieldIs { field, .. } | Condition::FieldIsNot { field, .. } | Condition::DomainIn { field, .. } => {
            Some(field)
        }
        Condition::Happened { .. } | Condition::Inactive { .. } => None,
    }
}
