//! The places whose words a document shows besides its own content: they decide in which language it can be made.

use std::collections::BTreeSet;
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

/// What templates, with all that these include, and the texts of some places show of a tree besides these places: also what
/// such a text has from another one. Of a map a template names the keys; whoever names it alone looks only what it has.
pub fn shown(program: &Program, templates: &[&Arc<str>], tree: &Tree, places: &[&str]) -> Vec<Arc<str>> {
    let engine = program.engine();
    let locales = &program.catalog().locales;
    let whole = templates.iter().filter_map(|name| engine.reads(name)).flat_map(|reads| &reads.whole);
    let named = whole.filter_map(|name| engine.reads(name)).flat_map(|reads| &reads.paths);
    let texts = places.iter().filter_map(|place| tree.at(place)).flat_map(Tree::variables);
    let is_text = |path: &Arc<str>| {
        let (root, node) = (root_of(path), tree.at(path));
        node.is_some_and(|node| match node.value() {
            Value::Map(_) => false,
            Value::List(_) => LISTS.contains(&root),
            Value::Leaf(resolved) => wording::is_text(root, path, resolved, locales),
        })
    };
    let mut open: Vec<&Arc<str>> = named.chain(texts).filter(|path| is_text(path)).collect();
    let mut known: BTreeSet<&Arc<str>> = BTreeSet::new();
    while let Some(path) = open.pop() {
        if known.insert(path) {
            open.extend(tree.at(path).into_iter().flat_map(Tree::variables).filter(|path| is_text(path)));
        }
    }
    known.into_iter().cloned().collect()
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
