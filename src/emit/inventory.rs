//! Takes the inventories of what stands in the output ([`crate::inventory`]).
//!
//! From what the ledger notes: nothing is read again of what was written whole, and a folder in which nothing was
//! written or removed since its inventory was taken is passed over.

use std::collections::BTreeMap;
use std::io::Read;
use std::sync::Arc;

use super::disk::{open_file, stat};
use super::failure::{Context, Failure, Outcome};
use super::file::{FilePlan, split};
use super::ledger::{Kind, Places, Record};
use super::{Changes, Output, tree};
use crate::diag::{Diagnostic, Diagnostics};
use crate::digest::Digest;
use crate::inventory::{self, Heading, Inventory, ListedFile, ListedPackage};
use crate::manifest::{self, Manifest};
use crate::paths::OutputPath;

/// What the ledger notes of one folder.
type Noted<'a> = Vec<(&'a str, &'a Places)>;

impl Output {
    /// Writes the inventories of what stands in the output now, and removes the signature of each that differs from
    /// before, with a warning: it signs what is gone.
    ///
    /// Not while packages are put.
    pub fn take_inventory(&self, heading: &Heading<'_>) -> (Changes, Diagnostics) {
        let (changes, said) = (Changes::default(), Diagnostics::default());
        let mut taking = Taking { output: self, heading, is_of_before: false, changes, said };
        taking.all();
        (taking.changes, taking.said)
    }

    /// The digest of a package. Where it is not known whether the last record describes it, its manifest is asked.
    pub(super) fn package_digest(&self, id: &str, places: &Places) -> Outcome<Option<Digest>> {
        let noted = if places.complete { self.ledger.digest(places)? } else { Digest::default() };
        if noted != Digest::default() {
            return Ok(Some(noted));
        }
        let manifest = self.content(&format!("{id}/{}", manifest::FILE_NAME))?;
        Ok(manifest.and_then(|bytes| Manifest::read(&bytes).ok()).map(|manifest| manifest.digest()))
    }

    fn listed_file(&self, path: &str, places: &Places, shown: &str) -> Outcome<Option<ListedFile>> {
        let record = if places.complete { self.ledger.last(path)? } else { None };
        if let Some(noted) = record.filter(|record| record.content != Digest::default()) {
            return Ok(Some(noted_file(shown, &noted)));
        }
        let bytes = self.content(path)?;
        Ok(bytes.map(|bytes| ListedFile {
            path: shown.to_owned(),
            bytes: bytes.len() as u64,
            digest: Digest::of(&bytes),
        }))
    }

    pub(super) fn content(&self, path: &str) -> Outcome<Option<Vec<u8>>> {
        let (folder, name) = split(path);
        let tree::Found::Folder(parent) = tree::find(self.root.folder(), folder).context("open", folder)? else {
            return Ok(None);
        };
        let mut bytes = Vec::new();
        match open_file(&parent, name).and_then(|mut file| file.read_to_end(&mut bytes)) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            read => read.context("read", path).map(|_| Some(bytes)),
        }
    }

    fn is_there(&self, path: &str) -> bool {
        let (folder, name) = split(path);
        match tree::find(self.root.folder(), folder) {
            Ok(tree::Found::Folder(parent)) => stat(&parent, name).is_ok_and(|found| found.is_some()),
            _ => false,
        }
    }
}

fn noted_file(shown: &str, record: &Record) -> ListedFile {
    let bytes = record.files.first().map_or(0, |known| known.stamp.size);
    ListedFile { path: shown.to_owned(), bytes, digest: record.content }
}

struct Taking<'a> {
    output: &'a Output,
    heading: &'a Heading<'a>,
    /// Whether the heading is that of the inventories that stand.
    is_of_before: bool,
    changes: Changes,
    said: Diagnostics,
}

impl Taking<'_> {
    fn all(&mut self) {
        let all = self.output.ledger.all();
        let mut folders: BTreeMap<&str, Noted<'_>> = BTreeMap::new();
        for (key, places) in all.iter().filter(|(key, _)| inventory::folder_of(key).is_none()) {
            folders.entry(key.split_once('/').map_or("", |(folder, _)| folder)).or_default().push((key, places));
        }
        self.forget(&all, &folders);
        self.is_of_before = self.top().is_some_and(|top| top.heading() == *self.heading);
        let top = folders.remove("").unwrap_or_default();
        let mut inventories = Vec::with_capacity(folders.len());
        for (folder, noted) in &folders {
            match self.take(folder, noted, &[]) {
                Ok(listed) => inventories.extend(listed),
                Err(failure) => self.fails(failure),
            }
        }
        if !all.is_empty() {
            let taken = self.take("", &top, &inventories);
            taken.map_or_else(|failure| self.fails(failure), drop);
        }
    }

    /// The inventory of the whole output as it stands. It is taken last, so all others are of its time.
    fn top(&self) -> Option<Inventory> {
        let bytes = self.output.content(&inventory::path_in("")).ok()??;
        Inventory::read(&bytes).ok()
    }

    fn fails(&mut self, failure: Failure) {
        self.said.push(self.output.root.say(failure));
    }

    /// Removes the inventories of folders in which nothing is left.
    fn forget(&mut self, all: &[(Arc<str>, Places)], folders: &BTreeMap<&str, Noted<'_>>) {
        for (key, _) in all {
            let folder = inventory::folder_of(key).filter(|folder| !folder.is_empty());
            if folder.is_some_and(|folder| !folders.contains_key(folder)) {
                self.output.remove_or_say(Kind::File, key, &mut self.changes, &mut self.said);
            }
        }
    }

    /// Takes the inventory of one folder; how another one lists it, if it stands.
    fn take(&mut self, folder: &str, noted: &Noted<'_>, inventories: &[ListedFile]) -> Outcome<Option<ListedFile>> {
        let path = inventory::path_in(folder);
        if let Some(kept) = self.kept(&path)? {
            self.changes.kept += 1;
            return Ok(Some(noted_file(&path, &kept)));
        }
        let bytes = self.inventory(folder, noted, inventories)?.to_bytes();
        self.put(&path, &bytes)?;
        Ok(self.output.ledger.last(&path)?.map(|record| noted_file(&path, &record)))
    }

    /// The record of an inventory that was taken after all that it lists, for the same program, and that nobody touched.
    fn kept(&self, path: &str) -> Outcome<Option<Record>> {
        if !self.is_of_before || !self.output.ledger.places(path).is_some_and(|places| places.complete) {
            return Ok(None);
        }
        let record = self.output.ledger.last(path)?;
        let stands = |record: &Record| matches!(self.output.plan_file(path, record.digest), Ok(FilePlan::Keep));
        Ok(record.filter(stands))
    }

    fn inventory(&self, folder: &str, noted: &Noted<'_>, inventories: &[ListedFile]) -> Outcome<Inventory> {
        let mut taken = Inventory::new(self.heading, folder);
        taken.files.extend_from_slice(inventories);
        for &(key, places) in noted {
            let within = key.strip_prefix(folder).map_or(key, |rest| rest.trim_start_matches('/'));
            match places.kind {
                Kind::Package => {
                    let digest = self.output.package_digest(key, places)?;
                    taken.packages.extend(digest.map(|digest| ListedPackage { path: within.to_owned(), digest }));
                }
                Kind::File => taken.files.extend(self.output.listed_file(key, places, within)?),
            }
        }
        taken.files.sort_unstable_by(|a, b| a.path.cmp(&b.path));
        Ok(taken)
    }

    /// The signature goes first, so that none ever stands beside what it does not sign.
    fn put(&mut self, path: &str, bytes: &[u8]) -> Outcome<()> {
        let stood = self.output.ledger.last(path)?.map(|record| record.content);
        if stood.is_some_and(|stood| stood != Digest::of(bytes)) {
            self.unsign(path);
        }
        let put = OutputPath::new(path)
            .map_err(|error| Diagnostic::error("E-OUTPUT", format!("cannot write `{path}`: {error}")))
            .and_then(|path| self.output.put_file(&path, bytes));
        match put {
            Ok(changes) => self.changes += changes,
            Err(error) => self.said.push(error),
        }
        Ok(())
    }

    fn unsign(&mut self, path: &str) {
        let signature = inventory::signature_of(path);
        let shown = self.output.root.show(&signature);
        if self.output.has_file(&signature) {
            let before = self.changes.removed;
            self.output.remove_or_say(Kind::File, &signature, &mut self.changes, &mut self.said);
            if self.changes.removed > before {
                self.said.push(unsigned(format!("`{shown}` was removed: what it signs is another now")));
            }
        } else if self.output.is_there(&signature) {
            self.said.push(unsigned(format!("`{shown}` does not sign what stands there now")));
        }
    }
}

fn unsigned(message: String) -> Diagnostic {
    Diagnostic::warning("W-UNSIGNED", message).help("sign again, with `cobrand sign`")
}
