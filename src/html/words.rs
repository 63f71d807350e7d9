//! Addresses among words, of which programs that show a text make links.

/// Each address with the byte at which it begins: one with a scheme, or a host that begins with `www.`.
pub fn addresses(text: &str) -> Vec<(usize, &str)> {
    found(text, &[addressed, www])
}

/// The same in a mail, where a host alone is one too, if it ends as hosts do: `acme.com/offer`.
pub fn of_mail(text: &str) -> Vec<(usize, &str)> {
    found(text, &[addressed, www, bare])
}

/// The hosts that a text names, with or without a scheme.
pub fn hosts(text: &str) -> impl Iterator<Item = String> {
    of_mail(text).into_iter().filter_map(|(_, address)| {
        let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
        let host = rest.split(is_behind_host).next().unwrap_or_default().to_lowercase();
        Some(host.trim_start_matches("www.").to_owned()).filter(|host| host.contains('.'))
    })
}

/// The host of an address among words that has neither a scheme nor `www.`.
pub fn host_of(address: &str) -> Option<String> {
    let host = address.split(is_behind_host).next().unwrap_or_default().to_lowercase();
    (!address.contains("://") && !host.starts_with("www.")).then_some(host)
}

fn is_behind_host(c: char) -> bool {
    matches!(c, '/' | ':' | '?' | '#')
}

fn found<'t>(text: &'t str, kinds: &[fn(&str) -> Option<usize>]) -> Vec<(usize, &'t str)> {
    let next = |rest: &str| kinds.iter().filter_map(|kind| kind(rest)).min();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = text.get(at..).and_then(next).map(|start| at + start) {
        let rest = text.get(start..).unwrap_or_default();
        let word = rest.split(|c: char| c.is_whitespace() || "<>\"".contains(c)).next().unwrap_or_default();
        found.push((start, word.trim_end_matches(['.', ',', ';', ':', '!', '?', ')', ']', '\''])));
        at = start + word.len().max(1);
    }
    found
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

/// Where a host begins that ends as hosts do, without a scheme or `www.`. Beside an `@` it is a part of a mailbox, and behind other
/// signs one of a path or a name.
fn bare(text: &str) -> Option<usize> {
    let mut from = 0;
    loop {
        let point = from + text.get(from..)?.find('.')?;
        let start = point - text[..point].chars().rev().take_while(is_of_host).map(char::len_utf8).sum::<usize>();
        let end = point + text[point..].chars().take_while(is_of_host).map(char::len_utf8).sum::<usize>();
        let host = text[start..end].trim_end_matches(['.', '-']);
        let before = text[..start].chars().next_back();
        let behind = text[start + host.len()..].chars().next();
        let stands_alone =
            !before.is_some_and(|c| "@/\\_=&#%+~".contains(c)) && !matches!(behind, Some('@' | '_' | '\\'));
        if stands_alone && is_host(host) {
            return Some(start);
        }
        from = end.max(point + 1);
    }
}

fn is_of_host(c: &char) -> bool {
    c.is_alphanumeric() || matches!(c, '.' | '-')
}

fn is_host(text: &str) -> bool {
    let labels: Vec<&str> = text.split('.').collect();
    let is_label = |label: &&str| !label.is_empty() && !label.starts_with('-') && !label.ends_with('-');
    labels.len() > 1
        && labels.iter().all(is_label)
        && labels.last().is_some_and(|last| is_top(&last.to_ascii_lowercase()))
        && labels.iter().rev().nth(1).is_some_and(|name| name.chars().any(char::is_alphabetic) || name.len() > 1)
}

/// Whether hosts end so: with the code of a country, or one of [`TOPS`].
fn is_top(label: &str) -> bool {
    let is_country = || rust_iso3166::from_alpha2(&label.to_ascii_uppercase()).is_some();
    TOPS.binary_search(&label).is_ok() || label.len() == 2 && is_country()
}

/// What hosts end with that is no country of ISO 3166: the ends of the first years, and of the many that came later those at which
/// most hosts are. Mail programs know them by lists of their own, of which none is published.
const TOPS: [&str; 108] = [
    "ac",
    "academy",
    "aero",
    "agency",
    "app",
    "art",
    "asia",
    "bank",
    "bid",
    "bio",
    "biz",
    "blog",
    "cam",
    "care",
    "cat",
    "center",
    "cfd",
    "chat",
    "click",
    "cloud",
    "club",
    "com",
    "company",
    "coop",
    "design",
    "dev",
    "digital",
    "directory",
    "download",
    "edu",
    "email",
    "eu",
    "events",
    "exchange",
    "expert",
    "express",
    "fun",
    "fund",
    "games",
    "global",
    "gov",
    "group",
    "guru",
    "help",
    "host",
    "icu",
    "info",
    "int",
    "international",
    "jobs",
    "life",
    "link",
    "live",
    "loan",
    "marketing",
    "media",
    "mil",
    "mobi",
    "mov",
    "museum",
    "name",
    "net",
    "network",
    "news",
    "ninja",
    "one",
    "online",
    "org",
    "page",
    "party",
    "post",
    "press",
    "pro",
    "review",
    "run",
    "sale",
    "sbs",
    "science",
    "services",
    "shop",
    "site",
    "solutions",
    "space",
    "store",
    "stream",
    "studio",
    "su",
    "support",
    "systems",
    "team",
    "tech",
    "tel",
    "today",
    "tools",
    "top",
    "trade",
    "travel",
    "uk",
    "video",
    "vip",
    "website",
    "win",
    "work",
    "world",
    "xxx",
    "xyz",
    "zip",
    "zone",
];

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
            ("ada@evil.com ada.gray@evil.com a/b.com a_b.com", &[]),
            ("report.pdf z.B. e.V. d.h. 12.30 3.de St.Gallen U.S. Ende. Das ... .com -.com a..com", &[]),
        ] {
            assert_eq!(of(text), expected, "{text}");
        }
        assert!(addresses("evil-shop.com").is_empty());
        assert!(TOPS.is_sorted());
        let named: Vec<String> = hosts("https://www.A.example:80/x b.com/c").collect();
        assert_eq!(named, ["a.example", "b.com"]);
        assert_eq!(
            (host_of("B.com:80/c"), host_of("www.b.com"), host_of("a://b.com")),
            (Some("b.com".into()), None, None)
        );
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
