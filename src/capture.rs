//! How the forms of a deployment are posted: who keeps the leads has a target, and a target has a profile.
//!
//! What a platform needs and nobody has given is a [`Gap`]. A form with a gap is not posted at all: the page offers an
//! email instead, which needs nothing.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::data::{Data, DataMap, IndexMap};
use crate::profiles::Certainty;
use crate::profiles::capture::{Custom, Target, Way, target};

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
pub struct Capture {
    owner: &'static str,
    target: Option<&'static Target>,
    /// The mailbox for requests that no form carries.
    mail: String,
    forms: Vec<Form>,
    gaps: Vec<Gap>,
}

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

/// What no proof can see: that a page of the receiver's own asks for what the request needs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Promise {
    /// `partner` or `vendor`
    pub owner: Arc<str>,
    pub request: Arc<str>,
    pub address: Arc<str>,
}

impl Capture {
    pub fn new(receiver: &Receiver<'_>, wanted: &[Wanted]) -> Self {
        let given = Given { receiver, gaps: Vec::new() };
        given.capture(wanted)
    }

    /// As templates see it.
    pub fn data(&self) -> Data {
        let forms = self.forms.iter().map(|form| (form.request.clone(), self.form(form)));
        Data::map([
            ("target", self.target.map_or(Data::Null, |target| target.id.into())),
            ("name", self.target.map_or(Data::Null, |target| target.name.into())),
            ("mail", Data::from(&*self.mail)),
            ("forms", Data::map(forms)),
            ("gaps", Data::list(self.gaps.iter().map(Gap::data))),
            ("promises", Data::list(self.promises())),
            ("facts", Data::list(self.facts())),
            ("notes", Data::list(self.notes())),
        ])
    }

    fn form(&self, form: &Form) -> Data {
        let back = self.target.and_then(|target| target.back).filter(|_| form.way == Way::Post).map(|back| back.is);
        let hidden = form
            .hidden
            .iter()
            .map(|(name, value)| Data::map([("name", Data::from(*name)), ("value", Data::from(&**value))]));
        let names = form.names.iter().map(|(ours, theirs)| (ours.as_str(), Data::from(theirs.as_str())));
        Data::map([
            ("way", Data::from(way(form.way))),
            ("address", Data::from(&*form.address)),
            ("source", Data::from(source(&form.address))),
            ("names", Data::map(names)),
            ("hidden", Data::list(hidden)),
            (
                "back",
                back.map_or(Data::Null, |back| {
                    Data::map(
                        [("name", back.name), ("before", back.before), ("after", back.after)]
                            .map(|(key, text)| (key, Data::from(text))),
                    )
                }),
            ),
            ("trap", form.trap.as_deref().map_or(Data::Null, Data::from)),
            ("timing", Data::from(form.way == Way::Post && self.target.is_some_and(|target| target.timing))),
            ("lost", Data::list(form.lost.iter().map(|name| Data::from(&**name)))),
        ])
    }

    fn promises(&self) -> impl Iterator<Item = Data> {
        let pages = self.forms.iter().filter(|form| form.way == Way::Page);
        pages.map(|form| {
            Data::map([
                ("owner", Data::from(self.owner)),
                ("request", Data::Text(form.request.clone())),
                ("address", Data::from(&*form.address)),
            ])
        })
    }

    /// What a person has to know of the target.
    fn notes(&self) -> Vec<Data> {
        let notes = self.target.map_or(&[][..], |target| target.notes).iter();
        notes.map(|note| fact(note.is, note.certainty)).collect()
    }

    /// What we know of the target, with how sure we are.
    fn facts(&self) -> Vec<Data> {
        let Some(target) = self.target else { return Vec::new() };
        let facts = [
            ("way", Some(target.way.certainty)),
            ("address", target.address.map(|fact| fact.certainty)),
            ("names", Some(target.names.certainty)),
            ("custom", Some(target.custom.certainty)),
            ("back", target.back.map(|fact| fact.certainty)),
            ("trap", target.trap.map(|fact| fact.certainty)),
        ];
        let facts = facts.into_iter().filter_map(|(id, certainty)| Some((id, certainty?)));
        facts.map(|(id, certainty)| fact(id, certainty)).collect()
    }
}

impl Gap {
    fn data(&self) -> Data {
        Data::map([
            ("owner", Data::Text(self.owner.clone())),
            ("need", Data::Text(self.need.clone())),
            ("about", self.about.clone().map_or(Data::Null, Data::Text)),
            ("file", Data::Text(self.file.clone())),
            ("key", Data::Text(self.key.clone())),
        ])
    }
}

/// Words for it, by id, and how sure we are.
fn fact(id: &str, certainty: Certainty) -> Data {
    Data::map([("id", Data::from(id)), ("certainty", certainty.id().into())])
}

/// The word for a way, as templates read it.
fn way(way: Way) -> &'static str {
    match way {
        Way::Post => "post",
        Way::Page => "page",
        Way::Mail => "mail",
    }
}

/// An address as a page's policy names it: without its query.
fn source(address: &str) -> &str {
    address.split_once('?').map_or(address, |(source, _)| source)
}

fn is_permission(field: &str) -> bool {
    field.starts_with("consent_") || field == "phone_consent"
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
        let before = self.gaps.len();
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
        // Of two fields with one name the system would keep one.
        let mut taken: BTreeSet<String> = hidden.iter().map(|(name, _)| (*name).to_owned()).collect();
        taken.extend(trap.iter().cloned().chain(target.back.map(|back| back.is.name.to_owned())));
        for (fields, is_needed) in [(&wanted.needs, target.way.is == Way::Post), (&wanted.takes, false)] {
            // A page of the platform asks for permission itself, in its own form.
            let is_asked_there = |field: &&String| target.way.is == Way::Page && is_permission(field);
            for field in fields.iter().filter(|field| !is_asked_there(field)) {
                match self.name(target, field).filter(|name| taken.insert(name.clone())) {
                    Some(name) => drop(names.insert(field.clone(), name)),
                    None if is_needed => self.misses("field", Some(field), &format!("capture.fields.{field}")),
                    None => lost.push(field.clone()),
                }
            }
        }
        let is_whole = values.iter().all(|(_, value)| value.is_some()) && self.gaps.len() == before;
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

    /// What the platform calls a field of ours.
    fn name(&self, target: &Target, field: &str) -> Option<String> {
        let given = self.text(&format!("fields.{field}"));
        let within = |before: &str, name: String, after: &str| format!("{before}{name}{after}");
        let known = || target.names.is.iter().find(|(ours, _)| *ours == field).map(|(_, theirs)| (*theirs).to_owned());
        match (given, target.custom.is) {
            (Some(given), Custom::Given(before, after) | Custom::Within(before, after)) => {
                Some(within(before, given, after))
            }
            (Some(given), Custom::Ours) => Some(given),
            (None, custom) => known().or_else(|| match custom {
                Custom::Ours => Some(field.to_owned()),
                Custom::Within(before, after) => Some(within(before, field.to_owned(), after)),
                Custom::Given(..) => None,
            }),
        }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Kind;

    fn map(entries: &[(&str, &str)]) -> Data {
        Data::map(entries.iter().map(|(key, text)| (*key, Data::from(*text))))
    }

    fn record(capture: Data) -> Data {
        Data::map([("contact", map(&[("email", "ask@a.example")])), ("capture", capture)])
    }

    fn of(record: &Data, needs: &[&str]) -> Data {
        let wanted = [Wanted {
            request: "talk".into(),
            needs: needs.iter().map(|&it| it.to_owned()).collect(),
            takes: vec!["utm_id".to_owned()],
        }];
        Capture::new(&Receiver { owner: "partner", record, file: "partners/a/partner.yaml".into() }, &wanted).data()
    }

    fn text<'d>(data: &'d Data, path: &str) -> &'d str {
        data.at(path).and_then(Data::as_str).unwrap_or("-")
    }

    fn keys(data: &Data) -> Vec<&str> {
        data.get("gaps").map_or(&[][..], Data::items).iter().map(|gap| text(gap, "key")).collect()
    }

    #[test]
    fn a_form_with_all_it_needs_is_posted() {
        let hubspot = [
            ("target", "hubspot".into()),
            ("account", map(&[("portal", "0")])),
            ("forms", map(&[("talk", "f-1")])),
            ("fields", map(&[("job_role", "rolle")])),
        ];
        let data = of(&record(Data::map(hubspot)), &["first_name", "job_role"]);
        assert_eq!(text(&data, "forms.talk.address"), "https://forms.hubspot.com/uploads/form/v2/0/f-1");
        let names = ["first_name", "job_role", "utm_id"].map(|name| text(&data, &format!("forms.talk.names.{name}")));
        assert_eq!(names, ["firstname", "rolle", "utm_id"]);
        assert_eq!((text(&data, "forms.talk.back.name"), keys(&data).len()), ("hs_context", 0));
    }

    #[test]
    fn two_fields_do_not_share_a_name() {
        let shared = [
            ("target", "salesforce".into()),
            ("account", map(&[("org", "00D0")])),
            ("fields", map(&[("job_role", "email"), ("company_size", "oid")])),
        ];
        let data = of(&record(Data::map(shared)), &["email", "job_role", "company_size"]);
        assert_eq!(keys(&data), ["capture.fields.job_role", "capture.fields.company_size"]);
    }

    /// What is asked for is all that is needed: whoever gives it, one after the other, has a form that can be sent.
    #[test]
    fn gaps_that_are_filled_leave_a_form() {
        let fields = ["first_name", "email", "company", "job_role", "phone", "consent_partner", "request"];
        for target in crate::profiles::capture::TARGETS.iter().filter(|target| target.way.is != Way::Mail) {
            let mut given = vec![("capture.target".to_owned(), target.id.to_owned())];
            for step in 0.. {
                let data = of(&record(nested(&given)), &fields);
                let missing: Vec<String> = keys(&data).into_iter().map(str::to_owned).collect();
                let is_sent = text(&data, "forms.talk.way") == way(target.way.is);
                assert_eq!(is_sent, missing.is_empty(), "{}: {given:?} leaves {missing:?}", target.id);
                let Some(key) = missing.into_iter().next() else {
                    let source = text(&data, "forms.talk.source");
                    assert_eq!(Kind::Endpoint.advice(source), None, "{}: {source}", target.id);
                    break;
                };
                assert!(!given.iter().any(|(known, _)| *known == key), "{}: {key} is asked for again", target.id);
                let is_address = key.contains("address");
                given.push((key, if is_address { "https://forms.a.example/x".into() } else { format!("id{step}") }));
            }
        }
    }

    /// Paths of two or three keys as a map, without their first.
    fn nested(given: &[(String, String)]) -> Data {
        let mut maps: IndexMap<String, Vec<(&str, Data)>> = IndexMap::default();
        let mut plain = Vec::new();
        for (path, value) in given {
            match path.split('.').collect::<Vec<_>>()[..] {
                [_, key] => plain.push((key.to_owned(), Data::from(value.as_str()))),
                [_, map, key] => maps.entry(map.to_owned()).or_default().push((key, Data::from(value.as_str()))),
                _ => panic!("{path}"),
            }
        }
        Data::map(plain.into_iter().chain(maps.into_iter().map(|(key, entries)| (key, Data::map(entries)))))
    }

    #[test]
    fn what_is_missing_is_named_and_the_page_writes_an_email() {
        let data = of(&record(map(&[("target", "hubspot")])), &["email"]);
        assert_eq!(keys(&data), ["capture.account.portal", "capture.forms.talk"]);
        assert_eq!((text(&data, "forms.talk.way"), text(&data, "mail")), ("mail", "ask@a.example"));
        assert_eq!(text(&data, "forms.talk.source"), "");
        assert_eq!(keys(&of(&record(Data::Null), &[])), ["capture.target"]);
    }

    #[test]
    fn where_names_are_ids_a_field_that_people_fill_needs_one() {
        let capture = [("target", "salesforce".into()), ("account", map(&[("org", "00D0")]))];
        let data = of(&record(Data::map(capture)), &["email", "job_role"]);
        assert_eq!(keys(&data), ["capture.fields.job_role"]);
        let capture = [
            ("target", "salesforce".into()),
            ("account", map(&[("org", "00D0")])),
            ("fields", map(&[("job_role", "00N1")])),
        ];
        let data = of(&record(Data::map(capture)), &["email", "job_role"]);
        let source = text(&data, "forms.talk.source");
        assert_eq!(source, "https://webto.salesforce.com/servlet/servlet.WebToLead");
        assert_eq!(data.at("forms.talk.lost").unwrap().items()[0].as_str(), Some("utm_id"));
    }

    #[test]
    fn a_platform_with_forms_of_its_own_is_led_to() {
        let capture = [("target", "marketo".into()), ("addresses", map(&[("talk", "https://pages.a.example/talk")]))];
        let data = of(&record(Data::map(capture)), &["email"]);
        assert_eq!(
            (text(&data, "forms.talk.way"), text(&data, "forms.talk.address")),
            ("page", "https://pages.a.example/talk")
        );
        assert!(data.at("forms.talk.back").is_some_and(Data::is_null));
        let promises = data.get("promises").unwrap().items();
        assert_eq!((promises.len(), text(&promises[0], "owner")), (1, "partner"));
    }
}
