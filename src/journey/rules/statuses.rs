//! J15: words map. Each stage, each state of the conversation and each status has a word in each system of others that
//! the journey names, out of that system's own list; along the path no word falls back that may not.

use std::collections::{BTreeMap, BTreeSet};

use crate::diag::nearest;
use crate::package::journey::{Machine, State, System};
use crate::profiles::status::{self, Back, KEPT, MEMBER, NONE};

use super::super::around::Word;
use super::super::{Around, Lowered};
use super::{Faults, state_path};

pub fn check(lowered: &Lowered<'_>, around: &Around, faults: &mut Faults) {
    let systems = &lowered.journey.systems;
    let machine = lowered.journey.machines.iter().find(|it| Some(&it.id) == around.words.machine.as_ref());
    let states = machine.iter().flat_map(|machine| machine.states.iter().map(|state| of_state(machine, state)));
    let words: Vec<Word> = around.words.all().cloned().chain(states).collect();
    let before = faults.0.len();
    systems.iter().for_each(|system| known(system, faults));
    // Whatever is said of a system that is wrong itself would only repeat it.
    if faults.0.len() > before {
        return;
    }
    words.iter().for_each(|word| no_others(word, systems, faults));
    systems.iter().filter(|it| &*it.id != MEMBER).for_each(|system| total(system, &words, faults));
    if faults.0.len() > before {
        return;
    }
    for system in systems {
        let Some(of) = status::system(&system.id) else { continue };
        if of.id == MEMBER {
            members(system, around, faults);
            continue;
        }
        let order = Order { system, of };
        order.rises(around.words.stages.iter(), faults);
        order.rises(around.words.statuses.iter().map(|status| &status.word), faults);
        machine.into_iter().for_each(|machine| order.follows(machine, lowered, faults));
    }
}

fn of_state(machine: &Machine, state: &State) -> Word {
    let path = state_path(&machine.id, &state.id).into();
    Word { path, name: state.id.clone(), order: None, called: state.called.clone() }
}

/// That a system is one that the program knows, and has words.
fn known(system: &System, faults: &mut Faults) {
    let path = |key: &str| format!("journey.systems[{}].{key}", system.id);
    let Some(of) = status::system(&system.id) else {
        let near = nearest(&system.id, status::SYSTEMS.iter().map(|it| it.id));
        let hint = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
        let help = "name a system whose statuses the program knows, or take it out";
        return faults.say("E-J15", path("id"), format!("no system `{}` is known{hint}", system.id), help);
    };
    if of.values.is_some() && !system.values.is_empty() {
        let message = format!("the words of `{}` are its own, and known: {}", system.id, of.name);
        faults.say("E-J15", path("values"), message, "take `values` out");
    }
    if of.values.is_none() && of.id != MEMBER && system.values.is_empty() {
        let message = format!("each organization has its own words for `{}`, and none are named", system.id);
        faults.say("E-J15", path("id"), message, "name them by `values`");
    }
    for word in system.locked.iter().filter(|word| !system.values.contains(word)) {
        let message = format!("`{word}` is none of the `values` of `{}`", system.id);
        faults.say("E-J15", path("locked"), message, "name one of them, or add it there");
    }
    for word in system.values.iter().filter(|word| system.retired.contains(word)) {
        let message = format!("`{word}` is retired in `{}`, and one of its `values`", system.id);
        faults.say("E-J15", path("values"), message, "take it out there: a retired word stays reserved");
    }
}

/// Names in systems that the journey does not know.
fn no_others(word: &Word, systems: &[System], faults: &mut Faults) {
    for id in word.called.keys() {
        if systems.iter().any(|system| system.id == *id && *system.id != *MEMBER) {
            continue;
        }
        let message = match &**id {
            MEMBER => "a member's words in Salesforce are the labels of `tracking.member_statuses`".to_owned(),
            _ => format!("`{}` has a name in `{id}`, which is none of `journey.systems`", word.name),
        };
        faults.say("E-J15", format!("{}.called.{id}", word.path), message, "take it out, or add the system");
    }
}

fn total(system: &System, words: &[Word], faults: &mut Faults) {
    let own: Vec<&str> = match status::system(&system.id).and_then(|of| of.values) {
        Some(values) => values.iter().map(|value| value.id).collect(),
        None => system.values.iter().map(|word| &**word).collect(),
    };
    for word in words {
        let Some(called) = word.called.get(&system.id) else {
            let message = format!("nothing says what `{}` is called in `{}`", word.name, system.id);
            let help =
                "add it to its `called`; `none` where there is nothing yet, `kept` where what stands there stays";
            faults.say("E-J15", word.path.to_string(), message, help);
            continue;
        };
        let path = format!("{}.called.{}", word.path, system.id);
        if system.retired.contains(called) {
            let message = format!("`{called}` is retired in `{}`: it meant something else once", system.id);
            faults.say("E-J15", path, message, "use another word: a retired one stays reserved");
        } else if !own.contains(&&**called) && ![NONE, KEPT].contains(&&**called) {
            let near = nearest(called, own.iter().copied());
            let hint = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
            let message = format!("`{called}` is no word of `{}`{hint}", system.id);
            faults.say("E-J15", path, message, &format!("one of: {}", own.join(", ")));
        }
    }
}

/// A member's status is a rank that only rises, and who has responded has responded.
fn members(system: &System, around: &Around, faults: &mut Faults) {
    let mut statuses: Vec<_> = around.words.statuses.iter().collect();
    statuses.sort_by_key(|status| status.word.order);
    for pair in statuses.windows(2) {
        let [lower, higher] = pair else { continue };
        let (low, high) = (&lower.word, &higher.word);
        if low.order == high.order {
            let message =
                format!("`{}` and `{}` have one rank: nobody can say which is further on", low.name, high.name);
            faults.say("E-J15", format!("{}.order", high.path), message, "give each an `order` of its own");
        }
        if lower.responded && !higher.responded {
            let message = format!("`{}` ranks above `{}` and does not count as responded", high.name, low.name);
            let help = "a status only rises: let it count as responded, give it a lower `order`, or keep it as a flag \
                        beside the status and retire the word";
            faults.say("E-J15", format!("{}.responded", high.path), message, help);
        }
    }
    for status in statuses {
        if system.retired.contains(&status.label) || system.retired.contains(&status.word.name) {
            let message = format!("`{}` is retired in `{}`: it meant something else once", status.label, system.id);
            let help = "use another word: a retired one stays reserved";
            faults.say("E-J15", format!("{}.label", status.word.path), message, help);
        }
    }
}

/// The words of one system, as one may follow another.
struct Order<'o> {
    system: &'o System,
    of: &'static status::System,
}

impl Order<'_> {
    fn rank(&self, word: &str) -> u8 {
        let value = self.of.values.and_then(|values| values.iter().find(|value| value.id == word));
        value.map_or(0, |value| value.rank)
    }

    /// Why one word may not follow another; `person` if somebody says so, and nothing does it by itself.
    fn against(&self, from: &str, to: &str, is_by_person: bool) -> Option<String> {
        if from == to || [NONE, KEPT].contains(&to) || from == NONE {
            return None;
        }
        if self.system.locked.iter().any(|word| **word == *from) {
            return Some(format!("nothing may follow `{from}` there"));
        }
        let may_fall = match self.of.back {
            Back::Never => false,
            Back::ByPerson => is_by_person,
            Back::Free => true,
        };
        (!may_fall && self.rank(to) < self.rank(from)).then(|| format!("there `{from}` never goes back to `{to}`"))
    }

    /// Words of what comes one after the other by itself.
    fn rises<'w>(&self, words: impl Iterator<Item = &'w Word>, faults: &mut Faults) {
        let mut words: Vec<&Word> = words.filter(|word| word.order.is_some()).collect();
        words.sort_by_key(|word| word.order);
        let mut last: Option<(&Word, &str)> = None;
        for word in words {
            let Some(called) = word.called.get(&self.system.id).filter(|it| ![NONE, KEPT].contains(&&***it)) else {
                continue;
            };
            if let Some((before, from)) = last
                && let Some(why) = self.against(from, called, false)
            {
                let message = format!("`{}` comes after `{}` in `{}`: {why}", word.name, before.name, self.system.id);
                let help = "let the words rise with what they stand for; `kept` where what stands there stays";
                faults.say("E-J15", format!("{}.called.{}", word.path, self.system.id), message, help);
            }
            last = Some((word, called));
        }
    }

    /// Words of states, along each way on.
    fn follows(&self, machine: &Machine, lowered: &Lowered<'_>, faults: &mut Faults) {
        let held = self.held(machine);
        for (from, event, to) in steps(machine) {
            if self.is_anew(from, to) {
                continue;
            }
            let is_by_person = lowered.journey.happens.iter().any(|it| *it.id == *event && by_people(&it.by));
            let next = self.word(to);
            let against = held[&*from.id].iter().find_map(|word| self.against(word, next, is_by_person));
            if let Some(why) = against {
                let message =
                    format!("`{}` leads to `{}` by `{event}`, and in `{}` {why}", from.id, to.id, self.system.id);
                let help = "give it a word that is as far on, or `kept` where what stands there stays";
                let path = |state: &State, key: &str| format!("{}.{key}", state_path(&machine.id, &state.id));
                let called = format!("called.{}", self.system.id);
                faults.say("E-J15", path(to, &called), message, help);
                if let Some(fault) = faults.0.last_mut() {
                    fault.rests_on = vec![path(from, "to"), path(from, &called)];
                }
            }
        }
    }

    fn word<'s>(&self, state: &'s State) -> &'s str {
        state.called.get(&self.system.id).map_or(NONE, |word| word)
    }

    /// Whether a conversation begins there that has a status of its own.
    fn is_anew(&self, from: &State, to: &State) -> bool {
        self.of.anew && from.who.is_none() && to.who.is_some()
    }

    /// What may stand there in each state: its own word, or those of the states before it.
    fn held<'s>(&self, machine: &'s Machine) -> BTreeMap<&'s str, BTreeSet<&'s str>> {
        let own = |state: &'s State| match self.word(state) {
            KEPT => BTreeSet::new(),
            word => BTreeSet::from([word]),
        };
        let mut held: BTreeMap<&str, BTreeSet<&str>> =
            machine.states.iter().map(|state| (&*state.id, own(state))).collect();
        let mut has_more = true;
        while has_more {
            has_more = false;
            for (from, _, to) in steps(machine).filter(|(_, _, to)| self.word(to) == KEPT) {
                let come = if self.is_anew(from, to) { BTreeSet::from([NONE]) } else { held[&*from.id].clone() };
                let at = held.entry(&to.id).or_default();
                let before = at.len();
                at.extend(come);
                has_more |= at.len() > before;
            }
        }
        held
    }
}

fn by_people(by: &[std::sync::Arc<str>]) -> bool {
    by.iter().all(|by| ["partner", "region"].contains(&&**by))
}

/// Each way from one state to another.
fn steps(machine: &Machine) -> impl Iterator<Item = (&State, &str, &State)> {
    machine.states.iter().flat_map(|from| {
        let to = |id: &str| machine.states.iter().find(|state| *state.id == *id);
        from.to.iter().filter_map(move |(event, id)| Some((from, &**event, to(id)?)))
    })
}
