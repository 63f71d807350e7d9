//! The places whose words a document shows besides its own content: they decide in which language it can be made.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::components::ComponentKind;
use crate::document::language;
use crate::resolve::tree::Tree;
use crate::values::root_of;

use super::Program;

/// What pages about the lead's path tell of it.
const PATH: &[&str] = &["journey.requests", "journey.purposes", "journey.machines", "journey.records"];

const SALES: &[&str] = &["journey.requests", "offers", "outcome", "pillars", "sales"];

/// What the playbook tells besides the path.
const PLAYBOOK: &[&str] = &[
    "journey.leads",
    "journey.rights",
    "outcome",
    "playbook",
    "quarters",
    "roles",
    "nurture.exits",
    "qualification.handoff.criteria",
    "platforms.tokens",
];

/// Lists of which some words are printed, with the keys of these.
const EMAILS: &[(&str, &[&str])] = &[("nurture.emails", &["subject", "goal"])];
const FEEDBACK: &[(&str, &[&str])] =
    &[("qualification.owners", &["title"]), ("qualification.feedback", &["title", "meaning", "next"])];
const MODEL: &[(&str, &[&str])] = &[
    ("qualification.groups", &["title"]),
    ("qualification.signals", &["title"]),
    ("qualification.negatives", &["title"]),
    ("qualification.disqualify", &["title", "then"]),
    ("qualification.bands.fit", &["title"]),
    ("qualification.bands.engagement", &["title"]),
    ("qualification.stages", &["title", "meaning", "next"]),
    ("qualification.routing", &["title"]),
    ("qualification.test_leads", &["title", "story"]),
    ("qualification.handoff.record", &["title", "source"]),
];

/// Those of a component's documents, in what the master says in its own language.
pub fn of(component: ComponentKind, tree: &Tree) -> Vec<String> {
    if component.is_public() {
        Vec::new()
    } else if component == ComponentKind::SALES {
        whole(SALES)
    } else if component == ComponentKind::PLAYBOOK {
        let systems = ["email", "crm"].map(|key| system(tree, key));
        let said = [whole(PATH), whole(PLAYBOOK), items(tree, EMAILS), items(tree, FEEDBACK)].concat();
        said.into_iter().chain(systems).collect()
    } else if component == ComponentKind::QUALIFICATION {
        let handoff = whole(&["qualification.handoff.criteria", "strings.fields", "strings.form.values"]);
        [whole(PATH), handoff, items(tree, MODEL), items(tree, FEEDBACK)].concat()
    } else {
        whole(PATH)
    }
}

/// Where the words of the interface stand, which templates name one by one.
pub const STRINGS: &str = "strings";

/// Which of them are shown by templates, with all that these include, and by the texts of some places.
pub fn strings(program: &Program, templates: &[&Arc<str>], tree: Option<&Tree>, places: &[&str]) -> Vec<Arc<str>> {
    let engine = program.engine();
    let whole = templates.iter().filter_map(|name| engine.reads(name)).flat_map(|reads| &reads.whole);
    let named = whole.filter_map(|name| engine.reads(name)).flat_map(|reads| &reads.paths);
    let nodes = tree.into_iter().flat_map(|tree| places.iter().filter_map(|place| language::find(tree, place)));
    let is_string = |path: &&Arc<str>| root_of(path) == STRINGS;
    let strings: BTreeSet<&Arc<str>> = named.chain(nodes.flat_map(Tree::variables)).filter(is_string).collect();
    strings.into_iter().cloned().collect()
}

fn whole(parts: &[&str]) -> Vec<String> {
    parts.iter().map(|&part| part.to_owned()).collect()
}

fn items(tree: &Tree, lists: &[(&str, &[&str])]) -> Vec<String> {
    let of = |&(list, keys): &(&str, &[&str])| {
        let ids = tree.at(list).into_iter().flat_map(Tree::children).map(|(id, _)| id.clone());
        ids.flat_map(|id| keys.iter().map(move |key| format!("{list}[{id}].{key}"))).collect::<Vec<_>>()
    };
    lists.iter().flat_map(of).collect()
}

/// The partner's own system, or what stands for those without steps of their own.
fn system(tree: &Tree, key: &str) -> String {
    let id = tree.text_at(&format!("partner.platforms.{key}")).unwrap_or("none");
    let own = format!("platforms.{key}[{id}]");
    if tree.at(&own).is_some() { own } else { format!("platforms.{key}[other]") }
}
