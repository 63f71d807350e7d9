//! The expression of one mark: a value, and the filters behind it.

use super::literal::Literals;
use super::marked::inner;

/// Whether a mark is one value with filters behind it, of which one of these is the last. A sign between two filters would
/// make two values of it, of which the last filter knows one.
pub fn ends_with(mark: &str, filters: &[&str]) -> bool {
    // Of what may be absent Tera writes the path with a sign more.
    let inner = inner(mark).replace("?.", ".").replace("?[", "[");
    let parts = piped(&inner);
    let are_whole = parts.iter().all(|(whole, bare)| !whole.trim().is_empty() && is_one(bare));
    parts.len() > 1
        && are_whole
        && parts.last().is_some_and(|(_, last)| filters.contains(&last.trim().trim_end_matches(CLOSED).trim()))
}

/// Whether no sign or word of a part makes another value of those beside it.
fn is_one(bare: &str) -> bool {
    let is_of_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let is_number = |word: &str| word.chars().all(|c| c.is_ascii_digit());
    // A word may begin right behind a number.
    let is_word = |word: &str| {
        word.chars().all(is_of_word) && (is_number(word) || !word.starts_with(|c: char| c.is_ascii_digit()))
    };
    let is_path = |path: &str| path.split('.').all(is_word);
    let bare = bare.trim();
    if let Some(number) = bare.strip_prefix('-') {
        return number.split('.').all(is_number);
    }
    let mut between = bare.split(CLOSED).map(str::trim);
    // Behind what is closed only a part of that has a name.
    between.next().is_some_and(is_path)
        && between.all(|path| is_path(path) && (path.is_empty() || path.starts_with('.')))
}

/// What stands for what stands in quotes or brackets.
const CLOSED: char = ')';

/// The parts of an expression between the signs of filters, each whole, and with a sign for what stands in quotes or brackets.
fn piped(expression: &str) -> Vec<(String, String)> {
    let mut parts = vec![(String::new(), String::new())];
    let (mut depth, mut literals) = (0usize, Literals::default());
    for c in expression.chars() {
        let was_outside = depth == 0 && !literals.is_open();
        match c {
            _ if !literals.is_outside(c) => {}
            '|' if was_outside => {
                parts.push(Default::default());
                continue;
            }
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if let Some((whole, bare)) = parts.last_mut() {
            whole.push(c);
            match (was_outside, depth == 0 && !literals.is_open()) {
                (true, true) => bare.push(c),
                (false, true) => bare.push(CLOSED),
                _ => {}
            }
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_behind_a_bracket_joins_two_values() {
        for mark in [
            "{{ (a)or(b)|cell }}",
            "{{ (a) or (b) | cell }}",
            "{{ (a)if(1)else(2)|cell }}",
            "{{ [a][0]or[1]|cell }}",
            "{{ \"a\"or(b)|cell }}",
            "{{ a.0or(b)|cell }}",
            "{{ a|upper(1)or(b)|cell }}",
        ] {
            assert!(!ends_with(mark, &["cell"]), "{mark}");
        }
        for mark in [
            "{{ (a).b|cell }}",
            "{{ f(a)[0].c(1)(2)|cell }}",
            "{{ 'a'|cell }}",
            "{{ -1 | cell }}",
            "{{ 1.5|cell }}",
            "{{ a.0.b | default(1) | cell() }}",
        ] {
            assert!(ends_with(mark, &["cell"]), "{mark}");
        }
    }
}
