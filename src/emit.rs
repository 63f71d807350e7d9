//! The only writer: the output folder and everything in it, and input files that somebody asked to be
//! rewritten ([`change_input`]).
//!
//! # What holds
//!
//! - A package is old or new, never half: it is made whole under `.cobrand/stage`, then exchanged with the
//!   old one in one step. Unchanged files are hard-linked, so they keep their bytes, inode and time; a package
//!   in which nothing changed is not touched.
//! - A file that no build wrote, or that was edited since, is never overwritten or removed: the package is
//!   refused and stays as it was.
//! - No file is truncated or rewritten in place.
//! - One process writes at a time; the lock goes with the process.
//! - All of this holds when the process dies at any moment. It is not promised when the machine does:
//!   nothing is synced, since that would cost more than everything else together. Build again after a crash
//!   of the machine.
//!
//! # What is known
//!
//! `.cobrand/ledger` records what was written, with size and time of every file. The record of a change is
//! appended *before* the change is made, so after a death at any moment one of the last two records of a
//! path describes what is there; the ledger keeps both.
//!
//! A zip is replaced right after its package. A process that dies between the two leaves both whole, but of
//! different builds; the next build makes them equal. Inventories are taken last ([`Output::take_inventory`]): until
//! then [`crate::verify`] tells what is another than they list.

mod disk;
mod failure;
mod file;
mod fresh;
mod input;
mod inspect;
mod inventory;
mod key;
mod key_file;
mod ledger;
mod package;
mod past;
mod reading;
mod refusal;
mod root;
mod stage;
mod stale;
mod tree;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::archive::{PieceCache, ZipDate};
use crate::diag::Diagnostic;
use crate::manifest::Bundle;
use crate::paths::OutputPath;
use crate::stopwatch::Stopwatch;

pub use fresh::{add, refresh, write_new};
pub use input::{InputChange, change_input};
pub use key::Key;
pub use key_file::write_keys;
pub use past::Past;
pub use root::STAGE;

use disk::{Disk, Gate};
use ledger::Ledger;
use root::Root;

/// Where this program keeps its own files, within the output folder.
pub const OWN_FOLDER: &str = ".cobrand";

/// What may be in there.
pub const OWN_NAMES: [&str; 4] = [ledger::NAME, ledger::REWRITTEN, root::LOCK, root::STAGE];

/// What a build did to the disk.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Files that are new or differ.
    pub written: u64,
    /// Files that were left as they are.
    pub kept: u64,
    pub removed: u64,
    /// The bytes of the written files.
    pub bytes: u64,
}

impl std::ops::Add for Changes {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            written: self.written + other.written,
            kept: self.kept + other.kept,
            removed: self.removed + other.removed,
            bytes: self.bytes + other.bytes,
        }
    }
}

impl std::ops::AddAssign for Changes {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl std::iter::Sum for Changes {
    fn sum<I: Iterator<Item = Self>>(changes: I) -> Self {
        changes.fold(Self::default(), std::ops::Add::add)
    }
}

/// One deployment's package, ready to be written.
#[derive(Clone, Copy, Debug)]
pub struct Package<'a> {
    /// The deployment's id: its folder within the output.
    pub id: &'a OutputPath,
    pub bundle: &'a Bundle<'a>,
    /// What it was made from; [`Output::current`] and [`Output::stands`] compare it.
    pub key: &'a Key,
    pub zip: Option<Zip<'a>>,
}

/// The zip of a package.
#[derive(Clone, Copy, Debug)]
pub struct Zip<'a> {
    /// Where it lies within the output.
    pub path: &'a OutputPath,
    /// The one folder at its top.
    pub folder: &'a str,
    pub date: ZipDate,
    pub pieces: &'a PieceCache,
    pub stopwatch: &'a Stopwatch,
}

/// How much [`Output::current`] looks at the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Check {
    /// Size and time of every file, and that no file was added.
    Stat,
    /// Only the ledger.
    Ledger,
}

/// An output folder that this process may write to. Safe to use from many threads at once, for different
/// paths.
#[derive(Debug)]
pub struct Output {
    root: Root,
    ledger: Ledger,
    disk: Disk,
    /// Numbers the things in the stage.
    next: AtomicU64,
}

impl Output {
    /// Opens, and if need be makes, an output folder.
    ///
    /// Refuses a folder that holds files but no ledger (`E-FOREIGN`) and one that another process writes to
    /// (`E-LOCKED`). What a killed build left in the stage is removed.
    pub fn open(folder: &Path) -> Result<Self, Diagnostic> {
        Self::open_gated(folder, disk::open_gate())
    }

    fn open_gated(folder: &Path, gate: Arc<dyn Gate>) -> Result<Self, Diagnostic> {
        let disk = Disk::new(gate);
        let root = Root::open(folder, &disk)?;
        let ledger = Ledger::open(root.own(), &disk).map_err(|failure| root.say(failure))?;
        let output = Self { root, ledger, disk, next: AtomicU64::new(0) };
        output.clean_stage().map_err(|failure| output.root.say(failure))?;
        Ok(output)
    }

    /// Whether the package of a deployment stands in the output.
    pub fn has_package(&self, id: &str) -> bool {
        self.ledger.places(id).is_some_and(|places| places.kind == ledger::Kind::Package)
    }

    /// The deployments whose packages stand in the output.
    pub fn packages(&self) -> Vec<Arc<str>> {
        self.ledger.keys(ledger::Kind::Package)
    }

    /// What a package was last made from; `None` where there is none.
    pub fn key(&self, id: &str) -> Result<Option<Key>, Diagnostic> {
        let record = self.ledger.last(id).map_err(|failure| self.root.say(failure).deployment(id))?;
        Ok(record.map(|record| record.key))
    }

    /// Whether a file stands in the output beside the packages: a zip, a catalogue.
    pub fn has_file(&self, path: &str) -> bool {
        self.ledger.places(path).is_some_and(|places| places.kind == ledger::Kind::File)
    }

    /// A name in the stage that nobody else has.
    fn stage_name(&self) -> String {
        self.next.fetch_add(1, Ordering::Relaxed).to_string()
    }

    /// Notes in the ledger what is complete. Also done when the output is dropped, but then nobody hears
    /// of a failure.
    pub fn finish(self) -> Result<(), Diagnostic> {
        self.ledger.flush(&self.disk).map_err(|failure| self.root.say(failure))
    }
}

impl Drop for Output {
    fn drop(&mut self) {
        // What is not noted as complete is only looked at again.
        let _ = self.ledger.flush(&self.disk);
    }
}

#[cfg(test)]
mod tests;
