//! From files to layers: which file belongs to which value of which axis, and what it may be.

use std::sync::Arc;

use indexmap::IndexMap;

use crate::diag::{Diagnostic, Diagnostics, nearest};
use crate::paths::InputPath;
use crate::prose::Trust;
use crate::schema::{self, Shape};
use crate::source::{SourceId, Span, Spanned};
use crate::syntax::tree::{Entry, Map, Node, Value};
use crate::syntax::{csv, markdown, yaml};
use crate::workspace::{Content, File, Folder, SETTINGS, Workspace};

use super::blocks::BlockConverter;
use super::convert::{Converter, Voice};
use super::locales::{LocaleId, Locales};
use super::patch::{Contribution, ItemPatch, Leaf, Patch, PatchKind, Right};
use super::selector::{Binding, Selector};
use super::settings::{Axis, AxisId, Settings};
use super::{Asset, AxisValue, AxisValues, Catalog, Layer, registry};

/// The folder of the master.
pub const MASTER: &str = "master-templates";

/// A file of a layer.
#[derive(Clone, Copy)]
struct LayerFile<'a> {
    /// Its path inside the layer.
    path: &'a str,
    /// Its path in the workspace.
    input: &'a InputPath,
    file: &'a File,
}

impl LayerFile<'_> {
    /// The source of a text.
    fn source(&self) -> Option<SourceId> {
        match self.file.content {
            Content::Text(id) => Some(id),
            Content::Binary(_) => None,
        }
    }
}

/// What lies in an axis' folder for one value, before it is read.
#[derive(Default)]
struct RawValue<'a> {
    /// `regions/dach.yaml`
    single: Option<LayerFile<'a>>,
    /// `regions/dach/…`, without combination overlays
    files: Vec<LayerFile<'a>>,
    /// `regions/dach/@industry=healthcare/…`
    combinations: IndexMap<&'a str, Vec<LayerFile<'a>>>,
    /// Its row of a registry.
    row: Option<Node>,
}

impl Catalog {
    /// Reads the whole workspace. Errors that leave nothing to build give no catalog; errors inside
    /// an overlay are noted and the overlay is kept as far as it could be read.
    pub fn load(workspace: &Workspace, diagnostics: &mut Diagnostics) -> Option<Self> {
        let settings = read_settings(workspace, diagnostics)?;
        Loader { workspace, settings, locales: Locales::default(), axes: Vec::new(), layers: Vec::new() }
            .load(diagnostics)
    }
}

/// The folders that [`Catalog::load`] needs, beside the settings.
pub fn folders(workspace: &Workspace) -> Vec<Folder> {
    let mut unheard = Diagnostics::default();
    let axes = read_settings(workspace, &mut unheard).map(|settings| settings.axes).unwrap_or_default();
    let axes = axes.iter().filter_map(|axis| InputPath::new(&axis.folder).ok()).map(Folder::Layers);
    InputPath::new(MASTER).into_iter().map(Folder::Layer).chain(axes).collect()
}

/// The settings; that there are none was said when the workspace was read.
fn read_settings(workspace: &Workspace, diagnostics: &mut Diagnostics) -> Option<Settings> {
    let (source, _) = workspace.text(SETTINGS)?;
    Settings::read(&parse(workspace, source, diagnostics)?, diagnostics)
}

fn parse(workspace: &Workspace, source: SourceId, diagnostics: &mut Diagnostics) -> Option<Node> {
    match yaml::parse(source, &workspace.sources().get(source).text, 0) {
        Ok(node) => Some(node),
        Err(errors) => {
            diagnostics.append(errors);
            None
        }
    }
}

struct Loader<'a> {
    workspace: &'a Workspace,
    settings: Settings,
    locales: Locales,
    axes: Vec<AxisValues>,
    layers: Vec<Layer>,
}

impl<'a> Loader<'a> {
    fn load(mut self, diagnostics: &mut Diagnostics) -> Option<Catalog> {
        let files = self.files_below(MASTER);
        if files.is_empty() {
            diagnostics.push(
                Diagnostic::error("E-NOMASTER", format!("there is no master package in `{MASTER}/`"))
                    .help("`cobrand init` writes one to start from"),
            );
            return None;
        }
        let package = self.master_file(&files, "package.yaml", diagnostics);
        let policy = self.master_file(&files, "policy.yaml", diagnostics);
        let (package, policy) = (package?, policy?);
        self.locales = Locales::read(&package, diagnostics);
        let raw = self.raw_values(diagnostics);
        self.axes =
            raw.iter().zip(&self.settings.axes).map(|(raw, axis)| self.axis_values(axis, raw, diagnostics)).collect();
        let master =
            self.layer(Selector::new(Vec::new(), &self.settings, &self.axes), MASTER.into(), &files, None, diagnostics);
        self.layers.push(master);
        for (index, raw) in raw.iter().enumerate() {
            self.axis_layers(AxisId(index), raw, diagnostics);
        }
        let templates = files.iter().filter_map(|file| {
            let name = file.path.strip_prefix("templates/")?;
            Some((name.into(), file.source()?))
        });
        let templates = templates.collect();
        Some(Catalog {
            settings: self.settings,
            locales: self.locales,
            axes: self.axes,
            layers: self.layers,
            policy,
            templates,
        })
    }

    fn files_below(&self, folder: &str) -> Vec<LayerFile<'a>> {
        let below = |(input, file): (&'a InputPath, &'a File)| {
            let path = input.as_str().strip_prefix(folder)?.strip_prefix('/')?;
            Some(LayerFile { path, input, file })
        };
        self.workspace.below(folder).filter_map(below).collect()
    }

    fn master_file(&self, files: &[LayerFile<'a>], name: &str, diagnostics: &mut Diagnostics) -> Option<Node> {
        match files.iter().find(|file| file.path == name).and_then(|file| file.source()) {
            Some(source) => parse(self.workspace, source, diagnostics),
            None => {
                diagnostics.push(
                    Diagnostic::error("E-NOMASTER", format!("the master package has no `{name}`"))
                        .help(format!("write `{MASTER}/{name}`; `cobrand init` shows one")),
                );
                None
            }
        }
    }

    /// Sorts the files of each axis by value.
    fn raw_values(&self, diagnostics: &mut Diagnostics) -> Vec<IndexMap<Arc<str>, RawValue<'a>>> {
        let axes = self.settings.axes.clone();
        axes.iter()
            .map(|axis| {
                let mut values: IndexMap<Arc<str>, RawValue<'a>> = IndexMap::new();
                for file in self.files_below(&axis.folder) {
                    self.sort_file(axis, file, &mut values, diagnostics);
                }
                values.sort_keys();
                values
            })
            .collect()
    }

    fn sort_file(
        &self,
        axis: &Axis,
        file: LayerFile<'a>,
        values: &mut IndexMap<Arc<str>, RawValue<'a>>,
        diagnostics: &mut Diagnostics,
    ) {
        let is_partner = &*axis.name == "partner";
        match file.path.split_once('/') {
            None if is_partner && (file.path == "registry.yaml" || file.path.ends_with(".csv")) => {
                for (id, row) in self.rows(axis, file, diagnostics) {
                    let value = values.entry(id.clone()).or_default();
                    if let Some(first) = &value.row {
                        diagnostics.push(
                            Diagnostic::error("E-DUPID", format!("partner `{id}` stands in two registries"))
                                .at(row.span, "again here")
                                .other(first.span, "first here")
                                .help("keep one of the rows"),
                        );
                        continue;
                    }
                    value.row = Some(row);
                }
            }
            None => match file.path.strip_suffix(".yaml") {
                Some(id) => values.entry(id.into()).or_default().single = Some(file),
                None if file.path == "README.md" => {}
                None => diagnostics.push(unknown_file(file, &axis.name)),
            },
            Some((id, path)) => {
                let value = values.entry(id.into()).or_default();
                match path.strip_prefix('@').and_then(|rest| rest.split_once('/')) {
                    Some((selector, path)) => {
                        value.combinations.entry(selector).or_default().push(LayerFile { path, ..file });
                    }
                    None => value.files.push(LayerFile { path, ..file }),
                }
            }
        }
    }

    fn rows(&self, axis: &Axis, file: LayerFile<'a>, diagnostics: &mut Diagnostics) -> Vec<(Arc<str>, Node)> {
        let Some(source) = file.source() else { return Vec::new() };
        if file.path.ends_with(".csv") {
            let record = schema::records::schema(&axis.name);
            let is_list = |column: &str| {
                let is_list_in_record = matches!(record.at(column), Some(Shape::List(_) | Shape::Set));
                is_list_in_record || self.settings.matrix_axes().any(|id| &*self.settings.axis(id).folder == column)
            };
            match csv::parse(source, &self.workspace.sources().get(source).text, is_list) {
                Ok(rows) => rows.into_iter().map(|row| (row.id.value, row.record)).collect(),
                Err(errors) => {
                    diagnostics.append(errors);
                    Vec::new()
                }
            }
        } else {
            parse(self.workspace, source, diagnostics)
                .map(|node| registry::rows(&node, &axis.name, diagnostics))
                .unwrap_or_default()
        }
    }

    /// The values of an axis with their records and parents.
    fn axis_values(
        &self,
        axis: &Axis,
        raw: &IndexMap<Arc<str>, RawValue<'a>>,
        diagnostics: &mut Diagnostics,
    ) -> AxisValues {
        let mut values = AxisValues::default();
        for (id, raw) in raw {
            self.check_id(axis, id, raw, diagnostics);
            let record = self.record(axis, id, raw, diagnostics);
            let Some(span) = record.as_ref().map(|node| node.span).or_else(|| raw.span()) else { continue };
            values.values.insert(id.clone(), AxisValue { id: id.clone(), parent: None, depth: 1, span, record });
        }
        set_parents(axis, &mut values, diagnostics);
        values
    }

    fn check_id(&self, axis: &Axis, id: &str, raw: &RawValue<'_>, diagnostics: &mut Diagnostics) {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        let Some(span) = raw.span() else { return };
        if !id.chars().all(plain) || id.is_empty() {
            diagnostics.push(
                Diagnostic::error("E-ID", format!("`{id}` is no id for a {}", axis.name))
                    .at(span, "")
                    .help("ids are lower-case ASCII letters, digits and `-`, since they name folders and campaigns"),
            );
        }
        if let (Some(single), false) = (raw.single.and_then(|file| file.source()), raw.files.is_empty()) {
            diagnostics.push(
                Diagnostic::error("E-DUPID", format!("{} `{id}` is both a file and a folder", axis.name))
                    .at(Span::file(single), "this file")
                    .help(format!("move the file to `{}/{id}/{}.yaml`", axis.folder, axis.name)),
            );
        }
    }

    /// The record: the file, or the row, or both (the row then speaks only where the file is silent,
    /// and alone on entitlements).
    fn record(&self, axis: &Axis, id: &str, raw: &RawValue<'a>, diagnostics: &mut Diagnostics) -> Option<Node> {
        let name = format!("{}.yaml", axis.name);
        let file = raw.files.iter().find(|file| file.path == name).copied().or(raw.single);
        let record = file.and_then(|file| file.source()).and_then(|source| parse(self.workspace, source, diagnostics));
        match (record, &raw.row) {
            (Some(record), Some(row)) => {
                let lists: Vec<_> =
                    self.settings.matrix_axes().map(|id| self.settings.axis(id).folder.clone()).collect();
                registry::refuse_own_entitlements(&record, row, &lists, diagnostics);
                Some(registry::fill(record, row))
            }
            (None, Some(row)) => Some(row.clone()),
            (record, None) => {
                if file.is_none()
                    && let Some(span) = raw.span()
                {
                    diagnostics.push(
                        Diagnostic::error("E-NORECORD", format!("{} `{id}` has no record", axis.name))
                            .at(span, "")
                            .help(format!("write `{}/{id}/{name}` with at least a `name`", axis.folder)),
                    );
                }
                record
            }
        }
    }

    fn axis_layers(&mut self, axis: AxisId, raw: &IndexMap<Arc<str>, RawValue<'a>>, diagnostics: &mut Diagnostics) {
        for (id, raw) in raw {
            let Some(value) = self.axes[axis.0].index(id) else { continue };
            let own = Binding { axis, name: self.settings.axis(axis).name.clone(), value, id: id.clone() };
            let folder = format!("{}/{id}", self.settings.axis(axis).folder);
            let selector = Selector::new(vec![own.clone()], &self.settings, &self.axes);
            let record = self.axes[axis.0].at(value).record.clone();
            let record = record.map(|record| (axis, record));
            let mut layer = self.layer(selector, folder.clone(), &raw.files, record, diagnostics);
            layer.row = raw.row.as_ref().map(|row| row.span);
            self.layers.push(layer);
            for (text, files) in &raw.combinations {
                let place = format!("{folder}/@{text}");
                if let Some(selector) = self.combination(&own, text, files, diagnostics) {
                    let layer = self.layer(selector, place, files, None, diagnostics);
                    self.layers.push(layer);
                }
            }
        }
    }

    /// The selector of `@region=dach` or `@industry=healthcare,region=dach` in a value's folder.
    fn combination(
        &self,
        own: &Binding,
        text: &str,
        files: &[LayerFile<'_>],
        diagnostics: &mut Diagnostics,
    ) -> Option<Selector> {
        let mut bound = vec![own.clone()];
        let span = files.iter().find_map(|file| file.source()).map(Span::file);
        let mut refuse = |message: String, help: String| {
            let error = Diagnostic::error("E-SELECTOR", message).help(help);
            diagnostics.push(match span {
                Some(span) => error.at(span, "in the folder of this file"),
                None => error,
            });
        };
        for part in text.split(',') {
            let Some((name, id)) = part.split_once('=') else {
                refuse(format!("`@{text}` is no combination"), "write `@axis=value`, such as `@region=dach`".into());
                return None;
            };
            let Some(axis) = self.settings.axis_named(name) else {
                let near = nearest(name, self.settings.axes.iter().map(|axis| &*axis.name));
                refuse(format!("there is no axis `{name}`"), did_you_mean(near, "axes are declared in `cobrand.yaml`"));
                return None;
            };
            let Some(value) = self.axes[axis.0].index(id) else {
                let near = nearest(id, self.axes[axis.0].ids());
                refuse(format!("there is no {name} `{id}`"), did_you_mean(near, "name a value that has a folder"));
                return None;
            };
            if bound.iter().any(|binding| binding.axis == axis) {
                refuse(format!("`@{text}` binds `{name}` again"), "bind other axes than the folder's own".into());
                return None;
            }
            bound.push(Binding { axis, name: name.into(), value, id: id.into() });
        }
        Some(Selector::new(bound, &self.settings, &self.axes))
    }

    fn layer(
        &self,
        selector: Selector,
        place: String,
        files: &[LayerFile<'a>],
        record: Option<(AxisId, Node)>,
        diagnostics: &mut Diagnostics,
    ) -> Layer {
        let locale = record.as_ref().and_then(|(_, node)| self.layer_locale(node, diagnostics));
        let mut reader = LayerReader {
            loader: self,
            is_master: selector.is_master(),
            record_name: record.as_ref().map(|(axis, _)| self.settings.axis(*axis).name.clone()),
            own: IndexMap::new(),
            translations: IndexMap::new(),
            contributions: Vec::new(),
            sources: files.iter().filter_map(|file| file.source()).collect(),
            diagnostics,
        };
        if let Some((axis, node)) = &record {
            reader.record(*axis, node);
        }
        let (translated, own): (Vec<_>, Vec<_>) = files.iter().partition(|file| file.path.starts_with("locales/"));
        own.into_iter().for_each(|file: &LayerFile<'a>| reader.own_file(*file));
        translated.into_iter().for_each(|file: &LayerFile<'a>| reader.translated_file(*file));
        let LayerReader { own, translations, contributions, mut sources, .. } = reader;
        let span = record.as_ref().map(|(_, node)| node.span).or_else(|| sources.first().map(|&id| Span::file(id)));
        let span = span.unwrap_or(Span::new(SourceId(0), 0, 0));
        if let Some((_, node)) = &record
            && !sources.contains(&node.span.source)
        {
            sources.push(node.span.source);
        }
        let tree = |entries| Patch { kind: PatchKind::Map(entries), span };
        Layer {
            selector,
            place,
            locale: locale.unwrap_or(self.locales.source()),
            patch: tree(own),
            translations: translations.into_iter().map(|(locale, entries)| (locale, tree(entries))).collect(),
            contributions,
            sources,
            row: None,
        }
    }

    /// T2: the locale a layer declares for its own files.
    fn layer_locale(&self, record: &Node, diagnostics: &mut Diagnostics) -> Option<LocaleId> {
        let node = record.as_map()?.get("locale")?;
        let tag = node.as_text()?;
        let found = self.locales.find(tag);
        if found.is_none() {
            diagnostics.push(unknown_locale(&self.locales, tag, node.span));
        }
        found
    }
}

impl RawValue<'_> {
    fn span(&self) -> Option<Span> {
        let file = self.single.or_else(|| self.files.iter().find(|file| file.source().is_some()).copied());
        let in_combination = || self.combinations.values().flatten().find_map(|file| file.source());
        file.and_then(|file| file.source())
            .or_else(in_combination)
            .map(Span::file)
            .or(self.row.as_ref().map(|row| row.span))
    }
}

/// Reads the files of one layer.
struct LayerReader<'a, 'b> {
    loader: &'b Loader<'a>,
    is_master: bool,
    record_name: Option<Arc<str>>,
    own: IndexMap<Arc<str>, Patch>,
    translations: IndexMap<LocaleId, IndexMap<Arc<str>, Patch>>,
    contributions: Vec<Contribution>,
    sources: Vec<SourceId>,
    diagnostics: &'b mut Diagnostics,
}

impl LayerReader<'_, '_> {
    fn voice(&self) -> Voice {
        if self.is_master { Voice::Master } else { Voice::Overlay }
    }

    fn converter(&mut self, voice: Voice, right: Right) -> Converter<'_> {
        Converter { voice, right, diagnostics: self.diagnostics, contributions: &mut self.contributions }
    }

    /// The value's record stands below the axis' name; what it says of entitlements is not for the
    /// merge, and `overlay` holds patches of other paths.
    fn record(&mut self, axis: AxisId, node: &Node) {
        let settings = &self.loader.settings;
        let name = settings.axis(axis).name.clone();
        let Some(map) = node.as_map() else {
            let error = Diagnostic::error("E-TYPE", format!("the record of a {name} has to be a map"));
            self.diagnostics.push(error.at(node.span, format!("this is {}", node.kind())));
            return;
        };
        let folders: Vec<_> = settings.matrix_axes().map(|id| settings.axis(id).folder.clone()).collect();
        let is_entitlement = |key: &str| &*name == "partner" && folders.iter().any(|folder| &**folder == key);
        let keep = |entry: &&Entry| !is_entitlement(&entry.key.value) && &*entry.key.value != "overlay";
        let kept = Map { entries: map.entries.iter().filter(keep).cloned().collect() };
        let mut entries =
            self.converter(Voice::Overlay, Right::SetVar).entries(&kept, &schema::records::schema(&name), &name);
        self.contributions
            .retain(|c| !matches!(c.path.as_str(), "partner.tier") && !c.path.starts_with("partner.exclude"));
        let id = node.span;
        let own_id = self.own_id(axis, node);
        entries.shift_insert(0, "id".into(), Patch { kind: PatchKind::Neutral(Leaf::Str(own_id)), span: id });
        self.own.insert(name, Patch { kind: PatchKind::Map(entries), span: node.span });
        if let Some(overlay) = map.get("overlay") {
            self.inline_overlay(overlay);
        }
    }

    fn own_id(&self, axis: AxisId, node: &Node) -> Arc<str> {
        let values = &self.loader.axes[axis.0];
        let own = values.iter().find(|value| value.record.as_ref().is_some_and(|record| record.span == node.span));
        own.map_or_else(|| "".into(), |value| value.id.clone())
    }

    /// `overlay:` of a one-file value: the same paths, as keys.
    fn inline_overlay(&mut self, node: &Node) {
        let Some(map) = node.as_map() else {
            let error = Diagnostic::error("E-TYPE", "`overlay` has to be a map of paths");
            self.diagnostics.push(error.at(node.span, "").help("such as `overlay: {nurture: {emails: […]}}`"));
            return;
        };
        for entry in &map.entries {
            let path = &*entry.key.value;
            match (&entry.value.value, path.ends_with(".md")) {
                (Value::Scalar(_), true) if path.starts_with("content/") => {
                    let span = entry.value.span;
                    let file = self.loader.workspace.sources().get(span.source).text.clone();
                    match markdown::parse_patch_in(&file, &entry.value) {
                        Ok(patch) => self.markdown_patch(path, &patch, span),
                        Err(errors) => self.diagnostics.append(errors),
                    }
                }
                (_, false) => self.document(path.strip_suffix(".yaml").unwrap_or(path), &entry.value, entry.key.span),
                _ => self.diagnostics.push(
                    Diagnostic::error("E-PATH", format!("`{path}` cannot stand below `overlay`"))
                        .at(entry.key.span, "")
                        .help("make the value a folder, and put the file there"),
                ),
            }
        }
    }

    fn own_file(&mut self, file: LayerFile<'_>) {
        let path = file.path;
        let record = self.record_name.as_ref().map(|name| format!("{name}.yaml"));
        match path.rsplit_once('.').map_or("", |(_, extension)| extension) {
            "yaml" if !path.contains('/') => {
                if record.as_deref() == Some(path) || (self.is_master && path == "policy.yaml") {
                    return;
                }
                if path == "policy.yaml" {
                    self.push_at(file, "E-POLICY", "policy lives in the master only", "ask HQ for a rule or a waiver");
                    return;
                }
                if let Some((node, source)) = self.parse(file) {
                    self.document(path.strip_suffix(".yaml").unwrap_or(path), &node, Span::file(source));
                }
            }
            "md" if path.starts_with("content/") => self.markdown(file),
            _ if path.starts_with("assets/") => self.asset(file),
            _ if path.starts_with("templates/") && self.is_master => {}
            _ if path.starts_with("templates/") => {
                self.push_at(file, "E-LAYERFILE", "templates belong to the master", "change data or blocks instead");
            }
            _ if path == "README.md" => {}
            _ => self.diagnostics.push(unknown_file(file, "layer")),
        }
    }

    fn push_at(&mut self, file: LayerFile<'_>, code: &'static str, message: &str, help: &str) {
        let error = Diagnostic::error(code, format!("`{}`: {message}", file.input)).help(help);
        self.diagnostics.push(match file.source() {
            Some(source) => error.at(Span::file(source), ""),
            None => error,
        });
    }

    fn parse(&mut self, file: LayerFile<'_>) -> Option<(Node, SourceId)> {
        let source = file.source()?;
        Some((parse(self.loader.workspace, source, self.diagnostics)?, source))
    }

    /// A YAML file at the layer's root, or the same below `overlay`.
    fn document(&mut self, name: &str, node: &Node, span: Span) {
        if node.is_null() {
            return;
        }
        let voice = self.voice();
        if name == "package" {
            let Some(map) = node.as_map() else { return self.not_a_map(name, node) };
            let shape = Shape::Map(schema::package::fields());
            let mut entries = self.converter(voice, Right::Replace).entries(map, &shape, "");
            self.contributions.iter_mut().filter(|c| c.path.starts_with("vars.")).for_each(|c| c.right = Right::SetVar);
            entries.drain(..).for_each(|(key, patch)| {
                self.own.insert(key, patch);
            });
            return;
        }
        let documents = schema::documents();
        match documents.iter().find(|field| field.name == name) {
            Some(field) => {
                if let Some(patch) = self.converter(voice, Right::Replace).patch(node, &field.shape, name) {
                    self.own.insert(name.into(), patch);
                }
            }
            None => {
                let names = documents.iter().map(|field| field.name).chain(["package"]);
                let error = Diagnostic::error("E-PATH", format!("there is no file `{name}.yaml` to change"));
                let near = nearest(name, names);
                self.diagnostics.push(error.at(span, "").help(did_you_mean(near, "files are named as in the master")));
            }
        }
    }

    fn not_a_map(&mut self, name: &str, node: &Node) {
        let error = Diagnostic::error("E-TYPE", format!("`{name}.yaml` has to be a map"));
        self.diagnostics.push(error.at(node.span, format!("this is {}", node.kind())));
    }

    fn markdown(&mut self, file: LayerFile<'_>) {
        let Some(source) = file.source() else { return };
        let text = self.loader.workspace.sources().get(source).text.clone();
        let span = Span::file(source);
        if self.is_master {
            match markdown::parse(source, &text, 0) {
                Ok(document) => {
                    let patch = self.blocks(file.path, Voice::Master).document(&document, span);
                    self.own.insert(file.path.into(), patch);
                }
                Err(errors) => self.diagnostics.append(errors),
            }
        } else {
            match markdown::parse_patch(source, &text, 0) {
                Ok(patch) => self.markdown_patch(file.path, &patch, span),
                Err(errors) => self.diagnostics.append(errors),
            }
        }
    }

    fn markdown_patch(&mut self, path: &str, patch: &markdown::Patch, span: Span) {
        let patch = self.blocks(path, Voice::Overlay).operations(patch, span);
        self.own.insert(path.into(), patch);
    }

    fn blocks<'c>(&'c mut self, file: &'c str, voice: Voice) -> BlockConverter<'c> {
        let trust = if self.is_master { Trust::Master } else { Trust::Overlay };
        BlockConverter { voice, file, trust, diagnostics: self.diagnostics, contributions: &mut self.contributions }
    }

    fn asset(&mut self, file: LayerFile<'_>) {
        let bytes = match &file.file.content {
            Content::Binary(bytes) => bytes.clone(),
            Content::Text(id) => self.loader.workspace.sources().get(*id).text.as_bytes().into(),
        };
        let asset = Asset { input: file.input.clone(), bytes, digest: *file.file.digest.as_bytes() };
        let span = file.source().map(Span::file).or_else(|| self.sources.first().map(|&id| Span::file(id)));
        let span = span.unwrap_or(Span::new(SourceId(0), 0, 0));
        self.contributions.push(Contribution {
            path: file.path.to_owned(),
            right: Right::Replace,
            span,
            text: None,
            at: None,
            asset: Some(asset.clone()),
        });
        self.own.insert(file.path.into(), Patch { kind: PatchKind::Neutral(Leaf::File(asset)), span });
    }

    /// `locales/<tag>/<the same path>`.
    fn translated_file(&mut self, file: LayerFile<'_>) {
        let Some((tag, path)) = file.path.strip_prefix("locales/").and_then(|rest| rest.split_once('/')) else {
            self.diagnostics.push(unknown_file(file, "layer"));
            return;
        };
        let Some(source) = file.source() else {
            self.diagnostics.push(unknown_file(file, "translation"));
            return;
        };
        let Some(locale) = self.loader.locales.find(tag) else {
            self.diagnostics.push(unknown_locale(&self.loader.locales, tag, Span::file(source)));
            return;
        };
        if path.starts_with("content/") && path.ends_with(".md") {
            self.translated_markdown(locale, path, source);
        } else if let Some(name) = path.strip_suffix(".yaml").filter(|name| !name.contains('/')) {
            if let Some(node) = parse(self.loader.workspace, source, self.diagnostics) {
                self.translated_document(locale, name, &node, source);
            }
        } else {
            self.diagnostics.push(unknown_file(file, "translation"));
        }
    }

    fn translated_document(&mut self, locale: LocaleId, name: &str, node: &Node, source: SourceId) {
        let Some(map) = node.as_map() else { return self.not_a_map(name, node) };
        let record = self.record_name.clone().filter(|record| **record == *name);
        let documents = schema::documents();
        let shape = match &record {
            Some(record) => schema::records::schema(record),
            None if name == "package" => Shape::Map(schema::package::fields()),
            None => match documents.iter().find(|field| field.name == name) {
                Some(field) => field.shape.clone(),
                None => {
                    let near = nearest(name, documents.iter().map(|field| field.name).chain(["package"]));
                    let error = Diagnostic::error("E-PATH", format!("there is no file `{name}.yaml` to translate"));
                    let help = did_you_mean(near, "translations mirror the layer's own files");
                    self.diagnostics.push(error.at(Span::file(source), "").help(help));
                    return;
                }
            },
        };
        let path = if name == "package" { "" } else { name };
        let entries = self.converter(Voice::Translation, Right::Translate).entries(map, &shape, path);
        let target = self.translations.entry(locale).or_default();
        if name == "package" {
            target.extend(entries);
        } else {
            target.insert(name.into(), Patch { kind: PatchKind::Map(entries), span: node.span });
        }
    }

    fn translated_markdown(&mut self, locale: LocaleId, path: &str, source: SourceId) {
        let text = self.loader.workspace.sources().get(source).text.clone();
        // Read as an overlay, where a nested block may stand alone; a plain block is a `replace` there.
        let file = match markdown::parse_patch(source, &text, 0) {
            Ok(file) => file,
            Err(errors) => return self.diagnostics.append(errors),
        };
        let own = self.own.get(path).cloned();
        let amended = |id: &str| own.as_ref().and_then(|patch| amendment(patch, id));
        let span = Span::file(source);
        let patch = self.blocks(path, Voice::Translation).translation(&file, &amended, span);
        self.translations.entry(locale).or_default().insert(path.into(), patch);
    }
}

/// Whether a layer's file appends or prepends to a block.
fn amendment(file: &Patch, id: &str) -> Option<Right> {
    let item = find_block(file, id)?;
    let PatchKind::Map(entries) = &item.patch.kind else { return None };
    if entries.contains_key("append") {
        Some(Right::Append)
    } else {
        entries.contains_key("prepend").then_some(Right::Replace)
    }
}

/// The item of a block in a file's patch or in a block's.
fn find_block<'p>(patch: &'p Patch, id: &str) -> Option<&'p ItemPatch> {
    let PatchKind::Map(entries) = &patch.kind else { return None };
    let PatchKind::Keyed(keyed) = &entries.get("blocks")?.kind else { return None };
    keyed.items.get(id).or_else(|| {
        let (parent, _) = id.rsplit_once('/')?;
        find_block(&find_block(patch, parent).filter(|_| keyed.items.contains_key(parent))?.patch, id)
    })
}

fn set_parents(axis: &Axis, values: &mut AxisValues, diagnostics: &mut Diagnostics) {
    let parents: Vec<Option<Spanned<Arc<str>>>> = values
        .iter()
        .map(|value| {
            let node = value.record.as_ref()?.as_map()?.get("parent")?;
            Some(Spanned::new(node.as_text()?.clone(), node.span))
        })
        .collect();
    for (index, parent) in parents.iter().enumerate() {
        let Some(parent) = parent else { continue };
        match values.index(&parent.value) {
            Some(at) => values.values[index].parent = Some(at),
            None => {
                let near = nearest(&parent.value, values.ids());
                diagnostics.push(
                    Diagnostic::error("E-UNKNOWN", format!("there is no {} `{}`", axis.name, parent.value))
                        .at(parent.span, "named as parent")
                        .help(did_you_mean(near, "name a value that has a file or folder")),
                );
            }
        }
    }
    for index in 0..parents.len() {
        let mut depth = 1u8;
        let mut at = index;
        while let Some(parent) = values.values[at].parent {
            depth = depth.saturating_add(1);
            at = parent;
            if at == index || usize::from(depth) > parents.len() + 1 {
                let span = parents[index].as_ref().map_or(values.values[index].span, |parent| parent.span);
                diagnostics.push(
                    Diagnostic::error(
                        "E-CYCLE",
                        format!("{} `{}` is its own ancestor", axis.name, values.values[index].id),
                    )
                    .at(span, "this parent leads back here")
                    .help("take `parent` out of one of them"),
                );
                values.values[index].parent = None;
                depth = 1;
                break;
            }
        }
        values.values[index].depth = depth;
    }
}

fn did_you_mean(near: Option<&str>, otherwise: &str) -> String {
    near.map_or_else(|| otherwise.to_owned(), |near| format!("did you mean `{near}`?"))
}

fn unknown_locale(locales: &Locales, tag: &str, span: Span) -> Diagnostic {
    Diagnostic::error("E-LOCALE", format!("there is no locale `{tag}`"))
        .at(span, "")
        .help(did_you_mean(nearest(tag, locales.tags()), "locales are declared in the master's `package.yaml`"))
}

fn unknown_file(file: LayerFile<'_>, what: &str) -> Diagnostic {
    let error = Diagnostic::error("E-LAYERFILE", format!("`{}` is no file that a {what} may have", file.input))
        .help("a layer holds YAML files named as in the master, `content/**.md`, `assets/**` and `locales/<tag>/…`");
    match file.source() {
        Some(source) => error.at(Span::file(source), ""),
        None => error,
    }
}
