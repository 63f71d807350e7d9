//! `cobrand schema`

use std::path::Path;

use serde::Serialize;
use serde_json::Value;

use super::Exit;
use super::arguments::{Common, Format, Schema as Arguments};
use super::editor as editing;
use super::program::Opened;
use super::terminal::Terminal;
use super::wording::count;
use crate::build::Program;
use crate::diag::{Diagnostic, nearest};
use crate::editor::{self, FOLDER, MARK, Schema};
use crate::emit::{self, Changes};

/// What is printed without `--kind`; documented in `docs/schema.md`.
#[derive(Serialize)]
struct Document<'a> {
    format: u32,
    schemas: Vec<Entry<'a>>,
}

#[derive(Serialize)]
struct Entry<'a> {
    kind: &'a str,
    /// The files it is for; none for whole records.
    files: &'a [String],
    schema: &'a Value,
}

impl<'a> Entry<'a> {
    fn of(schema: &'a Schema) -> Self {
        Self { kind: &schema.kind, files: &schema.files, schema: &schema.document }
    }
}

pub fn run(terminal: &Terminal, common: &Common, arguments: &Arguments) -> Exit {
    if let Err(exit) = terminal.needs_results("schema") {
        return exit;
    }
    let opened = Opened::read(common);
    let program = match opened.usable(terminal) {
        Ok(program) => program,
        Err(exit) => return exit,
    };
    let is_own = arguments.write.as_ref().is_some_and(|folder| folder == Path::new(FOLDER));
    if is_own && arguments.layer.is_none() && arguments.kind.is_none() {
        let folder = format!("{}{FOLDER}", opened.location.prefix);
        return told(terminal, &folder, editing::refresh(&opened.location.workspace, program));
    }
    let schemas = match chosen(program, arguments) {
        Ok(schemas) => schemas,
        Err(problem) => return terminal.refuse(&problem),
    };
    let printed = match &arguments.write {
        Some(folder) => return write(terminal, folder, &opened.location.prefix, &schemas),
        None => match schemas.as_slice() {
            [one] if arguments.kind.is_some() => terminal.document(&one.document),
            all => terminal.document(&Document { format: 1, schemas: all.iter().map(Entry::of).collect() }),
        },
    };
    printed.err().unwrap_or(Exit::Fine)
}

fn chosen(program: &Program, arguments: &Arguments) -> Result<Vec<Schema>, String> {
    let all = match &arguments.layer {
        Some(folder) => {
            let id = editor::layer_at(program, folder).ok_or_else(|| no_layer(program, folder))?;
            editor::of_layer(program, id)
        }
        None if arguments.write.is_some() && arguments.kind.is_none() => editor::all(program),
        None => editor::whole(program),
    };
    let Some(kind) = &arguments.kind else { return Ok(all) };
    let kinds: Vec<String> = all.iter().map(|schema| schema.kind.clone()).collect();
    let found: Vec<Schema> = all.into_iter().filter(|schema| schema.kind == *kind).collect();
    if found.is_empty() {
        let help = match nearest(kind, kinds.iter().map(String::as_str)) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("kinds are {}", kinds.join(", ")),
        };
        return Err(format!("there is no file kind `{kind}`\nhelp: {help}"));
    }
    Ok(found)
}

fn no_layer(program: &Program, folder: &str) -> String {
    let layers = program.catalog().layers.iter().filter(|layer| !layer.is_of_master());
    let help = match nearest(folder, layers.map(|layer| layer.place.as_str())) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "name the folder of a layer, such as `partners/acme`".to_owned(),
    };
    format!("there is no layer `{folder}`\nhelp: {help}")
}

fn write(terminal: &Terminal, folder: &Path, prefix: &str, schemas: &[Schema]) -> Exit {
    // Editor settings name schemas from the workspace.
    let shown = folder.display().to_string();
    let within = shown.strip_prefix(prefix).unwrap_or(&shown);
    let mut files: Vec<(&str, String)> = schemas.iter().map(|schema| (&*schema.name, schema.text())).collect();
    let settings = editor::settings(schemas, within.trim_start_matches("./"));
    files.push(("settings.json", settings));
    let changes = emit::add(folder, files.iter().map(|(path, text)| (*path, text.as_bytes())), Some(MARK));
    told(terminal, &shown, changes)
}

fn told(terminal: &Terminal, shown: &str, changes: Result<Changes, Diagnostic>) -> Exit {
    match changes {
        Ok(changes) if terminal.format == Format::Json => {
            let document = serde_json::json!({
                "format": 1, "folder": shown, "written": changes.written, "kept": changes.kept,
                "removed": changes.removed,
            });
            terminal.document(&document).err().unwrap_or(Exit::Fine)
        }
        Ok(_) if terminal.quiet => Exit::Fine,
        Ok(changes) => {
            let (written, kept) = (count(changes.written, "file"), changes.kept);
            let removed = if changes.removed > 0 { format!(", {} removed", changes.removed) } else { String::new() };
            let told = format!("wrote {written} to `{shown}`, {kept} unchanged{removed}\n");
            terminal.result(&told).err().unwrap_or(Exit::Fine)
        }
        Err(problem) => {
            terminal.explain_one(problem);
            Exit::Errors
        }
    }
}
