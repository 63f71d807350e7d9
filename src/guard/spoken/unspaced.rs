//! Names in scripts that part no words by blanks, where another's name stands among others without a sign: `カザミドリ商事様`.

use unicode_normalization::UnicodeNormalization;

use super::is_mark;

/// Letters of a name, of which one of Chinese, Japanese or Korean is worth two.
const FEWEST: usize = 8;

/// Letters of a name that is read among others; marks above and below them are none.
pub const LONGEST_UNSPACED: usize = 40;

/// What people are called behind their names or before them, and companies and their parts: with one of them a name stands for
/// itself, however short it is. Of two that end alike the longer one is first.
const TITLES: [&str; 44] = [
    // Japanese
    "様",
    "さま",
    "さん",
    "殿",
    "御中",
    "先生",
    "氏",
    "くん",
    "担当者",
    "担当",
    "営業部",
    "本社",
    "支社",
    "支店",
    "事務局",
    "窓口",
    "公式",
    "サポート",
    "グループ",
    "チーム",
    "センター",
    // Chinese
    "女士",
    "小姐",
    "总经理",
    "總經理",
    "经理",
    "經理",
    "团队",
    "團隊",
    "客服",
    "官方",
    "集团",
    "集團",
    "分公司",
    "公司",
    // Korean
    "님",
    "씨",
    "귀하",
    "귀중",
    "팀",
    "그룹",
    // Thai
    "คุณ",
    "ทีม",
    "กลุ่ม",
];

/// What can be read among words: any letters that follow each other, if they are enough, whatever stands between the words, and
/// each word without titles.
pub fn within(words: &[&str]) -> Vec<String> {
    let is_one = |word: &&str| word.chars().any(is_unspaced);
    let titled = words.iter().filter(|word| is_one(word)).map(|word| word.nfkc().collect::<String>());
    let mut all: Vec<String> = titled.flat_map(|word| untitled(&word)).collect();
    all.extend(words.split(|word| !is_one(word)).flat_map(|words| runs(&words.concat().nfkc().collect::<String>())));
    all
}

/// A word where letters of other scripts begin or end in it, as several.
pub fn apart(word: &str) -> impl Iterator<Item = &str> {
    let mut last = None;
    let is_start = move |&(_, c): &(usize, char)| {
        let is_other = last.is_some_and(|last| last != is_unspaced(c)) && !is_mark(c);
        last = if is_mark(c) { last } else { Some(is_unspaced(c)) };
        is_other
    };
    let ends: Vec<usize> = word.char_indices().filter(is_start).map(|(at, _)| at).chain([word.len()]).collect();
    let mut from = 0;
    ends.into_iter().map(move |end| &word[std::mem::replace(&mut from, end)..end])
}

/// Letters that follow each other, each with the marks behind it.
fn runs(text: &str) -> Vec<String> {
    let (starts, weights): (Vec<usize>, Vec<usize>) =
        text.char_indices().filter(|(_, c)| !is_mark(*c)).map(|(at, c)| (at, weight(c))).unzip();
    let mut all = Vec::new();
    for (start, &from) in starts.iter().enumerate() {
        let mut worth = 0;
        for (end, weight) in weights.iter().enumerate().skip(start).take(LONGEST_UNSPACED) {
            worth += weight;
            if worth >= FEWEST {
                all.push(text[from..starts.get(end + 1).copied().unwrap_or(text.len())].to_owned());
            }
        }
    }
    all
}

/// A word with fewer and fewer titles around it.
fn untitled(word: &str) -> Vec<String> {
    std::iter::successors(without_title(&word), without_title).map(str::to_owned).collect()
}

fn without_title<'w>(word: &&'w str) -> Option<&'w str> {
    let mut names = TITLES.iter().filter_map(|title| word.strip_suffix(title).or_else(|| word.strip_prefix(title)));
    names.find(|name| !name.is_empty())
}

/// Whether a name without blanks is more than a word of which people may be called: long enough, and not a foreign word as it is
/// spelled in Japanese, which is one however long it is.
pub fn is_name(name: &str) -> bool {
    let is_spelled = |first: char, last: char| name.chars().all(|c| (first..=last).contains(&c) || is_mark(c));
    name.chars().any(is_unspaced)
        && name.chars().filter(|c| !is_mark(*c)).map(weight).sum::<usize>() >= FEWEST
        && !is_spelled('\u{3041}', '\u{309F}')
        && !is_spelled('\u{30A0}', '\u{30FF}')
}

fn weight(c: char) -> usize {
    if is_syllable(c) { 2 } else { 1 }
}

/// Whether a letter is of a script that writes words without blanks between them.
fn is_unspaced(c: char) -> bool {
    // Thai and Lao, Burmese, Khmer
    is_syllable(c) || matches!(c, '\u{E01}'..='\u{EFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17FF}')
}

/// Whether a letter is a word or a syllable: Chinese, Japanese and Korean.
fn is_syllable(c: char) -> bool {
    matches!(c, '々' | '〇' | '\u{3041}'..='\u{312F}' | '\u{31F0}'..='\u{31FF}' | '\u{3400}'..='\u{4DBF}'
        | '\u{4E00}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7A3}' | '\u{F900}'..='\u{FAFF}' | '\u{FF66}'..='\u{FF9F}'
        | '\u{20000}'..='\u{3FFFF}')
}
