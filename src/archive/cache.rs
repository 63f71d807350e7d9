//! Deflates what many packages share once.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::piece::{Level, Piece, deflate_summed};

/// Pieces by content, within a bound of bytes.
///
/// A content is kept from the second time it is seen: most of a package is seen once, and would only push
/// out what is shared. Until then only its checksum is known, which tells nothing for sure but is free; the
/// digest is taken when a checksum comes again. The cache never changes a result, only what it costs.
#[derive(Debug)]
pub struct PieceCache {
    level: Level,
    limit: usize,
    state: Mutex<State>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Key {
    /// A content with this checksum and length was seen.
    Seen(u32, usize),
    /// The content with this digest, cut to 128 bits.
    Content([u8; 16]),
}

#[derive(Debug, Default)]
struct State {
    slots: HashMap<Key, Slot>,
    /// Oldest first; each key of `slots` once.
    order: VecDeque<Key>,
    bytes: usize,
    deflated: u64,
}

#[derive(Debug)]
struct Slot {
    piece: Option<Piece>,
    /// Asked for since it last stood at the front of the order.
    used: bool,
}

impl Slot {
    /// What a slot costs besides its data, roughly.
    const COST: usize = 128;

    fn cost(&self) -> usize {
        Self::COST + self.piece.as_ref().map_or(0, |piece| piece.data.bytes().len())
    }
}

impl PieceCache {
    /// Holds about `limit` bytes at most.
    pub fn new(level: Level, limit: usize) -> Self {
        Self { level, limit, state: Mutex::default() }
    }

    pub fn level(&self) -> Level {
        self.level
    }

    /// How many contents were deflated so far; the others were found.
    pub fn deflated(&self) -> u64 {
        self.lock().deflated
    }

    /// The piece of a content whose CRC-32 is known.
    pub fn piece(&self, bytes: &[u8], crc32: u32) -> Piece {
        let seen = Key::Seen(crc32, bytes.len());
        if !self.lock().touch(&seen) {
            let piece = deflate_summed(bytes, crc32, self.level);
            self.lock().keep(seen, None, self.limit);
            return piece;
        }
        let key = content(bytes);
        if let Some(piece) = self.lock().find(&key) {
            return piece;
        }
        // Deflated without the lock: two threads may do the same work once, none waits.
        let piece = deflate_summed(bytes, crc32, self.level);
        self.lock().keep(key, Some(piece.clone()), self.limit);
        piece
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // The state is valid between any two statements, so a panic elsewhere does not spoil it.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Whether a key is known; if so, it stays longer.
    fn touch(&mut self, key: &Key) -> bool {
        self.slots.get_mut(key).map(|slot| slot.used = true).is_some()
    }

    fn find(&mut self, key: &Key) -> Option<Piece> {
        let slot = self.slots.get_mut(key)?;
        slot.used = true;
        slot.piece.clone()
    }

    fn keep(&mut self, key: Key, piece: Option<Piece>, limit: usize) {
        self.deflated += 1;
        let slot = Slot { piece, used: false };
        self.bytes += slot.cost();
        match self.slots.insert(key, slot) {
            Some(old) => self.bytes -= old.cost(),
            None => self.order.push_back(key),
        }
        while self.bytes > limit && self.evict() {}
    }

    /// Drops the oldest slot that nobody asked for since its last turn.
    fn evict(&mut self) -> bool {
        while let Some(key) = self.order.pop_front() {
            match self.slots.get_mut(&key) {
                Some(slot) if slot.used => {
                    slot.used = false;
                    self.order.push_back(key);
                }
                _ => {
                    self.bytes -= self.slots.remove(&key).map_or(0, |slot| slot.cost());
                    return true;
                }
            }
        }
        false
    }
}

fn content(bytes: &[u8]) -> Key {
    let mut digest = [0; 16];
    digest.copy_from_slice(&blake3::hash(bytes).as_bytes()[..16]);
    Key::Content(digest)
}
