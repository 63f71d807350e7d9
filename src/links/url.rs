//! Giving parameters to a URL.

use crate::encode::url::part;

/// GA4 cuts `page_location` here.
pub const MAX_URL: usize = 1000;

/// What stands before the query, the query with its `?`, the fragment with its `#`.
fn split(url: &str) -> (&str, &str, &str) {
    let (front, fragment) = url.split_at(url.find('#').unwrap_or(url.len()));
    let (path, query) = front.split_at(front.find('?').unwrap_or(front.len()));
    (path, query, fragment)
}

/// `url` with further parameters: after those it has, before its fragment, nothing re-encoded.
pub fn with_parameters(url: &str, parameters: &[(&str, &str)]) -> String {
    let (path, query, fragment) = split(url);
    let mut tagged = String::with_capacity(url.len() + 160);
    tagged.push_str(path);
    // A URL without a path gets one, else some mail clients drop the query.
    if path.split_once("://").is_some_and(|(_, rest)| !rest.contains('/')) {
        tagged.push('/');
    }
    tagged.push_str(query);
    for (name, value) in parameters {
        match tagged.as_bytes().last() {
            _ if !tagged.contains('?') => tagged.push('?'),
            Some(b'?' | b'&') => {}
            _ => tagged.push('&'),
        }
        tagged.push_str(name);
        tagged.push('=');
        tagged.push_str(&part(value));
    }
    tagged.push_str(fragment);
    tagged
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn parameters_stand_after_the_query_and_before_the_fragment() {
        let add = |url| with_parameters(url, &[("a", "1"), ("b", "2")]);
        assert_eq!(add("https://x.example"), "https://x.example/?a=1&b=2");
        assert_eq!(add("https://x.example/p#f?g"), "https://x.example/p?a=1&b=2#f?g");
        assert_eq!(add("https://x.example/p?s=%C3%BC"), "https://x.example/p?s=%C3%BC&a=1&b=2");
        assert_eq!(add("https://x.example/p?#f"), "https://x.example/p?a=1&b=2#f");
    }

    /// Path, pairs and fragment, read back the way a server and a browser would.
    fn parse(url: &str) -> (String, Vec<(String, String)>, Option<String>) {
        let (front, fragment) = match url.split_once('#') {
            Some((front, fragment)) => (front, Some(fragment.to_owned())),
            None => (url, None),
        };
        let (path, query) = front.split_once('?').unwrap_or((front, ""));
        let pairs = query.split('&').filter(|pair| !pair.is_empty());
        let pairs = pairs.map(|pair| pair.split_once('=').unwrap_or((pair, ""))).map(|(k, v)| (k.into(), v.into()));
        (path.to_owned(), pairs.collect(), fragment)
    }

    proptest! {
        #[test]
        fn what_was_there_stays_and_the_new_pairs_come_last(
            path in "(/[a-z0-9._-]{0,8}){1,3}",
            query in proptest::option::of("([a-z]{1,4}(=[a-z0-9%2]{0,3})?)?(&[a-z]{1,4}=[a-z]{0,4}){0,3}&?"),
            fragment in proptest::option::of("[a-z0-9/?=&-]{0,10}"),
            values in proptest::collection::vec("[a-z0-9_-]{1,20}", 1..5),
        ) {
            let mut url = format!("https://x.example{path}");
            if let Some(query) = &query { url.push('?'); url.push_str(query); }
            if let Some(fragment) = &fragment { url.push('#'); url.push_str(fragment); }
            let names: Vec<_> = (0..values.len()).map(|n| format!("utm_{n}")).collect();
            let added: Vec<_> = names.iter().zip(&values).map(|(n, v)| (n.as_str(), v.as_str())).collect();
            let (before, after) = (parse(&url), parse(&with_parameters(&url, &added)));
            let expected = before.1.into_iter().chain(names.iter().cloned().zip(values.iter().cloned()));
            prop_assert_eq!(before.0, after.0);
            prop_assert_eq!(expected.collect::<Vec<_>>(), after.1);
            prop_assert_eq!(before.2, after.2);
        }
    }
}
