//! Where packages are made before they are put in place: `.cobrand/stage`.

use std::io;
use std::os::fd::OwnedFd;

use super::disk::{Stamp, open_folder, stat};
use super::failure::{Context, Failure, Outcome};
use super::inspect::Old;
use super::ledger::{Known, KnownFolder, Record};
use super::{OWN_FOLDER, Output, Package, tree};

/// A folder or file in the stage. Whatever still is in the stage under its name when this is dropped is
/// removed, so that a package that was refused on the way leaves nothing.
pub(super) struct Staged<'a> {
    output: &'a Output,
    pub name: String,
}

impl Drop for Staged<'_> {
    fn drop(&mut self) {
        // What cannot be removed now is removed when the output is opened next.
        let _ = self.output.remove_staged(&self.name);
    }
}

impl Output {
    pub(super) fn staged(&self, suffix: &str) -> Staged<'_> {
        Staged { output: self, name: format!("{}{suffix}", self.stage_name()) }
    }

    /// Makes a package in the stage: links what is kept, writes the rest.
    pub(super) fn stage(&self, package: &Package<'_>, old: Option<(&Old, &[bool])>) -> Outcome<(Staged<'_>, Record)> {
        let staged = self.staged("");
        let within = |path: &str| format!("{}/{path}", package.id);
        self.disk.make_folder(self.root.stage(), &staged.name).context("make", &within(""))?;
        let folder = open_folder(self.root.stage(), &staged.name).context("open", &within(""))?;
        let mut record = Record { digest: package.bundle.digest(), key: package.key.clone(), ..Record::default() };
        let mut folders = folders(package);
        for path in &folders {
            self.disk.make_folder(&folder, path).context("make", &within(path))?;
        }
        for (index, file) in package.bundle.files().enumerate() {
            let stamp = match old {
                Some((old, kept)) if kept[index] => self.link(old, &folder, file.path, file.bytes),
                _ => self.disk.write_new(&folder, file.path, file.bytes),
            };
            let stamp = stamp.context("write", &within(file.path))?;
            record.files.push(Known { path: file.path.into(), stamp, crc32: file.crc32 });
        }
        folders.insert(0, ".");
        for path in folders {
            // Only now, since making what is in a folder sets its time.
            let found = stat(&folder, path).context("read", &within(path))?;
            let time = found.map_or(0, |stat| Stamp::of(&stat).time);
            record.folders.push(KnownFolder { path: path.into(), time });
        }
        Ok((staged, record))
    }

    fn link(&self, old: &Old, folder: &OwnedFd, path: &str, bytes: &[u8]) -> io::Result<Stamp> {
        match self.disk.link(&old.folder, folder, path) {
            Ok(()) => {
                let known = old.record.files.iter().find(|known| *known.path == *path);
                Ok(known.map_or_else(Stamp::default, |known| known.stamp))
            }
            // Some file systems have no links, or no more for this file.
            Err(error) if error.kind() != io::ErrorKind::NotFound => self.disk.write_new(folder, path, bytes),
            Err(error) => Err(error),
        }
    }

    /// Removes what was put in place of something new; leaves what a user added in this very moment.
    pub(super) fn discard(&self, old: &Old, name: &str) -> io::Result<()> {
        for file in &old.record.files {
            self.disk.remove_file(&old.folder, &*file.path)?;
        }
        // Deeper ones come later in the record.
        for known in old.record.folders.iter().rev().filter(|known| &*known.path != ".") {
            self.disk.remove_folder(&old.folder, &*known.path)?;
        }
        self.disk.remove_folder(self.root.stage(), name)
    }

    fn remove_staged(&self, name: &str) -> io::Result<()> {
        match stat(self.root.stage(), name)? {
            None => Ok(()),
            Some(found) if rustix::fs::FileType::from_raw_mode(found.st_mode).is_dir() => {
                tree::empty(&self.disk, open_folder(self.root.stage(), name)?, 0)?;
                self.disk.remove_folder(self.root.stage(), name)
            }
            Some(_) => self.disk.remove_file(self.root.stage(), name),
        }
    }

    /// Puts back what a killed build had moved aside, then removes what it left.
    pub(super) fn clean_stage(&self) -> Outcome<()> {
        for (name, id) in &self.ledger.aside {
            self.put_back(name, id).context("restore", id)?;
        }
        let path = format!("{OWN_FOLDER}/stage");
        tree::empty(&self.disk, self.root.stage(), 0).map_err(|error| Failure { verb: "clean", path, error })
    }

    fn put_back(&self, name: &str, id: &str) -> io::Result<()> {
        if stat(self.root.stage(), name)?.is_none() {
            return Ok(());
        }
        let (parent, leaf) = id.rsplit_once('/').unwrap_or(("", id));
        let tree::Found::Folder(parent) = tree::find(self.root.folder(), parent)? else { return Ok(()) };
        match stat(&parent, leaf)? {
            // The new one is in place, so the old one is no longer wanted.
            Some(_) => Ok(()),
            None => self.disk.rename_new(self.root.stage(), name, &parent, leaf),
        }
    }
}

/// The folders of a package, outer ones first.
fn folders<'a>(package: &'a Package<'_>) -> Vec<&'a str> {
    let mut folders: Vec<&str> = Vec::new();
    for file in package.bundle.files() {
        // Files are ordered by path, so a new folder differs from the last file's.
        let Some((folder, _)) = file.path.rsplit_once('/') else { continue };
        if folders.last() == Some(&folder) {
            continue;
        }
        folders.extend(folder.match_indices('/').map(|(at, _)| &folder[..at]).chain([folder]));
    }
    folders.sort_unstable();
    folders.dedup();
    folders
}
