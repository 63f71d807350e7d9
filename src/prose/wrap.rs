//! Wrapping of plain text by display width.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::marks;

/// Columns of a line.
pub const WIDTH: usize = 72;

/// The text as lines of at most [`WIDTH`] columns, the first beginning with `first` and the others
/// with `rest`. A line may be longer only where one word is: a URL is never broken.
pub fn wrap(text: &str, first: &str, rest: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = first.to_owned();
    let mut empty = true;
    let mut width = first.width();
    for atom in atoms(text) {
        let space = usize::from(atom.space && !empty);
        if !empty && width + space + atom.width > WIDTH {
            lines.push(std::mem::replace(&mut line, rest.to_owned()));
            width = rest.width();
        } else if space == 1 {
            line.push(' ');
            width += 1;
        }
        line.push_str(atom.text);
        width += atom.width;
        empty = false;
    }
    lines.push(line);
    lines
}

/// What stays together on a line: a word, or one wide character with its punctuation.
struct Atom<'a> {
    text: &'a str,
    width: usize,
    /// A space stands before it, if it does not begin a line.
    space: bool,
}

fn atoms(text: &str) -> Vec<Atom<'_>> {
    let mut atoms: Vec<Atom<'_>> = Vec::new();
    // A line end between two wide characters is no space: Chinese and Japanese have none.
    let mut after_line_end = false;
    for part in text.split_inclusive([' ', '\t', '\n', '\r']) {
        let word = part.trim_end_matches([' ', '\t', '\n', '\r']);
        // Signs have no width and no part in where a line ends.
        let first = word.chars().find(|&c| !marks::is_mark(c));
        if let Some(first) = first {
            let ends_wide =
                atoms.last().and_then(|atom| atom.text.chars().rfind(|&c| !marks::is_mark(c))).is_some_and(wide);
            let space = !(after_line_end && ends_wide && wide(first));
            push_word(&mut atoms, word, space);
            after_line_end = false;
        }
        after_line_end |= part.ends_with(['\n', '\r']);
    }
    atoms
}

fn push_word<'a>(atoms: &mut Vec<Atom<'a>>, word: &'a str, space: bool) {
    if word.is_ascii() {
        return atoms.push(Atom { text: word, width: word.len(), space });
    }
    let mut start = 0;
    let mut space = space;
    let mut previous: Option<char> = None;
    for (at, c) in word.char_indices().filter(|&(_, c)| !marks::is_mark(c)) {
        if previous.is_some_and(|previous| may_break(previous, c)) {
            let text = &word[start..at];
            atoms.push(Atom { text, width: width(text), space });
            (start, space) = (at, false);
        }
        previous = Some(c);
    }
    let text = &word[start..];
    atoms.push(Atom { text, width: width(text), space });
}

/// The columns that a text takes.
pub fn width(text: &str) -> usize {
    marks::strip(text).width()
}

fn wide(c: char) -> bool {
    c.width() == Some(2)
}

/// Lines break beside wide characters, but not before closing nor after opening punctuation.
fn may_break(before: char, after: char) -> bool {
    const NO_START: &str =
        "、。，．・：；？！ゝゞ々ー’”）〕］｝〉》」』】ぁぃぅぇぉっゃゅょァィゥェォッャュョ,.:;?!)]}";
    const NO_END: &str = "‘“（〔［｛〈《「『【([{";
    (wide(before) || wide(after)) && !NO_START.contains(after) && !NO_END.contains(before)
}
