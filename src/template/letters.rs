//! Filters of the engines' own that change letters, or take a text apart. Of markup they could make a tag of what was a text, or
//! half a tag, after all of it was encoded and read. So they get texts alone; what they give of these is escaped as ever.

use super::functions::Refusal;

/// Those of MiniJinja that hand markup on.
pub const OF_MINIJINJA: [&str; 7] = ["first", "format", "last", "lines", "replace", "reverse", "split"];

/// The beginning of what is said of markup that they are given.
pub const LETTERS: &str = "the letters of markup cannot be changed";

/// What to do about it.
pub const HELP: &str =
    "change the text before it is put into markup; of markup, `plain` gives the words: `{{ … | plain | replace(…) }}`";

/// Refuses markup, if there is anything in it but letters.
pub fn refuse(filter: &str, markup: &str) -> Result<(), Refusal> {
    let message = || format!("{LETTERS}: `{filter}` could make a tag of what is a text");
    match markup.contains(['<', '>', '&']) {
        true => Err(Refusal { code: "E-TEMPLATE", message: message() }),
        false => Ok(()),
    }
}
