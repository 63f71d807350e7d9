//! J15: words map. Each stage, each state of the conversation and each status has a word in each system of others that
//! the journey names, out of that system's own list; along the path, from stage to state to outcome, no word falls back
//! that may not.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::diag::nearest;
use crate::package::journey::{Machine, STOPPING, State, System};
use crate::profiles::status::{self, Back, KEPT, MEMBER, NONE, OF_NEW_CAMPAIGNS};

use super::super::around::{Outcome, Word};
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
    words.iter().for_each(|word| said_everywhere(word, systems, faults));
    machine.into_iter().for_each(|machine| outcomes_follow(machine, &around.words.outcomes, faults));
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
        if let Some(machine) = machine {
            let stood = order.stood(machine, &around.words.stages);
            order.entered(machine, &around.words.stages, &around.words.enters, faults);
            order.follows(machine, lowered, &stood, &around.words.stages, faults);
            order.ends(machine, &around.words.outcomes, &stood, faults);
        }
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

/// One fault for a word, whatever number of systems it has no name in.
fn said_everywhere(word: &Word, systems: &[System], faults: &mut Faults) {
    let lacking = systems.iter().filter(|system| *system.id != *MEMBER && !word.called.contains_key(&system.id));
    let lacking: Vec<String> = lacking.map(|system| format!("`{}`", system.id)).collect();
    if !lacking.is_empty() {
        let message = format!("nothing says what `{}` is called in {}", word.name, lacking.join(", "));
        let help = "add it to its `called`; `none` where there is nothing yet, `kept` where what stands there stays";
        faults.say("E-J15", word.path.to_string(), message, help);
    }
}

/// That what an outcome may follow is there.
fn outcomes_follow(machine: &Machine, outcomes: &[Outcome], faults: &mut Faults) {
    let states = machine.states.iter().map(|state| format!("{}.{}", machine.id, state.id));
    let known: Vec<String> = states.chain(outcomes.iter().map(|outcome| outcome.word.name.to_string())).collect();
    for outcome in outcomes {
        for after in outcome.after.iter().filter(|after| known.iter().all(|it| **it != ***after)) {
            let near = nearest(after, known.iter().map(String::as_str));
            let hint = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
            let message =
                format!("`{}` follows `{after}`, and there is no such state or outcome{hint}", outcome.word.name);
            let help = "name a state as `machine.state`, or a status of feedback without `ends`";
            faults.say("E-J15", format!("{}.after", outcome.word.path), message, help);
        }
    }
}

fn total(system: &System, words: &[Word], faults: &mut Faults) {
    let own: Vec<&str> = match status::system(&system.id).and_then(|of| of.values) {
        Some(values) => values.iter().map(|value| value.id).collect(),
        None => system.values.iter().map(|word| &**word).collect(),
    };
    for word in words {
        let Some(called) = word.called.get(&system.id) else { continue };
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
        if let Some(taken) = OF_NEW_CAMPAIGNS.iter().find(|taken| taken.eq_ignore_ascii_case(&status.label)) {
            let message = format!(
                "a new campaign has a status `{taken}` of its own, and `{}` would be a second",
                status.word.name
            );
            faults.say("E-J15", &*status.word.path, message, "call it by another word");
        }
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
    fn follows<'s>(
        &self,
        machine: &'s Machine,
        lowered: &Lowered<'_>,
        held: &Held<'s>,
        stages: &[Word],
        faults: &mut Faults,
    ) {
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
                    fault.rests_on.extend(stages.iter().map(|stage| format!("{}.{called}", stage.path)));
                }
            }
        }
    }

    /// A stage, and the state that a lead in it enters: where that has a status of its own, the stage's is the first.
    fn entered(&self, machine: &Machine, stages: &[Word], enters: &[(Arc<str>, Arc<str>)], faults: &mut Faults) {
        if !self.of.anew {
            return;
        }
        for (stage, state) in enters {
            let stage = stages.iter().find(|it| it.name == *stage);
            let state = machine.states.iter().find(|it| it.id == *state);
            let (Some(stage), Some(state)) = (stage, state) else { continue };
            let Some(from) = stage.called.get(&self.system.id).filter(|it| ***it != *KEPT) else { continue };
            if let Some(why) = self.against(from, self.word(state), false) {
                let message = format!(
                    "a lead of the stage `{}` enters `{}`, and in `{}` {why}",
                    stage.name, state.id, self.system.id
                );
                let called = format!("called.{}", self.system.id);
                let path = format!("{}.{called}", state_path(&machine.id, &state.id));
                let help = "give it a word that is as far on, or the stage one that is not";
                faults.say("E-J15", path, message, help);
                if let Some(fault) = faults.0.last_mut() {
                    fault.rests_on = vec![format!("{}.{called}", stage.path)];
                }
            }
        }
    }

    /// What became of a lead, after the states and outcomes that it may follow.
    fn ends<'s>(&self, machine: &'s Machine, outcomes: &'s [Outcome], stood: &Held<'s>, faults: &mut Faults) {
        let word = |it: &'s Outcome| it.word.called.get(&self.system.id).map_or(KEPT, |word| &**word);
        let own = |it: &'s Outcome| if word(it) == KEPT { BTreeSet::new() } else { BTreeSet::from([word(it)]) };
        let mut told: Held<'s> = outcomes.iter().map(|it| (&*it.word.name, own(it))).collect();
        // As many rounds as there are outcomes carry what is kept through all of them.
        for _ in outcomes {
            for it in outcomes.iter().filter(|it| word(it) == KEPT) {
                let came: Vec<&str> = before(machine, it, stood, &told).into_iter().map(|(_, word)| word).collect();
                told.entry(&it.word.name).or_default().extend(came);
            }
        }
        for it in outcomes {
            let against = |(from, stands): (&'s str, &'s str)| Some((from, self.against(stands, word(it), true)?));
            if let Some((from, why)) = before(machine, it, stood, &told).into_iter().find_map(against) {
                let message = format!("`{}` may follow `{from}`, and in `{}` {why}", it.word.name, self.system.id);
                let help = "give it a word that is as far on, or `kept`; or name by `after` what alone it may follow";
                let called = format!("called.{}", self.system.id);
                faults.say("E-J15", format!("{}.{called}", it.word.path), message, help);
                if let Some(fault) = faults.0.last_mut() {
                    let other = outcomes.iter().find(|other| *other.word.name == *from);
                    let state = || state_path(&machine.id, from);
                    let before = other.map_or_else(state, |other| other.word.path.to_string());
                    fault.rests_on = vec![format!("{}.after", it.word.path), format!("{before}.{called}")];
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

    /// What may stand there in each state: its own word, or those of the states before it. Before a conversation that is
    /// what the stage says.
    fn stood<'s>(&self, machine: &'s Machine, stages: &'s [Word]) -> Held<'s> {
        let own = |state: &'s State| match self.word(state) {
            KEPT => BTreeSet::new(),
            word => BTreeSet::from([word]),
        };
        let mut held: Held<'s> = machine.states.iter().map(|state| (&*state.id, own(state))).collect();
        if let Some(first) = machine.states.first().filter(|first| [NONE, KEPT].contains(&self.word(first))) {
            let called = stages.iter().filter(|stage| stage.order.is_some()).filter_map(|stage| {
                Some(&**stage.called.get(&self.system.id)?).filter(|word| ![NONE, KEPT].contains(word))
            });
            held.entry(&first.id).or_default().extend(called);
        }
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

/// The words that may stand in a system, by state or outcome.
type Held<'s> = BTreeMap<&'s str, BTreeSet<&'s str>>;

/// What an outcome may follow, each with a word that may stand there: what it names, or any state of rest but the first.
fn before<'s>(
    machine: &'s Machine,
    outcome: &'s Outcome,
    stood: &Held<'s>,
    told: &Held<'s>,
) -> Vec<(&'s str, &'s str)> {
    let states = machine.states.iter().enumerate().filter(|(at, state)| match outcome.after.is_empty() {
        true => *at > 0 && state.who.is_none(),
        false => outcome.after.iter().any(|it| **it == *format!("{}.{}", machine.id, state.id)),
    });
    let of = |held: &Held<'s>, name: &'s str| -> Vec<(&'s str, &'s str)> {
        held.get(name).into_iter().flatten().map(|word| (name, *word)).collect()
    };
    let states = states.flat_map(|(_, state)| of(stood, &state.id));
    states.chain(outcome.after.iter().flat_map(|name| of(told, name))).collect()
}

fn by_people(by: &[Arc<str>]) -> bool {
    by.iter().all(|by| ["partner", "region"].contains(&&**by))
}

/// Each way from one state to another. Who wants to be let go is taken out of these systems, or closed there by a person.
fn steps(machine: &Machine) -> impl Iterator<Item = (&State, &str, &State)> {
    machine.states.iter().flat_map(|from| {
        let to = |id: &str| machine.states.iter().find(|state| *state.id == *id);
        let ways = from.to.iter().filter(|(event, _)| !lets_go(event));
        ways.filter_map(move |(event, id)| Some((from, &**event, to(id)?)))
    })
}

fn lets_go(event: &str) -> bool {
    event.strip_suffix(".asked").is_some_and(|right| STOPPING.contains(&right))
}
