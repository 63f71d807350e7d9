//! Schemas and editor settings of a workspace, kept up to date.

use std::path::Path;

use crate::build::Program;
use crate::diag::Diagnostic;
use crate::editor::{self, FOLDER, MARK, Schema, VSCODE};
use crate::emit::{self, Changes, InputChange};
use crate::paths::InputPath;
use crate::workspace::{DiskFiles, Files, MAX_TEXT, ReadError};

/// Whether the workspace has schemas that are to be kept up to date.
pub fn has_schemas(workspace: &Path) -> bool {
    workspace.join(FOLDER).is_dir()
}

/// Writes the schemas of all layers into the workspace, removes those of layers that are gone, and names them in
/// the settings of VS Code.
pub fn refresh(workspace: &Path, program: &Program) -> Result<Changes, Diagnostic> {
    let schemas = editor::all(program);
    let texts: Vec<(&str, String)> = schemas.iter().map(|schema| (&*schema.name, schema.text())).collect();
    let files: Vec<(&str, &[u8])> = texts.iter().map(|(path, text)| (*path, text.as_bytes())).collect();
    let mut changes = emit::refresh(&workspace.join(FOLDER), &files, MARK)?;
    match name(workspace, &schemas)? {
        true => changes.written += 1,
        false => changes.kept += 1,
    }
    Ok(changes)
}

/// Names the schemas in the settings; whether that changed them. What else they say stays.
fn name(workspace: &Path, schemas: &[Schema]) -> Result<bool, Diagnostic> {
    let unreadable = |reason: &str| {
        let error = Diagnostic::error("E-EXISTS", format!("`{VSCODE}` is {reason}, so it was left alone"));
        error.help(format!(
            "mend it, or take it away; `cobrand schema --write {FOLDER}/vscode` shows what belongs in it"
        ))
    };
    let path = InputPath::new(VSCODE).map_err(|_| unreadable("no name"))?;
    let old = match DiskFiles::new(workspace).read(&path, MAX_TEXT) {
        Ok(bytes) => Some(bytes),
        Err(ReadError::Missing) => None,
        Err(_) => return Err(unreadable("not readable")),
    };
    let digest = old.as_deref().map(blake3::hash);
    let text = old.map(String::from_utf8).transpose().map_err(|_| unreadable("no UTF-8"))?;
    let new = editor::merged(text.as_deref(), schemas).ok_or_else(|| unreadable("no object of settings"))?;
    if text.as_deref() == Some(new.as_str()) {
        return Ok(false);
    }
    let from = digest.map(|digest| (&path, digest));
    emit::change_input(workspace, &InputChange { path: &path, from, bytes: Some(new.into_bytes()) })?;
    Ok(true)
}
