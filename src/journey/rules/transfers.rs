//! J10 for what goes over in no state: a record on a permission alone. Whoever is given a permission gets what it needs, a
//! platform that sends gets whom it may write to, and what it sees comes back to whoever counts it.

use std::sync::Arc;

use crate::package::journey::{Controller, Machine, Purpose, Record, Request, Sequence, State};

use super::super::duties::{fields, side};
use super::super::grounds::{ADDRESS, Ground};
use super::super::{Around, Lowered, Sender};
use super::Faults;
use super::duties::{CODE, Rule};

pub fn check(lowered: &Lowered<'_>, around: &Around, faults: &mut Faults) {
    let rule = Rule { journey: lowered.journey, around };
    let records = &lowered.journey.records;
    records.iter().filter(|record| record.under.is_some()).for_each(|record| rule.passed(record, faults));
    records.iter().for_each(|record| rule.shown(record, faults));
    for row in &around.groundless {
        let message = "what this tells of a lead goes over with it, and nothing says on which ground";
        let help = "name by `holds` the fields that it is made of, or say by `ground`: `permission` of whoever gets it, a \
                    `conversation` with the lead, or `none` where it says no more than the record";
        faults.say(CODE, &**row, message.to_owned(), help);
    }
    let Some(keeper) = around.keeper else { return };
    if around.lacks_control && rule.asks_for_both() {
        let message = "forms ask permission for both, and no `region.legal.control` says whether partner and vendor answer for the data together";
        let help = "say `joint` or `separate` as the region's `legal.control`: the agreement prints it, and the legal page has \
                    to say the same";
        // At the region's own line: what it does not say has none.
        faults.say(CODE, "region.legal.consent_mode", message.to_owned(), help);
    }
    for request in &lowered.journey.requests {
        let asked = |purpose: &&Purpose| request.asks.contains(&purpose.id) && purpose.controller != keeper;
        let lost = lowered.journey.purposes.iter().filter(asked).find(|purpose| !rule.gets(purpose, request));
        lost.into_iter().for_each(|purpose| undelivered(request, purpose, keeper, faults));
    }
    let Some(sender) = around.sender.as_ref().filter(|sender| sender.side != keeper) else { return };
    let unknown = lowered.journey.sequences.iter().find(|it| !rule.is_passed(&it.purpose, sender.side));
    unknown.into_iter().for_each(|it| unsent(it, sender, keeper, faults));
    let passed = |sequence: &&Sequence| rule.is_passed(&sequence.purpose, sender.side);
    for sequence in lowered.journey.sequences.iter().filter(passed) {
        let unknown = sequence.goes_on.keys().find(|machine| !rule.tells_state(machine, sequence, sender.side));
        unknown.into_iter().for_each(|machine| blind(machine, sequence, sender, faults));
    }
    for (event, path) in around.counted.iter().filter(|(event, _)| !rule.is_told(event, sender.side, keeper)) {
        untold(event, path, sender, keeper, faults);
    }
}

impl Rule<'_> {
    /// Whether a lead may give permission to either side.
    fn asks_for_both(&self) -> bool {
        let asked = |purpose: &&Purpose| self.journey.requests.iter().any(|it| it.asks.contains(&purpose.id));
        let of = |side| self.journey.purposes.iter().filter(asked).any(|purpose| purpose.controller == side);
        of(Controller::Partner) && of(Controller::Vendor)
    }

    fn side(&self, owner: &str) -> Controller {
        side(&self.around.roles, owner)
    }

    /// What a record says that goes over on a permission: who passes it on, by when, and only what that permission covers.
    fn passed(&self, record: &Record, faults: &mut Faults) {
        let at = |key: &str| format!("journey.records[{}]{key}", record.id);
        let purpose = self.journey.purposes.iter().find(|it| Some(&it.id) == record.under.as_ref());
        let Some(purpose) = purpose else { return };
        let Some(from) = &record.from else {
            let message = format!("nobody passes the record `{}` on when `{}` is permitted", record.id, purpose.id);
            return faults.say(CODE, at(""), message, "name by `from` somebody who has the lead");
        };
        if record.within.is_none() {
            let message = format!("nothing says by when the record `{}` is passed on", record.id);
            faults.say(CODE, at(""), message, "add `within`, as `2d`");
        }
        let (giver, to) = (self.side(from), self.side(&record.to));
        if giver == to {
            let message = format!("`{from}` and `{}` are both of the {}: nothing goes over", record.to, to.id());
            faults.say(CODE, at(".from"), message, "name somebody of the other side, or take the record out");
            return;
        }
        if Some(to) != self.around.keeper && purpose.controller != to && !self.sends(to, &purpose.id) {
            let message = format!(
                "the record `{}` goes to the {}, and permission for `{}` is given to the {}",
                record.id,
                to.id(),
                purpose.id,
                purpose.controller.id()
            );
            faults.say(CODE, at(".to"), message, "pass it on under a permission of whoever gets it");
            faults.rests_on([format!("journey.purposes[{}]", purpose.id)]);
            return;
        }
        if self.around.keeper.is_some_and(|keeper| keeper != giver) && !self.is_passed(&purpose.id, giver) {
            let message =
                format!("`{from}` has nothing to pass on: the {} gets no record under `{}`", giver.id(), purpose.id);
            faults.say(CODE, at(".from"), message, "name somebody of whoever keeps leads, or hand them over first");
        }
        let ground = Ground::Purpose(&purpose.id);
        // What is needed and not asked of all who give the permission is a matter of J3.
        let asks = |request: &&Request| request.asks.contains(&purpose.id);
        let is_unknown = |field: &Arc<str>, key| {
            key == "needs" && self.journey.requests.iter().filter(asks).any(|request| !request.form.contains(field))
        };
        let is_wrong = |(field, key): &(&Arc<str>, &'static str)| {
            self.is_personal(field) && !is_unknown(field, *key) && !ground.covers(self.journey, field)
        };
        let uncovered = fields(record).into_iter().find(is_wrong);
        uncovered.into_iter().for_each(|(field, key)| self.uncovered(record, field, key, ground, to, faults));
    }

    /// The proof of a permission goes with what goes over on it.
    fn shown(&self, record: &Record, faults: &mut Faults) {
        let to = self.side(&record.to);
        let is_ground = |purpose: &Purpose| match &record.under {
            Some(under) => purpose.id == *under,
            None => purpose.controller == to,
        };
        let others = || self.journey.purposes.iter().filter(|purpose| !is_ground(purpose)).map(|purpose| &purpose.id);
        let evidence = || self.journey.evidence().filter(|(field, ..)| record.proof.contains(field));
        if let Some((field, _, purpose)) = evidence().find(|(_, _, of)| others().any(|other| other == *of)) {
            let message = format!(
                "the record `{}` shows by `{field}` that `{purpose}` was permitted, and does not go over on that",
                record.id
            );
            let help = "name the fields of the permission on which it goes over";
            faults.say(CODE, format!("journey.records[{}].proof", record.id), message, help);
        }
    }

    /// Whether emails under a purpose go out from the platform of a side, on behalf of whoever was allowed to write.
    fn sends(&self, side: Controller, purpose: &str) -> bool {
        let is_sender = self.around.sender.as_ref().is_some_and(|sender| sender.side == side);
        is_sender && self.journey.sequences.iter().any(|sequence| *sequence.purpose == *purpose)
    }

    /// Whether the address of each lead that permits it goes to a side.
    fn is_passed(&self, purpose: &str, to: Controller) -> bool {
        self.journey.records.iter().any(|record| {
            let is_address = |(field, _): (&Arc<str>, _)| **field == *ADDRESS;
            record.under.as_deref() == Some(purpose)
                && self.side(&record.to) == to
                && fields(record).into_iter().any(is_address)
        })
    }

    /// Whether a side knows where a machine stands for whoever permits a sequence: it is told, or all of it is its own doing.
    fn tells_state(&self, machine: &str, sequence: &Sequence, to: Controller) -> bool {
        let told = self.journey.records.iter().any(|record| {
            record.under.as_ref() == Some(&sequence.purpose)
                && self.side(&record.to) == to
                && record.states.iter().any(|told| **told == *machine)
        });
        let states = self.journey.machines.iter().filter(|it| *it.id == *machine).flat_map(|it| &it.states);
        told || states.filter_map(|state| state.who.as_ref()).all(|who| self.side(who) == to)
    }

    /// Whether events that one side sees are told to the other.
    fn is_told(&self, event: &Arc<str>, from: Controller, to: Controller) -> bool {
        self.journey.records.iter().any(|record| {
            let is_from = record.from.as_ref().is_some_and(|owner| self.side(owner) == from);
            is_from && self.side(&record.to) == to && record.tells.contains(event)
        })
    }

    /// Whether a permission that is given with a request may come to mean anything: its controller gets a record on it, or
    /// with the request itself.
    fn gets(&self, purpose: &Purpose, request: &Request) -> bool {
        let to = purpose.controller;
        let with_request = |event: &str| request.calls && event.strip_suffix(".asked") == Some(&*request.id);
        let on_purpose = |event: &Arc<str>| {
            matches!(self.ground(event, to), Some(Ground::Purpose(id)) if *id == *purpose.id) || with_request(event)
        };
        let leads = |machine: &Machine| {
            let handing = machine.states.iter().filter(|state| self.hands(state.record.as_ref(), to));
            handing.flat_map(|state| machine.states.iter().flat_map(move |from| ways(from, &state.id))).any(&on_purpose)
        };
        self.is_passed(&purpose.id, to) || self.journey.machines.iter().any(leads)
    }

    fn hands(&self, record: Option<&Arc<str>>, to: Controller) -> bool {
        self.journey.records.iter().any(|it| Some(&it.id) == record && self.side(&it.to) == to)
    }
}

/// The events that lead from one state to another.
fn ways<'s>(from: &'s State, to: &'s str) -> impl Iterator<Item = &'s Arc<str>> {
    from.to.iter().filter(move |(_, next)| ***next == *to).map(|(event, _)| event)
}

fn undelivered(request: &Request, purpose: &Purpose, keeper: Controller, faults: &mut Faults) {
    let message = format!(
        "the form of `{}` asks for the permission `{}` of the {}, to which nothing passes the lead on: forms go to the {}",
        request.id,
        purpose.id,
        purpose.controller.id(),
        keeper.id()
    );
    let help = "add a record for its people that goes over `under` it, or do not ask for it here";
    faults.say(CODE, format!("journey.requests[{}].asks", request.id), message, help);
    faults.rests_on([format!("journey.purposes[{}]", purpose.id), "leads.keeps".to_owned()]);
}

fn unsent(sequence: &Sequence, sender: &Sender, keeper: Controller, faults: &mut Faults) {
    let message = format!(
        "`{}` goes out from the platform of the {}, to which nothing passes on whom it may write to: leads are kept by the {}",
        sequence.id,
        sender.side.id(),
        keeper.id()
    );
    let help =
        format!("add a record for its people that goes over `under: {}` and needs `{ADDRESS}`", sequence.purpose);
    faults.say(CODE, &*sender.path, message, &help);
    faults.rests_on([format!("journey.sequences[{}]", sequence.id), "leads.keeps".to_owned()]);
}

fn blind(machine: &str, sequence: &Sequence, sender: &Sender, faults: &mut Faults) {
    let message = format!(
        "`{}` goes on only in some states of `{machine}`, and nothing tells the {}, from whose platform it goes out, where that \
         stands",
        sequence.id,
        sender.side.id()
    );
    let help = format!("let the record that goes over `under: {}` say `states: [{machine}]`", sequence.purpose);
    faults.say("E-J9", format!("journey.sequences[{}].while", sequence.id), message, &help);
    faults.rests_on([sender.path.to_string(), "leads.keeps".to_owned()]);
}

fn untold(event: &str, path: &str, sender: &Sender, keeper: Controller, faults: &mut Faults) {
    let message = format!(
        "`{event}` counts here, the platform of the {} sees it, and no record tells the {} of it, which keeps the leads",
        sender.side.id(),
        keeper.id()
    );
    let help = format!("let a record that goes the other way say `tells: [{event}]`, or do not count it here");
    faults.say(CODE, path, message, &help);
    faults.rests_on([sender.path.to_string()]);
}
