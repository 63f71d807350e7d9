//! Leads that tell a model from every other that differs from it in one number, value, window, cell or rule.
//!
//! Whoever builds the model on a platform has built it if these leads score as they should. What can be tried side by
//! side stands in one lead: reasons are told one by one.
//!
//! - [`options`]: what each field is tried with
//! - [`ages`]: how old the events of a signal are tried
//! - [`sums`]: which points can be reached, and by what

mod ages;
mod options;
mod sums;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::sync::Arc;

use super::score::{GIVEN, permission_field, score};
use crate::package::qualification::{
    Band, Condition, Disqualifier, Event, Half, Lead, LeadEvent, Qualification, Signal, Stage,
};
use options::Options;
use sums::{Sum, Sums};

/// How many days ago a rule began to end qualification, where something may have come before it.
const SINCE: u32 = 1;

/// A target that no model names.
const ELSEWHERE: &str = "elsewhere";

/// A lead with what it tries.
#[derive(Clone, Debug, PartialEq)]
pub struct Probe {
    pub id: String,
    pub lead: Lead,
}

/// All leads that are needed, in the order of the model.
pub fn probes(model: &Qualification) -> Vec<Probe> {
    let options = Options::of(model);
    let mut probes = Probes { model, found: Vec::new() };
    probes.fields(&options);
    probes.beside(&options);
    probes.events();
    probes.extremes(&options);
    probes.inactive();
    probes.disqualified();
    probes.stages(&options);
    probes.found
}

struct Probes<'m> {
    model: &'m Qualification,
    found: Vec<Probe>,
}

impl Probes<'_> {
    /// What was tried before is not tried again.
    fn add(&mut self, id: String, lead: Lead) {
        if !self.found.iter().any(|probe| probe.lead == lead) {
            self.found.push(Probe { id, lead });
        }
    }

    /// Each value of each field, those of all fields side by side.
    fn fields(&mut self, options: &Options) {
        for at in 0..options.most() {
            self.add(format!("fields-{}", at + 1), options.lead(|_, values| values.get(at).cloned().flatten()));
        }
    }

    /// For all that a field earns by its values, one value beside the best of all other fields, and beside all events if
    /// these count together with fields: caps tell which group it counts in.
    fn beside(&mut self, options: &Options) {
        let mut best = options.lead(|field, values| sums::best(self.model, field, values, 1));
        best.events = if self.has_mixed_half() { self.everything() } else { Vec::new() };
        for (field, values) in options.iter() {
            let mut earned = Vec::new();
            for value in values {
                let earns = sums::earns(self.model, field, value.as_ref());
                if earned.contains(&earns) {
                    continue;
                }
                earned.push(earns);
                let mut lead = best.clone();
                lead.fields.shift_remove(field);
                lead.fields.extend(value.iter().map(|value| (field.clone(), value.clone())));
                let value = value.as_deref().unwrap_or("none");
                self.add(format!("beside-{}-{}", field.replace('_', "-"), value.replace('_', "-")), lead);
            }
        }
    }

    /// Each signal at each age that matters, those that share no event side by side.
    fn events(&mut self) {
        for (class, signals) in ages::classes(self.model).into_iter().enumerate() {
            let tried: Vec<_> = signals.iter().map(|signal| (*signal, ages::of(signal))).collect();
            let most = tried.iter().map(|(_, ages)| ages.len()).max().unwrap_or(0);
            for at in 0..most {
                let events = tried.iter().filter_map(|(signal, ages)| Some((*signal, ages.get(at)?)));
                let events = events.flat_map(|(signal, ages)| ages.iter().filter_map(|age| ages::event(signal, *age)));
                let lead = Lead { events: events.collect(), ..Lead::default() };
                self.add(format!("events-{}-{}", class + 1, at + 1), lead);
            }
        }
        let kinds = self.model.signals.iter().filter_map(|signal| ages::event(signal, 0));
        let elsewhere = kinds.map(|event| LeadEvent { target: Some(ELSEWHERE.into()), ..event });
        let mut events: Vec<LeadEvent> = elsewhere.collect();
        events.dedup();
        self.add("events-elsewhere".to_owned(), Lead { events, ..Lead::default() });
    }

    /// The most and the least that can be scored: caps, and halves below nothing.
    fn extremes(&mut self, options: &Options) {
        let best = options.lead(|field, values| sums::best(self.model, field, values, 1));
        self.add("most".to_owned(), Lead { events: self.everything(), ..best });
        self.add("least".to_owned(), options.lead(|field, values| sums::best(self.model, field, values, -1)));
    }

    /// Whether fields and events count in one half.
    fn has_mixed_half(&self) -> bool {
        let half_of =
            |signal: &Signal| self.model.groups.iter().find(|group| group.id == signal.group).map(|it| it.kind);
        let (events, fields): (Vec<&Signal>, Vec<&Signal>) =
            self.model.signals.iter().partition(|signal| ages::event(signal, 0).is_some());
        fields.iter().any(|field| events.iter().any(|event| half_of(event) == half_of(field)))
    }

    /// Every event as often as it counts, today.
    fn everything(&self) -> Vec<LeadEvent> {
        let often = |signal: &Signal| vec![ages::event(signal, 0); signal.max_times as usize];
        self.model.signals.iter().flat_map(often).flatten().collect()
    }

    /// The last day of activity, and the first without.
    fn inactive(&mut self) {
        let conditions =
            self.model.negatives.iter().map(|it| &it.when).chain(self.model.disqualify.iter().map(|it| &it.when));
        let days: Vec<u32> = conditions
            .filter_map(|when| match when {
                Condition::Inactive { days } => Some(*days),
                _ => None,
            })
            .collect();
        for age in days.iter().flat_map(|days| [days.saturating_sub(1), *days]) {
            let event = LeadEvent { event: Event::Recorded, target: Some(ELSEWHERE.into()), days_ago: age };
            self.add(format!("inactive-{age}"), Lead { events: vec![event], ..Lead::default() });
        }
    }

    /// Each rule alone, with each request that a route names before, on and after its day, and with the next one: the first
    /// counts.
    fn disqualified(&mut self) {
        let rules = &self.model.disqualify;
        let requests: BTreeSet<Arc<str>> =
            self.model.routing.iter().flat_map(|route| route.when.requested.iter().cloned()).collect();
        for (at, rule) in rules.iter().enumerate() {
            self.add(format!("out-{}", rule.id), met([rule]));
            for (request, age) in requests.iter().flat_map(|it| [SINCE + 1, SINCE, 0].map(|age| (it, age))) {
                let mut lead = met([rule]);
                lead.events.iter_mut().for_each(|event| event.days_ago = SINCE);
                lead.events.push(LeadEvent { event: Event::FormSubmit, target: Some(request.clone()), days_ago: age });
                self.add(format!("out-{}-{request}-{age}", rule.id), lead);
            }
            for next in rules.iter().skip(at + 1) {
                self.add(format!("out-{}-{}", rule.id, next.id), met([next, rule]));
            }
        }
    }

    /// Bands at their borders, thresholds at theirs, each cell at its most, and who gets what.
    fn stages(&mut self, options: &Options) {
        let (fit, engagement) =
            (Sums::of(self.model, options, Half::Fit), Sums::of(self.model, options, Half::Engagement));
        self.borders(&fit, "fit", &self.model.bands.fit);
        self.borders(&engagement, "engagement", &self.model.bands.engagement);
        let cells = Cell::all(self.model, &fit, &engagement);
        for stage in [Stage::Mql, Stage::Sql] {
            let least = at_threshold(self.model, &cells, stage);
            for (at, lead) in least.into_iter().enumerate() {
                self.add(format!("threshold-{}-{}", stage.id(), at + 1), lead);
            }
        }
        // What decides about routes beside permissions and requests.
        let mut decided = Vec::new();
        for (cell, lead) in cells.iter().filter_map(|cell| Some((&*cell.name, cell.most()?))) {
            let scored = score(self.model, &lead);
            let by = (scored.stage, Some(scored.fit_band).filter(|_| self.routes_by_fit()));
            self.add(format!("cell-{cell}"), lead.clone());
            if !decided.contains(&by) {
                decided.push(by);
                self.routes(cell, &lead);
            }
        }
    }

    fn routes_by_fit(&self) -> bool {
        self.model.routing.iter().any(|route| !route.when.fit.is_empty())
    }

    fn borders(&mut self, sums: &Sums, half: &str, bands: &[Band]) {
        for band in bands {
            for (side, sum) in [("from", sums.exactly(band.min)), ("below", sums.below(band.min))] {
                if let Some(sum) = sum {
                    self.add(format!("{half}-{side}-{}", band.id), sum.lead.clone());
                }
            }
        }
    }

    /// With and without each permission and each request that routes look at.
    fn routes(&mut self, cell: &str, lead: &Lead) {
        let whens = || self.model.routing.iter().map(|route| &route.when);
        let missing = whens().flat_map(|when| &when.missing).map(|field| (field.clone(), "yes"));
        let permissions = whens().flat_map(|when| &when.unpermitted);
        let permissions = permissions.map(|purpose| (Arc::from(permission_field(purpose)), GIVEN));
        let mut fields: Vec<(Arc<str>, &str)> = missing.chain(permissions).collect();
        let mut requests: Vec<Arc<str>> = whens().flat_map(|when| when.requested.iter().cloned()).collect();
        fields.sort();
        fields.dedup();
        requests.sort();
        requests.dedup();
        let mut variants = vec![(String::new(), lead.clone())];
        for (field, value) in &fields {
            let with = |(id, lead): &(String, Lead)| {
                let mut lead = lead.clone();
                lead.fields.entry(field.clone()).or_insert_with(|| (*value).into());
                (format!("{id}-{field}"), lead)
            };
            variants.extend(variants.iter().map(with).collect::<Vec<_>>());
        }
        for request in &requests {
            let with = |(id, lead): &(String, Lead)| {
                let mut lead = lead.clone();
                let event = LeadEvent { event: Event::FormSubmit, target: Some(request.clone()), days_ago: 400 };
                lead.events.push(event);
                (format!("{id}-{request}"), lead)
            };
            variants.extend(variants.iter().map(with).collect::<Vec<_>>());
        }
        // A box that was left empty is no permission.
        for purpose in whens().flat_map(|when| &when.unpermitted) {
            let mut lead = lead.clone();
            lead.fields.insert(permission_field(purpose).into(), "asked".into());
            self.add(format!("route-{cell}-{purpose}-asked"), lead);
        }
        for (id, lead) in variants.into_iter().take(MOST_VARIANTS) {
            self.add(format!("route-{cell}{}", id.replace('_', "-")), lead);
        }
    }
}

/// With two permissions and two requests there are as many; more are no path that people follow.
const MOST_VARIANTS: usize = 16;

/// A lead that meets rules; of two that want one field the last has it.
fn met<const N: usize>(rules: [&Disqualifier; N]) -> Lead {
    let mut lead = Lead::default();
    for rule in rules {
        options::meet(&rule.when, &mut lead);
    }
    lead
}

/// A cell of the matrix, with the points of both halves that lead to it.
struct Cell<'s> {
    name: String,
    stage: Stage,
    fit: Vec<&'s Sum>,
    engagement: Vec<&'s Sum>,
}

impl<'s> Cell<'s> {
    /// The cells that can be reached, in the order of the matrix.
    fn all(model: &Qualification, fit: &'s Sums, engagement: &'s Sums) -> Vec<Self> {
        let (fit, engagement) = (fit.by_band(&model.bands.fit), engagement.by_band(&model.bands.engagement));
        let mut cells = Vec::new();
        for (name, &stage) in &model.matrix {
            let pairs = fit.iter().flat_map(|fit| engagement.iter().map(move |engagement| (fit, engagement)));
            let here = pairs.into_iter().find(|((fit, _), (engagement, _))| format!("{fit}{engagement}") == **name);
            cells.extend(here.map(|((_, fit), (_, engagement))| Self {
                name: name.to_string(),
                stage,
                fit: fit.clone(),
                engagement: engagement.clone(),
            }));
        }
        cells
    }

    fn pairs(&self) -> impl Iterator<Item = (&'s Sum, &'s Sum)> {
        self.fit.iter().flat_map(|fit| self.engagement.iter().map(move |engagement| (*fit, *engagement)))
    }

    /// The lead with the most points in it.
    fn most(&self) -> Option<Lead> {
        Some(together(self.fit.last()?, self.engagement.last()?))
    }
}

/// What just reaches the points of a stage where the matrix grants it, and what just does not.
fn at_threshold(model: &Qualification, cells: &[Cell<'_>], stage: Stage) -> Vec<Lead> {
    let least = if stage == Stage::Sql { model.thresholds.sql } else { model.thresholds.mql };
    let granted = || cells.iter().filter(|cell| cell.stage >= stage).flat_map(Cell::pairs);
    let total = |(fit, engagement): &(&Sum, &Sum)| fit.points + engagement.points;
    let reaches = granted().filter(|pair| total(pair) >= least).min_by_key(total);
    let misses = granted().filter(|pair| total(pair) < least).max_by_key(total);
    reaches.into_iter().chain(misses).map(|(fit, engagement)| together(fit, engagement)).collect()
}

fn together(fit: &Sum, engagement: &Sum) -> Lead {
    let mut lead = fit.lead.clone();
    for (field, value) in &engagement.lead.fields {
        lead.fields.entry(field.clone()).or_insert_with(|| value.clone());
    }
    lead.events.extend(engagement.lead.events.iter().cloned());
    lead
}

/// Whether a lead's halves score what was reckoned.
fn scores(model: &Qualification, lead: &Lead, half: Half, points: i32) -> bool {
    let scored = score(model, lead);
    points == if half == Half::Fit { scored.fit } else { scored.engagement }
}
