//! J9 and J10 of a permission that has to be confirmed: somebody tells that it was, and what nobody confirms is deleted.

use super::super::lower::CONFIRMED;
use super::super::{Around, Lowered, Mode};
use super::Faults;
use super::duties::{CODE, Rule};
use crate::package::journey::{Controller, Happening};

/// Who tells of something without a person who reads it.
const PROGRAMS: [&str; 2] = ["page", "platform"];

pub fn check(lowered: &Lowered<'_>, around: &Around, faults: &mut Faults) {
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
