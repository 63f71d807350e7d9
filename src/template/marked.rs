//! Templates with signs in them, so that each byte of a page tells the template it came from.
//!
//! A sign stands before the first letter of each line of literal text, and around each `{{ }}` and each call with a body.
//! White space control sees no difference: no sign is put between white space and the tag that may trim it.

use super::literal::Literals;
use crate::marks;
use crate::source::Span;
use crate::template::{Language, Templates};

/// What a sign of a marked template stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Literal text that begins here.
    Literal(Span),
    /// What this `{{ }}` prints, or this `{% call %}` or component with its body.
    Expression(Span),
}

impl Origin {
    pub fn span(self) -> Span {
        match self {
            Self::Literal(span) | Self::Expression(span) => span,
        }
    }
}

impl Templates {
    /// The same templates with signs, and what the sign of each number stands for.
    pub fn marked(&self, language: Language) -> (Self, Vec<Origin>) {
        let mut origins = Vec::new();
        let mut marked = Self::default();
        for (name, template) in &self.by_name {
            let text = Marking { text: &template.text, language, source: template.source, origins: &mut origins }.run();
            marked.add(name.clone(), template.source, text);
        }
        (marked, origins)
    }
}

struct Marking<'a> {
    text: &'a str,
    language: Language,
    source: crate::source::SourceId,
    origins: &'a mut Vec<Origin>,
}

impl Marking<'_> {
    fn run(mut self) -> String {
        let mut out = String::with_capacity(self.text.len() * 2);
        let mut at = 0;
        // A sign that has to wait until white space, which the tag before it trims, is over.
        let mut waiting = String::new();
        // The calls with a body around.
        let mut calls = Vec::new();
        while at < self.text.len() {
            let tag = next_tag(self.text, at).unwrap_or(self.text.len());
            let end = tag_end(self.text, tag, self.language);
            let prints = self.text[tag..].starts_with("{{");
            let trims = self.text[tag..].starts_with("{{-");
            let whole = &self.text[tag..end];
            let literal = &self.text[at..tag];
            let kept = if trims { literal.trim_end().len() } else { literal.len() };
            self.literal(&mut out, at, at + kept, &mut waiting);
            if kept > 0 || !trims {
                out.push_str(&std::mem::take(&mut waiting));
            }
            let number = self.origins.len() as u32;
            if prints {
                out.push_str(&std::mem::take(&mut waiting));
                self.origins.push(Origin::Expression(Span::new(self.source, tag, end)));
                out.push_str(&marks::open(number));
            }
            out.push_str(&literal[kept..]);
            if begins_call(whole) {
                self.origins.push(Origin::Expression(Span::new(self.source, tag, end)));
                calls.push(number);
                out.push_str(&nothing(whole.get(2..3), None));
                out.push_str(&marks::open(number));
            }
            out.push_str(whole);
            if prints {
                match self.text[..end].ends_with("-}}") {
                    true => waiting = marks::close(number),
                    false => out.push_str(&marks::close(number)),
                }
            }
            if let Some(number) = calls.pop_if(|_| ends_call(whole)) {
                out.push_str(&marks::close(number));
                out.push_str(&nothing(None, whole.get(whole.len().saturating_sub(3)..whole.len().saturating_sub(2))));
            }
            at = end;
        }
        out + &waiting
    }

    /// Literal text from `start` to `end`, with a sign before the first letter of each line.
    fn literal(&mut self, out: &mut String, start: usize, end: usize, waiting: &mut String) {
        let mut at = start;
        for line in self.text[start..end].split_inclusive('\n') {
            let indent = line.len() - line.trim_start().len();
            out.push_str(&line[..indent]);
            if indent < line.len() {
                out.push_str(&std::mem::take(waiting));
                out.push_str(&marks::point(self.origins.len() as u32));
                self.origins.push(Origin::Literal(Span::new(self.source, at + indent, at + line.trim_end().len())));
            }
            out.push_str(&line[indent..]);
            at += line.len();
        }
    }
}

/// A statement of nothing, which trims white space as the tag does beside which it stands: a sign between the two is between
/// white space and no tag.
fn nothing(left: Option<&str>, right: Option<&str>) -> String {
    let sign = |sign: Option<&str>| sign.filter(|sign| matches!(*sign, "-" | "+")).unwrap_or_default().to_owned();
    format!("{{%{} if false %}}{{% endif {}%}}", sign(left), sign(right))
}

/// Whether a tag puts in a macro or a component with a body, which another one ends.
fn begins_call(tag: &str) -> bool {
    let is_whole = || tag.trim_end_matches(['}', '%', '-', '+']).trim_end().ends_with("/>");
    matches!(statement(tag), "call" | "<") && !is_whole()
}

fn ends_call(tag: &str) -> bool {
    matches!(statement(tag), "endcall" | "</")
}

/// The word that a `{% %}` begins with; `<` where Tera puts in a component, and `</` where its body ends.
pub(super) fn statement(tag: &str) -> &str {
    let inner = tag.strip_prefix("{%").map(|inner| inner.trim_start_matches(['-', '+']).trim_start());
    let Some(inner) = inner else { return "" };
    let end = inner.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(inner.len());
    match ["</", "<"].into_iter().find(|sign| inner.starts_with(sign)) {
        Some(sign) => sign,
        None => inner.get(..end).unwrap_or_default(),
    }
}

/// What a mark of a value has between its signs.
pub fn inner(mark: &str) -> String {
    let mark = marks::strip(mark);
    let inner = mark.strip_prefix("{{").unwrap_or(&mark);
    inner.strip_suffix("}}").unwrap_or(inner).trim_matches(['-', '+']).trim().to_owned()
}

pub(super) fn next_tag(text: &str, from: usize) -> Option<usize> {
    let starts = |at: &usize| ["{{", "{%", "{#"].iter().any(|tag| text[*at..].starts_with(tag));
    text[from..].match_indices('{').map(|(at, _)| from + at).find(starts)
}

/// Where the tag that begins at `start` ends; a quoted text in it may hold its end sign, and so may brackets where the language
/// counts them.
pub(super) fn tag_end(text: &str, start: usize, language: Language) -> usize {
    let close = match text.get(start..start + 2) {
        Some("{{") => "}}",
        Some("{%") => "%}",
        Some("{#") => return text[start..].find("#}").map_or(text.len(), |at| start + at + 2),
        _ => return text.len(),
    };
    let mut literals = Literals::default();
    // With brackets that are open at the end of the text, the first end sign is as good as any: no engine reads that.
    let (mut depth, mut first) = (0isize, None);
    for (at, c) in text[start..].char_indices().skip(2) {
        match c {
            _ if !literals.is_outside(c) => {}
            _ if text[start + at..].starts_with(close) => {
                if depth == 0 || !language.counts_brackets() {
                    return start + at + 2;
                }
                first = first.or(Some(start + at + 2));
                depth -= isize::from(c == '}');
            }
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth -= 1,
            _ => {}
        }
    }
    first.unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceId;

    #[test]
    fn signs_keep_away_from_white_space_that_a_tag_trims() {
        let mut templates = Templates::default();
        templates.add("a.html", SourceId(0), "  <p>\n  {{- name -}}\n  </p>{% if x %}\n{{ y }}{% endif %}");
        let (marked, origins) = templates.marked(Language::MiniJinja);
        let text = marked.text("a.html");
        assert_eq!(marks::strip(text), templates.text("a.html"));
        assert_eq!(origins.len(), 4);
        assert!(text.starts_with("  \u{FDD2}"), "before the first letter of the line");
        let before = text.find("\n  {{-").unwrap();
        assert!(text[..before].ends_with(marks::is_mark), "before the white space");
        assert!(text.contains("-}}\n  \u{FDD1}"), "behind the white space");
    }
}
