//! The places whose words a document shows besides its own content: they decide in which language it can be made.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use crate::components::{ComponentKind, Shown};
use crate::resolve::tree::{Tree, Value};
use crate::values::root_of;

use super::{Program, wording};

/// Those of a component's documents, in what the master says in its own language.
pub fn of(component: ComponentKind, tree: &Tree) -> Vec<String> {
    let places = component.shows().into_iter().flat_map(|shown| match shown {
        Shown::Whole(place) => vec![place.to_owned()],
        Shown::Items(list, keys) => items(tree, list, keys),
        Shown::System(kind) => vec![system(tree, kind)],
    });
    places.collect()
}

/// Lists of texts. What templates name of other lists they look through for something.
const LISTS: [&str; 4] = ["region", "pillars", "offers", "vars"];

/// What templates, with all that these include, show of a tree: also what such a text has from another one. Of a map a template
/// names the keys; whoever names it alone looks only what it has.
pub fn named(program: &Program, templates: &[&Arc<str>], tree: &Tree) -> BTreeSet<Arc<str>> {
    let engine = program.engine();
    let whole = templates.iter().filter_map(|name| engine.reads(name)).flat_map(|reads| &reads.whole);
    texts(program, whole.filter_map(|name| engine.reads(name)).flat_map(|reads| &reads.paths).collect(), tree)
}

/// What the texts of some places show of a tree besides these places.
pub fn told(program: &Program, places: &[&str], tree: &Tree) -> BTreeSet<Arc<str>> {
    texts(program, places.iter().filter_map(|place| tree.at(place)).flat_map(Tree::variables).collect(), tree)
}

/// The texts among some paths, and what these have from another one. Each is looked at once: templates name the same again
/// and again.
fn texts<'t>(program: &Program, mut open: Vec<&'t Arc<str>>, tree: &'t Tree) -> BTreeSet<Arc<str>> {
    let locales = &program.catalog().locales;
    let is_text = |path: &Arc<str>, node: &Tree| match node.value() {
        Value::Map(_) => false,
        Value::List(_) => LISTS.contains(&root_of(path)),
        Value::Leaf(resolved) => wording::is_text(root_of(path), path, resolved, locales),
    };
    let (mut known, mut texts) = (HashSet::new(), BTreeSet::new());
    while let Some(path) = open.pop() {
        let node = known.insert(path).then(|| tree.at(path)).flatten();
        if let Some(node) = node.filter(|node| is_text(path, node)) {
            texts.insert(path.clone());
            open.extend(node.variables());
        }
    }
    texts
}

fn items(tree: &Tree, list: &str, keys: &[&str]) -> Vec<String> {
    let ids = tree.at(list).into_iter().flat_map(Tree::children).map(|(id, _)| id);
    ids.flat_map(|id| keys.iter().map(move |key| format!("{list}[{id}].{key}"))).collect()
}

/// The partner's own system, or what stands for those without steps of their own; none where the vendor sends.
fn system(tree: &Tree, key: &str) -> String {
    let is_vendors = key == "email" && tree.text_at("leads.sends") == Some("vendor");
    let chosen =
        if key == "analytics" { "tracking.analytics.profile".to_owned() } else { format!("partner.platforms.{key}") };
    let own = tree.text_at(&chosen).filter(|_| !is_vendors);
    let id = own.unwrap_or("none");
    let own = format!("platforms.{key}[{id}]");
    if tree.at(&own).is_some() { own } else { format!("platforms.{key}[other]") }
}
