//! Values that somebody has to supply (G13).

use std::sync::Arc;

use crate::catalog::LayerId;
use crate::diag::{Diagnostic, Diagnostics};
use crate::guard::Approved;
use crate::policy::HQ;
use crate::policy::rules::Rule;
use crate::resolve::tree::Tree;

/// Notes every required slot of a deployment that none of its roles has filled, in any of its locales: what
/// the master has there is only an example.
pub fn check<'t>(
    approved: &Approved,
    tree: &Tree,
    locales: impl Iterator<Item = &'t Arc<Tree>> + Clone,
    diagnostics: &mut Diagnostics,
) {
    let place = tree.get("partner").and_then(|partner| partner.origin());
    for rule in approved.policy().rules().iter().filter(|rule| rule.is_slot) {
        let path = rule.pattern.text();
        let mut leaves = locales.clone().filter_map(|tree| tree.at(path)).flat_map(Tree::leaves);
        if leaves.any(|leaf| is_supplied(approved, rule, leaf.origin.layer)) {
            continue;
        }
        let roles: Vec<&str> = rule.allow.keys().map(|role| &**role).filter(|&role| role != HQ).collect();
        let error = Diagnostic::error("E-SLOT", format!("nobody supplies `{path}`"))
            .other(rule.span, "required here")
            .help(format!("the {} has to give it", roles.join(" or the ")));
        diagnostics.push(match place {
            Some(place) => error.at(place.span, "missing for this partner"),
            None => error,
        });
    }
}

fn is_supplied(approved: &Approved, rule: &Rule, layer: LayerId) -> bool {
    let layer = approved.catalog().layer(layer);
    let roles = approved.policy().roles_of(&layer.selector, &approved.catalog().settings);
    !layer.is_of_master() && roles.iter().any(|&role| role != HQ && rule.allow.contains_key(role))
}
