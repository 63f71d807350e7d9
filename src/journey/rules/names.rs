//! J1, J2 and J9: whatever is used is produced, whatever is written is used, and whoever tells of something can.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::diag::nearest;
use crate::package::journey::{Machine, NAMES};
use crate::schema::journey::nodes::MACHINES;
use crate::schema::qualification::EVENTS;

use super::super::lower::{BOUNCED, CONFIRMED, GIVEN, LATE, WITHDRAWN, start_of};
use super::super::{Around, Lowered};
use super::{Faults, machine_path, state_path, states_path};

/// The names of one kind that a journey may use.
struct Names<'n> {
    kind: &'static str,
    /// The list whose items produce them.
    list: String,
    known: BTreeSet<&'n str>,
    /// The places that a name rests on.
    rests_on: fn(&str, &str) -> Vec<String>,
}

/// An email that confirms is there only where permission is confirmed.
fn item(list: &str, name: &str) -> Vec<String> {
    ["", ".confirms"].map(|key| format!("{list}[{name}]{key}")).into()
}

/// What emits an event: `talk.asked` a request, `news.given` a purpose; what has no such end happens by itself.
fn emitting(_: &str, name: &str) -> Vec<String> {
    let (id, end) = name.rsplit_once('.').unwrap_or((name, ""));
    let list = match end {
        "asked" => "journey.requests",
        GIVEN | WITHDRAWN => "journey.purposes",
        "sent" => "nurture.emails",
        _ => return vec![format!("journey.happens[{name}]")],
    };
    vec![format!("{list}[{id}]")]
}

impl<'n> Names<'n> {
    fn new(kind: &'static str, list: impl Into<String>, known: impl IntoIterator<Item = &'n Arc<str>>) -> Self {
        Self { kind, list: list.into(), known: known.into_iter().map(|name| &**name).collect(), rests_on: item }
    }

    fn and(self, more: impl IntoIterator<Item = &'n Arc<str>>) -> Self {
        let known = self.known.into_iter().chain(more.into_iter().map(|name| &**name)).collect();
        Self { known, ..self }
    }

    fn events(known: impl IntoIterator<Item = &'n Arc<str>>) -> Self {
        Self { rests_on: emitting, ..Self::new("event", "", known) }
    }

    fn use_of(&self, name: &str, path: String, faults: &mut Faults) {
        if self.known.contains(name) {
            return;
        }
        let near = nearest(name, self.known.iter().copied());
        let hint = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
        let message = format!("nothing produces the {} `{name}`{hint}", self.kind);
        faults.say("E-J1", path, message, "name one that is there, or add it");
        if let Some(fault) = faults.0.last_mut() {
            fault.rests_on = (self.rests_on)(&self.list, name);
        }
    }
}

/// The states of a machine.
fn states_of(machine: &Machine) -> Names<'_> {
    let list = states_path(&machine.id);
    Names::new("state", list, machine.states.iter().map(|state| &state.id))
}

/// J1.
pub fn produced(lowered: &Lowered<'_>, around: &Around, faults: &mut Faults) {
    let journey = lowered.journey;
    let pages = Names::new("page", "documents", &around.pages);
    let statuses = Names::new("member status", "tracking.member_statuses", &around.statuses);
    let owners = Names::new("owner", "qualification.owners", around.owners.keys());
    let sends = Names::new("email", "nurture.emails", lowered.sends.iter().map(|send| &send.id));
    let purposes = Names::new("purpose", "journey.purposes", journey.purposes.iter().map(|purpose| &purpose.id));
    let boxes =
        around.boxes.as_ref().map(|boxes| Names::new("consent text of the region", "region.consent.boxes", boxes));
    let requests = Names::new("request", "journey.requests", journey.requests.iter().map(|request| &request.id));
    let sequences = Names::new("sequence", "journey.sequences", journey.sequences.iter().map(|sequence| &sequence.id));
    let records = Names::new("record", "journey.records", journey.records.iter().map(|record| &record.id));
    let rights = Names::new("right", "journey.rights", journey.rights.iter().map(|right| &right.id));
    let machines = Names::new("machine", MACHINES, journey.machines.iter().map(|machine| &machine.id));
    let events = Names::events(&lowered.produced);
    let asked = journey.requests.iter().flat_map(|request| &request.form);
    let names = NAMES.map(Arc::from);
    let fields = Names::new("field", "tracking.fields", asked.chain(&around.known).chain(&names));
    let evidence: Vec<Arc<str>> = journey.evidence().map(|(field, ..)| field).collect();
    let proofs = Names::new("field", "tracking.fields", &around.known).and(&evidence);
    let reasons = journey.happens.iter().flat_map(|it| &it.reasons).map(|reason| &reason.id);
    let notes = Names::new("recorded event", "journey.happens", journey.happens.iter().map(|it| &it.id)).and(reasons);
    let kinds = EVENTS.map(Arc::from);
    let kinds = Names::new("kind of event", "", &kinds);

    let before = faults.0.len();
    for request in &journey.requests {
        let at = |key: &str| format!("journey.requests[{}].{key}", request.id);
        pages.use_of(&request.page, at("page"), faults);
        pages.use_of(&request.then, at("then"), faults);
        statuses.use_of(&request.status, at("status"), faults);
        sends.use_of(&request.answer, at("answer"), faults);
        for purpose in &request.asks {
            // What is no permission at all has no text either.
            match purposes.known.contains(&**purpose) {
                true => boxes.iter().for_each(|boxes| boxes.use_of(purpose, at("asks"), faults)),
                false => purposes.use_of(purpose, at("asks"), faults),
            }
        }
    }
    let asks_alike = faults.0.len() == before;
    for happening in &journey.happens {
        let path = || format!("journey.happens[{}].under", happening.id);
        happening.under.iter().for_each(|purpose| purposes.use_of(purpose, path(), faults));
        for reason in &happening.reasons {
            let path = || format!("journey.happens[{}].reasons[{}].means", happening.id, reason.id);
            reason.means.iter().for_each(|right| rights.use_of(right, path(), faults));
        }
    }
    around.noted.iter().for_each(|(note, path)| notes.use_of(note, path.to_string(), faults));
    for substitute in &journey.substitutes {
        owners.use_of(&substitute.who, format!("journey.substitutes[{}].who", substitute.id), faults);
    }
    for sequence in &journey.sequences {
        let at = |key: &str| format!("journey.sequences[{}].{key}", sequence.id);
        purposes.use_of(&sequence.purpose, at("purpose"), faults);
        if asks_alike && purposes.known.contains(&*sequence.purpose) {
            events.use_of(&start_of(sequence), at("starts"), faults);
        }
        for (id, states) in &sequence.goes_on {
            machines.use_of(id, at("while"), faults);
            if let Some(machine) = journey.machines.iter().find(|machine| machine.id == *id) {
                let known = states_of(machine);
                states.iter().for_each(|state| known.use_of(state, format!("{}.{id}", at("while")), faults));
            }
        }
    }
    for send in lowered.sends {
        let at = |key: &str| format!("nurture.emails[{}].{key}", send.id);
        send.fulfils.iter().for_each(|request| requests.use_of(request, at("for"), faults));
        send.confirms.iter().for_each(|purpose| purposes.use_of(purpose, at("confirms"), faults));
        send.sequence.iter().for_each(|sequence| sequences.use_of(sequence, at("in"), faults));
    }
    for machine in &journey.machines {
        let known = states_of(machine);
        let path = || format!("{}.stops", machine_path(&machine.id));
        machine.stops.iter().for_each(|state| known.use_of(state, path(), faults));
        for state in &machine.states {
            let at = |key: &str| format!("{}.{key}", state_path(&machine.id, &state.id));
            state.who.iter().for_each(|who| owners.use_of(who, at("who"), faults));
            state.from.iter().for_each(|field| fields.use_of(field, at("from"), faults));
            state.record.iter().for_each(|record| records.use_of(record, at("record"), faults));
            state.sends.iter().for_each(|send| sends.use_of(send, at("sends"), faults));
            for (event, to) in &state.to {
                known.use_of(to, format!("{}.{event}", at("to")), faults);
                if &**event != LATE {
                    events.use_of(event, format!("{}.{event}", at("to")), faults);
                }
            }
            state.same.iter().for_each(|event| events.use_of(event, at("same"), faults));
        }
    }
    // Where two requests have one status, another is free since that is so: J11 says it.
    let has_shared = journey
        .requests
        .iter()
        .enumerate()
        .any(|(at, it)| journey.requests[..at].iter().any(|other| other.status == it.status));
    let unset =
        around.unset.iter().filter(|id| !has_shared && journey.requests.iter().all(|request| request.status != **id));
    for status in unset {
        let help = "let a request set it, say `by` whom it is set, or take it out";
        let message = format!("nothing sets the member status `{status}`");
        faults.say("E-J1", format!("tracking.member_statuses[{status}]"), message, help);
    }
    let deletes = journey.pending.iter().filter_map(|pending| pending.deletes.as_ref());
    deletes.for_each(|owner| owners.use_of(owner, "journey.pending.deletes".to_owned(), faults));
    for holder in &journey.holders {
        let path = || format!("journey.holders[{}].answers", holder.id);
        holder.answers.iter().for_each(|owner| owners.use_of(owner, path(), faults));
    }
    for record in &journey.records {
        let at = |key: &str| format!("journey.records[{}].{key}", record.id);
        owners.use_of(&record.to, at("to"), faults);
        record.deletes.iter().for_each(|owner| owners.use_of(owner, at("deletes"), faults));
        record.from.iter().for_each(|owner| owners.use_of(owner, at("from"), faults));
        record.under.iter().for_each(|purpose| purposes.use_of(purpose, at("under"), faults));
        record.states.iter().for_each(|machine| machines.use_of(machine, at("states"), faults));
        record.tells.iter().for_each(|kind| kinds.use_of(kind, at("tells"), faults));
        record.needs.iter().for_each(|field| fields.use_of(field, at("needs"), faults));
        // Of a permission that nobody is asked for no field is there: one cause, one fault.
        let unknown = record.proof.iter().find(|field| asks_alike && !proofs.known.contains(&***field));
        unknown.into_iter().for_each(|field| proofs.use_of(field, at("proof"), faults));
        record.may.iter().for_each(|field| fields.use_of(field, at("may"), faults));
        for (request, needs) in &record.when {
            requests.use_of(request, at("when"), faults);
            needs.iter().for_each(|field| fields.use_of(field, format!("{}.{request}", at("when")), faults));
        }
    }
}

/// Whether it is told of a permission, which hears of it without being named.
fn is_of_permission(happening: &str) -> bool {
    [WITHDRAWN, CONFIRMED, BOUNCED].contains(&happening)
}

/// How a journey names pages as those who tell of something.
const PAGE: &str = "page";

/// J9. Pages count what happens on them without knowing whose visit it is. Who confirms a permission or takes it back does
/// so on a page that an email of its own led to.
pub fn told(lowered: &Lowered<'_>, faults: &mut Faults) {
    let by_pages = |by: &[Arc<str>]| !by.is_empty() && by.iter().all(|teller| &**teller == PAGE);
    for happening in lowered.journey.happens.iter().filter(|it| !is_of_permission(&it.id) && by_pages(&it.by)) {
        let message = format!("nobody tells whose `{}` it is: pages count visits, and know no lead", happening.id);
        let help = "name somebody who knows the lead, such as `platform` or `partner`, or let a form ask for it";
        faults.say("E-J9", format!("journey.happens[{}].by", happening.id), message, help);
    }
}

/// J2.
pub fn used(lowered: &Lowered<'_>, around: &Around, faults: &mut Faults) {
    let journey = lowered.journey;
    let states = || journey.machines.iter().flat_map(|machine| &machine.states);
    for purpose in journey.purposes.iter().filter(|purpose| purpose.unused.is_none()) {
        if !journey.sequences.iter().any(|sequence| sequence.purpose == purpose.id) {
            let message = format!("no sequence sends under the purpose `{}`", purpose.id);
            let help = "add a sequence, or say by `unused` why it is asked for and who knows of it";
            faults.say("E-J2", format!("journey.purposes[{}]", purpose.id), message, help);
        }
    }
    for happening in journey.happens.iter().filter(|it| !is_of_permission(&it.id)) {
        let is_heard = |state: &crate::package::journey::State| {
            state.to.contains_key(&happening.id) || state.same.contains(&happening.id)
        };
        let starts = journey.sequences.iter().any(|sequence| sequence.starts == happening.id);
        let is_noted = around.noted.iter().any(|(note, _)| *note == happening.id);
        if !starts && !is_noted && !states().any(is_heard) {
            let message = format!("no machine hears of `{}`, and no points count it", happening.id);
            let path = format!("journey.happens[{}]", happening.id);
            faults.say("E-J2", path, message, "let a state lead on by it, or take it out");
        }
    }
    for record in &journey.records {
        if record.under.is_none() && !states().any(|state| state.record.as_ref() == Some(&record.id)) {
            let message = format!("no state hands over the record `{}`", record.id);
            let path = format!("journey.records[{}]", record.id);
            let help = "name it by `record` in the state in which it is handed over, or say by `under` on which permission it goes over";
            faults.say("E-J2", path, message, help);
        }
    }
    for sequence in &journey.sequences {
        if lowered.sends_of(sequence).is_empty() {
            let message = format!("no email belongs to the sequence `{}`", sequence.id);
            let path = format!("journey.sequences[{}]", sequence.id);
            faults.say("E-J2", path, message, "give its emails `in`, or take it out");
        }
    }
}
