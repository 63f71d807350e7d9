//! What a lead is promised that asks to be called: how long it takes until somebody contacts it, where nobody is late.

use std::collections::VecDeque;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::data::Data;
use crate::journey::lower::LATE;
use crate::package::journey::{Machine, Request, State};

use super::{Owed, text};

/// The times on the shortest way from a request to the first contact.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Promised {
    pub request: Arc<str>,
    /// One after the other; those of one calendar and unit are added up.
    pub spans: Vec<Span>,
    /// The field with the time that the lead may name instead.
    pub from: Option<Arc<str>>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Span {
    /// The id of a calendar.
    pub calendar: Arc<str>,
    pub amount: u32,
    /// `hours` or `days`
    pub unit: Arc<str>,
}

/// Of each request with `calls` that leads to a contact.
pub fn of(requests: &[Request], machines: &[Machine], owed: &[Owed]) -> Vec<Promised> {
    let calling = requests.iter().filter(|request| request.calls);
    calling.filter_map(|request| machines.iter().find_map(|machine| promised(request, machine, owed))).collect()
}

fn promised(request: &Request, machine: &Machine, owed: &[Owed]) -> Option<Promised> {
    let way = way(machine, &format!("{}.asked", request.id))?;
    let times = way.iter().filter_map(|state| owed.iter().find(|it| it.machine == machine.id && it.state == state.id));
    let mut spans: Vec<Span> = Vec::new();
    for it in times {
        match spans.last_mut().filter(|last| last.calendar == it.calendar && last.unit == it.unit) {
            Some(last) => last.amount += it.amount,
            None => spans.push(Span { calendar: it.calendar.clone(), amount: it.amount, unit: it.unit.clone() }),
        }
    }
    let from = way.iter().find_map(|state| state.from.clone());
    (!spans.is_empty()).then(|| Promised { request: request.id.clone(), spans, from })
}

/// The states between an event of somebody who is at the beginning and the first contact, that one included.
fn way<'m>(machine: &'m Machine, event: &str) -> Option<Vec<&'m State>> {
    let state = |id: &Arc<str>| machine.states.iter().find(|state| state.id == *id);
    let first = machine.states.first().and_then(|state| state.to.get(event)).and_then(state)?;
    let mut ways = VecDeque::from([vec![first]]);
    let mut seen = vec![&first.id];
    while let Some(way) = ways.pop_front() {
        let last = *way.last()?;
        if !last.contact.is_empty() {
            return Some(way);
        }
        for next in last.to.iter().filter(|(event, _)| &***event != LATE).filter_map(|(_, to)| state(to)) {
            if next.who.is_some() && !seen.contains(&&next.id) {
                seen.push(&next.id);
                ways.push_back(way.iter().copied().chain([next]).collect());
            }
        }
    }
    None
}

impl Promised {
    pub(super) fn data(&self) -> Data {
        let span = |it: &Span| {
            let (calendar, unit) = (text(&it.calendar), text(&it.unit));
            Data::map([("calendar", calendar), ("amount", Data::Int(it.amount.into())), ("unit", unit)])
        };
        Data::map([
            ("request", text(&self.request)),
            ("spans", Data::list(self.spans.iter().map(span))),
            ("from", super::maybe(self.from.as_ref())),
        ])
    }
}
