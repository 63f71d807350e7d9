//! J3: what a record needs is known on every way to it; what goes over on a permission alone, wherever that is given.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::package::journey::{NAMES, Record};

use super::super::explore::{Walk, Walks, Ways};
use super::super::lower::GIVEN;
use super::super::network::{MachineId, StateId};
use super::super::vectors::Vector;
use super::super::{Around, Lowered};
use super::{Faults, state_path};

pub fn check(lowered: &Lowered<'_>, around: &Around, walks: &mut Walks<'_>, faults: &mut Faults) {
    let journey = lowered.journey;
    for (machine, &id) in journey.machines.iter().zip(&lowered.machines) {
        for (at, state) in (0..).zip(&machine.states) {
            let Some(record) = journey.records.iter().find(|it| state.record.as_ref() == Some(&it.id)) else {
                continue;
            };
            let Some(walk) = from(lowered, id, walks) else { continue };
            let needing = Needing { lowered, around, record };
            if let Some((found, field, forms)) = needing.unknown(&walk, id, at) {
                let message = format!(
                    "the record `{}` needs `{field}`, which is not known on every way to `{}`",
                    record.id, state.id
                );
                let help = "ask for it in the form of each request that leads here, or move it to `may`";
                let path = format!("{}.record", state_path(&machine.id, &state.id));
                faults.seen("E-J3", path, message, walk.trail(found), help);
                faults.rests_on(forms);
            }
        }
    }
    for record in &journey.records {
        let Some(under) = &record.under else { continue };
        let Some(at) = journey.purposes.iter().position(|purpose| purpose.id == *under) else { continue };
        let (id, needing) = (lowered.consents[at], Needing { lowered, around, record });
        let Some((walk, given)) = from(lowered, id, walks).zip(lowered.consent_state(GIVEN)) else { continue };
        if let Some((found, field, forms)) = needing.unknown(&walk, id, given) {
            let message = format!(
                "the record `{}` needs `{field}`, which is not known of everyone who permits `{under}`",
                record.id
            );
            let help = format!("ask for it in the form of each request that asks for `{under}`, or move it to `may`");
            faults.seen("E-J3", format!("journey.records[{}].needs", record.id), message, walk.trail(found), &help);
            faults.rests_on(forms);
        }
    }
}

/// Every way to the states of a machine, with what was asked for on it.
fn from<'n>(lowered: &Lowered<'_>, id: MachineId, walks: &mut Walks<'n>) -> Option<std::rc::Rc<Walk<'n>>> {
    walks.through(std::iter::once(id).chain(lowered.asked.iter().copied()), Ways::GATES_ASIDE)
}

struct Needing<'r> {
    lowered: &'r Lowered<'r>,
    around: &'r Around,
    record: &'r Record,
}

impl Needing<'_> {
    /// The first place in which the machine stands in a state and a field is not known, with that field.
    fn unknown(&self, walk: &Walk<'_>, id: MachineId, state: StateId) -> Option<(usize, &Arc<str>, Vec<String>)> {
        let mut here = walk.states().filter(|(_, vector)| walk.of(vector, id) == Some(state));
        here.find_map(|(found, vector)| Some((found, self.lacking(walk, vector)?, self.forms(walk, vector))))
    }

    /// Where it could have been asked for: the forms that were sent until then.
    fn forms(&self, walk: &Walk<'_>, vector: &Vector) -> Vec<String> {
        let requests = self.lowered.journey.requests.iter().zip(&self.lowered.asked);
        let made = requests.filter(|(_, id)| walk.of(vector, **id) == Some(1));
        made.map(|(request, _)| format!("journey.requests[{}].form", request.id)).collect()
    }

    fn lacking(&self, walk: &Walk<'_>, vector: &Vector) -> Option<&Arc<str>> {
        let requests = self.lowered.journey.requests.iter().zip(&self.lowered.asked);
        let made = || requests.clone().filter(|(_, id)| walk.of(vector, **id) == Some(1)).map(|(request, _)| request);
        let known: BTreeSet<&Arc<str>> = made().flat_map(|it| &it.form).chain(&self.around.known).collect();
        let further = made().filter_map(|request| self.record.when.get(&request.id)).flatten();
        let is_known = |field: &Arc<str>| known.contains(field) || NAMES.contains(&&**field);
        self.record.needs.iter().chain(further).find(|field| !is_known(field))
    }
}
