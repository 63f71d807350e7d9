//! What marks look like, by the platforms and template languages that read them.

use crate::catalog::settings::Form;

/// What marks begin and end with: HubSpot, Braze, Marketo and others (`{{ }}` that is not meant for us), Mailchimp,
/// Salesforce Marketing Cloud, Account Engagement and Eloqua, Salesforce, Brevo and Emma, ERB, SendGrid, and the remarks
/// and statements of template languages.
const PAIRS: [(&str, &str); 10] = [
    ("\\{{", "}}"),
    ("*|", "|*"),
    ("%%", "%%"),
    ("${", "}"),
    ("{!", "}"),
    ("[[", "]]"),
    ("<%", "%>"),
    ("[%", "%]"),
    ("{#", "#}"),
    ("{%", "%}"),
];

/// What Velocity, by which Marketo fills in, does at a `#`.
const DIRECTIVES: [&str; 9] = ["set", "if", "elseif", "foreach", "include", "parse", "macro", "define", "evaluate"];

/// The first mark in a text; also of the forms that the workspace names, by what they begin and end with.
pub fn mark<'t>(text: &'t str, own: &[Form]) -> Option<&'t str> {
    let known = PAIRS.iter().filter_map(|(open, close)| between(text, open, close));
    let own = own.iter().filter_map(|form| between(text, &form.open, &form.close));
    let others = [percent, braced, reference, directive, hashes].into_iter().filter_map(|form| form(text));
    known.chain(own).chain(others).min_by_key(|mark| mark.as_ptr())
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
        let length = name(inner, b"_-.:$@");
        let is_name = inner.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '$' | '@'));
        // `{{partner.name}}` is ours.
        let is_ours = text[..at].ends_with('{') && !text[..at].ends_with("\\{");
        (!is_ours && is_name && inner[length..].starts_with('}')).then(|| &text[at..at + length + 2])
    })
}

/// `$lead.Email`, `$!lead`: what Velocity fills in without braces. A price, `$5.00`, and a currency, `$USD`, are none.
fn reference(text: &str) -> Option<&str> {
    text.match_indices('$').find_map(|(at, _)| {
        let quiet = usize::from(text[at + 1..].starts_with('!'));
        let word = &text[at + 1 + quiet..];
        let length = name(word, b"_-");
        let has_member = word[length..].strip_prefix('.').is_some_and(is_word);
        let is_behind_a_word = text[..at].ends_with(|c: char| c.is_alphanumeric());
        let is_mark = is_word(word) && !is_behind_a_word && (quiet == 1 || has_member);
        is_mark.then(|| text[at..at + 1 + quiet + name(word, b"_-.")].trim_end_matches('.'))
    })
}

/// `#set($x = 1)`, `#if ($x)`
fn directive(text: &str) -> Option<&str> {
    text.match_indices('#').find_map(|(at, _)| {
        let word = &text[at + 1..];
        let length = name(word, b"");
        let blanks = word[length..].bytes().take_while(|byte| *byte == b' ').count();
        let is_call = word[length + blanks..].starts_with('(') && DIRECTIVES.contains(&&word[..length]);
        is_call.then(|| &text[at..at + length + blanks + 2])
    })
}

/// `##FIRSTNAME##`: a name, so no heading of Markdown that is closed.
fn hashes(text: &str) -> Option<&str> {
    text.match_indices("##").find_map(|(at, _)| {
        let word = &text[at + 2..];
        let length = name(word, b"_-.:|");
        (is_word(word) && word[length..].starts_with("##")).then(|| &text[at..at + length + 4])
    })
}

fn is_word(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
}

/// How long a name is with which a text begins, of letters, digits and these signs.
fn name(text: &str, signs: &[u8]) -> usize {
    text.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || signs.contains(byte)).count()
}

#[cfg(test)]
mod tests {
    use crate::catalog::settings::Form;

    fn mark(text: &str) -> Option<&str> {
        super::mark(text, &[])
    }

    #[test]
    fn marks_of_all_platforms_are_seen() {
        for text in [
            "Hi *|FNAME|*",
            "%%first_name%%",
            "100 % of %EMAIL%",
            "${lead.Name}",
            "$!{lead.Name}",
            "{!Contact.Name}",
            "[[Vorname]]",
            "<%= a %>",
            "[% name %]",
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
            "{locale}",
            "Hi $lead.Email.",
            "$!lead",
            "#set($x = 1)",
            "a #if ($x)",
            "##FIRSTNAME##",
        ] {
            assert!(mark(text).is_some(), "{text}");
        }
        assert_eq!(mark("a [[b]] *|C|*"), Some("[[b]]"));
        assert_eq!(mark("for $!lead.Name, $x.y"), Some("$!lead.Name"));
        assert_eq!(mark("for $x.y."), Some("$x.y"));
    }

    #[test]
    fn words_are_no_marks() {
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
            "$5.00 or US$ 7.a",
            "in $USD. Then",
            "for 5$!Now",
            "## Heading ##",
            "#ifs (one)",
            "# If (you) ask",
            "No. #1 (of 2)",
            "a ## b ##",
        ] {
            assert_eq!(mark(text), None, "{text}");
        }
    }

    #[test]
    fn forms_of_the_workspace_are_marks_too() {
        let own = [("<<", ">>"), ("~", "~")].map(|(open, close)| Form { open: open.into(), close: close.into() });
        assert_eq!(super::mark("Hi <<first name>>", &own), Some("<<first name>>"));
        assert_eq!(super::mark("~ORT~", &own), Some("~ORT~"));
        assert_eq!(super::mark("a < b, ~", &own), None);
    }
}
