//! What the journey names and the rest of the package has.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;

use crate::package::journey::{Called, Controller, Term};

use super::gates::Piece;

/// What the journey names and the rest of the package has.
#[derive(Clone, Debug, Default)]
pub struct Around {
    /// Ids of `documents`.
    pub pages: Vec<Arc<str>>,
    /// Ids of `tracking.member_statuses`.
    pub statuses: Vec<Arc<str>>,
    /// Those that nobody sets unless a request does.
    pub unset: Vec<Arc<str>>,
    /// Who may owe something, each with the address at which they are reached.
    pub owners: BTreeMap<Arc<str>, Arc<str>>,
    /// Ids of the region's consent texts; `None` where it has none, and forms ask for nothing.
    pub boxes: Option<Vec<Arc<str>>>,
    /// Those of them whose text names somebody else than whoever is given the permission.
    pub misnamed: Vec<Arc<str>>,
    /// Fields that are known without being asked.
    pub known: Vec<Arc<str>>,
    /// Fields whose values come with the address of a visit.
    pub carried: Vec<Arc<str>>,
    /// Whether the asset is there that carries them.
    pub has_trail: bool,
    pub pieces: Vec<Piece>,
    /// Ids of `tracking.placements` that lead to a page of the package, each with that page.
    pub placements: Vec<(Arc<str>, Arc<str>)>,
    pub buttons: Vec<Button>,
    /// The role of each owner: `hq`, `region` or `partner`.
    pub roles: BTreeMap<Arc<str>, Arc<str>>,
    /// Who receives forms, where something says so.
    pub keeper: Option<Controller>,
    /// By when the region's law wants rights to be answered.
    pub terms: Vec<Term>,
    /// Fields that are the same for all leads.
    pub alike: Vec<Arc<str>>,
    /// Tasks that the package gives to somebody besides.
    pub tasks: Vec<Task>,
    /// The address of whom the partner has called where something is late.
    pub called_late: Option<Arc<str>>,
    pub words: Words,
    /// What the points of a lead lead to.
    pub scores: Vec<Score>,
    /// Sides that are abroad, each with its country, where nothing says what a transfer there rests on.
    pub abroad: Vec<(Controller, Arc<str>)>,
    /// Whether the region leaves open if partner and vendor answer together or each for itself.
    pub lacks_control: bool,
    /// What else goes over with a lead, and says neither what it holds nor on which ground: paths of its rows.
    pub groundless: Vec<Arc<str>>,
    /// Whether whoever keeps the leads has a page at which a permission is confirmed; a reply does it where there is none.
    pub has_confirming_page: bool,
    /// From whose platform sequences go out, where something says so.
    pub sender: Option<Sender>,
    /// What the platform that sends sees and the model counts: kinds of events, each with the first place that names it.
    pub counted: Vec<(Arc<str>, Arc<str>)>,
    /// What the model counts once somebody noted it, each with every place that names it.
    pub noted: Vec<(Arc<str>, Arc<str>)>,
}

/// A button whose words are bound to a request (`[Ask](node:talk)`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Button {
    /// Where its link is named: `nurture.emails[session].cta.link`.
    pub path: Arc<str>,
    pub request: Arc<str>,
    /// An id of `tracking.links`, and the page that it leads to.
    pub link: Arc<str>,
    pub page: Option<Arc<str>>,
}

/// Who sends the emails of sequences.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Sender {
    pub side: Controller,
    /// Where that is said: `playbook.capabilities[full].sends`.
    pub path: Arc<str>,
}

/// A stage by points, in which a lead enters a state.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Score {
    /// An id of `qualification.stages`.
    pub stage: Arc<str>,
    /// The state that it enters, as `sales.offered`.
    pub enters: Arc<str>,
    /// Requests, one of which has to be made before the points can reach it; none where that is not said.
    pub needs: Vec<Arc<str>>,
    pub tipped: Vec<Tipped>,
}

/// A request after which weak signs alone make the difference.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tipped {
    pub request: Arc<str>,
    /// Points for interest with the form alone, and with every weak sign that there is.
    pub points: [i32; 2],
    /// Where the points of weak signs are capped: a path of the model.
    pub capped: Arc<str>,
    /// The weak signs.
    pub signs: Vec<Arc<str>>,
}

/// An item of `roles`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Task {
    pub id: Arc<str>,
    pub function: Arc<str>,
    pub task: Arc<str>,
    /// `hq`, `region` or `partner`
    pub role: Arc<str>,
}

/// What has names in the systems of others, beside the states of the conversation.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Words {
    /// The machine that feedback tells of.
    pub machine: Option<Arc<str>>,
    pub stages: Vec<Word>,
    pub statuses: Vec<Status>,
    /// What the partner answers once the journey is over.
    pub outcomes: Vec<Outcome>,
    /// A stage, and the state that a lead in it enters.
    pub enters: Vec<(Arc<str>, Arc<str>)>,
}

impl Words {
    pub fn all(&self) -> impl Iterator<Item = &Word> {
        self.stages
            .iter()
            .chain(self.statuses.iter().map(|status| &status.word))
            .chain(self.outcomes.iter().map(|outcome| &outcome.word))
    }
}

/// A stage, a state or a status.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Word {
    /// Where it is written: `qualification.stages[mql]`.
    pub path: Arc<str>,
    pub name: Arc<str>,
    /// Of what follows each other by itself.
    pub order: Option<u32>,
    pub called: Called,
}

/// What became of a lead.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Outcome {
    #[serde(flatten)]
    pub word: Word,
    /// The states of the machine, as `sales.agreed`, and the outcomes that it may follow; any state of rest unless given.
    pub after: Vec<Arc<str>>,
}

/// A member's status.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Status {
    #[serde(flatten)]
    pub word: Word,
    pub label: Arc<str>,
    pub responded: bool,
}
