//! The files of one layer, from syntax trees to patches.

use std::sync::Arc;

use crate::catalog::Asset;
use crate::catalog::blocks::{BlockConverter, Said};
use crate::catalog::conditions::Conditions;
use crate::catalog::convert::{Converter, Voice};
use crate::catalog::locales::LocaleId;
use crate::catalog::patch::{Contribution, Leaf, Patch, PatchKind, Right};
use crate::catalog::place;
use crate::catalog::settings::AxisId;
use crate::data::IndexMap;
use crate::diag::{Diagnostic, Diagnostics, nearest};
use crate::prose::Trust;
use crate::schema::{self, Shape};
use crate::source::{SourceId, Span};
use crate::syntax::markdown;
use crate::syntax::tree::{Entry, Map, Node, Value};
use crate::workspace::Content;

use super::{LayerFile, Loader, did_you_mean, parse, unknown_file, unknown_locale};

/// Files of the master that hold no content.
const RULES: [&str; 3] = ["policy.yaml", "waivers.yaml", "moved.yaml"];

/// Reads the files of one layer.
pub struct LayerReader<'a, 'b> {
    pub loader: &'b Loader<'a>,
    pub is_master: bool,
    pub record_name: Option<Arc<str>>,
    pub own: IndexMap<Arc<str>, Patch>,
    pub translations: IndexMap<LocaleId, IndexMap<Arc<str>, Patch>>,
    pub contributions: Vec<Contribution>,
    pub conditions: Conditions,
    /// The files that stand below `overlay`, by their paths.
    pub inline: IndexMap<String, Span>,
    pub sources: Vec<SourceId>,
    pub diagnostics: &'b mut Diagnostics,
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
    pub fn record(&mut self, axis: AxisId, node: &Node) {
        let settings = &self.loader.settings;
        let name = settings.axis(axis).name.clone();
        let Some(map) = node.as_map() else {
            let error = Diagnostic::error("E-TYPE", format!("the record of a {name} has to be a map"));
            self.diagnostics.push(error.at(node.span, format!("this is {}", node.kind())));
            return;
        };
        let folders: Vec<_> = settings.matrix_axes().map(|id| settings.axis(id).folder.clone()).collect();
        let is_entitlement = |key: &str| &*name == "partner" && folders.iter().any(|folder| &**folder == key);
        let is_rule = |key: &str| key == "overlay" || (key == "narrow" && &*name != "partner");
        let keep = |entry: &&Entry| !is_entitlement(&entry.key.value) && !is_rule(&entry.key.value);
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
            self.inline.insert(path.strip_suffix(".yaml").unwrap_or(path).to_owned(), entry.key.span);
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

    pub fn own_file(&mut self, file: LayerFile<'_>) {
        let path = file.path;
        if let Some(&inline) = self.inline.get(path.strip_suffix(".yaml").unwrap_or(path)) {
            let error = Diagnostic::error("E-LAYERFILE", format!("`{path}` stands below `overlay` and as a file"));
            let error = error.at(file.span(), "").other(inline, "and here");
            self.diagnostics.push(error.help("say it in one of the two places"));
            return;
        }
        let record = self.record_name.as_ref().map(|name| format!("{name}.yaml"));
        match path.rsplit_once('.').map_or("", |(_, extension)| extension) {
            "yaml" if !path.contains('/') => {
                if record.as_deref() == Some(path) || (self.is_master && RULES.contains(&path)) {
                    return;
                }
                if RULES.contains(&path) {
                    let message = "what governs overlays lives in the master only";
                    self.push_at(file, "E-POLICY", message, "ask HQ for a rule or a waiver");
                    return;
                }
                if path == "layer.yaml" {
                    return self.manifest(file);
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

    /// F2: `layer.yaml`, whose `remove` takes out files that a weaker layer has.
    fn manifest(&mut self, file: LayerFile<'_>) {
        let Some((node, _)) = self.parse(file) else { return };
        let keys = node.as_map().map_or(&[][..], |map| &map.entries);
        let remove = keys.iter().find(|entry| &*entry.key.value == "remove").and_then(|entry| entry.value.as_seq());
        let (Some(paths), 1, false) = (remove, keys.len(), self.is_master) else {
            let help = "an overlay's `layer.yaml` holds `remove:`, a list such as `[assets/images/hero.svg]`";
            return self.push_at(file, "E-LAYERFILE", "this is no manifest of an overlay", help);
        };
        for item in paths {
            let Some(path) = item.as_text().filter(|path| path.starts_with("assets/") || path.starts_with("content/"))
            else {
                let error = Diagnostic::error("E-PATH", "only files below `assets/` and `content/` can be removed");
                self.diagnostics
                    .push(error.at(item.span, "").help("to remove a value, write `{$remove: true}` in its file"));
                continue;
            };
            self.contributions.push(Contribution::new(&**path, Right::Remove, item.span));
            self.own.insert(path.clone(), Patch { kind: PatchKind::Remove, span: item.span });
        }
    }

    fn push_at(&mut self, file: LayerFile<'_>, code: &'static str, message: &str, help: &str) {
        let error = Diagnostic::error(code, format!("`{}`: {message}", file.input)).at(file.span(), "");
        self.diagnostics.push(error.help(help));
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
            self.contributions
                .iter_mut()
                .filter(|c| c.right == Right::Replace && c.path.starts_with("vars."))
                .for_each(|c| c.right = Right::SetVar);
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
        BlockConverter {
            voice,
            file,
            trust,
            diagnostics: self.diagnostics,
            contributions: &mut self.contributions,
            conditions: &mut self.conditions,
        }
    }

    fn asset(&mut self, file: LayerFile<'_>) {
        let bytes = match &file.file.content {
            Content::Binary(bytes) => bytes.clone(),
            Content::Text(id) => self.loader.workspace.sources().get(*id).text.as_bytes().into(),
        };
        let asset = Arc::new(Asset { input: file.input.clone(), bytes, digest: *file.file.digest.as_bytes() });
        let span = file.span();
        let contribution = Contribution::new(file.path, Right::Replace, span);
        self.contributions.push(Contribution { asset: Some(asset.clone()), ..contribution });
        self.own.insert(file.path.into(), Patch { kind: PatchKind::Neutral(Leaf::File(asset)), span });
    }

    /// `locales/<tag>/<the same path>`.
    pub fn translated_file(&mut self, file: LayerFile<'_>) {
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
        let said = |id: &str| said(own.as_ref(), &format!("{path}#{id}"));
        let span = Span::file(source);
        let patch = self.blocks(path, Voice::Translation).translation(&file, locale, &said, span);
        self.translations.entry(locale).or_default().insert(path.into(), patch);
    }
}

/// What a layer's own file words of the block at `path`.
fn said(file: Option<&Patch>, path: &str) -> Said {
    let item = file.and_then(|file| file.find(&place::steps(path)[1..]));
    let Some(PatchKind::Map(entries)) = item.map(|item| &item.kind) else { return Said::Whole };
    let has = |key: &str| entries.contains_key(key);
    match () {
        () if has("id") => Said::Whole,
        () if has("append") => Said::Append,
        () if has("prepend") => Said::Prepend,
        () if has("body") => Said::Body,
        () => Said::Whole,
    }
}
