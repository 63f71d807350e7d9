//! What builds wrote: an append-only text file, `.cobrand/ledger`.
//!
//! One line an event, each closed by the CRC-32 of the line before it, so that a line cut off by a death is
//! seen and skipped:
//!
//! ```text
//! p ID DIGEST INPUTS =:VALUES ~:PARTS @:LINKS PATH:BYTES:TIME:CRC32 … FOLDER/:TIME … SUM    a package is about to be so
//! f PATH DIGEST INPUTS #:CONTENT .:BYTES:TIME:CRC32 SUM           a file beside the packages is about to be so
//! c KEY SUM                                                       and now it is
//! a ID NAME SUM                                                   the old package lies at NAME in the stage for a moment
//! x KEY SUM                                                       it was removed
//! ```
//!
//! Invariant: whatever is on the disk under a key is described by one of its last two records. Writers see to
//! it by appending what they found, where that is not the last record, before what they are about to do.
//!
//! An inventory that is complete was taken after all else that is noted of what it lists: each such note makes it
//! incomplete.
//!
//! In memory there are only keys and offsets, so a ledger of many packages costs little: what a record says is
//! read when it is asked for.

pub(super) mod line;
mod load;

use std::collections::BTreeMap;
use std::fs::File;
use std::ops::Bound;
use std::os::fd::BorrowedFd;
use std::os::unix::fs::FileExt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::Key;
use super::OWN_FOLDER;
use super::disk::{Disk, Stamp};
use super::failure::{Context, Outcome};
use crate::digest::Digest;
use crate::inventory;

pub(super) const NAME: &str = "ledger";

/// Where a rewritten ledger is made, beside the one it replaces.
pub(super) const REWRITTEN: &str = "ledger.new";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Package,
    File,
}

/// What stands under a key, or is about to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Record {
    /// Of the contents; the default where they are not known as a whole.
    pub digest: Digest,
    /// What they were made from.
    pub key: Key,
    /// Of the bytes of a file beside the packages, whose `digest` may be of what they were made from.
    pub content: Digest,
    pub files: Vec<Known>,
    pub folders: Vec<KnownFolder>,
}

/// A file as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Known {
    /// Within its package; `.` for a file beside the packages.
    pub path: Box<str>,
    pub stamp: Stamp,
    pub crc32: u32,
}

/// A folder of a package. Its time tells whether an entry was added or removed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct KnownFolder {
    /// Within its package; `.` for the package's own.
    pub path: Box<str>,
    pub time: i64,
}

/// What is held in memory of the records under a key. There may be hundreds of thousands of these, so a line
/// is not a type of its own, which would have padding.
#[derive(Clone, Copy, Debug)]
pub(super) struct Places {
    offsets: [u64; 2],
    lengths: [u32; 2],
    pub kind: Kind,
    /// The last record describes the disk.
    pub complete: bool,
}

/// A line of the ledger.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub offset: u64,
    pub length: u32,
}

impl Places {
    /// With another record, which is not known to describe the disk yet.
    fn with(before: Option<Self>, kind: Kind, last: Place) -> Self {
        let previous = before.map_or(Place { offset: 0, length: 0 }, |before| before.last());
        let (offsets, lengths) = ([previous.offset, last.offset], [previous.length, last.length]);
        Self { offsets, lengths, kind, complete: false }
    }

    fn last(&self) -> Place {
        Place { offset: self.offsets[1], length: self.lengths[1] }
    }

    /// The lines of the records, newest first: one or two.
    fn lines(&self) -> impl DoubleEndedIterator<Item = Place> + use<> {
        // No line is empty, so one without a length is none.
        let previous = Place { offset: self.offsets[0], length: self.lengths[0] };
        [self.last(), previous].into_iter().filter(|place| place.length > 0)
    }
}

#[derive(Debug)]
pub(super) struct Ledger {
    /// For reading at any place, by any thread.
    reader: File,
    state: Mutex<State>,
    /// Packages that a build had moved aside, by their names in the stage.
    pub aside: BTreeMap<Arc<str>, Arc<str>>,
}

#[derive(Debug)]
struct State {
    writer: File,
    length: u64,
    index: BTreeMap<Arc<str>, Places>,
    /// Notes of completion that need not be on the disk yet.
    pending: Vec<u8>,
}

/// How much of completion notes is gathered before it is written.
const GATHER: usize = 16 * 1024;

impl Ledger {
    pub fn open(own: BorrowedFd<'_>, disk: &Disk) -> Outcome<Self> {
        let loaded = load::load(own, disk).context("read", &path())?;
        let reader = loaded.file.try_clone().context("read", &path())?;
        let state = State { writer: loaded.file, length: loaded.length, index: loaded.index, pending: Vec::new() };
        Ok(Self { reader, state: Mutex::new(state), aside: loaded.aside })
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Every change of the state is complete before the next call that could panic.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The last records under a key, newest first: none, one or two.
    pub fn records(&self, key: &str) -> Outcome<Vec<Record>> {
        let Some(places) = self.places(key) else { return Ok(Vec::new()) };
        places.lines().map(|place| self.record(place)).collect()
    }

    /// The last record under a key.
    pub fn last(&self, key: &str) -> Outcome<Option<Record>> {
        self.places(key).map(|places| self.record(places.last())).transpose()
    }

    pub fn places(&self, key: &str) -> Option<Places> {
        self.lock().index.get(key).copied()
    }

    /// The digest in the last record of `places`.
    pub fn digest(&self, places: &Places) -> Outcome<Digest> {
        self.read(places.last(), line::digest)
    }

    fn record(&self, place: Place) -> Outcome<Record> {
        self.read(place, line::parse_record)
    }

    fn read<T>(&self, place: Place, parse: impl Fn(&[u8]) -> Option<T>) -> Outcome<T> {
        let mut line = vec![0; place.length as usize];
        self.reader.read_exact_at(&mut line, place.offset).context("read", &path())?;
        parse(&line).ok_or_else(|| std::io::Error::from(std::io::ErrorKind::InvalidData)).context("read", &path())
    }

    /// Notes what is about to be done.
    pub fn append(&self, disk: &Disk, kind: Kind, key: &str, record: &Record) -> Outcome<()> {
        let line = line::record(kind, key, record);
        let mut state = self.lock();
        if state.index.get(key).is_some_and(|places| places.complete) {
            // A note still pending is about the record before this one.
            state.flush(disk)?;
        }
        state.outdate(disk, key)?;
        let last = state.write(disk, &line)?;
        match state.index.get_mut(key) {
            Some(places) => *places = Places::with(Some(*places), kind, last),
            None => drop(state.index.insert(key.into(), Places::with(None, kind, last))),
        }
        Ok(())
    }

    /// Notes that the last record describes the disk. A note that gets lost costs a look at the disk.
    pub fn complete(&self, disk: &Disk, key: &str) -> Outcome<()> {
        let mut state = self.lock();
        match state.index.get_mut(key) {
            Some(places) if !places.complete => places.complete = true,
            _ => return Ok(()),
        }
        state.pending.extend_from_slice(&line::complete(key));
        if state.pending.len() < GATHER { Ok(()) } else { state.flush(disk) }
    }

    /// Notes that a package is moved aside for a moment.
    pub fn append_aside(&self, disk: &Disk, key: &str, name: &str) -> Outcome<()> {
        self.lock().write(disk, &line::aside(key, name)).map(drop)
    }

    /// Notes that nothing is there any more.
    pub fn forget(&self, disk: &Disk, key: &str) -> Outcome<()> {
        let mut state = self.lock();
        state.outdate(disk, key)?;
        state.write(disk, &line::removed(key))?;
        state.index.remove(key);
        Ok(())
    }

    /// Everything that is noted, ordered by key.
    pub fn all(&self) -> Vec<(Arc<str>, Places)> {
        self.lock().index.iter().map(|(key, places)| (key.clone(), *places)).collect()
    }

    pub fn keys(&self, kind: Kind) -> Vec<Arc<str>> {
        let state = self.lock();
        state.index.iter().filter(|(_, places)| places.kind == kind).map(|(key, _)| key.clone()).collect()
    }

    /// The keys that begin so, in order.
    pub fn keys_below(&self, kind: Kind, start: &str) -> Vec<Arc<str>> {
        let state = self.lock();
        let from = state.index.range::<str, _>((Bound::Included(start), Bound::Unbounded));
        let below = from.take_while(|(key, _)| key.starts_with(start));
        below.filter(|(_, places)| places.kind == kind).map(|(key, _)| key.clone()).collect()
    }

    /// A key that cannot stand beside `key`: a package around it, or something below it if it is a package.
    pub fn conflict(&self, kind: Kind, key: &str) -> Option<Arc<str>> {
        let state = self.lock();
        let around = key.match_indices('/').map(|(at, _)| &key[..at]);
        let is_package =
            |path: &str| state.index.get_key_value(path).filter(|(_, places)| places.kind == Kind::Package);
        if let Some((outer, _)) = around.filter_map(is_package).next() {
            return Some(outer.clone());
        }
        if kind == Kind::File {
            return None;
        }
        let below = format!("{key}/");
        let mut range = state.index.range::<str, _>((Bound::Included(below.as_str()), Bound::Unbounded));
        range.next().map(|(inner, _)| inner.clone()).filter(|inner| inner.starts_with(&below))
    }

    pub fn flush(&self, disk: &Disk) -> Outcome<()> {
        self.lock().flush(disk)
    }
}

/// Makes the inventory incomplete that lists what stands under a key; says whether it was complete.
fn outdate(index: &mut BTreeMap<Arc<str>, Places>, key: &str) -> bool {
    let inventory = inventory::listed_in(key).and_then(|folder| index.get_mut(&*inventory::path_in(folder)));
    inventory.is_some_and(|inventory| std::mem::take(&mut inventory.complete))
}

impl State {
    fn outdate(&mut self, disk: &Disk, key: &str) -> Outcome<()> {
        // A note still pending is about the inventory as it was.
        if outdate(&mut self.index, key) { self.flush(disk) } else { Ok(()) }
    }

    fn write(&mut self, disk: &Disk, line: &[u8]) -> Outcome<Place> {
        if let Err(error) = disk.append(&mut self.writer, line) {
            // Half a line must not spoil the next one. Should this fail too, the sum at its end shows it.
            let _ = self.writer.set_len(self.length);
            return Err(error).context("write", &path());
        }
        let place = Place { offset: self.length, length: line.len() as u32 };
        self.length += line.len() as u64;
        Ok(place)
    }

    fn flush(&mut self, disk: &Disk) -> Outcome<()> {
        let pending = std::mem::take(&mut self.pending);
        if pending.is_empty() { Ok(()) } else { self.write(disk, &pending).map(drop) }
    }
}

fn path() -> String {
    format!("{OWN_FOLDER}/{NAME}")
}

#[cfg(test)]
mod tests;
