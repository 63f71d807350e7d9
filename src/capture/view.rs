//! How forms are posted, as templates see it.

use crate::data::Data;
use crate::profiles::Certainty;
use crate::profiles::capture::Way;

use super::{Capture, Form, Gap, Promise, TYPED};

impl Capture {
    /// As templates see it.
    pub fn data(&self) -> Data {
        let forms = self.forms.iter().map(|form| (form.request.clone(), self.form(form)));
        Data::map([
            ("target", self.target.map_or(Data::Null, |target| target.id.into())),
            ("name", self.target.map_or(Data::Null, |target| target.name.into())),
            ("mail", Data::from(&*self.mail)),
            ("forms", Data::map(forms)),
            ("gaps", Data::list(self.gaps.iter().map(Gap::data))),
            ("promises", Data::list(self.promises().map(|promise| promise.data()))),
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
        let letters = self.target.map_or(&[][..], |target| target.letters).iter();
        let letters = letters.map(|(field, most)| (*field, Data::Int(i64::from(TYPED.min(*most)))));
        Data::map([
            ("way", Data::from(way(form.way))),
            ("address", Data::from(&*form.address)),
            ("source", Data::from(source(&form.address))),
            ("names", Data::map(names)),
            ("letters", Data::map(letters)),
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
    /// As templates see it, with the line to write.
    pub fn data(&self) -> Data {
        Data::map([
            ("owner", Data::Text(self.owner.clone())),
            ("need", Data::Text(self.need.clone())),
            ("about", self.about.clone().map_or(Data::Null, Data::Text)),
            ("file", Data::Text(self.file.clone())),
            ("key", Data::Text(self.key.clone())),
            ("line", self.line().map_or(Data::Null, Data::from)),
        ])
    }

    /// What to write into the file; nothing for a table, in which the key is a column.
    fn line(&self) -> Option<String> {
        let keys: Vec<&str> = self.key.split('.').collect();
        let is_table = self.file.ends_with(".csv");
        (!is_table).then(|| format!("{}: …{}", keys.join(": {"), "}".repeat(keys.len() - 1)))
    }
}

impl Promise {
    fn data(&self) -> Data {
        Data::map([
            ("owner", Data::Text(self.owner.clone())),
            ("request", Data::Text(self.request.clone())),
            ("way", Data::Text(self.way.clone())),
            ("address", Data::Text(self.address.clone())),
        ])
    }
}

/// Words for it, by id, and how sure we are.
fn fact(id: &str, certainty: Certainty) -> Data {
    Data::map([("id", Data::from(id)), ("certainty", certainty.id().into())])
}

/// The word for a way, as templates read it.
pub(super) fn way(way: Way) -> &'static str {
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
