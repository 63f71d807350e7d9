//! What the points of a model mean for the lead's path: of whom enough is known to reach a stage (J3), and where weak signs
//! alone make the difference (J13).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::reach::{of_band, of_half};
use super::score::{band, by_total};
use crate::journey::{Score, Tipped};
use crate::package::journey::Request;
use crate::package::qualification::{Condition, Event, Half, Qualification, Signal, Stage};

/// More requests than these are not tried in every combination; then nothing is said of what a stage needs.
const MOST_REQUESTS: usize = 8;

/// For each stage that enters a state.
pub fn scores(model: &Qualification, requests: &[Request]) -> Vec<Score> {
    let routes = model.routing.iter().filter_map(|route| Some((route, route.enters.as_ref()?)));
    let stages = routes.flat_map(|(route, enters)| route.when.stages.iter().map(move |stage| (*stage, enters)));
    let score = |(stage, enters): (Stage, &Arc<str>)| Score {
        stage: stage.id().into(),
        enters: enters.clone(),
        needs: needs(model, requests, stage),
        tipped: requests.iter().filter(|it| !it.calls).filter_map(|it| tipped(model, it, stage)).collect(),
    };
    stages.map(score).collect()
}

/// The requests without which no lead comes to a stage: each is one of some that together tell enough, and no fewer do.
fn needs(model: &Qualification, requests: &[Request], stage: Stage) -> Vec<Arc<str>> {
    if requests.len() > MOST_REQUESTS {
        return Vec::new();
    }
    let enough = |made: usize| {
        let told = requests.iter().enumerate().filter(|(at, _)| made >> at & 1 == 1).flat_map(|(_, it)| &it.form);
        let fit = fit(model, &told.map(|field| &**field).collect());
        reaches(model, stage, fit, of_half(model, Half::Engagement))
    };
    let is_needed = |at: usize| {
        (0..1_usize << requests.len()).any(|made| made >> at & 1 == 1 && enough(made) && !enough(made & !(1 << at)))
    };
    match enough(0) {
        // Whoever made no request is nobody; any of them will do.
        true => Vec::new(),
        false => (0..requests.len()).filter(|&at| is_needed(at)).map(|at| requests[at].id.clone()).collect(),
    }
}

/// The best fit of a lead of whom these fields are known.
fn fit(model: &Qualification, known: &BTreeSet<&str>) -> i32 {
    let groups = model.groups.iter().filter(|group| group.kind == Half::Fit);
    let of_group = |group: &Arc<str>| {
        let mut best: BTreeMap<&str, i32> = BTreeMap::new();
        for signal in model.signals.iter().filter(|signal| signal.group == *group) {
            let Some(field) = field(&signal.when).filter(|field| known.contains(field)) else { continue };
            let points = best.entry(field).or_default();
            *points = signal.points.max(*points);
        }
        best.into_values().sum::<i32>()
    };
    groups.map(|group| of_group(&group.id).min(group.cap)).sum()
}

fn field(condition: &Condition) -> Option<&str> {
    match condition {
        Condition::FieldIs { field, .. } | Condition::FieldIsNot { field, .. } | Condition::DomainIn { field, .. } => {
            Some(field)
        }
        Condition::Happened { .. } | Condition::Inactive { .. } => None,
    }
}

/// Whether a lead with at most so many points can come to a stage.
fn reaches(model: &Qualification, stage: Stage, fit: i32, interest: i32) -> bool {
    let tops = |bands: &[crate::package::qualification::Band], most: i32| {
        let open = (0..bands.len()).filter(|&at| bands[at].min <= most);
        open.map(|at| of_band(bands, at, most)).collect::<Vec<_>>()
    };
    let interests = tops(&model.bands.engagement, interest);
    tops(&model.bands.fit, fit).iter().any(|fit| interests.iter().any(|interest| at(model, *fit, *interest) >= stage))
}

/// The stage of so many points.
fn at(model: &Qualification, fit: i32, interest: i32) -> Stage {
    let cell = format!("{}{}", band(&model.bands.fit, fit), band(&model.bands.engagement, interest));
    model.matrix.get(&*cell).copied().unwrap_or(Stage::Nurture).min(by_total(model, fit + interest))
}

/// Whether weak signs make the difference for somebody who did no more than send one form.
fn tipped(model: &Qualification, request: &Request, stage: Stage) -> Option<Tipped> {
    let alone = interest(model, &|signal| sent(signal, request));
    let weakly = interest(model, &|signal| sent(signal, request) || is_weak(signal));
    let known = request.form.iter().map(|field| &**field).collect();
    let most = fit(model, &known);
    let bands = &model.bands.fit;
    let tops = (0..bands.len()).filter(|&at| bands[at].min <= most).map(|at| of_band(bands, at, most));
    let tips = |fit: i32| at(model, fit, alone) < stage && at(model, fit, weakly) >= stage;
    tops.into_iter().any(tips).then(|| Tipped {
        request: request.id.clone(),
        points: [alone, weakly],
        capped: capped(model).into(),
        signs: weak(model).map(|signal| format!("qualification.signals[{}]", signal.id).into()).collect(),
    })
}

/// The most points of interest by some signals, a form counted once.
fn interest(model: &Qualification, counts: &dyn Fn(&Signal) -> bool) -> i32 {
    let groups = model.groups.iter().filter(|group| group.kind == Half::Engagement);
    let of_group = |group: &Arc<str>| {
        let signals = model.signals.iter().filter(|signal| signal.group == *group && counts(signal));
        let points = |signal: &Signal| match is_weak(signal) {
            true => signal.points.saturating_mul(i32::try_from(signal.max_times).unwrap_or(i32::MAX)),
            false => signal.points,
        };
        signals.map(points).fold(0_i32, i32::saturating_add)
    };
    groups.map(|group| of_group(&group.id).min(group.cap)).sum()
}

/// What a program may do as well as a person.
fn is_weak(signal: &Signal) -> bool {
    matches!(signal.when, Condition::Happened { event: Event::EmailClick | Event::PageView, .. })
}

fn weak(model: &Qualification) -> impl Iterator<Item = &Signal> {
    model.signals.iter().filter(|signal| is_weak(signal))
}

fn sent(signal: &Signal, request: &Request) -> bool {
    let Condition::Happened { event: Event::FormSubmit, target } = &signal.when else { return false };
    target.as_ref().is_none_or(|target| *target == request.id)
}

/// The cap of the group in which weak signs give most.
fn capped(model: &Qualification) -> String {
    let groups = model.groups.iter().filter(|group| weak(model).any(|signal| signal.group == group.id));
    let most = groups.max_by_key(|group| group.cap);
    most.map_or_else(|| "qualification.groups".to_owned(), |group| format!("qualification.groups[{}].cap", group.id))
}
