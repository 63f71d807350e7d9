//! Typed models of the resolved package.
//!
//! The schema has judged every leaf before; here values get their Rust types, so that components
//! never look up keys by name.
//!
//! - [`read`]: any `Deserialize` type from plain data, with the path of what does not fit
//! - [`program`]: identity, period, roles and library; what is needed of the records of partner and region
//! - [`calendar`]: when people of a region or a partner work
//! - [`schedule`]: when a program may start, and when nothing of it happens
//! - [`complete`]: what is missing once all layers are merged
//! - [`journey`]: what a lead can ask for, and what follows
//! - [`qualification`]: the score, its stages and the handoff
//! - [`sales`]: talk track, objections, follow-ups and the lead-context report
//! - [`tracking`]: the UTM taxonomy, the links table and the campaign tree
//! - [`platforms`]: what people do in email platforms and CRMs
//! - [`playbook`]: the calendar, the first thirty days, who does what
//! - [`proof`]: the fund, planned metrics and evidence
//! - [`event`]: what takes place at a time of day

pub mod calendar;
pub mod complete;
pub mod event;
pub mod journey;
pub mod platforms;
pub mod playbook;
pub mod program;
pub mod proof;
pub mod qualification;
mod read;
pub mod sales;
pub mod schedule;
pub mod tracking;

pub use read::{ReadError, read};

use std::sync::Arc;

use serde::de::DeserializeOwned;

use crate::calendar::Days;
use crate::catalog::settings::Settings;
use crate::data::{Data, DataMap};
use journey::{Journey, Leads};
use platforms::Platforms;
use playbook::Playbook;
use program::{Partner, Piece, Program, Region, Role};
use proof::Proof;
use qualification::Qualification;
use sales::Sales;
use schedule::Schedule;
use tracking::Tracking;

/// The keys at the top of the template context that components may look at: those that the models are read from,
/// those that they are held against, and the records of the axes, whose codes name campaigns.
pub fn roots(settings: &Settings) -> impl Iterator<Item = &str> {
    const MODELS: [&str; 11] = [
        "package",
        "schedule",
        "roles",
        "library",
        "qualification",
        "sales",
        "tracking",
        "platforms",
        "playbook",
        "proof",
        "journey",
    ];
    const BESIDE: [&str; 16] = [
        "deployment",
        "analytics",
        "capture",
        "documents",
        "duties",
        "handoff",
        "labels",
        "leads",
        "nurture",
        "offers",
        "period",
        "pillars",
        "policy",
        "product",
        "times",
        "vendor",
    ];
    MODELS.into_iter().chain(BESIDE).chain(settings.axes.iter().map(|axis| &*axis.name))
}

/// The package of one deployment, typed.
#[derive(Clone, Debug)]
pub struct Package {
    pub program: Arc<Program>,
    pub schedule: Arc<Schedule>,
    pub roles: Arc<Vec<Role>>,
    pub library: Arc<Vec<Piece>>,
    pub partner: Arc<Partner>,
    pub region: Arc<Region>,
    pub qualification: Arc<Qualification>,
    pub sales: Arc<Sales>,
    pub tracking: Arc<Tracking>,
    pub platforms: Arc<Platforms>,
    pub playbook: Arc<Playbook>,
    pub proof: Arc<Proof>,
    pub journey: Arc<Journey>,
    /// Who keeps leads, where `journey.leads` says so.
    pub leads: Arc<Option<Leads>>,
}

impl Package {
    /// The part that the links of a deployment are made from; the rest may name the campaign, which they give.
    pub fn tracking(data: &DataMap) -> Result<Arc<Tracking>, ReadError> {
        read(data.get("tracking").unwrap_or(&Data::Null), "tracking").map(Arc::new)
    }

    /// The days on which the program's dates may lie: the region and the partner both work.
    pub fn days(&self) -> Days {
        let (region, partner) = (&self.region.calendar, &self.partner.calendar);
        let days = region.days();
        self.schedule.days(if partner.is_of_region() { days } else { days.and(partner.or(region).days()) })
    }

    /// Reads all models, and reports everything that does not fit.
    pub fn read(data: &DataMap) -> Result<Self, Vec<ReadError>> {
        let mut parts = Parts { data, errors: Vec::new() };
        let program = parts.required("package");
        let schedule = parts.optional("schedule");
        let roles = parts.optional("roles");
        let library = parts.optional("library");
        let partner = parts.required("partner");
        let region = parts.optional("region");
        let qualification = parts.required("qualification");
        let sales = parts.required("sales");
        let tracking = parts.required("tracking");
        let platforms = parts.optional("platforms");
        let playbook = parts.optional("playbook");
        let proof = parts.required("proof");
        let journey = parts.optional("journey");
        let leads = parts.optional("leads");
        let errors = parts.errors;
        let complete = || {
            Some(Self {
                program: program?,
                schedule: schedule?,
                roles: roles?,
                library: library?,
                partner: partner?,
                region: region?,
                qualification: qualification?,
                sales: sales?,
                tracking: tracking?,
                platforms: platforms?,
                playbook: playbook?,
                proof: proof?,
                journey: journey?,
                leads: leads?,
            })
        };
        complete().ok_or(errors)
    }
}

/// The keys of the root, one model each; what does not fit is added to `errors`.
struct Parts<'a> {
    data: &'a DataMap,
    errors: Vec<ReadError>,
}

impl Parts<'_> {
    fn required<T: DeserializeOwned>(&mut self, key: &str) -> Option<Arc<T>> {
        match read(self.data.get(key).unwrap_or(&Data::Null), key) {
            Ok(model) => Some(Arc::new(model)),
            Err(error) => {
                self.errors.push(error);
                None
            }
        }
    }

    /// The default when the key is not there: an axis that is not used, a file that HQ does not have.
    fn optional<T: DeserializeOwned + Default>(&mut self, key: &str) -> Option<Arc<T>> {
        match self.data.get(key) {
            None | Some(Data::Null) => Some(Arc::default()),
            Some(_) => self.required(key),
        }
    }
}
