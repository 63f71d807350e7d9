//! Parts of addresses, percent-encoded.

use std::borrow::Cow;

use crate::marks;

/// Text as one part of a URL: everything but letters, digits and `-._~` is percent-encoded.
pub fn part(text: &str) -> Cow<'_, str> {
    percent_encode(text, |byte| matches!(byte, b'-' | b'.' | b'_' | b'~'))
}

/// A mail address or phone number behind `mailto:` and `tel:`: a part whose `@` stays.
pub fn mail(text: &str) -> Cow<'_, str> {
    percent_encode(text, |byte| b"-._~@".contains(&byte))
}

/// A path as a relative reference.
pub fn path(path: &str) -> Cow<'_, str> {
    percent_encode(path, |byte| b"-._~/@=".contains(&byte))
}

/// A whole URL, made safe without changing where it leads: what may stand in a URL stays.
pub fn whole(url: &str) -> Cow<'_, str> {
    percent_encode(url, |byte| b"-._~:/?#[]@!$&()*+,;=%".contains(&byte))
}

fn percent_encode(text: &str, keep: impl Fn(u8) -> bool) -> Cow<'_, str> {
    let safe = |byte: u8| byte.is_ascii_alphanumeric() || keep(byte);
    if text.bytes().all(safe) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() * 2);
    let mut buffer = [0; 4];
    for c in text.chars() {
        if marks::is_mark(c) {
            out.push(c);
            continue;
        }
        for &byte in c.encode_utf8(&mut buffer).as_bytes() {
            if safe(byte) {
                out.push(char::from(byte));
            } else {
                const HEX: &[u8; 16] = b"0123456789ABCDEF";
                out.extend(['%', char::from(HEX[usize::from(byte >> 4)]), char::from(HEX[usize::from(byte & 15)])]);
            }
        }
    }
    Cow::Owned(out)
}
