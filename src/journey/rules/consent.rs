//! J7 and J8: permission comes first, and can be taken back.

use super::super::Lowered;
use super::super::explore::{Walks, Ways};
use super::super::network::MachineId;
use super::{Faults, state_path};

pub fn check(lowered: &Lowered<'_>, walks: &mut Walks<'_>, faults: &mut Faults) {
    grounds(lowered, faults);
    sequences(lowered, walks, faults);
    calls(lowered, walks, faults);
    a_way_out(lowered, faults);
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
