//! What each field of a lead is tried with.

use std::sync::Arc;

use indexmap::IndexMap;

use super::ELSEWHERE;
use crate::package::qualification::{Condition, Lead, LeadEvent, Qualification};

/// The values of each field; `None` is that it is empty.
pub struct Options(IndexMap<Arc<str>, Vec<Option<Arc<str>>>>);

impl Options {
    pub fn of(model: &Qualification) -> Self {
        let mut fields: IndexMap<Arc<str>, Vec<Option<Arc<str>>>> = IndexMap::new();
        for field in &model.fields {
            fields.insert(field.id.clone(), field.values.iter().cloned().map(Some).collect());
        }
        for condition in conditions(model) {
            match condition {
                Condition::FieldIs { field, values } | Condition::FieldIsNot { field, values } => {
                    fields.entry(field.clone()).or_default().extend(values.iter().cloned().map(Some));
                }
                Condition::DomainIn { field, values } => {
                    let addresses = values.iter().flat_map(|domain| addresses(domain)).map(Some);
                    fields.entry(field.clone()).or_default().extend(addresses);
                }
                Condition::Happened { .. } | Condition::Inactive { .. } => {}
            }
        }
        for values in fields.values_mut() {
            values.push(None);
            let mut known: Vec<Option<Arc<str>>> = Vec::new();
            values.retain(|value| {
                !known.contains(value) && {
                    known.push(value.clone());
                    true
                }
            });
        }
        Self(fields)
    }

    /// The most values that a field has.
    pub fn most(&self) -> usize {
        self.0.values().map(Vec::len).max().unwrap_or(0)
    }

    pub fn iter(&self) -> impl Iterator<Item = (&Arc<str>, &[Option<Arc<str>>])> {
        self.0.iter().map(|(field, values)| (field, &**values))
    }

    /// A lead with one value of each field.
    pub fn lead(&self, choose: impl Fn(&Arc<str>, &[Option<Arc<str>>]) -> Option<Arc<str>>) -> Lead {
        let fields = self.0.iter().filter_map(|(field, values)| Some((field.clone(), choose(field, values)?)));
        Lead { fields: fields.collect(), events: Vec::new() }
    }
}

fn conditions(model: &Qualification) -> impl Iterator<Item = &Condition> {
    let signals = model.signals.iter().map(|it| &it.when);
    signals.chain(model.negatives.iter().map(|it| &it.when)).chain(model.disqualify.iter().map(|it| &it.when))
}

/// Addresses of a domain, below it, in capitals, and beside it.
fn addresses(domain: &str) -> [Arc<str>; 4] {
    let capitals = domain.to_uppercase();
    [format!("lead@{domain}"), format!("lead@mail.{domain}"), format!("LEAD@{capitals}"), format!("lead@not{domain}")]
        .map(Arc::from)
}

/// Gives a lead what a condition asks for.
pub fn meet(condition: &Condition, lead: &mut Lead) {
    match condition {
        Condition::FieldIs { field, values } => {
            lead.fields.extend(values.first().map(|value| (field.clone(), value.clone())));
        }
        Condition::FieldIsNot { field, .. } => drop(lead.fields.shift_remove(field)),
        Condition::DomainIn { field, values } => {
            lead.fields.extend(values.first().map(|domain| (field.clone(), format!("lead@{domain}").into())));
        }
        Condition::Happened { event, target } => {
            lead.events.push(LeadEvent { event: *event, target: target.clone(), days_ago: 0 });
        }
        Condition::Inactive { days } => {
            let event = crate::package::qualification::Event::Recorded;
            lead.events.push(LeadEvent { event, target: Some(ELSEWHERE.into()), days_ago: *days });
        }
    }
}
