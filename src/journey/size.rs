//! What is too large to be proved is refused, and never passed as proved.

use crate::package::journey::{Journey, Send};

use super::explore::Walks;
use super::{Fault, Lowered};

/// Each box of a form doubles what can happen when it is sent.
const MOST_BOXES: usize = 6;
/// States of a machine, and emails of a sequence.
const MOST_STATES: usize = 200;

/// What cannot even be lowered.
pub fn check(journey: &Journey, sends: &[Send]) -> Vec<Fault> {
    let boxes = journey.requests.iter().filter(|request| request.asks.len() > MOST_BOXES).map(|request| {
        let message = format!(
            "the form of `{}` asks for {} permissions: every choice of more than {MOST_BOXES} is too much to be proved",
            request.id,
            request.asks.len()
        );
        fault(format!("journey.requests[{}].asks", request.id), message, "ask for fewer at once")
    });
    let machines = journey.machines.iter().map(|it| (&it.id, "machines", "states", it.states.len()));
    let emails = |id| sends.iter().filter(|send| send.sequence.as_ref() == Some(id)).count();
    let sequences = journey.sequences.iter().map(|it| (&it.id, "sequences", "emails", emails(&it.id)));
    let long = machines.chain(sequences).filter(|&(.., count)| count > MOST_STATES).map(|(id, key, what, count)| {
        let message = format!("`{id}` has {count} {what}: more than {MOST_STATES} are too much to be proved");
        fault(format!("journey.{key}[{id}]"), message, "make several of it")
    });
    boxes.chain(long).collect()
}

/// What was too much to be walked, once for each machine or sequence.
pub fn endless(lowered: &Lowered<'_>, walks: &Walks<'_>) -> Vec<Fault> {
    let journey = lowered.journey;
    let machines = journey.machines.iter().map(|it| ("machines", &it.id)).zip(&lowered.machines);
    let sequences = journey.sequences.iter().map(|it| ("sequences", &it.id)).zip(&lowered.sequences);
    let is_endless = |machine| walks.endless().any(|slice| slice.contains(machine));
    let found = machines.chain(sequences).filter(|(_, machine)| is_endless(machine));
    let said = found.map(|((key, id), _)| {
        let message = format!(
            "what can become of `{id}` with {} requests and {} permissions is too much to be proved: more than {} steps",
            journey.requests.len(),
            journey.purposes.len(),
            walks.most_steps()
        );
        let help = "make one of requests, permissions or states that a lead meets alike, or part the machine into two";
        fault(format!("journey.{key}[{id}]"), message, help)
    });
    said.collect()
}

fn fault(path: String, message: String, help: &str) -> Fault {
    Fault { code: "E-UNPROVED", path, message, rests_on: Vec::new(), trail: Vec::new(), help: help.into() }
}
