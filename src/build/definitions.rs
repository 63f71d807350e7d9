//! Link definitions of merged files (M9).
//!
//! Each text is compiled with its own definitions, so none can dangle once texts of several layers are put
//! together. But a reader takes one name of one page for one thing: where two blocks of a file lead it to
//! different places, the file is refused.

use std::collections::BTreeMap;

use crate::catalog::patch::Leaf;
use crate::diag::{Diagnostic, Diagnostics};
use crate::prose::Definition;
use crate::resolve::tree::{Question, Resolved, Tree};

/// Checks every file of a deployment.
pub fn check(tree: &Tree, diagnostics: &mut Diagnostics) {
    for file in tree.children().filter(|(name, _)| name.ends_with(".md")).map(|(_, file)| file) {
        if !file.holds(Question::LinksAgree, || doubled(file).is_empty()) {
            diagnostics.extend(doubled(file));
        }
    }
}

fn doubled(file: &Tree) -> Vec<Diagnostic> {
    let mut seen: BTreeMap<&str, &Definition> = BTreeMap::new();
    let mut found = Vec::new();
    for definition in file.leaves().into_iter().flat_map(definitions) {
        let first = *seen.entry(&definition.name).or_insert(definition);
        if first.destination != definition.destination {
            found.push(error(definition, first));
        }
    }
    found
}

/// Those of a text and of what other layers put before and behind it.
fn definitions(resolved: &Resolved) -> impl Iterator<Item = &Definition> {
    let leaves = std::iter::once(&resolved.leaf).chain(resolved.amended.iter().map(|amendment| &amendment.leaf));
    leaves.flat_map(|leaf| match leaf {
        Leaf::Prose { prose, .. } => prose.definitions(),
        _ => &[],
    })
}

fn error(second: &Definition, first: &Definition) -> Diagnostic {
    let message = format!("`[{}]` leads to two places on one page", second.name);
    Diagnostic::error("E-LINKDEF", message)
        .at(second.span, format!("to `{}`", second.destination))
        .other(first.span, format!("to `{}`", first.destination))
        .help("give one of the two another name, in its block and in the definition")
}
