//! The seven components that every package has.
//!
//! A [`Component`] names its data files and what makes them, computes what its documents see, and says where its
//! model is wrong. An eighth one is a module with that trait, and a line in [`ComponentKind`].
//!
//! - [`landing`], [`nurture`]: pages, and emails as messages
//! - [`qualification`]: the model as data, its test vectors and its build sheet
//! - [`sales`]: follow-ups as text, the lead-context report
//! - [`tracking`]: the UTM manifest, the CRM's campaigns, QR codes
//! - [`playbook`]: the calendar, roles, set-up steps
//! - [`proof`]: the claim workbook
//! - `plan`, `dates`: what a package plans, and its calendar
//! - [`task`]: data files, and what makes them
//! - [`readers`]: the languages of what is made for the partner's people; `shown`: what has to be there in one
//! - `platforms`, `qr`: profiles as data, codes; formats of data files are [`crate::encode`]'s

mod dates;
mod landing;
#[cfg(test)]
mod partner_documents;
mod plan;
mod platforms;
pub mod playbook;
pub mod proof;
mod qr;
pub mod nurture;
pub mod qualification;
pub mod readers;
#[cfg(test)]
mod rendered;
pub mod sales;
#[cfg(test)]
pub(crate) mod sample;
mod shown;
mod task;
pub mod tracking;

use std::fmt;
use std::sync::Arc;

use crate::data::{Data, DataMap};
use crate::deployment::Deployment;
use crate::diag::{Diagnostic, Diagnostics};
use crate::html::Page;
use crate::journey::Path;
use crate::links::{LinkKind, LinkRow};
use crate::package::Package;
use crate::stopwatch::Stopwatch;

use qualification::Once;
use readers::{Reader, Readers};
use shown::PATH;
pub use shown::Shown;
pub use task::{Asked, Failure, Reads, Stage, Task};

/// The page whose form a model is judged by.
pub const LANDING_PAGE: &str = "site/index.html";

/// A part of the package. A deployment that lacks one is refused.
///
/// All of it is a function of its [`Input`].
pub trait Component: Sync {
    /// The name used in `package.yaml` and in manifests.
    fn id(&self) -> &'static str;

    /// The name that people read.
    fn title(&self) -> &'static str;

    /// The folder of a package that its files lie in.
    fn folder(&self) -> &'static str {
        self.id()
    }

    /// The files without which it counts as missing.
    fn required(&self) -> &'static [&'static str] {
        &[]
    }

    /// Whether its pages and emails are for customers; others are for the partner's people.
    fn is_public(&self) -> bool {
        false
    }

    /// How links of its documents are tagged.
    fn link_kind(&self) -> LinkKind {
        LinkKind::Document
    }

    /// Whether the emails of the sequence are its own.
    fn has_emails(&self) -> bool {
        false
    }

    /// Whether the files that go with the site are its own.
    fn has_assets(&self) -> bool {
        false
    }

    /// What its documents tell besides their own content: the lead's path, where they are for the partner's people.
    fn shows(&self) -> Vec<Shown> {
        if self.is_public() { Vec::new() } else { PATH.to_vec() }
    }

    /// When its documents and data files can be made.
    fn stage(&self) -> Stage {
        Stage::Content
    }

    /// Its data files, and what makes them.
    fn tasks(&self, _: &Input<'_>) -> Vec<Task> {
        Vec::new()
    }

    /// What its documents see as `view`, beside the package's data; null where they see no more.
    fn view(&self, _: &Input<'_>) -> Result<Data, Diagnostics> {
        Ok(Data::Null)
    }

    /// Where its model is wrong in ways that a schema does not see; asked once the contents are made.
    fn check(&self, _: &Input<'_>) -> Vec<Finding> {
        Vec::new()
    }
}

/// One of the components.
#[derive(Clone, Copy)]
pub struct ComponentKind(&'static dyn Component);

impl ComponentKind {
    pub const LANDING: Self = Self(&landing::Landing);
    pub const NURTURE: Self = Self(&nurture::Nurture);
    pub const QUALIFICATION: Self = Self(&qualification::QualificationLogic);
    pub const SALES: Self = Self(&sales::SalesEnablement);
    pub const TRACKING: Self = Self(&tracking::TrackingSetup);
    pub const PLAYBOOK: Self = Self(&playbook::PartnerPlaybook);
    pub const PROOF: Self = Self(&proof::ProofOfPerformance);

    /// All of them, in the order in which a package presents them.
    pub const ALL: [Self; 7] =
        [Self::LANDING, Self::NURTURE, Self::QUALIFICATION, Self::SALES, Self::TRACKING, Self::PLAYBOOK, Self::PROOF];

    /// The component of that id.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.id() == id)
    }
}

impl std::ops::Deref for ComponentKind {
    type Target = dyn Component;

    fn deref(&self) -> &Self::Target {
        self.0
    }
}

impl PartialEq for ComponentKind {
    fn eq(&self, other: &Self) -> bool {
        self.id() == other.id()
    }
}

impl Eq for ComponentKind {}

impl fmt::Debug for ComponentKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

impl fmt::Display for ComponentKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

/// All that a component may look at.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    pub deployment: &'a Deployment,
    /// The top level of the template context in the source locale, as far as [`crate::package::roots`] goes: what
    /// is not in it cannot be read.
    pub data: &'a DataMap,
    /// The same, as typed models.
    pub package: &'a Package,
    /// What its journey comes to, once it is proved; `None` where it has none.
    pub path: Option<&'a Path>,
    /// The languages that the partner's people read.
    pub readers: &'a Readers,
    /// Whom a `view` is made for.
    pub reader: &'a Reader,
    /// A row for each declared placement of a link: known before anything is made.
    pub placements: &'a [LinkRow],
    /// What the contents came to; `None` while they are planned and made.
    pub folded: Option<&'a Folded<'a>>,
    /// Measures what is a phase of its own; nothing that is made depends on it.
    pub stopwatch: &'a Stopwatch,
    /// What other deployments have in common with this one.
    pub once: &'a Once,
}

/// What the contents of a package come to, for whatever sums them up.
#[derive(Clone, Copy, Debug)]
pub struct Folded<'a> {
    /// Every tagged use of a link in pages, emails, documents and placements, in order and each once.
    pub links: &'a [LinkRow],
    /// The landing page, if there is one.
    pub landing: Option<&'a Page>,
}

impl<'a> Input<'a> {
    /// The tagged links of the contents; none while these are made.
    pub fn links(&self) -> &'a [LinkRow] {
        self.folded.map_or(&[], |folded| folded.links)
    }
}

/// Something wrong with a model that a schema cannot see, such as a threshold nobody can reach.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Where: `qualification.thresholds.sql`.
    pub path: String,
    pub message: String,
    /// What to do next.
    pub help: String,
    /// The paths of other values that it comes of; whoever changed or took away one of them may be the one to mend it.
    pub rests_on: Vec<String>,
    /// Of the rule that it breaks.
    pub code: &'static str,
    /// Words of what it rests on that it is about: where they are filled in, their own value is what has to be mended.
    pub quotes: Option<String>,
    /// What has to happen until it is so.
    pub way: Vec<Arc<str>>,
}

impl Finding {
    pub fn new(path: impl Into<String>, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            message: message.into(),
            help: help.into(),
            rests_on: Vec::new(),
            code: "E-MODEL",
            quotes: None,
            way: Vec::new(),
        }
    }

    /// The same, as it comes to be by this way.
    #[must_use]
    pub fn by_way(self, way: Vec<Arc<str>>) -> Self {
        Self { way, ..self }
    }

    /// The same as breaking another rule than that models are right.
    #[must_use]
    pub fn breaking(self, code: &'static str) -> Self {
        Self { code, ..self }
    }

    #[must_use]
    pub fn quoting(self, words: impl Into<String>) -> Self {
        Self { quotes: Some(words.into()), ..self }
    }

    #[must_use]
    pub fn resting_on(self, rests_on: Vec<String>) -> Self {
        Self { rests_on, ..self }
    }

    /// The same as a diagnostic, still without a place.
    pub fn diagnostic(&self, code: &'static str) -> Diagnostic {
        let error = Diagnostic::error(code, format!("`{}`: {}", self.path, self.message)).help(self.help.clone());
        Diagnostic { way: self.way.clone(), ..error }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema;

    #[test]
    fn documents_choose_from_all_of_them() {
        assert_eq!(ComponentKind::ALL.map(|kind| kind.id()).as_slice(), schema::COMPONENTS);
    }

    #[test]
    fn ids_name_one_component_each() {
        for kind in ComponentKind::ALL {
            assert_eq!(ComponentKind::from_id(kind.id()), Some(kind));
            for path in kind.required() {
                assert!(path.starts_with(&format!("{}/", kind.folder())), "{path} lies outside of {}", kind.folder());
            }
        }
    }
}
