//! What `fix` and `fmt` share: which files, and what is done with what came of it.

use std::path::{Path, PathBuf};

use serde::Serialize;

use super::Exit;
use super::arguments::{Common, Format, Rewriting};
use super::diagnostics::Findings;
use super::diagnostics::json::{self, Finding};
use super::location::Location;
use super::terminal::Terminal;
use super::unified::unified;
use super::wording::count;
use crate::diag::{Diagnostic, Diagnostics};
use crate::emit::{self, InputChange};
use crate::paths::InputPath;
use crate::rewrite::{Change, Rewritten};

/// A command that rewrites files, in its own words.
pub struct Words {
    pub command: &'static str,
    /// `nothing to …`
    pub nothing: &'static str,
}

/// What `--format json` prints; documented in `docs/output.md`.
#[derive(Serialize)]
struct Document<'a> {
    format: u32,
    /// Whether the files were written.
    written: bool,
    changes: Vec<Entry<'a>>,
    diagnostics: Vec<Finding<'a>>,
}

#[derive(Serialize)]
struct Entry<'a> {
    path: &'a str,
    /// The path that the file had, if that is another; left out for a new file.
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<&'a str>,
}

/// Rewrites the files that the command line names, all of them unless it names some.
pub fn run(
    terminal: &Terminal,
    common: &Common,
    arguments: &Rewriting,
    words: &Words,
    rewrite: impl FnOnce(&Location, &dyn Fn(&InputPath) -> bool) -> Rewritten,
) -> Exit {
    if let Err(exit) = terminal.needs_results(words.command) {
        return exit;
    }
    let location = Location::find(common);
    let named = match named(&location.workspace, &arguments.paths) {
        Ok(named) => named,
        Err(problem) => return terminal.refuse(&problem),
    };
    let selected = |path: &InputPath| named.is_empty() || named.iter().any(|named| lies_in(path, named));
    let mut rewritten = rewrite(&location, &selected);
    let writes = !arguments.check && !arguments.dry_run;
    let mut made: Vec<&Change> = rewritten.changes.iter().collect();
    if writes {
        made = write(&location, &rewritten.changes, &mut rewritten.diagnostics);
    }
    let failed = rewritten.diagnostics.has_errors() || (arguments.check && !made.is_empty());
    let printed = print(terminal, &location, arguments, words, &rewritten, &made);
    match printed {
        Err(exit) => exit,
        Ok(()) if failed => Exit::Errors,
        Ok(()) => Exit::Fine,
    }
}

/// The named files and folders as they lie in the workspace.
fn named(workspace: &Path, paths: &[PathBuf]) -> Result<Vec<String>, String> {
    let root = workspace.canonicalize().map_err(|error| format!("cannot open `{}`: {error}", workspace.display()))?;
    let within = |path: &PathBuf| {
        let shown = path.display();
        let found = path.canonicalize().map_err(|_| {
            format!("there is no file or folder `{shown}`\nhelp: name files and folders from where you are, such as `partners/acme`")
        })?;
        let inside = found.strip_prefix(&root).map_err(|_| {
            let help = format!("name a file or folder below `{}`, or another workspace by `-C`", workspace.display());
            format!("`{shown}` is not in the workspace\nhelp: {help}")
        })?;
        Ok(inside.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/"))
    };
    paths.iter().map(within).collect()
}

fn lies_in(path: &InputPath, named: &str) -> bool {
    path.as_str().strip_prefix(named).is_some_and(|rest| named.is_empty() || rest.is_empty() || rest.starts_with('/'))
}

/// Makes the changes; those that were made. What grows comes first: should this die on the way, an entry that
/// goes from one file to another stands in both, and not in none.
fn write<'c>(location: &Location, changes: &'c [Change], diagnostics: &mut Diagnostics) -> Vec<&'c Change> {
    let mut order: Vec<&Change> = changes.iter().collect();
    order.sort_by_key(|change| change.new.len() < change.old.len());
    let mut made = Vec::new();
    for change in order {
        let from = change.from.as_ref().map(|(path, digest)| (path, *digest));
        let input = InputChange { path: &change.path, from, bytes: change.bytes() };
        match emit::change_input(&location.workspace, &input) {
            Ok(()) => made.push(change),
            Err(problem) => diagnostics.push(problem),
        }
    }
    made.sort_by_key(|change| &change.path);
    made
}

fn print(
    terminal: &Terminal,
    location: &Location,
    arguments: &Rewriting,
    words: &Words,
    rewritten: &Rewritten,
    made: &[&Change],
) -> Result<(), Exit> {
    let written = !arguments.check && !arguments.dry_run;
    let findings = Findings::new(rewritten.diagnostics.clone(), rewritten.sources(), &location.prefix);
    if terminal.format == Format::Json {
        let changes = made.iter().map(|change| Entry { path: change.path.as_str(), from: old_path(change) });
        let changes = changes.collect();
        return terminal.document(&Document { format: 1, written, changes, diagnostics: json::list(&findings) });
    }
    terminal.explain(&findings);
    if arguments.dry_run {
        let shown: String = made.iter().map(|change| difference(change)).collect();
        terminal.result(&shown)?;
    } else if arguments.check {
        terminal
            .result(&made.iter().map(|change| format!("{}{}\n", location.prefix, change.path)).collect::<String>())?;
    } else if !terminal.quiet {
        terminal.result(&made.iter().map(|change| told(change, &location.prefix)).collect::<String>())?;
    }
    if !terminal.quiet {
        terminal.say(&summary(arguments, words, made.len(), findings.list.iter().any(Diagnostic::is_error)));
    }
    Ok(())
}

fn old_path(change: &Change) -> Option<&str> {
    change.from.as_ref().map(|(path, _)| path.as_str()).filter(|path| *path != change.path.as_str())
}

fn difference(change: &Change) -> String {
    let old = change.from.as_ref().map_or(change.path.as_str(), |(path, _)| path.as_str());
    unified(old, change.path.as_str(), &change.old, &change.new)
}

fn told(change: &Change, prefix: &str) -> String {
    match (&change.from, old_path(change)) {
        (None, _) => format!("wrote {prefix}{}\n", change.path),
        (_, Some(old)) => format!("moved {prefix}{old} to {prefix}{}\n", change.path),
        _ => format!("rewrote {prefix}{}\n", change.path),
    }
}

fn summary(arguments: &Rewriting, words: &Words, made: usize, failed: bool) -> String {
    let files = count(made as u64, "file");
    match made {
        0 if failed => String::new(),
        0 => format!("nothing to {}\n", words.nothing),
        _ if arguments.check || arguments.dry_run => format!("{files} would change\n"),
        _ => format!("{files} changed\n"),
    }
}
