//! What stands where something is about to be written, and whether a build wrote it.

use std::collections::HashMap;
use std::io::{self, Read};
use std::os::fd::{AsFd, OwnedFd};

use rustix::fs::FileType;

use super::disk::{Stamp, open_file, open_folder, stat};
use super::ledger::{Known, KnownFolder, Record};
use super::tree::{DEEPEST, list};

/// A package as it stands on the disk; every file in it was written by a build and not changed since.
#[derive(Debug)]
pub(super) struct Old {
    pub folder: OwnedFd,
    /// Describes the disk exactly.
    pub record: Record,
    /// The record is the last one in the ledger.
    pub last: bool,
}

#[derive(Debug)]
pub(super) enum Standing {
    Ours(Old),
    /// Paths within the package that no build wrote, or that were changed since.
    Foreign(Vec<String>),
}

/// Compares a package's folder with what the ledger says of it, newest record first.
///
/// Where a record fits, that costs one `stat` for each file and folder; a folder's time shows that
/// nothing was added to it. Only otherwise is anything listed, and only a file whose size is right and whose time
/// is not is read.
pub(super) fn package(folder: OwnedFd, records: &[Record]) -> io::Result<Standing> {
    for (age, record) in records.iter().enumerate() {
        if fits(&folder, record)? {
            return Ok(Standing::Ours(Old { folder, record: record.clone(), last: age == 0 }));
        }
    }
    let mut walk = Walk::new(records);
    walk.enter(open_folder(&folder, ".")?, String::new(), 0)?;
    if walk.foreign.is_empty() {
        return Ok(Standing::Ours(Old { folder, record: walk.seen, last: false }));
    }
    Ok(Standing::Foreign(walk.foreign))
}

/// Whether the disk is as a record says, by size and time.
pub(super) fn fits(folder: &OwnedFd, record: &Record) -> io::Result<bool> {
    for known in &record.folders {
        match stat(folder, &known.path)? {
            Some(stat) if is(&stat, FileType::Directory) && Stamp::of(&stat).time == known.time => {}
            _ => return Ok(false),
        }
    }
    for known in &record.files {
        match stat(folder, &known.path)? {
            Some(stat) if is(&stat, FileType::RegularFile) && Stamp::of(&stat) == known.stamp => {}
            _ => return Ok(false),
        }
    }
    Ok(true)
}

fn is(stat: &rustix::fs::Stat, kind: FileType) -> bool {
    FileType::from_raw_mode(stat.st_mode) == kind
}

/// Lists a package and looks at every file in it.
struct Walk<'a> {
    known: HashMap<&'a str, Vec<&'a Known>>,
    /// What is there, as far as it is ours.
    seen: Record,
    foreign: Vec<String>,
}

impl<'a> Walk<'a> {
    fn new(records: &'a [Record]) -> Self {
        let mut known: HashMap<&str, Vec<&Known>> = HashMap::new();
        for file in records.iter().flat_map(|record| &record.files) {
            known.entry(&*file.path).or_default().push(file);
        }
        Self { known, seen: Record::default(), foreign: Vec::new() }
    }

    fn enter(&mut self, folder: OwnedFd, path: String, depth: usize) -> io::Result<()> {
        let time = Stamp::of(&rustix::fs::fstat(&folder)?).time;
        let shown = if path.is_empty() { "." } else { path.as_str() };
        self.seen.folders.push(KnownFolder { path: shown.into(), time });
        for (name, _) in list(&folder)? {
            let below = match name.to_str() {
                Ok(name) if path.is_empty() => name.to_owned(),
                Ok(name) => format!("{path}/{name}"),
                Err(_) => {
                    self.foreign.push(format!("{path}/{}", name.to_string_lossy()));
                    continue;
                }
            };
            let file_name = below.rsplit('/').next().unwrap_or(&below);
            match stat(&folder, file_name)? {
                Some(stat) if is(&stat, FileType::Directory) && depth < DEEPEST => {
                    self.enter(open_folder(&folder, file_name)?, below, depth + 1)?;
                }
                Some(stat) if is(&stat, FileType::RegularFile) => self.file(&folder, file_name, &stat, &below)?,
                Some(_) => self.foreign.push(below),
                None => {}
            }
        }
        Ok(())
    }

    fn file(&mut self, folder: &OwnedFd, name: &str, stat: &rustix::fs::Stat, path: &str) -> io::Result<()> {
        let candidates = self.known.get(path).map_or(&[][..], Vec::as_slice);
        match file(folder, name, Stamp::of(stat), candidates)? {
            Some(known) => self.seen.files.push(Known { path: path.into(), ..known }),
            None => self.foreign.push(path.to_owned()),
        }
        Ok(())
    }
}

/// The file as it is, if it is what one of `candidates` says: by size and time, or else by content.
pub(super) fn file(at: impl AsFd, name: &str, stamp: Stamp, candidates: &[&Known]) -> io::Result<Option<Known>> {
    if let Some(known) = candidates.iter().find(|known| known.stamp == stamp) {
        return Ok(Some((*known).clone()));
    }
    if !candidates.iter().any(|known| known.stamp.size == stamp.size) {
        return Ok(None);
    }
    let crc32 = checksum(&mut open_file(at, name)?)?;
    let found = candidates.iter().find(|known| known.stamp.size == stamp.size && known.crc32 == crc32);
    Ok(found.map(|known| Known { stamp, ..(*known).clone() }))
}

fn checksum(file: &mut std::fs::File) -> io::Result<u32> {
    let mut hasher = crc32fast::Hasher::new();
    let mut buffer = vec![0; 64 * 1024];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(hasher.finalize()),
            length => hasher.update(&buffer[..length]),
        }
    }
}

/// Whether a file holds exactly these bytes.
pub(super) fn holds(at: impl AsFd, path: &str, bytes: &[u8]) -> io::Result<bool> {
    let mut found = Vec::with_capacity(bytes.len() + 1);
    // One byte more, so that a longer file differs.
    open_file(at, path)?.take(bytes.len() as u64 + 1).read_to_end(&mut found)?;
    Ok(found == bytes)
}
