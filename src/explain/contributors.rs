//! Every layer that speaks of a path, whatever the deployment.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::Serialize;

use crate::build::{self, Program, languages};
use crate::catalog::LayerId;
use crate::catalog::locales::LocaleId;
use crate::catalog::patch::is_within;
use crate::matrix;
use crate::policy::pattern::Pattern;
use crate::resolve::Stack;

use super::fallback::Fallback;
use super::permission::{self, RuleView};
use super::place::Place;
use super::statement::{Said, Statement, statements};
use super::subject::{is_plumbing, normalized};
use super::verdict::{Speaking, Verdicts, Where};
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
    /// Pages and emails that show another language than what wins in theirs, since they fell back whole.
    pub fallbacks: Vec<Fallen>,
}

/// A page or an email that fell back, alike in some deployments.
#[derive(Clone, Debug, Serialize)]
pub struct Fallen {
    #[serde(flatten)]
    pub fallback: Fallback,
    pub deployments: usize,
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
    /// In how many of them it holds, in one of their languages.
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
        let is_of_path = !matches!(statement.said, Said::Nested);
        is_of_path && pattern.covers(&statement.path) && (statement.path == path || !is_plumbing(&statement.path))
    };
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let first: Vec<&Statement<'_>> = all.iter().filter(asked).filter(|said| seen.insert(&said.path)).collect();
    if first.is_empty() {
        let known: BTreeSet<&str> = all.iter().map(|statement| &*statement.path).collect();
        return Err(Unknown::new("path", path, known));
    }
    let said = AllSaid::new(&all);
    let reach = Reach::new(program);
    let contributed = |first: &Statement<'_>| {
        let path = &*first.path;
        let speaking = Speaking { about: said.of(path), inside: said.inside(path) };
        let shown = Where::of(path, &first.steps, &said.choices);
        Contributed {
            path: path.to_owned(),
            rule: permission::rule(program, path),
            layers: reach.counted(&speaking, &shown),
            fallbacks: if speaking.about.iter().any(|said| said.is_text()) { reach.fallen(path) } else { Vec::new() },
        }
    };
    Ok(Contributors {
        format: FORMAT,
        path: path.to_owned(),
        deployments: program.matrix().len(),
        paths: first.into_iter().map(contributed).collect(),
    })
}

/// Everything that is said, to be found by its path.
struct AllSaid<'s> {
    all: &'s [Statement<'s>],
    by_path: BTreeMap<&'s str, Vec<usize>>,
    wholes: Vec<usize>,
    /// What shows another block in place of its own.
    choices: Vec<&'s Statement<'s>>,
}

impl<'s> AllSaid<'s> {
    fn new(all: &'s [Statement<'s>]) -> Self {
        let mut by_path: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (index, statement) in all.iter().enumerate() {
            by_path.entry(&statement.path).or_default().push(index);
        }
        let wholes = (0..all.len()).filter(|&index| all[index].is_whole()).collect();
        let choices = all.iter().filter(|statement| matches!(statement.said, Said::Choose(_))).collect();
        Self { all, by_path, wholes, choices }
    }

    /// What is said of a path, there and by operations above it, weak to strong.
    fn of(&self, path: &str) -> Vec<&'s Statement<'s>> {
        let here = self.by_path.get(path).into_iter().flatten().copied();
        let here = here.filter(|&index| !matches!(self.all[index].said, Said::Nested));
        let around = self.wholes.iter().copied().filter(|&index| self.all[index].covers(path));
        let found: BTreeSet<usize> = here.chain(around).collect();
        found.into_iter().map(|index| &self.all[index]).collect()
    }

    /// What is said at a path and below it.
    fn inside(&self, path: &'s str) -> Vec<&'s Statement<'s>> {
        let from = self.by_path.range(path..).take_while(|(other, _)| other.starts_with(path));
        let inside = from.filter(|(other, _)| is_within(other, path));
        inside.flat_map(|(_, found)| found).map(|&index| &self.all[index]).collect()
    }
}

/// Every deployment.
struct Reach<'p> {
    program: &'p Program,
    deployments: Vec<(Stack, Arc<[LocaleId]>)>,
    verdicts: Verdicts<'p>,
    /// What fell back, looked for when the first text is asked about.
    fallen: OnceCell<Vec<build::Fallen>>,
}

/// How many deployments have the same layers speak of a path, in the same languages.
type Alike = BTreeMap<(Vec<LayerId>, Arc<[LocaleId]>), usize>;

impl<'p> Reach<'p> {
    fn new(program: &'p Program) -> Self {
        let catalog = program.catalog();
        let verdicts = Verdicts::new(program);
        let of_base = |base: &matrix::Base| {
            let locales: Arc<[LocaleId]> = languages(verdicts.resolver(), catalog, base).into();
            let stack = |&partner| Stack::matching(catalog, &base.with_partner(catalog, partner));
            base.partners.iter().map(|partner| (stack(partner), locales.clone())).collect::<Vec<_>>()
        };
        let deployments = program.matrix().bases().iter().flat_map(of_base).collect();
        Self { program, deployments, verdicts, fallen: OnceCell::new() }
    }

    /// What shows a path and fell back, and in how many deployments.
    fn fallen(&self, path: &str) -> Vec<Fallen> {
        let all = self.fallen.get_or_init(|| build::all_fallen(self.program, self.verdicts.resolver()));
        let mut found: Vec<Fallen> = Vec::new();
        for fallback in all.iter().filter(|fallen| fallen.shows(path)) {
            let fallback = Fallback::of(self.program, fallback);
            match found.iter_mut().find(|known| known.fallback == fallback) {
                Some(known) => known.deployments += 1,
                None => found.push(Fallen { fallback, deployments: 1 }),
            }
        }
        found
    }

    /// What is said of a path, with what comes of it in all deployments.
    fn counted(&self, speaking: &Speaking<'_>, shown: &[Where]) -> Vec<Contributor> {
        let about = &speaking.about;
        let mut counts = vec![(0, 0); about.len()];
        for ((layers, locales), deployments) in self.alike(shown) {
            let stack = Stack::of(layers);
            let mut wins = vec![false; about.len()];
            for &locale in locales.iter() {
                let verdict = self.verdicts.of(&stack, locale, shown);
                for (wins, statement) in wins.iter_mut().zip(about) {
                    *wins = *wins || verdict.holds(statement, speaking);
                }
            }
            for ((statement, (reaches, won)), wins) in about.iter().zip(&mut counts).zip(wins) {
                *reaches += if self.is_heard(statement, &stack, &locales) { deployments } else { 0 };
                *won += if wins { deployments } else { 0 };
            }
        }
        let contributor = |(statement, (reaches, wins))| self.contributor(statement, reaches, wins);
        about.iter().copied().zip(counts).map(contributor).collect()
    }

    /// Deployments by what they hear of some places: whatever else their layers say makes no difference there.
    fn alike(&self, shown: &[Where]) -> Alike {
        let catalog = self.program.catalog();
        let speaks: Vec<bool> =
            catalog.layer_ids().map(|id| shown.iter().any(|shown| shown.is_spoken_of(catalog.layer(id)))).collect();
        let mut alike = Alike::new();
        for (stack, locales) in &self.deployments {
            let heard = stack.layers().iter().copied().filter(|layer| speaks[layer.0 as usize]).collect();
            *alike.entry((heard, locales.clone())).or_default() += 1;
        }
        alike
    }

    /// Whether a deployment hears a statement: of a translation, if it looks for texts in its locale.
    fn is_heard(&self, statement: &Statement<'_>, stack: &Stack, own: &[LocaleId]) -> bool {
        let locales = &self.program.catalog().locales;
        let is_read = || own.iter().any(|&own| locales.get(own).chain.contains(&statement.locale));
        stack.layers().contains(&statement.layer) && (!statement.translation || is_read())
    }

    fn contributor(&self, statement: &Statement<'_>, reaches: usize, wins: usize) -> Contributor {
        let catalog = self.program.catalog();
        Contributor {
            layer: catalog.layer(statement.layer).selector.to_string(),
            roles: permission::roles(self.program, statement.layer),
            operation: statement.said.operation(),
            locale: statement.translation.then(|| catalog.locale(statement.locale).tag.to_string()),
            text: statement.said.text(),
            place: Place::of(self.program.sources(), statement.span),
            reaches,
            wins,
        }
    }
}
