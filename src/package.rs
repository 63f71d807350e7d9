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

/// What of a record is looked at beside templates: what the models have of it, the codes that name campaigns, what a
/// journey is held against, and whose hosts and mailboxes are whose.
pub const OF_RECORDS: [&str; 28] = [
    "aws_industry",
    "calendar",
    "capability",
    "capture.mail",
    "code",
    "consent.boxes",
    "consent.version",
    "contact.email",
    "cosell",
    "currency",
    "goals",
    "id",
    "legal.consent_mode",
    "legal.control",
    "legal.country",
    "legal.dpo.email",
    "legal.email",
    "legal.home",
    "legal.legal_name",
    "legal.rights",
    "legal.transfer",
    "legal.vat_id",
    "name",
    "platforms",
    "privacy_url",
    "publisher",
    "sla_contact.email",
    "website",
];

/// Whether the value at a path is a record: of an axis, the vendor's, which is like one, or again that of whoever receives leads.
pub fn is_record(settings: &Settings, path: &str) -> bool {
    matches!(path, "vendor" | RECEIVER) || settings.axis_named(path).is_some()
}

/// Who receives leads.
const RECEIVER: &str = "leads.receiver";

/// Of the top level of the template context what components may look at: what is not in it cannot be read.
pub fn looked_at(settings: &Settings, root: &DataMap) -> DataMap {
    let known = roots(settings).filter_map(|key| root.get_key_value(key));
    known.map(|(key, value)| (key.clone(), narrowed(settings, key, value))).collect()
}

/// The same of the value at a path.
fn narrowed(settings: &Settings, path: &str, value: &Data) -> Data {
    let Data::Map(map) = value else { return value.clone() };
    if is_record(settings, path) {
        return of_record(map, "");
    }
    match RECEIVER.rsplit_once('.') {
        Some((above, key)) if above == path && map.contains_key(key) => {
            let below = |(own, value): (&Arc<str>, &Data)| {
                let is_receiver = **own == *key;
                (own.clone(), if is_receiver { narrowed(settings, RECEIVER, value) } else { value.clone() })
            };
            Data::map(map.iter().map(below))
        }
        _ => value.clone(),
    }
}

fn of_record(map: &DataMap, above: &str) -> Data {
    let below = |(key, value): (&Arc<str>, &Data)| {
        let path = if above.is_empty() { key.to_string() } else { format!("{above}.{key}") };
        if OF_RECORDS.contains(&&*path) {
            return Some((key.clone(), value.clone()));
        }
        let holds_some =
            OF_RECORDS.iter().any(|own| own.strip_prefix(&*path).is_some_and(|rest| rest.starts_with('.')));
        let inner = value.as_map().filter(|_| holds_some)?;
        Some((key.clone(), of_record(inner, &path)))
    };
    Data::map(map.iter().filter_map(below))
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

    /// Whether anything beside templates looks at a key of the record at a path, of [`OF_RECORDS`].
    pub fn looks_at(&self, record: &str, key: &str) -> bool {
        let sells_along = !self.partner.platforms.cosell.is_empty();
        match (record, key) {
            (_, "code") => self.tracking.is_facet(record),
            ("partner", "cosell") => sells_along,
            ("partner", "currency") => self.proof.fund.currency.is_none(),
            ("region", "currency") => {
                sells_along || self.proof.fund.currency.is_none() && self.partner.currency.is_none()
            }
            _ => true,
        }
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
