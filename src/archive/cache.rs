//! Deflates what many packages share once.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::piece::{Level, Piece, deflate_summed};

/// Pieces by content, within a bound of bytes.
///
/// A content is kept from the second time it is seen: most of a package is seen once, and would only push
/// out what is shared. The cache never changes a result, only what it costs.
#[derive(Debug)]
pub struct PieceCache {
    level: Level,
    limit: usize,
    state: Mutex<State>,
}

type Key = [u8; 16];

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
        let key = key(bytes);
        let seen = {
            let mut state = self.lock();
            match state.find(&key) {
                Found::Piece(piece) => return piece,
                Found::Seen => true,
                Found::New => false,
            }
        };
        // Deflated without the lock: two threads may do the same work once, none waits.
        let piece = deflate_summed(bytes, crc32, self.level);
        let mut state = self.lock();
        state.deflated += 1;
        state.keep(key, seen.then(|| piece.clone()), self.limit);
        piece
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // The state is valid between any two statements, so a panic elsewhere does not spoil it.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

enum Found {
    New,
    Seen,
    Piece(Piece),
}

impl State {
    fn find(&mut self, key: &Key) -> Found {
        match self.slots.get_mut(key) {
            None => Found::New,
            Some(slot) => {
                slot.used = true;
                slot.piece.clone().map_or(Found::Seen, Found::Piece)
            }
        }
    }

    fn keep(&mut self, key: Key, piece: Option<Piece>, limit: usize) {
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

fn key(bytes: &[u8]) -> Key {
    let mut key = Key::default();
    key.copy_from_slice(&blake3::hash(bytes).as_bytes()[..16]);
    key
}
