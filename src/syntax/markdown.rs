//! Markdown files as front matter and named blocks (rules M1 to M4).
//!
//! - Front matter is YAML between two `---` lines at the very start of the file.
//! - A block begins at a heading with a written id (`## Pains {#pains .cards}`) and ends at the next
//!   heading of the same or a higher level; or it stands between `<!-- block: pains .cards -->` and
//!   `<!-- /block -->`. A mark stands alone on its line, outside lists and quotes.
//! - Ids are full paths: a block inside `pains` is `pains/downtime`. For a heading its level says what
//!   it lies in and the id has to agree; a mark has no level, so its id alone says it.
//! - A heading without an id is text of the block it stands in.
//! - Nothing but white space and HTML comments stands outside of blocks, or behind a nested block.
//! - Headings and marks are found by a CommonMark parser, so those in code are text. Bodies keep
//!   their bytes: the spans of a document's blocks, joined, are the file behind its front matter.
//!
//! In an overlay ([`parse_patch`]) each block belongs to an operation. What an operation brings runs
//! to its end mark (`<!-- /append -->`), the next operation or the end of the file. A block without
//! an operation is a `replace`. A heading that opens a replacement is the new block's heading.

mod blocks;
mod embedded;
mod front;
mod marks;
mod outline;
mod page;
mod patch;
mod signs;

use std::sync::Arc;

use crate::diag::Diagnostics;
use crate::source::{SourceId, Span, Spanned};
use crate::syntax::tree::{Map, Node};

pub use outline::{Outlined, outline};

use embedded::Embedded;
use page::Page;

/// How deep blocks may nest.
pub const MAX_DEPTH: usize = 8;

/// Reads a master file. `base` is the byte offset in the source at which `text` starts.
pub fn parse(source: SourceId, text: &str, base: usize) -> Result<Document, Diagnostics> {
    let page = Page { source, text, base };
    let mut problems = Diagnostics::default();
    let (front, start) = front::read(page, &mut problems);
    let signs = signs::find(page, start, &mut problems);
    let blocks = blocks::document(page, start, &signs, &mut problems);
    if problems.has_errors() { Err(problems) } else { Ok(Document { front, blocks }) }
}

/// Reads an overlay file. `base` is the byte offset in the source at which `text` starts.
pub fn parse_patch(source: SourceId, text: &str, base: usize) -> Result<Patch, Diagnostics> {
    let page = Page { source, text, base };
    let mut problems = Diagnostics::default();
    let (front, start) = front::read(page, &mut problems);
    let signs = signs::find(page, start, &mut problems);
    let operations = patch::operations(page, start, &signs, &mut problems);
    if problems.has_errors() { Err(problems) } else { Ok(Patch { front, operations }) }
}

/// Reads an overlay that is written inside a YAML scalar; `source` is the text of its whole file.
pub fn parse_patch_in(source: &str, scalar: &Node) -> Result<Patch, Diagnostics> {
    let embedded = Embedded::new(source, scalar);
    let text = scalar.as_text().map_or("", |text| text);
    match parse_patch(scalar.span.source, text, 0) {
        Ok(mut patch) => {
            embedded.patch(&mut patch);
            Ok(patch)
        }
        Err(problems) => Err(embedded.problems(&problems)),
    }
}

/// A master or translation file: everything in it stands in a block.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    pub front: Option<Spanned<Map>>,
    pub blocks: Vec<Block>,
}

/// A block: from its id to the next heading of the same or a higher level, or to its end mark.
#[derive(Clone, Debug, PartialEq)]
pub struct Block {
    /// The full id with its parents': `why-now/proof`.
    pub id: Spanned<Arc<str>>,
    /// Classes written beside the id: `## Pains {#pains .cards}`.
    pub classes: Vec<Arc<str>>,
    /// M8: the condition, such as `region=dach`, that is written `{#pains when="region=dach"}`.
    pub when: Option<Spanned<Arc<str>>>,
    /// The heading with its level (1 to 6); `None` for a block between marks.
    pub heading: Option<Heading>,
    /// The Markdown between the heading and the first nested block.
    pub body: Spanned<Arc<str>>,
    pub blocks: Vec<Block>,
    /// The whole block: heading or marks, nested blocks and the blank lines behind it included.
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Heading {
    pub level: u8,
    /// The inline Markdown of the heading, without the attribute braces.
    pub text: Spanned<Arc<str>>,
}

/// An overlay file: front matter and operations, nothing else (M3).
#[derive(Clone, Debug, PartialEq)]
pub struct Patch {
    pub front: Option<Spanned<Map>>,
    pub operations: Vec<BlockOperation>,
}

/// One operation on one block.
#[derive(Clone, Debug, PartialEq)]
pub struct BlockOperation {
    pub kind: OperationKind,
    /// The block's id as written in the mark.
    pub id: Spanned<Arc<str>>,
    /// The new content: a whole block for `replace` and `insert`, a body for `replace-body`,
    /// `append` and `prepend`; `None` for `remove`, `move` and `inherit`.
    pub block: Option<Block>,
    /// The mark itself, without its content.
    pub mark: Span,
    /// The mark and its content.
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub enum OperationKind {
    Replace,
    ReplaceBody,
    Append,
    Prepend,
    Insert(Place),
    Remove,
    Move(Place),
    /// `inherit: ID` or `inherit: ID LAYER`
    Inherit(Option<Spanned<Arc<str>>>),
    /// One of the variants that policy names (G6).
    Choose(Spanned<Arc<str>>),
}

/// Where an inserted or moved block or item stands (L2).
#[derive(Clone, Debug, PartialEq)]
pub enum Place {
    First,
    Last,
    Before(Spanned<Arc<str>>),
    After(Spanned<Arc<str>>),
}

impl Place {
    /// `first`, `last`, `{before: id}` or `{after: id}`.
    pub fn of(node: &Node) -> Option<Self> {
        let anchor = |key: &str| {
            let anchor = node.as_map()?.get(key)?;
            Some(Spanned::new(anchor.as_text()?.clone(), anchor.span))
        };
        match node.as_text().map(|text| &**text) {
            Some("first") => Some(Self::First),
            Some("last") => Some(Self::Last),
            _ => anchor("before").map(Self::Before).or_else(|| anchor("after").map(Self::After)),
        }
    }

    /// Whether both name the same place, wherever they are written.
    pub fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::First, Self::First) | (Self::Last, Self::Last) => true,
            (Self::Before(a), Self::Before(b)) | (Self::After(a), Self::After(b)) => a.value == b.value,
            _ => false,
        }
    }
}

impl OperationKind {
    /// The word that marks it.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Replace => "replace",
            Self::ReplaceBody => "replace-body",
            Self::Append => "append",
            Self::Prepend => "prepend",
            Self::Insert(_) => "insert",
            Self::Remove => "remove",
            Self::Move(_) => "move",
            Self::Inherit(_) => "inherit",
            Self::Choose(_) => "choose",
        }
    }

    /// Whether content follows the mark.
    pub fn has_content(&self) -> bool {
        matches!(self, Self::Replace | Self::ReplaceBody | Self::Append | Self::Prepend | Self::Insert(_))
    }
}

impl Block {
    /// This block and all that nest in it, in their written order.
    pub fn walk(&self) -> impl Iterator<Item = &Block> {
        let mut left = vec![self];
        std::iter::from_fn(move || {
            let block = left.pop()?;
            left.extend(block.blocks.iter().rev());
            Some(block)
        })
    }
}

#[cfg(test)]
mod tests;
