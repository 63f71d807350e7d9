//! J13: weak signs stay weak.

use std::collections::BTreeSet;
use std::sync::Arc;

use indexmap::IndexMap;

use crate::package::journey::Machine;

use super::super::around::Tipped;
use super::super::explore::{Walk, Walks, Ways};
use super::super::lower::LATE;
use super::super::network::{EventKind, MachineId, StateId};
use super::super::{Around, Lowered};
use super::{Faults, state_path};

/// Wherever a lead stands, weak signs must not lead to a contact to which the clocks alone would not lead as well. Time
/// passes between signs, and emails go out; whatever a person does ends what weak signs alone have done.
pub fn check(lowered: &Lowered<'_>, around: &Around, walks: &mut Walks<'_>, faults: &mut Faults) {
    by_points(lowered, around, faults);
    let has_weak = lowered.network.events.iter().any(|event| event.kind == EventKind::Weak);
    let most = walks.most_steps() / lowered.network.events.len().max(1);
    for (machine, &id) in lowered.journey.machines.iter().zip(&lowered.machines) {
        if !has_weak || machine.states.iter().all(|state| state.contact.is_empty()) {
            continue;
        }
        let slice = || std::iter::once(id).chain(lowered.asked.iter().copied()).chain(lowered.consents.iter().copied());
        let Some(walk) = walks.through(slice(), Ways::ALL) else { continue };
        let Some(found) = weakly_reached(&walk, (machine, id), most) else {
            walks.give_up(slice(), Ways::ALL);
            continue;
        };
        for (at, trail) in found {
            let Some(state) = machine.states.get(usize::from(at)) else { continue };
            let message = format!(
                "weak signs alone lead to `{}`, where a lead is contacted by {}: a program may have left them",
                state.id,
                state.contact.join(" and ")
            );
            let help =
                "lead here by what a person surely does, or let somebody look first: a state with `who`, not `contact`";
            faults.seen("E-J13", format!("{}.contact", state_path(&machine.id, &state.id)), message, trail, help);
        }
    }
}

/// By points: nobody is handed over to be called because programs followed every link after one form.
fn by_points(lowered: &Lowered<'_>, around: &Around, faults: &mut Faults) {
    let calls = |enters: &str| {
        let (machine, state) = enters.split_once('.')?;
        let machine = lowered.journey.machines.iter().find(|it| *it.id == *machine)?;
        let state = machine.states.iter().find(|it| *it.id == *state)?;
        Some(!state.contact.is_empty() || state.record.is_some())
    };
    for score in around.scores.iter().filter(|score| calls(&score.enters) == Some(true)) {
        for Tipped { request, points: [alone, weakly], capped, signs } in &score.tipped {
            let message = format!(
                "after the form of `{request}` alone, weak signs make a lead `{}`, which enters `{}`: {alone} points of \
                 interest become {weakly}, and a program may have left them",
                score.stage, score.enters
            );
            let help =
                "lower the cap of their group, or raise the band, so that it takes something that a person surely did";
            faults.say("E-J13", &**capped, message, help);
            if let Some(fault) = faults.0.last_mut() {
                fault.rests_on = signs.iter().map(ToString::to_string).collect();
            }
        }
    }
}

/// A state of the walk; and the state of the machine from which on there were only weak signs.
type Place = (Option<StateId>, usize);
/// The place before, and what led on.
type Step<'n> = (usize, &'n Arc<str>);

/// The states with a contact that weak signs lead to, each with the shortest way. `None` if there are too many places.
fn weakly_reached<'n>(
    walk: &Walk<'n>,
    (machine, id): (&Machine, MachineId),
    most: usize,
) -> Option<IndexMap<StateId, Vec<Arc<str>>>> {
    let states: Vec<StateId> = walk.states().filter_map(|(_, vector)| walk.of(vector, id)).collect();
    let mut places: IndexMap<Place, Option<Step<'n>>> =
        IndexMap::from([((None, 0), None), ((Some(states[0]), 0), None)]);
    let mut found = IndexMap::new();
    let mut at = 0;
    while let Some((&(since, state), _)) = places.get_index(at) {
        if places.len() > most {
            return None;
        }
        if since.is_some_and(|since| is_new(machine, since, states[state])) && !found.contains_key(&states[state]) {
            found.insert(states[state], trail(&places, at));
        }
        let goes_on = |kind| since.is_none() || matches!(kind, EventKind::Weak | EventKind::Sent(_) | EventKind::Late);
        for (name, next) in walk.steps(state, goes_on) {
            places.entry((since, next)).or_insert(Some((at, name)));
            if since.is_none() {
                places.entry((Some(states[next]), next)).or_insert(Some((at, name)));
            }
        }
        at += 1;
    }
    Some(found)
}

/// Whether in one state a lead is contacted otherwise than clocks alone would come to from another.
fn is_new(machine: &Machine, since: StateId, now: StateId) -> bool {
    let of = |at: StateId| machine.states.get(usize::from(at));
    let mut due = BTreeSet::new();
    let mut passed = BTreeSet::new();
    let mut next = of(since);
    while let Some(state) = next.filter(|state| passed.insert(&state.id)) {
        due.extend(&state.contact);
        let late = state.to.get(LATE).filter(|_| state.within.is_some());
        next = late.and_then(|late| machine.states.iter().find(|it| it.id == *late));
    }
    of(now).is_some_and(|state| state.contact.iter().any(|channel| !due.contains(channel)))
}

fn trail(places: &IndexMap<Place, Option<Step<'_>>>, mut at: usize) -> Vec<Arc<str>> {
    let mut trail = Vec::new();
    while let Some((_, Some((before, name)))) = places.get_index(at) {
        trail.push((*name).clone());
        at = *before;
    }
    trail.reverse();
    trail
}
