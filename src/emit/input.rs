//! Input files that somebody asked to be rewritten: replaced whole, and only if they are what was read.

use std::io::{self, Read};
use std::os::fd::OwnedFd;
use std::path::Path;

use rustix::fs::{CWD, FileType, Mode, OFlags};

use super::disk::{self, Disk};
use super::tree;
use crate::diag::Diagnostic;
use crate::paths::InputPath;

/// What shall become of an input file.
#[derive(Clone, Debug)]
pub struct InputChange<'a> {
    /// The path that it shall have.
    pub path: &'a InputPath,
    /// The path that it has and the digest of its bytes as they were read; `None` for a new file.
    pub from: Option<(&'a InputPath, blake3::Hash)>,
    /// The bytes that it shall have; `None` if it only gets another path.
    pub bytes: Option<Vec<u8>>,
}

/// Makes a change to a workspace. The file is old or new, never half, and keeps its permissions; one that is
/// read-only, that changed since it was read or that is a symbolic link is left alone, and so is whatever
/// stands at a new path.
pub fn change_input(workspace: &Path, change: &InputChange<'_>) -> Result<(), Diagnostic> {
    let disk = Disk::new(disk::open_gate());
    made(&disk, workspace, change).map_err(|problem| problem.diagnostic(change))
}

enum Problem {
    /// It is not what was read.
    Changed,
    ReadOnly,
    /// Something stands at its new path.
    Taken,
    NoFile,
    Failed(io::Error),
}

impl<E: Into<io::Error>> From<E> for Problem {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

impl Problem {
    fn diagnostic(&self, change: &InputChange<'_>) -> Diagnostic {
        let path = change.from.map_or(change.path, |(from, _)| from);
        let error = |message: String| Diagnostic::error("E-WRITE", message);
        match self {
            Self::Changed => error(format!("`{path}` changed while it was rewritten, so it was left as it is"))
                .help("run the command again"),
            Self::ReadOnly => error(format!("cannot write `{path}`: it is read-only")).help("make it writable for you"),
            Self::Taken => error(format!("cannot write `{}`: something stands there", change.path))
                .help("move it away, and run the command again"),
            Self::NoFile => error(format!("cannot write `{path}`: it is no regular file"))
                .help("put the file itself in the place of a link"),
            Self::Failed(reason) => error(format!("cannot write `{path}`: {reason}"))
                .help("see that the folder is yours and the disk has room"),
        }
    }
}

fn made(disk: &Disk, workspace: &Path, change: &InputChange<'_>) -> Result<(), Problem> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
    let root = rustix::fs::openat(CWD, workspace, flags, Mode::empty())?;
    let new_place = |disk: &Disk| -> Result<(OwnedFd, String), Problem> {
        let (folder, name) = opened(tree::make(disk, &root, change.path.folder())?, change.path)?;
        if disk::stat(&folder, &name)?.is_some() { Err(Problem::Taken) } else { Ok((folder, name)) }
    };
    let Some((from, digest)) = change.from else {
        let (folder, name) = new_place(disk)?;
        disk.write_new(&folder, &name, change.bytes.as_deref().unwrap_or_default())?;
        return Ok(());
    };
    let (folder, name) = opened(tree::find(&root, from.folder())?, from)?;
    let mode = unchanged(&folder, &name, digest)?;
    if from == change.path {
        let Some(bytes) = &change.bytes else { return Ok(()) };
        // Hidden, so that it is nobody's content should this die in between.
        let draft = format!(".{name}.new");
        written(disk, &folder, &draft, bytes, mode)?;
        disk.rename(&folder, &draft, &folder, &name)?;
        return Ok(());
    }
    let (target, new_name) = new_place(disk)?;
    match &change.bytes {
        None => disk.rename_new(&folder, &name, &target, &new_name)?,
        Some(bytes) => {
            written(disk, &target, &new_name, bytes, mode)?;
            disk.remove_file(&folder, name.as_str())?;
        }
    }
    Ok(())
}

fn opened(found: tree::Found, path: &InputPath) -> Result<(OwnedFd, String), Problem> {
    match found {
        tree::Found::Folder(folder) => Ok((folder, path.file_name().to_owned())),
        _ => Err(Problem::NoFile),
    }
}

/// The permissions of a file that is as it was read, and may be written.
fn unchanged(folder: &OwnedFd, name: &str, digest: blake3::Hash) -> Result<Mode, Problem> {
    let Some(stat) = disk::stat(folder, name)? else { return Err(Problem::Changed) };
    if FileType::from_raw_mode(stat.st_mode) != FileType::RegularFile {
        return Err(Problem::NoFile);
    }
    let mode = Mode::from_raw_mode(stat.st_mode);
    if !mode.intersects(Mode::WUSR | Mode::WGRP | Mode::WOTH) {
        return Err(Problem::ReadOnly);
    }
    let mut bytes = Vec::new();
    disk::open_file(folder, name)?.read_to_end(&mut bytes)?;
    if blake3::hash(&bytes) == digest { Ok(mode) } else { Err(Problem::Changed) }
}

fn written(disk: &Disk, folder: &OwnedFd, name: &str, bytes: &[u8], mode: Mode) -> Result<(), Problem> {
    if disk::stat(folder, name)?.is_some() {
        disk.remove_file(folder, name)?;
    }
    disk.stream_new(folder, name, |file| {
        io::Write::write_all(file, bytes)?;
        Ok(rustix::fs::fchmod(file, mode)?)
    })?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[expect(clippy::disallowed_methods, reason = "makes the input of a test")]
    fn write(path: impl AsRef<Path>, text: &str) {
        std::fs::write(path, text).unwrap();
    }

    fn change(workspace: &Path, from: &str, to: &str, read: &[u8], new: Option<&[u8]>) -> Result<(), Diagnostic> {
        let (from, to) = (InputPath::new(from).unwrap(), InputPath::new(to).unwrap());
        let from = Some((&from, blake3::hash(read)));
        change_input(workspace, &InputChange { path: &to, from, bytes: new.map(<[u8]>::to_vec) })
    }

    #[test]
    fn a_file_is_replaced_whole_and_keeps_its_permissions() {
        let temp = tempfile::tempdir().unwrap();
        let file = temp.path().join("a.yaml");
        write(&file, "old");
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o640)).unwrap();
        change(temp.path(), "a.yaml", "a.yaml", b"old", Some(b"new")).unwrap();
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "new");
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o640);
        assert_eq!(std::fs::read_dir(temp.path()).unwrap().count(), 1);
    }

    #[test]
    fn what_is_not_as_it_was_read_is_left_alone() {
        let temp = tempfile::tempdir().unwrap();
        let file = temp.path().join("a.yaml");
        write(&file, "mine");
        let problem = change(temp.path(), "a.yaml", "a.yaml", b"old", Some(b"new")).unwrap_err();
        assert!(problem.message.contains("changed while"), "{}", problem.message);
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o444)).unwrap();
        let problem = change(temp.path(), "a.yaml", "a.yaml", b"mine", Some(b"new")).unwrap_err();
        assert!(problem.message.contains("read-only"), "{}", problem.message);
        std::os::unix::fs::symlink(&file, temp.path().join("b.yaml")).unwrap();
        assert!(change(temp.path(), "b.yaml", "b.yaml", b"mine", Some(b"new")).is_err());
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "mine");
    }

    #[test]
    fn a_file_goes_to_a_free_path_only() {
        let temp = tempfile::tempdir().unwrap();
        for (name, text) in [("a", "1"), ("b", "2")] {
            write(temp.path().join(name), text);
        }
        assert!(change(temp.path(), "a", "b", b"1", None).is_err());
        change(temp.path(), "a", "x/y/a", b"1", None).unwrap();
        change(temp.path(), "b", "x/b", b"2", Some(b"3")).unwrap();
        assert_eq!(std::fs::read_to_string(temp.path().join("x/y/a")).unwrap(), "1");
        assert_eq!(std::fs::read_to_string(temp.path().join("x/b")).unwrap(), "3");
        assert!(!temp.path().join("a").exists() && !temp.path().join("b").exists());
    }
}
