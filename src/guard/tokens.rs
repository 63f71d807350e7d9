//! Marks that an email platform or another template language would fill in: a layer's words go out as they are, so a
//! mark in them would be filled by whoever sends, or be read by people.

use pulldown_cmark::{Event, Parser, TagEnd};

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
        let texts = set.text.as_deref().map_or_else(|| said_at(layer, &set.path), |text| vec![text]);
        diagnostics.extend(texts.into_iter().find_map(|text| refused(set, text)));
    }
}

fn refused(set: &Contribution, text: &str) -> Option<Diagnostic> {
    let found = mark(text).map(|mark| refusal(set, mark));
    let hides = || text.contains(['\\', '&', '*', '_', '~', '`', '<', '[']);
    found.or_else(|| hides().then(|| mark(&shown(text)).map(|mark| refusal(set, mark)))?)
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

/// The words that Markdown makes of a text, without its escapes, entities and emphasis, which would hide a mark here
/// and no longer in what goes out.
fn shown(text: &str) -> String {
    let mut shown = String::new();
    for event in Parser::new(text) {
        match event {
            Event::Text(words) | Event::Code(words) | Event::Html(words) | Event::InlineHtml(words) => {
                shown.push_str(&words);
            }
            Event::SoftBreak | Event::HardBreak | Event::End(TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::Item) => {
                shown.push('\n');
            }
            _ => {}
        }
    }
    shown
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
    paired.chain(percent(text)).chain(braced(text)).min_by_key(|mark| mark.as_ptr())
}

fn between<'t>(text: &'t str, open: &str, close: &str) -> Option<&'t str> {
    let start = text.find(open)?;
    let end = text[start + open.len()..].find(close)? + start + open.len() + close.len();
    text.get(start..end)
}

/// `%FIRSTNAME%`, `%RSS-FEED|URL:…%`, `%mkt_opt_out_prefix%`; and what makes a part depend on a reader, `%IF …%`, `%/IF%`
fn percent(text: &str) -> Option<&str> {
    let signs: Vec<usize> = text.match_indices('%').map(|(at, _)| at).collect();
    let pairs = signs.windows(2).filter_map(|pair| text.get(pair[0]..=pair[1]));
    pairs.into_iter().find(|mark| {
        let inner = mark.trim_matches('%');
        inner.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/')
            && (!inner.contains(char::is_whitespace) || is_branch(inner))
    })
}

fn is_branch(inner: &str) -> bool {
    let word = inner.split(char::is_whitespace).next().unwrap_or_default();
    ["IF", "ELSEIF", "ELSE"].iter().any(|branch| word.eq_ignore_ascii_case(branch))
}

/// `{EMAIL}`, `{$email}`: words in single braces, as Brevo's older mails and other platforms write them.
fn braced(text: &str) -> Option<&str> {
    text.match_indices('{').find_map(|(at, _)| {
        let inner = &text[at + 1..];
        let length = inner.bytes().take_while(|byte| is_of_name(*byte)).count();
        let is_name = inner.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '$' | '@'));
        // `{{partner.name}}` is ours, and so is the place of the locale in an output.
        let is_ours = text[..at].ends_with('{') && !text[..at].ends_with("\\{") || inner.starts_with("locale}");
        (!is_ours && is_name && inner[length..].starts_with('}')).then(|| &text[at..at + length + 2])
    })
}

fn is_of_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b':' | b'$' | b'@')
}

#[cfg(test)]
mod tests {
    use super::{mark, shown};

    #[test]
    fn markdown_hides_no_mark() {
        for text in ["\\*|EMAIL|\\*", "&#42;|EMAIL|*", "%EM**AI**L%", "$\\{x}", "\\[[x]\\]", "&lt;% x %&gt;"] {
            assert!(mark(text).is_some() || mark(&shown(text)).is_some(), "{text}");
        }
    }

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
            "%FIRSTNAME|x%",
            "%TODAY+1%",
            "%mkt_opt_out_prefix%",
            "%IF in_array('a', $TAGS)%",
            "%/IF%",
            "{EMAIL}",
            "{unsubscribe}",
            "{$email}",
        ] {
            assert!(mark(text).is_some(), "{text}");
        }
        for text in [
            "5 % and 6 %",
            "a | b",
            "[a](link:b)",
            "**a|b**",
            "{{ partner.name }}",
            "{{partner.name}}",
            "100%",
            "a {#b}",
            "$5 {a b}",
            "{.wide}",
            "20%ige und 30%",
        ] {
            assert_eq!(mark(text), None, "{text}");
        }
        assert_eq!(mark("a [[b]] *|C|*"), Some("[[b]]"));
    }
}
