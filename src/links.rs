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
//! - `url`: adding parameters
//! - `row`: rows and the manifest
//! - `error`: why a link cannot be made

mod channel;
mod error;
mod row;
mod url;

use std::collections::BTreeMap;
use std::sync::Arc;

pub use channel::channel;
pub use error::LinkError;
pub use row::{LinkRow, PLACEMENTS, manifest};

use crate::data::{Data, DataMap};
use crate::diag::nearest;
use crate::package::tracking::{Link, Tracking};
use crate::paths::OutputPath;
use crate::schema::address::{Address, Scheme};

/// Longest value of one parameter, as GA4 keeps it.
const MAX_VALUE: usize = 100;

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

/// The two values that decide the channel, and the channel.
#[derive(Clone, Debug)]
struct Tags {
    source: Arc<str>,
    medium: Arc<str>,
    channel: Arc<str>,
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

    /// A row for each declared placement in each locale of the deployment.
    pub fn placements(&self) -> Result<Vec<LinkRow>, Vec<LinkError>> {
        let (mut rows, mut errors) = (Vec::new(), Vec::new());
        for placement in &self.tracking.placements {
            for locale in &self.facts.locales {
                match self.placement(placement, locale) {
                    Ok(row) => rows.push(row),
                    Err(error) => errors.push(error),
                }
            }
        }
        if errors.is_empty() { Ok(rows) } else { Err(errors) }
    }

    fn placement(&self, placement: &crate::package::tracking::Placement, locale: &str) -> Result<LinkRow, LinkError> {
        let about = |key: &str| {
            let path = format!("tracking.placements[{}].{key}", placement.id);
            move |error: LinkError| error.about(path)
        };
        let link = self.link(&placement.link).map_err(about("link"))?;
        let url = match self.target(link, locale).map_err(about("link"))? {
            Target::Outside(address) => (address.scheme == Scheme::Web).then(|| address.text.to_string()),
            Target::Document(target) => self.public(&target.path),
        };
        let url = url.ok_or_else(|| {
            let message = format!("placement `{}` leads to nothing that is published", placement.id);
            let help = "name a link to a page of the site or to a web address";
            about("link")(LinkError::new("E-LINK", message, help).resting_on(way(link)))
        })?;
        self.known_source(&placement.source).map_err(about("source"))?;
        let tags = tags(&self.tracking, &placement.source, &placement.medium, &self.campaign);
        let tags = tags.map_err(about("medium"))?;
        let content = self.content(&[&placement.id, &link.id], locale)?;
        let from = Use { document: PLACEMENTS, component: "tracking", placement: &placement.id, locale };
        self.row(from, link, &tags, content, with_fragment(url, link))
    }

    fn known_source(&self, source: &Arc<str>) -> Result<(), LinkError> {
        let mut known = self.tracking.sources.iter().map(|word| &word.id).chain([&self.facts.partner]);
        if known.any(|word| word == source) {
            return Ok(());
        }
        let help = match nearest(source, self.tracking.sources.iter().map(|word| &*word.id)) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "add it to the vocabulary, or use the partner's id".to_owned(),
        };
        Err(LinkError::new("E-UTM", format!("`{source}` is not in `tracking.sources`"), help))
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

/// The code of each facet that a deployment has: the period's and the product's, and for each axis the
/// record's `code` or else the value's id. `axes` holds name and value of each axis in use.
pub fn codes<'a>(
    data: &DataMap,
    axes: impl IntoIterator<Item = (&'a Arc<str>, &'a Arc<str>)>,
) -> Vec<(Arc<str>, Arc<str>)> {
    let code = |path: &str| data.get(path).and_then(|record| record.get("code")).and_then(Data::as_str);
    let period = data.get("package").and_then(|package| package.at("period.code")).and_then(Data::as_str);
    let shared = [("period", period), ("product", code("product"))];
    let shared = shared.into_iter().filter_map(|(name, code)| Some((name.into(), code?.into())));
    let axes = axes.into_iter().map(|(axis, value)| (axis.clone(), code(axis).map_or(value.clone(), Into::into)));
    shared.chain(axes).collect()
}

/// The codes of the facets that the deployment has, in the declared order.
fn campaign_name(tracking: &Tracking, facts: &Facts) -> Result<String, LinkError> {
    let delimiter = &*tracking.campaign.delimiter;
    value("tracking.campaign.delimiter", delimiter)
        .map_err(|error| error.about("tracking.campaign.delimiter".to_owned()))?;
    let mut codes = Vec::with_capacity(tracking.campaign.facets.len());
    for facet in &tracking.campaign.facets {
        let Some((_, code)) = facts.codes.iter().find(|(name, _)| name == facet) else { continue };
        let about = |error: LinkError| error.about(format!("{facet}.code"));
        let code = code.to_ascii_lowercase();
        value("utm_campaign", &code).map_err(about)?;
        if code.contains(delimiter) {
            let message = format!("the code `{code}` of `{facet}` contains `{delimiter}`, which separates facets");
            return Err(about(LinkError::new("E-UTM", message, "give it a `code` without that character")));
        }
        codes.push(code);
    }
    let campaign = codes.join(delimiter);
    value("utm_campaign", &campaign).map_err(|error| error.about("tracking.campaign.facets".to_owned()))?;
    Ok(campaign)
}

/// Source and medium from the vocabulary, in the channel that the medium stands for.
fn tags(tracking: &Tracking, source: &Arc<str>, medium: &Arc<str>, campaign: &str) -> Result<Tags, LinkError> {
    let Some(word) = tracking.mediums.iter().find(|word| word.id == *medium) else {
        return Err(LinkError::new(
            "E-UTM",
            format!("`{medium}` is not in `tracking.mediums`"),
            match nearest(medium, tracking.mediums.iter().map(|word| &*word.id)) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "add it together with its channel".to_owned(),
            },
        ));
    };
    value("utm_source", source)?;
    value("utm_medium", medium)?;
    let found = channel(source, medium, campaign);
    if found != &*word.channel {
        return Err(LinkError::new(
            "E-CHANNEL",
            format!(
                "GA4 counts source `{source}`, medium `{medium}`, campaign `{campaign}` as {found}, not {}",
                word.channel
            ),
            channel_help(found),
        )
        .about(format!("tracking.mediums[{}].channel", word.id)));
    }
    Ok(Tags { source: source.clone(), medium: medium.clone(), channel: word.channel.clone() })
}

fn channel_help(found: &str) -> &'static str {
    match found {
        "Organic Shopping" | "Paid Shopping" => {
            "a `shop` at the start of a campaign code or after `_`, `-` or `e` counts as shopping: give the axis value another `code`"
        }
        "Cross-network" => "remove `cross-network` from the codes that make up the campaign name",
        "Unassigned" => {
            "use a medium that GA4 knows, or declare the channel as `Unassigned` and ship a custom channel group"
        }
        _ => "use another medium for this source, or correct the channel in `tracking.mediums`",
    }
}

/// Checks that a value survives reports: GA4 keeps case apart and cuts long values.
fn value(name: &str, value: &str) -> Result<(), LinkError> {
    if value.is_empty() {
        return Err(LinkError::new("E-UTM", format!("`{name}` is empty"), "check the codes it is made of"));
    }
    if let Some(c) = value.chars().find(|c| !matches!(c, 'a'..='z' | '0'..='9' | '_' | '-')) {
        let message = format!("`{name}` holds the character {c:?}: `{value}`");
        return Err(LinkError::new("E-UTM", message, "use lower-case letters, digits, `-` and `_` only"));
    }
    if value.len() > MAX_VALUE {
        let message = format!("`{name}` is {} characters long: `{value}`", value.len());
        return Err(LinkError::new("E-UTM", message, format!("keep it within {MAX_VALUE}: shorten ids or give codes")));
    }
    Ok(())
}

/// The `utm_id` of a deployment, its name in cost imports and CRM fields: a `d` and ten letters and
/// digits. The letter keeps spreadsheets from reading a number such as `12e10`.
pub fn utm_id(deployment: &str) -> String {
    const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
    let hash = blake3::hash(deployment.as_bytes());
    let letters = hash.as_bytes().iter().take(10).map(|byte| ALPHABET[usize::from(byte % 32)] as char);
    std::iter::once('d').chain(letters).collect()
}

#[cfg(test)]
mod tests;
