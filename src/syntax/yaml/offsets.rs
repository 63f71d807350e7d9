//! From the parser's character counts to byte offsets.

/// Characters between two noted byte offsets.
const STEP: usize = 64;

/// Answers at which byte the n-th character of a text starts.
pub(super) struct Offsets<'a> {
    text: &'a str,
    /// The byte offset of every `STEP`-th character; empty when all characters are one byte long.
    noted: Vec<u32>,
}

impl<'a> Offsets<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        let noted = if text.is_ascii() {
            Vec::new()
        } else {
            text.char_indices().step_by(STEP).map(|(at, _)| at as u32).collect()
        };
        Self { text, noted }
    }

    /// The byte offset of a character; the end of the text for any past it.
    pub(super) fn byte(&self, character: usize) -> usize {
        if self.noted.is_empty() {
            return character.min(self.text.len());
        }
        let Some(&start) = self.noted.get(character / STEP) else { return self.text.len() };
        let rest = &self.text[start as usize..];
        rest.char_indices().nth(character % STEP).map_or(self.text.len(), |(at, _)| start as usize + at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_counting() {
        for text in ["", "plain", &"aé漢🦀".repeat(100)] {
            let offsets = Offsets::new(text);
            for (count, (at, _)) in text.char_indices().enumerate() {
                assert_eq!(offsets.byte(count), at);
            }
            assert_eq!(offsets.byte(text.chars().count()), text.len());
            assert_eq!(offsets.byte(text.chars().count() + 1000), text.len());
        }
    }
}
