//! More lines behind a file that is there.

use std::path::Path;

use super::disk::{self, Disk};
use super::failure::Context;
use super::fresh::{Before, before, open, put};
use crate::diag::Diagnostic;

/// Puts bytes behind a file of `folder`, whose own bytes stay as they are. A file that is no longer the one of
/// the given digest is left alone (`E-EXISTS`). Old or new, never half.
pub fn append(folder: &Path, path: &str, digest: blake3::Hash, more: &[u8]) -> Result<(), Diagnostic> {
    let disk = Disk::new(disk::open_gate());
    let shown = folder.display().to_string();
    let told = |failure: super::failure::Failure| failure.diagnostic(&shown);
    let root = open(folder).map_err(told)?;
    let bytes = match before(&root, path).context("read", path).map_err(told)? {
        Before::File(bytes) if blake3::hash(&bytes) == digest => bytes,
        _ => return Err(changed(path)),
    };
    put(&disk, &root, path, &[bytes.as_slice(), more].concat(), true).map_err(told)
}

fn changed(path: &str) -> Diagnostic {
    Diagnostic::error("E-EXISTS", format!("`{path}` was changed meanwhile")).help("nothing was written: run it again")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_stay_and_a_changed_file_is_left_alone() {
        let temp = tempfile::tempdir().unwrap();
        let first: &[u8] = b"\xef\xbb\xbfa: 1\r\n";
        crate::emit::add(temp.path(), [("x/a.yaml", first)], None).unwrap();
        append(temp.path(), "x/a.yaml", blake3::hash(first), b"b: 2\r\n").unwrap();
        let read = || std::fs::read(temp.path().join("x/a.yaml")).unwrap();
        assert_eq!(read(), b"\xef\xbb\xbfa: 1\r\nb: 2\r\n");
        let error = append(temp.path(), "x/a.yaml", blake3::hash(first), b"c: 3\r\n").unwrap_err();
        assert_eq!(error.code.0, "E-EXISTS");
        assert_eq!(read(), b"\xef\xbb\xbfa: 1\r\nb: 2\r\n");
    }
}
