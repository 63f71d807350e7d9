//! Reads an inventory back. It may come from anywhere, so nothing in it is believed before it is checked.

use super::{FORMAT, Inventory};
use crate::digest;
use crate::manifest::{ReadError, ordered};
use crate::paths::OutputPath;

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
