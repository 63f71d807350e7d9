//! The system calls that change something, all relative to a folder's handle.
//!
//! Each asks a [`Gate`] first. The one in use is always open; tests bring one that closes at the n-th step.

use std::io::{self, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::sync::Arc;

use rustix::fs::{AtFlags, Mode, OFlags, RenameFlags};
use rustix::path::Arg;

/// What is about to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Folder,
    Create,
    Write,
    Link,
    Rename,
    Exchange,
    Remove,
    Append,
}

pub(super) trait Gate: Send + Sync {
    fn pass(&self, step: Step) -> io::Result<()>;
}

struct Open;

impl Gate for Open {
    fn pass(&self, _: Step) -> io::Result<()> {
        Ok(())
    }
}

pub(super) fn open_gate() -> Arc<dyn Gate> {
    Arc::new(Open)
}

/// Size and time of a file, by which an edit shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Stamp {
    pub size: u64,
    /// Nanoseconds since 1970.
    pub time: i64,
}

impl Stamp {
    pub fn of(stat: &rustix::fs::Stat) -> Self {
        // The types of these differ between systems.
        #[allow(clippy::unnecessary_cast, reason = "needed where seconds have 32 bits")]
        let (seconds, nanoseconds) = (stat.st_mtime as i64, stat.st_mtime_nsec as i64);
        let time = seconds.saturating_mul(1_000_000_000).saturating_add(nanoseconds);
        Self { size: stat.st_size as u64, time }
    }
}

pub(super) struct Disk {
    gate: Arc<dyn Gate>,
}

impl std::fmt::Debug for Disk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Disk")
    }
}

impl Disk {
    pub fn new(gate: Arc<dyn Gate>) -> Self {
        Self { gate }
    }

    pub fn make_folder(&self, at: impl AsFd, path: &str) -> io::Result<()> {
        self.gate.pass(Step::Folder)?;
        Ok(rustix::fs::mkdirat(at, path, Mode::from_bits_truncate(0o777))?)
    }

    /// Makes a file that is not there yet, in one write.
    pub fn write_new(&self, at: impl AsFd, path: &str, bytes: &[u8]) -> io::Result<Stamp> {
        self.stream_new(at, path, |file| file.write_all(bytes))
    }

    /// Makes a file that is not there yet. Nothing of it stays when it cannot be filled.
    pub fn stream_new(
        &self,
        at: impl AsFd,
        path: &str,
        fill: impl FnOnce(&mut std::fs::File) -> io::Result<()>,
    ) -> io::Result<Stamp> {
        self.fill_new(at, path, 0o666, fill)
    }

    /// Makes a file that is not there yet, and that nobody but its owner may read.
    pub fn write_private(&self, at: impl AsFd, path: &str, bytes: &[u8]) -> io::Result<Stamp> {
        self.fill_new(at, path, 0o600, |file| file.write_all(bytes))
    }

    fn fill_new(
        &self,
        at: impl AsFd,
        path: &str,
        mode: u32,
        fill: impl FnOnce(&mut std::fs::File) -> io::Result<()>,
    ) -> io::Result<Stamp> {
        self.gate.pass(Step::Create)?;
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let mode = Mode::from_raw_mode(mode as _);
        let mut file: std::fs::File = rustix::fs::openat(&at, path, flags, mode)?.into();
        let filled = self.gate.pass(Step::Write).and_then(|()| fill(&mut file));
        // Should this fail too, the first failure is the one to tell.
        filled.inspect_err(|_| drop(self.remove_file(&at, path)))?;
        Ok(Stamp::of(&rustix::fs::fstat(&file)?))
    }

    pub fn link(&self, from: impl AsFd, to: impl AsFd, path: &str) -> io::Result<()> {
        self.gate.pass(Step::Link)?;
        Ok(rustix::fs::linkat(from, path, to, path, AtFlags::empty())?)
    }

    /// Replaces a file.
    pub fn rename(&self, from: impl AsFd, old: &str, to: impl AsFd, new: &str) -> io::Result<()> {
        self.gate.pass(Step::Rename)?;
        Ok(rustix::fs::renameat(from, old, to, new)?)
    }

    /// Moves to where nothing is.
    pub fn rename_new(&self, from: impl AsFd, old: &str, to: impl AsFd, new: &str) -> io::Result<()> {
        self.gate.pass(Step::Rename)?;
        match rustix::fs::renameat_with(&from, old, &to, new, RenameFlags::NOREPLACE) {
            // The flag is unknown here. A plain rename replaces no folder that holds anything.
            Err(error) if is_unsupported(error) => Ok(rustix::fs::renameat(from, old, to, new)?),
            result => Ok(result?),
        }
    }

    /// Exchanges two folders in one step; `Unsupported` where the file system cannot.
    pub fn exchange(&self, from: impl AsFd, old: &str, to: impl AsFd, new: &str) -> io::Result<()> {
        self.gate.pass(Step::Exchange)?;
        match rustix::fs::renameat_with(from, old, to, new, RenameFlags::EXCHANGE) {
            Err(error) if is_unsupported(error) => Err(io::ErrorKind::Unsupported.into()),
            result => Ok(result?),
        }
    }

    pub fn remove_file(&self, at: impl AsFd, path: impl Arg) -> io::Result<()> {
        self.gate.pass(Step::Remove)?;
        Ok(rustix::fs::unlinkat(at, path, AtFlags::empty())?)
    }

    pub fn remove_folder(&self, at: impl AsFd, path: impl Arg) -> io::Result<()> {
        self.gate.pass(Step::Remove)?;
        Ok(rustix::fs::unlinkat(at, path, AtFlags::REMOVEDIR)?)
    }

    /// Opens a file of our own, and makes it if need be.
    pub fn open_own(&self, at: impl AsFd, path: &str) -> io::Result<std::fs::File> {
        self.gate.pass(Step::Create)?;
        let flags = OFlags::RDWR | OFlags::CREATE | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        Ok(rustix::fs::openat(at, path, flags, Mode::from_bits_truncate(0o666))?.into())
    }

    /// Writes what a short file of our own holds now.
    pub fn rewrite(&self, file: &mut std::fs::File, bytes: &[u8]) -> io::Result<()> {
        self.gate.pass(Step::Write)?;
        file.set_len(0)?;
        file.write_all(bytes)
    }

    pub fn append(&self, file: &mut std::fs::File, bytes: &[u8]) -> io::Result<()> {
        self.gate.pass(Step::Append)?;
        file.write_all(bytes)
    }
}

fn is_unsupported(error: rustix::io::Errno) -> bool {
    use rustix::io::Errno;
    matches!(error, Errno::INVAL | Errno::NOSYS | Errno::OPNOTSUPP)
}

/// Opens a folder without following a symbolic link in its last part.
pub(super) fn open_folder(at: impl AsFd, name: impl Arg) -> io::Result<OwnedFd> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    Ok(rustix::fs::openat(at, name, flags, Mode::empty())?)
}

/// Opens a file for reading, likewise. Never waits, as opening a pipe would.
pub(super) fn open_file(at: impl AsFd, name: &str) -> io::Result<std::fs::File> {
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    Ok(rustix::fs::openat(at, name, flags, Mode::empty())?.into())
}

/// Looks at what a path names, a symbolic link included; `None` when nothing is there.
pub(super) fn stat(at: impl AsFd, path: &str) -> io::Result<Option<rustix::fs::Stat>> {
    use rustix::io::Errno;
    match rustix::fs::statat(at, path, AtFlags::SYMLINK_NOFOLLOW) {
        Ok(stat) => Ok(Some(stat)),
        Err(Errno::NOENT | Errno::NOTDIR) => Ok(None),
        Err(error) => Err(error.into()),
    }
}
