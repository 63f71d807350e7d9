//! The sample's workspace in a folder of its own, to be edited by a test.

use std::path::Path;

#[allow(clippy::disallowed_methods, reason = "a workspace is written to be edited, outside of any output")]
pub fn sample() -> tempfile::TempDir {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let workspace = tempfile::tempdir().unwrap();
    for part in ["cobrand.yaml", "master-templates", "partners", "industries", "regions", "motions", "tiers"] {
        for entry in walkdir::WalkDir::new(root.join(part)).into_iter().map(Result::unwrap) {
            let to = workspace.path().join(entry.path().strip_prefix(root).unwrap());
            match entry.file_type().is_dir() {
                true => std::fs::create_dir_all(to).unwrap(),
                false => drop(std::fs::copy(entry.path(), to).unwrap()),
            }
        }
    }
    workspace
}
