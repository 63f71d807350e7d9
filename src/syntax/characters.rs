//! Characters that no text of a workspace may hold: they are not seen, and change what is.

use crate::diag::Diagnostic;

/// What is wrong with a character; `None` if it may stand in a text.
pub fn fault(c: char) -> Option<&'static str> {
    Some(match c {
        '\t' | '\n' | '\r' => return None,
        c if c.is_control() => "a control character",
        // Isolates, joiners and the marks of one direction are part of how some languages are written.
        '\u{202A}'..='\u{202E}' => "a sign that turns the direction of what follows",
        // A hint where a word may part is a part of the word where it stands in a name, a table or a message of plain text.
        '\u{AD}' => "a soft hyphen that nobody sees",
        '\u{200B}' | '\u{2060}' | '\u{FEFF}' | '\u{180E}' => "a sign without room that nobody sees",
        '\u{2028}' | '\u{2029}' => "a line end in some programs only",
        // Of the plane of tags all but choices of a shape, also what is not given out yet: programs show nothing for it.
        '\u{E0000}'..='\u{E00FF}'
        | '\u{E01F0}'..='\u{E0FFF}'
        | '\u{180B}'..='\u{180D}'
        | '\u{180F}'
        | '\u{1D173}'..='\u{1D17A}' => "a sign that nobody sees",
        '\u{1BCA0}'..='\u{1BCA3}' | '\u{13430}'..='\u{1345F}' | '\u{FFFC}' => "a sign that nobody sees",
        '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{FFFFD}' | '\u{100000}'..='\u{10FFFD}' => {
            "no letter outside of some font"
        }
        '\u{FFF0}'..='\u{FFFB}' | '\u{2061}'..='\u{2065}' | '\u{206A}'..='\u{206F}' => "a sign that nobody sees",
        '\u{115F}' | '\u{1160}' | '\u{3164}' | '\u{FFA0}' | '\u{2800}' | '\u{034F}' | '\u{17B4}' | '\u{17B5}'
        | '\u{16FE4}' | '\u{1D159}' => "a letter that looks like nothing",
        '\u{FDD0}'..='\u{FDEF}' => "no character",
        c if u32::from(c) & 0xFFFE == 0xFFFE => "no character",
        _ => return None,
    })
}

/// The first character that a text may not hold, with its place and what is wrong with it.
pub fn first(text: &str) -> Option<(usize, char, &'static str)> {
    // Nearly all texts are told from their bytes: of ASCII only control characters are asked for.
    if text.bytes().all(|byte| (0x20..0x7F).contains(&byte) || matches!(byte, b'\t' | b'\n' | b'\r')) {
        return None;
    }
    if text.chars().all(is_common) {
        return heaped(text);
    }
    let is_turned = text.chars().any(is_from_right);
    let mut before = None;
    let own = text.char_indices().find_map(|(at, c)| {
        let found = fault(c).or_else(|| misplaced(before, c, is_turned));
        before = Some(c);
        Some((at, c, found?))
    });
    let own =
        own.or_else(|| unended(text).map(|(at, c)| (at, c, "a turn of the direction that does not end with the text")));
    own.or_else(|| heaped(text))
}

/// Whether a character may stand beside any other: nearly all that people write, told without asking for more.
fn is_common(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='~' | '\u{A0}'..='\u{AC}' | '\u{AE}'..='\u{33F}' | '\u{370}'..='\u{58F}' | '\u{620}'..='\u{6FF}')
        || matches!(c, '\u{2010}'..='\u{2027}' | '\u{20A0}'..='\u{20CF}' | '\u{3000}'..='\u{3163}' | '\u{3400}'..='\u{9FFF}')
        || matches!(c, '\u{AC00}'..='\u{D7A3}' | '\u{FF01}'..='\u{FF9F}')
}

/// What is wrong with a sign that has its place in some scripts: behind a letter of another one it is not seen, and a name with it
/// is another name.
fn misplaced(before: Option<char>, c: char, is_turned: bool) -> Option<&'static str> {
    // Up to here stand the scripts that are written in single letters, from the left.
    let is_plain = |before: char| before < '\u{590}';
    // Letters that are written one beside the other, or in blocks.
    let is_apart = |before: char| {
        is_plain(before)
            || matches!(before, '\u{1100}'..='\u{11FF}' | '\u{2E80}'..='\u{A4CF}' | '\u{AC00}'..='\u{D7FF}' | '\u{F900}'..='\u{FAFF}' | '\u{FF00}'..='\u{FFEF}' | '\u{20000}'..='\u{3FFFF}')
                && before.is_alphabetic()
    };
    // Letters that have shapes to choose from: ideographs, those of some scripts of Asia, and signs that are letters.
    let has_shapes = |before: char| matches!(before, '\u{1000}'..='\u{109F}' | '\u{1800}'..='\u{18AF}' | '\u{2100}'..='\u{214F}' | '\u{2460}'..='\u{24FF}' | '\u{3200}'..='\u{9FFF}' | '\u{A840}'..='\u{A87F}' | '\u{F900}'..='\u{FAFF}' | '\u{10AC0}'..='\u{10AFF}' | '\u{1F100}'..='\u{1F1FF}' | '\u{20000}'..='\u{3FFFF}');
    match c {
        '\u{200C}' | '\u{200D}' if before.is_none_or(|before| is_apart(before) || before.is_whitespace()) => {
            Some("a joiner where no letters are joined")
        }
        '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}'
            if before.is_none_or(|before| before.is_whitespace() || before.is_alphabetic() && !has_shapes(before)) =>
        {
            Some("a choice of a shape that no such letter has")
        }
        '\u{200E}' | '\u{200F}' | '\u{61C}' if !is_turned => Some("a mark of a direction where all letters have one"),
        _ => None,
    }
}

/// Whether a sign steers in which direction a line runs, and shows nothing itself.
pub fn is_of_direction(c: char) -> bool {
    matches!(c, '\u{200E}' | '\u{200F}' | '\u{61C}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Whether a letter is written from the right to the left. Marks, points and signs of those scripts make no text of theirs.
pub fn is_from_right(c: char) -> bool {
    c.is_alphabetic() && is_of_right(c) && !unicode_normalization::char::is_combining_mark(c)
}

fn is_of_right(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{61B}' | '\u{61D}'..='\u{8FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFE}')
        || matches!(c, '\u{10800}'..='\u{10FFF}' | '\u{1E800}'..='\u{1EFFF}')
}

/// An isolate that is left open, which would turn what follows the text.
fn unended(text: &str) -> Option<(usize, char)> {
    let mut open = Vec::new();
    for (at, c) in text.char_indices() {
        match c {
            '\u{2066}'..='\u{2068}' => open.push((at, c)),
            '\u{2069}' => drop(open.pop()),
            _ => {}
        }
    }
    open.pop()
}

/// Marks above, below and within one letter. No language writes as many.
const MOST_MARKS: usize = 10;

/// The first mark that is one too many on its letter: a heap of them covers the lines around it.
fn heaped(text: &str) -> Option<(usize, char, &'static str)> {
    let mut count = 0;
    text.char_indices().find_map(|(at, c)| {
        let is_mark = c >= '\u{300}' && unicode_normalization::char::is_combining_mark(c);
        count = if is_mark { count + 1 } else { 0 };
        (count > MOST_MARKS).then_some((at, c, "one mark too many on a letter"))
    })
}

/// What is said of a character that may not stand in a text.
pub fn hidden(c: char, fault: &str) -> Diagnostic {
    let message = format!("the text holds U+{:04X}, which is {fault}", u32::from(c));
    Diagnostic::error("E-CHARACTER", message).help("delete the character; write the text anew if it cannot be seen")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_common_may_stand_beside_anything() {
        for c in ('\0'..=char::MAX).filter(|&c| is_common(c)) {
            assert_eq!(fault(c), None, "{c:?}");
            for before in [None, Some(' '), Some('a'), Some('日'), Some('ع')] {
                assert_eq!(misplaced(before, c, false), None, "{c:?}");
            }
            assert_eq!(unended(c.encode_utf8(&mut [0; 4])), None, "{c:?}");
        }
    }

    #[test]
    fn letters_bear_no_heap_of_marks() {
        let heap = |marks: usize| format!("a{}", "\u{301}".repeat(marks));
        assert_eq!(first(&heap(MOST_MARKS)), None);
        assert_eq!(first(&heap(900)).map(|(at, ..)| at), Some(1 + 2 * MOST_MARKS));
        assert!(first(&format!("한{}", "\u{1AB0}".repeat(11))).is_some());
        assert_eq!(first(&"e\u{301}\u{323}".repeat(20)), None);
    }

    #[test]
    fn what_people_write_passes_and_what_hides_does_not() {
        for text in [
            "Grüße, 日本語\n\tنص",
            "می\u{200C}خواهم",
            "\u{2067}عربي\u{2069}",
            "👩\u{200D}💻",
            "1\u{FE0F}\u{20E3} ☎\u{FE0F}",
            "葛\u{E0100}",
            "ℹ\u{FE0F}",
            "Ⓜ\u{FE0F}",
            "🅰\u{FE0F}",
            "عربي\u{200F}!",
        ] {
            assert_eq!(first(text), None, "{text:?}");
        }
        for text in [
            "a\u{202E}b",
            "a\u{200B}b",
            "soft\u{AD}hyphen",
            "a\0b",
            "a\u{85}b",
            "a\u{FDD0}",
            "a\u{1FFFF}",
            "a\u{E0041}",
            "\u{FEFF}a",
            "a\u{2028}b",
            "\u{3164}",
            "a\u{2800}b",
            "\u{2067}عربي",
            "\u{2066}\u{2067}عربي\u{2069}",
            "a\u{FE0F}",
            "a\u{E0100}",
            "a\u{200D}b",
            "a\u{200C}b",
            "a\u{200E}b",
            "a\u{61C}b",
            "a\u{200F} b\u{5B0}",
            "a\u{70F}\u{200F} b",
            "a \u{600}\u{61C} b",
            "a\u{180B}",
            "a\u{1D173}",
            "a\u{1BCA0}",
            "a\u{13430}",
            "a\u{E000}",
            "a\u{FFFC}",
            "a\u{2065}",
            "a\u{FFF0}",
            "a\u{E0080}",
            "a\u{E0200}",
            "a\u{16FE4}",
            "a\u{1D159}",
            "カ\u{FE0F}",
            "한\u{E0100}",
            "ع\u{FE00}",
            "日\u{200D}本",
            "한\u{200C}국",
        ] {
            assert!(first(text).is_some(), "{text:?}");
        }
    }
}
