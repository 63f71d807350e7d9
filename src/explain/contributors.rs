//! Every layer that speaks of a path, whatever the deployment.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use serde::Serialize;

use crate::build::{Program, languages};
use crate::catalog::LayerId;
use crate::catalog::locales::LocaleId;
use crate::catalog::patch::is_within;
use crate::matrix;
use crate::policy::pattern::Pattern;
use crate::resolve::tree::Tree;
use crate::resolve::{self, Resolver, Stack};

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
    /// In how many of them it has the last word: of a translation, in one of their languages; of anything else, no stronger
    /// layer has a word on the path, translations not counted.
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
    let reach = Reach::new(program);
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
        let mut said = Said { reach: &reach, path, speaking: &speaking, shown: HashMap::new() };
        Contributed {
            path: path.to_owned(),
            rule: permission::rule(program, path),
            layers: speaking.iter().map(|statement| said.contributor(statement)).collect(),
        }
    };
    Ok(Contributors {
        format: FORMAT,
        path: path.to_owned(),
        deployments: program.matrix().len(),
        paths: paths.into_iter().map(contributed).collect(),
    })
}

/// A layer's text of a locale.
type Text = (LayerId, LocaleId);

/// What is said of one path.
struct Said<'s, 'p> {
    reach: &'s Reach<'p>,
    path: &'s str,
    speaking: &'s [&'s Statement<'s>],
    /// Whose text is shown in a locale, by which of those who speak of it are heard.
    shown: HashMap<(Vec<bool>, LocaleId), Option<Text>>,
}

impl Said<'_, '_> {
    fn contributor(&mut self, statement: &Statement<'_>) -> Contributor {
        let (program, layer) = (self.reach.program, statement.layer);
        let catalog = program.catalog();
        let locale = statement.translation.then_some(statement.locale);
        let reached = self.reach.of(layer, locale);
        Contributor {
            layer: catalog.layer(layer).selector.to_string(),
            roles: permission::roles(program, layer),
            operation: statement.said.operation(),
            locale: locale.map(|locale| catalog.locale(locale).tag.to_string()),
            text: statement.said.text(),
            place: Place::of(program.sources(), statement.span),
            reaches: reached.len(),
            wins: match locale {
                Some(locale) => reached.iter().filter(|reached| self.is_shown(reached, layer, locale)).count(),
                None => self.unrivalled(statement, &reached),
            },
        }
    }

    /// In how many deployments no stronger layer says anything of the value itself.
    fn unrivalled(&self, statement: &Statement<'_>, reached: &[&Reached]) -> usize {
        let program = self.reach.program;
        let rivals = self.speaking.iter().filter(|other| {
            let strength = resolve::strength(program.approved(), &statement.path, other.layer, statement.layer);
            strength == Some(std::cmp::Ordering::Greater) && !other.translation && !other.is_position()
        });
        let rivals: BTreeSet<LayerId> = rivals.map(|other| other.layer).collect();
        reached.iter().filter(|reached| !rivals.iter().any(|&other| self.reach.hears(reached, other))).count()
    }

    /// Whether a layer's text of a locale is shown in one of the languages of a deployment.
    fn is_shown(&mut self, reached: &Reached, layer: LayerId, of: LocaleId) -> bool {
        let locales = &self.reach.program.catalog().locales;
        let reading = reached.locales.iter().filter(|&&own| locales.get(own).chain.contains(&of));
        reading.copied().collect::<Vec<_>>().into_iter().any(|own| self.shown(reached, own) == Some((layer, of)))
    }

    fn shown(&mut self, reached: &Reached, locale: LocaleId) -> Option<Text> {
        let reach = self.reach;
        let heard = self.speaking.iter().map(|other| reach.hears(reached, other.layer)).collect();
        let path = self.path;
        *self.shown.entry((heard, locale)).or_insert_with(|| {
            let stack = Stack::matching(reach.program.catalog(), &reached.values);
            let tree = reach.resolver.resolve_only(path, &stack, locale);
            tree.place(path).and_then(Tree::origin).map(|origin| (origin.layer, origin.locale))
        })
    }
}

/// Every deployment.
struct Reach<'p> {
    program: &'p Program,
    resolver: Resolver<'p>,
    deployments: Vec<Reached>,
}

struct Reached {
    /// Of each axis.
    values: Vec<Option<usize>>,
    /// Its languages.
    locales: Arc<[LocaleId]>,
}

impl<'p> Reach<'p> {
    fn new(program: &'p Program) -> Self {
        let catalog = program.catalog();
        let resolver = Resolver::new(program.approved());
        let of_base = |base: &matrix::Base| {
            let locales: Arc<[LocaleId]> = languages(&resolver, catalog, base).into();
            let of = |&partner| Reached { values: base.with_partner(catalog, partner), locales: locales.clone() };
            base.partners.iter().map(of).collect::<Vec<_>>()
        };
        let deployments = program.matrix().bases().iter().flat_map(of_base).collect();
        Self { program, resolver, deployments }
    }

    fn hears(&self, reached: &Reached, layer: LayerId) -> bool {
        let catalog = self.program.catalog();
        catalog.layer(layer).selector.matches(&reached.values, &catalog.axes)
    }

    /// The deployments that a layer's word reaches: all that it matches, or of a translation those that look for texts in its
    /// locale.
    fn of(&self, layer: LayerId, locale: Option<LocaleId>) -> Vec<&Reached> {
        let locales = &self.program.catalog().locales;
        let reads = |reached: &Reached| {
            locale.is_none_or(|of| reached.locales.iter().any(|&own| locales.get(own).chain.contains(&of)))
        };
        self.deployments.iter().filter(|reached| reads(reached) && self.hears(reached, layer)).collect()
    }
}
