//! Who does what, who is asked before and who is told afterwards, derived from what is written once: the owners of states
//! and tasks, and what leads from one to the other. Who answers for a task is said by policy, which is not known here.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::package::journey::{Controller, Journey, Machine, State};
use crate::package::program::Role;
use crate::schema::journey::nodes::state_path;
use crate::schema::package::LEADS;

use super::duties::{Duties, Roles};
use super::lower::LATE;

/// A task and the roles (`hq`, `region`, `partner`) that it concerns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Charge {
    pub function: Arc<str>,
    /// The words of a task are found by these: `machine` and `state`, `right` and `holder`, or `role`, `substitute`, `record` alone.
    pub names: Vec<(&'static str, Arc<str>)>,
    /// Where its owner is written.
    pub path: String,
    pub does: Arc<str>,
    /// What policy is asked about for whoever answers for it: its owner, or what a task of the package is about. Without
    /// one, whoever does it answers for it.
    pub about: Option<Arc<str>>,
    /// Who made what it works from.
    pub asked: BTreeSet<Arc<str>>,
    /// Who works from what it makes.
    pub told: BTreeSet<Arc<str>>,
}

/// Every task of a package, with whoever does it; those of the package come first. Nobody is asked or told who does the
/// task, and nobody is told who is asked.
pub fn charges(journey: &Journey, tasks: &[Role], roles: &Roles, keeper: Option<Controller>) -> Vec<Charge> {
    let owing: BTreeSet<Arc<str>> = journey
        .machines
        .iter()
        .flat_map(|machine| machine.states.iter().filter_map(|state| roles.get(state.who.as_ref()?).cloned()))
        .collect();
    let of_package = tasks.iter().map(|task| of_package(task, tasks, &owing));
    let of_states = journey.machines.iter().flat_map(|machine| {
        let owed = machine.states.iter().filter_map(|state| Some((state, roles.get(state.who.as_ref()?)?)));
        owed.map(|(state, does)| of_state(machine, state, does, journey, roles)).collect::<Vec<_>>()
    });
    let standing_in = journey.substitutes.iter().filter_map(|it| {
        let path = format!("journey.substitutes[{}].who", it.id);
        Some(of_leads(vec![("substitute", it.id.clone())], path, roles.get(&it.who)?))
    });
    let passed_on = journey.records.iter().filter(|record| record.under.is_some()).filter_map(|record| {
        let path = format!("journey.records[{}].from", record.id);
        let mut charge = of_leads(vec![("record", record.id.clone())], path, roles.get(record.from.as_ref()?)?);
        charge.told.extend(roles.get(&record.to).cloned());
        Some(charge)
    });
    let duties = Duties::new(journey, roles, keeper, &[]);
    let answering = duties.held.iter().filter_map(|held| held.holder?.answers.as_ref()).collect::<Vec<_>>();
    let answered = journey.rights.iter().flat_map(|right| {
        answering.iter().filter_map(|&owner| {
            let holder = Controller::of_role(roles.get(owner)?).id();
            let names = vec![("right", right.id.clone()), ("holder", holder.into())];
            let mut charge = of_leads(names, format!("journey.holders[{holder}].answers"), roles.get(owner)?);
            // Whoever has the data answers for it by law, whoever decides on the program.
            charge.about = None;
            charge.told.extend(answering.iter().filter_map(|&other| roles.get(other).cloned()));
            Some(charge)
        })
    });
    let all = of_package.chain(of_states).chain(standing_in).chain(passed_on).chain(answered);
    all.map(Charge::each_once).collect()
}

impl Charge {
    fn each_once(mut self) -> Self {
        self.asked.remove(&self.does);
        self.told.retain(|role| *role != self.does && !self.asked.contains(role));
        self
    }
}

/// A task of the package. Whoever else owns something of its function is told, of leads whoever owes something in a state.
fn of_package(task: &Role, tasks: &[Role], owing: &BTreeSet<Arc<str>>) -> Charge {
    let beside = tasks.iter().filter(|other| other.function == task.function).map(|other| other.owner.clone());
    let owing = owing.iter().filter(|_| &*task.function == LEADS).cloned();
    Charge {
        function: task.function.clone(),
        names: vec![("role", task.id.clone())],
        path: format!("roles[{}].owner", task.id),
        does: task.owner.clone(),
        about: task.about.clone(),
        asked: BTreeSet::new(),
        told: beside.chain(owing).collect(),
    }
}

fn of_leads(names: Vec<(&'static str, Arc<str>)>, path: String, does: &Arc<str>) -> Charge {
    let (asked, told) = (BTreeSet::new(), BTreeSet::new());
    let about = Some(Arc::from(path.as_str()));
    Charge { function: LEADS.into(), names, path, does: does.clone(), about, asked, told }
}

/// Who owes something in a state works from what the states before it made, and the states behind it from what it makes.
/// What runs out of time leads to whoever takes over, who has asked for nothing.
fn of_state(machine: &Machine, state: &State, does: &Arc<str>, journey: &Journey, roles: &Roles) -> Charge {
    let names = vec![("machine", machine.id.clone()), ("state", state.id.clone())];
    let path = format!("{}.who", state_path(&machine.id, &state.id));
    let mut charge = of_leads(names, path, does);
    let role = |state: &State| state.who.as_ref().and_then(|who| roles.get(who)).cloned();
    let leads_here = |from: &&State| from.to.iter().any(|(event, to)| **event != *LATE && *to == state.id);
    charge.asked.extend(machine.states.iter().filter(leads_here).filter_map(role));
    let behind = machine.states.iter().filter(|next| state.to.values().any(|to| *to == next.id));
    charge.told.extend(behind.filter_map(role));
    let record = journey.records.iter().find(|record| state.record.as_ref() == Some(&record.id));
    charge.told.extend(record.and_then(|record| roles.get(&record.to)).cloned());
    charge
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Data;

    const OWNERS: [(&str, &str); 3] = [("desk", "region"), ("hq-desk", "hq"), ("seller", "partner")];

    fn journey() -> Journey {
        let state = |id: &str, who: Option<&str>, to: &[(&str, &str)]| {
            let to = to.iter().map(|&(event, state)| (event, Data::from(state)));
            let who = who.map(|who| ("who", Data::from(who)));
            Data::map([("id", Data::from(id)), ("to", Data::map(to))].into_iter().chain(who))
        };
        let states = [
            state("none", None, &[("asked", "offered")]),
            state("offered", Some("seller"), &[("declined", "desk"), ("late", "desk"), ("accepted", "talking")]),
            state("desk", Some("desk"), &[("accepted", "talking")]),
            state("talking", Some("seller"), &[("late", "desk")]),
        ];
        let machine = Data::map([("id", Data::from("sales")), ("states", Data::list(states))]);
        crate::package::read(&Data::map([("machines", Data::list([machine]))]), "journey").unwrap()
    }

    fn told(charge: &Charge) -> [Vec<&str>; 2] {
        [&charge.asked, &charge.told].map(|roles| roles.iter().map(|role| &**role).collect())
    }

    /// Whoever declines is asked by the desk and told by nobody; time that runs out asks nobody.
    #[test]
    fn states_before_are_asked_and_those_behind_are_told() {
        let roles: Roles = OWNERS.map(|(id, role)| (id.into(), role.into())).into();
        let charges = charges(&journey(), &[], &roles, None);
        let of = |state: &str| charges.iter().find(|charge| charge.names.iter().any(|(_, id)| &**id == state)).unwrap();
        assert_eq!(charges.len(), 3);
        assert_eq!(told(of("offered")), [vec![], vec!["region"]]);
        assert_eq!(told(of("desk")), [vec!["partner"], vec![]]);
        assert_eq!(told(of("talking")), [vec!["region"], vec![]]);
        assert_eq!(of("desk").path, "journey.machines[sales].states[desk].who");
    }

    #[test]
    fn who_owns_another_task_of_the_function_is_told() {
        let roles: Roles = OWNERS.map(|(id, role)| (id.into(), role.into())).into();
        let task = |id: &str, function: &str, owner: &str| Role {
            id: id.into(),
            function: function.into(),
            task: id.into(),
            owner: owner.into(),
            about: None,
        };
        let tasks = [task("a", "content", "hq"), task("b", "content", "region"), task("c", LEADS, "hq")];
        let charges = charges(&journey(), &tasks, &roles, None);
        assert_eq!(told(&charges[0]), [vec![], vec!["region"]]);
        assert_eq!(told(&charges[1]), [vec![], vec!["hq"]]);
        assert_eq!(told(&charges[2]), [vec![], vec!["partner", "region"]]);
    }
}
