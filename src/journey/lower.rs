//! From what an author writes to the machines that a lead moves through.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::package::journey::{
    Happening, Journey, Machine, Purpose, Request, STOPPING, Send, Sequence, State, Sureness,
};

use super::Mode;
use super::around::Score;
use super::network::{Event, EventKind, MachineId, Move, Need, Network, StateId};

/// The event by which a machine leaves a state whose time ran out.
pub const LATE: &str = "late";
/// The event by which permission is taken back.
pub const WITHDRAWN: &str = "withdrawn";
/// The happening by which a permission is confirmed, where a region asks for that.
pub const CONFIRMED: &str = "confirmed";
/// The event by which an address takes no more emails: it bounces for good, or its reader reports one as spam.
pub const BOUNCED: &str = "bounced";
/// The event by which permission for a sequence's purpose is given.
pub const GIVEN: &str = "given";

/// A journey as machines.
#[derive(Clone, Debug)]
pub struct Lowered<'j> {
    pub journey: &'j Journey,
    pub sends: &'j [Send],
    pub mode: Mode,
    pub network: Network,
    /// For each purpose.
    pub consents: Vec<MachineId>,
    /// For each request, whether it was made.
    pub asked: Vec<MachineId>,
    /// For each sequence.
    pub sequences: Vec<MachineId>,
    /// For each machine that the author wrote.
    pub machines: Vec<MachineId>,
    /// The names of all events that something causes.
    pub produced: BTreeSet<Arc<str>>,
}

/// Of a permission that was given and not confirmed.
pub const PENDING: &str = "pending";

/// The states of permission for a purpose, by name; which there are depends on the mode.
pub fn consent_states(mode: Mode) -> Vec<Arc<str>> {
    let pending = (mode == Mode::DoubleOptIn).then_some(PENDING);
    ["unasked", "asked"].into_iter().chain(pending).chain([GIVEN, WITHDRAWN]).map(Arc::from).collect()
}

impl<'j> Lowered<'j> {
    /// A journey that is too large to be proved is not lowered: [`super::size::check`] comes first.
    pub(super) fn new(journey: &'j Journey, sends: &'j [Send], mode: Mode, scores: &[Score]) -> Self {
        let mut network = Network::default();
        let states = consent_states(mode);
        let consents: Vec<MachineId> =
            journey.purposes.iter().map(|it| network.add(format!("consent of {}", it.id), states.clone())).collect();
        let asked: Vec<MachineId> = journey
            .requests
            .iter()
            .map(|it| network.add(format!("request {}", it.id), ["no", "made"].map(Arc::from).into()))
            .collect();
        let sequences: Vec<MachineId> = journey
            .sequences
            .iter()
            .map(|it| network.add(format!("sequence {}", it.id), sequence_states(it, sends)))
            .collect();
        let machines: Vec<MachineId> = journey
            .machines
            .iter()
            .map(|it| network.add(it.id.clone(), it.states.iter().map(|state| state.id.clone()).collect()))
            .collect();
        let produced = BTreeSet::new();
        let mut lowered = Self { journey, sends, mode, network, consents, asked, sequences, machines, produced };
        journey.requests.iter().enumerate().for_each(|(at, request)| lowered.posts(at, request));
        journey.purposes.iter().enumerate().for_each(|(at, purpose)| lowered.permission(at, purpose));
        journey.sequences.iter().enumerate().for_each(|(at, sequence)| lowered.runs(at, sequence));
        journey.machines.iter().enumerate().for_each(|(at, machine)| lowered.clocks(at, machine));
        lowered.rights();
        lowered.bounces();
        lowered.others(scores);
        lowered
    }

    /// The emails of a sequence, in their order, by their place in `sends`.
    pub fn sends_of(&self, sequence: &Sequence) -> Vec<usize> {
        sends_of(sequence, self.sends)
    }

    /// The states in which the mode allows a purpose's emails.
    pub fn allowed(&self) -> Vec<StateId> {
        let states = consent_states(self.mode);
        let allows = |name: &str| match self.mode {
            Mode::DoubleOptIn | Mode::OptIn | Mode::Soft => name == GIVEN,
            Mode::OptOut => name != WITHDRAWN,
        };
        (0..).zip(&states).filter(|(_, name)| allows(name)).map(|(at, _)| at).collect()
    }

    /// The states in which emails of a purpose go out here: those that the mode allows. Where every sequence under it begins
    /// once it was given, HQ asks for more than the mode, and that is the only one: given is left by a withdrawal alone.
    pub fn open(&self, purpose: &Purpose) -> Vec<StateId> {
        let mut under = self.journey.sequences.iter().filter(|it| it.purpose == purpose.id).peekable();
        let given = format!("{}.{GIVEN}", purpose.id);
        let is_asked = under.peek().is_some() && under.all(|it| start_of(it) == given);
        let given = self.consent_state(GIVEN);
        self.allowed().into_iter().filter(|state| !is_asked || Some(*state) == given).collect()
    }

    pub fn consent_state(&self, name: &str) -> Option<StateId> {
        consent_states(self.mode).iter().position(|state| &**state == name).map(|at| at as StateId)
    }

    /// Whether the author told that permission can be taken back.
    pub fn has_withdrawal(&self) -> bool {
        self.journey.happens.iter().any(|happening| &*happening.id == WITHDRAWN)
    }

    /// A form that is sent: an event for each choice of its boxes.
    fn posts(&mut self, at: usize, request: &Request) {
        let boxes: Vec<(usize, MachineId)> = request
            .asks
            .iter()
            .filter_map(|id| self.journey.purposes.iter().position(|purpose| purpose.id == *id))
            .filter_map(|purpose| Some((purpose, *self.consents.get(purpose)?)))
            .collect();
        let name = format!("{}.asked", request.id);
        let Some(&asked) = self.asked.get(at) else { return };
        for ticked in 0..1_usize << boxes.len() {
            let mut moves = vec![Move { machine: asked, steps: vec![(0, 1)] }];
            let mut names = vec![name.clone()];
            let mut title = name.clone();
            for (bit, &(purpose, machine)) in boxes.iter().enumerate() {
                let is_ticked = ticked >> bit & 1 == 1;
                moves.push(Move { machine, steps: self.box_steps(is_ticked) });
                if is_ticked {
                    let id = &self.journey.purposes[purpose].id;
                    title += &format!(" with {id} ticked");
                    if self.mode != Mode::DoubleOptIn {
                        names.push(format!("{id}.{GIVEN}"));
                    }
                }
            }
            self.event(&title, EventKind::Done, Vec::new(), moves, &names);
        }
    }

    fn box_steps(&self, is_ticked: bool) -> Vec<(StateId, StateId)> {
        let of = |name| self.consent_state(name);
        let step = |from, to| Some((of(from)?, of(to)?));
        if !is_ticked {
            // Asking twice does not withdraw.
            return step("unasked", "asked").into_iter().collect();
        }
        let to = if self.mode == Mode::DoubleOptIn { PENDING } else { GIVEN };
        ["unasked", "asked", WITHDRAWN].into_iter().filter_map(|from| step(from, to)).collect()
    }

    /// Confirmation, its end, and withdrawal.
    fn permission(&mut self, at: usize, purpose: &Purpose) {
        let Some(&machine) = self.consents.get(at) else { return };
        let step = |from, to| Some((self.consent_state(from)?, self.consent_state(to)?));
        let is_asked_to_confirm = self.sends.iter().any(|send| send.confirms.contains(&purpose.id));
        if let (Some(given), Some(expired), true) = (step(PENDING, GIVEN), step(PENDING, "asked"), is_asked_to_confirm)
        {
            let needs = || vec![Need { any: vec![(machine, given.0)], is_gate: false }];
            let moves = |step| vec![Move { machine, steps: vec![step] }];
            let name = format!("{}.{GIVEN}", purpose.id);
            self.event(&format!("{} confirmed", purpose.id), EventKind::Done, needs(), moves(given), &[name]);
            let title = format!("{} not confirmed in time", purpose.id);
            self.event(&title, EventKind::Late, needs(), moves(expired), &[]);
        }
        if self.has_withdrawal() {
            let moves = self.withdrawal(purpose, machine);
            let names = [format!("{}.{WITHDRAWN}", purpose.id), WITHDRAWN.to_owned()];
            self.event(&names[0], EventKind::Withdrawn, Vec::new(), moves, &names);
        }
    }

    /// The sequences of a purpose end when permission for it is taken back.
    fn ends(&self, purpose: &str) -> Vec<Move> {
        let sequences = self.journey.sequences.iter().zip(&self.sequences);
        let of_purpose = sequences.filter(|(sequence, _)| *sequence.purpose == *purpose);
        of_purpose
            .map(|(sequence, &machine)| {
                let sends = self.sends_of(sequence).len() as StateId;
                Move { machine, steps: (1..=sends).map(|at| (at, sends + 2)).collect() }
            })
            .collect()
    }

    /// The emails of a sequence, each behind its gate.
    fn runs(&mut self, at: usize, sequence: &Sequence) {
        let Some(&machine) = self.sequences.get(at) else { return };
        let mut gates: Vec<Need> = Vec::new();
        gates.extend(self.permitted(&sequence.purpose).map(|need| Need { is_gate: true, ..need }));
        gates.extend(sequence.goes_on.iter().filter_map(|(id, states)| self.goes_on(id, states)));
        for (place, send) in (1..).zip(self.sends_of(sequence)) {
            let mut needs = vec![Need { any: vec![(machine, place)], is_gate: false }];
            needs.extend(gates.iter().cloned());
            let moves = vec![Move { machine, steps: vec![(place, place + 1)] }];
            let name = format!("{}.sent", self.sends[send].id);
            self.event(&name, EventKind::Sent(send), needs, moves, std::slice::from_ref(&name));
        }
    }

    /// That permission for a purpose is there.
    fn permitted(&self, purpose: &str) -> Option<Need> {
        let at = self.journey.purposes.iter().position(|it| *it.id == *purpose)?;
        let any = self.allowed().into_iter().map(|state| (self.consents[at], state)).collect();
        Some(Need { any, is_gate: false })
    }

    fn goes_on(&self, machine: &str, states: &[Arc<str>]) -> Option<Need> {
        let at = self.journey.machines.iter().position(|it| *it.id == *machine)?;
        let id = self.machines[at];
        let of = |name: &Arc<str>| {
            self.journey.machines[at].states.iter().position(|state| state.id == *name).map(|at| (id, at as StateId))
        };
        Some(Need { any: states.iter().filter_map(of).collect(), is_gate: true })
    }

    /// What happens where the time of a state runs out.
    fn clocks(&mut self, at: usize, machine: &Machine) {
        let Some(&id) = self.machines.get(at) else { return };
        for (place, state) in (0..).zip(&machine.states) {
            if state.within.is_none() {
                continue;
            }
            let to = state.to.get(LATE).and_then(|to| machine.states.iter().position(|it| it.id == *to));
            let needs = vec![Need { any: vec![(id, place)], is_gate: false }];
            let steps = to.map(|to| (place, to as StateId)).into_iter().collect();
            let name = format!("{}.{LATE}", state.id);
            self.event(&name, EventKind::Late, needs, vec![Move { machine: id, steps }], std::slice::from_ref(&name));
        }
    }

    /// A lead asks for its data, or that it be erased, or objects: then no permission is left.
    fn rights(&mut self) {
        let known: Vec<(MachineId, StateId)> = self.asked.iter().map(|&machine| (machine, 1)).collect();
        for right in &self.journey.rights {
            let name = format!("{}.asked", right.id);
            let stops = STOPPING.contains(&&*right.id);
            let mut moves = if stops { self.forgotten() } else { Vec::new() };
            let takes_back = stops && self.has_withdrawal();
            moves.extend(takes_back.then(|| self.withdrawals()).into_iter().flatten());
            let kind = if takes_back { EventKind::Withdrawn } else { EventKind::Done };
            let needs = if known.is_empty() { Vec::new() } else { vec![Need { any: known.clone(), is_gate: false }] };
            self.event(&name, kind, needs, moves, std::slice::from_ref(&name));
        }
    }

    /// J8: an address that takes no more emails ends every permission to send some, as if it were taken back. Whoever sends
    /// sees that, so nobody has to write it.
    fn bounces(&mut self) {
        if self.journey.sequences.is_empty() || !self.has_withdrawal() {
            return;
        }
        let known: Vec<(MachineId, StateId)> = self.asked.iter().map(|&machine| (machine, 1)).collect();
        let needs = if known.is_empty() { Vec::new() } else { vec![Need { any: known, is_gate: false }] };
        let by_email = self.journey.purposes.iter().zip(&self.consents).filter(|(purpose, _)| purpose.allows("email"));
        let moves = by_email.flat_map(|(purpose, &machine)| self.withdrawal(purpose, machine)).collect();
        self.event(BOUNCED, EventKind::Withdrawn, needs, moves, &[BOUNCED.to_owned()]);
    }

    /// Every request taken back at once: nobody is owed a call who wants none.
    fn forgotten(&self) -> Vec<Move> {
        self.asked.iter().map(|&machine| Move { machine, steps: vec![(1, 0)] }).collect()
    }

    /// Every permission taken back at once, with the sequences under it.
    fn withdrawals(&self) -> Vec<Move> {
        let purposes = self.journey.purposes.iter().zip(&self.consents);
        purposes.flat_map(|(purpose, &machine)| self.withdrawal(purpose, machine)).collect()
    }

    /// The events that take permission for a purpose back.
    pub fn endings(&self, purpose: &Purpose) -> Vec<Arc<str>> {
        let bounces = (purpose.allows("email") && self.produced.contains(BOUNCED)).then(|| BOUNCED.into());
        let withdrawn = std::iter::once(format!("{}.{WITHDRAWN}", purpose.id).into());
        withdrawn.chain(self.journey.stopping()).chain(bounces).collect()
    }

    fn withdrawal(&self, purpose: &Purpose, machine: MachineId) -> Vec<Move> {
        let steps = ["asked", PENDING, GIVEN].into_iter();
        let steps = steps.filter_map(|from| Some((self.consent_state(from)?, self.consent_state(WITHDRAWN)?)));
        let mut moves = vec![Move { machine, steps: steps.collect() }];
        moves.extend(self.ends(&purpose.id));
        moves
    }

    /// Emails outside of sequences, and what others tell of a lead. Nobody tells of one that nobody knows, and no score of
    /// one of whom too little is known.
    fn others(&mut self, scores: &[Score]) {
        let known: Vec<(MachineId, StateId)> = self.asked.iter().map(|&machine| (machine, 1)).collect();
        let needs = || match known.is_empty() {
            true => Vec::new(),
            false => vec![Need { any: known.clone(), is_gate: false }],
        };
        for happening in self.journey.happens.iter().filter(|it| ![WITHDRAWN, CONFIRMED, BOUNCED].contains(&&*it.id)) {
            let name = happening.id.to_string();
            let under = happening.under.as_ref().and_then(|id| self.permitted(id));
            let scored =
                scores.iter().filter(|score| !score.needs.is_empty() && tells_of(self.journey, happening, score));
            let scored: Vec<Need> = scored.map(|score| self.made(&score.needs)).collect();
            let needs = needs().into_iter().chain(under).chain(scored).collect();
            let kind = match happening.sure {
                Sureness::Strong => EventKind::Done,
                Sureness::Weak => EventKind::Weak,
            };
            self.event(&name, kind, needs, Vec::new(), std::slice::from_ref(&name));
        }
        for (at, send) in self.sends.iter().enumerate().filter(|(_, send)| send.sequence.is_none()) {
            let name = format!("{}.sent", send.id);
            self.event(&name, EventKind::Sent(at), needs(), Vec::new(), std::slice::from_ref(&name));
        }
    }

    /// That one of these requests was made.
    fn made(&self, requests: &[Arc<str>]) -> Need {
        let asked = self.journey.requests.iter().zip(&self.asked);
        let any = asked.filter(|(request, _)| requests.contains(&request.id)).map(|(_, &machine)| (machine, 1));
        Need { any: any.collect(), is_gate: false }
    }

    /// Adds an event; whatever waits for one of its names moves with it.
    fn event(&mut self, title: &str, kind: EventKind, needs: Vec<Need>, mut moves: Vec<Move>, names: &[String]) {
        self.produced.extend(names.iter().map(|name| name.as_str().into()));
        moves.extend(self.started(names));
        moves.extend(self.listening(names));
        self.network.events.push(Event { name: title.into(), kind, needs, moves });
    }

    fn started(&self, names: &[String]) -> Vec<Move> {
        let starts = |sequence: &Sequence| {
            let event = start_of(sequence);
            names.contains(&event)
        };
        let sequences = self.journey.sequences.iter().zip(&self.sequences);
        sequences
            .filter(|(sequence, _)| starts(sequence))
            .map(|(sequence, &machine)| {
                let ended = self.sends_of(sequence).len() as StateId + 2;
                Move { machine, steps: vec![(0, 1), (ended, 1)] }
            })
            .collect()
    }

    fn listening(&self, names: &[String]) -> Vec<Move> {
        let mut moves = Vec::new();
        for (machine, &id) in self.journey.machines.iter().zip(&self.machines) {
            let target = |name: &Arc<str>| machine.states.iter().position(|state| state.id == *name);
            let mut steps = Vec::new();
            for (from, state) in (0..).zip(&machine.states) {
                let to = names.iter().find_map(|name| state.to.get(name.as_str()));
                steps.extend(to.and_then(target).map(|to| (from, to as StateId)));
            }
            if !steps.is_empty() {
                moves.push(Move { machine: id, steps });
            }
        }
        moves
    }
}

/// Whether a platform tells by a happening that a lead has come to a stage: it leads where the stage enters.
fn tells_of(journey: &Journey, happening: &Happening, score: &Score) -> bool {
    let Some((machine, entered)) = score.enters.split_once('.') else { return false };
    let machines = journey.machines.iter().filter(|it| *it.id == *machine);
    let leads = |state: &State| state.to.get(&happening.id).is_some_and(|to| **to == *entered);
    happening.is_of_platform() && machines.flat_map(|it| &it.states).any(leads)
}

/// The event that starts a sequence, by its full name.
pub fn start_of(sequence: &Sequence) -> String {
    match &*sequence.starts {
        GIVEN => format!("{}.{GIVEN}", sequence.purpose),
        other => other.to_owned(),
    }
}

fn sends_of(sequence: &Sequence, sends: &[Send]) -> Vec<usize> {
    let own = |(_, send): &(usize, &Send)| send.sequence.as_ref() == Some(&sequence.id);
    let mut of: Vec<usize> = sends.iter().enumerate().filter(own).map(|(at, _)| at).collect();
    of.sort_by_key(|&at| sends[at].day);
    of
}

/// Before it, at each of its emails, done, and ended before that.
fn sequence_states(sequence: &Sequence, sends: &[Send]) -> Vec<Arc<str>> {
    let at = sends_of(sequence, sends).into_iter().map(|send| format!("before {}", sends[send].id));
    let at: Vec<Arc<str>> = at.map(Arc::from).collect();
    std::iter::once("idle".into()).chain(at).chain(["done".into(), "ended".into()]).collect()
}
