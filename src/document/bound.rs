//! Where words lead that are bound to a node of the lead's path (J16), for those who read a page or a document.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::data::Data;
use crate::links::LinkKind;
use crate::package::journey::Request;
use crate::package::tracking::Link;
use crate::paths::OutputPath;
use crate::schema::journey::nodes::STATUS_FILE;

/// What readers have of each node, by the names that it may be bound by.
#[derive(Debug, Default)]
pub struct Bound(BTreeMap<Arc<str>, Target>);

#[derive(Clone, Debug)]
enum Target {
    /// The page with the form, for those who may ask for something by it.
    Form { page: Arc<str>, link: Arc<str> },
    /// A file of the package, for the partner's people.
    File(OutputPath),
}

/// What bound words are in one place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way<'b> {
    /// A link of the taxonomy.
    Link(&'b Arc<str>),
    File(&'b OutputPath),
    /// Words like any other.
    None,
}

impl Bound {
    /// `status` is the file that partners return, where there is one.
    pub fn new(requests: &[Request], links: &[Link], status: Option<&Data>) -> Self {
        let mut targets = BTreeMap::new();
        for request in requests {
            let to_form = || links.iter().filter(|link| link.document.as_ref() == Some(&request.page));
            // Of several that lead to the page, the one that leads to a place in it.
            let Some(link) = to_form().find(|link| link.fragment.is_some()).or_else(|| to_form().next()) else {
                continue;
            };
            let form = Target::Form { page: request.page.clone(), link: link.id.clone() };
            targets.insert(format!("request.{}", request.id).into(), form.clone());
            targets.insert(request.id.clone(), form);
        }
        let file = status.and_then(Data::as_str).and_then(|path| OutputPath::new(path).ok());
        targets.extend(file.map(|file| (STATUS_FILE.into(), Target::File(file))));
        Self(targets)
    }

    /// By which links words lead to forms, by the names of their nodes.
    pub fn links(&self) -> impl Iterator<Item = (&Arc<str>, &Arc<str>)> {
        self.0.iter().filter_map(|(name, target)| match target {
            Target::Form { link, .. } => Some((name, link)),
            Target::File(_) => None,
        })
    }

    /// Where words lead that are bound to a node, in a document of a kind. A form is for the lead, and not from the page on
    /// which it stands; a file for the partner's people.
    pub fn way(&self, name: &str, kind: LinkKind, document: &str) -> Way<'_> {
        match self.0.get(name) {
            Some(Target::Form { page, link }) if kind != LinkKind::Document && **page != *document => Way::Link(link),
            Some(Target::File(file)) if kind == LinkKind::Document => Way::File(file),
            _ => Way::None,
        }
    }
}
