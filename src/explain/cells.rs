//! Where a text was looked for: the locales of the chain, and who has a text in each (T5).

use serde::Serialize;

use crate::catalog::LayerId;
use crate::catalog::locales::LocaleId;
use crate::resolve::account::Fate;
use crate::resolve::tree::Resolved;

use super::answer::Answers;
use super::statement::{Said, Statement};

/// One locale of the chain, and the layers that have a text in it, strongest first (T5).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Cell {
    pub locale: String,
    pub layers: Vec<String>,
    pub wins: bool,
}

impl Answers<'_> {
    pub(super) fn cells(&self, path: &str, about: &[&Statement<'_>], resolved: &Resolved) -> Vec<Cell> {
        let catalog = self.subject.program.catalog();
        let cell = |&locale: &LocaleId| {
            let speaks = |statement: &&&Statement<'_>| {
                let is_text = matches!(statement.said, Said::Value(_) | Said::Append(_) | Said::Prepend(_));
                statement.locale == locale && is_text && self.is_tried(statement, path)
            };
            let mut layers: Vec<LayerId> = about.iter().rev().filter(speaks).map(|statement| statement.layer).collect();
            // A layer may have a text in a block and one in the block that is shown in its place.
            layers.dedup();
            Cell {
                locale: catalog.locale(locale).tag.to_string(),
                layers: layers.into_iter().map(|layer| catalog.layer(layer).selector.to_string()).collect(),
                wins: locale == resolved.origin.locale,
            }
        };
        self.chain().iter().map(cell).collect()
    }

    /// Whether a text came as far as its place, where one is chosen by language and strength.
    fn is_tried(&self, statement: &Statement<'_>, place: &str) -> bool {
        self.fate_at(statement, place).is_some_and(|fate| fate != Fate::Passed)
    }

    /// Whether a statement's locale is in the chain; what is not translated always is.
    pub(super) fn is_asked(&self, statement: &Statement<'_>) -> bool {
        !statement.translation || self.chain().contains(&statement.locale)
    }

    fn chain(&self) -> &[LocaleId] {
        &self.subject.program.catalog().locale(self.locale).chain
    }
}
