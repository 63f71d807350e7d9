//! A template as what it puts out: texts and marks, in the order and the choices that its statements give.

use std::ops::Range;

use super::marked::{next_tag, statement, tag_end};

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

/// Who follows a template through all of its choices, at several places at once.
pub trait Follow {
    /// Where somebody is who follows it.
    type At: Clone + PartialEq;

    /// The template.
    fn whole(&self) -> &str;

    fn text(&mut self, text: &Range<usize>, all: &mut Vec<Self::At>);

    fn mark(&mut self, mark: &Range<usize>, all: &mut Vec<Self::At>);

    fn piece(&mut self, piece: &Piece, all: Vec<Self::At>) -> Vec<Self::At>;

    /// Those who left the loops around before their end.
    fn left(&mut self) -> &mut Vec<Vec<Self::At>>;

    /// Where all are behind some parts.
    fn parts(&mut self, parts: &[Part], all: Vec<Self::At>) -> Vec<Self::At> {
        parts.iter().fold(all, |all, part| self.part(part, all))
    }

    fn part(&mut self, part: &Part, mut all: Vec<Self::At>) -> Vec<Self::At> {
        match part {
            Part::Text(text) => self.text(text, &mut all),
            Part::Mark(mark) => {
                let word = statement(self.whole().get(mark.clone()).unwrap_or_default());
                if matches!(word, "break" | "continue")
                    && let Some(left) = self.left().last_mut()
                {
                    join(left, all.clone());
                }
                self.mark(mark, &mut all);
            }
            Part::Choice { branches, is_whole } => {
                let mut after = if *is_whole { Vec::new() } else { all.clone() };
                for branch in branches {
                    join(&mut after, self.parts(branch, all.clone()));
                }
                return after;
            }
            Part::Loop { body, none } => return self.turns(body, none, all),
            Part::Piece(piece) => return self.piece(piece, all),
        }
        all
    }

    /// Another turn may begin where the last one ended; what ends nowhere new is over.
    fn turns(&mut self, body: &[Part], none: &[Part], mut all: Vec<Self::At>) -> Vec<Self::At> {
        const TURNS: usize = 3;
        let mut after = self.parts(none, all.clone());
        for _ in 0..TURNS {
            self.left().push(Vec::new());
            let mut ends = self.parts(body, all.clone());
            join(&mut ends, self.left().pop().unwrap_or_default());
            let known = all.len();
            join(&mut after, ends.clone());
            join(&mut all, ends);
            if all.len() == known {
                break;
            }
        }
        after
    }
}

fn join<A: PartialEq>(all: &mut Vec<A>, more: Vec<A>) {
    for at in more {
        if !all.contains(&at) {
            all.push(at);
        }
    }
}

/// The parts of a template; `drops_lines` tells whether a line end behind a statement is none. One in which something does
/// not end is read to its last letter: that error is its engine's to say.
pub fn parts(text: &str, drops_lines: bool) -> Vec<Part> {
    let mut parser = Parser { text, drops_lines, at: 0, after: None };
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
    drops_lines: bool,
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
        } else if self.drops_lines && !before.is_empty() && !before.starts_with("{{") {
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
