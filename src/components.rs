//! The seven components that every package has.
//!
//! Each component has a module with `view` (what its documents see as `view`, beside the package's
//! data) and `files` (its data files), and a `check` where its model can be wrong in ways that a
//! schema does not see. All three are pure: they read an [`Input`] and return values.
//!
//! - [`qualification`]: the model as data, its test vectors and its build sheet
//! - [`sales`]: follow-ups as text, the lead-context report
//! - [`tracking`]: the UTM manifest, the CRM's campaigns, QR codes
//! - [`playbook`]: the calendar, roles, set-up steps
//! - [`proof`]: the claim workbook
//! - `platforms`, `workdays`, `table`, `ics`, `qr`: profiles as data, dates, and the formats of data files

mod ics;
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
mod sample;
mod table;
pub mod tracking;
mod workdays;

use std::fmt;
use std::sync::Arc;

use crate::data::DataMap;
use crate::deployment::Deployment;
use crate::diag::Diagnostic;
use crate::links::LinkRow;
use crate::package::Package;
use crate::paths::OutputPath;

/// A part of the package. A deployment that lacks one is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ComponentKind {
    Landing,
    Nurture,
    Qualification,
    Sales,
    Tracking,
    Playbook,
    Proof,
}

impl ComponentKind {
    /// All of them, in the order in which a package presents them.
    pub const ALL: [Self; 7] =
        [Self::Landing, Self::Nurture, Self::Qualification, Self::Sales, Self::Tracking, Self::Playbook, Self::Proof];

    /// The name used in `package.yaml` and in manifests.
    pub fn id(self) -> &'static str {
        match self {
            Self::Landing => "landing",
            Self::Nurture => "nurture",
            Self::Qualification => "qualification",
            Self::Sales => "sales",
            Self::Tracking => "tracking",
            Self::Playbook => "playbook",
            Self::Proof => "proof",
        }
    }

    /// The component of that id.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.id() == id)
    }

    /// The name that people read.
    pub fn title(self) -> &'static str {
        match self {
            Self::Landing => "Landing page",
            Self::Nurture => "Nurture sequence",
            Self::Qualification => "Qualification logic",
            Self::Sales => "Sales enablement",
            Self::Tracking => "Tracking setup",
            Self::Playbook => "Partner playbook",
            Self::Proof => "Proof of performance",
        }
    }

    /// The folder of a package that its files lie in.
    pub fn folder(self) -> &'static str {
        match self {
            Self::Landing => "site",
            Self::Nurture => "emails",
            other => other.id(),
        }
    }

    /// The files without which the component counts as missing. Emails are named by their
    /// sequence, so the nurture component is judged by having a file at all.
    pub fn required(self) -> &'static [&'static str] {
        match self {
            Self::Landing => &["site/index.html", "site/thank-you.html"],
            Self::Nurture => &[],
            Self::Qualification => {
                &["qualification/index.html", "qualification/model.json", "qualification/test-vectors.json"]
            }
            Self::Sales => &["sales/index.html", "sales/lead-context.html", "sales/lead-context.csv"],
            Self::Tracking => &["tracking/index.html", "tracking/utm.csv", "tracking/utm.json"],
            Self::Playbook => &["playbook/index.html", "playbook/calendar.ics"],
            Self::Proof => &[
                "proof/index.html",
                "proof/claim.csv",
                "proof/activities.csv",
                "proof/evidence.csv",
                "proof/invoices.csv",
            ],
        }
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
    pub bytes: Arc<[u8]>,
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
        bytes: impl Into<Arc<[u8]>>,
    ) -> Result<Self, crate::paths::PathError> {
        Ok(Self { path: OutputPath::new(path)?, bytes: bytes.into(), component, kind })
    }
}

impl File {
    /// A file in the component's own folder. A name that comes from an id may be no output name.
    fn below(
        component: ComponentKind,
        name: &str,
        kind: &'static str,
        bytes: impl Into<Arc<[u8]>>,
    ) -> Result<Self, Diagnostic> {
        let path = format!("{}/{name}", component.folder());
        Self::new(component, &path, kind, bytes)
            .map_err(|error| Diagnostic::error("E-OUTPUT", format!("cannot write `{path}`: {error}")))
    }
}

/// All that a component may look at.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    pub deployment: &'a Deployment,
    /// The top level of the template context, in the source locale.
    pub data: &'a DataMap,
    /// The same, as typed models.
    pub package: &'a Package,
    /// Every tagged use of a link in the pages, emails and documents of the package.
    pub links: &'a [LinkRow],
}

/// Something wrong with a model that a schema cannot see, such as a threshold nobody can reach.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Where: `qualification.thresholds.sql`.
    pub path: String,
    pub message: String,
    /// What to do next.
    pub help: String,
}

impl Finding {
    pub fn new(path: impl Into<String>, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { path: path.into(), message: message.into(), help: help.into() }
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
