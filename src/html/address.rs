//! What kind of address a text is, as browsers take it.

use std::borrow::Cow;

/// Where an address leads, as far as its text tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Address<'a> {
    Empty,
    /// A host is named, with or without the scheme.
    Web,
    /// `mailto:` or `tel:`
    Contact,
    /// An image or a font, written out in place.
    Picture,
    /// A scheme that runs something, or that not everybody can follow.
    Unusable,
    /// From the top of the host.
    Rooted,
    Relative {
        /// Without query; empty where the page itself is meant.
        path: &'a str,
        fragment: Option<&'a str>,
    },
}

/// The text that a browser reads the address from: without line ends and tabs, and without white space around it.
pub fn plain(text: &str) -> Cow<'_, str> {
    let text = text.trim_matches(|c: char| c <= ' ');
    if memchr::memchr3(b'\t', b'\n', b'\r', text.as_bytes()).is_some() {
        return text.replace(['\t', '\n', '\r'], "").into();
    }
    text.into()
}

impl<'a> Address<'a> {
    /// Of a text as [`plain`] gives it.
    pub fn of(text: &'a str) -> Self {
        let is_slash = |c: char| matches!(c, '/' | '\\');
        match text.strip_prefix(is_slash) {
            Some(rest) if rest.starts_with(is_slash) => return Self::Web,
            Some(_) => return Self::Rooted,
            None if text.is_empty() => return Self::Empty,
            None => {}
        }
        if let Some((scheme, rest)) = scheme(text) {
            return of_scheme(&scheme.to_ascii_lowercase(), rest);
        }
        let (path, fragment) = text.split_once('#').map_or((text, None), |(path, id)| (path, Some(id)));
        Self::Relative { path: path.split_once('?').map_or(path, |(path, _)| path), fragment }
    }
}

/// Whether whoever loads a text as an address would ask another host for it.
pub fn leads_outward(text: &str) -> bool {
    let text = &*plain(text);
    match Address::of(text) {
        Address::Web => true,
        Address::Unusable => scheme(text).is_some_and(|(_, rest)| rest.starts_with(['/', '\\'])),
        _ => false,
    }
}

fn scheme(text: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = text.split_once(':')?;
    let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'));
    is_scheme.then_some((scheme, rest))
}

fn of_scheme(scheme: &str, rest: &str) -> Address<'static> {
    let begins = |kind: &str| rest.get(..kind.len()).is_some_and(|start| start.eq_ignore_ascii_case(kind));
    match scheme {
        "http" | "https" => Address::Web,
        "mailto" | "tel" => Address::Contact,
        "data" if begins("image/") || begins("font/") => Address::Picture,
        _ => Address::Unusable,
    }
}

/// A relative address from a folder, as a path of the package; `None` if it climbs out of it.
pub fn resolved(folder: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    // Browsers take a backslash for a slash.
    for part in path.split(['/', '\\']) {
        match part {
            ".." => drop(parts.pop()?),
            "." | "" => {}
            part => parts.push(part),
        }
    }
    if path.is_empty() || path.ends_with(['/', '\\']) {
        parts.push("index.html");
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_taken_as_browsers_take_them() {
        let relative = |path, fragment| Address::Relative { path, fragment };
        let kinds = [
            ("", Address::Empty),
            (" \u{1}\n", Address::Empty),
            ("https://a.example", Address::Web),
            ("HTTP:a.example", Address::Web),
            (" ht\ntps:\t//a.example", Address::Web),
            ("https:\\\\a.example", Address::Web),
            ("//a.example", Address::Web),
            ("\\/a.example", Address::Web),
            ("/\t/a.example", Address::Web),
            ("/a", Address::Rooted),
            ("\\a", Address::Rooted),
            ("mailto:a@b.example", Address::Contact),
            ("TEL:1", Address::Contact),
            ("data:image/png;base64,", Address::Picture),
            ("data:text/html,a", Address::Unusable),
            ("java\nscript:a", Address::Unusable),
            ("x-a+b.c:d", Address::Unusable),
            ("a/b.html?c#d?e", relative("a/b.html", Some("d?e"))),
            ("#", relative("", Some(""))),
            ("?a:b", relative("", None)),
            ("1:b", relative("1:b", None)),
            ("%6aavascript:a", relative("%6aavascript:a", None)),
            ("*|UNSUB:a|*", relative("*|UNSUB:a|*", None)),
        ];
        for (text, kind) in kinds {
            assert_eq!(Address::of(&plain(text)), kind, "{text:?}");
        }
    }

    #[test]
    fn what_leads_outward_names_a_host() {
        for text in ["https://a.example", "http:a.example", " //a.example", "\\\\a", "ftp://a", "file:///a", "HTTPS:/a"]
        {
            assert!(leads_outward(text), "{text}");
        }
        for text in
            ["", "a.png", "/a", "Note: a", "see https://a.example", "data:image/png,a", "mailto:a@a.example", "#a"]
        {
            assert!(!leads_outward(text), "{text}");
        }
    }

    #[test]
    fn paths_are_resolved_from_their_folder() {
        let of = |folder, path| resolved(folder, path);
        assert_eq!(of("site/de", "../a.css").as_deref(), Some("site/a.css"));
        assert_eq!(of("site", "de\\").as_deref(), Some("site/de/index.html"));
        assert_eq!(of("", "").as_deref(), Some("index.html"));
        assert_eq!(of("", "./a//b").as_deref(), Some("a/b"));
        assert_eq!(of("site", "../../a"), None);
    }
}
