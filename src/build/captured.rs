//! The names in `capture`: of the account's ids, of requests, and of fields. One that nobody has would be read by nobody, and
//! its form offer an email instead. A record speaks in all deployments of whoever keeps the leads, so what any layer has
//! is a name.

use std::collections::BTreeSet;

use crate::catalog::patch::{Leaf, PatchKind};
use crate::catalog::place;
use crate::diag::{Diagnostic, Diagnostics, nearest};
use crate::profiles::capture::TARGETS;
use crate::resolve::tree::Tree;

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

    /// What forms ask for, what they carry along, what they ask permission for, and what some target has a name for.
    fn fields(self) -> BTreeSet<String> {
        let boxes = self.items("region.consent.boxes[").map(|id| format!("consent_{id}"));
        let named = TARGETS.iter().flat_map(|target| target.names.is).map(|(ours, _)| (*ours).to_owned());
        let mut fields: BTreeSet<String> = named.chain(self.items("tracking.fields[")).chain(boxes).collect();
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
