//! Markdown that the program writes into a workspace.

/// A text that may stand in a comment; `None` if it would end one.
pub fn in_comment(text: &str) -> Option<&str> {
    Some(text).filter(|text| !["-->", "<!--", "--!>"].iter().any(|mark| text.contains(mark)))
}
