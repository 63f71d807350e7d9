//! What is planned for a deployment: the pages and emails of its base, and what it has beside them.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::artifact::{Job, Order, Planned, Planner};
use crate::brand::Palette;
use crate::capture::Capture;
use crate::catalog::Catalog;
use crate::catalog::locales::Locales;
use crate::components::{ComponentKind, Task};
use crate::diag::Diagnostics;
use crate::digest::Digest;
use crate::document::assets::{Assets, BRAND, SiteAsset, unnameable};
use crate::document::plan::Plan;
use crate::manifest;
use crate::paths::OutputPath;
use crate::resolve::Stack;
use crate::resolve::tree::Tree;
use crate::source::Span;

use super::base::BaseContext;
use super::checks;
use super::mender::removal;

/// The base's plan, unless the partner changed what it is made from.
pub fn plan(
    base: &BaseContext<'_>,
    stack: &Stack,
    tree: &Arc<Tree>,
    diagnostics: &mut Diagnostics,
) -> Option<Arc<Plan>> {
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

/// What the palette is made of.
const PALETTE: &str = "partner.brand";

/// The plan without pages that nobody sees: those after forms, where all requests that lead there come by email.
pub fn reached(plan: Arc<Plan>, tree: &Tree, capture: Option<&Capture>) -> Arc<Plan> {
    let ways = capture.map(Capture::ways).unwrap_or_default();
    let requests = tree.at("journey.requests").into_iter().flat_map(Tree::children);
    let mut pages: BTreeMap<&str, bool> = BTreeMap::new();
    for (id, request) in requests {
        let by_mail = ways.get(id).is_some_and(|way| **way == *"mail");
        request.text_at("then").into_iter().for_each(|page| *pages.entry(page).or_insert(true) &= by_mail);
    }
    let unseen: Vec<&str> = pages.into_iter().filter(|(_, by_mail)| *by_mail).map(|(page, _)| page).collect();
    if unseen.is_empty() { plan } else { Arc::new(plan.without(&unseen)) }
}

/// The files that go with the site, among them the partner's palette.
pub fn assets(catalog: &Catalog, tree: &Arc<Tree>, palette: &Palette, diagnostics: &mut Diagnostics) -> Option<Assets> {
    let mut assets = Assets::of(tree);
    checks::logo(catalog, tree, &assets, diagnostics);
    let css = palette.css();
    let brand = SiteAsset {
        output: OutputPath::new(BRAND).ok()?,
        digest: Digest::of(&css),
        page: None,
        bytes: css,
        input: PALETTE.into(),
        asked_by: PALETTE.into(),
    };
    let mut names = Planner::default();
    for (path, node) in unnameable(tree) {
        names.named(&path, node.origin().map(|origin| origin.span));
    }
    let made = order(&brand, None)?;
    if let Some(own) = assets.add("brand.css", brand) {
        names.add(own.output.clone(), made);
        names.add(own.output.clone(), order(&own, place(tree, &own.asked_by))?);
    }
    names.tell(diagnostics);
    (!diagnostics.has_errors()).then_some(assets)
}

/// Plans what the deployment has beside its pages and emails. `None` if two files cannot stand side by side.
pub fn files(
    plan: &Plan,
    tree: &Tree,
    assets: &Assets,
    tasks: &[(ComponentKind, Vec<Task>)],
    locales: &Locales,
    diagnostics: &mut Diagnostics,
) -> Option<Vec<Planned>> {
    let mut files = plan.files.clone();
    for asset in assets.iter() {
        // The palette every package has, whoever names its colours.
        let asked_by = Some(&*asset.asked_by).filter(|path| *path != PALETTE).and_then(|path| place(tree, path));
        files.add(asset.output.clone(), order(asset, asked_by)?);
    }
    for (component, tasks) in tasks {
        for (number, task) in tasks.iter().enumerate() {
            for asked in &task.files {
                let locale = asked.reads.as_ref().and_then(|reads| reads.locale.as_ref());
                let order = Order {
                    component: *component,
                    kind: asked.kind,
                    locale: locale.and_then(|tag| locales.find(tag)),
                    asked_by: asked.by.as_deref().and_then(|path| place(tree, path)),
                    job: Job::Task(number),
                    reads: asked.reads.as_ref().map(|reads| reads.paths),
                };
                files.add_at(&asked.path, order);
            }
        }
    }
    files.reserve(manifest::FILE_NAME);
    let mut found = Diagnostics::default();
    files.tell(&mut found);
    let clash = found.has_errors();
    diagnostics.append(found);
    (!clash).then(|| files.planned())
}

/// `None` if no component has such files.
fn order(asset: &SiteAsset, asked_by: Option<Span>) -> Option<Order> {
    let component = ComponentKind::ALL.into_iter().find(|component| component.has_assets())?;
    let kind = if asset.output.as_str() == BRAND { "style" } else { "asset" };
    Some(Order { component, kind, locale: None, asked_by, job: Job::Assets, reads: None })
}

fn place(tree: &Tree, path: &str) -> Option<Span> {
    tree.at(path).and_then(Tree::origin).map(|origin| origin.span)
}
