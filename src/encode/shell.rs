//! Commands that are proposed: what stands in them is copied into a shell.

use std::borrow::Cow;

/// A word that a POSIX shell takes as it is, whatever a file or key is called.
pub fn word(text: &str) -> Cow<'_, str> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./:=,@+".contains(&byte);
    match !text.is_empty() && text.bytes().all(plain) {
        true => Cow::Borrowed(text),
        false => Cow::Owned(format!("'{}'", text.replace('\'', "'\\''"))),
    }
}

#[cfg(test)]
mod tests {
    use super::word;

    #[test]
    fn a_shell_runs_nothing_of_it() {
        assert_eq!(word("partner=acme/@region=dach"), "partner=acme/@region=dach");
        assert_eq!(word("a$(id)`id`.svg"), "'a$(id)`id`.svg'");
        assert_eq!(word("it's"), "'it'\\''s'");
        assert_eq!(word(""), "''");
        assert_eq!(word("content/landing.md#faq"), "'content/landing.md#faq'");
    }
}
