//! The output folder itself: whose it is, and that nobody else writes to it.

use std::fs::File;
use std::io::{self, Read};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::path::{Path, PathBuf};

use rustix::fs::{CWD, FlockOperation, Mode, OFlags};

use super::OWN_FOLDER;
use super::disk::{Disk, open_folder};
use super::failure::{Context, Failure};
use super::tree;
use crate::diag::Diagnostic;

pub const STAGE: &str = "stage";
pub(super) const LOCK: &str = "lock";

/// An output folder that is ours and locked for us until this is dropped.
#[derive(Debug)]
pub(super) struct Root {
    /// As the user wrote it, for messages.
    shown: String,
    folder: OwnedFd,
    own: OwnedFd,
    stage: OwnedFd,
    _lock: File,
}

impl Root {
    pub fn open(path: &Path, disk: &Disk) -> Result<Self, Diagnostic> {
        // Rebuilt from its parts, so that a slash at the end does not make the system follow a link.
        let path: PathBuf = path.components().collect();
        let shown = path.display().to_string();
        let say = |failure: Failure| failure.diagnostic(&shown);
        let folder = open_or_make(&path, &shown)?;
        let own = claim(&folder, &shown, disk)?;
        let lock = lock(&own, &shown, disk)?;
        make_folder(disk, &own, STAGE).context("make", OWN_FOLDER).map_err(say)?;
        let stage = open_folder(&own, STAGE).context("open", &format!("{OWN_FOLDER}/{STAGE}")).map_err(say)?;
        Ok(Self { shown, folder, own, stage, _lock: lock })
    }

    pub fn folder(&self) -> BorrowedFd<'_> {
        self.folder.as_fd()
    }

    pub fn own(&self) -> BorrowedFd<'_> {
        self.own.as_fd()
    }

    pub fn stage(&self) -> BorrowedFd<'_> {
        self.stage.as_fd()
    }

    pub fn say(&self, failure: Failure) -> Diagnostic {
        failure.diagnostic(&self.shown)
    }

    /// A path within the output as the user can name it.
    pub fn show(&self, path: &str) -> String {
        format!("{}/{path}", self.shown)
    }
}

fn open_or_make(path: &Path, shown: &str) -> Result<OwnedFd, Diagnostic> {
    if path.is_symlink() {
        return Err(Diagnostic::error("E-FOREIGN", format!("the output folder `{shown}` is a symbolic link"))
            .help("name the folder it leads to with `--output`"));
    }
    let opened = std::fs::create_dir_all(path).and_then(|()| {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        Ok(rustix::fs::openat(CWD, path, flags, Mode::empty())?)
    });
    opened.context("open", "").map_err(|failure| failure.diagnostic(shown))
}

/// Opens our own folder. A folder without it becomes ours only while it is empty.
fn claim(folder: &OwnedFd, shown: &str, disk: &Disk) -> Result<OwnedFd, Diagnostic> {
    let say = |failure: Failure| failure.diagnostic(shown);
    match tree::find(folder, OWN_FOLDER).context("open", OWN_FOLDER).map_err(say)? {
        tree::Found::Folder(own) => return Ok(own),
        tree::Found::Nothing => {}
        tree::Found::Other(_) => {
            return Err(Diagnostic::error("E-FOREIGN", format!("`{shown}/{OWN_FOLDER}` is not a folder"))
                .help("remove it, or name another folder with `--output`"));
        }
    }
    let entries = tree::list(folder).context("read", "").map_err(say)?;
    let foreign: Vec<_> =
        entries.iter().map(|(name, _)| name.to_string_lossy()).filter(|n| n != ".gitignore").collect();
    if let Some(first) = foreign.first() {
        let message = format!("`{shown}` holds files that `cobrand` did not write, such as `{first}`");
        return Err(Diagnostic::error("E-FOREIGN", message)
            .help("name an empty or new folder with `--output`, or move these files away"));
    }
    make_folder(disk, folder, OWN_FOLDER).context("make", OWN_FOLDER).map_err(say)?;
    open_folder(folder, OWN_FOLDER).context("open", OWN_FOLDER).map_err(say)
}

fn make_folder(disk: &Disk, at: impl AsFd, name: &str) -> io::Result<()> {
    match disk.make_folder(at, name) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        result => result,
    }
}

/// Takes the lock. It is the system's lock on an open file, so it ends with the process that holds it and
/// a file left by a dead one locks nothing.
fn lock(own: &OwnedFd, shown: &str, disk: &Disk) -> Result<File, Diagnostic> {
    let path = format!("{OWN_FOLDER}/{LOCK}");
    let say = |failure: Failure| failure.diagnostic(shown);
    let mut file = disk.open_own(own, LOCK).context("lock", &path).map_err(say)?;
    match rustix::fs::flock(&file, FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => {}
        Err(rustix::io::Errno::WOULDBLOCK) => return Err(locked(&mut file, &path, shown)),
        Err(error) => return Err(say(Failure { verb: "lock", path, error: error.into() })),
    }
    let named = disk.rewrite(&mut file, format!("{}\n", std::process::id()).as_bytes());
    named.context("write", &path).map_err(say)?;
    Ok(file)
}

fn locked(file: &mut File, path: &str, shown: &str) -> Diagnostic {
    let mut holder = String::new();
    // Only for the message: a holder that has not written its number yet is still a holder.
    let _ = file.take(32).read_to_string(&mut holder);
    let process = match holder.trim() {
        "" => "another process".to_owned(),
        number => format!("process {number}"),
    };
    Diagnostic::error("E-LOCKED", format!("{process} is writing to `{shown}`"))
        .note(format!("it holds the lock `{shown}/{path}`"))
        .help("wait until it is done, or name another folder with `--output`")
}
