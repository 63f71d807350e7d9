//! A package as a folder.

use std::collections::BTreeSet;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use super::contents::{self, Contents};
use super::{Verified, shown_below, unreadable};

struct Folder {
    root: PathBuf,
    paths: BTreeSet<String>,
}

pub(super) fn verify(root: &Path) -> Verified {
    let paths = match list(root) {
        Ok(paths) => paths,
        Err(error) => {
            let mut verified = Verified::default();
            verified.report.diagnostics.push(unreadable(root, &error));
            return verified;
        }
    };
    let mut verified = contents::verify(&mut Folder { root: root.to_owned(), paths });
    verified.report.packages = 1;
    verified
}

/// Everything below `root` that is no folder, and folders without anything; symbolic links are not followed.
fn list(root: &Path) -> io::Result<BTreeSet<String>> {
    let mut paths = BTreeSet::new();
    for entry in walkdir::WalkDir::new(root).min_depth(1) {
        let entry = entry?;
        let mut below = shown_below(root, entry.path());
        if entry.file_type().is_dir() {
            if entry.path().read_dir()?.next().is_some() {
                continue;
            }
            below.push('/');
        }
        paths.insert(below);
    }
    Ok(paths)
}

impl Contents for Folder {
    fn show(&self, path: &str) -> String {
        self.root.join(path).display().to_string()
    }

    fn paths(&self) -> BTreeSet<String> {
        self.paths.clone()
    }

    fn read(&mut self, path: &str, limit: u64, each: &mut dyn FnMut(&[u8])) -> io::Result<()> {
        let path = self.root.join(path);
        // Only regular files: a link leads elsewhere, a pipe never ends.
        if !path.symlink_metadata()?.is_file() {
            return Err(io::Error::other("it is no regular file"));
        }
        contents::pour(&mut File::open(path)?, limit, each)
    }
}
