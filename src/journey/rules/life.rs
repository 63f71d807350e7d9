//! J4 to J6: everything can be reached, comes to rest, and answers.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::package::journey::{Machine, State};

use super::super::explore::{Walk, Walks, Ways};
use super::super::lower::LATE;
use super::super::network::{MachineId, StateId};
use super::super::vectors::Vector;
use super::super::{Around, Lowered, Mode};
use super::{Faults, asked, state_path};

pub fn check(lowered: &Lowered<'_>, around: &Around, walks: &mut Walks<'_>, faults: &mut Faults) {
    let deaf = asked::check(lowered, faults);
    let calls = asked::calls(lowered);
    for (machine, &id) in lowered.journey.machines.iter().zip(&lowered.machines) {
        let walk = walks.through(std::iter::once(id).chain(lowered.asked.iter().copied()), Ways::ALL);
        walk.iter().for_each(|walk| reached(walk, machine, id, faults));
        for (at, state) in (0..).zip(&machine.states) {
            rests(machine, state, faults);
            // Where a lead that asks is not heard, it is no wonder that its clocks end in silence.
            let walk = walk.iter().filter(|_| !deaf.contains(&machine.id));
            walk.for_each(|walk| ends_loudly(lowered, walk, (machine, id), (state, at), faults));
            answers(machine, state, &calls, faults);
        }
        falls_back(machine, around, faults);
    }
    sent(lowered, walks, faults);
    called_late(lowered, around, faults);
}

/// J6: whoever is called where something is late is not the one who is late.
fn called_late(lowered: &Lowered<'_>, around: &Around, faults: &mut Faults) {
    let Some(called) = &around.called_late else { return };
    let states = lowered.journey.machines.iter().flat_map(|machine| &machine.states);
    let late = states.filter(|state| state.who.as_ref().and_then(|who| around.owners.get(who)) == Some(called));
    if let Some(state) = late.into_iter().next() {
        let message = format!("where `{}` is late, whoever is called is the one who is late", state.id);
        let help = "name somebody with an address of its own, or leave `sla_contact` out";
        faults.say("E-J6", "partner.sla_contact.email", message, help);
    }
}

/// J4, states.
fn reached(walk: &Walk<'_>, machine: &Machine, id: MachineId, faults: &mut Faults) {
    let reached: BTreeSet<StateId> = walk.states().filter_map(|(_, vector)| walk.of(vector, id)).collect();
    for (_, state) in (0..).zip(&machine.states).filter(|(at, _)| !reached.contains(at)) {
        let message = format!("no way leads to the state `{}` of `{}`", state.id, machine.id);
        faults.say("E-J4", state_path(&machine.id, &state.id), message, "let an event lead to it, or take it out");
    }
}

/// J4, emails: a gate that can never be passed.
fn sent(lowered: &Lowered<'_>, walks: &mut Walks<'_>, faults: &mut Faults) {
    for (sequence, &id) in lowered.journey.sequences.iter().zip(&lowered.sequences) {
        let consent = lowered.journey.purposes.iter().position(|purpose| purpose.id == sequence.purpose);
        let gates = lowered.journey.machines.iter().zip(&lowered.machines);
        let gates = gates.filter(|(machine, _)| sequence.goes_on.contains_key(&machine.id)).map(|(_, &id)| id);
        let slice = std::iter::once(id).chain(consent.map(|at| lowered.consents[at])).chain(gates);
        let slice = slice.chain(lowered.asked.iter().copied());
        let Some(walk) = walks.through(slice, Ways::ALL) else { continue };
        let first = lowered.sends_of(sequence).into_iter().find(|&send| {
            let event = lowered.network.sending(send);
            event.is_none_or(|event| !walk.ever(event))
        });
        if let Some(send) = first {
            let id = &lowered.sends[send].id;
            let asks = lowered.journey.requests.iter().any(|request| request.asks.contains(&sequence.purpose));
            let confirms = lowered.sends.iter().any(|send| send.confirms.contains(&sequence.purpose));
            let why = match (asks, confirms) {
                (false, _) => format!("no form asks for the permission `{}`", sequence.purpose),
                (true, false) if lowered.mode == Mode::DoubleOptIn => {
                    format!("no email asks to confirm `{}`, and this region demands it", sequence.purpose)
                }
                _ => "its gate is never open".to_owned(),
            };
            let message = format!("the email `{id}` can never be sent: {why}");
            let help = "let a form ask (`asks`), an email confirm (`confirms`), or `while` hold on a way to it";
            faults.say("E-J4", format!("nurture.emails[{id}]"), message, help);
        }
    }
}

/// J5: with clocks alone, a state that somebody owns comes to rest, and not in silence.
fn rests(machine: &Machine, state: &State, faults: &mut Faults) {
    let path = || state_path(&machine.id, &state.id);
    let Some(who) = &state.who else {
        for (key, _) in [("within", &state.within), ("from", &state.from)].into_iter().filter(|(_, it)| it.is_some()) {
            let message = format!("nobody owes anything in `{}`, so no time of theirs can run out", state.id);
            faults.say("E-J5", format!("{}.{key}", path()), message, "say by `who` who does, or take it out");
        }
        return;
    };
    if state.within.is_none() {
        let message = format!("`{who}` owes something in `{}`, and nothing says until when", state.id);
        return faults.say("E-J5", path(), message, "give it `within`, and by `late` who takes over");
    }
    let Some(late) = state.to.get(LATE) else {
        let message = format!("nothing follows where `{}` is late", state.id);
        return faults.say("E-J5", path(), message, "say by `to: {late: …}` who takes over, or how the lead is told");
    };
    if !machine.states.iter().any(|next| next.id == *late) {
        return;
    }
    if let Some(circle) = circle(machine, state) {
        let message =
            format!("clocks lead in a circle: {}", circle.iter().map(|id| &**id).collect::<Vec<_>>().join(", "));
        faults.say("E-J5", format!("{}.to.{LATE}", path()), message, "let the last one end in a state of rest");
    }
}

/// J5: who asked to be called is not dropped because a clock ran out.
fn ends_loudly(
    lowered: &Lowered<'_>,
    walk: &Walk<'_>,
    (machine, id): (&Machine, MachineId),
    (state, at): (&State, StateId),
    faults: &mut Faults,
) {
    let late = state.to.get(LATE).filter(|_| state.within.is_some());
    let Some(next) = late.and_then(|late| machine.states.iter().find(|next| next.id == *late)) else { return };
    if next.who.is_some() || next.sends.is_some() {
        return;
    }
    let requests = lowered.journey.requests.iter().zip(&lowered.asked);
    let promises: Vec<MachineId> = requests.filter(|(request, _)| request.calls).map(|(_, &asked)| asked).collect();
    let is_open = |vector: &Vector| promises.iter().any(|&asked| walk.of(vector, asked) == Some(1));
    let found = walk.states().find(|(_, vector)| walk.of(vector, id) == Some(at) && is_open(vector));
    if let Some((found, _)) = found {
        let message = format!(
            "the time of `{}` ends in silence: a lead that asked for a call comes to `{}`, where nobody owes anything and nobody is told",
            state.id, next.id
        );
        let path = format!("{}.to.{LATE}", state_path(&machine.id, &state.id));
        faults.seen("E-J5", path, message, walk.trail(found), "let somebody take over, or let `sends` tell the lead");
    }
}

/// The states that follow each other by clocks alone, if they come back to this one.
fn circle(machine: &Machine, state: &State) -> Option<Vec<Arc<str>>> {
    let mut way = vec![state.id.clone()];
    let mut now = state;
    while let Some(late) = now.to.get(LATE).filter(|_| now.within.is_some()) {
        way.push(late.clone());
        if *late == state.id {
            // Said once, at the first of them.
            let first = machine.states.iter().find(|it| way.contains(&it.id));
            return first.is_some_and(|first| first.id == state.id).then_some(way);
        }
        if way.iter().filter(|id| *id == late).count() > 1 {
            return None;
        }
        now = machine.states.iter().find(|next| next.id == *late)?;
    }
    None
}

/// J6: at rest, every event that the machine hears of at rest leads on or is named as kept. What only states with an
/// owner hear of is the outcome of what is owed there; whatever else happens there becomes a note to the owner.
fn answers(machine: &Machine, state: &State, calls: &BTreeSet<Arc<str>>, faults: &mut Faults) {
    if state.who.is_some() {
        return;
    }
    let resting = machine.states.iter().filter(|state| state.who.is_none());
    let heard = resting.flat_map(|state| state.to.keys()).filter(|event| &***event != LATE);
    let heard: BTreeSet<&Arc<str>> = heard.filter(|event| !calls.contains(*event)).collect();
    let open = heard.into_iter().filter(|event| !state.to.contains_key(*event) && !state.same.contains(*event));
    let open: Vec<String> = open.map(|event| format!("`{event}`")).collect();
    if !open.is_empty() {
        let message = format!("in `{}` nothing says what follows on {}", state.id, open.join(", "));
        let help = "lead on by `to`, or name it in `same` where it changes nothing";
        faults.say("E-J6", state_path(&machine.id, &state.id), message, help);
    }
}

/// J6: a fallback is somebody else. Two owners with one address are one cause, wherever one follows on the other.
fn falls_back(machine: &Machine, around: &Around, faults: &mut Faults) {
    let address = |who: &Arc<str>| around.owners.get(who);
    let mut said: BTreeSet<(&Arc<str>, &Arc<str>)> = BTreeSet::new();
    for state in &machine.states {
        let next = state.to.get(LATE).and_then(|late| machine.states.iter().find(|next| next.id == *late));
        let Some((own, other)) = state.who.as_ref().zip(next.and_then(|next| next.who.as_ref())) else { continue };
        if address(own).is_none() || address(own) != address(other) || (own != other && !said.insert((own, other))) {
            continue;
        }
        // Without the address, which is another one for each partner: one cause, one error.
        let message = format!("where `{}` is late, who takes over is reached at the same address", state.id);
        let help = "name an owner with an address of its own";
        faults.say("E-J6", format!("{}.to.{LATE}", state_path(&machine.id, &state.id)), message, help);
    }
}
