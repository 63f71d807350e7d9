//! Routes into the journey, and feedback out of its states: who owes what until when, and who takes over, is said there
//! and nowhere else.

use std::sync::Arc;

use crate::data::{Data, DataMap};
use crate::package::qualification::{FeedbackStatus, Route};

/// Gives each route with `enters` the owner, the time and the fallback of its state. Where there is no such state, nobody
/// gets the lead, which the check says.
pub fn fill(routes: &mut [Route], data: &DataMap) {
    for route in routes {
        let Some((machine, state)) = route.enters.as_deref().and_then(|place| state(data, place)) else { continue };
        let text = |state: &Data, key: &str| state.get(key).and_then(Data::as_str).map(Arc::from);
        route.to = text(state, "who").unwrap_or_default();
        route.within = text(state, "within");
        let late = state.at("to.late").and_then(Data::as_str).and_then(|late| item(machine, "states", late));
        route.fallback = late.and_then(|late| text(late, "who"));
    }
}

/// Gives each status of feedback with `ends` the time of that state.
pub fn due(feedback: &mut [FeedbackStatus], data: &DataMap) {
    for status in feedback {
        let state = status.ends.as_deref().and_then(|place| state(data, place));
        status.within = state.and_then(|(_, state)| state.get("within")).and_then(Data::as_str).map(Arc::from);
    }
}

/// A state, by the machine and its id, with its machine.
fn state<'d>(data: &'d DataMap, place: &str) -> Option<(&'d Data, &'d Data)> {
    let (machine, state) = place.split_once('.')?;
    let machine = item(data.get("journey")?, "machines", machine)?;
    Some((machine, item(machine, "states", state)?))
}

fn item<'d>(of: &'d Data, list: &str, id: &str) -> Option<&'d Data> {
    of.get(list)?.items().iter().find(|item| item.get("id").and_then(Data::as_str) == Some(id))
}
