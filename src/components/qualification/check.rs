//! Whether a model can work: what no schema sees.
//!
//! Every threshold and stage must be reachable, none by fit alone; every combination of bands must
//! lead to one stage and one owner; every event must be one the package causes, every field one its
//! form asks for.
//!
//! - `form`: what the landing page asks for
//! - `signals`: groups, and what signals look at
//! - `matrix`: bands, thresholds and stages

mod form;
mod matrix;
mod signals;

use std::collections::BTreeSet;

pub use form::check_form;

use super::super::Finding;
use super::{reach, score};
use crate::data::{Data, DataMap};
use crate::package::qualification::{Half, Qualification, Route, Stage};
use crate::schema::journey::nodes::places;
use matrix::{check_bands, check_matrix, check_thresholds};
use signals::{check_groups, check_signals, no_request};

/// What the pages and emails of a package can cause to happen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Emitted {
    /// Ids of the emails of the sequence.
    pub emails: BTreeSet<String>,
    /// Ids of the pages of the site.
    pub pages: BTreeSet<String>,
    /// Ids of the requests of the journey.
    pub requests: BTreeSet<String>,
    /// Ids of its purposes.
    pub purposes: BTreeSet<String>,
}

impl Emitted {
    /// Reads them from the package's data.
    pub fn of(data: &DataMap) -> Self {
        let ids = |items: &[Data]| {
            items.iter().filter_map(|item| item.get("id").and_then(Data::as_str)).map(str::to_owned).collect()
        };
        let emails = data.get("nurture").and_then(|nurture| nurture.get("emails")).map_or(&[][..], Data::items);
        let documents = data.get("documents").map_or(&[][..], Data::items);
        let pages: Vec<Data> = documents
            .iter()
            .filter(|document| {
                document.get("output").and_then(Data::as_str).is_some_and(|path| path.starts_with("site/"))
            })
            .cloned()
            .collect();
        let of_journey = |list: &str| data.get("journey").and_then(|it| it.get(list)).map_or(&[][..], Data::items);
        let (requests, purposes) = (ids(of_journey("requests")), ids(of_journey("purposes")));
        Self { emails: ids(emails), pages: ids(&pages), requests, purposes }
    }
}

/// Everything that is wrong with `model`. Pass the model of one deployment (`effective`).
pub fn check(model: &Qualification, emitted: &Emitted) -> Vec<Finding> {
    let mut findings = Findings(Vec::new());
    check_groups(model, &mut findings);
    check_signals(model, emitted, &mut findings);
    check_bands(&model.bands.fit, "fit", reach::of_half(model, Half::Fit), &mut findings);
    check_bands(&model.bands.engagement, "engagement", reach::of_half(model, Half::Engagement), &mut findings);
    check_thresholds(model, &mut findings);
    check_matrix(model, &mut findings);
    check_routing(model, emitted, &mut findings);
    check_feedback(model, &mut findings);
    check_status_to(model, &mut findings);
    check_stages(model, &mut findings);
    // Scores of a model with gaps would only repeat what was said above.
    if findings.0.is_empty() {
        check_test_leads(model, &mut findings);
    }
    findings.0
}

struct Findings(Vec<Finding>);

impl Findings {
    fn add(&mut self, path: impl AsRef<str>, message: impl Into<String>, help: impl Into<String>) {
        self.0.push(Finding::new(format!("qualification.{}", path.as_ref()), message, help));
    }

    /// Says of the last one what it misses.
    fn about(&mut self, missing: Vec<String>) {
        self.0.last_mut().into_iter().for_each(|last| last.rests_on.clone_from(&missing));
    }
}

fn check_routing(model: &Qualification, emitted: &Emitted, findings: &mut Findings) {
    let known = |id: &str| model.owners.iter().any(|owner| *owner.id == *id);
    for (at, route) in model.routing.iter().enumerate() {
        let path = format!("routing[{}]", route.id);
        match &route.enters {
            // Owners of states are the journey's to prove.
            Some(state) if route.to.is_empty() => {
                findings.add(
                    format!("{path}.enters"),
                    format!("the journey has no state `{state}` in which somebody owes something"),
                    "name a machine and a state of it with `who`, as `sales.offered`",
                );
                findings.about(places(state));
            }
            None if !known(&route.to) => {
                findings.add(
                    format!("{path}.to"),
                    format!("there is no owner `{}`", route.to),
                    "use the id of an item of `owners`, or say by `enters` which state of the journey follows",
                );
                findings.about(vec![format!("qualification.owners[{}]", route.to)]);
            }
            _ => {}
        }
        for request in route.when.requested.iter().filter(|request| !emitted.requests.contains(&***request)) {
            let help = "name the id of an item of `journey.requests`";
            findings.add(format!("{path}.when.requested"), no_request(request), help);
            findings.about(vec![format!("journey.requests[{request}]")]);
        }
        for purpose in route.when.unpermitted.iter().filter(|purpose| !emitted.purposes.contains(&***purpose)) {
            let message = format!("nobody is asked for the permission `{purpose}`");
            findings.add(format!("{path}.when.unpermitted"), message, "name the id of an item of `journey.purposes`");
            findings.about(vec![format!("journey.purposes[{purpose}]")]);
        }
        if let Some(other) = model.routing[..at].iter().find(|other| other.priority == route.priority) {
            findings.add(
                format!("{path}.priority"),
                format!("`{}` and `{}` both have priority {}", other.id, route.id, route.priority),
                "give each rule a priority of its own",
            );
        }
    }
    for stage in [Stage::Nurture, Stage::Mql, Stage::Sql] {
        for band in &model.bands.fit {
            if !model.routing.iter().any(|route| always_takes(route, stage, &band.id)) {
                findings.add(
                    "routing",
                    format!("no rule takes a lead of stage `{}` in fit band `{}`", stage.id(), band.id),
                    "add a rule without further conditions as the last one, to somebody who may have the lead (`leads`)",
                );
            }
        }
    }
}

fn always_takes(route: &Route, stage: Stage, fit_band: &str) -> bool {
    let when = &route.when;
    when.missing.is_empty()
        && when.unpermitted.is_empty()
        && when.requested.is_empty()
        && (when.stages.is_empty() || when.stages.contains(&stage))
        && (when.fit.is_empty() || when.fit.iter().any(|band| **band == *fit_band))
}

/// Who gets the status file back is somebody.
fn check_status_to(model: &Qualification, findings: &mut Findings) {
    let known = |id: &str| model.owners.iter().any(|owner| *owner.id == *id);
    if let Some(to) = model.handoff.status_to.as_ref().filter(|to| !known(to)) {
        findings.add("handoff.status_to", format!("there is no owner `{to}`"), "use the id of an item of `owners`");
    }
}

/// When a status is due is said once.
fn check_feedback(model: &Qualification, findings: &mut Findings) {
    for status in &model.feedback {
        let path = format!("feedback[{}]", status.id);
        match (&status.ends, &status.within, status.due_days) {
            (Some(state), None, _) => {
                findings.add(
                    format!("{path}.ends"),
                    format!("the journey has no state `{state}` in which somebody has a time"),
                    "name a state with `who` and `within` as `machine.state`",
                );
                findings.about(places(state));
            }
            (Some(state), Some(_), Some(_)) => findings.add(
                format!("{path}.due_days"),
                format!("when `{}` is due, the state `{state}` of the journey says", status.id),
                "take `due_days` out",
            ),
            (None, _, None) => findings.add(
                path,
                format!("nothing says when `{}` is due", status.id),
                "say by `ends` which state of the journey ends with it, or give it `due_days`",
            ),
            _ => {}
        }
    }
}

fn check_stages(model: &Qualification, findings: &mut Findings) {
    for stage in Stage::ALL {
        if !model.stages.iter().any(|info| info.id == stage) {
            findings.add(
                "stages",
                format!("stage `{}` is not described", stage.id()),
                "add it with `title`, `meaning` and `next`",
            );
        }
    }
}

fn check_test_leads(model: &Qualification, findings: &mut Findings) {
    for test in &model.test_leads {
        let scored = score(model, &test.lead);
        if let Some(expected) = test.expect.filter(|expected| *expected != scored.stage) {
            findings.add(
                format!("test_leads[{}].expect", test.id),
                format!(
                    "test lead `{}` is `{}` with {} + {} points ({}), but should be `{}`",
                    test.id,
                    scored.stage.id(),
                    scored.fit,
                    scored.engagement,
                    scored.cell(),
                    expected.id()
                ),
                "change points, bands or thresholds until it is, or correct what is expected",
            );
        }
    }
}
