//! Markdown files as front matter and named blocks (rules M1 to M4).

use std::sync::Arc;

use crate::source::{Span, Spanned};
use crate::syntax::tree::Map;

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
    /// The heading with its level (1 to 6); `None` for a block between marks.
    pub heading: Option<Heading>,
    /// The Markdown between the heading and the first nested block.
    pub body: Spanned<Arc<str>>,
    pub blocks: Vec<Block>,
    /// The whole block, heading and nested blocks included.
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
    /// `inherit` or `inherit: LAYER`
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
