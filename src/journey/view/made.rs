//! A view from a proof, told in one language.

use std::sync::Arc;

use super::*;
use crate::digest::Digest;
use crate::journey::duties::{Duties, Held, Kept, Owed};
use crate::journey::lower::{consent_states, start_of};
use crate::journey::network::MachineId;
use crate::journey::telling::{Telling, titled};
use crate::journey::{Around, Lowered, Mode, Proved};
use crate::package::journey::{self as written, Sureness};
use crate::schema::journey::RULES;

impl View {
    /// `tested` is the digest of all that the proof looked at.
    pub fn new(proved: &Proved<'_>, around: &Around, telling: &Telling, tested: Digest) -> Self {
        let made = Made { lowered: proved.lowered(), told: telling };
        let model = made.model(around);
        Self {
            people: made.people(around),
            proof: made.proof(proved, &model, around, tested),
            model,
            words: telling.words.clone(),
            language: telling.language.clone(),
            rtl: telling.rtl,
            outcomes: telling
                .outcomes
                .iter()
                .map(|(id, title)| Named { id: id.clone(), title: title.clone() })
                .collect(),
        }
    }
}

/// What a platform does that asks right before each email whether it may go out.
const GATE: &str = "gate";

struct Made<'m> {
    lowered: &'m Lowered<'m>,
    told: &'m Telling,
}

/// The title that one of them has in the language that is told.
fn title<T>(items: &[T], id: &Arc<str>, of: impl Fn(&T) -> (&Arc<str>, &Option<Arc<str>>)) -> Named {
    let mut all = items.iter().map(of);
    let title = all.find(|(own, _)| *own == id).and_then(|(_, title)| title.clone());
    Named { title: title.unwrap_or_else(|| id.clone()), id: id.clone() }
}

impl Made<'_> {
    fn model(&self, around: &Around) -> Model {
        let journey = self.lowered.journey;
        let duties = Duties::new(journey, &around.roles, around.keeper, &around.terms);
        let sends = self.lowered.sends.iter().filter(|send| send.sequence.is_none());
        let email = |it: &written::Send| Email {
            named: self.email(&it.id),
            fulfils: it.fulfils.clone(),
            confirms: it.confirms.clone(),
        };
        let mut model = Model {
            requests: journey.requests.iter().map(|it| self.request(it)).collect(),
            purposes: (0..journey.purposes.len()).map(|at| self.purpose(at, &duties)).collect(),
            sequences: journey.sequences.iter().map(|it| self.sequence(it)).collect(),
            substitutes: journey.substitutes.iter().map(|it| self.substitute(it)).collect(),
            emails: sends.map(email).collect(),
            machines: journey.machines.iter().map(|it| self.machine(it)).collect(),
            happens: journey.happens.iter().map(|it| self.happening(it)).collect(),
            records: journey.records.iter().map(|it| self.record(it, around)).collect(),
            holders: duties.held.iter().map(|it| self.holder(it)).collect(),
            rights: duties.owed.iter().map(|it| self.right(it)).collect(),
            events: IndexMap::new(),
        };
        let events = events::named(&model).into_iter();
        model.events = events.map(|it| (it.clone(), events::title(&model, &self.told.words, &it))).collect();
        model
    }

    fn email(&self, id: &Arc<str>) -> Named {
        Named { id: id.clone(), title: titled(&self.told.emails, id) }
    }

    fn page(&self, id: &Arc<str>) -> Named {
        Named { id: id.clone(), title: titled(&self.told.pages, id) }
    }

    fn request(&self, it: &written::Request) -> Request {
        let told = self.told.journey.requests.iter().find(|told| told.id == it.id);
        let way = self.told.ways.get(&it.id).cloned().unwrap_or_else(|| "post".into());
        // Who writes an email ticks no box, and sees no page afterwards.
        let by_mail = *way == *"mail";
        Request {
            id: it.id.clone(),
            label: told.map_or(&it.label, |told| &told.label).clone(),
            calls: it.calls,
            way,
            page: self.page(&it.page),
            form: it.form.clone(),
            asks: if by_mail { Vec::new() } else { it.asks.clone() },
            gives: it.gives.clone(),
            answer: self.email(&it.answer),
            then: (!by_mail).then(|| self.page(&it.then)),
            status: Named { id: it.status.clone(), title: titled(&self.told.statuses, &it.status) },
        }
    }

    fn purpose(&self, at: usize, duties: &Duties<'_>) -> Purpose {
        let it = &self.lowered.journey.purposes[at];
        let allowed = self.lowered.open(it);
        let state = |(at, id): (_, Arc<str>)| State {
            named: Named { title: self.told.words.states.get(&id).unwrap_or(&id).clone(), id },
            allows: allowed.contains(&at),
        };
        let told = self.told.journey.purposes.iter().find(|told| told.id == it.id).unwrap_or(it);
        let sends: Vec<_> = self.lowered.sends.iter().filter(|send| send.confirms.contains(&it.id)).collect();
        let pending = duties.pending.filter(|_| self.lowered.mode == Mode::DoubleOptIn && !sends.is_empty());
        Purpose {
            named: title(&self.told.journey.purposes, &it.id, |it| (&it.id, &it.title)),
            controller: it.controller.id(),
            channels: it.channels(),
            mode: mode(self.lowered.mode),
            states: (0..).zip(consent_states(self.lowered.mode)).map(state).collect(),
            expires_days: pending.map(|(days, _)| days),
            deletes: pending.and_then(|(_, owner)| owner).map(|owner| self.owner(owner)),
            confirmed_by: sends.iter().map(|it| self.email(&it.id)).collect(),
            unused: told.unused.as_ref().map(|it| Unused { why: it.why.clone(), owner: it.owner.clone() }),
        }
    }

    fn sequence(&self, it: &written::Sequence) -> Sequence {
        let sends = self.lowered.sends_of(it).into_iter().map(|at| &self.lowered.sends[at]);
        Sequence {
            named: title(&self.told.journey.sequences, &it.id, |it| (&it.id, &it.title)),
            purpose: it.purpose.clone(),
            starts: start_of(it).into(),
            goes_on: it.goes_on.clone(),
            emails: sends.map(|send| Sent { named: self.email(&send.id), day: send.day }).collect(),
        }
    }

    fn substitute(&self, it: &written::Substitute) -> Substitute {
        let told = self.told.journey.substitutes.iter().find(|told| told.id == it.id).unwrap_or(it);
        Substitute {
            named: Named { id: it.id.clone(), title: told.title.clone() },
            abilities: it.abilities.clone(),
            who: it.who.clone(),
            minutes: it.minutes,
        }
    }

    fn machine(&self, it: &written::Machine) -> Machine {
        let told = self.told.journey.machines.iter().find(|told| told.id == it.id).unwrap_or(it);
        let step = |state: &written::State| Step {
            named: title(&told.states, &state.id, |it| (&it.id, &it.title)),
            who: state.who.clone(),
            within: state.within.clone(),
            from: state.from.clone(),
            record: state.record.as_ref().map(|id| self.named_record(id)),
            contact: state.contact.clone(),
            sends: state.sends.as_ref().map(|id| self.email(id)),
            same: state.same.clone(),
            to: state.to.clone(),
        };
        Machine {
            named: title(&self.told.journey.machines, &it.id, |it| (&it.id, &it.title)),
            states: it.states.iter().map(step).collect(),
            stops: it.stopped().cloned().map(|to| Stops { events: self.lowered.journey.stopping().collect(), to }),
        }
    }

    fn teller(&self, id: &Arc<str>) -> Named {
        Named { id: id.clone(), title: self.told.words.by.get(id).unwrap_or(id).clone() }
    }

    fn happening(&self, it: &written::Happening) -> Happening {
        Happening {
            named: title(&self.told.journey.happens, &it.id, |it| (&it.id, &it.title)),
            by: it.by.iter().map(|id| self.teller(id)).collect(),
            sure: match it.sure {
                Sureness::Strong => "strong",
                Sureness::Weak => "weak",
            },
            under: it.under.clone(),
            reasons: it.reasons.iter().map(|reason| self.reason(&it.id, reason)).collect(),
        }
    }

    fn reason(&self, happening: &Arc<str>, it: &written::Reason) -> Reason {
        let told = self.told.journey.happens.iter().find(|told| told.id == *happening);
        let named = title(told.map_or(&[][..], |told| &told.reasons), &it.id, |it| (&it.id, &it.title));
        Reason { named, means: it.means.clone() }
    }

    fn named_record(&self, id: &Arc<str>) -> Named {
        title(&self.told.journey.records, id, |it| (&it.id, &it.title))
    }

    fn owner(&self, id: &Arc<str>) -> Named {
        Named { id: id.clone(), title: titled(&self.told.owners, id) }
    }

    fn holder(&self, it: &Held<'_>) -> Holder {
        Holder {
            id: it.side.id(),
            keeps: it.keeps,
            records: it.records.iter().map(|record| record.id.clone()).collect(),
            keep_months: it.holder.and_then(|holder| holder.keep_months),
            answers: it.holder.and_then(|holder| holder.answers.as_ref()).map(|id| self.owner(id)),
        }
    }

    fn right(&self, it: &Owed<'_>) -> Right {
        let (unit, amount) = it.time;
        Right {
            named: title(&self.told.journey.rights, &it.right.id, |it| (&it.id, &it.title)),
            holder: it.side.id(),
            answers: self.owner(it.owner),
            unit,
            amount,
            sure: it.sure.into(),
            tells: it.tells.iter().map(|(_, id)| self.owner(id)).collect(),
            pass_on: it.right.pass_on.clone().filter(|_| !it.tells.is_empty()),
        }
    }

    fn record(&self, it: &written::Record, around: &Around) -> Record {
        let kept = Kept::of(self.lowered.journey, it, &around.roles);
        Record {
            named: self.named_record(&it.id),
            to: it.to.clone(),
            passed: it.under.clone().map(|under| Passed {
                under,
                from: it.from.clone(),
                within: it.within.clone(),
                tells: it.tells.clone(),
                states: it.states.clone(),
            }),
            needs: it.needs.clone(),
            when: it.when.clone(),
            may: it.may.clone(),
            proof: it.proof.clone(),
            keep_months: kept.months,
            deletes: kept.deletes.map(|id| self.owner(id)),
            sooner: it.sooner.clone(),
        }
    }

    /// Whoever owes something or gets a record, those first who come first.
    fn people(&self, around: &Around) -> Vec<Vec<Named>> {
        let journey = self.lowered.journey;
        let states = journey.machines.iter().flat_map(|it| &it.states).filter_map(|state| state.who.as_ref());
        let standing_in = journey.substitutes.iter().map(|it| &it.who);
        let mut people: Vec<(Option<&Arc<str>>, Vec<Named>)> = Vec::new();
        let records = journey.records.iter().flat_map(|it| it.from.iter().chain([&it.to]));
        for id in states.chain(standing_in).chain(records) {
            let named = || Named { id: id.clone(), title: titled(&self.told.owners, id) };
            let address = around.owners.get(id);
            match people.iter_mut().find(|(other, _)| *other == address) {
                Some((_, all)) if all.iter().any(|other| other.id == *id) => {}
                Some((_, all)) => all.push(named()),
                None => people.push((address, vec![named()])),
            }
        }
        people.into_iter().map(|(_, all)| all).collect()
    }

    fn proof(&self, proved: &Proved<'_>, model: &Model, around: &Around, tested: Digest) -> Proof {
        let words = &self.told.words;
        let walks = proved.walked().iter().map(|walked| Walk {
            machines: walked.machines.iter().filter_map(|&id| self.place(id)).collect(),
            states: walked.states,
            without: [("gates", walked.ways.gates), ("withdrawal", walked.ways.withdrawal)]
                .into_iter()
                .filter(|(_, is_there)| !is_there)
                .map(|(name, _)| name)
                .collect(),
        });
        let verdict = |(rule, _): (&'static str, _)| Verdict {
            rule,
            holds: words.rules.get(rule).cloned().unwrap_or_else(|| rule.into()),
            verdict: "proved",
        };
        Proof {
            rules: RULES.map(verdict).into(),
            walks: walks.collect(),
            undecided: self.undecided(model),
            lost: self.lost(model, around),
            digest: tested.to_string(),
        }
    }

    /// Where a machine stands in the model: `machines.sales`, `purposes.news`.
    fn place(&self, id: MachineId) -> Option<String> {
        let journey = self.lowered.journey;
        let at = |ids: &[MachineId]| ids.iter().position(|other| *other == id);
        let purpose = at(&self.lowered.consents).map(|at| format!("purposes.{}", journey.purposes[at].id));
        let request = at(&self.lowered.asked).map(|at| format!("requests.{}", journey.requests[at].id));
        let sequence = at(&self.lowered.sequences).map(|at| format!("sequences.{}", journey.sequences[at].id));
        let machine = at(&self.lowered.machines).map(|at| format!("machines.{}", journey.machines[at].id));
        purpose.or(request).or(sequence).or(machine)
    }

    fn undecided(&self, model: &Model) -> Vec<Undecided> {
        let words = &self.told.words.undecided;
        let of = |about: String, title: &Arc<str>, what: &Arc<str>, owner| Undecided {
            about,
            title: title.clone(),
            what: what.clone(),
            owner,
        };
        let by_hand = model.substitutes.iter().find(|it| it.abilities.iter().any(|ability| &**ability == GATE));
        let gate = by_hand.map_or_else(|| self.teller(&"platform".into()), |it| self.owner(&it.who));
        let gates = model
            .sequences
            .iter()
            .map(|it| of(format!("sequences.{}", it.named.id), &it.named.title, &words.gate, vec![gate.clone()]));
        let calls = model.machines.iter().flat_map(|machine| {
            let calling = machine.states.iter().filter(|state| !state.contact.is_empty());
            calling.filter_map(|state| {
                let who = state.who.as_ref()?;
                let owner = Named { id: who.clone(), title: titled(&self.told.owners, who) };
                let about = format!("machines.{}.{}", machine.named.id, state.named.id);
                Some(of(about, &state.named.title, &words.contact, vec![owner]))
            })
        });
        let told = model
            .happens
            .iter()
            .map(|it| of(format!("happens.{}", it.named.id), &it.named.title, &words.told, it.by.clone()));
        let is_asked = |it: &&Purpose| {
            let by_form = model.requests.iter().filter(|request| &*request.way != "mail");
            by_form.into_iter().any(|request| request.asks.contains(&it.named.id))
        };
        let asked: Vec<_> = model.purposes.iter().filter(is_asked).collect();
        let of_asked = |what, teller: &str| {
            let teller = self.teller(&teller.into());
            let of_each =
                |it: &&Purpose| of(format!("purposes.{}", it.named.id), &it.named.title, what, vec![teller.clone()]);
            asked.iter().map(of_each).collect::<Vec<_>>()
        };
        // What a text says in any language is read by people alone.
        let (noted, worded) = (of_asked(&words.noted, "platform"), of_asked(&words.worded, "region"));
        gates.chain(noted).chain(worded).chain(calls).chain(told).collect()
    }

    /// A page that stands as a file cannot copy its own address into a form: that takes a script (J12).
    fn lost(&self, model: &Model, around: &Around) -> Vec<Lost> {
        let words = &self.told.words.lost;
        let lost = |it: &Request| Lost {
            about: format!("requests.{}", it.id),
            title: it.label.clone(),
            what: if &*it.way == "mail" { &words.mail } else { &words.scripts }.clone(),
        };
        if around.carried.is_empty() { Vec::new() } else { model.requests.iter().map(lost).collect() }
    }
}

/// As a region's `legal.consent_mode` writes it.
fn mode(mode: Mode) -> &'static str {
    match mode {
        Mode::DoubleOptIn => "double_opt_in",
        Mode::OptIn => "opt_in",
        Mode::Soft => "soft",
        Mode::OptOut => "opt_out",
    }
}
