//! Filters of the engines' own that change letters, or take a text apart. Of markup they could make a tag of what was a text, or
//! half a tag, after all of it was encoded and read. So they get texts alone; what they give of these is escaped as ever.

use super::functions::Refusal;

/// Those of MiniJinja.
pub const OF_MINIJINJA: [&str; 12] = [
    "batch",
    "capitalize",
    "first",
    "format",
    "last",
    "lines",
    "list",
    "pprint",
    "replace",
    "reverse",
    "slice",
    "split",
];

/// The beginning of what is said of markup that they are given.
pub const LETTERS: &str = "the letters of markup cannot be changed";

/// What to do about it.
pub const HELP: &str =
    "change the text before it is put into markup; of markup, `plain` gives the words: `{{ … | plain | upper }}`";

/// Whether filters change nothing but blanks.
pub fn keep_letters(filters: &str) -> bool {
    let indents = |rest: &str| rest.trim_matches(['(', ')', ' ']).chars().all(|c| c.is_ascii_digit());
    let keeps = |filter: &str| matches!(filter, "safe" | "trim") || filter.strip_prefix("indent").is_some_and(indents);
    filters.split('|').map(str::trim).all(keeps)
}

/// Refuses markup, if there is anything in it but letters.
pub fn refuse(filter: &str, markup: &str) -> Result<(), Refusal> {
    let message = || format!("{LETTERS}: `{filter}` could make a tag of what is a text");
    match markup.contains(['<', '>', '&']) {
        true => Err(Refusal { code: "E-TEMPLATE", message: message() }),
        false => Ok(()),
    }
}
