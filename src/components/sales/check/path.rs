//! Whether follow-ups tell of the lead's path what is true of it.

use std::sync::Arc;

use super::super::super::Finding;
use super::super::output::LINK;
use super::Known;
use crate::package::journey::{Journey, Machine, State};
use crate::package::sales::{Channel, FollowUp, Sales};
use crate::schema::journey::nodes::{machine_path, state_path};

pub fn check(sales: &Sales, known: &Known, journey: &Journey) -> Vec<Finding> {
    let path = |item: &FollowUp| format!("sales.follow_ups[{}]", item.id);
    let mut findings: Vec<Finding> =
        sales.follow_ups.iter().filter_map(|it| address(it.placement.as_ref()?, &it.body, &path(it), known)).collect();
    let posts = sales.posts.iter();
    findings.extend(posts.filter_map(|it| address(&it.placement, &it.body, &format!("sales.posts[{}]", it.id), known)));
    // Where nobody is handed a lead, the states are gone in which somebody would write.
    let Some(handed) = &known.handed else { return findings };
    for item in &sales.follow_ups {
        let path = path(item);
        findings.extend(item.after.iter().filter_map(|event| unheard(event, &path, journey)));
        findings.extend(item.after.iter().filter_map(|event| unasked(item, event, &path, journey)));
        findings.extend(item.within.as_ref().and_then(|within| time(item, within, &path, journey)));
    }
    findings.extend(silent(sales, handed, journey));
    findings
}

/// An event of which no machine hears.
fn unheard(event: &Arc<str>, path: &str, journey: &Journey) -> Option<Finding> {
    if journey.machines.iter().any(|machine| machine.hears(event)) {
        return None;
    }
    let message = format!("nothing in the lead's path follows from `{event}`, so no lead is written to after it");
    let help = "name an event that leads from one state to another, as `talk.asked`";
    let machines = journey.machines.iter().map(|machine| machine_path(&machine.id));
    Some(Finding::new(format!("{path}.after"), message, help).resting_on(machines.collect()))
}

/// A call to somebody who asked for none and whose permission is not for calls.
fn unasked(item: &FollowUp, event: &str, path: &str, journey: &Journey) -> Option<Finding> {
    if item.channel != Channel::Call {
        return None;
    }
    let request = event.strip_suffix(".asked").and_then(|id| journey.requests.iter().find(|it| *it.id == *id));
    let under = || journey.happens.iter().find(|it| *it.id == *event)?.under.as_deref();
    let purpose = event.strip_suffix(".given").or_else(under);
    let purpose = purpose.and_then(|id| journey.purposes.iter().find(|it| *it.id == *id));
    let (why, rests) = match (request, purpose) {
        (Some(request), _) if !request.calls => {
            (format!("`{}` asks for no call", request.id), format!("journey.requests[{}].calls", request.id))
        }
        (None, Some(purpose)) if !purpose.allows("phone") => (
            format!("the permission `{}` is not for calls", purpose.id),
            format!("journey.purposes[{}].channels", purpose.id),
        ),
        _ => return None,
    };
    let message = format!("after `{event}` nobody may be called: {why}");
    let help = "write an email instead, or name `phone` by `channels` of the purpose whose text allows calls";
    Some(Finding::new(format!("{path}.channel"), message, help).resting_on(vec![rests]))
}

/// A state that is not there, in which nobody owes anything, or in which the lead is not contacted in that way.
fn time(item: &FollowUp, within: &str, path: &str, journey: &Journey) -> Option<Finding> {
    let found = states(journey).find(|(machine, state)| format!("{}.{}", machine.id, state.id) == *within);
    let Some((machine, state)) = found else {
        let help = "name a state of the journey with `who`, as `sales.accepted`";
        return Some(Finding::new(format!("{path}.within"), format!("there is no state `{within}`"), help));
    };
    let place = state_path(&machine.id, &state.id);
    let by = item.channel.contact();
    if by.is_some_and(|by| state.contact.iter().any(|way| **way == *by)) {
        return None;
    }
    let message = format!("in `{within}` the lead is not contacted by `{}`", item.channel.id());
    let help = "let it be sent in another state, or by a channel that the state names as `contact`";
    Some(Finding::new(format!("{path}.within"), message, help).resting_on(vec![format!("{place}.contact"), place]))
}

/// A placement that is not there, or whose address has no place.
fn address(placement: &Arc<str>, body: &str, path: &str, known: &Known) -> Option<Finding> {
    let own = format!("{path}.placement");
    if !known.placements.contains(&**placement) {
        let message = format!("there is no placement `{placement}`");
        let finding = Finding::new(own, message, "name one of `tracking.placements`");
        return Some(finding.resting_on(vec![format!("tracking.placements[{placement}]")]));
    }
    let lacks = || format!("the address of `{placement}` has no place in the text");
    let help = "write `[link]` where it stands, in every language";
    (!body.contains(LINK)).then(|| Finding::new(own, lacks(), help).resting_on(vec![format!("{path}.body")]))
}

/// Ways in which leads are handed over and of which no text for a call or an email knows how to begin.
fn silent(sales: &Sales, handed: &str, journey: &Journey) -> Vec<Finding> {
    let Some((machine, id)) = handed.split_once('.') else { return Vec::new() };
    let machines = journey.machines.iter().filter(|it| *it.id == *machine);
    let ways = machines.flat_map(|machine| &machine.states).flat_map(|state| &state.to);
    let is_told =
        |event: &Arc<str>| sales.follow_ups.iter().any(|item| item.after.is_empty() || item.after.contains(event));
    let mut silent: Vec<&Arc<str>> =
        ways.filter(|(event, to)| *to.as_ref() == *id && !is_told(event)).map(|way| way.0).collect();
    silent.sort();
    silent.dedup();
    let finding = |event: &Arc<str>| {
        let message = format!("after `{event}` a lead is handed over, and no text says how to begin with it");
        Finding::new("sales.follow_ups", message, format!("add one with `after: [{event}]`"))
            .resting_on(vec![state_path(machine, id)])
    };
    silent.into_iter().map(finding).collect()
}

fn states(journey: &Journey) -> impl Iterator<Item = (&Machine, &State)> {
    journey.machines.iter().flat_map(|machine| machine.states.iter().map(move |state| (machine, state)))
}
