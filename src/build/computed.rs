//! What no layer sets, computed in the order in which one needs the other: the palette, links and their campaign, who
//! receives the forms, what counts, by when something is due.

use std::sync::Arc;

use crate::analytics::Analytics;
use crate::brand::{Color, Palette};
use crate::capture::Capture;
use crate::catalog::locales::Locale;
use crate::data::{Data, DataMap};
use crate::deployment::Deployment;
use crate::diag::Diagnostics;
use crate::document::assets::Assets;
use crate::document::plan::Plan;
use crate::links::Links;
use crate::matrix::{self, Ordinal};
use crate::package::Package;
use crate::resolve::tree::Tree;
use crate::times::Times;
use crate::values::Values;

use super::around::Site;
use super::checks::note_types;
use super::mender::Mender;
use super::outline::Outline;
use super::resolved::Resolved;
use super::{Program, captured, duties, facts, handoff, labels, leads, measuring, planning, raci, times};

/// Computed roots of the template context, and what they were made of.
pub struct Computed<'a> {
    /// The values of the master's language, as far as they are bound without these.
    pub early: Values<'a>,
    pub extras: Arc<DataMap>,
    pub links: Arc<Links>,
    pub assets: Assets,
    /// How its forms are posted; `None` where nothing says who keeps the leads.
    pub capture: Option<Capture>,
    /// What counts on its pages.
    pub analytics: Analytics,
    /// By when what its journey owes is due.
    pub times: Option<Times>,
}

impl<'a> Computed<'a> {
    pub fn new(resolved: &Resolved<'a>, diagnostics: &mut Diagnostics) -> Option<Self> {
        let Resolved { base, stack, deployment, ordinal, together, trees, tree, plan, .. } = resolved;
        let program = base.program;
        let catalog = program.catalog();
        let source = catalog.locales.source();
        let palette = palette(tree)?;
        let mut assets = planning::assets(catalog, tree, &palette, diagnostics)?;
        // The campaign is known once the links are, and those need the filled tracking table.
        let mut extras = base.facts.clone();
        extras.insert("package".into(), facts::package(tree));
        let mender = Mender { program, stack, tree, gone: &[] };
        if !times::in_order(&extras, mender, diagnostics) {
            return None;
        }
        extras.insert("brand".into(), palette.data());
        let fact = |campaign: &str| {
            facts::of_deployment(deployment, *ordinal, together, &base.locales, &catalog.locales, campaign)
        };
        extras.insert("deployment".into(), fact(""));
        let shared = &base.localized(source)?.shared;
        let tag = catalog.locale(source).tag.clone();
        let early = Values::new(tree.clone(), Arc::new(extras.clone()), tag, shared).early();
        let links = Arc::new(links(mender, &early, deployment, plan, diagnostics)?);
        extras.insert("deployment".into(), fact(links.campaign()));
        let capture = leads::capture(program, &early);
        if let Some(capture) = &capture {
            let folders: Vec<String> = catalog.locales.iter().map(Locale::slug).collect();
            Site::new(catalog, deployment, plan, &folders).check_capture(capture, tree, diagnostics);
            captured::check(program, tree, diagnostics);
            extras.insert("capture".into(), capture.data());
        }
        let analytics = measuring::analytics(program, &early, capture.as_ref());
        extras.insert("analytics".into(), analytics.data());
        assets.only_where(&analytics.assets, analytics.on);
        let outline = Outline::of(&early);
        let times = times::times(&early, &outline, &extras, diagnostics);
        extras.extend(times.iter().map(|times| ("times".into(), Data::from(times))));
        extras.extend(handoff::data(program, &early, &outline).map(|handoff| ("handoff".into(), handoff)));
        extras.extend(duties::data(&early, &outline).map(|duties| ("duties".into(), duties)));
        extras.insert("raci".into(), raci::data(program, early.tree(), &outline, diagnostics));
        extras.extend(labels::data(base, trees, &extras).map(|labels| ("labels".into(), labels)));
        Some(Self { early, extras: Arc::new(extras), links, assets, capture, analytics, times })
    }
}

fn links(
    mender: Mender<'_>,
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
    let facts = facts::of_links(deployment, mender.program.catalog(), tree);
    let links = Links::new(tracking, facts, plan.targets.clone());
    links.map_err(|errors| diagnostics.extend(errors.iter().map(|error| mender.link(error)))).ok()
}

/// The roots of the template context that no layer sets: `package`, `policy`, `brand` and `deployment`. The
/// campaign is left out, which only a whole build knows.
pub fn of_tree(program: &Program, values: &[Option<usize>], tree: &Tree) -> DataMap {
    let catalog = program.catalog();
    let tier = catalog.settings.axis_named("tier").and_then(|axis| Some((axis, values[axis.0]?)));
    let tier = tier.map(|(axis, value)| &*catalog.axes[axis.0].at(value).id);
    let mut computed = facts::of_base(tree, program.approved().policy(), tier);
    computed.extend(palette(tree).map(|palette| ("brand".into(), palette.data())));
    let locales = facts::locales(tree, &catalog.locales);
    let tags = locales.iter().map(|&id| catalog.locale(id).tag.clone()).collect();
    let deployment = matrix::deployment(catalog, values, tags);
    // Of a base alone nobody asks which of a partner's it is.
    let ordinal = program.matrix().ordinal(catalog, values).unwrap_or(Ordinal { before: 0, of: 1 });
    computed
        .insert("deployment".into(), facts::of_deployment(&deployment, ordinal, &[], &locales, &catalog.locales, ""));
    computed
}

/// The partner's colour, or the vendor's, or a quiet blue.
fn palette(tree: &Tree) -> Option<Palette> {
    let color = |path: &str| tree.text_at(path).and_then(Color::parse);
    let color = color("partner.brand.primary").or_else(|| color("vendor.brand.primary"));
    color.or_else(|| Color::parse("#1f3a5f")).map(Palette::of)
}
