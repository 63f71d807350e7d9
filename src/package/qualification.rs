//! The qualification model: who counts as ready for sales, and who takes over when.
//!
//! A score has two halves, *fit* (who they are, from the form) and *engagement* (what they did). Each
//! half has groups with caps. Bands cut each half into three; the matrix of bands says what stage a
//! lead may reach, the thresholds how many points in total that takes.

use std::sync::Arc;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use super::journey::Called;

/// `qualification.*` of a deployment.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct Qualification {
    /// Fields that fit is judged by; forms and lists must provide them.
    pub fields: Vec<LeadField>,
    /// Caps, so that no single kind of signal decides alone.
    pub groups: Vec<Group>,
    pub signals: Vec<Signal>,
    /// Signals that nobody tells of here: left out, as whoever lowers the package says.
    #[serde(skip)]
    pub untold: Vec<Signal>,
    /// Signals that the partner's platform cannot count by itself, left out likewise.
    #[serde(skip)]
    pub unable: Vec<Signal>,
    /// What takes points away, after caps.
    #[serde(default)]
    pub negatives: Vec<Negative>,
    /// What ends qualification whatever the score.
    #[serde(default)]
    pub disqualify: Vec<Disqualifier>,
    pub bands: Bands,
    pub thresholds: Thresholds,
    /// The stage of each combination of bands, such as `A1`.
    pub matrix: IndexMap<Arc<str>, Stage>,
    pub stages: Vec<StageInfo>,
    pub owners: Vec<Owner>,
    pub routing: Vec<Route>,
    pub handoff: Handoff,
    pub feedback: Vec<FeedbackStatus>,
    pub test_leads: Vec<TestLead>,
}

/// The machine of the journey that feedback tells of: the one whose states its statuses end.
pub fn told_of(feedback: &[FeedbackStatus]) -> Option<Arc<str>> {
    let ends = feedback.iter().find_map(|status| status.ends.as_deref())?;
    ends.split_once('.').map(|(machine, _)| machine.into())
}

/// A field of the lead record.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct LeadField {
    pub id: Arc<str>,
    pub title: Arc<str>,
    pub source: FieldSource,
    /// The values it may have; empty for free text.
    #[serde(default)]
    pub values: Vec<Arc<str>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum FieldSource {
    /// The form of the landing page asks for it.
    Form,
    /// The partner's or the vendor's records know it.
    Record,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Half {
    Fit,
    Engagement,
}

/// Signals that count together, up to a cap.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct Group {
    pub id: Arc<str>,
    pub kind: Half,
    pub title: Arc<str>,
    pub cap: i32,
}

/// Something that adds points.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct Signal {
    pub id: Arc<str>,
    pub title: Arc<str>,
    pub group: Arc<str>,
    pub points: i32,
    pub when: Condition,
    /// How often an event counts; once unless given.
    #[serde(default = "once")]
    pub max_times: u32,
    /// Events older than this do not count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window_days: Option<u32>,
    /// How many percent of the points are lost with each full 30 days.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decay_pct_per_month: Option<u32>,
    /// What whoever counts it has to be able to do, or else there is an error.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub needs: Vec<Arc<str>>,
    /// The same, or else it is left out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub takes: Vec<Arc<str>>,
}

fn once() -> u32 {
    1
}

/// Something that takes points away.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct Negative {
    pub id: Arc<str>,
    pub title: Arc<str>,
    pub kind: Half,
    /// How many points are taken away: a positive number.
    pub points: i32,
    pub when: Condition,
}

/// Something that ends qualification.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct Disqualifier {
    pub id: Arc<str>,
    pub title: Arc<str>,
    pub when: Condition,
    /// What happens with the contact instead.
    pub then: Arc<str>,
}

/// What must hold of a lead.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(try_from = "FlatCondition", into = "FlatCondition")]
pub enum Condition {
    /// The field has one of the values.
    FieldIs { field: Arc<str>, values: Vec<Arc<str>> },
    /// The field has none of the values.
    FieldIsNot { field: Arc<str>, values: Vec<Arc<str>> },
    /// The address in the field belongs to one of the domains.
    DomainIn { field: Arc<str>, values: Vec<Arc<str>> },
    /// The event happened, on that target if one is named.
    Happened { event: Event, target: Option<Arc<str>> },
    /// Nothing has happened for so many days.
    Inactive { days: u32 },
}

/// What a person does, or what a colleague notes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Event {
    /// A form was sent; the target is the request's id, or none for any of them.
    FormSubmit,
    /// A link of an email was followed; the target is the email's id.
    EmailClick,
    /// A page was opened; the target is the document's id.
    PageView,
    /// A person wrote back.
    EmailReply,
    /// A person unsubscribed or withdrew permission.
    OptOut,
    /// The address takes no more emails, or a person reported one as spam.
    Bounce,
    /// A colleague noted it; the target says what.
    Recorded,
}

impl Event {
    /// As it is written.
    pub fn id(self) -> &'static str {
        match self {
            Self::FormSubmit => "form-submit",
            Self::EmailClick => "email-click",
            Self::PageView => "page-view",
            Self::EmailReply => "email-reply",
            Self::OptOut => "opt-out",
            Self::Bounce => "bounce",
            Self::Recorded => "recorded",
        }
    }
}

/// A condition as it is written: `{field, op, values}`, `{event, target}` or `{inactive_days}`.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
struct FlatCondition {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    field: Option<Arc<str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    op: Option<FieldOp>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    values: Vec<Arc<str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    event: Option<Event>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    target: Option<Arc<str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    inactive_days: Option<u32>,
}

#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
enum FieldOp {
    Is,
    IsNot,
    DomainIn,
}

impl TryFrom<FlatCondition> for Condition {
    type Error = String;

    fn try_from(flat: FlatCondition) -> Result<Self, String> {
        match (flat.field, flat.event, flat.inactive_days) {
            (Some(_), None, None) if flat.values.is_empty() => Err("a condition on a field needs `values`".into()),
            (Some(field), None, None) => Ok(match flat.op.unwrap_or(FieldOp::Is) {
                FieldOp::Is => Self::FieldIs { field, values: flat.values },
                FieldOp::IsNot => Self::FieldIsNot { field, values: flat.values },
                FieldOp::DomainIn => Self::DomainIn { field, values: flat.values },
            }),
            (None, Some(event), None) => Ok(Self::Happened { event, target: flat.target }),
            (None, None, Some(days)) => Ok(Self::Inactive { days }),
            _ => Err("a condition names exactly one of `field`, `event` and `inactive_days`".into()),
        }
    }
}

impl From<Condition> for FlatCondition {
    fn from(condition: Condition) -> Self {
        let on_field = |field, op, values| Self { field: Some(field), op: Some(op), values, ..Self::default() };
        match condition {
            Condition::FieldIs { field, values } => on_field(field, FieldOp::Is, values),
            Condition::FieldIsNot { field, values } => on_field(field, FieldOp::IsNot, values),
            Condition::DomainIn { field, values } => on_field(field, FieldOp::DomainIn, values),
            Condition::Happened { event, target } => Self { event: Some(event), target, ..Self::default() },
            Condition::Inactive { days } => Self { inactive_days: Some(days), ..Self::default() },
        }
    }
}

/// The bands of both halves, best first.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct Bands {
    pub fit: Vec<Band>,
    pub engagement: Vec<Band>,
}

/// A range of points from `min` up to the next better band.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct Band {
    pub id: Arc<str>,
    pub title: Arc<str>,
    pub min: i32,
}

/// How many points in total a stage takes at least.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct Thresholds {
    pub mql: i32,
    pub sql: i32,
}

/// How far a lead is. All deployments share these stages, or nothing could be compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    Disqualified,
    Nurture,
    Mql,
    Sql,
}

impl Stage {
    pub const ALL: [Self; 4] = [Self::Disqualified, Self::Nurture, Self::Mql, Self::Sql];

    pub fn id(self) -> &'static str {
        match self {
            Self::Disqualified => "disqualified",
            Self::Nurture => "nurture",
            Self::Mql => "mql",
            Self::Sql => "sql",
        }
    }
}

/// What a stage means to people.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct StageInfo {
    pub id: Stage,
    pub title: Arc<str>,
    pub meaning: Arc<str>,
    pub next: Arc<str>,
    /// What it is called in the systems of others.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub called: Called,
}

/// Somebody a lead can be given to.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct Owner {
    pub id: Arc<str>,
    pub title: Arc<str>,
    pub contact: Arc<str>,
    /// `hq`, `region` or `partner`.
    pub role: Arc<str>,
}

impl Owner {
    /// The address at which it is reached, where its contact has one.
    pub fn mailbox(&self) -> Option<Arc<str>> {
        mailbox(&self.contact).map(|mailbox| mailbox.to_lowercase().into())
    }
}

/// The mailbox in a contact such as `Jo Doe, jo@doe.example`.
pub fn mailbox(contact: &str) -> Option<&str> {
    contact.split([' ', ',', '<', '>']).find(|part| part.contains('@'))
}

/// A rule that gives leads to an owner. The matching rule with the lowest priority number wins.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct Route {
    pub id: Arc<str>,
    pub title: Arc<str>,
    pub priority: u32,
    pub when: RouteWhen,
    /// The state of the journey that a lead enters with it: `sales.offered`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enters: Option<Arc<str>>,
    /// Who gets it. With `enters` the journey says so, and this is empty as it is read.
    #[serde(default)]
    pub to: Arc<str>,
    /// How long the state that it enters may take, as the journey says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within: Option<Arc<str>>,
    /// Who takes over where that time runs out, as the journey says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fallback: Option<Arc<str>>,
}

/// An empty list means: whatever it is.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
pub struct RouteWhen {
    #[serde(default)]
    pub stages: Vec<Stage>,
    /// Ids of fit bands.
    #[serde(default)]
    pub fit: Vec<Arc<str>>,
    /// What the partner can do itself: `full`, `email-only`, `none`.
    #[serde(default)]
    pub capability: Vec<Arc<str>>,
    /// Fields of the lead that are all empty.
    #[serde(default)]
    pub missing: Vec<Arc<str>>,
    /// Purposes of the journey whose permission is not `given`: never asked for, waiting to be confirmed, withdrawn.
    #[serde(default)]
    pub unpermitted: Vec<Arc<str>>,
    /// Requests of the journey, one of which the lead has made.
    #[serde(default)]
    pub requested: Vec<Arc<str>>,
}

/// What goes over with a lead: context, not only a contact.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct Handoff {
    /// What must hold before a lead is handed over.
    pub criteria: Vec<Arc<str>>,
    /// Who gets the status file back, an id of `owners`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status_to: Option<Arc<str>>,
    pub record: Vec<RecordField>,
}

#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct RecordField {
    pub id: Arc<str>,
    pub title: Arc<str>,
    /// Where its value comes from.
    pub source: Arc<str>,
    #[serde(default)]
    pub required: bool,
    /// The fields of the journey's record that it is made of; none for one of its own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub holds: Vec<Arc<str>>,
    /// Why one of its own may go over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ground: Option<RowGround>,
    #[serde(default)]
    pub by: Hand,
    /// When it is needed, as the journey says of its fields: `always`, requests, `permission` or `known`.
    #[serde(skip_deserializing, skip_serializing_if = "Option::is_none")]
    pub needed: Option<Arc<str>>,
}

impl RecordField {
    /// Whether it tells what a lead did, which only a permission passes on.
    pub fn is_permitted(&self) -> bool {
        self.holds.is_empty() && self.ground == Some(RowGround::Permission)
    }
}

/// Why a field of its own may go over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum RowGround {
    /// The permission of whoever gets it.
    Permission,
    /// The lead says it itself.
    Conversation,
    /// It says no more of the lead than the record does.
    None,
}

/// Who fills something in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Hand {
    /// On a form.
    Lead,
    Page,
    Platform,
    #[default]
    Person,
}

impl Hand {
    pub fn id(self) -> &'static str {
        match self {
            Self::Lead => "lead",
            Self::Page => "page",
            Self::Platform => "platform",
            Self::Person => "person",
        }
    }
}

/// What a partner answers about a lead.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct FeedbackStatus {
    pub id: Arc<str>,
    pub title: Arc<str>,
    pub meaning: Arc<str>,
    /// The state of the journey that ends with it, whose time it is due in: `sales.offered`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends: Option<Arc<str>>,
    /// How long that state may take, as the journey says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within: Option<Arc<str>>,
    /// How many working days after the status before it is due, where the journey tells of it no more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_days: Option<u32>,
    /// The states, as `sales.agreed`, and the statuses without `ends` that it may follow.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub after: Vec<Arc<str>>,
    pub next: Arc<str>,
    /// What it is called in the systems of others.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub called: Called,
}

/// A sample lead, to prove a partner's own build of the model.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct TestLead {
    pub id: Arc<str>,
    pub title: Arc<str>,
    #[serde(default)]
    pub story: Option<Arc<str>>,
    pub lead: Lead,
    /// The stage it must reach in every deployment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expect: Option<Stage>,
}

/// What the scorer looks at.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
pub struct Lead {
    #[serde(default)]
    pub fields: IndexMap<Arc<str>, Arc<str>>,
    #[serde(default)]
    pub events: Vec<LeadEvent>,
}

/// One thing that happened. Days are counted back from the day of scoring, so a test needs no clock.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct LeadEvent {
    pub event: Event,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<Arc<str>>,
    pub days_ago: u32,
}
