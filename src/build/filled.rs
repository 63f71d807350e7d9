//! J1 of what forms carry along: a field that nothing fills comes in empty with each lead.

use crate::components::Finding;
use crate::diag::{Diagnostics, nearest};
use crate::document::known::filled;
use crate::package::tracking::{FormField, Tracking};

use super::mender::Mender;

/// Notes each field of which the page is said to know the value, and does not.
pub fn check(tracking: &Tracking, mender: Mender<'_>, diagnostics: &mut Diagnostics) {
    diagnostics.extend(mender.merged(tracking.fields.iter().filter_map(empty).map(|finding| ("E-J1", finding))));
}

fn empty(field: &FormField) -> Option<Finding> {
    let from = field.from.as_deref()?;
    let known = filled(from).filter(|known| !known.contains(&&*field.id))?;
    let hint = nearest(&field.id, known.iter().copied()).map(|near| format!("; did you mean `{near}`?"));
    let message = format!("nothing fills `{}`{}", field.id, hint.unwrap_or_default());
    let help = format!("with `from: {from}` there are: {}; take it out, or say where it comes from", known.join(", "));
    let path = format!("tracking.fields[{}]", field.id);
    Some(Finding::new(path.clone(), message, help).resting_on(vec![format!("{path}.from")]))
}
