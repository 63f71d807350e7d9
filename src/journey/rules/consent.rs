//! J7 and J8: permission comes first, and can be taken back; who asks for its deletion or objects is contacted no more.

use crate::package::journey::{Machine, State};

use super::super::Lowered;
use super::super::explore::{Walks, Ways};
use super::super::network::MachineId;
use super::{Faults, state_path};

pub fn check(lowered: &Lowered<'_>, walks: &mut Walks<'_>, faults: &mut Faults) {
    grounds(lowered, faults);
    sequences(lowered, walks, faults);
    calls(lowered, walks, faults);
    a_way_out(lowered, faults);
    lowered.journey.machines.iter().for_each(|machine| stops(lowered, machine, faults));
}

/// J7: every email has a purpose or a ground.
fn grounds(lowered: &Lowered<'_>, faults: &mut Faults) {
    for send in lowered.sends {
        let is_sent_by_state =
            || lowered.journey.machines.iter().flat_map(|it| &it.states).any(|it| it.sends.as_ref() == Some(&send.id));
        if send.fulfils.is_none() && send.confirms.is_empty() && send.sequence.is_none() && !is_sent_by_state() {
            let message = format!("the email `{}` has neither a purpose nor a ground", send.id);
            let help =
                "say by `in` to which sequence it belongs, by `for` which request it fulfils, or what it `confirms`";
            faults.say("E-J7", format!("nurture.emails[{}]", send.id), message, help);
        }
    }
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
        for (at, state) in (0..).zip(&machine.states).filter(|(_, state)| !state.contact.is_empty()) {
            let may = |vector: &_| {
                asks_for_it.iter().any(|&asked| walk.of(vector, asked) == Some(1))
                    || lowered.consents.iter().any(|&it| walk.of(vector, it).is_some_and(|it| allowed.contains(&it)))
            };
            let unasked = walk.states().find(|(_, vector)| walk.of(vector, id) == Some(at) && !may(*vector));
            if let Some((found, _)) = unasked {
                let message = format!(
                    "in `{}` a lead is contacted by {} who neither asked for it nor allowed it",
                    state.id,
                    state.contact.join(" and ")
                );
                let help = "let only a request with `calls: true`, or permission that was given, lead here";
                let path = format!("{}.contact", state_path(&machine.id, &state.id));
                faults.seen("E-J7", path, message, walk.trail(found), help);
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
        faults.rests_on([format!("journey.machines[{}].stops", machine.id)]);
    }
}

/// Whether nobody owes anything in a state, and nothing goes out or over on the way in.
fn is_quiet(state: &State) -> bool {
    state.who.is_none() && state.record.is_none() && state.sends.is_none() && state.contact.is_empty()
}
