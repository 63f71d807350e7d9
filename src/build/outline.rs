//! A deployment's journey as far as it can be read before texts are filled in: what texts may say of it is made from this.

use serde::de::DeserializeOwned;

use crate::journey::Mode;
use crate::journey::duties::Roles;
use crate::package;
use crate::package::journey::{Controller, Journey};
use crate::package::program::Role;
use crate::package::qualification::{FeedbackStatus, Owner};
use crate::values::Values;

/// What does not fit is left out, and said once all models are read.
pub struct Outline {
    pub journey: Journey,
    pub owners: Vec<Owner>,
    /// Of the owners.
    pub roles: Roles,
    pub feedback: Vec<FeedbackStatus>,
    /// Tasks of the package.
    pub tasks: Vec<Role>,
    /// Who receives forms.
    pub keeper: Option<Controller>,
}

impl Outline {
    pub fn of(values: &Values<'_>) -> Self {
        let journey = Journey {
            purposes: read(values, "journey.purposes").unwrap_or_default(),
            requests: read(values, "journey.requests").unwrap_or_default(),
            substitutes: read(values, "journey.substitutes").unwrap_or_default(),
            happens: read(values, "journey.happens").unwrap_or_default(),
            machines: read(values, "journey.machines").unwrap_or_default(),
            records: read(values, "journey.records").unwrap_or_default(),
            holders: read(values, "journey.holders").unwrap_or_default(),
            rights: read(values, "journey.rights").unwrap_or_default(),
            // Elsewhere nothing waits to be confirmed, and no text may say how long (W4).
            pending: read(values, "journey.pending").filter(|_| is_confirmed(values)),
            ..Journey::default()
        };
        let owners: Vec<Owner> = read(values, "qualification.owners").unwrap_or_default();
        Self {
            journey,
            roles: owners.iter().map(|owner| (owner.id.clone(), owner.role.clone())).collect(),
            owners,
            feedback: read(values, "qualification.feedback").unwrap_or_default(),
            tasks: read(values, "roles").unwrap_or_default(),
            keeper: values.tree().text_at("leads.keeps").map(Controller::of_forms),
        }
    }
}

/// Whether a permission has to be confirmed in the region.
fn is_confirmed(values: &Values<'_>) -> bool {
    Mode::named(values.tree().text_at("region.legal.consent_mode")) == Mode::DoubleOptIn
}

/// A part of a deployment by its path; `None` where it is not there or does not fit.
pub fn read<T: DeserializeOwned>(values: &Values<'_>, path: &str) -> Option<T> {
    let (root, keys) = path.split_once('.').unwrap_or((path, ""));
    let keys = keys.split('.').filter(|key| !key.is_empty());
    let node = keys.fold(values.tree().get(root), |node, key| node?.get(key))?;
    package::read(&values.bind(node).ok()?, path).ok()
}
