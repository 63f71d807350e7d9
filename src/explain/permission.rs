//! The rule for a path, its limits, and what each role may do.

use serde::Serialize;

use crate::build::Program;
use crate::catalog::LayerId;
use crate::catalog::selector::{Binding, Selector};
use crate::catalog::settings::AxisId;
use crate::guard::{Refusal, Speaker};
use crate::policy::HQ;
use crate::policy::limits::Limits;
use crate::policy::rules::Rule;
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
    /// G6: the blocks that may be chosen in its place.
    pub variants: Vec<String>,
    /// G9: the last day on which breaking the rule is a warning.
    pub grace: Option<String>,
    /// G13: whether one of the roles that may set it has to.
    pub required: bool,
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
    Some(view(program, rule))
}

/// A rule as it is shown.
pub fn view(program: &Program, rule: &Rule) -> RuleView {
    RuleView {
        pattern: rule.pattern.text().to_owned(),
        fixed: rule.allow.is_empty(),
        reason: rule.reason.as_deref().map(str::to_owned),
        limits: limits(rule),
        variants: rule.variants.iter().map(|variant| variant.value.to_string()).collect(),
        grace: rule.grace.map(|day| day.to_string()),
        required: rule.is_slot,
        place: Place::of(program.sources(), rule.span),
    }
}

/// What each role may do with a path in a deployment.
pub fn permissions(subject: &Subject<'_>, path: &str) -> Vec<Permission> {
    let policy = subject.program.approved().policy();
    let path = governed(path);
    let hq = Permission { role: HQ.into(), rights: vec!["any".into()], layers: speakers(subject, HQ), cut: None };
    let roles = policy.role_names().filter(|&role| role != HQ);
    std::iter::once(hq)
        .chain(roles.map(|role| {
            let speaker = speaker(subject, role);
            let rights: Vec<String> = speaker.rights(path).into_iter().map(str::to_owned).collect();
            let cut = if rights.is_empty() { why_not(subject, &speaker, role, path) } else { None };
            Permission { role: role.to_owned(), rights, layers: speakers(subject, role), cut }
        }))
        .collect()
}

/// Whoever speaks for a role in a deployment.
pub fn speaker<'a>(subject: &'a Subject<'_>, role: &str) -> Speaker<'a> {
    let (approved, catalog) = (subject.program.approved(), subject.program.catalog());
    let policy = approved.policy();
    let binding = |axis: AxisId| {
        let value = subject.values[axis.0].filter(|_| policy.role_of(axis) == role)?;
        let (name, id) = (catalog.settings.axis(axis).name.clone(), catalog.axes[axis.0].at(value).id.clone());
        Some(Binding { axis, name, value, id })
    };
    let bound: Vec<Binding> = catalog.settings.axis_ids().filter_map(binding).collect();
    let selector = Selector::new(bound, &catalog.settings, &catalog.axes);
    Speaker::of_role(approved, role, selector).beside(approved, subject.stack.layers())
}

/// What takes away the rights that the rule gives a role.
fn why_not(subject: &Subject<'_>, speaker: &Speaker<'_>, role: &str, path: &str) -> Option<String> {
    let rights = speaker.rule(path)?.allow.get(role)?;
    match speaker.refusal(path, *rights.first()?)? {
        Refusal::Tier { tier, .. } => Some(format!("the tier {tier} does not have it")),
        Refusal::Inside { below, .. } => Some(format!("it would take `{below}` along")),
        Refusal::Narrowed(narrowing) => {
            Some(format!("{} fixes it", subject.program.catalog().layer(narrowing.layer).selector))
        }
        Refusal::Locked { .. } | Refusal::Ambiguous(..) => None,
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
    let mut limits = phrases(&rule.limits);
    limits.extend(rule.at.as_ref().map(|at| format!("only {}", position(at))));
    limits
}

/// Limits, a phrase each.
pub fn phrases(of: &Limits) -> Vec<String> {
    let Limits {
        max_chars, links, must_keep, types, max_bytes, headings, html, pattern, one_of, no_longer, ratio, ..
    } = of;
    let mut limits = Vec::new();
    let shown = if of.on_rendered { " as shown" } else { "" };
    limits.extend(max_chars.map(|most| format!("at most {most} characters{shown}")));
    limits.extend(pattern.as_ref().map(|form| format!("of the form `{}`", form.text)));
    limits.extend(one_of.as_ref().map(|words| format!("one of {}", words.join(", "))));
    limits.extend(no_longer.then(|| "no longer than it is".to_owned()));
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
    narrowing(program, selector, |reached, is_there| !reached.is_empty() && reached.iter().all(is_there))
}

/// A selector's own layers, and the narrowing ones that are in any deployment which it matches.
pub fn anywhere(program: &Program, selector: &Selector) -> Vec<LayerId> {
    let own = program.catalog().layer_ids().filter(|&id| program.catalog().layer(id).selector == *selector);
    own.chain(narrowing(program, selector, |reached, is_there| reached.iter().any(is_there))).collect()
}

type Values = Vec<Option<usize>>;

fn narrowing(
    program: &Program,
    selector: &Selector,
    counts: impl Fn(&[Values], &dyn Fn(&Values) -> bool) -> bool,
) -> Vec<LayerId> {
    let catalog = program.catalog();
    let mut narrowing: Vec<LayerId> = program.approved().narrowings().iter().map(|narrowing| narrowing.layer).collect();
    narrowing.dedup();
    if narrowing.is_empty() {
        return narrowing;
    }
    let reached: Vec<Values> = program.matrix().matching(catalog, &[selector]).collect();
    narrowing.retain(|&id| {
        let is_there = |values: &Values| catalog.layer(id).selector.matches(values, &catalog.axes);
        counts(&reached, &is_there)
    });
    narrowing
}
