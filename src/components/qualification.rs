//! Qualification logic: the model as data, test vectors that prove a partner's build of it, and
//! what its build sheet shows.
//!
//! - [`score`]: what a lead gets, and why
//! - [`check`]: whether the model can work at all
//! - `basis`: who may be handed a lead
//! - `fields`: the fields that keep all of this in a system, as files that it takes
//! - `handoff`: what goes to the partner with a lead, and what comes back
//! - `entered`: what the journey says of routes that lead into it
//! - `probes`: leads that tell the model from every other
//! - `reach`: the most that a lead can score
//! - `output`: `qualification/model.json` and `qualification/test-vectors.json`
//! - `once`: what is made once for all deployments that it is the same for
//! - `sheet`: the tables and worked examples of the build sheet

mod basis;
mod check;
mod entered;
mod fields;
mod handoff;
#[cfg(test)]
mod mutants;
mod output;
mod points;
mod probes;
mod reach;
mod score;
pub(super) mod sheet;
mod once;
#[cfg(test)]
mod tests;

pub use check::Emitted;
pub use fields::Labels;
pub use handoff::{Handing, groundless};
pub use once::Once;
pub use points::scores;
pub use score::{Reason, Scored, score};

use super::shown::{FEEDBACK, PATH, Shown};
use super::{Asked, Component, Finding, Input, Task};
use crate::data::{Data, DataMap};
use crate::diag::Diagnostics;
use crate::package::qualification::Qualification;

pub struct QualificationLogic;

impl Component for QualificationLogic {
    fn id(&self) -> &'static str {
        "qualification"
    }

    fn title(&self) -> &'static str {
        "Qualification logic"
    }

    fn required(&self) -> &'static [&'static str] {
        &["qualification/index.html", output::MODEL_FILE, output::VECTORS_FILE]
    }

    fn shows(&self) -> Vec<Shown> {
        let told = ["qualification.handoff.criteria", "strings.fields", "strings.form.values"].map(Shown::Whole);
        let model = [
            ("qualification.groups", &["title"][..]),
            ("qualification.signals", &["title"]),
            ("qualification.negatives", &["title"]),
            ("qualification.disqualify", &["title", "then"]),
            ("qualification.bands.fit", &["title"]),
            ("qualification.bands.engagement", &["title"]),
            ("qualification.stages", &["title", "meaning", "next"]),
            ("qualification.routing", &["title"]),
            ("qualification.test_leads", &["title", "story"]),
            ("qualification.handoff.record", &["title", "source"]),
        ];
        let model = model.map(|(list, keys)| Shown::Items(list, keys));
        PATH.into_iter().chain(told).chain(model).chain(FEEDBACK).collect()
    }

    /// The machine-readable model and its test vectors, and what a handoff takes.
    fn tasks(&self, input: &Input<'_>) -> Vec<Task> {
        let own = [Asked::always(output::MODEL_FILE, "model"), Asked::always(output::VECTORS_FILE, "test-vectors")];
        std::iter::once(Task::new(own, output::files))
            .chain(fields::tasks(input))
            .chain(handoff::tasks(input))
            .collect()
    }

    /// What the build sheet sees as `view`.
    ///
    /// `fields` and `setup`, for whoever sets a system up (see `fields` and `sheet`); `totals` {fit, engagement, total}; `halves`
    /// [{id, max, groups [{id, cap, signals [{id, points, when, times, window, decay}]}], negatives [{id, points, when}]}];
    /// `untold` [ids of signals that nobody tells of here], `unable` [of those that the platform cannot count]; `columns` [engagement bands {id, min}]; `record` [{id, needed}];
    /// `matrix` [{band, cells [{cell, stage}]}]; `routes` [{id, priority, requested, missing, unpermitted (purposes), stages, fit, to, enters, late}];
    /// `ended` [{id, when}]; `examples` and `tests` [{id, fit, engagement, total, cell, stage, to}], the first with `reasons`
    /// [{id, points, half}]. All that has words is named by its id, so that a page says it in its own language.
    fn view(&self, input: &Input<'_>) -> Result<Data, Diagnostics> {
        let model = model(input);
        Ok(sheet::view(&model, fields::view(input, &model), sheet::setup(input)))
    }

    fn check(&self, input: &Input<'_>) -> Vec<Finding> {
        let model = effective(&input.package.qualification, input.data);
        let mut findings = check::check(&model, &Emitted::of(input.data));
        if let Some(page) = input.folded.and_then(|folded| folded.landing) {
            findings.extend(check::check_form(&model, page, input.data));
        }
        findings.extend(fields::check(input, &model));
        findings.extend(handoff::check(input));
        findings
    }
}

/// The model as it is here.
fn model(input: &Input<'_>) -> Qualification {
    let mut model = effective(&input.package.qualification, input.data);
    handoff::fill(&mut model, &input.package.journey);
    model
}

/// The model with only those routes that can apply to this partner and region: rules for another
/// capability fall away, so do rules on a permission that the region's form does not ask for, and those that would
/// hand a lead to somebody who may not have it (W2).
pub fn effective(model: &Qualification, data: &DataMap) -> Qualification {
    let capability = data.get("partner").and_then(|partner| partner.get("capability")).and_then(Data::as_str);
    let capability = capability.unwrap_or("full");
    let boxes = data.get("region").and_then(|region| region.at("consent.boxes")).map_or(&[][..], Data::items);
    let asked = |purpose: &str| boxes.iter().any(|item| item.get("id").and_then(Data::as_str) == Some(purpose));
    let mut model = model.clone();
    model.routing.retain(|route| {
        let able = route.when.capability.is_empty() || route.when.capability.iter().any(|name| **name == *capability);
        able && route.when.unpermitted.iter().all(|purpose| asked(purpose))
    });
    model.routing.sort_by_key(|route| route.priority);
    entered::fill(&mut model.routing, data);
    entered::due(&mut model.feedback, data);
    basis::keep(&mut model, data);
    model
}
