//! Reads a manifest back. It may come from anywhere, so nothing in it is believed before it is checked.

use std::fmt;

use super::{Digest, FILE_NAME, FORMAT, Manifest};
use crate::digest;
use crate::paths::OutputPath;

/// Why some bytes are no manifest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadError(String);

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ReadError {}

impl Manifest {
    pub fn read(bytes: &[u8]) -> Result<Self, ReadError> {
        let manifest: Self = serde_json::from_slice(bytes).map_err(|error| ReadError(error.to_string()))?;
        manifest.check().map_err(ReadError)?;
        let digest = digest::sealed(bytes).ok_or_else(|| ReadError("its digest is not that of what it says".into()))?;
        Ok(Self { digest, ..manifest })
    }

    /// The digest of the package.
    pub fn digest(&self) -> Digest {
        self.digest
    }

    fn check(&self) -> Result<(), String> {
        if self.format != FORMAT {
            return Err(format!("its format is {}; this program reads format {FORMAT}", self.format));
        }
        for file in &self.files {
            OutputPath::new(&file.path).map_err(|error| format!("it lists `{}`: {error}", file.path))?;
            if file.path == FILE_NAME {
                return Err("it lists itself".to_owned());
            }
        }
        match self.files.windows(2).find(|pair| pair[0].path >= pair[1].path) {
            Some(pair) => {
                Err(format!("it lists `{}` after `{}`; files are ordered by path", pair[1].path, pair[0].path))
            }
            None => Ok(()),
        }
    }
}
