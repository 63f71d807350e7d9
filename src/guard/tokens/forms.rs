//! What marks look like, by the platforms and template languages that read them.

use std::ops::Range;

use crate::catalog::settings::Form;
use crate::syntax::characters::fault;

/// What marks begin and end with: HubSpot, Braze, Marketo and others (`{{ }}` that is not meant for us), Mailchimp,
/// Salesforce Marketing Cloud, Account Engagement and Eloqua, Salesforce, Brevo and Emma, ERB, SendGrid, Zoho, and the
/// remarks and statements of template languages.
const PAIRS: [(&str, &str); 13] = [
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
    ("$[", "]$"),
    ("<#", ">"),
    ("</#", ">"),
];

/// What Velocity, by which Marketo fills in, does at a `#`.
const DIRECTIVES: [&str; 9] = ["set", "if", "elseif", "foreach", "include", "parse", "macro", "define", "evaluate"];

/// Elements that Marketing Cloud runs, and those that it, Eloqua and Campaign Monitor fill in.
const ELEMENTS: [&str; 7] =
    ["script", "ctrl:", "eloqua", "unsubscribe", "webversion", "preferences", "forwardtoafriend"];

/// What a mark of any of these forms begins with.
const SIGNS: &[u8] = b"\\*%${[<~#@";

/// The first mark in a text; also of the forms that the workspace names, by what they begin and end with.
pub fn mark<'t>(text: &'t str, own: &[Form]) -> Option<&'t str> {
    text.get(Marks::new(text, own).next(|_| None)?)
}

/// All marks in a text of HQ's, which are meant; without the statements and remarks of its templates, which never go out.
pub fn marks<'t>(text: &'t str, own: &[Form]) -> impl Iterator<Item = &'t str> {
    let mut marks = Marks::new(text, own);
    let all = std::iter::from_fn(move || text.get(marks.next(|_| None)?));
    all.filter(|mark| !["{%", "{#", "\\{{"].iter().any(|of_template| mark.starts_with(of_template)))
}

/// The marks of a text, which is gone through once.
pub struct Marks<'t, 'f> {
    text: &'t str,
    /// The forms that the workspace names.
    own: &'f [Form],
    /// By which bytes a mark begins.
    begins: [bool; 256],
    /// Of each pair, whether nothing ends it any more.
    unended: Vec<bool>,
    at: usize,
}

impl<'t, 'f> Marks<'t, 'f> {
    pub fn new(text: &'t str, own: &'f [Form]) -> Self {
        let mut begins = [false; 256];
        let first_of_own = own.iter().filter_map(|form| form.open.as_bytes().first());
        SIGNS.iter().chain(first_of_own).for_each(|&sign| begins[usize::from(sign)] = true);
        Self { text, own, begins, unended: vec![false; PAIRS.len() + own.len()], at: 0 }
    }

    /// Where the next mark stands, without what is meant to be filled in: of a rest of the text that begins with such, `meant`
    /// tells how long it is.
    pub fn next(&mut self, meant: impl Fn(&'t str) -> Option<usize>) -> Option<Range<usize>> {
        loop {
            let begins = |byte: &u8| self.begins[usize::from(*byte)];
            self.at += self.text.as_bytes().get(self.at..)?.iter().position(begins)?;
            let rest = self.text.get(self.at..)?;
            if let Some(length) = meant(rest) {
                self.at += length.max(1);
                continue;
            }
            let start = self.at;
            match self.length(rest) {
                Some(length) => {
                    self.at += length;
                    return Some(start..self.at);
                }
                None => self.at += 1,
            }
        }
    }

    fn length(&mut self, rest: &str) -> Option<usize> {
        let pairs = PAIRS.into_iter().chain(self.own.iter().map(|form| (&*form.open, &*form.close)));
        let mut paired = pairs.zip(&mut self.unended);
        let paired = paired.find_map(|((open, close), unended)| between(rest, open, close, unended));
        let others: [fn(&str, usize) -> Option<&str>; 13] = [
            percent, braced, dollars, called, counted, reference, directive, hashes, hash, element, eloqua, named,
            framed,
        ];
        let found = paired.or_else(|| others.into_iter().find_map(|form| form(self.text, self.at)));
        found.map(str::len)
    }
}

/// What begins here and ends further on; where it ends nowhere, that is not looked for again.
fn between<'t>(rest: &'t str, open: &str, close: &str, unended: &mut bool) -> Option<&'t str> {
    let inner = rest.strip_prefix(open).filter(|_| !*unended)?;
    let end = memchr::memmem::find(inner.as_bytes(), close.as_bytes());
    *unended = end.is_none();
    rest.get(..open.len() + end? + close.len())
}

/// `%FIRSTNAME%`, `%RSS-FEED|URL:…%`, `%mkt_opt_out_prefix%`; and what makes a part depend on a reader, `%IF …%`, `%/IF%`
fn percent(text: &str, at: usize) -> Option<&str> {
    let inner = text[at..]
        .strip_prefix('%')
        .filter(|inner| inner.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/'))?;
    let inner = &inner[..memchr::memchr(b'%', inner.as_bytes())?];
    if is_encoded(text, at) {
        return None;
    }
    let is_mark = !inner.contains(char::is_whitespace) || is_branch(inner);
    is_mark.then(|| &text[at..at + inner.len() + 2])
}

/// Whether a `%` is of a letter outside of ASCII as addresses encode it, such as `%C3%A9`: the bytes are one letter together,
/// so no platform has a field of such a name.
fn is_encoded(text: &str, at: usize) -> bool {
    let bytes = text.as_bytes();
    let byte = |at: usize| {
        let [b'%', high, low] = *bytes.get(at..at + 3)? else { return None };
        let digit = |sign: u8| char::from(sign).to_digit(16);
        u8::try_from(digit(high)? * 16 + digit(low)?).ok()
    };
    // A letter takes two to four bytes, and this may be any of them.
    (0..4).filter_map(|before| at.checked_sub(before * 3)).any(|start| {
        let length = match byte(start) {
            Some(0xC2..=0xDF) => 2,
            Some(0xE0..=0xEF) => 3,
            Some(0xF0..=0xF4) => 4,
            _ => return false,
        };
        let letter: Option<Vec<u8>> = (0..length).map(|number| byte(start + number * 3)).collect();
        let letter = letter.and_then(|letter| String::from_utf8(letter).ok());
        at < start + length * 3 && letter.is_some_and(|letter| !letter.chars().any(|c| fault(c).is_some()))
    })
}

fn is_branch(inner: &str) -> bool {
    let word = inner.split(char::is_whitespace).next().unwrap_or_default();
    ["IF", "ELSEIF", "ELSE"].iter().any(|branch| word.eq_ignore_ascii_case(branch))
}

/// `{EMAIL}`, `{$email}`, `{contactfield=email}`: words in single braces, as Brevo's older mails, Mautic and others write
/// them.
fn braced(text: &str, at: usize) -> Option<&str> {
    let inner = text[at..].strip_prefix('{')?;
    let length = name(inner, b"_-.:$@");
    let is_name = inner.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '$' | '@'));
    // `{{partner.name}}` is ours.
    let is_ours = text[..at].ends_with('{') && !text[..at].ends_with("\\{");
    let argument = inner[length..].strip_prefix(['=', '|']).and_then(|rest| {
        let end = rest.find(['{', '}', '\n']).filter(|&end| rest[end..].starts_with('}'))?;
        Some(end + 1)
    });
    let length = length + argument.unwrap_or_default();
    (!is_ours && is_name && inner[length..].starts_with('}')).then(|| &text[at..at + length + 2])
}

/// `$EMAIL_ADDRESS_$`, `$lookup(EMAIL)$` of Responsys. A price is none.
fn dollars(text: &str, at: usize) -> Option<&str> {
    let word = text[at..].strip_prefix('$').filter(|word| is_word(word))?;
    let length = name(word, b"_-.:");
    let rest = &word[length..];
    let arguments = rest.strip_prefix('(').map_or(0, |inside| 2 + name(inside, b"_-.:, '\""));
    rest.get(arguments..)?.starts_with('$').then(|| &text[at..at + length + arguments + 2])
}

/// `<script runat=server>`, `<ctrl:field name=email />`, `<span class=eloquaemail>`: what an email platform does not read as
/// markup, and fills in, or runs.
fn element(text: &str, at: usize) -> Option<&str> {
    let inner = text[at..].strip_prefix('<')?;
    let end = inner.find(['<', '>']).unwrap_or(inner.len());
    let tag = inner[..end].to_ascii_lowercase();
    let is_mark = ELEMENTS.iter().any(|element| tag.starts_with(element)) || tag.contains("eloquaemail");
    is_mark.then(|| &text[at..at + 1 + end])
}

/// `~~Eloqua..type--emailfield..syntax--EmailAddress..~~`, of which the beginning is enough.
fn eloqua(text: &str, at: usize) -> Option<&str> {
    const OPEN: &str = "~~eloqua";
    text[at..].get(..OPEN.len()).filter(|open| open.eq_ignore_ascii_case(OPEN))
}

/// `$lead.Email`, `$!lead`: what Velocity fills in without braces. A price, `$5.00`, and a currency, `$USD`, are none.
fn reference(text: &str, at: usize) -> Option<&str> {
    let inner = text[at..].strip_prefix('$')?;
    let quiet = usize::from(inner.starts_with('!'));
    let word = &inner[quiet..];
    let length = name(word, b"_-");
    let has_member = word[length..].strip_prefix('.').is_some_and(is_word);
    let is_behind_a_word = text[..at].ends_with(|c: char| c.is_alphanumeric());
    let is_mark = is_word(word) && !is_behind_a_word && (quiet == 1 || has_member);
    is_mark.then(|| text[at..at + 1 + quiet + name(word, b"_-.")].trim_end_matches('.'))
}

/// `#set($x = 1)`, `#if ($x)`
fn directive(text: &str, at: usize) -> Option<&str> {
    let word = text[at..].strip_prefix('#')?;
    let length = name(word, b"");
    let blanks = word[length..].bytes().take_while(|byte| *byte == b' ').count();
    let is_call = word[length + blanks..].starts_with('(') && DIRECTIVES.contains(&&word[..length]);
    is_call.then(|| &text[at..at + length + blanks + 2])
}

/// `##FIRSTNAME##`: a name, so no heading of Markdown that is closed.
fn hashes(text: &str, at: usize) -> Option<&str> {
    let word = text[at..].strip_prefix("##")?;
    let length = name(word, b"_-.:|");
    (is_word(word) && word[length..].starts_with("##")).then(|| &text[at..at + length + 4])
}

/// `$(email)` of Responsys.
fn called(text: &str, at: usize) -> Option<&str> {
    let word = text[at..].strip_prefix("$(")?;
    let length = name(word, b"_-.:");
    (is_word(word) && word[length..].starts_with(')')).then(|| &text[at..at + length + 3])
}

/// `$3$`: a field by its number.
fn counted(text: &str, at: usize) -> Option<&str> {
    let length = text[at..].strip_prefix('$')?.bytes().take_while(u8::is_ascii_digit).count();
    let is_field = (1..=3).contains(&length) && text[at + 1 + length..].starts_with('$');
    is_field.then(|| &text[at..at + length + 2])
}

/// `#SPONECLICKOPTOUT#` and `#recipient:name#`: in capitals, or with a field behind a colon.
fn hash(text: &str, at: usize) -> Option<&str> {
    let word = text[at..].strip_prefix('#')?;
    let length = name(word, b"_-.:");
    let is_field = is_capitals(&word[..length]) || word[..length].trim_matches(':').contains(':');
    (is_word(word) && is_field && word[length..].starts_with('#')).then(|| &text[at..at + length + 2])
}

/// `@FIRSTNAME@`, and `~Contact.FirstName~`: a member of something.
fn named(text: &str, at: usize) -> Option<&str> {
    let sign = text[at..].chars().next().filter(|sign| matches!(sign, '@' | '~'))?;
    let (word, is_struck) = (&text[at + 1..], text[..at].ends_with('~'));
    let length = name(word, b"_.");
    let inner = &word[..length];
    let is_field = if sign == '@' { is_capitals(inner) } else { inner.split('.').nth(1).is_some_and(is_word) };
    (is_word(word) && is_field && !is_struck && word[length..].starts_with(sign)).then(|| &text[at..at + length + 2])
}

/// What is in plain brackets in emails of some platforms. Other words in capitals there are blanks that sellers fill in.
const FRAMED: [&str; 4] = ["UNSUBSCRIBE", "OPTOUT", "OPT_OUT", "WEBVERSION"];

/// `[UNSUBSCRIBE]`, `[UNSUBSCRIBE_LINK]`, and `[firstname,fallback=you]` of Campaign Monitor. The words of a link of Markdown stand
/// in brackets, too.
fn framed(text: &str, at: usize) -> Option<&str> {
    let word = text[at..].strip_prefix('[')?;
    let length = name(word, b"_-");
    let inner = &word[..length];
    if is_word(word) && word[length..].trim_start_matches([',', ' ']).starts_with("fallback=") {
        return Some(&text[at..at + 1 + length]);
    }
    let behind = word[length..].strip_prefix(']')?;
    let is_field = is_capitals(inner) && FRAMED.iter().any(|field| inner.contains(field));
    (is_field && !behind.starts_with(['(', '[', ':'])).then(|| &text[at..at + length + 2])
}

/// Whether a word is written as names of fields are.
fn is_capitals(text: &str) -> bool {
    text.len() > 1
        && text.bytes().any(|byte| byte.is_ascii_uppercase())
        && !text.bytes().any(|byte| byte.is_ascii_lowercase())
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
            "~~eloqua..type--emailfield..syntax--EmailAddress..~~",
            "~~Eloqua..type--emailfield..syntax--EmailAddress..~~",
            "~~eloqua",
            "<script runat=server>Write(1)</script>",
            "a <SCRIPT",
            "<ctrl:field name=emailaddr />",
            "<eloqua type=\"emailfield\"/>",
            "<span class=eloquaemail>EmailAddress1</span>",
            "{contactfield=email}",
            "{dynamiccontent=\"a\"}",
            "{contactfield=firstname|there}",
            "$EMAIL_ADDRESS_$",
            "$setglobalvars(A,B)$",
            "$[UD:email]$",
            "<#include \"a\">",
            "</#if>",
            "$(email)",
            "[UNSUBSCRIBE]",
            "[UNSUBSCRIBE_LINK]",
            "[firstname,fallback=you]",
            "[firstname, fallback=]",
            "<unsubscribe>off</unsubscribe>",
            "<WebVersion>",
            "@FIRSTNAME@",
            "#SPONECLICKOPTOUT#",
            "#recipient:name#",
            "~Contact.FirstName~",
            "$3$",
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
            "$USD to $EUR",
            "from $ab (c) to $d",
            "a < script",
            "<b>bold</b> and {a = b}",
            "a ~~struck~~",
            "~a.~ ~b~ ~~c.d~~",
            "[FAQ], [EMAIL] and [UNSUBSCRIBE](link:a)",
            "[UNSUBSCRIBE]: link:a",
            "ada@acme.example, bob@acme.example",
            "#1# and #one#",
            "$5 $10 $(5)",
        ] {
            assert_eq!(mark(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_meant_is_passed_over() {
        let meant = |rest: &str| ["*|FNAME|*", "%A%"].iter().find(|token| rest.starts_with(**token)).map(|t| t.len());
        let mark = |text: &'static str| text.get(super::Marks::new(text, &[]).next(meant)?);
        assert_eq!(mark("*|FNAME|* %A%, *|FEED|*"), Some("*|FEED|*"));
        assert_eq!(mark("x*| *|FNAME|*"), Some("*| *|FNAME|*"));
        assert_eq!(mark("*|FNAME|* *| %A%B%"), None);
    }

    #[test]
    fn marks_of_templates_are_those_that_go_out() {
        let text = "{% raw %}%%ours%%{% endraw %} {# *|x|* #} p{margin:0} {{ a }}";
        assert!(super::marks(text, &[]).eq(["%%ours%%", "{margin:0}"]));
    }

    /// Of many that begin and never end, each form is looked for once.
    #[test]
    fn marks_that_never_end_cost_what_they_are() {
        assert_eq!(mark(&"*|${[[".repeat(200_000)), None);
    }

    #[test]
    fn forms_of_the_workspace_are_marks_too() {
        let own = [("<<", ">>"), ("~", "~")].map(|(open, close)| Form { open: open.into(), close: close.into() });
        assert_eq!(super::mark("Hi <<first name>>", &own), Some("<<first name>>"));
        assert_eq!(super::mark("~ORT~", &own), Some("~ORT~"));
        assert_eq!(super::mark("a < b, ~", &own), None);
    }
}
