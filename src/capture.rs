//! How the forms of a deployment are posted: who keeps the leads has a target, and a target has a profile.
//!
//! What a platform needs and nobody has given is a [`Gap`]. A form with a gap is not posted at all: the page offers an
//! email instead, which needs nothing.
//!
//! - `view`: as templates see it

#[cfg(test)]
mod tests;
mod view;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::data::{Data, DataMap, IndexMap};
use crate::profiles::capture::{Custom, Target, Way, target};

/// The most letters that a form lets people type, whoever receives it.
pub const TYPED: u32 = 120;

/// Who receives the forms.
pub struct Receiver<'a> {
    /// `partner` or `vendor`
    pub owner: &'static str,
    /// Its record, in which `capture` may stand.
    pub record: &'a Data,
    /// The file in which its record is written.
    pub file: Arc<str>,
}

/// What a request's form carries, by our names.
pub struct Wanted {
    pub request: Arc<str>,
    /// Without these it is no request: what people type and tick, and what tells it from others.
    pub needs: Vec<String>,
    /// What goes along where there is a name for it.
    pub takes: Vec<String>,
}

/// How all forms of a deployment are posted.
#[derive(Clone, Debug)]
pub struct Capture {
    owner: &'static str,
    target: Option<&'static Target>,
    /// The mailbox for requests that no form carries.
    mail: String,
    forms: Vec<Form>,
    gaps: Vec<Gap>,
}

#[derive(Clone, Debug)]
struct Form {
    request: Arc<str>,
    way: Way,
    address: String,
    /// Their names by ours.
    names: IndexMap<String, String>,
    hidden: Vec<(&'static str, String)>,
    trap: Option<String>,
    /// What it would take and has no name for.
    lost: Vec<String>,
}

/// Something that a person has to give before a form can be posted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Gap {
    /// `partner` or `vendor`
    pub owner: Arc<str>,
    /// What it is, by its id in `strings.capture.needs`.
    pub need: Arc<str>,
    /// The request, field or id of the account that it is needed for.
    pub about: Option<Arc<str>>,
    pub file: Arc<str>,
    /// The key to write there.
    pub key: Arc<str>,
}

/// What no proof can see, and somebody has to do all the same: that a page of the receiver's own asks for what the request
/// needs, or that whoever reads a mailbox answers, and tells of the request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Promise {
    /// `partner` or `vendor`
    pub owner: Arc<str>,
    pub request: Arc<str>,
    /// The way of the request: `page` or `mail`
    pub way: Arc<str>,
    /// Of the page, or the mailbox.
    pub address: Arc<str>,
}

impl Capture {
    pub fn new(receiver: &Receiver<'_>, wanted: &[Wanted]) -> Self {
        let given = Given { receiver, gaps: Vec::new() };
        given.capture(wanted)
    }

    /// `partner` or `vendor`
    pub fn owner(&self) -> &'static str {
        self.owner
    }

    /// With something more that its receiver, or the partner, has still to give.
    #[must_use]
    pub fn owing(mut self, gaps: impl IntoIterator<Item = Gap>) -> Self {
        self.gaps.extend(gaps);
        self
    }

    pub fn gaps(&self) -> &[Gap] {
        &self.gaps
    }

    /// One for each request whose form stands on a page of the receiver's own, or that comes by email.
    pub fn promises(&self) -> impl Iterator<Item = Promise> {
        let kept = self.forms.iter().filter(|form| form.way != Way::Post);
        kept.map(|form| Promise {
            owner: self.owner.into(),
            request: form.request.clone(),
            way: view::way(form.way).into(),
            address: if form.way == Way::Mail { &*self.mail } else { &*form.address }.into(),
        })
    }

    /// How each request reaches whoever receives it, by its id: `post`, `page` or `mail`.
    pub fn ways(&self) -> BTreeMap<Arc<str>, Arc<str>> {
        self.forms.iter().map(|form| (form.request.clone(), view::way(form.way).into())).collect()
    }

    /// What the receiver calls those of these fields that the form of a request carries.
    pub fn names(&self, request: &str, fields: &[Arc<str>]) -> Vec<String> {
        let form = self.forms.iter().find(|form| *form.request == *request);
        fields.iter().filter_map(|field| form?.names.get(&**field).cloned()).collect()
    }

    /// Where the forms of requests, or those who fill them in, are sent.
    pub fn addresses(&self) -> impl Iterator<Item = (&str, &str)> {
        self.forms.iter().map(|form| (&*form.request, &*form.address)).filter(|(_, address)| !address.is_empty())
    }

    /// Whether a request reaches the receiver's system, and not only a mailbox.
    pub fn is_sent(&self, request: &str) -> bool {
        self.forms.iter().any(|form| *form.request == *request && form.way != Way::Mail)
    }
}

/// What tells which words stood beside a number to call at.
pub const PHONE_CONSENT: &str = "phone_consent";

fn is_permission(field: &str) -> bool {
    field.starts_with("consent_") || field == PHONE_CONSENT
}

/// What the receiver gave, and what turned out to be missing.
struct Given<'a> {
    receiver: &'a Receiver<'a>,
    gaps: Vec<Gap>,
}

impl Given<'_> {
    fn capture(mut self, wanted: &[Wanted]) -> Capture {
        let named = self.text("target").and_then(|id| target(&id));
        let target = named.or_else(|| {
            self.misses("target", None, "capture.target");
            None
        });
        let forms = wanted.iter().map(|wanted| self.form(target, wanted)).collect();
        let mail =
            ["capture.mail", "contact.email", "legal.email"].iter().find_map(|path| self.receiver.record.at(path));
        let mail = mail.and_then(Data::as_str).unwrap_or_default().to_owned();
        Capture { owner: self.receiver.owner, target, mail, forms, gaps: self.gaps }
    }

    fn text(&self, path: &str) -> Option<String> {
        self.receiver.record.at(&format!("capture.{path}")).and_then(Data::as_str).map(str::to_owned)
    }

    fn misses(&mut self, need: &'static str, about: Option<&str>, key: &str) {
        let file = self.receiver.file.clone();
        let (owner, about) = (self.receiver.owner.into(), about.map(Into::into));
        let gap = Gap { owner, need: need.into(), about, file, key: key.into() };
        // An id of the account is needed for each form, and asked for once.
        if !self.gaps.iter().any(|other| other.key == gap.key) {
            self.gaps.push(gap);
        }
    }

    fn form(&mut self, target: Option<&'static Target>, wanted: &Wanted) -> Form {
        let posted = target.and_then(|target| self.posted(target, wanted));
        posted.unwrap_or_else(|| Form {
            request: wanted.request.clone(),
            way: Way::Mail,
            address: String::new(),
            names: IndexMap::default(),
            hidden: Vec::new(),
            trap: None,
            lost: Vec::new(),
        })
    }

    /// A form that can be sent; `None` where something for it is missing.
    fn posted(&mut self, target: &'static Target, wanted: &Wanted) -> Option<Form> {
        if target.way.is == Way::Mail {
            return None;
        }
        let ids = target.ids();
        // The top of a system may be given with its last slash or without.
        let is_top = target.address.is_some_and(|address| address.is.starts_with("{address}/"));
        let plain = |value: String| if is_top { value.trim_end_matches('/').to_owned() } else { value };
        let values: Vec<(&str, Option<String>)> =
            ids.into_iter().map(|id| (id, self.id(id, &wanted.request).map(plain))).collect();
        let fill = |text: &str| {
            values.iter().fold(text.to_owned(), |text, (id, value)| {
                text.replace(&format!("{{{id}}}"), value.as_deref().unwrap_or_default())
            })
        };
        let address = match target.address {
            Some(address) => Some(fill(address.is)),
            None => {
                let path = format!("addresses.{}", wanted.request);
                let need = if target.way.is == Way::Page { "page" } else { "address" };
                self.asked(need, Some(&wanted.request), &path)
            }
        };
        let trap = target.trap.map(|trap| fill(trap.is));
        let hidden: Vec<(&str, String)> = target.hidden.iter().map(|(name, value)| (*name, fill(value))).collect();
        let mut names = IndexMap::default();
        let mut lost = Vec::new();
        // A gap that another form has too is said once, and keeps this one from being sent as well.
        let mut is_whole = values.iter().all(|(_, value)| value.is_some());
        // Of two fields with one name the system would keep one.
        let mut taken: BTreeSet<String> = hidden.iter().map(|(name, _)| (*name).to_owned()).collect();
        taken.extend(trap.iter().cloned().chain(target.back.map(|back| back.is.name.to_owned())));
        for (fields, is_needed) in [(&wanted.needs, target.way.is == Way::Post), (&wanted.takes, false)] {
            // A page of the platform asks for permission itself, in its own form.
            let is_asked_there = |field: &&String| target.way.is == Way::Page && is_permission(field);
            for field in fields.iter().filter(|field| !is_asked_there(field)) {
                match self.name(target, field).filter(|name| taken.insert(name.clone())) {
                    Some(name) => drop(names.insert(field.clone(), name)),
                    None if is_needed => {
                        is_whole = false;
                        self.misses("field", Some(field), &format!("capture.fields.{field}"));
                    }
                    None => lost.push(field.clone()),
                }
            }
        }
        Some(Form {
            request: wanted.request.clone(),
            way: target.way.is,
            address: address.filter(|_| is_whole)?,
            names,
            hidden,
            trap,
            lost,
        })
    }

    fn id(&mut self, id: &str, request: &str) -> Option<String> {
        match id {
            "form" => self.asked("form", Some(request), &format!("forms.{request}")),
            "address" => self.asked("address", None, "address"),
            id => self.asked("account", Some(id), &format!("account.{id}")),
        }
    }

    fn asked(&mut self, need: &'static str, about: Option<&str>, path: &str) -> Option<String> {
        let text = self.text(path).filter(|text| !text.is_empty());
        if text.is_none() {
            self.misses(need, about, &format!("capture.{path}"));
        }
        text
    }

    fn name(&self, target: &Target, field: &str) -> Option<String> {
        called(target, field, self.text(&format!("fields.{field}")).as_deref())
    }
}

/// What the platform calls a field of ours, with the name that its owner gave it, if any.
pub fn called(target: &Target, field: &str, given: Option<&str>) -> Option<String> {
    let within = |before: &str, name: &str, after: &str| format!("{before}{name}{after}");
    let known = || target.names.is.iter().find(|(ours, _)| *ours == field).map(|(_, theirs)| (*theirs).to_owned());
    match (given, target.custom.is) {
        (Some(given), Custom::Given(before, after) | Custom::Within(before, after)) => {
            Some(within(before, given, after))
        }
        (Some(given), Custom::Ours) => Some(given.to_owned()),
        (None, custom) => known().or_else(|| match custom {
            Custom::Ours => Some(field.to_owned()),
            Custom::Within(before, after) => Some(within(before, field, after)),
            Custom::Given(..) => None,
        }),
    }
}

/// What a field of ours is called on a page that is posted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Named<'d> {
    /// The page's own name: nobody said who keeps the leads, or no request on it asks for the field.
    AsOurs,
    As(&'d str),
    /// The page posts no form: it is asked for at the receiver's, if at all.
    Elsewhere,
}

/// What a field is called on the form of a page, by ours: the names that a form was made with, read backwards.
pub fn name_on<'d>(data: &'d DataMap, page: &str, field: &str) -> Named<'d> {
    let Some(forms) = data.get("capture").and_then(|capture| capture.get("forms")) else { return Named::AsOurs };
    let requests = data.get("journey").and_then(|journey| journey.get("requests")).map_or(&[][..], Data::items);
    let of_page = |request: &&Data| request.get("page").and_then(Data::as_str) == Some(page);
    let form = || forms.get(requests.iter().find(of_page)?.get("id")?.as_str()?);
    match form() {
        Some(form) if form.get("way").and_then(Data::as_str) != Some("post") => Named::Elsewhere,
        form => {
            let name = form.and_then(|form| form.get("names")?.get(field)?.as_str());
            name.map_or(Named::AsOurs, Named::As)
        }
    }
}
