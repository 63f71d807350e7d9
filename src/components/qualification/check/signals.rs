//! Whether signals can count: their groups, the fields and events that they look at.

use std::sync::Arc;

use super::super::score::permission_field;
use super::{Emitted, Findings};
use crate::journey::Mode;
use crate::journey::lower::consent_states;
use crate::package::qualification::{Condition, Event, Half, Qualification};

pub(super) fn check_groups(model: &Qualification, findings: &mut Findings) {
    for group in &model.groups {
        let path = format!("groups[{}]", group.id);
        if group.cap <= 0 {
            findings.add(&path, format!("group `{}` is capped at {}", group.id, group.cap), "give it a cap above 0");
        }
        if !model.signals.iter().any(|signal| signal.group == group.id) {
            findings.add(
                &path,
                format!("no signal belongs to group `{}`", group.id),
                "add a signal, or remove the group",
            );
        }
    }
    for negative in model.negatives.iter().filter(|negative| negative.points <= 0) {
        findings.add(
            format!("negatives[{}].points", negative.id),
            format!(
                "negative `{}` has {} points; they are taken away, so they are written as a positive number",
                negative.id, negative.points
            ),
            "write how many points are taken away",
        );
    }
}

pub(super) fn check_signals(model: &Qualification, emitted: &Emitted, findings: &mut Findings) {
    for signal in &model.signals {
        let path = format!("signals[{}]", signal.id);
        let Some(group) = model.groups.iter().find(|group| group.id == signal.group) else {
            let known = model.groups.iter().map(|group| format!("`{}`", group.id)).collect::<Vec<_>>().join(", ");
            findings.add(
                format!("{path}.group"),
                format!("there is no group `{}`", signal.group),
                format!("use one of {known}"),
            );
            continue;
        };
        if signal.points <= 0 || signal.points > group.cap {
            findings.add(
                format!("{path}.points"),
                format!(
                    "signal `{}` gives {} points, but its group `{}` counts 1 to {}",
                    signal.id, signal.points, group.id, group.cap
                ),
                "change the points or the cap; what takes points away belongs into `negatives`",
            );
        }
        if signal.max_times == 0 {
            findings.add(
                format!("{path}.max_times"),
                format!("signal `{}` never counts", signal.id),
                "count it once or more",
            );
        }
        if signal.decay_pct_per_month.is_some_and(|percent| percent > 100) {
            findings.add(
                format!("{path}.decay_pct_per_month"),
                format!("signal `{}` loses more than 100 percent a month", signal.id),
                "use 1 to 100",
            );
        }
        let of_event = matches!(signal.when, Condition::Happened { .. });
        if of_event != (group.kind == Half::Engagement) {
            findings.add(
                format!("{path}.group"),
                format!("signal `{}` and its group `{}` belong to different halves of the score", signal.id, group.id),
                "put fields into a group of kind `fit`, events into one of kind `engagement`",
            );
        }
        check_condition(model, &signal.when, &format!("{path}.when"), emitted, findings);
    }
    for negative in &model.negatives {
        check_condition(model, &negative.when, &format!("negatives[{}].when", negative.id), emitted, findings);
    }
    for rule in &model.disqualify {
        check_condition(model, &rule.when, &format!("disqualify[{}].when", rule.id), emitted, findings);
    }
}

fn check_condition(
    model: &Qualification,
    condition: &Condition,
    path: &str,
    emitted: &Emitted,
    findings: &mut Findings,
) {
    match condition {
        Condition::FieldIs { field, values } | Condition::FieldIsNot { field, values } => {
            check_values(model, field, values, path, emitted, findings);
        }
        Condition::DomainIn { field, .. } => check_values(model, field, &[], path, emitted, findings),
        Condition::Happened { event, target } => check_event(*event, target.as_deref(), path, emitted, findings),
        Condition::Inactive { .. } => {}
    }
}

fn check_values(
    model: &Qualification,
    id: &str,
    values: &[Arc<str>],
    path: &str,
    emitted: &Emitted,
    findings: &mut Findings,
) {
    // The state of a permission is a field of every lead.
    if emitted.purposes.iter().any(|purpose| *permission_field(purpose) == *id) {
        let states = consent_states(Mode::DoubleOptIn);
        for value in values.iter().filter(|value| !states.contains(value)) {
            let message = format!("a permission is never `{value}`");
            findings.add(format!("{path}.values"), message, format!("use one of `{}`", states.join("`, `")));
        }
        return;
    }
    let Some(field) = model.fields.iter().find(|field| *field.id == *id) else {
        let known = model.fields.iter().map(|field| format!("`{}`", field.id)).collect::<Vec<_>>().join(", ");
        findings.add(format!("{path}.field"), format!("there is no lead field `{id}`"), format!("use one of {known}"));
        return;
    };
    for value in values.iter().filter(|value| !field.values.is_empty() && !field.values.contains(value)) {
        findings.add(
            format!("{path}.values"),
            format!("the field `{id}` never has the value `{value}`"),
            format!("use one of `{}`", field.values.join("`, `")),
        );
    }
}

fn check_event(event: Event, target: Option<&str>, path: &str, emitted: &Emitted, findings: &mut Findings) {
    let path = format!("{path}.target");
    match (event, target) {
        (Event::EmailClick, Some(target)) if !emitted.emails.contains(target) => findings.add(
            path,
            format!("no email `{target}` is sent, so nobody can follow a link of it"),
            "name the id of an email of `nurture.emails`",
        ),
        (Event::PageView, Some(target)) if !emitted.pages.contains(target) => findings.add(
            path,
            format!("the site has no page `{target}`"),
            "name the id of a document with an output below `site/`",
        ),
        (Event::Recorded, None) => {
            findings.add(path, "what is recorded has no name", "add `target:` with a name for what a colleague notes");
        }
        (Event::FormSubmit, Some(target)) if !emitted.requests.contains(target) => {
            findings.add(path, no_request(target), "name the id of an item of `journey.requests`");
        }
        (Event::EmailReply | Event::OptOut | Event::Bounce, Some(_)) => {
            findings.add(path, "this event has no target", "remove `target`");
        }
        _ => {}
    }
}

pub(super) fn no_request(id: &str) -> String {
    format!("the journey has no request `{id}`, so no form of it is sent")
}
