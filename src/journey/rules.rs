//! What must hold of a journey. Names come first: what is walked afterwards only names what is there.

mod buttons;
mod consent;
mod gates;
mod life;
mod names;
mod records;
mod signs;

use std::sync::Arc;

use super::explore::Walks;
use super::{Around, Fault, Lowered};

/// Each rule, and what holds where it does. The code of a fault is `E-` and the rule.
pub const RULES: [(&str, &str); 11] = [
    ("J1", "whatever is used has something that produces it"),
    ("J2", "whatever is written has a use, or a reason and an owner"),
    ("J3", "what a record needs is known on every way to it"),
    ("J4", "every state, and every email, can be reached"),
    ("J5", "with clocks alone, everything comes to rest, and no promise ends in silence"),
    ("J6", "every event is answered in every state, and a fallback is somebody else"),
    ("J7", "no marketing email and no call without the permission that the region demands"),
    ("J8", "permission can be taken back wherever something is sent under it"),
    ("J11", "label, page, answer, page after it and status belong to one request"),
    ("J13", "weak signs alone lead to no call"),
    ("J14", "what stands behind a form is reached through it"),
];

/// Everything that does not close.
pub fn check(lowered: &Lowered<'_>, around: &Around, walks: &mut Walks<'_>) -> Vec<Fault> {
    let mut faults = Faults::default();
    names::produced(lowered, around, &mut faults);
    // A name that leads nowhere would be found again by every other rule.
    if faults.0.is_empty() {
        names::used(lowered, &mut faults);
        buttons::check(lowered, &mut faults);
        gates::check(lowered, around, &mut faults);
        life::check(lowered, around, walks, &mut faults);
        consent::check(lowered, walks, &mut faults);
        records::check(lowered, around, walks, &mut faults);
        signs::check(lowered, walks, &mut faults);
    }
    faults.0
}

#[derive(Default)]
struct Faults(Vec<Fault>);

impl Faults {
    fn say(&mut self, code: &'static str, path: impl Into<String>, message: String, help: &str) {
        self.seen(code, path, message, Vec::new(), help);
    }

    fn seen(&mut self, code: &'static str, path: impl Into<String>, message: String, trail: Vec<Arc<str>>, help: &str) {
        self.0.push(Fault { code, path: path.into(), message, trail, help: help.into() });
    }
}

/// Where a state of a machine is written.
fn state_path(machine: &str, state: &str) -> String {
    format!("journey.machines[{machine}].states[{state}]")
}
