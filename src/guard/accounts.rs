//! Whose accounts are whose: an endpoint, or an id by which another system knows an account, is held by one partner, or by
//! the vendor, and by nobody else. Leads and counts of two would be one there.
//!
//! A host that many companies have accounts at tells nobody from another, so it is not looked at: the whole address is, and
//! the id in it. What stands at a host of another's own does not become somebody's by a path of its own.

use std::collections::{BTreeMap, HashSet};

use crate::diag::{Diagnostic, Diagnostics};
use crate::profiles::capture;
use crate::schema::address::canonical;
use crate::schema::analytics::PLAUSIBLE_CLOUD;
use crate::schema::kind::is_uuid;
use crate::source::Span;

use super::alike::exactly;
use super::claims::{Claim, Field, Partners, VENDOR, Who};
use super::hosts::rights::Rights;

/// Ids of accounts, each of one system, in whatever case and with whatever zeros before a number.
const IDS: [Field; 9] = [
    Field::of_record("capture.account.portal", "vendor.capture.account.portal"),
    Field::of_record("capture.account.org", "vendor.capture.account.org"),
    Field::of_record("capture.account.account", "vendor.capture.account.account"),
    Field::of_record("capture.account.user", "vendor.capture.account.user"),
    Field::of_record("capture.account.audience", "vendor.capture.account.audience"),
    Field::of_record("capture.account.site", "vendor.capture.account.site"),
    Field::of_package("tracking.analytics.website"),
    Field::of_package("tracking.analytics.container"),
    Field::of_package("tracking.analytics.measurement"),
];

/// Ids of forms, of which only those tell an account that are made to be like no other.
const FORMS: Field = Field::of_record("capture.forms.*", "vendor.capture.forms.*");

/// What forms are sent to.
pub(super) const ENDPOINTS: [Field; 2] = [
    Field::of_record("capture.address", "vendor.capture.address"),
    Field::of_record("capture.addresses.*", "vendor.capture.addresses.*"),
];

/// What takes counts, and what a site is called there: the same name or number is another site elsewhere.
pub(super) const COUNTER: Field = Field::of_package("tracking.analytics.address");
const SITES: [Field; 2] =
    [Field::of_package("tracking.analytics.domain"), Field::of_package("tracking.analytics.site")];

/// All places at which an account stands.
pub(super) fn fields() -> impl Iterator<Item = Field> {
    IDS.into_iter().chain(ENDPOINTS).chain(SITES).chain([FORMS, COUNTER])
}

/// Refuses accounts of which another is said to be, too, where nothing is `said` yet.
pub fn check(partners: Partners<'_>, rights: &Rights<'_>, mut said: HashSet<Span>, diagnostics: &mut Diagnostics) {
    let nobodys = |_: &Claim, _: &Claim| false;
    for field in IDS {
        // A form that is sent to an address is sent to the account that the address names.
        let name = field.of_partner.strip_prefix("capture.account.");
        let part = |own: Field, _, text: &str| match name.filter(|_| is_endpoint(own)) {
            Some(name) => named(text, name).map(|named| id(&named)).collect(),
            None => vec![id(text)],
        };
        let endpoints = ENDPOINTS.iter().copied().filter(|_| name.is_some());
        let fields: Vec<Field> = std::iter::once(field).chain(endpoints).collect();
        partners.check_held(&fields, part, nobodys, &mut said, diagnostics);
    }
    let part = |own: Field, _, text: &str| match is_endpoint(own) {
        true => canonical(text).split('/').filter_map(form).collect::<Vec<_>>(),
        false => form(text).into_iter().collect(),
    };
    partners.check_held(&[FORMS, ENDPOINTS[0], ENDPOINTS[1]], part, nobodys, &mut said, diagnostics);
    // An address at a host is his who has the better right to it: to copy it stops nobody.
    let his = |claim: &Claim, other: &Claim| rights.of_claim(claim).beats(rights.of_claim(other));
    partners.check_held(&ENDPOINTS, |_, _, text| vec![canonical(text)], his, &mut said, diagnostics);
    let counters = partners.counters();
    for field in SITES {
        let sites = |_, who, text: &str| {
            let at = counters.get(&who).or_else(|| counters.get(&VENDOR)).filter(|at| !at.is_empty());
            let site = |at: &String| format!("{} {at}", id(text));
            at.map_or_else(|| vec![site(&canonical(PLAUSIBLE_CLOUD))], |at| at.iter().map(site).collect())
        };
        partners.check_held(&[field], sites, nobodys, &mut said, diagnostics);
    }
}

/// The longest number of an organisation in Salesforce, and how much of it tells it from others: the rest is made of that.
const SALESFORCE: (usize, usize) = (18, 15);

/// An id as its system takes it.
fn id(text: &str) -> String {
    let text = text.to_lowercase();
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return text.trim_start_matches('0').to_owned();
    }
    let (whole, own) = SALESFORCE;
    match text.get(..own).filter(|own| text.len() == whole && own.starts_with("00d")) {
        Some(own) => own.to_owned(),
        None => text,
    }
}

fn form(text: &str) -> Option<String> {
    Some(text.to_lowercase()).filter(|text| is_uuid(text))
}

fn is_endpoint(field: Field) -> bool {
    ENDPOINTS.iter().any(|endpoint| endpoint.of_partner == field.of_partner)
}

/// The ids of that name in an address at which a platform takes forms.
fn named(address: &str, name: &str) -> impl Iterator<Item = String> {
    capture::ids_in(&canonical(address)).into_iter().filter(move |(id, _)| *id == name).map(|(_, is)| is)
}

impl Partners<'_> {
    fn check_held(
        self,
        fields: &[Field],
        part: impl Fn(Field, Who, &str) -> Vec<String> + Sync,
        is_his: impl Fn(&Claim, &Claim) -> bool,
        said: &mut HashSet<Span>,
        diagnostics: &mut Diagnostics,
    ) {
        let read = |text: &str| std::iter::once(exactly(text));
        for (_, claims) in self.alike(fields, part, read, |_, who| who) {
            let others = self.told_apart(&claims);
            for claim in claims.iter().filter(|claim| self.is_asked(claim.who)) {
                let is_held = |other: &&&Claim| {
                    self.is_mistaken(claim, other)
                        && self.right_to(claim) <= self.right_to(other)
                        && !is_his(claim, other)
                };
                if let Some(other) = others.iter().find(is_held).filter(|_| said.insert(claim.span)) {
                    let message = format!("`{}` is an account of {}, too", claim.text, self.named(other.who));
                    diagnostics.push(self.held(message, claim, other));
                }
            }
        }
    }

    /// Where counts of somebody go who says so.
    fn counters(self) -> BTreeMap<Who, HashSet<String>> {
        let mut counters = BTreeMap::<Who, HashSet<String>>::new();
        for (who, address) in self.silent(&[COUNTER], |_, who, text, found| found.push((who, canonical(text)))) {
            counters.entry(who).or_default().insert(address);
        }
        self.layers_saying(COUNTER, &mut |who, set, _| {
            let text = set.text.as_deref().filter(|text| !text.contains("{{"));
            counters.entry(who).or_default().extend(text.map(canonical));
        });
        counters
    }

    fn held(self, message: String, claim: &Claim, other: &Claim) -> Diagnostic {
        Diagnostic::error("E-ACCOUNT", message)
            .at(claim.span, "what belongs to two would be one there")
            .other(other.span, "the other's")
            .help("write an account of its own; of two records of one company HQ gives one as the other's `parent`, in a registry")
    }
}

#[cfg(test)]
mod tests {
    use super::{form, id};

    #[test]
    fn an_id_is_one_however_it_is_written() {
        for (one, other) in [("12", "00000012"), ("00Dxx0000001gPF", "00DXX0000001GPFEA0"), ("GTM-a", "gtm-A")] {
            assert_eq!(id(one), id(other));
        }
        for (one, other) in [("12", "120"), ("012a", "12a"), ("00Dxx0000001gPF", "00Dxx0000001gPG")] {
            assert_ne!(id(one), id(other));
        }
    }

    #[test]
    fn only_ids_that_are_made_to_be_like_no_other_tell_a_form() {
        assert_eq!(form("3"), None);
        assert!(form("1B4E28BA-2fa1-41d2-883f-0016d3cca427").is_some());
    }
}
