//! Models that differ from another in one thing.

use std::sync::Arc;

use crate::package::qualification::{Condition, Event, Half, Qualification, Stage};

/// Each with what differs.
pub fn mutants(model: &Qualification) -> Vec<(String, Qualification)> {
    let mut all = Mutants { model, found: Vec::new() };
    all.groups();
    all.signals();
    all.negatives();
    all.disqualifiers();
    all.stages();
    all.routes();
    all.found
}

struct Mutants<'m> {
    model: &'m Qualification,
    found: Vec<(String, Qualification)>,
}

impl Mutants<'_> {
    fn add(&mut self, what: String, change: impl FnOnce(&mut Qualification)) {
        let mut model = self.model.clone();
        change(&mut model);
        if model != *self.model {
            self.found.push((what, model));
        }
    }

    fn groups(&mut self) {
        for (at, group) in self.model.groups.iter().enumerate() {
            for step in [-1, 1] {
                self.add(format!("cap of {} {step:+}", group.id), |model| model.groups[at].cap += step);
            }
            self.add(format!("half of {}", group.id), |model| flip(&mut model.groups[at].kind));
        }
    }

    fn signals(&mut self) {
        for (at, signal) in self.model.signals.iter().enumerate() {
            let id = &signal.id;
            for step in [-1, 1] {
                self.add(format!("points of {id} {step:+}"), |model| model.signals[at].points += step);
                self.add(format!("times of {id} {step:+}"), |model| {
                    let times = &mut model.signals[at].max_times;
                    *times = times.saturating_add_signed(step).max(1);
                });
                self.add(format!("window of {id} {step:+}"), |model| {
                    let window = &mut model.signals[at].window_days;
                    *window = window.map(|days| days.saturating_add_signed(step));
                });
                self.add(format!("decay of {id} {step:+}"), |model| {
                    let decay = &mut model.signals[at].decay_pct_per_month;
                    *decay = decay.map(|percent| percent.saturating_add_signed(step));
                });
            }
            self.add(format!("no window of {id}"), |model| model.signals[at].window_days = None);
            self.add(format!("no decay of {id}"), |model| model.signals[at].decay_pct_per_month = None);
            for group in &self.model.groups {
                self.add(format!("{id} in {}", group.id), |model| model.signals[at].group = group.id.clone());
            }
            for (how, when) in conditions(&signal.when) {
                self.add(format!("{id}: {how}"), |model| model.signals[at].when = when);
            }
        }
    }

    fn negatives(&mut self) {
        for (at, negative) in self.model.negatives.iter().enumerate() {
            let id = &negative.id;
            for step in [-1, 1] {
                self.add(format!("points of {id} {step:+}"), |model| model.negatives[at].points += step);
            }
            self.add(format!("half of {id}"), |model| flip(&mut model.negatives[at].kind));
            for (how, when) in conditions(&negative.when) {
                self.add(format!("{id}: {how}"), |model| model.negatives[at].when = when);
            }
        }
    }

    fn disqualifiers(&mut self) {
        for (at, rule) in self.model.disqualify.iter().enumerate() {
            let id = &rule.id;
            self.add(format!("no {id}"), |model| drop(model.disqualify.remove(at)));
            for other in at + 1..self.model.disqualify.len() {
                self.add(format!("{id} after {}", self.model.disqualify[other].id), |model| {
                    model.disqualify.swap(at, other);
                });
            }
            for (how, when) in conditions(&rule.when) {
                self.add(format!("{id}: {how}"), |model| model.disqualify[at].when = when);
            }
        }
    }

    fn stages(&mut self) {
        for step in [-1, 1] {
            for at in 0..self.model.bands.fit.len() {
                self.add(format!("fit band {at} {step:+}"), |model| model.bands.fit[at].min += step);
            }
            for at in 0..self.model.bands.engagement.len() {
                self.add(format!("engagement band {at} {step:+}"), |model| model.bands.engagement[at].min += step);
            }
            self.add(format!("mql {step:+}"), |model| model.thresholds.mql += step);
            self.add(format!("sql {step:+}"), |model| model.thresholds.sql += step);
        }
        for (at, cell) in self.model.matrix.keys().enumerate() {
            for stage in [Stage::Nurture, Stage::Mql, Stage::Sql] {
                self.add(format!("{cell} is {}", stage.id()), |model| model.matrix[at] = stage);
            }
        }
    }

    fn routes(&mut self) {
        for (at, route) in self.model.routing.iter().enumerate() {
            let id = &route.id;
            self.add(format!("no route {id}"), |model| drop(model.routing.remove(at)));
            self.add(format!("{id} to another"), |model| model.routing[at].to = "another".into());
            for other in at + 1..self.model.routing.len() {
                self.add(format!("{id} after {}", self.model.routing[other].id), |model| {
                    let (one, two) = (model.routing[at].priority, model.routing[other].priority);
                    (model.routing[at].priority, model.routing[other].priority) = (two, one);
                });
            }
            self.add(format!("{id} whatever the stage"), |model| model.routing[at].when.stages.clear());
            self.add(format!("{id} whatever the fit"), |model| model.routing[at].when.fit.clear());
            self.add(format!("{id} whatever is missing"), |model| model.routing[at].when.missing.clear());
            self.add(format!("{id} whatever is permitted"), |model| model.routing[at].when.unpermitted.clear());
            self.add(format!("{id} whatever was requested"), |model| model.routing[at].when.requested.clear());
            for gone in 0..route.when.stages.len() {
                self.add(format!("{id} without a stage"), |model| {
                    model.routing[at].when.stages.remove(gone);
                });
            }
        }
    }
}

fn flip(half: &mut Half) {
    *half = if *half == Half::Fit { Half::Engagement } else { Half::Fit };
}

fn conditions(condition: &Condition) -> Vec<(String, Condition)> {
    let without = |values: &[Arc<str>], at: usize| {
        let mut values = values.to_vec();
        values.remove(at);
        values
    };
    match condition.clone() {
        Condition::FieldIs { field, values } => {
            let each = (0..values.len()).map(|at| {
                (
                    format!("not {}", values[at]),
                    Condition::FieldIs { field: field.clone(), values: without(&values, at) },
                )
            });
            let inverse = ("is not".to_owned(), Condition::FieldIsNot { field: field.clone(), values: values.clone() });
            each.chain([inverse]).collect()
        }
        Condition::FieldIsNot { field, values } => {
            let each = (0..values.len()).map(|at| {
                let values_ = without(&values, at);
                (format!("also {}", values[at]), Condition::FieldIsNot { field: field.clone(), values: values_ })
            });
            let inverse = ("is".to_owned(), Condition::FieldIs { field: field.clone(), values: values.clone() });
            each.chain([inverse]).collect()
        }
        Condition::DomainIn { field, values } => (0..values.len())
            .map(|at| {
                (
                    format!("not {}", values[at]),
                    Condition::DomainIn { field: field.clone(), values: without(&values, at) },
                )
            })
            .collect(),
        Condition::Happened { event, target } => {
            let other = if event == Event::PageView { Event::EmailClick } else { Event::PageView };
            vec![
                ("any target".to_owned(), Condition::Happened { event, target: None }),
                ("another target".to_owned(), Condition::Happened { event, target: Some("another".into()) }),
                ("another event".to_owned(), Condition::Happened { event: other, target }),
            ]
        }
        Condition::Inactive { days } => {
            let near = [days.saturating_sub(1), days + 1];
            near.map(|days| (format!("{days} days"), Condition::Inactive { days })).into()
        }
    }
}
