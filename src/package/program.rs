//! The program as a whole and who takes part: identity and period, roles, and what components need of
//! the region's and the partner's records.

use std::sync::Arc;

use indexmap::IndexMap;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::calendar::Calendar;

/// `package.*`: what is built, and the only dates there are.
#[derive(Clone, Debug, Deserialize)]
pub struct Program {
    pub id: Arc<str>,
    pub version: Arc<str>,
    /// The date of the build.
    pub released: Date,
    pub period: Period,
}

/// The period the program runs in, both days included.
#[derive(Clone, Debug, Deserialize)]
pub struct Period {
    pub code: Arc<str>,
    pub name: Arc<str>,
    pub start: Date,
    pub end: Date,
}

/// A task with its one owner.
#[derive(Clone, Debug, Deserialize)]
pub struct Role {
    pub id: Arc<str>,
    pub function: Arc<str>,
    pub task: Arc<str>,
    /// `hq`, `region` or `partner`
    pub owner: Arc<str>,
    /// What it decides on, as policy has paths.
    #[serde(default)]
    pub about: Option<Arc<str>>,
}

/// A piece of `library`, as far as it is not only read.
#[derive(Clone, Debug, Deserialize)]
pub struct Piece {
    pub id: Arc<str>,
    #[serde(default)]
    pub gate: Gate,
    /// An id of `tracking.links`.
    #[serde(default)]
    pub link: Option<Arc<str>>,
}

/// What a reader gives for a piece.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Gate {
    #[default]
    Open,
    /// A short form.
    Light,
    Gated,
}

/// What the calendar and the claim need of a region.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Region {
    #[serde(default)]
    pub currency: Option<Arc<str>>,
    #[serde(default)]
    pub calendar: Calendar,
}

/// What set-up steps and plans need of a partner.
#[derive(Clone, Debug, Deserialize)]
pub struct Partner {
    pub name: Arc<str>,
    #[serde(default)]
    pub platforms: Platforms,
    #[serde(default)]
    pub capability: Capability,
    /// What funds pay it in, where that is not its region's currency.
    #[serde(default)]
    pub currency: Option<Arc<str>>,
    /// Planned numbers by metric, in place of the program's.
    #[serde(default)]
    pub goals: IndexMap<Arc<str>, f64>,
    #[serde(default)]
    pub legal: Legal,
    /// What differs from the region's.
    #[serde(default)]
    pub calendar: Calendar,
    /// What systems in which others sell along know of it, by their ids.
    #[serde(default)]
    pub cosell: IndexMap<Arc<str>, CoSell>,
}

/// What a system in which others sell along knows of a partner.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct CoSell {
    /// The id of its offer there.
    #[serde(default)]
    pub solution: Option<Arc<str>>,
}

/// What the partner works with.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Platforms {
    #[serde(default)]
    pub email: Option<Arc<str>>,
    #[serde(default)]
    pub crm: Option<Arc<str>>,
    /// Where a platform's own sellers sell along.
    #[serde(default)]
    pub cosell: Vec<Arc<str>>,
}

/// How much the partner can run by itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Capability {
    /// Email platform, forms and CRM.
    #[default]
    Full,
    /// Sends emails; leads are kept by the vendor until they are ready for sales.
    EmailOnly,
    /// Nothing automated: the vendor sends and keeps leads, the partner calls.
    None,
}

impl Capability {
    pub fn id(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::EmailOnly => "email-only",
            Self::None => "none",
        }
    }
}

/// Who claims.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Legal {
    #[serde(default)]
    pub legal_name: Option<Arc<str>>,
    #[serde(default)]
    pub vat_id: Option<Arc<str>>,
}
