//! What whoever has the data of leads owes them in a deployment, as texts and templates see it: `duties`.

use std::sync::Arc;

use crate::data::Data;
use crate::journey::duties::{Duties, Roles};
use crate::package;
use crate::package::journey::{Controller, Journey, Term};
use crate::package::qualification::Owner;
use crate::values::Values;

use super::handoff::read;

/// How a field comes that is the same for all leads.
const ALIKE: &str = "package";
const LAW: &str = "region.legal.rights";

/// `None` where the journey does not say who has the data, so that nothing can name how long it is kept.
pub fn data(values: &Values<'_>) -> Option<Data> {
    let journey = Journey {
        machines: read(values, "journey.machines").unwrap_or_default(),
        records: read(values, "journey.records").unwrap_or_default(),
        holders: read(values, "journey.holders")?,
        rights: read(values, "journey.rights").unwrap_or_default(),
        pending: read(values, "journey.pending"),
        ..Journey::default()
    };
    let owners: Vec<Owner> = read(values, "qualification.owners").unwrap_or_default();
    let roles: Roles = owners.iter().map(|owner| (owner.id.clone(), owner.role.clone())).collect();
    let keeper = values.tree().text_at("leads.keeps").map(Controller::of_forms);
    let law = values.tree().get("region").and_then(|region| region.get("legal")?.get("rights"));
    let law = law.and_then(|rights| values.bind(rights).ok());
    let terms: Vec<Term> = law.and_then(|law| package::read(&law, LAW).ok()).unwrap_or_default();
    Some(Duties::new(&journey, &roles, keeper, &terms).data(&journey, &roles))
}

/// By when the law of a region wants rights to be answered.
pub fn terms(region: Option<&Data>) -> Vec<Term> {
    let rights = region.and_then(|region| region.at("legal.rights"));
    rights.and_then(|rights| package::read(rights, LAW).ok()).unwrap_or_default()
}

/// The fields of `tracking.fields` that the package writes for every lead alike.
pub fn alike(fields: Option<&Data>) -> Vec<Arc<str>> {
    let is_alike = |field: &&Data| field.get("from").and_then(Data::as_str) == Some(ALIKE);
    let id = |field: &Data| field.get("id").and_then(Data::as_str).map(Arc::from);
    fields.map_or(&[][..], Data::items).iter().filter(is_alike).filter_map(id).collect()
}
