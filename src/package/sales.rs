//! Sales enablement: what a seller says, asks, answers and writes.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;

/// `sales.*` of a deployment.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Sales {
    /// Who sits at the other side.
    pub personas: Vec<Persona>,
    /// The steps of the first call. What to say in each is the block `track/<id>` of the talk track.
    pub track: Vec<Step>,
    pub questions: Vec<Question>,
    pub objections: Vec<Objection>,
    pub follow_ups: Vec<FollowUp>,
    /// What is published on networks.
    #[serde(default)]
    pub posts: Vec<Post>,
    pub lead_context: LeadContext,
    /// How to speak about others in the market.
    #[serde(default)]
    pub conduct: Vec<Arc<str>>,
    pub words: Words,
}

/// What the files are labelled with.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Words {
    /// By [`Channel::id`].
    pub channels: BTreeMap<Arc<str>, Arc<str>>,
    /// By [`Part::id`].
    pub parts: BTreeMap<Arc<str>, Arc<str>>,
    pub when: Arc<str>,
    /// By the unit of a time.
    pub within: BTreeMap<Arc<str>, Arc<str>>,
    pub from: Arc<str>,
    pub fill_in: Arc<str>,
    pub subject: Arc<str>,
    pub colon: Arc<str>,
    pub comma: Arc<str>,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Persona {
    pub id: Arc<str>,
    pub title: Arc<str>,
    /// The value of the form's `job_role` that points to this persona.
    pub job_role: Arc<str>,
    pub cares_about: Arc<str>,
    pub open_with: Arc<str>,
    pub avoid: Arc<str>,
    pub pillar: Arc<str>,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Step {
    pub id: Arc<str>,
    pub title: Arc<str>,
    pub minutes: u32,
    pub goal: Arc<str>,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Question {
    pub id: Arc<str>,
    pub pillar: Arc<str>,
    pub question: Arc<str>,
    pub why: Arc<str>,
    pub listen_for: Arc<str>,
    /// An id of `offers`: the step the answer usually leads to.
    pub leads_to: Arc<str>,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Objection {
    pub id: Arc<str>,
    pub objection: Arc<str>,
    pub answer: Arc<str>,
    pub proof: Arc<str>,
    pub follow_up: Arc<str>,
}

/// A message a seller sends or a call a seller makes.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct FollowUp {
    pub id: Arc<str>,
    pub title: Arc<str>,
    pub channel: Channel,
    pub when: Arc<str>,
    /// Events of the journey after which it is sent; any where there are none.
    #[serde(default)]
    pub after: Vec<Arc<str>>,
    /// The state of the journey in which it is sent, `sales.accepted`: it has the time of that.
    #[serde(default)]
    pub within: Option<Arc<str>>,
    /// The declared placement whose address stands for `[link]` in the text.
    #[serde(default)]
    pub placement: Option<Arc<str>>,
    /// Emails have one.
    #[serde(default)]
    pub subject: Option<Arc<str>>,
    pub body: Arc<str>,
    /// What stands in square brackets in the text, to be filled in by hand.
    #[serde(default)]
    pub fill_in: Vec<Arc<str>>,
}

/// What is published on a network.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Post {
    pub id: Arc<str>,
    pub title: Arc<str>,
    pub when: Arc<str>,
    /// The declared placement whose address stands for `[link]` in the text.
    pub placement: Arc<str>,
    /// The piece of the library whose text it is.
    #[serde(default)]
    pub piece: Option<Arc<str>>,
    pub body: Arc<str>,
    /// What stands in square brackets in the text, to be filled in by hand.
    #[serde(default)]
    pub fill_in: Vec<Arc<str>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Channel {
    Email,
    Linkedin,
    Call,
}

impl Channel {
    pub fn id(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Linkedin => "linkedin",
            Self::Call => "call",
        }
    }

    /// By which way of contact in a state of the journey it reaches somebody.
    pub fn contact(self) -> Option<&'static str> {
        match self {
            Self::Email => Some("email"),
            Self::Linkedin => None,
            Self::Call => Some("phone"),
        }
    }
}

/// The report that goes to the seller with each lead.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct LeadContext {
    pub columns: Vec<Column>,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Column {
    pub id: Arc<str>,
    pub title: Arc<str>,
    pub part: Part,
    /// Where the value comes from.
    pub source: Arc<str>,
    /// The value in the sample row.
    pub sample: Arc<str>,
}

/// The questions the report answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    Who,
    Engaged,
    Interest,
    NextStep,
    TalkTrack,
}

impl Part {
    pub const ALL: [Self; 5] = [Self::Who, Self::Engaged, Self::Interest, Self::NextStep, Self::TalkTrack];

    pub fn id(self) -> &'static str {
        match self {
            Self::Who => "who",
            Self::Engaged => "engaged",
            Self::Interest => "interest",
            Self::NextStep => "next-step",
            Self::TalkTrack => "talk-track",
        }
    }
}
