//! Who partners say they are, in words of their own, without a variable that would bring in another's: no two have one
//! name, and no name or host reads like another partner's or the vendor's. Partners of one company, of which one is the
//! other's `parent`, may share all of it.
//!
//! A name or host that is taken for another's misleads whoever reads the page, so it is an error; one address of two
//! partners leads to where it says, so it is a warning.

use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use crate::diag::{Diagnostic, Diagnostics};
use crate::html;
use crate::schema::address::{canonical, disguise, is_host_alone};
use crate::schema::domain::owned;
use crate::schema::kind::holds_address;
use crate::source::Span;
use crate::syntax::characters::is_of_direction;

use super::accounts::COUNTER;
use super::alike::{Reading, exactly, hosts, names};
use super::claims::{
    Claim, Field, Further, PRODUCT_SITE, Partners, Place, SITE, Says, VENDOR, Who, host, is_below, is_word,
};
use super::hosts::rights::{Right, by_word};
use super::senders::{SENDER, Sender};
use super::spoken::signs::MOST_SIGNS;
use super::spoken::{
    LONGEST_WORD, MOST_WORDS, between, is_encoded, is_too_long, parts, parts_and_runs, runs_of_parts, signs, words,
    written_out,
};

const NAME: Field = Field::of_record("name", "vendor.name");
/// Who answers for the protection of data, often for several companies.
pub(super) const OFFICER: Field = Field::of_record("legal.dpo.email", "vendor.legal.dpo.email");
const MAILBOX: Field = Field::of_record("contact.email", "vendor.legal.email");

/// Mailboxes from which a partner writes, or to which leads do.
pub(super) const MAILBOXES: [Field; 6] = [
    MAILBOX,
    Field::of_record("capture.mail", "vendor.capture.mail"),
    Field::of_record("sla_contact.email", "vendor.sla_contact.email"),
    Field::of_record("legal.email", "vendor.legal.email"),
    OFFICER,
    Field::of_package("nurture.sender.email"),
];

/// The name that a company is registered by.
const COMPANY: Field = Field::of_record("legal.legal_name", "vendor.legal.legal_name").saying(Says::Registered);

/// What the vendor sells, whose name stands for the vendor.
const PRODUCT: Field = Field::of_vendor("product.name").saying(Says::Product);

/// Whose names mail programs show as the sender's. Many people have one name, but none has that of another's company.
const SENDERS: [Field; 2] = [Field::of_record("contact.name", "vendor.contact.name").saying(Says::Shared), SENDER];

/// Further names of people, which are shown as they are.
const PEOPLE: [Field; 2] = [
    Field::of_record("sla_contact.name", "vendor.sla_contact.name").saying(Says::Shared),
    Field::of_record("legal.dpo.name", "vendor.legal.dpo.name").saying(Says::Shared),
];

/// Pages of legal words and the like.
pub(super) const PAGES: [Field; 3] = [
    Field::of_record("privacy_url", "vendor.privacy_url"),
    Field::of_record("preferences_url", "vendor.preferences_url"),
    Field::of_record("confirmation_url", "vendor.confirmation_url"),
];

/// Further places at which a host stands; `*` is for all that the place holds.
const HOSTS: [Field; 10] = [
    PAGES[0],
    PAGES[1],
    PAGES[2],
    Field::of_record("capture.address", "vendor.capture.address"),
    Field::of_record("capture.addresses.*", "vendor.capture.addresses.*"),
    Field::of_record("capture.mail", "vendor.capture.mail"),
    Field::of_record("sla_contact.email", "vendor.sla_contact.email"),
    Field::of_record("legal.email", "vendor.legal.email"),
    Field::of_record("legal.dpo.email", "vendor.legal.dpo.email"),
    Field::of_package("nurture.sender.email"),
];

/// All places at which somebody says who he is.
pub(super) fn fields() -> impl Iterator<Item = Field> {
    let hosts = [SITE, PRODUCT_SITE].into_iter().chain(HOSTS);
    [NAME, COMPANY, PRODUCT].into_iter().chain(SENDERS).chain(PEOPLE).chain(MAILBOXES).chain(hosts)
}

/// What to do about what two share.
pub(super) const MEANT: &str = "see that it is meant: who answers for one answers for the other";

/// Refuses names and hosts that are taken for another's, and notes pages at others' hosts; returns where very mailboxes of
/// others stand, of whose hosts no more has to be said.
pub fn check(partners: Partners<'_>, diagnostics: &mut Diagnostics) -> HashSet<Span> {
    partners.check_variables(diagnostics);
    partners.check_names(diagnostics);
    partners.check_taken_names(diagnostics);
    partners.check_taken_hosts(diagnostics);
    let taken = partners.check_taken_mailboxes(diagnostics);
    partners.check_pages(diagnostics);
    taken
}

/// One address that several have who are not of one company.
pub(super) struct Shared {
    said: Diagnostic,
    /// All places at which it stands.
    pub places: Vec<Span>,
}

impl Shared {
    /// What is to be told of it, unless it is refused to one already.
    pub fn told(self, refused: &HashSet<Span>) -> Option<Diagnostic> {
        (!self.places.iter().any(|place| refused.contains(place))).then_some(self.said)
    }
}

/// The sites and mailboxes that several have, where none is `taken` already.
pub(super) fn shared(partners: Partners<'_>, taken: &HashSet<Span>) -> Vec<Shared> {
    let read = |text: &str| std::iter::once(exactly(text));
    let of = |fields: &[Field]| partners.alike(fields, |_, _, text| Some(canonical(text)), read, |_, who| who);
    let all = of(&[SITE]).into_iter().chain(of(&MAILBOXES));
    all.filter_map(|(_, claims)| partners.shared(&claims, taken)).collect()
}

/// What of a partner's record tells who he is and is held to that itself, so that a sender may be put together from it.
const OWN: [&str; 4] = ["name", "contact.name", "legal.legal_name", "contact.email"];

/// Whether one of the parts reads so.
fn is_in(parts: &[String], reading: Reading) -> bool {
    parts.iter().any(|part| names(part).any(|it| it == reading))
}

/// The hosts that an address is at: its own, and those that it lies below, if they can be somebody's.
fn hosts_in(text: &str) -> Vec<String> {
    let Some(host) = host(text) else { return Vec::new() };
    let owned = owned(&host);
    if owned.is_empty() { vec![host] } else { owned }
}

/// Which of the hosts of a claim reads so.
fn host_read(claim: &Claim, reading: Reading) -> String {
    let found = hosts_in(&claim.text).into_iter().find(|own| hosts(own).any(|it| it == reading));
    found.unwrap_or_default()
}

/// Whether letters of another alphabet make a host read like one of ASCII: nobody has such a host but to be taken for another.
fn is_disguised(host: &str) -> bool {
    disguise(&format!("https://{host}")).is_some()
}

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
                let Some(text) = set.text.as_deref().filter(|_| who != VENDOR) else {
                    return;
                };
                let (is_sender, written) = (field.says == Says::Shared, written_out(text));
                let (message, help) = if text.contains(is_of_direction) {
                    (
                        format!("`{}` holds a sign that turns the direction in which it is read", set.path),
                        "write the name without it: letters of each script have their direction themselves",
                    )
                } else if holds_address(text) || is_sender && html::hosts(&written).next().is_some() {
                    (
                        format!("`{}` holds an address, of which mail programs make a link", set.path),
                        "write the name alone; addresses have keys of their own, where they are checked",
                    )
                } else if is_encoded(text) {
                    (
                        format!("`{}` holds a code that mail programs show as other words", set.path),
                        "write the words themselves, without `=?` and `?=`",
                    )
                } else if words(&written).len() > MOST_WORDS {
                    (
                        format!("`{}` has more than {MOST_WORDS} words", set.path),
                        "write the name alone, so that people read all of it",
                    )
                } else if words(&written).iter().any(|word| is_too_long(word)) {
                    (
                        format!("`{}` has a word of more than {LONGEST_WORD} letters", set.path),
                        "write its words apart, so that people read them",
                    )
                } else if signs::are_too_many(&written) {
                    (
                        format!("`{}` has more than {MOST_SIGNS} signs among its letters", set.path),
                        "write letters for those that stand for some, and blanks for those that part words",
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
        let (mut said, mut told) = (HashSet::new(), BTreeMap::new());
        let fields: Vec<Field> = [NAME, COMPANY, PRODUCT].into_iter().chain(SENDERS).collect();
        // Of whom nobody asks for it is enough that his name is known.
        let part = |field: Field, who: Who, text: &str| match field.says {
            Says::Own | Says::Registered if self.is_asked(who) => parts_and_runs(text),
            Says::Shared => parts_and_runs(text),
            _ => parts(text),
        };
        let further = Further { senders: self.senders(), ..Further::default() };
        for (claim, fault) in further.senders.iter().filter_map(Sender::fault) {
            if said.insert(claim.span) {
                let message = format!("`{}` {fault}", claim.text);
                let error =
                    Diagnostic::error("E-VALUE", message).at(claim.span, "the sender's name is put together so");
                diagnostics.push(error.help("write the names alone, so that people read all of it"));
            }
        }
        for (reading, claims) in self.alike_with(&further, &fields, part, names, |_, who| who) {
            // A part of a name is taken for a whole one, not for a part of another.
            let whole = claims.iter().filter(|claim| names(&claim.text).any(|whole| whole == reading));
            let others = self.told_apart(whole);
            for claim in claims.iter().filter(|claim| self.is_asked(claim.who)) {
                let is_shared = |other: &Claim| {
                    claim.says == Says::Registered && other.says == Says::Registered && other.who != VENDOR
                };
                let is_taken = |other: &&&Claim| {
                    self.is_mistaken(claim, other) && !is_shared(other) && !self.is_excused(claim, other, reading)
                };
                let Some(other) = others.iter().find(is_taken) else { continue };
                // HQ may name one so that another's name is among the words; that is seen, and stands.
                if claim.is_hq && !is_in(&parts(&claim.text), reading) {
                    told.entry(claim.span).or_insert_with(|| self.name_within(claim, other));
                } else if said.insert(claim.span) {
                    diagnostics.push(self.name_taken(claim, other));
                }
            }
        }
        diagnostics.extend(told.into_iter().filter(|(span, _)| !said.contains(span)).map(|(_, found)| found));
    }

    /// Whether a name may stand although it reads like another's: it is his who says it, or a person's, and the other has no
    /// better right to it. Otherwise a partner could have another refused by taking the name of who signs for him.
    fn is_excused(self, claim: &Claim, other: &Claim, reading: Reading) -> bool {
        let has_right = other.is_hq || self.begun(other.who, &other.text) > 0;
        // People are called as companies are, so one word is read only where it stands alone.
        let is_one = || (other.who != VENDOR || other.says == Says::Product) && is_word(&other.text);
        let is_whole = is_in(&parts(&claim.text), reading);
        // A company's form beside a word makes no more of it: `PT Redbarn`.
        let is_run = || {
            let mut runs = runs_of_parts(&claim.text);
            runs.retain(|run| !is_word(run));
            is_in(&runs, reading)
        };
        let is_joined = || !is_whole && !is_run();
        match claim.says {
            Says::Shared => !has_right || is_one() && is_joined(),
            _ if is_whole => self.stands(claim, other),
            // Of a company's name that begins with its id nobody but the vendor and those in HQ's registry is told.
            _ => !has_right || !other.is_hq && self.begun(claim.who, &claim.text) > 0 || is_one() && is_joined(),
        }
    }

    /// Whether of two names that read alike one is to stand: by the better right, and where they have the same, the plainer.
    fn stands(self, claim: &Claim, other: &Claim) -> bool {
        match self.right_to(claim).cmp(&self.right_to(other)) {
            Ordering::Equal => is_plainer(&claim.text, &other.text),
            order => order == Ordering::Greater,
        }
    }

    /// Refuses the very mailboxes that HQ gives to another; returns where they stand.
    fn check_taken_mailboxes(self, diagnostics: &mut Diagnostics) -> HashSet<Span> {
        let read = |text: &str| std::iter::once(exactly(text));
        let mut said = HashSet::new();
        let further = Further { claims: self.mailboxes_in_rows(), ..Further::default() };
        for (_, claims) in self.alike_with(&further, &MAILBOXES, |_, _, text| Some(canonical(text)), read, |_, who| who)
        {
            let given: Vec<&Claim> = claims.iter().filter(|claim| claim.is_hq).collect();
            let owners: HashSet<Who> = given.iter().map(|claim| claim.who).collect();
            let is_said = |claim: &&Claim| !claim.is_hq && self.is_asked(claim.who) && !owners.contains(&claim.who);
            for claim in claims.iter().filter(is_said) {
                let other = given.iter().find(|other| self.is_mistaken(claim, other));
                if let Some(other) = other.filter(|_| said.insert(claim.span)) {
                    let message = format!("`{}` is a mailbox of {}", claim.text, self.named(other.who));
                    let error = Diagnostic::error("E-ALIKE", message)
                        .at(claim.span, "its mail would be taken for the other's")
                        .other(other.span, "given here");
                    diagnostics.push(error.help("write a mailbox of its own; of two records of one company HQ gives one as the other's `parent`, in a registry"));
                }
            }
        }
        said
    }

    /// Mailboxes that HQ gives to those who say another one themselves, if somebody says them of himself.
    fn mailboxes_in_rows(self) -> Vec<(Field, Claim)> {
        let mut said = HashSet::new();
        for field in MAILBOXES {
            self.layers(field, &mut |claim| said.extend(Some(canonical(&claim.text)).filter(|_| !claim.is_hq)));
        }
        if said.is_empty() {
            return Vec::new();
        }
        let rows = self.in_rows(&MAILBOXES, |number, row, found| {
            if self.is_asked(row.who) && said.contains(&canonical(row.text)) {
                found.push((MAILBOXES[number], row.who, row.path.clone()));
            }
        });
        if rows.is_empty() {
            return Vec::new();
        }
        let layers = self.catalog.layer_ids().map(|id| self.catalog.layer(id));
        let places: HashMap<Who, Span> =
            layers.filter_map(|layer| Some((layer.selector.binds(self.axis)?.value as Who, layer.row?))).collect();
        let claim = |(field, who, path): (Field, Who, Arc<str>)| {
            let record = self.catalog.registry.record(*places.get(&who)?)?;
            Some((field, Self::claim_at(&record, who, &path, field.says)?))
        };
        rows.into_iter().filter_map(claim).collect()
    }

    /// Refuses hosts that read like another's, and are not.
    fn check_taken_hosts(self, diagnostics: &mut Diagnostics) {
        let fields: Vec<Field> = [SITE, MAILBOX, COUNTER, PRODUCT_SITE].into_iter().chain(HOSTS).collect();
        let pages = self.pages_of_all().map(|claim| (SITE, claim));
        let further = Further { claims: pages.into_iter().collect(), ..Further::default() };
        let mut said = HashSet::new();
        // Of each place one host is said: what is refused before what is told, and of a host and what lies below it the one above.
        let mut told = BTreeMap::new();
        for (reading, claims) in
            self.alike_with(&further, &fields, |_, _, text| hosts_in(text), hosts, |host, _| exactly(host))
        {
            // What is alike as it is written and in small letters is one.
            if !said.insert(claims.iter().map(|claim| (claim.span, host_read(claim, reading))).collect::<Vec<_>>()) {
                continue;
            }
            let others = self.best_at_each(&claims, reading);
            for claim in claims.iter().filter(|claim| self.is_asked(claim.who)) {
                let own = host_read(claim, reading);
                let own_right = self.right_alike(claim, &own);
                // What letters of another alphabet make read alike has to have the better right.
                let is_as_good = |right: Right, host: &str| match is_plainer(&own, host) {
                    true => right > own_right,
                    false => right >= own_right,
                };
                let is_another = |(right, host, other): &&(Right, String, &Claim)| {
                    *host != own
                        && other.who != claim.who
                        && !self.is_one_company(claim.who, other.who)
                        && is_as_good(*right, host)
                };
                if let Some((right, host, other)) = others.iter().find(is_another) {
                    let is_taken = right.beats(own_right) && !is_plainer(&own, host)
                        || is_plainer(host, &own) && is_disguised(&own);
                    let found = self.host_taken(claim, &own, other, host, is_taken);
                    told.entry(claim.span).or_insert_with(Vec::new).push((!is_taken, own.len(), found));
                }
            }
        }
        let first =
            |found: Vec<(bool, usize, _)>| found.into_iter().min_by_key(|(is_told, length, _)| (*is_told, *length));
        diagnostics.extend(told.into_values().filter_map(first).map(|(.., found)| found));
    }

    /// Of claims of hosts that read alike, the better right first, at each host those of the two companies that have the best
    /// one. They have few hosts, which differ only in letters that are taken for each other.
    fn best_at_each<'c>(self, claims: &'c [Claim], reading: Reading) -> Vec<(Right, String, &'c Claim)> {
        let mut best = Vec::new();
        let with_right = |claim: &'c Claim| {
            let host = host_read(claim, reading);
            (self.right_alike(claim, &host), host, claim)
        };
        let mut all: Vec<_> = claims.iter().map(with_right).collect();
        all.sort_by_key(|(right, ..)| std::cmp::Reverse(*right));
        let mut kept = HashMap::<String, Vec<usize>>::new();
        for (right, host, claim) in all {
            let companies = kept.entry(host.clone()).or_default();
            if companies.len() < 2 && !companies.contains(&self.company(claim.who)) {
                companies.push(self.company(claim.who));
                best.push((right, host, claim));
            }
        }
        best
    }

    /// The right by which a host is somebody's and not one that reads like it.
    fn right_alike(self, claim: &Claim, host: &str) -> Right {
        match claim.who {
            VENDOR => Right::Site(usize::MAX),
            who => self.by_id(who, host).max(by_word(claim.is_hq)),
        }
    }

    /// Notes pages at a host that is another's as a whole, or below it. Of pages beside each other, such as profiles at one
    /// network, none is.
    fn check_pages(self, diagnostics: &mut Diagnostics) {
        let read = |text: &str| std::iter::once(exactly(text));
        let part = |_, _, text: &str| host(text).map(|host| owned(&host)).unwrap_or_default();
        let mut said = HashSet::new();
        for (_, claims) in self.alike(&[SITE], part, read, |_, who| who) {
            let hosts: Vec<String> = claims.iter().map(|claim| host(&claim.text).unwrap_or_default()).collect();
            let Some(top) = hosts.iter().min_by_key(|host| host.len()) else { continue };
            let is_whole = |(claim, host): &(&Claim, &String)| *host == top && is_host_alone(&claim.text);
            let (whole, pages): (Vec<_>, Vec<_>) = claims.iter().zip(&hosts).partition(is_whole);
            let whole = self.told_apart(whole.into_iter().map(|(claim, _)| claim));
            let pages = pages.into_iter().filter(|(_, host)| is_below(host, top)).map(|(claim, _)| claim);
            for claim in pages.filter(|claim| self.is_asked(claim.who)) {
                let is_anothers =
                    |other: &&&Claim| other.who != claim.who && !self.is_one_company(claim.who, other.who);
                if let Some(other) = whole.iter().find(is_anothers).filter(|_| said.insert(claim.span)) {
                    let message = format!("`{}` lies at the host of {}", claim.text, self.named(other.who));
                    let warning =
                        Diagnostic::warning("W-SHARED", message).at(claim.span, "").other(other.span, "its host");
                    diagnostics.push(warning.help(MEANT));
                }
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

    fn name_within(self, claim: &Claim, other: &Claim) -> Diagnostic {
        let message = format!("`{}` holds the name of {}", claim.text, self.named(other.who));
        let warning = Diagnostic::warning("W-ALIKE", message).at(claim.span, "readers may take one for the other");
        warning.other(other.span, "its name").help("see that it is meant")
    }

    fn host_taken(self, claim: &Claim, own: &str, other: &Claim, host: &str, is_taken: bool) -> Diagnostic {
        let message = format!("`{own}` reads like `{host}` of {}", self.named(other.who));
        let found =
            if is_taken { Diagnostic::error("E-ALIKE", message) } else { Diagnostic::warning("W-ALIKE", message) };
        found
            .at(claim.span, "readers would take one for the other")
            .other(other.span, "its host")
            .help("write the host that is meant; of two records of one company HQ gives one as the other's `parent`, in a registry")
    }

    /// One address of several that are not of one company, said once.
    fn shared(self, claims: &[Claim], taken: &HashSet<Span>) -> Option<Shared> {
        // It is told to those who may mend it: the vendor's and what HQ says stands.
        let first = claims.iter().min_by_key(|claim| (claim.who != VENDOR, !claim.is_hq))?;
        let is_another = |claim: &&Claim| {
            claim.who != first.who && !self.is_one_company(claim.who, first.who) && !taken.contains(&claim.span)
        };
        let others: Vec<&Claim> = claims.iter().filter(is_another).collect();
        let claim = others.first()?;
        let message = format!("`{}` is also the address of {}", claim.text, self.named(first.who));
        let warning = Diagnostic::warning("W-SHARED", message).at(claim.span, "").other(first.span, "there");
        let whose: HashSet<Who> = others.iter().map(|other| other.who).collect();
        let warning = match whose.len() {
            1 => warning,
            all => warning.note(format!("and of {} more", all - 1)),
        };
        let places = claims.iter().map(|claim| claim.span).collect();
        Some(Shared { said: warning.help(MEANT), places })
    }
}
