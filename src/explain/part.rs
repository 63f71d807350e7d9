//! As much of a deployment as one answer needs: a question about one file reads no other.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::build::LOCALES;
use crate::catalog::locales::LocaleId;
use crate::catalog::patch::is_within;
use crate::catalog::place::{Step, steps};
use crate::resolve::tree::Tree;

use super::filling::variables;
use super::subject::Subject;

/// What the computed roots of the template context are made from.
const COMPUTED_FROM: [&str; 7] = ["id", "version", "released", "period", "partner", "vendor", LOCALES];

/// What `leads` is found in, beside the records that are there anyway.
const LEADS_FROM: [&str; 3] = ["journey", "tier", "region"];

/// The only key at the top of the tree that a path can lie in, or that can lie in it. `None` where it takes the
/// whole tree to know.
pub fn key<'a>(subject: &Subject<'a>, path: &str) -> Option<&'a Arc<str>> {
    let concerns = |key: &&Arc<str>| is_within(path, key) || is_within(key, path);
    let mut keys = subject.keys().filter(concerns);
    let first = keys.next()?;
    let is_step = matches!(steps(first).as_slice(), [Step::Key(only)] if only == first);
    (is_step && keys.all(|key| key == first)).then_some(first)
}

/// A tree in which every variable of `tree` has the value that it has in the whole one.
pub fn around(subject: &Subject<'_>, locale: LocaleId, tree: &Tree) -> Arc<Tree> {
    let root = |path: &str| path.split(['.', '[']).next().unwrap_or(path).to_owned();
    let mut open: Vec<String> = COMPUTED_FROM.iter().map(|path| root(path)).collect();
    open.extend(named(tree).iter().map(|path| root(path)));
    let mut known: BTreeSet<String> = BTreeSet::new();
    let mut parts = Vec::new();
    while let Some(key) = open.pop() {
        if known.contains(&key) {
            continue;
        }
        if key == "leads" {
            open.extend(LEADS_FROM.map(str::to_owned));
        }
        let part = subject.part(&key, locale);
        // What fills a text may be a text with variables itself.
        open.extend(named(&part).iter().map(|path| root(path)));
        parts.push(part);
        known.insert(key);
    }
    let children = parts.iter().flat_map(|part| part.children()).map(|(key, node)| (key.clone(), node.clone()));
    Arc::new(Tree::of(children))
}

/// The variables of all texts in a tree.
fn named(tree: &Tree) -> BTreeSet<&str> {
    tree.leaves().iter().flat_map(|resolved| resolved.leaves()).flat_map(variables).collect()
}
