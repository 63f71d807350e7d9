//! A journey for a terminal: no line is longer than 100 columns.

use unicode_width::UnicodeWidthStr;

use super::wrap::wrapped;
use super::{Machine, Model, Proof, Purpose, Request, Sequence, Step, View};

const COLUMNS: usize = 100;
/// Where the second column begins.
const SECOND: usize = 22;

pub fn text(view: &View<'_>) -> String {
    let View { model, proof } = view;
    let mut page = Page::default();
    page.section("requests", &model.requests, request);
    page.section("permissions", &model.purposes, purpose);
    page.section("sequences", &model.sequences, sequence);
    page.section("other emails", &model.emails, |page, email| {
        let fulfils = email.fulfils.map(|request| format!("answers `{request}`"));
        let confirms = some(&email.confirms).map(|it| format!("asks to confirm {it}"));
        let by_state = || format!("sent on the way into {}", sent_by(model, email.id));
        page.line(2, email.id, &fulfils.or(confirms).unwrap_or_else(by_state));
    });
    for it in &model.machines {
        machine(&mut page, it);
    }
    page.section("what happens outside", &model.happens, |page, it| {
        let weak = if it.sure == "weak" { "; a weak sign" } else { "" };
        let under = it.under.map(|it| format!("; only with permission for {it}")).unwrap_or_default();
        page.line(2, it.id, &format!("told by {}{under}{weak}", it.by.join(", ")));
    });
    page.section("records", &model.records, |page, it| {
        page.line(2, it.id, &format!("to {}", owner(it.to.id, it.to.address)));
        page.line(4, "needs", &it.needs.join(", "));
        it.when.iter().for_each(|(request, fields)| page.line(4, &format!("after {request}"), &fields.join(", ")));
        some(&it.may).iter().for_each(|fields| page.line(4, "where known", fields));
    });
    proved(&mut page, proof);
    page.0
}

#[derive(Default)]
struct Page(String);

impl Page {
    fn section<T>(&mut self, title: &str, items: &[T], each: impl Fn(&mut Self, &T)) {
        if !items.is_empty() {
            self.title(title);
        }
        items.iter().for_each(|item| each(self, item));
    }

    fn title(&mut self, title: &str) {
        if !self.0.is_empty() {
            self.0.push('\n');
        }
        wrapped(title, COLUMNS).iter().for_each(|line| self.push(line));
    }

    /// A name, and what is said of it in the second column.
    fn line(&mut self, indent: usize, name: &str, said: &str) {
        let mut lines = wrapped(said, COLUMNS - SECOND).into_iter();
        let mut names = wrapped(name, COLUMNS - indent).into_iter().map(|name| " ".repeat(indent) + &name);
        let last = names.next_back().unwrap_or_default();
        names.for_each(|name| self.push(&name));
        match last.width() + 2 <= SECOND {
            true => {
                let first = lines.next().unwrap_or_default();
                let gap = " ".repeat(SECOND - last.width());
                self.push((last + &gap + &first).trim_end());
            }
            false => self.push(&last),
        }
        lines.for_each(|line| self.push(&(" ".repeat(SECOND) + &line)));
    }

    fn push(&mut self, line: &str) {
        self.0.push_str(line);
        self.0.push('\n');
    }
}

fn some(words: &[&str]) -> Option<String> {
    (!words.is_empty()).then(|| words.join(", "))
}

fn owner(id: &str, address: &str) -> String {
    if address.is_empty() { id.to_owned() } else { format!("{id} <{address}>") }
}

fn sent_by(model: &Model<'_>, email: &str) -> String {
    let states = model.machines.iter().flat_map(|machine| &machine.states);
    states.filter(|state| state.sends == Some(email)).map(|state| state.id).collect::<Vec<_>>().join(", ")
}

fn request(page: &mut Page, it: &Request<'_>) {
    let calls = if it.calls { "; wants to be called" } else { "" };
    page.line(2, it.id, &format!("\"{}\"{calls}", it.label));
    page.line(4, "form", &format!("{} on {}", it.form.join(", "), it.page));
    some(&it.asks).iter().for_each(|asks| page.line(4, "asks permission for", asks));
    it.gives.iter().for_each(|gives| page.line(4, "gives", gives));
    page.line(4, "answer", it.answer);
    page.line(4, "page after it", it.then);
    page.line(4, "member status", it.status);
}

fn purpose(page: &mut Page, it: &Purpose<'_>) {
    let states = it.states.iter().map(|state| if state.allows { format!("[{}]", state.id) } else { state.id.into() });
    let states = states.collect::<Vec<_>>().join(", ");
    page.line(2, it.id, &format!("of the {}, by {}", it.controller, it.mode));
    page.line(4, "states", &format!("{states}; emails may go out in those in brackets"));
    some(&it.confirmed_by).iter().for_each(|emails| page.line(4, "confirmed by", emails));
    it.unused.iter().for_each(|it| page.line(4, "unused here", &format!("{} ({} knows)", it.why, it.owner)));
}

fn sequence(page: &mut Page, it: &Sequence<'_>) {
    page.line(2, it.id, &format!("under {}, from {} on", it.purpose, it.starts));
    let gates = it.goes_on.iter().map(|(machine, states)| format!("{machine} in {}", states.join(", ")));
    let gates: Vec<String> = std::iter::once(format!("permission for {}", it.purpose)).chain(gates).collect();
    page.line(4, "gate", &gates.join("; "));
    it.emails.iter().for_each(|email| page.line(4, &format!("day {}", email.day), email.id));
}

fn machine(page: &mut Page, it: &Machine<'_>) {
    page.title(&format!("machine {}", it.id));
    for state in &it.states {
        page.line(2, state.id, &stands(state));
        state.to.iter().for_each(|(event, to)| page.line(4, event, &format!("-> {to}")));
        some(&state.same).iter().for_each(|events| page.line(4, "changes nothing", events));
    }
}

/// What holds in a state, in words.
fn stands(state: &Step<'_>) -> String {
    let who = state.who.as_ref().map_or("at rest".to_owned(), |who| owner(who.id, who.address));
    let parts = [
        Some(who),
        state.within.map(|within| format!("within {within}")),
        state.record.map(|record| format!("gets the record {record}")),
        some(&state.contact).map(|by| format!("contacts the lead by {by}")),
        state.sends.map(|email| format!("sends {email}")),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join("; ")
}

fn proved(page: &mut Page, proof: &Proof<'_>) {
    page.section("proof", &proof.rules, |page, it| page.line(2, &format!("{} {}", it.rule, it.verdict), it.holds));
    page.section("walked", &proof.walks, |page, it| {
        let without = some(&it.without).map(|it| format!("; without {it}")).unwrap_or_default();
        page.line(2, &format!("{} states", it.states), &format!("{}{without}", it.machines.join(", ")));
    });
    page.section("not decided by the proof", &proof.undecided, |page, it| {
        page.line(2, &it.owner.join(", "), &it.what);
    });
    page.title("digest of the model");
    page.push(&format!("  {}", proof.digest));
}
