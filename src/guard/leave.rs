//! What may pass for a time although policy refuses it: waivers (G8) and grace (G9).

use crate::catalog::Layer;
use crate::catalog::patch::Contribution;
use crate::diag::Diagnostic;
use crate::policy::Policy;
use crate::policy::rules::Rule;

/// What is left of a refusal: nothing under a waiver, a warning in a time of grace.
pub fn weighed(
    error: Diagnostic,
    policy: &Policy,
    layer: &Layer,
    contribution: &Contribution,
    rule: Option<&Rule>,
) -> Option<Diagnostic> {
    let waivers = policy.waivers().iter().filter(|waiver| waiver.is_about(layer, &contribution.path));
    if let Some(waiver) = waivers.max_by_key(|waiver| waiver.expires) {
        if policy.today() <= waiver.expires {
            return None;
        }
        let message = format!("the waiver for `{}` ended on {}", contribution.path, waiver.expires);
        return Some(
            Diagnostic::error("E-WAIVER", message)
                .at(contribution.span, "no longer granted")
                .other(waiver.span, format!("granted by {} ({})", waiver.approver, waiver.reason))
                .help("take it out, or ask HQ to renew the waiver in `master-templates/waivers.yaml`"),
        );
    }
    let grace = rule.and_then(|rule| rule.grace).filter(|&day| policy.today() <= day);
    match grace {
        Some(day) if matches!(error.code.0, "E-LOCK" | "E-PLACE" | "E-LIMIT") => {
            let warning = Diagnostic::warning("W-GRACE", format!("{}, from {day} on", error.message));
            Some(Diagnostic {
                place: error.place,
                others: error.others,
                notes: error.notes,
                help: error.help,
                ..warning
            })
        }
        _ => Some(error),
    }
}
