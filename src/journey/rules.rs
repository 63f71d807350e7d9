//! What must hold of a journey: the rules of [`RULES`](crate::schema::journey::RULES); the code of a fault is `E-` and
//! the rule. Names come first: what is walked afterwards only names what is there.

mod answered;
mod asked;
mod buttons;
mod confirming;
mod consent;
mod duties;
mod gates;
mod life;
mod names;
mod records;
mod roles;
mod signs;
mod trail;
mod statuses;
mod transfers;

use std::sync::Arc;

use crate::schema::journey::nodes::{machine_path, state_path, states_path};

use super::explore::Walks;
use super::{Around, Fault, Lowered};

/// Everything that does not close.
pub fn check(lowered: &Lowered<'_>, around: &Around, walks: &mut Walks<'_>) -> Vec<Fault> {
    let mut faults = Faults::default();
    names::produced(lowered, around, &mut faults);
    // A name that leads nowhere would be found again by every other rule.
    if faults.0.is_empty() {
        names::used(lowered, around, &mut faults);
        names::told(lowered, &mut faults);
        buttons::check(lowered, around, &mut faults);
        gates::check(lowered, around, &mut faults);
        trail::check(lowered, around, &mut faults);
        life::check(lowered, around, walks, &mut faults);
        consent::check(lowered, around, walks, &mut faults);
        answered::check(lowered, walks, &mut faults);
        roles::check(lowered, around, &mut faults);
        if consent::lets_go(lowered) {
            records::check(lowered, around, walks, &mut faults);
        }
        confirming::check(lowered, around, &mut faults);
        duties::check(lowered, around, &mut faults);
        transfers::check(lowered, around, &mut faults);
        signs::check(lowered, around, walks, &mut faults);
        statuses::check(lowered, around, &mut faults);
    }
    faults.0
}

#[derive(Default)]
struct Faults(Vec<Fault>);

impl Faults {
    fn say(&mut self, code: &'static str, path: impl Into<String>, message: String, help: &str) {
        self.seen(code, path, message, Vec::new(), help);
    }

    /// Names the places on which the last one rests.
    fn rests_on(&mut self, paths: impl Into<Vec<String>>) {
        if let Some(fault) = self.0.last_mut() {
            fault.rests_on = paths.into();
        }
    }

    fn seen(&mut self, code: &'static str, path: impl Into<String>, message: String, trail: Vec<Arc<str>>, help: &str) {
        self.0.push(Fault { code, path: path.into(), message, rests_on: Vec::new(), trail, help: help.into() });
    }
}
