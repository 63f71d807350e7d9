//! Reads a ledger into its index, and rewrites it when most of it is history.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::os::fd::BorrowedFd;
use std::os::unix::fs::FileExt;
use std::sync::Arc;

use rustix::fs::{Mode, OFlags};

use super::line::{self, Event};
use super::{NAME, Place, Places, REWRITTEN, outdate};
use crate::emit::disk::Disk;

pub(super) struct Loaded {
    pub file: File,
    pub length: u64,
    pub index: BTreeMap<Arc<str>, Places>,
    pub aside: BTreeMap<Arc<str>, Arc<str>>,
}

/// History below this is not worth rewriting.
const FEW: u64 = 256 * 1024;

pub(super) fn load(own: BorrowedFd<'_>, disk: &Disk) -> io::Result<Loaded> {
    let loaded = read(open(own)?)?;
    let live: u64 = lines(&loaded.index).map(|place| u64::from(place.length)).sum();
    if loaded.length > FEW + 2 * live {
        rewrite(own, disk, &loaded)?;
        return read(open(own)?);
    }
    Ok(loaded)
}

fn open(own: BorrowedFd<'_>) -> io::Result<File> {
    let flags = OFlags::RDWR | OFlags::CREATE | OFlags::APPEND | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    Ok(rustix::fs::openat(own, NAME, flags, Mode::from_bits_truncate(0o666))?.into())
}

fn read(file: File) -> io::Result<Loaded> {
    let mut loaded = Loaded { file: file.try_clone()?, length: 0, index: BTreeMap::new(), aside: BTreeMap::new() };
    let mut reader = BufReader::with_capacity(128 * 1024, file);
    let mut line = Vec::new();
    while reader.read_until(b'\n', &mut line)? > 0 {
        if line.last() != Some(&b'\n') {
            // Cut off by a death. The next line would grow out of it.
            loaded.file.set_len(loaded.length)?;
            break;
        }
        let place = Place { offset: loaded.length, length: line.len() as u32 };
        if let Some(event) = line::parse(&line) {
            loaded.enter(event, place);
        }
        loaded.length += line.len() as u64;
        line.clear();
    }
    Ok(loaded)
}

impl Loaded {
    fn enter(&mut self, event: Event<'_>, last: Place) {
        if let Event::Record { key, .. } | Event::Removed { key } = event {
            outdate(&mut self.index, key);
        }
        match event {
            Event::Record { kind, key } => match self.index.get_mut(key) {
                Some(places) => *places = Places::with(Some(*places), kind, last),
                None => drop(self.index.insert(key.into(), Places::with(None, kind, last))),
            },
            Event::Complete { key } => {
                if let Some(places) = self.index.get_mut(key) {
                    places.complete = true;
                }
            }
            Event::Aside { key, name } => {
                // A name in the stage is used anew by each build; only its last use counts.
                self.aside.insert(name.into(), key.into());
            }
            Event::Removed { key } => {
                self.index.remove(key);
            }
        }
    }
}

fn lines(index: &BTreeMap<Arc<str>, Places>) -> impl Iterator<Item = Place> {
    index.values().flat_map(Places::lines)
}

/// Writes the lines that still count into a new file and puts it in place.
fn rewrite(own: BorrowedFd<'_>, disk: &Disk, loaded: &Loaded) -> io::Result<()> {
    match disk.remove_file(own, REWRITTEN) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    disk.stream_new(own, REWRITTEN, |file| {
        let mut out = BufWriter::with_capacity(128 * 1024, file);
        let mut line = Vec::new();
        // In the order in which they were noted, so that what is complete stays so.
        let mut index: Vec<_> = loaded.index.iter().collect();
        index.sort_unstable_by_key(|(_, places)| places.last().offset);
        for (key, places) in index {
            for place in places.lines().rev() {
                line.resize(place.length as usize, 0);
                loaded.file.read_exact_at(&mut line, place.offset)?;
                out.write_all(&line)?;
            }
            if places.complete {
                out.write_all(&line::complete(key))?;
            }
        }
        // Those that a killed build left are about to be put back.
        for (name, key) in &loaded.aside {
            out.write_all(&line::aside(key, name))?;
        }
        out.flush()
    })?;
    disk.rename(own, REWRITTEN, own, NAME)
}
