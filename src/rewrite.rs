//! Overlays rewritten as the master moved on, and files put in order; all else keeps its bytes.
//!
//! Nothing is written here: the answer is a list of [`Change`]s, which [`crate::emit`] makes. What is answered
//! was read again, and says in every layer exactly what was said before; a file for which that does not hold is
//! left as it is.
//!
//! - [`fix`]: old names of places become new ones (V8), and, if asked for, what changes nothing goes
//! - [`fn@format`]: entries in the master's order, and on request rows by id and ids for headings (M2)
//! - [`drafts`]: files while they are rewritten; [`same`]: whether they say what they said
//! - [`sites`]: what each file of a layer holds; [`moved`]: each move, in each of them
//! - [`yaml`], [`blocks`], [`table`]: the same in YAML, in Markdown and in registries
//! - [`sort`]: entries of a document; [`ids`]: what a heading is called
//! - [`text`], [`extent`], [`piece`]: bytes, lines, and entries on their way

mod blocks;
mod drafts;
mod extent;
mod format;
mod ids;
mod moved;
mod piece;
mod same;
mod sites;
mod sort;
mod table;
mod text;
mod yaml;

use std::sync::Arc;

use crate::catalog::{Catalog, Layer, layers};
use crate::diag::{Diagnostic, Diagnostics};
use crate::paths::InputPath;
use crate::source::{Sources, Span};
use crate::workspace::{Files, Workspace};

pub use format::{Also, format};

use drafts::Drafts;
use moved::{Mover, Reasons};
use sites::Part;

/// What shall become of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The path that it shall have.
    pub path: InputPath,
    /// The path that it has, with the digest of its bytes; `None` for a file that is not there yet.
    pub from: Option<(InputPath, blake3::Hash)>,
    /// Its text as it is and as it shall be; both empty for a file that is no text.
    pub old: Arc<str>,
    pub new: Arc<str>,
    /// Whether it begins with a byte order mark, which stays.
    has_mark: bool,
}

/// What came of it.
pub struct Rewritten {
    workspace: Workspace,
    /// By path.
    pub changes: Vec<Change>,
    pub diagnostics: Diagnostics,
}

impl Rewritten {
    /// The texts that the diagnostics point into.
    pub fn sources(&self) -> &Sources {
        self.workspace.sources()
    }
}

/// Which files may be rewritten.
pub type Selected<'a> = &'a dyn Fn(&InputPath) -> bool;

/// A workspace whose layers are known, though perhaps not without errors.
struct Opened {
    workspace: Workspace,
    catalog: Option<Catalog>,
    diagnostics: Diagnostics,
}

impl Opened {
    fn read(files: &impl Files) -> Self {
        let (settings, _) = Workspace::read(files, &[]);
        let (workspace, mut diagnostics) = Workspace::read(files, &layers::folders(&settings));
        let catalog = Catalog::load(&workspace, &|_| true, &mut diagnostics);
        Self { workspace, catalog, diagnostics }
    }

    fn path(&self, span: Span) -> &InputPath {
        &self.workspace.sources().get(span.source).path
    }

    /// What names a finding in another reading of the same files.
    fn key(&self, diagnostic: &Diagnostic) -> (&'static str, String, Option<InputPath>) {
        let path = diagnostic.place.as_ref().map(|place| self.path(place.span).clone());
        (diagnostic.code.0, diagnostic.message.clone(), path)
    }
}

/// The workspace with the new names of what the master moved.
pub fn fix(files: &impl Files, selected: Selected<'_>) -> Rewritten {
    let opened = Opened::read(files);
    let mut diagnostics = errors(&opened.diagnostics);
    let mut changes = Vec::new();
    if let Some(catalog) = &opened.catalog {
        let mut drafts = Drafts::new(&opened.workspace);
        let mut reasons = Reasons::default();
        for group in sites::parts(&opened.workspace, catalog) {
            let parts: Vec<Part> = group.into_iter().filter(|part| selected(&part.path)).collect();
            Mover { drafts: &mut drafts, reasons: &mut reasons, selected }.layer(&parts, &catalog.moved);
        }
        leave_alone(&mut drafts, &reasons);
        let after = settled(&opened, catalog, &mut drafts, &|_| true);
        diagnostics.extend(left(&opened, after.as_ref(), &reasons, selected));
        changes = drafts.changes();
    }
    Rewritten { workspace: opened.workspace, changes, diagnostics }
}

fn errors(found: &Diagnostics) -> Diagnostics {
    let mut errors = Diagnostics::default();
    errors.extend(found.iter().filter(|diagnostic| diagnostic.is_error()).cloned());
    errors
}

/// A file in which something is left to a person is not rewritten in part.
fn leave_alone(drafts: &mut Drafts<'_>, reasons: &Reasons) {
    drafts.drop_all(|path| reasons.keys().any(|(file, _)| file == path));
}

/// Drops what would make a layer say something else, until nothing does. The workspace as it will be; `None`
/// if nothing changes.
///
/// `stays` names the layers that have to say the same.
fn settled(
    opened: &Opened,
    catalog: &Catalog,
    drafts: &mut Drafts<'_>,
    stays: &dyn Fn(&Layer) -> bool,
) -> Option<Opened> {
    while !drafts.is_empty() {
        let after = Opened::read(&drafts.files());
        let Some(catalog_after) = &after.catalog else {
            drafts.drop_all(|_| true);
            return None;
        };
        let known: Vec<_> = opened.diagnostics.iter().map(|diagnostic| opened.key(diagnostic)).collect();
        let is_new = |diagnostic: &&Diagnostic| diagnostic.is_error() && !known.contains(&after.key(diagnostic));
        let mut changed = same::changed(catalog, catalog_after);
        changed.retain(|&index| catalog.layers.get(index).is_none_or(stays));
        if changed.is_empty() && !after.diagnostics.iter().any(|diagnostic| is_new(&diagnostic)) {
            return Some(after);
        }
        let count = drafts.touched().count();
        for layer in changed.iter().filter_map(|&index| catalog.layers.get(index)) {
            drafts.drop_all(|path| belongs(opened, layer, path));
        }
        // Something is wrong that shows in no layer.
        if drafts.touched().count() == count {
            drafts.drop_all(|_| true);
        }
    }
    None
}

/// Whether a file speaks for a layer.
fn belongs(opened: &Opened, layer: &Layer, path: &InputPath) -> bool {
    let is_inside = path.as_str().strip_prefix(&layer.place).is_some_and(|rest| rest.starts_with(['/', '.']));
    is_inside
        || layer.sources.iter().any(|&id| opened.workspace.sources().get(id).path == *path)
        || layer.row.is_some_and(|row| opened.path(row) == path)
}

/// The old names that a person has to change.
fn left(opened: &Opened, after: Option<&Opened>, reasons: &Reasons, selected: Selected<'_>) -> Vec<Diagnostic> {
    let after = after.unwrap_or(opened);
    let is_moved = |diagnostic: &&Diagnostic| diagnostic.code.0 == "W-MOVED";
    let still: Vec<_> = after.diagnostics.iter().filter(is_moved).map(|diagnostic| after.key(diagnostic)).collect();
    let mut left = Vec::new();
    for warning in opened.diagnostics.iter().filter(is_moved) {
        let (Some(place), true) = (&warning.place, still.contains(&opened.key(warning))) else { continue };
        let path = opened.path(place.span);
        if !selected(path) {
            continue;
        }
        let of_file = || reasons.iter().filter(|((file, _), _)| file == path);
        let own = of_file().find(|((_, from), _)| warning.message.starts_with(&format!("`{from}`")));
        let reason = match own {
            Some((_, reason)) => reason,
            None if of_file().next().is_some() => "something else in this file is, too",
            None => "its meaning would change",
        };
        let error = Diagnostic::error("E-FIX", format!("{}, and is left to you: {reason}", warning.message));
        let error = error.at(place.span, "").help(warning.help.first().map_or("", |help| by_hand(help)).to_owned());
        left.push(warning.others.iter().fold(error, |error, other| error.other(other.span, other.text.clone())));
    }
    left
}

/// What `W-MOVED` advises, without the command that was just run.
fn by_hand(help: &str) -> &str {
    help.split(", or let").next().unwrap_or(help)
}
