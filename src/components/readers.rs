//! The languages in which the partner's people read what a component makes for them.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::de::DeserializeOwned;

use super::ComponentKind;
use crate::data::{Data, DataMap};
use crate::diag::{Diagnostic, Diagnostics};
use crate::package;

/// What such files are made from.
pub const READS: &[&str] = &["journey", "playbook", "proof", "roles", "sales"];

/// One language, and the values in it.
#[derive(Clone, Debug, Default)]
pub struct Reader {
    /// A BCP 47 tag, of the language that is really shown.
    pub tag: Arc<str>,
    /// Whether it runs from the right to the left.
    pub rtl: bool,
    /// The folder of what is made in it, within the component's; none for the deployment's first language.
    pub folder: Option<Arc<str>>,
    /// [`READS`], in that language.
    pub data: DataMap,
}

impl Reader {
    /// A file in the folder of the language: `fr-ca/follow-ups/first-call.txt`.
    pub fn file(&self, name: &str) -> String {
        self.folder.as_ref().map_or_else(|| name.to_owned(), |folder| format!("{folder}/{name}"))
    }

    /// One of the models, in this language.
    pub fn model<T: DeserializeOwned>(&self, key: &str) -> Result<T, Diagnostics> {
        let refuse =
            |error: package::ReadError| Diagnostic::error("E-MODEL", format!("`{}`: {}", error.path, error.message));
        package::read(self.data.get(key).unwrap_or(&Data::Null), key).map_err(|error| refuse(error).into())
    }
}

/// The languages of each component that makes files in more than the master's.
#[derive(Clone, Debug, Default)]
pub struct Readers {
    /// In the master's language.
    pub source: Reader,
    pub of: BTreeMap<&'static str, Vec<Reader>>,
}

impl Readers {
    /// Those of a component, the deployment's first language first.
    pub fn of(&self, kind: ComponentKind) -> &[Reader] {
        self.of.get(kind.id()).map_or_else(|| std::slice::from_ref(&self.source), Vec::as_slice)
    }
}
