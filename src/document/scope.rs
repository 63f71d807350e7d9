//! Links and assets as one page sees them.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::components::ComponentKind;
use crate::data::{Data, DataMap};
use crate::interpolate::Scope;
use crate::links::{Href, LinkError, LinkFrom, LinkKind, LinkRow, Links};
use crate::paths::OutputPath;

use crate::marks;
use crate::prose::PLACEMENT;
use crate::template::LinkUse;
use crate::values::marker::Marker;

use super::assets::Assets;
use super::bound::{Bound, Way};

/// One page or email: answers what text and templates ask for.
pub struct PageScope {
    pub values: Arc<DataMap>,
    pub links: Arc<Links>,
    pub assets: Arc<Assets>,
    pub bound: Arc<Bound>,
    pub document: Arc<str>,
    pub component: ComponentKind,
    pub kind: LinkKind,
    pub output: OutputPath,
    pub tag: Arc<str>,
    /// The deployment's address.
    pub base_url: Arc<str>,
    /// Puts signs around addresses, where a page is to tell what it shows.
    pub marker: Option<Arc<Marker>>,
}

/// What a page uses.
#[derive(Debug, Default)]
pub struct Used {
    /// A row for each tagged link.
    pub rows: Vec<LinkRow>,
    /// The links that lead somewhere, by their ids.
    pub links: BTreeSet<Box<str>>,
    /// These, and those of which the address alone is said.
    pub asked: BTreeSet<Box<str>>,
    /// Every address of a link.
    pub addresses: Vec<String>,
    /// Of a message, what stands in its head as words.
    pub head: Option<String>,
}

impl PageScope {
    /// The tagged links and addresses that come of what a page asked for, each once.
    pub fn used<'u>(&self, links: impl IntoIterator<Item = &'u LinkUse>) -> Used {
        let mut used = Used::default();
        for LinkUse { id, placement } in links.into_iter().collect::<BTreeSet<_>>() {
            used.asked.insert(id.clone());
            let Some(placement) = placement else { continue };
            // What cannot be had was refused where it was asked for.
            if let Ok(href) = self.href(id, placement) {
                used.rows.extend(href.row);
                used.addresses.push(href.url);
                used.links.insert(id.clone());
            }
        }
        used
    }

    /// The link that words become which are bound to a node.
    pub fn link_of(&self, node: &str) -> Option<LinkUse> {
        match self.bound.way(node, self.kind, &self.document) {
            Way::Link(link) => Some(LinkUse { id: (&**link).into(), placement: Some(PLACEMENT.into()) }),
            Way::File(_) | Way::None => None,
        }
    }

    fn href(&self, id: &str, placement: &str) -> Result<Href, LinkError> {
        let from = LinkFrom {
            document: &self.document,
            component: self.component.id(),
            kind: self.kind,
            output: &self.output,
            locale: &self.tag,
        };
        self.links.href(&from, id, placement)
    }

    /// An address with the sign of the value it comes from.
    fn marked(&self, path: &str, address: String) -> String {
        match &self.marker {
            Some(marker) => marker.of_path(path, &address),
            None => address,
        }
    }
}

impl Scope for PageScope {
    fn value(&self, path: &str) -> Option<Data> {
        let (root, rest) = path.split_at(path.find(['.', '[']).unwrap_or(path.len()));
        let value = self.values.get(root)?;
        match (rest.strip_prefix('.'), rest) {
            (Some(rest), _) => value.at(rest).cloned(),
            (None, "") => Some(value.clone()),
            (None, _) => Data::Map(self.values.clone()).at(path).cloned(),
        }
    }

    fn link(&self, id: &str, placement: &str) -> Result<String, String> {
        let (id, placement) = (&*marks::strip(id), &*marks::strip(placement));
        let href = self.href(id, placement).map_err(|error| format!("{}; {}", error.message, error.help))?;
        Ok(self.marked(&self.links.place(id), href.url))
    }

    fn address(&self, id: &str) -> Result<String, String> {
        let id = &*marks::strip(id);
        let address = self.links.address(id, &self.tag);
        let address = address.map_err(|error| format!("{}; {}", error.message, error.help))?;
        Ok(self.marked(&self.links.place(id), address))
    }

    /// Relative in the package; absolute in an email, which leaves it.
    fn asset(&self, path: &str) -> Result<String, String> {
        if self.kind == LinkKind::Email {
            return self.email_asset(path);
        }
        let path = &*marks::strip(path);
        let address = self.output.relative_to(&self.assets.find(path)?.output);
        Ok(self.marked(&asset_path(path), address))
    }

    fn email_asset(&self, path: &str) -> Result<String, String> {
        let path = &*marks::strip(path);
        let output = &self.assets.find(path)?.output;
        let public = output.as_str().strip_prefix("site/").unwrap_or(output.as_str());
        Ok(self.marked(&asset_path(path), format!("{}{public}", self.base_url)))
    }

    fn node(&self, name: &str) -> Result<Option<String>, String> {
        Ok(match self.bound.way(name, self.kind, &self.document) {
            Way::Link(link) => Some(self.link(link, PLACEMENT)?),
            Way::File(file) => Some(self.output.relative_to(file)),
            Way::None => None,
        })
    }

    fn locale(&self) -> &str {
        &self.tag
    }

    fn roots(&self) -> Vec<Arc<str>> {
        self.values.keys().cloned().collect()
    }
}

/// The path of an asset, however a template names it.
fn asset_path(name: &str) -> String {
    format!("assets/{}", name.strip_prefix("assets/").unwrap_or(name))
}
