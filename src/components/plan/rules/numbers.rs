//! Numbers nest, and what is split adds up (A1).

use super::{Finding, Plan, unknown_metric};
use crate::package::Package;
use crate::package::proof::{Metric, Proof};

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
    let complete = |sum: f64| (sum - 100.0).abs() < 0.01;
    let mut findings = Vec::new();
    let budget: f64 = proof.activities.iter().map(|activity| activity.budget).sum();
    if !proof.activities.is_empty() && !complete(budget) {
        let message = format!("the activities take {budget} percent of the budget together");
        let help = "make the `budget` of all activities add up to 100";
        findings.push(Finding::new("proof.activities", message, help).breaking(CODE));
    }
    for metric in &proof.metrics {
        let shares: f64 = proof.activities.iter().filter_map(|activity| activity.share.get(&metric.id)).sum();
        if !proof.activities.is_empty() && !complete(shares) {
            let message = format!("the activities bring {shares} percent of `{}` together", metric.id);
            let help = format!("make the `share` of `{}` add up to 100", metric.id);
            findings.push(Finding::new("proof.activities", message, help).breaking(CODE));
        }
    }
    findings
}
