//! The links table: the only place where a URL gets its parameters.
//!
//! Content, emails and templates name links by id; [`Links::href`] turns an id into an address for
//! the place that asks:
//!
//! - from a page of the site to a page of the site: relative and untagged, because a tagged internal
//!   link would overwrite the visitor's own source;
//! - from an email or a partner document to a page of the site: absolute and tagged;
//! - between partner documents: relative and untagged;
//! - to a page elsewhere: tagged, unless the link says why not.
//!
//! Every tagged use comes with a [`LinkRow`]. All values are lower-case and short enough for GA4, and a
//! row whose channel in GA4 would not be the one its medium stands for is refused. [`manifest`] puts the
//! rows of a deployment in order and refuses two targets under one name.
//!
//! - [`channel`]: GA4's default channel rules
//! - `taxonomy`: what may stand in parameters
//! - `placements`: links outside of the package
//! - `url`: adding parameters
//! - `row`: rows and the manifest
//! - `error`: why a link cannot be made

mod channel;
mod error;
mod placements;
mod row;
mod taxonomy;
mod url;

use std::collections::BTreeMap;
use std::sync::Arc;

pub use channel::channel;
pub use error::LinkError;
pub use row::{LinkRow, PLACEMENTS, manifest};
pub use taxonomy::{codes, utm_id};

use taxonomy::{Tags, campaign_name, tags, value};

use crate::diag::nearest;
use crate::package::tracking::{Link, Tracking};
use crate::paths::OutputPath;
use crate::schema::address::{Address, Scheme};

/// The folder of a package that is published; its pages stand at the deployment's URL.
const SITE: &str = "site/";

/// What the links of a deployment need to know about it.
#[derive(Clone, Debug)]
pub struct Facts {
    /// Its id, such as `rheinfeld/launch/manufacturing/dach`.
    pub id: Arc<str>,
    /// The partner's id: the source of every link inside the package.
    pub partner: Arc<str>,
    /// The code of each facet that has one: `period`, `product` and the axes in use.
    pub codes: Vec<(Arc<str>, Arc<str>)>,
    /// Where `site/` is published; ends with `/`.
    pub base_url: Arc<str>,
    /// The locales of the deployment; the first is the default.
    pub locales: Vec<Arc<str>>,
}

/// Where each document is written: by its id, for each locale. A document that is written once has
/// one output without a locale.
pub type Documents = BTreeMap<Arc<str>, Vec<DocumentOutput>>;

/// One output of a document.
#[derive(Clone, Debug)]
pub struct DocumentOutput {
    pub locale: Option<Arc<str>>,
    pub path: OutputPath,
}

/// The kind of thing a link stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkKind {
    /// A page below `site/`.
    Site,
    Email,
    /// A document for the partner's own people.
    Document,
}

/// The place that asks for a link.
#[derive(Clone, Copy, Debug)]
pub struct LinkFrom<'a> {
    /// The id of the document or email.
    pub document: &'a str,
    /// The id of its component, for the manifest.
    pub component: &'a str,
    pub kind: LinkKind,
    pub output: &'a OutputPath,
    /// The locale it is written in.
    pub locale: &'a str,
}

/// An address, ready to be escaped for where it is printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Href {
    pub url: String,
    /// The row of the manifest, when the address is tagged.
    pub row: Option<LinkRow>,
}

/// The links of one deployment. Every link leads somewhere, every medium and source is in the
/// vocabulary, and the campaign name is valid.
#[derive(Debug)]
pub struct Links {
    tracking: Arc<Tracking>,
    facts: Facts,
    documents: Arc<Documents>,
    campaign: Arc<str>,
    id: Arc<str>,
    /// For each [`LinkKind`], in order.
    kinds: [Tags; 3],
    /// What leads out of the package, by link.
    outside: BTreeMap<Arc<str>, Address>,
}

enum Target<'a> {
    /// A page or document of the package.
    Document(&'a DocumentOutput),
    Outside(&'a Address),
}

impl Links {
    /// Checks the table as a whole; reports everything that is wrong with it.
    pub fn new(tracking: Arc<Tracking>, facts: Facts, documents: Arc<Documents>) -> Result<Self, Vec<LinkError>> {
        let mut errors = Vec::new();
        let campaign = campaign_name(&tracking, &facts).unwrap_or_else(|error| {
            errors.push(error);
            String::new()
        });
        let kinds = &tracking.kinds;
        let kinds =
            [("site", &kinds.site), ("email", &kinds.email), ("document", &kinds.document)].map(|(name, kind)| {
                let about = |error: LinkError| errors.push(error.about(format!("tracking.kinds.{name}.medium")));
                tags(&tracking, &facts.partner, &kind.medium, &campaign).map_err(about).ok()
            });
        let id = utm_id(&facts.id).into();
        let [Some(site), Some(email), Some(document)] = kinds else { return Err(errors) };
        let (outside, wrong) = outside(&tracking);
        if !wrong.is_empty() {
            return Err(errors.into_iter().chain(wrong).collect());
        }
        let kinds = [site, email, document];
        let links = Self { facts, documents, campaign: campaign.into(), id, kinds, outside, tracking };
        let wrong = |link: &Link| {
            let key = if link.url.is_some() { "url" } else { "document" };
            Some(links.target(link, "").err()?.about(format!("tracking.links[{}].{key}", link.id)))
        };
        errors.extend(links.tracking.links.iter().filter_map(wrong));
        if errors.is_empty() { Ok(links) } else { Err(errors) }
    }

    /// The value of `utm_campaign`.
    pub fn campaign(&self) -> &Arc<str> {
        &self.campaign
    }

    /// The value of `utm_id`: short, and the same for as long as the deployment keeps its id.
    pub fn id(&self) -> &Arc<str> {
        &self.id
    }

    /// The address of link `id` for the place `from`; `placement` says where in it the link stands.
    pub fn href(&self, from: &LinkFrom<'_>, id: &str, placement: &str) -> Result<Href, LinkError> {
        let link = self.link(id)?;
        match self.target(link, from.locale)? {
            Target::Outside(address) => {
                let url = with_fragment(address.text.to_string(), link);
                if address.scheme == Scheme::Contact || link.untracked.is_some() {
                    return Ok(Href { url, row: None });
                }
                self.tagged(from, link, placement, url)
            }
            Target::Document(target) => match (from.kind, self.public(&target.path)) {
                (LinkKind::Site, Some(_)) | (LinkKind::Document, None) => {
                    Ok(Href { url: relative(from.output, &target.path, link), row: None })
                }
                (_, Some(url)) if link.untracked.is_some() => Ok(Href { url: with_fragment(url, link), row: None }),
                (_, Some(url)) => self.tagged(from, link, placement, with_fragment(url, link)),
                (_, None) => Err(LinkError::new(
                    "E-LINK",
                    format!("link `{id}` leads to `{}`, which is not published", target.path),
                    format!("link to a document below `{SITE}` instead"),
                )),
            },
        }
    }

    /// The absolute address of a page of the site, as somebody outside of it would name it.
    pub fn address(&self, id: &str, locale: &str) -> Result<String, LinkError> {
        let link = self.link(id)?;
        let url = match self.target(link, locale)? {
            Target::Document(target) => self.public(&target.path),
            Target::Outside(_) => None,
        };
        url.map(|url| with_fragment(url, link)).ok_or_else(|| {
            LinkError::new("E-LINK", format!("link `{id}` leads to no page of the site"), "name a link to one")
        })
    }

    /// Whether there is a link of that name.
    pub fn names(&self, id: &str) -> Result<(), LinkError> {
        self.link(id).map(|_| ())
    }

    /// The path of what says last where a link leads: its place in the page, or the link.
    pub fn place(&self, id: &str) -> String {
        let key = self.link(id).ok().and_then(|link| link.fragment.as_ref()).map_or("", |_| ".fragment");
        format!("tracking.links[{id}]{key}")
    }

    fn link(&self, id: &str) -> Result<&Link, LinkError> {
        let known = || self.tracking.links.iter().map(|link| &*link.id);
        self.tracking.links.iter().find(|link| &*link.id == id).ok_or_else(|| {
            let help = match nearest(id, known()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "declare it in `tracking.links`".to_owned(),
            };
            let gone = [format!("tracking.links[{id}]")];
            LinkError::new("E-LINK", format!("there is no link `{id}`"), help).resting_on(gone)
        })
    }

    fn target<'a>(&'a self, link: &'a Link, locale: &str) -> Result<Target<'a>, LinkError> {
        match (&link.document, self.outside.get(&link.id)) {
            (Some(document), None) => self.document(link, document, locale).map(Target::Document),
            (None, Some(address)) => Ok(Target::Outside(address)),
            _ => Err(LinkError::new(
                "E-LINK",
                format!("link `{}` needs either a `document` or a `url`", link.id),
                "keep one of the two",
            )
            .resting_on(way(link))),
        }
    }

    fn document(&self, link: &Link, document: &str, locale: &str) -> Result<&DocumentOutput, LinkError> {
        let outputs = self.documents.get(document).map(Vec::as_slice).unwrap_or_default();
        let default = self.facts.locales.first().map(|tag| &**tag);
        let written = |tag: Option<&str>| outputs.iter().find(|output| output.locale.as_deref() == tag);
        written(Some(locale)).or_else(|| written(None)).or_else(|| written(default)).ok_or_else(|| {
            let help = match nearest(document, self.documents.keys().map(|id| &**id)) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "name a document of `package.documents`".to_owned(),
            };
            let message = format!("link `{}` leads to the unknown document `{document}`", link.id);
            LinkError::new("E-LINK", message, help).resting_on(way(link))
        })
    }

    /// The absolute address of a page, when its path is one that is published.
    fn public(&self, path: &OutputPath) -> Option<String> {
        let page = path.as_str().strip_prefix(SITE)?;
        let page = match page.strip_suffix("index.html") {
            Some(folder) if folder.is_empty() || folder.ends_with('/') => folder,
            _ => page,
        };
        Some(format!("{}{page}", self.facts.base_url))
    }

    fn tagged(&self, from: &LinkFrom<'_>, link: &Link, placement: &str, url: String) -> Result<Href, LinkError> {
        let content = self.content(&[from.document, placement, &link.id], from.locale)?;
        let tags = &self.kinds[from.kind as usize];
        let place = Use { document: from.document, component: from.component, placement, locale: from.locale };
        let row = self.row(place, link, tags, content, url)?;
        Ok(Href { url: row.url.to_string(), row: Some(row) })
    }

    /// The parts joined by `-`. Further locales add their tag: their links lead to other pages, so
    /// they need another name.
    fn content(&self, parts: &[&str], locale: &str) -> Result<String, LinkError> {
        let mut content = parts.join("-");
        if self.facts.locales.iter().skip(1).any(|tag| &**tag == locale) {
            content.push('-');
            content.push_str(&locale.to_ascii_lowercase());
        }
        value("utm_content", &content)?;
        Ok(content)
    }

    fn row(
        &self,
        place: Use<'_>,
        link: &Link,
        tags: &Tags,
        content: String,
        url: String,
    ) -> Result<LinkRow, LinkError> {
        let parameters = [
            ("utm_source", &*tags.source),
            ("utm_medium", &*tags.medium),
            ("utm_campaign", &*self.campaign),
            ("utm_id", &*self.id),
            ("utm_content", &*content),
        ];
        let tagged = url::with_parameters(&url, &parameters);
        if tagged.len() > url::MAX_URL {
            let message = format!("link `{}` is {} characters long when tagged", link.id, tagged.len());
            return Err(LinkError::new("E-UTM", message, format!("keep it within {}", url::MAX_URL)));
        }
        Ok(LinkRow {
            document: place.document.into(),
            component: place.component.into(),
            placement: place.placement.into(),
            link: link.id.clone(),
            locale: place.locale.into(),
            url: tagged.into(),
            base_url: url.into(),
            source: tags.source.clone(),
            medium: tags.medium.clone(),
            campaign: self.campaign.clone(),
            id: self.id.clone(),
            content: content.into(),
            channel: tags.channel.clone(),
        })
    }
}

/// The values that say where a link leads.
fn way(link: &Link) -> Vec<String> {
    let table = ["", ".document", ".url"].map(|key| format!("tracking.links[{}]{key}", link.id));
    let page =
        link.document.iter().flat_map(|document| ["", ".output"].map(|key| format!("documents[{document}]{key}")));
    table.into_iter().chain(page).collect()
}

/// The addresses of all links that lead elsewhere, and what is wrong with others.
fn outside(tracking: &Tracking) -> (BTreeMap<Arc<str>, Address>, Vec<LinkError>) {
    let (mut found, mut wrong) = (BTreeMap::new(), Vec::new());
    for (link, url) in tracking.links.iter().filter_map(|link| Some((link, link.url.as_deref()?))) {
        match Address::parse(url) {
            Ok(address) => drop(found.insert(link.id.clone(), address)),
            Err(fault) => {
                let message = format!("the URL of link `{}` {}: `{url}`", link.id, fault.problem);
                let error = LinkError::new("E-URL", message, fault.help);
                wrong.push(error.about(format!("tracking.links[{}].url", link.id)));
            }
        }
    }
    (found, wrong)
}

/// Where a tagged link is used.
#[derive(Clone, Copy)]
struct Use<'a> {
    document: &'a str,
    component: &'a str,
    placement: &'a str,
    locale: &'a str,
}

fn with_fragment(mut url: String, link: &Link) -> String {
    if let Some(fragment) = &link.fragment {
        url.push('#');
        url.push_str(fragment);
    }
    url
}

fn relative(from: &OutputPath, target: &OutputPath, link: &Link) -> String {
    if from == target && link.fragment.is_some() {
        return with_fragment(String::new(), link);
    }
    with_fragment(from.relative_to(target), link)
}

#[cfg(test)]
mod tests;
