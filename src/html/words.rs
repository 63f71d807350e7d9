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
        for (from, piece) in pieces(word).skip(1) {
            let inner = piece.trim_start_matches(BETWEEN);
            if begins(inner) {
                found.push((start + from + piece.len() - inner.len(), trimmed(inner)));
            }
        }
        at = start + word.len().max(1);
    }
    found
}

/// What may stand between two hosts, and in no host side by side.
const BETWEEN: [char; 2] = ['.', '-'];

/// A word where programs end an address in it, with where each piece begins: at a sign, and where no host goes on, such as
/// between several dots.
fn pieces(word: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut before = None;
    let cut = move |(at, c): (usize, char)| {
        let last = before.replace(c);
        let is_joint = c == '.' && last.is_some_and(|last| BETWEEN.contains(&last)) || c == '-' && last == Some('.');
        if ENDS.contains(&c) { Some((at, at + c.len_utf8())) } else { is_joint.then_some((at, at)) }
    };
    let mut from = 0;
    let cuts = word.char_indices().filter_map(cut).chain([(word.len(), word.len())]).collect::<Vec<_>>();
    cuts.into_iter().map(move |(end, next)| {
        let start = std::mem::replace(&mut from, next);
        (start, &word[start..end])
    })
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
        let host = host_in(&text[start..end], has_more(&text[end..])).map(|at| start + at.start..start + at.end);
        if let Some(host) = host.filter(|host| stands_alone(&text[..host.start], &text[host.end..])) {
            return Some(host.start);
        }
        from = end.max(point + 1);
    }
}

/// Whether behind a host stands what makes an address of it: a path, a query, a fragment or a port.
fn has_more(behind: &str) -> bool {
    let mut behind = behind.chars();
    match (behind.next(), behind.next()) {
        (Some('/'), _) => true,
        (Some('?' | '#'), Some(next)) => !next.is_whitespace() && !",;:!?)".contains(next),
        (Some(':'), Some(next)) => next.is_ascii_digit(),
        _ => false,
    }
}

/// Whether what stands around a host makes it no part of something else.
fn stands_alone(before: &str, behind: &str) -> bool {
    let (mut before, mut behind) = (before.chars().rev(), behind.chars());
    let is_mailbox = behind.next() == Some('@') && behind.next().is_some_and(char::is_alphanumeric);
    match before.next() {
        // What stands in quotes may be a mailbox's name, too.
        Some('@') => !before.next().is_some_and(is_of_mailbox),
        Some('/') => !is_mailbox && !before.next().is_some_and(char::is_alphanumeric),
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

/// The host that stands in a piece of a run. Programs that show a text leave out what cannot be of a host: an empty label, and a
/// `-` at the end of one.
fn host_at(run: &str, at: Range<usize>, has_path: bool) -> Option<Range<usize>> {
    let piece = run[at.clone()].trim_end_matches(LAST);
    let mut start = None;
    let mut from = 0;
    let labels: Vec<Range<usize>> = piece
        .match_indices(DOTS)
        .map(|(end, dot)| (end, end + dot.len()))
        .chain([(piece.len(), piece.len())])
        .map(|(end, next)| std::mem::replace(&mut from, next)..end)
        .collect();
    for (number, label) in labels.iter().enumerate() {
        let text = &piece[label.clone()];
        let begun = text.trim_start_matches(['-', '_']);
        let is_broken = text.starts_with('-') || begun.is_empty();
        let begin = label.end - begun.len();
        if is_broken || start.is_none() {
            start = Some(begin).filter(|_| !begun.is_empty());
        }
        let is_last = labels.get(number + 1).is_none_or(|next| {
            let next = &piece[next.clone()];
            next.is_empty() || next.starts_with('-')
        });
        let Some(first) = start.filter(|_| is_last || text.ends_with('-')) else { continue };
        start = None;
        let has_path = has_path && number + 1 == labels.len();
        if let Some(end) = end_of_host(piece, first, label.end, has_path) {
            return Some(at.start + first..at.start + end);
        }
    }
    None
}

/// Where a host ends that may be what stands there: behind its last label, or before a `-` in that.
fn end_of_host(piece: &str, start: usize, end: usize, has_path: bool) -> Option<usize> {
    let whole = start + piece[start..end].trim_end_matches('-').len();
    let last = piece[start..whole].rfind(DOTS).map_or(start, |dot| start + dot);
    let shorter = piece[last..whole].find('-').map(|at| last + at);
    let mut ends = [(Some(whole), has_path && whole == end), (shorter, false)].into_iter();
    ends.find_map(|(end, has_path)| end.filter(|&end| is_host(&piece[start..end], has_path)))
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
const ABBREVIATIONS: [&str; 39] = [
    "and.co",
    "b.ag",
    "b.ch",
    "b.com",
    "b.ec",
    "b.sc",
    "b.tech",
    "b.th",
    "co.inc",
    "co.kg",
    "co.llc",
    "co.ltd",
    "d.ch",
    "d.sc",
    "d.th",
    "dipl.ing",
    "dr.ing",
    "dr.med",
    "dr.sc",
    "dr.vet",
    "e.coop",
    "gmbh.co",
    "gmbh.co.kg",
    "m.ch",
    "m.com",
    "m.ec",
    "m.sc",
    "m.st",
    "m.tech",
    "m.th",
    "p.ltd",
    "pte.ltd",
    "pty.ltd",
    "pvt.ltd",
    "s.a.de",
    "s.coop",
    "s.coop.and",
    "s.de",
    "soc.coop",
];

/// Names of people that are ends of hosts as well: `Dr.Kim`.
const SURNAMES: [&str; 22] = [
    "black", "bond", "day", "fan", "fox", "gold", "green", "hu", "hughes", "kim", "li", "lu", "ma", "mo", "moe", "ng",
    "page", "rich", "schmidt", "schwarz", "so", "su",
];

/// Whether labels are a person's title or initials with a name behind them, as people write names and no hosts: `Dr.Kim`, `J.Green`.
fn is_person(labels: &[&str]) -> bool {
    let is_before =
        |label: &str| matches!(label, "Dr" | "Prof") || label.len() == 1 && label.starts_with(char::is_uppercase);
    let is_name = |name: &str| {
        name.starts_with(char::is_uppercase)
            && !name.chars().skip(1).any(char::is_uppercase)
            && SURNAMES.binary_search(&name.to_lowercase().as_str()).is_ok()
    };
    labels.split_last().is_some_and(|(name, before)| is_name(name) && before.iter().all(|label| is_before(label)))
}

/// Whether a text is a host. One whose name is a digit is none where it may be a number before a unit: `3.de`.
fn is_host(text: &str, has_path: bool) -> bool {
    let labels: Vec<&str> = text.split(DOTS).collect();
    let is_label = |label: &&str| !label.is_empty() && !label.starts_with('-') && !label.ends_with('-');
    let is_name = |name: &str| has_path || name.chars().any(char::is_alphabetic) || name.len() > 1;
    let is_abbreviation = || ABBREVIATIONS.contains(&labels.join(".").to_lowercase().as_str());
    labels.len() > 1
        && (has_path || !is_abbreviation() && !is_person(&labels))
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
                "=a.com/l +h.com &c.com #d.com //e.com/x _f.com ~g.com",
                &["a.com/l", "h.com", "c.com", "d.com", "e.com/x", "f.com", "g.com"],
            ),
            (
                "1.com/x evil.рф evil.xn--p1ai x.shopping x.tokyo",
                &["1.com/x", "evil.рф", "evil.xn--p1ai", "x.shopping", "x.tokyo"],
            ),
            ("m.sc/x ada@co.kg x.m.sc", &["m.sc/x", "ada@co.kg", "x.m.sc"]),
            ("Anna Berg, M.Sc. (B.Sc.) Dr.med. Dunmore GmbH & Co.KG, Pvt.Ltd. Co.Ltd.", &[]),
            (
                "more...evil.com -evil.com /evil.com x-.evil.com evil.com--x m.tech?x",
                &["evil.com", "evil.com", "evil.com", "evil.com", "evil.com--x", "m.tech?x"],
            ),
            ("a.com...evil.com a.com-.b.com/x", &["a.com...evil.com", "evil.com", "a.com-.b.com/x", "b.com/x"]),
            (
                "b.sc:80 co.kg#x x.-evil.com (/evil.com) ..evil.com",
                &["b.sc:80", "co.kg#x", "evil.com", "evil.com", "evil.com"],
            ),
            ("S.Coop. Soc.Coop, S.A.de C.V. B.Com. B.Ec. Dr.Kim J.Green J.R.Green M.Sc? M.Sc: x and/or.com", &[]),
            ("dr.kim j.green Dr.Kim/x Dr.Shop", &["dr.kim", "j.green", "Dr.Kim/x", "Dr.Shop"]),
            ("report.pdf z.B. e.V. d.h. 12.30 3.de St.Gallen U.S. Ende. Das ... .com -.com a..com src/main.rs", &[]),
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
        assert_eq!(of_mail(&"a.-".repeat(100_000)).len(), 0);
        assert_eq!(of_mail(&"a.de..".repeat(20_000)).len(), 20_000);
        for host in ["more...evil.com", "-evil.com", "x-.evil.com", "evil.com--x"] {
            assert_eq!(host_of(host).as_deref(), Some("evil.com"));
        }
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
