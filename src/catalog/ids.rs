//! What may be the id of a partner, a region or another value of an axis: it names folders, files and campaigns.

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
    let is_port = |rest: &str| rest.len() == 1 && rest.bytes().all(|digit| digit.is_ascii_digit());
    let numbered = id.strip_prefix("com").or_else(|| id.strip_prefix("lpt")).is_some_and(is_port);
    numbered
        || matches!(
            id,
            "con" | "prn" | "aux" | "nul" | "registry" | "downloads" | "catalog" | "index" | "program" | "regions"
        )
}
