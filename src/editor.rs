//! JSON Schemas for editors: what each file may hold, for whoever writes it (D3).
//!
//! The master's files have whole schemas. A layer's files have partial ones: nothing is required, only
//! paths that its role and tier may touch are there, with their limits and today's value.
//!
//! - [`today`]: the values that a layer's readers see at present
//! - [`writer`]: from shapes to schemas
//! - [`leaf`]: a single value
//! - [`jsonc`]: settings with comments, so that nothing else in them is touched
//! - [`map`]: the list of files and schemas that an editor is given

mod jsonc;
mod leaf;
mod map;
mod today;
mod writer;

use indexmap::IndexMap;
use indexmap::map::Entry;
use serde_json::{Value, json};

use crate::build::Program;
use crate::catalog::convert::Voice;
use crate::catalog::patch::Right;
use crate::catalog::{Layer, LayerId};
use crate::diag::article;
use crate::explain::permission;
use crate::guard::Speaker;
use crate::policy::HQ;
use crate::schema::{self, Shape};

pub use map::{FOLDER, VSCODE, VSCODE_EXTENSIONS, extensions, merged, settings};
pub use today::Today;
use writer::Writer;

/// In every schema that this program writes, and in no other file.
pub const MARK: &str = "Written by `cobrand schema`; it is replaced when that runs again.";

/// The schema of one file.
#[derive(Clone, Debug)]
pub struct Schema {
    /// `nurture`, `partner`; `locales/nurture` for translations.
    pub kind: String,
    /// Where the schema lies below the schemas' folder.
    pub name: String,
    /// The files it is for, within the workspace; `*` stands for one name.
    pub files: Vec<String>,
    pub document: Value,
}

impl Schema {
    /// The bytes of the schema's file.
    pub fn text(&self) -> String {
        format!("{}\n", self.document)
    }
}

/// The schemas of the master's files, and of records whoever's they are.
pub fn whole(program: &Program) -> Vec<Schema> {
    let writer = |voice, today| Writer {
        program,
        layer: None,
        around: Vec::new(),
        speaker: Speaker::hq(program.approved()),
        today,
        voice,
    };
    let today = Today::of_master(program);
    let (master, translation) = (writer(Voice::Master, Today::nothing()), writer(Voice::Translation, today));
    let mut schemas = Vec::new();
    for (kind, path, shape) in documents() {
        let made = master.document(&shape, path, &format!("`{kind}.yaml` of the master"));
        schemas.push(schema(&format!("master/{kind}"), kind, format!("master-templates/{kind}.yaml"), made));
        if shape.holds_text() {
            let made = translation.document(&shape, path, &format!("a translation of `{kind}.yaml`"));
            schemas.push(translated("master", kind, "master-templates", made));
        }
    }
    let record = writer(Voice::Overlay, Today::nothing());
    for axis in program.catalog().settings.axis_ids() {
        let axis = program.catalog().settings.axis(axis);
        let made = record.record(
            axis,
            Some(record.overlay()),
            &format!("the record of {} {}", article(&axis.name), axis.name),
        );
        schemas.push(schema(&format!("records/{}", axis.name), &axis.name, String::new(), made));
    }
    schemas
}

/// The schemas of everything a layer may hold.
pub fn of_layer(program: &Program, id: LayerId) -> Vec<Schema> {
    let catalog = program.catalog();
    let layer = catalog.layer(id);
    let speaker = Speaker::of_layer(program.approved(), id)
        .beside(program.approved(), &permission::everywhere(program, &layer.selector));
    let today = Today::of_layer(program, id);
    let around = permission::anywhere(program, &layer.selector);
    let writer = |voice| Writer {
        program,
        layer: Some(id),
        around: around.clone(),
        speaker: speaker.clone(),
        today: today.clone(),
        voice,
    };
    let (own, translation) = (writer(Voice::Overlay), writer(Voice::Translation));
    let who = format!("for {}", layer.place);
    let single = format!("{}.yaml", layer.place);
    let is_single = program.workspace().file(&single).is_some();
    let mut schemas = Vec::new();
    if let [binding] = layer.selector.bindings() {
        let axis = catalog.settings.axis(binding.axis);
        let overlay = is_single.then(|| own.overlay());
        let made = own.record(axis, overlay, &format!("the record of a {}, {who}", axis.name));
        let file = if is_single { single } else { format!("{}/{}.yaml", layer.place, axis.name) };
        schemas.push(schema(&format!("{}/{}", layer.place, axis.name), &axis.name, file, made));
        let shape = schema::records::schema(&axis.name);
        if !is_single && shape.holds_text() {
            let made = translation.document(&shape, &axis.name, &format!("a translation, {who}"));
            schemas.push(translated(&layer.place, &axis.name, &layer.place, made));
        }
    }
    for (kind, path, shape) in documents().into_iter().filter(|_| !is_single) {
        let made = own.document(&shape, path, &format!("`{kind}.yaml`, {who}"));
        schemas.push(schema(&format!("{}/{kind}", layer.place), kind, format!("{}/{kind}.yaml", layer.place), made));
        if shape.holds_text() {
            let made = translation.document(&shape, path, &format!("a translation of `{kind}.yaml`, {who}"));
            schemas.push(translated(&layer.place, kind, &layer.place, made));
        }
    }
    schemas
}

/// The schemas of the folders that HQ writes beside the master: nothing limits them, so one set serves all.
fn of_hq(program: &Program) -> Vec<Schema> {
    let policy = program.approved().policy();
    let settings = &program.catalog().settings;
    let today = Today::of_master(program);
    let writer = Writer {
        program,
        layer: None,
        around: Vec::new(),
        speaker: Speaker::hq(program.approved()),
        today,
        voice: Voice::Overlay,
    };
    let axes = || settings.axis_ids().filter(|&axis| policy.role_of(axis) == HQ).map(|axis| settings.axis(axis));
    let mut schemas = Vec::new();
    for axis in axes() {
        let made = writer.record(
            axis,
            Some(writer::overlay_beside()),
            &format!("the record of {} {}", article(&axis.name), axis.name),
        );
        let files = [format!("{}/*.yaml", axis.folder), format!("{}/*/{}.yaml", axis.folder, axis.name)];
        schemas.push(Schema {
            files: files.into(),
            ..schema(&format!("hq/{}", axis.name), &axis.name, String::new(), made)
        });
    }
    for (kind, path, shape) in documents() {
        let made = writer.document(&shape, path, &format!("`{kind}.yaml`, for HQ's folders"));
        let files = axes().map(|axis| format!("{}/*/{kind}.yaml", axis.folder)).collect();
        schemas.push(Schema { files, ..schema(&format!("hq/{kind}"), kind, String::new(), made) });
    }
    schemas
}

/// The master's schemas, HQ's, and those of every other layer that has files; a row of a registry has none.
/// Files that are told the same share one schema.
pub fn all(program: &Program) -> Vec<Schema> {
    let catalog = program.catalog();
    let has_files = |layer: &&Layer| {
        let mut below = program.workspace().below(&layer.place);
        !layer.is_of_master()
            && (below.next().is_some() || program.workspace().file(&format!("{}.yaml", layer.place)).is_some())
    };
    let is_limited = |&id: &LayerId| Speaker::of_layer(program.approved(), id).role() != HQ;
    let ids = catalog.layer_ids().filter(|&id| has_files(&catalog.layer(id))).filter(is_limited);
    let layers = ids.flat_map(|id| of_layer(program, id));
    let has_files = |schema: &Schema| !schema.files.is_empty();
    shared(whole(program).into_iter().chain(of_hq(program)).chain(layers).filter(has_files))
}

/// One schema for all files that are told the same, named after what it says.
fn shared(schemas: impl Iterator<Item = Schema>) -> Vec<Schema> {
    let mut by_document: IndexMap<String, Schema> = IndexMap::new();
    for schema in schemas {
        match by_document.entry(schema.document.to_string()) {
            Entry::Vacant(free) => drop(free.insert(schema)),
            Entry::Occupied(same) => {
                let digest = blake3::hash(same.key().as_bytes()).to_hex();
                let same = same.into_mut();
                same.name = format!("shared/{}.schema.json", digest.get(..12).unwrap_or_default());
                same.files.extend(schema.files);
            }
        }
    }
    by_document.into_values().collect()
}

/// The layer whose folder this is.
pub fn layer_at(program: &Program, folder: &str) -> Option<LayerId> {
    let folder = folder.trim_end_matches('/').trim_start_matches("./");
    let catalog = program.catalog();
    catalog.layer_ids().find(|&id| !catalog.layer(id).is_of_master() && catalog.layer(id).place == folder)
}

/// The files that stand at a layer's root: name, path of what they hold, shape.
pub fn documents() -> Vec<(&'static str, &'static str, Shape)> {
    let package = ("package", "", schema::package::schema().clone());
    let rest = schema::documents().iter().map(|field| (field.name, field.name, field.shape.clone()));
    std::iter::once(package).chain(rest).collect()
}

fn schema(name: &str, kind: &str, file: String, document: Value) -> Schema {
    let files = if file.is_empty() { Vec::new() } else { vec![file] };
    Schema { kind: kind.to_owned(), name: format!("{name}.schema.json"), files, document }
}

fn translated(name: &str, kind: &str, folder: &str, document: Value) -> Schema {
    let mut made = schema(&format!("{name}/locales/{kind}"), kind, format!("{folder}/locales/*/{kind}.yaml"), document);
    made.kind = format!("locales/{kind}");
    made
}

/// The right that a plain value at a path needs.
pub fn plain_right(voice: Voice, path: &str, is_record: bool) -> Right {
    match voice {
        Voice::Translation => Right::Translate,
        _ if is_record || path == "vars" || path.starts_with("vars.") => Right::SetVar,
        _ => Right::Replace,
    }
}

/// What stands at the head of each schema.
fn head(title: &str, body: Value) -> Value {
    let mut document = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$comment": MARK,
        "title": title,
    });
    if let (Some(document), Value::Object(body)) = (document.as_object_mut(), body) {
        document.extend(body);
    }
    document
}
