//! Text to spanned trees: YAML, Markdown with named blocks, CSV. Pure: no file is opened here.
//!
//! - [`tree`]: the tree that YAML, front matter and CSV rows become
//! - [`yaml`]: YAML 1.2 core schema, with limits and without the parts that hide things
//! - [`markdown`]: front matter, blocks and, in overlays, operations on blocks
//! - [`csv`]: registries, a record for each row
//! - [`characters`]: those that no text may hold

pub mod characters;
pub mod csv;
pub mod markdown;
pub mod tree;
pub mod yaml;
