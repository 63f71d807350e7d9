//! J12: the trail holds, as far as the model tells: something carries the campaign of a visit to the forms. Whether each
//! page loads it, and each form takes what it carries, is looked at once pages are made.

use super::super::{Around, Lowered};
use super::Faults;

pub fn check(lowered: &Lowered<'_>, around: &Around, faults: &mut Faults) {
    match (&lowered.journey.trail, around.carried.first()) {
        (Some(script), _) if !around.has_trail => {
            let message = format!("`{script}` is no asset, so nothing carries the campaign of a visit to the form");
            faults.say("E-J12", "journey.trail", message, "name a file below `assets/`");
        }
        (Some(script), _) if !script.ends_with(".js") => {
            let message = format!("`{script}` is no script, so nothing carries the campaign of a visit to the form");
            faults.say("E-J12", "journey.trail", message, "name a file below `assets/` that ends with `.js`");
        }
        (None, Some(field)) if !lowered.journey.requests.is_empty() => {
            let message = format!("nothing carries `{field}` from the first page of a visit to the form");
            let help = "name the asset that pages load for it as `journey.trail`, or take the field out";
            faults.say("E-J12", format!("tracking.fields[{field}].from"), message, help);
        }
        _ => {}
    }
}
