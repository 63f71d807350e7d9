//! Addresses among words, of which programs that show a text make links.

use std::ops::Range;

use crate::schema::domain;

/// Each address with the byte at which it begins: one with a scheme, or a host that begins with `www.`.
pub fn addresses(text: &str) -> Vec<(usize, &str)> {
    found(text, &[addressed, www], |_| false)
}

/// The same in a mail, where a host alone is one too, if it ends as hosts do, and a mailbox: `acme.com/offer`, `ada@acme.com`.
pub fn of_mail(text: &str) -> Vec<(usize, &str)> {
    found(text, &[addressed, www, bare, mailbox], begins)
}

/// The hosts that a text names, with or without a scheme, and its mailboxes as they are.
pub fn hosts(text: &str) -> impl Iterator<Item = String> {
    of_mail(text).into_iter().filter_map(|(_, address)| {
        mailbox_of(address).or_else(|| {
            let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
            let host = rest.split(is_behind_host).next().unwrap_or_default().to_lowercase();
            Some(host.trim_start_matches("www.").to_owned()).filter(|host| host.contains('.'))
        })
    })
}

/// The host of an address among words that has neither a scheme nor `www.`.
pub fn host_of(address: &str) -> Option<String> {
    let run = address.split(is_behind_host).next().unwrap_or_default();
    let host = plain(host_in(run, true).map_or(run, |at| &run[at]));
    (!address.contains("://") && !host.starts_with("www.")).then_some(host)
}

/// A host in small letters, with a `.` for each dot.
fn plain(host: &str) -> String {
    host.replace(DOTS, ".").to_lowercase()
}

/// An address among words that is a mailbox, in small letters.
pub fn mailbox_of(address: &str) -> Option<String> {
    let (name, rest) = address.split_once('@')?;
    let run = rest.split(is_behind_host).next().unwrap_or_default();
    let host = plain(host_in(run, true).map_or_else(|| run.trim_end_matches(LAST), |at| &run[..at.end]));
    name.chars().all(is_of_mailbox).then(|| format!("{}@{host}", name.to_lowercase()))
}

/// What stands behind a host, also where that is no path: programs end an address there.
fn is_behind_host(c: char) -> bool {
    !is_of_host(&c)
}

/// Signs at which some programs end an address, so that behind them another one may begin.
const ENDS: &[char] = &['(', ')', '[', ']', '{', '}', ',', ';', ':', '!', '|', '*', '\'', '’', '"'];

fn found<'t>(
    text: &'t str,
    kinds: &[fn(&str) -> Option<usize>],
    begins: impl Fn(&str) -> bool,
) -> Vec<(usize, &'t str)> {
    let next = |rest: &str| kinds.iter().filter_map(|kind| kind(rest)).min();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = text.get(at..).and_then(next).map(|start| at + start) {
        let rest = text.get(start..).unwrap_or_default();
        let word = rest.split(|c: char| c.is_whitespace() || "<>\"".contains(c)).next().unwrap_or_default();
        found.push((start, trimmed(word)));
        for (end, sign) in word.match_indices(ENDS) {
            let behind = &word[end + sign.len()..];
            let inner = behind.split(ENDS).next().unwrap_or_default();
            if begins(inner) {
                found.push((start + end + sign.len(), trimmed(inner)));
            }
        }
        at = start + word.len().max(1);
    }
    found
}

fn trimmed(word: &str) -> &str {
    word.trim_end_matches(['.', ',', ';', ':', '!', '?', ')', ']', '\''])
}

/// Whether a part of a word begins as a host or a mailbox does.
fn begins(part: &str) -> bool {
    [bare, mailbox, www].into_iter().any(|kind| kind(part) == Some(0))
}

fn addressed(text: &str) -> Option<usize> {
    Some(text.get(..text.find("://")?).unwrap_or_default().trim_end_matches(is_of_scheme).len())
}

fn is_of_scheme(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.')
}

/// Where a host begins by which people know an address without its scheme. Behind an `@` it is a mailbox's.
fn www(text: &str) -> Option<usize> {
    let is_host = |at: &usize| {
        let before = text.get(..*at).and_then(|before| before.chars().next_back());
        let behind = text.get(at + 4..).and_then(|behind| behind.chars().next());
        text.as_bytes().get(*at..at + 4).is_some_and(|start| start.eq_ignore_ascii_case(b"www."))
            && !before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '@' | '.' | '-'))
            && behind.is_some_and(char::is_alphanumeric)
    };
    memchr::memchr2_iter(b'w', b'W', text.as_bytes()).find(is_host)
}

/// Where a host begins that ends as hosts do, without a scheme or `www.`. Beside an `@` it is a part of a mailbox, and behind a
/// letter and `/` one of a path.
fn bare(text: &str) -> Option<usize> {
    let mut from = 0;
    loop {
        let point = from + text.get(from..)?.find(DOTS)?;
        let start = point - text[..point].chars().rev().take_while(is_of_host).map(char::len_utf8).sum::<usize>();
        let end = point + text[point..].chars().take_while(is_of_host).map(char::len_utf8).sum::<usize>();
        let host = host_in(&text[start..end], text[end..].starts_with('/')).map(|at| start + at.start..start + at.end);
        if let Some(host) = host.filter(|host| stands_alone(&text[..host.start], &text[host.end..])) {
            return Some(host.start);
        }
        from = end.max(point + 1);
    }
}

/// Whether what stands around a host makes it no part of something else.
fn stands_alone(before: &str, behind: &str) -> bool {
    let (mut before, mut behind) = (before.chars().rev(), behind.chars());
    let is_mailbox = behind.next() == Some('@') && behind.next().is_some_and(char::is_alphanumeric);
    match before.next() {
        // What stands in quotes may be a mailbox's name, too.
        Some('@') => !before.next().is_some_and(is_of_mailbox),
        Some('/') => !is_mailbox && before.next() == Some('/'),
        _ => !is_mailbox,
    }
}

/// Dots between labels: browsers read those of other scripts, too.
const DOTS: [char; 4] = ['.', '。', '．', '｡'];

/// What may stand behind a host without a blank, and is no part of it.
const LAST: [char; 6] = ['.', '-', '_', '。', '．', '｡'];

/// Where a host stands in a run of what hosts are made of. Between dots of other scripts, which end sentences, stands one of its
/// own, or the first labels of one.
fn host_in(run: &str, has_path: bool) -> Option<Range<usize>> {
    let wide = |c: char| c != '.' && DOTS.contains(&c);
    let mut pieces = run.match_indices(wide).map(|(at, dot)| (at, at + dot.len())).chain([(run.len(), run.len())]);
    let (mut before, mut start) = (None, 0);
    pieces.find_map(|(end, next)| {
        let has_path = has_path && end == run.len();
        let whole = host_at(run, start..end, has_path);
        // What such a dot joins is of ASCII, in whatever width: words of those scripts end a sentence there, and some ends of
        // hosts are words or names: `ください。Kim`.
        let joined = before.filter(|&before| [before..start, start..end].into_iter().all(|part| is_ascii(&run[part])));
        let joined = joined.and_then(|before| host_at(run, before..end, has_path));
        before = (start < end).then_some(start);
        start = next;
        whole.or(joined)
    })
}

fn is_ascii(piece: &str) -> bool {
    let last = piece.trim_end_matches(LAST);
    idna::domain_to_ascii(last).is_ok_and(|last| !last.starts_with("xn--"))
}

/// The host that a piece of a run is.
fn host_at(run: &str, at: Range<usize>, has_path: bool) -> Option<Range<usize>> {
    let piece = run[at.clone()].trim_end_matches(LAST);
    let host = piece.trim_start_matches('_');
    let start = at.start + piece.len() - host.len();
    is_host(host, has_path).then(|| start..start + host.len())
}

/// Where a mailbox begins.
fn mailbox(text: &str) -> Option<usize> {
    let name =
        |at: usize| text[..at].chars().rev().take_while(|c| is_of_mailbox(*c)).map(char::len_utf8).sum::<usize>();
    let is_mailbox = |at: &usize| {
        let run = text[at + 1..].split(is_behind_host).next().unwrap_or_default();
        name(*at) > 0 && host_in(run, true).is_some_and(|host| host.start == 0)
    };
    memchr::memchr_iter(b'@', text.as_bytes()).find(is_mailbox).map(|at| at - name(at))
}

fn is_of_mailbox(c: char) -> bool {
    c.is_alphanumeric() || "._%+-".contains(c)
}

fn is_of_host(c: &char) -> bool {
    c.is_alphanumeric() || matches!(c, '-' | '_') || DOTS.contains(c)
}

/// Degrees and forms of companies that people write without a blank, though they end as hosts do: `Anna Berg, M.Sc.`. Behind an
/// `@` or before a path they are hosts.
const ABBREVIATIONS: [&str; 18] = [
    "b.sc",
    "b.tech",
    "co.inc",
    "co.kg",
    "co.llc",
    "co.ltd",
    "d.sc",
    "dipl.ing",
    "dr.ing",
    "dr.med",
    "dr.sc",
    "dr.vet",
    "gmbh.co.kg",
    "m.sc",
    "m.tech",
    "pte.ltd",
    "pty.ltd",
    "pvt.ltd",
];

/// Whether a text is a host. One whose name is a digit is none where it may be a number before a unit: `3.de`.
fn is_host(text: &str, has_path: bool) -> bool {
    let labels: Vec<&str> = text.split(DOTS).collect();
    let is_label = |label: &&str| !label.is_empty() && !label.starts_with('-') && !label.ends_with('-');
    let is_name = |name: &str| has_path || name.chars().any(char::is_alphabetic) || name.len() > 1;
    let is_abbreviation = || ABBREVIATIONS.contains(&labels.join(".").to_lowercase().as_str());
    labels.len() > 1
        && (has_path || !is_abbreviation())
        && labels.iter().all(is_label)
        && labels.iter().rev().nth(1).is_some_and(|name| is_name(name))
        && labels.last().is_some_and(|last| domain::is_end(last))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_alone_are_found_in_mails() {
        let of = |text: &'static str| of_mail(text).into_iter().map(|(_, address)| address).collect::<Vec<_>>();
        for (text, expected) in [
            ("Visit evil-shop.com today.", &["evil-shop.com"][..]),
            ("(Evil.CO.UK/a?b), x.shop. bücher.de:8080", &["Evil.CO.UK/a?b", "x.shop", "bücher.de:8080"]),
            ("https://a.com/b.com www.c.com d.com", &["https://a.com/b.com", "www.c.com", "d.com"]),
            ("ada@evil.com, ada.gray@Evil.com! a/b.com", &["ada@evil.com", "ada.gray@Evil.com"]),
            (
                r#"secure_login.evil.com a_b.com _c.com_ d.com_e x_y.company_z "a b"@f.com g.com@ now \\h.com\x"#,
                &["secure_login.evil.com", "a_b.com", "c.com_", "f.com", "g.com@", r"h.com\x"],
            ),
            (
                "a。com b．Com/x c｡co。uk d@e。com。谢谢 你好。f.com。谢谢 g.ｃｏｍ 全球。中国 好。的 ください。Kim",
                &["a。com", "b．Com/x", "c｡co。uk", "d@e。com。谢谢", "f.com。谢谢", "g.ｃｏｍ"],
            ),
            (
                "a.com/(evil.com/x a.com:evil.com/y",
                &["a.com/(evil.com/x", "evil.com/x", "a.com:evil.com/y", "evil.com/y"],
            ),
            (
                "a.com/,www.evil.com https://a.com/;b@c.com",
                &["a.com/,www.evil.com", "www.evil.com", "https://a.com/;b@c.com", "b@c.com"],
            ),
            (
                "=a.com/l +b.com &c.com #d.com //e.com/x _f.com ~g.com",
                &["a.com/l", "b.com", "c.com", "d.com", "e.com/x", "f.com", "g.com"],
            ),
            (
                "1.com/x evil.рф evil.xn--p1ai x.shopping x.tokyo",
                &["1.com/x", "evil.рф", "evil.xn--p1ai", "x.shopping", "x.tokyo"],
            ),
            ("m.sc/x ada@co.kg x.m.sc", &["m.sc/x", "ada@co.kg", "x.m.sc"]),
            ("Anna Berg, M.Sc. (B.Sc.) Dr.med. Dunmore GmbH & Co.KG, Pvt.Ltd. Co.Ltd.", &[]),
            ("report.pdf z.B. e.V. d.h. 12.30 3.de St.Gallen U.S. Ende. Das ... .com -.com a..com", &[]),
        ] {
            assert_eq!(of(text), expected, "{text}");
        }
        assert!(addresses("evil-shop.com").is_empty());
        let many = "a.de(".repeat(20_000);
        assert_eq!(of_mail(&many).len(), 20_000);
        let named: Vec<String> = hosts("https://www.A.example:80/x b.com/c Ada@b.com.").collect();
        assert_eq!(named, ["a.example", "b.com", "ada@b.com"]);
        assert_eq!((mailbox_of("Ada@B.com/x"), mailbox_of("b.com/a@c")), (Some("ada@b.com".into()), None));
        assert_eq!(
            (host_of("B.com:80/c"), host_of("www.b.com"), host_of("a://b.com")),
            (Some("b.com".into()), None, None)
        );
        for (host, expected) in [("Evil。com。谢谢", "evil.com"), ("e.com_", "e.com"), ("e_f.com", "e_f.com")] {
            assert_eq!(host_of(host).as_deref(), Some(expected));
            assert_eq!(mailbox_of(&format!("A@{host}")), Some(format!("a@{expected}")));
        }
        assert_eq!(of_mail(&"字。".repeat(100_000)).len(), 0);
        assert_eq!(of_mail(&"a_".repeat(100_000)).len(), 0);
    }

    #[test]
    fn what_programs_make_links_of_is_found() {
        let reads: [(&str, &[&str]); 10] = [
            ("See https://a.example/x.", &["https://a.example/x"]),
            ("(www.a.example/x), WWW.b.example", &["www.a.example/x", "WWW.b.example"]),
            (
                "https://www.a.example/?b=www.c.example www.d.example",
                &["https://www.a.example/?b=www.c.example", "www.d.example"],
            ),
            ("<ftp://a.example>\"//b", &["ftp://a.example"]),
            ("me@www.a.example awww.b.example x.www.c.example www. www", &[]),
            ("w", &[]),
            ("://", &["://"]),
            ("ü:www.ä.example", &["www.ä.example"]),
            ("a:\nwww.a.example\nhttp://b.example", &["www.a.example", "http://b.example"]),
            ("www.a.example:8080/b", &["www.a.example:8080/b"]),
        ];
        for (text, expected) in reads {
            let found: Vec<&str> = addresses(text).into_iter().map(|(_, address)| address).collect();
            assert_eq!(found, expected, "{text}");
            assert!(addresses(text).iter().all(|(at, address)| text[*at..].starts_with(address)));
        }
    }
}
