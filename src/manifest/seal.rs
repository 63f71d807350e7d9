//! From files to a [`Bundle`]: ordered, summed up, described and digested.

use std::fmt;

use super::{Bundle, Digest, FILE_NAME, File, Head, Part, write};

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
    let files: Vec<File<'a>> = parts
        .iter()
        .map(|part| File { path: part.path.as_str(), bytes: part.bytes, crc32: crc32fast::hash(part.bytes) })
        .collect();
    let mut manifest = write::covered(head, &parts, &files);
    let digest = digest(&manifest, files.iter().map(|file| file.bytes));
    write::finish(&mut manifest, &digest);
    let manifest_crc32 = crc32fast::hash(&manifest);
    Ok(Bundle { parts: files, manifest, manifest_crc32, digest })
}

/// The digest over the covered part of a manifest and the contents it lists.
fn digest<'a>(covered: &[u8], contents: impl Iterator<Item = &'a [u8]>) -> Digest {
    let mut digester = Digester::new(covered);
    contents.for_each(|bytes| digester.update(bytes));
    digester.finish()
}

/// BLAKE3 over a sequence of small pieces.
///
/// BLAKE3 is several times faster on long inputs than on pieces of a few KB, so the pieces are gathered first.
pub struct Digester {
    hasher: blake3::Hasher,
    gathered: Vec<u8>,
}

impl Digester {
    const GATHER: usize = 128 * 1024;

    pub fn new(covered: &[u8]) -> Self {
        let mut digester = Self { hasher: blake3::Hasher::new(), gathered: Vec::with_capacity(Self::GATHER) };
        digester.update(covered);
        digester
    }

    pub fn update(&mut self, bytes: &[u8]) {
        if self.gathered.len() + bytes.len() > Self::GATHER {
            self.hasher.update(&self.gathered);
            self.gathered.clear();
        }
        if bytes.len() > Self::GATHER {
            self.hasher.update(bytes);
        } else {
            self.gathered.extend_from_slice(bytes);
        }
    }

    pub fn finish(mut self) -> Digest {
        self.hasher.update(&self.gathered);
        Digest(self.hasher.finalize().into())
    }
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
