//! What stands in a folder, and numbers that differ from run to run only when asked to.

use std::collections::BTreeMap;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

/// Files by their paths.
pub type Files = BTreeMap<String, Vec<u8>>;

/// Every file of an output but the program's own.
pub fn files(output: &Path) -> Files {
    walk(output).map(|(path, entry)| (path, std::fs::read(entry.path()).unwrap())).collect()
}

/// Inode, size and time of every file: what a build that writes nothing leaves alone.
pub fn stamps(output: &Path) -> BTreeMap<String, (u64, u64, i64, i64)> {
    let stamp = |entry: &walkdir::DirEntry| {
        let found = entry.metadata().unwrap();
        (found.ino(), found.size(), found.mtime(), found.mtime_nsec())
    };
    walk(output).map(|(path, entry)| (path, stamp(&entry))).collect()
}

fn walk(output: &Path) -> impl Iterator<Item = (String, walkdir::DirEntry)> {
    let named = |entry: walkdir::DirEntry| {
        let path = entry.path().strip_prefix(output).unwrap().to_str().unwrap().to_owned();
        (path, entry)
    };
    let entries = walkdir::WalkDir::new(output).into_iter().map(Result::unwrap);
    let files = entries.filter(|entry| !entry.file_type().is_dir()).map(named);
    files.filter(|(path, _)| path.split('/').next() != Some(".cobrand")).collect::<Vec<_>>().into_iter()
}

/// Asserts that two outputs are equal, and names what differs.
#[track_caller]
pub fn assert_equal(found: &Files, wanted: &Files, when: &str) {
    let differs: Vec<&String> = found
        .keys()
        .chain(wanted.keys().filter(|path| !found.contains_key(*path)))
        .filter(|path| found.get(*path) != wanted.get(*path))
        .collect();
    assert!(differs.is_empty(), "{when}: {differs:#?} differ from a clean build");
}

/// Writes a file, and the folders around it.
#[expect(clippy::disallowed_methods, reason = "makes the input of a test, no output of the program")]
pub fn write(path: &Path, content: impl AsRef<[u8]>) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, content).unwrap();
}

/// A number from the environment, for longer runs than the usual one.
#[expect(clippy::disallowed_methods, reason = "a test may be asked to do more of the same")]
pub fn asked(name: &str, usual: usize) -> usize {
    std::env::var(name).ok().map_or(usual, |text| text.parse().unwrap_or_else(|_| panic!("{name} is no number")))
}

/// Numbers that look random and are the same each time.
pub struct Numbers(u64);

impl Numbers {
    pub fn new(seed: usize) -> Self {
        Self(seed as u64)
    }

    /// Below `bound`.
    pub fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % bound.max(1) as u64) as usize
    }
}
