//! What people see in a terminal.

use std::borrow::Cow;

use crate::syntax::characters;

/// A text with colours of the program's own, which alone stay; all else is as in [`text`]. What the colours lie around has no
/// escapes of its own left.
pub fn styled(colored: &str) -> Cow<'_, str> {
    if colored.bytes().all(|byte| (0x20..0x7F).contains(&byte) || matches!(byte, b'\n' | b'\t')) {
        return Cow::Borrowed(colored);
    }
    let mut shown = String::with_capacity(colored.len() + 16);
    let mut rest = colored;
    while let Some(at) = rest.find('\x1b') {
        let (before, behind) = rest.split_at(at);
        shown.push_str(&text(before));
        let length = color(behind).unwrap_or(0);
        match length {
            0 => shown.push_str(&text("\x1b")),
            _ => shown.push_str(&behind[..length]),
        }
        rest = &behind[length.max(1)..];
    }
    shown.push_str(&text(rest));
    Cow::Owned(shown)
}

/// How long the colour is that a text begins with: `ESC [ 1 ; 31 m`.
fn color(text: &str) -> Option<usize> {
    let inner = text.strip_prefix("\x1b[")?;
    let end = inner.find(|c: char| !c.is_ascii_digit() && c != ';')?;
    inner[end..].starts_with('m').then_some(2 + end + 1)
}

/// What may stand in a text, and is not seen where it is quoted: marks of direction, a soft hyphen, a letter without a shape.
fn is_unseen(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{2066}'..='\u{2069}' | '\u{E0100}'..='\u{E01EF}')
}

/// Whether a letter would steer a terminal, turn what follows, or not be seen.
pub(super) fn is_to_be_told(c: char) -> bool {
    is_unseen(c) || characters::fault(c).is_some()
}

/// A text as a terminal shows it: what would steer it, turn what follows or not be seen stands there by its number.
pub fn text(text: &str) -> Cow<'_, str> {
    let steers = |c: char, next: Option<char>| match c {
        // Alone it leads back to the start of the line, which is then written over.
        '\r' => next != Some('\n'),
        c => is_to_be_told(c),
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

/// A report without anything that a runner of checks takes for a command of its own: `::word` at the beginning of a line, also
/// behind blanks, and `##[word]` or `##vso[word]` anywhere.
pub fn commanding_nothing(report: &str) -> Cow<'_, str> {
    if !report.contains("::") && !report.contains("##") {
        return Cow::Borrowed(report);
    }
    let mut shown = String::with_capacity(report.len() + 16);
    for line in report.split_inclusive('\n') {
        let inner = line.trim_start();
        let is_command = inner.strip_prefix("::").is_some_and(|rest| !rest.starts_with(':'));
        let (blanks, inner) = line.split_at(line.len() - inner.len());
        shown.push_str(blanks);
        let inner = if is_command { inner.replacen(':', "\\u{3a}", 1) } else { inner.to_owned() };
        shown.push_str(&inner.replace("##[", "\\u{23}#[").replace("##vso[", "\\u{23}#vso["));
    }
    Cow::Owned(shown)
}

#[cfg(test)]
mod tests {
    use super::{commanding_nothing, styled, text};

    #[test]
    fn no_line_is_a_command_of_a_runner() {
        let report = "error: x\n  ::error file=a::b\n  ::: master.yaml:1:2\n::stop-commands::x\na##[add-mask]b ##vso[task.setvariable]";
        let shown = "error: x\n  \\u{3a}:error file=a::b\n  ::: master.yaml:1:2\n\\u{3a}:stop-commands::x\na\\u{23}#[add-mask]b \\u{23}#vso[task.setvariable]";
        assert_eq!(commanding_nothing(report), shown);
        assert_eq!(commanding_nothing("a # b"), "a # b");
    }

    #[test]
    fn of_what_is_quoted_in_colours_only_these_are_left() {
        assert_eq!(
            styled("\x1b[1;31merror\x1b[0m: \u{9b}31mx\u{85}\u{2028}"),
            "\x1b[1;31merror\x1b[0m: \\u{9b}31mx\\u{85}\\u{2028}"
        );
        assert_eq!(styled("\x1b[2Jü\x1b"), "\\u{1b}[2Jü\\u{1b}");
    }

    #[test]
    fn nothing_steers_a_terminal() {
        assert_eq!(text("a\u{1b}[2Jb\u{9b}1m\u{202e}c\rd"), "a\\u{1b}[2Jb\\u{9b}1m\\u{202e}c\\u{d}d");
        assert_eq!(text("a\u{ad}\u{200f}\u{61c}\u{e0041}"), "a\\u{ad}\\u{200f}\\u{61c}\\u{e0041}");
        assert_eq!(text("Grüße\t1\r\nمی\u{200c}خواهم\n"), "Grüße\t1\r\nمی\u{200c}خواهم\n");
    }
}
