//! Dates lie where they can be kept (A3).

use super::super::super::dates::Counted;
use super::super::Planned;
use super::{Finding, Plan, approvals, unknown};
use crate::package::Package;
use crate::package::playbook::{Anchor, CalendarItem};
use crate::package::proof::Activity;
use crate::package::schedule::Blackout;

const CODE: &str = "E-A3";

pub fn check(package: &Package, plan: &Plan<'_>) -> Vec<Finding> {
    let blackouts: Vec<Finding> = package.schedule.blackouts.iter().filter_map(backwards).collect();
    if !blackouts.is_empty() {
        return blackouts;
    }
    // From a launch that there is not, nothing can be counted.
    if let Some(finding) = launch(package) {
        return vec![finding];
    }
    let activities = plan.activities.iter().flat_map(|planned| activity(package, planned));
    let counted = Counted::new(package, plan);
    let items = package.playbook.calendar.iter().flat_map(|item| dated(package, plan, &counted, item));
    let approvals = approvals::check(package, plan, &counted);
    activities.chain(claim(package, plan)).chain(items).chain(approvals).collect()
}

fn backwards(blackout: &Blackout) -> Option<Finding> {
    let message = format!("`{}` ends on {}, before it begins on {}", blackout.id, blackout.last, blackout.first);
    let at = |key: &str| format!("schedule.blackouts[{}].{key}", blackout.id);
    let finding = Finding::new(at("last"), message, "give it a last day that is not before `first`");
    (blackout.last < blackout.first).then(|| finding.resting_on(vec![at("first")]).breaking(CODE))
}

/// There is a day on which the program may start.
fn launch(package: &Package) -> Option<Finding> {
    let (schedule, period) = (&package.schedule, &package.program.period);
    if schedule.first_day(period, &package.days()).is_some() {
        return None;
    }
    let window = schedule.window(period);
    let (first, last) = (window.start(), window.end());
    let (message, help) = match window.is_empty() {
        true => (
            format!("the program may start on {first} at the earliest, and on {last} at the latest"),
            "let it start earlier or later, within the period",
        ),
        false => (
            format!(
                "there is no day on which the program may start, from {first} to {last}, by its weekdays and blackouts"
            ),
            "let it start on other weekdays or later, or take a blackout out",
        ),
    };
    let finding = Finding::new("schedule.launch", message, help);
    let rests_on = ["launch.weekdays", "launch.first", "launch.last", "blackouts"];
    Some(finding.resting_on(rests_on.map(|key| format!("schedule.{key}")).to_vec()).breaking(CODE))
}

/// An activity ends after it begins, lies within the period, and its approval can still be asked for; its event has a time.
fn activity(package: &Package, planned: &Planned<'_>) -> Vec<Finding> {
    let mut findings = order(planned.activity);
    findings.extend(event(planned));
    findings.extend(within(package, planned));
    findings
}

fn order(activity: &Activity) -> Vec<Finding> {
    let at = |key: &str| format!("proof.activities[{}].{key}", activity.id);
    let mut findings = Vec::new();
    if activity.last_day < activity.first_day {
        let message = format!("activity `{}` ends before it begins", activity.id);
        findings.push(Finding::new(at("last_day"), message, "give it a day not before `first_day`").breaking(CODE));
    }
    if activity.first_day < 0 {
        let message = format!("activity `{}` begins before the period, so its cost would not be paid", activity.id);
        findings.push(Finding::new(at("first_day"), message, "count from launch, which is day 0").breaking(CODE));
    }
    findings
}

/// An event has one span of hours.
fn event(planned: &Planned<'_>) -> Option<Finding> {
    let activity = planned.activity;
    let event = activity.event.as_ref().filter(|event| event.span().is_none())?;
    let message = format!("the event of `{}` has not one time of day, but `{}`", activity.id, event.hours);
    let path = format!("proof.activities[{}].event.hours", activity.id);
    Some(Finding::new(path, message, "write one, such as `18:00-20:00`").breaking(CODE))
}

/// An activity lies within the period, and its approval can still be asked for.
fn within(package: &Package, planned: &Planned<'_>) -> Vec<Finding> {
    let (program, activity) = (&package.program, planned.activity);
    let at = |key: &str| format!("proof.activities[{}].{key}", activity.id);
    let mut findings = Vec::new();
    if planned.end > program.period.end && activity.last_day >= activity.first_day {
        let end = program.period.end;
        let message = format!("activity `{}` ends after the period, whose last day is {end}", activity.id);
        let finding = Finding::new(at("last_day"), message, "give it an earlier day: later cost is not paid");
        findings.push(finding.resting_on(vec!["period.end".to_owned()]).breaking(CODE));
    }
    if let Some(due) = planned.approval_due.filter(|&due| due < program.released) {
        let message = format!(
            "approval of `{}` is due on {due}, before the package is there, on {}",
            activity.id, program.released
        );
        let finding = Finding::new(at("first_day"), message, "begin later, or release the package earlier");
        findings.push(finding.resting_on(vec!["proof.fund.approval_lead_days".to_owned()]).breaking(CODE));
    }
    findings
}

/// A claim is due when all that it is for has ended.
fn claim(package: &Package, plan: &Plan<'_>) -> Option<Finding> {
    // What ends after the period is told by itself.
    let within = plan.activities.iter().filter(|planned| planned.end <= package.program.period.end);
    let last = within.max_by_key(|planned| planned.end).filter(|last| last.end > plan.claim_due)?;
    let (id, end, due) = (&last.activity.id, last.end, plan.claim_due);
    let message = format!("the claim is due on {due}, before `{id}` ends, on {end}");
    let help = "give it more days, or count them from the end of the period (`usage_period_end`)";
    let rests_on = vec![format!("proof.activities[{id}].last_day")];
    Some(Finding::new("proof.fund.claim_due", message, help).resting_on(rests_on).breaking(CODE))
}

/// A date comes when the package is there, and names an activity that there is.
fn dated(package: &Package, plan: &Plan<'_>, counted: &Counted<'_>, item: &CalendarItem) -> Vec<Finding> {
    let at = |key: &str| format!("playbook.calendar[{}].{key}", item.id);
    let activity = item.activity.as_ref();
    let planned = activity.and_then(|id| plan.activities.iter().find(|planned| planned.activity.id == *id));
    if let Some(activity) = activity.filter(|_| planned.is_none()) {
        let known = plan.activities.iter().map(|planned| &*planned.activity.id);
        let finding = unknown(at("for"), "activity", activity, known).breaking(CODE);
        return vec![finding.resting_on(vec![format!("proof.activities[{activity}]")])];
    }
    if item.from == Anchor::Activity && planned.is_none() {
        let message = format!("`{}` counts from an activity, and says not from which", item.id);
        return vec![Finding::new(at("from"), message, "name one of `proof.activities` by `for`").breaking(CODE)];
    }
    // Its day is another in each region, and the slip is one.
    let (day, released) = (counted.day(item), package.program.released);
    let mut findings = Vec::new();
    if day < released {
        let message = format!("`{}` comes before the package is there, on {released}", item.id);
        let finding = Finding::new(at("day"), message, "give it a later day, or release the package earlier");
        let rests_on = ["released", "schedule.launch", "schedule.blackouts"].map(str::to_owned).to_vec();
        findings.push(finding.resting_on(rests_on).breaking(CODE));
    }
    findings
}
