//! Journeys that close because of how they are grown, and edits of one place.

use std::sync::Arc;

use indexmap::IndexMap;
use proptest::prelude::*;

use crate::package::journey::{
    Controller, Happening, Holder, Journey, Machine, Pending, Purpose, Record, Request, Right, Send, Sequence, State,
    Sureness,
};

#[derive(Clone, Debug)]
pub struct Grown {
    pub journey: Journey,
    pub sends: Vec<Send>,
}

/// How large each part is.
#[derive(Clone, Debug)]
struct Seed {
    purposes: usize,
    requests: usize,
    emails: usize,
    /// Owners that take over from each other.
    desks: usize,
    /// Whether the score leads to a call too.
    scores: bool,
    /// Whether a second machine follows replies, and the sequence waits for it.
    replies: bool,
}

/// A journey that closes.
pub fn grown() -> impl Strategy<Value = Grown> {
    let sizes = (1..=2_usize, 1..=2_usize, 1..=2_usize, 1..=2_usize, any::<bool>(), any::<bool>());
    sizes.prop_map(|(purposes, requests, emails, desks, scores, replies)| {
        Seed { purposes, requests, emails, desks, scores, replies }.grow()
    })
}

/// One of them, with all that a journey may have.
pub fn whole() -> Grown {
    Seed { purposes: 1, requests: 2, emails: 2, desks: 2, scores: true, replies: true }.grow()
}

/// The edit by which something becomes a weak sign.
pub const WEAK: u8 = 12;

/// The edits, each of one place, and what they are called.
pub fn edit(grown: &mut Grown, kind: u8, place: usize) -> &'static str {
    let Grown { journey, sends } = grown;
    let requests = journey.requests.len();
    let request = place % requests;
    let sequence = place % journey.sequences.len();
    let machine = place % journey.machines.len();
    let state = place % journey.machines[machine].states.len();
    let states: Vec<Arc<str>> = journey.machines[machine].states.iter().map(|it| it.id.clone()).collect();
    match kind {
        0 => {
            journey.requests[request].calls ^= true;
            "whether a request asks for a call"
        }
        1 => {
            journey.requests[request].form.pop();
            "a field less"
        }
        2 => {
            journey.requests.iter_mut().skip(place % 2).for_each(|request| drop(request.asks.pop()));
            "boxes less"
        }
        3 => {
            journey.sequences[sequence].starts = format!("{}.asked", journey.requests[request].id).into();
            "a sequence that starts on the form"
        }
        4 => {
            journey.machines[machine].states[state].sends = None;
            "a promise that nobody ends"
        }
        5 => {
            let to = states[place % states.len()].clone();
            let targets = &mut journey.machines[machine].states[state].to;
            let at = place % targets.len().max(1);
            targets.get_index_mut(at).into_iter().for_each(|(_, target)| *target = to.clone());
            "a way that leads elsewhere"
        }
        6 => {
            let targets = &mut journey.machines[machine].states[state].to;
            targets.shift_remove_index(place % targets.len().max(1));
            "a way less"
        }
        7 => {
            journey.happens.iter_mut().for_each(|it| it.under = None);
            "a score that counts everybody"
        }
        8 => {
            sends.retain(|send| send.confirms.is_empty());
            "no email that asks to confirm"
        }
        9 => {
            let left = place % 3;
            journey.sequences[sequence].goes_on.values_mut().for_each(|states| states.truncate(left));
            "a tighter gate"
        }
        10 => {
            journey.machines[machine].states[state].contact = vec!["phone".into()];
            "a call more"
        }
        11 => {
            journey.machines[machine].states[state].record = Some("lead".into());
            "a record handed over elsewhere"
        }
        WEAK => {
            let happens = journey.happens.len();
            journey.happens[place % happens].sure = Sureness::Weak;
            "something that a program may have done"
        }
        13 => {
            let purpose = place % journey.purposes.len();
            journey.purposes[purpose].channels = vec!["phone".into()];
            "a permission for calls alone"
        }
        _ => "nothing",
    }
}

fn state(id: &str, to: Vec<(String, String)>) -> State {
    let to: IndexMap<Arc<str>, Arc<str>> = to.into_iter().map(|(event, to)| (event.into(), to.into())).collect();
    State {
        id: id.into(),
        title: None,
        who: None,
        within: None,
        minutes: None,
        from: None,
        record: None,
        contact: vec![],
        sends: None,
        same: vec![],
        to,
        called: IndexMap::new(),
    }
}

fn owned(id: &str, who: usize, to: Vec<(String, String)>) -> State {
    State { who: Some(format!("desk{who}").into()), within: Some("8h".into()), ..state(id, to) }
}

impl Seed {
    fn grow(&self) -> Grown {
        let purposes: Vec<Arc<str>> = (0..self.purposes).map(|at| format!("news{at}").into()).collect();
        let journey = Journey {
            purposes: purposes
                .iter()
                .map(|id| Purpose {
                    id: id.clone(),
                    title: None,
                    controller: Controller::Partner,
                    channels: vec![],
                    unused: None,
                })
                .collect(),
            requests: (0..self.requests).map(|at| self.request(at, &purposes)).collect(),
            sequences: purposes.iter().enumerate().map(|(at, purpose)| self.sequence(at, purpose)).collect(),
            substitutes: vec![],
            happens: self.happens(),
            trail: None,
            machines: self.machines(),
            records: vec![Record {
                title: None,
                id: "lead".into(),
                to: "desk0".into(),
                under: None,
                from: None,
                within: None,
                minutes: None,
                tells: vec![],
                states: vec![],
                needs: vec!["email".into()],
                when: (0..self.requests)
                    .filter(|at| self.calls(*at))
                    .map(|at| (format!("ask{at}").into(), vec![format!("field{at}").into()]))
                    .collect(),
                may: vec![],
                proof: vec![],
                keep_months: None,
                deletes: None,
                sooner: IndexMap::new(),
            }],
            systems: vec![],
            load: None,
            pending: Some(Pending { days: Some(14), deletes: None }),
            holders: [("partner", "desk0"), ("vendor", "desk1")]
                .map(|(id, answers)| Holder { id: id.into(), keep_months: Some(24), answers: Some(answers.into()) })
                .into(),
            rights: ["access", "erasure", "objection"]
                .map(|id| Right {
                    id: id.into(),
                    title: None,
                    pass_on: Some("2d".into()),
                    minutes: None,
                    own: Default::default(),
                })
                .into(),
        };
        Grown { journey, sends: self.sends(&purposes) }
    }

    fn calls(&self, request: usize) -> bool {
        request == 0
    }

    fn request(&self, at: usize, purposes: &[Arc<str>]) -> Request {
        Request {
            id: format!("ask{at}").into(),
            label: format!("Ask {at}").into(),
            page: format!("page{at}").into(),
            gives: None,
            calls: self.calls(at),
            answer: format!("answer{at}").into(),
            then: format!("thanks{at}").into(),
            status: format!("status{at}").into(),
            form: vec!["email".into(), "phone".into(), format!("field{at}").into()],
            asks: purposes.to_vec(),
            minutes: None,
        }
    }

    fn sequence(&self, at: usize, purpose: &Arc<str>) -> Sequence {
        let mut goes_on: IndexMap<Arc<str>, Vec<Arc<str>>> = IndexMap::new();
        goes_on.insert("sales".into(), ["none", "told", "closed"].map(Arc::from).into());
        if self.replies {
            goes_on.insert("reply".into(), ["quiet", "sorry"].map(Arc::from).into());
        }
        Sequence {
            id: format!("series{at}").into(),
            title: None,
            purpose: purpose.clone(),
            starts: "given".into(),
            goes_on,
        }
    }

    fn happens(&self) -> Vec<Happening> {
        let happening = |id: &str| Happening {
            title: None,
            id: id.into(),
            by: vec![],
            needs: vec![],
            sure: Default::default(),
            under: None,
            turns_to: None,
            reasons: vec![],
        };
        let mut happens: Vec<Happening> = ["withdrawn", "confirmed", "called"].map(happening).into();
        if self.scores {
            happens.push(Happening { under: Some("news0".into()), ..happening("score") });
        }
        if self.replies {
            happens.extend(["replied", "answered"].map(happening));
        }
        happens
    }

    fn machines(&self) -> Vec<Machine> {
        let calls = (0..self.requests).filter(|at| self.calls(*at)).map(|at| format!("ask{at}.asked"));
        let starts: Vec<String> = calls.chain(self.scores.then(|| "score".into())).collect();
        let leads_on = || starts.iter().map(|event| (event.clone(), "open0".to_owned())).collect::<Vec<_>>();
        let mut states = vec![state("none", leads_on())];
        for desk in 0..self.desks {
            let late = if desk + 1 < self.desks { format!("open{}", desk + 1) } else { "told".into() };
            let mut open =
                owned(&format!("open{desk}"), desk, vec![("called".into(), "closed".into()), ("late".into(), late)]);
            if desk == 0 {
                open.record = Some("lead".into());
                open.contact = vec!["phone".into(), "email".into()];
            }
            states.push(open);
        }
        states.push(State { sends: Some("sorry".into()), ..state("told", leads_on()) });
        states.push(state("closed", leads_on()));
        let mut machines = vec![Machine { title: None, id: "sales".into(), states, stops: None }];
        if self.replies {
            let states = vec![
                state("quiet", vec![("replied".into(), "reading".into())]),
                owned("reading", 0, vec![("answered".into(), "quiet".into()), ("late".into(), "sorry".into())]),
                State { sends: Some("sorry".into()), ..state("sorry", vec![("replied".into(), "reading".into())]) },
            ];
            machines.push(Machine { title: None, id: "reply".into(), states, stops: None });
        }
        machines
    }

    fn sends(&self, purposes: &[Arc<str>]) -> Vec<Send> {
        let send = |id: String| Send { id: id.into(), day: 0, fulfils: None, confirms: vec![], sequence: None };
        let answers = (0..self.requests)
            .map(|at| Send { fulfils: Some(format!("ask{at}").into()), ..send(format!("answer{at}")) });
        let mut sends: Vec<Send> = answers.collect();
        sends.push(Send { confirms: purposes.to_vec(), ..send("confirm".into()) });
        sends.push(send("sorry".into()));
        for series in 0..purposes.len() {
            sends.extend((0..self.emails).map(|at| Send {
                day: at as i64,
                sequence: Some(format!("series{series}").into()),
                ..send(format!("mail{series}-{at}"))
            }));
        }
        sends
    }
}
