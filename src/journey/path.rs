//! A proved journey as components see it: each email with what starts it and what has to hold right before it.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use indexmap::IndexMap;
use serde::Serialize;

use crate::encode::{Content, json};
use crate::package::journey::{Purpose, Send};

use super::duties::Duties;
use super::gates::Gates;
use super::load::{Carried, Load};
use super::lower::{consent_states, start_of};
use super::view::drawing::Drawing;
use super::view::{Owner, View};
use super::{Around, Mode, Open, Proved, Walked};

const SCHEMA: &str = "cobrand.journey/1";

/// Addresses of owners, by their ids.
type Addresses = BTreeMap<Arc<str>, Arc<str>>;

#[derive(Serialize)]
struct Report<'r> {
    schema: &'static str,
    language: &'r str,
    #[serde(flatten)]
    open: &'r Open,
    owners: Vec<Owner<'r>>,
    load: &'r [Carried],
    #[serde(flatten)]
    view: &'r View,
}

/// What is done with the emails of a deployment whose journey closes, and what is told of it.
#[derive(Clone, Debug)]
pub struct Path {
    closed: Arc<Closed>,
    told: Vec<Arc<Told>>,
    addresses: Addresses,
    load: Load,
}

/// What holds of all journeys of equal input.
#[derive(Debug)]
pub(super) struct Closed {
    mode: Mode,
    permissions: Vec<Permission>,
    emails: Vec<Step>,
    walked: Vec<Walked>,
    gates: Gates,
}

/// A path in one language, for all deployments that differ in addresses only.
#[derive(Debug)]
pub struct Told {
    pub view: View,
    folder: Option<Arc<str>>,
    drawing: OnceLock<Drawing>,
}

/// Permission for a purpose, as a platform has to keep it.
#[derive(Clone, Debug, PartialEq)]
pub struct Permission {
    pub purpose: Purpose,
    pub states: Vec<Arc<str>>,
    /// The states in which its emails may be sent.
    pub allows: Vec<Arc<str>>,
    /// The events that take it back.
    pub ends: Vec<Arc<str>>,
    /// After how many days it is deleted if nobody confirms it, and by whom.
    pub expires: Option<(u32, Option<Arc<str>>)>,
}

/// An email in the path.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    pub id: Arc<str>,
    /// The event from which its days are counted.
    pub starts: Vec<Arc<str>>,
    pub days: i64,
    pub ground: Ground,
}

/// Why an email may be sent.
#[derive(Clone, Debug, PartialEq)]
pub enum Ground {
    /// It fulfils a request, or follows from one.
    Request(Arc<str>),
    /// A state on whose way in it goes out owes it to the lead.
    Owed,
    /// It asks to confirm these permissions.
    Confirms(Vec<Arc<str>>),
    /// Permission for the purpose, asked for again right before, while machines are in these states.
    Permission { sequence: Arc<str>, purpose: Arc<str>, goes_on: IndexMap<Arc<str>, Vec<Arc<str>>> },
}

impl Path {
    pub(super) fn new(closed: Arc<Closed>, told: Vec<Arc<Told>>, addresses: Addresses) -> Self {
        Self { closed, told, addresses, load: Load::default() }
    }

    /// With what it asks of people in one deployment.
    pub fn carried(self, load: Load) -> Self {
        Self { load, ..self }
    }

    /// What it asks of people in a week.
    pub fn load(&self) -> &Load {
        &self.load
    }

    pub fn mode(&self) -> Mode {
        self.closed.mode
    }

    pub fn permissions(&self) -> &[Permission] {
        &self.closed.permissions
    }

    pub fn emails(&self) -> &[Step] {
        &self.closed.emails
    }

    /// What is told of it, in each language; the master's comes first.
    pub fn told(&self) -> &[Arc<Told>] {
        &self.told
    }

    /// Who owes something, with the address at which they are reached here.
    pub fn owners<'p>(&'p self, told: &'p Told) -> Vec<Owner<'p>> {
        told.view.owners(&self.addresses)
    }

    pub fn gates(&self) -> &Gates {
        &self.closed.gates
    }

    /// The whole path as a drawing.
    pub fn picture(&self, told: &Told) -> Content {
        let drawing = told.drawing.get_or_init(|| Drawing::new(&told.view));
        drawing.with(&told.view, &self.owners(told))
    }

    /// The model, what was proved of it, and what is still open, as JSON.
    pub fn report(&self, told: &Told, open: &Open) -> serde_json::Result<Content> {
        let view = &told.view;
        let (owners, load) = (self.owners(told), &self.load.rows);
        json::document(&Report { schema: SCHEMA, language: &view.language, open, owners, load, view })
    }
}

impl Told {
    pub(super) fn new(view: View, folder: Option<Arc<str>>) -> Self {
        Self { view, folder, drawing: OnceLock::new() }
    }

    /// A file of what is told, below the folder of its language: `de-de/journey.svg`.
    pub fn file(&self, name: &str) -> String {
        self.folder.as_ref().map_or_else(|| name.to_owned(), |folder| format!("{folder}/{name}"))
    }
}

impl Closed {
    pub fn new(proved: &Proved<'_>, around: &Around) -> Self {
        let lowered = proved.lowered();
        let states = consent_states(lowered.mode);
        let open = |purpose: &Purpose| {
            let open = lowered.open(purpose).into_iter();
            open.filter_map(|at| states.get(usize::from(at)).cloned()).collect::<Vec<Arc<str>>>()
        };
        let duties = Duties::new(lowered.journey, &around.roles, around.keeper, &around.terms);
        let pending = duties.pending.filter(|_| lowered.mode == Mode::DoubleOptIn);
        let expires = pending.map(|(days, owner)| (days, owner.cloned()));
        let permission = |purpose: &Purpose| Permission {
            purpose: purpose.clone(),
            states: states.clone(),
            allows: open(purpose),
            ends: lowered.endings(purpose),
            expires: expires.clone().filter(|_| lowered.sends.iter().any(|send| send.confirms.contains(&purpose.id))),
        };
        Self {
            mode: lowered.mode,
            permissions: lowered.journey.purposes.iter().map(permission).collect(),
            emails: lowered.sends.iter().map(|send| proved.step(send)).collect(),
            walked: proved.walked().to_vec(),
            gates: Gates::new(lowered.journey, lowered.sends, &around.pieces),
        }
    }

    pub fn walked(&self) -> &[Walked] {
        &self.walked
    }
}

impl Proved<'_> {
    fn step(&self, send: &Send) -> Step {
        let journey = self.lowered().journey;
        let sequence = send.sequence.as_ref().and_then(|id| journey.sequences.iter().find(|it| it.id == *id));
        let (starts, ground) = if let Some(sequence) = sequence {
            let ground = Ground::Permission {
                sequence: sequence.id.clone(),
                purpose: sequence.purpose.clone(),
                goes_on: sequence.goes_on.clone(),
            };
            (vec![start_of(sequence).into()], ground)
        } else if !send.confirms.is_empty() {
            let starts = send.confirms.iter().map(|purpose| format!("{purpose}.ticked").into()).collect();
            (starts, Ground::Confirms(send.confirms.clone()))
        } else {
            let ground = send.fulfils.clone().map_or(Ground::Owed, Ground::Request);
            (self.starts_of(send), ground)
        };
        Step { id: send.id.clone(), starts, days: send.day, ground }
    }

    /// The requests that an email answers, and the states on whose way in it goes out.
    fn starts_of(&self, send: &Send) -> Vec<Arc<str>> {
        let journey = self.lowered().journey;
        let answered = journey.requests.iter().filter(|request| request.answer == send.id);
        let asked = answered.map(|request| Arc::from(format!("{}.asked", request.id)));
        let sent_by = journey.machines.iter().flat_map(|machine| {
            let states = machine.states.iter().filter(|state| state.sends.as_ref() == Some(&send.id));
            states.map(|state| Arc::from(format!("{}.{}", machine.id, state.id)))
        });
        asked.chain(sent_by).collect()
    }
}
