//! What partners and the vendor say of themselves, in layers and in rows of registries that are made into none, and what of
//! it reads alike.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use rayon::prelude::*;

use crate::catalog::patch::{Contribution, Leaf, PatchKind};
use crate::catalog::settings::AxisId;
use crate::catalog::{Catalog, Layer, LayerId, place};
use crate::schema::address::{self, is_host_alone};
use crate::schema::domain;
use crate::source::Span;
use crate::syntax::tree::Node;

use super::Index;
use super::alike::{Reading, exactly, letters};

/// What tells who somebody is: where a partner says it, and the vendor.
#[derive(Clone, Copy)]
pub(super) struct Field {
    /// A place in a partner's record; of the package, where it is [`Says::Sender`] or counts visits.
    pub of_partner: &'static str,
    pub of_vendor: &'static str,
    pub says: Says,
    pub place: Place,
}

/// Where a partner says something.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// In his record.
    Record,
    /// In the package, where layers of his override it.
    Package,
}

/// What it tells.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Says {
    /// Who somebody is: no two may say the same.
    Own,
    /// The name a company is registered by, which its partners may share without being told of as one.
    Registered,
    /// Words that may be like those of many, but not like what is somebody's own.
    Shared,
}

impl Field {
    pub const fn of_record(of_partner: &'static str, of_vendor: &'static str) -> Self {
        Self { of_partner, of_vendor, says: Says::Own, place: Place::Record }
    }

    /// A place of the package that the vendor and partners have alike.
    pub const fn of_package(path: &'static str) -> Self {
        Self { of_partner: path, of_vendor: path, says: Says::Own, place: Place::Package }
    }

    #[must_use]
    pub const fn saying(self, says: Says) -> Self {
        Self { says, ..self }
    }
}

pub(super) const SITE: Field = Field::of_record("website", "vendor.website");

/// Who says something: a partner by its number, or the vendor.
pub(super) type Who = u32;

pub(super) const VENDOR: Who = Who::MAX;

/// What somebody says of himself.
#[derive(Clone)]
pub(super) struct Claim {
    pub who: Who,
    pub text: Arc<str>,
    pub span: Span,
    /// Whether HQ says it, in its registry or of itself.
    pub is_hq: bool,
    pub says: Says,
}

/// The right that somebody has to a host, the stronger one first: HQ says so, his id begins its name, or it lies below his site.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Right {
    is_hqs: bool,
    begun: usize,
    is_above: bool,
}

/// What somebody has at the host of another's site, of which one is wrong.
pub(super) struct Meeting {
    pub wrong: Claim,
    pub other: Claim,
    /// Whether it is the site that is wrong.
    pub is_site: bool,
}

/// The company of each partner that has a parent: the one at the top. Each way up is gone once.
pub(super) fn companies(catalog: &Catalog) -> HashMap<usize, usize> {
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
pub(super) fn host(text: &str) -> Option<String> {
    address::host(text).map(|host| host.trim_start_matches("www.").to_owned())
}

/// Whether a host is another one, or lies below it.
pub(super) fn is_below(host: &str, other: &str) -> bool {
    host.strip_suffix(other).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

/// A number that a layer says, as a text.
fn number(layer: &Layer, path: &str) -> Option<Arc<str>> {
    match &layer.patch.find(&place::steps(path))?.kind {
        PatchKind::Leaf(Leaf::Int(number)) | PatchKind::Neutral(Leaf::Int(number)) => Some(number.to_string().into()),
        _ => None,
    }
}

#[derive(Clone, Copy)]
pub(super) struct Partners<'a> {
    pub catalog: &'a Catalog,
    pub index: &'a Index,
    pub axis: AxisId,
    pub companies: &'a HashMap<usize, usize>,
}

impl Partners<'_> {
    /// Whether of two that read alike the first is whose name or host it is: his id, which HQ gives, begins it, and the other's
    /// does not, or not as far.
    pub fn is_his(self, claim: &Claim, own: &str, other: &Claim, theirs: &str) -> bool {
        self.begun(claim.who, own) > self.begun(other.who, theirs)
    }

    /// How far somebody's id, which HQ gives, begins a text.
    pub fn begun(self, who: Who, text: &str) -> usize {
        match who {
            VENDOR => usize::MAX,
            who => {
                let id = letters(&self.catalog.axes[self.axis.0].at(who as usize).id);
                if letters(&text.to_lowercase()).starts_with(&id) { id.len() } else { 0 }
            }
        }
    }

    /// Whether somebody asks for a partner: of a million that nobody asks for nothing is said.
    pub fn is_asked(self, who: Who) -> bool {
        who != VENDOR && self.catalog.speaks(self.axis, who as usize)
    }

    /// Of claims that read alike those that suffice to find for each another one that it is mistaken for: of each kind the first
    /// ones of two companies. So many that have one name cost what they are.
    pub fn told_apart<'c>(self, claims: impl IntoIterator<Item = &'c Claim>) -> Vec<&'c Claim> {
        let mut kinds: HashMap<(bool, bool, Says), Vec<&Claim>> = HashMap::new();
        let mut others = Vec::new();
        for claim in claims.into_iter().filter(|claim| claim.says != Says::Shared) {
            let kept = kinds.entry((claim.is_hq, claim.text.is_ascii(), claim.says)).or_default();
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
    pub fn alike<P: IntoIterator<Item = String>, R: Iterator<Item = Reading>>(
        self,
        fields: &[Field],
        part: impl Fn(Field, Who, &str) -> P,
        read: impl Fn(&str) -> R,
        same: impl Fn(&str, Who) -> u64,
    ) -> Vec<(Reading, Vec<Claim>)> {
        let mut held: Vec<(Reading, u64, Who)> = Vec::new();
        for &field in fields {
            self.say(field, &mut |who, text| {
                for part in part(field, who, text) {
                    held.extend(read(&part).map(|reading| (reading, same(&part, who), who)));
                }
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
        for &field in fields {
            for claim in self.claims(field, &whose) {
                let parts = part(field, claim.who, &claim.text);
                let mut found: Vec<Reading> = parts.into_iter().flat_map(|part| read(&part)).collect();
                found.sort_unstable();
                found.dedup();
                for reading in found.into_iter().filter(|reading| readings.contains(reading)) {
                    claims.entry(reading).or_default().push(claim.clone());
                }
            }
        }
        claims.into_iter().collect()
    }

    /// What everybody says of himself at a place; no record is made for it. What may be like that of many is asked of those
    /// alone who are made into layers.
    fn say(self, field: Field, say: &mut dyn FnMut(Who, &str)) {
        self.layers(field, &mut |claim| say(claim.who, &claim.text));
        if field.says == Says::Shared {
            return;
        }
        let partners = &self.catalog.axes[self.axis.0];
        for path in self.rows(field) {
            self.catalog.registry.column(&path, &mut |id, text| {
                let silent = partners.index(id).filter(|&value| !self.catalog.speaks(self.axis, value));
                if let Some(value) = silent {
                    say(value as Who, text);
                }
            });
        }
    }

    /// The paths at which a row of a registry says it.
    fn rows(self, field: Field) -> Vec<String> {
        let path = match field.place {
            Place::Record => field.of_partner.to_owned(),
            Place::Package => format!("overlay.{}", field.of_partner),
        };
        match path.strip_suffix(".*") {
            Some(above) => self.catalog.registry.columns_below(above),
            None => vec![path],
        }
    }

    fn layers(self, field: Field, say: &mut dyn FnMut(Claim)) {
        self.layers_saying(field, &mut |who, set, layer| {
            let text = set.text.clone().or_else(|| number(layer, &set.path));
            // Parts of a sender's name may be variables of the partner's own.
            let is_sender = field.place == Place::Package && field.says == Says::Shared;
            let Some(text) = text.filter(|text| is_sender || !text.contains("{{")) else { return };
            let is_hq = who == VENDOR || layer.row.is_some_and(|row| row.source == set.span.source);
            let says = if who == VENDOR && field.place == Place::Package { Says::Own } else { field.says };
            say(Claim { who, text, span: set.span, is_hq, says });
        });
    }

    /// What layers say: partners in their own layers of themselves, and the master of the vendor; of the package, whoever is no
    /// partner. What a partner's layer says of the vendor is no word on who the partner is.
    pub fn layers_saying(self, field: Field, say: &mut dyn FnMut(Who, &Contribution, &Layer)) {
        match field.place {
            Place::Record => {
                let own = format!("{}.{}", self.catalog.settings.axis(self.axis).name, field.of_partner);
                self.sets(&own, |id| self.partner_of(id), say);
                self.sets(field.of_vendor, |id| (id == LayerId::MASTER).then_some(VENDOR), say);
            }
            Place::Package => self.sets(field.of_partner, |id| self.partner_of(id).or(Some(VENDOR)), say),
        }
    }

    /// What those layers set at a path that are somebody's.
    fn sets(self, path: &str, whose: impl Fn(LayerId) -> Option<Who>, say: &mut dyn FnMut(Who, &Contribution, &Layer)) {
        for path in self.places(path) {
            for &id in self.index.layers(path) {
                let layer = self.catalog.layer(id);
                if let Some(who) = whose(id) {
                    layer.said_at(path).for_each(|set| say(who, set, layer));
                }
            }
        }
    }

    fn partner_of(self, id: LayerId) -> Option<Who> {
        self.catalog.layer(id).selector.binds(self.axis).map(|binding| binding.value as Who)
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
        if field.says == Says::Shared {
            return claims;
        }
        let partners = &self.catalog.axes[self.axis.0];
        let mut silent: Vec<Who> = whose.iter().copied().filter(|&who| who != VENDOR).collect();
        silent.retain(|&who| !self.catalog.speaks(self.axis, who as usize));
        silent.sort_unstable();
        let paths = self.rows(field);
        for who in silent {
            let Some(record) = self.catalog.registry.record(partners.at(who as usize).span) else { continue };
            let claim = |node: &Node| {
                Some(Claim { who, text: node.as_text()?.clone(), span: node.span, is_hq: true, says: field.says })
            };
            claims.extend(paths.iter().filter_map(|path| record.at(path)).filter_map(claim));
        }
        claims
    }

    /// Whose id, which HQ gives, begins the name of a host, and how far.
    fn begun_host(self, who: Who, host: &str) -> usize {
        self.begun(who, domain::name(host))
    }

    /// What is said that lies at the host of another's site, or below it, where only one of them can be right: each once, with
    /// the other. `counts` gives whether it counts at the other's site.
    pub fn at_hosts(self, fields: &[Field], counts: impl Fn(&Claim, &Claim) -> bool) -> Vec<Meeting> {
        let fields: Vec<Field> = fields.iter().map(|field| field.saying(Says::Shared)).chain([SITE]).collect();
        let part = |field: Field, _, text: &str| match (host(text), field.says) {
            (Some(host), Says::Shared) => domain::owned(&host),
            (host, _) => host.into_iter().collect(),
        };
        let read = |text: &str| std::iter::once(exactly(text));
        let sites = self.sites();
        let (mut said, mut found) = (HashSet::new(), Vec::new());
        for (_, claims) in self.alike(&fields, part, read, |_, who| u64::from(who)) {
            let (own, users): (Vec<&Claim>, Vec<&Claim>) = claims.iter().partition(|claim| claim.says == Says::Own);
            let Some(at) = own.first().and_then(|site| host(&site.text)) else { continue };
            let own: Vec<(Right, &Claim)> = own.into_iter().map(|site| (self.right_of_site(site, &at), site)).collect();
            let users: Vec<(Right, &Claim)> =
                users.into_iter().map(|user| (self.right_of_user(user, &at, &sites), user)).collect();
            let is_owner = |user: &Claim| own.iter().any(|(_, site)| site.who == user.who);
            let best = self.best(&own);
            for (right, user) in users.iter().filter(|(_, user)| self.is_asked(user.who)) {
                let is_wrong = |(theirs, site): &&(Right, &Claim)| {
                    let is_less = right < theirs || right == theirs && !is_owner(user) && is_host_alone(&site.text);
                    counts(user, site) && self.is_mistaken(user, site) && is_less
                };
                if let Some((_, site)) = best.iter().find(is_wrong).filter(|_| said.insert(user.span)) {
                    found.push(Meeting { wrong: (*user).clone(), other: (*site).clone(), is_site: false });
                }
            }
            let best = self.best(&users);
            let whole = own.iter().filter(|(_, site)| self.is_asked(site.who) && is_host_alone(&site.text));
            for (right, site) in whole {
                let is_better = |(theirs, user): &&(Right, &Claim)| theirs > right && self.is_mistaken(site, user);
                if let Some((_, user)) = best.iter().find(is_better).filter(|_| said.insert(site.span)) {
                    found.push(Meeting { wrong: (*site).clone(), other: (*user).clone(), is_site: true });
                }
            }
        }
        found
    }

    /// The hosts of the sites of those who are made into layers, with whether HQ says so.
    fn sites(self) -> HashMap<Who, Vec<(String, bool)>> {
        let mut sites = HashMap::<Who, Vec<(String, bool)>>::new();
        self.layers(SITE, &mut |claim| {
            let host = host(&claim.text).filter(|host| !domain::owned(host).is_empty());
            sites.entry(claim.who).or_default().extend(host.map(|host| (host, claim.is_hq)));
        });
        sites
    }

    fn right_of_site(self, site: &Claim, at: &str) -> Right {
        Right { is_hqs: site.is_hq, begun: self.begun_host(site.who, at), is_above: false }
    }

    /// By the site of his own that a host is at or below: that he has a mailbox there makes no host his.
    fn right_of_user(self, user: &Claim, at: &str, sites: &HashMap<Who, Vec<(String, bool)>>) -> Right {
        let own = sites.get(&user.who).into_iter().flatten();
        let above: Vec<&(String, bool)> = own.filter(|(own, _)| is_below(at, own)).collect();
        // The vendor has accounts at hosts of others, too.
        let begun = if user.who == VENDOR && above.is_empty() { 0 } else { self.begun_host(user.who, at) };
        let is_hqs = above.iter().any(|(_, is_hq)| *is_hq);
        Right { is_hqs, begun, is_above: above.iter().any(|(own, _)| own != at) }
    }

    /// Of claims with the rights to them those of the two companies that have the best: one of them is not a third's.
    fn best<'c>(self, claims: &[(Right, &'c Claim)]) -> Vec<(Right, &'c Claim)> {
        let mut best: Vec<(Right, &Claim)> = Vec::new();
        let mut sorted: Vec<&(Right, &Claim)> = claims.iter().collect();
        sorted.sort_by_key(|(right, _)| std::cmp::Reverse(*right));
        for (right, claim) in sorted {
            if best.iter().all(|(_, other)| self.company(other.who) != self.company(claim.who)) {
                best.push((*right, claim));
            }
            if best.len() == 2 {
                break;
            }
        }
        best
    }

    /// Whether one says what is taken for the other's: of one company nobody is, and what HQ says stands against what a
    /// partner says of himself.
    pub fn is_mistaken(self, claim: &Claim, other: &Claim) -> bool {
        claim.who != other.who && !self.is_one_company(claim.who, other.who) && (other.is_hq || !claim.is_hq)
    }

    pub fn is_one_company(self, one: Who, other: Who) -> bool {
        one != VENDOR && other != VENDOR && self.company(one) == self.company(other)
    }

    pub fn named(self, who: Who) -> String {
        match who {
            VENDOR => "the vendor".to_owned(),
            who => format!("the partner `{}`", self.catalog.axes[self.axis.0].at(who as usize).id),
        }
    }
}
