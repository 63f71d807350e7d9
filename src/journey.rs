//! The lead's path as one model, and the proof that it closes.
//!
//! An author writes what cannot be derived: requests, purposes, sequences, a few machines
//! ([`crate::package::journey`]). That is lowered to a network of machines, in which a lead's state is a vector, and
//! walked. Each rule looks at as few machines as it needs: what the others would forbid is free to happen, so nothing
//! that could go wrong is missed.
//!
//! [`RULES`](crate::schema::journey::RULES) lists what holds then.
//!
//! - [`around`]: what the rest of the package has
//! - [`network`]: machines that move together
//! - [`lower`]: from what is written to a network
//! - [`duties`]: what whoever has the data of leads owes them
//! - [`gates`]: what a lead gets only for a request
//! - [`grounds`]: what lets a side have a lead, and what that covers
//! - [`vectors`]: states of machines, each once
//! - [`explore`]: everything that can become of a lead
//! - [`raci`]: who does what, is asked and is told
//! - `rules`: what must hold
//! - [`telling`]: the words that a path is told with
//! - [`load`]: what it asks of people in a week
//! - `open`: what is still to be given, and seen to
//! - `path`: what components see of a proved one
//! - `proofs`: what was proved before
//! - `size`: what is too large to be proved
//! - [`view`]: what was proved, as text, data and a picture

pub mod around;
pub mod duties;
pub mod explore;
pub mod gates;
pub mod grounds;
pub mod load;
pub mod lower;
pub mod network;
mod open;
mod path;
mod proofs;
pub mod raci;
mod rules;
mod size;
pub mod telling;
pub mod vectors;
pub mod view;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use serde::Serialize;

use crate::package::journey::{Journey, Send};

use explore::{Explored, MOST_STEPS, Walk, Ways};
use network::MachineId;

pub use around::{Around, Button, Score, Sender, Task, Tipped};
pub use load::Load;
pub use lower::Lowered;
pub use open::Open;
pub use path::{Ground, Path, Permission, Step, Told};
pub use proofs::Proofs;

/// How permission is given in a region.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Mode {
    /// A box, and a link in an email that confirms the address.
    DoubleOptIn,
    /// A box.
    OptIn,
    /// A box; customers of similar offers may be written to as well.
    Soft,
    /// Everybody who has not objected may be written to.
    OptOut,
}

impl Mode {
    /// As a region's `legal.consent_mode` names it; a region that does not say so asks its people.
    pub fn named(name: Option<&str>) -> Self {
        match name {
            Some("double_opt_in") => Self::DoubleOptIn,
            Some("soft") => Self::Soft,
            Some("opt_out") => Self::OptOut,
            _ => Self::OptIn,
        }
    }
}

/// Something that does not close.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub code: &'static str,
    /// The value that says it: `journey.machines[sales].states[offered]`.
    pub path: String,
    pub message: String,
    /// The paths of what it names, or lacks.
    pub rests_on: Vec<String>,
    /// The shortest way that shows it; none where no way is needed to see it.
    pub trail: Vec<Arc<str>>,
    pub help: String,
}

/// A journey that closes. Only [`prove`] makes one.
#[derive(Clone, Debug)]
pub struct Proved<'j> {
    lowered: Lowered<'j>,
    walked: Vec<Walked>,
}

/// What the proof walked through, and how many states it found there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Walked {
    pub machines: Vec<MachineId>,
    pub ways: Ways,
    pub states: usize,
}

impl<'j> Proved<'j> {
    pub fn lowered(&self) -> &Lowered<'j> {
        &self.lowered
    }

    pub fn walked(&self) -> &[Walked] {
        &self.walked
    }
}

/// Proves that a journey closes, or says everything that does not.
pub fn prove<'j>(
    journey: &'j Journey,
    sends: &'j [Send],
    mode: Mode,
    around: &Around,
    explored: &Explored,
) -> Result<Proved<'j>, Vec<Fault>> {
    prove_within(journey, sends, mode, around, explored, MOST_STEPS)
}

/// As [`prove`], with walks of at most so many steps.
fn prove_within<'j>(
    journey: &'j Journey,
    sends: &'j [Send],
    mode: Mode,
    around: &Around,
    explored: &Explored,
    most_steps: usize,
) -> Result<Proved<'j>, Vec<Fault>> {
    let faults = size::check(journey, sends);
    if !faults.is_empty() {
        return Err(faults);
    }
    let lowered = Lowered::new(journey, sends, mode, &around.scores);
    let mut walks = explored.through(&lowered.network, most_steps);
    let mut faults = rules::check(&lowered, around, &mut walks);
    faults.extend(size::endless(&lowered, &walks));
    let walked =
        |walk: &Walk<'_>| Walked { machines: walk.slice().to_vec(), ways: walk.ways(), states: walk.states().len() };
    let walked = walks.ended().map(walked).collect();
    match faults.is_empty() {
        true => Ok(Proved { lowered, walked }),
        false => Err(faults),
    }
}
