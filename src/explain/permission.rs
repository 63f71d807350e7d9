//! The rule for a path, its limits, and what each role may do.

use serde::Serialize;

use crate::build::Program;
use crate::catalog::LayerId;
use crate::catalog::selector::Selector;
use crate::policy::limits::Limits;
use crate::policy::rules::Rule;
use crate::policy::{HQ, Policy};
use crate::syntax::markdown::Place as Position;

use super::place::Place;
use super::subject::{Subject, governed};

/// The rule that holds for a path.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RuleView {
    /// The paths it is for.
    pub pattern: String,
    pub fixed: bool,
    pub reason: Option<String>,
    /// How far a right goes, a phrase each.
    pub limits: Vec<String>,
    #[serde(flatten)]
    pub place: Place,
}

/// What one role may do with a path.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Permission {
    pub role: String,
    /// The rights, in the policy's words; `any` for HQ.
    pub rights: Vec<String>,
    /// The layers of the deployment that speak for the role.
    pub layers: Vec<String>,
    /// Why there are fewer rights than the rule grants.
    pub cut: Option<String>,
}

/// The rule for a path; `None` only where the policy has none, so that everything is fixed.
pub fn rule(program: &Program, path: &str) -> Option<RuleView> {
    let rule = *program.approved().policy().rules_for(governed(path)).first()?;
    Some(RuleView {
        pattern: rule.pattern.text().to_owned(),
        fixed: rule.allow.is_empty(),
        reason: rule.reason.as_deref().map(str::to_owned),
        limits: limits(rule),
        place: Place::of(program.sources(), rule.span),
    })
}

/// What each role may do with a path in a deployment.
pub fn permissions(subject: &Subject<'_>, path: &str) -> Vec<Permission> {
    let policy = subject.program.approved().policy();
    let path = governed(path);
    let rule = policy.rules_for(path).first().copied();
    let roles = policy.role_names().filter(|&role| role != HQ);
    let hq = Permission { role: HQ.into(), rights: vec!["any".into()], layers: speakers(subject, HQ), cut: None };
    std::iter::once(hq)
        .chain(roles.map(|role| {
            let (mut rights, mut cut) = granted(policy, rule, role, subject.tier(), path);
            if let Some(layer) = fixed_by(subject, path).filter(|_| role == "partner" && !rights.is_empty()) {
                rights.clear();
                cut = Some(format!("{layer} fixes it"));
            }
            Permission { role: role.to_owned(), rights, layers: speakers(subject, role), cut }
        }))
        .collect()
}

/// The layer of a deployment that takes a path from those above it (G2).
fn fixed_by(subject: &Subject<'_>, path: &str) -> Option<String> {
    let approved = subject.program.approved();
    let fixes = approved.narrowings().iter().find(|narrowing| {
        narrowing.is_fixed && subject.stack.layers().contains(&narrowing.layer) && narrowing.pattern.covers(path)
    })?;
    Some(approved.catalog().layer(fixes.layer).selector.to_string())
}

/// The rights that a role has by a rule, after its tier.
pub fn granted(
    policy: &Policy,
    rule: Option<&Rule>,
    role: &str,
    tier: Option<&str>,
    path: &str,
) -> (Vec<String>, Option<String>) {
    let rights: Vec<String> = rule
        .and_then(|rule| rule.allow.get(role))
        .map(|rights| rights.iter().map(|right| right.word().to_owned()).collect())
        .unwrap_or_default();
    let cut = tier.filter(|_| role == "partner" && !rights.is_empty());
    match cut.filter(|tier| policy.tier(tier).is_some_and(|cut| !cut.leaves(path))) {
        Some(tier) => (Vec::new(), Some(format!("the tier {tier} does not have it"))),
        None => (rights, None),
    }
}

/// The layers of a deployment that speak for a role, weak to strong.
fn speakers(subject: &Subject<'_>, role: &str) -> Vec<String> {
    let catalog = subject.program.catalog();
    let speaks = |&&id: &&LayerId| roles(subject.program, id).iter().any(|other| other == role);
    subject.stack.layers().iter().filter(speaks).map(|&id| catalog.layer(id).selector.to_string()).collect()
}

/// The roles a layer speaks for; the master speaks for HQ.
pub fn roles(program: &Program, id: LayerId) -> Vec<String> {
    let catalog = program.catalog();
    let selector = &catalog.layer(id).selector;
    if selector.is_master() {
        return vec![HQ.to_owned()];
    }
    let mut roles: Vec<String> = Vec::new();
    for role in program.approved().policy().roles_of(selector, &catalog.settings) {
        if !roles.iter().any(|known| known == role) {
            roles.push(role.to_owned());
        }
    }
    roles
}

/// How far the rights of a rule go, a phrase each.
pub fn limits(rule: &Rule) -> Vec<String> {
    let Limits { max_chars, links, must_keep, types, max_bytes, headings, html, pattern, one_of, ratio, .. } =
        &rule.limits;
    let mut limits = Vec::new();
    let shown = if rule.limits.on_rendered { " as shown" } else { "" };
    limits.extend(max_chars.map(|most| format!("at most {most} characters{shown}")));
    limits.extend(pattern.as_ref().map(|form| format!("of the form `{}`", form.text)));
    limits.extend(one_of.as_ref().map(|words| format!("one of {}", words.join(", "))));
    limits.extend(headings.as_ref().map(|levels| match levels.iter().map(u8::to_string).collect::<Vec<_>>() {
        levels if levels.is_empty() => "no headings".to_owned(),
        levels => format!("headings of level {}", levels.join(" or ")),
    }));
    limits.extend((!html).then(|| "no raw HTML".to_owned()));
    limits.extend(ratio.map(|(min, max)| format!("{min} to {max} times as wide as high")));
    limits.extend(links.as_ref().map(|links| match links.as_slice() {
        [] => "no links".to_owned(),
        links => format!("links only to {}", links.join(", ")),
    }));
    limits.extend(must_keep.iter().map(|text| format!("keep `{text}`")));
    limits.extend(types.as_ref().map(|types| format!("a file of the type {}", types.join(" or "))));
    limits.extend(max_bytes.map(|most| format!("at most {most} bytes")));
    limits.extend(rule.at.as_ref().map(|at| format!("only {}", position(at))));
    limits
}

fn position(place: &Position) -> String {
    match place {
        Position::First => "first".into(),
        Position::Last => "last".into(),
        Position::Before(anchor) => format!("before {}", anchor.value),
        Position::After(anchor) => format!("after {}", anchor.value),
    }
}

/// The narrowing layers that are in every deployment which a selector matches.
pub fn everywhere(program: &Program, selector: &Selector) -> Vec<LayerId> {
    let catalog = program.catalog();
    let mut narrowing: Vec<LayerId> = program.approved().narrowings().iter().map(|narrowing| narrowing.layer).collect();
    narrowing.dedup();
    if narrowing.is_empty() {
        return narrowing;
    }
    let bases = program.matrix().bases().iter();
    let all = bases.flat_map(|base| base.partners.iter().map(|&partner| base.with_partner(catalog, partner)));
    let reached: Vec<_> = all.filter(|values| selector.matches(values, &catalog.axes)).collect();
    let is_there = |id: &LayerId| {
        let matches = |values: &Vec<Option<usize>>| catalog.layer(*id).selector.matches(values, &catalog.axes);
        !reached.is_empty() && reached.iter().all(matches)
    };
    narrowing.retain(is_there);
    narrowing
}
