//! Computed roots of the template context, and names that follow from a deployment.

use std::sync::Arc;

use crate::catalog::Catalog;
use crate::catalog::locales::{LocaleId, Locales};
use crate::catalog::patch::Leaf;
use crate::data::{Data, DataMap};
use crate::deployment::Deployment;
use crate::diag::Diagnostic;
use crate::links::Facts;
use crate::manifest::Clash;
use crate::matrix::Ordinal;
use crate::paths::OutputPath;
use crate::policy::Policy;
use crate::resolve::tree::Tree;

/// `<partner>/downloads/<slug>.zip`
pub fn zip_path(deployment: &Deployment) -> Option<OutputPath> {
    OutputPath::new(&format!("{}/downloads/{}.zip", deployment.partner, deployment.slug)).ok()
}

pub fn clash(clash: &Clash) -> Diagnostic {
    Diagnostic::error("E-OUTPUT", format!("two files cannot both be written: `{}` and `{}`", clash.first, clash.second))
        .help("give one of the documents another `output`")
}

/// Where a region names its locales.
pub const LOCALES: &str = "region.locales";

/// The locales a deployment is made in: its region's, or the master's own.
pub fn locales(tree: &Tree, locales: &Locales) -> Vec<LocaleId> {
    let tags = tree.at(LOCALES).and_then(Tree::as_leaf);
    let found: Vec<LocaleId> = match tags.map(|resolved| &resolved.leaf) {
        Some(Leaf::Seq(items)) => items.iter().filter_map(|item| locales.find(item.source()?)).collect(),
        _ => Vec::new(),
    };
    if found.is_empty() { vec![locales.source()] } else { found }
}

/// Locales that a region names and the package does not have.
pub fn unknown_locales(tree: &Tree, locales: &Locales) -> Option<Diagnostic> {
    let resolved = tree.at(LOCALES)?.as_leaf()?;
    let Leaf::Seq(items) = &resolved.leaf else { return None };
    let unknown = items.iter().filter_map(Leaf::source).find(|tag| locales.find(tag).is_none())?;
    let error = Diagnostic::error("E-LOCALE", format!("there is no locale `{unknown}`")).at(resolved.origin.span, "");
    Some(match crate::diag::nearest(unknown, locales.tags()) {
        Some(near) => error.help(format!("did you mean `{near}`?")),
        None => error.help("locales are declared in the master's `package.yaml`"),
    })
}

/// `package` and `policy`: the same for every deployment of a base.
pub fn of_base(tree: &Tree, policy: &Policy, tier: Option<&str>) -> DataMap {
    let mut facts = DataMap::default();
    facts.insert("package".into(), package(tree));
    facts.insert("policy".into(), rights(policy, tier));
    facts
}

/// `package`: what names the package and its period.
pub fn package(tree: &Tree) -> Data {
    let text = |path: &str| tree.text_at(path).map_or(Data::Null, Data::from);
    let period = ["code", "name", "start", "end"].map(|key| (key, text(&format!("period.{key}"))));
    Data::map([
        ("id", text("id")),
        ("version", text("version")),
        ("released", text("released")),
        ("period", Data::map(period)),
    ])
}

/// The roots of the template context that no layer sets.
pub const COMPUTED: [&str; 11] =
    ["package", "policy", "brand", "deployment", "leads", "capture", "analytics", "times", "handoff", "duties", "raci"];

/// `policy`: a list of {path, roles: {role: [rights]}, reason}, cut to the tier for the partner.
fn rights(policy: &Policy, tier: Option<&str>) -> Data {
    let cut = tier.and_then(|tier| policy.tier(tier));
    Data::list(policy.rules().iter().filter(|rule| !rule.allow.is_empty()).map(|rule| {
        let open = |role: &str| role != "partner" || cut.is_none_or(|cut| cut.leaves(rule.pattern.text()));
        let roles = rule
            .allow
            .iter()
            .filter(|(role, _)| open(role))
            .map(|(role, rights)| (role.clone(), Data::list(rights.iter().map(|right| Data::from(right.word())))));
        Data::map([
            ("path", Data::from(rule.pattern.text())),
            ("roles", Data::map(roles)),
            ("reason", rule.reason.clone().map_or(Data::Null, Data::Text)),
        ])
    }))
}

/// `deployment` of the template context.
pub fn of_deployment(
    deployment: &Deployment,
    ordinal: Ordinal,
    together: &[(String, usize)],
    chosen: &[LocaleId],
    locales: &Locales,
    campaign: &str,
) -> Data {
    let count = |number: usize| Data::Int(i64::try_from(number).unwrap_or(i64::MAX));
    let list = chosen.iter().enumerate().map(|(index, &id)| {
        let locale = locales.get(id);
        let folder = if index == 0 { String::new() } else { format!("{}/", locale.slug()) };
        Data::map([
            ("tag", Data::Text(locale.tag.clone())),
            ("lang", Data::from(locale.language())),
            ("dir", Data::from(if locale.rtl { "rtl" } else { "ltr" })),
            ("name", Data::Text(locale.name.clone())),
            ("url", Data::from(format!("{}{folder}", deployment.url))),
        ])
    });
    let zip = zip_path(deployment).map_or(Data::Null, |path| Data::from(path.as_str()));
    Data::map([
        ("id", Data::Text(deployment.id.clone())),
        ("path", Data::Text(deployment.id.clone())),
        ("slug", Data::Text(deployment.slug.clone())),
        ("url", Data::Text(deployment.url.clone())),
        ("campaign", Data::from(campaign)),
        ("number", count(ordinal.before + 1)),
        ("packages", count(ordinal.of)),
        ("together", Data::map(together.iter().map(|(axes, packages)| (axes.as_str(), count(*packages))))),
        ("locales", Data::list(list)),
        ("zip", zip),
    ])
}

/// What links need to know: the code of every facet is the record's, or the id.
pub fn of_links(deployment: &Deployment, catalog: &Catalog, tree: &Tree) -> Facts {
    let mut codes: Vec<(Arc<str>, Arc<str>)> = Vec::new();
    for (facet, path) in [("period", "period.code"), ("product", "product.code")] {
        codes.extend(tree.text_at(path).map(|code| (facet.into(), code.into())));
    }
    for (axis, id) in &deployment.axes {
        let code = tree.text_at(&format!("{axis}.code")).map_or_else(|| id.clone(), Into::into);
        codes.push((axis.clone(), code));
    }
    debug_assert_eq!(deployment.axes.get("partner"), Some(&deployment.partner), "{:?}", catalog.settings.axes);
    Facts {
        id: deployment.id.clone(),
        partner: deployment.partner.clone(),
        codes,
        base_url: deployment.url.clone(),
        locales: deployment.locales.clone(),
    }
}
