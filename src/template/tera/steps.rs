//! Counts the turns of loops and components, which Tera does not: a loop that prints nothing would go on for as long
//! as it likes.
//!
//! Behind each tag that begins one, the engine reads a call that prints nothing. It trims white space as the tag before
//! it does.

use crate::template::Language;
use crate::template::inserted::Insertion;
use crate::template::marked::{next_tag, tag_end};

/// The function that is called. What it says when there were too many calls begins with its code.
pub const FUNCTION: &str = "__step";

/// The most turns of all loops and components of a rendering.
pub const MOST: u32 = 1_000_000;

/// The tags that begin what may be done again and again.
const REPEATING: [&str; 2] = ["for", "component"];

/// The calls of a template.
pub fn calls(text: &str) -> Vec<Insertion> {
    let (mut calls, mut at) = (Vec::new(), 0);
    while let Some(start) = next_tag(text, at) {
        at = tag_end(text, start, Language::Tera);
        let tag = &text[start..at];
        match statement(tag) {
            "raw" => at = raw_end(text, at),
            word if REPEATING.contains(&word) => {
                let sign = if tag.ends_with("-%}") { "-" } else { "" };
                let call = format!("{{{{{sign} {FUNCTION}() {sign}}}}}");
                calls.push(Insertion { at, text: call, tag: start..at });
            }
            _ => {}
        }
    }
    calls
}

/// The word that a `{% %}` begins with; empty for all else.
pub fn statement(tag: &str) -> &str {
    let Some(inner) = tag.strip_prefix("{%") else { return "" };
    let inner = inner.strip_prefix('-').unwrap_or(inner).trim_start();
    inner.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').next().unwrap_or_default()
}

/// Where the text ends that begins behind a `{% raw %}`.
pub fn raw_end(text: &str, start: usize) -> usize {
    let tags = text[start..].match_indices("{%").map(|(at, _)| start + at);
    let end = tags.filter(|&at| statement(&text[at..]) == "endraw").map(|at| tag_end(text, at, Language::Tera)).next();
    end.unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::inserted::Inserted;

    fn counted(text: &str) -> Inserted {
        Inserted::new(text, calls(text))
    }

    #[test]
    fn a_call_stands_behind_each_loop_and_trims_what_it_trims() {
        let text =
            "{% for a in b %}x{% endfor %}\n{%- for c in d -%}\n{% raw %}{% for %}{% endraw %}{# {% for e in f %} #}";
        let counted = counted(text);
        let expected = "{% for a in b %}{{ __step() }}x{% endfor %}\n{%- for c in d -%}{{- __step() -}}\n\
                        {% raw %}{% for %}{% endraw %}{# {% for e in f %} #}";
        assert_eq!(counted.text, expected);
    }

    #[test]
    fn a_string_with_a_tag_in_it_is_a_string() {
        let text = "{{ \"\\\"{% for a in b %}\" }}{{ `{% for a in b %}` }}{{ '{% for a in b %}' }}";
        assert_eq!(counted(text).text, text);
    }

    #[test]
    fn places_are_those_of_what_was_written() {
        let text = "é{% for a in b %}{{ a }}{% endfor %}{% for c in d %}{{ c }}{% endfor %}";
        let counted = counted(text);
        for name in ["{{ a }}", "{{ c }}", "é"] {
            let at = counted.text.find(name).unwrap();
            assert_eq!(&text[counted.written(at..at + name.len())], name);
        }
        let call = counted.text.rfind("__step").unwrap();
        assert_eq!(&text[counted.written(call..call + 6)], "{% for c in d %}");
    }
}
