//! `proof.yaml`, typed: the fund, what is planned, and what evidence each kind of activity needs.

use std::sync::Arc;

use indexmap::IndexMap;
use serde::Deserialize;

use super::event::Event;
use crate::plan::{Approval, Basis, DateTest, Exchange};

/// `proof.*` of a deployment.
#[derive(Clone, Debug, Deserialize)]
pub struct Proof {
    pub fund: Fund,
    pub metrics: Vec<Metric>,
    /// Metrics that nothing counts here: left out, as whoever lowers the package says.
    #[serde(skip)]
    pub uncounted: Vec<Metric>,
    pub activities: Vec<Activity>,
    /// By kind of activity.
    pub evidence: Vec<EvidenceKind>,
    /// What the partner signs.
    #[serde(default)]
    pub attestation: Vec<Arc<str>>,
    /// What the papers of the claim call things.
    #[serde(default)]
    pub words: Vec<Named>,
}

/// What the papers call something, and what they say of it.
#[derive(Clone, Debug, Deserialize)]
pub struct Named {
    pub id: Arc<str>,
    pub title: Arc<str>,
    #[serde(default)]
    pub note: Arc<str>,
}

/// The fund that pays. What is not given here comes from the profile.
#[derive(Clone, Debug, Deserialize)]
pub struct Fund {
    pub name: Arc<str>,
    /// An id of the built-in profiles of fund programs.
    pub profile: Arc<str>,
    #[serde(default)]
    pub claim_due: Option<ClaimDue>,
    /// How many days before an activity its approval must be asked for.
    #[serde(default)]
    pub approval_lead_days: Option<i32>,
    #[serde(default)]
    pub retention_months: Option<i32>,
    /// How much of the cost is paid back, in percent.
    pub reimbursed_percent: f64,
    /// What claims are paid in; the region's currency where it is not given.
    #[serde(default)]
    pub currency: Option<Arc<str>>,
    /// The cost that is planned for a partner, over all of its packages.
    #[serde(default)]
    pub budget: Option<f64>,
    /// The most that a claim pays.
    #[serde(default)]
    pub cap: Option<f64>,
    pub tax_basis: Basis,
    #[serde(default)]
    pub approval: Approval,
    pub exchange: Exchange,
    /// Which dates of a cost must lie within the period.
    pub dates_within: Vec<DateTest>,
    #[serde(default)]
    pub contact: Option<Arc<str>>,
}

/// When a claim is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub struct ClaimDue {
    pub from: DueFrom,
    /// Calendar days.
    pub days: i32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DueFrom {
    /// The last day of the activity.
    ActivityEnd,
    /// The last day of the program's period.
    UsagePeriodEnd,
    /// The last day of the calendar quarter in which the activity ends.
    QuarterEnd,
}

/// A number that is planned, measured and claimed.
#[derive(Clone, Debug, Deserialize)]
pub struct Metric {
    pub id: Arc<str>,
    pub title: Arc<str>,
    pub meaning: Arc<str>,
    /// What a partner plans over all of its packages; its own `goals` come first.
    pub plan: f64,
    /// The metric whose things it counts a part of: sales-ready leads are leads.
    #[serde(default)]
    pub within: Option<Arc<str>>,
    /// The event of the pages that it counts, where it counts one.
    #[serde(default)]
    pub counted: Option<Arc<str>>,
}

/// Something that costs money and is claimed.
#[derive(Clone, Debug, Deserialize)]
pub struct Activity {
    pub id: Arc<str>,
    /// An id of `evidence`.
    pub kind: Arc<str>,
    pub title: Arc<str>,
    pub audience: Arc<str>,
    /// Working days from launch, both included.
    pub first_day: i32,
    pub last_day: i32,
    /// Its part of the budget, in percent.
    pub budget: f64,
    /// The axes for each of whose values it takes place once; in each package by itself where it is not given.
    #[serde(default)]
    pub once: Option<Vec<Arc<str>>>,
    /// Where it takes place at a time of day.
    #[serde(default)]
    pub event: Option<Event>,
    /// The most of a metric that it has room for, each time that it takes place: seats, the contacts of a list.
    #[serde(default)]
    pub capacity: IndexMap<Arc<str>, f64>,
    /// The most that is paid back of its cost.
    #[serde(default)]
    pub cap: Option<f64>,
    /// Its part of each metric's plan, in percent.
    #[serde(default)]
    pub share: IndexMap<Arc<str>, f64>,
    /// Ids of `tracking.placements` whose numbers count for it.
    #[serde(default)]
    pub placements: Vec<Arc<str>>,
    /// Whether the links in the emails count for it.
    #[serde(default)]
    pub emails: bool,
}

/// What a kind of activity is proved with.
#[derive(Clone, Debug, Deserialize)]
pub struct EvidenceKind {
    pub id: Arc<str>,
    pub title: Arc<str>,
    pub items: Vec<EvidenceItem>,
}

/// One file of evidence.
#[derive(Clone, Debug, Deserialize)]
pub struct EvidenceItem {
    pub id: Arc<str>,
    pub title: Arc<str>,
    /// Whether it shows what was spent or what was done.
    pub shows: Shows,
    /// The extension of the file: `pdf`, `png`, `csv`.
    pub file: Arc<str>,
    #[serde(default)]
    pub optional: bool,
    /// Calendar days after the activity's last day, by which it is filed; until the claim where it is not given.
    #[serde(default)]
    pub due_days: Option<i32>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Shows {
    Cost,
    Performance,
}
