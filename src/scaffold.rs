//! What `new` writes, before it is written: a value of an axis, an overlay, a waiver.
//!
//! A scaffold holds only what its role and tier may set. What has to be there is written; all else stands
//! as a comment with today's value, so that taking the comment away is the whole edit. Rights, limits and
//! narrowings are asked beforehand ([`footing`]), and [`trial`] reads the workspace with the new files in it:
//! what it refuses is not written.
//!
//! - [`footing`]: who would speak, what may be said, what holds today
//! - [`keys`]: YAML files
//! - [`blocks`]: Markdown files
//! - [`scalar`]: values as YAML writes them
//! - [`sample`]: what stands where a partner's own data goes
//! - [`outline`]: a YAML file from single values
//! - [`id`]: what may be an id, and where one stands already
//! - [`partner`], [`value`], [`overlay`], [`settle`], [`waiver`]: a form of `new` each
//! - [`trial`]: the workspace with the new files in it

pub mod blocks;
pub mod footing;
pub mod id;
pub mod keys;
pub mod outline;
pub mod overlay;
pub mod partner;
pub mod sample;
pub mod scalar;
pub mod settle;
pub mod trial;
pub mod value;
pub mod waiver;

use crate::diag::Diagnostic;

/// A file that is to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewFile {
    /// Within the workspace.
    pub path: String,
    pub text: String,
}

/// Lines that are to be put behind a file that is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Addition {
    /// Within the workspace, by the name the file really has.
    pub path: String,
    /// Of the file as it was read.
    pub digest: blake3::Hash,
    pub text: String,
    /// The text that the file has then.
    pub whole: String,
}

/// What is to be written, and what to say of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scaffold {
    pub files: Vec<NewFile>,
    pub additions: Vec<Addition>,
    /// What was assumed or left out, a sentence each.
    pub notes: Vec<String>,
    /// What to do next, a step each.
    pub next: Vec<String>,
}

/// Why nothing can be written.
#[derive(Clone, Debug)]
pub enum Refusal {
    /// The command asks for something that there is not.
    Usage(String),
    /// Something in the workspace stands against it.
    Found(Box<Diagnostic>),
}

impl Refusal {
    /// A wrong command, and what to do about it.
    pub fn usage(problem: impl Into<String>, help: impl AsRef<str>) -> Self {
        Self::Usage(format!("{}\nhelp: {}", problem.into(), help.as_ref()))
    }
}

impl From<Diagnostic> for Refusal {
    fn from(diagnostic: Diagnostic) -> Self {
        Self::Found(Box::new(diagnostic))
    }
}
