//! `qualification/model.json` and `qualification/test-vectors.json`.
//!
//! Both name their schema and its version, so that whoever imports them can refuse what they do
//! not know.

use serde::Serialize;

use super::super::{Failure, Input};
use super::probes::Probe;
use super::{Scored, reach, score};
use crate::encode::{Content, json};
use crate::package;
use crate::package::journey::Leads;
use crate::package::qualification::{Half, Lead, Qualification, Stage};
use crate::times::Times;

pub(super) const MODEL_FILE: &str = "qualification/model.json";
pub(super) const VECTORS_FILE: &str = "qualification/test-vectors.json";

const MODEL: &str = "cobrand.qualification/1";
const VECTORS: &str = "cobrand.qualification-test-vectors/2";

#[derive(Serialize)]
struct ModelFile<'a> {
    schema: &'static str,
    deployment: &'a str,
    /// Who keeps the leads.
    #[serde(skip_serializing_if = "Option::is_none")]
    leads: Option<&'a Leads>,
    rules: Rules,
    highest: Highest,
    /// When people work, and by when what the journey owes is due.
    #[serde(skip_serializing_if = "Option::is_none")]
    times: Option<&'a Times>,
    #[serde(flatten)]
    model: &'a Qualification,
}

/// How points are counted, in words: the file has to stand alone.
#[derive(Serialize)]
struct Rules {
    decay: &'static str,
    max_times: &'static str,
    caps: &'static str,
    stage: &'static str,
    routing: &'static str,
    times: &'static str,
}

const RULES: Rules = Rules {
    decay: "linear: the percentage is lost with each full 30 days; fractions of a point are cut off",
    max_times: "the most recent events count, within window_days",
    caps: "the sum of a group stops at its cap; negatives are taken off afterwards; a half below 0 counts as 0",
    stage: "the matrix cell, unless the total misses that stage's threshold: then the highest stage it reaches",
    routing: "the matching rule with the lowest priority number; an empty list matches everything",
    times: "hours run only while the owner's calendar is open; days end at the same time of day so many working days later; \
            what comes in outside of hours starts with the next opening",
};

#[derive(Serialize)]
struct Highest {
    fit: i32,
    engagement: i32,
}

#[derive(Serialize)]
struct Head<'a> {
    schema: &'static str,
    deployment: &'a str,
}

#[derive(Serialize)]
struct Vector<'a> {
    id: &'a str,
    /// Those that people read have one.
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'a str>,
    lead: &'a Lead,
    expected: Expected,
}

#[derive(Serialize)]
struct Expected {
    fit: i32,
    engagement: i32,
    total: i32,
    cell: String,
    stage: Stage,
    owner: Option<String>,
    route: Option<String>,
    disqualified_by: Option<String>,
    why: Vec<Why>,
}

#[derive(Serialize)]
struct Why {
    id: String,
    half: Half,
    points: i32,
}

impl From<Scored> for Expected {
    fn from(scored: Scored) -> Self {
        let why = |reason: &super::Reason| Why { id: reason.id.to_string(), half: reason.half, points: reason.points };
        Self {
            fit: scored.fit,
            engagement: scored.engagement,
            total: scored.total(),
            cell: scored.cell(),
            stage: scored.stage,
            owner: scored.owner.as_deref().map(str::to_owned),
            route: scored.route.as_deref().map(str::to_owned),
            disqualified_by: scored.disqualified_by.as_deref().map(str::to_owned),
            why: scored.why.iter().map(why).collect(),
        }
    }
}

pub(super) fn files(input: &Input<'_>) -> Result<Vec<Content>, Failure> {
    let (deployment, model) = (&*input.deployment.id, super::model(input));
    let times: Option<Times> = input.data.get("times").and_then(|times| package::read(times, "times").ok());
    let leads = input.package.leads.as_ref().as_ref();
    let probes = input.once.probes(&model);
    Ok(vec![model_file(deployment, leads, times.as_ref(), &model)?, vectors(deployment, &model, &probes)?])
}

pub(super) fn model_file(
    deployment: &str,
    leads: Option<&Leads>,
    times: Option<&Times>,
    model: &Qualification,
) -> serde_json::Result<Content> {
    let highest =
        Highest { fit: reach::of_half(model, Half::Fit), engagement: reach::of_half(model, Half::Engagement) };
    json::document(&ModelFile { schema: MODEL, deployment, leads, rules: RULES, highest, times, model })
}

pub(super) fn vectors(deployment: &str, model: &Qualification, probes: &[Probe]) -> serde_json::Result<Content> {
    let told = model.test_leads.iter().map(|test| (&*test.id, Some(&*test.title), &test.lead));
    let tried = probes.iter().map(|probe| (&*probe.id, None, &probe.lead));
    let vector = |(id, title, lead)| Vector { id, title, lead, expected: score(model, lead).into() };
    let vectors: Vec<_> = told.chain(tried).map(vector).collect();
    json::rows(&Head { schema: VECTORS, deployment }, "vectors", &vectors)
}
