//! Typed models of the resolved package.
//!
//! The schema has judged every leaf before; here values get their Rust types, so that components
//! never look up keys by name.
//!
//! - [`read`]: any `Deserialize` type from plain data, with the path of what does not fit
//! - [`tracking`]: the UTM taxonomy, the links table and the campaign tree

mod read;
pub mod tracking;

pub use read::{ReadError, read};

use std::sync::Arc;

use serde::de::DeserializeOwned;

use crate::data::{Data, DataMap};
use tracking::Tracking;

/// The package of one deployment, typed.
#[derive(Clone, Debug)]
pub struct Package {
    pub tracking: Arc<Tracking>,
}

impl Package {
    /// Reads all models, and reports everything that does not fit.
    pub fn read(data: &DataMap) -> Result<Self, Vec<ReadError>> {
        let tracking = part(data, "tracking").map_err(|error| vec![error])?;
        Ok(Self { tracking })
    }
}

/// The model that stands at a key of the root.
fn part<T: DeserializeOwned>(data: &DataMap, key: &str) -> Result<T, ReadError> {
    read(data.get(key).unwrap_or(&Data::Null), key)
}
