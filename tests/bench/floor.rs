//! The floor: the same folders and the same bytes, by two threads, and nothing else.

use std::collections::BTreeMap;
use std::os::fd::OwnedFd;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use rustix::fs::{Mode, OFlags, mkdirat, open, openat};
use rustix::io::{Errno, write as write_fd};

const FOLDER: OFlags = OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::CLOEXEC);
const FILE: OFlags = OFlags::WRONLY.union(OFlags::CREATE).union(OFlags::EXCL).union(OFlags::CLOEXEC);

/// The list of what a build wrote: `size path` a line, sorted by path.
pub fn list(output: &Path) -> Result<String, String> {
    let mut lines = Vec::new();
    for entry in walkdir::WalkDir::new(output).sort_by_file_name() {
        let entry = entry.map_err(|error| error.to_string())?;
        if entry.file_type().is_file() {
            let size = entry.metadata().map_err(|error| error.to_string())?.len();
            let path = entry.path().strip_prefix(output).map_err(|error| error.to_string())?;
            lines.push(format!("{size} {}\n", path.display()));
        }
    }
    Ok(lines.concat())
}

/// Writes everything of a list below a new folder.
pub fn write(list: &Path, folder: &Path) -> Result<(), String> {
    let text = std::fs::read_to_string(list).map_err(|error| format!("{}: {error}", list.display()))?;
    let mut largest = 0;
    let mut tree = Folder::default();
    for line in text.lines() {
        let (size, path) = line.split_once(' ').ok_or("the list is no list")?;
        let size: usize = size.parse().map_err(|_| "the list is no list")?;
        largest = largest.max(size);
        tree.add(path, size);
    }
    let bytes: Vec<u8> = (0..largest).map(|index| b' ' + (index % 90) as u8).collect();
    std::fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let root = open(folder, FOLDER, Mode::empty()).map_err(|error| error.to_string())?;
    tree.files.iter().try_for_each(|(name, size)| file(&root, name, &bytes[..*size])).map_err(|e| e.to_string())?;
    // The unit of work is a folder at the top: a partner.
    let folders: Vec<(&&str, &Folder<'_>)> = tree.folders.iter().collect();
    let next = AtomicUsize::new(0);
    let work = || {
        while let Some((name, tree)) = folders.get(next.fetch_add(1, Ordering::Relaxed)) {
            tree.write(&root, name, &bytes)?;
        }
        Ok(())
    };
    std::thread::scope(|scope| {
        let second = scope.spawn(work);
        let first: Result<(), Errno> = work();
        first.and(second.join().unwrap_or(Err(Errno::IO)))
    })
    .map_err(|error| error.to_string())
}

#[derive(Default)]
struct Folder<'a> {
    folders: BTreeMap<&'a str, Folder<'a>>,
    files: Vec<(&'a str, usize)>,
}

impl<'a> Folder<'a> {
    fn add(&mut self, path: &'a str, size: usize) {
        match path.split_once('/') {
            Some((folder, rest)) => self.folders.entry(folder).or_default().add(rest, size),
            None => self.files.push((path, size)),
        }
    }

    fn write(&self, parent: &OwnedFd, name: &str, bytes: &[u8]) -> Result<(), Errno> {
        mkdirat(parent, name, Mode::from_raw_mode(0o777))?;
        let own = openat(parent, name, FOLDER, Mode::empty())?;
        self.files.iter().try_for_each(|(name, size)| file(&own, name, &bytes[..*size]))?;
        self.folders.iter().try_for_each(|(name, folder)| folder.write(&own, name, bytes))
    }
}

fn file(folder: &OwnedFd, name: &str, mut bytes: &[u8]) -> Result<(), Errno> {
    let file = openat(folder, name, FILE, Mode::from_raw_mode(0o666))?;
    while !bytes.is_empty() {
        bytes = &bytes[write_fd(&file, bytes)?..];
    }
    Ok(())
}
