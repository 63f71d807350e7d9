//! Which layers say something about which place.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::layers::MASTER;
use crate::catalog::patch::{Patch, PatchKind, entry_path, item_path};
use crate::catalog::{Catalog, Layer, LayerId};
use crate::diag::Diagnostics;
use crate::source::Sources;

/// The master's file whose keys are the names at the top.
const PACKAGE: &str = "package";

/// Every path with the layers that contribute to it, weak to strong as they were loaded.
#[derive(Debug, Default)]
pub struct Index {
    places: BTreeMap<String, Vec<LayerId>>,
    /// The same of what is said in a language that is not the layer's own.
    translated: BTreeMap<String, Vec<LayerId>>,
    /// Files of the master that could not be read whole, by their paths in it.
    unread: BTreeSet<String>,
    /// Those of overlays, by their paths in the workspace.
    unread_overlays: BTreeSet<String>,
}

impl Index {
    pub fn of(catalog: &Catalog, sources: &Sources, diagnostics: &Diagnostics) -> Self {
        let (unread, unread_overlays) = unread(sources, diagnostics);
        let mut index = Self { unread, unread_overlays, ..Self::default() };
        for id in catalog.layer_ids() {
            let layer = catalog.layer(id);
            walk(&layer.patch, "", id, &mut index.places);
            layer.translations.values().for_each(|patch| walk(patch, "", id, &mut index.translated));
        }
        index
    }

    /// The layers that say something about a path.
    pub fn layers(&self, path: &str) -> &[LayerId] {
        self.places.get(path).map_or(&[], Vec::as_slice)
    }

    /// The same with those that say it only in another language: there it is what people read.
    pub fn speaking(&self, path: &str) -> Vec<LayerId> {
        let translated = self.translated.get(path).map_or(&[][..], Vec::as_slice);
        let mut all = [self.layers(path), translated].concat();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// Whether nobody knows what the master has at a place, since its file could not be read: that is said there, and not
    /// again of all that builds on it.
    pub fn is_unread(&self, place: &str) -> bool {
        if self.unread.is_empty() {
            return false;
        }
        let file = place.split('#').next().unwrap_or(place);
        // What stands in no file of its own stands in the package's.
        let root = file.split(['.', '[']).next().unwrap_or(file);
        self.unread.contains(file) || [root, PACKAGE].iter().any(|name| self.unread.contains(&format!("{name}.yaml")))
    }

    /// The same of what a layer itself says at a place, which its translations build on.
    pub fn is_unread_in(&self, layer: &Layer, place: &str) -> bool {
        if self.unread_overlays.is_empty() {
            return false;
        }
        let file = place.split('#').next().unwrap_or(place);
        let root = file.split(['.', '[']).next().unwrap_or(file);
        let own = [file.to_owned(), format!("{root}.yaml"), format!("{PACKAGE}.yaml")];
        let is_unread = |path: &str| self.unread_overlays.contains(path);
        is_unread(&layer.place) || own.iter().any(|file| is_unread(&format!("{}/{file}", layer.place)))
    }

    /// Whether nothing sets a value that a text names, though something sets others beside it.
    pub fn is_unknown(&self, variable: &str) -> bool {
        let around = variable.rsplit_once('.').map_or("", |(around, _)| around);
        self.layers(variable).is_empty() && !self.layers(around).is_empty()
    }

    /// The paths that begin with `prefix`, for nearest-name hints.
    pub fn below<'a, 'p>(&'a self, prefix: &'p str) -> impl Iterator<Item = &'a str> + use<'a, 'p> {
        let from = self.places.range(prefix.to_owned()..);
        from.map(|(path, _)| path.as_str()).take_while(move |path| path.starts_with(prefix))
    }

    /// The paths of what a place holds, which go along when it is taken away or replaced as a whole.
    pub fn inside<'a, 'p>(&'a self, path: &'p str) -> impl Iterator<Item = &'a str> + use<'a, 'p> {
        let is_inside =
            move |below: &&str| below.strip_prefix(path).is_some_and(|rest| rest.starts_with(['.', '[', '/']));
        self.below(path).filter(is_inside)
    }
}

/// Notes a layer at each place of which a patch says something.
fn walk(patch: &Patch, path: &str, id: LayerId, places: &mut BTreeMap<String, Vec<LayerId>>) {
    // An operation that only takes away does not make the place exist.
    if !path.is_empty() && !matches!(patch.kind, PatchKind::Remove | PatchKind::Inherit(_) | PatchKind::Choose(_)) {
        let layers = places.entry(path.to_owned()).or_default();
        if layers.last() != Some(&id) {
            layers.push(id);
        }
    }
    match &patch.kind {
        PatchKind::Map(entries) => {
            entries.iter().for_each(|(key, patch)| walk(patch, &entry_path(path, key), id, places));
        }
        PatchKind::Keyed(keyed) => {
            keyed.items.iter().for_each(|(item_id, item)| walk(&item.patch, &item_path(path, item_id), id, places));
        }
        PatchKind::Replace(inner) => walk(inner, path, id, places),
        _ => {}
    }
}

/// The files with an error in them: those of the master, and all others.
fn unread(sources: &Sources, diagnostics: &Diagnostics) -> (BTreeSet<String>, BTreeSet<String>) {
    let places = diagnostics.iter().filter(|found| found.is_error()).filter_map(|found| found.place.as_ref());
    let (mut of_master, mut others) = (BTreeSet::new(), BTreeSet::new());
    for path in places.map(|place| sources.get(place.span.source).path.as_str()) {
        match path.strip_prefix(MASTER).and_then(|path| path.strip_prefix('/')) {
            Some(path) => of_master.insert(path.to_owned()),
            None => others.insert(path.to_owned()),
        };
    }
    (of_master, others)
}
