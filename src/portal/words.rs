//! What the catalogue calls things: in the language of the master, because HQ and all partners read it.

use std::collections::HashMap;
use std::sync::Arc;

use crate::catalog::patch::{Patch, PatchKind};
use crate::catalog::settings::AxisId;
use crate::catalog::{Catalog, LayerId};
use crate::document::plan;

/// A document for the partner's people, where it stands in every package.
#[derive(Clone, Debug)]
pub struct Document {
    /// Its id in words.
    pub name: String,
    pub output: Arc<str>,
}

/// The names of the values of all axes.
pub struct Names<'a> {
    catalog: &'a Catalog,
    /// What layers call their values in the master's language.
    translated: HashMap<(AxisId, usize), Arc<str>>,
}

impl<'a> Names<'a> {
    pub fn new(catalog: &'a Catalog) -> Self {
        let mut translated = HashMap::new();
        for layer in &catalog.layers {
            let [bound] = layer.selector.bindings() else { continue };
            let patch = layer.translations.get(&catalog.locales.source());
            let axis = &catalog.settings.axis(bound.axis).name;
            if let Some(name) = patch.and_then(|patch| text(patch, &[axis, "name"])) {
                translated.insert((bound.axis, bound.value), name.into());
            }
        }
        Self { catalog, translated }
    }

    /// What its layer calls a value in the master's language, or its own name; else its id.
    pub fn of(&self, axis: AxisId, value: usize) -> Arc<str> {
        if let Some(name) = self.translated.get(&(axis, value)) {
            return name.clone();
        }
        let record = self.catalog.record(axis, value);
        let name = record.as_deref().and_then(|record| record.as_map()?.get("name")?.as_text());
        name.unwrap_or(&self.catalog.axes[axis.0].at(value).id).clone()
    }
}

/// The product's name in the master.
pub fn product(catalog: &Catalog) -> Option<Arc<str>> {
    text(master(catalog)?, &["product", "name"]).map(Arc::from)
}

/// The master's documents for the partner's people; of one in several languages, that in the package's first.
pub fn documents(catalog: &Catalog) -> Vec<Document> {
    let documents = master(catalog).and_then(|master| entry(master, "documents"));
    let Some(PatchKind::Keyed(keyed)) = documents.map(|documents| &documents.kind) else { return Vec::new() };
    let items = keyed.items.iter().filter_map(|(id, item)| {
        let output = plan::of_default_locale(text(&item.patch, &["output"])?);
        let is_known = !output.contains('{') && !output.starts_with("site/");
        is_known.then(|| Document { name: in_words(id), output: output.into() })
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
