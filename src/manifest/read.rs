//! Reads a manifest back. It may come from anywhere, so nothing in it is believed before it is checked.

use std::fmt;

use super::{Digest, FILE_NAME, FORMAT, Manifest};
use crate::digest;
use crate::paths::OutputPath;

/// Why some bytes are no manifest, or no inventory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadError(pub(crate) String);

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
        if self.files.iter().any(|file| file.path == FILE_NAME) {
            return Err("it lists itself".to_owned());
        }
        ordered(self.files.iter().map(|file| &*file.path))
    }
}

/// That paths are some, each once and in order.
pub(crate) fn ordered<'a>(paths: impl Iterator<Item = &'a str>) -> Result<(), String> {
    let mut before = "";
    for path in paths {
        OutputPath::new(path).map_err(|error| format!("it lists `{path}`: {error}"))?;
        if path <= before {
            return Err(format!("it lists `{path}` after `{before}`; files are ordered by path"));
        }
        before = path;
    }
    Ok(())
}
