//! What counts what happens on the pages of a deployment, and the dictionary of what there is to count.
//!
//! The dictionary is made from the journey's requests, the library and the pages, so it holds no event that nothing
//! causes. What the tool needs and nobody has given is a [`Gap`]: until then the pages count nothing, as without a tool.
//!
//! No event says who somebody is. So a count answers for visits and requests as numbers, and for no lead.

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::capture::Gap;
use crate::data::Data;
use crate::profiles::analytics::{Tool, tool};

pub const PAGE_VIEW: &str = "page_view";
const FORM_START: &str = "form_start";
const LEAD: &str = "generate_lead";
const DOWNLOAD: &str = "file_download";
const CHECKED: &str = "self_check_completed";
const OUTBOUND: &str = "outbound";

pub use crate::schema::analytics::EVENTS;

/// What goes along with each event.
pub const COMMON: [&str; 4] = ["deployment_id", "partner_id", "page", "locale"];

/// What somebody said of it.
pub struct Said<'a> {
    /// `tracking.analytics`
    pub keys: &'a Data,
    /// Who chose the tool: `partner` or `vendor`.
    pub owner: &'static str,
    /// The file in which it was chosen, and what its keys stand under there.
    pub file: Arc<str>,
    pub below: &'static str,
    /// `region.legal.measurement` and `region.legal.attribution_storage`.
    pub permission: Option<&'a str>,
    pub storage: Option<&'a str>,
}

/// What can happen on the pages.
#[derive(Clone, Debug, Default)]
pub struct Pages {
    /// All pages of the site.
    pub all: Vec<Arc<str>>,
    pub requests: Vec<Asked>,
    /// The pages on which somebody checks something.
    pub checks: BTreeSet<Arc<str>>,
}

/// A request as its page tells of it.
#[derive(Clone, Debug)]
pub struct Asked {
    pub id: Arc<str>,
    pub page: Arc<str>,
    /// Whether the page's own form is sent.
    pub is_posted: bool,
    /// The piece of the library that it gives, with the page that this is.
    pub gives: Option<(Arc<str>, Arc<str>)>,
}

/// How the pages of a deployment are counted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Analytics {
    /// `none`, or the id of a tool.
    pub profile: Arc<str>,
    /// Its name, as people read it.
    pub name: Arc<str>,
    /// Whether the pages count anything.
    pub on: bool,
    /// What takes events; empty where a script of the tool's own does.
    pub address: Arc<str>,
    /// The ids that the tool knows the site by.
    pub ids: Ids,
    /// What has to come before anything is counted: `consent` or `objection`.
    pub permission: Arc<str>,
    /// Where an answer may be kept: `none`, `session` or `after_consent`.
    pub storage: Arc<str>,
    pub sources: Sources,
    /// Files of `assets/` that go along only here.
    pub assets: Vec<Arc<str>>,
    pub events: Vec<Event>,
    /// What a request gives, by the page that it is.
    pub pieces: Vec<Piece>,
    pub gaps: Vec<Gap>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Ids {
    pub domain: Arc<str>,
    pub website: Arc<str>,
    pub site: Arc<str>,
    pub container: Arc<str>,
    pub measurement: Arc<str>,
}

/// What a page's policy has to let through.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Sources {
    pub scripts: Vec<Arc<str>>,
    pub images: Vec<Arc<str>>,
    pub sends: Vec<Arc<str>>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Piece {
    pub id: Arc<str>,
    pub page: Arc<str>,
}

/// Something that pages tell of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event {
    pub id: Arc<str>,
    /// What the tool calls it.
    pub name: Arc<str>,
    /// What goes along besides what goes along with all.
    pub parameters: Vec<Arc<str>>,
    /// The pages that tell of it.
    pub pages: Vec<Arc<str>>,
    /// The requests it is about.
    pub requests: Vec<Arc<str>>,
}

impl Analytics {
    pub fn new(said: &Said<'_>, pages: &Pages) -> Self {
        let key = |key: &str| said.keys.get(key).map_or_else(String::new, text);
        let profile = Some(key("profile")).filter(|id| !id.is_empty()).unwrap_or_else(|| "none".to_owned());
        let tool = tool(&profile);
        let gaps = tool.map(|tool| gaps(tool, said)).unwrap_or_default();
        let on = tool.is_some() && gaps.is_empty();
        let counting = tool.filter(|_| on);
        let usual = counting.and_then(|tool| tool.address).map_or("", |fact| fact.is);
        let given = counting.filter(|tool| tool.is_cookieless.is).map(|_| key("address")).unwrap_or_default();
        let address = if given.is_empty() { usual.to_owned() } else { given };
        let assets = said.keys.get("assets").map_or(&[][..], Data::items);
        let asks = tool.is_some_and(|tool| !tool.is_cookieless.is);
        let permission = if asks { "consent" } else { said.permission.unwrap_or("consent") };
        Self {
            name: tool.map_or("", |tool| tool.name).into(),
            profile: profile.into(),
            on,
            sources: counting.map(|tool| sources(tool, &address)).unwrap_or_default(),
            address: address.into(),
            ids: Ids {
                domain: key("domain").into(),
                website: key("website").into(),
                site: key("site").into(),
                container: key("container").into(),
                measurement: key("measurement").into(),
            },
            permission: permission.into(),
            storage: said.storage.unwrap_or("none").into(),
            assets: assets.iter().filter_map(Data::as_str).map(Arc::from).collect(),
            events: counting.map(|tool| events(tool, pages)).unwrap_or_default(),
            pieces: pages.requests.iter().filter_map(given_by).collect(),
            gaps,
        }
    }

    /// Whether an event is counted here.
    pub fn counts(&self, event: &str) -> bool {
        self.events.iter().any(|counted| *counted.id == *event)
    }

    /// As templates see it.
    pub fn data(&self) -> Data {
        let texts = |texts: &[Arc<str>]| Data::list(texts.iter().cloned().map(Data::Text));
        let event = |event: &Event| {
            Data::map([
                ("id", Data::Text(event.id.clone())),
                ("name", Data::Text(event.name.clone())),
                ("parameters", texts(&event.parameters)),
                ("pages", texts(&event.pages)),
                ("requests", texts(&event.requests)),
            ])
        };
        let piece =
            |piece: &Piece| Data::map([("id", Data::Text(piece.id.clone())), ("page", Data::Text(piece.page.clone()))]);
        let Ids { domain, website, site, container, measurement } = &self.ids;
        let ids = [
            ("domain", domain),
            ("website", website),
            ("site", site),
            ("container", container),
            ("measurement", measurement),
        ];
        let Sources { scripts, images, sends } = &self.sources;
        let sources = [("scripts", scripts), ("images", images), ("sends", sends)];
        Data::map([
            ("profile", Data::Text(self.profile.clone())),
            ("name", Data::Text(self.name.clone())),
            ("on", self.on.into()),
            ("address", Data::Text(self.address.clone())),
            ("ids", Data::map(ids.map(|(key, id)| (key, Data::Text(id.clone()))))),
            ("permission", Data::Text(self.permission.clone())),
            ("storage", Data::Text(self.storage.clone())),
            ("sources", Data::map(sources.map(|(key, list)| (key, texts(list))))),
            ("assets", texts(&self.assets)),
            ("events", Data::list(self.events.iter().map(event))),
            ("pieces", Data::list(self.pieces.iter().map(piece))),
            ("gaps", Data::list(self.gaps.iter().map(Gap::data))),
        ])
    }
}

/// An id as it stands in an address or a file: Matomo's is a number.
fn text(value: &Data) -> String {
    match value {
        Data::Int(number) => number.to_string(),
        other => other.as_str().unwrap_or_default().to_owned(),
    }
}

fn gaps(tool: &Tool, said: &Said<'_>) -> Vec<Gap> {
    let is_missing = |key: &&&str| said.keys.get(key).is_none_or(|value| text(value).is_empty());
    let missing = tool.needs.iter().filter(is_missing);
    let gap = |key: &&str| Gap {
        owner: said.owner.into(),
        need: (*key).into(),
        about: Some(tool.id.into()),
        file: said.file.clone(),
        key: format!("{}{key}", said.below).into(),
    };
    missing.map(gap).collect()
}

fn sources(tool: &Tool, address: &str) -> Sources {
    let of = |facts: &[crate::profiles::capture::Fact<&'static str>]| -> Vec<Arc<str>> {
        facts.iter().map(|fact| fact.is.into()).collect()
    };
    let mut sends = of(tool.sends);
    sends.extend(Some(address).filter(|address| !address.is_empty()).map(Arc::from));
    Sources { scripts: of(tool.scripts), images: of(tool.images), sends }
}

fn given_by(request: &Asked) -> Option<Piece> {
    let (id, page) = request.gives.clone()?;
    Some(Piece { id, page })
}

/// What these pages tell of; an event that none of them causes is not there.
fn events(tool: &Tool, pages: &Pages) -> Vec<Event> {
    let is_page = |page: &Arc<str>| pages.all.contains(page);
    let posted = || pages.requests.iter().filter(|request| request.is_posted && is_page(&request.page));
    let given = || pages.requests.iter().filter(|request| given_by(request).is_some_and(|it| is_page(&it.page)));
    let event = |id: &str| {
        let (parameters, pages, requests): (&[&str], Vec<Arc<str>>, Vec<Arc<str>>) = match id {
            FORM_START | LEAD => {
                let pages = posted().map(|request| request.page.clone()).collect();
                (&["request"], pages, posted().map(|request| request.id.clone()).collect())
            }
            DOWNLOAD => {
                let pages = given().filter_map(given_by).map(|piece| piece.page).collect();
                (&["piece"], pages, given().map(|request| request.id.clone()).collect())
            }
            CHECKED => {
                (&[], pages.all.iter().filter(|page| pages.checks.contains(*page)).cloned().collect(), Vec::new())
            }
            OUTBOUND => (&["to"], pages.all.clone(), Vec::new()),
            _ => (&[], pages.all.clone(), Vec::new()),
        };
        Event {
            id: id.into(),
            name: tool.name_of(id).into(),
            parameters: parameters.iter().map(|name| Arc::from(*name)).collect(),
            pages,
            requests,
        }
    };
    EVENTS.iter().map(|id| event(id)).filter(|event| !event.pages.is_empty()).collect()
}
