//! What whoever has the data of leads owes them in a deployment, as texts and templates see it: `duties`.

use std::sync::Arc;

use crate::data::Data;
use crate::journey::duties::Duties;
use crate::package;
use crate::package::journey::Term;
use crate::values::Values;

use super::outline::Outline;

/// How a field comes that is the same for all leads.
const ALIKE: &str = "package";
const LAW: &str = "region.legal.rights";

/// `None` where the journey does not say who has the data, so that nothing can name how long it is kept.
pub fn data(values: &Values<'_>, outline: &Outline) -> Option<Data> {
    let Outline { journey, roles, keeper, .. } = outline;
    if journey.holders.is_empty() {
        return None;
    }
    let law = values.tree().get("region").and_then(|region| region.get("legal")?.get("rights"));
    let law = law.and_then(|rights| values.bind(rights).ok());
    let terms: Vec<Term> = law.and_then(|law| package::read(&law, LAW).ok()).unwrap_or_default();
    Some(Duties::new(journey, roles, *keeper, &terms).data(journey, roles))
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
