//! J10: no more than agreed. Whatever is personal is deleted at some time and by somebody; a record passes only what the
//! lead asked for or allowed whoever gets it; and everybody who has the data answers the lead that asks for it.

use std::sync::Arc;

use crate::package::journey::{Controller, Journey, Machine, Purpose, Record, State};

use super::super::duties::{Duties, Held, fields, had, side};
use super::super::grounds::{Ground, PHONE, is_for_calls};
use super::super::lower::LATE;
use super::super::{Around, Lowered};
use super::{Faults, state_path};

pub(super) const CODE: &str = "E-J10";
/// What a lead may ask for under any law.
const ALWAYS: [&str; 3] = ["access", "erasure", "objection"];

pub fn check(lowered: &Lowered<'_>, around: &Around, faults: &mut Faults) {
    let rule = Rule { journey: lowered.journey, around };
    let duties = Duties::new(lowered.journey, &around.roles, around.keeper, &around.terms);
    if !rule.has_personal(&duties) {
        return;
    }
    for held in &duties.held {
        rule.held(held, faults);
        rule.abroad(held, faults);
    }
    rule.rights(&duties, faults);
    for machine in &lowered.journey.machines {
        machine.states.iter().for_each(|state| rule.handed(machine, state, faults));
    }
}

/// The place of a ground, and what is said of it.
fn place(ground: Ground<'_>) -> (String, String) {
    match ground {
        Ground::Request(id) => (format!("journey.requests[{id}].form"), format!("the request `{id}`")),
        Ground::Purpose(id) => (format!("journey.purposes[{id}]"), format!("permission for `{id}`")),
        Ground::Turned(id) => (format!("journey.happens[{id}]"), format!("`{id}`")),
    }
}

pub(super) struct Rule<'r> {
    pub journey: &'r Journey,
    pub around: &'r Around,
}

impl<'r> Rule<'r> {
    /// What a form asks for, and what comes with a visit; not what is the same for all leads.
    pub(super) fn is_personal(&self, field: &Arc<str>) -> bool {
        !self.around.alike.contains(field)
    }

    fn has_personal(&self, duties: &Duties<'_>) -> bool {
        let asked = self.journey.requests.iter().any(|request| !request.form.is_empty());
        asked || duties.held.iter().any(|held| !held.records.is_empty())
    }

    /// That what somebody has is deleted, and somebody answers for it.
    fn held(&self, held: &Held<'_>, faults: &mut Faults) {
        let id = held.side.id();
        let at = |key: &str| format!("journey.holders[{id}].{key}");
        let Some(holder) = held.holder else {
            let (path, what) = match held.records.first() {
                Some(record) if !held.keeps => {
                    (format!("journey.records[{}].to", record.id), format!("gets the record `{}`", record.id))
                }
                _ => ("journey.holders".to_owned(), "receives what leads write into forms".to_owned()),
            };
            let message = format!("the {id} {what}, and nothing says how long it keeps that and who answers for it");
            return faults.say(
                CODE,
                path,
                message,
                &format!("add `{id}` to `journey.holders`, with `keep_months` and `answers`"),
            );
        };
        if holder.keep_months.is_none() {
            self.kept_for_ever(held, faults);
        }
        match &holder.answers {
            None => {
                let message = format!("nobody answers the lead that asks the {id} for its data");
                faults.say(CODE, format!("journey.holders[{id}]"), message, "name somebody of it by `answers`");
            }
            Some(owner) => self.belongs(owner, held.side, at("answers"), faults),
        }
        held.records.iter().for_each(|record| self.kept(record, held, faults));
    }

    /// All that a holder never deletes that does not say how long it keeps anything: one cause, one fault.
    fn kept_for_ever(&self, held: &Held<'_>, faults: &mut Faults) {
        let of_record = |record: &&Record| {
            let lacking: Vec<String> = fields(record)
                .into_iter()
                .map(|(field, _)| field)
                .filter(|field| self.is_personal(field) && !record.sooner.contains_key(*field))
                .map(|field| format!("`{field}`"))
                .collect();
            let is_kept = record.keep_months.is_some() || lacking.is_empty();
            (!is_kept).then(|| format!("{} of the record `{}`", lacking.join(", "), record.id))
        };
        let forms = held.keeps.then(|| "what leads write into forms".to_owned());
        let kept: Vec<String> = forms.into_iter().chain(held.records.iter().filter_map(of_record)).collect();
        if !kept.is_empty() {
            let id = held.side.id();
            let message = format!("nothing says how long the {id} keeps {}", kept.join("; "));
            let help = "add `keep_months`, here or to each record";
            faults.say(CODE, format!("journey.holders[{id}]"), message, help);
        }
    }

    /// That the lead is told of whoever has its data abroad.
    fn abroad(&self, held: &Held<'_>, faults: &mut Faults) {
        let Some((side, country)) = self.around.abroad.iter().find(|(side, _)| *side == held.side) else { return };
        let message = format!(
            "the {0} has data of leads in `{country}` (`{0}.legal.country`), and nothing says what a transfer there rests on",
            side.id()
        );
        faults.say(
            CODE,
            "region.legal.home",
            message,
            "add `transfer` to `legal` of the region, or the country to its `home`",
        );
    }

    fn kept(&self, record: &Record, held: &Held<'_>, faults: &mut Faults) {
        let id = held.side.id();
        let at = |key: &str| format!("journey.records[{}].{key}", record.id);
        let most = held.holder.and_then(|holder| holder.keep_months);
        if let (Some(own), Some(most)) = (record.keep_months, most)
            && own > most
        {
            let message = format!(
                "the record `{}` is kept for {own} months, and the {id} says that it keeps nothing longer than {most}",
                record.id
            );
            faults.say(CODE, at("keep_months"), message, "keep it no longer than its holder keeps anything");
            faults.rests_on(vec![format!("journey.holders[{id}].keep_months")]);
        }
        for (field, months) in &record.sooner {
            let path = || at(&format!("sooner.{field}"));
            if fields(record).iter().all(|(passed, _)| *passed != field) {
                let message = format!("the record `{}` passes no `{field}`", record.id);
                faults.say(CODE, path(), message, "name a field that it passes, or take it out");
            } else if record.keep_months.or(most).is_some_and(|all| *months >= all) {
                let message =
                    format!("`{field}` is kept for {months} months, which is no sooner than the whole record");
                faults.say(CODE, path(), message, "name fewer months, or take it out");
            }
        }
        record.deletes.iter().for_each(|owner| self.belongs(owner, held.side, at("deletes"), faults));
    }

    /// Who deletes or answers is somebody of the side that has the data.
    pub(super) fn belongs(&self, owner: &Arc<str>, of: Controller, path: String, faults: &mut Faults) {
        if self.is_of_another(owner, of) {
            let message = format!("`{owner}` is nobody of the {}, which has the data", of.id());
            faults.say(CODE, path, message, "name somebody of whoever has it");
            faults.rests_on(vec![format!("qualification.owners[{owner}].role")]);
        }
    }

    /// That access and erasure, and whatever else is promised, have a clock at everybody who has the data.
    fn rights(&self, duties: &Duties<'_>, faults: &mut Faults) {
        let rights = &self.journey.rights;
        for id in ALWAYS.into_iter().filter(|id| rights.iter().all(|right| *right.id != **id)) {
            let message = format!("nobody answers a lead that asks for `{id}`");
            faults.say(CODE, "journey.rights", message, &format!("add `{{id: {id}}}` to `journey.rights`"));
        }
        for right in rights {
            let own = format!("journey.rights[{}]", right.id);
            let law = format!("region.legal.rights[{}]", right.id);
            match self.around.terms.iter().find(|term| term.id == right.id) {
                None if right.own.said().is_some() => {}
                None => {
                    let message = format!("nothing says by when `{}` is answered in this region", right.id);
                    let help = format!("add `{{id: {}, days: …}}` to `legal.rights` of the region", right.id);
                    faults.say(CODE, "region.legal.rights", message, &help);
                }
                Some(term) if term.time.said().is_none() => {
                    let message =
                        format!("by when `{}` is answered is said by one of `months`, `days`, `at_once`", right.id);
                    faults.say(CODE, law, message, "leave one of them");
                }
                Some(_) => {}
            }
            if duties.held.len() > 1 && right.pass_on.is_none() {
                let names = duties.held.iter().map(|held| held.side.id()).collect::<Vec<_>>().join(" and ");
                let message =
                    format!("{names} have the data, and nothing says by when one tells the other of `{}`", right.id);
                faults.say(CODE, own, message, "add `pass_on`, as `2d`");
                let other = duties.held.iter().flat_map(|held| &held.records);
                faults.rests_on(other.map(|record| format!("journey.records[{}].to", record.id)).collect::<Vec<_>>());
            }
        }
    }

    /// That whoever gets a record of a lead may have it, and each field of it.
    fn handed(&self, machine: &Machine, state: &State, faults: &mut Faults) {
        let record = self.journey.records.iter().find(|record| state.record.as_ref() == Some(&record.id));
        let Some(record) = record else { return };
        let to = side(&self.around.roles, &record.to);
        if let Some(who) = state.who.as_ref().filter(|who| self.is_of_another(who, to)) {
            let path = format!("{}.record", state_path(&machine.id, &state.id));
            let message = format!(
                "`{who}` owes what is due in `{}`, and the record `{}` goes to `{}` of the {}, who does not need it there",
                state.id,
                record.id,
                record.to,
                to.id()
            );
            return faults.say(CODE, path, message, "hand over a record that goes to whoever owes something here");
        }
        if to == self.around.keeper.unwrap_or(Controller::Vendor) {
            return;
        }
        let had = had(machine, self.journey, &self.around.roles, to);
        let ways = machine.states.iter().filter(|from| !had.contains(&*from.id));
        let ways =
            ways.flat_map(|from| from.to.iter().filter(|(_, next)| **next == state.id).map(move |way| (from, way.0)));
        let ways: Vec<_> = ways.collect();
        let grounds: Vec<_> = ways.iter().filter_map(|(_, event)| self.ground(event, to)).collect();
        // What a record may pass it passes on the grounds that cover it, and on no other; so it does what is known only of
        // whoever asked to be called.
        let may = |field: &Arc<str>, key| {
            let is_for_some = key == "may" || is_for_calls(self.journey, field);
            is_for_some && grounds.iter().any(|ground| ground.covers(self.journey, field))
        };
        let mut said: Vec<&Arc<str>> = Vec::new();
        for (from, event) in ways {
            let way = format!("{}.to.{event}", state_path(&machine.id, &from.id));
            let Some(ground) = self.ground(event, to) else {
                self.groundless(record, to, event, way, faults);
                let asked = event.strip_suffix(".asked").map(|request| format!("journey.requests[{request}]"));
                let record = format!("{}.record", state_path(&machine.id, &state.id));
                faults.rests_on(asked.into_iter().chain([record]).collect::<Vec<_>>());
                continue;
            };
            for (field, key) in fields(record) {
                let covers = ground.covers(self.journey, field);
                let is_covered = covers || self.comes_with_a_call(record, field) || may(field, key);
                if !said.contains(&field) && self.is_personal(field) && !is_covered {
                    said.push(field);
                    self.uncovered(record, field, key, ground, to, faults);
                }
            }
        }
    }

    fn is_of_another(&self, owner: &Arc<str>, than: Controller) -> bool {
        self.around.roles.contains_key(owner) && side(&self.around.roles, owner) != than
    }

    fn groundless(&self, record: &Record, to: Controller, event: &str, way: String, faults: &mut Faults) {
        let event = if event == LATE { "the end of its time" } else { event };
        let message = format!(
            "`{event}` hands the record `{}` to the {}, though the lead neither asked for a call nor gave it permission",
            record.id,
            to.id()
        );
        let help = "let only a request with `calls`, a happening `under` a purpose of whoever gets it, or one by which the lead \
                    `turns_to` it, lead here";
        faults.say(CODE, way, message, help);
    }

    pub(super) fn uncovered(
        &self,
        record: &Record,
        field: &str,
        key: &str,
        ground: Ground<'_>,
        to: Controller,
        faults: &mut Faults,
    ) {
        let (place, what) = place(ground);
        let message =
            format!("the record `{}` passes `{field}` to the {}, which {what} does not cover", record.id, to.id());
        let help = match ground {
            Ground::Purpose(id) if is_for_calls(self.journey, field) => format!(
                "only requests with `calls` ask for it: leave it out of the record, or let `channels` of `{id}` have `{PHONE}`"
            ),
            _ => "ask for it in the form of what covers it, or leave it out of the record".to_owned(),
        };
        faults.say(CODE, format!("journey.records[{}].{key}", record.id), message, &help);
        faults.rests_on(vec![place]);
    }

    /// What lets a side have a lead, once that happened.
    pub(super) fn ground(&self, event: &Arc<str>, to: Controller) -> Option<Ground<'r>> {
        let asked = |id: &str| event.strip_suffix(".asked") == Some(id);
        if let Some(request) = self.journey.requests.iter().find(|it| it.calls && asked(&it.id)) {
            return Some(Ground::Request(&request.id));
        }
        let given = |it: &&Purpose| event.strip_suffix(".given") == Some(&*it.id) && it.controller == to;
        if let Some(purpose) = self.journey.purposes.iter().find(given) {
            return Some(Ground::Purpose(&purpose.id));
        }
        let happening = self.journey.happens.iter().find(|it| it.id == *event)?;
        let purpose = self.journey.purposes.iter().find(|it| happening.under.as_ref() == Some(&it.id));
        let purpose = purpose.filter(|purpose| purpose.controller == to).map(|purpose| Ground::Purpose(&purpose.id));
        purpose.or_else(|| (happening.turns_to == Some(to)).then_some(Ground::Turned(&happening.id)))
    }

    /// Whether a field is only needed once a call was asked for, which is a ground of its own.
    fn comes_with_a_call(&self, record: &Record, field: &Arc<str>) -> bool {
        let calls = |id: &Arc<str>| self.journey.requests.iter().any(|request| request.id == *id && request.calls);
        let is_named = |fields: &[Arc<str>]| fields.contains(field);
        let is_elsewhere = is_named(&record.needs) || is_named(&record.proof) || is_named(&record.may);
        !is_elsewhere && record.when.iter().all(|(id, fields)| calls(id) || !is_named(fields))
    }
}
