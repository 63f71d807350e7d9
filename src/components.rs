//! The seven components that every package has.
//!
//! A [`Component`] plans its data files, makes them, computes what its documents see, and says where its
//! model is wrong. An eighth one is a module with that trait, and a line in [`ComponentKind`].
//!
//! - [`landing`], [`nurture`]: pages, and emails as messages
//! - [`qualification`]: the model as data, its test vectors and its build sheet
//! - [`sales`]: follow-ups as text, the lead-context report
//! - [`tracking`]: the UTM manifest, the CRM's campaigns, QR codes
//! - [`playbook`]: the calendar, roles, set-up steps
//! - [`proof`]: the claim workbook
//! - `platforms`, `qr`: profiles as data, codes; formats of data files are [`crate::encode`]'s

mod landing;
#[cfg(test)]
mod partner_documents;
mod platforms;
pub mod playbook;
pub mod proof;
mod qr;
pub mod nurture;
pub mod qualification;
#[cfg(test)]
mod rendered;
pub mod sales;
#[cfg(test)]
pub(crate) mod sample;
pub mod tracking;

use std::fmt;
use std::sync::Arc;

use crate::artifact::{Reads, Stage};
use crate::data::{Data, DataMap};
use crate::deployment::Deployment;
use crate::diag::{Diagnostic, Diagnostics};
use crate::encode::Content;
use crate::html::Page;
use crate::journey::Path;
use crate::links::LinkRow;
use crate::package::Package;
use crate::paths::OutputPath;
use crate::stopwatch::Stopwatch;

use qualification::Once;

/// The page whose form a model is judged by.
pub const LANDING_PAGE: &str = "site/index.html";

/// A part of the package. A deployment that lacks one is refused.
///
/// All of it is a function of its [`Input`]. What is planned is what is made: file for file, in one order.
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

    /// When its documents and data files can be made.
    fn stage(&self) -> Stage {
        Stage::Content
    }

    /// Its data files.
    fn plan(&self, _: &Input<'_>) -> Vec<Asked> {
        Vec::new()
    }

    /// What its documents see as `view`, beside the package's data; null where they see no more.
    fn view(&self, _: &Input<'_>) -> Result<Data, Diagnostics> {
        Ok(Data::Null)
    }

    /// The data files that it planned.
    fn make(&self, _: &Input<'_>) -> Result<Vec<File>, Diagnostics> {
        Ok(Vec::new())
    }

    /// Where its model is wrong in ways that a schema does not see; asked once the contents are made.
    fn check(&self, _: &Input<'_>) -> Vec<Finding> {
        Vec::new()
    }
}

/// A data file that a component asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Within the package: `sales/follow-ups/no-show.txt`.
    pub path: String,
    /// The value that asks for it: `sales.follow_ups[no-show]`. `None` for what every package has.
    pub by: Option<String>,
    /// What it is made from, where that is not the component's own part of the package.
    pub reads: Option<Reads>,
}

impl Asked {
    pub fn by(path: impl Into<String>, by: impl Into<String>) -> Self {
        Self { path: path.into(), by: Some(by.into()), reads: None }
    }

    pub fn always(path: impl Into<String>) -> Self {
        Self { path: path.into(), by: None, reads: None }
    }

    /// The same file, made from these values of a locale.
    #[must_use]
    pub fn reading(self, paths: &'static [&'static str], locale: Option<Arc<str>>) -> Self {
        Self { reads: Some(Reads { paths, locale }), ..self }
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

/// A finished file of a package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    pub path: OutputPath,
    pub bytes: Content,
    pub component: ComponentKind,
    /// What it is, for the manifest: `page`, `email`, `model`, `table`, `text`.
    pub kind: &'static str,
}

impl File {
    /// A file at a path that the program itself wrote down; `path` must be a valid output path.
    pub fn new(
        component: ComponentKind,
        path: &str,
        kind: &'static str,
        bytes: Content,
    ) -> Result<Self, crate::paths::PathError> {
        Ok(Self { path: OutputPath::new(path)?, bytes, component, kind })
    }
}

impl File {
    /// A file in the component's own folder. A name that comes from an id may be no output name.
    fn below(component: ComponentKind, name: &str, kind: &'static str, bytes: Content) -> Result<Self, Diagnostic> {
        let path = format!("{}/{name}", component.folder());
        Self::new(component, &path, kind, bytes)
            .map_err(|error| Diagnostic::error("E-OUTPUT", format!("cannot write `{path}`: {error}")))
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
    /// Words of what it rests on that it is about: where they are filled in, their own value is what has to be mended.
    pub quotes: Option<String>,
}

impl Finding {
    pub fn new(path: impl Into<String>, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { path: path.into(), message: message.into(), help: help.into(), rests_on: Vec::new(), quotes: None }
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
        Diagnostic::error(code, format!("`{}`: {}", self.path, self.message)).help(self.help.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
