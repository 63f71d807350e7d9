//! From files to a [`Bundle`]: ordered, digested and described.

use std::fmt;

use super::{Bundle, FILE_NAME, File, Head, Part, write};
use crate::digest::{self, Digest};

/// Two parts that cannot stand in one package: the same path twice, or a file where another needs a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clash {
    pub first: String,
    pub second: String,
}

impl fmt::Display for Clash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` and `{}` cannot stand in one package", self.first, self.second)
    }
}

impl std::error::Error for Clash {}

/// Orders the parts by path and describes them in a manifest.
pub fn seal<'a>(head: &Head<'_>, parts: &[Part<'a>]) -> Result<Bundle<'a>, Clash> {
    let mut parts: Vec<&Part<'a>> = parts.iter().collect();
    parts.sort_unstable_by_key(|part| part.path.as_str());
    refuse_clashes(&parts)?;
    let files: Vec<File<'a>> = parts.iter().map(|part| File::new(part.path.as_str(), part.bytes)).collect();
    let mut manifest = write::manifest(head, &parts, &files);
    let digest = digest::seal(&mut manifest);
    let (manifest_digest, manifest_crc32) = (Digest::of(&manifest), crc32fast::hash(&manifest));
    Ok(Bundle { parts: files, manifest, manifest_digest, manifest_crc32, digest })
}

fn refuse_clashes(sorted: &[&Part<'_>]) -> Result<(), Clash> {
    let clash = |first: &str, second: &str| Err(Clash { first: first.to_owned(), second: second.to_owned() });
    if sorted.iter().any(|part| part.path.as_str() == FILE_NAME) {
        return clash(FILE_NAME, FILE_NAME);
    }
    // `a` and `a/b` need not be neighbours: `a.b` and `a-b` sort between them.
    for part in sorted {
        let path = part.path.as_str();
        let folders = path.match_indices('/').map(|(at, _)| &path[..at]);
        for folder in folders {
            if folder == FILE_NAME || sorted.binary_search_by_key(&folder, |other| other.path.as_str()).is_ok() {
                return clash(folder, path);
            }
        }
    }
    match sorted.windows(2).find(|pair| pair[0].path == pair[1].path) {
        Some(pair) => clash(pair[0].path.as_str(), pair[1].path.as_str()),
        None => Ok(()),
    }
}
