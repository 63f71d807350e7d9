//! Plain text: what people copy, and texts that stand on one line.

use super::Content;

/// A text on one line, without anything that steers a program. Blanks of any width stay.
pub fn one_line(text: &str) -> String {
    let plain = |c: char| if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') { ' ' } else { c };
    text.chars().map(plain).collect::<String>().trim().to_owned()
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
        let blank = if self.colon.ends_with(':') { " " } else { "" };
        self.text.extend([&*one_line(label), &self.colon, blank, &one_line(text), "\n"]);
        self
    }

    pub fn finish(mut self, body: &str) -> Content {
        self.text.extend(["\n----\n\n", body.trim_end(), "\n"]);
        Content(self.text.into_bytes().into())
    }
}
