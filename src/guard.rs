//! Rights and limits, checked on every contribution, also on those that are hidden (G3).
//!
//! [`approve`] is the only way to an [`Approved`] catalog. A layer with an error is *broken*: whatever
//! deployment it matches is refused, and all others are built.
//!
//! - [`index`]: which layers say something about which place
//! - [`rights`]: rule, role and tier against each contribution
//! - [`nodes`]: what words are bound to
//! - [`translations`]: what translations must not lose
//! - [`own`]: what one layer says, by path
//! - [`sets`]: what is taken out of sets
//! - [`groups`]: what is overridden together
//! - [`leave`]: waivers and grace
//! - [`narrow`]: what a region takes from partners
//! - [`speaker`]: what a role and tier may do: checked, and asked before anything is written
//! - [`tokens`]: marks that others would fill in
//! - [`limits`]: how far a text or a file may go
//! - [`alike`]: what is taken for one another
//! - [`spoken`]: which words of a name are read
//! - [`codes`]: whose campaigns are whose
//! - [`claims`]: what partners and the vendor say of themselves
//! - [`hosts`]: whose a host is, and who has something there
//! - [`senders`]: whose names people see on emails
//! - [`identity`]: who partners say they are
//! - [`accounts`]: whose accounts and endpoints are whose
//! - [`drawing`]: what an SVG may hold
//! - [`expansion`]: what it comes to once it is drawn
//! - [`layers`]: what of it is drawn by itself
//! - [`style`]: what its style sheet may say
//! - [`images`]: whether a file is the image it claims to be, without script in it

mod accounts;
mod alike;
mod claims;
mod codes;
mod drawing;
mod expansion;
mod groups;
mod hosts;
mod identity;
mod images;
mod index;
mod layers;
mod leave;
mod limits;
mod narrow;
mod nodes;
mod own;
mod rights;
mod senders;
mod sets;
mod speaker;
mod spoken;
mod style;
mod tokens;
mod translations;

use std::collections::{BTreeSet, HashMap};

use rayon::prelude::*;

use crate::catalog::{Catalog, LayerId};
use crate::diag::{Diagnostic, Diagnostics};
use crate::policy::Policy;
use crate::policy::narrowing::Narrowing;
use crate::source::{SourceId, Sources, Span};

pub use index::Index;
pub use limits::{faults, wording};
pub use rights::place_of;
pub use speaker::{Refusal, Speaker};
#[cfg(test)]
pub use tokens::mark;
pub use tokens::{Marks, marks, words};

use leave::Leave;
use speaker::Ground;

/// A catalog whose every contribution holds to the policy, save for the layers named broken.
#[derive(Debug)]
pub struct Approved {
    catalog: Catalog,
    policy: Policy,
    index: Index,
    narrowings: Vec<Narrowing>,
    homes: Homes,
    broken: Vec<bool>,
}

impl Approved {
    pub fn catalog(&self) -> &Catalog {
        &self.catalog
    }

    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    pub fn index(&self) -> &Index {
        &self.index
    }

    fn ground(&self) -> Ground<'_> {
        Ground { catalog: &self.catalog, policy: &self.policy, index: &self.index }
    }

    /// The layers that an error refuses: those it lies in.
    pub fn refused_by(&self, diagnostic: &Diagnostic, sources: &Sources) -> BTreeSet<LayerId> {
        self.homes.concerned(diagnostic, sources)
    }

    /// What layers take away from those above them.
    pub fn narrowings(&self) -> &[Narrowing] {
        &self.narrowings
    }

    /// How many blocks and items a partner's layers insert, taken together.
    pub fn insertions(&self, partner: usize) -> usize {
        self.of_partner(partner).into_iter().map(|id| rights::insertions(self.ground(), id)).sum()
    }

    /// A partner's overlays for a single deployment (O6).
    pub fn own_overlays(&self, partner: usize) -> impl Iterator<Item = LayerId> {
        self.of_partner(partner).into_iter().filter(|&id| rights::is_single(&self.catalog, id))
    }

    fn of_partner(&self, partner: usize) -> Vec<LayerId> {
        let axis = self.catalog.settings.partner();
        let mut own = self.catalog.layout.kin(&self.catalog.axes, Some(partner));
        own.retain(|&id| self.catalog.layer(id).selector.binds(axis).is_some_and(|b| b.value == partner));
        own
    }

    /// All overlays for a single deployment (O6).
    pub fn single_overlays(&self) -> impl Iterator<Item = LayerId> {
        self.catalog.layer_ids().filter(|&id| rights::is_single(&self.catalog, id))
    }

    /// Checks what the layers of one deployment narrow for those above them.
    pub fn check_narrowed(&self, stack: &[LayerId], diagnostics: &mut Diagnostics) {
        narrow::check(self.ground(), &self.narrowings, stack, diagnostics);
    }

    /// Whether something in this layer was refused.
    pub fn is_broken(&self, layer: LayerId) -> bool {
        self.broken[layer.0 as usize]
    }
}

/// Checks every contribution and finds the layers that have errors, in `diagnostics` so far or now.
pub fn approve(catalog: Catalog, policy: Policy, sources: &Sources, diagnostics: &mut Diagnostics) -> Approved {
    let index = Index::of(&catalog, sources, diagnostics);
    rights::check_variants(&policy, &index, diagnostics);
    let fields = identity::fields().chain(accounts::fields()).chain([codes::CODE]);
    let told = claims::told(&catalog, fields);
    let companies = claims::companies(&catalog);
    let partners = claims::Partners {
        catalog: &catalog,
        index: &index,
        policy: &policy,
        axis: catalog.settings.partner(),
        companies: &companies,
        told: &told,
    };
    codes::check(partners, sources, diagnostics);
    let taken = identity::check(partners, diagnostics);
    let shared = identity::shared(partners, &taken);
    let places = shared.iter().flat_map(|shared| shared.places.iter().copied()).collect();
    let (rights, refused) = hosts::check(partners, &taken, &places, diagnostics);
    diagnostics.extend(shared.into_iter().filter_map(|shared| shared.told(&refused)));
    accounts::check(partners, &rights, refused, diagnostics);
    drop(told);
    let ground = Ground { catalog: &catalog, policy: &policy, index: &index };
    let checked: Vec<_> =
        (0..catalog.layers.len() as u32).into_par_iter().map(LayerId).map(|id| checked(ground, id)).collect();
    let mut leave = Leave::new(&policy);
    for (used, found) in checked {
        leave.join(used);
        diagnostics.append(found);
    }
    diagnostics.extend(leave.unneeded(&catalog));
    let narrowings = narrow::read(&catalog, &policy, diagnostics);
    let homes = Homes::of(&catalog);
    let mut broken = vec![false; catalog.layers.len()];
    diagnostics.iter().flat_map(|error| homes.concerned(error, sources)).for_each(|id| broken[id.0 as usize] = true);
    Approved { catalog, policy, index, narrowings, homes, broken }
}

/// What is wrong with one layer, with the leave that it needs.
fn checked(ground: Ground<'_>, id: LayerId) -> (Leave<'_>, Diagnostics) {
    let Ground { catalog, policy, .. } = ground;
    let (mut leave, mut found) = (Leave::new(policy), Diagnostics::default());
    rights::check(ground, &mut leave, id, &mut found);
    limits::check(ground, &mut leave, id, &mut found);
    if !catalog.layer(id).is_of_master() {
        tokens::check(catalog.layer(id), &catalog.settings.tokens, &mut found);
    }
    groups::check(catalog, policy, id, &mut found);
    translations::check(catalog, ground.index, id, &mut found);
    nodes::check(catalog.layer(id), ground.index, &mut found);
    (leave, found)
}

/// Where errors have their layers: each file is that of a few, and each row that of one.
#[derive(Debug)]
struct Homes {
    by_source: HashMap<SourceId, Vec<LayerId>>,
    /// Of each registry the rows in their order.
    by_row: HashMap<SourceId, Vec<(Span, LayerId)>>,
    by_place: HashMap<String, Vec<LayerId>>,
}

impl Homes {
    fn of(catalog: &Catalog) -> Self {
        let (mut by_source, mut by_row, mut by_place) =
            (HashMap::<_, Vec<_>>::new(), HashMap::<_, Vec<_>>::new(), HashMap::<_, Vec<_>>::new());
        for id in catalog.layer_ids() {
            let layer = catalog.layer(id);
            if let Some(row) = layer.row {
                by_row.entry(row.source).or_default().push((row, id));
            }
            for &source in layer.sources.iter().filter(|&&source| layer.row.is_none_or(|row| row.source != source)) {
                by_source.entry(source).or_default().push(id);
            }
            by_place.entry(layer.place.clone()).or_default().push(id);
        }
        let again = catalog.registry.again();
        let partner = catalog.settings.partner();
        let of_rows = catalog.layer_ids().filter(|&id| !again.is_empty() && catalog.layer(id).row.is_some());
        for id in of_rows {
            let bound = catalog.layer(id).selector.binds(partner).map(|binding| &binding.id);
            for row in bound.into_iter().flat_map(|bound| again.iter().filter(|row| row.id == *bound)) {
                by_row.entry(row.row.source).or_default().push((row.row, id));
            }
        }
        by_row.values_mut().for_each(|rows| rows.sort_unstable());
        Self { by_source, by_row, by_place }
    }

    /// The layers that an error lies in: by its file, by the folder it is in, or by its row of a registry.
    fn concerned(&self, diagnostic: &Diagnostic, sources: &Sources) -> BTreeSet<LayerId> {
        let mut found = BTreeSet::new();
        let Some(place) = diagnostic.place.as_ref().filter(|_| diagnostic.is_error()) else { return found };
        let source = place.span.source;
        let rows = self.by_row.get(&source).map_or(&[][..], Vec::as_slice);
        if place.span == Span::file(source) {
            found.extend(rows.iter().map(|(_, id)| id));
        } else {
            let behind = rows.partition_point(|(row, _)| row.start <= place.span.start);
            let row = rows[..behind].last().filter(|(row, _)| place.span.end <= row.end);
            found.extend(row.map(|(_, id)| id));
        }
        found.extend(self.by_source.get(&source).into_iter().flatten());
        let path = sources.get(source).path.as_str();
        for (at, _) in path.match_indices('/').filter(|&(at, _)| !path[at..].starts_with("/@")) {
            found.extend(self.by_place.get(&path[..at]).into_iter().flatten());
        }
        found
    }
}
