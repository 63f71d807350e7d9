//! What people see in a terminal.

use std::borrow::Cow;

use crate::syntax::characters;

/// A text as a terminal shows it: what would steer it, turn what follows or not be seen stands there by its number.
pub fn text(text: &str) -> Cow<'_, str> {
    let steers = |c: char, next: Option<char>| match c {
        // Alone it leads back to the start of the line, which is then written over.
        '\r' => next != Some('\n'),
        c => characters::fault(c).is_some(),
    };
    let mut letters = text.chars().peekable();
    let is_plain = text.bytes().all(|byte| (0x20..0x7F).contains(&byte) || byte == b'\n' || byte == b'\t');
    if is_plain {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    while let Some(c) = letters.next() {
        match steers(c, letters.peek().copied()) {
            true => shown.extend(c.escape_unicode()),
            false => shown.push(c),
        }
    }
    Cow::Owned(shown)
}

#[cfg(test)]
mod tests {
    use super::text;

    #[test]
    fn nothing_steers_a_terminal() {
        assert_eq!(text("a\u{1b}[2Jb\u{9b}1m\u{202e}c\rd"), "a\\u{1b}[2Jb\\u{9b}1m\\u{202e}c\\u{d}d");
        assert_eq!(text("Grüße\t1\r\nمی\u{200c}خواهم\n"), "Grüße\t1\r\nمی\u{200c}خواهم\n");
    }
}
