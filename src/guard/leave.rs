//! What may pass for a time although policy refuses it: waivers (G8) and grace (G9).

use crate::catalog::patch::Contribution;
use crate::catalog::{Catalog, Layer};
use crate::diag::{Diagnostic, nearest};
use crate::policy::Policy;
use crate::policy::rules::Rule;
use crate::policy::waivers::Waiver;

/// Weighs refusals, and remembers which waivers were needed.
pub struct Leave<'a> {
    policy: &'a Policy,
    /// For each waiver whether it was.
    used: Vec<bool>,
}

impl<'a> Leave<'a> {
    pub fn new(policy: &'a Policy) -> Self {
        Self { policy, used: vec![false; policy.waivers().len()] }
    }

    /// Remembers what was needed elsewhere too.
    pub fn join(&mut self, other: Self) {
        self.used.iter_mut().zip(other.used).for_each(|(used, other)| *used |= other);
    }

    /// What is left of a refusal: nothing under a waiver, a warning in a time of grace.
    pub fn weighed(
        &mut self,
        error: Diagnostic,
        layer: &Layer,
        contribution: &Contribution,
        rule: Option<&Rule>,
    ) -> Option<Diagnostic> {
        let policy = self.policy;
        let waivers = policy.waivers().iter().enumerate();
        let about = waivers.filter(|(_, waiver)| waiver.is_about(layer, &contribution.path));
        if let Some((index, waiver)) = about.max_by_key(|(_, waiver)| waiver.expires) {
            self.used[index] = true;
            return (policy.today() > waiver.expires).then(|| ended(waiver, contribution));
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

    /// Notes waivers that still hold and that nothing needs, once every layer is weighed.
    pub fn unneeded(&self, catalog: &Catalog) -> impl Iterator<Item = Diagnostic> {
        let waivers = self.policy.waivers().iter().zip(&self.used);
        let idle = waivers.filter(|(waiver, used)| !**used && self.policy.today() <= waiver.expires);
        // Of a partner that is not asked for nobody knows what it needs.
        let idle = idle.filter(|(waiver, _)| !catalog.is_silent(&waiver.layer));
        idle.map(|(waiver, _)| unneeded(waiver, catalog))
    }
}

fn ended(waiver: &Waiver, contribution: &Contribution) -> Diagnostic {
    let message = format!("the waiver for `{}` ended on {}", contribution.path, waiver.expires);
    Diagnostic::error("E-WAIVER", message)
        .at(contribution.span, "no longer granted")
        .other(waiver.span, format!("granted by {} ({})", waiver.approver, waiver.reason))
        .help("take it out, or ask HQ to renew the waiver in `master-templates/waivers.yaml`")
}

fn unneeded(waiver: &Waiver, catalog: &Catalog) -> Diagnostic {
    let layers = || catalog.layer_ids().map(|id| catalog.layer(id)).filter(|layer| !layer.is_of_master());
    let is_known = layers().any(|layer| waiver.is_of(layer));
    let near = nearest(&waiver.layer, layers().map(|layer| layer.place.as_str())).filter(|_| !is_known);
    let message = match is_known {
        true => format!("nothing in `{}` needs this waiver for `{}`", waiver.layer, waiver.path.text()),
        false => format!("there is no layer `{}` that this waiver is for", waiver.layer),
    };
    Diagnostic::warning("W-WAIVER", message).at(waiver.span, "").help(match near {
        Some(near) => format!("did you mean `{near}`?"),
        None => "take it out, so that it lifts nothing unseen".to_owned(),
    })
}
