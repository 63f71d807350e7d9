//! From files to layers: which file belongs to which value of which axis, and what it may be.
//!
//! - [`raw`]: the files of an axis, sorted by value
//! - [`axis`]: ids, records and parents of the values
//! - [`reader`]: the files of one layer, from syntax trees to patches
//! - [`words`]: what they say, put together
//! - [`paths`]: what many layers speak of

mod axis;
mod paths;
mod raw;
mod reader;
mod words;

use std::sync::Arc;

use rayon::prelude::*;

use crate::data::IndexMap;
use crate::diag::{Diagnostic, Diagnostics, nearest};
use crate::paths::InputPath;
use crate::source::{SourceId, Span};
use crate::syntax::tree::Node;
use crate::syntax::yaml;
use crate::workspace::{Content, File, Folder, SETTINGS, Workspace};

use super::conditions::Conditions;
use super::layout::Layout;
use super::locales::{LocaleId, Locales};
use super::moved::{self, Moved};
use super::patch::{Patch, PatchKind};
use super::registry::Registry;
use super::selector::{Binding, Selector};
use super::settings::{Axis, AxisId, Settings};
use super::{Author, AxisValues, Catalog, Layer};

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
    /// The file as a place.
    fn span(&self) -> Span {
        Span::file(self.file.source)
    }

    /// The source of a text.
    fn source(&self) -> Option<SourceId> {
        match self.file.content {
            Content::Text(id) => Some(id),
            Content::Binary(_) => None,
        }
    }
}

/// The record of a value, which is read as a part of its layer.
#[derive(Clone, Copy)]
struct Record<'a> {
    axis: AxisId,
    id: &'a Arc<str>,
    node: &'a Node,
}

use axis::Speaking;
use paths::Paths;
use raw::RawValue;
use reader::LayerReader;
use words::Words;

impl Catalog {
    /// Reads the whole workspace. Errors that leave nothing to build give no catalog; errors inside
    /// an overlay are noted and the overlay is kept as far as it could be read.
    ///
    /// Of the partners that have nothing but a row in a registry, those that are `asked` for by their ids are made into
    /// layers, so that a question about a few of a million costs what these cost.
    pub fn load(workspace: &Workspace, asked: &Asked<'_>, diagnostics: &mut Diagnostics) -> Option<Self> {
        let settings = read_settings(workspace, diagnostics)?;
        let registry = Registry::new(axis::kept(settings.axis(settings.partner()), &settings));
        Loader {
            workspace,
            asked,
            registry,
            settings,
            locales: Locales::default(),
            axes: Vec::new(),
            layers: Vec::new(),
            paths: Paths::default(),
        }
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

/// Whether somebody asks for a partner.
pub type Asked<'a> = dyn Fn(&str) -> bool + Sync + 'a;

struct Loader<'a> {
    workspace: &'a Workspace,
    asked: &'a Asked<'a>,
    registry: Registry,
    settings: Settings,
    locales: Locales,
    axes: Vec<AxisValues>,
    layers: Vec<Layer>,
    paths: Paths,
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
        let (raw, mut rows) = self.raw_values(diagnostics);
        let read = |(raw, axis): (_, &Axis)| {
            let rows = if &*axis.name == "partner" { std::mem::take(&mut rows) } else { Vec::new() };
            self.axis_values(axis, raw, rows, diagnostics)
        };
        let (axes, speaking) = raw.iter().zip(&self.settings.axes).map(read).unzip();
        self.axes = axes;
        let everything = Selector::new(Vec::new(), &self.settings, &self.axes);
        let (master, overlays) = rayon::join(
            || heard(|found| self.layer(everything, MASTER.into(), &files, None, found)),
            || self.overlays(&raw, speaking),
        );
        let ((master, conditions), found) = master;
        diagnostics.append(found);
        self.layers.push(master);
        self.condition_layers(conditions, diagnostics);
        for (layers, found) in overlays {
            self.layers.extend(layers);
            diagnostics.append(found);
        }
        let moved = self.apply_moves(&files, diagnostics);
        let waivers = self.optional_file(&files, "waivers.yaml", diagnostics);
        let templates = files.iter().filter_map(|file| {
            let name = file.path.strip_prefix("templates/")?;
            Some((name.into(), file.source()?))
        });
        let templates = templates.collect();
        let layout = Layout::of(&self.layers, self.settings.partner(), &self.axes);
        Some(Catalog {
            settings: self.settings,
            locales: self.locales,
            axes: self.axes,
            registry: self.registry,
            layers: self.layers,
            layout,
            policy,
            waivers,
            moved,
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

    fn optional_file(&self, files: &[LayerFile<'a>], name: &str, diagnostics: &mut Diagnostics) -> Option<Node> {
        let source = files.iter().find(|file| file.path == name)?.source()?;
        parse(self.workspace, source, diagnostics).filter(|node| !node.is_null())
    }

    /// V8, on all that was read.
    fn apply_moves(&mut self, files: &[LayerFile<'a>], diagnostics: &mut Diagnostics) -> Vec<Moved> {
        let Some(node) = self.optional_file(files, "moved.yaml", diagnostics) else { return Vec::new() };
        let list = moved::read(&node, diagnostics);
        let overlays = self.layers.iter().position(|layer| !layer.is_of_master()).unwrap_or(self.layers.len());
        let (master, overlays) = self.layers.split_at_mut(overlays);
        let list = moved::follow(list, master, |name| self.settings.axis_named(name).is_some(), diagnostics);
        overlays.iter_mut().for_each(|layer| moved::apply(&list, layer, diagnostics));
        list
    }

    /// The layers of each value of each axis, in their order: all are read at once.
    fn overlays(
        &self,
        raw: &[IndexMap<Arc<str>, RawValue<'a>>],
        speaking: Vec<Vec<Speaking>>,
    ) -> Vec<(Vec<Layer>, Diagnostics)> {
        let of_axis = |(axis, speaking): (usize, Vec<Speaking>)| speaking.into_iter().map(move |one| (axis, one));
        let values: Vec<_> = speaking.into_iter().enumerate().flat_map(of_axis).collect();
        let none = RawValue::default();
        let layers = |(axis, one): (usize, Speaking)| {
            let files = raw[axis].get(&self.axes[axis].at(one.value).id).unwrap_or(&none);
            heard(|found| self.value_layers(AxisId(axis), &one, files, found))
        };
        values.into_par_iter().map(layers).collect()
    }

    /// The layers of one value: its folder's, and those of its combinations.
    fn value_layers(
        &self,
        axis: AxisId,
        speaking: &Speaking,
        raw: &RawValue<'a>,
        diagnostics: &mut Diagnostics,
    ) -> Vec<Layer> {
        let value = speaking.value;
        let id = &self.axes[axis.0].at(value).id;
        let own = Binding { axis, name: self.settings.axis(axis).name.clone(), value, id: id.clone() };
        let folder = format!("{}/{id}", self.settings.axis(axis).folder);
        let selector = Selector::new(vec![own.clone()], &self.settings, &self.axes);
        let record = speaking.record.as_ref().map(|node| Record { axis, id, node });
        let (mut layer, _) = self.layer(selector, folder.clone(), &raw.files, record, diagnostics);
        let locale = layer.locale;
        layer.row = speaking.row;
        let mut layers = vec![layer];
        for (text, files) in &raw.combinations {
            let place = format!("{folder}/@{text}");
            let span = files.first().map(LayerFile::span);
            match self.selector(vec![own.clone()], text, span, diagnostics) {
                Some(selector) => {
                    let (mut layer, _) = self.layer(selector, place, files, None, diagnostics);
                    // T2: it is written by the same people.
                    layer.locale = locale;
                    layers.push(layer);
                }
                // Built without it, the package would be another than the one that was meant.
                None => layers[0].sources.extend(files.iter().map(|file| file.file.source)),
            }
        }
        layers
    }

    /// The layers of the master's conditional blocks.
    fn condition_layers(&mut self, conditions: Conditions, diagnostics: &mut Diagnostics) {
        for (text, condition) in conditions.into_parts() {
            let Some(selector) = self.selector(Vec::new(), &text, Some(condition.span), diagnostics) else { continue };
            self.layers.push(Layer {
                author: Author::Master,
                selector,
                place: MASTER.into(),
                locale: self.locales.source(),
                patch: condition.patch(),
                translations: condition.translations(),
                contributions: condition.contributions,
                // The master's, which every deployment is made from.
                sources: Vec::new(),
                row: None,
                by_path: crate::catalog::ByPath::default(),
            });
        }
    }

    /// The selector of `@region=dach` or `@industry=healthcare,region=dach` in a value's folder, whose
    /// own binding is `bound`; of `when="region=dach"` without one.
    fn selector(
        &self,
        mut bound: Vec<Binding>,
        text: &str,
        span: Option<Span>,
        diagnostics: &mut Diagnostics,
    ) -> Option<Selector> {
        let mut refuse = |message: String, help: String| {
            let error = Diagnostic::error("E-SELECTOR", message).help(help);
            diagnostics.push(match span {
                Some(span) if span.start == span.end => error.at(span, "in the folder of this file"),
                Some(span) => error.at(span, ""),
                None => error,
            });
        };
        let is_folder = !bound.is_empty();
        for part in text.split(',') {
            let Some((name, id)) = part.split_once('=') else {
                refuse(format!("`{text}` is no combination"), "write `axis=value`, such as `region=dach`".into());
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
                refuse(
                    format!("`{text}` binds `{name}` again"),
                    "bind each axis once, and not the folder's own".into(),
                );
                return None;
            }
            let band = self.settings.band_of(axis);
            if let Some(own) = bound.first().filter(|own| is_folder && band > self.settings.band_of(own.axis)) {
                // Who may write there is known by the folder, so it has to be that of who speaks (G4).
                let folder = &self.settings.axis(axis).folder;
                refuse(
                    format!("`{part}` is stronger than the folder's own `{}={}`", own.name, own.id),
                    format!("move it into `{folder}/{id}/`, and bind `{}={}` there", own.name, own.id),
                );
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
        record: Option<Record<'_>>,
        diagnostics: &mut Diagnostics,
    ) -> (Layer, Conditions) {
        let span = record.map(|record| record.node.span).or_else(|| files.first().map(LayerFile::span));
        let span = span.unwrap_or(Span::new(SourceId(0), 0, 0));
        let mut words = Words::default();
        let locale = record.and_then(|record| self.layer_locale(record.node, &mut words.diagnostics));
        self.read(&mut words, &selector, files, record);
        let Words { own, translations, mut contributions, conditions, diagnostics: mut found } = words;
        // They stay as they are, and there are thousands of layers.
        contributions.shrink_to_fit();
        self.paths.share(contributions.iter_mut().map(|contribution| &mut contribution.path));
        let mut sources: Vec<_> = files.iter().map(|file| file.file.source).collect();
        sources.extend(record.map(|record| record.node.span.source).filter(|source| !sources.contains(source)));
        found.place_rest(0, span);
        diagnostics.append(found);
        let tree = |entries| Patch { kind: PatchKind::Map(shrunk(entries)), span };
        let layer = Layer {
            author: if selector.is_master() { Author::Master } else { Author::Overlay },
            selector,
            place,
            locale: locale.unwrap_or(self.locales.source()),
            patch: tree(own),
            translations: translations.into_iter().map(|(locale, entries)| (locale, tree(entries))).collect(),
            contributions,
            sources,
            row: None,
            by_path: crate::catalog::ByPath::default(),
        };
        (layer, conditions)
    }

    /// Reads the record and the files of a layer, the translations last: they word what the others say.
    fn read(&self, words: &mut Words, selector: &Selector, files: &[LayerFile<'a>], record: Option<Record<'_>>) {
        let reader = || LayerReader::new(self, selector);
        let (said, inline) = record.map(|record| reader().record(record)).unwrap_or_default();
        words.take(said);
        let (translated, own): (Vec<_>, Vec<_>) =
            files.iter().copied().partition(|file| file.path.starts_with("locales/"));
        let said: Vec<_> = own.into_par_iter().map(|file| reader().own(file, &inline)).collect();
        said.into_iter().for_each(|said| words.take(said));
        let said: Vec<_> = translated.into_par_iter().map(|file| reader().translated(file, &words.own)).collect();
        said.into_iter().for_each(|said| words.take(said));
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

/// Entries that stay as they are.
fn shrunk(mut entries: IndexMap<Arc<str>, Patch>) -> Box<IndexMap<Arc<str>, Patch>> {
    entries.shrink_to_fit();
    entries.into()
}

/// What is done, and what it notes.
fn heard<T>(work: impl FnOnce(&mut Diagnostics) -> T) -> (T, Diagnostics) {
    let mut found = Diagnostics::default();
    (work(&mut found), found)
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
    Diagnostic::error("E-LAYERFILE", format!("`{}` is no file that a {what} may have", file.input))
        .at(file.span(), "")
        .help("a layer holds YAML files named as in the master, `content/**.md`, `assets/**` and `locales/<tag>/…`")
}
