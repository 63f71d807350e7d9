//! `playbook.yaml`, typed: what is done when, and who does it at each level of automation.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;

use super::journey::Controller;

/// `playbook.*` of a deployment.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Playbook {
    #[serde(default)]
    pub calendar: Vec<CalendarItem>,
    #[serde(default)]
    pub capabilities: Vec<CapabilityPlan>,
    #[serde(default)]
    pub phases: Vec<Phase>,
    #[serde(default)]
    pub words: Words,
}

/// What the calendar is told with, beside its items.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Words {
    pub approval: Arc<str>,
    pub approval_detail: Arc<str>,
    pub claim: Arc<str>,
    pub claim_detail: Arc<str>,
    /// By `hq`, `region`, `partner`.
    pub owners: BTreeMap<Arc<str>, Arc<str>>,
    pub colon: Arc<str>,
}

/// Something with a date. Days are working days, so weekends and the region's holidays never carry one.
#[derive(Clone, Debug, Deserialize)]
pub struct CalendarItem {
    pub id: Arc<str>,
    #[serde(default)]
    pub from: Anchor,
    /// Working days after the anchor; negative before it.
    pub day: i32,
    /// Repeated every seven days until the period ends, moved to the next working day where needed.
    #[serde(default)]
    pub weekly: bool,
    /// How long it takes each week.
    #[serde(default)]
    pub minutes: Option<u32>,
    /// The activity that it is for: what comes before it prepares it, and its approval is asked for before that.
    #[serde(default, rename = "for")]
    pub activity: Option<Arc<str>>,
    /// Whether the plan of all activities is approved there, where it is approved once.
    #[serde(default)]
    pub approves: bool,
    pub title: Arc<str>,
    pub detail: Arc<str>,
    /// `hq`, `region` or `partner`
    pub owner: Arc<str>,
}

/// What a date counts from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Anchor {
    /// The first working day on or after the release of the package.
    Release,
    /// The first working day of the period: launch.
    #[default]
    Start,
    /// The last working day of the period.
    End,
    /// The first day of the activity that it is for.
    Activity,
}

impl CalendarItem {
    /// Whether it is the day of an activity itself.
    pub fn holds(&self, activity: &str) -> bool {
        self.from == Anchor::Activity && self.day == 0 && self.activity.as_deref() == Some(activity)
    }
}

/// Who does what, for partners of one capability.
#[derive(Clone, Debug, Deserialize)]
pub struct CapabilityPlan {
    /// `full`, `email-only` or `none`
    pub id: Arc<str>,
    pub title: Arc<str>,
    pub summary: Arc<str>,
    #[serde(default)]
    pub automated: Vec<Arc<str>>,
    #[serde(default)]
    pub partner: Vec<Arc<str>>,
    #[serde(default)]
    pub vendor: Vec<Arc<str>>,
    /// From whose platform the series goes out.
    #[serde(default)]
    pub sends: Option<Controller>,
    pub leads: Arc<str>,
}

/// A part of the first thirty days.
#[derive(Clone, Debug, Deserialize)]
pub struct Phase {
    pub id: Arc<str>,
    pub title: Arc<str>,
    /// Working days from launch, both included.
    pub first_day: i32,
    pub last_day: i32,
    pub actions: Vec<Arc<str>>,
    pub done: Arc<str>,
}
