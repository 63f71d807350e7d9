//! Addresses among other words of an attribute.

/// The addresses of `srcset`: `a.png 1x, b.png 2x`. A comma may be part of an address, but not its end.
pub fn candidates(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = text;
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == ',');
        if rest.is_empty() {
            return found;
        }
        let (word, behind) = rest.split_at(rest.find(|c: char| c.is_ascii_whitespace()).unwrap_or(rest.len()));
        let address = word.trim_end_matches(',');
        found.push(address);
        rest = if address.len() < word.len() { behind } else { behind_sizes(behind) };
    }
}

/// What follows the sizes of a candidate. A comma in brackets belongs to them.
fn behind_sizes(text: &str) -> &str {
    let mut depth = 0_usize;
    let is_end = |c: char| {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        c == ',' && depth == 0
    };
    text.find(is_end).and_then(|end| text.get(end + 1..)).unwrap_or_default()
}

/// The address of `<meta http-equiv=refresh content="5; url=…">`; `None` if the page only loads itself again.
pub fn refresh(text: &str) -> Option<&str> {
    let space = |c: char| c.is_ascii_whitespace();
    let rest = text.trim_start_matches(space).trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    let rest = rest.trim_start_matches(|c: char| space(c) || c == ';' || c == ',');
    let named = rest.get(..3).filter(|word| word.eq_ignore_ascii_case("url")).and_then(|_| rest.get(3..));
    let named = named.and_then(|behind| behind.trim_start_matches(space).strip_prefix('='));
    let address = named.unwrap_or(rest).trim_start_matches(space);
    let quoted = ['"', '\''].into_iter().find_map(|quote| address.strip_prefix(quote)?.split(quote).next());
    Some(quoted.unwrap_or(address)).filter(|address| !address.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn candidates_are_told_from_their_sizes() {
        let all = |text| candidates(text).join(" | ");
        assert_eq!(all("a.png"), "a.png");
        assert_eq!(all(" a.png 1x,b.png 2x , c,d.png\t100w"), "a.png | b.png | c,d.png");
        assert_eq!(all(",a.png,, b.png"), "a.png | b.png");
        assert_eq!(all("a.png calc(1px, 2px), b.png"), "a.png | b.png");
        assert_eq!(all("data:image/gif;base64,R0 1x, b.png"), "data:image/gif;base64,R0 | b.png");
        assert_eq!(all(" , "), "");
    }

    #[test]
    fn a_refresh_is_read_as_loosely_as_browsers_do() {
        let reads = [
            ("5", None),
            ("5;", None),
            ("0;url=a.html", Some("a.html")),
            (" 0.5 , URL = 'a.html' b", Some("a.html")),
            ("0; a.html", Some("a.html")),
            ("0 \"a.html", Some("a.html")),
            ("1;urla.html", Some("urla.html")),
            ("0;\u{fc}rl", Some("\u{fc}rl")),
        ];
        for (content, address) in reads {
            assert_eq!(refresh(content), address, "{content}");
        }
    }
}
