//! What other systems want: email platforms, CRMs and fund programs, as data.
//!
//! Each fact says how sure we are of it. Whoever sets a system up should believe the system first
//! and us second, so the playbook prints the mark beside the step.
//!
//! - [`capture`]: what forms are sent to
//! - [`email`]: email platforms
//! - [`crm`]: customer relationship management
//! - [`fund`]: programs that pay for marketing

pub mod capture;
pub mod crm;
pub mod email;
pub mod fund;

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

/// Something to do, or to watch out for.
#[derive(Clone, Copy, Debug)]
pub struct Note {
    pub text: &'static str,
    pub certainty: Certainty,
}

const fn verified(text: &'static str) -> Note {
    Note { text, certainty: Certainty::Verified }
}

const fn second_hand(text: &'static str) -> Note {
    Note { text, certainty: Certainty::SecondHand }
}

const fn unverified(text: &'static str) -> Note {
    Note { text, certainty: Certainty::Unverified }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_profile_says_what_to_do() {
        for platform in email::PLATFORMS {
            assert!(!platform.steps.is_empty() && !platform.checks.is_empty(), "{}", platform.id);
            assert!(email::platform(platform.id).name == platform.name);
        }
        for system in crm::SYSTEMS {
            assert!(!system.steps.is_empty() && !system.checks.is_empty(), "{}", system.id);
            assert!(crm::system(system.id).name == system.name);
        }
    }

    #[test]
    fn what_has_no_profile_gets_general_advice() {
        assert_eq!((email::platform("pigeon").id, crm::system("notebook").id), ("other", "other"));
    }

    #[test]
    fn notes_are_sentences_without_tokens() {
        let emails = email::PLATFORMS.iter().flat_map(|platform| platform.steps.iter().chain(platform.checks));
        let crms = crm::SYSTEMS.iter().flat_map(|system| system.steps.iter().chain(system.checks));
        for note in emails.chain(crms) {
            assert!(note.text.ends_with('.') && !note.text.contains("{{"), "{}", note.text);
        }
    }
}
