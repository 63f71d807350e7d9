//! The inventories of an output: what builds wrote that stands there, each package and file with its digest.
//!
//! There is one in every partner's folder, which lists the packages and files in it, and one at the top, which
//! lists the files there and the partners' inventories. So the one at the top stands for all of the output, and a
//! partner can prove its own part with its own, which names no other partner.
//!
//! An inventory ends with its own digest, as a manifest does. That shows an accident; who wants to deceive can
//! make a new one, so only a signature shows where it comes from ([`crate::signature`]).
//!
//! No inventory lists itself or a signature.

mod read;
mod write;

use serde::Deserialize;

use crate::digest::Digest;

/// The name of every inventory.
pub const FILE_NAME: &str = "inventory.json";

/// What the name of a signature adds to that of what it signs.
pub const SIGNED: &str = ".minisig";

/// The version of the format; it changes only when a reader of the old one would go wrong.
pub const FORMAT: u32 = 1;

/// What pages and inventories say of the program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading<'a> {
    pub program: &'a str,
    pub version: &'a str,
    pub released: String,
}

/// What stands in the output or in one partner's folder. As it was read back, its digest is its own, and its paths
/// are valid, ordered and different.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Inventory {
    format: u32,
    /// The master package of the last build.
    pub program: String,
    pub version: String,
    pub released: String,
    /// The partner's folder; empty for the whole output. All paths are within it.
    pub folder: String,
    pub packages: Vec<ListedPackage>,
    /// Files that are in no package.
    pub files: Vec<ListedFile>,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct ListedPackage {
    pub path: String,
    /// As its manifest says.
    #[serde(deserialize_with = "crate::digest::deserialize")]
    pub digest: Digest,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct ListedFile {
    pub path: String,
    pub bytes: u64,
    #[serde(deserialize_with = "crate::digest::deserialize")]
    pub digest: Digest,
}

impl Inventory {
    pub fn new(heading: &Heading<'_>, folder: &str) -> Self {
        Self {
            format: FORMAT,
            program: heading.program.to_owned(),
            version: heading.version.to_owned(),
            released: heading.released.clone(),
            folder: folder.to_owned(),
            packages: Vec::new(),
            files: Vec::new(),
        }
    }

    pub fn heading(&self) -> Heading<'_> {
        Heading { program: &self.program, version: &self.version, released: self.released.clone() }
    }
}

/// Where the inventory of a folder lies in the output.
pub fn path_in(folder: &str) -> String {
    below(folder, FILE_NAME)
}

/// Where the signature of a file lies.
pub fn signature_of(path: &str) -> String {
    format!("{path}{SIGNED}")
}

/// A path within a folder; the empty folder is the output's.
pub fn below(folder: &str, path: &str) -> String {
    if folder.is_empty() { path.to_owned() } else { format!("{folder}/{path}") }
}

/// The folder whose inventory a path of the output is, or whose inventory it signs.
pub fn folder_of(path: &str) -> Option<&str> {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let is_inventory = name.strip_suffix(SIGNED).unwrap_or(name) == FILE_NAME;
    (is_inventory && !folder.contains('/')).then_some(folder)
}

/// The folder whose inventory lists what stands at a path of the output.
pub fn listed_in(path: &str) -> Option<&str> {
    match folder_of(path) {
        Some("") => None,
        Some(_) => (!path.ends_with(SIGNED)).then_some(""),
        None => Some(path.split_once('/').map_or("", |(folder, _)| folder)),
    }
}

#[cfg(test)]
mod tests;
