//! A journey for a terminal: no line is longer than 100 columns.

use unicode_width::UnicodeWidthStr;

use super::wrap::wrapped;
use super::{Holder, Machine, Model, Named, Owner, Passed, Proof, Purpose, Request, Right, Sequence, Step, View};

const COLUMNS: usize = 100;
/// Where the second column begins.
const SECOND: usize = 22;

/// What is shown, with the addresses at which owners are reached.
pub fn text(view: &View, owners: &[Owner<'_>]) -> String {
    let View { model, proof, .. } = view;
    let mut page = Page::default();
    page.section("requests", &model.requests, |page, it| request(page, view, it));
    page.section("permissions", &model.purposes, |page, it| purpose(page, view, it));
    page.section("sequences", &model.sequences, |page, it| sequence(page, view, it));
    page.section("in place of the platform", &model.substitutes, |page, it| {
        let minutes = it.minutes.map(|minutes| format!("; {minutes} minutes a week")).unwrap_or_default();
        page.named(
            &it.named,
            &format!("{}, for {}{minutes}", owner(owners, &it.who), some(&it.abilities).unwrap_or_default()),
        );
    });
    page.section("other emails", &model.emails, |page, email| {
        let fulfils = email.fulfils.as_ref().map(|request| format!("answers `{request}`"));
        let confirms = some(&email.confirms).map(|it| format!("asks to confirm {it}"));
        let by_state = || format!("sent on the way into {}", sent_by(model, &email.named.id));
        page.named(&email.named, &fulfils.or(confirms).unwrap_or_else(by_state));
    });
    for it in &model.machines {
        machine(&mut page, view, owners, it);
    }
    page.section("what happens outside", &model.happens, |page, it| {
        let weak = if it.sure == "weak" { "; a weak sign" } else { "" };
        let under = it.under.as_ref().map(|it| format!("; only with permission for {it}")).unwrap_or_default();
        page.named(&it.named, &format!("told by {}{under}{weak}", ids(&it.by)));
    });
    page.section("records", &model.records, |page, it| {
        page.named(&it.named, &format!("to {}", owner(owners, &it.to)));
        it.passed.iter().for_each(|it| passed(page, owners, it));
        page.line(4, "needs", &it.needs.join(", "));
        it.when.iter().for_each(|(request, fields)| page.line(4, &format!("after {request}"), &fields.join(", ")));
        some(&it.proof).iter().for_each(|fields| page.line(4, "with permission", fields));
        some(&it.may).iter().for_each(|fields| page.line(4, "where known", fields));
        let deletes = it.deletes.as_ref().map(|it| format!(", by {}", both(it))).unwrap_or_default();
        it.keep_months.iter().for_each(|months| page.line(4, "deleted", &format!("{}{deletes}", after(*months))));
        it.sooner.iter().for_each(|(field, months)| page.line(4, "sooner", &format!("{field} {}", after(*months))));
    });
    page.section("who has the data of leads", &model.holders, holder);
    page.section("what a lead may ask of them", &model.rights, right);
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

    /// An item by its id, with its title before what is said of it.
    fn named(&mut self, it: &Named, said: &str) {
        let said = if it.title == it.id { said.to_owned() } else { format!("{}; {said}", it.title) };
        self.line(2, &it.id, &said);
    }

    fn push(&mut self, line: &str) {
        self.0.push_str(line);
        self.0.push('\n');
    }
}

fn some(words: &[impl AsRef<str>]) -> Option<String> {
    (!words.is_empty()).then(|| words.iter().map(AsRef::as_ref).collect::<Vec<&str>>().join(", "))
}

fn ids(named: &[Named]) -> String {
    named.iter().map(|it| &*it.id).collect::<Vec<_>>().join(", ")
}

/// A title, and the id where that is another word.
fn both(named: &Named) -> String {
    if named.title == named.id { named.id.to_string() } else { format!("{} ({})", named.title, named.id) }
}

fn owner(owners: &[Owner<'_>], id: &str) -> String {
    let Some(owner) = owners.iter().find(|owner| *owner.named.id == *id) else { return id.to_owned() };
    if owner.address.is_empty() { both(owner.named) } else { format!("{} <{}>", both(owner.named), owner.address) }
}

fn sent_by(model: &Model, email: &str) -> String {
    let states = model.machines.iter().flat_map(|machine| &machine.states);
    let sending = states.filter(|state| state.sends.as_ref().is_some_and(|it| *it.id == *email));
    sending.map(|state| &*state.named.id).collect::<Vec<_>>().join(", ")
}

fn request(page: &mut Page, view: &View, it: &Request) {
    let calls = if it.calls { "; wants to be called" } else { "" };
    page.line(2, &it.id, &format!("\"{}\"{calls}", it.label));
    let form = format!("{} on {}", it.form.join(", "), both(&it.page));
    page.line(
        4,
        "form",
        if &*it.way == "mail" { "none: by email, and answered by whoever reads the mailbox" } else { &form },
    );
    let asks: Vec<&str> = it.asks.iter().map(|id| view.purpose(id)).collect();
    some(&asks).iter().for_each(|asks| page.line(4, "asks permission for", asks));
    it.gives.iter().for_each(|gives| page.line(4, "gives", gives));
    page.line(4, "answer", &both(&it.answer));
    it.then.iter().for_each(|then| page.line(4, "page after it", &both(then)));
    page.line(4, "member status", &both(&it.status));
}

fn purpose(page: &mut Page, view: &View, it: &Purpose) {
    let of = |state: &super::State| {
        let id = &state.named.id;
        if state.allows { format!("[{id}]") } else { id.to_string() }
    };
    let states = it.states.iter().map(of).collect::<Vec<_>>().join(", ");
    page.named(&it.named, &format!("of the {}, by {}", it.controller, it.mode));
    page.line(4, "states", &format!("{states}; emails may go out in those in brackets"));
    let confirmed_by = it.confirmed_by.iter().map(both).collect::<Vec<_>>();
    some(&confirmed_by).iter().for_each(|emails| page.line(4, "confirmed by", emails));
    it.expires_days.iter().for_each(|days| {
        let deletes = it.deletes.as_ref().map(|it| format!(", by {}", both(it))).unwrap_or_default();
        page.line(4, "not confirmed", &format!("deleted {days} days after it was given{deletes}"));
    });
    let knows = |id| view.owner(id);
    it.unused.iter().for_each(|it| page.line(4, "unused here", &format!("{} ({} knows)", it.why, knows(&it.owner))));
}

fn sequence(page: &mut Page, view: &View, it: &Sequence) {
    page.named(&it.named, &format!("under {}, from {} on", it.purpose, view.event(&it.starts)));
    let gates = it.goes_on.iter().map(|(machine, states)| format!("{machine} in {}", states.join(", ")));
    let gates: Vec<String> = std::iter::once(format!("permission for {}", it.purpose)).chain(gates).collect();
    page.line(4, "gate", &gates.join("; "));
    it.emails.iter().for_each(|email| page.line(4, &format!("day {}", email.day), &both(&email.named)));
}

fn machine(page: &mut Page, view: &View, owners: &[Owner<'_>], it: &Machine) {
    page.title(&format!("machine {}", both(&it.named)));
    for state in &it.states {
        page.named(&state.named, &stands(owners, state));
        it.ways(state).for_each(|(event, to)| {
            let title = view.event(event);
            let called = if *title == **event { String::new() } else { format!("  {title}") };
            page.line(4, event, &format!("-> {to}{called}"));
        });
        some(&state.same).iter().for_each(|events| page.line(4, "changes nothing", events));
    }
    it.stops.iter().for_each(|stops| {
        let events = stops.events.join(", ");
        page.line(2, "from any state", &format!("{events} -> {}", stops.to));
    });
}

/// What holds in a state, in words.
fn stands(owners: &[Owner<'_>], state: &Step) -> String {
    let who = state.who.as_ref().map_or("at rest".to_owned(), |who| owner(owners, who));
    let parts = [
        Some(who),
        state.within.as_ref().map(|within| format!("within {within}")),
        state.from.as_ref().map(|field| format!("counted from `{field}`, where the lead named it")),
        state.record.as_ref().map(|record| format!("gets the record {}", record.id)),
        some(&state.contact).map(|by| format!("contacts the lead by {by}")),
        state.sends.as_ref().map(|email| format!("sends {}", email.id)),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join("; ")
}

fn passed(page: &mut Page, owners: &[Owner<'_>], it: &Passed) {
    let from = it.from.as_ref().map(|from| format!(" by {}", owner(owners, from))).unwrap_or_default();
    let within = it.within.as_ref().map(|within| format!(" within {within}")).unwrap_or_default();
    page.line(4, "passed on", &format!("under {}{from}{within}", it.under));
    some(&it.tells).iter().for_each(|kinds| page.line(4, "tells of", kinds));
}

fn after(months: u32) -> String {
    format!("{months} months after the last contact")
}

fn holder(page: &mut Page, it: &Holder) {
    let has =
        it.keeps.then(|| "forms".to_owned()).into_iter().chain(it.records.iter().map(|it| format!("record {it}")));
    let months = it.keep_months.map(|months| format!("; deleted {}", after(months))).unwrap_or_default();
    let answers = it.answers.as_ref().map(|it| format!("; {} answers", both(it))).unwrap_or_default();
    page.line(2, it.id, &format!("{}{months}{answers}", has.collect::<Vec<_>>().join(", ")));
}

fn right(page: &mut Page, it: &Right) {
    let term = match it.amount {
        Some(1) => format!("within 1 {}", it.unit.trim_end_matches('s')),
        Some(amount) => format!("within {amount} {}", it.unit),
        None => "without delay".to_owned(),
    };
    page.named(&it.named, &format!("of the {}: {} {term} ({})", it.holder, both(&it.answers), it.sure));
    let tells: Vec<String> = it.tells.iter().map(both).collect();
    let within = it.pass_on.as_ref().map(|within| format!(" within {within}")).unwrap_or_default();
    some(&tells).iter().for_each(|told| page.line(4, "passed on", &format!("to {told}{within}")));
}

fn proved(page: &mut Page, proof: &Proof) {
    page.section("proof", &proof.rules, |page, it| page.line(2, &format!("{} {}", it.rule, it.verdict), &it.holds));
    page.section("walked", &proof.walks, |page, it| {
        let without = some(&it.without).map(|it| format!("; without {it}")).unwrap_or_default();
        page.line(2, &format!("{} states", it.states), &format!("{}{without}", it.machines.join(", ")));
    });
    page.section("not decided by the proof", &proof.undecided, |page, it| {
        page.line(2, &ids(&it.owner), &format!("{} ({}): {}", it.title, it.about, it.what));
    });
    page.section("where a campaign is lost", &proof.lost, |page, it| page.line(2, &it.about, &it.what));
    page.title("digest of what was proved");
    page.push(&format!("  {}", proof.digest));
}
