//! What the catalogue calls things: in the language of the master, because HQ and all partners read it.

use std::sync::Arc;

use crate::catalog::patch::{Patch, PatchKind};
use crate::catalog::settings::AxisId;
use crate::catalog::{AxisValue, Catalog, LayerId};

/// A document for the partner's people, where it stands in every package.
#[derive(Clone, Debug)]
pub struct Document {
    /// Its id in words.
    pub name: String,
    pub output: Arc<str>,
}

/// The name of each value of each axis.
pub struct Names {
    axes: Vec<Vec<Arc<str>>>,
}

impl Names {
    /// A value's own name, or what its layer calls it in the master's language; else its id.
    pub fn new(catalog: &Catalog) -> Self {
        let own = |value: &AxisValue| {
            let record = value.record.as_ref().and_then(|record| record.as_map());
            let name = record.and_then(|map| map.get("name")).and_then(|name| name.as_text());
            name.cloned().unwrap_or_else(|| value.id.clone())
        };
        let mut axes: Vec<Vec<Arc<str>>> = catalog.axes.iter().map(|values| values.iter().map(own).collect()).collect();
        for layer in &catalog.layers {
            let [bound] = layer.selector.bindings() else { continue };
            let patch = layer.translations.get(&catalog.locales.source());
            let axis = &catalog.settings.axis(bound.axis).name;
            if let Some(name) = patch.and_then(|patch| text(patch, &[axis, "name"])) {
                axes[bound.axis.0][bound.value] = name.into();
            }
        }
        Self { axes }
    }

    pub fn of(&self, axis: AxisId, value: usize) -> Arc<str> {
        self.axes[axis.0][value].clone()
    }
}

/// The product's name in the master.
pub fn product(catalog: &Catalog) -> Option<Arc<str>> {
    text(master(catalog)?, &["product", "name"]).map(Arc::from)
}

/// The master's documents that are written once for each package.
pub fn documents(catalog: &Catalog) -> Vec<Document> {
    let documents = master(catalog).and_then(|master| entry(master, "documents"));
    let Some(PatchKind::Keyed(keyed)) = documents.map(|documents| &documents.kind) else { return Vec::new() };
    let items = keyed.items.iter().filter_map(|(id, item)| {
        let output = text(&item.patch, &["output"]).filter(|output| !output.contains('{'))?;
        Some(Document { name: in_words(id), output: output.into() })
    });
    items.collect()
}

fn master(catalog: &Catalog) -> Option<&Patch> {
    catalog.layers.get(LayerId::MASTER.0 as usize).map(|layer| &layer.patch)
}

/// `build-sheet` as `Build sheet`.
fn in_words(id: &str) -> String {
    let words = id.replace('-', " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn text<'a>(patch: &'a Patch, path: &[&str]) -> Option<&'a str> {
    let patch = path.iter().try_fold(patch, |patch, key| entry(patch, key))?;
    match &patch.kind {
        PatchKind::Leaf(leaf) | PatchKind::Neutral(leaf) => leaf.source(),
        _ => None,
    }
}

fn entry<'a>(patch: &'a Patch, key: &str) -> Option<&'a Patch> {
    match &patch.kind {
        PatchKind::Map(map) => map.get(key),
        PatchKind::Replace(inner) => entry(inner, key),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_as_words() {
        assert_eq!(in_words("build-sheet"), "Build sheet");
        assert_eq!(in_words(""), "");
    }
}
