//! Addresses of the web, of mail and of telephones, read as browsers read them: what a layer says, a link leads to and a
//! deployment stands at is judged here alone.

use std::sync::Arc;

use percent_encoding::percent_decode_str;
use unicode_security::MixedScript;
use unicode_security::confusable_detection::skeleton;
use url::{Host, Url};

use crate::encode::html;
use crate::syntax::characters;

/// What an address can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// `https:` or `http:`, which can carry parameters.
    Web,
    /// `mailto:` or `tel:`, which cannot.
    Contact,
}

/// A whole address that can stand in a document as it is: ASCII, without a user or password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    pub text: Arc<str>,
    pub scheme: Scheme,
}

/// Why a text is no address: the end of "the address …", and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub problem: String,
    pub help: &'static str,
}

impl Fault {
    fn new(problem: impl Into<String>, help: &'static str) -> Self {
        Self { problem: problem.into(), help }
    }
}

/// What to do with an address that is none.
pub const WHOLE: &str = "write it out, beginning with `https://`, `mailto:` or `tel:`";

/// What to do with an address that writes more of a mail than is seen.
pub const SUBJECT_ALONE: &str = "leave `subject` alone behind the `?`: whoever writes sees and says the rest";

/// Whether a `mailto:` address fills in more of a mail than its subject, such as others who get it.
pub fn fills_in_more(text: &str) -> bool {
    let query = text.split_once('?').map_or("", |(_, query)| query).to_ascii_lowercase();
    let is_subject = |part: &str| {
        part.is_empty()
            || (part == "subject" || part.starts_with("subject=")) && !part.contains("%0a") && !part.contains("%0d")
    };
    !query.split(['&', ';']).all(is_subject)
}

impl Address {
    /// Letters of other alphabets become what a browser makes of them; all else stays as it was written.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        may_stand(text)?;
        let Ok(url) = Url::parse(text) else { return Err(Fault::new("is not absolute", WHOLE)) };
        let rest = text.get(url.scheme().len()..).unwrap_or_default();
        match url.scheme() {
            "https" | "http" if rest.starts_with("://") && !rest.starts_with(":///") => Self::of_web(text, &url),
            "mailto" if fills_in_more(text) => Err(Fault::new("fills in more than a subject", SUBJECT_ALONE)),
            "mailto" if is_mailbox(url.path()) => Ok(Self { text: text.into(), scheme: Scheme::Contact }),
            "mailto" => Err(Fault::new("names no mailbox", "write one email address behind `mailto:`")),
            "tel" if url.path().bytes().any(|byte| byte.is_ascii_digit()) => {
                Ok(Self { text: text.into(), scheme: Scheme::Contact })
            }
            _ => Err(Fault::new("is not absolute", WHOLE)),
        }
    }

    fn of_web(text: &str, url: &Url) -> Result<Self, Fault> {
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Fault::new("holds a user or a password", "leave them out: everybody could read them"));
        }
        match url.host() {
            Some(Host::Domain(host)) if is_public(host) => {}
            Some(Host::Domain(_)) => {
                return Err(Fault::new(
                    "has a host that nobody else reaches",
                    "write the whole name of the host, such as www.rheinfeld.example",
                ));
            }
            _ => return Err(Fault::new("leads to a number", "write the name of the host")),
        }
        if url.port() == Some(0) {
            return Err(Fault::new("has the port 0, at which nothing answers", "leave the port out"));
        }
        if url.query_pairs().any(|(name, _)| name.to_lowercase().starts_with("utm_")) {
            let help = "remove them; they are added from `tracking.yaml`";
            return Err(Fault::new("brings its own `utm_` parameters", help));
        }
        if text.contains(&*html::escape("&")) {
            return Err(Fault::new("holds an `&` that is escaped", "write `&`; it is escaped wherever that is needed"));
        }
        let is_plain = url.as_str().trim_end_matches('/') == text.trim_end_matches('/');
        let text = if is_plain { text } else { url.as_str() };
        Ok(Self { text: text.into(), scheme: Scheme::Web })
    }
}

/// A pattern of addresses with parts such as `{partner}`, in the form that goes out.
pub fn pattern(text: &str) -> Result<Arc<str>, Fault> {
    let plain: String = text.chars().filter(|c| !matches!(c, '{' | '}')).collect();
    Address::parse(&plain)?;
    let whole = || Fault::new("is not absolute", "begin with `https://`");
    let (host, path) = text.strip_prefix("https://").and_then(|rest| rest.split_once('/')).ok_or_else(whole)?;
    if path.contains(['?', '#']) || path.starts_with('/') || path.contains("//") {
        return Err(Fault::new("is no folder", "leave `?`, `#` and `//` out of it"));
    }
    let label = |label: &str| match label.contains('{') {
        true => label.is_ascii().then(|| label.to_owned()),
        false => idna::domain_to_ascii(label).ok(),
    };
    let labels: Option<Vec<String>> = host.split('.').map(label).collect();
    let in_label = || Fault::new("mixes letters outside of ASCII with `{…}`", "give `{…}` a part of its own");
    let host = labels.ok_or_else(in_label)?.join(".");
    // The sign `{` is written as it is again: it is filled in before anybody reads the address.
    let path = Url::parse(&format!("https://host.example/{path}")).map_err(|_| whole())?;
    let path = path.path().replace("%7B", "{").replace("%7D", "}");
    Ok(format!("https://{host}{path}").into())
}

/// The host of a site or mailbox as it is shown to people.
pub fn host(text: &str) -> Option<String> {
    plain_host(text).map(str::to_owned).or_else(|| parsed_host(text))
}

fn parsed_host(text: &str) -> Option<String> {
    let host = match text.rsplit_once('@') {
        Some((_, host)) if !text.contains("//") => host.to_owned(),
        _ => Url::parse(text).ok()?.host_str()?.to_owned(),
    };
    Some(shown(&host))
}

/// The host of an address that says it as browsers show it: most of a million do.
fn plain_host(text: &str) -> Option<&str> {
    let rest = text.strip_prefix("https://")?;
    let host = &rest[..rest.find('/').unwrap_or(rest.len())];
    let is_plain = |label: &str| {
        label.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-')) && !label.starts_with("xn--")
    };
    let last = host.rsplit('.').next()?;
    // A number at the end is one of an address, and a part without letters may be.
    let is_name = last.bytes().all(|byte| byte.is_ascii_lowercase()) && last.len() > 1;
    let is_host =
        is_name && host.len() < 254 && host.split('.').all(|label| (1..=63).contains(&label.len()) && is_plain(label));
    let is_path = |path: &str| path.is_ascii() && !path.contains(['@', '\\', '\t', '\n', '\r']);
    (is_host && is_path(&rest[host.len()..])).then_some(host)
}

fn shown(host: &str) -> String {
    let host = host.trim_end_matches('.');
    if host.is_ascii() && !host.contains("xn--") {
        return host.to_ascii_lowercase();
    }
    idna::domain_to_unicode(host).0
}

/// An address as it is compared with others: what leads to one page or mailbox is one, however it is written. Case, `www.`, a last
/// dot of the host, ports, percent-encoded letters, `.` and `..`, doubled and last slashes make no other, and neither does what stands
/// behind a `#`. Nobody knows what answers at another port of the host, so it counts as the same.
pub fn canonical(text: &str) -> String {
    let without_www = |host: &str| shown(host).trim_start_matches("www.").to_owned();
    let url = Url::parse(text).ok();
    if let Some((url, host)) = url.as_ref().and_then(|url| Some((url, url.host_str()?))) {
        let page = std::iter::once(without_www(host)).chain(parts(url.path())).collect::<Vec<_>>().join("/");
        return match url.query().filter(|query| !query.is_empty()) {
            Some(query) => format!("{page}?{}", percent_decode_str(query).decode_utf8_lossy()),
            None => page,
        };
    }
    match text.rsplit_once('@') {
        Some((mailbox, host)) => format!("{}@{}", mailbox.to_lowercase(), without_www(host)),
        None => text.to_lowercase(),
    }
}

/// Whether an address names no more than its host, or the page that stands for all of it: `/index.html`.
pub fn is_host_alone(text: &str) -> bool {
    let is_first = |page: &str| FIRST_PAGES.contains(&page.split('.').next().unwrap_or_default());
    Url::parse(text).is_ok_and(|url| {
        let parts = parts(url.path());
        parts.len() < 2 && parts.iter().all(|page| is_first(page)) && url.query().unwrap_or_default().is_empty()
    })
}

/// What servers call the page that they answer with where no other is asked for.
const FIRST_PAGES: [&str; 3] = ["default", "home", "index"];

/// What an address leads to below a [`pattern`] in lower case, however it is written: in capitals, with another scheme, with
/// a last dot behind the host or a port, with letters percent-encoded or slashes doubled. `None` where it leads elsewhere.
pub fn below(pattern: &str, address: &str) -> Option<String> {
    // Without a scheme it has that of the page.
    let url = Url::parse(address).or_else(|_| Url::parse(&format!("https:{address}"))).ok()?;
    let (host, path) = pattern.split_once("://")?.1.split_once('/')?;
    // Nobody knows what answers at another port of the host, so it counts as the same.
    let host = host.split(':').next().unwrap_or(host);
    let (host, own): (Vec<&str>, Vec<&str>) =
        (host.split('.').collect(), url.host_str()?.trim_end_matches('.').split('.').collect());
    let (path, parts) = (parts(path), parts(url.path()));
    let is_like = |(one, part): (&str, &str)| one.contains('{') || one.eq_ignore_ascii_case(part);
    let is_there = host.len() == own.len() && host.into_iter().zip(own).all(is_like);
    let is_below = parts.len() >= path.len() && path.iter().zip(&parts).all(|(one, part)| is_like((one, part)));
    (is_there && is_below).then(|| parts[path.len()..].join("/"))
}

/// How often a path is decoded by one server behind another.
const MOST_DECODED: usize = 4;

/// The parts of a path as a server may read them: decoded as often as they can be, without what stands behind a `;`, and without
/// blanks and dots at the end, which some file systems leave out.
fn parts(path: &str) -> Vec<String> {
    let mut path = path.to_lowercase();
    for _ in 0..MOST_DECODED {
        path = percent_decode_str(&path).decode_utf8_lossy().to_lowercase();
    }
    let mut parts: Vec<String> = Vec::new();
    for part in path.split(['/', '\\']) {
        match part.split(';').next().unwrap_or_default().trim_end() {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part.trim_end_matches(|c: char| c == '.' || c.is_whitespace()).to_owned()),
        }
    }
    parts.retain(|part| !part.is_empty());
    parts
}

/// What a reader may take the host of an address for, where it is not what it is.
pub fn disguise(text: &str) -> Option<String> {
    host(text)?.split('.').filter(|label| !label.is_ascii()).find_map(|label| {
        // Letters of ASCII are shown as they are: a skeleton has `rn` for `m`.
        let shown = |c: char| if c.is_ascii() { c.to_string() } else { skeleton(&c.to_string()).collect() };
        let alike: String = label.chars().map(shown).collect();
        if alike.is_ascii() {
            return Some(format!("`{label}` reads like `{alike}`"));
        }
        (!label.is_single_script()).then(|| format!("`{label}` is written in letters of several scripts"))
    })
}

/// Whether a host has a name that is looked up everywhere: labels with dots between them, none empty or too long.
fn is_public(host: &str) -> bool {
    let labels: Vec<&str> = host.strip_suffix('.').unwrap_or(host).split('.').collect();
    let is_label = |label: &&str| (1..=63).contains(&label.len()) && !label.starts_with('-') && !label.ends_with('-');
    labels.len() > 1 && host.len() <= 254 && labels.iter().all(is_label)
}

/// An address that stands in a header, in a link and in a table as itself. Its host may be written in any letters, and goes out
/// as mail programs ask for it; before the `@` nothing says letters outside of ASCII in those that all of them read.
pub fn is_mailbox(text: &str) -> bool {
    let plain = |c: char| !c.is_whitespace() && !"\"(),:;<>[]\\?&%#/".contains(c);
    let (own, host) = text.rsplit_once('@').unwrap_or_default();
    text.chars().all(plain)
        && own.is_ascii()
        && host.contains('.')
        && email_address::EmailAddress::is_valid(text)
        && idna::domain_to_ascii(host).is_ok_and(|host| is_public(&host))
}

fn may_stand(text: &str) -> Result<(), Fault> {
    let is_wrong = |c: char| c.is_whitespace() || c.is_control() || "\"<>\\^`{|}".contains(c);
    if let Some(c) = text.chars().find(|&c| is_wrong(c)) {
        return Err(Fault::new(format!("holds the character {c:?}"), "percent-encode it"));
    }
    let is_whole = |after: &str| after.len() >= 2 && after.bytes().take(2).all(|byte| byte.is_ascii_hexdigit());
    if !text.split('%').skip(1).all(is_whole) {
        return Err(Fault::new("has a `%` without two hexadecimal digits", "write a literal percent sign as `%25`"));
    }
    encoded(text)
}

/// What is wrong with letters that are percent-encoded: servers and people would read another address than this one.
fn encoded(text: &str) -> Result<(), Fault> {
    let Ok(plain) = percent_decode_str(text).decode_utf8() else {
        return Err(Fault::new("encodes bytes that are no text", "percent-encode the bytes of UTF-8"));
    };
    if let Some(c) = plain.chars().find(|&c| characters::fault(c).is_some() || c.is_control()) {
        let problem = format!("encodes U+{:04X}, which nobody sees", u32::from(c));
        return Err(Fault::new(problem, "take it out"));
    }
    let path = text.split(['?', '#']).next().unwrap_or_default().to_ascii_lowercase();
    let is_web = path.starts_with("http");
    if is_web && (["%2f", "%5c"].iter().any(|slash| path.contains(slash)) || path.contains("%2e")) {
        let problem = "encodes a `/`, `\\` or `.` of its path, which some servers take for the sign itself";
        return Err(Fault::new(problem, "write the sign itself, or leave it out"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_whole_goes_out_as_it_was_written() {
        for text in [
            "https://x.example",
            "https://x.example/a?b#c",
            "https://x.example/?s=%C3%BC&next=%2Fa",
            "https://x.example/caf%C3%A9%20%F0%9F%98%80",
            "http://x.example:8080/",
        ] {
            let scheme = Scheme::Web;
            assert_eq!(Address::parse(text), Ok(Address { text: text.into(), scheme }));
        }
        for text in ["mailto:a@x.example", "mailto:a@x.example?subject=Hi", "tel:+493023125"] {
            assert_eq!(Address::parse(text).map(|address| address.scheme), Ok(Scheme::Contact), "{text}");
        }
    }

    #[test]
    fn other_alphabets_become_what_browsers_ask_for() {
        let out = |text| Address::parse(text).map(|address| address.text.to_string());
        assert_eq!(out("https://münchen.example/ü?ä"), Ok("https://xn--mnchen-3ya.example/%C3%BC?%C3%A4".into()));
        assert_eq!(out("HTTPS://ACME.example/a"), Ok("https://acme.example/a".into()));
    }

    #[test]
    fn what_would_break_a_document_or_a_report_is_refused() {
        for text in [
            "",
            "x.example",
            "/a",
            "//x.example",
            "https:",
            "https://",
            "https:///x.example",
            "https:x.example",
            "javascript:alert(1)",
            "data:text/html,x",
            "https://x.example/a b",
            " https://x.example",
            "https://x.example/{{ y }}",
            "https://x.example\\@y.example",
            "https://a:b@x.example",
            "https://a@x.example",
            "https://127.0.0.1/",
            "https://2130706433/",
            "https://localhost",
            "https://orvane",
            "https://a..b.example",
            "https://.orvane.example",
            "https://x.example:0/",
            &format!("https://{}.example", "a".repeat(64)),
            "https://x.example/%2",
            "https://x.example/%zz",
            "https://x.example/%00",
            "https://x.example/a%0D%0Ab",
            "https://x.example/?a=%0a",
            "https://x.example/%FF",
            "https://x.example/%C3",
            "https://x.example/%ED%A0%80",
            "https://x.example/%E2%80%8B",
            "https://x.example/a%2Fb",
            "https://x.example/%2e%2e/a",
            "https://x.example/a%5Cb",
            "https://x.example/?utm_source=y",
            "https://x.example/?a&utm_id=y",
            "https://x.example/?%75tm_id=y",
            "mailto:",
            "mailto:a@x.example,b@x.example",
            "mailto:a@x.example?bcc=b@x.example",
            "mailto:a@x.example?subject=Hi&BODY=x",
            "mailto:a@x.example?s%75bject=x",
            "mailto:a@x.example?subject=%0d%0aBcc:b@x.example",
            "tel:",
        ] {
            assert!(Address::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_pattern_keeps_its_parts() {
        let out = |text| pattern(text).ok().map(|text| text.to_string());
        let plain = "https://go.example/{partner}/{motion}-{region}/";
        assert_eq!(out(plain).as_deref(), Some(plain));
        assert_eq!(
            out("https://{partner}.gö.example/ü/").as_deref(),
            Some("https://{partner}.xn--g-1ga.example/%C3%BC/")
        );
        for wrong in [
            "http://a.example/{partner}/",
            "https://a.example//{partner}/",
            "https://{partner}ö.example/",
            "https://u:p@a.example/{partner}/",
        ] {
            assert_eq!(out(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn an_address_is_found_below_another_however_it_is_written() {
        let base = "https://go.example/a/b/";
        for text in [
            "https://go.example/a/b/c.html",
            "http://GO.example./A/b/C.html?d#e",
            "https://go.example:443//a/%62/./x/../%63.html",
            "https://go.example/%61%2Fb%5Cc.html",
            "//go.example/a/b/c.html/",
            "https://go.example:8443/a/b/c.html",
            "https:\\\\go.example\\a\\b\\c.html",
            "https://go.example/a/b/c.html;x=1",
            "https://go.example/a;y/b/c.html%20",
            "https://go.example/a/b/c.html%2e",
            "https://go.example/a/x/%252e%252e/b/%25%36%33.html",
        ] {
            assert_eq!(below(base, text).as_deref(), Some("c.html"), "{text}");
        }
        assert_eq!(below(base, "https://go.example/a/b").as_deref(), Some(""));
        for text in [
            "https://go.example/",
            "https://go.example/a/",
            "https://go.example/a/bc",
            "https://a.go.example/a/b/c.html",
            "mailto:a@go.example",
        ] {
            assert_eq!(below(base, text), None, "{text}");
        }
        let pattern = "https://{partner}.go.example:8443/x/{motion}-{region}/";
        assert_eq!(below(pattern, "https://acme.go.example:8443/x/launch-dach/c").as_deref(), Some("c"));
        assert_eq!(below(pattern, "https://acme.go.example/x/launch-dach/c").as_deref(), Some("c"));
        assert_eq!(below(pattern, "https://acme.go.example:8443/y/launch-dach/c"), None);
    }

    #[test]
    fn what_leads_to_one_page_is_one() {
        for text in [
            "https://acme.example/a/b?C=ü",
            "HTTP://www.ACME.example.:443/%61//x/../B/?C=%C3%BC#d",
            "https://acme.example:8443/./a/b?C=%c3%bc",
        ] {
            assert_eq!(canonical(text), "acme.example/a/b?C=ü", "{text}");
        }
        assert_eq!(canonical("Ada@WWW.Acme.example."), "ada@acme.example");
        assert_eq!(canonical("https://xn--mnchen-3ya.example/"), canonical("https://münchen.example"));
        for (one, other) in [
            ("https://a.example/b", "https://a.example/c"),
            ("https://a.example/b", "https://a.example/b?c"),
            ("https://a.example", "https://b.a.example"),
            ("a@x.example", "b@x.example"),
        ] {
            assert_ne!(canonical(one), canonical(other), "{one} {other}");
        }
        for text in ["https://a.example/./?#b", "https://a.example//Index.HTML", "https://a.example/default.aspx#x"] {
            assert!(is_host_alone(text), "{text}");
        }
        for text in [
            "https://a.example/b",
            "https://a.example/b/index.html",
            "https://a.example/?b",
            "https://a.example/indexes",
        ] {
            assert!(!is_host_alone(text), "{text}");
        }
    }

    #[test]
    fn a_host_that_is_taken_for_another_is_named() {
        for text in
            ["https://аpple.example", "https://xn--pple-43d.example", "a@pаypal.example", "https://аррӏе.example"]
        {
            assert!(disguise(text).is_some(), "{text}");
        }
        for text in ["https://münchen.example", "https://例え.example", "https://пример.example", "a@x.example"]
        {
            assert_eq!(disguise(text), None, "{text}");
        }
    }

    proptest::proptest! {
        /// What is not parsed reads as if it were.
        #[test]
        fn a_plain_host_is_the_one_that_is_parsed(text in "https://([a-z0-9X.-]|xn--|0x){0,24}(\\.[a-z]{1,3})?(/[ -~é]{0,12})?") {
            if let Some(host) = plain_host(&text) {
                proptest::prop_assert_eq!(parsed_host(&text), Some(host.to_owned()));
            }
        }
    }
}
