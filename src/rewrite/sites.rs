//! What each file of an overlay holds, by its place in the workspace.

use crate::catalog::place::Step;
use crate::catalog::settings::Settings;
use crate::catalog::{Catalog, Layer};
use crate::paths::InputPath;
use crate::schema;
use crate::workspace::Workspace;

/// A file of an overlay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// As it is named on disk.
    pub path: InputPath,
    /// The folder that it mirrors the master in: the layer's own, or that of a translation.
    pub folder: String,
    pub holds: Holds,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Holds {
    /// The record of a value, with what it has below `overlay`; the axis' name.
    Record(String),
    /// Records by id: `partners/registry.yaml`.
    Records(String),
    /// A registry as a table.
    Table(String),
    /// A document such as `nurture`.
    Document(String),
    /// Operations on the blocks of a Markdown file.
    Blocks(String),
    /// `layer.yaml`
    Manifest,
    /// A file that is taken whole.
    Whole(String),
}

/// The files of all overlays, by layer: a registry, which speaks for many, stands alone.
pub fn parts(workspace: &Workspace, catalog: &Catalog) -> Vec<Vec<Part>> {
    let mut groups: Vec<Vec<Part>> = Vec::new();
    for layer in catalog.layers.iter().filter(|layer| !layer.is_of_master()) {
        let files = workspace.files().filter(|(_, file)| layer.sources.contains(&file.source));
        let group: Vec<Part> = files
            .filter_map(|(path, file)| {
                let written = workspace.sources().get(file.source).path.clone();
                of_layer(layer, &catalog.settings, path.as_str(), written)
            })
            .collect();
        groups.push(group);
    }
    let partner = catalog.settings.axis(catalog.settings.partner());
    for (path, file) in workspace.below(&partner.folder) {
        let name = path.as_str().strip_prefix(&*partner.folder).and_then(|name| name.strip_prefix('/'));
        let holds = match name {
            Some("registry.yaml") => Holds::Records(partner.name.to_string()),
            Some(name) if !name.contains('/') && name.ends_with(".csv") => Holds::Table(partner.name.to_string()),
            _ => continue,
        };
        let path = workspace.sources().get(file.source).path.clone();
        groups.push(vec![Part { path, folder: partner.folder.to_string(), holds }]);
    }
    groups.retain(|group| !group.is_empty());
    groups
}

/// What a file of a layer holds; `None` for one that says nothing of the master's places.
fn of_layer(layer: &Layer, settings: &Settings, path: &str, written: InputPath) -> Option<Part> {
    let [first, ..] = layer.selector.bindings() else { return None };
    let own = layer.selector.bindings().iter().max_by_key(|binding| settings.band_of(binding.axis)).unwrap_or(first);
    let axis = settings.axis(own.axis);
    let inner = path.strip_prefix(&layer.place).and_then(|inner| inner.strip_prefix('/'));
    let part = |folder: String, holds| Some(Part { path: written.clone(), folder, holds });
    let Some(inner) = inner else {
        let single = path == format!("{}.yaml", layer.place);
        return if single { part(layer.place.clone(), Holds::Record(axis.name.to_string())) } else { None };
    };
    let (folder, inner) = match inner.strip_prefix("locales/").and_then(|rest| rest.split_once('/')) {
        Some((tag, inner)) => (format!("{}/locales/{tag}", layer.place), inner),
        None => (layer.place.clone(), inner),
    };
    let is_single = layer.selector.bindings().len() == 1;
    let holds = match inner.rsplit_once('.') {
        Some((name, "yaml")) if !name.contains('/') => match name {
            "layer" => Holds::Manifest,
            _ if is_single && *name == *axis.name => Holds::Record(axis.name.to_string()),
            _ => Holds::Document(name.to_owned()),
        },
        Some((_, "md")) if inner.starts_with("content/") => Holds::Blocks(inner.to_owned()),
        _ if inner.starts_with("assets/") => Holds::Whole(inner.to_owned()),
        _ => return None,
    };
    part(folder, holds)
}

/// Whether a name is that of a document, and not of something in `package.yaml`.
fn is_document(name: &str) -> bool {
    schema::documents().iter().any(|field| field.name == name)
}

/// The document that a place stands in, with the steps inside of it; `None` for a file's.
pub fn in_document(steps: &[Step]) -> Option<(&str, &[Step])> {
    let (Step::Key(first), rest) = steps.split_first()? else { return None };
    match () {
        () if first.starts_with("content/") || first.starts_with("assets/") => None,
        () if is_document(first) => Some((first, rest)),
        () => Some(("package", steps)),
    }
}
