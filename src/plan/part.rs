//! What one package adds to the plan of its partner, as data.

use std::sync::Arc;

use indexmap::IndexMap;
use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::load::Load;

/// Version of the format; keys are only added.
pub const FORMAT: u32 = 1;

/// A package's part of the plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Part {
    pub format: u32,
    /// The id of the package's deployment.
    pub deployment: Arc<str>,
    pub partner: Arc<str>,
    /// The partner's name.
    pub name: Arc<str>,
    /// The value of each axis.
    pub axes: IndexMap<Arc<str>, Arc<str>>,
    /// Which of the partner's packages it is, from 1 on.
    pub number: usize,
    /// How many packages the partner has.
    pub packages: usize,
    /// The id of the master package.
    pub program: Arc<str>,
    pub released: Date,
    /// The time zone of its region.
    pub zone: Option<Arc<str>>,
    /// `utm_campaign` and `utm_id` of its links.
    pub campaign: Arc<str>,
    pub utm_id: Arc<str>,
    pub period: Period,
    pub fund: Fund,
    pub goals: Vec<Goal>,
    pub activities: Vec<Activity>,
    /// What has a day, in order of time.
    pub dates: Vec<Dated>,
    /// From the program down to the deployment.
    pub campaigns: Vec<Campaign>,
    /// What a member of the campaign can be.
    pub statuses: Vec<Status>,
    /// What it asks of people in a week.
    #[serde(default)]
    pub load: Load,
    /// What the papers of the claim call things, in the language of the partner's people.
    pub words: Words,
    /// Whether that is written from the right to the left.
    pub rtl: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Period {
    pub name: Arc<str>,
    pub start: Date,
    pub end: Date,
}

/// The claim that the package has a part in, and the rules of the fund that pays.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fund {
    /// Names the claim in every paper: the same for all packages that are claimed together.
    pub claim: Arc<str>,
    pub name: Arc<str>,
    /// ISO 4217; the claim's.
    pub currency: Arc<str>,
    pub reimbursed_percent: Decimal,
    /// The most that the claim pays.
    pub cap: Option<Decimal>,
    pub tax_basis: Basis,
    #[serde(default)]
    pub approval: Approval,
    pub exchange: Exchange,
    /// Which dates of a cost must lie within the period.
    pub dates: Vec<DateTest>,
    pub claim_due: Date,
    /// A working day in time for it.
    pub submit_by: Date,
    pub keep_until: Date,
    pub contact: Option<Arc<str>>,
    /// To whom invoices are made out.
    pub legal_name: Option<Arc<str>>,
    pub tax_id: Option<Arc<str>>,
}

/// What of an invoice is paid for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    Net,
    Gross,
    /// Net for whoever gets the tax back, else gross.
    NetIfRecoverable,
}

/// What has to be approved before its cost is paid.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Approval {
    /// Each activity, before it begins.
    #[default]
    Each,
    /// What partner and fund planned together, once for all activities.
    Plan,
    /// Nothing: what the fund's rules allow is paid.
    None,
}

/// How amounts in other currencies are converted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Exchange {
    /// Whose rates count.
    pub source: Arc<str>,
    /// Of which day: `invoice`, `payment`, `approval`, `claim`, `month_average`.
    pub date: Arc<str>,
}

/// A date of a cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DateTest {
    Invoice,
    Service,
    Payment,
}

/// A number that is planned.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Goal {
    pub metric: Arc<str>,
    pub title: Arc<str>,
    /// The partner's, over all of its packages.
    pub goal: i64,
    /// This package's part of it.
    pub planned: i64,
}

/// Something that costs money and is claimed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Activity {
    pub id: Arc<str>,
    /// Unlike all others of the claim; the same in packages for which it takes place once.
    pub key: Arc<str>,
    /// An id of the kinds of evidence.
    pub kind: Arc<str>,
    pub title: Arc<str>,
    pub audience: Arc<str>,
    pub start: Date,
    pub end: Date,
    /// By when its approval is asked for, where each activity is approved by itself.
    #[serde(default)]
    pub approval_due: Option<Date>,
    pub claim_due: Date,
    /// Its part of the budget, in percent.
    pub budget: Decimal,
    /// The same as money, where the fund says how much there is: of what falls to this package.
    pub amount: Option<Decimal>,
    /// The most that is paid back of its cost.
    pub cap: Option<Decimal>,
    /// By metric what it brings to this package.
    pub values: IndexMap<Arc<str>, i64>,
    /// `utm_content` of the links that count for it.
    pub contents: Vec<Arc<str>>,
    pub evidence: Vec<Evidence>,
}

/// A file of evidence.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    pub id: Arc<str>,
    pub title: Arc<str>,
    /// `cost` or `performance`
    pub shows: Arc<str>,
    pub optional: bool,
    /// The name that it must have.
    pub file: Arc<str>,
    /// The last day to file it.
    pub due: Date,
}

/// Something with a day.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Dated {
    /// Unlike all others of the package, and the same in every build.
    pub id: Arc<str>,
    pub date: Date,
    /// What repeats is held on these days, the first one included.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub weekly: Vec<Date>,
    /// From when until when, where it is an event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<Time>,
    #[serde(default, skip_serializing_if = "str::is_empty")]
    pub place: Arc<str>,
    /// The key of the activity whose event this is or prepares: two evenings are two, though all else is alike.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<Arc<str>>,
    pub title: Arc<str>,
    pub detail: Arc<str>,
    /// `hq`, `region` or `partner`
    pub owner: Arc<str>,
    /// What the owner is called.
    pub category: Arc<str>,
}

/// A time of day.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Time {
    pub starts: Timestamp,
    pub ends: Timestamp,
    /// The same as people there read it: `18:00-20:00`, in which zone.
    pub hours: Arc<str>,
    pub zone: Arc<str>,
}

/// A campaign of the CRM. The key is the same in all packages that share it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Campaign {
    pub level: Level,
    pub key: Arc<str>,
    pub parent: Option<Arc<str>>,
    pub name: Arc<str>,
    #[serde(rename = "type")]
    pub kind: Arc<str>,
    pub description: Arc<str>,
    /// What its cost and revenue are counted in (ISO 4217).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<Arc<str>>,
    /// The address of whoever answers for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<Arc<str>>,
    /// `utm_id` of the package for which it stands; none of one that packages share.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<Arc<str>>,
}

/// A level of the campaigns: its place from the top, and its id.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Level {
    pub at: usize,
    pub id: Arc<str>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    pub id: Arc<str>,
    pub label: Arc<str>,
    pub order: u32,
    pub default: bool,
    pub responded: bool,
}

/// What something is called, and what is said of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Word {
    pub title: Arc<str>,
    #[serde(default)]
    pub note: Arc<str>,
}

/// Words by their ids.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Words(pub IndexMap<Arc<str>, Word>);

impl Words {
    /// What something is called; its id where the master has no word for it.
    pub fn title<'w>(&'w self, id: &'w str) -> &'w str {
        self.0.get(id).map_or(id, |word| &word.title)
    }

    pub fn note(&self, id: &str) -> &str {
        self.0.get(id).map_or("", |word| &word.note)
    }
}
