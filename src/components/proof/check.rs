//! What a fund program would reject, found while it can still be changed.

use super::super::Finding;
use crate::diag::nearest;
use crate::package::Package;
use crate::package::proof::{Activity, Proof};
use crate::profiles::fund;

/// Everything that does not fit together.
pub fn check(package: &Package) -> Vec<Finding> {
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
    findings.extend(check_sums(proof));
    findings.extend(check_files(proof));
    findings
}

fn unknown<'a>(path: String, what: &str, name: &str, known: impl IntoIterator<Item = &'a str> + Clone) -> Finding {
    let help = match nearest(name, known.clone()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => {
            format!("use one of {}", known.into_iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", "))
        }
    };
    Finding::new(path, format!("there is no {what} `{name}`"), help)
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
    if activity.last_day < activity.first_day {
        let message = format!("activity `{}` ends before it begins", activity.id);
        findings.push(Finding::new(at("last_day"), message, "give it a day not before `first_day`"));
    }
    if activity.first_day < 0 {
        let message = format!("activity `{}` begins before the period, so its cost would not be paid", activity.id);
        findings.push(Finding::new(at("first_day"), message, "count from launch, which is day 0"));
    }
    findings
}

/// Percentages that do not add up to 100 plan more or less than the goal.
fn check_sums(proof: &Proof) -> Vec<Finding> {
    let complete = |sum: f64| (sum - 100.0).abs() < 0.01;
    let mut findings = Vec::new();
    let budget: f64 = proof.activities.iter().map(|activity| activity.budget).sum();
    if !proof.activities.is_empty() && !complete(budget) {
        let message = format!("the activities take {budget} percent of the budget together");
        findings.push(Finding::new("proof.activities", message, "make the `budget` of all activities add up to 100"));
    }
    for metric in &proof.metrics {
        let shares: f64 = proof.activities.iter().filter_map(|activity| activity.share.get(&metric.id)).sum();
        if !proof.activities.is_empty() && !complete(shares) {
            let message = format!("the activities bring {shares} percent of `{}` together", metric.id);
            let help = format!("make the `share` of `{}` add up to 100", metric.id);
            findings.push(Finding::new("proof.activities", message, help));
        }
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
