//! What readers, and systems that ignore capitals, take for one another.
//!
//! - `forms`: what companies have beside their names

mod forms;

pub use forms::without;

use std::borrow::Cow;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;
use unicode_security::confusable_detection::skeleton;

/// What a text reads like, named so that those of a million partners are few bytes each. Two of a million that read
/// otherwise have one name once in thirty million programs.
pub type Reading = u64;

/// What a text reads like as it is written, and in small letters. Of two texts that people or systems take for each other,
/// one reads like the other.
pub fn readings(text: &str) -> impl Iterator<Item = Reading> + use<> {
    let plain: String = match text.is_ascii() {
        true => text.replace('_', "-"),
        false => text.nfkc().map(|c| if c == '_' { '-' } else { c }).collect(),
    };
    let plain = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    let small = plain.chars().any(char::is_uppercase).then(|| reading(&plain.to_lowercase()));
    let written = reading(&plain);
    std::iter::once(written).chain(small.filter(|small| *small != written))
}

/// What a host reads like: as any text, and without the marks above and below letters that only letters outside of ASCII have.
pub fn hosts(text: &str) -> impl Iterator<Item = Reading> + use<> {
    let bare = (!text.is_ascii()).then(|| {
        let plain: String = text.nfkc().flat_map(char::to_lowercase).collect();
        let plain: String = skeleton(&plain).collect();
        reading(&plain.nfd().filter(|c| !is_above(*c)).collect::<String>())
    });
    readings(text).chain(bare)
}

/// A mark above, below or through a letter of Latin, Greek and Cyrillic; in other scripts they make another letter.
fn is_above(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36F}')
}

/// What a name reads like to people, who look at its letters: with or without blanks, points, marks above letters and signs
/// such as `™`, in capitals of another alphabet or small ones as high as capitals, with or without its legal form.
pub fn names(text: &str) -> impl Iterator<Item = Reading> + use<> {
    let plain: Cow<'_, str> = match text.is_ascii() {
        true => text.into(),
        false => text.chars().filter(|c| !matches!(c, '™' | '®' | '©' | '℠')).nfkc().collect::<String>().into(),
    };
    let bare = forms::without(&plain);
    // What reads alike is told apart before it is digested, which costs more.
    let mut read: Vec<String> = Vec::with_capacity(4);
    for text in std::iter::once(&*plain).chain((bare.len() < plain.len()).then_some(bare)) {
        let small = text.chars().any(char::is_uppercase).then(|| text.to_lowercase());
        let (small, lettered) = (small.map(|text| letters(&text)), lettered(text).map(|text| letters(&text)));
        for letters in [Some(letters(text)), small, lettered].into_iter().flatten() {
            if !read.contains(&letters) {
                read.push(letters);
            }
        }
    }
    read.into_iter().map(|letters| exactly(&letters))
}

/// A text in the plainest letters that are compatible: `Ⓗ` as `H`.
pub fn plain(text: &str) -> Cow<'_, str> {
    if text.is_ascii() { text.into() } else { text.nfkc().map(enclosed).collect::<String>().into() }
}

/// A text with the letter of ASCII for each that people read as one and the tables of what reads alike do not: one with a hook
/// anywhere, and one of another alphabet in a word with ours, such as `HΛLVORN`.
fn drawn(text: &str) -> String {
    let word = |word: &str| {
        let is_mixed = word.contains(|c: char| c.is_ascii_alphabetic());
        let mixed = |c| as_one(&DRAWN, c).filter(|_| is_mixed);
        word.chars()
            .map(|c| if c.is_ascii() { c } else { as_one(&HOOKED, c).or_else(|| mixed(c)).unwrap_or(c) })
            .collect()
    };
    text.split_inclusive(char::is_whitespace).map::<String, _>(word).collect()
}

fn as_one(letters: &[(char, &str)], c: char) -> Option<char> {
    letters.iter().find(|(_, others)| others.contains(c)).map(|(letter, _)| *letter)
}

/// Letters of ASCII, and what designers draw for them from other alphabets.
const DRAWN: [(char, &str); 10] = [
    ('a', "ΛДΔ∆ƛλ"),
    ('e', "ΣƩ∑ΞЄЭεɛэєξ"),
    ('n', "ИиΠПпη"),
    ('o', "ΘФθ"),
    ('p', "Þþ"),
    ('r', "Яя"),
    ('t', "†"),
    ('u', "Цц∪"),
    ('v', "√"),
    ('w', "ШщшЩω"),
];

/// Letters of ASCII, and those with hooks, tails and strokes, turned, or of scripts in which hardly anybody is called.
const HOOKED: [(char, &str); 26] = [
    ('a', "ȺᶏⱥɐɅʌᗩ"),
    ('b', "ᵬᶀꞖꞗᗷ"),
    ('c', "ƈɕꞒꞓꞔꟄ𝼝ᑕ"),
    ('d', "ǅȡᵭᶁᶑꝹꝺꟇꟈᗪ"),
    ('e', "ᶒⱸꬴǝƎᗴ"),
    ('f', "ᶂꝻꝼᖴ"),
    ('g', "ᵹꝽꞠꞡ"),
    ('h', "Ḫḫⱨꞕɥ"),
    ('i', "ᶖ𝼚"),
    ('j', "ʄʝ"),
    ('k', "ᶄⱪꝁꝂꝃꝄꝅꞢꞣ"),
    ('l', "ȴɬᶅⱠⱡꝈꝉꞎꞭꬷꬸꬹ𝼑𝼓ꝇꞁ"),
    ('m', "ᶆꬺᗰɯ"),
    ('n', "ȵᶇꞐꞑꞤꞥꬻᑎ"),
    ('o', "ⱺꝌꝍ𝼛"),
    ('p', "ᵱᶈꝐꝑꝒꝓꝔꝕᑭ"),
    ('q', "ɋꝖꝗꝘꝙᑫ"),
    ('r', "ɾᵳᶉꞂꞃꞦꞧꭉ𝼖ᖇɹ"),
    ('s', "ȿᶊⱾꞄꞅꞨꞩꟉꟊ𝼞ᔕƧƨ"),
    ('t', "ȶʈⱦꞆꞇ𝼉ʇ"),
    ('u', "ᶙꞸꞹᑌ"),
    ('v', "ƲʋᶌⱱⱴꝞꝟ"),
    ('w', "Ⱳⱳᗯʍ"),
    ('x', "ᶍꭖꭗꭘꭙ"),
    ('y', "ʎ"),
    ('z', "ɀʑᶎⱿꟆ"),
];

/// What a sign or a digit among letters is read as, in each way that people read it; nothing where it is read as none.
///
/// Within a word brackets and strokes are, too.
pub fn in_letters(c: char, is_within: bool) -> Vec<String> {
    let all = |read: &[&str]| read.iter().map(|&read| read.to_owned()).collect();
    if is_upright(c) {
        // A blank as well: some of them are letters, which part no words by themselves.
        return if c.is_alphabetic() { all(&["l", "i", " "]) } else { all(&["l", "i"]) };
    }
    if is_within && matches!(c, '/' | '\\' | '[' | ']') {
        return all(&["l", "i"]);
    }
    if let Some(read) = read_as(c).or(Some('c').filter(|_| is_within && c == '(')) {
        return vec![read.into()];
    }
    let is_sign = !c.is_alphabetic() && !c.is_whitespace() && !c.is_ascii();
    let alike = is_sign.then(|| skeleton(c.encode_utf8(&mut [0; 4])).collect::<String>());
    alike.into_iter().filter(|alike| !alike.is_empty() && alike.chars().all(char::is_alphabetic)).collect()
}

/// Whether it is an upright line or looks like one.
fn is_upright(c: char) -> bool {
    "1!ǃ|¡¦‖∣∥⏐⎮⎪⎢⎥⎜⎟❘❙❚│┃╎╏┆┇┊┋║▏▕￨ǀǁ丨ㅣᅵ".contains(c)
}

/// Letters that look like a line, which part words of other scripts as a `|` does.
const LINES: [char; 8] = ['ー', '一', 'ㅡ', 'ǀ', 'ǁ', '丨', 'ｰ', 'ـ'];

/// Whether it is such a letter, or one that reads like it.
pub fn is_line(c: char) -> bool {
    let is_alike = || skeleton(c.encode_utf8(&mut [0; 4])).all(|alike| LINES.contains(&alike));
    !c.is_ascii() && (LINES.contains(&c) || c.is_alphabetic() && is_alike())
}

/// How many letters a word has in which a digit is read as one: `3M` and `S4` are names of their own.
const FEWEST_LETTERS: usize = 4;

/// A name with a letter for each digit or sign that people read as one within a word: `5ystems`, `$ystems`.
fn lettered(text: &str) -> Option<String> {
    let word = |word: &str| match word.chars().filter(|c| c.is_alphabetic()).count() >= FEWEST_LETTERS {
        true => word.chars().map(|c| read_as(c).unwrap_or(c)).collect(),
        false => word.to_owned(),
    };
    let is_one = |c: char| read_as(c).is_some();
    text.contains(is_one).then(|| text.split_whitespace().map(word).collect::<Vec<_>>().join(" ").to_lowercase())
}

/// The letter that a digit or sign is read as; what reads alike by itself is told by the tables.
fn read_as(c: char) -> Option<char> {
    match c {
        '0' | '°' | '¤' | '○' | '◯' | '●' | '◎' | '⊙' | '⌀' | '∅' => Some('o'),
        '3' | '€' => Some('e'),
        '4' | '@' => Some('a'),
        '5' | '$' | '§' => Some('s'),
        '7' | '+' => Some('t'),
        '!' | '£' => Some('l'),
        '¢' | '©' => Some('c'),
        '®' => Some('r'),
        '¥' => Some('y'),
        _ => None,
    }
}

/// The letters and digits that a text shows, each as the plainest that reads like it, and `vv` as `w`. A text without any is itself.
pub fn letters(text: &str) -> String {
    let shown: String = match text.is_ascii() {
        true => text.bytes().map(|byte| &*LETTERS[usize::from(byte)]).collect(),
        false => plainest(text),
    };
    if shown.is_empty() { text.to_owned() } else { shown.replace("vv", "w") }
}

fn plainest(text: &str) -> String {
    let alike = |text: &str| skeleton(text).collect::<String>().to_lowercase();
    // Capitals of other alphabets look like ours, whose small letters read like others again.
    let text: String = text.chars().map(enclosed).collect();
    let alike = alike(&alike(&drawn(&text)));
    let mut plain = String::with_capacity(alike.len());
    for c in alike.chars() {
        match SMALL_CAPITALS.iter().find(|(small, _)| *small == c) {
            Some((_, as_ours)) => plain.push_str(as_ours),
            None => plain.push(c),
        }
    }
    let plain = plain.nfd().filter(|c| !is_above(*c));
    plain.filter(|c| c.is_alphanumeric() || matches!(c, '\u{3099}' | '\u{309A}')).collect()
}

/// A letter in a filled circle, square or flag as the letter: the tables of what is compatible do not tell of these.
fn enclosed(c: char) -> char {
    let first = match c {
        '\u{1F150}'..='\u{1F169}' => 0x1F150,
        '\u{1F170}'..='\u{1F189}' => 0x1F170,
        '\u{1F1E6}'..='\u{1F1FF}' => 0x1F1E6,
        _ => return c,
    };
    char::from_u32(u32::from('a') + u32::from(c) - first).unwrap_or(c)
}

/// Small letters that look like capitals, of which the tables of what reads alike do not tell.
const SMALL_CAPITALS: [(char, &str); 30] = [
    ('ᴀ', "a"),
    ('ʙ', "b"),
    ('ᴄ', "c"),
    ('ᴅ', "d"),
    ('ᴇ', "e"),
    ('ꜰ', "f"),
    ('ɢ', "g"),
    ('ʜ', "h"),
    ('ɪ', "i"),
    ('ᴊ', "j"),
    ('ᴋ', "k"),
    ('ʟ', "l"),
    ('ᴍ', "rn"),
    ('ɴ', "n"),
    ('ᴏ', "o"),
    ('ᴘ', "p"),
    ('ʀ', "r"),
    ('ꜱ', "s"),
    ('ᴛ', "t"),
    ('ᴜ', "u"),
    ('ᴠ', "v"),
    ('ᴡ', "w"),
    ('ʏ', "y"),
    ('ᴢ', "z"),
    // The tables take some of them for small letters of Cyrillic.
    ('в', "b"),
    ('к', "k"),
    ('м', "rn"),
    ('ʍ', "rn"),
    ('н', "h"),
    ('т', "t"),
];

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

/// What letters of ASCII show in a name, each alone.
static LETTERS: LazyLock<Vec<String>> =
    LazyLock::new(|| (0..128).map(|byte: u8| plainest(&char::from(byte).to_string())).collect());

#[cfg(test)]
mod tests {
    use super::{hosts, letters, names, plainest, readings};

    #[test]
    fn names_that_read_alike_are_one() {
        let are_alike = |a: &str, b: &str| names(a).any(|one| names(b).any(|other| one == other));
        for other in [
            "HALVORN SYSTΕMS",
            "Halvorn\u{AD}Systems",
            "HalvornSystems",
            "Halvorn Systems.",
            "Halvorn Systems\u{FFFC}",
            "Halvorn-Systems",
            "Halvorn Systems™",
            "Halvorn Systems\u{E000}",
            "Hálvorn Systems",
            "Halvorn Systеᴍs",
            "Ha1vorn Systems",
            "H4lvorn 5ystems",
            "Halvorn $y$t€ms",
            "Halvorn Systems, Inc.",
            "Halvorn Systems GmbH & Co. KG",
            "Halvorn Systems, s. r. o.",
            "株式会社Halvorn Systems",
            "🅗🅐🅛🅥🅞🅡🅝 🆂🆈🆂🆃🅴🅼🆂",
            "🇭🇦🇱🇻🇴🇷🇳 Systems",
            "Ｈａｌｖｏｒｎ Systems",
            "𝐇𝐚𝐥𝐯𝐨𝐫𝐧 𝕊ystems",
            "Ⓗⓐⓛⓥⓞⓡⓝ Systems",
            "Hal\u{E0101}vorn\u{FE0F} Systems",
            "Ha\u{336}lvorn Systems",
            "Halvorn Syst\u{115F}ems",
            "Ꮋalvorn Systems",
            "Hɑlvorn Systems",
        ] {
            assert!(are_alike(other, "Halvorn Systems"), "{other}");
        }
        for (a, b) in [
            ("Halvorn", "Halvorn Systems"),
            ("3M", "EM"),
            ("Team 5", "Team S"),
            ("Inc.", "Ltd."),
            ("ホンダ", "ホンタ"),
            ("★", "☆"),
            ("Rhein", "Main"),
        ] {
            assert!(!are_alike(a, b), "{a} {b}");
        }
        assert!(are_alike("Tеᴄʜ", "Tech"));
    }

    #[test]
    fn marks_make_no_other_host() {
        let are_alike = |a: &str, b: &str| hosts(a).any(|one| hosts(b).any(|other| one == other));
        for other in ["hálvorn.example", "halvörn.example", "hałvorn.example", "HALVORN.example", "hаlvórn.example"]
        {
            assert!(are_alike(other, "halvorn.example"), "{other}");
        }
        assert!(!are_alike("halvern.example", "halvorn.example") && !are_alike("ホンダ.example", "ホンタ.example"));
    }

    #[test]
    fn a_name_of_ascii_reads_like_its_letters() {
        let all: String = (32..127).map(char::from).collect();
        assert_eq!(letters(&all), plainest(&all));
    }

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
