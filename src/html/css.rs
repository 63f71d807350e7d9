//! Addresses in styles: `url(…)`, and texts where an address is meant.

use memchr::{memchr3_iter, memmem};

/// The addresses that a style names, with their escapes resolved.
pub fn addresses(style: &str) -> Vec<String> {
    if is_plain(style.as_bytes()) {
        return Vec::new();
    }
    // All of these end a line in a style.
    let style = style.replace("\r\n", "\n").replace(['\r', '\u{c}'], "\n");
    let mut scanner =
        Scanner { rest: &style, functions: Vec::new(), imports: false, is_custom: false, found: Vec::new() };
    while scanner.step() {}
    scanner.found
}

/// Whether a style holds neither an `@import`, nor a function of [`TAKE_ADDRESSES`], nor a web address beside a
/// property of its own, nor a backslash, which could stand for any of it.
pub fn is_plain(style: &[u8]) -> bool {
    let marks = || memchr3_iter(b'(', b'@', b'\\', style);
    let holds = |what: &[u8]| memmem::find(style, what).is_some();
    let is_plain = |at: usize| match style.split_at_checked(at) {
        Some((before, [b'(', ..])) => !TAKE_ADDRESSES.iter().any(|name| ends_with(before, name)),
        Some((_, [b'@', behind, ..])) => !matches!(behind, b'i' | b'I'),
        Some((_, rest)) => matches!(rest, [b'@']),
        None => true,
    };
    marks().all(is_plain) && !(holds(b"--") && holds(b"//"))
}

fn ends_with(text: &[u8], name: &str) -> bool {
    text.split_at_checked(text.len().wrapping_sub(name.len()))
        .is_some_and(|(_, end)| end.eq_ignore_ascii_case(name.as_bytes()))
}

/// Functions whose texts are addresses. `src` and `image` are not known to every browser yet.
const TAKE_ADDRESSES: &[&str] = &["url", "src", "image", "image-set", "-webkit-image-set"];

struct Scanner<'a> {
    rest: &'a str,
    /// The open brackets, and whether each is of a function that takes addresses.
    functions: Vec<bool>,
    /// Whether an `@import` has begun.
    imports: bool,
    /// Whether a property of the style's own has begun (`--name`), whose texts may become addresses elsewhere.
    is_custom: bool,
    found: Vec<String>,
}

impl Scanner<'_> {
    /// Reads one token; `false` at the end.
    fn step(&mut self) -> bool {
        let Some(first) = self.rest.chars().next() else { return false };
        match first {
            '/' if self.rest.starts_with("/*") => {
                self.rest = self.rest.get(2..).and_then(|rest| Some(rest.split_once("*/")?.1)).unwrap_or_default();
            }
            '"' | '\'' => {
                self.take();
                let text = self.text(first);
                let is_address = text.starts_with("//") || text.contains("://");
                if self.imports || self.functions.last() == Some(&true) || self.is_custom && is_address {
                    self.found.push(text);
                }
            }
            '@' => {
                self.take();
                self.imports = self.name() == "import";
            }
            _ if is_name(first) || first == '\\' => self.word(),
            _ => {
                self.take();
                self.punctuation(first);
            }
        }
        true
    }

    fn punctuation(&mut self, c: char) {
        match c {
            '(' => self.functions.push(false),
            ')' => drop(self.functions.pop()),
            ';' | '{' | '}' => (self.imports, self.is_custom) = (false, false),
            _ => {}
        }
    }

    fn word(&mut self) {
        let name = self.name();
        if name.is_empty() {
            // A backslash before a line end, which begins no name.
            self.take();
        } else if let Some(rest) = self.rest.strip_prefix('(') {
            self.rest = rest;
            self.function(&name);
        } else {
            self.is_custom |= name.starts_with("--");
        }
    }

    fn function(&mut self, name: &str) {
        let inner = self.rest.trim_start_matches(|c: char| c.is_ascii_whitespace());
        if name == "url" && !inner.starts_with(['"', '\'']) {
            self.rest = inner;
            let address = self.text(')');
            self.found.push(address.trim_end().to_owned());
        } else {
            self.functions.push(TAKE_ADDRESSES.contains(&name));
        }
    }

    fn take(&mut self) -> Option<char> {
        let mut chars = self.rest.chars();
        let c = chars.next();
        self.rest = chars.as_str();
        c
    }

    /// A name in lower case; names have no case.
    fn name(&mut self) -> String {
        let mut name = String::new();
        while let Some(c) = self.rest.chars().next() {
            if c == '\\' && !self.rest.starts_with("\\\n") {
                self.take();
                name.extend(self.escaped());
            } else if is_name(c) {
                self.take();
                name.push(c);
            } else {
                break;
            }
        }
        name.make_ascii_lowercase();
        name
    }

    /// What stands up to a closing mark; a text in quotes ends with its line too.
    fn text(&mut self, end: char) -> String {
        let mut text = String::new();
        while let Some(c) = self.take() {
            match c {
                '\\' if self.rest.starts_with('\n') => drop(self.take()),
                '\\' => text.extend(self.escaped()),
                '\n' if end != ')' => break,
                c if c == end => break,
                c => text.push(c),
            }
        }
        text
    }

    /// What a backslash stands for that was just taken: `\75 ` is a `u`.
    fn escaped(&mut self) -> Option<char> {
        let digits = self.rest.chars().take(6).take_while(char::is_ascii_hexdigit).count();
        let (code, rest) = self.rest.split_at_checked(digits)?;
        if code.is_empty() {
            return self.take();
        }
        self.rest = rest.strip_prefix(|c: char| c.is_ascii_whitespace()).unwrap_or(rest);
        u32::from_str_radix(code, 16).ok().and_then(char::from_u32).filter(|&c| c != '\0').or(Some('\u{fffd}'))
    }
}

fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_') || !c.is_ascii()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_found_however_they_are_written() {
        let reads: [(&str, &[&str]); 22] = [
            ("content: \"\u{c};background: url(a.png)", &["a.png"]),
            ("content: \"\r;background: url(a.png)", &["a.png"]),
            ("--a: \"https://a.example\"; background: image-set(var(--a) 1x)", &["https://a.example"]),
            ("--a: '//a.example'", &["//a.example"]),
            ("--a: 'a'; content: 'https://a.example'", &[]),
            ("color: red", &[]),
            ("color: rgb(1, 2, 3); content: \"url(a.png)\"", &[]),
            ("background: url(a.png)", &["a.png"]),
            ("background: URL( \"a.png\" ) no-repeat, url('b.png')", &["a.png", "b.png"]),
            ("background: url(\n a.png\n )", &["a.png"]),
            ("background: \\75rl(a.png)", &["a.png"]),
            ("background: \\000075 \\52 l(a.png)", &["a.png"]),
            ("background: u\\rl(a.png)", &["a.png"]),
            ("background: url(\\68 ttps://a.example)", &["https://a.example"]),
            ("background: url(\"htt\\\nps://a.example\")", &["https://a.example"]),
            ("/* url(a.png) */ background: ur/**/l(b.png)", &[]),
            ("content: \"\\\"\"; background: url(\"a.png\")", &["a.png"]),
            ("@import \"a.css\" screen; content: \"b\"", &["a.css"]),
            ("@\\69mport url(a.css);", &["a.css"]),
            ("background: image-set(\"a.png\" type(\"image/png\") 1x, \"b.png\" 2x)", &["a.png", "b.png"]),
            ("src: local(\"A\"), url(a.woff2) format(\"woff2\")", &["a.woff2"]),
            ("filter: url(#a) \\", &["#a"]),
        ];
        for (style, found) in reads {
            assert_eq!(addresses(style), found, "{style}");
        }
    }

    #[test]
    fn whatever_is_not_closed_ends_with_the_style() {
        for style in ["url(", "url(a", "\"a", "/*", "@", "\\", "a\\", "url(\\", "image-set(\"a", "\\75"] {
            addresses(style);
        }
    }
}
