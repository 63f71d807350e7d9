//! Senders as people get to see them, put together from several fields of one partner: `Ada, Acme`. Each field may be right by
//! itself, and all of them be another's name.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use crate::catalog::LayerId;
use crate::catalog::locales::LocaleId;
use crate::syntax::characters::is_of_direction;

use super::alike::{Reading, names};
use super::claims::{Claim, Field, Partners, Says, VENDOR, Who, language};
use super::spoken::{MOST_WORDS, is_too_long, parts_and_runs, signs, words, written_out};

/// Where the sender's name is put together.
pub(super) const SENDER: Field = Field::of_package("nurture.sender.name").saying(Says::Shared);

/// What of a record is held to others' names by itself, as a sender's name is.
const READ_ALONE: [&str; 2] = ["name", "contact.name"];

/// What of a record takes no variable, which is said where it stands.
const WRITTEN_OUT: [&str; 6] =
    ["name", "contact.name", "sla_contact.name", "legal.dpo.name", "legal.legal_name", "contact.email"];

/// A value that is put in for a variable, of whoever's layer says it.
#[derive(Clone)]
struct Value {
    variable: Arc<str>,
    layer: LayerId,
    claim: Claim,
}

/// A sender's name with what one partner says of himself in it.
pub(super) struct Sender {
    pub who: Who,
    /// The name with its variables, and where the partner himself says it.
    pattern: Claim,
    /// What is put in, in the order of the name; what is put into that stands behind it.
    own: Vec<Value>,
    record: Arc<str>,
}

impl Sender {
    /// The name as people see it.
    pub fn text(&self) -> String {
        self.filled(|_| true)
    }

    /// What is read in it that is read in none of the fields alone, and not in what HQ says for everybody.
    pub fn parts(&self) -> Vec<String> {
        let read_alone =
            self.own.iter().filter(|value| self.is_read_alone(value)).map(|value| value.claim.text.to_string());
        let of_all = self.filled(|at| self.own[at].claim.who == VENDOR);
        let alone: HashSet<String> = read_alone.chain([of_all]).flat_map(|text| parts_and_runs(&text)).collect();
        let mut parts = parts_and_runs(&self.text());
        parts.retain(|part| !alone.contains(part));
        parts
    }

    fn is_read_alone(&self, value: &Value) -> bool {
        is_one_of(&READ_ALONE, &value.variable, &self.record)
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
        let own = fields.iter().rev().map(|at| &self.own[*at].claim).filter(|claim| claim.who == self.who);
        let places: Vec<&Claim> = own.chain(pattern).collect();
        let place = places.iter().find(|claim| !claim.is_hq).or(places.first());
        let (span, is_hq) = place.map_or((self.pattern.span, true), |place| (place.span, place.is_hq));
        Claim { who: self.who, text: self.text().into(), span, is_hq, says: Says::Shared }
    }

    /// Where it is longer than people read it, or turns the direction in which it is read, though no name in it does by itself.
    pub fn fault(&self) -> Option<(Claim, &'static str)> {
        let alone = || {
            let read_alone = self.own.iter().filter(|value| self.is_read_alone(value)).map(|value| &value.claim);
            read_alone.chain([&self.pattern])
        };
        let all = || self.at((0..self.own.len()).collect());
        if is_long(&self.text()) && !alone().any(|claim| is_long(&claim.text)) {
            return Some((all(), "has more or longer words, or more signs among letters, than people read"));
        }
        let is_turned =
            self.text().contains(is_of_direction) && !alone().any(|claim| claim.text.contains(is_of_direction));
        let turning = (0..self.own.len()).filter(|at| self.own[*at].claim.text.contains(is_of_direction)).collect();
        is_turned.then(|| (self.at(turning), "holds a sign that turns the direction in which it is read"))
    }

    /// The name with some of what is put in; for the rest its variables stand.
    fn filled(&self, is_put_in: impl Fn(usize) -> bool) -> String {
        let mut text = self.pattern.text.to_string();
        for (_, value) in self.own.iter().enumerate().filter(|(at, _)| is_put_in(*at)) {
            text = put_in(&text, &value.variable, &value.claim.text);
        }
        text
    }
}

/// Whether a variable is one of some fields of the record of that name.
fn is_one_of(fields: &[&str], variable: &str, record: &str) -> bool {
    let field = variable.strip_prefix(record).and_then(|rest| rest.strip_prefix('.'));
    field.is_some_and(|field| fields.contains(&field))
}

fn is_long(text: &str) -> bool {
    let written = written_out(text);
    let words = words(&written);
    words.len() > MOST_WORDS || words.iter().any(|word| is_too_long(word)) || signs::are_too_many(&written)
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

/// The variables of a text, as they follow each other in it, each once.
fn variables(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    for (inner, _) in text.split("{{").skip(1).filter_map(|piece| piece.split_once("}}")) {
        found.extend(Some(named(inner)).filter(|name| !found.contains(name)));
    }
    found
}

/// Of partners the names of senders in their own layers, with the languages in which they are for all of a partner's packages.
type Own = BTreeMap<Who, (HashSet<LocaleId>, Vec<Claim>)>;

impl Partners<'_> {
    /// The senders of all who are asked for, in each language that says something else.
    pub fn senders(self) -> Vec<Sender> {
        let record: Arc<str> = self.catalog.settings.axis(self.axis).name.clone();
        let (of_all, own) = self.patterns();
        let said =
            self.values(&record, of_all.iter().map(|(_, claim)| claim).chain(own.values().flat_map(|(_, own)| own)));
        let general = said.get(&VENDOR).map_or(&[][..], Vec::as_slice);
        let mut senders = Vec::new();
        for (who, said) in said.iter().filter(|(who, _)| **who != VENDOR) {
            let own = own.get(who);
            // What a partner says for all of his packages leaves none to others, but for those in other languages.
            let is_left = |locale: &LocaleId| own.is_none_or(|(for_all, _)| !for_all.contains(locale));
            let others = of_all.iter().filter(|(locale, _)| is_left(locale)).map(|(_, claim)| claim);
            for pattern in others.chain(own.into_iter().flat_map(|(_, own)| own)) {
                let all = self.combined(&pattern.text, said, general);
                let all = all.into_iter().filter(|own| own.iter().any(|value| value.claim.who != VENDOR));
                let sender = |own| Sender { who: *who, pattern: pattern.clone(), own, record: record.clone() };
                senders.extend(all.map(sender));
            }
        }
        senders
    }

    /// What those who are asked for say at the variables of some texts, and at the variables of what they say, and what is said
    /// there for everybody.
    fn values<'p>(self, record: &str, patterns: impl Iterator<Item = &'p Claim>) -> BTreeMap<Who, Vec<Value>> {
        let mut wanted: Vec<Arc<str>> = patterns.flat_map(|pattern| variables(&pattern.text)).map(Arc::from).collect();
        let mut said = BTreeMap::<Who, Vec<Value>>::new();
        let mut seen = HashSet::new();
        while let Some(variable) = wanted.pop() {
            if !seen.insert(variable.clone()) {
                continue;
            }
            self.set_at(&variable, &mut |who, layer, claim| {
                let has_variables = claim.text.contains("{{");
                // What HQ writes out is no word of a partner's, and parts his words as any other variable does.
                let is_left_out = match who {
                    VENDOR => !has_variables,
                    who => !self.is_asked(who) || has_variables && is_one_of(&WRITTEN_OUT, &variable, record),
                };
                if is_left_out {
                    return;
                }
                wanted.extend(variables(&claim.text).into_iter().map(Arc::from));
                let known = said.entry(who).or_default();
                let is_known = |it: &Value| it.variable == variable && it.claim.text == claim.text && it.layer == layer;
                if !known.iter().any(is_known) {
                    known.push(Value { variable: variable.clone(), layer, claim });
                }
            });
        }
        said
    }

    /// All ways to put in what somebody says, or what is said for everybody, of layers that can meet; where nothing is said the
    /// variable stands.
    fn combined(self, pattern: &str, own: &[Value], general: &[Value]) -> Vec<Vec<Value>> {
        let mut done = Vec::new();
        let mut open = vec![(pattern.to_owned(), Vec::<Value>::new())];
        while let Some((text, taken)) = open.pop() {
            let is_new = |name: &&str| !taken.iter().any(|value| *value.variable == **name);
            let fits = |value: &&Value| taken.iter().all(|other| self.meet(value.layer, other.layer));
            let next = variables(&text).into_iter().filter(is_new).find_map(|name| {
                let values = own.iter().chain(general).filter(|value| *value.variable == *name).filter(fits);
                let values: Vec<&Value> = values.collect();
                (!values.is_empty()).then_some(values)
            });
            match next {
                Some(values) => open.extend(values.into_iter().map(|value| {
                    let filled = put_in(&text, &value.variable, &value.claim.text);
                    (filled, [&taken[..], std::slice::from_ref(value)].concat())
                })),
                None => done.push(taken),
            }
        }
        done
    }

    /// Whether two layers count in one deployment.
    fn meet(self, one: LayerId, other: LayerId) -> bool {
        let selector = |id| &self.catalog.layer(id).selector;
        one == other || selector(one).join(selector(other), &self.catalog.axes).is_some()
    }

    /// Names of senders with their variables: those of whoever is no partner, and each partner's.
    fn patterns(self) -> (Vec<(LocaleId, Claim)>, Own) {
        let mut of_all: Vec<(LocaleId, Claim)> = Vec::new();
        let mut own = Own::new();
        self.layers_saying(SENDER, &mut |who, set, layer| {
            let Some(text) = set.text.clone() else { return };
            let is_hq = who == VENDOR || layer.row.is_some_and(|row| row.source == set.span.source);
            let claim = Claim { who, text, span: set.span, is_hq, says: Says::Shared };
            let locale = language(layer, set);
            if who != VENDOR {
                let (for_all, patterns) = own.entry(who).or_default();
                for_all.extend(Some(locale).filter(|_| layer.selector.bindings().len() == 1));
                patterns.push(claim);
            } else if !of_all.iter().any(|(known, other)| *known == locale && other.text == claim.text) {
                of_all.push((locale, claim));
            }
        });
        (of_all, own)
    }
}

#[cfg(test)]
mod tests {
    use super::{put_in, variables};

    #[test]
    fn values_are_put_in_by_name() {
        let text = "{{ partner.contact.name }}, {{partner.name | upper}} {{ vendor.name }} {{";
        assert_eq!(variables(text), ["partner.contact.name", "partner.name", "vendor.name"]);
        assert_eq!(put_in(text, "partner.name", "Acme"), "{{ partner.contact.name }}, Acme {{ vendor.name }} {{");
    }
}
