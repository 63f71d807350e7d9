//! CRMs: how campaigns and member statuses get in, and what goes wrong.

use super::{Note, second_hand, unverified, verified};

/// A CRM.
#[derive(Clone, Copy, Debug)]
pub struct System {
    pub id: &'static str,
    pub name: &'static str,
    pub steps: &'static [Note],
    pub checks: &'static [Note],
}

/// The system of that id; general advice for one that has no profile.
pub fn system(id: &str) -> &'static System {
    SYSTEMS.iter().find(|system| system.id == id).unwrap_or(&OTHER)
}

/// All of them; the last is for partners without one.
pub static SYSTEMS: &[System] = &[
    System {
        id: "salesforce",
        name: "Salesforce",
        steps: &[
            unverified(
                "Add the text field Campaign_Key__c to Campaign as a unique external id: names are not unique, so parents are found by it.",
            ),
            unverified(
                "Load salesforce-campaigns.csv as an upsert on that field, in serial mode and from the top level down; the file is in that order.",
            ),
            verified(
                "Load salesforce-member-statuses.csv next. A campaign needs one default status and at least one that counts as responded.",
            ),
            unverified(
                "Send the form's utm_id along with each lead, so that it joins the campaign of this deployment.",
            ),
        ],
        checks: &[
            verified("A campaign tree has at most five levels, and campaigns below one parent share one currency."),
            verified("Whether a member has responded follows from the status; it cannot be set by itself."),
            second_hand(
                "When importing members, call the column Campaign Member Status: a column called Status is taken for the lead's own.",
            ),
            verified("A campaign's name holds 80 characters, and reports show 255 of its description."),
            verified("Web-to-lead takes 500 leads a day; further ones wait in a queue."),
        ],
    },
    System {
        id: "hubspot",
        name: "HubSpot CRM",
        steps: &[
            unverified(
                "Create one campaign with the name in the last row of campaigns.csv, and assign the form and the emails to it.",
            ),
            second_hand("Make contact properties for the form's hidden fields, with the same internal names."),
            unverified(
                "Add the labels of member-statuses.csv as the values of one contact property; campaigns have no statuses here.",
            ),
        ],
        checks: &[
            verified("A field has to be on the form before a value can be submitted to it."),
            verified("The drill-downs of the original source are cleared when someone edits its main value."),
        ],
    },
    System {
        id: "dynamics",
        name: "Dynamics 365 Sales",
        steps: &[
            unverified("Import campaigns.csv into Campaigns and map the column key to the campaign code."),
            unverified("Add the labels of member-statuses.csv as choices of the campaign response."),
        ],
        checks: &[
            unverified("Choices are imported by their label: add them before the import."),
            unverified("Dates are read in the format of the person who imports; the files write year-month-day."),
        ],
    },
    System {
        id: "none",
        name: "No CRM",
        steps: &[
            unverified(
                "The vendor keeps the leads. Those that are ready for sales reach you by email, with the lead-context report.",
            ),
            unverified("Answer with the status of each lead; the feedback loop says which ones there are and by when."),
        ],
        checks: &[unverified(
            "Keep no lead lists in mailboxes or private spreadsheets, and delete a report once its lead is closed.",
        )],
    },
];

/// What holds for most.
static OTHER: System = System {
    id: "other",
    name: "Another CRM",
    steps: &[
        unverified(
            "Create the campaigns of campaigns.csv from the top level down; the column parent_key names the parent.",
        ),
        unverified("Add the labels of member-statuses.csv as the statuses of a campaign's members."),
        unverified("Store the form's utm_id with each lead, so that it can be counted for this deployment."),
    ],
    checks: &[unverified("Keep the source of a lead to the end: reports on closed deals need it.")],
};
