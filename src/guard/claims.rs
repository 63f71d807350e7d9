//! What partners and the vendor say of themselves, in layers and in rows of registries that are made into none, and what of
//! it reads alike.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use rayon::prelude::*;

use crate::catalog::locales::LocaleId;
use crate::catalog::patch::{Contribution, Leaf, Patch, PatchKind, Right};
use crate::catalog::registry::{InRow, Told};
use crate::catalog::settings::AxisId;
use crate::catalog::{Catalog, Layer, LayerId, place};
use crate::policy::{HQ, Policy};
use crate::schema::address;
use crate::source::Span;
use crate::syntax::tree::Node;

use super::Index;
use super::alike::{Reading, letters, without};
use super::senders::Sender;
use super::spoken::unspaced;

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
    /// What the vendor sells: many are called by one word of it, and nobody but the vendor by all.
    Product,
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

    /// A place of which only the vendor tells.
    pub const fn of_vendor(path: &'static str) -> Self {
        Self { of_partner: "", of_vendor: path, says: Says::Own, place: Place::Record }
    }

    #[must_use]
    pub const fn saying(self, says: Says) -> Self {
        Self { says, ..self }
    }

    /// The paths at which a row of a registry says it.
    fn in_rows(self, catalog: &Catalog) -> Vec<String> {
        let path = match self.place {
            Place::Record if self.of_partner.is_empty() => return Vec::new(),
            Place::Record => self.of_partner.to_owned(),
            Place::Package => format!("overlay.{}", self.of_partner),
        };
        match path.strip_suffix(".*") {
            Some(above) => catalog.registry.columns_below(above),
            None => vec![path],
        }
    }
}

/// What rows say at these places: all of them are read at once, whatever is asked of them then. What may be like that of many
/// is not asked of them.
pub(super) fn told(catalog: &Catalog, fields: impl Iterator<Item = Field>) -> Told {
    let own = fields.filter(|field| field.says != Says::Shared);
    let paths: BTreeSet<String> = own.flat_map(|field| field.in_rows(catalog)).collect();
    let partners = &catalog.axes[catalog.settings.partner().0];
    let whose = |id: &str| partners.index(id).map(|value| value as Who);
    catalog.registry.told(paths.into_iter().map(Arc::from).collect(), whose)
}

pub(super) const SITE: Field = Field::of_record("website", "vendor.website");

/// Where what the vendor sells is shown.
pub(super) const PRODUCT_SITE: Field = Field::of_vendor("product.website");

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

/// What is compared besides what is said at the fields.
#[derive(Default)]
pub(super) struct Further {
    pub senders: Vec<Sender>,
    pub claims: Vec<(Field, Claim)>,
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

/// Whether a name is one word, besides the form of a company.
pub(super) fn is_word(name: &str) -> bool {
    let name = without(name);
    name.split_whitespace().nth(1).is_none() && !unspaced::is_name(name)
}

/// The language in which a layer says something.
pub(super) fn language(layer: &Layer, set: &Contribution) -> LocaleId {
    let steps = place::steps(&set.path);
    let is_it = |patch: &Patch| patch.find(&steps).is_some_and(|said| said.span == set.span);
    let translated = || layer.translations.iter().find(|(_, patch)| is_it(patch)).map(|(&locale, _)| locale);
    Some(set).filter(|set| set.right == Right::Translate).and_then(|_| translated()).unwrap_or(layer.locale)
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
    pub policy: &'a Policy,
    pub axis: AxisId,
    pub companies: &'a HashMap<usize, usize>,
    /// What rows say at all places that are looked at.
    pub told: &'a Told,
}

impl Partners<'_> {
    /// By what right a name or an account is somebody's, the better one the greater: HQ's word, and then how far his id, which
    /// HQ gives, begins it. Of two that are alike only one has the better right, so never each of them is excused.
    pub fn right_to(self, claim: &Claim) -> (bool, usize) {
        (claim.is_hq, self.begun(claim.who, &claim.text))
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

    /// Of claims that read alike those that suffice to find for each another one that it is mistaken for: of each kind those of
    /// two companies whose ids begin them furthest, in whatever order they are known. So many that have one name cost what they
    /// are.
    pub fn told_apart<'c>(self, claims: impl IntoIterator<Item = &'c Claim>) -> Vec<&'c Claim> {
        let others = claims.into_iter().filter(|claim| claim.says != Says::Shared);
        let mut others: Vec<(usize, &Claim)> =
            others.map(|claim| (self.begun(claim.who, &claim.text), claim)).collect();
        others.sort_by_key(|(begun, claim)| (std::cmp::Reverse(*begun), claim.who));
        let mut kinds: HashMap<_, Vec<usize>> = HashMap::new();
        let mut is_first = |claim: &Claim| {
            let kind = (claim.who == VENDOR, claim.is_hq, claim.text.is_ascii(), claim.says, is_word(&claim.text));
            let kept = kinds.entry(kind).or_default();
            let company = self.company(claim.who);
            let is_first = kept.len() < 2 && !kept.contains(&company);
            kept.extend(Some(company).filter(|_| is_first));
            is_first
        };
        others.into_iter().map(|(_, claim)| claim).filter(|claim| is_first(claim)).collect()
    }

    pub fn company(self, who: Who) -> usize {
        self.companies.get(&(who as usize)).copied().unwrap_or(who as usize)
    }

    /// What is said that reads alike, where it is not one. `part` gives what of a text counts, `read` what that reads like,
    /// and `same` what is alike by right: what one says, or one host.
    pub fn alike<P: IntoIterator<Item = String>, R: Iterator<Item = Reading>, S: Ord + Send>(
        self,
        fields: &[Field],
        part: impl Fn(Field, Who, &str) -> P + Sync,
        read: impl Fn(&str) -> R + Sync,
        same: impl Fn(&str, Who) -> S + Sync,
    ) -> Vec<(Reading, Vec<Claim>)> {
        self.alike_with(&Further::default(), fields, part, read, same)
    }

    /// The same with what is said elsewhere, or put together from several fields.
    pub fn alike_with<P: IntoIterator<Item = String>, R: Iterator<Item = Reading>, S: Ord + Send>(
        self,
        further: &Further,
        fields: &[Field],
        part: impl Fn(Field, Who, &str) -> P + Sync,
        read: impl Fn(&str) -> R + Sync,
        same: impl Fn(&str, Who) -> S + Sync,
    ) -> Vec<(Reading, Vec<Claim>)> {
        let of = |text: String, who: Who| read(&text).map(|it| (it, same(&text, who), who)).collect::<Vec<_>>();
        let Further { senders, claims: others } = further;
        let mut said: Vec<_> = others.iter().map(|(field, claim)| (*field, claim.who, claim.text.clone())).collect();
        fields.iter().for_each(|&field| self.layers(field, &mut |claim| said.push((field, claim.who, claim.text))));
        let of_layers = said.into_par_iter().flat_map_iter(|(field, who, text)| {
            let parts = part(field, who, &text).into_iter();
            parts.flat_map(|text| of(text, who)).collect::<Vec<_>>()
        });
        let of_senders = senders.par_iter().flat_map_iter(|sender| {
            let parts = sender.parts().into_iter();
            parts.flat_map(|text| of(text, sender.who)).collect::<Vec<_>>()
        });
        let mut held: Vec<(Reading, S, Who)> = of_layers.chain(of_senders).collect();
        // Of a million rows that nobody asks for those alone are kept that read like somebody who is asked for.
        let asked = held.iter().filter(|(.., who)| self.is_asked(*who)).map(|(it, ..)| *it).collect::<HashSet<_>>();
        if !asked.is_empty() {
            held.extend(self.silent(fields, |field, who, text, held| {
                let found = part(field, who, text).into_iter().flat_map(|text| of(text, who));
                held.extend(found.filter(|(it, ..)| asked.contains(it)));
            }));
        }
        held.par_sort_unstable();
        let alike = held.chunk_by(|(one, ..), (other, ..)| one == other);
        let alike = alike.filter(|alike| {
            alike.iter().any(|(_, same, _)| *same != alike[0].1) && alike.iter().any(|(.., who)| self.is_asked(*who))
        });
        let readings: HashSet<Reading> = alike.clone().map(|alike| alike[0].0).collect();
        let whose: HashSet<Who> = alike.flatten().map(|(.., who)| *who).collect();
        let mut claims: BTreeMap<Reading, Vec<Claim>> = BTreeMap::new();
        let of_fields =
            fields.iter().flat_map(|&field| self.claims(field, &whose).into_iter().map(move |it| (field, it)));
        let others = others.iter().filter(|(_, claim)| whose.contains(&claim.who)).cloned();
        for (field, claim) in of_fields.chain(others) {
            let parts = part(field, claim.who, &claim.text);
            let found: BTreeSet<Reading> = parts.into_iter().flat_map(|part| read(&part)).collect();
            for reading in found.into_iter().filter(|reading| readings.contains(reading)) {
                claims.entry(reading).or_default().push(claim.clone());
            }
        }
        for sender in senders.iter().filter(|sender| whose.contains(&sender.who)) {
            let found: BTreeSet<Reading> = sender.parts().iter().flat_map(|part| read(part)).collect();
            for reading in found.into_iter().filter(|reading| readings.contains(reading)) {
                claims.entry(reading).or_default().push(sender.claim(reading));
            }
        }
        claims.into_iter().collect()
    }

    /// What is made of what rows say whose partners nobody asks for. What may be like that of many is not asked of them.
    pub fn silent<T: Send>(self, fields: &[Field], read: impl Fn(Field, Who, &str, &mut Vec<T>) + Sync) -> Vec<T> {
        let own: Vec<Field> = fields.iter().copied().filter(|field| field.says != Says::Shared).collect();
        self.in_rows(&own, |number, row, made| {
            if !self.catalog.speaks(self.axis, row.who as usize) {
                read(own[number], row.who, row.text, made);
            }
        })
    }

    /// What `read` makes of what rows of registries say at some places, with the number of the place, those of partners who are
    /// made into layers too. No record is made for it.
    pub fn in_rows<T: Send>(self, fields: &[Field], read: impl Fn(usize, InRow<'_>, &mut Vec<T>) + Sync) -> Vec<T> {
        let paths: Vec<Vec<String>> = fields.iter().map(|field| field.in_rows(self.catalog)).collect();
        let field = |path: &str| paths.iter().position(|paths| paths.iter().any(|own| own == path));
        let of: Vec<Option<usize>> = self.told.paths.iter().map(|path| field(path)).collect();
        debug_assert!(paths.iter().flatten().all(|path| self.told.paths.iter().any(|told| **told == **path)));
        self.told.read(
            |path| of[path].is_some(),
            |path, row, made| {
                if let Some(field) = of[path] {
                    read(field, row, made);
                }
            },
        )
    }

    /// What all packages lie at, which is the vendor's: the host without what is another for each of them.
    pub fn pages_of_all(self) -> Option<Claim> {
        let settings = &self.catalog.settings;
        let host = settings.base_url.split('/').nth(2).filter(|_| settings.says_base_url())?;
        let fixed = match host.rsplit_once('}') {
            Some((_, behind)) => behind.split_once('.')?.1,
            None => host,
        };
        let text = format!("https://{fixed}/").into();
        Some(Claim { who: VENDOR, text, span: settings.base_url_span, is_hq: true, says: Says::Own })
    }

    /// What a row says at a path, with its place.
    pub fn claim_of_row(self, who: Who, path: &str, says: Says) -> Option<Claim> {
        let row = self.catalog.axes[self.axis.0].at(who as usize).span;
        Self::claim_at(&self.catalog.registry.record(row)?, who, path, says)
    }

    pub fn claim_at(record: &Node, who: Who, path: &str, says: Says) -> Option<Claim> {
        let node = record.at(path)?;
        let text = node.as_text().filter(|text| !text.contains("{{"))?.clone();
        Some(Claim { who, text, span: node.span, is_hq: true, says })
    }

    /// What those who are made into layers say at a place, and the vendor.
    pub fn layers(self, field: Field, say: &mut dyn FnMut(Claim)) {
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

    /// What layers say: partners in their own layers of themselves, and HQ's of the vendor; of the package, whoever is no
    /// partner. What a partner's layer says of the vendor is no word on who the partner is.
    pub fn layers_saying(self, field: Field, say: &mut dyn FnMut(Who, &Contribution, &Layer)) {
        match field.place {
            Place::Record => {
                if !field.of_partner.is_empty() {
                    let own = format!("{}.{}", self.catalog.settings.axis(self.axis).name, field.of_partner);
                    self.sets(&own, |id| self.partner_of(id), say);
                }
                self.sets(field.of_vendor, |id| self.is_of_hq(id).then_some(VENDOR), say);
            }
            Place::Package => self.sets(field.of_partner, |id| self.partner_of(id).or(Some(VENDOR)), say),
        }
    }

    /// What is said at any place of a package: by partners in their own layers, and by others for everybody.
    pub fn set_at(self, path: &str, say: &mut dyn FnMut(Who, LayerId, Claim)) {
        for id in self.index.speaking(path) {
            let layer = self.catalog.layer(id);
            let who = self.partner_of(id).unwrap_or(VENDOR);
            for set in layer.said_at(path) {
                let Some(text) = set.text.clone().or_else(|| number(layer, path)) else { continue };
                let is_hq = who == VENDOR || layer.row.is_some_and(|row| row.source == set.span.source);
                say(who, id, Claim { who, text, span: set.span, is_hq, says: Says::Shared });
            }
        }
    }

    /// What those layers set at a path that are somebody's.
    fn sets(self, path: &str, whose: impl Fn(LayerId) -> Option<Who>, say: &mut dyn FnMut(Who, &Contribution, &Layer)) {
        for path in self.places(path) {
            for id in self.index.speaking(path) {
                let layer = self.catalog.layer(id);
                if let Some(who) = whose(id) {
                    layer.said_at(path).for_each(|set| say(who, set, layer));
                }
            }
        }
    }

    /// Whether a layer is the master, or one in which nobody speaks but HQ.
    fn is_of_hq(self, id: LayerId) -> bool {
        let roles = self.policy.roles_of(&self.catalog.layer(id).selector, &self.catalog.settings);
        self.partner_of(id).is_none() && roles.iter().all(|role| *role == HQ)
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
        let paths = field.in_rows(self.catalog);
        for who in silent {
            let Some(record) = self.catalog.registry.record(partners.at(who as usize).span) else { continue };
            claims.extend(paths.iter().filter_map(|path| Self::claim_at(&record, who, path, field.says)));
        }
        claims
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
