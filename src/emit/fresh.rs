//! A new tree of files in a folder that holds none: a workspace for somebody to begin with.

use std::collections::BTreeSet;
use std::os::fd::OwnedFd;
use std::path::Path;

use rustix::fs::{CWD, FileType, Mode, OFlags};

use super::disk::{self, Disk};
use super::failure::{Context, Outcome};
use super::{Changes, tree};
use crate::diag::Diagnostic;

/// Version control is set up before or after; it is nobody's content.
const IGNORED: &str = ".git";

/// Writes files into a folder that is empty or not there yet; refuses any other (`E-EXISTS`). When
/// it fails on the way, nothing of it stays.
pub fn write_new<'a>(
    folder: &Path,
    files: impl IntoIterator<Item = (&'a str, &'a [u8])>,
) -> Result<Changes, Diagnostic> {
    let disk = Disk::new(disk::open_gate());
    let shown = folder.display().to_string();
    let root = open(folder).map_err(|failure| failure.diagnostic(&shown))?;
    let entries = tree::list(&root).context("read", "").map_err(|failure| failure.diagnostic(&shown))?;
    let found: Vec<_> = entries.iter().map(|(name, _)| name.to_string_lossy()).filter(|n| n != IGNORED).collect();
    if !found.is_empty() {
        return Err(not_empty(&shown, &found));
    }
    let mut tops = BTreeSet::new();
    let written = write(&disk, &root, files, &mut tops);
    written.map_err(|failure| {
        // What cannot be removed either is for the user to see; the first failure is the one to tell.
        let _ = clear(&disk, &root, &tops);
        failure.diagnostic(&shown)
    })
}

fn open(folder: &Path) -> Outcome<OwnedFd> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
    std::fs::create_dir_all(folder)
        .and_then(|()| Ok(rustix::fs::openat(CWD, folder, flags, Mode::empty())?))
        .context("open", "")
}

fn not_empty(shown: &str, found: &[std::borrow::Cow<'_, str>]) -> Diagnostic {
    const NAMED: usize = 3;
    let named: Vec<_> = found.iter().take(NAMED).map(|name| format!("`{name}`")).collect();
    let more = if found.len() > NAMED { format!(" and {} more", found.len() - NAMED) } else { String::new() };
    Diagnostic::error("E-EXISTS", format!("`{shown}` is not empty: it holds {}{more}", named.join(", ")))
        .help("name a new or empty folder, as in `cobrand init my-program`")
}

fn write<'a>(
    disk: &Disk,
    root: &OwnedFd,
    files: impl IntoIterator<Item = (&'a str, &'a [u8])>,
    tops: &mut BTreeSet<&'a str>,
) -> Outcome<Changes> {
    let mut changes = Changes::default();
    for (path, bytes) in files {
        tops.insert(path.split('/').next().unwrap_or(path));
        let (parent, name) = path.rsplit_once('/').unwrap_or(("", path));
        let parent = match tree::make(disk, root, parent).context("make", parent)? {
            tree::Found::Folder(folder) => folder,
            // Somebody else is writing here at the same moment.
            _ => return Err(std::io::Error::from(std::io::ErrorKind::NotADirectory)).context("make", parent),
        };
        disk.write_new(&parent, name, bytes).context("write", path)?;
        changes.written += 1;
        changes.bytes += bytes.len() as u64;
    }
    Ok(changes)
}

/// Removes what was written, and nothing else.
fn clear(disk: &Disk, root: &OwnedFd, tops: &BTreeSet<&str>) -> std::io::Result<()> {
    for (name, kind) in tree::list(root)? {
        if !name.to_str().is_ok_and(|name| tops.contains(name)) {
            continue;
        }
        if kind == FileType::Directory {
            tree::empty(disk, disk::open_folder(root, &name)?, 0)?;
            disk.remove_folder(root, &name)?;
        } else {
            disk.remove_file(root, &name)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILES: [(&str, &[u8]); 2] = [("a.yaml", b"a: 1\n"), ("b/c/d.md", b"text")];

    #[test]
    fn writes_into_a_new_folder_and_beside_version_control() {
        let temp = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(temp.path().join("x/.git")).unwrap();
        for folder in ["x", "y/z"] {
            let folder = temp.path().join(folder);
            let changes = write_new(&folder, FILES).unwrap();
            assert_eq!((changes.written, changes.bytes), (2, 9));
            assert_eq!(std::fs::read_to_string(folder.join("b/c/d.md")).unwrap(), "text");
        }
    }

    #[test]
    fn refuses_a_folder_with_anything_in_it_and_names_it() {
        let temp = tempfile::tempdir().unwrap();
        std::fs::create_dir(temp.path().join("notes")).unwrap();
        let error = write_new(temp.path(), FILES).unwrap_err();
        assert_eq!(error.code.0, "E-EXISTS");
        assert!(error.message.ends_with("is not empty: it holds `notes`"), "{}", error.message);
        assert!(!temp.path().join("a.yaml").exists());
    }

    #[test]
    fn a_failure_on_the_way_leaves_nothing() {
        let temp = tempfile::tempdir().unwrap();
        let files: [(&str, &[u8]); 2] = [("a/b", b"1"), ("a/b/c", b"2")];
        let error = write_new(temp.path(), files).unwrap_err();
        assert_eq!(error.code.0, "E-WRITE");
        assert_eq!(std::fs::read_dir(temp.path()).unwrap().count(), 0);
    }
}
