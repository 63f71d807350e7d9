//! Link definitions of merged files (M9).
//!
//! Each text is compiled with its own definitions, so none can dangle once texts of several layers are put
//! together. But a reader takes one name of one page for one thing: where two blocks of a file lead it to
//! different places, the file is refused.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::catalog::patch::Leaf;
use crate::diag::{Diagnostic, Diagnostics};
use crate::prose::Definition;
use crate::resolve::tree::{Resolved, Tree};

/// What is wrong with the files of a base, by file. A partner may settle it by replacing a block.
pub type Doubled = BTreeMap<Arc<str>, Vec<Diagnostic>>;

pub fn of_base(tree: &Tree) -> Doubled {
    let found = files(tree).map(|(file, node)| (file.clone(), doubled(node)));
    found.filter(|(_, doubled)| !doubled.is_empty()).collect()
}

/// Checks what a deployment has of its own, and takes over what its base has.
pub fn check(tree: &Tree, base: &Tree, of_base: &Doubled, diagnostics: &mut Diagnostics) {
    for (file, node) in files(tree) {
        match base.get(file).is_some_and(|shared| Arc::ptr_eq(shared, node)) {
            true => diagnostics.extend(of_base.get(file).into_iter().flatten().cloned()),
            false => diagnostics.extend(doubled(node)),
        }
    }
}

fn files(tree: &Tree) -> impl Iterator<Item = (&Arc<str>, &Arc<Tree>)> {
    tree.children().filter(|(name, _)| name.ends_with(".md"))
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
