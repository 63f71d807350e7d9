//! What a role and tier may do, asked before anything is written.

use crate::catalog::patch::Right;
use crate::catalog::selector::Selector;
use crate::catalog::settings::AxisId;
use crate::catalog::{Catalog, Layer, LayerId};
use crate::policy::rules::Rule;
use crate::policy::{HQ, Policy};

/// Those who speak in a layer: the roles of its folder, and the tier of its partner.
#[derive(Clone, Debug)]
pub struct Speaker<'a> {
    policy: &'a Policy,
    roles: Vec<&'a str>,
    tier: Option<&'a str>,
    /// The layer, if it is there: a waiver may be about it.
    layer: Option<&'a Layer>,
}

impl<'a> Speaker<'a> {
    /// Of a layer that is there.
    pub fn of_layer(catalog: &'a Catalog, policy: &'a Policy, id: LayerId) -> Self {
        let layer = catalog.layer(id);
        Self { layer: Some(layer), ..Self::of_selector(catalog, policy, &layer.selector) }
    }

    /// Of a layer with this selector, whether it is there or not.
    pub fn of_selector(catalog: &'a Catalog, policy: &'a Policy, selector: &Selector) -> Self {
        let roles = policy.roles_of(selector, &catalog.settings);
        Self { policy, roles, tier: tier_of(catalog, selector), layer: None }
    }

    /// Of a value that an axis does not have yet.
    pub fn of_axis(policy: &'a Policy, axis: AxisId, tier: Option<&'a str>) -> Self {
        Self { policy, roles: vec![policy.role_of(axis)], tier, layer: None }
    }

    /// HQ, whom nothing limits.
    pub fn hq(policy: &'a Policy) -> Self {
        Self { policy, roles: Vec::new(), tier: None, layer: None }
    }

    /// The role whose rights decide: the first that is not HQ's.
    pub fn role(&self) -> &'a str {
        self.roles.iter().copied().find(|&role| role != HQ).unwrap_or(HQ)
    }

    /// The tier, if it cuts the rights of the role.
    pub fn tier(&self) -> Option<&'a str> {
        self.tier.filter(|_| self.role() == "partner")
    }

    /// The rule for a path, which nothing but HQ is free of.
    pub fn rule(&self, path: &str) -> Option<&'a Rule> {
        match self.policy.rules_for(path).as_slice() {
            [rule] if self.role() != HQ => Some(rule),
            _ => None,
        }
    }

    /// Whether the policy lets all the roles do this, and the tier leaves it.
    pub fn may(&self, path: &str, right: Right) -> bool {
        if self.role() == HQ || self.is_waived(path) {
            return true;
        }
        let Some(rule) = self.rule(path) else { return false };
        let granted = |role: &str| role == HQ || rule_grants(rule, role, right);
        let cut = self.tier().and_then(|tier| self.policy.tier(tier));
        self.roles.iter().all(|role| granted(role)) && cut.is_none_or(|cut| cut.leaves(path))
    }

    fn is_waived(&self, path: &str) -> bool {
        let holds = |layer| {
            let waivers = self.policy.waivers().iter().filter(|waiver| waiver.is_about(layer, path));
            waivers.map(|waiver| waiver.expires).max().is_some_and(|day| self.policy.today() <= day)
        };
        self.layer.is_some_and(holds)
    }

    /// The rights at a path, in the policy's words.
    pub fn rights(&self, path: &str) -> Vec<&'static str> {
        Right::ALL.into_iter().filter(|&right| self.may(path, right)).map(Right::word).collect()
    }
}

/// The tier that a partner's record names.
pub(super) fn tier_of<'a>(catalog: &'a Catalog, selector: &Selector) -> Option<&'a str> {
    let partner = selector.binds(catalog.settings.partner())?;
    let record = catalog.axes[partner.axis.0].at(partner.value).record.as_ref()?;
    Some(record.as_map()?.get("tier")?.as_text()?)
}

/// Whether a rule gives a role this right. Who may word a text may also say it in another language.
pub(super) fn rule_grants(rule: &Rule, role: &str, right: Right) -> bool {
    let rights = rule.allow.get(role).map_or(&[][..], Vec::as_slice);
    match right {
        Right::Translate => rights.iter().any(|right| !matches!(right, Right::Move | Right::Remove | Right::Choose)),
        right => rights.contains(&right),
    }
}
