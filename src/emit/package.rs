//! Puts a package in place: looks at what is there, makes the new one in the stage, exchanges the two.

use std::collections::HashMap;
use std::io;
use std::os::fd::OwnedFd;

use super::failure::{Context, Outcome};
use super::file::{FilePlan, ReadyFile, split};
use super::inspect::{self, Old, Standing};
use super::ledger::{Kind, Known, Record};
use super::refusal::Refusal;
use super::stage::Staged;
use super::{Changes, Check, Key, Output, Package, Zip, tree};
use crate::diag::Diagnostic;
use crate::digest::Digest;
use crate::manifest::File;
use crate::paths::OutputPath;
use crate::stopwatch::Phase;

impl Output {
    /// Makes a package on the disk equal to the given one, and its zip with it.
    ///
    /// On an error both stay as they were.
    pub fn put(&self, package: &Package<'_>) -> Result<Changes, Diagnostic> {
        let id = package.id.as_str();
        self.try_put(package).map_err(|refusal| self.explain(refusal, id).deployment(id))
    }

    /// What putting a package again that was made from the same inputs would amount to: everything kept.
    /// `None` when it has to be put: it was made from others, was never completed, or (under [`Check::Stat`]) is
    /// not as it was written.
    pub fn current(
        &self,
        id: &OutputPath,
        inputs: Digest,
        zip: Option<&OutputPath>,
        check: Check,
    ) -> Result<Option<Changes>, Diagnostic> {
        let (id, zip) = (id.as_str(), zip.map(OutputPath::as_str));
        let record = self.as_written(id, zip, check, &|key| key.inputs == inputs);
        let record = record.map_err(|failure| self.root.say(failure).deployment(id))?;
        Ok(record.map(|record| kept(&record, zip)))
    }

    /// As [`Output::current`], for a package that is made from the same values, wherever they stand now; that is
    /// noted, so that the next look is a short one.
    pub fn stands(
        &self,
        id: &OutputPath,
        key: &Key,
        zip: Option<&OutputPath>,
        check: Check,
    ) -> Result<Option<Changes>, Diagnostic> {
        let (id, zip) = (id.as_str(), zip.map(OutputPath::as_str));
        let noted = || -> Outcome<Option<Changes>> {
            let Some(record) = self.as_written(id, zip, check, &|made| made.makes_the_same(key))? else {
                return Ok(None);
            };
            let kept = kept(&record, zip);
            if record.key != *key {
                self.ledger.append(&self.disk, Kind::Package, id, &Record { key: key.clone(), ..record })?;
                self.ledger.complete(&self.disk, id)?;
            }
            Ok(Some(kept))
        };
        noted().map_err(|failure| self.root.say(failure).deployment(id))
    }

    /// What the ledger says of a package, if it was made from what is wanted and the disk is so still.
    fn as_written(
        &self,
        id: &str,
        zip: Option<&str>,
        check: Check,
        is_wanted: &dyn Fn(&Key) -> bool,
    ) -> Outcome<Option<Record>> {
        let is_complete = |key: &str, kind: Kind| {
            self.ledger.places(key).is_some_and(|places| places.complete && places.kind == kind)
        };
        if !is_complete(id, Kind::Package) || zip.is_some_and(|zip| !is_complete(zip, Kind::File)) {
            return Ok(None);
        }
        let Some(record) = self.ledger.last(id)?.filter(|record| is_wanted(&record.key)) else { return Ok(None) };
        if check == Check::Stat && !self.is_untouched(id, &record, zip)? {
            return Ok(None);
        }
        Ok(Some(record))
    }

    fn is_untouched(&self, id: &str, record: &Record, zip: Option<&str>) -> Outcome<bool> {
        let tree::Found::Folder(folder) = tree::find(self.root.folder(), id).context("open", id)? else {
            return Ok(false);
        };
        if !inspect::fits(&folder, record).context("read", id)? {
            return Ok(false);
        }
        let Some(zip) = zip else { return Ok(true) };
        let Some(record) = self.ledger.last(zip)? else { return Ok(false) };
        Ok(matches!(self.plan_file(zip, record.digest), Ok(FilePlan::Keep)))
    }

    fn try_put(&self, package: &Package<'_>) -> Result<Changes, Refusal> {
        let id = package.id.as_str();
        self.refuse_nesting(Kind::Package, id)?;
        let zip = self.plan_zip(package)?;
        // Made early, since it has to be opened anyway to see what is there.
        let parent = self.parent(id)?;
        let old = self.standing(id, &parent)?;
        let kept = match &old {
            Some(old) => unchanged(package, old).context("read", id)?,
            None => vec![false; package.bundle.len()],
        };
        let changes = count(package, old.as_ref(), &kept);
        let moved = match &old {
            Some(old) if changes.written + changes.removed == 0 => {
                self.note(package, old)?;
                None
            }
            _ => Some(self.stage(package, old.as_ref().map(|old| (old, kept.as_slice())))?),
        };
        let zip_changes = self.publish(package, &parent, old.as_ref(), moved, zip)?;
        Ok(changes + zip_changes)
    }

    pub(super) fn refuse_nesting(&self, kind: Kind, path: &str) -> Result<(), Refusal> {
        self.ledger.conflict(kind, path).map_or(Ok(()), |other| Err(Refusal::Nested(other)))
    }

    fn plan_zip<'a>(&self, package: &Package<'a>) -> Result<Option<(Zip<'a>, FilePlan)>, Refusal> {
        let Some(zip) = package.zip else { return Ok(None) };
        if zip.path.as_str().strip_prefix(package.id.as_str()).is_some_and(|below| below.starts_with('/')) {
            return Err(Refusal::Nested(zip.path.as_str().into()));
        }
        self.refuse_nesting(Kind::File, zip.path.as_str())?;
        let plan = self.plan_file(zip.path.as_str(), zip.digest(package.bundle))?;
        Ok(Some((zip, plan)))
    }

    /// The package as it stands in the folder that holds it; `None` when there is none.
    pub(super) fn standing(&self, id: &str, parent: &OwnedFd) -> Result<Option<Old>, Refusal> {
        let folder = match tree::find(parent, split(id).1).context("open", id)? {
            tree::Found::Folder(folder) => folder,
            tree::Found::Nothing => return Ok(None),
            tree::Found::Other(_) => return Err(Refusal::Foreign(vec![id.to_owned()])),
        };
        match inspect::package(folder, &self.ledger.records(id)?).context("read", id)? {
            Standing::Ours(old) => Ok(Some(old)),
            Standing::Foreign(paths) => {
                Err(Refusal::Foreign(paths.into_iter().map(|path| format!("{id}/{path}")).collect()))
            }
        }
    }

    /// Brings the ledger up to date for a package that is left alone.
    fn note(&self, package: &Package<'_>, old: &Old) -> Outcome<()> {
        let wanted = Record { digest: package.bundle.digest(), key: package.key.clone(), ..old.record.clone() };
        if old.last && wanted == old.record {
            return Ok(());
        }
        self.ledger.append(&self.disk, Kind::Package, package.id.as_str(), &wanted)
    }

    /// Puts the staged package and the zip in place, one right after the other.
    fn publish(
        &self,
        package: &Package<'_>,
        parent: &OwnedFd,
        old: Option<&Old>,
        staged: Option<(Staged<'_>, Record)>,
        zip: Option<(Zip<'_>, FilePlan)>,
    ) -> Result<Changes, Refusal> {
        let id = package.id.as_str();
        let ready_zip = match &zip {
            Some((zip, plan @ FilePlan::Write { .. })) => Some(self.ready_zip(zip, plan, package)?),
            _ => None,
        };
        let swap = match staged {
            Some((staged, record)) => Some(self.ready_swap(Swap { id, parent, old, staged }, &record)?),
            None => None,
        };
        if let Some(swap) = &swap {
            self.swap(swap)?;
        }
        if let Some((parent, ready)) = &ready_zip {
            let placed = self.place(parent, ready);
            if placed.is_err() {
                // Both stay as they were. Should this fail too, both are whole, though of different builds.
                let _ = swap.as_ref().map(|swap| self.swap_back(swap));
            }
            placed?;
        }
        self.ledger.complete(&self.disk, id)?;
        if let Some(Swap { old: Some(old), staged, .. }) = &swap {
            // The package is in place. What cannot be removed of the old one is removed with the stage.
            let _ = self.discard(old, &staged.name);
        }
        self.zip_changes(zip, ready_zip.map(|(_, ready)| ready.bytes))
    }

    fn zip_changes(&self, zip: Option<(Zip<'_>, FilePlan)>, written: Option<u64>) -> Result<Changes, Refusal> {
        let Some((zip, plan)) = zip else { return Ok(Changes::default()) };
        let path = zip.path.as_str();
        if let Some(kept) = self.settle(path, &plan)? {
            return Ok(kept);
        }
        self.ledger.complete(&self.disk, path)?;
        Ok(Changes { written: 1, bytes: written.unwrap_or(0), ..Changes::default() })
    }

    fn ready_zip(
        &self,
        zip: &Zip<'_>,
        plan: &FilePlan,
        package: &Package<'_>,
    ) -> Result<(OwnedFd, ReadyFile<'_>), Refusal> {
        let ready = zip.stopwatch.time(Phase::Zip, || self.stage_zip(zip, package.bundle))?;
        let parent = self.parent(zip.path.as_str())?;
        self.announce(plan, &ready)?;
        Ok((parent, ready))
    }

    /// The last that can fail before the exchange: notes what is there and what is about to be.
    fn ready_swap<'a>(&self, swap: Swap<'a>, record: &Record) -> Outcome<Swap<'a>> {
        if let Some(old) = swap.old.filter(|old| !old.last) {
            self.ledger.append(&self.disk, Kind::Package, swap.id, &old.record)?;
        }
        self.ledger.append(&self.disk, Kind::Package, swap.id, record)?;
        Ok(swap)
    }

    fn swap(&self, swap: &Swap<'_>) -> Result<(), Refusal> {
        let (stage, name, leaf) = (self.root.stage(), swap.staged.name.as_str(), swap.leaf());
        if swap.old.is_none() {
            return match self.disk.rename_new(stage, name, swap.parent, leaf) {
                Err(error) if is_taken(&error) => Err(Refusal::Foreign(vec![swap.id.to_owned()])),
                result => Ok(result.context("write", swap.id)?),
            };
        }
        match self.disk.exchange(stage, name, swap.parent, leaf) {
            Err(error) if error.kind() == io::ErrorKind::Unsupported => Ok(self.swap_in_steps(swap)?),
            result => Ok(result.context("write", swap.id)?),
        }
    }

    /// For file systems that cannot exchange. A process that dies in between leaves a line in the ledger by
    /// which the next one puts the old package back.
    fn swap_in_steps(&self, swap: &Swap<'_>) -> Outcome<()> {
        let (stage, name, leaf) = (self.root.stage(), swap.staged.name.as_str(), swap.leaf());
        let aside = self.staged(".old");
        self.ledger.append_aside(&self.disk, swap.id, &aside.name)?;
        self.disk.rename_new(swap.parent, leaf, stage, &aside.name).context("write", swap.id)?;
        if let Err(error) = self.disk.rename_new(stage, name, swap.parent, leaf) {
            // Should this fail too, the old package waits in the stage for the next build.
            if self.disk.rename_new(stage, &aside.name, swap.parent, leaf).is_err() {
                std::mem::forget(aside);
            }
            return Err(error).context("write", swap.id);
        }
        // From here on the old one lies where an exchange would have put it.
        if self.disk.rename_new(stage, &aside.name, stage, name).is_err() {
            std::mem::forget(aside);
        }
        Ok(())
    }

    fn swap_back(&self, swap: &Swap<'_>) -> Result<(), Refusal> {
        match swap.old {
            Some(_) => self.swap(swap),
            None => {
                let moved = self.disk.rename_new(swap.parent, swap.leaf(), self.root.stage(), &swap.staged.name);
                Ok(moved.context("restore", swap.id)?)
            }
        }
    }
}

/// A package that is ready to change places with the old one.
struct Swap<'a> {
    id: &'a str,
    /// The folder that holds the package.
    parent: &'a OwnedFd,
    old: Option<&'a Old>,
    staged: Staged<'a>,
}

impl Swap<'_> {
    fn leaf(&self) -> &str {
        split(self.id).1
    }
}

fn is_taken(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::AlreadyExists | io::ErrorKind::DirectoryNotEmpty | io::ErrorKind::NotADirectory
    )
}

/// For each file of the package, whether the disk holds the same bytes.
///
/// A checksum only says that they may be the same; the bytes are compared, but for a package whose
/// digest is the recorded one.
fn unchanged(package: &Package<'_>, old: &Old) -> io::Result<Vec<bool>> {
    if old.record.digest == package.bundle.digest() {
        return Ok(vec![true; package.bundle.len()]);
    }
    let known: HashMap<&str, &Known> = old.record.files.iter().map(|known| (&*known.path, known)).collect();
    let same = |file: File<'_>| match known.get(file.path) {
        Some(known) if known.crc32 == file.crc32 && known.stamp.size == file.bytes.len() as u64 => {
            inspect::holds(&old.folder, file.path, file.bytes)
        }
        _ => Ok(false),
    };
    package.bundle.files().map(same).collect()
}

/// A package that is left as it is.
fn kept(record: &Record, zip: Option<&str>) -> Changes {
    Changes { kept: record.files.len() as u64 + u64::from(zip.is_some()), ..Changes::default() }
}

fn count(package: &Package<'_>, old: Option<&Old>, kept: &[bool]) -> Changes {
    let mut changes = Changes::default();
    let mut replaced = 0;
    let known: Vec<&str> = old.map_or_else(Vec::new, |old| old.record.files.iter().map(|known| &*known.path).collect());
    for (file, &kept) in package.bundle.files().zip(kept) {
        if kept {
            changes.kept += 1;
        } else {
            changes.written += 1;
            changes.bytes += file.bytes.len() as u64;
            replaced += u64::from(known.contains(&file.path));
        }
    }
    changes.removed = known.len() as u64 - changes.kept - replaced;
    changes
}
