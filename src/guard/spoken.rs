//! Which words of a name people read as somebody's, whatever stands between them or joins them.
//!
//! - [`signs`]: what is read as a letter, or as none
//! - [`unspaced`]: where no blanks part words

pub(super) mod signs;
pub(super) mod unspaced;

use unicode_normalization::UnicodeNormalization;

use crate::syntax::characters::is_from_right;

use super::alike::{is_line, letters};

/// Words of a name, also such as others join: `Dunmore-Tech` and `DunmoreTech` are two.
pub(super) const MOST_WORDS: usize = 24;

/// Letters of a word.
pub(super) const LONGEST_WORD: usize = 48;

/// Letters of a name that is read within a word, and of a word of which digits at its ends are no part: `3M` is a name.
const FEWEST_LETTERS: (usize, usize) = (8, 4);

/// What stands for a variable in a name that is written out.
const VARIABLE: char = '\0';

/// What of a name is read: all of it, and what stands between commas, quotes and the like, where another's name would pass for
/// where somebody works.
pub(super) fn parts(text: &str) -> Vec<String> {
    let written = written_out(text);
    let mut parts: Vec<String> = between_signs(&written).map(str::to_owned).collect();
    // What holds no sign has itself as its one part.
    parts.extend(Some(text).filter(|text| written == *text && parts != [*text]).map(str::to_owned));
    for other in otherwise(&written) {
        parts.extend(between_signs(&other).map(str::to_owned).filter(|part| !parts.contains(part)).collect::<Vec<_>>());
    }
    parts
}

/// How people read a name otherwise than it is written: with letters for signs that look like them, and where lines run from the
/// right. Each is read besides the name itself.
fn otherwise(written: &str) -> Vec<String> {
    let mut others = signs::ways(written);
    let turned =
        std::iter::once(written).chain(others.iter().map(String::as_str)).filter_map(turned).collect::<Vec<_>>();
    others.extend(turned);
    others
}

/// A name where lines run from the right, if it has letters of both directions: what runs from the left follows each other there
/// from the right, and whoever reads it from the left reads the last of it first.
fn turned(text: &str) -> Option<String> {
    if text.is_ascii() || !text.chars().any(is_from_right) {
        return None;
    }
    // Each run ends with its last letter; what stands between two runs of one direction is theirs.
    let mut runs: Vec<(bool, usize, usize)> = Vec::new();
    for (at, c) in text.char_indices().filter(|(_, c)| c.is_alphanumeric() || is_mark(*c)) {
        let is_right = is_from_right(c);
        let end = at + c.len_utf8();
        match runs.last_mut() {
            Some((side, _, last)) if *side == is_right || is_mark(c) => *last = end,
            _ => runs.push((is_right, at, end)),
        }
    }
    let is_mixed = runs.len() > 1;
    is_mixed.then(|| runs.iter().rev().map(|&(_, start, end)| &text[start..end]).collect::<Vec<_>>().join(" "))
}

/// Letters that look like a line, a cross and a dot, alone between two words.
const SIGNS: [&str; 3] = ["l", "x", "o"];

/// The same with words that follow each other, which is how another's name is read in a sender's.
pub(super) fn parts_and_runs(text: &str) -> Vec<String> {
    let mut all = parts(text);
    all.extend(runs_of_parts(text));
    let written = written_out(text);
    let others = otherwise(&written);
    for said in std::iter::once(&written).chain(&others).flat_map(|text| text.split(VARIABLE)) {
        all.extend(within_words(said));
    }
    all.sort_unstable();
    all.dedup();
    all
}

/// Words that follow each other, and what is read within each.
fn within_words(said: &str) -> Vec<String> {
    let words = words(said);
    let bare = bare(&words);
    let apart: Vec<&str> = words.iter().flat_map(|word| unspaced::apart(word)).collect();
    let bare_apart = self::bare(&apart);
    let mut all = runs(&words, 1);
    all.extend(runs(&bare, 1).into_iter().filter(|_| bare != words));
    all.extend(runs(&apart, 1).into_iter().filter(|_| apart != words));
    all.extend(runs(&bare_apart, 1).into_iter().filter(|_| bare_apart != bare && bare_apart != apart));
    all.extend(words.iter().flat_map(|word| within(word)));
    all.extend(unspaced::within(&words));
    all
}

/// Runs of what blanks part between the signs of a name.
pub(super) fn runs_of_parts(text: &str) -> Vec<String> {
    let written = written_out(text);
    let others = otherwise(&written);
    let parts = std::iter::once(&written).chain(&others).flat_map(|text| between_signs(text));
    parts.flat_map(|part| runs(&part.split_whitespace().collect::<Vec<_>>(), 2)).collect()
}

fn between_signs(written: &str) -> impl Iterator<Item = &str> {
    // In Japanese a dot stands where others put a blank within a name: `アダ・スミス`.
    let between = written.split(|c: char| !is_of_names(c) && !matches!(c, '・' | '･'));
    between.flat_map(|part| part.split(" - ")).map(trimmed).filter(|part| !part.is_empty())
}

/// Whether mail programs show other words than those written, of an encoded word of a header: `=?utf-8?Q?=48?=`.
pub(super) fn is_encoded(text: &str) -> bool {
    // Charset, encoding, letters, and what ends it.
    let is_word = |(at, _): (usize, &str)| text[at + 2..].splitn(4, '?').nth(3).is_some_and(|end| end.starts_with('='));
    text.match_indices("=?").any(is_word)
}

/// A text with a sign that parts names for each variable.
pub(super) fn written_out(text: &str) -> String {
    let mut out = String::new();
    for (number, part) in text.split("{{").enumerate() {
        match part.split_once("}}") {
            Some((_, behind)) if number > 0 => {
                out.push(VARIABLE);
                out.push_str(behind);
            }
            _ if number > 0 => out.push(VARIABLE),
            _ => out.push_str(part),
        }
    }
    out
}

/// What stands between signs that are no part of a name.
pub(super) fn between(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !is_of_names(c))
}

/// Letters and their marks, digits, blanks, and signs within names: `O’Neil & Sons`, `St. John-Smythe`, `7-Eleven`; and those
/// around variables.
fn is_of_names(c: char) -> bool {
    c.is_alphanumeric() || c.is_whitespace() || is_mark(c) || "{}.'’-‑&+!_".contains(c)
}

/// A mark that goes with the letter before it, or a joiner of letters.
fn is_mark(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c) || matches!(c, '\u{200C}' | '\u{200D}' | 'ー')
}

/// Without the signs around it: `'Dunmore'` is Dunmore in quotes.
fn trimmed(part: &str) -> &str {
    part.trim_matches(|c: char| c.is_whitespace() || "'’-‑&+_".contains(c))
}

/// The words that people read, whatever parts or joins them: `Dunmore | Tech` is read as `Dunmore Tech`.
pub(super) fn words(text: &str) -> Vec<&str> {
    let is_sign = |c: char| !c.is_alphanumeric() && !is_mark(c);
    text.split(is_sign).flat_map(humps).filter(|word| !word.is_empty()).collect()
}

/// Those words without what is no word: lines, letters that look like signs, and numbers, also at the ends of others.
fn bare<'t>(words: &[&'t str]) -> Vec<&'t str> {
    let without_digits = |word: &'t str| {
        let inner = word.trim_matches(char::is_numeric);
        if inner.chars().count() < FEWEST_LETTERS.1 && !inner.is_empty() { word } else { inner }
    };
    let parts = words.iter().flat_map(|word| word.split(is_line)).flat_map(between_digits).map(without_digits);
    parts.filter(|word| !word.is_empty() && !is_sign(word)).collect()
}

/// What digits part that stand between words: `Dunmore2Tech`. In short ones they are read as letters.
fn between_digits(word: &str) -> Vec<&str> {
    let is_short = |part: &str| !part.is_empty() && part.chars().count() < FEWEST_LETTERS.1;
    if word.split(char::is_numeric).any(is_short) { vec![word] } else { word.split(char::is_numeric).collect() }
}

fn is_sign(word: &str) -> bool {
    SIGNS.contains(&&*letters(&word.nfkc().collect::<String>()))
}

/// A word at whose middle another one begins with a capital, as both. The last of several capitals begins what is behind them.
fn humps(word: &str) -> impl Iterator<Item = &str> {
    let mut last = None;
    let mut starts = vec![0];
    for (at, c) in word.char_indices() {
        let begins = || word[at..].chars().nth(1).is_some_and(char::is_lowercase);
        let is_start = |last: char| last.is_lowercase() || last.is_uppercase() && begins();
        if c.is_uppercase() && last.is_some_and(is_start) {
            starts.push(at);
        }
        last = Some(c);
    }
    let ends: Vec<usize> = starts.iter().skip(1).copied().chain([word.len()]).collect();
    starts.into_iter().zip(ends).map(|(start, end)| &word[start..end])
}

/// Words that follow each other, as many as are read and no fewer than said.
fn runs(words: &[&str], fewest: usize) -> Vec<String> {
    let words = &words[..words.len().min(MOST_WORDS)];
    let from = |start: usize| (start + fewest..=words.len()).map(move |end| (start, end));
    (0..words.len()).flat_map(from).map(|(start, end)| words[start..end].join(" ")).collect()
}

/// What can be read within a word that nothing parts: `dunmoretech` in `teamdunmoretech`.
fn within(word: &str) -> Vec<String> {
    let mut all = Vec::new();
    for part in spelled(word) {
        let letters: Vec<char> = letters(part).chars().take(2 * LONGEST_WORD).collect();
        let from = |start: usize| (start + FEWEST_LETTERS.0..=letters.len()).map(move |end| (start, end));
        all.extend(
            (0..letters.len()).flat_map(from).map(|(start, end)| letters[start..end].iter().collect::<String>()),
        );
    }
    all
}

/// Whether a word is longer than is read.
pub(super) fn is_too_long(word: &str) -> bool {
    spelled(word).any(|part| part.chars().count() > LONGEST_WORD)
}

/// What of a word is in scripts with capitals, which part words by blanks: others write whole names as one.
fn spelled(word: &str) -> impl Iterator<Item = &str> {
    word.split(|c: char| !c.is_lowercase() && !c.is_uppercase() && !c.is_numeric())
}

#[cfg(test)]
mod tests {
    use super::unspaced::{self, LONGEST_UNSPACED};
    use super::{LONGEST_WORD, is_encoded, is_too_long, parts, parts_and_runs, within, words};
    use crate::guard::alike::names;

    fn reads(text: &str, other: &str) -> bool {
        parts_and_runs(text).iter().any(|part| names(part).any(|one| names(other).any(|other| one == other)))
    }

    #[test]
    fn a_name_is_read_whatever_parts_or_joins_its_words() {
        for text in [
            "Halvorn | Systems",
            "Halvorn ǀ Systems",
            "Halvornǀ Systems",
            "HalvornǀSystems",
            "Halvorn ∣ Systems",
            "Halvorn ׀ Systems",
            "Halvorn ー Systems",
            "Halvornー Systems",
            "Halvorn一Systems",
            "Halvorn 一 Systems",
            "Halvorn ㅡ Systems",
            "Halvorn l Systems",
            "Halvorn 1 Systems",
            "Halvorn Systems1",
            "Halvorn² Systems",
            "Halvorn Systems③",
            "2Halvorn, Systems",
            "teamhalvornsystems",
            "teamhalvornsystemsde",
            "ไทยhalvornsystemsไทย",
            "H4lvorn 5ystems",
            "Ada @HalvornSystems",
            "Halvorn $ystems",
            "Ada, Ha!vorn Sy$tem5",
            "Ada Halvorn x Systems",
            "Halvorn o Systems",
            "Halvorn × Systems",
            "Halvorn Ⓧ Systems",
            "HALVORN SYSTEMS様",
            "弊社Halvorn Systems御中",
            "HalvornXSystems",
            "{{ partner.name }} Halvorn / Systems",
            "Halvorn2Systems",
            "halvorn24systems",
            "Halvorn ｰ Systems",
            "Halvorn ᅳ Systems",
            "Halvorn ᅵ Systems",
            "HalvornᅵSystems",
            "Halvorn ـ Systems",
            "Halvornـ Systems",
            "Ada, Ha|vorn Systems",
            "Ha|vorn | Systems",
            "Halvorn Syst℮ms Support",
            "Ada, Halvorn Syste㎳",
            "Ada, Hal∨orn Systems",
            "Ada, H⍺lvorn Systems",
            "Ada, 🇭🇦🇱🇻🇴🇷🇳 Systems",
            "Systems ـ Halvorn",
            "Systems ו Halvorn",
            "Ha|vorn|Systems",
            "ha|vorn|systems",
            "HA|VORN|SYSTEMS",
            "|Ha|vorn||Systems|",
            "Ha!vorn!Systems",
            "Ha1vorn1Systems",
            "ha1vorn2systems",
            "Ha│vorn│Systems",
            "Haㅣvornㅣsystems",
            "Ha|vorn$Systems",
            "Ada, H4|vorn$ystems",
            "Ha∣vorn∣Syst℮ms",
            "HΛLVORN SYSTEMS",
            "Halvorn SYSTΣMS",
            "Halvorn §ystems",
            "Halvo®n Sys+ems",
            "Ada · HAᏞVOЯИ | SYSTEMS",
            "Ha/vorn|Systems",
            "Halvorn SyƧteɱƧ",
            "ᕼᗩᒪᐯOᖇᑎ ᔕYᔕTEᗰᔕ",
        ] {
            assert!(reads(text, "Halvorn Systems"), "{text}");
        }
        for (text, other) in [
            ("Halvorn {{ x }} Systems", "Halvorn Systems"),
            ("Halvorn Data Systems", "Halvorn Systems"),
            ("Halvorn B Systems", "Halvorn Systems"),
            ("A$AP Nord", "ASAP Nord"),
            ("3M Data", "Data 3"),
            ("S4 Nord", "S Nord"),
            ("teamnord", "Nord"),
            ("ソニー", "ソ"),
            ("Systems Halvorn", "Halvorn Systems"),
            ("شركة Systems Halvorn", "Halvorn Systems"),
            ("Halv2Systems Nord", "Halvorn Systems"),
        ] {
            assert!(!reads(text, other), "{text} {other}");
        }
    }

    /// What is refused where no blanks part words, and what is not.
    #[test]
    fn a_name_is_read_where_no_blanks_part_words() {
        for (text, other) in [
            ("カザミドリ商事様", "カザミドリ商事"),
            ("カザミドリ商事サポート", "カザミドリ商事"),
            ("カザミドリ 商事様", "カザミドリ商事"),
            ("team カザ・ミドリ 商事様 GmbH", "カザミドリ商事"),
            ("ｶｻﾞﾐﾄﾞﾘ商事様", "株式会社カザミドリ商事"),
            ("株式会社カザミドリ商事九州", "カザミドリ商事"),
            ("弊社カザミドリ商事の森", "カザミドリ商事 株式会社"),
            ("teamカザミドリ商事", "カザミドリ商事"),
            ("弊社カザミドリIT商事様", "カザミドリIT商事"),
            ("富士通様", "富士通"),
            ("富士通株式会社御中", "富士通"),
            ("华为技术团队", "华为技术有限公司"),
            ("삼성전자님", "삼성전자"),
            ("ทีมปูนซิเมนต์ไทย", "บริษัท ปูนซิเมนต์ไทย จำกัด"),
            ("บริษัทปูนซิเมนต์ไทยจำกัด(มหาชน)", "ปูนซิเมนต์ไทย"),
        ] {
            assert!(reads(text, other), "{text} {other}");
        }
        for (text, other) in [
            ("森田商事", "森"),
            ("富士通商", "富士通"),
            ("東京電機", "東京電力"),
            ("日本データ", "日本電気"),
            ("สยามวิทยา", "สยาม"),
            ("김철수", "김철"),
        ] {
            assert!(!reads(text, other), "{text} {other}");
        }
        assert!(
            unspaced::is_name("カザミドリ商事") && unspaced::is_name("삼성전자") && unspaced::is_name("ปูนซิเมนต์ไทย")
        );
        for word in ["カザミドリ", "ひまわり", "森", "山本", "サービス", "Halvorn", "สวัสดิ์"]
        {
            assert!(!unspaced::is_name(word), "{word}");
        }
    }

    #[test]
    fn what_mail_programs_show_as_other_words_is_seen() {
        for code in ["A =?utf-8?B?SGFsdm9ybg==?=", "=?iso-8859-1*de?q?=48?= B"] {
            assert!(is_encoded(code), "{code}");
        }
        for plain in ["AT&T B", "A & B; C", "1&1", "What=? Really?", "a =?b? c?="] {
            assert!(!is_encoded(plain), "{plain}");
        }
    }

    #[test]
    fn what_is_read_of_a_name_is_bounded() {
        let word = "m".repeat(LONGEST_WORD);
        assert!(within(&word).len() < 5_000 && !is_too_long(&word) && is_too_long(&format!("{word}m")));
        assert!(!is_too_long(&"ไ".repeat(LONGEST_WORD + 1)));
        let word = "ไ".repeat(1_000);
        assert!(unspaced::within(&[&word]).len() < 1_000 * LONGEST_UNSPACED);
        assert_eq!(words("Dunmore-Tech & SonsDe"), ["Dunmore", "Tech", "Sons", "De"]);
        assert_eq!(parts("Ada, Acme"), ["Ada", "Acme", "Ada, Acme"]);
    }
}
