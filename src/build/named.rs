//! Links that values name: whether they are there is said at the value, before a template that is right asks for them.

use crate::diag::Diagnostics;
use crate::document::plan::Plan;
use crate::links::Links;
use crate::resolve::tree::{Resolved, Tree};

use super::mender::Mender;

/// Where values name links, beside placements, which [`Links`] looks at itself.
const ROOTS: [&str; 3] = ["offers", "library", "nurture"];

/// The key of a value that names a link.
const KEY: &str = "link";

/// Notes every value that names a link which there is not; whether all links are there.
pub fn check(links: &Links, plan: &Plan, mender: Mender<'_>, diagnostics: &mut Diagnostics) -> bool {
    let found = all(plan, mender.tree);
    let wrong = |resolved: &&Resolved| Some((links.names(resolved.leaf.source()?).err()?, resolved.origin));
    let wrong: Vec<_> = found.iter().filter_map(wrong).collect();
    diagnostics.extend(wrong.iter().map(|(error, origin)| mender.link_at(error, *origin)));
    wrong.is_empty()
}

/// The links that values name.
pub fn ids<'t>(plan: &Plan, tree: &'t Tree) -> impl Iterator<Item = &'t str> {
    all(plan, tree).into_iter().filter_map(|resolved| resolved.leaf.source())
}

/// The values that name links.
fn all<'t>(plan: &Plan, tree: &'t Tree) -> Vec<&'t Resolved> {
    let contents = plan.contents();
    let fronts = contents.keys().filter_map(|content| tree.get(content)?.get("front"));
    let mut found = Vec::new();
    ROOTS.iter().filter_map(|root| tree.get(root)).chain(fronts).for_each(|node| naming(node, &mut found));
    found
}

/// The values below a node that name links; what is in `vars` means what its template makes of it.
fn naming<'t>(node: &'t Tree, found: &mut Vec<&'t Resolved>) {
    for (key, child) in node.children().filter(|(key, _)| &***key != "vars") {
        match child.as_leaf() {
            Some(resolved) => found.extend((**key == *KEY).then_some(resolved)),
            None => naming(child, found),
        }
    }
}
