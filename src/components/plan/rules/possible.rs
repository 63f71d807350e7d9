//! No more is planned than there is room for (A2).

use super::numbers::wholes;
use super::{Finding, Input, Plan, unknown_metric};
use crate::data::Data;
use crate::package::proof::{Activity, Metric, Proof};
use crate::plan::Approval;

const CODE: &str = "E-A2";

pub fn check(input: &Input<'_>, plan: &Plan<'_>) -> Vec<Finding> {
    let activities = plan.activities.iter().map(|planned| planned.activity);
    let of_activities = activities.flat_map(|activity| seats(activity).into_iter().chain(room(input, plan, activity)));
    rate(plan.proof).into_iter().chain(budget(plan.proof)).chain(of_activities).collect()
}

/// A budget is an amount of some currency. The packages of a partner may be claimed in several.
fn budget(proof: &Proof) -> Option<Finding> {
    let budget = proof.fund.budget.filter(|_| proof.fund.currency.is_none())?;
    let message = format!("there is a budget of {budget}, and nothing says in which currency");
    let help = "say which (`proof.fund.currency`): all claims of the fund are in it then";
    let finding = Finding::new("proof.fund.budget", message, help);
    Some(finding.resting_on(vec!["proof.fund.currency".to_owned()]).breaking(CODE))
}

/// A rate of the day of an approval, where there is none.
fn rate(proof: &Proof) -> Option<Finding> {
    let fund = &proof.fund;
    if fund.approval != Approval::None || &*fund.exchange.date != "approval" {
        return None;
    }
    let message = "the rate is that of the day of the approval, and nothing is approved";
    let finding =
        Finding::new("proof.fund.exchange.date", message, "name a day that every cost has, such as `invoice`");
    Some(finding.resting_on(vec!["proof.fund.approval".to_owned()]).breaking(CODE))
}

/// An event has no room for more than its seats.
fn seats(activity: &Activity) -> Vec<Finding> {
    let Some(seats) = activity.event.as_ref().and_then(|event| event.seats) else { return Vec::new() };
    let at = |key: &str| format!("proof.activities[{}].{key}", activity.id);
    let more = activity.capacity.iter().filter(|(_, most)| **most > f64::from(seats));
    more.map(|(metric, most)| {
        let message = format!("`{}` has room for {most} `{metric}`, and {seats} seats", activity.id);
        let finding = Finding::new(at(&format!("capacity.{metric}")), message, "count no more than there are seats");
        finding.resting_on(vec![at("event.seats")]).breaking(CODE)
    })
    .collect()
}

/// What an activity is planned to bring each time that it takes place finds room.
fn room(input: &Input<'_>, plan: &Plan<'_>, activity: &Activity) -> Vec<Finding> {
    let proof = plan.proof;
    let mut findings = Vec::new();
    for (id, &most) in &activity.capacity {
        let path = format!("proof.activities[{}].capacity.{id}", activity.id);
        if proof.metrics.iter().chain(&proof.uncounted).all(|metric| metric.id != *id) {
            findings.push(unknown_metric(path, id, plan).breaking(CODE));
            continue;
        }
        let is_bound = |metric: &Metric| metric.id == *id || wholes(proof, metric).any(|around| around.id == *id);
        let each_time = together(input, activity) / plan.ordinal.of as f64;
        let is_too_much = |(metric, goal): &(&Metric, &i64)| {
            let share = activity.share.get(&metric.id).copied().unwrap_or_default();
            (**goal as f64 * share / 100.0 * each_time).round() > most
        };
        let goal_of = |of: &Metric| proof.metrics.iter().zip(&plan.goals).find(|(metric, _)| metric.id == of.id);
        // That a part is more than its whole is said of its goal (A1).
        let nests = |(metric, goal): &(&Metric, &i64)| {
            wholes(proof, metric).filter_map(goal_of).all(|(_, around)| *goal <= around)
        };
        let bound = proof.metrics.iter().zip(&plan.goals).filter(|(metric, _)| is_bound(metric)).filter(nests);
        // What is a part of something else that is too much is too much by that.
        if let Some((metric, _)) = bound.filter(is_too_much).min_by_key(|(metric, _)| wholes(proof, metric).count()) {
            let (id, of) = (&activity.id, &metric.id);
            let message = format!(
                "`{id}` is planned to bring more of `{of}` each time that it takes place than its room for {most}"
            );
            let rests_on = vec![format!("proof.activities[{id}].share.{of}"), format!("partner.goals.{of}")];
            let help = format!("lower its share of `{of}`, or let it take place more often (`once`)");
            findings.push(Finding::new(path, message, help).resting_on(rests_on).breaking(CODE));
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
