//! Who may change what: `policy.yaml`, compiled (G1 to G5).
//!
//! Everything is fixed unless a rule opens it. The most specific rule for a path decides; a tier cuts
//! further; nothing widens.
//!
//! - [`pattern`]: paths with `*` and `**`
//! - [`rules`]: rules, groups, tiers
//! - [`limits`]: how far a right goes
//! - [`waivers`]: exceptions that end
//! - [`narrowing`]: what a region takes away

pub mod limits;
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
use crate::syntax::tree::Node;

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
    groups: Vec<Group>,
    waivers: Vec<Waiver>,
    /// The paths of all blocks that are only there to be chosen (G6).
    variants: BTreeSet<String>,
    today: Date,
    /// Handles by role (`hq`) or by layer (`region=dach`), for a CODEOWNERS file.
    owners: IndexMap<Arc<str>, Arc<str>>,
    tiers: IndexMap<Arc<str>, TierCut>,
    /// Names this policy in manifests.
    pub digest: [u8; 32],
}

impl Policy {
    /// Reads `policy.yaml`. What is wrong in it is noted; rules with errors are left out.
    pub fn read(node: &Node, text: &str, settings: &Settings, diagnostics: &mut Diagnostics) -> Self {
        let parts = rules::read(node, settings, diagnostics);
        Self {
            variants: parts.rules.iter().flat_map(Rule::variant_paths).collect(),
            roles: parts.roles,
            rules: parts.rules,
            groups: parts.groups,
            waivers: Vec::new(),
            today: Date::MIN,
            owners: parts.owners,
            tiers: parts.tiers,
            digest: *blake3::hash(text.as_bytes()).as_bytes(),
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

    pub fn tiers(&self) -> impl Iterator<Item = (&str, &TierCut)> {
        self.tiers.iter().map(|(id, cut)| (&**id, cut))
    }

    /// The most specific rules for a path: one, unless the policy is ambiguous.
    pub fn rules_for(&self, path: &str) -> Vec<&Rule> {
        let matching = || self.rules.iter().filter(|rule| rule.pattern.covers(path));
        let best = matching().map(|rule| rule.pattern.specificity()).max();
        matching().filter(|rule| Some(rule.pattern.specificity()) == best).collect()
    }

    /// What a role (and tier) may do, for messages and for the playbook: pattern and rights.
    pub fn may(&self, role: &str, tier: Option<&str>) -> Vec<(&Rule, Vec<Right>)> {
        let cut = tier.and_then(|tier| self.tiers.get(tier));
        let open = |rule: &&Rule| cut.is_none_or(|cut| cut.leaves(rule.pattern.text()));
        let rights = |rule: &Rule| rule.allow.get(role).cloned().unwrap_or_default();
        self.rules
            .iter()
            .filter(open)
            .map(|rule| (rule, rights(rule)))
            .filter(|(_, rights)| !rights.is_empty())
            .collect()
    }
}
