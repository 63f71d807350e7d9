//! Files on a disk.

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::{Component, Path, PathBuf};

use rustix::fs::{CWD, Mode, OFlags};
use rustix::io::Errno;
use walkdir::{DirEntry, WalkDir};

use crate::diag::Diagnostic;
use crate::paths::InputPath;

use super::memory::bad_name;
use super::{Files, Folder, ReadError, Refused, irregular};

/// A workspace on disk.
#[derive(Clone, Debug)]
pub struct DiskFiles {
    root: PathBuf,
}

impl DiskFiles {
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    fn entry(&self, folder: &Folder, entry: &DirEntry) -> Result<Option<InputPath>, Refused> {
        let kind = entry.file_type();
        if kind.is_dir() {
            return Ok(None);
        }
        let path = self.input_path(entry.path())?;
        match self.regular(folder, &path, entry) {
            Ok(()) => Ok(Some(path)),
            Err(problem) => Err(Refused { path: Some(path), problem }),
        }
    }

    fn regular(&self, folder: &Folder, path: &InputPath, entry: &DirEntry) -> Result<(), Diagnostic> {
        if entry.file_type().is_symlink() {
            return self.follow(folder, path, entry.path());
        }
        if entry.file_type().is_file() { Ok(()) } else { Err(irregular(path)) }
    }

    fn input_path(&self, path: &Path) -> Result<InputPath, Refused> {
        let relative = path.strip_prefix(&self.root).unwrap_or(path);
        let parts: Option<Vec<&str>> = relative
            .components()
            .map(|part| match part {
                Component::Normal(part) => part.to_str(),
                _ => None,
            })
            .collect();
        let Some(parts) = parts else {
            return Err(bad_name(&relative.to_string_lossy(), "it is not valid Unicode"));
        };
        let name = parts.join("/");
        InputPath::new(&name).map_err(|error| bad_name(&name, &error.to_string()))
    }

    /// Whether a link leads to a file of its own layer. Links to folders could be knotted into a
    /// tree of any size, so they are refused wherever they lead.
    fn follow(&self, folder: &Folder, path: &InputPath, link: &Path) -> Result<(), Diagnostic> {
        let refuse = |reason: &str| {
            let diagnostic = Diagnostic::error("E-SYMLINK", format!("the symbolic link `{path}` {reason}"));
            Err(diagnostic.help("put a copy of the file in its place"))
        };
        let Ok(target) = link.canonicalize() else { return refuse("leads nowhere") };
        let Some(layer) = self.layer(folder, path).and_then(|layer| layer.canonicalize().ok()) else {
            return refuse("stands for a whole layer");
        };
        if !target.starts_with(&layer) {
            refuse("leaves its layer's folder")
        } else if !target.is_file() {
            refuse("leads to no regular file")
        } else {
            Ok(())
        }
    }

    /// The folder of the layer that a file belongs to; a layer that is a single file has none.
    fn layer(&self, folder: &Folder, path: &InputPath) -> Option<PathBuf> {
        let top = self.root.join(folder.path().as_str());
        match folder {
            Folder::Layer(_) => Some(top),
            Folder::Layers(axis) => {
                let below = path.as_str().strip_prefix(axis.as_str())?.strip_prefix('/')?;
                below.split_once('/').map(|(value, _)| top.join(value))
            }
        }
    }

    fn walk_error(&self, error: &walkdir::Error) -> Option<Diagnostic> {
        let reason = error.io_error().map_or_else(|| error.to_string(), ToString::to_string);
        let path = error.path().unwrap_or(&self.root);
        let path = path.strip_prefix(&self.root).unwrap_or(path).display();
        let is_missing = error.depth() == 0 && error.io_error().is_some_and(|e| e.kind() == ErrorKind::NotFound);
        let diagnostic = Diagnostic::error("E-READ", format!("`{path}` can not be read: {reason}"));
        (!is_missing).then(|| diagnostic.help("check that you may read it"))
    }
}

fn is_hidden(entry: &DirEntry) -> bool {
    entry.depth() > 0 && entry.file_name().as_encoded_bytes().starts_with(b".")
}

impl Files for DiskFiles {
    fn list(&self, folder: &Folder) -> (Vec<InputPath>, Vec<Refused>) {
        let mut paths = Vec::new();
        let mut refused = Vec::new();
        let top = self.root.join(folder.path().as_str());
        if top.is_symlink() {
            let message = format!("the folder `{}` is a symbolic link", folder.path());
            let problem = Diagnostic::error("E-SYMLINK", message).help("put the folder itself into the workspace");
            return (paths, vec![Refused { path: None, problem }]);
        }
        let walk = WalkDir::new(&top).follow_links(false).into_iter().filter_entry(|entry| !is_hidden(entry));
        for entry in walk {
            match entry {
                Ok(entry) => match self.entry(folder, &entry) {
                    Ok(path) => paths.extend(path),
                    Err(found) => refused.push(found),
                },
                Err(error) => {
                    refused.extend(self.walk_error(&error).map(|problem| Refused { path: None, problem }));
                }
            }
        }
        paths.sort();
        (paths, refused)
    }

    fn read(&self, path: &InputPath, limit: u64) -> Result<Vec<u8>, ReadError> {
        let failed = |error: std::io::Error| match error.kind() {
            ErrorKind::NotFound => ReadError::Missing,
            _ => ReadError::Failed(error.to_string()),
        };
        // A pipe without a writer, or a device, would keep a plain `open` waiting.
        let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
        let opened = rustix::fs::openat(CWD, self.root.join(path.as_str()), flags, Mode::empty());
        let file = File::from(opened.map_err(|error| match error {
            // What a socket answers.
            Errno::NXIO => ReadError::Irregular,
            _ => failed(error.into()),
        })?);
        let metadata = file.metadata().map_err(failed)?;
        if !metadata.is_file() {
            return Err(ReadError::Irregular);
        }
        let size = metadata.len();
        if size > limit {
            return Err(ReadError::TooLarge);
        }
        // The size is a hint only: a file may grow while it is read.
        let mut bytes = Vec::with_capacity(size as usize);
        file.take(limit + 1).read_to_end(&mut bytes).map_err(failed)?;
        if bytes.len() as u64 > limit { Err(ReadError::TooLarge) } else { Ok(bytes) }
    }
}
