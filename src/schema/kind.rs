//! Words that mean one thing wherever they stand: an address, a number, a code. What does not fit is refused where it
//! is written, and what is filled into one for a variable when it is filled, so that no later place has to ask.
//!
//! - `shapes`: what tells them from others

mod shapes;

use super::address::{Address, is_mailbox};
use crate::calendar::{Hours, Within};
use shapes::{
    country, endpoint, is_code, is_currency, is_host, is_id, is_path, is_postcode, is_prefix, is_status, is_tagged,
    locale, output, phone, site, time_zone, too_long,
};

pub use shapes::{holds_address, is_uuid, postcode_digits};

/// What a word is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Words of one line that are the same in every locale: names of people and firms, streets, labels for machines.
    Line,
    /// Names an item, here or elsewhere.
    Id,
    /// A file of the workspace, below the folder that its key is about.
    File,
    /// A file of the package; `{locale}` stands for the locale.
    Output,
    /// BCP 47.
    Locale,
    /// A name of the time zone database.
    TimeZone,
    /// One mailbox, as every mail program takes it: no quotes, no comments, no list.
    Email,
    /// International format, E.164 with signs between its groups.
    Phone,
    /// The code of a country in telephone numbers.
    PhonePrefix,
    /// A page on the web, without a password in its address.
    Site,
    /// What a link leads to: a page on the web, a mailbox, a telephone.
    Address,
    /// What a form is sent to: `https:`, with a path and nothing behind it, so that it can stand in a page's policy.
    Endpoint,
    /// ISO 4217.
    Currency,
    /// ISO 3166-1 alpha-2.
    Country,
    Postcode,
    /// A part of campaign names and external keys.
    Code,
    /// Business hours or working days ([`crate::calendar::Within`]).
    Within,
    /// The hours of a weekday ([`crate::calendar::Hours`]).
    Opening,
    /// What another system calls where something stands.
    Status,
    /// The name of a host, without anything around it.
    Host,
    /// A UUID, in small letters.
    Uuid,
    /// A container of Google Tag Manager.
    Container,
    /// A web stream of Google Analytics 4.
    Measurement,
}

/// The most characters of a line, of whatever kind.
pub const MOST_LINE: usize = 1000;

/// The most bytes of an address as it goes out. What is added to it to be counted takes nearly as many, and together they may
/// have `MAX_URL`.
pub const MOST_ADDRESS: usize = 500;

impl Kind {
    pub const ALL: [Self; 23] = [
        Self::Line,
        Self::Id,
        Self::File,
        Self::Output,
        Self::Locale,
        Self::TimeZone,
        Self::Email,
        Self::Phone,
        Self::PhonePrefix,
        Self::Site,
        Self::Address,
        Self::Endpoint,
        Self::Currency,
        Self::Country,
        Self::Postcode,
        Self::Code,
        Self::Within,
        Self::Opening,
        Self::Status,
        Self::Host,
        Self::Uuid,
        Self::Container,
        Self::Measurement,
    ];

    /// What it is, for people: the end of "has to be …".
    pub fn describe(self) -> &'static str {
        match self {
            Self::Line => "words on one line",
            Self::Id => "an id of ASCII letters, digits, `-`, `_` and `.`",
            Self::File => "the name of a file such as `logo.svg` or `emails/welcome.md`",
            Self::Output => "a path such as `site/{locale}/index.html`",
            Self::Locale => "a language tag such as pt-BR",
            Self::TimeZone => "a time zone such as Europe/Berlin",
            Self::Email => "one email address such as partner@rheinfeld.example",
            Self::Phone => "a phone number in international format such as +49 30 23125 110",
            Self::PhonePrefix => "the code of a country in phone numbers such as +49",
            Self::Site => "an address such as https://rheinfeld.example",
            Self::Address => "an address that begins with `https://`, `mailto:` or `tel:`",
            Self::Endpoint => "an address such as https://forms.rheinfeld.example/recall, without `?` and `#`",
            Self::Currency => "an ISO 4217 code such as EUR",
            Self::Country => "an ISO 3166 code of two letters such as DE",
            Self::Postcode => "a postcode such as 10115",
            Self::Within => "business hours such as 8h or working days such as 2d",
            Self::Opening => "hours of a day such as 09:00-17:00, or `closed`",
            Self::Status => "a status such as New/Pending, as the other system has it",
            Self::Host => "the name of a host such as rheinfeld.example",
            Self::Uuid => "an id such as 1b4e28ba-2fa1-41d2-883f-0016d3cca427",
            Self::Container => "the id of a container such as GTM-ABC1234",
            Self::Measurement => "a measurement id such as G-ABC1234567",
            Self::Code => "a short code of ASCII letters, digits, `-` and `_`",
        }
    }

    /// What to do about a text that is none; `None` if it is one.
    pub fn advice(self, text: &str) -> Option<String> {
        let unless = |fits: bool, advice: &str| (!fits).then(|| advice.to_owned());
        if text.contains(['\n', '\r']) {
            return Some("take the line ends out".to_owned());
        }
        if text.chars().count() > MOST_LINE {
            return Some(format!("shorten it to {MOST_LINE} characters"));
        }
        match self {
            Self::Line => None,
            Self::Id => unless(is_id(text), "leave blanks and other signs out, and begin with a letter or digit"),
            Self::File => unless(is_path(text), "write it from the folder on, with `/`, without `.` or `..` parts"),
            Self::Output => output(text),
            Self::Locale => locale(text),
            Self::TimeZone => time_zone(text),
            Self::Email if text.split('@').next().is_some_and(|own| !own.is_ascii()) => {
                Some("write it in letters of ASCII before the `@`: many mail programs read no others there".to_owned())
            }
            Self::Email => unless(is_mailbox(text), "write the address alone, without a name, blanks or a second one"),
            Self::Phone => phone(text).map(str::to_owned),
            Self::PhonePrefix => unless(is_prefix(text), "write `+` and one to three digits"),
            Self::Site => site(text),
            Self::Address => match Address::parse(text) {
                Ok(address) => too_long(&address),
                Err(fault) => Some(format!("it {}: {}", fault.problem, fault.help)),
            },
            Self::Endpoint => endpoint(text),
            Self::Currency => {
                unless(is_currency(text), "write the three capital letters of what people are paid in today")
            }
            Self::Country => country(text),
            Self::Within => unless(text.parse::<Within>().is_ok(), "write `8h` or `2d`, 9999 at most"),
            Self::Opening => unless(
                text.parse::<Hours>().is_ok(),
                "write times one after the other, such as `09:00-12:00, 13:00-17:00`, 24:00 at most",
            ),
            Self::Host => unless(is_host(text), "write it in small letters, without `https://` and without a path"),
            Self::Uuid => unless(is_uuid(text), "write 32 digits and letters `a` to `f`, as 8-4-4-4-12"),
            Self::Container => unless(
                is_tagged(text, "GTM-"),
                "write `GTM-` and capital letters and digits, as they stand in Tag Manager",
            ),
            Self::Measurement => unless(
                is_tagged(text, "G-"),
                "write `G-` and capital letters and digits, as they stand beside the web stream",
            ),
            Self::Postcode => unless(is_postcode(text), "write letters, digits, blanks and `-`, 12 at most"),
            Self::Status => unless(is_status(text), "write letters, digits, blanks and `-_/.,&()`, 80 at most"),
            Self::Code => {
                unless(is_code(text), "shorten it, begin and end with a letter or digit, and leave other signs out")
            }
        }
    }

    /// Whether it names a file, which is looked for before any variable is filled in.
    pub fn names_a_file(self) -> bool {
        matches!(self, Self::File | Self::Output)
    }

    /// Whether it may hold words of anybody's, and not only names and numbers of a few plain signs.
    pub fn holds_words(self) -> bool {
        matches!(self, Self::Line | Self::File | Self::Email | Self::Site | Self::Address | Self::Endpoint)
    }

    /// Whether readers may take the host in it for another.
    pub fn disguise(self, text: &str) -> Option<String> {
        matches!(self, Self::Site | Self::Address | Self::Endpoint | Self::Email)
            .then(|| super::address::disguise(text))
            .flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Case = (Kind, &'static [&'static str], &'static [&'static str]);

    const CASES: [Case; 23] = [
        (Kind::Line, &["Müller & Söhne", "東京都"], &["a\nb", "a\r\nBcc: x@y.example"]),
        (Kind::Id, &["a", "case-1", "lnkd.in", "A1"], &["", "-a", "a b", "a/b", "ä", "a[b]", ".."]),
        (Kind::File, &["logo.svg", "emails/a.md"], &["", "/a", "../a", "a//b", "a\\b", "c:d"]),
        (Kind::Output, &["site/{locale}/index.html"], &["../{locale}", "", "A.html", "{x}.html", "*|x|*"]),
        (Kind::Locale, &["de", "pt-BR", "zh-Hant-TW"], &["", "pt_BR", "de-de", "german language"]),
        (Kind::TimeZone, &["Europe/Berlin", "UTC"], &["Berlin", "europe/berlin", "CEST", ""]),
        (
            Kind::Email,
            &["a@b.example", "jana.albrecht+mdf@rheinfeld.co.uk", "buero@müller.example"],
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
                "büro@müller.example",
            ],
        ),
        (
            Kind::Phone,
            &["+49 30 23125 110", "+1 (512) 555-0164", "+81.3.1234.5678"],
            &["030 23125", "4.93E+11", "+49", "+49 30 x", "+"],
        ),
        (Kind::PhonePrefix, &["+1", "+49", "+971"], &["49", "+", "+4900", "0049"]),
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
                "mailto:a@b.example",
            ],
        ),
        (Kind::Address, &["https://a.example", "mailto:a@b.example", "tel:+4930"], &["a", "javascript:alert(1)"]),
        (
            Kind::Endpoint,
            &["https://forms.a.example/b", "https://a.example:8443/l/0/2026-01-01/x_Y"],
            &[
                "http://a.example/b",
                "https://a.example/b?c=d",
                "https://a.example/b#c",
                "https://a.example/b;c",
                "https://a.example/b,c",
                "https://a.example/'b'",
                "mailto:a@b.example",
                "a.example",
            ],
        ),
        (
            Kind::Currency,
            &["EUR", "JPY", "XOF", "VES"],
            &["eur", "EURO", "€", "ZZZ", "XXX", "XTS", "XAU", "HRK", "BOV"],
        ),
        (Kind::Country, &["DE", "GB", "TR"], &["de", "Germany", "", "UK", "XX"]),
        (Kind::Postcode, &["01067", "SW1A 1AA", "100-0001"], &["", "1067 Dresden/Altstadt", "<b>"]),
        (Kind::Code, &["fy27q1", "rhein-feld"], &["", "a b", "ä", "a|b", "*|X|*", "-", "--", "-x", "x-"]),
        (Kind::Within, &["8h", "120h", "2d"], &["", "8", "0h", "08h", "8 h", "2w", "99999h", "-8h"]),
        (Kind::Opening, &["09:00-17:00", "08:00-12:00, 13:00-24:00", "closed"], &["", "9-17", "17:00-09:00", "open"]),
        (
            Kind::Status,
            &["New/Pending", "Open - Not Contacted", "Gewonnen (Q1)", "受注"],
            &["", " a", "=1", "a\nb", "<b>", "a;b", "\"a\""],
        ),
        (
            Kind::Host,
            &["a.example", "stats.rhein-feld.example"],
            &["", "a", "https://a.example", "a.example/b", "A.example", "-a.example", "a..example", "a.example:80"],
        ),
        (
            Kind::Uuid,
            &["1b4e28ba-2fa1-41d2-883f-0016d3cca427"],
            &["", "1b4e28ba", "1B4E28BA-2fa1-41d2-883f-0016d3cca427", "1b4e28ba-2fa1-41d2-883f-0016d3cca42g"],
        ),
        (Kind::Container, &["GTM-ABC1234"], &["", "GTM-", "gtm-abc1234", "G-ABC1234567", "GTM-ABC1234 "]),
        (Kind::Measurement, &["G-ABC1234567"], &["", "UA-1234-1", "GTM-ABC1234", "g-abc1234567"]),
    ];

    #[test]
    fn what_fits_and_what_does_not() {
        assert_eq!(CASES.map(|(kind, ..)| kind), Kind::ALL);
        for (kind, right, wrong) in CASES {
            right.iter().for_each(|text| assert_eq!(kind.advice(text), None, "{kind:?} {text}"));
            wrong.iter().for_each(|text| assert!(kind.advice(text).is_some(), "{kind:?} {text}"));
        }
    }

    #[test]
    fn what_mail_programs_make_links_of_is_seen() {
        for text in
            ["Orvane www.evil.com/login", "evil.com/x", "x@evil.example", "(https://a.example)", "Www.Evil.Com."]
        {
            assert!(holds_address(text), "{text}");
        }
        for text in ["Booking.com", "A/B Testing", "Node.js GmbH", "Müller & Söhne, St. Gallen", "@home", "24/7 I.T."]
        {
            assert!(!holds_address(text), "{text}");
        }
    }

    #[test]
    fn what_holds_no_words_holds_no_token() {
        for kind in Kind::ALL.into_iter().filter(|kind| !kind.holds_words()) {
            for text in ["*|x|*", "%%x%%", "${x}", "[[x]]", "{x}", "$x.y", "##x##", "<<x>>"] {
                assert!(kind.advice(text).is_some(), "{kind:?} {text}");
            }
        }
    }

    #[test]
    fn no_kind_takes_a_line_end_or_a_text_without_bounds() {
        for kind in Kind::ALL {
            assert!(kind.advice("a\nb").is_some() && kind.advice(&"a".repeat(2000)).is_some(), "{kind:?}");
        }
    }
}
