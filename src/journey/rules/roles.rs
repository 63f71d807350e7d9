//! J17: each task has one owner. Who owes something in a state is said there; other tasks are `roles` of the package.

use crate::package::journey::State;
use crate::schema::package::{FUNCTIONS, LEADS};

use super::super::{Around, Lowered, Task};
use super::{Faults, state_path};

const HELP: &str = "leave it to one of them, and take the other out or give it another task";

pub fn check(lowered: &Lowered<'_>, around: &Around, faults: &mut Faults) {
    twice(around, faults);
    beside_a_state(lowered, around, faults);
    between_states(lowered, around, faults);
    nobody(lowered, around, faults);
}

/// Whether two texts name one task.
fn is_same(one: &str, other: &str) -> bool {
    one.trim().to_lowercase() == other.trim().to_lowercase()
}

fn twice(around: &Around, faults: &mut Faults) {
    for (at, task) in around.tasks.iter().enumerate() {
        let before =
            around.tasks[..at].iter().find(|other| is_same(&other.task, &task.task) && other.role != task.role);
        if let Some(Task { id, role, .. }) = before {
            let message =
                format!("\"{}\" has two owners: `{role}` (`roles[{id}]`) and `{}`", task.task.trim(), task.role);
            faults.say("E-J17", format!("roles[{}].owner", task.id), message, HELP);
        }
    }
}

fn states<'l>(lowered: &'l Lowered<'_>) -> impl Iterator<Item = (String, &'l State)> {
    let machines = lowered.journey.machines.iter();
    machines.flat_map(|machine| machine.states.iter().map(|state| (state_path(&machine.id, &state.id), state)))
}

fn beside_a_state(lowered: &Lowered<'_>, around: &Around, faults: &mut Faults) {
    for task in &around.tasks {
        let other = states(lowered).find_map(|(path, state)| {
            let title = state.title.as_ref().filter(|title| is_same(title, &task.task))?;
            let role = around.roles.get(state.who.as_ref()?).filter(|role| **role != task.role)?;
            Some((path, title, role))
        });
        if let Some((path, title, role)) = other {
            let message = format!("\"{title}\" has two owners: `{role}` (`{path}`) and `{}`", task.role);
            faults.say("E-J17", format!("roles[{}].owner", task.id), message, HELP);
        }
    }
}

/// States that ask for one thing of people in different roles.
fn between_states(lowered: &Lowered<'_>, around: &Around, faults: &mut Faults) {
    let role = |state: &State| around.roles.get(state.who.as_ref()?);
    let owed: Vec<_> = states(lowered).filter_map(|(path, state)| Some((path, state, role(state)?))).collect();
    for (at, (path, state, role)) in owed.iter().enumerate() {
        let Some(title) = &state.title else { continue };
        let is_twice = |other: &State| other.title.as_ref().is_some_and(|other| is_same(other, title));
        let before = owed[..at].iter().find(|(_, other, owner)| owner != role && is_twice(other));
        if let Some((other, _, owner)) = before {
            let message = format!("\"{title}\" has two owners: `{owner}` (`{other}`) and `{role}`");
            let help = "leave it to one of them, or say by the titles what each of them does";
            faults.say("E-J17", format!("{path}.who"), message, help);
            faults.rests_on(vec![format!("{other}.who")]);
        }
    }
}

/// A function in which nobody owns anything; who owes something in a state owns a task of leads.
fn nobody(lowered: &Lowered<'_>, around: &Around, faults: &mut Faults) {
    if around.tasks.is_empty() {
        return;
    }
    let has_states = states(lowered).any(|(_, state)| state.who.is_some());
    for function in FUNCTIONS {
        let is_task = around.tasks.iter().any(|task| &*task.function == *function);
        let is_owned = is_task || (has_states && *function == LEADS);
        if !is_owned {
            let message = format!("nobody owns anything of the function `{function}`");
            faults.say("E-J17", "roles", message, "add a task of it, with its one owner");
        }
    }
}
