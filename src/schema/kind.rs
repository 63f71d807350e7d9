//! Words that mean one thing wherever they stand: an address, a number, a code. What does not fit is refused where it
//! is written, so that no later place has to ask.

/// What a word is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One mailbox, as every mail program takes it: no quotes, no comments, no list.
    Email,
    /// International format, E.164 with signs between its groups.
    Phone,
    /// A page on the web, without a password in its address.
    Site,
    /// ISO 4217.
    Currency,
    /// ISO 3166-1 alpha-2.
    Country,
    /// A part of campaign names and external keys.
    Code,
}

/// The most letters of a code: names of campaigns are put together from several.
const MOST_CODE: usize = 40;

impl Kind {
    /// What it is, for people: the end of "has to be …".
    pub fn describe(self) -> &'static str {
        match self {
            Self::Email => "one email address such as partner@rheinfeld.example",
            Self::Phone => "a phone number in international format such as +49 30 23125 110",
            Self::Site => "an address such as https://rheinfeld.example",
            Self::Currency => "an ISO 4217 code such as EUR",
            Self::Country => "an ISO 3166 code of two letters such as DE",
            Self::Code => "a short code of ASCII letters, digits, `-` and `_`",
        }
    }

    /// What to do about a text that is none; `None` if it is one.
    pub fn advice(self, text: &str) -> Option<&'static str> {
        match self {
            Self::Email => {
                (!is_email(text)).then_some("write the address alone, without a name, blanks or a second one")
            }
            Self::Phone => phone(text),
            Self::Site => (!is_site(text)).then_some("begin with `https://`, and leave user, password and blanks out"),
            Self::Currency => (!is_letters(text, 3)).then_some("write its three capital letters"),
            Self::Country => (!is_letters(text, 2)).then_some("write its two capital letters"),
            Self::Code => (!is_code(text)).then_some("shorten it, and leave other signs out"),
        }
    }
}

/// An address that stands in a header, in a link and in a table as itself.
pub fn is_email(text: &str) -> bool {
    let plain = |c: char| !c.is_whitespace() && !"\"(),:;<>[]\\?&%#/".contains(c);
    let host = text.rsplit_once('@').map_or("", |(_, host)| host);
    text.chars().all(plain) && host.contains('.') && email_address::EmailAddress::is_valid(text)
}

fn phone(text: &str) -> Option<&'static str> {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let signs = |c: char| c.is_ascii_digit() || matches!(c, ' ' | '-' | '.' | '(' | ')' | '/');
    match text.strip_prefix('+') {
        _ if text.contains(['E', 'e']) && digits > 2 => {
            Some("a spreadsheet has made a number of it: format the column as text, and write the number again")
        }
        Some(rest) if rest.starts_with(|c: char| c.is_ascii_digit()) && rest.chars().all(signs) => {
            (!(7..=15).contains(&digits)).then_some("write 7 to 15 digits, with the code of the country")
        }
        Some(_) => Some("write digits, with blanks, `-`, `.`, `/` or brackets between them"),
        None => Some("begin with `+` and the code of the country"),
    }
}

fn is_site(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let Some(rest) = rest else { return false };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let is_host = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | ':');
    let is_path = |c: char| !c.is_whitespace() && !c.is_control() && !"\"<>\\^`{|}".contains(c);
    host.starts_with(|c: char| c.is_alphanumeric()) && host.chars().all(is_host) && rest.chars().all(is_path)
}

fn is_letters(text: &str, count: usize) -> bool {
    text.len() == count && text.bytes().all(|byte| byte.is_ascii_uppercase())
}

fn is_code(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    !text.is_empty() && text.len() <= MOST_CODE && text.bytes().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fits_and_what_does_not() {
        let cases: [(Kind, &[&str], &[&str]); 6] = [
            (
                Kind::Email,
                &["a@b.example", "jana.albrecht+mdf@rheinfeld.co.uk", "büro@müller.example"],
                &[
                    "",
                    "a",
                    "a@b",
                    "partners at acme",
                    "a@b.example, c@d.example",
                    "A <a@b.example>",
                    "a@b.example\nBcc: x@y.example",
                    "\"a b\"@c.example",
                    "a@b.example?bcc=x@y.example",
                    "a@b..example",
                    "a%0A@b.example",
                    "a@[127.0.0.1]",
                ],
            ),
            (
                Kind::Phone,
                &["+49 30 23125 110", "+1 (512) 555-0164", "+81.3.1234.5678"],
                &["030 23125", "4.93E+11", "+49", "+49 30 x", "+"],
            ),
            (
                Kind::Site,
                &["https://a.example", "http://a.example:8080/b?c=d#e", "https://müller.example/x"],
                &[
                    "a.example",
                    "javascript:alert(1)",
                    "https://user:pw@a.example",
                    "https://",
                    "https://a.example/ b",
                    "ftp://a.example",
                    "https://a.example/\"x",
                ],
            ),
            (Kind::Currency, &["EUR"], &["eur", "EURO", "€"]),
            (Kind::Country, &["DE"], &["de", "Germany", ""]),
            (Kind::Code, &["fy27q1", "rhein-feld"], &["", "a b", "ä", "a|b", "*|X|*"]),
        ];
        for (kind, right, wrong) in cases {
            right.iter().for_each(|text| assert_eq!(kind.advice(text), None, "{kind:?} {text}"));
            wrong.iter().for_each(|text| assert!(kind.advice(text).is_some(), "{kind:?} {text}"));
        }
    }
}
