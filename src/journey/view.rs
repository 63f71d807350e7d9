//! A proved journey as people and programs read it. It holds no fact of its own: all of it is what was lowered and
//! proved, by its names.
//!
//! - [`text`]: for a terminal
//! - [`drawing`]: lanes by person and system, time downwards, permission as rails beside them

pub mod drawing;
pub mod text;
#[cfg(test)]
mod tests;
mod wrap;

use indexmap::IndexMap;
use serde::Serialize;

use crate::digest::Digest;
use crate::encode::json;
use crate::package::journey::{self as written, Sureness};

use super::lower::{consent_states, start_of};
use super::{Around, Lowered, Mode, Proved, RULES};

/// What `cobrand journey --format json` prints, but for the deployment; documented in `docs/journey.md`.
#[derive(Clone, Debug, Serialize)]
pub struct View<'v> {
    #[serde(flatten)]
    pub model: Model<'v>,
    pub proof: Proof<'v>,
}

/// The journey as it was lowered.
#[derive(Clone, Debug, Serialize)]
pub struct Model<'v> {
    pub requests: Vec<Request<'v>>,
    pub purposes: Vec<Purpose<'v>>,
    pub sequences: Vec<Sequence<'v>>,
    pub emails: Vec<Email<'v>>,
    pub machines: Vec<Machine<'v>>,
    pub happens: Vec<Happening<'v>>,
    pub records: Vec<Record<'v>>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Request<'v> {
    pub id: &'v str,
    pub label: &'v str,
    pub calls: bool,
    pub page: &'v str,
    pub form: Vec<&'v str>,
    pub asks: Vec<&'v str>,
    pub gives: Option<&'v str>,
    pub answer: &'v str,
    pub then: &'v str,
    pub status: &'v str,
}

#[derive(Clone, Debug, Serialize)]
pub struct Purpose<'v> {
    pub id: &'v str,
    pub controller: &'static str,
    pub mode: &'static str,
    pub states: Vec<State<'v>>,
    /// The emails that ask to confirm it.
    pub confirmed_by: Vec<&'v str>,
    pub unused: Option<Unused<'v>>,
}

/// Why a purpose is asked for that nothing here sends under.
#[derive(Clone, Debug, Serialize)]
pub struct Unused<'v> {
    pub why: &'v str,
    pub owner: &'v str,
}

/// A state of permission.
#[derive(Clone, Debug, Serialize)]
pub struct State<'v> {
    pub id: &'v str,
    /// Whether emails of the purpose may go out.
    pub allows: bool,
}

#[derive(Clone, Debug, Serialize)]
pub struct Sequence<'v> {
    pub id: &'v str,
    pub purpose: &'v str,
    pub starts: String,
    #[serde(rename = "while")]
    pub goes_on: IndexMap<&'v str, Vec<&'v str>>,
    pub emails: Vec<Sent<'v>>,
}

/// An email of a sequence.
#[derive(Clone, Debug, Serialize)]
pub struct Sent<'v> {
    pub id: &'v str,
    pub day: i64,
}

/// An email outside of sequences.
#[derive(Clone, Debug, Serialize)]
pub struct Email<'v> {
    pub id: &'v str,
    #[serde(rename = "for")]
    pub fulfils: Option<&'v str>,
    pub confirms: Vec<&'v str>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Machine<'v> {
    pub id: &'v str,
    pub states: Vec<Step<'v>>,
}

/// A state of a machine.
#[derive(Clone, Debug, Serialize)]
pub struct Step<'v> {
    pub id: &'v str,
    /// Who owes something; nobody at rest.
    pub who: Option<Owner<'v>>,
    pub within: Option<&'v str>,
    pub record: Option<&'v str>,
    pub contact: Vec<&'v str>,
    pub sends: Option<&'v str>,
    pub same: Vec<&'v str>,
    pub to: IndexMap<&'v str, &'v str>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Owner<'v> {
    pub id: &'v str,
    pub address: &'v str,
}

#[derive(Clone, Debug, Serialize)]
pub struct Happening<'v> {
    pub id: &'v str,
    pub by: Vec<&'v str>,
    pub sure: &'static str,
    pub under: Option<&'v str>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Record<'v> {
    pub id: &'v str,
    pub to: Owner<'v>,
    pub needs: Vec<&'v str>,
    pub when: IndexMap<&'v str, Vec<&'v str>>,
    pub may: Vec<&'v str>,
}

/// What was proved, by what, and what no proof can decide.
#[derive(Clone, Debug, Serialize)]
pub struct Proof<'v> {
    pub rules: Vec<Verdict>,
    pub walks: Vec<Walk<'v>>,
    pub undecided: Vec<Undecided<'v>>,
    /// Of the model in one line of JSON, without the proof.
    pub digest: String,
}

#[derive(Clone, Debug, Serialize)]
pub struct Verdict {
    pub rule: &'static str,
    pub holds: &'static str,
    pub verdict: &'static str,
}

#[derive(Clone, Debug, Serialize)]
pub struct Walk<'v> {
    pub machines: Vec<&'v str>,
    pub states: usize,
    /// What was left aside, to see what holds without it.
    pub without: Vec<&'static str>,
}

/// What somebody outside of the package has to do, which no proof can promise.
#[derive(Clone, Debug, Serialize)]
pub struct Undecided<'v> {
    pub what: String,
    pub owner: Vec<&'v str>,
}

impl<'v> View<'v> {
    pub fn new(proved: &'v Proved<'v>, around: &'v Around) -> Self {
        let lowered = proved.lowered();
        let journey = lowered.journey;
        let model = Model {
            requests: journey.requests.iter().map(request).collect(),
            purposes: (0..journey.purposes.len()).map(|at| purpose(lowered, at)).collect(),
            sequences: journey.sequences.iter().map(|it| sequence(lowered, it)).collect(),
            emails: lowered.sends.iter().filter(|send| send.sequence.is_none()).map(email).collect(),
            machines: journey.machines.iter().map(|it| machine(it, around)).collect(),
            happens: journey.happens.iter().map(happening).collect(),
            records: journey.records.iter().map(|it| record(it, around)).collect(),
        };
        let proof = proof(proved, &model);
        Self { model, proof }
    }
}

fn words(words: &[std::sync::Arc<str>]) -> Vec<&str> {
    words.iter().map(|word| &**word).collect()
}

fn request(it: &written::Request) -> Request<'_> {
    Request {
        id: &it.id,
        label: &it.label,
        calls: it.calls,
        page: &it.page,
        form: words(&it.form),
        asks: words(&it.asks),
        gives: it.gives.as_deref(),
        answer: &it.answer,
        then: &it.then,
        status: &it.status,
    }
}

fn purpose<'v>(lowered: &'v Lowered<'v>, at: usize) -> Purpose<'v> {
    let it = &lowered.journey.purposes[at];
    let allowed = lowered.allowed();
    let machine = lowered.consents[at];
    let states = (0..)
        .zip(consent_states(lowered.mode))
        .map(|(state, _)| State { id: lowered.network.state_name(machine, state), allows: allowed.contains(&state) });
    Purpose {
        id: &it.id,
        controller: it.controller.id(),
        mode: match lowered.mode {
            Mode::DoubleOptIn => "double_opt_in",
            Mode::OptIn => "opt_in",
            Mode::Soft => "soft",
            Mode::OptOut => "opt_out",
        },
        states: states.collect(),
        confirmed_by: lowered.sends.iter().filter(|send| send.confirms.contains(&it.id)).map(|it| &*it.id).collect(),
        unused: it.unused.as_ref().map(|it| Unused { why: &it.why, owner: &it.owner }),
    }
}

fn sequence<'v>(lowered: &'v Lowered<'v>, it: &'v written::Sequence) -> Sequence<'v> {
    let sent = |at: usize| Sent { id: &lowered.sends[at].id, day: lowered.sends[at].day };
    Sequence {
        id: &it.id,
        purpose: &it.purpose,
        starts: start_of(it),
        goes_on: it.goes_on.iter().map(|(machine, states)| (&**machine, words(states))).collect(),
        emails: lowered.sends_of(it).into_iter().map(sent).collect(),
    }
}

fn email(it: &written::Send) -> Email<'_> {
    Email { id: &it.id, fulfils: it.fulfils.as_deref(), confirms: words(&it.confirms) }
}

fn machine<'v>(it: &'v written::Machine, around: &'v Around) -> Machine<'v> {
    let step = |state: &'v written::State| Step {
        id: &state.id,
        who: state.who.as_deref().map(|who| owner(who, around)),
        within: state.within.as_deref(),
        record: state.record.as_deref(),
        contact: words(&state.contact),
        sends: state.sends.as_deref(),
        same: words(&state.same),
        to: state.to.iter().map(|(event, to)| (&**event, &**to)).collect(),
    };
    Machine { id: &it.id, states: it.states.iter().map(step).collect() }
}

fn owner<'v>(id: &'v str, around: &'v Around) -> Owner<'v> {
    Owner { id, address: around.owners.get(id).map_or("", |address| address) }
}

fn happening(it: &written::Happening) -> Happening<'_> {
    let sure = match it.sure {
        Sureness::Strong => "strong",
        Sureness::Weak => "weak",
    };
    Happening { id: &it.id, by: words(&it.by), sure, under: it.under.as_deref() }
}

fn record<'v>(it: &'v written::Record, around: &'v Around) -> Record<'v> {
    Record {
        id: &it.id,
        to: owner(&it.to, around),
        needs: words(&it.needs),
        when: it.when.iter().map(|(request, fields)| (&**request, words(fields))).collect(),
        may: words(&it.may),
    }
}

fn proof<'v>(proved: &'v Proved<'v>, model: &Model<'v>) -> Proof<'v> {
    let machines = &proved.lowered().network.machines;
    let walks = proved.walked().iter().map(|walked| Walk {
        machines: walked.machines.iter().filter_map(|id| machines.get(id.0)).map(|machine| &*machine.name).collect(),
        states: walked.states,
        without: [("gates", walked.ways.gates), ("withdrawal", walked.ways.withdrawal)]
            .into_iter()
            .filter(|(_, is_there)| !is_there)
            .map(|(name, _)| name)
            .collect(),
    });
    Proof {
        rules: RULES.map(|(rule, holds)| Verdict { rule, holds, verdict: "proved" }).into(),
        walks: walks.collect(),
        undecided: undecided(model),
        digest: Digest::of(&json::line(model).unwrap_or_default()).to_string(),
    }
}

fn undecided<'v>(model: &Model<'v>) -> Vec<Undecided<'v>> {
    let told = model.happens.iter().map(|it| Undecided {
        what: format!("that `{}` is told whenever it happens, and only then", it.id),
        owner: it.by.clone(),
    });
    let gates = model.sequences.iter().map(|it| Undecided {
        what: format!("that the email platform asks for the gate of `{}` right before each email", it.id),
        owner: vec!["platform"],
    });
    let steps = || model.machines.iter().flat_map(|machine| &machine.states);
    let calls = steps().filter(|state| !state.contact.is_empty()).filter_map(|state| {
        let what = format!("that in `{}` a lead is contacted by {} only", state.id, state.contact.join(" and "));
        Some(Undecided { what, owner: vec![state.who.as_ref()?.id] })
    });
    gates.chain(calls).chain(told).collect()
}
