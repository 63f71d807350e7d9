//! What to do about the syntax errors that people really make.

/// A help line for a syntax error at byte `at`.
pub(super) fn for_syntax_error(text: &str, at: usize, info: &str) -> &'static str {
    let start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let line = text[start..].lines().next().unwrap_or_default();
    if begins_with_braces(line) {
        "put quotes around a text that begins with `{{`"
    } else if line.trim_start_matches(' ').starts_with('\t') || info.contains("tab") {
        "indent with spaces, not with tabs"
    } else if info.contains("mapping values") {
        "put quotes around a text that holds `: `"
    } else if matches!(text[at..].chars().next(), Some('@' | '`' | '%' | '*' | '&' | '!' | '|' | '>')) {
        "put quotes around a text that begins with a special character"
    } else if info.contains("quoted") {
        "close the quote, or write `''` for an apostrophe inside single quotes"
    } else {
        "look at the indentation, quotes and brackets of this line and of the one above"
    }
}

/// Whether the line's value begins with `{{` and no quote, which YAML takes for a map in a map.
pub(super) fn begins_with_braces(line: &str) -> bool {
    let line = line.trim_start().trim_start_matches("- ");
    line.starts_with("{{") || line.split_once(": ").is_some_and(|(_, value)| value.trim_start().starts_with("{{"))
}
