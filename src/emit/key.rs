//! What a package was made from: whether it has to be made again, and why.

use std::sync::Arc;

use crate::digest::Digest;

/// What a package is made from, as the ledger keeps it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Key {
    /// Of the bytes of its layers: what needs no second look if they are the same. The default where there was
    /// something to say of it, so that it is looked at again and said again.
    pub inputs: Digest,
    /// Of all that it was made from, without places.
    pub values: Digest,
    /// A checksum of each part of that, with its name: they tell what changed, and prove nothing. In order.
    pub parts: Vec<u32>,
    /// The links that its making asked for, by their ids with commas between: whether others changed says nothing of it.
    pub links: Arc<str>,
}

impl Key {
    /// Whether a package of this key is as one of that key would be.
    pub fn makes_the_same(&self, other: &Self) -> bool {
        self.values != Digest::default() && self.values == other.values
    }
}
