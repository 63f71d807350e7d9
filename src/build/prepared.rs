//! A deployment before anything is rendered: its trees, values, links, assets and models.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::analytics::Analytics;
use crate::artifact::{Order, Planned};
use crate::capture::Capture;
use crate::catalog::locales::{Locale, LocaleId};
use crate::components::readers::Readers;
use crate::components::{ComponentKind, Input, Task};
use crate::data::{Data, DataMap};
use crate::deployment::Deployment;
use crate::diag::Diagnostics;
use crate::document::assets::Assets;
use crate::document::bound::Bound;
use crate::document::plan::Plan;
use crate::journey::Path;
use crate::links::{LinkRow, Links};
use crate::package::journey::Journey;
use crate::package::{Package, looked_at};
use crate::paths::OutputPath;
use crate::resolve::Stack;
use crate::resolve::tree::Tree;
use crate::stopwatch::Stopwatch;
use crate::template::Engine;
use crate::template::forms::Forms;
use crate::times::Times;
use crate::values::Values;

use super::around::Site;
use super::base::BaseContext;
use super::bound::{self, Printed};
use super::checks::note_types;
use super::computed::Computed;
use super::gone::{self, Gone};
use super::languages::{self, Languages};
use super::mender::Mender;
use super::readers::{self, Readings};
use super::resolved::{Resolved, Trees};
use super::tellings::{self, Tellings};
use super::{Options, Program, able, filled, journey, leads, measuring, named, planning, rendered};

/// A deployment that has all it needs: every value is bound, every link known, every model read.
pub struct Prepared<'a> {
    pub program: &'a Program,
    pub base: &'a BaseContext<'a>,
    /// The base's, unless the partner changed what is rendered.
    pub plan: Arc<Plan>,
    pub deployment: Deployment,
    stack: Stack,
    by_locale: BTreeMap<LocaleId, Localized<'a>>,
    /// Computed roots of the template context.
    pub extras: Arc<DataMap>,
    pub package: Package,
    /// What its journey comes to; `None` where it has none.
    pub path: Option<Path>,
    /// How its forms are posted; `None` where nothing says who keeps the leads.
    pub capture: Option<Capture>,
    /// What counts on its pages.
    pub analytics: Analytics,
    /// By when what its journey owes is due.
    pub times: Option<Times>,
    /// What components see, in the master's language.
    pub data: DataMap,
    languages: Languages,
    /// The languages that the partner's people read.
    pub readers: Readers,
    /// The languages besides the master's in which the lead's path is told.
    pub told_in: Vec<LocaleId>,
    pub links: Arc<Links>,
    /// A row for each declared placement, in order.
    pub placements: Vec<LinkRow>,
    /// The run's.
    pub stopwatch: Stopwatch,
    pub assets: Arc<Assets>,
    /// Where words lead that are bound to nodes of the path.
    pub bound: Arc<Bound>,
    /// What of the path is not here, and why.
    pub gone: Vec<Gone>,
    /// Every file that is going to be made, in the order of their paths.
    pub planned: Vec<Planned>,
    /// What makes the data files of each component.
    pub tasks: [(ComponentKind, Vec<Task>); ComponentKind::ALL.len()],
    /// Layer files that the partner's record comes from.
    pub record_sources: Vec<Arc<str>>,
}

/// One locale of a deployment.
pub struct Localized<'a> {
    pub tree: Arc<Tree>,
    pub values: Values<'a>,
    pub root: Arc<DataMap>,
}

/// What a rendering shows: the values of one locale, plain or with signs, and the engine that reads them.
pub struct Shown<'s> {
    pub locale: LocaleId,
    pub tree: &'s Arc<Tree>,
    pub values: &'s Values<'s>,
    pub root: &'s Arc<DataMap>,
    pub engine: &'s dyn Engine,
    /// `None` where each page is rendered.
    pub forms: Option<&'s Forms>,
}

impl<'a> Prepared<'a> {
    /// Every problem is noted; `None` if one of them leaves nothing to render, or a layer is broken.
    pub fn new(
        base: &'a BaseContext<'a>,
        values: &[Option<usize>],
        options: &Options,
        diagnostics: &mut Diagnostics,
    ) -> Option<Self> {
        let program = base.program;
        let catalog = program.catalog();
        let resolved = Resolved::new(base, values, options, diagnostics)?;
        let computed = Computed::new(&resolved, diagnostics)?;
        let Resolved { stack, deployment, trees, written, tree, plan, .. } = resolved;
        let Computed { early, extras, links, assets, capture, analytics, times } = computed;
        let plan = planning::reached(plan, &tree, capture.as_ref());
        let languages = languages::choose(program, &trees, &plan, options.release, diagnostics).languages;
        let told_in = tellings::languages(catalog, &trees, &base.locales, diagnostics);
        let by_locale = localized(base, trees, early.settled(extras.clone()), &extras, diagnostics)?;
        let root = &by_locale.get(&catalog.locales.source())?.root;
        let data = looked_at(&catalog.settings, root);
        let gone = gone::Around { program, stack: &stack, written: &written, tree: &tree }.gone();
        let mender = Mender { program, stack: &stack, tree: &tree, gone: &gone };
        let mut package = note_types(Package::read(&data), &tree, diagnostics)?;
        measuring::lower(&mut package, &analytics);
        able::lower(&mut package, &tree);
        let ways = capture.as_ref().map(Capture::ways).unwrap_or_default();
        let tellings = Tellings { catalog, plan: &plan, by_locale: &by_locale, languages: &told_in, ways };
        let path = journey::path(&program.proofs, &package, &data, &assets, &tellings, mender, diagnostics);
        let status = data.get("handoff").and_then(|handoff| handoff.get("status"));
        let in_locales = by_locale.iter().map(|(&locale, localized)| (locale, localized.tree.clone())).collect();
        let printed = Printed { plan: &plan, languages: &languages, trees: &in_locales, has_status: status.is_some() };
        bound::check(&printed, mender, diagnostics);
        let bound = Arc::new(Bound::new(&package.journey.requests, &package.tracking.links, status));
        if *package.journey != Journey::default() {
            filled::check(&package.tracking, mender, diagnostics);
        }
        if let Some(path) = &path {
            let folders: Vec<String> = catalog.locales.iter().map(Locale::slug).collect();
            Site::new(catalog, &deployment, &plan, &folders).check_links(&package.tracking, path, mender, diagnostics);
        }
        if let Some(capture) = capture.as_ref().filter(|_| options.release) {
            leads::check_release(&package.journey, capture, &tree, diagnostics);
        }
        let are_links = named::check(&links, &plan, mender, diagnostics);
        let placements = placements(&links, mender, diagnostics).filter(|_| are_links)?;
        let readers = readers::of(&Readings {
            catalog,
            plan: &plan,
            by_locale: &by_locale,
            languages: &languages,
            chosen: &base.locales,
        });
        let input = Input {
            deployment: &deployment,
            data: &data,
            package: &package,
            path: path.as_ref(),
            readers: &readers,
            reader: &readers.source,
            placements: &placements,
            folded: None,
            stopwatch: &options.stopwatch,
            once: &program.once,
        };
        let tasks = ComponentKind::ALL.map(|component| (component, component.tasks(&input)));
        let planned = planning::files(&plan, &tree, &assets, &tasks, &catalog.locales, diagnostics)?;
        let mut record_sources = BTreeSet::new();
        collect_sources(program, tree.get("partner")?, &mut record_sources);
        Some(Self {
            program,
            base,
            plan,
            deployment,
            stack,
            by_locale,
            extras,
            package,
            path,
            capture,
            analytics,
            times,
            data,
            languages,
            readers,
            told_in,
            links,
            placements,
            stopwatch: options.stopwatch.clone(),
            assets: Arc::new(assets),
            bound,
            gone,
            planned,
            tasks,
            record_sources: record_sources.into_iter().collect(),
        })
    }

    /// The deployment in a locale, if it needs that one.
    pub fn localized(&self, locale: LocaleId) -> Option<&Localized<'a>> {
        self.by_locale.get(&locale)
    }

    /// The locale whose texts a page or email shows that is planned for one.
    pub fn made_in(&self, path: &OutputPath, planned: LocaleId) -> LocaleId {
        self.languages.get(path).copied().unwrap_or(planned)
    }

    /// The locales in which its values are bound.
    pub fn locales(&self) -> impl Iterator<Item = LocaleId> {
        self.by_locale.keys().copied()
    }

    /// The deployment in the locale that the master is written in.
    pub fn in_source(&self) -> Option<&Localized<'a>> {
        self.localized(self.program.catalog().locales.source())
    }

    /// Who can mend what is wrong with it.
    pub fn mender(&self) -> Option<Mender<'_>> {
        let Self { program, stack, gone, .. } = self;
        self.in_source().map(|localized| Mender { program, stack, tree: &localized.tree, gone })
    }

    /// What an ordinary rendering in a locale shows.
    pub fn shown(&self, locale: LocaleId) -> Option<Shown<'_>> {
        let Localized { tree, values, root } = self.localized(locale)?;
        Some(Shown { locale, tree, values, root, engine: self.program.engine(), forms: self.base.forms.as_ref() })
    }

    /// Where forms are sent: what the receiver of leads takes them at, or the one address of a package that names none.
    /// A value that is filled in may differ from locale to locale.
    pub fn form_endpoints(&self) -> BTreeSet<String> {
        let endpoint = |localized: &Localized<'_>| {
            let endpoint = localized.root.get("tracking").and_then(|tracking| tracking.at("form.endpoint"));
            endpoint.and_then(Data::as_str).map(str::to_owned)
        };
        let captured = self.capture.iter().flat_map(Capture::addresses).map(|(_, address)| address.to_owned());
        self.by_locale.values().filter_map(endpoint).chain(captured).filter(|address| !address.is_empty()).collect()
    }

    /// The layer files that a page's content came from, and its template.
    pub fn content_sources(&self, content: Option<&str>, locale: LocaleId, template: &str) -> Arc<[Arc<str>]> {
        let tree = self.localized(locale).map(|localized| &localized.tree);
        let node = tree.zip(content).and_then(|(tree, content)| tree.get(content).cloned());
        self.sources(node.as_deref(), Some(template))
    }

    /// What was planned at a path.
    pub fn planned(&self, path: &str) -> Option<&Planned> {
        let found = self.planned.binary_search_by(|planned| planned.path.as_str().cmp(path));
        found.ok().and_then(|at| self.planned.get(at))
    }

    /// The locale in which the values are read of what is ordered.
    pub fn locale_of(&self, order: &Order) -> LocaleId {
        order.locale.unwrap_or(self.program.catalog().locales.source())
    }

    /// The layer files of the values that a data file is made from, and of the partner's record.
    pub fn sources_of(&self, order: &Order) -> Arc<[Arc<str>]> {
        let tree = self.localized(self.locale_of(order)).map(|localized| &localized.tree);
        let own = [order.component.id()];
        let nodes = tree
            .into_iter()
            .flat_map(|tree| order.reads.unwrap_or(&own).iter().filter_map(|path| tree.at(path)).collect::<Vec<_>>());
        let mut names: BTreeSet<Arc<str>> = self.record_sources.iter().cloned().collect();
        nodes.for_each(|node| collect_sources(self.program, node, &mut names));
        names.into_iter().collect()
    }

    /// The layer files of a node and of the partner's record, and the template.
    pub fn sources(&self, node: Option<&Tree>, template: Option<&str>) -> Arc<[Arc<str>]> {
        let mut names: BTreeSet<Arc<str>> = self.record_sources.iter().cloned().collect();
        names.extend(template.map(|name| format!("{}/templates/{name}", crate::catalog::layers::MASTER).into()));
        if let Some(node) = node {
            collect_sources(self.program, node, &mut names);
        }
        names.into_iter().collect()
    }
}

fn placements(links: &Links, mender: Mender<'_>, diagnostics: &mut Diagnostics) -> Option<Vec<LinkRow>> {
    let rows = links.placements().and_then(crate::links::manifest);
    rows.map_err(|errors| diagnostics.extend(errors.iter().map(|error| mender.link(error)))).ok()
}

/// Each tree with all of its values bound; those of the source locale are there already, in part filled.
fn localized<'a>(
    base: &'a BaseContext<'a>,
    trees: Trees,
    in_source: Values<'a>,
    extras: &Arc<DataMap>,
    diagnostics: &mut Diagnostics,
) -> Option<BTreeMap<LocaleId, Localized<'a>>> {
    let locales = &base.program.catalog().locales;
    let (mut by_locale, mut in_source) = (BTreeMap::new(), Some(in_source));
    for (locale, tree) in trees {
        let shared = &base.localized(locale)?.shared;
        let tag = &locales.get(locale).tag;
        let own = in_source.take_if(|_| locale == locales.source());
        let values = own.unwrap_or_else(|| Values::new(tree.clone(), extras.clone(), tag.clone(), shared));
        let root = Arc::new(values.root(diagnostics));
        if base.locales.contains(&locale) {
            rendered::check(base.program.approved().policy(), &values, tag, diagnostics);
        }
        by_locale.insert(locale, Localized { tree, values, root });
    }
    (!diagnostics.has_errors()).then_some(by_locale)
}

fn collect_sources(program: &Program, node: &Tree, names: &mut BTreeSet<Arc<str>>) {
    names.extend(node.sources().iter().map(|&source| Arc::from(program.sources().get(source).path.as_str())));
}
