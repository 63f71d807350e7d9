//! Names of nodes that words are bound to (J16): each is written in some layer. Whether a deployment has it is a matter
//! of the deployment.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::catalog::Layer;
use crate::catalog::patch::{Patch, PatchKind};
use crate::diag::{Diagnostic, Diagnostics, nearest};
use crate::schema::journey::nodes::{NODES, STATUS_FILE, name, places};
use crate::source::Spanned;

use super::Index;

/// Notes what words of a layer are bound to that no layer writes, or that could be two things.
pub fn check(layer: &Layer, index: &Index, diagnostics: &mut Diagnostics) {
    for patch in std::iter::once(&layer.patch).chain(layer.translations.values()) {
        walk(patch, &mut |node| diagnostics.extend(unknown(node, index)));
    }
}

fn walk(patch: &Patch, note: &mut impl FnMut(&Spanned<Arc<str>>)) {
    match &patch.kind {
        PatchKind::Leaf(leaf) | PatchKind::Neutral(leaf) | PatchKind::Amend(leaf) => {
            leaf.nodes().into_iter().for_each(note);
        }
        PatchKind::Map(entries) => entries.values().for_each(|patch| walk(patch, note)),
        PatchKind::Keyed(list) => list.items.values().for_each(|item| walk(&item.patch, note)),
        PatchKind::Replace(inner) => walk(inner, note),
        _ => {}
    }
}

/// What is wrong with a name.
pub fn unknown(node: &Spanned<Arc<str>>, index: &Index) -> Option<Diagnostic> {
    if &*node.value == STATUS_FILE {
        return None;
    }
    let mut written = places(&node.value);
    // What could not be read may well have it.
    if written.iter().any(|path| index.is_unread(path)) {
        return None;
    }
    written.retain(|path| !index.layers(path).is_empty());
    let error = |message| Diagnostic::error("E-J16", message).at(node.span, "");
    match &written[..] {
        [_] => None,
        [] => {
            let known = known(index);
            let help = match nearest(&node.value, known.iter().map(String::as_str)) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "name an id of the journey, `MACHINE.STATE`, or a kind and an id such as `email.ID`".to_owned(),
            };
            Some(error(format!("words are bound to `{}`, and there is no such node", node.value)).help(help))
        }
        several => {
            let kind = |path: &String| NODES.iter().find(|nodes| path.starts_with(&format!("{}[", nodes.list)));
            let names = several.iter().filter_map(kind).map(|nodes| format!("`{}.{}`", nodes.kind, node.value));
            let help = format!("write {}", names.collect::<Vec<_>>().join(" or "));
            Some(error(format!("words are bound to `{}`, which is more than one node", node.value)).help(help))
        }
    }
}

/// The names of all nodes of all layers.
fn known(index: &Index) -> BTreeSet<String> {
    let written = NODES.iter().flat_map(|nodes| index.below(nodes.list)).filter_map(name);
    written.chain([STATUS_FILE.to_owned()]).collect()
}
