//! Names that have to mean the same file on every machine.

use std::collections::{BTreeMap, BTreeSet};

use unicode_normalization::UnicodeNormalization;

use crate::diag::{Diagnostic, Diagnostics};
use crate::paths::InputPath;
use crate::source::Span;

use super::{File, Workspace};

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
    let mut seen: BTreeMap<String, &str> = BTreeMap::new();
    let mut reported: BTreeSet<&str> = BTreeSet::new();
    for (path, file) in workspace.files() {
        let ends = path.as_str().match_indices('/').map(|(at, _)| at).chain([path.as_str().len()]);
        for end in ends {
            let part = &path.as_str()[..end];
            let first = *seen.entry(folded(part)).or_insert(part);
            if first != part {
                // A folder is reported once, not again for every file in it.
                if reported.insert(part) {
                    problems.push(same_name(part, first, file));
                }
                break;
            }
        }
    }
}

fn folded(path: &str) -> String {
    path.nfc().flat_map(char::to_lowercase).collect()
}

fn same_name(path: &str, first: &str, file: &File) -> Diagnostic {
    let message = format!("`{path}` and `{first}` differ only in case or composition of characters");
    Diagnostic::error("E-CASE", message)
        .at(Span::file(file.source), "")
        .note("on some systems they are one file")
        .help("rename one of the two")
}
