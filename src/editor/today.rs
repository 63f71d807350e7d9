//! The values that a layer's readers see at present.

use std::sync::Arc;

use crate::build::Program;
use crate::catalog::LayerId;
use crate::catalog::locales::LocaleId;
use crate::catalog::selector::Selector;
use crate::diag::Diagnostics;
use crate::explain::statement;
use crate::matrix;
use crate::resolve::tree::Tree;
use crate::resolve::{Resolver, Stack};

/// More deployments of a partner than this are not looked at, so that an answer comes at once.
const MOST: usize = 4;
/// Longer values are cut in descriptions.
const LONGEST: usize = 240;

/// The resolved trees of where a layer counts: a partner's deployments, or the layer with what is weaker.
#[derive(Clone, Debug)]
pub struct Today {
    trees: Vec<(Arc<str>, Arc<Tree>)>,
}

/// Nodes of one place, a deployment each.
pub type Nodes<'t> = Vec<(&'t str, &'t Tree)>;

impl Today {
    pub fn nothing() -> Self {
        Self { trees: Vec::new() }
    }

    /// What the master alone says.
    pub fn of_master(program: &Program) -> Self {
        let catalog = program.catalog();
        Self::of_values(program, &[vec![None; catalog.settings.axes.len()]], catalog.locales.source())
    }

    /// Where an existing layer counts, in its own language.
    pub fn of_layer(program: &Program, id: LayerId) -> Self {
        let layer = program.catalog().layer(id);
        Self::of_selector(program, &layer.selector, layer.locale)
    }

    /// Where a layer with this selector counts, whether it is there or not.
    pub fn of_selector(program: &Program, selector: &Selector, locale: LocaleId) -> Self {
        let catalog = program.catalog();
        let mut all: Vec<Vec<Option<usize>>> = Vec::new();
        if selector.binds(catalog.settings.partner()).is_some() {
            all.extend(program.matrix().matching(catalog, &[selector]).take(MOST));
        }
        if all.is_empty() {
            let mut values = vec![None; catalog.settings.axes.len()];
            selector.bindings().iter().for_each(|binding| values[binding.axis.0] = Some(binding.value));
            all.push(values);
        }
        Self::of_values(program, &all, locale)
    }

    /// For combinations of axis values.
    pub fn of_values(program: &Program, all: &[Vec<Option<usize>>], locale: LocaleId) -> Self {
        let catalog = program.catalog();
        let resolver = Resolver::new(program.approved());
        let tree = |values: &Vec<Option<usize>>| {
            let stack = Stack::matching(catalog, values);
            // What is wrong with it is for `check` to say.
            let tree = resolver.resolve(&stack, locale, None, &mut Diagnostics::default()).tree;
            (matrix::id(catalog, values).into(), tree)
        };
        Self { trees: all.iter().map(tree).collect() }
    }

    /// The nodes of a file's keys; the root for the empty path.
    pub fn at(&self, path: &str) -> Nodes<'_> {
        let roots = self.trees.iter().map(|(name, tree)| (&**name, &**tree)).collect();
        if path.is_empty() { roots } else { below(&roots, path) }
    }

    /// The first of the trees: a deployment, or the layer with what is weaker.
    pub fn first(&self) -> Option<&Tree> {
        self.trees.first().map(|(_, tree)| &**tree)
    }
}

/// The nodes of an entry or item.
pub fn below<'t>(nodes: &Nodes<'t>, key: &str) -> Nodes<'t> {
    nodes.iter().filter_map(|(name, node)| Some((*name, &**node.get(key)?))).collect()
}

/// The names of all entries or items, in their order.
pub fn names(nodes: &Nodes<'_>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for (key, _) in nodes.iter().flat_map(|(_, node)| node.children()) {
        if names.iter().all(|known| **known != **key) {
            names.push(key.to_string());
        }
    }
    names
}

/// `today: …`, for a place that has a value.
pub fn sentence(nodes: &Nodes<'_>) -> Option<String> {
    let mut values: Vec<(String, &str)> = Vec::new();
    for (name, node) in nodes {
        let Some(resolved) = node.as_leaf() else { continue };
        let text = cut(&statement::shown(&resolved.leaf));
        if values.iter().all(|(known, _)| *known != text) {
            values.push((text, name));
        }
    }
    match values.as_slice() {
        [] => None,
        [(text, _)] => Some(format!("today: {text}")),
        several => {
            let each = several.iter().take(3).map(|(text, name)| format!("{text} ({name})"));
            Some(format!("today: {}", each.collect::<Vec<_>>().join("; ")))
        }
    }
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
