//! Who partners say they are, in words of their own, without a variable that would bring in another's: no two have one
//! name, and no name or host reads like another partner's or the vendor's. Partners of one company, of which one is the
//! other's `parent`, may share all of it.
//!
//! A name or host that is taken for another's misleads whoever reads the page, so it is an error; one address of two
//! partners leads to where it says, so it is a warning.

use std::collections::{BTreeMap, HashSet};

use crate::diag::{Diagnostic, Diagnostics};
use crate::schema::kind::holds_address;

use super::alike::{exactly, names, readings};
use super::claims::{Claim, Field, Partners, Place, Says, VENDOR, address, host};

const NAME: Field = Field::of_record("name", "vendor.name");
pub(super) const SITE: Field = Field::of_record("website", "vendor.website");
const MAILBOX: Field = Field::of_record("contact.email", "vendor.legal.email");

/// The name that a company is registered by.
const COMPANY: Field = Field::of_record("legal.legal_name", "vendor.legal.legal_name").saying(Says::Registered);

/// Whose names mail programs show as the sender's. Many people have one name, but none has that of another's company.
const SENDERS: [Field; 2] = [
    Field::of_record("contact.name", "vendor.contact.name").saying(Says::Shared),
    Field::of_package("nurture.sender.name").saying(Says::Shared),
];

/// Further names of people, which are shown as they are.
const PEOPLE: [Field; 2] = [
    Field::of_record("sla_contact.name", "vendor.sla_contact.name").saying(Says::Shared),
    Field::of_record("legal.dpo.name", "vendor.legal.dpo.name").saying(Says::Shared),
];

/// Further places at which a host stands; `*` is for all that the place holds.
const HOSTS: [Field; 10] = [
    Field::of_record("privacy_url", "vendor.privacy_url"),
    Field::of_record("preferences_url", "vendor.preferences_url"),
    Field::of_record("confirmation_url", "vendor.confirmation_url"),
    Field::of_record("capture.address", "vendor.capture.address"),
    Field::of_record("capture.addresses.*", "vendor.capture.addresses.*"),
    Field::of_record("capture.mail", "vendor.capture.mail"),
    Field::of_record("sla_contact.email", "vendor.sla_contact.email"),
    Field::of_record("legal.email", "vendor.legal.email"),
    Field::of_record("legal.dpo.email", "vendor.legal.dpo.email"),
    Field::of_package("nurture.sender.email"),
];

/// Refuses names and hosts that are taken for another's, and notes addresses that two have.
pub fn check(partners: Partners<'_>, diagnostics: &mut Diagnostics) {
    partners.check_variables(diagnostics);
    partners.check_names(diagnostics);
    partners.check_taken_names(diagnostics);
    partners.check_taken_hosts(diagnostics);
    for field in [SITE, MAILBOX] {
        let read = |text: &str| std::iter::once(exactly(text));
        let claims = partners.alike(&[field], |_, _, text| Some(address(text)), read, |_, who| u64::from(who));
        diagnostics.extend(claims.iter().filter_map(|claims| partners.shared(claims)));
    }
}

/// What of a name is read: all of it, and of a sender's what stands between commas and the like too, where another's
/// name would pass for where he works.
fn parts(field: Field, text: &str) -> Vec<String> {
    let mut parts = vec![text.to_owned()];
    if field.says == Says::Shared {
        let others = between(text).flat_map(|part| part.split(" - ")).map(str::trim);
        parts.extend(others.filter(|part| !part.is_empty() && *part != text).map(str::to_owned));
    }
    parts.retain(|part| !part.contains("{{"));
    parts
}

/// What stands between commas and the like.
fn between(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| ",;:|/\\()[]<>·•–—@".contains(c))
}

/// What of a partner's record tells who he is and is held to that itself, so that a sender may be put together from it.
const OWN: [&str; 4] = ["name", "contact.name", "legal.legal_name", "contact.email"];

/// Whether one of two that read alike is what the other is taken for: letters of ASCII are taken for no others.
fn is_plainer(one: &str, other: &str) -> bool {
    one.is_ascii() && !other.is_ascii()
}

impl Partners<'_> {
    /// Refuses variables in what tells who a partner is: nobody could say what it reads like before they are filled in, and they
    /// bring in the words of others.
    fn check_variables(self, diagnostics: &mut Diagnostics) {
        for field in [NAME, SITE, MAILBOX, COMPANY].into_iter().chain(HOSTS).chain(SENDERS).chain(PEOPLE) {
            self.layers_saying(field, &mut |who, set, _| {
                let is_brought_in = |text: &str| match field.place {
                    Place::Record => text.contains("{{"),
                    Place::Package => between(text).any(|part| part.contains("{{") && !self.is_own(part)),
                };
                if who != VENDOR && set.text.as_deref().is_some_and(is_brought_in) {
                    let message = format!("`{}` tells who a partner is, and has to be written out", set.path);
                    let error = Diagnostic::error("E-VALUE", message).at(set.span, "");
                    diagnostics.push(error.help("write the words themselves, without `{{ }}`"));
                }
            });
        }
    }

    /// Whether a part is a variable of the partner's own, and nothing besides.
    fn is_own(self, part: &str) -> bool {
        let inner = part.trim().strip_prefix("{{").and_then(|rest| rest.strip_suffix("}}")).unwrap_or_default();
        let record = &self.catalog.settings.axis(self.axis).name;
        let key = inner.trim().strip_prefix(&**record).and_then(|rest| rest.strip_prefix('.'));
        key.is_some_and(|key| OWN.contains(&key))
    }

    /// Refuses names that hold an address, of which mail programs make a link that nobody checks, and those without a letter,
    /// which tell nobody from another.
    fn check_names(self, diagnostics: &mut Diagnostics) {
        for field in [NAME, COMPANY].into_iter().chain(SENDERS).chain(PEOPLE) {
            self.layers_saying(field, &mut |who, set, _| {
                let Some(text) = set.text.as_deref().filter(|text| who != VENDOR && !text.trim().is_empty()) else {
                    return;
                };
                let (message, help) = if holds_address(text) {
                    (
                        format!("`{}` holds an address, of which mail programs make a link", set.path),
                        "write the name alone; addresses have keys of their own, where they are checked",
                    )
                } else if !text.chars().any(char::is_alphabetic) {
                    (
                        format!("`{}` holds no letter, so nobody reads a name in it", set.path),
                        "write the name in letters of whatever script, such as `1&1 AG`",
                    )
                } else {
                    return;
                };
                diagnostics.push(Diagnostic::error("E-VALUE", message).at(set.span, "").help(help));
            });
        }
    }

    /// Refuses names that are, or read like, another's.
    fn check_taken_names(self, diagnostics: &mut Diagnostics) {
        let mut said = HashSet::new();
        let fields: Vec<Field> = [NAME, COMPANY].into_iter().chain(SENDERS).collect();
        for claims in self.alike(&fields, |field, _, text| parts(field, text), names, |_, who| u64::from(who)) {
            let others = self.told_apart(&claims);
            for claim in claims.iter().filter(|claim| self.is_asked(claim.who)) {
                let is_shared = |other: &Claim| {
                    claim.says == Says::Registered && other.says == Says::Registered && other.who != VENDOR
                };
                let is_taken = |other: &&&Claim| {
                    self.is_mistaken(claim, other)
                        && !is_plainer(&claim.text, &other.text)
                        && !is_shared(other)
                        && !self.is_excused(claim, other)
                };
                if let Some(other) = others.iter().find(is_taken).filter(|_| said.insert(claim.span)) {
                    diagnostics.push(self.name_taken(claim, other));
                }
            }
        }
    }

    /// Whether a name may stand although it reads like another's: it is his who says it, or a person's, and the other has no
    /// better right to it. Otherwise a partner could have another refused by taking the name of who signs for him.
    fn is_excused(self, claim: &Claim, other: &Claim) -> bool {
        match claim.says {
            Says::Shared => !other.is_hq && self.begun(other.who, &other.text) == 0,
            _ => self.is_his(claim, &claim.text, other, &other.text),
        }
    }

    /// Refuses hosts that read like another's, and are not.
    fn check_taken_hosts(self, diagnostics: &mut Diagnostics) {
        let hosts: Vec<Field> = [SITE, MAILBOX].into_iter().chain(HOSTS).collect();
        for claims in self.alike(&hosts, |_, _, text| host(text), readings, |host, _| exactly(host)) {
            // Those who read alike have few hosts, which differ only in letters that are taken for each other.
            let mut first: BTreeMap<String, &Claim> = BTreeMap::new();
            for claim in &claims {
                first.entry(host(&claim.text).unwrap_or_default()).or_insert(claim);
            }
            for claim in claims.iter().filter(|claim| self.is_asked(claim.who)) {
                let own = host(&claim.text).unwrap_or_default();
                let is_taken = |(host, other): &(&String, &&Claim)| {
                    **host != own
                        && self.is_mistaken(claim, other)
                        && !is_plainer(&own, host)
                        && !self.is_his(claim, &own, other, host)
                };
                let other = first.iter().find(is_taken);
                diagnostics.extend(other.map(|(host, other)| self.host_taken(claim, &own, other, host)));
            }
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
