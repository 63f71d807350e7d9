//! What each event is called, which follows from what causes it.

use std::sync::Arc;

use super::Model;
use crate::journey::lower::{BOUNCED, LATE};
use crate::package::journey::Words;

/// Every event by which something moves or begins, in the order in which it is named.
pub fn named(model: &Model) -> Vec<Arc<str>> {
    let states = model.machines.iter().flat_map(|machine| &machine.states);
    let moving = states.flat_map(|state| state.to.keys().chain(&state.same)).cloned();
    let mut events: Vec<Arc<str>> = Vec::new();
    for event in model.sequences.iter().map(|it| it.starts.clone()).chain(moving) {
        if !events.contains(&event) {
            events.push(event);
        }
    }
    events
}

/// What people call it; its name where nothing has a title for it.
pub fn title(model: &Model, words: &Words, event: &str) -> Arc<str> {
    let called = || match event.rsplit_once('.') {
        Some((request, "asked")) => {
            let label = model.requests.iter().find(|it| *it.id == *request).map(|it| &it.label);
            let right = || model.rights.iter().find(|it| *it.named.id == *request).map(|it| &it.named.title);
            Some(words.label(&words.asked, label.or_else(right)?))
        }
        Some((email, "sent")) => Some(words.label(&words.sent, &subject(model, email)?)),
        Some((state, LATE)) => Some(words.label(&words.late, &of_state(model, state)?)),
        Some((purpose, what)) => {
            let purpose = &model.purposes.iter().find(|it| *it.named.id == *purpose)?.named.title;
            let what = if what == "ticked" { &words.ticked } else { words.states.get(what)? };
            Some(words.label(purpose, what))
        }
        None => None,
    };
    if event == LATE {
        return words.late.clone();
    }
    if event == BOUNCED {
        return words.bounced.clone();
    }
    let happening = model.happens.iter().find(|it| *it.named.id == *event).map(|it| it.named.title.clone());
    happening.or_else(|| called().map(Arc::from)).unwrap_or_else(|| event.into())
}

fn subject(model: &Model, email: &str) -> Option<Arc<str>> {
    let of_sequences = model.sequences.iter().flat_map(|it| &it.emails).map(|it| &it.named);
    let mut all = of_sequences.chain(model.emails.iter().map(|it| &it.named));
    all.find(|it| *it.id == *email).map(|it| it.title.clone())
}

fn of_state(model: &Model, state: &str) -> Option<Arc<str>> {
    let mut states = model.machines.iter().flat_map(|it| &it.states);
    states.find(|it| *it.named.id == *state).map(|it| it.named.title.clone())
}
