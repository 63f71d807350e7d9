//! What other systems want: email platforms, fund programs, what takes forms, what counts visits and what keeps
//! statuses, as data.
//!
//! Each fact says how sure we are of it. Whoever sets a system up should believe the system first and us second, so the
//! playbook prints the mark beside it. What people do there is the master's to say (`platforms.yaml`).
//!
//! - [`analytics`]: what counts what happens on pages
//! - [`capture`]: what forms are sent to
//! - [`cosell`]: systems in which a platform's sellers sell along
//! - [`email`]: tokens of email platforms
//! - [`fields`]: systems in which fields are made
//! - [`fund`]: programs that pay for marketing
//! - [`status`]: what CRMs and partner portals call where a lead stands

pub mod analytics;
pub mod capture;
pub mod cosell;
pub mod email;
pub mod fields;
pub mod fund;
pub mod status;

/// How sure we are of a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Certainty {
    /// Read in the owner's own documentation.
    Verified,
    /// Reported by several people who work with it.
    SecondHand,
    /// Common knowledge that nobody checked.
    Unverified,
}

impl Certainty {
    pub fn id(self) -> &'static str {
        match self {
            Self::Verified => "verified",
            Self::SecondHand => "second-hand",
            Self::Unverified => "unverified",
        }
    }
}
