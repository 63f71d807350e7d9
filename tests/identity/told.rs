//! Of two that are alike at least one is told, whatever right each of them has: what excuses one of them excuses no other.

use std::collections::BTreeMap;
use std::fmt::Write;

use cobrand::build::Program;
use proptest::prelude::*;

use crate::small::Small;

/// Whose word it is by which somebody says who he is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Word {
    /// His own, in his file.
    Own,
    /// HQ's, in a registry.
    Registry,
    /// HQ's in a registry, beside a file that says nothing of it.
    Both,
}

/// What one of two says: his id, whose word it is, the key and the text.
#[derive(Clone, Copy, Debug)]
struct Said {
    id: &'static str,
    word: Word,
    key: &'static str,
    text: &'static str,
}

/// Ids that begin what is said, one further than the other, that are a label of it, and that are none of it.
const IDS: [[&str; 2]; 5] =
    [["orvane", "lumitek"], ["orvane", "orvane-data"], ["lumitek", "brasko"], ["orv", "lumitek"], ["orv", "lum"]];

/// What is said of two that are alike.
const CODES: [&str; 5] = ["E-ALIKE", "W-ALIKE", "E-CODE", "W-SHARED", "E-ACCOUNT"];

/// Every key that a record here may have.
const KEYS: [&str; 10] = [
    "name",
    "contact.name",
    "contact.email",
    "legal.legal_name",
    "code",
    "website",
    "sla_contact.name",
    "sla_contact.email",
    "capture.target",
    "capture.address",
];

/// Two who say what is alike, one of them first.
fn two(texts: impl Strategy<Value = [(&'static str, &'static str); 2]>) -> impl Strategy<Value = [Said; 2]> {
    let word = || prop::sample::select(vec![Word::Own, Word::Registry, Word::Both]);
    (prop::sample::select(IDS.to_vec()), any::<bool>(), (word(), word()), texts).prop_map(
        |([one, other], is_turned, (first, second), [(key, text), (other_key, other_text)])| {
            let (one, other) = if is_turned { (other, one) } else { (one, other) };
            let said = |id, word, key, text| Said { id, word, key, text };
            [said(one, first, key, text), said(other, second, other_key, other_text)]
        },
    )
}

/// Names and registered names. One by which two companies are registered is told of neither.
fn names() -> impl Strategy<Value = [(&'static str, &'static str); 2]> {
    let name = || {
        let all = ["Orvane Data", "Orvane Data GmbH", "ORVANE-DATA", "Orv\u{430}ne Data", "Orväne Data", "0rvane Data"];
        prop::sample::select(all.to_vec())
    };
    let keys = vec![("name", "name"), ("name", "legal.legal_name"), ("legal.legal_name", "name")];
    (prop::sample::select(keys), name(), name())
        .prop_map(|((one, other), first, second)| [(one, first), (other, second)])
}

fn codes() -> impl Strategy<Value = [(&'static str, &'static str); 2]> {
    let codes = [["orv", "ORV"], ["orv", "0rv"], ["od", "od"], ["lum", "1um"], ["LUM", "lum"], ["orvane", "orvane"]];
    prop::sample::select(codes.to_vec()).prop_map(|[one, other]| [("code", one), ("code", other)])
}

/// Hosts that are one, or read alike; what stands there is a site, a mailbox or an endpoint.
fn hosts() -> impl Strategy<Value = [(&'static str, &'static str); 2]> {
    let hosts = [
        ["orvane.example", "orvane.example"],
        ["orvane-data.example", "orvane-data.example"],
        ["orvane-data.example", "orvane-d\u{430}ta.example"],
        ["orvane.lumitek.example", "orvane.lumitek.example"],
        ["orv.lum.group.example", "orv.lum.group.example"],
        ["group.example", "group.example"],
        ["rnodern.example", "modern.example"],
    ];
    let uses = || prop::sample::select(vec!["contact.email", "sla_contact.email", "capture.address", "website"]);
    (prop::sample::select(hosts.to_vec()), any::<bool>(), uses(), any::<bool>()).prop_map(
        |([one, other], is_turned, key, is_first)| {
            let (one, other) = if is_turned { (other, one) } else { (one, other) };
            let said = |key: &'static str, host: &str| -> (&'static str, &'static str) {
                let text = match key {
                    "website" => format!("https://{host}/"),
                    "capture.address" => format!("https://{host}/in"),
                    _ => format!("info@{host}"),
                };
                (key, text.leak())
            };
            let (site, it) = (said("website", one), said(key, other));
            if is_first { [site, it] } else { [it, site] }
        },
    )
}

impl Said {
    /// What stands at a key: what is asked, or something that is like nothing of the other's.
    fn cell(&self, key: &str, [name, person, mailbox]: [&'static str; 3]) -> &'static str {
        match key {
            key if key == self.key => self.text,
            "name" | "legal.legal_name" => name,
            "contact.name" => person,
            "contact.email" => mailbox,
            "sla_contact.name" if self.key == "sla_contact.email" => person,
            "capture.target" if self.key == "capture.address" => "webhook",
            _ => "",
        }
    }

    fn row(&self, plain: [&'static str; 3]) -> String {
        let cells: Vec<String> = KEYS.iter().map(|key| format!("\"{}\"", self.cell(key, plain))).collect();
        format!("{},one-to-one,launch,retail,europe,{}\n", self.id, cells.join(","))
    }

    fn file(&self, plain: [&'static str; 3]) -> String {
        let mut file = "tier: one-to-one\nmotions: [launch]\nindustries: [retail]\nregions: [europe]\n".to_owned();
        let mut maps = BTreeMap::<&str, Vec<String>>::new();
        for (key, text) in KEYS.map(|key| (key, self.cell(key, plain))).into_iter().filter(|(_, text)| !text.is_empty())
        {
            match key.split_once('.') {
                None => writeln!(file, "{key}: \"{text}\"").unwrap(),
                Some((map, key)) => maps.entry(map).or_default().push(format!("{key}: \"{text}\"")),
            }
        }
        maps.iter().for_each(|(map, keys)| writeln!(file, "{map}: {{{}}}", keys.join(", ")).unwrap());
        file
    }
}

/// What is said of two that are alike in one thing, and in nothing besides.
fn told(two: &[Said; 2]) -> Vec<String> {
    let plain = [["Kestrel", "Ada", "ada@kestrel.example"], ["Pomelo", "Bob", "bob@pomelo.example"]];
    let mut registry = format!("id,tier,motions,industries,regions,{}\n", KEYS.join(","));
    let mut small = Small::base().without("partners/acme").without("partners/beta.yaml");
    for (said, plain) in two.iter().zip(plain) {
        let path = format!("partners/{}.yaml", said.id);
        if said.word != Word::Own {
            registry += &said.row(plain);
        }
        small = match said.word {
            Word::Own => small.with(&path, said.file(plain)),
            Word::Registry => small,
            Word::Both => small.with(&path, "locale: en-US\n"),
        };
    }
    let (_, found) = Program::open(&small.with("partners/registry.csv", registry).memory());
    found.iter().map(|found| format!("{} {}", found.code, found.message)).collect()
}

fn is_told(two: &[Said; 2]) -> Result<(), TestCaseError> {
    let told = told(two);
    // An endpoint outside of ASCII is none, and so is nobody's.
    let is_none = told.iter().any(|it| it.starts_with("E-VALUE") && it.contains("capture.address"));
    let is_told = told.iter().any(|it| CODES.iter().any(|code| it.starts_with(code)));
    prop_assert!(is_told || is_none, "{two:?}: {told:?}");
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(80))]

    #[test]
    fn of_two_names_that_are_alike_one_is_told(two in two(names())) {
        is_told(&two)?;
    }

    #[test]
    fn of_two_codes_that_are_alike_one_is_told(two in two(codes())) {
        is_told(&two)?;
    }

    #[test]
    fn of_two_hosts_that_are_alike_one_is_told(two in two(hosts())) {
        is_told(&two)?;
    }
}
