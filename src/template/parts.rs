//! A template as what it puts out: texts and marks, in the order and the choices that its statements give.

use std::ops::Range;

use super::Language;
use super::marked::{next_tag, statement, tag_end};

/// A part of a template.
#[derive(Debug)]
pub enum Part {
    Text(Range<usize>),
    Mark(Range<usize>),
    /// One of these is put out, or none if there is no last word.
    Choice {
        tag: Range<usize>,
        branches: Vec<Vec<Part>>,
        is_whole: bool,
        /// Where the first of them depends on the turn of the loop around alone.
        turn: Option<Turn>,
    },
    Loop {
        tag: Range<usize>,
        body: Vec<Part>,
        none: Vec<Part>,
    },
    /// Something that is written here, and put in under its name wherever that is.
    Piece(Piece),
    /// A tag that ends nothing, or that nothing ends: what follows it may belong to whatever.
    Stray(Range<usize>),
}

/// The turns of a loop in which something holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    First { is: bool },
    Last { is: bool },
}

/// A loop that is gone through.
#[derive(Debug)]
pub struct Around<A> {
    /// Those who left it before its end.
    left: Vec<A>,
    /// Whether this turn is its first, and its last, if that is told apart.
    turn: Option<(bool, bool)>,
}

impl Turn {
    fn of(condition: &str) -> Option<Self> {
        let (is, of) = condition.strip_prefix("not ").map_or((true, condition), |of| (false, of.trim_start()));
        match of {
            "loop.first" => Some(Self::First { is }),
            "loop.last" => Some(Self::Last { is }),
            _ => None,
        }
    }

    fn holds(self, (first, last): (bool, bool)) -> bool {
        match self {
            Self::First { is } => first == is,
            Self::Last { is } => last == is,
        }
    }
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

/// What is said of a stray tag, and what to do.
pub const STRAY: (&str, &str) = (
    "belongs to no statement that is open there, so nobody knows what follows it",
    "end each statement with its own end word, within the one around it",
);

/// What is said of a statement with too many ways through it, and what to do.
pub const MANY: (&str, &str) = (
    "has too many ways through it to tell where what follows stands",
    "write fewer choices between the signs of one script, tag or value: choose with `{% set … %}` before it, and put that in",
);

/// So many places at once nobody has to follow.
const MOST: usize = 128;

/// Who follows a template through all of its choices, at several places at once.
pub trait Follow {
    /// Where somebody is who follows it.
    type At: Clone + PartialEq;

    /// The template.
    fn whole(&self) -> &str;

    fn text(&mut self, text: &Range<usize>, all: &mut Vec<Self::At>);

    fn mark(&mut self, mark: &Range<usize>, all: &mut Vec<Self::At>);

    fn piece(&mut self, piece: &Piece, all: Vec<Self::At>) -> Vec<Self::At>;

    /// A tag of which nobody knows what belongs to it.
    fn stray(&mut self, tag: &Range<usize>);

    /// Behind what begins with that tag there are too many places to follow: nothing is read any more.
    fn give_up(&mut self, tag: &Range<usize>);

    /// The loops around.
    fn around(&mut self) -> &mut Vec<Around<Self::At>>;

    /// Where all are behind some parts.
    fn parts(&mut self, parts: &[Part], all: Vec<Self::At>) -> Vec<Self::At> {
        parts.iter().fold(all, |all, part| self.part(part, all))
    }

    fn part(&mut self, part: &Part, mut all: Vec<Self::At>) -> Vec<Self::At> {
        let (tag, after) = match part {
            Part::Text(text) => {
                self.text(text, &mut all);
                return all;
            }
            Part::Mark(mark) => {
                let word = statement(self.whole().get(mark.clone()).unwrap_or_default());
                if matches!(word, "break" | "continue")
                    && let Some(around) = self.around().last_mut()
                {
                    join(&mut around.left, all.clone());
                }
                self.mark(mark, &mut all);
                return all;
            }
            Part::Stray(tag) => {
                self.stray(tag);
                return all;
            }
            Part::Choice { tag, branches, is_whole, turn } => (tag, self.choice(branches, *is_whole, *turn, all)),
            Part::Loop { tag, body, none } => (tag, self.turns(body, none, all)),
            Part::Piece(piece) => {
                // What it is put in by may be another loop.
                let turn = self.around().last_mut().and_then(|around| around.turn.take());
                let after = self.piece(piece, all);
                self.around().last_mut().into_iter().for_each(|around| around.turn = turn);
                (&piece.tag, after)
            }
        };
        if after.len() > MOST {
            self.give_up(tag);
            return Vec::new();
        }
        after
    }

    fn choice(
        &mut self,
        branches: &[Vec<Part>],
        is_whole: bool,
        turn: Option<Turn>,
        all: Vec<Self::At>,
    ) -> Vec<Self::At> {
        let known = self.around().last().and_then(|around| around.turn);
        if let (Some(turn), Some(known)) = (turn, known) {
            let branch = if turn.holds(known) { branches.first() } else { branches.get(1) };
            return branch.map_or_else(|| all.clone(), |branch| self.parts(branch, all.clone()));
        }
        let mut after = if is_whole { Vec::new() } else { all.clone() };
        for branch in branches {
            join(&mut after, self.parts(branch, all.clone()));
        }
        after
    }

    /// Another turn may begin where the last one ended; what ends nowhere new is over.
    fn turns(&mut self, body: &[Part], none: &[Part], mut all: Vec<Self::At>) -> Vec<Self::At> {
        const TURNS: usize = 3;
        let mut after = self.parts(none, all.clone());
        let tells = tells_turns(body);
        for turn in 0..=TURNS {
            let is_first = turn == 0;
            if tells {
                let (ends, left) = self.turn(body, Some((is_first, true)), all.clone());
                join(&mut after, ends);
                join(&mut after, left);
            }
            let (mut ends, left) = self.turn(body, tells.then_some((is_first, false)), all.clone());
            if !tells {
                join(&mut after, ends.clone());
            }
            join(&mut after, left.clone());
            join(&mut ends, left);
            if tells && is_first {
                all = ends;
                continue;
            }
            let known = all.len();
            join(&mut all, ends);
            if all.len() == known || all.len() > MOST || turn + usize::from(!tells) == TURNS {
                break;
            }
        }
        after
    }

    /// Where all are behind a turn, and those who left it before its end.
    fn turn(
        &mut self,
        body: &[Part],
        turn: Option<(bool, bool)>,
        all: Vec<Self::At>,
    ) -> (Vec<Self::At>, Vec<Self::At>) {
        self.around().push(Around { left: Vec::new(), turn });
        let ends = self.parts(body, all);
        (ends, self.around().pop().map(|around| around.left).unwrap_or_default())
    }
}

/// Whether something in a loop depends on its turns.
fn tells_turns(body: &[Part]) -> bool {
    body.iter().any(|part| match part {
        Part::Choice { branches, turn, .. } => turn.is_some() || branches.iter().any(|branch| tells_turns(branch)),
        _ => false,
    })
}

pub fn join<A: PartialEq>(all: &mut Vec<A>, more: Vec<A>) {
    for at in more {
        if !all.contains(&at) {
            all.push(at);
        }
    }
}

/// The parts of a template. One in which something does not end is read to its last letter: that error is its engine's to say.
pub fn parts(text: &str, language: Language) -> Vec<Part> {
    let mut parser = Parser { text, language, knows_turns: knows_turns(text), at: 0, after: None };
    let mut all = Vec::new();
    parser.parts(&[], &mut all);
    all
}

/// Whether `loop` is nothing but what the engine says of the loop around.
fn knows_turns(text: &str) -> bool {
    let is_of_word = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices("loop").all(|(at, word)| {
        let (before, behind) = (text.get(..at).unwrap_or_default(), text.get(at + word.len()..).unwrap_or_default());
        before.ends_with(is_of_word) || behind.starts_with(is_of_word) || behind.starts_with('.')
    })
}

/// All parts of a template, however deep.
pub fn deep(parts: &[Part]) -> Vec<&Part> {
    let mut all = Vec::new();
    for part in parts {
        all.push(part);
        match part {
            Part::Piece(piece) => all.extend(deep(&piece.body)),
            Part::Choice { branches, .. } => all.extend(branches.iter().flat_map(|branch| deep(branch))),
            Part::Loop { body, none, .. } => all.extend([body, none].into_iter().flat_map(|parts| deep(parts))),
            Part::Text(_) | Part::Mark(_) | Part::Stray(_) => {}
        }
    }
    all
}

/// Whether another template is extended by that part for sure.
pub fn extends(text: &str, part: &Part) -> bool {
    match part {
        Part::Mark(range) => text.get(range.clone()).is_some_and(|tag| statement(tag) == "extends"),
        Part::Choice { branches, is_whole: true, .. } => {
            branches.iter().all(|branch| branch.iter().any(|part| extends(text, part)))
        }
        _ => false,
    }
}

/// The blocks of a template.
pub fn blocks(parts: &[Part]) -> Vec<&Piece> {
    let parts = deep(parts).into_iter();
    let blocks = parts.filter_map(|part| match part {
        Part::Piece(piece) if piece.block.is_some() => Some(piece),
        _ => None,
    });
    blocks.collect()
}

/// The templates that one puts in by their names.
pub fn included<'t>(name: &str, text: &'t str, language: Language) -> Vec<&'t str> {
    let tags = tags(text, language).filter_map(|tag| text.get(tag));
    let all = tags.filter(|tag| statement(tag) == "include").filter_map(|tag| literals(rest(tag, "include"))).flatten();
    all.filter(|other| *other != name).collect()
}

/// What stands behind that word.
pub fn rest<'t>(tag: &'t str, word: &str) -> &'t str {
    let at = tag.find(word).map_or(tag.len(), |at| at + word.len());
    tag.get(at..).unwrap_or_default().trim_end_matches(['}', '%', '-', '+']).trim()
}

/// The names that stand there in quotes, one by itself or a list of which the first that is there counts.
pub fn literals(rest: &str) -> Option<Vec<&str>> {
    let (names, behind) = match rest.strip_prefix('[') {
        Some(list) => {
            let (list, behind) = list.split_once(']')?;
            let list = list.trim().strip_suffix(',').unwrap_or(list);
            let names = list.split(',').map(|name| quoted(name.trim()).filter(|(_, behind)| behind.is_empty()));
            (names.map(|name| name.map(|(name, _)| name)).collect::<Option<Vec<_>>>()?, behind)
        }
        None => quoted(rest).map(|(name, behind)| (vec![name], behind))?,
    };
    let behind = behind.trim();
    let is_whole = behind.is_empty()
        || ["ignore missing", "with context", "without context", "import", "as"]
            .iter()
            .any(|word| behind.starts_with(word));
    is_whole.then_some(names)
}

/// A text in quotes, and what stands behind it. What a backslash makes of others is the engine's to know.
fn quoted(rest: &str) -> Option<(&str, &str)> {
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    rest.get(1..)?.split_once(quote).filter(|(name, _)| !name.contains('\\'))
}

/// All tags that an engine reads, but for remarks.
pub fn tags(text: &str, language: Language) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    let all = std::iter::from_fn(move || {
        let start = next_tag(text, at)?;
        let end = tag_end(text, start, language);
        let is_raw = statement(text.get(start..end).unwrap_or_default()) == "raw";
        at = if is_raw { end_of_raw(text, end, language).end } else { end };
        Some(start..end)
    });
    all.filter(|tag| !text.get(tag.clone()).is_some_and(|tag| tag.starts_with("{#")))
}

/// The words that end a statement, or a part of one. What ends others is passed over, as these are.
const ENDS: [&str; 10] =
    ["elif", "else", "endif", "endfor", "endblock", "endmacro", "endcall", "endset", "endcomponent", "</"];

struct Parser<'t> {
    text: &'t str,
    language: Language,
    knows_turns: bool,
    at: usize,
    /// The tag that was read last, if nothing stands between.
    after: Option<Range<usize>>,
}

impl<'t> Parser<'t> {
    fn tag(&self, range: &Range<usize>) -> &'t str {
        self.text.get(range.clone()).unwrap_or_default()
    }

    /// Reads up to one of these words, and gives it.
    fn parts(&mut self, ends: &[&str], into: &mut Vec<Part>) -> &'t str {
        while self.at < self.text.len() {
            let start = next_tag(self.text, self.at).unwrap_or(self.text.len());
            let tag = start..tag_end(self.text, start, self.language);
            self.literal(start, &tag, into);
            self.at = tag.end;
            let word = statement(self.tag(&tag));
            self.after = Some(tag.clone());
            match word {
                word if ends.contains(&word) => return word,
                word if ENDS.contains(&word) => into.push(Part::Stray(tag)),
                _ => self.statement(word, tag, into),
            }
        }
        ""
    }

    fn statement(&mut self, word: &str, tag: Range<usize>, into: &mut Vec<Part>) {
        match word {
            "if" => self.choice(tag, into),
            "for" => self.turns(tag, into),
            "raw" => {
                let start = tag.end;
                let end = end_of_raw(self.text, start, self.language);
                self.literal(end.start, &end, into);
                self.at = end.end;
                self.after = Some(end);
            }
            "block" => {
                let named = rest(self.tag(&tag), word).split_whitespace().next().unwrap_or_default().to_owned();
                into.push(Part::Mark(tag.clone()));
                self.piece(tag, "endblock", Some(named), into);
            }
            "call" => {
                into.push(Part::Mark(tag.clone()));
                self.piece(tag, "endcall", None, into);
            }
            "<" => {
                into.push(Part::Mark(tag.clone()));
                self.piece(tag, "</", None, into);
            }
            "macro" => self.piece(tag, "endmacro", None, into),
            "component" => self.piece(tag, "endcomponent", None, into),
            "set" | "set_global" if is_of_lines(rest(self.tag(&tag), word)) => self.piece(tag, "endset", None, into),
            _ => into.push(Part::Mark(tag)),
        }
    }

    fn choice(&mut self, tag: Range<usize>, into: &mut Vec<Part>) {
        let condition = rest(self.tag(&tag), "if");
        let mut turn = Turn::of(condition).filter(|_| self.knows_turns);
        let (mut branches, mut is_whole) = (vec![Vec::new()], false);
        loop {
            let mut branch = Vec::new();
            let end = self.parts(&["elif", "else", "endif"], &mut branch);
            branches.last_mut().into_iter().for_each(|last| last.append(&mut branch));
            match end {
                "elif" => turn = None,
                "else" => is_whole = true,
                end => {
                    into.extend(end.is_empty().then(|| Part::Stray(tag.clone())));
                    break;
                }
            }
            branches.push(Vec::new());
        }
        into.push(Part::Choice { tag, branches, is_whole, turn });
    }

    fn turns(&mut self, tag: Range<usize>, into: &mut Vec<Part>) {
        let (mut body, mut none) = (Vec::new(), Vec::new());
        let mut end = self.parts(&["else", "endfor"], &mut body);
        if end == "else" {
            end = self.parts(&["endfor"], &mut none);
        }
        into.extend(end.is_empty().then(|| Part::Stray(tag.clone())));
        into.push(Part::Loop { tag, body, none });
    }

    fn piece(&mut self, tag: Range<usize>, end: &str, block: Option<String>, into: &mut Vec<Part>) {
        let mut body = Vec::new();
        let is_over = !self.parts(&[end], &mut body).is_empty();
        into.extend((!is_over).then(|| Part::Stray(tag.clone())));
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
        } else if self.language.drops_lines()
            && !before.ends_with("+%}")
            && !before.is_empty()
            && !before.starts_with("{{")
        {
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

/// Whether what a variable is set to are the lines up to an end, which may go through filters.
pub fn is_of_lines(named: &str) -> bool {
    !named.split('|').next().unwrap_or_default().contains('=')
}

/// The tag that ends what begins at `start`.
fn end_of_raw(text: &str, start: usize, language: Language) -> Range<usize> {
    let starts = text.get(start..).unwrap_or_default().match_indices("{%").map(|(at, _)| start + at);
    let mut ends = starts.filter(|&at| statement(text.get(at..).unwrap_or_default()) == "endraw");
    ends.next().map_or(text.len()..text.len(), |at| at..tag_end(text, at, language))
}
