//! What a fund program would reject, found while it can still be changed.

use super::super::plan::rules::{self, unknown};
use super::super::{Finding, Input};
use crate::package::Package;
use crate::package::proof::{Activity, Proof};
use crate::profiles::fund;

/// Everything that does not fit together.
pub fn check(input: &Input<'_>) -> Vec<Finding> {
    let package = input.package;
    let proof = &*package.proof;
    let mut findings = Vec::new();
    if fund::fund(&proof.fund.profile).is_none() {
        findings.push(unknown(
            "proof.fund.profile".to_owned(),
            "fund profile",
            &proof.fund.profile,
            fund::FUNDS.iter().map(|fund| fund.id),
        ));
    }
    let is_uncounted = |goal: &str| proof.uncounted.iter().any(|metric| *metric.id == *goal);
    let is_planned = |goal: &str| proof.metrics.iter().any(|metric| *metric.id == *goal);
    for goal in package.partner.goals.keys().filter(|goal| is_uncounted(goal)) {
        let message = format!("nothing counts `{goal}` here, so nobody can say whether the goal was reached");
        let help = "choose what counts on the pages by `tracking.analytics`, or take the goal out";
        findings.push(Finding::new(format!("partner.goals.{goal}"), message, help));
    }
    for goal in package.partner.goals.keys().filter(|goal| !is_uncounted(goal) && !is_planned(goal)) {
        let metrics = proof.metrics.iter().map(|metric| &*metric.id);
        let finding = unknown(format!("partner.goals.{goal}"), "metric", goal, metrics);
        findings.push(finding.resting_on(vec![format!("proof.metrics[{goal}]")]));
    }
    for activity in &proof.activities {
        findings.extend(check_activity(package, activity));
    }
    findings.extend(rules::check(input));
    findings.extend(check_files(proof));
    findings
}

fn check_activity(package: &Package, activity: &Activity) -> Vec<Finding> {
    let proof = &*package.proof;
    let at = |key: &str| format!("proof.activities[{}].{key}", activity.id);
    let mut findings = Vec::new();
    if proof.evidence.iter().all(|kind| kind.id != activity.kind) {
        let kinds = proof.evidence.iter().map(|kind| &*kind.id);
        let finding = unknown(at("kind"), "kind of evidence", &activity.kind, kinds);
        findings.push(finding.resting_on(vec![format!("proof.evidence[{}]", activity.kind)]));
    }
    let all = || proof.metrics.iter().chain(&proof.uncounted);
    for metric in activity.share.keys().filter(|id| all().all(|metric| metric.id != **id)) {
        let metrics = proof.metrics.iter().map(|metric| &*metric.id);
        let finding = unknown(at(&format!("share.{metric}")), "metric", metric, metrics);
        findings.push(finding.resting_on(vec![format!("proof.metrics[{metric}]")]));
    }
    let declared = &package.tracking.placements;
    for id in activity.placements.iter().filter(|id| declared.iter().all(|placement| placement.id != **id)) {
        let placements = declared.iter().map(|placement| &*placement.id);
        let finding = unknown(at("placements"), "placement", id, placements);
        findings.push(finding.resting_on(vec![format!("tracking.placements[{id}]")]));
    }
    findings
}

/// Evidence in files that the fund does not take.
fn check_files(proof: &Proof) -> Vec<Finding> {
    let Some(profile) = fund::fund(&proof.fund.profile) else { return Vec::new() };
    let items = proof.evidence.iter().flat_map(|kind| kind.items.iter().map(move |item| (kind, item)));
    let refused = items.filter(|(_, item)| !profile.files.contains(&&*item.file));
    refused
        .map(|(kind, item)| {
            let path = format!("proof.evidence[{}].items[{}].file", kind.id, item.id);
            let message = format!("the fund takes no `{}` files", item.file);
            Finding::new(path, message, format!("use one of {}", profile.files.join(", ")))
        })
        .collect()
}
