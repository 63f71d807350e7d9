//! What goes to the partner with a lead, and what comes back.
//!
//! - [`cosell`]: payloads for systems in which others sell along
//! - [`record`]: the handoff record, as schema and files
//! - [`status`]: the status file that the partner returns
//! - [`words`]: what stages, states and statuses are called in the systems of others

mod cosell;
mod record;
mod status;
mod words;

pub use status::DECISION;

use std::sync::Arc;

use serde::Serialize;

use super::super::{Asked, Failure, Finding, Input, Task};
use crate::data::Data;
use crate::encode::Content;
use crate::journey::duties::Kept;
use crate::journey::grounds;
use crate::journey::view::View;
use crate::package::Package;
use crate::package::journey::{Controller, Happening, Journey, Machine, Record, State};
use crate::package::qualification::{FeedbackStatus, Owner, Qualification, RecordField, told_of};

use record::Columns;

/// What is handed to the partner: of the machine that feedback tells of, the state in which the partner gets a record.
pub struct Handing<'h> {
    machine: &'h Machine,
    state: &'h State,
    record: &'h Record,
    grounds: Vec<Ground<'h>>,
    /// How long the partner keeps the record, and who deletes it there.
    kept: Kept<'h>,
}

/// The same in one deployment.
pub struct Handed<'h> {
    deployment: &'h str,
    package: &'h Package,
    /// `tracking.fields`
    fields: &'h [Data],
    handing: Handing<'h>,
}

impl<'h> std::ops::Deref for Handed<'h> {
    type Target = Handing<'h>;

    fn deref(&self) -> &Handing<'h> {
        &self.handing
    }
}

/// Why the partner may have a lead: it asked to be called, or gave a permission.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ground<'h> {
    Request(&'h str),
    Purpose(&'h str),
}

impl<'h> Ground<'h> {
    fn name(&self) -> String {
        match self {
            Self::Request(id) => format!("request:{id}"),
            Self::Purpose(id) => format!("purpose:{id}"),
        }
    }

    fn request(&self) -> Option<&'h str> {
        match self {
            Self::Request(id) => Some(id),
            Self::Purpose(_) => None,
        }
    }

    fn covers(self, journey: &Journey, field: &str) -> bool {
        let ground = match self {
            Self::Request(id) => grounds::Ground::Request(id),
            Self::Purpose(id) => grounds::Ground::Purpose(id),
        };
        ground.covers(journey, field)
    }

    fn of(event: &str, journey: &'h Journey) -> Option<Self> {
        let asked = |id: &str| event.strip_suffix(".asked") == Some(id);
        let request = journey.requests.iter().find(|it| it.calls && asked(&it.id));
        let happening = || journey.happens.iter().find(|it| *it.id == *event)?.under.as_deref();
        let given = |id: &str| event.strip_suffix(".given") == Some(id);
        let purpose = || journey.purposes.iter().find(|it| given(&it.id)).map(|it| Self::Purpose(&it.id));
        request.map(|it| Self::Request(&it.id)).or_else(purpose).or_else(|| happening().map(Self::Purpose))
    }
}

impl<'h> Handing<'h> {
    /// `None` where the partner gets no record of a lead.
    pub fn of(journey: &'h Journey, owners: &[Owner], feedback: &[FeedbackStatus]) -> Option<Self> {
        let told = told_of(feedback)?;
        let machine = journey.machines.iter().find(|it| it.id == told)?;
        let is_partners = |id: &Arc<str>| owners.iter().any(|it| it.id == *id && *it.role == *Controller::Partner.id());
        let handed = machine.states.iter().find_map(|state| {
            let id = state.record.as_ref()?;
            let record = journey.records.iter().find(|it| it.id == *id && is_partners(&it.to))?;
            Some((state, record))
        });
        let (state, record) = handed?;
        let events = machine.states.iter().flat_map(|from| from.to.iter().filter(|(_, to)| **to == state.id));
        let mut grounds: Vec<Ground<'_>> = Vec::new();
        for ground in events.filter_map(|(event, _)| Ground::of(event, journey)) {
            if !grounds.contains(&ground) {
                grounds.push(ground);
            }
        }
        let roles = owners.iter().map(|owner| (owner.id.clone(), owner.role.clone())).collect();
        Some(Self { machine, state, record, grounds, kept: Kept::of(journey, record, &roles) })
    }

    /// What the partner answers when it gets a lead, each with the state that follows.
    pub fn decisions<'s>(
        &'s self,
        journey: &'h Journey,
    ) -> impl Iterator<Item = (&'h Happening, &'h Arc<str>)> + use<'s, 'h> {
        let told = |event: &Arc<str>| journey.happens.iter().find(|it| it.id == *event && is_partners(it));
        self.state.to.iter().filter_map(move |(event, to)| Some((told(event)?, to)))
    }

    /// What the partner tells of a lead besides, by the field of its machine.
    fn told<'s>(&'s self, journey: &'h Journey) -> impl Iterator<Item = &'h Happening> + use<'s, 'h> {
        let is_heard = |it: &&Happening| self.machine.hears(&it.id);
        let is_decision = |it: &&Happening| self.state.to.contains_key(&it.id);
        journey.happens.iter().filter(|it| is_partners(it)).filter(is_heard).filter(move |it| !is_decision(it))
    }

    /// As texts and templates see it: `machine`, `state` and `record` (ids), the files by what they are for, and `grounds`,
    /// of each a `request` or a `purpose`; what sellers tell (`tells`, ids) by which `field`; and as `cosell` the systems in which others sell along.
    pub fn data(&self, journey: &'h Journey, deals: Vec<Data>) -> Data {
        let file = |name: &str| Data::from(format!("qualification/{name}"));
        let ground = |ground: &Ground<'_>| match ground {
            Ground::Request(id) => Data::map([("request", Data::from(*id)), ("purpose", Data::Null)]),
            Ground::Purpose(id) => Data::map([("request", Data::Null), ("purpose", Data::from(*id))]),
        };
        Data::map([
            ("machine", Data::Text(self.machine.id.clone())),
            ("state", Data::Text(self.state.id.clone())),
            ("record", Data::Text(self.record.id.clone())),
            ("grounds", Data::list(self.grounds.iter().map(ground))),
            ("status", file(status::BOOK_FILE)),
            ("status_table", file(status::TABLE_FILE)),
            ("schema", file(record::SCHEMA_FILE)),
            ("template", file(record::EMPTY_FILE)),
            ("table", file(record::TABLE_FILE)),
            ("fields", file(record::FIELDS_FILE)),
            ("field", happened(&self.machine.id).into()),
            ("tells", Data::list(self.told(journey).map(|it| Data::Text(it.id.clone())))),
            ("cosell", Data::list(deals)),
        ])
    }

    /// The files for a system in which others sell along, as templates see them, with what is still to be given for it;
    /// `None` for a system that nobody knows.
    pub fn deal(id: &str, gap: Data) -> Option<Data> {
        let system = crate::profiles::cosell::system(id)?;
        let file = |name: String| Data::from(format!("qualification/{name}"));
        Some(Data::map([
            ("id", Data::from(system.id)),
            ("name", Data::from(system.name)),
            ("certainty", system.certainty.id().into()),
            ("payload", file(cosell::payload_file(system))),
            ("legend", file(cosell::legend_file(system))),
            ("schema", file(cosell::schema_file(system))),
            ("gap", gap),
        ]))
    }
}

/// The field in which people say what happened last, of a machine.
pub fn happened(machine: &str) -> String {
    format!("{machine}_happened")
}

/// Whether the partner tells of it.
fn is_partners(happening: &Happening) -> bool {
    happening.by.iter().any(|by| **by == *Controller::Partner.id())
}

impl<'h> Handed<'h> {
    /// What the partner answers by closed columns of the status file: of each its words with what they mean.
    pub fn answers<'v>(&self, view: &'v View) -> Vec<(&'static str, Vec<(&'h str, &'v str)>)>
    where
        'h: 'v,
    {
        status::answers(self, view)
    }

    pub fn of(input: &Input<'h>) -> Option<Self> {
        let package = input.package;
        let Qualification { owners, feedback, .. } = &*package.qualification;
        let handing = Handing::of(&package.journey, owners, feedback)?;
        let fields = input.data.get("tracking").and_then(|it| it.get("fields")).map_or(&[][..], Data::items);
        Some(Self { deployment: &input.deployment.id, package, fields, handing })
    }
}

/// The rows of the record that neither hold fields of it nor say on which ground they go over.
pub fn groundless<'m>(model: &'m Qualification, journey: &Journey) -> impl Iterator<Item = &'m RecordField> {
    let is_handed = Handing::of(journey, &model.owners, &model.feedback).is_some();
    model.handoff.record.iter().filter(move |row| is_handed && row.holds.is_empty() && row.ground.is_none())
}

/// Says of each row of the record when it is needed: one answer for the model, the build sheet and the record.
pub fn fill(model: &mut Qualification, journey: &Journey) {
    let Some(handing) = Handing::of(journey, &model.owners, &model.feedback) else { return };
    record::fill(&mut model.handoff.record, handing.record);
}

/// What goes over, what comes back, and the words of other systems.
pub fn tasks(input: &Input<'_>) -> Vec<Task> {
    let asked = |name: &str, kind, by: &str| Asked::by(format!("qualification/{name}"), kind, by).reading(READS, None);
    let mut tasks = Vec::new();
    if words::has_any(input.package) {
        let file = asked(words::FILE, "data", "journey.systems");
        tasks.push(Task::one(file, |input| Ok(words::map(input.package, &input.deployment.id)?)));
    }
    if Handed::of(input).is_none() {
        return tasks;
    }
    let record = [
        (record::SCHEMA_FILE, "schema"),
        (record::EMPTY_FILE, "template"),
        (record::TABLE_FILE, "template"),
        (record::FIELDS_FILE, "table"),
    ];
    tasks.push(Task::new(record.map(|(name, kind)| asked(name, kind, "journey.records")), |input| {
        with_record(input, |handed, columns| {
            let (schema, empty) = (record::schema(handed, columns)?, record::empty(columns)?);
            Ok(vec![schema, empty, record::table(columns), record::described(handed, columns)])
        })
    }));
    let status = [status::TABLE_FILE, status::BOOK_FILE];
    tasks.push(Task::new(status.map(|name| asked(name, "template", "qualification.feedback")), |input| {
        let Some(handed) = Handed::of(input) else { return Ok(Vec::new()) };
        let status = status::Status::new(&handed);
        Ok(vec![status.table(), status.book(input)?])
    }));
    tasks.extend(cosell::systems(input.package).map(|system| {
        let deal = [
            (cosell::payload_file(system), "template"),
            (cosell::legend_file(system), "table"),
            (cosell::schema_file(system), "schema"),
        ];
        let files = deal.map(|(name, kind)| asked(&name, kind, "partner.platforms.cosell"));
        Task::new(files, |input| {
            with_record(input, |handed, columns| {
                let deal = cosell::Deal::new(system, handed, columns, input);
                let legend = deal.legend(cosell::words(input.package, system));
                Ok(vec![deal.payload()?, legend, cosell::schema(system)?])
            })
        })
    }));
    tasks
}

/// What is made of the record that goes over.
fn with_record(
    input: &Input<'_>,
    make: impl FnOnce(&Handed<'_>, &Columns<'_>) -> Result<Vec<Content>, Failure>,
) -> Result<Vec<Content>, Failure> {
    let handed = Handed::of(input);
    handed.map_or_else(|| Ok(Vec::new()), |handed| make(&handed, &Columns::of(&handed)))
}

/// Where what goes over does not fit the record, or the systems of others.
pub fn check(input: &Input<'_>) -> Vec<Finding> {
    let mut findings = cosell::check(input);
    findings.extend(words::check(input));
    if let Some(handed) = Handed::of(input) {
        let columns = Columns::of(&handed);
        findings.extend(record::check(&handed, &columns));
        let systems = cosell::systems(input.package);
        findings.extend(systems.flat_map(|system| cosell::unsaid(system, &handed, &columns, input)));
    }
    findings
}

/// What these files are made from, beside the partner's record.
const READS: &[&str] =
    &["journey", "qualification", "tracking", "platforms", "product", "industry", "region", "proof", "package"];
