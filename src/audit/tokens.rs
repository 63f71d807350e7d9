//! What an email platform would fill in, wherever it was put together: of two fields that stand side by side, of a field and
//! the words around it, or in a template's loop.
//!
//! Words of overlays are asked for marks where they are written ([`crate::guard`]); here each email is read as a platform
//! reads it, so that nothing depends on how its parts meet.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::artifact::File;
use crate::catalog::settings::Form;
use crate::guard::Marks;
use crate::paths::OutputPath;
use crate::profiles::email::Token;

use super::Flaw;

/// How many characters of a mark are shown.
const SHOWN: usize = 40;

/// What is known of emails beside their files.
#[derive(Debug)]
pub struct Letters<'a> {
    /// The forms of marks that the workspace names.
    pub forms: &'a [Form],
    /// The marks in HQ's templates and words, which are meant.
    pub meant: &'a BTreeSet<String>,
    /// Of each message its sender's name and its subject, before they are encoded.
    pub heads: BTreeMap<OutputPath, String>,
}

impl Letters<'_> {
    /// The first mark of an email's file that nobody meant.
    pub(super) fn flaw<'t>(&self, file: &File, token: impl Fn(&str) -> Option<&'t Token>) -> Option<Flaw> {
        let text = match file.path.extension() {
            "html" | "txt" => std::str::from_utf8(&file.bytes).ok()?,
            // What else is in it is that of its other files, encoded.
            "eml" => self.heads.get(&file.path)?,
            _ => return None,
        };
        let place = self.mark(text, |rest| token(rest).map(|token| token.code.len()))?;
        let mark = text.get(place.clone())?;
        let shown: String = mark.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(SHOWN).collect();
        Some(Flaw {
            code: "E-TOKEN",
            path: file.path.clone(),
            at: Some(place.start),
            length: place.len(),
            what: format!("makes `{shown}` in an email, which an email platform would fill in"),
            address: None,
            help: "write the words themselves, also where another value or a text goes on; the master's templates hold what platforms fill in",
        })
    }

    fn mark(&self, text: &str, meant: impl Fn(&str) -> Option<usize>) -> Option<Range<usize>> {
        let mut marks = Marks::new(text, self.forms);
        loop {
            let place = marks.next(&meant)?;
            if !self.meant.contains(text.get(place.clone())?) {
                return Some(place);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_nobody_meant_is_found() {
        let meant = ["{margin:0}", "%%ours%%"].map(str::to_owned).into();
        let letters = Letters { forms: &[], meant: &meant, heads: BTreeMap::new() };
        let mark =
            |text: &'static str| text.get(letters.mark(text, |rest| rest.starts_with("*|UNSUB|*").then_some(9))?);
        assert_eq!(mark("p{margin:0} %%ours%% *|UNSUB|* https://a.example/?b=%C3%BCber%20c"), None);
        assert_eq!(mark("%%ours%% *|UNSUB|* *|FEED:x|*"), Some("*|FEED:x|*"));
        assert_eq!(mark("7 *| *|UNSUB|*"), Some("*| *|UNSUB|*"));
        assert_eq!(mark("a %EMAIL%"), Some("%EMAIL%"));
        assert_eq!(mark("a %DEAL%ed"), Some("%DEAL%"));
        assert_eq!(mark("https://a.example/%DEAL_CONTACT_EMAIL%ed"), Some("%DEAL_CONTACT_EMAIL%"));
        // No letter is encoded like that, in whatever stands around it.
        assert_eq!(mark("x:%FAX%de"), Some("%FAX%"));
        assert_eq!(mark("https://a.example/%FAX%20b"), Some("%FAX%"));
        assert_eq!(mark("https://a.example/%C3%A9%E2%82%AC%20b?%F0%9F%98%80c%41"), None);
    }
}
