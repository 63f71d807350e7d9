//! Files without a disk.

use std::collections::BTreeMap;

use crate::diag::Diagnostic;
use crate::paths::InputPath;

use super::{Files, Folder, ReadError, Refused};

/// A workspace in memory: for tests, and for what ships inside the program.
#[derive(Clone, Debug, Default)]
pub struct MemoryFiles {
    files: BTreeMap<String, Vec<u8>>,
}

impl MemoryFiles {
    /// Adds or replaces a file.
    pub fn insert(&mut self, path: impl Into<String>, bytes: impl Into<Vec<u8>>) {
        self.files.insert(path.into(), bytes.into());
    }
}

impl<P: Into<String>, B: Into<Vec<u8>>> FromIterator<(P, B)> for MemoryFiles {
    fn from_iter<I: IntoIterator<Item = (P, B)>>(files: I) -> Self {
        Self { files: files.into_iter().map(|(path, bytes)| (path.into(), bytes.into())).collect() }
    }
}

impl<P: Into<String>, B: Into<Vec<u8>>, const N: usize> From<[(P, B); N]> for MemoryFiles {
    fn from(files: [(P, B); N]) -> Self {
        files.into_iter().collect()
    }
}

impl Files for MemoryFiles {
    fn list(&self, folder: &Folder) -> (Vec<InputPath>, Vec<Refused>) {
        let prefix = format!("{}/", folder.path());
        let mut paths = Vec::new();
        let mut refused = Vec::new();
        for name in self.files.keys().filter(|name| name.starts_with(&prefix)) {
            match InputPath::new(name) {
                Ok(path) => paths.push(path),
                Err(error) => refused.push(bad_name(name, &error.to_string())),
            }
        }
        (paths, refused)
    }

    fn read(&self, path: &InputPath, limit: u64) -> Result<Vec<u8>, ReadError> {
        let bytes = self.files.get(path.as_str()).ok_or(ReadError::Missing)?;
        if bytes.len() as u64 > limit { Err(ReadError::TooLarge) } else { Ok(bytes.clone()) }
    }
}

/// A file whose name is none of ours. It counts where it lies: with `_` for what may not stand in names.
pub(super) fn bad_name(name: &str, reason: &str) -> Refused {
    let is_wrong = |c: char| c.is_control() || matches!(c, '\\' | ':' | '\u{FFFD}');
    let problem = Diagnostic::error("E-PATHNAME", format!("the file name {name:?} is not allowed: {reason}"))
        .help("rename the file with letters, digits, `-`, `_` and `.`");
    Refused { path: InputPath::new(&name.replace(is_wrong, "_")).ok(), problem }
}
