//! `tracking/events.json`: what pages tell of, to whom, under which name.

use std::sync::Arc;

use serde::Serialize;

use super::super::{ComponentKind, Input};
use crate::analytics::{Analytics, COMMON};
use crate::diag::Diagnostic;
use crate::encode::{Content, json};
use crate::package;

pub const FILE: &str = "events.json";

/// What it is made from.
pub const READS: &[&str] = &["tracking.analytics", "journey.requests", "library", "documents"];

/// What counts here; `None` where nothing does.
pub fn analytics(input: &Input<'_>) -> Option<Analytics> {
    let data = input.data.get("analytics")?;
    package::read::<Analytics>(data, "analytics").ok().filter(|analytics| analytics.on)
}

#[derive(Serialize)]
struct Dictionary<'a> {
    schema: &'static str,
    deployment: &'a str,
    profile: &'a str,
    /// Where events go; null where a script of the tool's own knows.
    address: Option<&'a str>,
    /// What has to come before: `consent` or `objection`.
    permission: &'a str,
    common: &'static [&'static str],
    events: Vec<Told<'a>>,
}

#[derive(Serialize)]
struct Told<'a> {
    id: &'a str,
    /// What the tool calls it; null where it has no name there.
    name: Option<&'a str>,
    component: &'static str,
    parameters: &'a [Arc<str>],
    pages: &'a [Arc<str>],
    requests: &'a [Arc<str>],
}

pub fn json(input: &Input<'_>, analytics: &Analytics) -> Result<Content, Diagnostic> {
    let filled = |text: &'_ str| !text.is_empty();
    let events = analytics.events.iter().map(|event| Told {
        id: &event.id,
        name: Some(&*event.name).filter(|name| filled(name)),
        component: ComponentKind::LANDING.id(),
        parameters: &event.parameters,
        pages: &event.pages,
        requests: &event.requests,
    });
    let dictionary = Dictionary {
        schema: "cobrand.events/1",
        deployment: &input.deployment.id,
        profile: &analytics.profile,
        address: Some(&*analytics.address).filter(|address| filled(address)),
        permission: &analytics.permission,
        common: &COMMON,
        events: events.collect(),
    };
    json::document(&dictionary)
        .map_err(|error| Diagnostic::error("E-OUTPUT", format!("the events cannot be written as JSON: {error}")))
}
