//! The files of one layer, from syntax trees to patches.

use std::sync::Arc;

use crate::catalog::Asset;
use crate::catalog::blocks::{BlockConverter, Said};
use crate::catalog::convert::{Converter, Voice};
use crate::catalog::locales::LocaleId;
use crate::catalog::patch::{Contribution, Leaf, Patch, PatchKind, Right};
use crate::catalog::place;
use crate::catalog::selector::Selector;
use crate::data::IndexMap;
use crate::diag::{Diagnostic, nearest};
use crate::prose::Trust;
use crate::schema;
use crate::source::{SourceId, Span};
use crate::syntax::markdown;
use crate::syntax::tree::{Entry, Node, Value};
use crate::workspace::Content;

use super::words::Words;
use super::{LayerFile, Loader, Record, did_you_mean, parse, shrunk, unknown_file, unknown_locale};

/// Files of the master that hold no content.
const RULES: [&str; 3] = ["policy.yaml", "waivers.yaml", "moved.yaml"];

/// The files that stand below `overlay`, by their paths.
pub type Inline = IndexMap<String, Span>;

/// Reads files of one layer. Each is read for itself, so that they can be read at once.
pub struct LayerReader<'a, 'b> {
    loader: &'b Loader<'a>,
    is_master: bool,
    record_name: Option<Arc<str>>,
    words: Words,
}

impl<'a, 'b> LayerReader<'a, 'b> {
    pub fn new(loader: &'b Loader<'a>, selector: &Selector) -> Self {
        // Known by the selector, so a record that cannot be read is not taken for a strange file.
        let record_name = match selector.bindings() {
            [only] => Some(only.name.clone()),
            _ => None,
        };
        Self { loader, is_master: selector.is_master(), record_name, words: Words::default() }
    }

    fn voice(&self) -> Voice {
        if self.is_master { Voice::Master } else { Voice::Overlay }
    }

    fn converter(&mut self, voice: Voice, right: Right) -> Converter<'_> {
        let Words { diagnostics, contributions, .. } = &mut self.words;
        Converter { voice, right, diagnostics, contributions }
    }

    /// The value's record stands below the axis' name; what it says of entitlements is not for the
    /// merge, and `overlay` holds patches of other paths.
    pub fn record(mut self, record: Record<'_>) -> (Words, Inline) {
        let mut inline = Inline::default();
        self.record_into(record, &mut inline);
        (self.words, inline)
    }

    fn record_into(&mut self, record: Record<'_>, inline: &mut Inline) {
        let Record { axis, id, node } = record;
        let settings = &self.loader.settings;
        let name = settings.axis(axis).name.clone();
        let Some(map) = node.as_map() else {
            let error = Diagnostic::error("E-TYPE", format!("the record of a {name} has to be a map"));
            self.words.diagnostics.push(error.at(node.span, format!("this is {}", node.kind())));
            return;
        };
        let folders: Vec<_> = settings.matrix_axes().map(|id| settings.axis(id).folder.clone()).collect();
        let is_entitlement = |key: &str| &*name == "partner" && folders.iter().any(|folder| &**folder == key);
        let is_rule = |key: &str| key == "overlay" || (key == "narrow" && &*name != "partner");
        let keep = |entry: &&Entry| !is_entitlement(&entry.key.value) && !is_rule(&entry.key.value);
        let kept = map.entries.iter().filter(keep);
        let mut entries =
            self.converter(Voice::Overlay, Right::SetVar).entries(kept, &schema::records::schema(&name), &name);
        self.words
            .contributions
            .retain(|c| !matches!(&*c.path, "partner.tier") && !c.path.starts_with("partner.exclude"));
        let id = Patch { kind: PatchKind::Neutral(Leaf::Str(id.clone())), span: node.span };
        entries.shift_insert(0, "id".into(), id);
        self.words.own.insert(name, Patch { kind: PatchKind::Map(shrunk(entries)), span: node.span });
        if let Some(overlay) = map.get("overlay") {
            self.inline_overlay(overlay, inline);
        }
    }

    /// `overlay:` of a one-file value: the same paths, as keys.
    fn inline_overlay(&mut self, node: &Node, inline: &mut Inline) {
        let Some(map) = node.as_map() else {
            let error = Diagnostic::error("E-TYPE", "`overlay` has to be a map of paths");
            self.words.diagnostics.push(error.at(node.span, "").help("such as `overlay: {nurture: {emails: […]}}`"));
            return;
        };
        for entry in &map.entries {
            let path = &*entry.key.value;
            inline.insert(path.strip_suffix(".yaml").unwrap_or(path).to_owned(), entry.key.span);
            match (&entry.value.value, path.ends_with(".md")) {
                (Value::Scalar(_), true) if path.starts_with("content/") => {
                    let span = entry.value.span;
                    let file = self.loader.workspace.sources().get(span.source).text.clone();
                    match markdown::parse_patch_in(&file, &entry.value) {
                        Ok(patch) => self.markdown_patch(path, &patch, span),
                        Err(errors) => self.words.diagnostics.append(errors),
                    }
                }
                (_, false) => self.document(path.strip_suffix(".yaml").unwrap_or(path), &entry.value, entry.key.span),
                _ => self.words.diagnostics.push(
                    Diagnostic::error("E-PATH", format!("`{path}` cannot stand below `overlay`"))
                        .at(entry.key.span, "")
                        .help("make the value a folder, and put the file there"),
                ),
            }
        }
    }

    /// A file of the layer itself, which has to stand in one of two places.
    pub fn own(mut self, file: LayerFile<'_>, inline: &Inline) -> Words {
        self.own_file(file, inline);
        self.words
    }

    fn own_file(&mut self, file: LayerFile<'_>, inline: &Inline) {
        let path = file.path;
        if let Some(&inline) = inline.get(path.strip_suffix(".yaml").unwrap_or(path)) {
            let error = Diagnostic::error("E-LAYERFILE", format!("`{path}` stands below `overlay` and as a file"));
            let error = error.at(file.span(), "").other(inline, "and here");
            self.words.diagnostics.push(error.help("say it in one of the two places"));
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
            _ if path.starts_with("templates/") && self.is_master => {
                if file.source().is_none() {
                    let message = "this is read as no text, so no template is made of it";
                    self.push_at(
                        file,
                        "E-LAYERFILE",
                        message,
                        "give it the ending of what it comes to, such as `.html`",
                    );
                }
            }
            _ if path.starts_with("templates/") => {
                self.push_at(file, "E-LAYERFILE", "templates belong to the master", "change data or blocks instead");
            }
            _ if path == "README.md" => {}
            _ => self.words.diagnostics.push(unknown_file(file, "layer")),
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
                self.words
                    .diagnostics
                    .push(error.at(item.span, "").help("to remove a value, write `{$remove: true}` in its file"));
                continue;
            };
            self.words.contributions.push(Contribution::new(&**path, Right::Remove, item.span));
            self.words.own.insert(path.clone(), Patch { kind: PatchKind::Remove, span: item.span });
        }
    }

    fn push_at(&mut self, file: LayerFile<'_>, code: &'static str, message: &str, help: &str) {
        let error = Diagnostic::error(code, format!("`{}`: {message}", file.input)).at(file.span(), "");
        self.words.diagnostics.push(error.help(help));
    }

    fn parse(&mut self, file: LayerFile<'_>) -> Option<(Node, SourceId)> {
        let source = file.source()?;
        Some((parse(self.loader.workspace, source, &mut self.words.diagnostics)?, source))
    }

    /// A YAML file at the layer's root, or the same below `overlay`.
    fn document(&mut self, name: &str, node: &Node, span: Span) {
        if node.is_null() {
            return;
        }
        let voice = self.voice();
        if name == "package" {
            let Some(map) = node.as_map() else { return self.not_a_map(name, node) };
            let shape = schema::package::schema();
            let mut entries = self.converter(voice, Right::Replace).entries(&map.entries, shape, "");
            self.words
                .contributions
                .iter_mut()
                .filter(|c| c.right == Right::Replace && c.path.starts_with("vars."))
                .for_each(|c| c.right = Right::SetVar);
            entries.drain(..).for_each(|(key, patch)| {
                self.words.own.insert(key, patch);
            });
            return;
        }
        let documents = schema::documents();
        match documents.iter().find(|field| field.name == name) {
            Some(field) => {
                if let Some(patch) = self.converter(voice, Right::Replace).patch(node, &field.shape, name) {
                    self.words.own.insert(name.into(), patch);
                }
            }
            None => {
                let names = documents.iter().map(|field| field.name).chain(["package"]);
                let error = Diagnostic::error("E-PATH", format!("there is no file `{name}.yaml` to change"));
                let near = nearest(name, names);
                self.words
                    .diagnostics
                    .push(error.at(span, "").help(did_you_mean(near, "files are named as in the master")));
            }
        }
    }

    fn not_a_map(&mut self, name: &str, node: &Node) {
        let error = Diagnostic::error("E-TYPE", format!("`{name}.yaml` has to be a map"));
        self.words.diagnostics.push(error.at(node.span, format!("this is {}", node.kind())));
    }

    fn markdown(&mut self, file: LayerFile<'_>) {
        let Some(source) = file.source() else { return };
        let text = self.loader.workspace.sources().get(source).text.clone();
        let span = Span::file(source);
        if self.is_master {
            match markdown::parse(source, &text, 0) {
                Ok(document) => {
                    let patch = self.blocks(file.path, Voice::Master).document(&document, span);
                    self.words.own.insert(file.path.into(), patch);
                }
                Err(errors) => self.words.diagnostics.append(errors),
            }
        } else {
            match markdown::parse_patch(source, &text, 0) {
                Ok(patch) => self.markdown_patch(file.path, &patch, span),
                Err(errors) => self.words.diagnostics.append(errors),
            }
        }
    }

    fn markdown_patch(&mut self, path: &str, patch: &markdown::Patch, span: Span) {
        let patch = self.blocks(path, Voice::Overlay).operations(patch, span);
        self.words.own.insert(path.into(), patch);
    }

    fn blocks<'c>(&'c mut self, file: &'c str, voice: Voice) -> BlockConverter<'c> {
        let trust = if self.is_master { Trust::Master } else { Trust::Overlay };
        let Words { diagnostics, contributions, conditions, .. } = &mut self.words;
        BlockConverter { voice, file, trust, diagnostics, contributions, conditions }
    }

    fn asset(&mut self, file: LayerFile<'_>) {
        let bytes = match &file.file.content {
            Content::Binary(bytes) => bytes.clone(),
            Content::Text(id) => self.loader.workspace.sources().get(*id).text.as_bytes().into(),
        };
        let asset = Arc::new(Asset::new(file.input.clone(), bytes, *file.file.digest.as_bytes()));
        let span = file.span();
        let contribution = Contribution::new(file.path, Right::Replace, span);
        self.words.contributions.push(Contribution { asset: Some(asset.clone()), ..contribution });
        self.words.own.insert(file.path.into(), Patch { kind: PatchKind::Neutral(Leaf::File(asset)), span });
    }

    /// `locales/<tag>/<the same path>`, beside what the layer itself says.
    pub fn translated(mut self, file: LayerFile<'_>, own: &IndexMap<Arc<str>, Patch>) -> Words {
        self.translated_file(file, own);
        self.words
    }

    fn translated_file(&mut self, file: LayerFile<'_>, own: &IndexMap<Arc<str>, Patch>) {
        let Some((tag, path)) = file.path.strip_prefix("locales/").and_then(|rest| rest.split_once('/')) else {
            self.words.diagnostics.push(unknown_file(file, "layer"));
            return;
        };
        let Some(source) = file.source() else {
            self.words.diagnostics.push(unknown_file(file, "translation"));
            return;
        };
        let Some(locale) = self.loader.locales.find(tag) else {
            self.words.diagnostics.push(unknown_locale(&self.loader.locales, tag, Span::file(source)));
            return;
        };
        if path.starts_with("content/") && path.ends_with(".md") {
            self.translated_markdown(locale, path, source, own.get(path));
        } else if let Some(name) = path.strip_suffix(".yaml").filter(|name| !name.contains('/')) {
            if let Some(node) = parse(self.loader.workspace, source, &mut self.words.diagnostics) {
                self.translated_document(locale, name, &node, source);
            }
        } else {
            self.words.diagnostics.push(unknown_file(file, "translation"));
        }
    }

    fn translated_document(&mut self, locale: LocaleId, name: &str, node: &Node, source: SourceId) {
        let Some(map) = node.as_map() else { return self.not_a_map(name, node) };
        let record = self.record_name.clone().filter(|record| **record == *name);
        let documents = schema::documents();
        let shape = match &record {
            Some(record) => schema::records::schema(record),
            None if name == "package" => schema::package::schema().clone(),
            None => match documents.iter().find(|field| field.name == name) {
                Some(field) => field.shape.clone(),
                None => {
                    let near = nearest(name, documents.iter().map(|field| field.name).chain(["package"]));
                    let error = Diagnostic::error("E-PATH", format!("there is no file `{name}.yaml` to translate"));
                    let help = did_you_mean(near, "translations mirror the layer's own files");
                    self.words.diagnostics.push(error.at(Span::file(source), "").help(help));
                    return;
                }
            },
        };
        let path = if name == "package" { "" } else { name };
        let entries = self.converter(Voice::Translation, Right::Translate).entries(&map.entries, &shape, path);
        let target = self.words.translations.entry(locale).or_default();
        if name == "package" {
            target.extend(entries);
        } else {
            target.insert(name.into(), Patch { kind: PatchKind::Map(entries.into()), span: node.span });
        }
    }

    fn translated_markdown(&mut self, locale: LocaleId, path: &str, source: SourceId, own: Option<&Patch>) {
        let text = self.loader.workspace.sources().get(source).text.clone();
        // Read as an overlay, where a nested block may stand alone; a plain block is a `replace` there.
        let file = match markdown::parse_patch(source, &text, 0) {
            Ok(file) => file,
            Err(errors) => return self.words.diagnostics.append(errors),
        };
        let said = |id: &str| said(own, &format!("{path}#{id}"));
        let span = Span::file(source);
        let patch = self.blocks(path, Voice::Translation).translation(&file, locale, &said, span);
        self.words.translations.entry(locale).or_default().insert(path.into(), patch);
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
