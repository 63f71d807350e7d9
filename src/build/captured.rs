//! The names in `capture`: of the account's ids, of requests, and of fields. One that nobody has would be read by nobody, and
//! its form offer an email instead. A record speaks in all deployments of whoever keeps the leads, so what any layer has
//! is a name.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use crate::capture::called;
use crate::catalog::patch::{Leaf, PatchKind};
use crate::catalog::place;
use crate::diag::{Diagnostic, Diagnostics, nearest};
use crate::profiles::capture::{TARGETS, target};
use crate::resolve::tree::Tree;
use crate::source::Span;

use super::Program;

/// Notes the keys below the receiver's `capture` that name nothing.
pub fn check(program: &Program, tree: &Tree, diagnostics: &mut Diagnostics) {
    let Some(capture) = tree.at("leads.receiver.capture") else { return };
    let names = Names { program };
    for (map, what) in
        [("account", "id of an account"), ("forms", "request"), ("addresses", "request"), ("fields", "field")]
    {
        let Some(said) = capture.get(map).filter(|said| said.children().next().is_some()) else { continue };
        let known = match map {
            "account" => account(),
            "fields" => names.fields(),
            _ => names.requests(),
        };
        // Where there are no names at all, something else is wrong.
        for (key, value) in said.children().filter(|(key, _)| !known.is_empty() && !known.contains(&***key)) {
            let error = Diagnostic::error("E-PATH", format!("`capture.{map}.{key}`: there is no {what} `{key}`"));
            let error = match nearest(key, known.iter().map(String::as_str)) {
                Some(near) => error.help(format!("did you mean `{near}`?")),
                None => error.help(format!(
                    "there are {}",
                    known.iter().map(|id| format!("`{id}`")).collect::<Vec<_>>().join(", ")
                )),
            };
            diagnostics.push(match value.origin() {
                Some(origin) => error.at(origin.span, "nothing reads this"),
                None => error,
            });
        }
    }
    check_names(capture, &names.used(), diagnostics);
    ["forms", "addresses"].into_iter().for_each(|map| check_shared(capture, map, diagnostics));
}

/// Notes requests that have one form there: what it answers, and whom it tells, would be the same for both.
fn check_shared(capture: &Tree, map: &str, diagnostics: &mut Diagnostics) {
    let mut taken: BTreeMap<&str, (&str, Span)> = BTreeMap::new();
    for (request, value) in capture.get(map).into_iter().flat_map(|map| map.children()) {
        let own = value.as_leaf().and_then(|resolved| Some((resolved.leaf.source()?, resolved.origin.span)));
        let Some((own, span)) = own.filter(|(own, _)| !own.is_empty() && !own.contains("{{")) else { continue };
        match taken.entry(own) {
            Entry::Vacant(room) => drop(room.insert((request, span))),
            Entry::Occupied(first) => {
                let (other, place) = *first.get();
                let message = format!("`capture.{map}.{request}` is that of `{other}`: two requests have one form");
                let error = Diagnostic::error("E-DUPID", message)
                    .at(span, "each request has an answer, a page afterwards and a status of its own")
                    .help("write the id of the form that was made for this request");
                diagnostics.push(error.other(place, "the other request"));
            }
        }
    }
}

/// Notes fields for which the receiver has one name: it would keep one of them. What the page sends beside them has names too.
fn check_names(capture: &Tree, used: &BTreeSet<String>, diagnostics: &mut Diagnostics) {
    let (Some(said), Some(target)) = (capture.get("fields"), capture.text_at("target").and_then(target)) else {
        return;
    };
    let mut taken: BTreeMap<String, (String, Option<Span>)> = BTreeMap::new();
    let beside = target.hidden.iter().map(|(name, _)| *name).chain(target.back.map(|back| back.is.name));
    taken.extend(beside.map(|name| (name.to_lowercase(), ("what goes along with each form".to_owned(), None))));
    for field in used.iter().filter(|field| said.get(field).is_none()) {
        taken.extend(called(target, field, None).map(|name| (name.to_lowercase(), (format!("`{field}`"), None))));
    }
    for (field, value) in said.children() {
        let own = value.as_leaf().and_then(|resolved| Some((resolved.leaf.source()?, resolved.origin.span)));
        let Some((own, span)) = own.filter(|(own, _)| !own.contains("{{")) else { continue };
        let Some(name) = called(target, field, Some(own)) else { continue };
        match taken.entry(name.to_lowercase()) {
            Entry::Vacant(room) => drop(room.insert((format!("`{field}`"), Some(span)))),
            Entry::Occupied(first) => {
                let (other, place) = first.get();
                let message = format!("`capture.fields.{field}` is `{own}`, which is the name of {other} there");
                let error = Diagnostic::error("E-DUPID", message)
                    .at(span, "of two fields with one name the receiver keeps one")
                    .help("write the name that the receiver has for this field");
                diagnostics.push(place.iter().fold(error, |error, place| error.other(*place, "the other field")));
            }
        }
    }
}

/// The ids that targets put into addresses and fields, beside those that have a key of their own.
fn account() -> BTreeSet<String> {
    let ids = TARGETS.iter().flat_map(|target| target.ids());
    ids.filter(|id| !matches!(*id, "form" | "address")).map(str::to_owned).collect()
}

const REQUESTS: &str = "journey.requests[";

#[derive(Clone, Copy)]
struct Names<'p> {
    program: &'p Program,
}

impl Names<'_> {
    fn requests(self) -> BTreeSet<String> {
        self.items(REQUESTS).collect()
    }

    /// What forms have, and what some target has a name for.
    fn fields(self) -> BTreeSet<String> {
        let named = TARGETS.iter().flat_map(|target| target.names.is).map(|(ours, _)| (*ours).to_owned());
        named.chain(self.used()).collect()
    }

    /// What forms ask for, what they carry along, and what they ask permission for.
    fn used(self) -> BTreeSet<String> {
        let boxes = self.items("region.consent.boxes[").map(|id| format!("consent_{id}"));
        let mut fields: BTreeSet<String> = self.items("tracking.fields[").chain(boxes).collect();
        fields.extend(["first_name", "last_name"].map(str::to_owned));
        self.asked(&mut fields);
        fields
    }

    /// The words of all `form` of all requests.
    fn asked(self, fields: &mut BTreeSet<String>) {
        let (index, catalog) = (self.program.approved().index(), self.program.catalog());
        for path in index.below(REQUESTS).filter(|path| path.ends_with("].form")) {
            let steps = place::steps(path);
            for patch in index.layers(path).iter().filter_map(|&id| catalog.layer(id).patch.find(&steps)) {
                match &patch.kind {
                    PatchKind::Set(set) => {
                        fields.extend(set.whole.iter().flatten().chain(&set.add).map(|id| id.to_string()))
                    }
                    PatchKind::Leaf(Leaf::Seq(words)) | PatchKind::Neutral(Leaf::Seq(words)) => {
                        fields.extend(words.iter().filter_map(Leaf::source).map(str::to_owned));
                    }
                    _ => {}
                }
            }
        }
    }

    /// The ids of a list, whichever layer has them.
    fn items(self, list: &str) -> impl Iterator<Item = String> {
        let paths = self.program.approved().index().below(list);
        let id = |path: &str| Some(path.strip_prefix(list)?.split_once(']')?.0.to_owned());
        paths.filter_map(id).collect::<BTreeSet<_>>().into_iter()
    }
}
