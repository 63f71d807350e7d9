//! Addresses among words, of which programs that show a text make links.

/// Each address with the byte at which it begins: one with a scheme, or a host that begins with `www.`.
pub fn addresses(text: &str) -> Vec<(usize, &str)> {
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

fn next(text: &str) -> Option<usize> {
    let scheme = text.find("://").map(|at| text.get(..at).unwrap_or_default().trim_end_matches(is_of_scheme).len());
    scheme.into_iter().chain(host(text)).min()
}

fn is_of_scheme(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.')
}

/// Where a host begins by which people know an address without its scheme. Behind an `@` it is a mailbox's.
fn host(text: &str) -> Option<usize> {
    let is_host = |at: &usize| {
        let before = text.get(..*at).and_then(|before| before.chars().next_back());
        let behind = text.get(at + 4..).and_then(|behind| behind.chars().next());
        text.as_bytes().get(*at..at + 4).is_some_and(|start| start.eq_ignore_ascii_case(b"www."))
            && !before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '@' | '.' | '-'))
            && behind.is_some_and(char::is_alphanumeric)
    };
    memchr::memchr2_iter(b'w', b'W', text.as_bytes()).find(is_host)
}

#[cfg(test)]
mod tests {
    use super::*;

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
