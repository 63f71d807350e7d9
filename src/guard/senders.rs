//! Senders as people get to see them, put together from several fields of one partner: `Ada, Acme`. Each field may be right by
//! itself, and all of them be another's name.

use std::collections::{BTreeMap, HashSet};

use super::alike::{Reading, names};
use super::claims::{Claim, Field, Partners, Says, VENDOR, Who};
use super::spoken::{MOST_WORDS, is_too_long, parts_and_runs, words, written_out};

/// Where the sender's name is put together.
pub(super) const SENDER: Field = Field::of_package("nurture.sender.name").saying(Says::Shared);

/// What of a record may be put into it, the names that are compared by themselves first.
const FIELDS: [Field; 6] = [
    Field::of_record("name", ""),
    Field::of_record("contact.name", ""),
    Field::of_record("sla_contact.name", ""),
    Field::of_record("legal.dpo.name", ""),
    Field::of_record("legal.legal_name", ""),
    Field::of_record("contact.email", ""),
];

/// How many of these are held to others' names by themselves as a sender's name is.
const READ_ALONE: usize = 2;

/// A sender's name with what one partner says of himself in it.
pub(super) struct Sender {
    pub who: Who,
    /// The name with its variables, and where the partner himself says it.
    pattern: Claim,
    /// What is put in, in the order of the name.
    own: Vec<(usize, Claim)>,
    record: String,
}

impl Sender {
    /// The name as people see it.
    pub fn text(&self) -> String {
        self.filled(|_| true)
    }

    /// What is read in it that is read in none of the fields alone.
    pub fn parts(&self) -> Vec<String> {
        let read_alone = self.own.iter().filter(|(field, _)| *field < READ_ALONE).map(|(_, claim)| &claim.text);
        let alone: HashSet<String> =
            read_alone.chain([&self.pattern.text]).flat_map(|text| parts_and_runs(text)).collect();
        let mut parts = parts_and_runs(&self.text());
        parts.retain(|part| !alone.contains(part));
        parts
    }

    /// The claim to what a part of it reads like, where the field stands that completes it.
    pub fn claim(&self, reading: Reading) -> Claim {
        let reads = |text: &str| parts_and_runs(text).iter().any(|part| names(part).any(|it| it == reading));
        let is_needed = |at: &usize| !reads(&self.filled(|other| other != *at));
        self.at((0..self.own.len()).filter(is_needed).collect())
    }

    /// The claim at the last of some fields, or at one that is not HQ's word: there it can be mended.
    fn at(&self, fields: Vec<usize>) -> Claim {
        let pattern = Some(&self.pattern).filter(|pattern| pattern.who == self.who);
        let places: Vec<&Claim> = fields.iter().rev().map(|at| &self.own[*at].1).chain(pattern).collect();
        let place = places.iter().find(|claim| !claim.is_hq).or(places.first());
        let (span, is_hq) = place.map_or((self.pattern.span, true), |place| (place.span, place.is_hq));
        Claim { who: self.who, text: self.text().into(), span, is_hq, says: Says::Shared }
    }

    /// Where it is longer than people read it, though nothing of it is by itself.
    pub fn too_long(&self) -> Option<Claim> {
        let is_long = |text: &str| {
            let written = written_out(text);
            let words = words(&written);
            words.len() > MOST_WORDS || words.iter().any(|word| is_too_long(word))
        };
        let mut alone = self.own.iter().map(|(_, claim)| claim).chain([&self.pattern]);
        let is_so = is_long(&self.text()) && !alone.any(|claim| is_long(&claim.text));
        is_so.then(|| self.at((0..self.own.len()).collect()))
    }

    /// The name with some of what is put in; for the rest its variables stand.
    fn filled(&self, is_put_in: impl Fn(usize) -> bool) -> String {
        let mut text = self.pattern.text.to_string();
        for (_, (field, claim)) in self.own.iter().enumerate().filter(|(at, _)| is_put_in(*at)) {
            text = put_in(&text, &key(&self.record, *field), &claim.text);
        }
        text
    }
}

fn key(record: &str, field: usize) -> String {
    format!("{record}.{}", FIELDS[field].of_partner)
}

/// What a variable names, filters aside.
fn named(inner: &str) -> &str {
    inner.split('|').next().unwrap_or_default().trim()
}

/// A text with a value for each variable of that name.
fn put_in(text: &str, key: &str, value: &str) -> String {
    let mut pieces = text.split("{{");
    let mut out = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        match piece.split_once("}}") {
            Some((inner, behind)) if named(inner) == key => out.extend([value, behind]),
            _ => out.extend(["{{", piece]),
        }
    }
    out
}

/// The fields that a name puts in, as they follow each other in it, each once.
fn fields_in(pattern: &str, record: &str) -> Vec<usize> {
    let mut found = Vec::new();
    for piece in pattern.split("{{").skip(1) {
        let name = named(piece.split("}}").next().unwrap_or_default());
        let field = (0..FIELDS.len()).find(|&field| key(record, field) == name);
        found.extend(field.filter(|field| !found.contains(field)));
    }
    found
}

/// Of partners the names of senders in their own layers, with whether they are for all of a partner's packages.
type Own = BTreeMap<Who, (bool, Vec<Claim>)>;

impl Partners<'_> {
    /// The senders of all who are asked for, in each language that says something else.
    pub fn senders(self) -> Vec<Sender> {
        let record = self.catalog.settings.axis(self.axis).name.to_string();
        let (of_all, own) = self.patterns();
        let patterns = of_all.iter().chain(own.values().flat_map(|(_, own)| own));
        let used: HashSet<usize> = patterns.flat_map(|pattern| fields_in(&pattern.text, &record)).collect();
        let mut said = BTreeMap::<Who, Vec<(usize, Claim)>>::new();
        for field in (0..FIELDS.len()).filter(|field| used.contains(field)) {
            self.layers(FIELDS[field], &mut |claim| {
                let known = said.entry(claim.who).or_default();
                if self.is_asked(claim.who) && !known.iter().any(|(of, it)| *of == field && it.text == claim.text) {
                    known.push((field, claim));
                }
            });
        }
        let mut senders = Vec::new();
        for (who, said) in &said {
            let own = own.get(who);
            // What a partner says for all of his packages leaves none to others.
            let others = of_all.iter().filter(|_| own.is_none_or(|(is_for_all, _)| !is_for_all));
            for pattern in others.chain(own.into_iter().flat_map(|(_, own)| own)) {
                let fields = fields_in(&pattern.text, &record);
                let all = combined(&fields, said).into_iter().filter(|own| !own.is_empty());
                let sender = |own| Sender { who: *who, pattern: pattern.clone(), own, record: record.clone() };
                senders.extend(all.map(sender));
            }
        }
        senders
    }

    /// Names of senders with their variables: those of whoever is no partner, and each partner's.
    fn patterns(self) -> (Vec<Claim>, Own) {
        let mut of_all: Vec<Claim> = Vec::new();
        let mut own = Own::new();
        self.layers_saying(SENDER, &mut |who, set, layer| {
            let Some(text) = set.text.clone() else { return };
            let is_hq = who == VENDOR || layer.row.is_some_and(|row| row.source == set.span.source);
            let claim = Claim { who, text, span: set.span, is_hq, says: Says::Shared };
            if who != VENDOR {
                let (is_for_all, patterns) = own.entry(who).or_default();
                *is_for_all |= layer.selector.bindings().len() == 1;
                patterns.push(claim);
            } else if !of_all.iter().any(|known| known.text == claim.text) {
                of_all.push(claim);
            }
        });
        (of_all, own)
    }
}

/// All ways to put in what somebody says at some fields; where he says nothing the variable stands.
fn combined(fields: &[usize], said: &[(usize, Claim)]) -> Vec<Vec<(usize, Claim)>> {
    let mut all = vec![Vec::new()];
    for field in fields {
        let values: Vec<&(usize, Claim)> = said.iter().filter(|(of, _)| of == field).collect();
        if !values.is_empty() {
            let with =
                |one: &Vec<(usize, Claim)>, value: &(usize, Claim)| [&one[..], std::slice::from_ref(value)].concat();
            all = all.iter().flat_map(|one| values.iter().map(|value| with(one, value)).collect::<Vec<_>>()).collect();
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::{fields_in, put_in};

    #[test]
    fn fields_are_put_in_by_name() {
        let text = "{{ partner.contact.name }}, {{partner.name | upper}} {{ vendor.name }} {{";
        assert_eq!(fields_in(text, "partner"), [1, 0]);
        assert_eq!(put_in(text, "partner.name", "Acme"), "{{ partner.contact.name }}, Acme {{ vendor.name }} {{");
    }
}
