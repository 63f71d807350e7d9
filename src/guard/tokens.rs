//! Marks that an email platform or another template language would fill in: a layer's words go out as they are, so a
//! mark in them would be filled by whoever sends, or be read by people.

use crate::catalog::Layer;
use crate::catalog::patch::{Contribution, Leaf, Patch, PatchKind, Right};
use crate::catalog::place::steps;
use crate::diag::{Diagnostic, Diagnostics};

/// What marks begin and end with, by the platforms that read them: HubSpot, Braze, Marketo and others (`{{ }}` that
/// is not meant for us), Mailchimp, Salesforce Marketing Cloud, Account
/// Engagement and Eloqua, Salesforce, Brevo and Emma, ERB, and the remarks of template languages.
const PAIRS: [(&str, &str); 9] = [
    ("\\{{", "}}"),
    ("*|", "|*"),
    ("%%", "%%"),
    ("${", "}"),
    ("{!", "}"),
    ("[[", "]]"),
    ("<%", "%>"),
    ("{#", "#}"),
    ("{%", "%}"),
];

/// Refuses marks in what a layer other than the master says.
pub fn check(layer: &Layer, diagnostics: &mut Diagnostics) {
    for set in layer.contributions.iter().filter(|set| set.right != Right::Remove) {
        let found = match &set.text {
            Some(text) => mark(text),
            None => said_at(layer, &set.path).into_iter().find_map(mark),
        };
        diagnostics.extend(found.map(|mark| refusal(set, mark)));
    }
}

/// The texts that are a part of what a layer says at a place, such as those of a list.
fn said_at<'l>(layer: &'l Layer, path: &str) -> Vec<&'l str> {
    let way = steps(path);
    let mut found = Vec::new();
    for patch in std::iter::once(&layer.patch).chain(layer.translations.values()) {
        if let Some(patch) = patch.find(&way) {
            texts(patch, &mut found);
        }
    }
    found
}

fn texts<'l>(patch: &'l Patch, found: &mut Vec<&'l str>) {
    match &patch.kind {
        PatchKind::Leaf(leaf) | PatchKind::Neutral(leaf) | PatchKind::Amend(leaf) => leaf_texts(leaf, found),
        PatchKind::Set(words) => {
            let all = words.whole.iter().flatten().chain(&words.add).chain(&words.remove);
            found.extend(all.map(|word| &**word));
        }
        PatchKind::Replace(inner) => texts(inner, found),
        // What stands in them is a contribution of its own.
        _ => {}
    }
}

fn leaf_texts<'l>(leaf: &'l Leaf, found: &mut Vec<&'l str>) {
    match leaf {
        Leaf::Seq(items) => items.iter().for_each(|item| leaf_texts(item, found)),
        Leaf::Map(entries) => {
            for (key, leaf) in entries.iter() {
                found.push(key);
                leaf_texts(leaf, found);
            }
        }
        _ => found.extend(leaf.source()),
    }
}

fn refusal(set: &Contribution, mark: &str) -> Diagnostic {
    let shown: String = mark.chars().take(40).collect();
    Diagnostic::error("E-TOKEN", format!("`{}` holds `{shown}`, which an email platform would fill in", set.path))
        .at(set.span, "")
        .help("write the words themselves; the master's templates hold what platforms fill in")
}

/// The first mark in a text.
pub fn mark(text: &str) -> Option<&str> {
    let paired = PAIRS.iter().filter_map(|(open, close)| between(text, open, close));
    paired.chain(percent(text)).min_by_key(|mark| mark.as_ptr())
}

fn between<'t>(text: &'t str, open: &str, close: &str) -> Option<&'t str> {
    let start = text.find(open)?;
    let end = text[start + open.len()..].find(close)? + start + open.len() + close.len();
    text.get(start..end)
}

/// `%FIRSTNAME%`, `%SENDER-INFO%`
fn percent(text: &str) -> Option<&str> {
    let signs: Vec<usize> = text.match_indices('%').map(|(at, _)| at).collect();
    let pairs = signs.windows(2).filter_map(|pair| text.get(pair[0]..=pair[1]));
    let is_name = |name: &str| {
        name.len() > 1
            && name
                .bytes()
                .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || matches!(byte, b'_' | b'-'))
    };
    pairs.into_iter().find(|mark| is_name(mark.trim_matches('%')))
}

#[cfg(test)]
mod tests {
    use super::mark;

    #[test]
    fn marks_of_all_platforms_are_seen_and_words_are_not() {
        for text in [
            "Hi *|FNAME|*",
            "%%first_name%%",
            "100 % of %EMAIL%",
            "${lead.Name}",
            "{!Contact.Name}",
            "[[Vorname]]",
            "<%= a %>",
            "{# a #}",
            "\\{{ first_name }}",
            "%SENDER-INFO%",
        ] {
            assert!(mark(text).is_some(), "{text}");
        }
        for text in ["5 % and 6 %", "a | b", "[a](link:b)", "**a|b**", "{{ partner.name }}", "100%", "a {#b}", "$5 {a}"]
        {
            assert_eq!(mark(text), None, "{text}");
        }
        assert_eq!(mark("a [[b]] *|C|*"), Some("[[b]]"));
    }
}
