//! Texts in lines of so many columns, or of so much room in a drawing.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Lines of at most so many columns. An empty text has no line.
pub fn wrapped(text: &str, columns: usize) -> Vec<String> {
    broken(text, columns, &|text| text.width())
}

/// Lines that are at most so wide in a drawing, in hundredths of the height of its letters.
pub fn fitted(text: &str, room: usize) -> Vec<String> {
    broken(text, room, &drawn)
}

/// How wide a text is drawn at most, in hundredths of the height of its letters. No common font without serifs is
/// wider than this by more than what is left free around a text.
pub fn drawn(text: &str) -> usize {
    text.chars().map(letter).sum()
}

fn letter(c: char) -> usize {
    match c {
        '\u{200e}' => 0,
        'i' | 'j' | 'l' | '\'' | '|' => 25,
        ' ' | '\u{a0}' | '.' | ',' | ':' | ';' | '!' | 'I' | 'f' | 't' | '·' => 31,
        'r' | '-' | '(' | ')' | '[' | ']' | '/' | '"' => 37,
        'm' | 'w' | 'M' | 'W' | '@' | '%' | '→' | '←' | '…' | '–' | '—' => 100,
        'c' | 'k' | 's' | 'v' | 'x' | 'y' | 'z' => 54,
        _ if c.is_ascii_digit() || c.is_lowercase() => 60,
        _ if c.is_uppercase() => 76,
        _ => match c.width() {
            Some(0) | None => 0,
            Some(1) => 60,
            Some(_) => 102,
        },
    }
}

/// Breaks between words, within a word that is wider than a line, and within one of letters that are written without
/// blanks. A no-break space is none.
fn broken(text: &str, room: usize, width: &dyn Fn(&str) -> usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_ascii_whitespace() {
        let left = lines.last().map_or(0, |line| room.saturating_sub(width(line) + width(" ")));
        let is_whole = width(word) <= left;
        let is_dense = word.chars().next().and_then(UnicodeWidthChar::width) == Some(2);
        // One letter of a word alone says nothing.
        let begins = is_dense && left >= 3 * width(&word[..word.chars().next().map_or(0, char::len_utf8)]);
        let (first, rest) = match (is_whole, begins) {
            (true, _) => (word.to_owned(), ""),
            (false, true) => {
                let first = pieces(word, left, width).swap_remove(0);
                let rest = &word[first.len()..];
                (first, rest)
            }
            (false, false) => (String::new(), word),
        };
        if let Some(line) = lines.last_mut().filter(|_| !first.is_empty()) {
            line.push(' ');
            line.push_str(&first);
        }
        if !rest.is_empty() {
            lines.extend(pieces(rest, room, width));
        }
    }
    lines
}

/// The parts of a word, broken behind a sign if there is one, so that an address falls apart where it is read apart.
fn pieces(word: &str, room: usize, width: &dyn Fn(&str) -> usize) -> Vec<String> {
    let mut pieces = vec![String::new()];
    for c in word.chars() {
        if let Some(piece) = pieces.last_mut() {
            piece.push(c);
            if width(piece) <= room || piece.chars().count() == 1 {
                continue;
            }
            piece.pop();
            let sign = piece.rfind(['@', '.', '-', '/']).filter(|&at| at > 0 && width(&piece[..at]) * 2 > room);
            // A mark that ends something begins no line: the letter before it goes along.
            let before = || piece.char_indices().next_back().map(|(at, _)| at).filter(|&at| at > 0 && is_end(c));
            let at = sign.or_else(before);
            let mut rest = at.map_or_else(String::new, |at| piece.split_off(at));
            rest.push(c);
            pieces.push(rest);
        }
    }
    pieces
}

fn is_end(c: char) -> bool {
    "、。，．：；！？）」』ー".contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_is_longer_than_asked_for() {
        assert_eq!(wrapped("a lead asks", 6), ["a lead", "asks"]);
        assert_eq!(wrapped("an abcdefghij", 4), ["an", "abcd", "efgh", "ij"]);
        assert_eq!(wrapped("商談を依頼", 4), ["商談", "を依", "頼"]);
        assert_eq!(wrapped("商談、依頼", 4), ["商", "談、", "依頼"]);
        assert_eq!(wrapped("12 商談を依頼する", 10), ["12 商談を", "依頼する"]);
        assert_eq!(wrapped("", 4), [""; 0]);
    }

    #[test]
    fn addresses_fall_apart_at_a_sign() {
        assert_eq!(wrapped("jana.albrecht@rheinfeld.example", 18), ["jana.albrecht", "@rheinfeld.example"]);
        assert_eq!(wrapped("a@abcdefghij", 8), ["a@abcdef", "ghij"]);
    }

    #[test]
    fn what_is_drawn_fits() {
        let text = "Vertrieb beim Partner, 商談を依頼する, الفريق الإقليمي";
        for line in fitted(text, 700) {
            assert!(drawn(&line) <= 700, "{line}");
        }
        assert_eq!(fitted(text, 100_000), [text]);
    }
}
