//! Deterministic zips from already-deflated pieces.
//!
//! Same entries, date and level: same bytes. Everything lies under one top folder, ordered by path, with
//! one date, mode 0644, no extra fields and no data descriptors, so that any reader opens it. What is the
//! same in many packages is deflated once, through a [`PieceCache`].

mod cache;
mod piece;
mod write;

pub use cache::PieceCache;
pub use piece::{Level, Piece, deflate};
pub(crate) use write::write_sorted;
pub use write::write_zip;

pub use crate::encode::zip::{Frame, Shape, ZipDate, ZipError};

#[cfg(test)]
mod tests;
