//! Signs and digits among letters, of which each is read as a letter here and as what parts words there: `Ha|vorn|Systems`.

use std::ops::Range;

use crate::guard::alike::{in_letters, plain};

/// How many signs of a name are read both ways; each doubles or trebles what is compared.
pub const MOST_SIGNS: usize = 5;

/// Letters of a word in which a digit is read as one: `3M` and `S4` are names of their own.
const FEWEST_LETTERS: usize = 4;

/// Signs that follow each other, and the letters that people read for them.
struct Sign {
    places: Vec<Range<usize>>,
    read: Vec<Vec<String>>,
}

/// All ways to read a name whose signs stand for letters, or for none. Those that are too many are read for none.
pub fn ways(written: &str) -> Vec<String> {
    let plain = plain(written);
    let signs = signs(&plain);
    let mut ways: Vec<Vec<(Range<usize>, &str)>> = vec![Vec::new()];
    for sign in signs.iter().filter(|_| signs.len() <= MOST_SIGNS) {
        for way in ways.clone() {
            ways.extend(sign.read.iter().map(|read| {
                let read = sign.places.iter().cloned().zip(read.iter().map(String::as_str));
                way.iter().cloned().chain(read).collect()
            }));
        }
    }
    let read = ways.into_iter().map(|way| with_letters(&plain, way));
    read.filter(|way| way != written).collect()
}

/// Whether so many signs stand among the letters of a name that nobody knows how it is read.
pub fn are_too_many(written: &str) -> bool {
    signs(&plain(written)).len() > MOST_SIGNS
}

/// A text with letters in place of what stands at some places of it.
fn with_letters(text: &str, mut read: Vec<(Range<usize>, &str)>) -> String {
    read.sort_by_key(|(place, _)| place.start);
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for (place, letters) in read {
        out.extend([&text[from..place.start], letters]);
        from = place.end;
    }
    out + &text[from..]
}

/// The signs of a name: those that follow each other in a word as one, and all that stand alone between blanks as one.
fn signs(text: &str) -> Vec<Sign> {
    let mut signs: Vec<Sign> = Vec::new();
    let mut alone: Vec<(Range<usize>, Vec<String>)> = Vec::new();
    let mut start = 0;
    for word in text.split_inclusive(|c: char| c.is_whitespace() || c == super::VARIABLE) {
        let letters = word.chars().filter(|c| c.is_alphabetic()).count();
        let is_read = |c: char| letters >= FEWEST_LETTERS || !is_of_numbers(c);
        let read = |(at, c): (usize, char)| {
            let (place, behind) = (start + at..start + at + c.len_utf8(), &word[at + c.len_utf8()..]);
            let is_within = word[..at].ends_with(char::is_alphabetic) && behind.starts_with(char::is_alphabetic);
            (place, if is_read(c) { in_letters(c, is_within) } else { Vec::new() })
        };
        let all: Vec<_> = word.char_indices().map(read).collect();
        let runs = all.chunk_by(|(_, one), (_, other)| one.is_empty() == other.is_empty());
        let runs = runs.map(<[_]>::to_vec).filter(|run| !run[0].1.is_empty());
        if letters == 0 {
            alone.extend(runs.flatten());
        } else {
            signs.extend(runs.map(Sign::of));
        }
        start += word.len();
    }
    signs.extend(Some(alone).filter(|alone| !alone.is_empty()).map(Sign::of));
    signs
}

/// What is a digit, or a sign of prices, addresses and sentences.
fn is_of_numbers(c: char) -> bool {
    c.is_numeric() || "$€£¥¢@!+".contains(c)
}

impl Sign {
    fn of(run: Vec<(Range<usize>, Vec<String>)>) -> Self {
        let most = run.iter().map(|(_, read)| read.len()).max().unwrap_or_default();
        let way = |number: usize| run.iter().map(|(_, read)| read[number.min(read.len() - 1)].clone()).collect();
        let read = (0..most).map(way).collect();
        Self { places: run.into_iter().map(|(place, _)| place).collect(), read }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::guard::alike::names;
    use crate::guard::spoken::parts_and_runs;

    /// Names as people and companies have them, of which none is another's, with what signs and digits they have.
    const HONEST: [&str; 52] = [
        "1&1 Mail & Media",
        "1-800-Flowers",
        "24/7 Support Desk",
        "365 Care",
        "3M Deutschland",
        "4Sight Group",
        "Firma(Nord) [Süd]",
        "Daten\\Haus",
        "Savoir & Savvy IT",
        "Ɓauchi Ƙano",
        "Łódź Systèmes",
        "7-Eleven",
        "A$AP Nord",
        "ASAP Nord",
        "AT&T Business",
        "Ada Byron | Sales | Acme Nord",
        "Bali Systems",
        "Ball Systems",
        "B2B Lab",
        "BB Lab",
        "C++ Guild",
        "Deal4u Online",
        "E.ON Energie",
        "Free!Market",
        "H&M Logistik",
        "H2O.ai Partners",
        "L'Oréal Data",
        "Lab42 Köln",
        "Meta Group",
        "Metal Group",
        "Mode Data",
        "Model Data",
        "Müller/Schmidt/Weber/Koch/Braun",
        "N°5 Conseil",
        "Notes & More®",
        "O2 Telefónica",
        "P!nk Floyd",
        "Route 66 IT",
        "S4 Nord",
        "Savvy Data",
        "Team 5 Nord",
        "Team S Nord",
        "Team77 & Söhne",
        "Web2Print Studio",
        "WebPrint Studio",
        "Yahoo! Japan",
        "Лаборатория Касатка",
        "ΔΕΗ Ενέργεια",
        "شركة الخليج للأنظمة",
        "株式会社ミライ2025",
        "Ⓡ Vienna | Wien",
        "¡Hola! Datos",
    ];

    #[test]
    fn honest_names_are_read_as_no_others() {
        for name in HONEST {
            assert!(!are_too_many(name), "{name}");
            let read: Vec<_> = parts_and_runs(name).iter().flat_map(|part| names(part)).collect();
            for other in HONEST.into_iter().filter(|other| *other != name) {
                assert!(!names(other).any(|other| read.contains(&other)), "{name} {other}");
            }
        }
    }

    #[test]
    fn each_sign_is_read_as_a_letter_and_as_none() {
        assert_eq!(ways("a|b"), ["alb", "aib"]);
        assert_eq!(ways("Ada 3 | 4"), ["Ada 3 l 4", "Ada 3 i 4"]);
        assert_eq!(ways("word5 x$"), ["words x$"]);
        assert_eq!(ways("a°b c©"), ["aob c©", "a°b cc", "aob cc"]);
        assert!(ways("Halvorn Systems").is_empty() && ways("3M S4").is_empty());
    }

    #[test]
    fn what_is_read_is_bounded() {
        let name = |count: usize| "a|".repeat(count) + "a";
        assert_eq!(ways(&name(MOST_SIGNS)).len(), 3_usize.pow(MOST_SIGNS as u32) - 1);
        assert!(!are_too_many(&name(MOST_SIGNS)) && are_too_many(&name(MOST_SIGNS + 1)));
        assert!(ways(&name(MOST_SIGNS + 1)).is_empty() && !are_too_many(&"|".repeat(500)));
    }
}
