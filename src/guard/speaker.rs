//! What a role and tier may do: the one answer for what is checked and for what is told beforehand.

use std::cmp::Ordering;
use std::sync::Arc;

use crate::catalog::patch::Right;
use crate::catalog::selector::Selector;
use crate::catalog::settings::AxisId;
use crate::catalog::{Catalog, Layer, LayerId};
use crate::policy::narrowing::Narrowing;
use crate::policy::rules::{Rule, TierCut};
use crate::policy::{HQ, Policy};
use crate::schema::analytics::PROGRAM;

use super::own::Own;
use super::{Approved, Index, narrow};

/// What rights are asked of.
#[derive(Clone, Copy, Debug)]
pub struct Ground<'a> {
    pub catalog: &'a Catalog,
    pub policy: &'a Policy,
    pub index: &'a Index,
}

/// Those who speak in a layer: the roles of its folder, and the tier of its partner.
#[derive(Clone, Debug)]
pub struct Speaker<'a> {
    ground: Ground<'a>,
    roles: Vec<&'a str>,
    tier: Option<Arc<str>>,
    selector: Selector,
    /// The layers that can meet those of its partner; `None` where it is no partner's, and may meet any.
    kin: Option<Arc<[LayerId]>>,
    /// The layer, if it is there: a waiver may be about it, and it may translate its own words.
    layer: Option<(LayerId, Arc<Own<'a>>)>,
    /// What weaker layers take away wherever this one counts (G2).
    narrowed: Vec<&'a Narrowing>,
}

/// Why somebody may not do something.
#[derive(Clone, Debug)]
pub enum Refusal<'a> {
    /// Two rules are as specific as each other.
    Ambiguous(&'a Rule, &'a Rule),
    /// The rule does not give the role the right.
    Locked { role: &'a str, rule: Option<&'a Rule> },
    /// The tier does not leave the path.
    Tier { role: &'a str, tier: &'a str, cut: &'a TierCut },
    /// It takes along what lies below, to which the role has no right.
    Inside { role: &'a str, rule: Option<&'a Rule>, below: &'a str },
    /// A weaker layer fixes it in every deployment that this one reaches.
    Narrowed(&'a Narrowing),
}

impl<'a> Speaker<'a> {
    /// Of a layer that is there.
    pub fn of_layer(approved: &'a Approved, id: LayerId) -> Self {
        Self::in_layer(approved.ground(), id)
    }

    pub(super) fn in_layer(ground: Ground<'a>, id: LayerId) -> Self {
        let layer: &'a Layer = ground.catalog.layer(id);
        Self { layer: Some((id, Arc::new(Own::of(layer)))), ..Self::speaking_for(ground, layer.selector.clone()) }
    }

    /// Of a layer with this selector, whether it is there or not.
    pub fn of_selector(approved: &'a Approved, selector: &Selector) -> Self {
        Self::speaking_for(approved.ground(), selector.clone())
    }

    fn speaking_for(ground: Ground<'a>, selector: Selector) -> Self {
        let Ground { catalog, policy, .. } = ground;
        let partner = selector.binds(catalog.settings.partner());
        let kin = partner.map(|partner| catalog.layout.kin(&catalog.axes, Some(partner.value)).into());
        let roles = policy.roles_of(&selector, &catalog.settings);
        Self { roles, tier: tier_of(catalog, &selector), selector, kin, ..Self::nobody(ground) }
    }

    /// Of a value that an axis does not have yet.
    pub fn of_axis(approved: &'a Approved, axis: AxisId, tier: Option<&'a str>) -> Self {
        let ground = approved.ground();
        let tier = tier.filter(|_| axis == ground.catalog.settings.partner());
        Self { roles: vec![ground.policy.role_of(axis)], tier: tier.map(Arc::from), ..Self::nobody(ground) }
    }

    /// Of one role, in the layers that a selector of its axes names.
    pub fn of_role(approved: &'a Approved, role: &str, selector: Selector) -> Self {
        let role = approved.policy().role_names().find(|&known| known == role);
        Self { roles: role.into_iter().collect(), ..Self::speaking_for(approved.ground(), selector) }
    }

    /// HQ, whom nothing limits.
    pub fn hq(approved: &'a Approved) -> Self {
        Self::nobody(approved.ground())
    }

    fn nobody(ground: Ground<'a>) -> Self {
        let (roles, narrowed) = (Vec::new(), Vec::new());
        Self { ground, roles, tier: None, selector: Selector::default(), kin: None, layer: None, narrowed }
    }

    /// With what these layers narrow, which are in every deployment that this speaker reaches.
    #[must_use]
    pub fn beside(mut self, approved: &'a Approved, layers: &[LayerId]) -> Self {
        let Ground { catalog, policy, .. } = self.ground;
        let binds = |narrowing: &&Narrowing| {
            layers.contains(&narrowing.layer) && narrow::binds(catalog, policy, narrowing, &self.selector)
        };
        self.narrowed = approved.narrowings().iter().filter(binds).collect();
        self
    }

    /// The role whose rights decide: the first that is not HQ's.
    pub fn role(&self) -> &'a str {
        self.roles.iter().copied().find(|&role| role != HQ).unwrap_or(HQ)
    }

    /// The tier that cuts the rights of the role.
    pub fn tier(&self) -> Option<&str> {
        self.tier.as_deref()
    }

    /// The rule for a path, which nothing but HQ is free of.
    pub fn rule(&self, path: &str) -> Option<&'a Rule> {
        match self.ground.policy.rules_for(path).as_slice() {
            [rule] if self.role() != HQ => Some(rule),
            _ => None,
        }
    }

    /// What weaker layers limit at a path wherever this speaker counts.
    pub fn narrowed(&self, path: &str) -> impl Iterator<Item = &'a Narrowing> {
        self.narrowed.iter().copied().filter(move |narrowing| narrowing.pattern.covers(path))
    }

    /// Whether nothing refuses this.
    pub fn may(&self, path: &str, right: Right) -> bool {
        self.role() == HQ || self.is_waived(path) || self.refusal(path, right).is_none()
    }

    /// The rights at a path, in the policy's words.
    pub fn rights(&self, path: &str) -> Vec<&'static str> {
        Right::ALL.into_iter().filter(|&right| self.may(path, right)).map(Right::word).collect()
    }

    /// Why policy refuses this, waivers and grace aside (G1, G5).
    pub fn refusal(&self, path: &str, right: Right) -> Option<Refusal<'a>> {
        if self.role() == HQ {
            return None;
        }
        let rules = self.ground.policy.rules_for(path);
        if let [one, two, ..] = rules.as_slice() {
            return Some(Refusal::Ambiguous(one, two));
        }
        let rule = rules.first().copied();
        // A layer may say in another language what it says itself: the right is asked of the original.
        let is_own = right == Right::Translate && self.layer.as_ref().is_some_and(|(_, own)| own.words(path));
        if let Some(role) = self.lacking(rule, path, right).filter(|_| !is_own) {
            return Some(Refusal::Locked { role, rule });
        }
        if let Some((tier, cut)) = self.cut().filter(|(_, cut)| !cut.leaves(path)) {
            return Some(Refusal::Tier { role: self.role(), tier, cut });
        }
        self.locked_inside(path, right).or_else(|| self.fixed(path))
    }

    /// Whether a weaker layer fixes the path wherever this speaker counts.
    fn fixed(&self, path: &str) -> Option<Refusal<'a>> {
        self.narrowed(path).find(|narrowing| narrowing.is_fixed).map(Refusal::Narrowed)
    }

    /// The first role that has no such right by a rule.
    fn lacking(&self, rule: Option<&Rule>, path: &str, right: Right) -> Option<&'a str> {
        let granted =
            |role: &str| rule.is_some_and(|rule| rule.allow.get(role).is_some_and(|all| all.contains(&right)));
        // G14: what is opened along with other things lets nobody bring a program.
        let opens = |rule: &Rule| path != PROGRAM || rule.pattern.text() == PROGRAM;
        let granted = |role: &str| granted(role) && rule.is_some_and(opens);
        self.roles.iter().copied().find(|&role| role != HQ && !granted(role))
    }

    /// What the tier leaves.
    pub fn cut(&self) -> Option<(&'a str, &'a TierCut)> {
        self.ground.policy.tier_named(self.tier.as_deref()?)
    }

    /// What is taken away or replaced as a whole takes along what lies below, which may be fixed.
    fn locked_inside(&self, path: &str, right: Right) -> Option<Refusal<'a>> {
        if !right.takes_along() {
            return None;
        }
        let mut wholes = self.ground.index.inside(path).filter(|below| self.loses(below));
        wholes.find_map(|below| {
            let rule = self.ground.policy.rules_for(below).first().copied();
            let inside = self.lacking(rule, below, right).map(|role| Refusal::Inside { role, rule, below });
            inside.or_else(|| self.fixed(below))
        })
    }

    /// Whether others set a place of which this speaker says nothing, so that it goes along with what holds it.
    pub(super) fn loses(&self, below: &str) -> bool {
        let own = self.layer.as_ref().map(|(_, own)| own);
        self.has_below(below) && own.is_none_or(|own| !own.says(below))
    }

    /// Whether another layer below this one has the place.
    pub(super) fn has_below(&self, place: &str) -> bool {
        let own = self.layer.as_ref().map(|(id, _)| *id);
        self.below(place).any(|id| Some(id) != own)
    }

    /// The layers that have a place and are this one, or weaker ones that reach the same deployments.
    pub(super) fn below(&self, place: &str) -> impl Iterator<Item = LayerId> {
        let layers = self.ground.index.layers(place);
        let kin = self.kin.as_deref().unwrap_or(layers);
        // Both are sorted. Thousands of partners may have the place, and the kin are few.
        let (few, others) = if layers.len() < kin.len() { (layers, kin) } else { (kin, layers) };
        let both = few.iter().copied().filter(|id| others.binary_search(id).is_ok());
        both.filter(|&id| self.is_below(id))
    }

    fn is_below(&self, other: LayerId) -> bool {
        let catalog = self.ground.catalog;
        let theirs = catalog.layer(other);
        let weaker = || self.selector.strength(&theirs.selector) == Some(Ordering::Greater);
        let meets = || self.selector.join(&theirs.selector, &catalog.axes).is_some();
        let is_own = self.layer.as_ref().is_some_and(|(id, _)| *id == other);
        is_own || theirs.is_of_master() || (weaker() && meets())
    }

    fn is_waived(&self, path: &str) -> bool {
        let policy = self.ground.policy;
        let holds = |layer| {
            let waivers = policy.waivers().iter().filter(|waiver| waiver.is_about(layer, path));
            waivers.map(|waiver| waiver.expires).max().is_some_and(|day| policy.today() <= day)
        };
        self.layer.as_ref().is_some_and(|(id, _)| holds(self.ground.catalog.layer(*id)))
    }
}

/// The tier that a partner's record names.
fn tier_of(catalog: &Catalog, selector: &Selector) -> Option<Arc<str>> {
    let partner = selector.binds(catalog.settings.partner())?;
    let record = catalog.record(partner.axis, partner.value)?;
    Some(record.as_map()?.get("tier")?.as_text()?.clone())
}
