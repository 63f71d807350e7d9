//! The workspace that is built: the reference workload, or a copy of somebody's own. Both can be edited.

use std::fs;
use std::path::{Path, PathBuf};

use super::generate::{self, Size};

pub struct Subject {
    pub workspace: PathBuf,
    /// Of the reference workload.
    size: Option<Size>,
}

impl Subject {
    pub fn generated(size: Size, workspace: PathBuf) -> Result<Self, String> {
        generate::write(size, &workspace)?;
        Ok(Self { workspace, size: Some(size) })
    }

    /// A copy of what belongs to a workspace: its settings, and each folder with a record, registry or master in it.
    pub fn copied(from: &Path, workspace: PathBuf) -> Result<Self, String> {
        for entry in walkdir::WalkDir::new(from).into_iter().filter_entry(belongs) {
            let entry = entry.map_err(|error| error.to_string())?;
            let below = entry.path().strip_prefix(from).map_err(|error| error.to_string())?;
            let target = workspace.join(below);
            let done = if entry.file_type().is_dir() {
                fs::create_dir_all(&target)
            } else {
                fs::copy(entry.path(), &target).map(drop)
            };
            done.map_err(|error| format!("{}: {error}", target.display()))?;
        }
        Ok(Self { workspace, size: None })
    }

    /// How many deployments there are, where that is known beforehand.
    pub fn deployments(&self) -> Option<usize> {
        self.size.map(Size::deployments)
    }

    /// Gives one partner another phone number.
    pub fn edit_partner(&self, edition: usize) -> Result<(), String> {
        if let Some(size) = self.size {
            return generate::partner(&self.workspace, size.partners / 2, size, edition);
        }
        let folders = fs::read_dir(self.workspace.join("partners")).map_err(|error| error.to_string())?;
        let mut records: Vec<PathBuf> =
            folders.filter_map(Result::ok).map(|entry| entry.path().join("partner.yaml")).collect();
        records.sort();
        for path in records {
            let Ok(text) = fs::read_to_string(&path) else { continue };
            if let Some(new) = renumbered(&text, edition) {
                return fs::write(&path, new).map_err(|error| error.to_string());
            }
        }
        Err("no partner has a phone number in its folder".to_owned())
    }

    /// Adds a sentence to the master's landing page.
    pub fn edit_master(&self, edition: usize) -> Result<(), String> {
        generate::edit_master(&self.workspace, edition)
    }
}

fn belongs(entry: &walkdir::DirEntry) -> bool {
    const OTHERS: [&str; 6] = [".git", "output", "src", "target", "tests", "docs"];
    entry.depth() != 1 || !OTHERS.iter().any(|other| entry.file_name() == *other)
}

/// With another number in the place of the first phone number.
fn renumbered(text: &str, edition: usize) -> Option<String> {
    let (before, rest) = text.split_once("phone: \"")?;
    let (_, after) = rest.split_once('"')?;
    Some(format!("{before}phone: \"+1 555 {:07}\"{after}", 1_000 + edition))
}
