//! `proof.yaml`, typed: the fund, what is planned, and what evidence each kind of activity needs.

use std::sync::Arc;

use indexmap::IndexMap;
use serde::Deserialize;

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
    #[serde(default)]
    pub reimbursed_percent: Option<f64>,
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
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Shows {
    Cost,
    Performance,
}
