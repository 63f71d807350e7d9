//! Signs that follow a text through templates and filters, to tell afterwards where each byte came from.
//!
//! A marked text has signs around it that name its source by a number. They are noncharacters, which no
//! text has to itself, so that they pass through escaping and wrapping unseen; [`read`] takes them out again
//! and answers what was between them. Ordinary builds never see one.

use std::borrow::Cow;

const OPEN: char = '\u{FDD0}';
const CLOSE: char = '\u{FDD1}';
/// From here on, up to the next sign of the same depth, the text is a template's own.
const POINT: char = '\u{FDD2}';
const END: char = '\u{FDD3}';
const DIGITS: u32 = 0xFDD4;

/// A stretch of the unmarked text, with the numbers of the sources it came through, outermost first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    pub start: usize,
    pub end: usize,
    pub marks: Vec<u32>,
    /// The number of the last point before it.
    pub point: Option<u32>,
}

pub fn is_mark(c: char) -> bool {
    ('\u{FDD0}'..='\u{FDEF}').contains(&c)
}

/// Whether there is a sign in the text.
pub fn has_marks(text: &str) -> bool {
    // All signs begin with the same two bytes.
    memchr::memchr_iter(0xEF, text.as_bytes()).any(|at| text[at..].starts_with(is_mark))
}

/// The text without signs.
pub fn strip(text: &str) -> Cow<'_, str> {
    match has_marks(text) {
        true => Cow::Owned(text.chars().filter(|&c| !is_mark(c)).collect()),
        false => Cow::Borrowed(text),
    }
}

/// The text between signs. An empty text stays empty, so that it is as false as before.
pub fn wrap(number: u32, text: &str) -> String {
    match text {
        "" => String::new(),
        text => format!("{}{text}{}", open(number), close(number)),
    }
}

pub fn open(number: u32) -> String {
    sign(OPEN, number)
}

pub fn close(number: u32) -> String {
    sign(CLOSE, number)
}

pub fn point(number: u32) -> String {
    sign(POINT, number)
}

fn sign(kind: char, number: u32) -> String {
    let digits = (0..8).rev().map(|place| (number >> (place * 4)) & 15).skip_while(|&digit| digit == 0);
    let digits = digits.filter_map(|digit| char::from_u32(DIGITS + digit));
    std::iter::once(kind).chain(digits).chain([END]).collect()
}

/// The numbers of all sources that a marked text came through, in the order they begin.
pub fn numbers(text: &str) -> Vec<u32> {
    let mut numbers = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(OPEN) {
        let (number, length) = number(&rest[at + OPEN.len_utf8()..]);
        if !numbers.contains(&number) {
            numbers.push(number);
        }
        rest = &rest[at + OPEN.len_utf8() + length..];
    }
    numbers
}

/// The text before the next point, the point's number, and what stands behind it.
pub fn next_point(text: &str) -> Option<(&str, u32, &str)> {
    let at = text.find(POINT)?;
    let behind = &text[at + POINT.len_utf8()..];
    let (number, length) = number(behind);
    Some((&text[..at], number, &behind[length..]))
}

/// The number at the start of a text, and how many bytes it takes with its end.
fn number(text: &str) -> (u32, usize) {
    let mut number: u32 = 0;
    let mut length = 0;
    for c in text.chars() {
        match c {
            END => return (number, length + END.len_utf8()),
            c if is_mark(c) && c as u32 >= DIGITS => number = (number << 4) | (c as u32 - DIGITS),
            // A filter cut the sign in two.
            _ => return (number, length),
        }
        length += c.len_utf8();
    }
    (number, length)
}

/// Takes the signs out of a text and answers where each stretch came from. Signs that lost their partner
/// end with what is around them.
pub fn read(marked: &str) -> (String, Vec<Run>) {
    let mut reader = Reader { text: String::with_capacity(marked.len()), ..Reader::default() };
    let mut rest = marked;
    while let Some(at) = rest.find(is_mark) {
        reader.push(&rest[..at]);
        let kind = rest[at..].chars().next().unwrap_or(END);
        let (number, length) = number(&rest[at + kind.len_utf8()..]);
        reader.sign(kind, number);
        rest = &rest[at + kind.len_utf8() + length..];
    }
    reader.push(rest);
    (reader.text, reader.runs)
}

#[derive(Default)]
struct Reader {
    text: String,
    runs: Vec<Run>,
    /// Open marks with the point that held before each.
    open: Vec<(u32, Option<u32>)>,
    point: Option<u32>,
}

impl Reader {
    fn push(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        let start = self.text.len();
        self.text.push_str(text);
        let end = self.text.len();
        let marks: Vec<u32> = self.open.iter().map(|(number, _)| *number).collect();
        match self.runs.last_mut() {
            Some(last) if last.marks == marks && last.point == self.point => last.end = end,
            _ => self.runs.push(Run { start, end, marks, point: self.point }),
        }
    }

    fn sign(&mut self, kind: char, number: u32) {
        match kind {
            OPEN => self.open.push((number, self.point.take())),
            POINT => self.point = Some(number),
            CLOSE => {
                if let Some(at) = self.open.iter().rposition(|(open, _)| *open == number) {
                    self.point = self.open[at].1;
                    self.open.truncate(at);
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_wrapped_is_found_again() {
        let inner = wrap(300, "Acme");
        let text = format!("{}<p>{}</p>", point(1), wrap(2, &format!("Hello {inner}")));
        assert!(has_marks(&text));
        assert_eq!(strip(&text), "<p>Hello Acme</p>");
        assert_eq!(numbers(&text), [2, 300]);
        let (plain, runs) = read(&text);
        assert_eq!(plain, "<p>Hello Acme</p>");
        let of = |part: &str| {
            let start = plain.find(part).unwrap();
            let run = runs.iter().find(|run| run.start <= start && start < run.end).unwrap();
            (run.marks.clone(), run.point)
        };
        assert_eq!(of("<p>"), (vec![], Some(1)));
        assert_eq!(of("Hello"), (vec![2], None));
        assert_eq!(of("Acme"), (vec![2, 300], None));
        assert_eq!(of("</p>"), (vec![], Some(1)));
    }

    #[test]
    fn signs_that_lost_their_partner_do_no_harm() {
        let text = format!("a{}b{}c{}", open(7), close(9), close(7));
        let (plain, runs) = read(&text);
        assert_eq!(plain, "abc");
        assert_eq!(runs.len(), 2);
        assert_eq!(read(&text[..4]).0, "a", "a sign cut in two is no text");
    }

    #[test]
    fn nothing_is_as_false_as_before() {
        assert_eq!(wrap(1, ""), "");
        assert!(!has_marks("Größe 한 \u{FDF0}"));
    }
}
