//! What counts on the pages of a deployment, as its layers say it (`tracking.analytics`).

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::analytics::{Analytics, Asked, Pages, Said};
use crate::capture::Capture;
use crate::data::Data;
use crate::package::Package;
use crate::package::proof::Metric;
use crate::package::qualification::{Condition, Event, Signal};
use crate::resolve::tree::{Origin, Tree};
use crate::values::Values;

use super::Program;

/// The folder of a package that is published.
const SITE: &str = "site/";

/// The kind of a piece in which readers check something.
const CHECK: &str = "self-check";

/// What counts here; without a tool, nothing does.
pub fn analytics(program: &Program, values: &Values<'_>, capture: Option<&Capture>) -> Analytics {
    let tree = values.tree();
    let said = tree.get("tracking").and_then(|tracking| tracking.get("analytics"));
    let keys = said.and_then(|said| values.bind(said).ok()).unwrap_or(Data::Null);
    let (owner, file, below) = chosen(program, said);
    let of_region = |key: &str| tree.text_at(&format!("region.legal.{key}"));
    let (permission, storage) = (of_region("measurement"), of_region("attribution_storage"));
    Analytics::new(&Said { keys: &keys, owner, file, below, permission, storage }, &pages(tree, capture))
}

/// Who chose the tool, in which file, and what stands before a key of it there.
fn chosen(program: &Program, said: Option<&Arc<Tree>>) -> (&'static str, Arc<str>, &'static str) {
    let origin = said.and_then(|said| said.get("profile")).and_then(|profile| profile.origin());
    let Some(Origin { layer, span, .. }) = origin else { return ("vendor", "".into(), "") };
    let (catalog, policy) = (program.catalog(), program.approved().policy());
    let roles = policy.roles_of(&catalog.layer(layer).selector, &catalog.settings);
    let owner = if roles.contains(&"partner") { "partner" } else { "vendor" };
    let file = program.sources().get(span.source).path.as_str();
    // A layer's own `tracking.yaml` holds the keys themselves, its record holds them as an overlay.
    let below = if file.ends_with("tracking.yaml") { "analytics." } else { "overlay.tracking.analytics." };
    (owner, file.into(), below)
}

/// What can happen on the pages.
fn pages(tree: &Tree, capture: Option<&Capture>) -> Pages {
    let items = |path: &str| tree.at(path).into_iter().flat_map(Tree::children);
    let is_public = |node: &Arc<Tree>| node.text_at("output").is_some_and(|output| output.starts_with(SITE));
    let page_of = |piece: &Tree| -> Option<Arc<str>> {
        let link = tree.at("tracking.links")?.get(piece.text_at("link")?)?;
        Some(link.text_at("document")?.into())
    };
    let ways = capture.map(Capture::ways);
    let request = |(id, node): (&Arc<str>, &Arc<Tree>)| {
        let gives = node.text_at("gives").and_then(|gives| {
            let piece = tree.at("library")?.get(gives)?;
            Some((gives.into(), page_of(piece)?))
        });
        // Where nothing says who keeps the leads, the page's own form is sent.
        let is_posted = ways.as_ref().is_none_or(|ways| ways.get(id).is_some_and(|way| &**way == "post"));
        Some(Asked { id: id.clone(), page: node.text_at("page")?.into(), is_posted, gives })
    };
    let checks = items("library").filter(|(_, piece)| piece.text_at("kind") == Some(CHECK));
    Pages {
        all: items("documents").filter(|(_, node)| is_public(node)).map(|(id, _)| id.clone()).collect(),
        requests: items("journey.requests").filter_map(request).collect(),
        checks: checks.filter_map(|(_, piece)| page_of(piece)).collect::<BTreeSet<_>>(),
    }
}

/// Leaves out what nothing here counts (J9): metrics of an event that pages do not tell of, and signals of a visit, since
/// what counts visits is told of no lead.
pub fn lower(package: &mut Package, analytics: &Analytics) {
    let is_counted = |metric: &Metric| metric.counted.as_ref().is_none_or(|event| analytics.counts(event));
    if !package.proof.metrics.iter().all(is_counted) {
        let proof = Arc::make_mut(&mut package.proof);
        let (kept, left) = std::mem::take(&mut proof.metrics).into_iter().partition(is_counted);
        (proof.metrics, proof.uncounted) = (kept, left);
    }
    let is_told = |when: &Condition| !matches!(when, Condition::Happened { event: Event::PageView, .. });
    let told = |signal: &Signal| is_told(&signal.when);
    let model = &package.qualification;
    let others = model.negatives.iter().map(|it| &it.when).chain(model.disqualify.iter().map(|it| &it.when));
    if !model.signals.iter().map(|it| &it.when).chain(others).all(is_told) {
        let model = Arc::make_mut(&mut package.qualification);
        let (kept, left) = std::mem::take(&mut model.signals).into_iter().partition(told);
        (model.signals, model.untold) = (kept, left);
        model.negatives.retain(|negative| is_told(&negative.when));
        model.disqualify.retain(|rule| is_told(&rule.when));
    }
}
