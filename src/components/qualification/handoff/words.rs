//! `qualification/status-map.json`: what stages, states, statuses and outcomes are called in the systems of others.

use std::sync::Arc;

use indexmap::IndexMap;
use serde::Serialize;

use super::super::super::{Finding, Input};
use super::Handing;
use crate::encode::{Content, json};
use crate::package::Package;
use crate::package::journey::{self, Called};
use crate::package::qualification::told_of;
use crate::package::tracking::MemberStatus;
use crate::profiles::status::{self, MEMBER};

pub const FILE: &str = "status-map.json";
const SCHEMA: &str = "cobrand.status-map/1";

#[derive(Serialize)]
struct Map<'m> {
    schema: &'static str,
    deployment: &'m str,
    /// How the table is read, in words: the file has to stand alone.
    rules: &'m IndexMap<Arc<str>, Arc<str>>,
    systems: Vec<System<'m>>,
    stages: Vec<Named<'m>>,
    states: Vec<Named<'m>>,
    /// What the partner answers to a lead that is handed over, with the words of the state to which it leads.
    decisions: Vec<Decision<'m>>,
    member_statuses: Vec<Status<'m>>,
    outcomes: Vec<Named<'m>>,
}

#[derive(Serialize)]
struct Decision<'m> {
    id: &'m str,
    title: &'m str,
    leads_to: &'m str,
    called: &'m Called,
}

#[derive(Serialize)]
struct System<'m> {
    id: &'m str,
    name: &'static str,
    certainty: &'static str,
    back: &'static str,
    anew: bool,
    values: Vec<Value<'m>>,
    /// After which nothing else may be set.
    #[serde(skip_serializing_if = "<[Arc<str>]>::is_empty")]
    locked: &'m [Arc<str>],
    #[serde(skip_serializing_if = "<[Arc<str>]>::is_empty")]
    retired: &'m [Arc<str>],
}

#[derive(Serialize)]
struct Value<'m> {
    value: &'m str,
    /// Where the words have an order.
    #[serde(skip_serializing_if = "Option::is_none")]
    rank: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    responded: Option<bool>,
}

#[derive(Serialize)]
struct Named<'m> {
    #[serde(skip_serializing_if = "Option::is_none")]
    machine: Option<&'m str>,
    id: &'m str,
    title: &'m str,
    called: &'m Called,
}

#[derive(Serialize)]
struct Status<'m> {
    id: &'m str,
    label: &'m str,
    rank: u32,
    responded: bool,
    called: &'m Called,
}

pub fn has_any(package: &Package) -> bool {
    !package.journey.systems.is_empty()
}

/// A table that nobody says how to read.
pub fn check(input: &Input<'_>) -> Option<Finding> {
    let is_unsaid = has_any(input.package) && input.package.platforms.statuses.is_empty();
    is_unsaid.then(|| {
        let message = "nothing says how the table of their statuses is read";
        let help = "write `statuses` in `master-templates/platforms.yaml`";
        Finding::new("journey.systems", message, help).resting_on(vec!["platforms.statuses".to_owned()])
    })
}

pub fn map(package: &Package, deployment: &str) -> serde_json::Result<Content> {
    let Package { journey, qualification, tracking, platforms, .. } = package;
    let machine = told_of(&qualification.feedback);
    let told = journey.machines.iter().filter(|it| Some(&it.id) == machine.as_ref());
    let states = told.flat_map(|machine| {
        machine.states.iter().map(|it| Named {
            machine: Some(&machine.id),
            id: &it.id,
            title: it.title.as_ref().unwrap_or(&it.id),
            called: &it.called,
        })
    });
    let handing = Handing::of(journey, &qualification.owners, &qualification.feedback);
    let decisions = handing.iter().flat_map(|handing| {
        handing.decisions(journey).filter_map(move |(happening, to)| {
            let state = handing.machine.states.iter().find(|state| state.id == *to)?;
            let title = happening.title.as_ref().unwrap_or(&happening.id);
            Some(Decision { id: &happening.id, title, leads_to: &state.id, called: &state.called })
        })
    });
    let decisions = decisions.collect();
    let stages = qualification.stages.iter();
    let outcomes = qualification.feedback.iter().filter(|it| it.ends.is_none());
    json::document(&Map {
        schema: SCHEMA,
        deployment,
        rules: &platforms.statuses,
        systems: journey.systems.iter().filter_map(|it| system(it, &tracking.member_statuses)).collect(),
        stages: stages
            .map(|it| Named { machine: None, id: it.id.id(), title: &it.title, called: &it.called })
            .collect(),
        states: states.collect(),
        decisions,
        member_statuses: tracking
            .member_statuses
            .iter()
            .map(|it| Status {
                id: &it.id,
                label: &it.label,
                rank: it.order,
                responded: it.responded,
                called: &it.called,
            })
            .collect(),
        outcomes: outcomes
            .map(|it| Named { machine: None, id: &it.id, title: &it.title, called: &it.called })
            .collect(),
    })
}

/// Of a proved journey the program knows each system.
fn system<'m>(written: &'m journey::System, members: &'m [MemberStatus]) -> Option<System<'m>> {
    let of = status::system(&written.id)?;
    let values = match of.values {
        Some(values) => {
            let ranked = values.iter().any(|value| value.rank > 0);
            let rank = |rank: u8| ranked.then_some(rank.into());
            values.iter().map(|it| Value { value: it.id, rank: rank(it.rank), responded: None }).collect()
        }
        None if of.id == MEMBER => members
            .iter()
            .map(|it| Value { value: &it.label, rank: Some(it.order), responded: Some(it.responded) })
            .collect(),
        None => written.values.iter().map(|it| Value { value: it, rank: None, responded: None }).collect(),
    };
    Some(System {
        id: &written.id,
        name: of.name,
        certainty: of.certainty.id(),
        back: of.back.id(),
        anew: of.anew,
        values,
        locked: &written.locked,
        retired: &written.retired,
    })
}
