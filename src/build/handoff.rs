//! What is handed to the partner in a deployment, as texts and templates see it: `handoff`.

use std::sync::Arc;

use crate::capture::Gap;
use crate::components::qualification::Handing;
use crate::data::Data;
use crate::package;
use crate::package::journey::Controller;
use crate::values::Values;

use super::Program;
use super::outline::{Outline, read};

/// `None` where the partner gets no record of a lead, so that nothing can name its files.
pub fn data(program: &Program, values: &Values<'_>, outline: &Outline) -> Option<Data> {
    let handing = Handing::of(&outline.journey, &outline.owners, &outline.feedback)?;
    Some(handing.data(&outline.journey, deals(program, values)))
}

/// The systems in which others sell along, each with its files and what is still to be given for it.
fn deals(program: &Program, values: &Values<'_>) -> Vec<Data> {
    let named: Vec<Arc<str>> = read(values, "partner.platforms")
        .map(|platforms: package::program::Platforms| platforms.cosell)
        .unwrap_or_default();
    let record = values.tree().get("partner").and_then(|partner| partner.origin());
    let file = record.map_or("", |origin| program.sources().get(origin.span.source).path.as_str());
    let gap = |id: &Arc<str>| Gap {
        owner: Controller::Partner.id().into(),
        need: "solution".into(),
        about: Some(id.clone()),
        file: file.into(),
        key: format!("cosell.{id}.solution").into(),
    };
    let deal = |id: &Arc<str>| {
        let is_given = values.tree().at(&format!("partner.cosell.{id}.solution")).is_some();
        let gap = if is_given { Data::Null } else { gap(id).data() };
        Handing::deal(id, gap)
    };
    named.iter().filter_map(deal).collect()
}
