//! Variables that need themselves, or too many others one behind the other.

use std::collections::HashMap;
use std::sync::Arc;

use crate::catalog::patch::Leaf;
use crate::diag::{Diagnostic, Diagnostics};
use crate::resolve::tree::{Resolved, Tree};

/// How many variables may need one another in a row.
pub const DEEPEST: usize = 32;

/// Notes variables that need themselves, and those that need too many others in a row: they are found on the tree, before
/// anything is filled. Nodes of `below`, a tree that was looked through before, are passed over.
pub fn cycles(tree: &Tree, below: Option<&Tree>, diagnostics: &mut Diagnostics) {
    let mut search = Search { root: tree, open: Vec::new(), done: HashMap::new(), diagnostics };
    search.walk(tree, below);
}

struct Search<'t, 'd> {
    root: &'t Tree,
    /// The variables on the way.
    open: Vec<&'t str>,
    /// How many need one another behind those whose needs are known.
    done: HashMap<&'t str, usize>,
    diagnostics: &'d mut Diagnostics,
}

impl<'t> Search<'t, '_> {
    fn walk(&mut self, node: &'t Tree, below: Option<&Tree>) {
        if !node.has_variables() {
            return;
        }
        if let Some(Resolved { leaf: Leaf::Text { text, .. }, .. }) = node.as_leaf() {
            text.variables().for_each(|variable| {
                self.visit(variable);
            });
        }
        for (key, child) in node.children() {
            let before = below.and_then(|below| below.get(key));
            if before.is_none_or(|before| !Arc::ptr_eq(before, child)) {
                self.walk(child, before.map(|before| &**before));
            }
        }
    }

    /// How many variables need one another from this one on; what was wrong counts as none.
    fn visit(&mut self, path: &'t str) -> usize {
        if let Some(depth) = self.done.get(path) {
            return *depth;
        }
        let Some(Resolved { leaf: Leaf::Text { text, .. }, origin, .. }) = self.root.at(path).and_then(Tree::as_leaf)
        else {
            return 0;
        };
        if let Some(at) = self.open.iter().position(|other| *other == path) {
            let circle = self.open[at..].iter().map(|path| format!("`{path}`")).collect::<Vec<_>>().join(" needs ");
            self.diagnostics.push(
                Diagnostic::error("E-CYCLE", format!("{circle} needs `{path}`"))
                    .at(origin.span, "")
                    .help("give one of them a value without variables"),
            );
            return 0;
        }
        let is_too_deep = |depth: usize| depth > DEEPEST;
        let mut depth = self.open.len() + 1;
        if !is_too_deep(depth) {
            self.open.push(path);
            let behind = text.variables().map(|variable| self.visit(variable)).max();
            self.open.pop();
            depth = 1 + behind.unwrap_or_default();
        }
        if is_too_deep(depth) {
            let message = format!("`{path}` stands in a row of more than {DEEPEST} variables that need one another");
            let error = Diagnostic::error("E-DEPTH", message).at(origin.span, "");
            self.diagnostics.push(error.help("give one of them a value without variables"));
            depth = 0;
        }
        self.done.insert(path, depth);
        depth
    }
}
