//! Typed models of the resolved package.
//!
//! The schema has judged every leaf before; here values get their Rust types, so that components
//! never look up keys by name.
//!
//! - [`read`]: any `Deserialize` type from plain data, with the path of what does not fit

mod read;

pub use read::{ReadError, read};

use crate::data::DataMap;

/// The package of one deployment, typed.
#[derive(Clone, Debug)]
pub struct Package {}

impl Package {
    /// Reads all models, and reports everything that does not fit.
    pub fn read(_data: &DataMap) -> Result<Self, Vec<ReadError>> {
        Ok(Self {})
    }
}
