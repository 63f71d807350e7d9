//! What a fund program would reject, found while it can still be changed.

use super::super::plan::{Plan, Planned};
use super::super::{Finding, Input};
use crate::data::Data;
use crate::diag::nearest;
use crate::package::Package;
use crate::package::proof::{Activity, Metric, Proof};
use crate::profiles::fund;

/// Numbers nest (A1).
const NUMBERS: &str = "E-A1";
/// What is claimed is possible (A2).
const POSSIBLE: &str = "E-A2";
/// Dates hold (A3).
const DATES: &str = "E-A3";

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
    findings.extend(check_sums(proof));
    let plan = Plan::new(input);
    findings.extend(check_stages(package, &plan));
    for planned in &plan.activities {
        findings.extend(check_dates(package, planned));
        findings.extend(check_room(input, &plan, planned.activity));
    }
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
        findings.push(Finding::new(at("last_day"), message, "give it a day not before `first_day`").breaking(DATES));
    }
    if activity.first_day < 0 {
        let message = format!("activity `{}` begins before the period, so its cost would not be paid", activity.id);
        findings.push(Finding::new(at("first_day"), message, "count from launch, which is day 0").breaking(DATES));
    }
    findings
}

/// An activity lies within the period, and its approval can still be asked for.
fn check_dates(package: &Package, planned: &Planned<'_>) -> Vec<Finding> {
    let (program, activity) = (&package.program, planned.activity);
    let at = |key: &str| format!("proof.activities[{}].{key}", activity.id);
    let mut findings = Vec::new();
    if planned.end > program.period.end && activity.last_day >= activity.first_day {
        let end = program.period.end;
        let message = format!("activity `{}` ends after the period, whose last day is {end}", activity.id);
        let finding = Finding::new(at("last_day"), message, "give it an earlier day: later cost is not paid");
        findings.push(finding.resting_on(vec!["period.end".to_owned()]).breaking(DATES));
    }
    if planned.approval_due < program.released {
        let message = format!(
            "approval of `{}` is due on {}, before the package is there, on {}",
            activity.id, planned.approval_due, program.released
        );
        let finding = Finding::new(at("first_day"), message, "begin later, or release the package earlier");
        findings.push(finding.resting_on(vec!["proof.fund.approval_lead_days".to_owned()]).breaking(DATES));
    }
    findings
}

/// A metric that is a part of another is not planned to be more.
fn check_stages(package: &Package, plan: &Plan<'_>) -> Vec<Finding> {
    let proof = &*package.proof;
    let goal = |id: &str| proof.metrics.iter().zip(&plan.goals).find(|(metric, _)| *metric.id == *id);
    let mut findings = Vec::new();
    for (metric, &planned) in proof.metrics.iter().zip(&plan.goals) {
        let Some(within) = metric.within.as_deref() else { continue };
        let at = |key: &str| format!("proof.metrics[{}].{key}", metric.id);
        if wholes(proof, metric).any(|around| around.id == metric.id) {
            let message = format!("`{}` is a part of itself", metric.id);
            let finding = Finding::new(at("within"), message, "name what it is a part of, or take `within` out");
            findings.push(finding.breaking(NUMBERS));
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
                findings.push(finding.resting_on(vec![stated(&whole.id)]).breaking(NUMBERS));
            }
        } else if proof.uncounted.iter().all(|metric| *metric.id != *within) {
            let known = proof.metrics.iter().map(|metric| &*metric.id);
            findings.push(unknown(at("within"), "metric", within, known).breaking(NUMBERS));
        }
    }
    findings
}

/// What a metric is a part of, and so on; no further than there are metrics.
fn wholes<'p>(proof: &'p Proof, metric: &'p Metric) -> impl Iterator<Item = &'p Metric> {
    let around = |metric: &&'p Metric| {
        let within = metric.within.as_deref()?;
        proof.metrics.iter().find(|metric| *metric.id == *within)
    };
    std::iter::successors(around(&metric), around).take(proof.metrics.len())
}

/// What an activity is planned to bring each time that it takes place finds room.
fn check_room(input: &Input<'_>, plan: &Plan<'_>, activity: &Activity) -> Vec<Finding> {
    let proof = plan.proof;
    let mut findings = Vec::new();
    for (id, &most) in &activity.capacity {
        let path = format!("proof.activities[{}].capacity.{id}", activity.id);
        if proof.metrics.iter().chain(&proof.uncounted).all(|metric| metric.id != *id) {
            let known = proof.metrics.iter().map(|metric| &*metric.id);
            findings.push(unknown(path, "metric", id, known).breaking(POSSIBLE));
            continue;
        }
        let is_bound = |metric: &Metric| metric.id == *id || wholes(proof, metric).any(|around| around.id == *id);
        let each_time = together(input, activity) / plan.ordinal.of as f64;
        let is_too_much = |(metric, goal): &(&Metric, &i64)| {
            let share = activity.share.get(&metric.id).copied().unwrap_or_default();
            (**goal as f64 * share / 100.0 * each_time).round() > most
        };
        let bound = proof.metrics.iter().zip(&plan.goals).filter(|(metric, _)| is_bound(metric));
        // What is a part of something else that is too much is too much by that.
        if let Some((metric, _)) = bound.filter(is_too_much).min_by_key(|(metric, _)| wholes(proof, metric).count()) {
            let (id, of) = (&activity.id, &metric.id);
            let message = format!(
                "`{id}` is planned to bring more of `{of}` each time that it takes place than its room for {most}"
            );
            let rests_on = vec![format!("proof.activities[{id}].share.{of}"), format!("partner.goals.{of}")];
            let help = format!("lower its share of `{of}`, or let it take place more often (`once`)");
            findings.push(Finding::new(path, message, help).resting_on(rests_on).breaking(POSSIBLE));
        }
    }
    findings
}

/// How many packages of the partner an activity takes place once for.
fn together(input: &Input<'_>, activity: &Activity) -> f64 {
    let Some(axes) = &activity.once else { return 1.0 };
    let counted = input.data.get("deployment").and_then(|deployment| deployment.get("together"));
    match counted.and_then(|counted| counted.get(&axes.join(","))) {
        Some(Data::Int(packages)) => *packages as f64,
        _ => 1.0,
    }
}

/// Percentages that do not add up to 100 plan more or less than the goal.
fn check_sums(proof: &Proof) -> Vec<Finding> {
    let complete = |sum: f64| (sum - 100.0).abs() < 0.01;
    let mut findings = Vec::new();
    let budget: f64 = proof.activities.iter().map(|activity| activity.budget).sum();
    if !proof.activities.is_empty() && !complete(budget) {
        let message = format!("the activities take {budget} percent of the budget together");
        let help = "make the `budget` of all activities add up to 100";
        findings.push(Finding::new("proof.activities", message, help).breaking(NUMBERS));
    }
    for metric in &proof.metrics {
        let shares: f64 = proof.activities.iter().filter_map(|activity| activity.share.get(&metric.id)).sum();
        if !proof.activities.is_empty() && !complete(shares) {
            let message = format!("the activities bring {shares} percent of `{}` together", metric.id);
            let help = format!("make the `share` of `{}` add up to 100", metric.id);
            findings.push(Finding::new("proof.activities", message, help).breaking(NUMBERS));
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
