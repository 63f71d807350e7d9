//! Who partners say they are, in words of their own, without a variable that would bring in another's: no two have one
//! name, and no name or host reads like another partner's or the vendor's. Partners of one company, of which one is the
//! other's `parent`, may share all of it.
//!
//! A name or host that is taken for another's misleads whoever reads the page, so it is an error; one address of two
//! partners leads to where it says, so it is a warning.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use rayon::prelude::*;

use crate::catalog::patch::Contribution;
use crate::catalog::settings::AxisId;
use crate::catalog::{Catalog, LayerId};
use crate::diag::{Diagnostic, Diagnostics};
use crate::schema::address;
use crate::schema::kind::holds_address;
use crate::source::Span;
use crate::syntax::tree::Node;

use super::Index;
use super::alike::{Reading, exactly, letters, names, readings};

/// What tells who somebody is: its place in a partner's record, and that of the vendor's own.
#[derive(Clone, Copy)]
struct Field {
    of_partner: &'static str,
    of_vendor: &'static str,
}

impl Field {
    fn is_registered(self) -> bool {
        self.of_partner == COMPANY.of_partner
    }
}

const NAME: Field = Field { of_partner: "name", of_vendor: "vendor.name" };
const SITE: Field = Field { of_partner: "website", of_vendor: "vendor.website" };
const MAILBOX: Field = Field { of_partner: "contact.email", of_vendor: "vendor.legal.email" };

/// The name that a company is registered by.
const COMPANY: Field = Field { of_partner: "legal.legal_name", of_vendor: "vendor.legal.legal_name" };

/// Who signs emails; many people have one name.
const PERSON: Field = Field { of_partner: "contact.name", of_vendor: "vendor.contact.name" };

/// Further places at which a host stands; `*` is for all that the place holds.
const HOSTS: [Field; 9] = [
    Field { of_partner: "privacy_url", of_vendor: "vendor.privacy_url" },
    Field { of_partner: "preferences_url", of_vendor: "vendor.preferences_url" },
    Field { of_partner: "confirmation_url", of_vendor: "vendor.confirmation_url" },
    Field { of_partner: "capture.address", of_vendor: "vendor.capture.address" },
    Field { of_partner: "capture.addresses.*", of_vendor: "vendor.capture.addresses.*" },
    Field { of_partner: "capture.mail", of_vendor: "vendor.capture.mail" },
    Field { of_partner: "sla_contact.email", of_vendor: "vendor.sla_contact.email" },
    Field { of_partner: "legal.email", of_vendor: "vendor.legal.email" },
    Field { of_partner: "legal.dpo.email", of_vendor: "vendor.legal.dpo.email" },
];

/// Who says something: a partner by its number, or the vendor.
type Who = u32;

const VENDOR: Who = Who::MAX;

/// What somebody says of himself.
#[derive(Clone)]
struct Claim {
    who: Who,
    text: Arc<str>,
    span: Span,
    /// Whether HQ says it, in its registry or of itself.
    is_hq: bool,
    /// Whether it is the name a company is registered by, which its partners may share without being told of as one.
    is_registered: bool,
}

/// Refuses names and hosts that are taken for another's, and notes addresses that two have.
pub fn check(catalog: &Catalog, index: &Index, diagnostics: &mut Diagnostics) {
    let companies = companies(catalog);
    let partners = Partners { catalog, index, axis: catalog.settings.partner(), companies: &companies };
    let by_whom = |_: &str, who: Who| u64::from(who);
    partners.check_variables(diagnostics);
    partners.check_addresses(diagnostics);
    let mut said = HashSet::new();
    for claims in partners.alike(&[NAME, COMPANY], |text| Some(text.to_owned()), names, by_whom) {
        let others = partners.told_apart(&claims);
        for claim in claims.iter().filter(|claim| partners.is_asked(claim.who)) {
            let is_taken = |other: &&&Claim| {
                let is_shared = claim.is_registered && other.is_registered && other.who != VENDOR;
                partners.is_mistaken(claim, other)
                    && !is_plainer(&claim.text, &other.text)
                    && !is_shared
                    && !partners.is_his(claim, &claim.text, other, &other.text)
            };
            if let Some(other) = others.iter().find(is_taken).filter(|_| said.insert(claim.span)) {
                diagnostics.push(partners.name_taken(claim, other));
            }
        }
    }
    let hosts: Vec<Field> = [SITE, MAILBOX].into_iter().chain(HOSTS).collect();
    for claims in partners.alike(&hosts, host, readings, |host, _| exactly(host)) {
        // Those who read alike have few hosts, which differ only in letters that are taken for each other.
        let mut first: BTreeMap<String, &Claim> = BTreeMap::new();
        for claim in &claims {
            first.entry(host(&claim.text).unwrap_or_default()).or_insert(claim);
        }
        for claim in claims.iter().filter(|claim| partners.is_asked(claim.who)) {
            let own = host(&claim.text).unwrap_or_default();
            let is_taken = |(host, other): &(&String, &&Claim)| {
                **host != own
                    && partners.is_mistaken(claim, other)
                    && !is_plainer(&own, host)
                    && !partners.is_his(claim, &own, other, host)
            };
            let other = first.iter().find(is_taken);
            diagnostics.extend(other.map(|(host, other)| partners.host_taken(claim, &own, other, host)));
        }
    }
    for field in [SITE, MAILBOX] {
        let read = |text: &str| std::iter::once(exactly(text));
        let claims = partners.alike(&[field], |text| Some(address(text)), read, by_whom);
        diagnostics.extend(claims.iter().filter_map(|claims| partners.shared(claims)));
    }
}

/// The company of each partner that has a parent: the one at the top. Each way up is gone once.
fn companies(catalog: &Catalog) -> HashMap<usize, usize> {
    let partners = &catalog.axes[catalog.settings.partner().0];
    let mut tops: HashMap<usize, usize> = HashMap::new();
    for (index, _) in partners.iter().enumerate().filter(|(_, partner)| partner.parent.is_some()) {
        let mut way = Vec::new();
        let mut at = index;
        while let (None, Some(parent)) = (tops.get(&at), partners.at(at).parent) {
            way.push(at);
            at = parent;
        }
        let top = tops.get(&at).copied().unwrap_or(at);
        tops.extend(way.into_iter().map(|one| (one, top)));
    }
    tops
}

/// The host of a site or mailbox; `www.` makes no other.
fn host(text: &str) -> Option<String> {
    address::host(text).map(|host| host.trim_start_matches("www.").to_owned())
}

/// A site or mailbox as one address, however it is written: without a port, `www.` or a last slash.
fn address(text: &str) -> String {
    let path = text.split_once("://").and_then(|(_, rest)| rest.split_once('/')).map_or("", |(_, path)| path);
    match host(text).filter(|_| text.contains("://")) {
        Some(host) => format!("{host}/{path}").trim_end_matches('/').to_lowercase(),
        None => text.to_lowercase(),
    }
}

/// Whether one of two that read alike is what the other is taken for: letters of ASCII are taken for no others.
fn is_plainer(one: &str, other: &str) -> bool {
    one.is_ascii() && !other.is_ascii()
}

#[derive(Clone, Copy)]
struct Partners<'a> {
    catalog: &'a Catalog,
    index: &'a Index,
    axis: AxisId,
    companies: &'a HashMap<usize, usize>,
}

impl Partners<'_> {
    /// Refuses variables in what tells who a partner is: nobody could say what it reads like before they are filled in, and they
    /// bring in the words of others.
    fn check_variables(self, diagnostics: &mut Diagnostics) {
        for field in [NAME, SITE, MAILBOX, COMPANY].into_iter().chain(HOSTS) {
            self.layers_saying(field, &mut |who, set, _| {
                if who != VENDOR && set.text.as_deref().is_some_and(|text| text.contains("{{")) {
                    let message = format!("`{}` tells who a partner is, and has to be written out", set.path);
                    let error = Diagnostic::error("E-VALUE", message).at(set.span, "");
                    diagnostics.push(error.help("write the words themselves, without `{{ }}`"));
                }
            });
        }
    }

    /// Refuses names that hold an address: mail programs make a link of it, which nobody checks.
    fn check_addresses(self, diagnostics: &mut Diagnostics) {
        for field in [NAME, COMPANY, PERSON] {
            self.layers_saying(field, &mut |who, set, _| {
                if who != VENDOR && set.text.as_deref().is_some_and(holds_address) {
                    let message = format!("`{}` holds an address, of which mail programs make a link", set.path);
                    let error = Diagnostic::error("E-VALUE", message).at(set.span, "");
                    diagnostics.push(
                        error.help("write the name alone; addresses have keys of their own, where they are checked"),
                    );
                }
            });
        }
    }

    /// Whether of two that read alike the first is whose name or host it is: his id, which HQ gives, begins it, and the other's
    /// does not, or not as far.
    fn is_his(self, claim: &Claim, own: &str, other: &Claim, theirs: &str) -> bool {
        let begun = |who: Who, text: &str| match who {
            VENDOR => usize::MAX,
            who => {
                let id = letters(&self.catalog.axes[self.axis.0].at(who as usize).id);
                if letters(&text.to_lowercase()).starts_with(&id) { id.len() } else { 0 }
            }
        };
        begun(claim.who, own) > begun(other.who, theirs)
    }

    /// Whether somebody asks for a partner: of a million that nobody asks for nothing is said.
    fn is_asked(self, who: Who) -> bool {
        who != VENDOR && self.catalog.speaks(self.axis, who as usize)
    }

    /// Of claims that read alike those that suffice to find for each another one that it is mistaken for: of each kind the first
    /// ones of two companies. So many that have one name cost what they are.
    fn told_apart(self, claims: &[Claim]) -> Vec<&Claim> {
        let mut kinds: HashMap<(bool, bool, bool), Vec<&Claim>> = HashMap::new();
        let mut others = Vec::new();
        for claim in claims {
            let kept = kinds.entry((claim.is_hq, claim.text.is_ascii(), claim.is_registered)).or_default();
            if kept.len() < 2 && kept.iter().all(|other| self.company(other.who) != self.company(claim.who)) {
                kept.push(claim);
                others.push(claim);
            }
        }
        others
    }

    fn company(self, who: Who) -> usize {
        self.companies.get(&(who as usize)).copied().unwrap_or(who as usize)
    }

    /// What is said that reads alike, where it is not one. `part` gives what of a text counts, `read` what that reads like,
    /// and `same` what is alike by right: what one says, or one host.
    fn alike<R: Iterator<Item = Reading>>(
        self,
        fields: &[Field],
        part: impl Fn(&str) -> Option<String>,
        read: impl Fn(&str) -> R,
        same: impl Fn(&str, Who) -> u64,
    ) -> Vec<Vec<Claim>> {
        let mut held: Vec<(Reading, u64, Who)> = Vec::new();
        for field in fields {
            self.say(*field, &mut |who, text| {
                let Some(part) = part(text) else { return };
                held.extend(read(&part).map(|reading| (reading, same(&part, who), who)));
            });
        }
        held.par_sort_unstable();
        let alike = held.chunk_by(|(one, ..), (other, ..)| one == other);
        let alike = alike.filter(|alike| {
            alike.iter().any(|(_, same, _)| *same != alike[0].1) && alike.iter().any(|(.., who)| self.is_asked(*who))
        });
        let readings: HashSet<Reading> = alike.clone().map(|alike| alike[0].0).collect();
        let whose: HashSet<Who> = alike.flatten().map(|(.., who)| *who).collect();
        let mut claims: BTreeMap<Reading, Vec<Claim>> = BTreeMap::new();
        for claim in fields.iter().flat_map(|field| self.claims(*field, &whose)) {
            for reading in part(&claim.text).iter().flat_map(|part| read(part)).filter(|read| readings.contains(read)) {
                claims.entry(reading).or_default().push(claim.clone());
            }
        }
        let mut said = HashSet::new();
        // What is alike as it is written and in small letters is one.
        claims.retain(|_, group| said.insert(group.iter().map(|claim| claim.span).collect::<Vec<_>>()));
        claims.into_values().collect()
    }

    /// What everybody says of himself at a place of his record; no record is made for it.
    fn say(self, field: Field, say: &mut dyn FnMut(Who, &str)) {
        self.layers(field, &mut |claim| say(claim.who, &claim.text));
        let partners = &self.catalog.axes[self.axis.0];
        self.catalog.registry.column(field.of_partner, &mut |id, text| {
            let silent = partners.index(id).filter(|&value| !self.catalog.speaks(self.axis, value));
            if let Some(value) = silent {
                say(value as Who, text);
            }
        });
    }

    fn layers(self, field: Field, say: &mut dyn FnMut(Claim)) {
        self.layers_saying(field, &mut |who, set, row| {
            let Some(text) = set.text.clone().filter(|text| !text.contains("{{")) else { return };
            let is_hq = who == VENDOR || row.is_some_and(|row| row.source == set.span.source);
            say(Claim { who, text, span: set.span, is_hq, is_registered: field.is_registered() });
        });
    }

    /// What layers say: partners in their own layers of themselves, and the master of the vendor. What a partner's layer says
    /// of the vendor is no word on who the partner is. With it goes the layer's row in a registry.
    fn layers_saying(self, field: Field, say: &mut dyn FnMut(Who, &Contribution, Option<Span>)) {
        let own = format!("{}.{}", self.catalog.settings.axis(self.axis).name, field.of_partner);
        for (path, of_vendor) in [(&*own, false), (field.of_vendor, true)] {
            for path in self.places(path) {
                for &id in self.index.layers(path) {
                    let layer = self.catalog.layer(id);
                    let who = match of_vendor {
                        true => (id == LayerId::MASTER).then_some(VENDOR),
                        false => layer.selector.binds(self.axis).map(|binding| binding.value as Who),
                    };
                    let Some(who) = who else { continue };
                    layer.said_at(path).for_each(|set| say(who, set, layer.row));
                }
            }
        }
    }

    /// A place, or all that one ending with `*` is for.
    fn places<'p>(self, path: &'p str) -> Vec<&'p str>
    where
        Self: 'p,
    {
        match path.strip_suffix(".*") {
            Some(above) => self.index.inside(above).collect(),
            None => vec![path],
        }
    }

    fn claims(self, field: Field, whose: &HashSet<Who>) -> Vec<Claim> {
        let mut claims = Vec::new();
        self.layers(field, &mut |claim| claims.push(claim));
        claims.retain(|claim| whose.contains(&claim.who));
        let partners = &self.catalog.axes[self.axis.0];
        let mut silent: Vec<Who> = whose.iter().copied().filter(|&who| who != VENDOR).collect();
        silent.retain(|&who| !self.catalog.speaks(self.axis, who as usize));
        silent.sort_unstable();
        for who in silent {
            let record = self.catalog.registry.record(partners.at(who as usize).span);
            let node = record.as_ref().and_then(|record| record.at(field.of_partner));
            let claim = |node: &Node| {
                Some(Claim {
                    who,
                    text: node.as_text()?.clone(),
                    span: node.span,
                    is_hq: true,
                    is_registered: field.is_registered(),
                })
            };
            claims.extend(node.and_then(claim));
        }
        claims
    }

    /// Whether one says what is taken for the other's: of one company nobody is, and what HQ says stands against what a
    /// partner says of himself.
    fn is_mistaken(self, claim: &Claim, other: &Claim) -> bool {
        claim.who != other.who && !self.is_one_company(claim.who, other.who) && (other.is_hq || !claim.is_hq)
    }

    fn is_one_company(self, one: Who, other: Who) -> bool {
        one != VENDOR && other != VENDOR && self.company(one) == self.company(other)
    }

    fn named(self, who: Who) -> String {
        match who {
            VENDOR => "the vendor".to_owned(),
            who => format!("the partner `{}`", self.catalog.axes[self.axis.0].at(who as usize).id),
        }
    }

    fn name_taken(self, claim: &Claim, other: &Claim) -> Diagnostic {
        let verb = if claim.text == other.text { "is" } else { "reads like" };
        let message = format!("`{}` {verb} the name of {}", claim.text, self.named(other.who));
        Diagnostic::error("E-ALIKE", message)
            .at(claim.span, "readers would take one for the other")
            .other(other.span, "its name")
            .help("give it a name that tells them apart; of two records of one company HQ gives one as the other's `parent`, in a registry")
    }

    fn host_taken(self, claim: &Claim, own: &str, other: &Claim, host: &str) -> Diagnostic {
        let message = format!("`{own}` reads like `{host}` of {}", self.named(other.who));
        Diagnostic::error("E-ALIKE", message)
            .at(claim.span, "readers would take one for the other")
            .other(other.span, "its host")
            .help("write the host that is meant; of two records of one company HQ gives one as the other's `parent`, in a registry")
    }

    /// One address of several that are not of one company, said once.
    fn shared(self, claims: &[Claim]) -> Option<Diagnostic> {
        let first = claims.iter().find(|claim| claim.who == VENDOR).or(claims.first())?;
        let is_another = |claim: &&Claim| claim.who != first.who && !self.is_one_company(claim.who, first.who);
        let mut others = claims.iter().filter(is_another);
        let claim = others.next()?;
        let message = format!("`{}` is also the address of {}", claim.text, self.named(first.who));
        let warning = Diagnostic::warning("W-SHARED", message).at(claim.span, "").other(first.span, "there");
        let warning = match others.count() {
            0 => warning,
            more => warning.note(format!("and of {more} more")),
        };
        Some(warning.help("see that it is meant: who answers for one answers for the other"))
    }
}
