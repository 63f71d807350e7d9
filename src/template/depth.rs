//! How deeply templates nest, told before an engine reads them. Whoever reads a template, or walks its tree, goes down
//! as deep as it nests, and a stack that ends takes the whole process along.
//!
//! Both engines' parsers bound what stands in brackets and in blocks. MiniJinja's does not bound chains, such as
//! `not not x`, `x | f | f` or `a ~ b ~ c`, and neither one bounds `elif`, each of which lies in the one before it.

use std::ops::Range;

use minijinja::machinery::{Token, tokenize};

use crate::diag::{Diagnostic, Diagnostics};

use super::marked::{next_tag, statement, tag_end};
use super::minijinja::syntax;
use super::parts::{is_of_lines, rest};
use super::{Language, Templates};

/// How many operators may stand on the way into an expression.
pub const MOST_OPERATORS: usize = 250;

/// How many statements may lie in one another.
pub const MOST_NESTED: usize = 100;

/// How many `elif` may lie in one another.
pub const MOST_BRANCHES: usize = 100;

/// Refuses templates that nest too deeply.
pub fn check(language: Language, templates: &Templates) -> Diagnostics {
    let mut found = Diagnostics::default();
    for (name, text) in templates.iter() {
        let deep = match language {
            Language::MiniJinja => Depth::of(text),
            Language::Tera => branches(text),
        };
        let deep = deep.or_else(|| nested(text, language));
        if let Some((what, range)) = deep {
            let error = Diagnostic::error("E-DEPTH", format!("the template nests deeper than {what}"));
            let error = error.help("set a variable to a part of it, or move a part into a template of its own");
            found.push(templates.placed(error, name, range, "this is too much"));
        }
    }
    found
}

/// The first statement that lies in too many others. Engines bound what they read themselves, and others read it before them.
fn nested(text: &str, language: Language) -> Option<Deep> {
    let (mut at, mut depth) = (0, 0usize);
    while let Some(start) = next_tag(text, at) {
        at = tag_end(text, start, language);
        let tag = text.get(start..at).unwrap_or_default();
        let word = statement(tag);
        if word.starts_with("end") || word == "</" {
            depth = depth.saturating_sub(1);
        } else if OPENING.contains(&word) && (!word.starts_with("set") || is_of_lines(rest(tag, word))) {
            depth += 1;
        }
        if depth > MOST_NESTED {
            return Some((format!("{MOST_NESTED} statements"), start..at));
        }
    }
    None
}

/// Statements in which others may lie.
const OPENING: [&str; 12] =
    ["if", "for", "block", "call", "macro", "component", "<", "set", "set_global", "filter", "with", "autoescape"];

/// What is too deep, in words, and where.
type Deep = (String, Range<usize>);

fn too_many_branches(range: Range<usize>) -> Deep {
    (format!("{MOST_BRANCHES} `elif`"), range)
}

/// Where a MiniJinja template is, while its tokens go by.
#[derive(Default)]
struct Depth {
    /// The operators at each level of brackets, since the last comma there.
    levels: Vec<usize>,
    /// The `elif` of each `if` that is open.
    branches: Vec<usize>,
    /// Whether a statement has just begun.
    starts: bool,
}

impl Depth {
    fn of(text: &str) -> Option<Deep> {
        let mut depth = Self::default();
        // From the first token that is none on, nothing is read.
        let tokens = tokenize(text, false, syntax().ok()?).map_while(Result::ok);
        for (token, span) in tokens {
            let range = span.start_offset as usize..span.end_offset as usize;
            depth.take(&token);
            if depth.levels.iter().sum::<usize>() > MOST_OPERATORS {
                return Some((format!("{MOST_OPERATORS} operators"), range));
            }
            if depth.branches.iter().sum::<usize>() > MOST_BRANCHES {
                return Some(too_many_branches(range));
            }
        }
        None
    }

    fn take(&mut self, token: &Token<'_>) {
        let starts = std::mem::replace(&mut self.starts, matches!(token, Token::BlockStart));
        match token {
            Token::TemplateData(_) => {}
            Token::VariableStart | Token::BlockStart => self.levels = vec![0],
            Token::VariableEnd | Token::BlockEnd => self.levels.clear(),
            Token::Ident(word) if starts => self.statement(word),
            Token::ParenOpen | Token::BracketOpen | Token::BraceOpen => {
                self.count();
                self.levels.push(0);
            }
            Token::ParenClose | Token::BracketClose | Token::BraceClose => drop(self.levels.pop()),
            Token::Comma => self.levels.last_mut().into_iter().for_each(|level| *level = 0),
            Token::Ident("not" | "and" | "or" | "in" | "is" | "if" | "else") => self.count(),
            Token::Ident(_) | Token::Str(_) | Token::String(_) | Token::Int(_) | Token::Int128(_) | Token::Float(_) => {
            }
            _ => self.count(),
        }
    }

    fn count(&mut self) {
        self.levels.last_mut().into_iter().for_each(|level| *level += 1);
    }

    fn statement(&mut self, word: &str) {
        match word {
            "if" => self.branches.push(0),
            "elif" => self.branches.last_mut().into_iter().for_each(|branches| *branches += 1),
            "endif" => drop(self.branches.pop()),
            _ => {}
        }
    }
}

/// Tera does not show its tokens: all `elif` of a template are counted, also those in comments.
fn branches(text: &str) -> Option<Deep> {
    const WORD: &str = "elif";
    text.match_indices(WORD).nth(MOST_BRANCHES).map(|(at, _)| too_many_branches(at..at + WORD.len()))
}
