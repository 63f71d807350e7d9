//! Every layer that speaks of a path, whatever the deployment.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::Serialize;

use crate::build::{Program, languages};
use crate::catalog::LayerId;
use crate::catalog::locales::LocaleId;
use crate::catalog::patch::is_within;
use crate::matrix;
use crate::policy::pattern::Pattern;
use crate::resolve::{self, Resolver};

use super::permission::{self, RuleView};
use super::place::Place;
use super::statement::{Statement, statements};
use super::subject::{is_plumbing, normalized};
use super::{FORMAT, Unknown};

/// What `who-sets` answers.
#[derive(Clone, Debug, Serialize)]
pub struct Contributors {
    pub format: u32,
    pub path: String,
    /// How many deployments the workspace has.
    pub deployments: usize,
    pub paths: Vec<Contributed>,
}

/// One path with every layer that speaks of it.
#[derive(Clone, Debug, Serialize)]
pub struct Contributed {
    pub path: String,
    pub rule: Option<RuleView>,
    /// Weak to strong.
    pub layers: Vec<Contributor>,
}

/// One layer's word on a path.
#[derive(Clone, Debug, Serialize)]
pub struct Contributor {
    pub layer: String,
    pub roles: Vec<String>,
    pub operation: &'static str,
    /// The locale, of a translation.
    pub locale: Option<String>,
    pub text: String,
    #[serde(flatten)]
    pub place: Place,
    /// How many deployments the layer matches; of a translation, those of them that look for texts in its locale.
    pub reaches: usize,
    /// In how many of them no stronger layer has a word on the path; texts of other languages not counted.
    pub wins: usize,
}

/// Finds every layer that speaks of the paths that a pattern covers.
pub fn who_sets(program: &Program, path: &str) -> Result<Contributors, Unknown> {
    let path = normalized(path);
    let catalog = program.catalog();
    let mut layers: Vec<LayerId> = catalog.layer_ids().collect();
    catalog.layout.sort(&mut layers);
    let all = statements(catalog, &layers, None);
    let pattern = Pattern::new(path);
    let asked = |statement: &&Statement<'_>| {
        pattern.covers(&statement.path) && (statement.path == path || !is_plumbing(&statement.path))
    };
    let chosen: Vec<&Statement<'_>> = all.iter().filter(asked).collect();
    if chosen.is_empty() {
        let known: BTreeSet<&str> = all.iter().map(|statement| &*statement.path).collect();
        return Err(Unknown::new("path", path, known));
    }
    let reach = Reach::of(program);
    let mut paths: Vec<&str> = Vec::new();
    for statement in &chosen {
        if !paths.contains(&&*statement.path) {
            paths.push(&statement.path);
        }
    }
    let contributed = |path: &str| {
        let speaking: Vec<&Statement<'_>> = all
            .iter()
            .filter(|other| other.path == path || (other.is_whole() && is_within(path, &other.path)))
            .collect();
        Contributed {
            path: path.to_owned(),
            rule: permission::rule(program, path),
            layers: speaking.iter().map(|statement| contributor(program, statement, &speaking, &reach)).collect(),
        }
    };
    Ok(Contributors {
        format: FORMAT,
        path: path.to_owned(),
        deployments: program.matrix().len(),
        paths: paths.into_iter().map(contributed).collect(),
    })
}

fn contributor(
    program: &Program,
    statement: &Statement<'_>,
    speaking: &[&Statement<'_>],
    reach: &Reach,
) -> Contributor {
    let catalog = program.catalog();
    let layer = catalog.layer(statement.layer);
    let rivals = speaking.iter().filter(|other| {
        let same_text = other.translation == statement.translation && other.locale == statement.locale;
        let strength = resolve::strength(program.approved(), &statement.path, other.layer, statement.layer);
        let stronger = strength == Some(std::cmp::Ordering::Greater);
        stronger && (same_text || !statement.translation && !other.translation) && !other.is_position()
    });
    let rivals: BTreeSet<LayerId> = rivals.map(|other| other.layer).collect();
    let locale = statement.translation.then_some(statement.locale);
    Contributor {
        layer: layer.selector.to_string(),
        roles: permission::roles(program, statement.layer),
        operation: statement.said.operation(),
        locale: locale.map(|locale| catalog.locale(locale).tag.to_string()),
        text: statement.said.text(),
        place: Place::of(program.sources(), statement.span),
        reaches: reach.count(program, statement.layer, locale, &BTreeSet::new()),
        wins: reach.count(program, statement.layer, locale, &rivals),
    }
}

/// Every deployment.
struct Reach {
    deployments: Vec<Reached>,
}

struct Reached {
    /// Of each axis.
    values: Vec<Option<usize>>,
    /// Where its texts are looked for.
    locales: Arc<BTreeSet<LocaleId>>,
}

impl Reach {
    fn of(program: &Program) -> Self {
        let catalog = program.catalog();
        let resolver = Resolver::new(program.approved());
        let of_base = |base: &matrix::Base| {
            let own = languages(&resolver, catalog, base);
            let locales: BTreeSet<LocaleId> =
                own.into_iter().flat_map(|own| catalog.locale(own).chain.iter().copied()).collect();
            let locales = Arc::new(locales);
            let of = |&partner| Reached { values: base.with_partner(catalog, partner), locales: locales.clone() };
            base.partners.iter().map(of).collect::<Vec<_>>()
        };
        Self { deployments: program.matrix().bases().iter().flat_map(of_base).collect() }
    }

    /// How many deployments a layer's word reaches that none of the others match.
    fn count(&self, program: &Program, layer: LayerId, locale: Option<LocaleId>, others: &BTreeSet<LayerId>) -> usize {
        let catalog = program.catalog();
        let matches = |id: LayerId, values: &[Option<usize>]| catalog.layer(id).selector.matches(values, &catalog.axes);
        let counts = |reached: &&Reached| {
            locale.is_none_or(|locale| reached.locales.contains(&locale))
                && matches(layer, &reached.values)
                && !others.iter().any(|&other| matches(other, &reached.values))
        };
        self.deployments.iter().filter(counts).count()
    }
}
