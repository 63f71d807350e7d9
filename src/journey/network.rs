//! A lead's state as a vector: machines that move together, event by event.

use std::sync::Arc;

use serde::Serialize;

/// A machine by its place in the network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct MachineId(pub usize);

/// A state by its place in the machine; 0 is where every lead begins.
pub type StateId = u8;

/// All machines of a journey, and all that can happen to a lead.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Network {
    pub machines: Vec<Machine>,
    pub events: Vec<Event>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Machine {
    /// `sales`, `consent of partner-news`.
    pub name: Arc<str>,
    pub states: Vec<Arc<str>>,
}

/// Something that happens to a lead. All machines hear of it at once; each moves or stays.
#[derive(Clone, Debug, Serialize)]
pub struct Event {
    /// As people read it in a trail: `report.asked, partner-news ticked`.
    pub name: Arc<str>,
    pub kind: EventKind,
    /// All of them hold where it can happen.
    pub needs: Vec<Need>,
    pub moves: Vec<Move>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum EventKind {
    /// A lead, a colleague or a platform did it.
    Done,
    /// It looks as if a lead had done it.
    Weak,
    /// An email goes out: by its place in [`super::Lowered::sends`].
    Sent(usize),
    /// Time ran out in a state that somebody owns.
    Late,
    /// Permission is taken back.
    Withdrawn,
}

/// A condition of an event: one of these machines is in that state.
#[derive(Clone, Debug, Serialize)]
pub struct Need {
    pub any: Vec<(MachineId, StateId)>,
    /// A gate right before a send asks for the present state; it can be left aside to see what holds without.
    pub is_gate: bool,
}

/// How a machine moves on an event; in a state that is not listed it stays.
#[derive(Clone, Debug, Serialize)]
pub struct Move {
    pub machine: MachineId,
    pub steps: Vec<(StateId, StateId)>,
}

impl Network {
    pub fn add(&mut self, name: impl Into<Arc<str>>, states: Vec<Arc<str>>) -> MachineId {
        self.machines.push(Machine { name: name.into(), states });
        MachineId(self.machines.len() - 1)
    }

    /// The event of an email that goes out, by its place.
    pub fn sending(&self, send: usize) -> Option<usize> {
        self.events.iter().position(|event| event.kind == EventKind::Sent(send))
    }

    pub fn state_name(&self, machine: MachineId, state: StateId) -> &str {
        self.machines.get(machine.0).and_then(|machine| machine.states.get(usize::from(state))).map_or("", |name| name)
    }
}
