//! What the files of a layer say, put together from what each of them says.

use std::sync::Arc;

use crate::catalog::conditions::Conditions;
use crate::catalog::locales::LocaleId;
use crate::catalog::patch::{Contribution, Patch};
use crate::data::IndexMap;
use crate::diag::Diagnostics;

/// What one file of a layer says, or all that were read so far.
#[derive(Default)]
pub struct Words {
    pub own: IndexMap<Arc<str>, Patch>,
    pub translations: IndexMap<LocaleId, IndexMap<Arc<str>, Patch>>,
    pub contributions: Vec<Contribution>,
    pub conditions: Conditions,
    pub diagnostics: Diagnostics,
}

impl Words {
    /// Takes in what the next file says, as if it had been read right behind the others.
    pub fn take(&mut self, next: Words) {
        let Words { own, translations, contributions, conditions, diagnostics } = next;
        self.own.extend(own);
        for (locale, entries) in translations {
            self.translations.entry(locale).or_default().extend(entries);
        }
        self.contributions.extend(contributions);
        self.conditions.take(conditions);
        self.diagnostics.append(diagnostics);
    }
}
