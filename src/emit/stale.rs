//! Removes what earlier builds wrote and nobody wants any more.

use std::io;

use super::failure::{Context, Outcome};
use super::file::split;
use super::ledger::Kind;
use super::refusal::Refusal;
use super::{Changes, Output, tree};
use crate::diag::{Diagnostic, Diagnostics, Severity};
use crate::inventory;

impl Output {
    /// Removes every package and file of earlier builds whose path `keep` does not want, and the folders this
    /// leaves empty. Asks for them in the order of their paths. Only files that a build wrote are removed: a package
    /// that holds others stays, with a warning. Inventories follow by [`Output::take_inventory`].
    ///
    /// Not while packages are put. A package that now stands where others lay finds its place free only when
    /// those are removed before.
    pub fn remove_stale(&self, keep: &dyn Fn(&str) -> bool) -> (Changes, Diagnostics) {
        let (mut changes, mut diagnostics) = (Changes::default(), Diagnostics::default());
        for kind in [Kind::Package, Kind::File] {
            let is_stale = |key: &str| inventory::folder_of(key).is_none() && !keep(key);
            for key in self.ledger.keys(kind).iter().filter(|key| is_stale(key)) {
                self.remove_or_say(kind, key, &mut changes, &mut diagnostics);
            }
        }
        (changes, diagnostics)
    }

    /// Removes a file beside the packages as [`Output::remove_stale`] does, if a build wrote one there.
    pub fn remove_stale_file(&self, path: &str) -> (Changes, Diagnostics) {
        let (mut changes, mut diagnostics) = (Changes::default(), Diagnostics::default());
        if self.has_file(path) {
            self.remove_or_say(Kind::File, path, &mut changes, &mut diagnostics);
        }
        (changes, diagnostics)
    }

    pub(super) fn remove_or_say(&self, kind: Kind, key: &str, changes: &mut Changes, diagnostics: &mut Diagnostics) {
        match self.remove_one(kind, key) {
            Ok(removed) => changes.removed += removed,
            Err(refusal) => diagnostics.push(self.stays(refusal, key)),
        }
    }

    fn remove_one(&self, kind: Kind, key: &str) -> Result<u64, Refusal> {
        let removed = match kind {
            Kind::Package => self.remove_package(key)?,
            Kind::File => self.remove_file(key)?,
        };
        self.ledger.forget(&self.disk, key)?;
        self.remove_empty_folders(split(key).0);
        Ok(removed)
    }

    /// Takes a package out of the reader's sight in one step, then removes it.
    fn remove_package(&self, id: &str) -> Result<u64, Refusal> {
        let (around, name) = split(id);
        let parent = match tree::find(self.root.folder(), around).context("open", around)? {
            tree::Found::Folder(parent) => parent,
            tree::Found::Nothing => return Ok(0),
            tree::Found::Other(other) => return Err(Refusal::Foreign(vec![other])),
        };
        let Some(old) = self.standing(id, &parent)? else { return Ok(0) };
        let staged = self.staged("");
        self.disk.rename_new(&parent, name, self.root.stage(), &staged.name).context("remove", id)?;
        // What cannot be removed now is removed with the stage.
        let _ = self.discard(&old, &staged.name);
        Ok(old.record.files.len() as u64)
    }

    fn remove_file(&self, path: &str) -> Result<u64, Refusal> {
        // Refuses a file that is not as it was written.
        self.plan_file(path, crate::digest::Digest::default())?;
        let (folder, name) = split(path);
        let tree::Found::Folder(parent) = tree::find(self.root.folder(), folder).context("open", folder)? else {
            return Ok(0);
        };
        match self.disk.remove_file(&parent, name) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(0),
            result => Ok(result.context("remove", path).map(|()| 1)?),
        }
    }

    /// Removes a folder and those around it as far as they are empty.
    fn remove_empty_folders(&self, mut path: &str) {
        while !path.is_empty() && self.remove_empty_folder(path).is_ok() {
            path = split(path).0;
        }
    }

    fn remove_empty_folder(&self, path: &str) -> Outcome<()> {
        let (around, name) = split(path);
        match tree::find(self.root.folder(), around).context("open", around)? {
            tree::Found::Folder(around) => self.disk.remove_folder(&around, name).context("remove", path),
            _ => Ok(()),
        }
    }

    fn stays(&self, refusal: Refusal, path: &str) -> Diagnostic {
        match refusal {
            // Not an error: nothing that is wanted is missing.
            Refusal::Foreign(_) => {
                let mut diagnostic = self.explain(refusal, path);
                diagnostic.code = crate::diag::Code("W-FOREIGN");
                diagnostic.severity = Severity::Warning;
                diagnostic.note("no build makes it any more, and it would have been removed")
            }
            other => self.explain(other, path),
        }
    }
}
