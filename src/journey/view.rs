//! A proved journey as people and programs read it. It holds no fact of its own: all of it is what was lowered and
//! proved, by its ids, with the titles and words that the master has for it in one language.
//!
//! - `made`: from a proof
//! - `events`: what each event is called
//! - [`text`]: for a terminal
//! - [`drawing`]: lanes by person and system, time downwards, permission as rails beside them

pub mod drawing;
mod events;
mod made;
pub mod text;
#[cfg(test)]
mod tests;
mod wrap;

use std::collections::BTreeMap;
use std::sync::Arc;

use indexmap::IndexMap;
use serde::Serialize;

use crate::package::journey::Words;

/// What `cobrand journey --format json` and a package's report have in common; documented in `docs/journey.md`.
#[derive(Clone, Debug, Serialize)]
pub struct View {
    #[serde(flatten)]
    pub model: Model,
    pub proof: Proof,
    /// In whose words it is told.
    #[serde(skip)]
    pub words: Arc<Words>,
    /// A BCP 47 tag.
    #[serde(skip)]
    pub language: Arc<str>,
    #[serde(skip)]
    pub rtl: bool,
    /// Who owes something, with those that are reached at one address in one row.
    #[serde(skip)]
    pub people: Vec<Vec<Named>>,
    /// What partners answer once the path is over.
    #[serde(skip)]
    pub outcomes: Vec<Named>,
}

/// The journey as it was lowered.
#[derive(Clone, Debug, Serialize)]
pub struct Model {
    pub requests: Vec<Request>,
    pub purposes: Vec<Purpose>,
    pub sequences: Vec<Sequence>,
    /// Who does what the partner's platform does not.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub substitutes: Vec<Substitute>,
    pub emails: Vec<Email>,
    pub machines: Vec<Machine>,
    pub happens: Vec<Happening>,
    pub records: Vec<Record>,
    /// Who has the data of leads.
    pub holders: Vec<Holder>,
    /// What a lead may ask of each of them.
    pub rights: Vec<Right>,
    /// What each event is called that leads somewhere.
    pub events: IndexMap<Arc<str>, Arc<str>>,
}

/// Something with an id, and what people call it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Named {
    pub id: Arc<str>,
    pub title: Arc<str>,
}

/// Somebody who owes something, with the address at which they are reached in one deployment.
#[derive(Clone, Debug, Serialize)]
pub struct Owner<'v> {
    #[serde(flatten)]
    pub named: &'v Named,
    pub address: &'v str,
}

#[derive(Clone, Debug, Serialize)]
pub struct Request {
    pub id: Arc<str>,
    pub label: Arc<str>,
    pub calls: bool,
    /// How it reaches whoever receives it: `post`, `page` or `mail`.
    pub way: Arc<str>,
    /// Its title is the file of the package.
    pub page: Named,
    pub form: Vec<Arc<str>>,
    pub asks: Vec<Arc<str>>,
    pub gives: Option<Arc<str>>,
    pub answer: Named,
    /// The page after the form; none where it comes by email.
    pub then: Option<Named>,
    pub status: Named,
}

#[derive(Clone, Debug, Serialize)]
pub struct Purpose {
    #[serde(flatten)]
    pub named: Named,
    pub controller: &'static str,
    /// How a lead that gives it may be contacted.
    pub channels: Vec<Arc<str>>,
    pub mode: &'static str,
    pub states: Vec<State>,
    /// The emails that ask to confirm it.
    pub confirmed_by: Vec<Named>,
    /// After how many days it is deleted if nobody confirms it, and by whom.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_days: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deletes: Option<Named>,
    pub unused: Option<Unused>,
}

/// Why a purpose is asked for that nothing here sends under.
#[derive(Clone, Debug, Serialize)]
pub struct Unused {
    pub why: Arc<str>,
    pub owner: Arc<str>,
}

/// A state of permission.
#[derive(Clone, Debug, Serialize)]
pub struct State {
    #[serde(flatten)]
    pub named: Named,
    /// Whether emails of the purpose may go out.
    pub allows: bool,
}

#[derive(Clone, Debug, Serialize)]
pub struct Sequence {
    #[serde(flatten)]
    pub named: Named,
    pub purpose: Arc<str>,
    pub starts: Arc<str>,
    #[serde(rename = "while")]
    pub goes_on: IndexMap<Arc<str>, Vec<Arc<str>>>,
    pub emails: Vec<Sent>,
}

/// Somebody in place of a platform.
#[derive(Clone, Debug, Serialize)]
pub struct Substitute {
    #[serde(flatten)]
    pub named: Named,
    #[serde(rename = "for")]
    pub abilities: Vec<Arc<str>>,
    pub who: Arc<str>,
    /// A week.
    pub minutes: Option<u32>,
}

/// An email of a sequence.
#[derive(Clone, Debug, Serialize)]
pub struct Sent {
    #[serde(flatten)]
    pub named: Named,
    pub day: i64,
}

/// An email outside of sequences.
#[derive(Clone, Debug, Serialize)]
pub struct Email {
    #[serde(flatten)]
    pub named: Named,
    #[serde(rename = "for")]
    pub fulfils: Option<Arc<str>>,
    pub confirms: Vec<Arc<str>>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Machine {
    #[serde(flatten)]
    pub named: Named,
    pub states: Vec<Step>,
    /// Where it goes, from wherever it stands, when a lead stops it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stops: Option<Stops>,
}

/// What stops a machine, and where.
#[derive(Clone, Debug, Serialize)]
pub struct Stops {
    pub events: Vec<Arc<str>>,
    pub to: Arc<str>,
}

impl Machine {
    /// What leads on from a state, but for what leads out of all of them alike.
    pub fn ways<'m>(&'m self, state: &'m Step) -> impl Iterator<Item = (&'m Arc<str>, &'m Arc<str>)> {
        let is_alike = |event: &Arc<str>, to: &Arc<str>| {
            self.stops.as_ref().is_some_and(|stops| stops.to == *to && stops.events.contains(event))
        };
        state.to.iter().filter(move |(event, to)| !is_alike(event, to))
    }
}

/// A state of a machine.
#[derive(Clone, Debug, Serialize)]
pub struct Step {
    #[serde(flatten)]
    pub named: Named,
    /// Who owes something; nobody at rest.
    pub who: Option<Arc<str>>,
    pub within: Option<Arc<str>>,
    /// The field with the time from which it counts, where the lead named one.
    pub from: Option<Arc<str>>,
    pub record: Option<Named>,
    pub contact: Vec<Arc<str>>,
    pub sends: Option<Named>,
    pub same: Vec<Arc<str>>,
    pub to: IndexMap<Arc<str>, Arc<str>>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Happening {
    #[serde(flatten)]
    pub named: Named,
    pub by: Vec<Named>,
    pub sure: &'static str,
    pub under: Option<Arc<str>>,
    /// Why, where whoever tells of it gives a reason.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<Reason>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Reason {
    #[serde(flatten)]
    pub named: Named,
    /// The right that the lead asks for by it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub means: Option<Arc<str>>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Record {
    #[serde(flatten)]
    pub named: Named,
    pub to: Arc<str>,
    /// The permission on which it goes over by itself, with who passes it on, how long that may take and what it tells.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub passed: Option<Passed>,
    pub needs: Vec<Arc<str>>,
    pub when: IndexMap<Arc<str>, Vec<Arc<str>>>,
    pub may: Vec<Arc<str>>,
    pub proof: Vec<Arc<str>>,
    /// How many months after the last contact whoever gets it deletes it.
    pub keep_months: Option<u32>,
    pub deletes: Option<Named>,
    /// Fields that are deleted sooner.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub sooner: IndexMap<Arc<str>, u32>,
}

/// How a record goes over that no state hands over.
#[derive(Clone, Debug, Serialize)]
pub struct Passed {
    pub under: Arc<str>,
    pub from: Option<Arc<str>>,
    pub within: Option<Arc<str>>,
    pub tells: Vec<Arc<str>>,
    /// The machines of whose state it tells.
    pub states: Vec<Arc<str>>,
}

/// Who has the data of leads, and how long.
#[derive(Clone, Debug, Serialize)]
pub struct Holder {
    pub id: &'static str,
    /// Whether it receives forms.
    pub keeps: bool,
    pub records: Vec<Arc<str>>,
    pub keep_months: Option<u32>,
    pub answers: Option<Named>,
}

/// A right as one holder has to answer it.
#[derive(Clone, Debug, Serialize)]
pub struct Right {
    #[serde(flatten)]
    pub named: Named,
    pub holder: &'static str,
    pub answers: Named,
    /// `months`, `days` or `at_once`
    pub unit: &'static str,
    pub amount: Option<u32>,
    pub sure: Arc<str>,
    pub tells: Vec<Named>,
    pub pass_on: Option<Arc<str>>,
}

/// What was proved, by what, and what no proof can decide.
#[derive(Clone, Debug, Serialize)]
pub struct Proof {
    pub rules: Vec<Verdict>,
    pub walks: Vec<Walk>,
    pub undecided: Vec<Undecided>,
    /// How campaigns of leads are lost.
    pub lost: Vec<Lost>,
    /// Of all that the proof looked at: one path has one, in whatever language it is told.
    pub digest: String,
}

#[derive(Clone, Debug, Serialize)]
pub struct Verdict {
    pub rule: &'static str,
    pub holds: Arc<str>,
    pub verdict: &'static str,
}

#[derive(Clone, Debug, Serialize)]
pub struct Walk {
    /// By their places in the model: `machines.sales`.
    pub machines: Vec<String>,
    pub states: usize,
    /// What was left aside, to see what holds without it.
    pub without: Vec<&'static str>,
}

/// What somebody outside of the package has to do, which no proof can promise.
#[derive(Clone, Debug, Serialize)]
pub struct Undecided {
    /// Its place in the model: `happens.replied`.
    pub about: String,
    pub title: Arc<str>,
    pub what: Arc<str>,
    pub owner: Vec<Named>,
}

/// A request whose campaign is lost, and how.
#[derive(Clone, Debug, Serialize)]
pub struct Lost {
    /// Its place in the model: `requests.talk`.
    pub about: String,
    pub title: Arc<str>,
    pub what: Arc<str>,
}

impl View {
    /// Who owes something, with the address at which they are reached.
    pub fn owners<'v>(&'v self, addresses: &'v BTreeMap<Arc<str>, Arc<str>>) -> Vec<Owner<'v>> {
        let address = |id| addresses.get(id).map_or("", |address| &**address);
        self.people.iter().flatten().map(|named| Owner { named, address: address(&named.id) }).collect()
    }

    /// What an owner is called.
    pub fn owner<'v>(&'v self, id: &'v str) -> &'v str {
        self.people.iter().flatten().find(|it| *it.id == *id).map_or(id, |it| &it.title)
    }

    /// What an event is called.
    pub fn event<'v>(&'v self, id: &'v str) -> &'v str {
        self.model.events.get(id).map_or(id, |title| title)
    }

    pub fn purpose<'v>(&'v self, id: &'v str) -> &'v str {
        self.model.purposes.iter().find(|it| *it.named.id == *id).map_or(id, |it| &it.named.title)
    }

    pub fn machine(&self, id: &str) -> Option<&Machine> {
        self.model.machines.iter().find(|it| *it.named.id == *id)
    }
}
