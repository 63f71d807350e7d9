//! What may be the id of a partner, a region or another value of an axis: it names folders, files and campaigns.

use crate::paths::is_device;

/// Longer ids make paths that some systems refuse.
pub const LONGEST: usize = 60;

/// What is wrong with an id, as the help of a diagnostic; `None` if it is one.
pub fn fault(id: &str) -> Option<String> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if id.is_empty() || !id.chars().all(plain) {
        return Some("ids are lower-case ASCII letters, digits and `-`, since they name folders and campaigns".into());
    }
    if id.starts_with('-') || id.ends_with('-') {
        return Some("ids do not begin or end with `-`: commands would take them for options".into());
    }
    if id.len() > LONGEST {
        return Some(format!("ids have at most {LONGEST} letters, since some systems refuse longer paths"));
    }
    let help = || format!("`{id}` means something else to Windows or to this program; add a word, as in `{id}-group`");
    is_reserved(id).then(help)
}

/// Names of devices, of which Windows makes no folder, and of what a build writes beside packages.
pub fn is_reserved(id: &str) -> bool {
    is_device(id) || matches!(id, "registry" | "downloads" | "catalog" | "index" | "program" | "regions")
}
