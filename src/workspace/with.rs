//! Files with some more among them.

use std::collections::BTreeMap;

use crate::paths::InputPath;

use super::memory::bad_name;
use super::{Files, Folder, ReadError, Refused};

/// Files as they would be once others were added or replaced.
#[derive(Debug)]
pub struct WithFiles<'a, F> {
    files: &'a F,
    added: BTreeMap<String, Vec<u8>>,
}

impl<'a, F: Files> WithFiles<'a, F> {
    pub fn new(files: &'a F, added: BTreeMap<String, Vec<u8>>) -> Self {
        Self { files, added }
    }
}

impl<F: Files> Files for WithFiles<'_, F> {
    fn list(&self, folder: &Folder) -> (Vec<InputPath>, Vec<Refused>) {
        let (mut paths, mut refused) = self.files.list(folder);
        let prefix = format!("{}/", folder.path());
        for name in self.added.keys().filter(|name| name.starts_with(&prefix)) {
            match InputPath::new(name) {
                Ok(path) => paths.push(path),
                Err(error) => refused.push(bad_name(name, &error.to_string())),
            }
        }
        paths.sort();
        paths.dedup();
        (paths, refused)
    }

    fn read(&self, path: &InputPath, limit: u64) -> Result<Vec<u8>, ReadError> {
        match self.added.get(path.as_str()) {
            Some(bytes) if bytes.len() as u64 > limit => Err(ReadError::TooLarge),
            Some(bytes) => Ok(bytes.clone()),
            None => self.files.read(path, limit),
        }
    }
}
