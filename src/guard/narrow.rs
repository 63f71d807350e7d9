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

use super::limits;

/// The narrowings of all records. One that would widen a limit of the policy is an error.
pub fn read(catalog: &Catalog, policy: &Policy, diagnostics: &mut Diagnostics) -> Vec<Narrowing> {
    let mut all = Vec::new();
    for id in catalog.layer_ids() {
        let layer = catalog.layer(id);
        let [binding] = layer.selector.bindings() else { continue };
        if layer.is_of_master() || binding.axis == catalog.settings.partner() {
            continue;
        }
        let record = catalog.axes[binding.axis.0].at(binding.value).record.as_ref();
        let node = record.and_then(|record| record.as_map()).and_then(|map| map.get("narrow"));
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
pub fn check(
    catalog: &Catalog,
    policy: &Policy,
    narrowings: &[Narrowing],
    stack: &[LayerId],
    diagnostics: &mut Diagnostics,
) {
    for narrowing in narrowings.iter().filter(|narrowing| stack.contains(&narrowing.layer)) {
        let narrower = catalog.layer(narrowing.layer);
        let limited = |layer: &&Layer| !layer.is_of_master() && binds(catalog, policy, narrowing, &layer.selector);
        for layer in stack.iter().map(|&id| catalog.layer(id)).filter(limited) {
            let covered = layer.contributions.iter().filter(|set| narrowing.pattern.covers(&set.path));
            diagnostics.extend(covered.flat_map(|set| refusals(narrowing, narrower, set)));
        }
    }
}

/// Whether a narrowing is about layers with this selector: not HQ's, and of a stronger band.
pub fn binds(catalog: &Catalog, policy: &Policy, narrowing: &Narrowing, selector: &Selector) -> bool {
    let settings = &catalog.settings;
    let band = |selector: &Selector| selector.bindings().iter().map(|binding| settings.band_of(binding.axis)).max();
    let is_hq = policy.roles_of(selector, settings).iter().all(|&role| role == HQ);
    !is_hq && band(selector) > band(&catalog.layer(narrowing.layer).selector)
}

fn refusals(narrowing: &Narrowing, narrower: &Layer, set: &Contribution) -> Vec<Diagnostic> {
    let who = narrower.selector.to_string();
    let reason = narrowing.reason.as_ref().map(|reason| format!(" ({reason})")).unwrap_or_default();
    let refuse = |code, message: String, help: String| {
        Diagnostic::error(code, message)
            .at(set.span, "")
            .other(narrowing.span, format!("narrowed here{reason}"))
            .help(help)
    };
    if narrowing.is_fixed {
        let message = format!("`{}` is fixed in deployments of {who}", set.path);
        let help = "take it out, or put it into combination overlays for other deployments, such as `@region=…/`";
        return vec![refuse("E-LOCK", message, help.to_owned())];
    }
    let faults = limits::faults(set, &narrowing.limits).into_iter();
    faults.map(|fault| refuse("E-LIMIT", format!("{}, in deployments of {who}", fault.message), fault.help)).collect()
}
