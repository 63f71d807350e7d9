//! J7: what answers a request goes to whoever made it, and to nobody else. Who comes to a state need not have asked for what the
//! answer gives.

use super::super::Lowered;
use super::super::explore::{Walks, Ways};
use super::{Faults, state_path};

pub fn check(lowered: &Lowered<'_>, walks: &mut Walks<'_>, faults: &mut Faults) {
    let journey = lowered.journey;
    for (machine, &id) in journey.machines.iter().zip(&lowered.machines) {
        for (at, state) in (0..).zip(&machine.states) {
            let send = lowered.sends.iter().find(|send| state.sends.as_ref() == Some(&send.id));
            let Some((send, request)) = send.and_then(|send| Some((send, send.fulfils.as_ref()?))) else { continue };
            // A request that there is not is a matter of J1.
            let Some(number) = journey.requests.iter().position(|it| it.id == *request) else { continue };
            let asked = lowered.asked[number];
            let slice = std::iter::once(id).chain(lowered.asked.iter().copied());
            let Some(walk) = walks.through(slice, Ways::CARELESS) else { continue };
            let unasked =
                walk.states().find(|(_, vector)| walk.of(vector, id) == Some(at) && walk.of(vector, asked) == Some(0));
            if let Some((found, _)) = unasked {
                let message = format!(
                    "`{}` sends the email `{}`, which answers the request `{request}`, to who has not made it",
                    state.id, send.id
                );
                let help = "let the state send an email of its own";
                let path = format!("{}.sends", state_path(&machine.id, &state.id));
                faults.seen("E-J7", path, message, walk.trail(found), help);
                faults.rests_on([format!("nurture.emails[{}].for", send.id)]);
            }
        }
    }
}
