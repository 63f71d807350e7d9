//! The lead's path as it is written: requests, purposes, sequences, machines and records.

mod evidence;
mod words;

use std::sync::Arc;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

pub use evidence::{CONSENT_AT, Evidence, GIVEN_AT, WITHDRAWN_AT};
pub use words::{StatusWords, Words};

/// `journey.*` of a deployment.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(default)]
pub struct Journey {
    pub purposes: Vec<Purpose>,
    pub requests: Vec<Request>,
    pub sequences: Vec<Sequence>,
    /// What somebody does here that the partner's platform does not.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub substitutes: Vec<Substitute>,
    /// Events that no form, email or state of the package causes.
    pub happens: Vec<Happening>,
    pub machines: Vec<Machine>,
    pub records: Vec<Record>,
    /// Whoever may have the data of a lead.
    pub holders: Vec<Holder>,
    /// What a lead may ask of each of them.
    pub rights: Vec<Right>,
    /// What becomes of a permission that nobody confirms.
    pub pending: Option<Pending>,
    /// The asset that pages load to carry the campaign of a visit to the form.
    pub trail: Option<Arc<str>>,
    /// Where stages, states and statuses have other names.
    pub systems: Vec<System>,
    /// How much one mailbox should carry. Like all minutes it is no matter of the proof.
    #[serde(skip_serializing)]
    pub load: Option<Bound>,
}

/// `journey.load`: minutes a week.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
pub struct Bound {
    /// What one mailbox should carry for a package at most.
    #[serde(default)]
    pub at_most: Option<u32>,
    /// The same for all packages of a partner together.
    #[serde(default)]
    pub together: Option<u32>,
    /// What a task takes that says nothing itself.
    #[serde(default)]
    pub minutes: Option<u32>,
}

/// The rights by which a lead takes every permission back, and is contacted no more.
pub const STOPPING: [&str; 2] = ["erasure", "objection"];

/// The fields that every form asks for, besides its own.
pub const NAMES: [&str; 2] = ["first_name", "last_name"];

impl Journey {
    /// The events by which every machine stops.
    pub fn stopping(&self) -> impl Iterator<Item = Arc<str>> {
        let rights = self.rights.iter().filter(|right| STOPPING.contains(&&*right.id));
        rights.map(|right| format!("{}.asked", right.id).into())
    }

    /// Lets each machine hear that a lead stops it: from wherever it stands it goes to where it stops, unless a state says
    /// something else.
    pub fn stop(&mut self) {
        let events: Vec<Arc<str>> = self.stopping().collect();
        for machine in &mut self.machines {
            let Some(to) = machine.stopped().cloned() else { continue };
            for (at, state) in machine.states.iter_mut().enumerate() {
                for event in &events {
                    if state.to.contains_key(event) || state.same.contains(event) {
                        continue;
                    }
                    // Where a lead begins nobody has anything to stop.
                    match state.id == to || (at == 0 && state.who.is_none()) {
                        true => state.same.push(event.clone()),
                        false => drop(state.to.insert(event.clone(), to.clone())),
                    }
                }
            }
        }
    }
}

impl Machine {
    /// Whether something happens to it by this event, in some state.
    pub fn hears(&self, event: &str) -> bool {
        self.states.iter().any(|state| state.to.contains_key(event))
    }

    /// The state in which it stops.
    pub fn stopped(&self) -> Option<&Arc<str>> {
        self.stops.as_ref().or_else(|| self.states.first().map(|state| &state.id))
    }
}

/// `leads` of a deployment: who keeps them.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct Leads {
    pub keeps: Keeps,
    pub receiver: Receiver,
    /// The mailbox for questions on privacy.
    #[serde(default)]
    pub contact: Option<Arc<str>>,
    /// Who sends the series.
    #[serde(default)]
    pub sends: Option<Controller>,
    /// Whose system counts once a lead was handed over to the partner.
    #[serde(default)]
    pub counts: Option<Controller>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Keeps {
    Vendor,
    Partner,
    VendorUntilSalesReady,
}

impl Keeps {
    /// Who receives forms.
    pub fn receiver(self) -> Controller {
        match self {
            Self::Partner => Controller::Partner,
            Self::Vendor | Self::VendorUntilSalesReady => Controller::Vendor,
        }
    }
}

/// Whom forms are sent to.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct Receiver {
    pub name: Arc<str>,
    #[serde(default)]
    pub legal: Legal,
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
pub struct Legal {
    #[serde(default)]
    pub legal_name: Option<Arc<str>>,
}

/// What permission is asked for.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct Purpose {
    pub id: Arc<str>,
    #[serde(default)]
    pub title: Option<Arc<str>>,
    pub controller: Controller,
    /// How a lead that gives it may be contacted; by email unless given.
    #[serde(default)]
    pub channels: Vec<Arc<str>>,
    /// Why nothing here uses it.
    #[serde(default)]
    pub unused: Option<Unused>,
}

/// How a lead is contacted that permits emails.
const EMAIL: &str = "email";

impl Purpose {
    /// How who gave it may be contacted.
    pub fn channels(&self) -> Vec<Arc<str>> {
        if self.channels.is_empty() { vec![EMAIL.into()] } else { self.channels.clone() }
    }

    /// Asked of each state of a walk, so nothing is made for it.
    pub fn allows(&self, channel: &str) -> bool {
        if self.channels.is_empty() { channel == EMAIL } else { self.channels.iter().any(|it| **it == *channel) }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Controller {
    Partner,
    Vendor,
}

impl Controller {
    /// Whose people somebody with that role belongs to: the region's team works for the vendor.
    pub fn of_role(role: &str) -> Self {
        if role == "partner" { Self::Partner } else { Self::Vendor }
    }

    /// Who receives forms where leads are kept so (`leads.keeps`, W2).
    pub fn of_forms(keeps: &str) -> Self {
        if keeps == "partner" { Self::Partner } else { Self::Vendor }
    }

    /// Whose system counts there once a lead was handed over to the partner.
    pub fn counting(keeps: &str) -> Self {
        if keeps == "vendor" { Self::Vendor } else { Self::Partner }
    }

    pub fn other(self) -> Self {
        match self {
            Self::Partner => Self::Vendor,
            Self::Vendor => Self::Partner,
        }
    }

    /// Its id, under which its record stands too.
    pub fn id(self) -> &'static str {
        match self {
            Self::Partner => "partner",
            Self::Vendor => "vendor",
        }
    }
}

/// Somebody who may have the data of a lead: `partner` or `vendor`.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct Holder {
    pub id: Arc<str>,
    /// How many months after the last contact it deletes what it has.
    #[serde(default)]
    pub keep_months: Option<u32>,
    /// Who deletes it there, and answers the lead that asks for its data.
    #[serde(default)]
    pub answers: Option<Arc<str>>,
}

/// When a permission that nobody confirms is deleted.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
pub struct Pending {
    #[serde(default)]
    pub days: Option<u32>,
    /// Who deletes it.
    #[serde(default)]
    pub deletes: Option<Arc<str>>,
}

/// What a lead may ask of whoever has its data; it does so by the event `access.asked`.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct Right {
    pub id: Arc<str>,
    #[serde(default)]
    pub title: Option<Arc<str>>,
    /// How long whoever is asked has to tell the others that have the data.
    #[serde(default)]
    pub pass_on: Option<Arc<str>>,
    /// How many minutes a week it takes one who answers it.
    #[serde(default, skip_serializing)]
    pub minutes: Option<u32>,
    /// What is promised where the region's law says nothing.
    #[serde(flatten)]
    pub own: Time,
}

/// By when a region's law wants a right to be answered: an item of `region.legal.rights`.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct Term {
    pub id: Arc<str>,
    #[serde(flatten)]
    pub time: Time,
    /// How sure that is; `unverified` unless given.
    #[serde(default)]
    pub sure: Option<Arc<str>>,
}

/// How long something may take that is counted by the calendar, whoever works or not.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
pub struct Time {
    #[serde(default)]
    pub months: Option<u32>,
    #[serde(default)]
    pub days: Option<u32>,
    /// Without delay: no days are counted.
    #[serde(default)]
    pub at_once: bool,
}

impl Time {
    /// Its unit (`months`, `days`, `at_once`) and amount, if it says exactly one.
    pub fn said(&self) -> Option<(&'static str, Option<u32>)> {
        match (self.months, self.days, self.at_once) {
            (Some(months), None, false) => Some(("months", Some(months))),
            (None, Some(days), false) => Some(("days", Some(days))),
            (None, None, true) => Some(("at_once", None)),
            _ => None,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct Unused {
    pub why: Arc<str>,
    pub owner: Arc<str>,
}

/// What a lead asks for, with a form of its own.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct Request {
    pub id: Arc<str>,
    pub label: Arc<str>,
    pub page: Arc<str>,
    #[serde(default)]
    pub gives: Option<Arc<str>>,
    /// Whether who asks wants to be called.
    #[serde(default)]
    pub calls: bool,
    pub answer: Arc<str>,
    pub then: Arc<str>,
    pub status: Arc<str>,
    pub form: Vec<Arc<str>>,
    #[serde(default)]
    pub asks: Vec<Arc<str>>,
    /// How many minutes a week it takes to answer it where it comes by email.
    #[serde(default, skip_serializing)]
    pub minutes: Option<u32>,
}

/// Emails that follow each other.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct Sequence {
    pub id: Arc<str>,
    #[serde(default)]
    pub title: Option<Arc<str>>,
    pub purpose: Arc<str>,
    /// The event that starts it; `given` is that of its purpose.
    pub starts: Arc<str>,
    /// The states of machines in which it goes on.
    #[serde(default, rename = "while")]
    pub goes_on: IndexMap<Arc<str>, Vec<Arc<str>>>,
}

/// Somebody who does what a platform does not.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct Substitute {
    pub id: Arc<str>,
    pub title: Arc<str>,
    /// The abilities in place of which it stands.
    #[serde(rename = "for")]
    pub abilities: Vec<Arc<str>>,
    pub who: Arc<str>,
    /// A week.
    #[serde(default)]
    pub minutes: Option<u32>,
}

/// An event from outside.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct Happening {
    pub id: Arc<str>,
    #[serde(default)]
    pub title: Option<Arc<str>>,
    pub by: Vec<Arc<str>>,
    #[serde(default)]
    pub sure: Sureness,
    /// What a platform has to do by itself to tell of it.
    #[serde(default, skip_serializing)]
    pub needs: Vec<Arc<str>>,
    /// The purpose without whose permission nobody tells of it: a score counts only whom it may count.
    #[serde(default)]
    pub under: Option<Arc<str>>,
    /// Whom the lead itself turns to by it.
    #[serde(default)]
    pub turns_to: Option<Controller>,
    /// Why, where whoever tells of it gives a reason.
    #[serde(default)]
    pub reasons: Vec<Reason>,
}

/// A platform, among those who tell what happens.
pub const PLATFORM: &str = "platform";

impl Happening {
    /// Whether it is known without a person, in a system that writes by itself.
    pub fn is_of_platform(&self) -> bool {
        self.by.iter().any(|by| **by == *PLATFORM)
    }

    /// Whether a person may be who tells of it.
    pub fn is_of_people(&self) -> bool {
        self.by.iter().any(|by| **by != *PLATFORM)
    }
}

/// Why something happened, as whoever tells of it may say.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct Reason {
    pub id: Arc<str>,
    #[serde(default)]
    pub title: Option<Arc<str>>,
    /// The right that a lead asks for which gives it, said to whom it may be.
    #[serde(default)]
    pub means: Option<Arc<str>>,
}

/// Whether a person surely did it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sureness {
    #[default]
    Strong,
    /// A program may have done it: a click, a visit.
    Weak,
}

#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct Machine {
    pub id: Arc<str>,
    #[serde(default)]
    pub title: Option<Arc<str>>,
    /// The first one is where every lead begins.
    #[serde(default)]
    pub states: Vec<State>,
    /// Where it goes when a lead asks for its deletion or objects; where it began unless given.
    #[serde(default)]
    pub stops: Option<Arc<str>>,
}

#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct State {
    pub id: Arc<str>,
    #[serde(default)]
    pub title: Option<Arc<str>>,
    /// Who owes something here; nobody at rest.
    #[serde(default)]
    pub who: Option<Arc<str>>,
    #[serde(default)]
    pub within: Option<Arc<str>>,
    /// How many minutes a week it takes.
    #[serde(default, skip_serializing)]
    pub minutes: Option<u32>,
    /// The field with a time that the lead named: where there is one, `within` counts from it.
    #[serde(default)]
    pub from: Option<Arc<str>>,
    #[serde(default)]
    pub record: Option<Arc<str>>,
    #[serde(default)]
    pub contact: Vec<Arc<str>>,
    #[serde(default)]
    pub sends: Option<Arc<str>>,
    #[serde(default)]
    pub same: Vec<Arc<str>>,
    #[serde(default)]
    pub to: IndexMap<Arc<str>, Arc<str>>,
    /// What it is called in the systems of others.
    #[serde(default)]
    pub called: Called,
}

/// Words of the systems of others, by the ids of these.
pub type Called = IndexMap<Arc<str>, Arc<str>>;

/// Somebody else's system that keeps a status.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct System {
    pub id: Arc<str>,
    /// Its words, where each organization has its own.
    #[serde(default)]
    pub values: Vec<Arc<str>>,
    /// Those after which no other may be set.
    #[serde(default)]
    pub locked: Vec<Arc<str>>,
    /// Words that must not come to mean anything else.
    #[serde(default)]
    pub retired: Vec<Arc<str>>,
}

/// What is handed over.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct Record {
    pub id: Arc<str>,
    #[serde(default)]
    pub title: Option<Arc<str>>,
    pub to: Arc<str>,
    /// The permission on which it goes over by itself, in no state of a machine.
    #[serde(default)]
    pub under: Option<Arc<str>>,
    /// Who passes it on then, and how long that may take.
    #[serde(default)]
    pub from: Option<Arc<str>>,
    #[serde(default)]
    pub within: Option<Arc<str>>,
    /// How many minutes a week it takes to pass it on.
    #[serde(default, skip_serializing)]
    pub minutes: Option<u32>,
    /// Kinds of events that it tells besides fields.
    #[serde(default)]
    pub tells: Vec<Arc<str>>,
    /// Machines of whose state it tells, whenever that changes.
    #[serde(default)]
    pub states: Vec<Arc<str>>,
    pub needs: Vec<Arc<str>>,
    #[serde(default)]
    pub when: IndexMap<Arc<str>, Vec<Arc<str>>>,
    #[serde(default)]
    pub may: Vec<Arc<str>>,
    /// What proves a permission: needed where a lead goes over on one.
    #[serde(default)]
    pub proof: Vec<Arc<str>>,
    /// How many months after the last contact it is deleted.
    #[serde(default)]
    pub keep_months: Option<u32>,
    /// Who deletes it.
    #[serde(default)]
    pub deletes: Option<Arc<str>>,
    /// Fields that are deleted sooner, each after so many months.
    #[serde(default)]
    pub sooner: IndexMap<Arc<str>, u32>,
}

/// An email as the path sees it: an item of `nurture.emails`.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct Send {
    pub id: Arc<str>,
    #[serde(default)]
    pub day: i64,
    /// The request that it fulfils or follows from.
    #[serde(default, rename = "for")]
    pub fulfils: Option<Arc<str>>,
    /// The purposes whose permission it asks to confirm.
    #[serde(default)]
    pub confirms: Vec<Arc<str>>,
    /// Its sequence.
    #[serde(default, rename = "in")]
    pub sequence: Option<Arc<str>>,
}
