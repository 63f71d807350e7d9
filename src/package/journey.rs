//! The lead's path as it is written: requests, purposes, sequences, machines and records.

mod words;

use std::sync::Arc;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

pub use words::{StatusWords, Words};

/// `journey.*` of a deployment.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(default)]
pub struct Journey {
    pub purposes: Vec<Purpose>,
    pub requests: Vec<Request>,
    pub sequences: Vec<Sequence>,
    /// Events that no form, email or state of the package causes.
    pub happens: Vec<Happening>,
    pub machines: Vec<Machine>,
    pub records: Vec<Record>,
    /// The asset that pages load to carry the campaign of a visit to the form.
    pub trail: Option<Arc<str>>,
    /// Where stages, states and statuses have other names.
    pub systems: Vec<System>,
}

/// `leads` of a deployment: who keeps them.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct Leads {
    pub keeps: Keeps,
    pub receiver: Receiver,
    /// The mailbox for questions on privacy.
    #[serde(default)]
    pub contact: Option<Arc<str>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Keeps {
    Vendor,
    Partner,
    VendorUntilSalesReady,
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
    /// Why nothing here uses it.
    #[serde(default)]
    pub unused: Option<Unused>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Controller {
    Partner,
    Vendor,
}

impl Controller {
    /// Who receives forms where leads are kept so (`leads.keeps`, W2).
    pub fn of_forms(keeps: &str) -> Self {
        if keeps == "partner" { Self::Partner } else { Self::Vendor }
    }

    /// Its id, under which its record stands too.
    pub fn id(self) -> &'static str {
        match self {
            Self::Partner => "partner",
            Self::Vendor => "vendor",
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

/// An event from outside.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct Happening {
    pub id: Arc<str>,
    #[serde(default)]
    pub title: Option<Arc<str>>,
    pub by: Vec<Arc<str>>,
    #[serde(default)]
    pub sure: Sureness,
    /// The purpose without whose permission nobody tells of it: a score counts only whom it may count.
    #[serde(default)]
    pub under: Option<Arc<str>>,
    /// Why, where whoever tells of it gives a reason.
    #[serde(default)]
    pub reasons: Vec<Reason>,
}

/// Why something happened, as whoever tells of it may say.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct Reason {
    pub id: Arc<str>,
    #[serde(default)]
    pub title: Option<Arc<str>>,
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
