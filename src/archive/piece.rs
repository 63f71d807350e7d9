//! The content of one entry, deflated where that helps.

use std::cell::RefCell;
use std::sync::Arc;

use libdeflater::{CompressionLvl, Compressor};

/// How hard to compress: 1 (fast) to 12 (small).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Level(u8);

impl Level {
    pub fn new(level: u8) -> Option<Self> {
        (1..=12).contains(&level).then_some(Self(level))
    }

    pub fn get(self) -> u8 {
        self.0
    }
}

impl Default for Level {
    /// Close to the smallest size at a fraction of its cost.
    fn default() -> Self {
        Self(6)
    }
}

/// A content as it lies in a zip. Cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Of the content before deflating.
    pub crc32: u32,
    /// Its length before deflating.
    pub size: u64,
    pub data: Data,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Data {
    Stored(Arc<[u8]>),
    Deflated(Arc<[u8]>),
}

impl Data {
    pub fn bytes(&self) -> &[u8] {
        match self {
            Self::Stored(bytes) | Self::Deflated(bytes) => bytes,
        }
    }
}

thread_local! {
    /// A compressor is some hundred KB of tables, so each thread keeps the one it used last.
    static COMPRESSOR: RefCell<Option<(Level, Compressor)>> = const { RefCell::new(None) };
}

/// Deflates a content; stores it where deflating does not make it smaller.
pub fn deflate(bytes: &[u8], level: Level) -> Piece {
    deflate_summed(bytes, crc32fast::hash(bytes), level)
}

/// As [`deflate`], for a content whose checksum is known.
pub(super) fn deflate_summed(bytes: &[u8], crc32: u32, level: Level) -> Piece {
    let data = match deflated(bytes, level) {
        Some(smaller) => Data::Deflated(smaller),
        None => Data::Stored(bytes.into()),
    };
    Piece { crc32, size: bytes.len() as u64, data }
}

fn deflated(bytes: &[u8], level: Level) -> Option<Arc<[u8]>> {
    // An output no longer than this is no gain; the compressor reports that it does not fit.
    let mut smaller = vec![0; bytes.len().checked_sub(1)?];
    let written = COMPRESSOR.with_borrow_mut(|kept| {
        if !matches!(kept, Some((of, _)) if *of == level) {
            *kept = None;
        }
        let (_, compressor) = kept.get_or_insert_with(|| {
            let known = CompressionLvl::new(i32::from(level.get())).unwrap_or_default();
            (level, Compressor::new(known))
        });
        compressor.deflate_compress(bytes, &mut smaller)
    });
    written.ok().map(|length| smaller[..length].into())
}
