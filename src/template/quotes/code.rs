//! Where in a script a text is, read as JavaScript is.
//!
//! Only one thing in it depends on what was said before: a slash counts, or begins a regular expression. Where that is not sure,
//! the script is read in both ways, and of these one ends where it could be no script: a text or an expression in one line has to
//! be over with it. What is not JavaScript, such as data, is read alike.

use std::collections::BTreeSet;

/// All that may be there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Code {
    /// None for code of which nothing is known any more.
    ways: Vec<Way>,
    is_lost: bool,
}

/// One way to read it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Way {
    at: At,
    slash: Slash,
    /// What was read last, as far as it counts: the beginning of a word that may be one of those below, with a blank behind
    /// it if it is over, or such a sign.
    last: String,
    /// Of each bracket around, whether what follows it is a statement.
    heads: Vec<bool>,
    /// How many braces are open in each `${ … }` around.
    nested: Vec<usize>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum At {
    #[default]
    Code,
    /// Behind a slash.
    Slash,
    Text(char),
    /// Behind a backslash in one.
    Escape(char),
    /// Behind a `$` in a text that may hold code.
    Dollar,
    Expression {
        /// Within `[ … ]`, where a slash ends nothing.
        of_class: bool,
        is_escaped: bool,
    },
    Line,
    Lines,
    /// Behind a star in a comment of lines.
    Star,
}

/// What a slash would do behind what was read last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Slash {
    Counts,
    Begins,
    #[default]
    Either,
}

/// So many ways at once nobody has to follow.
const WAYS: usize = 32;

/// The words behind which a value follows.
const BEFORE_VALUE: [&str; 13] = [
    "case",
    "default",
    "delete",
    "do",
    "else",
    "extends",
    "in",
    "instanceof",
    "new",
    "return",
    "throw",
    "typeof",
    "void",
];

/// Words that may be names too.
const MAY_BE_BEFORE: [&str; 3] = ["await", "of", "yield"];

/// The words behind which something stands in brackets, and then a statement.
const HEADS: [&str; 5] = ["await", "for", "if", "while", "with"];

/// What stands for any other word.
const NAME: &str = "_";

impl Code {
    /// Where a script begins.
    pub fn start() -> Self {
        Self { ways: vec![Way { slash: Slash::Begins, ..Way::default() }], is_lost: false }
    }

    /// Whether it is code for sure: in no text, no comment and no regular expression.
    pub fn is_plain(&self) -> bool {
        !self.is_lost && self.ways.iter().all(Way::is_plain)
    }

    /// Whether it is a place like another, whatever was read last.
    pub fn is_like(&self, other: &Self) -> bool {
        self.is_plain() && other.is_plain() && self.nested() == other.nested() || self.unread() == other.unread()
    }

    /// What is open of code in texts, in any way to read it.
    fn nested(&self) -> BTreeSet<&[usize]> {
        self.ways.iter().map(|way| &*way.nested).collect()
    }

    /// Nothing is known any more of what follows.
    pub fn lose(&mut self) {
        *self = Self { ways: Vec::new(), is_lost: true };
    }

    /// Behind a whole value.
    pub fn pass_value(&mut self) {
        self.pass(Slash::Counts);
    }

    /// The same place behind whatever code that leaves nothing open.
    #[must_use]
    pub fn unread(&self) -> Self {
        let mut code = self.clone();
        code.pass(Slash::Either);
        code
    }

    fn pass(&mut self, slash: Slash) {
        self.ways.iter_mut().filter(|way| way.is_plain()).for_each(|way| {
            way.at = At::Code;
            way.slash = slash;
            way.last.clear();
        });
    }

    pub fn read(&mut self, c: char) {
        let mut ways: Vec<Way> = Vec::new();
        for way in std::mem::take(&mut self.ways) {
            for next in way.next(c) {
                if !ways.contains(&next) {
                    ways.push(next);
                }
            }
        }
        if ways.is_empty() && !self.is_lost {
            ways.push(Way::default());
        }
        self.ways = ways;
        if self.ways.len() > WAYS {
            self.lose();
        }
    }
}

impl Way {
    /// Whether it is code, and no regular expression with whatever value follows.
    fn is_plain(&self) -> bool {
        self.at == At::Code || self.at == At::Slash && self.slash == Slash::Counts
    }

    /// How it goes on behind a sign: one way, two where a slash may be either, none where this was no script.
    fn next(mut self, c: char) -> Vec<Self> {
        let ends_line = matches!(c, '\n' | '\r');
        self.at = match self.at {
            At::Slash => return self.behind_slash(c),
            At::Code => self.code(c),
            At::Dollar if c == '{' => {
                self.nested.push(0);
                self.slash = Slash::Begins;
                At::Code
            }
            At::Text('`') | At::Dollar if c == '$' => At::Dollar,
            At::Dollar if c == '`' => self.end(),
            At::Dollar if c == '\\' => At::Escape('`'),
            At::Dollar => At::Text('`'),
            At::Text(quote) if c == quote => self.end(),
            At::Text(quote) if c == '\\' => At::Escape(quote),
            At::Text(quote) if ends_line && quote != '`' => return Vec::new(),
            // Behind a backslash a line may end with two signs.
            At::Escape(quote) if c == '\r' => At::Escape(quote),
            At::Escape(quote) => At::Text(quote),
            At::Expression { .. } if ends_line => return Vec::new(),
            At::Expression { of_class, is_escaped: true } => At::Expression { of_class, is_escaped: false },
            At::Expression { of_class: false, .. } if c == '/' => self.end(),
            At::Expression { of_class, .. } => {
                At::Expression { of_class: c == '[' || of_class && c != ']', is_escaped: c == '\\' }
            }
            At::Line if ends_line || matches!(c, '\u{2028}' | '\u{2029}') => At::Code,
            At::Lines if c == '*' => At::Star,
            At::Star if c == '/' => At::Code,
            At::Star if c != '*' => At::Lines,
            at => at,
        };
        vec![self]
    }

    /// Behind a text or a regular expression.
    fn end(&mut self) -> At {
        self.last.clear();
        self.slash = Slash::Counts;
        At::Code
    }

    fn code(&mut self, c: char) -> At {
        match c {
            '/' => return At::Slash,
            '"' | '\'' | '`' => {
                self.last.clear();
                return At::Text(c);
            }
            '{' => self.nested.last_mut().into_iter().for_each(|open| *open += 1),
            '}' => match self.nested.last_mut() {
                Some(0) => {
                    self.nested.pop();
                    return At::Text('`');
                }
                Some(open) => *open -= 1,
                None => {}
            },
            c if c.is_whitespace() => {
                match HEADS.contains(&&*self.last) {
                    true => self.last.push(' '),
                    false if self.last.ends_with(is_of_word) => self.last.clear(),
                    false => {}
                }
                return At::Code;
            }
            _ => {}
        }
        self.slash = if is_of_word(c) { self.word(c) } else { self.sign(c) };
        At::Code
    }

    /// What follows a dot is a name, whatever it looks like.
    fn word(&mut self, c: char) -> Slash {
        if self.last != "." && !self.last.ends_with(is_of_word) {
            self.last.clear();
        }
        self.last.push(c);
        let words = BEFORE_VALUE.iter().chain(&MAY_BE_BEFORE).chain(&HEADS);
        if !words.into_iter().any(|word| word.starts_with(&self.last)) {
            // Of so many names there would be as many ways.
            NAME.clone_into(&mut self.last);
        }
        match &*self.last {
            word if BEFORE_VALUE.contains(&word) => Slash::Begins,
            word if MAY_BE_BEFORE.contains(&word) => Slash::Either,
            _ => Slash::Counts,
        }
    }

    fn sign(&mut self, c: char) -> Slash {
        let last = std::mem::take(&mut self.last);
        if matches!(c, '+' | '-' | '.') {
            self.last.push(c);
        }
        match c {
            '(' => {
                self.heads.push(HEADS.contains(&last.trim_end()));
                Slash::Begins
            }
            ')' => match self.heads.pop() {
                Some(true) => Slash::Begins,
                Some(false) => Slash::Counts,
                None => Slash::Either,
            },
            ']' => Slash::Counts,
            '+' | '-' if last.chars().eq([c]) => Slash::Either,
            c if "+-,;:=[{!&|?<>*%~^".contains(c) => Slash::Begins,
            _ => Slash::Either,
        }
    }

    fn behind_slash(self, c: char) -> Vec<Self> {
        let at = match c {
            '/' => Some(At::Line),
            '*' => Some(At::Lines),
            _ => None,
        };
        if let Some(at) = at {
            return vec![Self { at, ..self }];
        }
        let expression = At::Expression { of_class: false, is_escaped: false };
        let begins = Self { at: expression, ..self.clone() };
        let counts = Self { at: At::Code, slash: Slash::Begins, last: String::new(), ..self.clone() };
        let both = [begins, counts].into_iter().zip([Slash::Begins, Slash::Counts]);
        let may_be = both.filter(|(_, slash)| self.slash == Slash::Either || self.slash == *slash);
        may_be.flat_map(|(way, _)| way.next(c)).collect()
    }
}

fn is_of_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '$')
}
