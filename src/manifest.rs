//! The manifest of a package: what is in it, where that came from, and one digest over everything.
//!
//! # Encoding of the digest
//!
//! `manifest.json` lists every other file of its package, ordered by path, each with the BLAKE3 digest of its
//! bytes, and ends with the member `digest`: BLAKE3 over the bytes of `manifest.json` itself, up to and without
//! the comma before the `digest` line.
//!
//! So the one digest stands for the whole package: nobody can edit a line of the manifest or a byte of a file
//! and keep it, and which file was edited is told by the file's own digest.

mod read;
mod seal;
mod write;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;

use crate::digest::Digest;
use crate::paths::OutputPath;

pub use read::ReadError;
pub(crate) use read::ordered;
pub use seal::{Clash, seal};

/// The manifest's name in every package.
pub const FILE_NAME: &str = "manifest.json";

/// The version of the format; it changes only when a reader of the old one would go wrong.
pub const FORMAT: u32 = 2;

/// What a manifest says of the package as a whole.
#[derive(Clone, Copy, Debug)]
pub struct Head<'a> {
    /// The id and version of the master package.
    pub package: &'a str,
    pub version: &'a str,
    /// The deployment's id, which is its path, and its value of each axis it uses.
    pub deployment: &'a str,
    pub axes: &'a [(&'a str, &'a str)],
    /// The digest of the policy that held when it was built.
    pub policy: Digest,
}

/// A file before it is sealed, with what the manifest says of it.
#[derive(Clone, Copy, Debug)]
pub struct Part<'a> {
    pub path: &'a OutputPath,
    pub bytes: &'a [u8],
    /// What the file is, such as `page`, `email` or `calendar`.
    pub kind: &'a str,
    /// The component it belongs to.
    pub component: &'a str,
    /// The layer files its content came from.
    pub sources: &'a [Arc<str>],
}

/// The files of one package together with the manifest that describes them; only [`seal()`] makes one.
#[derive(Clone, Debug)]
pub struct Bundle<'a> {
    /// Ordered by path.
    parts: Vec<File<'a>>,
    manifest: Vec<u8>,
    manifest_digest: Digest,
    manifest_crc32: u32,
    digest: Digest,
}

/// One file of a [`Bundle`].
#[derive(Clone, Copy, Debug)]
pub struct File<'a> {
    pub path: &'a str,
    pub bytes: &'a [u8],
    pub digest: Digest,
    /// For whoever writes a zip, or wants to know quickly whether bytes may be the same.
    pub crc32: u32,
}

impl<'a> File<'a> {
    fn new(path: &'a str, bytes: &'a [u8]) -> Self {
        Self { path, bytes, digest: Digest::of(bytes), crc32: crc32fast::hash(bytes) }
    }
}

impl Bundle<'_> {
    /// Every file, ordered by path but for the manifest, which comes last.
    pub fn files(&self) -> impl Iterator<Item = File<'_>> {
        let (digest, crc32) = (self.manifest_digest, self.manifest_crc32);
        let manifest = File { path: FILE_NAME, bytes: &self.manifest, digest, crc32 };
        self.parts.iter().copied().chain(std::iter::once(manifest))
    }

    /// The number of files, the manifest included.
    pub fn len(&self) -> usize {
        self.parts.len() + 1
    }

    /// Never: a bundle holds at least its manifest.
    pub fn is_empty(&self) -> bool {
        false
    }

    pub fn manifest(&self) -> &[u8] {
        &self.manifest
    }

    pub fn digest(&self) -> Digest {
        self.digest
    }
}

/// A manifest as it was read back. Its paths are valid, ordered and different, and its digest is its own.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Manifest {
    pub format: u32,
    pub package: PackageName,
    pub deployment: DeploymentName,
    pub policy: String,
    pub files: Vec<Listed>,
    #[serde(skip)]
    digest: Digest,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct PackageName {
    pub id: String,
    pub version: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct DeploymentName {
    pub id: String,
    #[serde(default)]
    pub axes: BTreeMap<String, String>,
}

/// One file as a manifest lists it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Listed {
    pub path: String,
    pub bytes: u64,
    #[serde(deserialize_with = "crate::digest::deserialize")]
    pub digest: Digest,
    pub kind: String,
    pub component: String,
    #[serde(default)]
    pub sources: Vec<String>,
}

#[cfg(test)]
mod tests;
