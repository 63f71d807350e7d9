//! What people tell of a lead where its path hangs on it (J9): their CRM alone knows it, and other systems hear of it only
//! by a field.

use super::super::super::Input;
use super::super::handoff::{DECISION, Handed, happened};
use super::list::of_handoff;
use crate::data::Data;
use crate::package::journey::{Happening, Machine};

/// Of a machine, the happenings that people tell by a field of its own; what the partner decides has one already.
#[derive(Clone, Debug)]
pub struct Told<'i> {
    machine: &'i Machine,
    pub happenings: Vec<&'i Happening>,
    decisions: Vec<&'i Happening>,
}

impl<'i> Told<'i> {
    /// Of each machine, as the deployment's journey has it.
    pub fn of(input: &Input<'i>) -> Vec<Self> {
        let journey = &input.package.journey;
        let handed = Handed::of(input);
        let decided: Vec<&Happening> =
            handed.iter().flat_map(|handed| handed.decisions(journey)).map(|(it, _)| it).collect();
        let told = |machine: &'i Machine| {
            let is_heard = |it: &&Happening| machine.hears(&it.id);
            let all = journey.happens.iter().filter(is_heard).filter(|it| it.is_of_people());
            let (decisions, happenings) = all.partition(|it| decided.iter().any(|decision| decision.id == it.id));
            Self { machine, happenings, decisions }
        };
        journey.machines.iter().map(told).collect()
    }

    pub fn machine(&self) -> &'i str {
        &self.machine.id
    }

    /// What happened last.
    pub fn field(&self) -> String {
        happened(self.machine())
    }

    /// By which field each is told, by its id.
    pub fn data(&self) -> Data {
        let own = self.happenings.iter().map(|it| (&*it.id, Data::from(self.field())));
        let decided = self.decisions.iter().map(|it| (&*it.id, Data::from(of_handoff(DECISION))));
        Data::map(own.chain(decided))
    }
}
