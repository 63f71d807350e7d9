//! Resolved nodes, found again by what they are made from.
//!
//! A node is a function of its place, of what the layers say there, and of how the locale ranks the
//! languages they say it in. Most places are set by the master alone, so most of a base's tree is that of
//! the base before it, and of the same base in another locale.
//!
//! - A node about which something had to be said is resolved each time: an error belongs to everyone who meets it.
//! - Nodes are held up to a number of bytes. What was not asked for since half of them came in is let go; a
//!   tree that uses it keeps it alive.

use std::hash::{BuildHasher, Hash, Hasher};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use foldhash::fast::FixedState;
use hashbrown::HashTable;

use super::input::{Identity, Input};
use super::tongue::Tongue;
use super::tree::Tree;

/// What a node is made from.
pub struct Made<'k, 'a> {
    pub path: &'k str,
    pub inputs: &'k [Input<'a>],
    /// What stands in the items that the place may choose from: the inputs do not hold it.
    pub chosen: &'k [Input<'a>],
    pub tongue: Tongue,
}

impl Made<'_, '_> {
    fn hash(&self) -> u64 {
        // The seed is fixed: whoever writes overlays does not choose the addresses that are hashed.
        let mut hasher = FixedState::default().build_hasher();
        self.path.hash(&mut hasher);
        self.tongue.hash(&mut hasher);
        self.identities().for_each(|input| input.hash(&mut hasher));
        hasher.finish()
    }

    fn identities(&self) -> impl Iterator<Item = Identity> {
        self.inputs.iter().chain(self.chosen).map(Input::identity)
    }
}

/// The nodes that were resolved so far, for all threads.
pub struct Nodes {
    shards: Vec<Mutex<Shard>>,
    leaves: AtomicU64,
}

/// So many that two threads seldom ask for the same one.
const SHARDS: usize = 32;

impl Nodes {
    /// Holds about so many bytes.
    pub fn with_room(bytes: usize) -> Self {
        let shard = || Mutex::new(Shard { room: bytes / SHARDS / 2, ..Shard::default() });
        Self { shards: std::iter::repeat_with(shard).take(SHARDS).collect(), leaves: AtomicU64::new(0) }
    }

    /// The node that was made from the same; `None` inside where nothing was left of the place.
    pub fn find(&self, made: &Made<'_, '_>) -> Option<Option<Arc<Tree>>> {
        let hash = made.hash();
        self.shard(hash)?.find(hash, made)
    }

    /// Keeps a node. Where another thread was quicker, its node is the one.
    pub fn keep(&self, made: &Made<'_, '_>, node: Option<Arc<Tree>>) -> Option<Arc<Tree>> {
        let hash = made.hash();
        let Some(mut shard) = self.shard(hash) else { return node };
        if let Some(first) = shard.find(hash, made) {
            return first;
        }
        shard.insert(Entry::new(hash, made, node.clone()));
        node
    }

    /// Counts a leaf whose winner was looked for.
    pub fn count_leaf(&self) {
        self.leaves.fetch_add(1, Ordering::Relaxed);
    }

    /// How many leaves were resolved.
    pub fn leaves(&self) -> u64 {
        self.leaves.load(Ordering::Relaxed)
    }

    /// `None` where nothing is held.
    fn shard(&self, hash: u64) -> Option<MutexGuard<'_, Shard>> {
        let shard = self.shards.get((hash >> 32) as usize % SHARDS)?;
        // Whatever panicked elsewhere, an entry is there or not.
        let shard = shard.lock().unwrap_or_else(PoisonError::into_inner);
        (shard.room > 0).then_some(shard)
    }
}

/// Two generations: what is asked for moves to the young one, and the old one is let go when that is full.
#[derive(Default)]
struct Shard {
    young: HashTable<Entry>,
    old: HashTable<Entry>,
    /// Of the young ones.
    bytes: usize,
    /// For each generation.
    room: usize,
}

impl Shard {
    fn find(&mut self, hash: u64, made: &Made<'_, '_>) -> Option<Option<Arc<Tree>>> {
        if let Some(entry) = self.young.find(hash, |entry| entry.is_of(made)) {
            return Some(entry.node.clone());
        }
        let (entry, _) = self.old.find_entry(hash, |entry| entry.is_of(made)).ok()?.remove();
        let node = entry.node.clone();
        self.insert(entry);
        Some(node)
    }

    fn insert(&mut self, entry: Entry) {
        if self.bytes + entry.bytes() > self.room {
            self.old = std::mem::take(&mut self.young);
            self.bytes = 0;
        }
        self.bytes += entry.bytes();
        self.young.insert_unique(entry.hash, entry, |entry| entry.hash);
    }
}

struct Entry {
    hash: u64,
    path: Box<str>,
    /// The inputs, and behind them what may be chosen.
    inputs: Box<[Identity]>,
    tongue: Tongue,
    node: Option<Arc<Tree>>,
}

impl Entry {
    fn new(hash: u64, made: &Made<'_, '_>, node: Option<Arc<Tree>>) -> Self {
        Self { hash, path: made.path.into(), inputs: made.identities().collect(), tongue: made.tongue, node }
    }

    fn is_of(&self, made: &Made<'_, '_>) -> bool {
        self.tongue == made.tongue && *self.path == *made.path && self.inputs.iter().copied().eq(made.identities())
    }

    /// About what it holds, without the nodes below its own.
    fn bytes(&self) -> usize {
        let node = self.node.as_ref().map_or(0, |node| node.own_bytes());
        size_of::<Self>() + self.path.len() + size_of_val(&*self.inputs) + node
    }
}
