//! Numbers nest, and what is split adds up (A1).

use super::{Finding, Plan, unknown_metric};
use crate::package::Package;
use crate::package::proof::{Activity, Metric, Proof};

const CODE: &str = "E-A1";

pub fn check(package: &Package, plan: &Plan<'_>) -> Vec<Finding> {
    let mut findings = sums(plan.proof);
    findings.extend(stages(package, plan));
    findings
}

/// A metric that is a part of another is not planned to be more.
fn stages(package: &Package, plan: &Plan<'_>) -> Vec<Finding> {
    let proof = &*package.proof;
    let goal = |id: &str| proof.metrics.iter().zip(&plan.goals).find(|(metric, _)| *metric.id == *id);
    let mut findings = Vec::new();
    for (metric, &planned) in proof.metrics.iter().zip(&plan.goals) {
        let Some(within) = metric.within.as_deref() else { continue };
        let at = |key: &str| format!("proof.metrics[{}].{key}", metric.id);
        if wholes(proof, metric).any(|around| around.id == metric.id) {
            let message = format!("`{}` is a part of itself", metric.id);
            let finding = Finding::new(at("within"), message, "name what it is a part of, or take `within` out");
            findings.push(finding.breaking(CODE));
        } else if let Some((whole, &most)) = goal(within) {
            if planned > most {
                let stated = |id: &str| match package.partner.goals.contains_key(id) {
                    true => format!("partner.goals.{id}"),
                    false => format!("proof.metrics[{id}].plan"),
                };
                let message =
                    format!("{planned} `{}` are planned, which are a part of {most} `{}`", metric.id, whole.id);
                let help = format!("plan no more of `{}` than of `{}`", metric.id, whole.id);
                let finding = Finding::new(stated(&metric.id), message, help);
                findings.push(finding.resting_on(vec![stated(&whole.id)]).breaking(CODE));
            }
        } else if proof.uncounted.iter().all(|metric| *metric.id != *within) {
            findings.push(unknown_metric(at("within"), within, plan).breaking(CODE));
        }
    }
    findings
}

/// What a metric is a part of, and so on; no further than there are metrics.
pub(super) fn wholes<'p>(proof: &'p Proof, metric: &'p Metric) -> impl Iterator<Item = &'p Metric> {
    let around = |metric: &&'p Metric| {
        let within = metric.within.as_deref()?;
        proof.metrics.iter().find(|metric| *metric.id == *within)
    };
    std::iter::successors(around(&metric), around).take(proof.metrics.len())
}

/// Percentages that do not add up to 100 plan more or less than the goal.
fn sums(proof: &Proof) -> Vec<Finding> {
    let budgets = |activity: &Activity| Some(activity.budget);
    let budget = sum(proof, "the budget", "budget", budgets);
    // A share of a metric that there is not may be meant for this one, and is told by itself.
    let known: Vec<&str> = proof.metrics.iter().map(|metric| &*metric.id).collect();
    let is_misnamed = |activity: &&Activity| activity.share.keys().any(|id| !known.contains(&&**id));
    let misnamed: Vec<&Activity> = proof.activities.iter().filter(is_misnamed).collect();
    let is_sure = |metric: &&Metric| misnamed.iter().all(|activity| activity.share.contains_key(&metric.id));
    let of_metric = |metric: &Metric| {
        let (what, key) = (format!("`{}`", metric.id), format!("share.{}", metric.id));
        sum(proof, &what, &key, |activity| activity.share.get(&metric.id).copied())
    };
    budget.into_iter().chain(proof.metrics.iter().filter(is_sure).filter_map(of_metric)).collect()
}

/// What activities have of something together. It rests on each of their parts, so it stands at the last word on one of them.
fn sum(proof: &Proof, what: &str, key: &str, part: impl Fn(&Activity) -> Option<f64>) -> Option<Finding> {
    let parts: Vec<(&Activity, f64)> =
        proof.activities.iter().filter_map(|activity| Some((activity, part(activity)?))).collect();
    let sum: f64 = parts.iter().map(|(_, part)| part).sum();
    if proof.activities.is_empty() || (sum - 100.0).abs() < 0.01 {
        return None;
    }
    let listed: Vec<String> = parts.iter().map(|(activity, part)| format!("{} {part}", activity.id)).collect();
    let message = format!("the activities have {sum} percent of {what} together: {}", listed.join(", "));
    let help = format!("make the `{key}` of all activities add up to 100");
    let at = |activity: &Activity| format!("proof.activities[{}].{key}", activity.id);
    let path = parts.first().map_or("proof.activities".to_owned(), |(activity, _)| at(activity));
    let rests_on = proof.activities.iter().map(at).chain(["proof.activities".to_owned()]).collect();
    Some(Finding::new(path, message, help).resting_on(rests_on).breaking(CODE))
}
