//! A file that the user names on the command line: a key, say. It need not lie in the workspace.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// Longer than any key.
const LONGEST: u64 = 64 << 10;

/// Reads a short text; a longer one is cut off, and is none of what is read this way. What is no file is refused: a pipe
/// could be waited for without end.
pub fn named_text(path: &Path) -> io::Result<String> {
    if !std::fs::metadata(path)?.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is no file"));
    }
    let mut text = String::new();
    File::open(path)?.take(LONGEST).read_to_string(&mut text)?;
    Ok(text)
}
