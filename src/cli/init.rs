//! `cobrand init [DIR]`

use std::path::Path;

use serde::Serialize;

use super::Exit;
use super::arguments::{Format, Init};
use super::diagnostics::Findings;
use super::diagnostics::json::{self, Finding};
use super::terminal::Terminal;
use super::wording::count;
use crate::build::Program;
use crate::diag::Diagnostic;
use crate::editor;
use crate::emit::{self, Changes};
use crate::source::Sources;
use crate::starter;
use crate::workspace::MemoryFiles;

/// What `--format json` prints; documented in `docs/output.md`.
#[derive(Serialize)]
struct Document<'a> {
    format: u32,
    folder: String,
    written: u64,
    bytes: u64,
    diagnostics: Vec<Finding<'a>>,
}

pub fn run(terminal: &Terminal, arguments: &Init) -> Exit {
    if let Err(exit) = terminal.needs_results("init") {
        return exit;
    }
    let files = starter::files();
    let editor = editor_files(&files);
    let own = files.iter().map(|file| (&*file.path, file.bytes));
    let editor = editor.iter().map(|(path, text)| (path.as_str(), text.as_bytes()));
    let written = emit::write_new(&arguments.folder, own.chain(editor));
    let exit = if written.is_ok() { Exit::Fine } else { Exit::Errors };
    match print(terminal, &arguments.folder, written) {
        Ok(()) => exit,
        Err(exit) => exit,
    }
}

/// Schemas and settings, so that an editor completes keys at once.
fn editor_files(files: &[starter::File]) -> Vec<(String, String)> {
    let memory: MemoryFiles = files.iter().map(|file| (file.path.as_str(), file.bytes)).collect();
    // The starter is whole, as its tests say.
    let (Ok(program), _) = Program::open(&memory) else { return Vec::new() };
    let schemas = editor::all(&program);
    let mut made: Vec<(String, String)> =
        schemas.iter().map(|schema| (format!("{}/{}", editor::FOLDER, schema.name), schema.text())).collect();
    made.extend(editor::merged(None, &schemas).map(|settings| (editor::VSCODE.to_owned(), settings)));
    made.push((editor::VSCODE_EXTENSIONS.to_owned(), editor::extensions()));
    made
}

fn print(terminal: &Terminal, folder: &Path, written: Result<Changes, Diagnostic>) -> Result<(), Exit> {
    if terminal.format == Format::Json {
        let sources = Sources::default();
        let changes = written.as_ref().copied().unwrap_or_default();
        let findings = Findings::new(written.err().map(Into::into).unwrap_or_default(), &sources, "");
        return terminal.document(&Document {
            format: 1,
            folder: folder.display().to_string(),
            written: changes.written,
            bytes: changes.bytes,
            diagnostics: json::list(&findings),
        });
    }
    match written {
        Ok(changes) if !terminal.quiet => terminal.result(&next_steps(folder, &changes)),
        Ok(_) => Ok(()),
        Err(problem) => {
            terminal.explain_one(problem);
            Ok(())
        }
    }
}

fn next_steps(folder: &Path, changes: &Changes) -> String {
    let shown = folder.display();
    let here = folder == Path::new(".");
    let place = if here { "this folder".to_owned() } else { format!("`{shown}`") };
    let enter = if here { String::new() } else { format!("  cd {shown}\n") };
    format!(
        "wrote a workspace of {} to {place}\n\nnext:\n{enter}  cobrand build\n\nthen open output/index.html, and put your own data into partners/acme/partner.yaml\n",
        count(changes.written, "file"),
    )
}
