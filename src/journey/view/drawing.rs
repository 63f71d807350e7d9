//! A journey as a picture: a lane for the lead, for what the package sends, and for each address at which somebody owes
//! something; time downwards; at the side a rail for each permission.
//!
//! A state has a row of its own, and a way between states runs beside the lanes on a track: nothing lies on anything.
//! What is read from right to left is drawn so. All but the head is drawn once for all who differ in addresses.
//!
//! - `sheet`: what is drawn on
//! - `ways`: tracks between states
//! - `rails`: permissions

mod rails;
mod sheet;
mod ways;

use std::sync::Arc;

use super::wrap::fitted;
use super::{Machine, Model, Owner, Request, Sequence, Step, Substitute, View};
use crate::encode::Content;
use crate::encode::html::{Html, Markup};
use crate::package::journey::Words;

use sheet::{GAP, INK, LINE, LINES, PAD, PALE, Sheet, WAY};

/// The picture below its head.
#[derive(Clone, Debug)]
pub struct Drawing {
    body: Html,
    height: usize,
}

impl Drawing {
    pub fn new(view: &View) -> Self {
        let mut sheet = Sheet::new(view);
        sheet.legend(&view.words);
        let first = sheet.down;
        sheet.section(&view.words.requests);
        view.model.requests.iter().for_each(|it| sheet.request(view, it));
        let asked = sheet.down;
        view.model.sequences.iter().for_each(|it| sheet.sequence(view, it));
        view.model.substitutes.iter().for_each(|it| sheet.substitute(view, it));
        view.model.machines.iter().for_each(|it| sheet.machine(view, it));
        let rows = rails::Rows { first, asked, last: sheet.down };
        rails::draw(&mut sheet, view, &rows);
        let height = sheet.down;
        Self { body: sheet.finish(), height }
    }

    /// As a file, with the names of the lanes and the addresses of a deployment above it.
    pub fn with(&self, view: &View, owners: &[Owner<'_>]) -> Content {
        let mut head = Sheet::new(view);
        head.lanes(view, owners);
        let (width, down) = (head.width(), head.down);
        let head = head.finish();
        let (across, height) = (width.to_string(), (down + self.height + GAP).to_string());
        let view_box = format!("0 0 {across} {height}");
        let mut root = vec![
            ("xmlns", "http://www.w3.org/2000/svg"),
            ("xml:lang", &*view.language),
            ("width", &*across),
            ("height", &*height),
            ("viewBox", &*view_box),
            ("role", "img"),
            ("font-family", "Arial, Helvetica, 'Liberation Sans', 'Noto Sans', sans-serif"),
            ("font-size", "12"),
        ];
        if view.rtl {
            root.push(("direction", "rtl"));
        }
        let page = [("width", &*across), ("height", &*height), ("fill", "#ffffff")];
        let down = format!("translate(0 {down})");
        let picture = Markup::default().open("svg", &root).open("title", &[]).text(&view.words.path).close("title");
        let picture = picture.empty("rect", &page).html(&head).open("g", &[("transform", &*down)]);
        picture.html(&self.body).close("g").close("svg").text("\n").into_content()
    }
}

impl Sheet {
    /// The title, and the name of each lane.
    fn lanes(&mut self, view: &View, owners: &[Owner<'_>]) {
        let words = &view.words;
        self.down = GAP;
        self.words(GAP, &fitted(&words.path, self.room_from(GAP)), INK, true);
        self.down += PAD;
        let top = self.down;
        let mut bottom = top;
        for (lane, name) in [&words.lead, &words.package].into_iter().enumerate() {
            self.words(self.left(lane), &fitted(name, Self::room()), INK, true);
            bottom = bottom.max(self.down);
            self.down = top;
        }
        for (at, people) in view.people.iter().enumerate().take(self.people) {
            let names = words.list(people.iter().map(|it| &it.title));
            let address = owners.iter().find(|owner| people.contains(owner.named)).map_or("", |owner| owner.address);
            self.words(self.left(at + 2), &fitted(&names, Self::room()), INK, true);
            self.words(self.left(at + 2), &fitted(address, Self::room()), PALE, false);
            bottom = bottom.max(self.down);
            self.down = top;
        }
        self.down = bottom + PAD;
        self.line(&[(GAP, self.down), (self.width() - GAP, self.down)], LINES, false);
    }

    fn legend(&mut self, words: &Words) {
        self.down = PAD;
        let legend = [&words.legend.numbers, &words.legend.late, &words.legend.open];
        let legend = legend.map(|it| &**it).join(" · ");
        self.words(self.left(0), &fitted(&legend, self.room_from(self.left(0))), PALE, false);
        self.down += PAD;
    }

    fn section(&mut self, title: &str) {
        self.words(self.left(0), &fitted(title, self.room_from(self.left(0))), INK, true);
        self.down += PAD / 2;
    }

    fn request(&mut self, view: &View, it: &Request) {
        let words = &view.words;
        let top = self.down;
        let calls = it.calls.then(|| words.calls.to_string());
        let asks = (!it.asks.is_empty())
            .then(|| words.label(&words.asks, &words.list(it.asks.iter().map(|id| view.purpose(id)))));
        let page = match &*it.way {
            "mail" => words.by_mail.to_string(),
            "page" => words.by_page.to_string(),
            _ => words.label(&words.page, &it.page.title),
        };
        let lead = self.frame(0, top, &it.label, &[Some(page), calls, asks]);
        let made = [
            it.then.as_ref().map(|then| words.label(&words.then, &then.title)),
            Some(words.label(&words.status, &it.status.title)),
        ];
        let answer = if &*it.way == "mail" { &words.by_hand } else { &words.answer };
        let made = self.frame(1, top, &words.label(answer, &it.answer.title), &made);
        let middle = top + LINE;
        self.arrow(&[(lead.right, middle), (made.left, middle)], WAY, false);
        self.down = lead.bottom.max(made.bottom) + GAP;
    }

    fn sequence(&mut self, view: &View, it: &Sequence) {
        let words = &view.words;
        self.section(&it.named.title);
        let numbers = |machine: &Machine, states: &[std::sync::Arc<str>]| {
            let own = machine.states.iter().zip(1..).filter(|(state, _)| states.contains(&state.named.id));
            words.label(&machine.named.title, &words.list(own.map(|(_, number): (_, usize)| number.to_string())))
        };
        let goes_on = it.goes_on.iter().filter_map(|(id, states)| Some(numbers(view.machine(id)?, states)));
        let mut gate = vec![
            Some(words.label(&words.starts, view.event(&it.starts))),
            Some(words.label(&words.permission, view.purpose(&it.purpose))),
        ];
        if !it.goes_on.is_empty() {
            gate.push(Some(words.goes_on.to_string()));
            gate.extend(goes_on.map(Some));
        }
        let mut before = self.frame(1, self.down, &words.gate, &gate);
        for email in &it.emails {
            let name = format!("{} {}", words.day, email.day);
            let next = self.frame(1, before.bottom + GAP, &name, &[Some(email.named.title.to_string())]);
            let middle = (next.left + next.right) / 2;
            self.arrow(&[(middle, before.bottom), (middle, next.top)], WAY, false);
            before = next;
        }
        self.down = before.bottom + GAP;
    }

    /// What a lead does to stop a machine, wherever that stands.
    fn stops(&mut self, view: &View, it: &Machine) {
        let Some(stops) = it.stops.as_ref().filter(|stops| !stops.events.is_empty()) else { return };
        let arrow = if view.rtl { '←' } else { '→' };
        let line = |event: &Arc<str>| Some(format!("{} {arrow}\u{a0}{}", view.event(event), number(it, &stops.to)));
        let lines: Vec<_> = stops.events.iter().map(line).collect();
        self.down = self.frame(0, self.down, &view.words.anytime, &lines).bottom + GAP;
    }

    /// What somebody does in place of a platform, in the lane of that one.
    fn substitute(&mut self, view: &View, it: &Substitute) {
        let lane = view.people.iter().position(|all| all.iter().any(|one| one.id == it.who));
        let frame = self.frame(lane.map_or(0, |lane| lane + 2), self.down, &it.named.title, &[]);
        self.down = frame.bottom + GAP;
    }

    fn machine(&mut self, view: &View, it: &Machine) {
        self.section(&it.named.title);
        self.stops(view, it);
        let mut frames = Vec::new();
        for (number, state) in (1..).zip(&it.states) {
            let lane = state
                .who
                .as_ref()
                .and_then(|who| view.people.iter().position(|all| all.iter().any(|it| it.id == *who)));
            let name = format!("{number} {}", state.named.title);
            let frame = self.frame(lane.map_or(0, |lane| lane + 2), self.down, &name, &stands(view, it, state));
            self.down = frame.bottom + GAP;
            frames.push(frame);
        }
        for way in ways::of(it) {
            self.way(&way, &frames);
        }
    }
}

/// What holds in a state, and what leads on, a line each.
fn stands(view: &View, machine: &Machine, state: &Step) -> Vec<Option<String>> {
    let words = &view.words;
    let channel = |id| words.channels.get(id).unwrap_or(id);
    let contact = || words.label(&words.contact, &words.list(state.contact.iter().map(channel)));
    let mut lines = vec![
        state.who.is_none().then(|| words.rest.to_string()),
        state.within.as_ref().map(|within| words.time(within)),
        state.from.as_ref().map(|_| words.from.to_string()),
        state.record.as_ref().map(|record| words.label(&words.record, &record.title)),
        (!state.contact.is_empty()).then(contact),
        state.sends.as_ref().map(|email| words.label(&words.sends, &email.title)),
    ];
    let arrow = if view.rtl { '←' } else { '→' };
    lines.extend(machine.ways(state).map(|(event, to)| {
        let number = number(machine, to);
        let sign = if is_weak(&view.model, event) { format!(" ({})", words.weak) } else { String::new() };
        Some(format!("{}{sign} {arrow}\u{a0}{number}", view.event(event)))
    }));
    lines
}

/// The number of a state of a machine.
fn number(machine: &Machine, state: &str) -> usize {
    machine.states.iter().position(|it| *it.named.id == *state).map_or(0, |at| at + 1)
}

fn is_weak(model: &Model, event: &str) -> bool {
    model.happens.iter().any(|it| it.sure == "weak" && *it.named.id == *event)
}
