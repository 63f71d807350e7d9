//! Systems in which a partner sells together with a platform's own sellers: what they take, and under which words.
//!
//! The schemas beside this file say what a payload may hold; each names the version that it is of.

use super::Certainty;
use super::status;

/// A system that takes a deal from a partner.
#[derive(Clone, Copy, Debug)]
pub struct System {
    /// A word of `partner.platforms.cosell`.
    pub id: &'static str,
    pub name: &'static str,
    /// Of its files: `aws-opportunity`.
    pub file: &'static str,
    pub schema: &'static str,
    /// Its words for states, in [`status::SYSTEMS`].
    pub statuses: &'static str,
    pub certainty: Certainty,
}

pub const AWS: &str = "aws";
pub const MICROSOFT: &str = "microsoft";

pub const SYSTEMS: &[System] = &[
    System {
        id: AWS,
        name: "AWS Partner Central",
        file: "aws-opportunity",
        schema: include_str!("cosell/aws-opportunity.schema.json"),
        statuses: status::AWS,
        certainty: Certainty::Verified,
    },
    System {
        id: MICROSOFT,
        name: "Microsoft Partner Center",
        file: "microsoft-referral",
        schema: include_str!("cosell/microsoft-referral.schema.json"),
        statuses: status::MICROSOFT,
        certainty: Certainty::Verified,
    },
];

pub fn system(id: &str) -> Option<&'static System> {
    SYSTEMS.iter().find(|system| system.id == id)
}

/// What AWS calls industries.
pub const AWS_INDUSTRIES: &[&str] = &[
    "Aerospace",
    "Agriculture",
    "Automotive",
    "Computers and Electronics",
    "Consumer Goods",
    "Education",
    "Energy - Oil and Gas",
    "Energy - Power and Utilities",
    "Financial Services",
    "Gaming",
    "Government",
    "Healthcare",
    "Hospitality",
    "Life Sciences",
    "Manufacturing",
    "Marketing and Advertising",
    "Media and Entertainment",
    "Mining",
    "Non-Profit Organization",
    "Professional Services",
    "Real Estate and Construction",
    "Retail",
    "Software and Internet",
    "Telecommunications",
    "Transportation and Logistics",
    "Travel",
    "Wholesale and Distribution",
    "Other",
];

/// What AWS calls the channel of a campaign that GA4 calls so; those of events and print have no channel of their own
/// there.
pub const AWS_CHANNELS: &[(&str, &str)] = &[
    ("Display", "Display"),
    ("Email", "Email"),
    ("Organic Search", "Search"),
    ("Organic Social", "Social"),
    ("Organic Video", "Video"),
    ("Paid Search", "Search"),
    ("Paid Social", "Social"),
    ("Paid Video", "Video"),
];

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::profiles::status::{AWS_REVIEWS, system as statuses};

    fn schema(id: &str) -> Value {
        serde_json::from_str(system(id).unwrap().schema).unwrap()
    }

    fn words(value: &Value) -> Vec<&str> {
        value.as_array().unwrap().iter().map(|word| word.as_str().unwrap()).collect()
    }

    /// A word that is listed twice is listed alike.
    #[test]
    fn lists_are_those_of_the_schemas() {
        let aws = schema(AWS);
        let at = |path: &str| words(aws.pointer(path).unwrap());
        let account = "/properties/Customer/properties/Account/properties";
        assert_eq!(at(&format!("{account}/Industry/enum")), AWS_INDUSTRIES);
        assert_eq!(at("/properties/LifeCycle/properties/ReviewStatus/enum"), AWS_REVIEWS);
        let stages: Vec<_> = statuses(status::AWS).unwrap().values.unwrap().iter().map(|value| value.id).collect();
        assert_eq!(at("/properties/LifeCycle/properties/Stage/enum"), stages);
        let channels = at("/properties/Marketing/properties/Channels/items/enum");
        assert_eq!(channels, crate::schema::tracking::AWS_CHANNELS);
        assert!(AWS_CHANNELS.iter().all(|(_, theirs)| channels.contains(theirs)));
        let microsoft = schema(MICROSOFT);
        let pairs = microsoft.get("allOf").unwrap().as_array().unwrap().iter().flat_map(|rule| {
            let status = rule.pointer("/if/properties/status/const").unwrap().as_str().unwrap();
            let after = words(rule.pointer("/then/properties/substatus/enum").unwrap());
            after.into_iter().map(move |substatus| format!("{status}/{substatus}"))
        });
        let known = statuses(status::MICROSOFT).unwrap().values.unwrap().iter().map(|value| value.id.to_owned());
        assert_eq!(pairs.collect::<Vec<_>>(), known.collect::<Vec<_>>());
    }
}
