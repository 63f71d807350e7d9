//! What is approved is approved in time (A3): before it begins, and before anything prepares it.

use super::super::super::dates::Counted;
use super::{Finding, Plan};
use crate::components::plan::Planned;
use crate::package::Package;
use crate::package::playbook::CalendarItem;
use crate::plan::Approval;

const CODE: &str = "E-A3";

pub fn check(package: &Package, plan: &Plan<'_>, counted: &Counted<'_>) -> Vec<Finding> {
    let calendar = &package.playbook.calendar;
    let approving = calendar.iter().filter(|item| item.approves && plan.proof.fund.approval == Approval::Plan);
    // Of several the last one completes it.
    let approving = approving.max_by_key(|item| counted.day(item));
    let late = approving.and_then(|item| late(plan, counted, item));
    let for_activities = calendar.iter().filter_map(|item| {
        let activity = item.activity.as_ref()?;
        let planned = plan.activities.iter().find(|planned| planned.activity.id == *activity)?;
        match approving {
            Some(approving) => unapproved(planned, counted, item, approving),
            None => unasked(planned, counted, item),
        }
    });
    late.into_iter().chain(for_activities).collect()
}

/// The plan of all activities is approved before the first of them begins.
fn late(plan: &Plan<'_>, counted: &Counted<'_>, item: &CalendarItem) -> Option<Finding> {
    let first = plan.activities.iter().min_by_key(|planned| planned.start)?;
    let (id, start, approved) = (&first.activity.id, first.start, counted.day(item));
    let message = format!("`{}` approves the plan on {approved}, and `{id}` begins on {start}", item.id);
    let help = "approve the plan earlier, or let the activity begin later: what begins before is not paid";
    let finding = Finding::new(day(item), message, help).resting_on(vec![first_day(first)]).breaking(CODE);
    (start <= approved).then_some(finding)
}

/// What prepares an activity comes after the plan of all is approved.
fn unapproved(
    planned: &Planned<'_>,
    counted: &Counted<'_>,
    item: &CalendarItem,
    approving: &CalendarItem,
) -> Option<Finding> {
    let approved = counted.day(approving);
    // That the activity itself begins too early is told by itself.
    if counted.day(item) > approved || item.id == approving.id || planned.start <= approved {
        return None;
    }
    let message = format!("`{}` comes before `{}` approves the plan, on {approved}", item.id, approving.id);
    let help = "give it a later day, or approve the plan earlier";
    let rests_on = vec![first_day(planned), day(approving)];
    Some(Finding::new(day(item), message, help).resting_on(rests_on).breaking(CODE))
}

/// What prepares an activity comes after its own approval was asked for.
fn unasked(planned: &Planned<'_>, counted: &Counted<'_>, item: &CalendarItem) -> Option<Finding> {
    let due = planned.approval_due.filter(|&due| counted.day(item) <= due)?;
    let message = format!(
        "`{}` comes before the last day on which the approval of `{}` is asked for, {due}",
        item.id, planned.activity.id
    );
    let help = "give it a later day, or let the approval be asked for earlier by `proof.fund.approval_lead_days`";
    Some(Finding::new(day(item), message, help).resting_on(vec![first_day(planned)]).breaking(CODE))
}

fn day(item: &CalendarItem) -> String {
    format!("playbook.calendar[{}].day", item.id)
}

fn first_day(planned: &Planned<'_>) -> String {
    format!("proof.activities[{}].first_day", planned.activity.id)
}
