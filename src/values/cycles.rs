//! Variables that need themselves.

use std::collections::BTreeSet;

use crate::catalog::patch::Leaf;
use crate::diag::{Diagnostic, Diagnostics};
use crate::resolve::tree::{Resolved, Tree};

/// Notes variables that need themselves: they are found on the tree, before any deployment is filled.
pub fn cycles(tree: &Tree, diagnostics: &mut Diagnostics) {
    let mut search = Search { root: tree, open: Vec::new(), done: BTreeSet::new(), diagnostics };
    search.walk(tree);
}

struct Search<'t, 'd> {
    root: &'t Tree,
    /// The variables on the way.
    open: Vec<&'t str>,
    /// Those whose needs are known to be fine, or were reported.
    done: BTreeSet<&'t str>,
    diagnostics: &'d mut Diagnostics,
}

impl<'t> Search<'t, '_> {
    fn walk(&mut self, node: &'t Tree) {
        if !node.has_variables() {
            return;
        }
        if let Some(Resolved { leaf: Leaf::Text { text, .. }, .. }) = node.as_leaf() {
            text.variables().for_each(|variable| self.visit(variable));
        }
        node.children().for_each(|(_, child)| self.walk(child));
    }

    fn visit(&mut self, path: &'t str) {
        if self.done.contains(path) {
            return;
        }
        let Some(Resolved { leaf: Leaf::Text { text, .. }, origin, .. }) = self.root.at(path).and_then(Tree::as_leaf)
        else {
            return;
        };
        if let Some(at) = self.open.iter().position(|other| *other == path) {
            let circle = self.open[at..].iter().map(|path| format!("`{path}`")).collect::<Vec<_>>().join(" needs ");
            self.diagnostics.push(
                Diagnostic::error("E-CYCLE", format!("{circle} needs `{path}`"))
                    .at(origin.span, "")
                    .help("give one of them a value without variables"),
            );
            return;
        }
        self.open.push(path);
        text.variables().for_each(|variable| self.visit(variable));
        self.open.pop();
        self.done.insert(path);
    }
}
