//! What a component's documents tell besides their own content and the words of their templates: it decides in which languages
//! they can be made.

use Shown::{Items, Whole};

/// A place in what the master says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// A value, with all below it.
    Whole(&'static str),
    /// Of each item of a list these keys.
    Items(&'static str, &'static [&'static str]),
    /// What stands for the partner's own system of a kind: `email`, `crm`; of `analytics` what counts its visits.
    System(&'static str),
}

/// What pages about the lead's path tell of it.
pub const PATH: [Shown; 4] =
    [Whole("journey.requests"), Whole("journey.purposes"), Whole("journey.machines"), Whole("journey.records")];

/// What partners answer to a lead that was handed over.
pub const FEEDBACK: [Shown; 2] =
    [Items("qualification.owners", &["title"]), Items("qualification.feedback", &["title", "meaning", "next"])];
