//! What is made once for all deployments that it is the same for.

use std::convert::Infallible;
use std::sync::Arc;

use super::probes::{Probe, probes};
use crate::digest::Digest;
use crate::encode::xlsx::{self, Form};
use crate::encode::{Content, json};
use crate::package::qualification::{
    Band, Bands, Disqualifier, Group, Handoff, LeadField, Negative, Qualification, Route, Signal,
};
use crate::recent::Recent;

#[derive(Debug, Default)]
pub struct Once {
    /// The probes of each model, by all that counts in it.
    probes: Recent<Digest, Vec<Probe>>,
    /// Workbooks, by all that stands in them.
    books: Recent<Digest, Content>,
}

impl Once {
    pub(super) fn probes(&self, model: &Qualification) -> Arc<Vec<Probe>> {
        let counting = counting(model);
        let made = || Ok::<_, Infallible>(probes(&counting));
        match json::line(&counting) {
            Ok(written) => self.probes.get(Digest::of(&written), made).unwrap_or_else(|never| match never {}),
            Err(_) => probes(&counting).into(),
        }
    }

    pub(super) fn book(&self, form: &Form<'_>) -> Result<Content, String> {
        let written = json::line(form).map_err(|error| error.to_string())?;
        let book = self.books.get(Digest::of(&written), || xlsx::form(form))?;
        Ok(book.as_ref().clone())
    }
}

/// A model without words, and without those who get leads: what is left decides which probes there are.
fn counting(model: &Qualification) -> Qualification {
    let no: Arc<str> = "".into();
    let bands = |bands: &[Band]| bands.iter().map(|it| Band { title: no.clone(), ..it.clone() }).collect();
    let route = |it: &Route| Route {
        title: no.clone(),
        enters: None,
        to: no.clone(),
        within: None,
        fallback: None,
        ..it.clone()
    };
    Qualification {
        fields: model.fields.iter().map(|it| LeadField { title: no.clone(), ..it.clone() }).collect(),
        groups: model.groups.iter().map(|it| Group { title: no.clone(), ..it.clone() }).collect(),
        signals: model.signals.iter().map(|it| Signal { title: no.clone(), ..it.clone() }).collect(),
        untold: Vec::new(),
        unable: Vec::new(),
        negatives: model.negatives.iter().map(|it| Negative { title: no.clone(), ..it.clone() }).collect(),
        disqualify: model
            .disqualify
            .iter()
            .map(|it| Disqualifier { title: no.clone(), then: no.clone(), ..it.clone() })
            .collect(),
        bands: Bands { fit: bands(&model.bands.fit), engagement: bands(&model.bands.engagement) },
        thresholds: model.thresholds.clone(),
        matrix: model.matrix.clone(),
        stages: Vec::new(),
        owners: Vec::new(),
        routing: model.routing.iter().map(route).collect(),
        handoff: Handoff { criteria: Vec::new(), status_to: None, record: Vec::new() },
        feedback: Vec::new(),
        test_leads: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::model;
    use super::*;

    #[test]
    fn models_that_count_alike_share_their_probes() {
        let (once, one) = (Once::default(), model());
        let mut other = model();
        other.signals[0].title = "Otherwise".into();
        other.owners.clear();
        assert!(Arc::ptr_eq(&once.probes(&one), &once.probes(&other)));
        other.signals[0].points += 1;
        assert_ne!(once.probes(&one), once.probes(&other));
        assert_eq!(*once.probes(&one), probes(&one));
        assert_eq!(once.probes.count(), 2);
    }
}
