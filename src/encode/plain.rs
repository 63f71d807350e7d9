//! Plain text: what people copy, and texts that stand on one line.

use unicode_width::UnicodeWidthChar;

use super::Content;

/// A text on one line, without anything that steers a program. Blanks of any width stay.
pub fn one_line(text: &str) -> String {
    let plain = |c: char| if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') { ' ' } else { c };
    text.chars().map(plain).collect::<String>().trim().to_owned()
}

/// A label and what it is about, with a colon between them as the language writes it: a wide one brings its own blank.
pub fn labelled(label: &str, colon: &str, text: &str) -> String {
    let is_wide = colon.chars().next_back().and_then(UnicodeWidthChar::width) == Some(2);
    let blank = if is_wide { "" } else { " " };
    format!("{label}{colon}{blank}{text}")
}

/// What is told in a row, with a comma between two as the language writes it.
pub fn listed<'t>(comma: &str, parts: impl IntoIterator<Item = &'t str>) -> String {
    let mut parts = parts.into_iter();
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |said, part| labelled(&said, comma, part))
}

/// A text as it is copied: what it is for, a line each, then nothing but the words.
#[derive(Debug, Default)]
pub struct Letter {
    colon: String,
    text: String,
}

impl Letter {
    /// With what stands between a label and its text: a colon, as the language writes it.
    pub fn labelled(colon: &str) -> Self {
        Self { colon: colon.replace(char::is_control, " "), text: String::new() }
    }

    /// A line of the head. No text makes a second one of it.
    #[must_use]
    pub fn line(mut self, label: &str, text: &str) -> Self {
        self.text.extend([&*labelled(&one_line(label), &self.colon, &one_line(text)), "\n"]);
        self
    }

    pub fn finish(mut self, body: &str) -> Content {
        self.text.extend(["\n----\n\n", body.trim_end(), "\n"]);
        Content(self.text.into_bytes().into())
    }
}

#[cfg(test)]
mod tests {
    use super::labelled;

    #[test]
    fn a_wide_colon_brings_its_own_blank() {
        for (colon, expected) in [(":", "When: now"), (" :", "When : now"), ("：", "When：now"), ("", "When now")] {
            assert_eq!(labelled("When", colon, "now"), expected);
        }
    }
}
