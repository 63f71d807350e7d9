//! J7 and J8: permission comes first, and can be taken back; who asks for its deletion or objects is contacted no more.

use std::sync::Arc;

use crate::package::journey::{Machine, Purpose, Send, State};

use super::super::explore::{Walks, Ways};
use super::super::network::MachineId;
use super::super::vectors::Vector;
use super::super::{Around, Lowered};
use super::{Faults, machine_path, state_path};

pub fn check(lowered: &Lowered<'_>, around: &Around, walks: &mut Walks<'_>, faults: &mut Faults) {
    around.misnamed.iter().for_each(|id| misnamed(id, faults));
    grounds(lowered, faults);
    sequences(lowered, walks, faults);
    calls(lowered, walks, faults);
    a_way_out(lowered, faults);
    lowered.journey.machines.iter().for_each(|machine| stops(lowered, machine, faults));
}

/// J7: a permission is given to whom its text names.
fn misnamed(id: &str, faults: &mut Faults) {
    let message = format!("the text of the permission `{id}` names somebody else than whom it is given to");
    let help = "name whoever may write: it says who that is by `controller` of its purpose";
    faults.say("E-J7", format!("region.consent.boxes[{id}].text"), message, help);
    faults.rests_on([format!("journey.purposes[{id}].controller")]);
}

/// J7: every email has a purpose or a ground, and goes out on that alone.
fn grounds(lowered: &Lowered<'_>, faults: &mut Faults) {
    let journey = lowered.journey;
    for send in lowered.sends {
        let machines = journey.machines.iter().flat_map(|it| it.states.iter().map(move |state| (it, state)));
        let by: Vec<(&Machine, &State)> =
            machines.filter(|(_, state)| state.sends.as_ref() == Some(&send.id)).collect();
        let path = |key: &str| format!("nurture.emails[{}]{key}", send.id);
        if let Some(((machine, state), (key, ground))) = by.first().zip(other_ground(send)) {
            let message = format!("`{}` sends the email `{}`, which {ground}", state.id, send.id);
            let help = "let the state send an email of its own";
            faults.say("E-J7", format!("{}.sends", state_path(&machine.id, &state.id)), message, help);
            faults.rests_on([path(key)]);
        } else if let Some(request) = &send.fulfils
            && by.is_empty()
            && is_answered_by_another(lowered, request, send)
        {
            let message = format!("nothing sends the email `{}`: it is not what answers `{request}`", send.id);
            let help = "name it by `answer` of the request, let a state send it, or give it to a sequence by `in`";
            faults.say("E-J4", path(".for"), message, help);
            faults.rests_on([format!("journey.requests[{request}].answer")]);
        } else if send.fulfils.is_none() && send.confirms.is_empty() && send.sequence.is_none() && by.is_empty() {
            let message = format!("the email `{}` has neither a purpose nor a ground", send.id);
            let help =
                "say by `in` to which sequence it belongs, by `for` which request it fulfils, or what it `confirms`";
            faults.say("E-J7", path(""), message, help);
        }
    }
}

/// On what an email goes out that no state may send besides, with the key that says so.
fn other_ground(send: &Send) -> Option<(&'static str, String)> {
    match &send.sequence {
        Some(sequence) => Some((".in", format!("belongs to the sequence `{sequence}`, whose permission it needs"))),
        None => {
            (!send.confirms.is_empty()).then(|| (".confirms", "asks to confirm a permission, once for each".to_owned()))
        }
    }
}

/// Whether another email for the request answers it: one that is not for it is a matter of J11.
fn is_answered_by_another(lowered: &Lowered<'_>, request: &str, send: &Send) -> bool {
    let answers = lowered.journey.requests.iter().filter(|it| *it.id == *request).map(|it| &it.answer);
    let answers = |other: &&Send| answers.clone().any(|answer| *answer == other.id);
    lowered
        .sends
        .iter()
        .find(answers)
        .is_some_and(|answer| answer.id != send.id && answer.fulfils.as_ref().is_some_and(|of| **of == *request))
}

/// J7 (a): gates aside, permission was given on every way to an email of a sequence.
fn sequences(lowered: &Lowered<'_>, walks: &mut Walks<'_>, faults: &mut Faults) {
    let allowed = lowered.allowed();
    for (sequence, &id) in lowered.journey.sequences.iter().zip(&lowered.sequences) {
        let Some(at) = lowered.journey.purposes.iter().position(|it| it.id == sequence.purpose) else { continue };
        let consent = lowered.consents[at];
        let slice = [consent, id].into_iter().chain(lowered.asked.iter().copied());
        let Some(walk) = walks.through(slice, Ways::CARELESS) else { continue };
        for send in lowered.sends_of(sequence) {
            let Some(event) = lowered.network.sending(send) else { continue };
            let early = walk.states().find(|(_, vector)| {
                walk.can(vector, event) && walk.of(vector, consent).is_some_and(|state| !allowed.contains(&state))
            });
            if let Some((state, vector)) = early {
                let now = walk.of(vector, consent).unwrap_or_default();
                let message = format!(
                    "the email `{}` goes out while permission for `{}` is `{}`",
                    lowered.sends[send].id,
                    sequence.purpose,
                    lowered.network.state_name(consent, now)
                );
                let help = "let the sequence start when permission is given: `starts: given`";
                let path = format!("journey.sequences[{}].starts", sequence.id);
                faults.seen("E-J7", path, message, walk.trail(state), help);
                break;
            }
        }
    }
}

/// J7: a person is contacted only if they asked for it or allowed it.
fn calls(lowered: &Lowered<'_>, walks: &mut Walks<'_>, faults: &mut Faults) {
    let journey = lowered.journey;
    let asks_for_it: Vec<MachineId> = journey
        .requests
        .iter()
        .zip(&lowered.asked)
        .filter(|(request, _)| request.calls)
        .map(|(_, &machine)| machine)
        .collect();
    let allowed = lowered.allowed();
    for (machine, &id) in journey.machines.iter().zip(&lowered.machines) {
        let contacts = machine.states.iter().any(|state| !state.contact.is_empty());
        if !contacts {
            continue;
        }
        let slice = std::iter::once(id).chain(lowered.asked.iter().copied()).chain(lowered.consents.iter().copied());
        let Some(walk) = walks.through(slice, Ways::CARELESS) else { continue };
        let may = |vector: &Vector, channel: &str| {
            let allows = |(purpose, &id): (&Purpose, &MachineId)| {
                purpose.allows(channel) && walk.of(vector, id).is_some_and(|state| allowed.contains(&state))
            };
            asks_for_it.iter().any(|&asked| walk.of(vector, asked) == Some(1))
                || journey.purposes.iter().zip(&lowered.consents).any(allows)
        };
        for (at, state) in (0..).zip(&machine.states).filter(|(_, state)| !state.contact.is_empty()) {
            let here = || walk.states().filter(|(_, vector)| walk.of(vector, id) == Some(at));
            let path = format!("{}.contact", state_path(&machine.id, &state.id));
            let may_not = |vector: &Vector| state.contact.iter().all(|channel| !may(vector, channel));
            if let Some((found, _)) = here().find(|(_, vector)| may_not(vector)) {
                let message = format!(
                    "in `{}` a lead is contacted by {} who neither asked for it nor allowed it",
                    state.id,
                    state.contact.join(" and ")
                );
                let help = "let only a request with `calls: true`, or a permission that was given and whose `channels` \
                            allow it, lead here";
                let trail = walk.trail(found);
                let asked =
                    trail.iter().filter_map(|step| Some(format!("journey.requests[{}]", step.split_once(".asked")?.0)));
                let asked: Vec<String> = asked.collect();
                faults.seen("E-J7", path, message, trail, help);
                faults.rests_on(asked);
                continue;
            }
            let never = |channel: &&Arc<str>| !here().any(|(_, vector)| may(vector, channel));
            if let Some(channel) = state.contact.iter().find(never) {
                let message = format!("in `{}` no lead may ever be contacted by {channel}", state.id);
                let help = "take it out, or name it by `channels` of the purpose whose text allows it";
                faults.say("E-J7", path, message, help);
            }
        }
    }
}

/// J8: where something is sent under a permission, taking it back is heard.
fn a_way_out(lowered: &Lowered<'_>, faults: &mut Faults) {
    if let Some(sequence) = lowered.journey.sequences.first().filter(|_| !lowered.has_withdrawal()) {
        let message = format!("nobody hears of it when permission for `{}` is taken back", sequence.purpose);
        let help = "add `{id: withdrawn, by: [platform, page, partner]}` to `journey.happens`";
        faults.say("E-J8", format!("journey.sequences[{}]", sequence.id), message, help);
    }
}

/// J8: wherever somebody owes something about a lead that asks for its deletion or objects, that ends, and nothing follows.
fn stops(lowered: &Lowered<'_>, machine: &Machine, faults: &mut Faults) {
    let stopped = machine.states.iter().find(|state| Some(&state.id) == machine.stopped());
    if let Some(end) = stopped.filter(|end| !is_quiet(end) && machine.stops.is_some()) {
        let message = format!(
            "a lead of `{}` that asks for its deletion or objects comes to `{}`, where something follows",
            machine.id, end.id
        );
        let help = "name a state in which nobody owes or gets anything";
        return faults.say("E-J8", format!("{}.stops", machine_path(&machine.id)), message, help);
    }
    for state in machine.states.iter().filter(|state| !is_quiet(state)) {
        let end = |event: &_| state.to.get(event).and_then(|to| machine.states.iter().find(|it| it.id == *to));
        let goes_on = |event: &_| end(event).is_none_or(|end| !is_quiet(end));
        // Who is told how to reach a person was told so already.
        let owes = state.who.is_some() || !state.contact.is_empty();
        let Some(event) = lowered.journey.stopping().find(goes_on).filter(|_| owes) else { continue };
        let follows = match end(&event) {
            Some(end) => format!("leads to `{}`, where something follows", end.id),
            None => "changes nothing".to_owned(),
        };
        let message = format!("in `{}` of `{}` a lead is not let go: `{event}` {follows}", state.id, machine.id);
        let help =
            "let it lead to a state in which nobody owes or gets anything, or name one by `stops` of the machine";
        let at = state_path(&machine.id, &state.id);
        let said = state.to.contains_key(&event) && state.to.get(&event) != machine.stopped();
        match said {
            true => faults.say("E-J8", format!("{at}.to.{event}"), message, help),
            false => faults.say("E-J8", at, message, help),
        }
        faults.rests_on([format!("{}.stops", machine_path(&machine.id))]);
    }
}

/// Whether leads that want to be left alone come to rest where a machine says that they do. Where they do not, whatever
/// follows there is known of nobody.
pub fn lets_go(lowered: &Lowered<'_>) -> bool {
    let said = lowered.journey.machines.iter().filter_map(|machine| Some((machine, machine.stops.as_ref()?)));
    let rests =
        |(machine, end): (&Machine, &Arc<str>)| machine.states.iter().find(|it| it.id == *end).is_none_or(is_quiet);
    said.into_iter().all(rests)
}

/// Whether nobody owes anything in a state, and nothing goes out or over on the way in.
fn is_quiet(state: &State) -> bool {
    state.who.is_none() && state.record.is_none() && state.sends.is_none() && state.contact.is_empty()
}
