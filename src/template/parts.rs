//! A template as what it puts out: texts and marks, in the order and the choices that its statements give.

use std::ops::Range;

use super::super::marked::{next_tag, statement, tag_end};

/// A part of a template.
#[derive(Debug)]
pub enum Part {
    Text(Range<usize>),
    Mark(Range<usize>),
    /// One of these is put out, or none if there is no last word.
    Choice {
        branches: Vec<Vec<Part>>,
        is_whole: bool,
    },
    Loop {
        body: Vec<Part>,
        none: Vec<Part>,
    },
    /// Something that is written here, and put in under its name wherever that is.
    Piece(Piece),
}

#[derive(Debug)]
pub struct Piece {
    /// Its first tag.
    pub tag: Range<usize>,
    pub body: Vec<Part>,
    /// Where its last tag begins.
    pub end: usize,
    /// Of a block, which stands here too.
    pub block: Option<String>,
}

/// The parts of a template. One in which something does not end is read to its last letter: that error is its engine's to say.
pub fn parts(text: &str) -> Vec<Part> {
    let mut parser = Parser { text, at: 0, after: None };
    let mut all = Vec::new();
    while parser.at < text.len() {
        // What ends nothing is passed over.
        parser.parts(&mut all);
    }
    all
}

/// What stands behind that word.
pub fn rest<'t>(tag: &'t str, word: &str) -> &'t str {
    let at = tag.find(word).map_or(tag.len(), |at| at + word.len());
    tag.get(at..).unwrap_or_default().trim_end_matches(['}', '%', '-', '+']).trim()
}

struct Parser<'t> {
    text: &'t str,
    at: usize,
    /// The tag that was read last, if nothing stands between.
    after: Option<Range<usize>>,
}

impl<'t> Parser<'t> {
    fn tag(&self, range: &Range<usize>) -> &'t str {
        self.text.get(range.clone()).unwrap_or_default()
    }

    /// Reads up to a word that belongs to the statement around, and gives it.
    fn parts(&mut self, into: &mut Vec<Part>) -> &'t str {
        while self.at < self.text.len() {
            let start = next_tag(self.text, self.at).unwrap_or(self.text.len());
            let tag = start..tag_end(self.text, start);
            self.literal(start, &tag, into);
            self.at = tag.end;
            let word = statement(self.tag(&tag));
            self.after = Some(tag.clone());
            match word {
                "elif" | "else" | "endif" | "endfor" | "endblock" | "endmacro" | "endcall" | "endset"
                | "endcomponent" => return word,
                _ => self.statement(word, tag, into),
            }
        }
        ""
    }

    fn statement(&mut self, word: &str, tag: Range<usize>, into: &mut Vec<Part>) {
        match word {
            "if" => {
                let (mut branches, mut is_whole) = (vec![Vec::new()], false);
                loop {
                    match self.parts(branches.last_mut().unwrap_or(&mut Vec::new())) {
                        "elif" => branches.push(Vec::new()),
                        "else" => {
                            is_whole = true;
                            branches.push(Vec::new());
                        }
                        _ => break,
                    }
                }
                into.push(Part::Choice { branches, is_whole });
            }
            "for" => {
                let (mut body, mut none) = (Vec::new(), Vec::new());
                if self.parts(&mut body) == "else" {
                    self.parts(&mut none);
                }
                into.push(Part::Loop { body, none });
            }
            "raw" => {
                let start = tag.end;
                let end = end_of_raw(self.text, start);
                self.literal(end.start, &end, into);
                self.at = end.end;
                self.after = Some(end);
            }
            "block" => {
                let named = rest(self.tag(&tag), word).split_whitespace().next().unwrap_or_default().to_owned();
                into.push(Part::Mark(tag.clone()));
                self.piece(tag, Some(named), into);
            }
            "call" => {
                into.push(Part::Mark(tag.clone()));
                self.piece(tag, None, into);
            }
            "macro" | "component" => self.piece(tag, None, into),
            "set" if !self.tag(&tag).contains('=') => self.piece(tag, None, into),
            _ => into.push(Part::Mark(tag)),
        }
    }

    fn piece(&mut self, tag: Range<usize>, block: Option<String>, into: &mut Vec<Part>) {
        let mut body = Vec::new();
        let is_over = !self.parts(&mut body).is_empty();
        let end = self.after.as_ref().filter(|_| is_over).map_or(self.text.len(), |last| last.start);
        into.push(Part::Piece(Piece { tag, body, end, block }));
    }

    /// The text up to a tag, without the white space that tags take away.
    fn literal(&self, end: usize, next: &Range<usize>, into: &mut Vec<Part>) {
        let (mut start, mut end) = (self.at, end);
        let before = self.after.as_ref().map(|tag| self.tag(tag)).unwrap_or_default();
        let text = |start, end| self.text.get(start..end).unwrap_or_default();
        if before.trim_end_matches(['}', '%', '#']).ends_with('-') {
            start = end - text(start, end).trim_start().len();
        } else if !before.is_empty() && !before.starts_with("{{") {
            // A line end behind a statement is none, and a statement in a line of its own leaves none of it.
            let all = text(start, end);
            if let Some(line) = all.strip_prefix("\r\n").or_else(|| all.strip_prefix('\n')) {
                let is_alone = line.trim_matches([' ', '\t']).is_empty() && !self.tag(next).starts_with("{{");
                start = if is_alone { end } else { end - line.len() };
            }
        }
        let trims = self.tag(next).get(2..).is_some_and(|inner| inner.starts_with('-'));
        if trims {
            end = start + text(start, end).trim_end().len();
        }
        if start < end {
            into.push(Part::Text(start..end));
        }
    }
}

/// The tag that ends what begins at `start`.
fn end_of_raw(text: &str, start: usize) -> Range<usize> {
    let starts = text.get(start..).unwrap_or_default().match_indices("{%").map(|(at, _)| start + at);
    let mut ends = starts.filter(|&at| statement(text.get(at..).unwrap_or_default()) == "endraw");
    ends.next().map_or(text.len()..text.len(), |at| at..tag_end(text, at))
}
