//! Values that are overridden together or not at all (G7).

use crate::catalog::patch::{Contribution, Right};
use crate::catalog::{Catalog, LayerId};
use crate::diag::{Diagnostic, Diagnostics};
use crate::policy::Policy;
use crate::policy::rules::Group;

/// Checks the groups of which one layer overrides a part.
pub fn check(catalog: &Catalog, policy: &Policy, id: LayerId, diagnostics: &mut Diagnostics) {
    let layer = catalog.layer(id);
    if !layer.is_of_master() {
        diagnostics.extend(policy.groups().iter().filter_map(|group| torn(group, &layer.contributions)));
    }
}

/// What is wrong if a member of the group is set and another is not.
fn torn(group: &Group, contributions: &[Contribution]) -> Option<Diagnostic> {
    // A translation says what stands already.
    let sets = |contribution: &&Contribution| contribution.right != Right::Translate;
    let of = |member: &crate::policy::pattern::Pattern| {
        contributions.iter().filter(sets).find(|contribution| member.covers(&contribution.path))
    };
    let (set, missing): (Vec<_>, Vec<_>) = group.members.iter().partition(|member| of(member).is_some());
    let first = set.first().and_then(|member| of(member)).filter(|_| !missing.is_empty())?;
    let missing = missing.iter().map(|member| format!("`{}`", member.text())).collect::<Vec<_>>().join(", ");
    let message = format!("`{}` is overridden without {missing}", first.path);
    let reason = group.reason.as_ref().map(|reason| format!(" ({reason})")).unwrap_or_default();
    Some(
        Diagnostic::error("E-GROUP", message)
            .at(first.span, "")
            .other(group.span, format!("together or not at all{reason}"))
            .help(format!("override {missing} in the same layer, or take this out")),
    )
}
