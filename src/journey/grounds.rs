//! What lets a side have a lead that it did not receive itself, and which fields that covers (J10).

use crate::package::journey::{Journey, NAMES, Request};

/// What whoever writes back tells of itself, and what permission to be written to needs.
pub const ADDRESS: &str = "email";
/// The field for a number, and the channel that takes one.
pub const PHONE: &str = "phone";

/// Why a side may have a lead.
#[derive(Clone, Copy)]
pub enum Ground<'j> {
    /// It asked to be called.
    Request(&'j str),
    /// It gave that side permission.
    Purpose(&'j str),
    /// It wrote to that side itself.
    Turned(&'j str),
}

impl Ground<'_> {
    /// Whether it covers a field. What no form asks for is covered by each but the lead's own letter; what only requests to
    /// be called ask for was given for a call, and so by a permission only if that is one for calls.
    pub fn covers(self, journey: &Journey, field: &str) -> bool {
        let is_told = asking(journey, field).next().is_some();
        match self {
            Self::Request(id) => !is_told || asking(journey, field).any(|request| *request.id == *id),
            Self::Purpose(id) => {
                let permits = || asking(journey, field).any(|request| request.asks.iter().any(|asked| **asked == *id));
                !is_told || (permits() && (!is_for_calls(journey, field) || allows_calls(journey, id)))
            }
            Self::Turned(_) => field == ADDRESS,
        }
    }
}

/// Whether only requests to be called ask for a field. Names and address are what whoever is permitted to write needs.
pub fn is_for_calls(journey: &Journey, field: &str) -> bool {
    let mut asking = asking(journey, field).peekable();
    let is_for_emails = field == ADDRESS || NAMES.contains(&field);
    !is_for_emails && asking.peek().is_some() && asking.all(|request| request.calls)
}

/// The requests whose forms ask for a field.
fn asking<'j>(journey: &'j Journey, field: &str) -> impl Iterator<Item = &'j Request> {
    journey.requests.iter().filter(move |request| request.form.iter().any(|asked| **asked == *field))
}

fn allows_calls(journey: &Journey, purpose: &str) -> bool {
    journey.purposes.iter().any(|it| *it.id == *purpose && it.allows(PHONE))
}
