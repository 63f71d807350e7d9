//! Where a catalogue leads: every package and zip it names is there.

use std::path::Path;

use serde::Deserialize;

use super::unreadable;
use crate::diag::{Diagnostic, Diagnostics};
use crate::paths::OutputPath;

pub(super) const FILE_NAME: &str = "catalog.json";

/// The state of a deployment without a package.
const MISSING: &str = "missing";

/// As much of a catalogue as is checked. Paths are relative to the catalogue's folder.
#[derive(Deserialize)]
struct Catalog {
    #[serde(default)]
    deployments: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    /// `missing` for a deployment that was never built; then its path leads nowhere yet.
    #[serde(default)]
    state: Option<String>,
    #[serde(default)]
    path: Option<String>,
    #[serde(default)]
    zip: Option<String>,
}

pub(super) fn verify(root: &Path, path: &Path) -> Diagnostics {
    let shown = path.display();
    let bytes = match std::fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) => return unreadable(path, &error).into(),
    };
    let catalog: Catalog = match serde_json::from_slice(&bytes) {
        Ok(catalog) => catalog,
        Err(error) => {
            return Diagnostic::error("E-CHANGED", format!("`{shown}` is no catalogue: {error}"))
                .help("remove it and build again")
                .into();
        }
    };
    let folder = path.parent().unwrap_or(root);
    let mut diagnostics = Diagnostics::default();
    let built = catalog.deployments.into_iter().filter(|entry| entry.state.as_deref() != Some(MISSING));
    for link in built.flat_map(|entry| entry.path.into_iter().chain(entry.zip)) {
        // A path that leaves the catalogue's folder leads nowhere we look.
        let inside = OutputPath::new(link.trim_end_matches('/')).is_ok();
        if !inside || folder.join(&link).symlink_metadata().is_err() {
            let message = format!("`{shown}` leads to `{}`, which is not there", link.escape_debug());
            diagnostics.push(Diagnostic::error("E-MISSING", message).help("build everything again"));
        }
    }
    diagnostics
}
