//! J6 and J3: whoever asks to be called comes to somebody, wherever the conversation rests, who has a number.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::package::journey::{Machine, Record, Request, State};

use super::super::Lowered;
use super::super::grounds::PHONE;
use super::{Faults, state_path, states_path};

/// The events of requests to be called; what follows from them is said here, and not by the rule for all events.
pub fn calls(lowered: &Lowered<'_>) -> BTreeSet<Arc<str>> {
    requests(lowered).map(|(_, event)| event).collect()
}

fn requests<'l>(lowered: &Lowered<'l>) -> impl Iterator<Item = (&'l Request, Arc<str>)> {
    let requests = lowered.journey.requests.iter().filter(|request| request.calls);
    requests.map(|request| (request, format!("{}.asked", request.id).into()))
}

/// The machines in which somebody may ask and come to nobody.
pub fn check<'l>(lowered: &Lowered<'l>, faults: &mut Faults) -> BTreeSet<&'l Arc<str>> {
    let mut deaf = BTreeSet::new();
    for (request, event) in requests(lowered) {
        let machines = lowered.journey.machines.iter();
        let answering: Vec<&Machine> =
            machines.filter(|machine| machine.states.iter().any(|state| is_heard(machine, state, &event))).collect();
        if answering.is_empty() {
            unheard(lowered, request, &event, faults);
        }
        unreachable(lowered, request, &answering, faults);
        for machine in answering {
            for state in machine.states.iter().filter(|state| state.who.is_none()) {
                if !is_heard(machine, state, &event) {
                    deaf.insert(&machine.id);
                    lost(machine, state, &event, faults);
                }
            }
        }
    }
    deaf
}

/// Whether the event leads to a state in which somebody owes something.
fn is_heard(machine: &Machine, state: &State, event: &str) -> bool {
    let to = state.to.get(event);
    to.is_some_and(|to| machine.states.iter().any(|next| next.id == *to && next.who.is_some()))
}

/// J3: whoever is to be called is asked for a number, unless a record says that it is missing.
fn unreachable(lowered: &Lowered<'_>, request: &Request, answering: &[&Machine], faults: &mut Faults) {
    let is = |field: &Arc<str>| **field == *PHONE;
    let of_request = |needs: &Vec<Arc<str>>| needs.iter().any(is);
    let needed = |record: &Record| record.needs.iter().any(is) || record.when.get(&request.id).is_some_and(of_request);
    let mut contacts = answering.iter().flat_map(|machine| &machine.states).filter(|state| !state.contact.is_empty());
    let is_called = contacts.any(|state| state.contact.iter().any(is));
    if is_called && !request.form.iter().any(is) && !lowered.journey.records.iter().any(needed) {
        let message = format!("whoever asks by `{}` is called, and its form asks for no number", request.id);
        let help = "add `phone` to the form, or take `calls` out";
        faults.say("E-J3", format!("journey.requests[{}].form", request.id), message, help);
    }
}

fn unheard(lowered: &Lowered<'_>, request: &Request, event: &str, faults: &mut Faults) {
    let message = format!("who asks to be called by `{}` comes to nobody: no state leads on by `{event}`", request.id);
    let help = format!("let the states of a conversation lead by `{event}` to one with `who`, or take `calls` out");
    faults.say("E-J6", format!("journey.requests[{}].calls", request.id), message, &help);
    let machines = lowered.journey.machines.iter();
    faults.rests_on(machines.map(|machine| states_path(&machine.id)).collect::<Vec<_>>());
}

fn lost(machine: &Machine, state: &State, event: &Arc<str>, faults: &mut Faults) {
    let at = state_path(&machine.id, &state.id);
    let (path, why) = match state.to.get(event) {
        Some(to) => (format!("{at}.to.{event}"), format!("leads to `{to}`, where nobody owes anything")),
        None if state.same.contains(event) => (format!("{at}.same"), "changes nothing".to_owned()),
        None => (at, "is not named".to_owned()),
    };
    let message = format!("in `{}` nobody hears of a lead that asks to be called: `{event}` {why}", state.id);
    faults.say("E-J6", path, message, "let it lead by `to` to a state with `who`: the page promised a call");
}
