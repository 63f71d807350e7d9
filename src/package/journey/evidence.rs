//! What shows of a permission that it was given: fields of its own for each purpose, so that a form which says nothing of a
//! permission overwrites nothing of it.

use std::sync::Arc;

use super::Journey;

/// What a field is called, around the id of the purpose.
#[derive(Clone, Copy, Debug)]
pub struct Evidence(&'static str, &'static str);

/// Language and version of the text, as the box posts them.
pub const CONSENT: Evidence = Evidence("consent_", "");
/// When a form came in with the box ticked.
pub const CONSENT_AT: Evidence = Evidence("consent_", "_at");
/// When it was given: confirmed, where the region asks for that, or else ticked.
pub const GIVEN_AT: Evidence = Evidence("permission_", "_at");
pub const WITHDRAWN_AT: Evidence = Evidence("withdrawn_", "_at");

const ALL: [Evidence; 4] = [CONSENT, CONSENT_AT, GIVEN_AT, WITHDRAWN_AT];

impl Evidence {
    pub fn of(self, purpose: &str) -> String {
        [self.0, purpose, self.1].concat()
    }

    /// Whether whoever receives a form writes it, and not the lead.
    pub fn is_time(self) -> bool {
        !self.1.is_empty()
    }
}

impl Journey {
    /// The fields that show of a permission that it was given, of each that a form asks for, with its purpose.
    pub fn evidence(&self) -> impl Iterator<Item = (Arc<str>, Evidence, &Arc<str>)> {
        let asked = |id: &Arc<str>| self.requests.iter().any(|request| request.asks.contains(id));
        let asked = self.purposes.iter().map(|purpose| &purpose.id).filter(move |id| asked(id));
        asked.flat_map(|id| ALL.map(|it| (Arc::from(it.of(id)), it, id)))
    }
}
