//! J3: what a record needs is known on every way to it.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::super::explore::{Walks, Ways};
use super::super::vectors::Vector;
use super::super::{Around, Lowered};
use super::{Faults, state_path};

pub fn check(lowered: &Lowered<'_>, around: &Around, walks: &mut Walks<'_>, faults: &mut Faults) {
    let journey = lowered.journey;
    for (machine, &id) in journey.machines.iter().zip(&lowered.machines) {
        if machine.states.iter().all(|state| state.record.is_none()) {
            continue;
        }
        let slice = std::iter::once(id).chain(lowered.asked.iter().copied());
        let Some(walk) = walks.through(slice, Ways::GATES_ASIDE) else { continue };
        for (at, state) in (0..).zip(&machine.states) {
            let record = journey.records.iter().find(|record| state.record.as_ref() == Some(&record.id));
            let Some(record) = record else { continue };
            let unknown = |vector: &Vector| -> Option<&Arc<str>> {
                let asked = |index: usize| walk.of(vector, lowered.asked[index]) == Some(1);
                let made = || journey.requests.iter().enumerate().filter(|&(at, _)| asked(at)).map(|(_, it)| it);
                let known: BTreeSet<&Arc<str>> = made().flat_map(|it| &it.form).chain(&around.known).collect();
                let further = made().filter_map(|request| record.when.get(&request.id)).flatten();
                record.needs.iter().chain(further).find(|field| !known.contains(field))
            };
            let first = walk
                .states()
                .filter(|(_, vector)| walk.of(vector, id) == Some(at))
                .find_map(|(found, vector)| Some((found, unknown(vector)?)));
            if let Some((found, field)) = first {
                let message = format!(
                    "the record `{}` needs `{field}`, which is not known on every way to `{}`",
                    record.id, state.id
                );
                let help = "ask for it in the form of each request that leads here, or move it to `may`";
                let path = format!("{}.record", state_path(&machine.id, &state.id));
                faults.seen("E-J3", path, message, walk.trail(found), help);
            }
        }
    }
}
