//! Keys, as files.

use std::path::Path;

use rustix::fs::{CWD, Mode, OFlags};

use super::disk::{self, Disk};
use super::failure::Context;
use crate::diag::Diagnostic;

/// Writes a private key that only its owner may read, and the public one beside it. What is there already is left
/// alone, and nothing is written then (`E-EXISTS`).
pub fn write_keys(folder: &Path, private: (&str, &str), public: (&str, &str)) -> Result<(), Diagnostic> {
    let disk = Disk::new(disk::open_gate());
    let shown = folder.display().to_string();
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
    let at = rustix::fs::openat(CWD, folder, flags, Mode::empty()).context("open", "");
    let at = at.map_err(|failure| failure.diagnostic(&shown))?;
    for (name, _) in [private, public] {
        if disk::stat(&at, name).is_ok_and(|found| found.is_some()) {
            return Err(Diagnostic::error("E-EXISTS", format!("`{}` is there already", folder.join(name).display()))
                .note("a key that is lost cannot be made again, so none is overwritten")
                .help("nothing was written: name another file"));
        }
    }
    let write = || {
        disk.write_private(&at, private.0, private.1.as_bytes()).context("write", private.0)?;
        let written = disk.write_new(&at, public.0, public.1.as_bytes()).context("write", public.0);
        // A key without its other half is of no use.
        written.inspect_err(|_| drop(disk.remove_file(&at, private.0)))
    };
    write().map(drop).map_err(|failure| failure.diagnostic(&shown))
}
