//! A second reading of the rules that walk: every lead is followed through the whole journey as it is written, one
//! step after the other, without slices and without a network. Slow, and nothing of it is shared with the prover.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::journey::Mode;
use crate::package::journey::{Journey, Machine, Purpose, Send, State, Sureness};

/// A code and the path at which it is said.
pub type Said = (&'static str, String);

/// A lead, as one would follow it with a pencil.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Lead {
    permission: BTreeMap<String, &'static str>,
    requested: BTreeSet<String>,
    /// How many emails of each sequence went out, where it runs.
    running: BTreeMap<String, usize>,
    finished: BTreeSet<String>,
    at: BTreeMap<String, String>,
}

pub struct Oracle<'j> {
    pub journey: &'j Journey,
    pub sends: &'j [Send],
    pub mode: Mode,
}

/// What is left aside while leads are followed.
#[derive(Clone, Copy)]
struct Aside {
    gates: bool,
    withdrawal: bool,
}

impl Oracle<'_> {
    /// What is wrong, for the rules that have to follow leads.
    pub fn says(&self) -> BTreeSet<Said> {
        let mut said = BTreeSet::new();
        self.reached(&mut said);
        let loose = self.leads(Aside { gates: true, withdrawal: true });
        let careless = self.leads(Aside { gates: true, withdrawal: false });
        for lead in &loose {
            self.knows_enough(lead, &mut said);
            self.is_not_dropped(lead, &mut said);
        }
        for lead in &careless {
            self.allowed_what_comes(lead, &mut said);
        }
        if self.journey.happens.iter().any(|it| it.sure == Sureness::Weak) {
            let leads = self.leads(Aside { gates: false, withdrawal: true });
            let contacting = |it: &&Machine| it.states.iter().any(|state| !state.contact.is_empty());
            let machines = self.journey.machines.iter().filter(contacting);
            machines.for_each(|machine| self.signs_stay_weak(machine, &leads, &mut said));
        }
        said
    }

    fn start(&self) -> Lead {
        let first = |states: &[State]| states.first().map(|state| state.id.to_string()).unwrap_or_default();
        Lead {
            permission: self.journey.purposes.iter().map(|it| (it.id.to_string(), "unasked")).collect(),
            requested: BTreeSet::new(),
            running: BTreeMap::new(),
            finished: BTreeSet::new(),
            at: self.journey.machines.iter().map(|it| (it.id.to_string(), first(&it.states))).collect(),
        }
    }

    /// A lead that asks for its data, or is to be contacted no more.
    fn rights(&self, lead: &Lead, aside: Aside) -> Vec<Lead> {
        let is_heard = self.journey.happens.iter().any(|it| &*it.id == "withdrawn");
        let is_stop = |id: &str| ["erasure", "objection"].contains(&id);
        let rights = self.journey.rights.iter().filter(|right| aside.withdrawal || !(is_heard && is_stop(&right.id)));
        let asked = rights.map(|right| {
            let mut after = lead.clone();
            if is_stop(&right.id) {
                after.requested.clear();
            }
            if is_heard && is_stop(&right.id) {
                after.permission.values_mut().filter(|now| **now != "unasked").for_each(|now| *now = "withdrawn");
                for sequence in &self.journey.sequences {
                    if after.running.remove(&*sequence.id).is_some() {
                        after.finished.remove(&*sequence.id);
                    }
                }
            }
            self.hear(after, &[format!("{}.asked", right.id)])
        });
        asked.collect()
    }

    fn leads(&self, aside: Aside) -> BTreeSet<Lead> {
        let mut seen = BTreeSet::from([self.start()]);
        let mut waiting = VecDeque::from([self.start()]);
        while let Some(lead) = waiting.pop_front() {
            for (_, next) in self.next(&lead, aside) {
                if seen.insert(next.clone()) {
                    waiting.push_back(next);
                }
            }
            assert!(seen.len() < 100_000, "the journey is too large for the oracle");
        }
        seen
    }

    /// Everything that can happen next to a lead, and whether a person surely did it.
    fn next(&self, lead: &Lead, aside: Aside) -> Vec<(bool, Lead)> {
        let mut next = Vec::new();
        for request in &self.journey.requests {
            for ticked in subsets(&request.asks.iter().map(|id| id.to_string()).collect::<Vec<_>>()) {
                let mut after = lead.clone();
                let mut heard = vec![format!("{}.asked", request.id)];
                after.requested.insert(request.id.to_string());
                for purpose in request.asks.iter().map(|id| id.to_string()) {
                    let now = after.permission[&purpose];
                    let then = match (ticked.contains(&purpose), now) {
                        (true, "unasked" | "asked" | "withdrawn") if self.mode == Mode::DoubleOptIn => "pending",
                        (true, "unasked" | "asked" | "withdrawn") => "given",
                        (false, "unasked") => "asked",
                        (_, now) => now,
                    };
                    if ticked.contains(&purpose) && self.mode != Mode::DoubleOptIn {
                        heard.push(format!("{purpose}.given"));
                    }
                    after.permission.insert(purpose, then);
                }
                next.push((true, self.hear(after, &heard)));
            }
        }
        for purpose in self.journey.purposes.iter().map(|it| it.id.to_string()) {
            let is_confirmed = self.sends.iter().any(|send| send.confirms.iter().any(|it| **it == *purpose));
            if lead.permission[&purpose] == "pending" && is_confirmed {
                let mut given = lead.clone();
                given.permission.insert(purpose.clone(), "given");
                next.push((true, self.hear(given, &[format!("{purpose}.given")])));
                let mut expired = lead.clone();
                expired.permission.insert(purpose.clone(), "asked");
                next.push((false, expired));
            }
            if aside.withdrawal && self.journey.happens.iter().any(|it| &*it.id == "withdrawn") {
                let mut after = lead.clone();
                if after.permission[&purpose] != "unasked" {
                    after.permission.insert(purpose.clone(), "withdrawn");
                }
                for sequence in self.journey.sequences.iter().filter(|it| *it.purpose == *purpose) {
                    if after.running.remove(&*sequence.id).is_some() {
                        after.finished.remove(&*sequence.id);
                    }
                }
                next.push((true, self.hear(after, &[format!("{purpose}.withdrawn"), "withdrawn".into()])));
            }
        }
        if !lead.requested.is_empty() || self.journey.requests.is_empty() {
            next.extend(self.rights(lead, aside).into_iter().map(|after| (true, after)));
        }
        for sequence in &self.journey.sequences {
            if let Some((send, after)) = self.mail(lead, &sequence.id, aside.gates) {
                next.push((false, self.hear(after, &[format!("{}.sent", send.id)])));
            }
        }
        let is_known = !lead.requested.is_empty() || self.journey.requests.is_empty();
        let bounces = aside.withdrawal && self.journey.happens.iter().any(|it| &*it.id == "withdrawn");
        if is_known && bounces && !self.journey.sequences.is_empty() {
            let mut after = lead.clone();
            for purpose in self.journey.purposes.iter().filter(|it| it.allows("email")) {
                let now = after.permission.get_mut(&*purpose.id).filter(|now| **now != "unasked");
                now.into_iter().for_each(|now| *now = "withdrawn");
                for sequence in self.journey.sequences.iter().filter(|it| it.purpose == purpose.id) {
                    if after.running.remove(&*sequence.id).is_some() {
                        after.finished.remove(&*sequence.id);
                    }
                }
            }
            next.push((true, self.hear(after, &["bounced".into()])));
        }
        for happening in self.journey.happens.iter().filter(|it| &*it.id != "withdrawn") {
            let under = happening.under.as_ref().is_none_or(|id| self.allows(lead.permission[&**id]));
            if is_known && under {
                let is_sure = happening.sure == Sureness::Strong;
                next.push((is_sure, self.hear(lead.clone(), &[happening.id.to_string()])));
            }
        }
        for send in self.sends.iter().filter(|send| send.sequence.is_none()) {
            if is_known {
                next.push((false, self.hear(lead.clone(), &[format!("{}.sent", send.id)])));
            }
        }
        for machine in &self.journey.machines {
            let now = &lead.at[&*machine.id];
            let Some(state) = machine.states.iter().find(|it| *it.id == **now) else { continue };
            if let (Some(_), Some(late)) = (&state.within, state.to.get("late")) {
                let mut after = lead.clone();
                after.at.insert(machine.id.to_string(), late.to_string());
                let mut heard = self.hear(after, &[format!("{now}.late")]);
                // It left by its own clock, whatever else it hears.
                heard.at.insert(machine.id.to_string(), late.to_string());
                next.push((false, heard));
            }
        }
        next
    }

    /// The next email of a sequence, and the lead after it.
    fn mail(&self, lead: &Lead, sequence: &str, gates_aside: bool) -> Option<(&Send, Lead)> {
        let done = *lead.running.get(sequence)?;
        let it = self.journey.sequences.iter().find(|it| &*it.id == sequence)?;
        let mut mails: Vec<&Send> =
            self.sends.iter().filter(|send| send.sequence.as_deref() == Some(sequence)).collect();
        mails.sort_by_key(|send| send.day);
        let holds =
            it.goes_on.iter().all(|(machine, states)| states.iter().any(|state| **state == *lead.at[&**machine]));
        let is_open = gates_aside || holds && self.allows(lead.permission[&*it.purpose]);
        if !is_open {
            return None;
        }
        let send = *mails.get(done)?;
        let mut after = lead.clone();
        after.running.insert(sequence.into(), done + 1);
        if done + 1 == mails.len() {
            after.running.remove(sequence);
            after.finished.insert(sequence.into());
        }
        Some((send, after))
    }

    fn allows(&self, permission: &str) -> bool {
        match self.mode {
            Mode::OptOut => permission != "withdrawn",
            _ => permission == "given",
        }
    }

    /// All machines and sequences hear of something at once.
    fn hear(&self, mut lead: Lead, names: &[String]) -> Lead {
        for machine in &self.journey.machines {
            let now = lead.at[&*machine.id].clone();
            let state = machine.states.iter().find(|it| *it.id == *now);
            let to = state.and_then(|state| names.iter().find_map(|name| state.to.get(name.as_str())));
            if let Some(to) = to {
                lead.at.insert(machine.id.to_string(), to.to_string());
            }
        }
        for sequence in &self.journey.sequences {
            let start = match &*sequence.starts {
                "given" => format!("{}.given", sequence.purpose),
                other => other.to_owned(),
            };
            let id = sequence.id.to_string();
            if names.contains(&start) && !lead.running.contains_key(&id) && !lead.finished.contains(&id) {
                lead.running.insert(id, 0);
            }
        }
        lead
    }

    /// J4.
    fn reached(&self, said: &mut BTreeSet<Said>) {
        let leads = self.leads(Aside { gates: false, withdrawal: true });
        for machine in &self.journey.machines {
            for state in &machine.states {
                if !leads.iter().any(|lead| *lead.at[&*machine.id] == *state.id) {
                    said.insert(("E-J4", format!("journey.machines[{}].states[{}]", machine.id, state.id)));
                }
            }
        }
        for sequence in &self.journey.sequences {
            let sent: BTreeSet<String> = leads
                .iter()
                .filter_map(|lead| self.mail(lead, &sequence.id, false))
                .map(|(send, _)| send.id.to_string())
                .collect();
            let mut own: Vec<&Send> =
                self.sends.iter().filter(|it| it.sequence.as_ref() == Some(&sequence.id)).collect();
            own.sort_by_key(|send| send.day);
            let never = own.iter().find(|send| !sent.contains(&*send.id));
            said.extend(never.map(|send| ("E-J4", format!("nurture.emails[{}]", send.id))));
        }
    }

    /// J3.
    fn knows_enough(&self, lead: &Lead, said: &mut BTreeSet<Said>) {
        for machine in &self.journey.machines {
            let state = machine.states.iter().find(|it| *it.id == *lead.at[&*machine.id]);
            let record = state
                .and_then(|state| self.journey.records.iter().find(|record| state.record.as_ref() == Some(&record.id)));
            let (Some(state), Some(record)) = (state, record) else { continue };
            let made = || self.journey.requests.iter().filter(|it| lead.requested.contains(&*it.id));
            let known: BTreeSet<&str> = made().flat_map(|it| &it.form).map(|field| &**field).collect();
            let further = made().filter_map(|it| record.when.get(&it.id)).flatten();
            if record.needs.iter().chain(further).any(|field| !known.contains(&**field)) {
                said.insert(("E-J3", format!("journey.machines[{}].states[{}].record", machine.id, state.id)));
            }
        }
    }

    /// J5: a promise is not dropped in silence.
    fn is_not_dropped(&self, lead: &Lead, said: &mut BTreeSet<Said>) {
        let waits = self.journey.requests.iter().any(|it| it.calls && lead.requested.contains(&*it.id));
        for machine in self.journey.machines.iter().filter(|_| waits) {
            let of = |id: &str| machine.states.iter().find(|it| *it.id == *id);
            let Some(state) = of(&lead.at[&*machine.id]).filter(|state| state.within.is_some()) else { continue };
            let next = state.to.get("late").and_then(|late| of(late));
            if next.is_some_and(|next| next.who.is_none() && next.sends.is_none()) {
                said.insert(("E-J5", format!("journey.machines[{}].states[{}].to.late", machine.id, state.id)));
            }
        }
    }

    /// J7.
    fn allowed_what_comes(&self, lead: &Lead, said: &mut BTreeSet<Said>) {
        for sequence in &self.journey.sequences {
            if self.mail(lead, &sequence.id, true).is_some() && !self.allows(lead.permission[&*sequence.purpose]) {
                said.insert(("E-J7", format!("journey.sequences[{}].starts", sequence.id)));
            }
        }
        let asked = self.journey.requests.iter().any(|it| it.calls && lead.requested.contains(&*it.id));
        let permits = |channel: &str| {
            let purposes = self.journey.purposes.iter().filter(|it| self.allows(lead.permission[&*it.id]));
            let of = |it: &Purpose| if it.channels.is_empty() { vec!["email".into()] } else { it.channels.clone() };
            purposes.flat_map(of).any(|allowed| *allowed == *channel)
        };
        for machine in self.journey.machines.iter().filter(|_| !asked) {
            let state = machine.states.iter().find(|it| *it.id == *lead.at[&*machine.id]);
            let state = state.filter(|state| !state.contact.is_empty());
            if let Some(state) = state.filter(|state| !state.contact.iter().any(|channel| permits(channel))) {
                said.insert(("E-J7", format!("journey.machines[{}].states[{}].contact", machine.id, state.id)));
            }
        }
    }
}

impl Oracle<'_> {
    /// J13: wherever a lead stood last when a person surely did something, what follows by itself comes to no other
    /// contact than time would bring.
    fn signs_stay_weak(&self, machine: &Machine, leads: &BTreeSet<Lead>, said: &mut BTreeSet<Said>) {
        let mut seen: BTreeSet<(String, Lead)> =
            leads.iter().map(|lead| (lead.at[&*machine.id].clone(), lead.clone())).collect();
        let mut waiting: Vec<(String, Lead)> = seen.iter().cloned().collect();
        while let Some((since, lead)) = waiting.pop() {
            let by_itself = self.next(&lead, Aside { gates: false, withdrawal: true }).into_iter();
            for (_, next) in by_itself.filter(|(is_sure, _)| !is_sure) {
                let place = (since.clone(), next);
                if seen.insert(place.clone()) {
                    waiting.push(place);
                }
            }
        }
        let state = |id: &str| machine.states.iter().find(|it| *it.id == *id);
        for (since, lead) in &seen {
            let mut now = state(since);
            let mut brought: Vec<&str> = Vec::new();
            for _ in &machine.states {
                brought.extend(now.iter().flat_map(|it| &it.contact).map(|channel| &**channel));
                now = now.filter(|it| it.within.is_some()).and_then(|it| state(it.to.get("late")?));
            }
            let Some(at) = state(&lead.at[&*machine.id]) else { continue };
            if at.contact.iter().any(|channel| !brought.contains(&&**channel)) {
                said.insert(("E-J13", format!("journey.machines[{}].states[{}].contact", machine.id, at.id)));
            }
        }
    }
}

fn subsets(of: &[String]) -> Vec<BTreeSet<String>> {
    (0..1_usize << of.len())
        .map(|bits| of.iter().enumerate().filter(|(at, _)| bits >> at & 1 == 1).map(|(_, id)| id.clone()).collect())
        .collect()
}
