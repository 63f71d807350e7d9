//! Who may owe something about a lead (W2): whoever keeps it, and whoever got its record on every way.
//!
//! A state of somebody else is owed by its `deputy`, where that one may have the lead; or else it is left out, and what
//! led to it leads to where its time would have run out. All that is made of a machine is made of what is left.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::catalog::patch::Leaf;
use crate::diag::{Diagnostic, nearest};
use crate::journey::lower::LATE;
use crate::package::journey::Controller;
use crate::resolve::tree::{Resolved, Tree, Value};

use super::lowering::without as without_items;

type Entries = crate::data::IndexMap<Arc<str>, Arc<Tree>>;

/// The tree with machines in which nobody owes anything about a lead that it may not have. Where nothing says who keeps
/// leads, nothing changes.
pub fn handed(tree: &Arc<Tree>) -> Result<Arc<Tree>, Diagnostic> {
    let Some((journey, machines)) = tree.get("journey").and_then(|it| Some((it, it.get("machines")?))) else {
        return Ok(tree.clone());
    };
    deputies(tree, machines)?;
    let Some(keeps) = tree.text_at("leads.keeps") else { return Ok(tree.clone()) };
    let parties = Parties { keeper: Controller::of_forms(keeps), tree };
    let mut left = BTreeMap::new();
    let mut changed = Entries::default();
    for (id, machine) in machines.children() {
        let (machine, dropped) = parties.machine(id, machine)?;
        changed.insert(id.clone(), machine);
        left.insert(id.clone(), dropped);
    }
    let is_same = changed.iter().all(|(id, machine)| machines.get(id).is_some_and(|own| Arc::ptr_eq(own, machine)));
    if is_same {
        return Ok(tree.clone());
    }
    let tellers: BTreeSet<&str> = parties.tellers(changed.values());
    let mut parts = vec![("machines", Arc::new(Value::List(changed.clone()).into()))];
    parts.extend(journey.get("sequences").map(|it| ("sequences", each(it, |sequence| going_on(sequence, &left)))));
    parts.extend(journey.get("happens").map(|it| ("happens", each(it, |happening| told(happening, &tellers)))));
    let journey = parts.into_iter().fold(journey.clone(), |journey, (key, part)| journey.with(key, part));
    Ok(tree.with("journey", journey))
}

/// Why a state is left out that the layers say.
pub fn since(state: &Tree, tree: &Tree) -> Option<String> {
    let (who, keeps) = (state.text_at("who")?, tree.text_at("leads.keeps")?);
    Some(format!("with `leads.keeps: {keeps}` `{who}` neither keeps leads nor gets their record on every way"))
}

/// The tree without what a partner does with leads that were handed to it, where it gets the record of none
/// ([`Handing::of`](crate::components::qualification::Handing::of)).
pub fn handed_alone(tree: &Arc<Tree>) -> Arc<Tree> {
    if gets_records(tree).unwrap_or_default() {
        return tree.clone();
    }
    without_items(tree, &["playbook", "calendar"], &|item| {
        item.get("handed").and_then(|flag| flag.as_leaf()).is_some_and(|flag| matches!(flag.leaf, Leaf::Bool(true)))
    })
}

/// Whether the partner gets a record in the machine that feedback tells of.
fn gets_records(tree: &Tree) -> Option<bool> {
    let feedback = tree.at("qualification.feedback")?;
    let told = feedback.children().find_map(|(_, status)| status.text_at("ends"))?.split_once('.')?.0;
    let records = tree.at("journey.records")?;
    let owners = tree.at("qualification.owners")?;
    let states = tree.at("journey.machines")?.get(told)?.get("states")?;
    let role = |state: &Tree| {
        owners.get(records.get(state.text_at("record")?)?.text_at("to")?)?.text_at("role").map(str::to_owned)
    };
    Some(states.children().any(|(_, state)| role(state).as_deref() == Some(Controller::Partner.id())))
}

/// A deputy is somebody, whether it is needed here or not.
fn deputies(tree: &Tree, machines: &Tree) -> Result<(), Diagnostic> {
    let owners = tree.at("qualification.owners");
    let states = machines.children().filter_map(|(_, machine)| machine.get("states")).flat_map(|it| it.children());
    for deputy in states.filter_map(|(_, state)| state.get("deputy")) {
        let name = leaf(deputy).unwrap_or_default();
        if owners.is_none_or(|owners| owners.get(name).is_none()) {
            let known = owners.into_iter().flat_map(|owners| owners.children()).map(|(id, _)| &**id);
            let help = match nearest(name, known) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "name an id of `qualification.owners`".to_owned(),
            };
            let error =
                Diagnostic::error("E-J1", format!("there is no owner `{name}`, which a state has as its deputy"));
            return Err(match deputy.origin() {
                Some(origin) => error.at(origin.span, ""),
                None => error,
            }
            .help(help));
        }
    }
    Ok(())
}

/// Who belongs to whom.
struct Parties<'t> {
    keeper: Controller,
    tree: &'t Tree,
}

impl Parties<'_> {
    /// Of an owner, by the role. The region's team works for the vendor.
    fn of(&self, owner: &str) -> Option<Controller> {
        let role = self.tree.at("qualification.owners")?.get(owner)?.text_at("role")?;
        Some(if role == Controller::Partner.id() { Controller::Partner } else { Controller::Vendor })
    }

    /// A machine, and the states of it that are left out.
    fn machine(&self, id: &str, machine: &Arc<Tree>) -> Result<(Arc<Tree>, BTreeSet<Arc<str>>), Diagnostic> {
        let Some(states) = machine.get("states") else { return Ok((machine.clone(), BTreeSet::new())) };
        let had = self.had(states);
        let may =
            |state: &Arc<str>, who: &str| self.of(who).is_none_or(|party| party == self.keeper) || had.contains(state);
        let mut kept = Entries::default();
        let mut dropped: BTreeMap<Arc<str>, Option<Arc<Tree>>> = BTreeMap::new();
        for (name, state) in states.children() {
            let deputy = state.get("deputy").cloned();
            let own = without(state, "deputy");
            match (state.text_at("who"), deputy) {
                (Some(who), _) if may(name, who) => drop(kept.insert(name.clone(), own)),
                (Some(_), Some(deputy)) if may(name, leaf(&deputy).unwrap_or_default()) => {
                    kept.insert(name.clone(), own.with("who", deputy));
                }
                (Some(_), _) => drop(dropped.insert(name.clone(), state.at("to").and_then(|to| to.get(LATE)).cloned())),
                (None, _) => drop(kept.insert(name.clone(), own)),
            }
        }
        let names = dropped.keys().cloned().collect();
        let first = states.children().next().map(|(name, _)| name);
        for (name, state) in states.children().filter(|(name, _)| dropped.contains_key(*name)) {
            if Some(name) == first || instead(name, &dropped).is_none() {
                return Err(nobody(id, name, state));
            }
        }
        if dropped.is_empty()
            && kept.iter().all(|(name, state)| states.get(name).is_some_and(|it| Arc::ptr_eq(it, state)))
        {
            return Ok((machine.clone(), names));
        }
        for state in kept.values_mut() {
            if let Some(to) = state.get("to") {
                let to = each(to, |next| {
                    leaf(next).and_then(|name| instead(name, &dropped)).unwrap_or_else(|| next.clone())
                });
                *state = state.with("to", to);
            }
        }
        Ok((machine.with("states", Arc::new(Value::List(kept).into())), names))
    }

    /// The states in which somebody else than the keeper has the lead: its record was handed over there, or on every way.
    fn had(&self, states: &Tree) -> BTreeSet<Arc<str>> {
        let hands = |state: &Tree| {
            let to = state.text_at("record").and_then(|id| self.tree.at("journey.records")?.get(id)?.text_at("to"));
            to.and_then(|owner| self.of(owner)).is_some_and(|party| party != self.keeper)
        };
        let leads = |from: &Tree, name: &str| {
            from.get("to").is_some_and(|to| to.children().any(|(_, it)| leaf(it) == Some(name)))
        };
        let first = states.children().next().map(|(name, _)| name.clone());
        let mut had: BTreeSet<Arc<str>> = states.children().map(|(name, _)| name.clone()).collect();
        loop {
            let still = states.children().filter(|(name, state)| {
                let from = || states.children().filter(|(_, from)| leads(from, name));
                let on_every_way = Some(*name) != first.as_ref() && from().all(|(before, _)| had.contains(before));
                hands(state) || on_every_way
            });
            let still: BTreeSet<Arc<str>> = still.map(|(name, _)| name.clone()).collect();
            if still == had {
                return had;
            }
            had = still;
        }
    }

    /// Whose people still owe something, by the words of `by`: `region`, `partner`.
    fn tellers<'m>(&'m self, machines: impl Iterator<Item = &'m Arc<Tree>>) -> BTreeSet<&'m str> {
        let states = machines.filter_map(|machine| machine.get("states")).flat_map(|states| states.children());
        let owners = states.filter_map(|(_, state)| state.text_at("who"));
        owners.filter_map(|who| self.tree.at("qualification.owners")?.get(who)?.text_at("role")).collect()
    }
}

/// Where a state leads that is left out: to the first that is not, by its time.
fn instead(name: &str, dropped: &BTreeMap<Arc<str>, Option<Arc<Tree>>>) -> Option<Arc<Tree>> {
    let mut next = dropped.get(name)?.clone()?;
    for _ in 0..dropped.len() {
        match dropped.get(leaf(&next)?) {
            Some(after) => next = after.clone()?,
            None => return Some(next),
        }
    }
    None
}

fn nobody(machine: &str, name: &str, state: &Tree) -> Diagnostic {
    let message = format!(
        "who owes something in `{name}` of `{machine}` may not have the lead here, and nothing follows instead"
    );
    let help = "name by `deputy` somebody of whoever keeps the leads, or by `late` a state that follows";
    let error = Diagnostic::error("E-LEADS", message).help(help);
    match state.get("who").and_then(|who| who.origin()) {
        Some(origin) => error.at(origin.span, "neither keeps it nor gets its record on every way"),
        None => error,
    }
}

/// A sequence that goes on in states which are there.
fn going_on(sequence: &Arc<Tree>, left: &BTreeMap<Arc<str>, BTreeSet<Arc<str>>>) -> Arc<Tree> {
    let Some(goes_on) = sequence.get("while") else { return sequence.clone() };
    let Value::Map(machines) = goes_on.value() else { return sequence.clone() };
    let kept = machines.iter().map(|(id, states)| {
        let is_left = |word: &str| left.get(id).is_none_or(|dropped| !dropped.contains(word));
        (id.clone(), words(states, is_left))
    });
    sequence.with("while", Arc::new(Value::Map(kept.collect()).into()))
}

/// The region's team tells of leads only where it still owes something about them.
fn told(happening: &Arc<Tree>, tellers: &BTreeSet<&str>) -> Arc<Tree> {
    let Some(by) = happening.get("by") else { return happening.clone() };
    happening.with("by", words(by, |word| word != "region" || tellers.contains(word)))
}

/// Of a list of words those that are kept; never none.
fn words(list: &Arc<Tree>, is_kept: impl Fn(&str) -> bool) -> Arc<Tree> {
    let Some(resolved) = list.as_leaf() else { return list.clone() };
    let Leaf::Seq(all) = &resolved.leaf else { return list.clone() };
    let kept: Vec<Leaf> = all.iter().filter(|word| word.source().is_none_or(&is_kept)).cloned().collect();
    if kept.is_empty() || kept.len() == all.len() {
        return list.clone();
    }
    let resolved = Resolved {
        leaf: Leaf::Seq(kept.into()),
        origin: resolved.origin,
        translated: resolved.translated,
        hides: resolved.hides.clone(),
        dropped: resolved.dropped,
        amended: Vec::new(),
    };
    Arc::new(Value::Leaf(resolved).into())
}

fn leaf(node: &Tree) -> Option<&str> {
    node.as_leaf()?.leaf.source()
}

fn each(node: &Arc<Tree>, change: impl Fn(&Arc<Tree>) -> Arc<Tree>) -> Arc<Tree> {
    let changed = |entries: &Entries| entries.iter().map(|(key, child)| (key.clone(), change(child))).collect();
    match node.value() {
        Value::Map(entries) => Arc::new(Value::Map(changed(entries)).into()),
        Value::List(items) => Arc::new(Value::List(changed(items)).into()),
        Value::Leaf(_) => node.clone(),
    }
}

fn without(node: &Arc<Tree>, key: &str) -> Arc<Tree> {
    let Value::Map(entries) = node.value() else { return node.clone() };
    if !entries.contains_key(key) {
        return node.clone();
    }
    let kept = entries.iter().filter(|(name, _)| &***name != key);
    Arc::new(Value::Map(kept.map(|(name, child)| (name.clone(), child.clone())).collect()).into())
}
