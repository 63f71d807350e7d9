//! Typed models of the resolved package.
//!
//! The schema has judged every leaf before; here values get their Rust types, so that components
//! never look up keys by name.
//!
//! - [`read`]: any `Deserialize` type from plain data, with the path of what does not fit
//! - [`qualification`]: the score, its stages and the handoff
//! - [`sales`]: talk track, objections, follow-ups and the lead-context report
//! - [`tracking`]: the UTM taxonomy, the links table and the campaign tree

pub mod qualification;
mod read;
pub mod sales;
pub mod tracking;

pub use read::{ReadError, read};

use std::sync::Arc;

use serde::de::DeserializeOwned;

use crate::data::{Data, DataMap};
use qualification::Qualification;
use sales::Sales;
use tracking::Tracking;

/// The package of one deployment, typed.
#[derive(Clone, Debug)]
pub struct Package {
    pub qualification: Arc<Qualification>,
    pub sales: Arc<Sales>,
    pub tracking: Arc<Tracking>,
}

impl Package {
    /// Reads all models, and reports everything that does not fit.
    pub fn read(data: &DataMap) -> Result<Self, Vec<ReadError>> {
        let mut errors = Vec::new();
        let qualification = part(data, "qualification", &mut errors);
        let sales = part(data, "sales", &mut errors);
        let tracking = part(data, "tracking", &mut errors);
        match (qualification, sales, tracking) {
            (Some(qualification), Some(sales), Some(tracking)) => Ok(Self { qualification, sales, tracking }),
            _ => Err(errors),
        }
    }
}

/// The model that stands at a key of the root; what does not fit is added to `errors`.
fn part<T: DeserializeOwned>(data: &DataMap, key: &str, errors: &mut Vec<ReadError>) -> Option<Arc<T>> {
    match read(data.get(key).unwrap_or(&Data::Null), key) {
        Ok(model) => Some(Arc::new(model)),
        Err(error) => {
            errors.push(error);
            None
        }
    }
}
