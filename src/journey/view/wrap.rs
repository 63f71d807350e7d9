//! Texts in lines of so many columns.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Breaks between words, and within a word that is longer than a line. An empty text has no line.
pub fn wrapped(text: &str, columns: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace().flat_map(|word| pieces(word, columns)) {
        match lines.last_mut() {
            Some(line) if line.width() + 1 + word.width() <= columns => {
                line.push(' ');
                line.push_str(&word);
            }
            _ => lines.push(word),
        }
    }
    lines
}

fn pieces(word: &str, columns: usize) -> Vec<String> {
    let mut pieces = vec![String::new()];
    let mut used = 0;
    for c in word.chars() {
        let width = c.width().unwrap_or(0);
        if used + width > columns && used > 0 {
            pieces.push(String::new());
            used = 0;
        }
        used += width;
        if let Some(piece) = pieces.last_mut() {
            piece.push(c);
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::wrapped;

    #[test]
    fn no_line_is_longer_than_asked_for() {
        assert_eq!(wrapped("a lead asks", 6), ["a lead", "asks"]);
        assert_eq!(wrapped("an abcdefghij", 4), ["an", "abcd", "efgh", "ij"]);
        assert_eq!(wrapped("商談を依頼", 4), ["商談", "を依", "頼"]);
        assert_eq!(wrapped("", 4), [""; 0]);
    }
}
