//! The deployments: for each partner the product of its lists, less what it excludes.
//!
//! A [`Matrix`] knows what each partner is entitled to, and makes combinations of it when somebody asks for them: all,
//! those that queries name, or those that layers match. So a question costs what it asks for, however many deployments
//! there are. [`Deployments`] groups them by [`Base`]: all of a base share motion, industry, region, tier and every
//! other axis but the partner.

mod combinations;
mod entitlement;
mod names;
mod partners;
pub mod query;

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, OnceLock};

use indexmap::{IndexMap, IndexSet};

use crate::catalog::Catalog;
use crate::catalog::selector::Selector;
use crate::catalog::settings::AxisId;
use crate::deployment::Deployment;
use crate::diag::Diagnostics;
use crate::digest::Digest;

use combinations::Values;
use entitlement::Entitlement;
pub use partners::Holding;
use query::{Query, Reached};

/// A combination of values for all axes but the partner, and the partners that have it.
#[derive(Clone, Debug)]
pub struct Base {
    /// For each axis its value; the partner's place is empty.
    pub values: Vec<Option<usize>>,
    /// The partners, by their place in the axis.
    pub partners: Vec<usize>,
}

/// All deployments of the workspace, made when they are asked for.
#[derive(Debug, Default)]
pub struct Matrix {
    /// The partners by their place in the axis. Those that are entitled to the same share it.
    entitled: Vec<(usize, Arc<Entitlement>)>,
    /// The partners of which nobody can tell what they are entitled to.
    unread: Vec<usize>,
    all: OnceLock<Arc<Deployments>>,
}

/// Which of a partner's packages one is: the order is the same whatever is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ordinal {
    /// How many come before it.
    pub before: usize,
    /// How many there are.
    pub of: usize,
}

impl Ordinal {
    /// Its part of a whole number of things that all of them have together: as much as any other has, and what is left goes
    /// to the first ones. So parts add up, and of two numbers the greater one has no smaller part.
    pub fn part(self, whole: i64) -> i64 {
        let of = i64::try_from(self.of).unwrap_or(i64::MAX).max(1);
        let is_early = i64::try_from(self.before).is_ok_and(|before| before < whole.rem_euclid(of));
        whole.div_euclid(of) + i64::from(is_early)
    }
}

/// Deployments, grouped by base.
#[derive(Debug, Default)]
pub struct Deployments {
    bases: Vec<Base>,
}

impl Matrix {
    /// Reads every partner's entitlements. A partner whose entitlements are wrong is left out, with
    /// an error at the place.
    pub fn read(catalog: &Catalog, diagnostics: &mut Diagnostics) -> Self {
        let mut known: IndexSet<Arc<Entitlement>> = IndexSet::new();
        let (mut entitled, mut unread) = (Vec::new(), Vec::new());
        let axis = catalog.settings.partner();
        let partners = &catalog.axes[axis.0];
        let is_asked = |key: &str| Entitlement::is_read_from(&catalog.settings, key);
        let digests = catalog.registry.digests(partners.len(), is_asked, |id| partners.index(id));
        // Rows that say the same entitle to the same, so of a million few are read.
        let mut by_digest: HashMap<Digest, Arc<Entitlement>> = HashMap::new();
        for (index, partner) in partners.iter().enumerate() {
            let digest = digests.get(index).copied().flatten().filter(|_| !catalog.speaks(axis, index));
            if let Some(entitlement) = digest.and_then(|digest| by_digest.get(&digest)) {
                entitled.push((index, entitlement.clone()));
                continue;
            }
            let read = |record: &_| Entitlement::read(catalog, &partner.id, record, diagnostics);
            let Some(entitlement) = catalog.record(axis, index).as_deref().and_then(read) else {
                unread.push(index);
                continue;
            };
            let at = known.insert_full(Arc::new(entitlement)).0;
            entitled.push((index, known[at].clone()));
            by_digest.extend(digest.map(|digest| (digest, known[at].clone())));
        }
        diagnostics.extend(names::clashes(catalog, &entitled));
        Self { entitled, unread, all: OnceLock::new() }
    }

    /// Whether all partners could be read.
    pub fn is_whole(&self, catalog: &Catalog) -> bool {
        self.unread.is_empty() && !catalog.registry.is_unread
    }

    /// Whether a query may name what nobody can tell of now: of a partner whose record cannot be read, or of a row.
    pub fn may_be_unread(&self, catalog: &Catalog, query: &Query) -> bool {
        let partners = &catalog.axes[catalog.settings.partner().0];
        let is_of_unknown = query.partner().is_none_or(|partner| partners.index(partner).is_none());
        catalog.registry.is_unread && is_of_unknown
            || self.unread.iter().any(|&partner| query.may_name(&partners.at(partner).id))
    }

    /// Those of some packages that may be of deployments which the workspace has, but cannot tell of now: their
    /// partner's record cannot be read, or a registry that may list it. In order.
    pub fn unread(&self, catalog: &Catalog, packages: impl FnOnce() -> Vec<Arc<str>>) -> Vec<Arc<str>> {
        if self.is_whole(catalog) {
            return Vec::new();
        }
        let partners = &catalog.axes[catalog.settings.partner().0];
        let is_unread = |id: &str| {
            let partner = id.split('/').next().and_then(|partner| partners.index(partner));
            catalog.registry.is_unread || partner.is_some_and(|partner| self.unread.binary_search(&partner).is_ok())
        };
        let mut packages = packages();
        packages.retain(|id| is_unread(id));
        let known: HashSet<String> = self.with_ids(catalog, &packages).ids(catalog).into_iter().collect();
        packages.retain(|id| !known.contains(&**id));
        packages.sort_unstable();
        packages
    }

    /// All of them.
    pub fn all(&self) -> &Arc<Deployments> {
        self.all.get_or_init(|| {
            let mut alike: IndexMap<*const Entitlement, (&Entitlement, Vec<usize>)> = IndexMap::new();
            for (partner, entitlement) in &self.entitled {
                let group = alike.entry(Arc::as_ptr(entitlement)).or_insert_with(|| (entitlement, Vec::new()));
                group.1.push(*partner);
            }
            let mut bases: IndexMap<Values, Vec<usize>> = IndexMap::new();
            for (entitlement, partners) in alike.values() {
                for values in entitlement.combinations() {
                    bases.entry(values).or_default().extend(partners);
                }
            }
            Arc::new(Deployments::grouped(bases))
        })
    }

    /// The bases of all deployments.
    pub fn bases(&self) -> &[Base] {
        self.all().bases()
    }

    /// The ids of all deployments, sorted.
    pub fn ids(&self, catalog: &Catalog) -> Vec<String> {
        self.all().ids(catalog)
    }

    /// How many deployments there are.
    pub fn len(&self) -> usize {
        let mut counted: HashMap<*const Entitlement, usize> = HashMap::new();
        let count = |(_, entitlement): &(usize, Arc<Entitlement>)| {
            *counted.entry(Arc::as_ptr(entitlement)).or_insert_with(|| entitlement.count())
        };
        self.entitled.iter().map(count).fold(0, usize::saturating_add)
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The deployments that one of the queries names; all without a query.
    #[must_use]
    pub fn narrowed(&self, catalog: &Catalog, queries: &[Query]) -> Arc<Deployments> {
        if queries.is_empty() {
            return self.all().clone();
        }
        let partners = &catalog.axes[catalog.settings.partner().0];
        let mut bases: IndexMap<Values, Vec<usize>> = IndexMap::new();
        // Partners that are entitled to the same, and of whom the same is asked, have the same.
        let mut named: HashMap<(*const Entitlement, Vec<Reached>), Vec<Values>> = HashMap::new();
        for at in self.candidates(catalog, queries) {
            let (partner, entitlement) = &self.entitled[at];
            let id = &partners.at(*partner).id;
            let reached: Vec<_> = queries.iter().map(|query| query.step(&query.start(), id)).collect();
            let combinations = named
                .entry((Arc::as_ptr(entitlement), reached))
                .or_insert_with_key(|(_, reached)| entitlement.named(catalog, queries, reached));
            for values in combinations.iter() {
                bases.entry(values.clone()).or_default().push(*partner);
            }
        }
        Arc::new(Deployments::grouped(bases))
    }

    /// The deployments with these ids, of those that there are.
    #[must_use]
    pub fn with_ids(&self, catalog: &Catalog, ids: &[Arc<str>]) -> Arc<Deployments> {
        let mut bases: IndexMap<Values, Vec<usize>> = IndexMap::new();
        for id in ids {
            for base in &self.narrowed(catalog, &[Query::new(id)]).bases {
                bases.entry(base.values.clone()).or_default().extend(&base.partners);
            }
        }
        Arc::new(Deployments::grouped(bases))
    }

    /// The places of the partners that queries may name: one that is written out is looked up.
    fn candidates(&self, catalog: &Catalog, queries: &[Query]) -> Vec<usize> {
        let ids = &catalog.axes[catalog.settings.partner().0];
        let written: Option<Vec<&str>> = queries.iter().map(Query::partner).collect();
        let Some(written) = written else { return (0..self.entitled.len()).collect() };
        let mut places: Vec<_> = written.iter().filter_map(|id| self.place(ids.index(id)?)).collect();
        places.sort_unstable();
        places.dedup();
        places
    }

    fn place(&self, partner: usize) -> Option<usize> {
        self.entitled.binary_search_by_key(&partner, |(partner, _)| *partner).ok()
    }

    /// Which of its partner's packages a deployment is; `None` for what is none.
    pub fn ordinal(&self, catalog: &Catalog, values: &[Option<usize>]) -> Option<Ordinal> {
        let axis = catalog.settings.partner();
        let entitlement = &self.entitled[self.place(values[axis.0]?)?].1;
        let mut values = values.to_vec();
        values[axis.0] = None;
        Some(Ordinal { before: entitlement.before(&values)?, of: entitlement.count() })
    }

    /// How many packages of its partner have the same values as one on some axes, itself among them.
    pub fn together(&self, catalog: &Catalog, values: &[Option<usize>], axes: &[AxisId]) -> usize {
        let partner = catalog.settings.partner();
        let entitlement = values[partner.0].and_then(|partner| Some(&self.entitled[self.place(partner)?].1));
        let is_same = |axis: AxisId, value| !axes.contains(&axis) || axis == partner || values[axis.0] == value;
        entitlement.map_or(1, |entitlement| entitlement.among(is_same).count())
    }

    /// The values of each deployment that all of these layers reach.
    pub fn matching<'a>(
        &'a self,
        catalog: &'a Catalog,
        selectors: &'a [&'a Selector],
    ) -> impl Iterator<Item = Vec<Option<usize>>> + 'a {
        let axis = catalog.settings.partner();
        let is_meant = move |axis: AxisId, value: Option<usize>| {
            let bindings = selectors.iter().filter_map(|selector| selector.binds(axis));
            let lineage = |value| catalog.axes[axis.0].lineage(value);
            bindings.into_iter().all(|bound| value.is_some_and(|value| lineage(value).any(|one| one == bound.value)))
        };
        let bound = selectors.iter().find_map(|selector| selector.binds(axis)).map(|binding| binding.value);
        // A partner that nobody names as a parent is reached by its own layers alone.
        let alone = bound.filter(|&partner| !catalog.axes[axis.0].is_parent(partner));
        let among = match alone {
            None => &self.entitled[..],
            Some(partner) => self.place(partner).map_or(&[][..], |at| &self.entitled[at..=at]),
        };
        among.iter().filter(move |(partner, _)| is_meant(axis, Some(*partner))).flat_map(
            move |(partner, entitlement)| {
                let combinations = entitlement.among(|other, value| other == axis || is_meant(other, value));
                combinations.map(move |values| with_partner(values, axis, *partner))
            },
        )
    }
}

impl Deployments {
    fn grouped(bases: IndexMap<Values, Vec<usize>>) -> Self {
        let mut bases: Vec<_> = bases.into_iter().map(|(values, partners)| Base { values, partners }).collect();
        bases.sort_by(|a, b| a.values.cmp(&b.values));
        bases.iter_mut().filter(|base| !base.partners.is_sorted()).for_each(|base| base.partners.sort_unstable());
        Self { bases }
    }

    pub fn bases(&self) -> &[Base] {
        &self.bases
    }

    /// How many deployments there are.
    pub fn len(&self) -> usize {
        self.bases.iter().map(|base| base.partners.len()).sum()
    }

    pub fn is_empty(&self) -> bool {
        self.bases.is_empty()
    }

    /// The ids of all deployments, sorted.
    pub fn ids(&self, catalog: &Catalog) -> Vec<String> {
        let ids_of = |base: &Base| {
            base.partners.iter().map(|&partner| id(catalog, &base.with_partner(catalog, partner))).collect::<Vec<_>>()
        };
        let mut ids: Vec<_> = self.bases.iter().flat_map(ids_of).collect();
        ids.sort_unstable();
        ids
    }
}

impl Base {
    /// A base that is looked at for one of its deployments alone.
    pub fn of_one(catalog: &Catalog, values: &[Option<usize>]) -> Self {
        let partner = catalog.settings.partner();
        let mut base = Self { values: values.to_vec(), partners: values[partner.0].into_iter().collect() };
        base.values[partner.0] = None;
        base
    }

    /// The values of all axes for one of its partners.
    pub fn with_partner(&self, catalog: &Catalog, partner: usize) -> Vec<Option<usize>> {
        with_partner(self.values.clone(), catalog.settings.partner(), partner)
    }
}

fn with_partner(mut values: Values, axis: AxisId, partner: usize) -> Values {
    values[axis.0] = Some(partner);
    values
}

/// The id of a deployment: the partner, then the axes in the order they are declared. An axis that it
/// does not use has no part.
pub fn id(catalog: &Catalog, values: &[Option<usize>]) -> String {
    let parts = std::iter::once(catalog.settings.partner()).chain(catalog.settings.matrix_axes());
    let value = |axis: AxisId| values[axis.0].map(|value| &*catalog.axes[axis.0].at(value).id);
    parts.filter_map(value).collect::<Vec<_>>().join("/")
}

/// The deployment with these values, made in these locales.
pub fn deployment(catalog: &Catalog, values: &[Option<usize>], locales: Vec<Arc<str>>) -> Deployment {
    let id = id(catalog, values);
    let value = |axis: AxisId| {
        values[axis.0]
            .map(|value| (catalog.settings.axis(axis).name.clone(), catalog.axes[axis.0].at(value).id.clone()))
    };
    let axes: IndexMap<Arc<str>, Arc<str>> = catalog.settings.axis_ids().filter_map(value).collect();
    Deployment {
        partner: axes.get("partner").cloned().unwrap_or_default(),
        slug: id.replace('/', "-").into(),
        url: url(&catalog.settings.base_url, &axes).into(),
        id: id.into(),
        axes,
        locales,
    }
}

/// The pattern with every `{axis}` filled. An axis without a value goes, with the `-` before it.
fn url(pattern: &str, axes: &IndexMap<Arc<str>, Arc<str>>) -> String {
    let mut url = String::with_capacity(pattern.len() + 16);
    let mut rest = pattern;
    while let Some((before, (name, after))) = rest.split_once('{').and_then(|(b, r)| Some((b, r.split_once('}')?))) {
        url.push_str(before);
        rest = after;
        match axes.get(name) {
            Some(value) => url.push_str(value),
            None if url.ends_with('-') => drop(url.pop()),
            None => rest = rest.strip_prefix('-').unwrap_or(rest),
        }
    }
    url + rest
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn parts_of_a_whole_add_up_and_grow_with_it(of in 1_usize..40, whole in 0_i64..2000, more in 0_i64..50) {
            let parts = |whole: i64| (0..of).map(|before| Ordinal { before, of }.part(whole)).collect::<Vec<_>>();
            let (less, greater) = (parts(whole), parts(whole + more));
            prop_assert_eq!(less.iter().sum::<i64>(), whole);
            prop_assert!(less.iter().zip(&greater).all(|(less, greater)| less <= greater));
            prop_assert!(less[0] - less[of - 1] <= 1 && less.is_sorted_by(|a, b| a >= b));
        }
    }

    #[test]
    fn an_address_leaves_out_what_a_deployment_does_not_use() {
        let axes = |pairs: &[(&str, &str)]| pairs.iter().map(|&(k, v)| (k.into(), v.into())).collect();
        let pattern = "https://x.example/{partner}/{motion}-{industry}-{region}/";
        let all = axes(&[("partner", "acme"), ("motion", "launch"), ("industry", "retail"), ("region", "us")]);
        assert_eq!(url(pattern, &all), "https://x.example/acme/launch-retail-us/");
        let some = axes(&[("partner", "acme"), ("motion", "launch"), ("region", "us")]);
        assert_eq!(url(pattern, &some), "https://x.example/acme/launch-us/");
        let last = axes(&[("partner", "acme"), ("region", "us")]);
        assert_eq!(url(pattern, &last), "https://x.example/acme/us/");
    }
}
