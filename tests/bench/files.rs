//! Reading and writing workspaces.

use std::fs;
use std::path::{Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

/// The sample program: the workspace at the repository's root.
pub fn sample() -> PathBuf {
    env!("CARGO_MANIFEST_DIR").into()
}

/// Copies what belongs to a workspace, its settings and the folders of its layers, and of that only what is wanted.
pub fn copy(from: &Path, to: &Path, wanted: impl Fn(&DirEntry) -> bool) -> Result<(), String> {
    for entry in WalkDir::new(from).into_iter().filter_entry(|entry| belongs(entry) && wanted(entry)) {
        let entry = entry.map_err(|error| error.to_string())?;
        let below = entry.path().strip_prefix(from).map_err(|error| error.to_string())?;
        let target = to.join(below);
        let done = if entry.file_type().is_dir() {
            fs::create_dir_all(&target)
        } else {
            fs::copy(entry.path(), &target).map(drop)
        };
        done.map_err(|error| named(&target, &error))?;
    }
    Ok(())
}

/// At the top of a workspace nothing else is read; what a repository has there besides may be large.
fn belongs(entry: &DirEntry) -> bool {
    const OTHERS: [&str; 6] = ["output", "src", "target", "tests", "docs", "proptest-regressions"];
    let name = entry.file_name().to_string_lossy();
    match (entry.depth(), entry.file_type().is_dir()) {
        (1, true) => !name.starts_with('.') && !OTHERS.contains(&&*name),
        (1, false) => name == "cobrand.yaml" || name == "cobrand.yml",
        _ => true,
    }
}

pub fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| named(path, &error))
}

/// Writes a file, and the folders above it.
pub fn write(path: &Path, text: &str) -> Result<(), String> {
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent).map_err(|error| named(parent, &error))?;
    }
    fs::write(path, text).map_err(|error| named(path, &error))
}

/// Makes a folder that is not there yet.
pub fn new_folder(folder: &Path) -> Result<(), String> {
    if folder.exists() {
        return Err(format!("{} exists already", folder.display()));
    }
    fs::create_dir_all(folder).map_err(|error| named(folder, &error))
}

fn named(path: &Path, error: &std::io::Error) -> String {
    format!("{}: {error}", path.display())
}
