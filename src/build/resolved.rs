//! A deployment as its layers say it: its trees, its plan, and what can be checked of them before a value is bound.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::catalog::locales::LocaleId;
use crate::deployment::Deployment;
use crate::diag::Diagnostics;
use crate::document::plan::Plan;
use crate::matrix::{self, Ordinal};
use crate::package::complete;
use crate::resolve::Stack;
use crate::resolve::tree::Tree;
use crate::stopwatch::Phase;
use crate::{schema, values};

use super::able::{able, with_sender};
use super::base::{self, BaseContext};
use super::lowering::lowered;
use super::once;
use super::{Options, checks, definitions, handing, law, leads, planning, slots};

/// The trees of a deployment, by locale.
pub type Trees = BTreeMap<LocaleId, Arc<Tree>>;

/// Every place has its winner, and what the schema and the journey's switch ask of trees alone is there.
pub struct Resolved<'a> {
    pub base: &'a BaseContext<'a>,
    pub stack: Stack,
    pub deployment: Deployment,
    /// Which of its partner's packages it is.
    pub ordinal: Ordinal,
    /// For how many of them something takes place once that does so for each value of some axes, whose names are joined.
    pub together: Vec<(String, usize)>,
    pub trees: Trees,
    /// That of the master's language, before anybody is asked who may have a lead.
    pub written: Arc<Tree>,
    /// The same as it is now.
    pub tree: Arc<Tree>,
    /// The base's, unless the partner changed what is rendered.
    pub plan: Arc<Plan>,
}

impl<'a> Resolved<'a> {
    /// `None` if what is wrong leaves nothing to bind, or a layer is broken.
    pub fn new(
        base: &'a BaseContext<'a>,
        values: &[Option<usize>],
        options: &Options,
        diagnostics: &mut Diagnostics,
    ) -> Option<Self> {
        let program = base.program;
        let catalog = program.catalog();
        let stack = Stack::matching(catalog, values);
        if stack.layers().iter().any(|&layer| program.approved().is_broken(layer)) {
            return None;
        }
        program.approved().check_narrowed(stack.layers(), diagnostics);
        let tags = base.locales.iter().map(|&id| catalog.locale(id).tag.clone()).collect();
        let deployment = matrix::deployment(catalog, values, tags);
        let ordinal = program.matrix().ordinal(catalog, values)?;
        let (trees, written) = options.stopwatch.time(Phase::Resolve, || trees(base, &stack, diagnostics))?;
        let tree = trees.get(&catalog.locales.source())?.clone();
        let together = once::together(program, values, &tree);
        let partner = tree.get("partner")?;
        let plan = planning::plan(base, &stack, &tree, diagnostics)?;
        let around = partner.origin().map(|origin| origin.span);
        complete::check(partner, &schema::records::schema("partner"), "partner", around, &|_| None, diagnostics);
        base::complete(&tree, &stack, catalog, diagnostics);
        checks::sender(&tree, diagnostics);
        checks::schedule(&tree, diagnostics);
        once::check(catalog, &tree, diagnostics);
        slots::check(program.approved(), &tree, trees.values(), diagnostics);
        (!diagnostics.has_errors()).then_some(Self {
            base,
            stack,
            deployment,
            ordinal,
            together,
            trees,
            written,
            tree,
            plan,
        })
    }
}

/// The trees, and that of the master's language before anybody is asked who may have a lead.
fn trees(base: &BaseContext<'_>, stack: &Stack, diagnostics: &mut Diagnostics) -> Option<(Trees, Arc<Tree>)> {
    let catalog = base.program.catalog();
    let chains = base.locales.iter().flat_map(|&locale| catalog.locale(locale).chain.iter().copied());
    let (mut trees, mut written) = (Trees::new(), Arc::default());
    for locale in chains.chain([catalog.locales.source()]).collect::<BTreeSet<_>>() {
        let localized = base.localized(locale)?;
        let below = Some((&base.stack, &localized.resolution));
        let resolution = base.resolver.resolve(stack, locale, below, diagnostics);
        diagnostics.extend(resolution.errors());
        definitions::check(&resolution.tree, diagnostics);
        let tree = lowered(&resolution.tree);
        values::cycles(&tree, Some(&localized.resolution.tree), diagnostics);
        // A row that can never fit is the cause, where none does.
        let unknown = leads::unknown_conditions(base.program, &tree);
        if !unknown.is_empty() {
            diagnostics.extend(unknown);
            return None;
        }
        if locale == catalog.locales.source() {
            written = tree.clone();
        }
        let handed = leads::with_leads(&law::of_country(&tree))
            .and_then(|tree| handing::handed(&leads::with_items(&with_sender(&tree))))
            .and_then(|tree| able(&tree));
        let handed = handed.map(|tree| handing::handed_alone(&tree));
        trees.insert(locale, handed.map_err(|error| diagnostics.push(error)).ok()?);
    }
    // Whoever fills them would go in circles.
    (!diagnostics.has_errors()).then_some((trees, written))
}
