//! What is made of a node alone, once for all who have it.

use std::sync::{Arc, OnceLock};

use crate::catalog::locales::LocaleId;
use crate::data::Data;
use crate::digest::Digest;
use crate::source::SourceId;

/// Room for it, apart from the node: most nodes are leaves, which are seldom asked.
#[derive(Debug, Default)]
pub struct Kept(OnceLock<Box<Things>>);

#[derive(Debug, Default)]
struct Things {
    /// A block of a page as templates see it, without and with its plain text.
    blocks: [OnceLock<Data>; 2],
    sources: OnceLock<Box<[SourceId]>>,
    spoken: OnceLock<Box<[LocaleId]>>,
    digest: OnceLock<Digest>,
    variables: OnceLock<Box<[Arc<str>]>>,
}

impl Kept {
    /// What it takes once it is asked for, without its texts.
    pub const BYTES: usize = size_of::<Things>();

    fn things(&self) -> &Things {
        self.0.get_or_init(Box::default)
    }

    pub fn block<E>(&self, with_text: bool, make: impl FnOnce() -> Result<Data, E>) -> Result<Data, E> {
        let room = &self.things().blocks[usize::from(with_text)];
        match room.get() {
            Some(block) => Ok(block.clone()),
            None => make().map(|block| room.get_or_init(|| block).clone()),
        }
    }

    pub fn sources(&self, find: impl FnOnce() -> Box<[SourceId]>) -> &[SourceId] {
        self.things().sources.get_or_init(find)
    }

    pub fn digest(&self, find: impl FnOnce() -> Digest) -> &Digest {
        self.things().digest.get_or_init(find)
    }

    pub fn variables(&self, find: impl FnOnce() -> Box<[Arc<str>]>) -> &[Arc<str>] {
        self.things().variables.get_or_init(find)
    }

    pub fn spoken(&self, find: impl FnOnce() -> Box<[LocaleId]>) -> &[LocaleId] {
        self.things().spoken.get_or_init(find)
    }
}
