//! Reads a manifest back. It may come from anywhere, so nothing in it is believed before it is checked.

use std::fmt;

use super::seal::Digester;
use super::write::DIGEST_KEY;
use super::{Digest, FILE_NAME, FORMAT, Manifest};
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
        Ok(manifest)
    }

    /// The digest that it states.
    pub fn digest(&self) -> Digest {
        // `check` has proved that it parses.
        Digest::parse(&self.digest).unwrap_or_default()
    }

    /// Starts the digest of the package whose manifest has these bytes: the listed files' contents follow, in
    /// order. `None` when the digest is not where [`crate::manifest`] says it is.
    pub fn digester(bytes: &[u8]) -> Option<Digester> {
        memchr::memmem::rfind(bytes, DIGEST_KEY).map(|at| Digester::new(&bytes[..at]))
    }

    fn check(&self) -> Result<(), String> {
        if self.format != FORMAT {
            return Err(format!("its format is {}; this program reads format {FORMAT}", self.format));
        }
        if self.checksum != "crc32" {
            return Err(format!("its checksums are `{}`; this program knows `crc32`", self.checksum));
        }
        if Digest::parse(&self.digest).is_none() {
            return Err("its digest is not `blake3:` and 64 hexadecimal digits".to_owned());
        }
        for file in &self.files {
            OutputPath::new(&file.path).map_err(|error| format!("it lists `{}`: {error}", file.path))?;
            if file.path == FILE_NAME || file.checksum.len() != 8 || file.crc32().is_none() {
                return Err(format!("its entry for `{}` is malformed", file.path));
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
