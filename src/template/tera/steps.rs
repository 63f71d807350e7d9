//! Counts the turns of loops and components, which Tera does not: a loop that prints nothing would go on for as long
//! as it likes.
//!
//! Behind each tag that begins one, the engine reads a call that prints nothing. It trims white space as the tag before
//! it does. A place in what the engine reads is told as the one in the template that was written.

use std::ops::Range;

use crate::template::marked::{next_tag, tag_end};

/// The function that is called. What it says when there were too many calls begins with its code.
pub const FUNCTION: &str = "__step";

/// The most turns of all loops and components of a rendering.
pub const MOST: u32 = 1_000_000;

/// The tags that begin what may be done again and again.
const REPEATING: [&str; 2] = ["for", "component"];

/// A template with calls in it.
#[derive(Debug, Default)]
pub struct Counted {
    pub text: String,
    /// In order.
    calls: Vec<Call>,
}

/// A call in the new text, and the tag before it in the old one.
#[derive(Debug)]
struct Call {
    range: Range<usize>,
    tag: Range<usize>,
}

impl Counted {
    pub fn new(text: &str) -> Self {
        let mut counted = Self::default();
        let mut copied = 0;
        let mut at = 0;
        while let Some(start) = next_tag(text, at) {
            at = tag_end(text, start);
            let tag = &text[start..at];
            match statement(tag) {
                "raw" => at = raw_end(text, at),
                word if REPEATING.contains(&word) => {
                    counted.text.push_str(&text[copied..at]);
                    copied = at;
                    counted.call(tag.ends_with("-%}"), start..at);
                }
                _ => {}
            }
        }
        counted.text.push_str(&text[copied..]);
        counted
    }

    fn call(&mut self, trims: bool, tag: Range<usize>) {
        let start = self.text.len();
        let sign = if trims { "-" } else { "" };
        self.text.push_str(&format!("{{{{{sign} {FUNCTION}() {sign}}}}}"));
        self.calls.push(Call { range: start..self.text.len(), tag });
    }

    /// A place of the new text in the old one; that of a call is its tag's.
    pub fn written(&self, range: Range<usize>) -> Range<usize> {
        if let Some(call) = self.calls.iter().find(|call| call.range.contains(&range.start)) {
            return call.tag.clone();
        }
        let before = |at: usize| {
            let lengths = self.calls.iter().map(|call| call.range.end.min(at).saturating_sub(call.range.start));
            at - lengths.sum::<usize>()
        };
        before(range.start)..before(range.end)
    }
}

/// The word that a `{% %}` begins with; empty for all else.
fn statement(tag: &str) -> &str {
    let Some(inner) = tag.strip_prefix("{%") else { return "" };
    let inner = inner.strip_prefix('-').unwrap_or(inner).trim_start();
    inner.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').next().unwrap_or_default()
}

/// Where the text ends that begins behind a `{% raw %}`.
fn raw_end(text: &str, start: usize) -> usize {
    let tags = text[start..].match_indices("{%").map(|(at, _)| start + at);
    let end = tags.filter(|&at| statement(&text[at..]) == "endraw").map(|at| tag_end(text, at)).next();
    end.unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_stands_behind_each_loop_and_trims_what_it_trims() {
        let text =
            "{% for a in b %}x{% endfor %}\n{%- for c in d -%}\n{% raw %}{% for %}{% endraw %}{# {% for e in f %} #}";
        let counted = Counted::new(text);
        let expected = "{% for a in b %}{{ __step() }}x{% endfor %}\n{%- for c in d -%}{{- __step() -}}\n\
                        {% raw %}{% for %}{% endraw %}{# {% for e in f %} #}";
        assert_eq!(counted.text, expected);
    }

    #[test]
    fn a_string_with_a_tag_in_it_is_a_string() {
        let text = "{{ \"\\\"{% for a in b %}\" }}{{ `{% for a in b %}` }}{{ '{% for a in b %}' }}";
        assert_eq!(Counted::new(text).text, text);
    }

    #[test]
    fn places_are_those_of_what_was_written() {
        let text = "é{% for a in b %}{{ a }}{% endfor %}{% for c in d %}{{ c }}{% endfor %}";
        let counted = Counted::new(text);
        for name in ["{{ a }}", "{{ c }}", "é"] {
            let at = counted.text.find(name).unwrap();
            assert_eq!(&text[counted.written(at..at + name.len())], name);
        }
        let call = counted.text.rfind("__step").unwrap();
        assert_eq!(&text[counted.written(call..call + 6)], "{% for c in d %}");
    }
}
