//! What companies have behind their names, or before them, to say what they are by law.

use std::collections::HashSet;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;

/// Abbreviations by ISO 20275 (Entity Legal Forms, as GLEIF publishes them, version 1.5 of 2023-09-28), as their letters and
/// digits in small, without marks. Left out are those of authorities, and short ones that are words in names.
const LISTED: [&str; 201] = [
    "ab",
    "ad",
    "ag",
    "akcspol",
    "amba",
    "ans",
    "apb",
    "aps",
    "as",
    "asa",
    "bhd",
    "bt",
    "bv",
    "bvba",
    "ca",
    "cc",
    "cic",
    "clg",
    "co",
    "company",
    "cooperativelimited",
    "corp",
    "corporation",
    "cv",
    "cvba",
    "cvoa",
    "cyf",
    "dd",
    "dno",
    "doo",
    "ead",
    "eg",
    "ehf",
    "eireli",
    "eirl",
    "ek",
    "eood",
    "epe",
    "ev",
    "fzllc",
    "gbr",
    "geie",
    "gesbr",
    "gesmbh",
    "ggmbh",
    "gie",
    "gmbh",
    "hb",
    "hf",
    "ike",
    "iks",
    "inc",
    "incorporated",
    "ivs",
    "jdoo",
    "kb",
    "kbe",
    "kd",
    "kda",
    "kft",
    "kg",
    "kgaa",
    "kkt",
    "kollsti",
    "komspol",
    "komsti",
    "ks",
    "ky",
    "lc",
    "limited",
    "limitedliabilitycompany",
    "limitedpartnership",
    "limitee",
    "llc",
    "lllp",
    "llp",
    "lp",
    "ltd",
    "ltda",
    "ltdsti",
    "ltee",
    "mb",
    "mmc",
    "nuf",
    "nv",
    "nyrt",
    "odo",
    "og",
    "ohg",
    "ood",
    "ou",
    "oy",
    "oyj",
    "partg",
    "partgmbb",
    "pbc",
    "plc",
    "pllc",
    "proprietarylimited",
    "psa",
    "pt",
    "pteltd",
    "pty",
    "ptyltd",
    "pvtltd",
    "sa",
    "saa",
    "sab",
    "sabdecv",
    "sac",
    "sadecv",
    "sagl",
    "sal",
    "sam",
    "sapi",
    "sapib",
    "sapibdecv",
    "sapidecv",
    "sarl",
    "sarls",
    "sas",
    "sasdecv",
    "sau",
    "sc",
    "sca",
    "scarl",
    "scdeap",
    "sce",
    "sci",
    "scl",
    "scoop",
    "scpa",
    "scrl",
    "scs",
    "sderl",
    "sderldecv",
    "sdnbhd",
    "se",
    "secs",
    "secsp",
    "senc",
    "sgr",
    "sha",
    "shpk",
    "sia",
    "ska",
    "sl",
    "sll",
    "slne",
    "slu",
    "smba",
    "snc",
    "soccoop",
    "spa",
    "spc",
    "spj",
    "spk",
    "spolsro",
    "sprl",
    "spzoo",
    "srl",
    "srll",
    "srls",
    "suarl",
    "tbk",
    "teo",
    "uab",
    "ughaftungsbeschrankt",
    "ulc",
    "ultd",
    "unlimited",
    "unltd",
    "verobchspol",
    "vof",
    "wiv",
    "zat",
    "zrt",
    "ад",
    "доо",
    "еад",
    "еоод",
    "ет",
    "зао",
    "кд",
    "оао",
    "од",
    "одо",
    "оод",
    "ооо",
    "ذمم",
    "شمخ",
    "شمع",
    "合",
    "名",
    "有",
    "有限公司",
    "株",
    "無限公司",
    "資",
    "유",
    "주",
];

/// What that list writes otherwise or has no abbreviation for, and companies write.
const WRITTEN: [&str; 90] = [
    "abp",
    "ae",
    "aktiebolag",
    "aktiengesellschaft",
    "aktieselskab",
    "ao",
    "berhad",
    "bsc",
    "cjsc",
    "dac",
    "dmcc",
    "egbr",
    "enk",
    "eurl",
    "fzco",
    "fze",
    "gk",
    "godokaisha",
    "jsc",
    "kabushikikaisha",
    "kk",
    "ksc",
    "lda",
    "limitada",
    "limitedsirketi",
    "llcfz",
    "mbh",
    "oao",
    "ojsc",
    "ooo",
    "osakeyhtio",
    "osauhing",
    "pao",
    "pcl",
    "pjsc",
    "private",
    "privatelimited",
    "pte",
    "publiccompanylimited",
    "publiclimitedcompany",
    "pvt",
    "qpsc",
    "qsc",
    "saoc",
    "saog",
    "sasu",
    "sdn",
    "selarl",
    "selas",
    "sgps",
    "sociedadanonima",
    "sociedadlimitada",
    "societeanonyme",
    "społkazoo",
    "sro",
    "too",
    "tov",
    "ug",
    "unipersonale",
    "unipessoal",
    "vos",
    "wll",
    "yk",
    "yugenkaisha",
    "zao",
    "αε",
    "εε",
    "επε",
    "ικε",
    "οε",
    "ао",
    "пао",
    "тов",
    "тоо",
    "בעמ",
    "شذمم",
    "จำกัด",
    // As it is written apart.
    "จ\u{E4D}\u{E32}กัด",
    "บริษัท",
    "มหาชน",
    "合同会社",
    "合名会社",
    "合資会社",
    "有限会社",
    "有限責任公司",
    "有限责任公司",
    "株式会社",
    "股份有限公司",
    "유한회사",
    "주식회사",
];

/// Those that are words without their signs or capitals.
const SIGNED: [&str; 8] = ["DA", "I/S", "ME", "P.C.", "P/S", "d.a.", "e.U.", "i.L."];

/// Those that stand before a name as well. Of letters that have small ones they are written in capitals there.
const BEFORE: [&str; 35] = [
    "ab",
    "ao",
    "as",
    "cv",
    "oao",
    "ooo",
    "ou",
    "oy",
    "pao",
    "pt",
    "sc",
    "sia",
    "too",
    "tov",
    "uab",
    "zao",
    "ао",
    "зао",
    "оао",
    "ооо",
    "пао",
    "тов",
    "тоо",
    "شركة",
    "บริษัท",
    "合同会社",
    "合名会社",
    "合資会社",
    "有限会社",
    "株",
    "株式会社",
    "유",
    "유한회사",
    "주",
    "주식회사",
];

/// Those without a blank between them and the name. Of two that end alike the longer one is first.
const JOINED: [&str; 14] = [
    "股份有限公司",
    "有限责任公司",
    "有限責任公司",
    "有限公司",
    "株式会社",
    "有限会社",
    "合同会社",
    "合名会社",
    "合資会社",
    "주식회사",
    "유한회사",
    "จำกัด",
    "จ\u{E4D}\u{E32}กัด",
    "บริษัท",
];

/// How many words the longest has: `S. de R.L. de C.V.`, and one with a blank behind each point, `s. r. o.`, has fewer.
const WORDS: usize = 5;

static FORMS: LazyLock<HashSet<&str>> = LazyLock::new(|| LISTED.into_iter().chain(WRITTEN).collect());

/// With what forms end, as their letters: most names end otherwise, which is seen at their last word.
static ENDS: LazyLock<HashSet<String>> = LazyLock::new(|| {
    let forms = LISTED.into_iter().chain(WRITTEN).chain(SIGNED).map(|form| letters([form]));
    let ends = |form: String| form.char_indices().map(|(at, _)| form[at..].to_owned()).collect::<Vec<_>>();
    forms.flat_map(ends).chain([String::new()]).collect()
});

/// A name without its legal forms; what is nothing else is a name.
pub fn without(name: &str) -> &str {
    let mut name = name.trim();
    while let Some(rest) = behind(name).or_else(|| before(name)).or_else(|| joined(name)) {
        name = rest;
    }
    name
}

/// The name before a form, or before signs that stand for no word, such as `&`.
fn behind(name: &str) -> Option<&str> {
    let (mut rest, mut found) = (name, None);
    let mut words: Vec<&str> = Vec::new();
    for _ in 0..WORDS {
        let end = rest.trim_end_matches(is_between);
        let start = end.rfind(is_between).map_or(0, |at| at + end[at..].chars().next().map_or(1, char::len_utf8));
        words.insert(0, &end[start..]);
        rest = &end[..start];
        let form = letters(words.iter().copied());
        if !ENDS.contains(&*form) {
            break;
        }
        let is_form = FORMS.contains(&*form) || SIGNED.contains(&&*words.concat());
        if is_form || form.is_empty() && words.len() == 1 {
            found = Some(rest);
        }
        if rest.is_empty() {
            break;
        }
    }
    found.map(|rest| rest.trim_end_matches(is_between)).filter(|rest| is_name(rest))
}

fn before(name: &str) -> Option<&str> {
    let start = name.trim_start_matches(is_between);
    let (word, rest) = start.split_at(start.find(is_between)?);
    let is_form = !word.chars().any(char::is_lowercase) && BEFORE.contains(&&*letters([word]));
    Some(rest.trim_start_matches(is_between)).filter(|rest| is_form && is_name(rest))
}

fn joined(name: &str) -> Option<&str> {
    if name.is_ascii() {
        return None;
    }
    let cut = |form: &&str| name.strip_suffix(form).or_else(|| name.strip_prefix(form));
    JOINED.iter().find_map(cut).map(str::trim).filter(|rest| is_name(rest))
}

fn is_name(text: &str) -> bool {
    text.chars().any(char::is_alphanumeric)
}

/// What stands between a name and its form.
fn is_between(c: char) -> bool {
    c.is_whitespace() || matches!(c, ',' | '(' | ')' | '·' | '・')
}

/// The letters and digits of words in small, without marks above and below them.
fn letters<'w>(words: impl IntoIterator<Item = &'w str>) -> String {
    let letters = |word: &str| match word.is_ascii() {
        true => word.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect::<String>(),
        false => {
            let plain = word.nfd().filter(|c| !matches!(c, '\u{300}'..='\u{36F}')).nfc();
            plain.filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
        }
    };
    words.into_iter().map(letters).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_told_from_their_forms() {
        for written in [
            "Acme GmbH",
            "Acme GmbH & Co. KG",
            "Acme GmbH i.L.",
            "Acme JSC",
            "Acme L.L.C-FZ",
            "Acme B.S.C.",
            "Acme Q.P.S.C.",
            "Acme SASU",
            "Acme Oyj Abp",
            "Acme e.U.",
            "Acme I/S",
            "Acme P.C.",
            "Acme ME",
            "Acme Spółka z o.o.",
            "Acme Osaühing",
            "Acme Limited Şirketi",
            "Acme Public Company Limited",
            "Acme S.r.l. unipersonale",
            "Acme Ges.m.b.H.",
            "Acme, Inc.",
            "Acme,Inc.",
            "Acme s.r.o.",
            "Acme s. r. o.",
            "Acme, spol. s r.o.",
            "Acme S.à r.l.",
            "Acme Sàrl",
            "Acme Sp. z o.o.",
            "Acme sp. z o. o. sp. k.",
            "Acme d.o.o.",
            "Acme SL",
            "Acme, S.L.U.",
            "Acme, Lda.",
            "Acme Unipessoal Lda",
            "Acme S.A. de C.V.",
            "Acme S. de R.L. de C.V.",
            "Acme Sdn. Bhd.",
            "Acme A/S",
            "Acme A.Ş.",
            "Acme Ltd. Şti.",
            "Acme Kft.",
            "Acme K.K.",
            "Acme株式会社",
            "株式会社Acme",
            "株式会社 Acme",
            "Acme(株)",
            "(주)Acme",
            "Acme 股份有限公司",
            "ООО Acme",
            "PT Acme Tbk",
            "บริษัท Acme จำกัด (มหาชน)",
            "บริษัทAcmeจำกัด",
            "UAB Acme",
            "Acme OÜ",
            "Acme UG (haftungsbeschränkt)",
            "Acme (Pty) Ltd",
            "Acme W.L.L.",
            "Acme בע\"מ",
            "Acme ش.ذ.م.م",
        ] {
            assert_eq!(without(written), "Acme", "{written}");
        }
        for name in [
            "GmbH",
            "Co. KG",
            "株式会社",
            "Pt",
            "Ab initio",
            "Sa ving",
            "★",
            "",
            "Data of SL and more",
            "Acme EU",
            "Call Me",
            "What is",
        ] {
            let rest = without(name);
            assert!(!rest.is_empty() || name.is_empty(), "{name}");
            assert!(name.starts_with(rest) && (name.contains("KG") || rest == name), "{name} is {rest}");
        }
    }

    #[test]
    fn forms_are_written_as_they_are_looked_up() {
        let all = LISTED.into_iter().chain(WRITTEN).chain(BEFORE);
        assert!(all.into_iter().all(|form| letters([form]) == form));
        assert_eq!(FORMS.len(), LISTED.len() + WRITTEN.len());
        assert!(JOINED.iter().all(|form| FORMS.contains(form)));
    }
}
