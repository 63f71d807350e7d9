//! Deflates what many packages share once.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::piece::{Level, Piece, deflate_summed};
use crate::digest::Digest;

/// Pieces by content, within a bound of bytes.
///
/// A content is kept from the second time it is seen: most of a package is seen once, and would only push
/// out what is shared. Until then only its checksum is kept, which takes little room and tells nothing for sure. The
/// cache never changes a result, only what it costs.
#[derive(Debug)]
pub struct PieceCache {
    level: Level,
    limit: usize,
    state: Mutex<State>,
}

/// How many checksums are remembered, 8 bytes each. Two make a third forgotten now and then, and what is
/// forgotten is deflated once more.
const SEEN: usize = 1 << 16;

#[derive(Debug)]
struct State {
    /// Checksum and length of contents that were seen, each in the pair of places that its checksum gives, the latest first.
    seen: Vec<u64>,
    slots: HashMap<Digest, Slot>,
    /// Oldest first; each key of `slots` once.
    order: VecDeque<Digest>,
    bytes: usize,
    deflated: u64,
}

#[derive(Debug)]
struct Slot {
    piece: Piece,
    /// Asked for since it last stood at the front of the order.
    used: bool,
}

impl Slot {
    /// What a slot costs besides its data, roughly.
    const COST: usize = 128;

    fn cost(&self) -> usize {
        Self::COST + self.piece.data.bytes().len()
    }
}

impl PieceCache {
    /// Holds about `limit` bytes at most.
    pub fn new(level: Level, limit: usize) -> Self {
        let (slots, order) = Default::default();
        Self { level, limit, state: Mutex::new(State { seen: vec![0; SEEN], slots, order, bytes: 0, deflated: 0 }) }
    }

    pub fn level(&self) -> Level {
        self.level
    }

    /// How many contents were deflated so far; the others were found.
    pub fn deflated(&self) -> u64 {
        self.lock().deflated
    }

    /// The piece of a content whose CRC-32 and digest are known.
    pub fn piece(&self, bytes: &[u8], crc32: u32, digest: Digest) -> Piece {
        if !self.lock().has_seen(bytes.len(), crc32) {
            return deflate_summed(bytes, crc32, self.level);
        }
        if let Some(piece) = self.lock().find(&digest) {
            return piece;
        }
        // Deflated without the lock: two threads may do the same work once, none waits.
        let piece = deflate_summed(bytes, crc32, self.level);
        self.lock().keep(digest, piece.clone(), self.limit);
        piece
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // The state is valid between any two statements, so a panic elsewhere does not spoil it.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Whether a content like this one was seen, as it is from now on.
    fn has_seen(&mut self, length: usize, crc32: u32) -> bool {
        let place = crc32 as usize % (SEEN / 2) * 2;
        // Never 0, which stands for nothing.
        let mark = u64::from(crc32) << 32 | (length as u64 & 0xffff_ffff) | u64::from(length == 0);
        let [latest, earlier] = &mut self.seen[place..place + 2] else { return false };
        let known = *latest == mark || *earlier == mark;
        if *latest != mark {
            *earlier = std::mem::replace(latest, mark);
        }
        self.deflated += u64::from(!known);
        known
    }

    fn find(&mut self, key: &Digest) -> Option<Piece> {
        let slot = self.slots.get_mut(key)?;
        slot.used = true;
        Some(slot.piece.clone())
    }

    fn keep(&mut self, key: Digest, piece: Piece, limit: usize) {
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
