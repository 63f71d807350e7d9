//! What whoever has the data of a lead owes it (J10): who has it, how long, who deletes it and answers for it, and until
//! when.
//!
//! Data is had by whoever receives forms, and by whoever gets a record of a lead, in a state or on a permission alone. What a form asks for, and what comes with
//! a visit, is personal; what the package writes for every lead alike is not.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::calendar::Within;
use crate::data::Data;
use crate::package::journey::{Controller, Holder, Journey, Machine, Record, Right, Term};

/// Roles of owners, by their ids.
pub type Roles = BTreeMap<Arc<str>, Arc<str>>;

/// Everybody who has the data of a lead, those first who receive its forms.
#[derive(Clone, Debug)]
pub struct Duties<'j> {
    pub held: Vec<Held<'j>>,
    /// After how many days a permission is deleted that nobody confirms, and by whom.
    pub pending: Option<(u32, Option<&'j Arc<str>>)>,
    pub owed: Vec<Owed<'j>>,
}

/// What one side has.
#[derive(Clone, Debug)]
pub struct Held<'j> {
    pub side: Controller,
    /// What the journey says of it.
    pub holder: Option<&'j Holder>,
    /// Whether it receives forms.
    pub keeps: bool,
    /// What is handed to it.
    pub records: Vec<&'j Record>,
}

/// A right, as one side has to answer it.
#[derive(Clone, Debug)]
pub struct Owed<'j> {
    pub right: &'j Right,
    pub side: Controller,
    pub owner: &'j Arc<str>,
    /// By when: its unit and amount.
    pub time: (&'static str, Option<u32>),
    /// How sure that is.
    pub sure: &'j str,
    /// Who else has the data, and is told.
    pub tells: Vec<(Controller, &'j Arc<str>)>,
}

impl<'j> Duties<'j> {
    /// What is missing is left out; of a journey that is proved nothing is.
    pub fn new(journey: &'j Journey, roles: &Roles, keeper: Option<Controller>, terms: &'j [Term]) -> Self {
        let keeper = keeper.unwrap_or(Controller::Vendor);
        let other = if keeper == Controller::Vendor { Controller::Partner } else { Controller::Vendor };
        let mut held = vec![of_side(journey, roles, keeper, true), of_side(journey, roles, other, false)];
        held.retain(|it| it.keeps || !it.records.is_empty());
        let answers: Vec<(Controller, &Arc<str>)> =
            held.iter().filter_map(|it| Some((it.side, it.holder?.answers.as_ref()?))).collect();
        let owed = journey.rights.iter().flat_map(|right| {
            let term = terms.iter().find(|term| term.id == right.id);
            let time = term.map_or(&right.own, |term| &term.time).said();
            let sure = term.and_then(|term| term.sure.as_deref()).unwrap_or(UNVERIFIED);
            let of = |&(side, owner): &(Controller, &'j Arc<str>)| {
                let tells = answers.iter().copied().filter(|(other, _)| *other != side).collect();
                Some(Owed { right, side, owner, time: time?, sure, tells })
            };
            answers.iter().filter_map(of).collect::<Vec<_>>()
        });
        let owed = owed.collect();
        let pending = journey.pending.as_ref().and_then(|pending| {
            let answers = || held.iter().find(|it| it.keeps)?.holder?.answers.as_ref();
            Some((pending.days?, pending.deletes.as_ref().or_else(answers)))
        });
        Self { held, pending, owed }
    }

    /// As texts and templates see it: `months` (of whoever receives forms), `pending` (`days`, `deletes`), `holders`, `kept` (of each record),
    /// `passed` (each record that goes over on a permission alone) and `owed`.
    pub fn data(&self, journey: &Journey, roles: &Roles) -> Data {
        let number = |months: Option<u32>| months.map_or(Data::Null, |months| Data::Int(months.into()));
        let name = |name: Option<&Arc<str>>| name.map_or(Data::Null, |name| Data::Text(name.clone()));
        let holder = |it: &Held<'_>| {
            Data::map([
                ("id", Data::from(it.side.id())),
                ("keeps", Data::Bool(it.keeps)),
                ("months", number(it.holder.and_then(|holder| holder.keep_months))),
                ("answers", name(it.holder.and_then(|holder| holder.answers.as_ref()))),
            ])
        };
        let sooner = |(field, months): (&Arc<str>, &u32)| {
            Data::map([("field", Data::Text(field.clone())), ("months", Data::Int((*months).into()))])
        };
        let record = |it: &&Record| {
            let kept = Kept::of(journey, it, roles);
            Data::map([
                ("record", Data::Text(it.id.clone())),
                ("to", Data::Text(it.to.clone())),
                ("months", number(kept.months)),
                ("deletes", name(kept.deletes)),
                ("sooner", Data::list(it.sooner.iter().map(sooner))),
            ])
        };
        let months = self.held.iter().find(|it| it.keeps).and_then(|it| it.holder?.keep_months);
        Data::map([
            ("months", number(months)),
            (
                "pending",
                self.pending.map_or(Data::Null, |(days, deletes)| {
                    Data::map([("days", Data::Int(days.into())), ("deletes", name(deletes))])
                }),
            ),
            ("holders", Data::list(self.held.iter().map(holder))),
            ("kept", Data::list(self.held.iter().flat_map(|it| &it.records).map(record))),
            ("passed", Data::list(self.held.iter().flat_map(|it| &it.records).filter_map(|it| passed(it)))),
            ("owed", Data::list(self.owed.iter().map(Owed::data))),
        ])
    }
}

/// A record that goes over on a permission alone; `None` for one of a state.
fn passed(record: &Record) -> Option<Data> {
    let (under, from) = (record.under.as_ref()?, record.from.as_ref()?);
    let names = |names: &[Arc<str>]| Data::list(names.iter().cloned().map(Data::Text));
    let fields: Vec<Arc<str>> = fields(record).into_iter().map(|(field, _)| field.clone()).collect();
    Some(Data::map([
        ("record", Data::Text(record.id.clone())),
        ("from", Data::Text(from.clone())),
        ("to", Data::Text(record.to.clone())),
        ("under", Data::Text(under.clone())),
        ("fields", names(&fields)),
        ("tells", names(&record.tells)),
        ("states", names(&record.states)),
        ("within", time(record.within.as_ref())),
    ]))
}

/// A time by working hours or days: its unit and amount.
fn time(within: Option<&Arc<str>>) -> Data {
    let within = within.and_then(|it| it.parse::<Within>().ok());
    within.map_or(Data::Null, |it| {
        Data::map([("unit", Data::from(it.unit())), ("amount", Data::Int(it.amount().into()))])
    })
}

impl Owed<'_> {
    fn data(&self) -> Data {
        let (unit, amount) = self.time;
        let told = |(side, owner): &(Controller, &Arc<str>)| {
            Data::map([("holder", Data::from(side.id())), ("owner", Data::Text((*owner).clone()))])
        };
        Data::map([
            ("right", Data::Text(self.right.id.clone())),
            ("holder", Data::from(self.side.id())),
            ("owner", Data::Text(self.owner.clone())),
            ("unit", Data::from(unit)),
            ("amount", amount.map_or(Data::Null, |amount| Data::Int(amount.into()))),
            ("sure", Data::from(self.sure)),
            ("tells", Data::list(self.tells.iter().map(told))),
            ("pass_on", time(self.right.pass_on.as_ref())),
        ])
    }
}

/// How sure a term is of which nothing is said.
const UNVERIFIED: &str = "unverified";

/// How long a record is kept by whoever gets it, and who deletes it there.
#[derive(Clone, Copy, Debug)]
pub struct Kept<'j> {
    pub months: Option<u32>,
    pub deletes: Option<&'j Arc<str>>,
}

impl<'j> Kept<'j> {
    /// What the record says, or else whoever gets it.
    pub fn of(journey: &'j Journey, record: &'j Record, roles: &Roles) -> Self {
        let holder = holder(journey, side(roles, &record.to));
        Self {
            months: record.keep_months.or_else(|| holder?.keep_months),
            deletes: record.deletes.as_ref().or_else(|| holder?.answers.as_ref()),
        }
    }
}

/// Whose people an owner belongs to.
pub fn side(roles: &Roles, owner: &str) -> Controller {
    Controller::of_role(roles.get(owner).map_or("", |role| role))
}

pub fn holder(journey: &Journey, side: Controller) -> Option<&Holder> {
    journey.holders.iter().find(|holder| *holder.id == *side.id())
}

fn of_side<'j>(journey: &'j Journey, roles: &Roles, side: Controller, keeps: bool) -> Held<'j> {
    let states = || journey.machines.iter().flat_map(|machine| &machine.states);
    let in_state = |record: &Record| states().any(|state| state.record.as_ref() == Some(&record.id));
    let is_handed = |record: &&Record| record.under.is_some() || in_state(record);
    let own = |record: &&Record| self::side(roles, &record.to) == side;
    let records = journey.records.iter().filter(is_handed).filter(own).collect();
    Held { side, holder: holder(journey, side), keeps, records }
}

/// The fields that a record passes, each once, with the key that names it.
pub fn fields(record: &Record) -> Vec<(&Arc<str>, &'static str)> {
    let mut all: Vec<(&Arc<str>, &'static str)> = record.needs.iter().map(|field| (field, "needs")).collect();
    all.extend(record.when.values().flatten().map(|field| (field, "when")));
    all.extend(record.proof.iter().map(|field| (field, "proof")));
    all.extend(record.may.iter().map(|field| (field, "may")));
    let mut seen = BTreeSet::new();
    all.retain(|(field, _)| seen.insert(*field));
    all
}

/// The states of a machine in which a side has a record of the lead on every way.
pub fn had<'j>(machine: &'j Machine, journey: &Journey, roles: &Roles, by: Controller) -> BTreeSet<&'j str> {
    let gets = |id: &Arc<str>| journey.records.iter().any(|it| it.id == *id && side(roles, &it.to) == by);
    let first = machine.states.first().map(|state| &*state.id);
    let mut had: BTreeSet<&str> = machine.states.iter().map(|state| &*state.id).collect();
    loop {
        let still = machine.states.iter().filter(|state| {
            let mut from = machine.states.iter().filter(|from| from.to.values().any(|to| *to == state.id));
            let on_every_way = Some(&*state.id) != first && from.all(|from| had.contains(&*from.id));
            state.record.as_ref().is_some_and(gets) || on_every_way
        });
        let still: BTreeSet<&str> = still.map(|state| &*state.id).collect();
        if still == had {
            return had;
        }
        had = still;
    }
}
