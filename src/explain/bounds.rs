//! What bounds or widens a right beside its rule: narrowings (G2), groups (G7) and waivers (G8).

use serde::Serialize;

use crate::build::Program;
use crate::catalog::LayerId;
use crate::policy::narrowing::Narrowing;
use crate::policy::pattern::Pattern;
use crate::policy::rules::Group;
use crate::policy::waivers::Waiver;

use super::permission::phrases;
use super::place::Place;

/// What a weaker layer takes away.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Narrowed {
    pub pattern: String,
    /// Who narrows.
    pub layer: String,
    pub fixed: bool,
    pub limits: Vec<String>,
    pub reason: Option<String>,
    #[serde(flatten)]
    pub place: Place,
}

/// Places that are overridden together or not at all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Together {
    pub members: Vec<String>,
    pub reason: Option<String>,
    #[serde(flatten)]
    pub place: Place,
}

/// An exception, until a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Waived {
    pub pattern: String,
    pub layer: String,
    pub reason: String,
    pub approver: String,
    /// The last day it holds.
    pub expires: String,
    pub ended: bool,
    #[serde(flatten)]
    pub place: Place,
}

/// Everything that bounds a place.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Bounds {
    pub narrowed: Vec<Narrowed>,
    pub groups: Vec<Together>,
    pub waivers: Vec<Waived>,
}

/// What the layers of a deployment say of a path, and what holds for them.
pub fn of_path(program: &Program, layers: &[LayerId], path: &str) -> Bounds {
    bounds(program, layers, |pattern| pattern.covers(path))
}

/// What touches the paths of a pattern.
pub fn of_pattern(program: &Program, layers: &[LayerId], pattern: &Pattern) -> Bounds {
    bounds(program, layers, |other| {
        other.text() == pattern.text() || other.covers(pattern.text()) || pattern.covers(other.text())
    })
}

fn bounds(program: &Program, layers: &[LayerId], touches: impl Fn(&Pattern) -> bool) -> Bounds {
    let (approved, catalog) = (program.approved(), program.catalog());
    let policy = approved.policy();
    let is_granted = |waiver: &&Waiver| layers.iter().any(|&id| waiver.is_of(catalog.layer(id)));
    let narrowings = approved.narrowings().iter().filter(|narrowing| layers.contains(&narrowing.layer));
    let groups = policy.groups().iter().filter(|group| group.members.iter().any(&touches));
    let waivers = policy.waivers().iter().filter(|waiver| touches(&waiver.path)).filter(is_granted);
    Bounds {
        narrowed: narrowings.filter(|one| touches(&one.pattern)).map(|one| narrowed(program, one)).collect(),
        groups: groups.map(|group| together(program, group)).collect(),
        waivers: waivers.map(|waiver| waived(program, waiver)).collect(),
    }
}

fn narrowed(program: &Program, narrowing: &Narrowing) -> Narrowed {
    Narrowed {
        pattern: narrowing.pattern.text().to_owned(),
        layer: program.catalog().layer(narrowing.layer).selector.to_string(),
        fixed: narrowing.is_fixed,
        limits: phrases(&narrowing.limits),
        reason: narrowing.reason.as_deref().map(str::to_owned),
        place: Place::of(program.sources(), narrowing.span),
    }
}

fn together(program: &Program, group: &Group) -> Together {
    Together {
        members: group.members.iter().map(|member| member.text().to_owned()).collect(),
        reason: group.reason.as_deref().map(str::to_owned),
        place: Place::of(program.sources(), group.span),
    }
}

fn waived(program: &Program, waiver: &Waiver) -> Waived {
    Waived {
        pattern: waiver.path.text().to_owned(),
        layer: waiver.layer.to_string(),
        reason: waiver.reason.to_string(),
        approver: waiver.approver.to_string(),
        expires: waiver.expires.to_string(),
        ended: program.approved().policy().today() > waiver.expires,
        place: Place::of(program.sources(), waiver.span),
    }
}

impl Bounds {
    /// A line for each, as people read it.
    pub fn lines(&self) -> Vec<String> {
        let because = |reason: &Option<String>| reason.as_ref().map(|why| format!(" ({why})")).unwrap_or_default();
        let mut lines: Vec<String> = Vec::new();
        lines.extend(self.narrowed.iter().map(|one| {
            let what = if one.fixed { "fixed".to_owned() } else { one.limits.join("; ") };
            format!("in deployments of {}: {what}{}", one.layer, because(&one.reason))
        }));
        lines.extend(
            self.groups
                .iter()
                .map(|group| format!("together or not at all: {}{}", group.members.join(", "), because(&group.reason))),
        );
        lines.extend(self.waivers.iter().map(|waiver| {
            let until = if waiver.ended { "ended on" } else { "until" };
            let Waived { pattern, layer, expires, approver, reason, .. } = waiver;
            format!("waived for {layer}: {pattern}, {until} {expires}, by {approver} ({reason})")
        }));
        lines
    }
}
