//! What a region takes from the partners of its deployments (G2).
//!
//! A partner's file may be within the policy and reach a region that narrows it; then the deployments of
//! that region are refused, and no others.

use crate::catalog::patch::Contribution;
use crate::catalog::selector::Selector;
use crate::catalog::{Catalog, Layer, LayerId};
use crate::diag::{Diagnostic, Diagnostics};
use crate::policy::limits::Limits;
use crate::policy::narrowing::{self, Narrowing};
use crate::policy::{HQ, Policy};
use crate::syntax::tree::Node;

use super::limits;
use super::speaker::{Ground, Speaker};

/// The narrowings of all records. One that would widen a limit of the policy is an error.
pub fn read(catalog: &Catalog, policy: &Policy, diagnostics: &mut Diagnostics) -> Vec<Narrowing> {
    let mut all = Vec::new();
    for id in catalog.layer_ids() {
        let layer = catalog.layer(id);
        let [binding] = layer.selector.bindings() else { continue };
        if layer.is_of_master() || binding.axis == catalog.settings.partner() {
            continue;
        }
        let record = catalog.record(binding.axis, binding.value);
        let node = record.as_deref().and_then(Node::as_map).and_then(|map| map.get("narrow"));
        all.extend(node.map(|node| narrowing::read(node, id, diagnostics)).unwrap_or_default());
    }
    for narrowing in &all {
        let rule = policy.rules_for(narrowing.pattern.text()).first().copied();
        let wider = rule.and_then(|rule| Some((rule, wider(&narrowing.limits, &rule.limits)?)));
        if let Some((rule, key)) = wider {
            let error = Diagnostic::error("E-NARROW", format!("`{key}` is wider here than the policy has it"));
            diagnostics.push(
                error.at(narrowing.span, "").other(rule.span, "the policy's own limit").help("give a smaller one"),
            );
        }
    }
    all
}

fn wider(own: &Limits, policy: &Limits) -> Option<&'static str> {
    let more = |own: Option<usize>, policy: Option<usize>| own.zip(policy).is_some_and(|(own, policy)| own > policy);
    if more(own.max_chars, policy.max_chars) {
        return Some("max_chars");
    }
    more(own.max_bytes, policy.max_bytes).then_some("max_bytes")
}

/// Checks what the stronger layers of one deployment set against what its weaker ones narrow.
pub fn check(ground: Ground<'_>, narrowings: &[Narrowing], stack: &[LayerId], diagnostics: &mut Diagnostics) {
    let Ground { catalog, policy, .. } = ground;
    for narrowing in narrowings.iter().filter(|narrowing| stack.contains(&narrowing.layer)) {
        let narrower = catalog.layer(narrowing.layer);
        for (id, layer) in stack.iter().map(|&id| (id, catalog.layer(id))) {
            if layer.is_of_master() || !binds(catalog, policy, narrowing, &layer.selector) {
                continue;
            }
            for set in &layer.contributions {
                if narrowing.pattern.covers(&set.path) {
                    diagnostics.extend(refusals(narrowing, narrower, set));
                } else if let Some(below) = taken_along(ground, narrowing, id, set) {
                    let error = fixed(narrowing, narrower, set, below);
                    diagnostics.push(error.note(format!("`{}` would take it along", set.path)));
                }
            }
        }
    }
}

/// What a narrowing fixes of that which is taken away or replaced as a whole.
fn taken_along<'a>(ground: Ground<'a>, narrowing: &Narrowing, id: LayerId, set: &'a Contribution) -> Option<&'a str> {
    if !narrowing.is_fixed || !set.right.takes_along() {
        return None;
    }
    let mut below = ground.index.inside(&set.path).filter(|below| narrowing.pattern.covers(below)).peekable();
    below.peek()?;
    let speaker = Speaker::in_layer(ground, id);
    below.find(|below| speaker.loses(below))
}

/// Whether a narrowing is about layers with this selector: not HQ's, and of a stronger band.
pub fn binds(catalog: &Catalog, policy: &Policy, narrowing: &Narrowing, selector: &Selector) -> bool {
    let settings = &catalog.settings;
    let band = |selector: &Selector| selector.bindings().iter().map(|binding| settings.band_of(binding.axis)).max();
    let is_hq = policy.roles_of(selector, settings).iter().all(|&role| role == HQ);
    !is_hq && band(selector) > band(&catalog.layer(narrowing.layer).selector)
}

fn refusals(narrowing: &Narrowing, narrower: &Layer, set: &Contribution) -> Vec<Diagnostic> {
    if narrowing.is_fixed {
        return vec![fixed(narrowing, narrower, set, &set.path)];
    }
    let who = &narrower.selector;
    let faults = limits::faults(set, &narrowing.limits).into_iter();
    let refuse = |fault: limits::Fault| {
        let error = Diagnostic::error("E-LIMIT", format!("{}, in deployments of {who}", fault.message));
        narrowed(error, narrowing, set).help(fault.help)
    };
    faults.map(refuse).collect()
}

fn fixed(narrowing: &Narrowing, narrower: &Layer, set: &Contribution, path: &str) -> Diagnostic {
    let error = Diagnostic::error("E-LOCK", format!("`{path}` is fixed in deployments of {}", narrower.selector));
    narrowed(error, narrowing, set)
        .help("take it out, or put it into combination overlays for other deployments, such as `@region=…/`")
}

fn narrowed(error: Diagnostic, narrowing: &Narrowing, set: &Contribution) -> Diagnostic {
    let reason = narrowing.reason.as_ref().map(|reason| format!(" ({reason})")).unwrap_or_default();
    error.at(set.span, "").other(narrowing.span, format!("narrowed here{reason}"))
}
