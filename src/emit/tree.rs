//! Folders by handle, one part at a time, so that a symbolic link on the way leads nowhere.

use std::ffi::CString;
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use rustix::fs::{AtFlags, FileType};
use rustix::io::Errno;

use super::disk::{Disk, open_folder};

/// Deeper than any package, so that nobody can exhaust handles with a deep tree.
pub(super) const DEEPEST: usize = 32;

/// What a path leads to.
#[derive(Debug)]
pub(super) enum Found {
    Folder(OwnedFd),
    Nothing,
    /// Something that is no folder: this part of the path, say a symbolic link.
    Other(String),
}

/// Opens the folder that `path` names below `root`; the empty path is `root` itself.
pub(super) fn find(root: impl AsFd, path: &str) -> io::Result<Found> {
    descend(root, path, |at, part, shown| classify(open_folder(at, part), shown))
}

/// As [`find`], but makes what is missing.
pub(super) fn make(disk: &Disk, root: impl AsFd, path: &str) -> io::Result<Found> {
    descend(root, path, |at, part, shown| match classify(open_folder(at, part), shown)? {
        Found::Nothing => {
            match disk.make_folder(at, part) {
                // Another thread was here first.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                result => result?,
            }
            classify(open_folder(at, part), shown)
        }
        found => Ok(found),
    })
}

fn descend(
    root: impl AsFd,
    path: &str,
    step: impl Fn(BorrowedFd<'_>, &str, &str) -> io::Result<Found>,
) -> io::Result<Found> {
    let mut at: Option<OwnedFd> = None;
    for (end, part) in parts(path) {
        let around = at.as_ref().map_or_else(|| root.as_fd(), AsFd::as_fd);
        match step(around, part, &path[..end])? {
            Found::Folder(next) => at = Some(next),
            other => return Ok(other),
        }
    }
    // The empty path.
    let folder = at.map_or_else(|| open_folder(&root, "."), Ok)?;
    Ok(Found::Folder(folder))
}

/// The parts of a path, each with where it ends.
fn parts(path: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut end = 0;
    path.split('/').filter(|part| !part.is_empty()).map(move |part| {
        end += part.len() + usize::from(end > 0);
        (end, part)
    })
}

fn classify(opened: io::Result<OwnedFd>, path: &str) -> io::Result<Found> {
    match opened {
        Ok(folder) => Ok(Found::Folder(folder)),
        Err(error) => match Errno::from_io_error(&error) {
            Some(Errno::NOENT) => Ok(Found::Nothing),
            Some(Errno::NOTDIR | Errno::LOOP) => Ok(Found::Other(path.to_owned())),
            _ => Err(error),
        },
    }
}

/// What is directly in a folder, ordered by name.
pub(super) fn list(folder: impl AsFd) -> io::Result<Vec<(CString, FileType)>> {
    let mut entries = Vec::new();
    for entry in rustix::fs::Dir::read_from(&folder)? {
        let entry = entry?;
        let name = entry.file_name();
        if matches!(name.to_bytes(), b"." | b"..") {
            continue;
        }
        let kind = match entry.file_type() {
            // Not every file system says it here.
            FileType::Unknown => {
                FileType::from_raw_mode(rustix::fs::statat(&folder, name, AtFlags::SYMLINK_NOFOLLOW)?.st_mode)
            }
            kind => kind,
        };
        entries.push((name.to_owned(), kind));
    }
    entries.sort_unstable_by(|a, b| a.0.cmp(&b.0));
    Ok(entries)
}

/// Removes everything in a folder, following nothing.
pub(super) fn empty(disk: &Disk, folder: impl AsFd, depth: usize) -> io::Result<()> {
    for (name, kind) in list(&folder)? {
        if kind == FileType::Directory && depth < DEEPEST {
            empty(disk, open_folder(&folder, &name)?, depth + 1)?;
            disk.remove_folder(&folder, &name)?;
        } else {
            disk.remove_file(&folder, &name)?;
        }
    }
    Ok(())
}
