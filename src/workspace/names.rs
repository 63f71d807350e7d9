//! Names that have to mean the same file on every machine.

use std::collections::{HashMap, HashSet};

use unicode_normalization::UnicodeNormalization;

use crate::diag::{Diagnostic, Diagnostics};
use crate::paths::InputPath;
use crate::source::Span;

use super::{File, Workspace};

/// Whether a file is one that a system or an editor left there by itself: nobody means it to be read.
pub(super) fn is_dropping(name: &str) -> bool {
    let ends = ["~", ".orig", ".bak", ".swp", ".tmp"];
    let is_around = name.len() > 1 && name.starts_with('#') && name.ends_with('#');
    let is_of_system = ["thumbs.db", "desktop.ini", "ehthumbs.db"].iter().any(|own| name.eq_ignore_ascii_case(own));
    is_around || is_of_system || name.starts_with("~$") || ends.iter().any(|end| name.ends_with(end))
}

/// The path a file is known by: YAML has one ending.
pub(super) fn canonical(path: &InputPath) -> InputPath {
    let renamed = path.as_str().strip_suffix(".yml").map(|stem| InputPath::new(&format!("{stem}.yaml")));
    match renamed {
        Some(Ok(renamed)) => renamed,
        _ => path.clone(),
    }
}

pub(super) fn both_endings(path: &InputPath) -> Diagnostic {
    let other = canonical(path);
    Diagnostic::error("E-PATHNAME", format!("`{path}` and `{other}` are one file by their names"))
        .help("keep one of the two, with the ending `.yaml`")
}

/// Reports paths, or folders on the way, that some file systems take for one.
pub(super) fn check(workspace: &Workspace, problems: &mut Diagnostics) {
    let mut seen: HashMap<String, &str> = HashMap::new();
    let mut reported: HashSet<&str> = HashSet::new();
    // How much of the last path was found to be nobody else's.
    let mut last = "";
    for (path, file) in workspace.files() {
        let path = path.as_str();
        let ends = path.match_indices('/').map(|(at, _)| at).chain([path.len()]);
        let known = common(path, std::mem::replace(&mut last, path));
        for end in ends.filter(|&end| end > known) {
            let part = &path[..end];
            let first = *seen.entry(folded(part)).or_insert(part);
            if first != part {
                // A folder is reported once, not again for every file in it.
                if reported.insert(part) {
                    problems.push(same_name(part, first, file));
                }
                last = "";
                break;
            }
        }
    }
}

/// How many bytes of the folders around a file are those of the last one. Files stand in the order of their paths,
/// so most lie where the last one does.
fn common(path: &str, last: &str) -> usize {
    let same = path.bytes().zip(last.bytes()).take_while(|(a, b)| a == b).count();
    path.as_bytes()[..same].iter().rposition(|&sign| sign == b'/').unwrap_or(0)
}

fn folded(path: &str) -> String {
    if path.is_ascii() {
        return path.to_ascii_lowercase();
    }
    path.nfc().flat_map(char::to_lowercase).collect()
}

fn same_name(path: &str, first: &str, file: &File) -> Diagnostic {
    let message = format!("`{path}` and `{first}` differ only in case or composition of characters");
    Diagnostic::error("E-CASE", message)
        .at(Span::file(file.source), "")
        .note("on some systems they are one file")
        .help("rename one of the two")
}
