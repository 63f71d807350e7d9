//! Who may change what: `policy.yaml`, compiled (G1 to G5).
//!
//! Everything is fixed unless a rule opens it. The most specific rule for a path decides; a tier cuts
//! further; nothing widens.
//!
//! - [`pattern`]: paths with `*` and `**`
//! - [`rules`]: rules, groups, tiers
//! - [`lookup`]: the rules that may hold for a path
//! - [`limits`]: how far a right goes
//! - [`waivers`]: exceptions that end
//! - [`narrowing`]: what a region takes away

pub mod limits;
mod lookup;
pub mod narrowing;
pub mod pattern;
pub mod rules;
pub mod waivers;

use std::collections::BTreeSet;
use std::sync::Arc;

use indexmap::IndexMap;
use jiff::civil::Date;

use crate::catalog::patch::Right;
use crate::catalog::selector::Selector;
use crate::catalog::settings::{AxisId, Settings};
use crate::diag::Diagnostics;
use crate::digest::Digest;
use crate::syntax::tree::Node;

use lookup::Lookup;
use pattern::Pattern;
use rules::{Group, Rule, TierCut};
use waivers::Waiver;

/// The role that is not limited.
pub const HQ: &str = "hq";

/// The compiled policy.
#[derive(Debug)]
pub struct Policy {
    /// Which axes speak for which role.
    roles: IndexMap<Arc<str>, Vec<AxisId>>,
    rules: Vec<Rule>,
    lookup: Lookup,
    groups: Vec<Group>,
    waivers: Vec<Waiver>,
    /// The paths of all blocks that are only there to be chosen (G6).
    variants: BTreeSet<String>,
    today: Date,
    /// Handles by role (`hq`) or by layer (`region=dach`), for a CODEOWNERS file.
    owners: IndexMap<Arc<str>, Arc<str>>,
    tiers: IndexMap<Arc<str>, TierCut>,
    /// Names this policy in manifests: what it says, without remarks and places.
    pub digest: Digest,
}

impl Policy {
    /// Reads `policy.yaml`. What is wrong in it is noted; rules with errors are left out.
    pub fn read(node: &Node, settings: &Settings, diagnostics: &mut Diagnostics) -> Self {
        let parts = rules::read(node, settings, diagnostics);
        Self {
            variants: parts.rules.iter().flat_map(Rule::variant_paths).collect(),
            roles: parts.roles,
            lookup: Lookup::of(parts.rules.iter().map(|rule| rule.pattern.literal())),
            rules: parts.rules,
            groups: parts.groups,
            waivers: Vec::new(),
            today: Date::MIN,
            owners: parts.owners,
            tiers: parts.tiers,
            digest: Digest::of_value(&node.value),
        }
    }

    /// With the waivers of `waivers.yaml`, and the day on which they and all grace are looked at.
    #[must_use]
    pub fn on(mut self, today: Date, waivers: Option<&Node>, diagnostics: &mut Diagnostics) -> Self {
        self.today = today;
        self.waivers = waivers.map(|node| waivers::read(node, diagnostics)).unwrap_or_default();
        self
    }

    pub fn today(&self) -> Date {
        self.today
    }

    pub fn groups(&self) -> &[Group] {
        &self.groups
    }

    pub fn waivers(&self) -> &[Waiver] {
        &self.waivers
    }

    /// Whether the block is only there to be chosen.
    pub fn is_variant(&self, path: &str) -> bool {
        self.variants.contains(path)
    }

    /// The roles a layer speaks for (G4): those of the axes it binds in its strongest band. Nobody for
    /// the master, whose rights nothing limits.
    pub fn roles_of(&self, selector: &Selector, settings: &Settings) -> Vec<&str> {
        let strongest = selector.bindings().iter().map(|binding| settings.band_of(binding.axis)).max();
        let bound = selector.bindings().iter().filter(|binding| Some(settings.band_of(binding.axis)) == strongest);
        bound.map(|binding| self.role_of(binding.axis)).collect()
    }

    /// The role that an axis speaks for.
    pub fn role_of(&self, axis: AxisId) -> &str {
        self.roles.iter().find(|(_, axes)| axes.contains(&axis)).map_or(HQ, |(role, _)| role)
    }

    /// The strongest band for which a role speaks; 0, as of the master, where it speaks for none.
    pub fn band_of(&self, role: &str, settings: &Settings) -> usize {
        let bound = settings.axis_ids().filter(|axis| self.role_of(*axis) == role);
        bound.map(|axis| settings.band_of(axis)).max().unwrap_or(0)
    }

    pub fn role_names(&self) -> impl Iterator<Item = &str> {
        self.roles.keys().map(|role| &**role)
    }

    pub fn owners(&self) -> &IndexMap<Arc<str>, Arc<str>> {
        &self.owners
    }

    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    pub fn tier(&self, id: &str) -> Option<&TierCut> {
        self.tiers.get(id)
    }

    /// As [`Policy::tier`], with its id.
    pub fn tier_named(&self, id: &str) -> Option<(&str, &TierCut)> {
        self.tiers.get_key_value(id).map(|(id, cut)| (&**id, cut))
    }

    pub fn tiers(&self) -> impl Iterator<Item = (&str, &TierCut)> {
        self.tiers.iter().map(|(id, cut)| (&**id, cut))
    }

    /// The most specific rules for a path: one, unless the policy is ambiguous.
    pub fn rules_for(&self, path: &str) -> Vec<&Rule> {
        let mut best = (0, 0);
        let mut found: Vec<usize> = Vec::with_capacity(1);
        for index in self.lookup.candidates(path) {
            let pattern = &self.rules[index].pattern;
            let specificity = pattern.specificity();
            if (specificity < best && !found.is_empty()) || !pattern.covers(path) {
                continue;
            }
            if specificity > best {
                found.clear();
            }
            best = specificity;
            found.push(index);
        }
        // As they are written.
        found.sort_unstable();
        found.into_iter().map(|index| &self.rules[index]).collect()
    }

    /// What a role may do, as far as its tier leaves it: for messages, and for whoever asks.
    pub fn open(&self, role: &str, tier: Option<&str>) -> Vec<Open<'_>> {
        let only = tier.and_then(|tier| self.tiers.get(tier)).and_then(|cut| cut.only.as_deref());
        let mut open = Vec::new();
        for rule in &self.rules {
            let Some(rights) = rule.allow.get(role).filter(|rights| !rights.is_empty()) else { continue };
            let leaves =
                |pattern: &&Pattern| pattern.text() == rule.pattern.text() || pattern.covers(rule.pattern.text());
            if only.is_none_or(|only| only.iter().any(|pattern| leaves(&pattern))) {
                open.push(Open { pattern: &rule.pattern, rule, rights });
                continue;
            }
            // The tier leaves a part of what the rule opens, unless another rule is for that part.
            let governs = |pattern: &&Pattern| {
                let best = self.rules_for(pattern.text());
                rule.pattern.covers(pattern.text()) && best.first().is_some_and(|best| best.span == rule.span)
            };
            let parts = only.into_iter().flatten().filter(governs);
            open.extend(parts.map(|pattern| Open { pattern, rule, rights }));
        }
        open
    }
}

/// What a rule opens to somebody.
#[derive(Clone, Copy, Debug)]
pub struct Open<'a> {
    /// The rule's own paths, or those of them that a tier leaves.
    pub pattern: &'a Pattern,
    pub rule: &'a Rule,
    pub rights: &'a [Right],
}
