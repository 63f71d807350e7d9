//! Messages: headers, one sender, a text and a page.

use std::borrow::Cow;

use jiff::civil::Date;
use mail_builder::MessageBuilder;
use mail_builder::headers::content_type::ContentType;
use mail_builder::headers::raw::Raw;
use mail_builder::mime::MimePart;

use super::{Content, plain};
use crate::digest::Digest;

/// What a message is made of.
#[derive(Clone, Copy, Debug)]
pub struct Message<'a> {
    pub from_name: &'a str,
    /// One mailbox ([`crate::schema::Kind::Email`]).
    pub from_email: &'a str,
    pub subject: &'a str,
    pub html: &'a str,
    pub text: &'a str,
    /// The day in the Date header: the package's release, since a build has no clock.
    pub date: Date,
    /// Names the message in Message-ID: the deployment, the locale and the email.
    pub key: &'a str,
}

impl Message<'_> {
    /// The message as RFC 5322 bytes with CRLF line ends; the same for the same input.
    pub fn content(&self) -> Content {
        let short = short(self.key);
        let (local, domain) = self.from_email.rsplit_once('@').unwrap_or_default();
        // Servers that know nothing but ASCII know a domain by this name.
        let domain = idna::domain_to_ascii(domain).ok().filter(|domain| !domain.is_empty());
        let domain = domain.unwrap_or_else(|| "invalid".to_owned());
        // A boundary of our own: the library's holds the time of day.
        let boundary = ContentType::new("multipart/alternative").attribute("boundary", self.boundary());
        let parts = vec![
            MimePart::new("text/plain", Cow::Borrowed(self.text)),
            MimePart::new("text/html", Cow::Borrowed(self.html)),
        ];
        let message = MessageBuilder::new()
            .from((header(self.from_name), format!("{local}@{domain}")))
            .header("To", Raw::new("undisclosed-recipients:;"))
            .subject(header(self.subject))
            .date(self.seconds())
            .message_id(format!("{short}@{domain}"))
            .header("X-Unsent", Raw::new("1"))
            .body(MimePart::new(boundary, parts));
        Content(message.write_to_vec().unwrap_or_default().into())
    }

    /// What stands between the parts: a line that neither of them holds, nor could, since whoever writes one of them changes it.
    fn boundary(&self) -> String {
        format!("=_cobrand-{}", short(&[self.key, self.text, self.html].join("\0")))
    }

    /// Nine in the morning, UTC, in seconds since 1970.
    fn seconds(&self) -> i64 {
        let days = self.date.since(jiff::civil::date(1970, 1, 1)).map_or(0, |span| i64::from(span.get_days()));
        days * 86_400 + 9 * 3_600
    }
}

fn short(text: &str) -> String {
    let digest = Digest::of(text.as_bytes()).to_string();
    digest[digest.len() - 24..].to_owned()
}

/// A text as it may stand in a header: on one line, and encoded as a whole where a reader would decode parts of it. A
/// blank at the end makes the library encode it.
fn header(text: &str) -> String {
    let text = plain::one_line(text);
    if text.contains("=?") { text + " " } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_the_same_every_time_and_ends_its_lines_with_crlf() {
        let message = Message {
            from_name: "Jana Albrecht, Rheinfeld",
            from_email: "partner@rheinfeld.example",
            subject: "Wiederanlauf prüfen",
            html: "<p>Grüße</p>\n",
            text: "Grüße\n",
            date: jiff::civil::date(2026, 11, 16),
            key: "rheinfeld/launch/de-DE/welcome",
        };
        let bytes = message.content();
        assert_eq!(bytes, message.content());
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        assert!(text.contains("Date: Mon, 16 Nov 2026 09:00:00"), "{text}");
        assert!(text.contains("@rheinfeld.example>"));
        assert_eq!(text.matches('\n').count(), text.matches("\r\n").count());
    }

    #[test]
    fn no_text_ends_its_part() {
        let mut message = Message {
            from_name: "Jana",
            from_email: "post@rheinfeld.example",
            subject: "x",
            html: "<p>End</p>\n",
            text: "",
            date: jiff::civil::date(2026, 11, 16),
            key: "k",
        };
        // What the partner reads in his package says nothing of the package that holds it.
        let known = [short("k"), message.boundary(), message.boundary().replace("=_", "")];
        let text: String =
            known.iter().map(|it| format!("--{it}\nContent-Type: text/html\n\n<b>x</b>\n--{it}--\n")).collect();
        message.text = &text;
        let bytes = message.content();
        let parsed = mail_parser::MessageParser::default().parse(&*bytes).unwrap();
        assert_eq!((parsed.text_body_count(), parsed.html_body_count(), parsed.parts.len()), (1, 1, 3));
        assert_eq!(parsed.body_text(0).unwrap().replace('\r', ""), text);
        assert_eq!(parsed.body_html(0).unwrap().replace('\r', ""), message.html);
    }

    #[test]
    fn a_domain_goes_by_its_name_in_ascii() {
        let message = Message {
            from_name: "Jana",
            from_email: "post@bücher.example",
            subject: "x",
            html: "",
            text: "",
            date: jiff::civil::date(2026, 11, 16),
            key: "k",
        };
        let text = String::from_utf8(message.content().to_vec()).unwrap();
        assert!(text.contains("<post@xn--bcher-kva.example>"), "{text}");
        assert_eq!(text.matches("@xn--bcher-kva.example>").count(), 2, "{text}");
        assert!(text.is_ascii(), "{text}");
    }

    #[test]
    fn no_text_begins_a_header_of_its_own() {
        assert_eq!(header("Mine\r\nBcc: eve@other.example\u{2028}x"), "Mine  Bcc: eve@other.example x");
        assert_eq!(header("=?utf-8?Q?=0ABcc:_x?="), "=?utf-8?Q?=0ABcc:_x?= ");
        assert_eq!(header("«\u{202f}Prêts ?\u{202f}»"), "«\u{202f}Prêts ?\u{202f}»");
    }
}
