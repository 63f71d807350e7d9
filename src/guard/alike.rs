//! What readers, and systems that ignore capitals, take for one another.

use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;
use unicode_security::confusable_detection::skeleton;

/// What a text reads like, named so that those of a million partners are few bytes each. Two of a million that read
/// otherwise have one name once in thirty million programs.
pub type Reading = u64;

/// What a text reads like as it is written, and in small letters. Of two texts that people or systems take for each other,
/// one reads like the other.
pub fn readings(text: &str) -> impl Iterator<Item = Reading> + use<> {
    let plain: String = text.nfkc().map(|c| if c == '_' { '-' } else { c }).collect();
    let plain = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    let (written, small) = (reading(&plain), reading(&plain.to_lowercase()));
    std::iter::once(written).chain((small != written).then_some(small))
}

fn reading(text: &str) -> Reading {
    let alike: String = match text.is_ascii() {
        true => text.bytes().map(|byte| &*ASCII[usize::from(byte)]).collect(),
        false => skeleton(text).flat_map(char::to_lowercase).collect(),
    };
    exactly(&alike)
}

/// The same for texts that are one only if they are equal.
pub fn exactly(text: &str) -> Reading {
    let digest = blake3::hash(text.as_bytes());
    u64::from_le_bytes(std::array::from_fn(|at| digest.as_bytes()[at]))
}

/// What letters of ASCII read like, each alone: in a text they read like no others.
static ASCII: LazyLock<Vec<String>> = LazyLock::new(|| {
    let alike = |byte: u8| skeleton(&char::from(byte).to_string()).flat_map(char::to_lowercase).collect();
    (0..128).map(alike).collect()
});

#[cfg(test)]
mod tests {
    use super::readings;

    fn are_alike(a: &str, b: &str) -> bool {
        readings(a).any(|one| readings(b).any(|other| one == other))
    }

    #[test]
    fn what_reads_alike_is_one() {
        for (a, b) in [
            ("Acme", "acme"),
            ("a_b", "A-b"),
            ("c0rp", "corp"),
            ("al1", "all"),
            ("аcme", "acme"),
            ("p1l", "p1I"),
            ("Acme  Data", "ACME DATA"),
            ("Ａcme", "acme"),
            ("rnodern", "modern"),
            ("Müller", "MÜLLER"),
            ("Ελλάδα", "ΕΛΛΆΔΑ"),
        ] {
            assert!(are_alike(a, b), "{a} {b}");
        }
        for (a, b) in [("acme", "acne"), ("p1", "p2"), ("a-b", "ab"), ("Rhein", "Main"), ("東京", "京都"), ("", "a")]
        {
            assert!(!are_alike(a, b), "{a} {b}");
        }
    }

    /// Letters are looked up where all are of ASCII, so a text must not read otherwise than its letters.
    #[test]
    fn a_text_of_ascii_reads_like_its_letters() {
        let all: String = (32..127).map(char::from).collect();
        let skeleton: String = unicode_security::confusable_detection::skeleton(&all).collect();
        assert_eq!(
            skeleton.to_lowercase(),
            all.bytes().map(|byte| &*super::ASCII[usize::from(byte)]).collect::<String>()
        );
    }
}
