//! What a package asks of its people in an ordinary week, by the mailbox of whoever does it.
//!
//! The minutes are told in the model, a week each: nobody can find out from a path how often leads go through it. What
//! says none takes what `journey.load` says of all.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;

use crate::data::Data;
use crate::package::journey::Journey;

use super::Around;
use super::duties::Duties;

/// Of each mailbox how many minutes a week it has to give, those first that give most.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Load {
    pub rows: Vec<Carried>,
}

/// What one mailbox carries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Carried {
    pub address: Arc<str>,
    /// A week.
    pub minutes: u32,
    pub tasks: Vec<Taken>,
}

/// Something that is done for a package, and how many minutes a week it takes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Taken {
    /// Its place: `machines.sales.offered`, `substitutes.by-hand`, `calendar.lead-review`.
    pub about: String,
    pub minutes: u32,
}

/// What is done besides what the path says.
#[derive(Clone, Debug, Default)]
pub struct Besides {
    /// Requests that come by email, each with the mailbox in which somebody answers them.
    pub by_hand: Vec<(Arc<str>, Arc<str>)>,
    /// Dates of the playbook that come back each week.
    pub weekly: Vec<Weekly>,
}

/// An item of the playbook's calendar.
#[derive(Clone, Debug)]
pub struct Weekly {
    pub id: Arc<str>,
    /// `hq`, `region` or `partner`
    pub role: Arc<str>,
    pub minutes: u32,
}

/// Tasks by mailbox, in the order in which they are come upon.
#[derive(Default)]
struct Tasks(BTreeMap<Arc<str>, Vec<Taken>>);

impl Tasks {
    fn add(&mut self, address: Option<&Arc<str>>, about: String, minutes: Option<u32>) {
        let Some((address, minutes)) = address.zip(minutes) else { return };
        let tasks = self.0.entry(address.clone()).or_default();
        // What two may ask for is read in one mailbox once.
        if tasks.iter().all(|task| task.about != about) {
            tasks.push(Taken { about, minutes });
        }
    }
}

impl Load {
    pub fn new(journey: &Journey, around: &Around, besides: &Besides) -> Self {
        let usual = journey.load.as_ref().and_then(|load| load.minutes);
        let reached = |owner: &Arc<str>| around.owners.get(owner);
        let mut tasks = Tasks::default();
        for machine in &journey.machines {
            for state in &machine.states {
                let address = state.who.as_ref().and_then(reached);
                tasks.add(address, format!("machines.{}.{}", machine.id, state.id), state.minutes.or(usual));
            }
        }
        for it in &journey.substitutes {
            tasks.add(reached(&it.who), format!("substitutes.{}", it.id), it.minutes.or(usual));
        }
        for it in journey.records.iter().filter(|it| it.under.is_some()) {
            let address = it.from.as_ref().and_then(reached);
            tasks.add(address, format!("records.{}", it.id), it.minutes.or(usual));
        }
        for owed in &Duties::new(journey, &around.roles, around.keeper, &around.terms).owed {
            tasks.add(reached(owed.owner), format!("rights.{}", owed.right.id), owed.right.minutes.or(usual));
        }
        for (id, address) in &besides.by_hand {
            let request = journey.requests.iter().find(|it| it.id == *id);
            let minutes = request.and_then(|it| it.minutes).or(usual);
            tasks.add(Some(address), format!("requests.{id}"), minutes);
        }
        for it in &besides.weekly {
            let of_role = |id: &&Arc<str>| around.roles.get(*id).is_some_and(|role| *role == it.role);
            let owner = around.owners.keys().find(of_role);
            tasks.add(owner.and_then(reached), format!("calendar.{}", it.id), Some(it.minutes));
        }
        let carried = |(address, tasks): (Arc<str>, Vec<Taken>)| Carried {
            address,
            minutes: tasks.iter().map(|task| task.minutes).sum(),
            tasks,
        };
        let mut rows: Vec<Carried> = tasks.0.into_iter().map(carried).collect();
        rows.sort_by_key(|row| std::cmp::Reverse(row.minutes));
        Self { rows }
    }

    /// Whoever carries more than so many minutes a week.
    pub fn above(&self, most: u32) -> impl Iterator<Item = &Carried> {
        self.rows.iter().filter(move |row| row.minutes > most)
    }

    /// As documents see it: [{address, minutes, tasks}], of each task the list that it stands in (`of`), its id, that of
    /// its `machine`, and `minutes`.
    pub fn data(&self) -> Data {
        let text = |text: &str| Data::from(text);
        let task = |task: &Taken| {
            let (list, rest) = task.about.split_once('.').unwrap_or(("", &task.about));
            let (machine, id) =
                if list == "machines" { rest.split_once('.').unwrap_or(("", rest)) } else { ("", rest) };
            Data::map([
                ("of", text(list)),
                ("machine", text(machine)),
                ("id", text(id)),
                ("minutes", Data::Int(task.minutes.into())),
            ])
        };
        Data::list(self.rows.iter().map(|row| {
            Data::map([
                ("address", Data::Text(row.address.clone())),
                ("minutes", Data::Int(row.minutes.into())),
                ("tasks", Data::list(row.tasks.iter().map(task))),
            ])
        }))
    }
}

impl Carried {
    /// What it spends most time on.
    pub fn largest(&self) -> Option<&Taken> {
        self.tasks.iter().rev().max_by_key(|task| task.minutes)
    }
}

impl Taken {
    /// The value that says how long it takes: `journey.machines[sales].states[offered].minutes`.
    pub fn path(&self) -> String {
        match *self.about.splitn(3, '.').collect::<Vec<_>>() {
            ["machines", machine, state] => format!("journey.machines[{machine}].states[{state}].minutes"),
            ["calendar", id] => format!("playbook.calendar[{id}].minutes"),
            [list, id] => format!("journey.{list}[{id}].minutes"),
            _ => "journey.load".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::components::sample;

    fn journey() -> Journey {
        crate::package::read(&sample::journey(), "journey").unwrap()
    }

    /// Sales and marketing of the partner read one mailbox; the region's desk and the vendor's have another.
    fn around() -> Around {
        let owners = ["partner-marketing", "partner-sales", "region-desk", "vendor-desk"];
        let role = |owner: &str| if owner.starts_with("partner") { "partner" } else { "hq" };
        let address = |owner: &str| if owner.starts_with("partner") { "ours" } else { "theirs" };
        Around {
            owners: owners.iter().map(|&owner| (owner.into(), address(owner).into())).collect(),
            roles: owners.iter().map(|&owner| (owner.into(), role(owner).into())).collect(),
            ..Around::default()
        }
    }

    fn minutes(load: &Load, address: &str) -> u32 {
        load.rows.iter().find(|row| *row.address == *address).map_or(0, |row| row.minutes)
    }

    #[test]
    fn what_one_mailbox_does_is_added_up() {
        let load = Load::new(&journey(), &around(), &Besides::default());
        for row in &load.rows {
            assert_eq!(row.minutes, row.tasks.iter().map(|task| task.minutes).sum::<u32>());
        }
        let of = |about: &str| {
            let does = |row: &&Carried| row.tasks.iter().any(|task| task.about == about);
            load.rows.iter().filter(does).map(|row| row.address.to_string()).collect::<Vec<_>>()
        };
        assert_eq!(
            (of("machines.sales.accepted"), of("machines.sales.desk")),
            (vec!["ours".into()], vec!["theirs".into()])
        );
        assert!(load.rows.windows(2).all(|pair| pair[0].minutes >= pair[1].minutes));
    }

    #[test]
    fn answers_by_hand_and_weekly_dates_count_where_they_are_done() {
        let (journey, around) = (journey(), around());
        let besides = Besides {
            by_hand: vec![("report".into(), "theirs".into())],
            weekly: vec![Weekly { id: "review".into(), role: "partner".into(), minutes: 15 }],
        };
        let (plain, more) = (Load::new(&journey, &around, &Besides::default()), Load::new(&journey, &around, &besides));
        assert_eq!(minutes(&more, "ours"), minutes(&plain, "ours") + 15);
        let report = journey.requests.iter().find(|it| *it.id == *"report").and_then(|it| it.minutes).unwrap();
        assert_eq!(minutes(&more, "theirs"), minutes(&plain, "theirs") + report);
    }

    #[test]
    fn what_says_nothing_takes_what_all_take() {
        let mut journey = journey();
        journey.machines.iter_mut().flat_map(|it| &mut it.states).for_each(|state| state.minutes = None);
        journey.load = Some(crate::package::journey::Bound { at_most: Some(30), minutes: Some(7) });
        let load = Load::new(&journey, &around(), &Besides::default());
        let states = load.rows.iter().flat_map(|row| &row.tasks).filter(|task| task.about.starts_with("machines."));
        assert!(states.clone().count() > 5 && states.clone().all(|task| task.minutes == 7));
        assert!(load.above(30).all(|row| row.minutes > 30) && load.above(30).count() > 0);
        journey.load = None;
        let load = Load::new(&journey, &around(), &Besides::default());
        assert!(!load.rows.iter().flat_map(|row| &row.tasks).any(|task| task.about.starts_with("machines.")));
    }
}
