//! Components of Tera: which a template writes, and which it puts in. One is known by its name alone, whatever template it is
//! written in, and goes by how that one escapes; it may stand wherever a value may.

use std::collections::BTreeSet;

use super::Language;
use super::literal::Literals;
use super::marked::statement;
use super::parts::{rest, tags};

/// The names of the components that are written in a template.
pub fn written(text: &str) -> BTreeSet<String> {
    let tags = tags(text, Language::Tera).filter_map(|tag| text.get(tag));
    tags.filter(|tag| statement(tag) == "component").map(|tag| name(rest(tag, "component"))).collect()
}

/// The names of those that are put in by any of a template's tags. What is only compared may be among them.
pub fn put_in(text: &str) -> BTreeSet<String> {
    tags(text, Language::Tera).filter_map(|tag| text.get(tag)).flat_map(of_tag).collect()
}

/// The names behind each `<` of a tag that stands in no quotes.
pub fn of_tag(tag: &str) -> Vec<String> {
    let mut literals = Literals::default();
    let begins = |(at, c): (usize, char)| (literals.is_outside(c) && c == '<').then_some(at + 1);
    let names = tag.char_indices().filter_map(begins).map(|at| name(tag.get(at..).unwrap_or_default()));
    names.filter(|name| !name.is_empty()).collect()
}

/// The name at the beginning of a text: words with dots between them, and blanks wherever somebody likes them.
fn name(text: &str) -> String {
    let is_of_word = |c: char| c.is_alphanumeric() || c == '_';
    let (mut name, mut text) = (String::new(), text.trim_start());
    loop {
        let end = text.find(|c| !is_of_word(c)).unwrap_or(text.len());
        let (word, behind) = text.split_at(end);
        name.push_str(word);
        match behind.trim_start().strip_prefix('.') {
            Some(next) if !word.is_empty() => text = next.trim_start(),
            _ => return name,
        }
        name.push('.');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_component_is_found_wherever_a_value_may_stand() {
        for text in [
            "{{ <ui.btn label=\"a\" /> }}",
            "{%- < ui . btn %}a{% </ui.btn> %}",
            "{% set x = <ui.btn /> %}",
            "{{ a or(<ui.btn />) }}",
            "{{ \"'\" ~ <ui.btn/> }}",
            "{% if <ui.btn /> %}{% endif %}",
        ] {
            assert!(put_in(text).contains("ui.btn"), "{text}");
        }
        for text in
            ["<ui.btn>", "{{ \"<ui.btn>\" }}", "{# {{ <ui.btn /> }} #}", "{% raw %}{{ <ui.btn /> }}{% endraw %}"]
        {
            assert_eq!(put_in(text), BTreeSet::new(), "{text}");
        }
        let all = written(
            "{% component ui.btn(a: string) %}{% endcomponent ui.btn %}{%- component b () -%}{% endcomponent %}",
        );
        assert_eq!(all.into_iter().collect::<Vec<_>>(), ["b", "ui.btn"]);
    }
}
