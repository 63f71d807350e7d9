//! J7, J9 and J10 of a permission that has to be confirmed: an email asks for that, somebody tells that it was, and what nobody
//! confirms is deleted.

use super::super::lower::CONFIRMED;
use super::super::{Around, Lowered, Mode};
use super::Faults;
use super::duties::{CODE, Rule};
use crate::package::journey::{Controller, Happening, Purpose};

/// Who tells of something without a person who reads it.
const PROGRAMS: [&str; 2] = ["page", "platform"];

pub fn check(lowered: &Lowered<'_>, around: &Around, faults: &mut Faults) {
    asked(lowered, faults);
    let confirming = lowered.sends.iter().find(|send| !send.confirms.is_empty());
    let Some(send) = confirming.filter(|_| lowered.mode == Mode::DoubleOptIn) else { return };
    let at = format!("nurture.emails[{}].confirms", send.id);
    match lowered.journey.happens.iter().find(|it| *it.id == *CONFIRMED) {
        None => {
            let message = format!("nobody tells that the permission was confirmed for which `{}` asks", send.id);
            let help = "add `{id: confirmed, by: [platform, partner]}` to `journey.happens`";
            faults.say("E-J9", at.clone(), message, help);
        }
        Some(happening) => read(happening, around, faults),
    }
    let pending = lowered.journey.pending.clone().unwrap_or_default();
    if pending.days.is_none() {
        let message =
            format!("nothing says when a permission is deleted that nobody confirms, though `{}` asks for it", send.id);
        faults.say(CODE, at, message, "add `pending: {days: 14}` to `journey`");
    }
    if let Some(owner) = &pending.deletes {
        let keeper = around.keeper.unwrap_or(Controller::Vendor);
        let path = "journey.pending.deletes".to_owned();
        Rule { journey: lowered.journey, around }.belongs(owner, keeper, path, faults);
    }
}

/// J7: of each permission that forms ask for, an email asks to confirm it. One under which a sequence goes out lacks the event
/// without it, which J1 says.
fn asked(lowered: &Lowered<'_>, faults: &mut Faults) {
    let is_missed = |purpose: &str| lowered.journey.sequences.iter().any(|it| *it.purpose == *purpose);
    let confirms = |purpose: &str| lowered.sends.iter().any(|send| send.confirms.iter().any(|it| **it == *purpose));
    let unconfirmed =
        |purpose: &&Purpose| lowered.mode == Mode::DoubleOptIn && !confirms(&purpose.id) && !is_missed(&purpose.id);
    for purpose in lowered.journey.purposes.iter().filter(unconfirmed) {
        let asking = lowered.journey.requests.iter().find(|request| request.asks.contains(&purpose.id));
        let (Some(request), id) = (asking, &purpose.id) else { continue };
        let message = format!("no email asks to confirm the permission `{id}`, for which `{}` asks", request.id);
        let other = lowered.sends.iter().find(|send| !send.confirms.is_empty());
        let path = match other {
            Some(send) => format!("nurture.emails[{}].confirms", send.id),
            None => format!("journey.requests[{}].asks", request.id),
        };
        let help = "name it by `confirms` of an email: the region demands that whoever ticks a box confirms it";
        faults.say("E-J7", path, message, help);
        faults.rests_on([format!("journey.requests[{}].asks", request.id)]);
    }
}

/// Where no page confirms, the lead replies, and somebody has to read that.
fn read(happening: &Happening, around: &Around, faults: &mut Faults) {
    let by_programs = !happening.by.is_empty() && happening.by.iter().all(|by| PROGRAMS.contains(&&**by));
    if around.has_confirming_page || !by_programs {
        return;
    }
    let message =
        "whoever keeps the leads has no page to confirm at, so a reply confirms, and nobody who reads it tells of it";
    let help = "name `partner` besides, or give `confirmation_url` of whoever keeps the leads";
    faults.say("E-J9", format!("journey.happens[{CONFIRMED}].by"), message.to_owned(), help);
    faults.rests_on(["leads.confirmation".to_owned()]);
}
