//! What the deployments of one base share.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use crate::catalog::locales::LocaleId;
use crate::catalog::{Catalog, LayerId};
use crate::data::DataMap;
use crate::diag::Diagnostics;
use crate::digest::Digest;
use crate::document::page;
use crate::document::plan::Plan;
use crate::matrix::Base;
use crate::package::complete;
use crate::resolve::tree::Tree;
use crate::resolve::{Resolution, Resolver, Stack};
use crate::schema::{self, Shape};
use crate::template::forms::Forms;
use crate::values::{self, Shared};

use super::lowering::lowered;
use super::mender::removal;
use super::{Options, Program, Sharing, facts};

/// A base, resolved in every locale its deployments need.
pub struct BaseContext<'a> {
    pub program: &'a Program,
    pub resolver: &'a Resolver<'a>,
    pub stack: Stack,
    /// The locales of the deployments; the first is the default.
    pub locales: Vec<LocaleId>,
    pub plan: Arc<Plan>,
    /// `package` and `policy`.
    pub facts: DataMap,
    /// Of each of these.
    pub fact_digests: BTreeMap<Arc<str>, Digest>,
    /// `None` where a form would not pay, or is not wanted.
    pub forms: Option<Forms>,
    /// Whether there was nothing to say of it.
    pub quiet: bool,
    by_locale: BTreeMap<LocaleId, Localized>,
}

/// Making a form costs some three renderings, and partners with overlays of their own need forms of their own: with
/// fewer deployments that is not earned back (the workload `wide` of the benchmark).
const FEW: usize = 24;

fn pays(sharing: Sharing, deployments: usize) -> bool {
    match sharing {
        Sharing::WherePaid => deployments >= FEW,
        Sharing::Always => true,
        Sharing::Never => false,
    }
}

/// The base in one locale.
pub struct Localized {
    pub resolution: Resolution,
    pub shared: Shared,
}

impl<'a> BaseContext<'a> {
    /// Resolves and plans a base. `None` if a layer of it is broken: then no deployment of it is built.
    pub fn new(
        program: &'a Program,
        resolver: &'a Resolver<'a>,
        base: &Base,
        options: &Options,
        diagnostics: &mut Diagnostics,
    ) -> Option<Self> {
        let approved = program.approved();
        let catalog = program.catalog();
        let stack = Stack::matching(catalog, &base.values);
        if stack.layers().iter().any(|&layer| approved.is_broken(layer)) {
            return None;
        }
        let source = catalog.locales.source();
        let resolution = resolved(resolver, &stack, source, diagnostics);
        let tree = resolution.tree.clone();
        check_base(&tree, base, &stack, program, diagnostics);
        diagnostics.extend(facts::unknown_locales(&tree, &catalog.locales));
        let locales = facts::locales(&tree, &catalog.locales);
        let tier = catalog.settings.axis_named("tier").and_then(|axis| Some((axis, base.values[axis.0]?)));
        let tier = tier.map(|(axis, value)| &*catalog.axes[axis.0].at(value).id);
        let facts = facts::of_base(&tree, approved.policy(), tier);
        // Of `package` a partner may say something else.
        let shared = facts.iter().filter(|(name, _)| &***name != "package");
        let fact_digests = shared.map(|(name, fact)| (name.clone(), Digest::of_value(fact))).collect();
        let removed = |path: &str| removal(catalog, &stack, path);
        let plan = Plan::new(&tree, &catalog.locales, &locales, program.engine(), &removed, diagnostics);
        let plan = Arc::new(plan);
        let forms = pays(options.sharing, base.partners.len()).then(Forms::default);
        let by_locale = BTreeMap::new();
        let mut context =
            Self { program, resolver, stack, locales, plan, facts, fact_digests, forms, quiet: true, by_locale };
        context.localize(source, Some(resolution), diagnostics);
        for locale in context.needed() {
            context.localize(locale, None, diagnostics);
        }
        Some(context)
    }

    /// Every locale of a chain, since a page may fall back along it.
    fn needed(&self) -> Vec<LocaleId> {
        let locales = &self.program.catalog().locales;
        self.locales.iter().flat_map(|&locale| locales.get(locale).chain.iter().copied()).collect()
    }

    fn localize(&mut self, locale: LocaleId, resolution: Option<Resolution>, diagnostics: &mut Diagnostics) {
        if self.by_locale.contains_key(&locale) {
            return;
        }
        let resolution = resolution.unwrap_or_else(|| resolved(self.resolver, &self.stack, locale, diagnostics));
        let tag = &self.program.catalog().locale(locale).tag;
        let mut shared = Shared::of(&resolution.tree, &self.facts, tag);
        if self.forms.is_some() {
            shared.note_addresses();
            page::share(&mut shared, &self.plan.contents(), tag);
        }
        self.by_locale.insert(locale, Localized { resolution, shared });
    }

    /// The base in a locale; every locale of the chains is there.
    pub fn localized(&self, locale: LocaleId) -> Option<&Localized> {
        self.by_locale.get(&locale)
    }
}

/// What its layers come to in a locale, without what cannot happen here.
fn resolved(resolver: &Resolver<'_>, stack: &Stack, locale: LocaleId, diagnostics: &mut Diagnostics) -> Resolution {
    let resolution = resolver.resolve(stack, locale, None, diagnostics);
    Resolution { tree: lowered(&resolution.tree), ..resolution }
}

/// All that a package's root has.
static ROOT: LazyLock<Shape> = LazyLock::new(|| {
    Shape::Map(schema::package::schema().fields().iter().chain(schema::documents()).cloned().collect())
});

/// Notes what the package lacks, records aside; of nodes that a base has already it is known.
pub fn complete(tree: &Tree, stack: &Stack, catalog: &Catalog, diagnostics: &mut Diagnostics) {
    let master = catalog.layer(LayerId::MASTER).patch.span;
    complete::check(tree, &ROOT, "", Some(master), &|path| removal(catalog, stack, path), diagnostics);
}

/// What no deployment can mend: missing keys, and variables that need themselves.
fn check_base(tree: &Tree, base: &Base, stack: &Stack, program: &Program, diagnostics: &mut Diagnostics) {
    let catalog = program.catalog();
    let master = catalog.layer(LayerId::MASTER).patch.span;
    let removal = |path: &str| removal(catalog, stack, path);
    complete(tree, stack, catalog, diagnostics);
    for (index, axis) in catalog.settings.axes.iter().enumerate() {
        if let (Some(_), Some(record)) = (base.values[index], tree.get(&axis.name)) {
            complete::check(
                record,
                &schema::records::schema(&axis.name),
                &axis.name,
                Some(master),
                &removal,
                diagnostics,
            );
        }
    }
    values::cycles(tree, None, diagnostics);
}
