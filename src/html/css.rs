//! Addresses in styles: `url(…)`, and texts where an address is meant.

use memchr::{memchr2_iter, memchr3_iter};

use super::address::leads_outward;

/// The addresses that a style names, with their escapes resolved, each with the byte at which it begins.
pub fn addresses(style: &str) -> Vec<(usize, String)> {
    if is_plain(style.as_bytes()) {
        return Vec::new();
    }
    // All of these end a line in a style.
    let read = style.replace("\r\n", "\n").replace(['\r', '\u{c}'], "\n");
    let mut scanner =
        Scanner { rest: &read, open: Vec::new(), statement: Statement::New, last: ' ', found: Vec::new() };
    while scanner.step() {}
    // Of two bytes that end a line one was read.
    let ends: Vec<usize> = style.match_indices("\r\n").enumerate().map(|(before, (at, _))| at - before).collect();
    let found = scanner.found.into_iter().map(|(behind, address)| {
        let at = read.len() - behind;
        (at + ends.partition_point(|&end| end < at), address)
    });
    found.collect()
}

/// Whether a style holds neither an `@import`, nor a function of [`TAKE_ADDRESSES`], nor a text that could lead
/// outward, nor a backslash, which could stand for any of it.
pub fn is_plain(style: &[u8]) -> bool {
    let marks = || memchr3_iter(b'(', b'@', b'\\', style);
    let is_plain = |at: usize| match style.split_at_checked(at) {
        Some((before, [b'(', ..])) => !TAKE_ADDRESSES.iter().any(|name| ends_with(before, name)),
        Some((_, [b'@', behind, ..])) => !matches!(behind, b'i' | b'I'),
        Some((_, rest)) => matches!(rest, [b'@']),
        None => true,
    };
    let quotes = || memchr2_iter(b'"', b'\'', style);
    marks().all(is_plain) && !quotes().any(|at| style.get(at + 1..).is_some_and(begins_outward))
}

/// Whether a text, read from behind a quotation mark, could name a host: with a scheme, or with two slashes. There is no
/// backslash in it.
fn begins_outward(text: &[u8]) -> bool {
    let text = text.trim_ascii_start().iter().skip_while(|byte| **byte <= b' ').filter(|byte| **byte != b'\t');
    let mut text = text.skip_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'));
    matches!((text.next(), text.next()), (Some(b':'), _) | (Some(b'/'), Some(b'/')))
}

fn ends_with(text: &[u8], name: &str) -> bool {
    text.split_at_checked(text.len().wrapping_sub(name.len()))
        .is_some_and(|(_, end)| end.eq_ignore_ascii_case(name.as_bytes()))
}

/// Functions whose texts are addresses. `src` and `image` are not known to every browser yet.
const TAKE_ADDRESSES: &[&str] = &["url", "src", "image", "image-set", "-webkit-image-set"];

/// What a scanner is in, as far as texts mean something else there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Statement {
    /// Nothing of it is read yet.
    New,
    Import,
    /// `@namespace`, whose address is a name only.
    Namespace,
    /// The name `content`, which a colon makes a property.
    Content,
    /// The value of `content`, whose texts are shown.
    Shown,
    /// A property of the style's own (`--name`), which may be put in anywhere.
    Custom,
    Other,
}

/// An open bracket.
#[derive(Clone, Copy, Debug)]
struct Bracket {
    /// What ends it.
    close: char,
    /// Whether it is of a function that takes addresses.
    takes: bool,
    /// Whether it stands in a property of the style's own.
    is_custom: bool,
}

struct Scanner<'a> {
    rest: &'a str,
    open: Vec<Bracket>,
    statement: Statement,
    /// The sign before the token, but for white space.
    last: char,
    /// Each with how much was left to read where it begins.
    found: Vec<(usize, String)>,
}

impl Scanner<'_> {
    /// Reads one token; `false` at the end.
    fn step(&mut self) -> bool {
        let Some(first) = self.rest.chars().next() else { return false };
        if self.rest.starts_with("/*") {
            self.rest = self.rest.get(2..).and_then(|rest| Some(rest.split_once("*/")?.1)).unwrap_or_default();
            return true;
        }
        if first.is_ascii_whitespace() {
            self.take();
            return true;
        }
        match first {
            '"' | '\'' => {
                self.take();
                let behind = self.rest.len();
                let text = self.text(first);
                let is_address = self.open.last().is_some_and(|open| open.takes) || self.statement == Statement::Import;
                if is_address || leads_outward(&text) && !self.is_kept() {
                    self.found.push((behind, text));
                }
                self.begin(Statement::Other);
            }
            '@' => {
                self.take();
                self.rule();
            }
            _ if is_name(first) || first == '\\' => self.word(),
            _ => {
                self.take();
                self.punctuation(first);
            }
        }
        self.last = first;
        true
    }

    /// Whether no browser takes a text for an address here, though it could be one: what is shown, and what an attribute
    /// is compared with.
    fn is_kept(&self) -> bool {
        match self.open.last() {
            _ if self.statement == Statement::Namespace => true,
            Some(open) if open.close == ']' => self.last == '=',
            Some(open) if open.close == ')' || open.is_custom => false,
            _ => self.statement == Statement::Shown,
        }
    }

    /// Whether no bracket is open but those that hold statements.
    fn is_among_statements(&self) -> bool {
        self.open.last().is_none_or(|open| open.close == '}')
    }

    /// Begins a statement, if none has begun.
    fn begin(&mut self, statement: Statement) {
        if matches!(self.statement, Statement::New | Statement::Content) && self.is_among_statements() {
            self.statement = statement;
        }
    }

    fn rule(&mut self) {
        match &*self.name() {
            "import" => self.statement = Statement::Import,
            "namespace" if self.open.is_empty() => self.begin(Statement::Namespace),
            _ => self.begin(Statement::Other),
        }
    }

    fn punctuation(&mut self, c: char) {
        match c {
            '(' => self.bracket(')', false),
            '[' => self.bracket(']', false),
            '{' => self.bracket('}', false),
            ')' | ']' | '}' if self.open.last().is_some_and(|open| open.close == c) => drop(self.open.pop()),
            ':' if self.statement == Statement::Content => self.begin(Statement::Shown),
            ';' | '}' => {}
            _ => self.begin(Statement::Other),
        }
        if matches!(c, ';' | '{' | '}') && self.is_among_statements() {
            self.statement = Statement::New;
        }
    }

    fn bracket(&mut self, close: char, takes: bool) {
        self.begin(Statement::Other);
        let is_custom = self.statement == Statement::Custom || self.open.last().is_some_and(|open| open.is_custom);
        self.open.push(Bracket { close, takes, is_custom });
    }

    fn word(&mut self) {
        let name = self.name();
        if name.is_empty() {
            // A backslash before a line end, which begins no name.
            self.take();
        } else if let Some(rest) = self.rest.strip_prefix('(') {
            self.rest = rest;
            return self.function(&name);
        }
        let is_first = self.statement == Statement::New;
        self.begin(match &*name {
            "content" if is_first => Statement::Content,
            name if is_first && name.starts_with("--") => Statement::Custom,
            _ => Statement::Other,
        });
    }

    fn function(&mut self, name: &str) {
        let inner = self.rest.trim_start_matches(|c: char| c.is_ascii_whitespace());
        if name == "url" && !inner.starts_with(['"', '\'']) {
            self.rest = inner;
            let behind = inner.len();
            let address = self.text(')').trim_end().to_owned();
            self.begin(Statement::Other);
            self.found.extend(Some((behind, address)).filter(|_| self.statement != Statement::Namespace));
        } else {
            let takes = TAKE_ADDRESSES.contains(&name) && self.statement != Statement::Namespace;
            self.bracket(')', takes);
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
    fn addresses(style: &str) -> Vec<String> {
        super::addresses(style).into_iter().map(|(_, address)| address).collect()
    }

    #[test]
    fn addresses_are_found_at_their_bytes() {
        let style = "a{b:c}\r\nd{e:url( //f)}\r\n@import\r'g';\r\nh{i:url('j')}";
        let at = |address: &str| (style.find(address).unwrap(), address.to_owned());
        assert_eq!(super::addresses(style), [at("//f"), at("g"), at("j")]);
    }

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
    fn a_text_that_leads_outward_is_an_address_wherever_it_stands() {
        for style in [
            "background: image-set(env(z, 'ADDRESS') 1x)",
            "background: image-set(var(--z, \"ADDRESS\") 1x)",
            "background: image-set(attr(data-x type(<string>), 'ADDRESS') 1x)",
            "background: image-set(if(style(--x: 1): 'ADDRESS'; else: 'a') 1x)",
            "--a: 'ADDRESS'",
            "color:red;--a:\n'ADDRESS'",
            "--a: {content: 'ADDRESS'}",
            "--a: (;content: 'ADDRESS')",
            "--a: [;content: 'ADDRESS']",
            "--content: 'ADDRESS'",
            "content: image-set(var(--z, 'ADDRESS') 1x)",
            "content: --f('ADDRESS')",
            "color: content: 'ADDRESS'",
            "'a' content: 'ADDRESS'",
            "content 'ADDRESS'",
            "@property --a {syntax: '*'; inherits: true; initial-value: 'ADDRESS'}",
            "@function --f() {result: 'ADDRESS'}",
            "a{} @property --a {initial-value: 'ADDRESS'}",
            "cont\\65nt:x;b:'ADDRESS'",
            "@namespace a; b{c:'ADDRESS'}",
            "a{@namespace 'ADDRESS'}",
        ] {
            for address in
                ["https://a.example/x", "http:a.example", "//a.example", "HTTPS:/a.example", " \tht\ttp://a", "/\t/a"]
            {
                let style = style.replace("ADDRESS", address);
                assert_eq!(addresses(&style), [address], "{style}");
            }
            let style = style.replace("ADDRESS", "\\5c\\5c a.example");
            assert_eq!(addresses(&style), ["\\\\a.example"], "{style}");
        }
    }

    #[test]
    fn a_text_that_is_only_shown_or_compared_is_none() {
        for style in [
            "content: 'https://a.example'",
            "color: red; CONTENT : '//a.example' / 'https://b.example'",
            "a::after{/* a */content/* b */: 'https://a.example' attr(href)}",
            "@media print{a[href]::after{content:'https://a.example'}}",
            "a[href^='https://a.example'], a[href*=\"//\" i]{color:red}",
            "@namespace svg 'http://www.w3.org/2000/svg';",
            "@namespace url(http://www.w3.org/1999/xhtml);@namespace b url('http://b.example');",
            "font-family: 'Segoe UI', \"a\"; --label: 'Note: a'",
        ] {
            assert_eq!(addresses(style), Vec::<String>::new(), "{style}");
        }
    }

    #[test]
    fn whatever_is_not_closed_ends_with_the_style() {
        for style in [
            "url(",
            "url(a",
            "\"a",
            "/*",
            "@",
            "\\",
            "a\\",
            "url(\\",
            "image-set(\"a",
            "\\75",
            "@namespace",
            "content:",
            "[a='",
        ] {
            addresses(style);
        }
    }
}
