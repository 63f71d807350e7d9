//! Reads an inventory back. It may come from anywhere, so nothing in it is believed before it is checked.

use std::fmt;

use super::{FORMAT, Inventory};
use crate::digest;
use crate::paths::OutputPath;

/// Why some bytes are no inventory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadError(String);

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ReadError {}

impl Inventory {
    pub fn read(bytes: &[u8]) -> Result<Self, ReadError> {
        let inventory: Self = serde_json::from_slice(bytes).map_err(|error| ReadError(error.to_string()))?;
        inventory.check().map_err(ReadError)?;
        match digest::sealed(bytes) {
            Some(_) => Ok(inventory),
            None => Err(ReadError("its digest is not that of what it says".to_owned())),
        }
    }

    fn check(&self) -> Result<(), String> {
        if self.format != FORMAT {
            return Err(format!("its format is {}; this program reads format {FORMAT}", self.format));
        }
        if !self.folder.is_empty() {
            OutputPath::new(&self.folder).map_err(|error| format!("it is of the folder `{}`: {error}", self.folder))?;
        }
        ordered(self.packages.iter().map(|listed| listed.path.as_str()))?;
        ordered(self.files.iter().map(|listed| listed.path.as_str()))
    }
}

fn ordered<'a>(paths: impl Iterator<Item = &'a str>) -> Result<(), String> {
    let mut before = "";
    for path in paths {
        OutputPath::new(path).map_err(|error| format!("it lists `{path}`: {error}"))?;
        if path <= before {
            return Err(format!("it lists `{path}` after `{before}`; what is listed is ordered by path"));
        }
        before = path;
    }
    Ok(())
}
