//! What stands of a lead are called in CRMs and partner portals: their closed lists, and how one may follow another.
//!
//! A system whose words each organization makes for itself has no list here: the master names them (`journey.systems`).

use super::Certainty;

/// A system that keeps a status of a lead, of a contact, or of what became of it.
#[derive(Clone, Copy, Debug)]
pub struct System {
    pub id: &'static str,
    pub name: &'static str,
    /// `None` where each organization has its own.
    pub values: Option<&'static [Value]>,
    pub back: Back,
    /// Whether a conversation that starts anew gets a status of its own, beside that of the one before.
    pub anew: bool,
    pub certainty: Certainty,
}

/// A word of a closed list. Of two words the one with the higher rank is further on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Value {
    pub id: &'static str,
    pub rank: u8,
}

/// Whether a status may be set back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Back {
    Never,
    /// Only by a person: what is automatic leads forward.
    ByPerson,
    Free,
}

impl Back {
    pub fn id(self) -> &'static str {
        match self {
            Self::Never => "never",
            Self::ByPerson => "by-person",
            Self::Free => "free",
        }
    }
}

/// That there is nothing yet.
pub const NONE: &str = "none";
/// That what stands there stays.
pub const KEPT: &str = "kept";

/// The statuses of a campaign's members, which are those of `tracking.member_statuses`.
pub const MEMBER: &str = "salesforce-member";
/// What members of a campaign may be in Salesforce as soon as there is one, from its first place on (second-hand).
pub const OF_NEW_CAMPAIGNS: [&str; 2] = ["Sent", "Responded"];
pub const MICROSOFT: &str = "microsoft-referral";
pub const AWS: &str = "aws-opportunity";

pub const SYSTEMS: &[System] = &[
    System {
        id: "salesforce-lead",
        name: "Salesforce, status of the lead",
        values: None,
        back: Back::Free,
        anew: true,
        certainty: Certainty::Verified,
    },
    System {
        id: MEMBER,
        name: "Salesforce, status of the campaign's member",
        values: None,
        back: Back::Never,
        anew: false,
        certainty: Certainty::Verified,
    },
    System {
        id: "hubspot-lifecycle",
        name: "HubSpot, lifecycle stage",
        values: Some(&[
            value("subscriber", 1),
            value("lead", 2),
            value("marketingqualifiedlead", 3),
            value("salesqualifiedlead", 4),
            value("opportunity", 5),
            value("customer", 6),
            value("evangelist", 7),
            value("other", 8),
        ]),
        back: Back::ByPerson,
        anew: false,
        certainty: Certainty::SecondHand,
    },
    System {
        id: "hubspot-lead",
        name: "HubSpot, status of the lead",
        values: Some(&[
            value("NEW", 0),
            value("OPEN", 0),
            value("IN_PROGRESS", 0),
            value("OPEN_DEAL", 0),
            value("UNQUALIFIED", 0),
            value("ATTEMPTED_TO_CONTACT", 0),
            value("CONNECTED", 0),
            value("BAD_TIMING", 0),
        ]),
        back: Back::Free,
        anew: false,
        certainty: Certainty::SecondHand,
    },
    System {
        id: MICROSOFT,
        name: "Microsoft Partner Center, status and substatus of the referral",
        // From new to all, from active to active and closed, from closed to nothing else.
        values: Some(&[
            value("New/Pending", 1),
            value("New/Received", 1),
            value("Active/Accepted", 2),
            value("Closed/Won", 3),
            value("Closed/Lost", 3),
            value("Closed/Declined", 3),
            value("Closed/Expired", 3),
        ]),
        back: Back::Never,
        anew: true,
        certainty: Certainty::Verified,
    },
    System {
        id: AWS,
        name: "AWS Partner Central, stage of the opportunity",
        values: Some(&[
            value("Prospect", 1),
            value("Qualified", 2),
            value("Technical Validation", 3),
            value("Business Validation", 4),
            value("Committed", 5),
            value("Launched", 6),
            value("Closed Lost", 7),
        ]),
        // Nobody was found to say which stage may follow which; one that falls would be counted twice.
        back: Back::Never,
        anew: true,
        certainty: Certainty::Verified,
    },
];

const fn value(id: &'static str, rank: u8) -> Value {
    Value { id, rank }
}

/// The system of that id.
pub fn system(id: &str) -> Option<&'static System> {
    SYSTEMS.iter().find(|system| system.id == id)
}

/// The reviews that AWS makes of an opportunity: AWS sets them, and the partner submits.
pub const AWS_REVIEWS: &[&str] =
    &["Pending Submission", "Submitted", "In review", "Approved", "Rejected", "Action Required"];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn ids_and_values_are_told_apart() {
        let ids: BTreeSet<_> = SYSTEMS.iter().map(|system| system.id).collect();
        assert_eq!(ids.len(), SYSTEMS.len());
        for values in SYSTEMS.iter().filter_map(|system| system.values) {
            let all: BTreeSet<_> = values.iter().map(|value| value.id).collect();
            assert_eq!(all.len(), values.len());
        }
    }
}
