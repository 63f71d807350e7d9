//! A proved journey as components see it: each email with what starts it and what has to hold right before it.

use std::sync::Arc;

use indexmap::IndexMap;
use serde::Serialize;

use crate::encode::{Content, json};
use crate::package::journey::{Purpose, Send};

use super::gates::Gates;
use super::lower::{consent_states, start_of};
use super::view::View;
use super::view::drawing::drawing;
use super::{Around, Mode, Proved};

const TITLE: &str = "The lead's path";
const SCHEMA: &str = "cobrand.journey/1";

#[derive(Serialize)]
struct Report<'r> {
    schema: &'static str,
    #[serde(flatten)]
    view: &'r View<'r>,
}

/// What is done with the emails of a deployment whose journey closes.
#[derive(Clone, Debug, PartialEq)]
pub struct Path {
    mode: Mode,
    permissions: Vec<Permission>,
    emails: Vec<Step>,
    picture: Content,
    report: Content,
    gates: Gates,
}

/// Permission for a purpose, as a platform has to keep it.
#[derive(Clone, Debug, PartialEq)]
pub struct Permission {
    pub purpose: Purpose,
    pub states: Vec<Arc<str>>,
    /// The states in which its emails may be sent.
    pub allows: Vec<Arc<str>>,
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
    pub fn mode(&self) -> Mode {
        self.mode
    }

    pub fn permissions(&self) -> &[Permission] {
        &self.permissions
    }

    pub fn emails(&self) -> &[Step] {
        &self.emails
    }

    pub fn gates(&self) -> &Gates {
        &self.gates
    }

    /// The whole path as a drawing.
    pub fn picture(&self) -> &Content {
        &self.picture
    }

    /// The model, and what was proved of it, as JSON.
    pub fn report(&self) -> &Content {
        &self.report
    }
}

impl Proved<'_> {
    /// What components may look at.
    pub fn path(&self, around: &Around) -> serde_json::Result<Path> {
        let lowered = self.lowered();
        let states = consent_states(lowered.mode);
        let allows: Vec<Arc<str>> =
            lowered.allowed().into_iter().filter_map(|at| states.get(usize::from(at)).cloned()).collect();
        let permission =
            |purpose: &Purpose| Permission { purpose: purpose.clone(), states: states.clone(), allows: allows.clone() };
        let view = View::new(self, around);
        Ok(Path {
            mode: lowered.mode,
            permissions: lowered.journey.purposes.iter().map(permission).collect(),
            emails: lowered.sends.iter().map(|send| self.step(send)).collect(),
            picture: drawing(&view, TITLE),
            gates: Gates::new(lowered.journey, lowered.sends, &around.pieces),
            report: json::document(&Report { schema: SCHEMA, view: &view })?,
        })
    }

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
