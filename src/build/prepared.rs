//! A deployment before anything is rendered: its trees, values, links, assets and models.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::analytics::Analytics;
use crate::artifact::{self, Planned, Reads};
use crate::brand::{Color, Palette};
use crate::capture::Capture;
use crate::catalog::Catalog;
use crate::catalog::locales::{Locale, LocaleId};
use crate::components::{ComponentKind, Input};
use crate::data::{Data, DataMap};
use crate::deployment::Deployment;
use crate::diag::Diagnostics;
use crate::digest::Digest;
use crate::document::assets::{Assets, BRAND, SiteAsset, unnameable};
use crate::document::bound::Bound;
use crate::document::plan::Plan;
use crate::journey::Path;
use crate::links::{LinkRow, Links};
use crate::matrix;
use crate::package::{Package, complete, roots};
use crate::paths::OutputPath;
use crate::resolve::Stack;
use crate::resolve::tree::Tree;
use crate::schema;
use crate::stopwatch::{Phase, Stopwatch};
use crate::template::Engine;
use crate::template::forms::Forms;
use crate::times::Times;
use crate::values::{self, Values};

use super::around::Site;
use super::base::BaseContext;
use super::bound::{self, Printed};
use super::checks::{self, note_types};
use super::gone::{self, Gone};
use super::languages::{self, Languages};
use super::lowering::lowered;
use super::mender::{Mender, removal};
use super::tellings::{self, Tellings};
use super::{
    Options, Program, captured, definitions, duties, facts, handing, handoff, journey, leads, measuring, named,
    rendered, slots, times,
};

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
    /// Every file that is going to be made.
    pub planned: Vec<Planned>,
    /// What data files are made from that are not made from their component's part of the package.
    pub reads: BTreeMap<OutputPath, Reads>,
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

/// The trees of a deployment, by locale.
type Trees = BTreeMap<LocaleId, Arc<Tree>>;

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
        let stack = Stack::matching(catalog, values);
        if stack.layers().iter().any(|&layer| program.approved().is_broken(layer)) {
            return None;
        }
        program.approved().check_narrowed(stack.layers(), diagnostics);
        let source = catalog.locales.source();
        let tags = base.locales.iter().map(|&id| catalog.locale(id).tag.clone()).collect();
        let deployment = matrix::deployment(catalog, values, tags);
        let (trees, written) = options.stopwatch.time(Phase::Resolve, || trees(base, &stack, diagnostics))?;
        let tree = trees.get(&source)?.clone();
        let partner = tree.get("partner")?;
        let plan = plan(base, &stack, &tree, diagnostics)?;
        let around = partner.origin().map(|origin| origin.span);
        complete::check(partner, &schema::records::schema("partner"), "partner", around, &|_| None, diagnostics);
        checks::sender(&tree, diagnostics);
        checks::schedule(&tree, diagnostics);
        slots::check(program.approved(), &tree, trees.values(), diagnostics);
        if diagnostics.has_errors() {
            return None;
        }
        let palette = palette(&tree)?;
        let mut assets = assets(catalog, &tree, &palette, diagnostics)?;
        // The campaign is known once the links are, and those need the filled tracking table.
        let mut extras = base.facts.clone();
        extras.insert("package".into(), facts::package(&tree));
        extras.insert("brand".into(), palette.data());
        let fact = facts::of_deployment(&deployment, &base.locales, &catalog.locales, "");
        extras.insert("deployment".into(), fact);
        let shared = &base.localized(source)?.shared;
        let tag = catalog.locale(source).tag.clone();
        let early = Values::new(tree.clone(), Arc::new(extras.clone()), tag, shared).early();
        let links = Arc::new(links(base, &stack, &early, &deployment, &plan, diagnostics)?);
        let fact = facts::of_deployment(&deployment, &base.locales, &catalog.locales, links.campaign());
        extras.insert("deployment".into(), fact);
        let capture = leads::capture(program, &early);
        let folders: Vec<String> = catalog.locales.iter().map(Locale::slug).collect();
        let site =
            Site { pattern: &catalog.settings.base_url, deployment: &deployment, plan: &plan, folders: &folders };
        if let Some(capture) = &capture {
            site.check_capture(capture, &tree, diagnostics);
            captured::check(program, &tree, diagnostics);
            extras.insert("capture".into(), capture.data());
        }
        let analytics = measuring::analytics(program, &early, capture.as_ref());
        extras.insert("analytics".into(), analytics.data());
        assets.only_where(&analytics.assets, analytics.on);
        let times = times::times(&early, &extras, diagnostics);
        extras.extend(times.iter().map(|times| ("times".into(), Data::from(times))));
        extras.extend(handoff::data(program, &early).map(|handoff| ("handoff".into(), handoff)));
        extras.extend(duties::data(&early).map(|duties| ("duties".into(), duties)));
        let extras = Arc::new(extras);
        let languages = languages::choose(catalog, &trees, &plan, options.release, diagnostics);
        let told_in = tellings::languages(catalog, &trees, &base.locales, diagnostics);
        let values = early.settled(extras.clone());
        let by_locale = localized(base, trees, values, &extras, diagnostics)?;
        let root = &by_locale.get(&source)?.root;
        let data = roots(&catalog.settings).filter_map(|key| root.get_key_value(key));
        let data: DataMap = data.map(|(key, value)| (key.clone(), value.clone())).collect();
        let gone = gone::Around { program, stack: &stack, written: &written, tree: &tree }.gone();
        let mender = Mender { program, stack: &stack, tree: &tree, gone: &gone };
        let mut package = note_types(Package::read(&data), &tree, diagnostics)?;
        measuring::lower(&mut package, &analytics);
        let ways = capture.as_ref().map(Capture::ways).unwrap_or_default();
        let tellings = Tellings { catalog, plan: &plan, by_locale: &by_locale, languages: &told_in, ways };
        let path = journey::path(&program.proofs, &package, &data, &assets, &tellings, mender, diagnostics);
        let status = data.get("handoff").and_then(|handoff| handoff.get("status"));
        let in_locales = by_locale.iter().map(|(&locale, localized)| (locale, localized.tree.clone())).collect();
        let printed = Printed { plan: &plan, languages: &languages, trees: &in_locales, has_status: status.is_some() };
        bound::check(&printed, mender, diagnostics);
        let bound = Arc::new(Bound::new(&package.journey.requests, &package.tracking.links, status));
        if let Some(path) = &path {
            site.check_links(&package.tracking, path, mender, diagnostics);
        }
        if let Some(capture) = capture.as_ref().filter(|_| options.release) {
            leads::check_release(&package.journey, capture, &tree, diagnostics);
        }
        let are_links = named::check(&links, &plan, mender, diagnostics);
        let placements = placements(&links, mender, diagnostics).filter(|_| are_links)?;
        let input = Input {
            deployment: &deployment,
            data: &data,
            package: &package,
            path: path.as_ref(),
            placements: &placements,
            folded: None,
            stopwatch: &options.stopwatch,
            once: &program.once,
        };
        let (planned, reads) = files(&plan, &tree, &assets, &input, diagnostics)?;
        let mut record_sources = BTreeSet::new();
        collect_sources(program, partner, &mut record_sources);
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
            told_in,
            links,
            placements,
            stopwatch: options.stopwatch.clone(),
            assets: Arc::new(assets),
            bound,
            gone,
            planned,
            reads,
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

    /// The locale in which a data file's values are read.
    pub fn locale_of(&self, reads: &Reads) -> LocaleId {
        let locales = &self.program.catalog().locales;
        reads.locale.as_ref().and_then(|tag| locales.find(tag)).unwrap_or(locales.source())
    }

    /// The layer files of the values that a data file is made from, and of the partner's record.
    pub fn sources_of(&self, reads: &Reads) -> Arc<[Arc<str>]> {
        let locale = self.locale_of(reads);
        let mut names: BTreeSet<Arc<str>> = self.record_sources.iter().cloned().collect();
        let tree = self.localized(locale).map(|localized| &localized.tree);
        let nodes = tree.into_iter().flat_map(|tree| reads.paths.iter().filter_map(|path| tree.at(path)));
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
        let handed = leads::with_leads(&tree).and_then(|tree| handing::handed(&tree));
        let handed = handed.map(|tree| handing::handed_alone(&tree));
        trees.insert(locale, handed.map_err(|error| diagnostics.push(error)).ok()?);
    }
    // Whoever fills them would go in circles.
    (!diagnostics.has_errors()).then_some((trees, written))
}

/// The base's plan, unless the partner changed what it is made from.
fn plan(base: &BaseContext<'_>, stack: &Stack, tree: &Arc<Tree>, diagnostics: &mut Diagnostics) -> Option<Arc<Plan>> {
    let locales = &base.program.catalog().locales;
    let base_tree = &base.localized(locales.source())?.resolution.tree;
    let kept = |key: &&str| match (tree.get(key), base_tree.get(key)) {
        (Some(own), Some(base)) => Arc::ptr_eq(own, base),
        (own, base) => own.is_none() && base.is_none(),
    };
    let has_its_contents = || base.plan.contents().keys().all(|content| tree.get(content).is_some());
    Some(match ["documents", "nurture"].iter().all(kept) && has_its_contents() {
        true => base.plan.clone(),
        false => {
            let removed = |path: &str| removal(base.program.catalog(), stack, path);
            Arc::new(Plan::new(tree, locales, &base.locales, base.program.engine(), &removed, diagnostics))
        }
    })
}

fn assets(catalog: &Catalog, tree: &Arc<Tree>, palette: &Palette, diagnostics: &mut Diagnostics) -> Option<Assets> {
    let mut assets = Assets::of(tree);
    checks::logo(catalog, tree, &assets, diagnostics);
    let css = palette.css();
    let brand = SiteAsset {
        output: OutputPath::new(BRAND).ok()?,
        digest: Digest::of(&css),
        page: None,
        bytes: css,
        input: "partner.brand".into(),
        asked_by: "partner.brand".into(),
    };
    let mut names = artifact::Planner::default();
    for (path, node) in unnameable(tree) {
        names.add_at(&path, node.origin().map(|origin| origin.span));
    }
    let made = Planned::new(brand.output.clone(), None);
    if let Some(own) = assets.add("brand.css", brand) {
        names.add(&made);
        names
            .add(&Planned::new(own.output, tree.place(&own.asked_by).and_then(Tree::origin).map(|origin| origin.span)));
    }
    names.tell(diagnostics);
    (!diagnostics.has_errors()).then_some(assets)
}

fn links(
    base: &BaseContext<'_>,
    stack: &Stack,
    values: &Values<'_>,
    deployment: &Deployment,
    plan: &Plan,
    diagnostics: &mut Diagnostics,
) -> Option<Links> {
    let tree = values.tree();
    // Everything else is bound only then; without such a table, reading all of it says what is wrong.
    let table = tree.get("tracking").and_then(|node| values.bind(node).ok());
    let table: DataMap = table.into_iter().map(|table| ("tracking".into(), table)).collect();
    let Ok(tracking) = Package::tracking(&table) else {
        let root = values.root(diagnostics);
        // What is missing is missing in the models too; it is said once.
        if !diagnostics.has_errors() {
            note_types(Package::read(&root), tree, diagnostics);
        }
        return None;
    };
    let facts = facts::of_links(deployment, base.program.catalog(), tree);
    let links = Links::new(tracking, facts, plan.targets.clone());
    let mender = Mender { program: base.program, stack, tree, gone: &[] };
    links.map_err(|errors| diagnostics.extend(errors.iter().map(|error| mender.link(error)))).ok()
}

fn placements(links: &Links, mender: Mender<'_>, diagnostics: &mut Diagnostics) -> Option<Vec<LinkRow>> {
    let rows = links.placements().and_then(crate::links::manifest);
    rows.map_err(|errors| diagnostics.extend(errors.iter().map(|error| mender.link(error)))).ok()
}

/// Plans what the deployment has beside its pages and emails. `None` if two files cannot stand side by side.
fn files(
    plan: &Plan,
    tree: &Tree,
    assets: &Assets,
    input: &Input<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<(Vec<Planned>, BTreeMap<OutputPath, Reads>)> {
    let (mut files, mut reads) = (plan.files.clone(), BTreeMap::new());
    let place = |path: &str| tree.place(path).and_then(Tree::origin).map(|origin| origin.span);
    for asset in assets.iter() {
        files.add(&Planned::new(asset.output.clone(), place(&asset.asked_by)));
    }
    for component in ComponentKind::ALL {
        for asked in component.plan(input) {
            let path = files.add_at(&asked.path, asked.by.as_deref().and_then(place));
            reads.extend(path.zip(asked.reads));
        }
    }
    files.add_at(crate::manifest::FILE_NAME, None);
    let mut found = Diagnostics::default();
    files.tell(&mut found);
    let clash = found.has_errors();
    diagnostics.append(found);
    (!clash).then(|| (files.planned().collect(), reads))
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

/// The roots of the template context that no layer sets: `package`, `policy`, `brand` and `deployment`. The
/// campaign is left out, which only a whole build knows.
pub fn computed(program: &Program, values: &[Option<usize>], tree: &Tree) -> DataMap {
    let catalog = program.catalog();
    let tier = catalog.settings.axis_named("tier").and_then(|axis| Some((axis, values[axis.0]?)));
    let tier = tier.map(|(axis, value)| &*catalog.axes[axis.0].at(value).id);
    let mut computed = facts::of_base(tree, program.approved().policy(), tier);
    computed.extend(palette(tree).map(|palette| ("brand".into(), palette.data())));
    let locales = facts::locales(tree, &catalog.locales);
    let tags = locales.iter().map(|&id| catalog.locale(id).tag.clone()).collect();
    let deployment = matrix::deployment(catalog, values, tags);
    computed.insert("deployment".into(), facts::of_deployment(&deployment, &locales, &catalog.locales, ""));
    computed
}

/// The partner's colour, or the vendor's, or a quiet blue.
fn palette(tree: &Tree) -> Option<Palette> {
    let color = |path: &str| tree.text_at(path).and_then(Color::parse);
    let color = color("partner.brand.primary").or_else(|| color("vendor.brand.primary"));
    color.or_else(|| Color::parse("#1f3a5f")).map(Palette::of)
}
