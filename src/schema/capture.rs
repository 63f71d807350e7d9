//! `vendor.capture` and `partner.capture`: where the forms of whoever keeps the leads are sent.

use super::{Field, Kind, Measure, Shape, choice, int, kind, map, open};

/// What forms can be sent to, by the ids of `profiles::capture`.
pub const TARGETS: &[&str] = &[
    "webhook",
    "hubspot",
    "salesforce",
    "account-engagement",
    "marketo",
    "dynamics",
    "brevo",
    "activecampaign",
    "mailchimp",
    "eloqua",
    "mautic",
    "mail",
];

/// Of whoever makes fields in a system of its own.
pub fn publisher() -> Field {
    let prefix = kind(
        "prefix",
        Kind::Code,
        "what names of new columns begin with in Dynamics: the prefix of the solution's publisher",
    );
    let options = int("options", Measure::Choices, "its choice value prefix: where the values of new choices begin");
    map("publisher", [prefix, options], "how new fields are named in its systems, where these want that")
}

pub fn schema() -> Field {
    let codes = |name, doc| open(name, Shape::Kind(Kind::Code), doc);
    map(
        "capture",
        [
            choice("target", TARGETS, "what its forms are sent to"),
            kind("address", Kind::Endpoint, "the address of a `webhook`, or the top of a `mautic`"),
            kind(
                "mail",
                Kind::Email,
                "the mailbox for requests where no form can be offered; that of the contact unless given",
            ),
            codes(
                "account",
                "ids of the account, by name: `portal`, `org`, `account`, `datacenter`, `user`, `audience`, `site`",
            ),
            codes("forms", "the platform's id of each request's form, by request"),
            open("addresses", Shape::Kind(Kind::Endpoint), "the address of each request's form or page, by request"),
            codes("fields", "the platform's names of fields, by ours"),
        ],
        "where its forms are sent, if it keeps the leads (`journey.leads`)",
    )
}
