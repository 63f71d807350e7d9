//! What one partner may touch, with what holds there today.

use std::sync::Arc;

use serde::Serialize;

use crate::build::Program;
use crate::data::Data;
use crate::diag::{Diagnostic, Diagnostics};
use crate::interpolate::Scope;
use crate::matrix;
use crate::source::SourceId;
use crate::template::{self, Context, Language, Templates};

use super::permission::{granted, limits};
use super::place::Place;
use super::statement::shown;
use super::subject::{Subject, governed, is_plumbing};
use super::{FORMAT, Unknown};

/// What `policy` answers.
#[derive(Clone, Debug, Serialize)]
pub struct Sheet {
    pub format: u32,
    pub partner: String,
    pub tier: Option<String>,
    /// The deployment whose values are shown: the partner's first.
    pub deployment: String,
    /// How many deployments the partner has.
    pub deployments: usize,
    pub rules: Vec<OpenRule>,
}

/// A rule that is open to the partner.
#[derive(Clone, Debug, Serialize)]
pub struct OpenRule {
    pub pattern: String,
    pub rights: Vec<String>,
    pub limits: Vec<String>,
    pub reason: Option<String>,
    #[serde(flatten)]
    pub place: Place,
    /// What stands there today.
    pub values: Vec<Today>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Today {
    pub path: String,
    pub layer: String,
    pub text: String,
}

/// The sheet of a partner.
pub fn sheet(program: &Program, partner: &str) -> Result<Sheet, Unknown> {
    let catalog = program.catalog();
    let axis = catalog.settings.partner();
    let partners = &catalog.axes[axis.0];
    let unknown = || Unknown::new("partner", partner, partners.ids());
    let index = partners.index(partner).ok_or_else(unknown)?;
    let bases = program.matrix().bases().iter().filter(|base| base.partners.contains(&index));
    let mut ids: Vec<String> = bases.map(|base| matrix::id(catalog, &base.with_partner(catalog, index))).collect();
    ids.sort_unstable();
    let subject = Subject::open(program, ids.first().ok_or_else(unknown)?)?;
    let policy = program.approved().policy();
    let tree = subject.tree(subject.locale(None)?);
    let places = tree.places();
    let rules = policy.rules().iter().filter_map(|rule| {
        let (rights, _) = granted(policy, Some(rule), "partner", subject.tier(), rule.pattern.text());
        let governs = |path: &str| policy.rules_for(governed(path)).first().is_some_and(|best| best.span == rule.span);
        let today = places.iter().filter(|(path, _)| governs(path) && !is_plumbing(path)).filter_map(|(path, node)| {
            let resolved = node.as_leaf()?;
            let layer = catalog.layer(resolved.origin.layer).selector.to_string();
            Some(Today { path: path.clone(), layer, text: shown(&resolved.leaf) })
        });
        (!rights.is_empty()).then(|| OpenRule {
            pattern: rule.pattern.text().to_owned(),
            rights,
            limits: limits(rule),
            reason: rule.reason.as_deref().map(str::to_owned),
            place: Place::of(program.sources(), rule.span),
            values: today.collect(),
        })
    });
    Ok(Sheet {
        format: FORMAT,
        partner: partner.to_owned(),
        tier: subject.tier().map(str::to_owned),
        deployments: ids.len(),
        rules: rules.collect(),
        deployment: subject.id.clone(),
    })
}

/// The sheet as a page of its own, without anything beside it.
pub fn page(sheet: &Sheet, program: &Program) -> Result<String, Diagnostics> {
    let mut templates = Templates::default();
    templates.add("sheet.html", SourceId(u32::MAX), include_str!("sheet.html"));
    // The template is our own and tested, so this cannot be the user's fault.
    let engine = template::engine(Language::MiniJinja, templates)
        .map_err(|_| Diagnostic::error("E-INTERNAL", "the template of the policy page is wrong"))?;
    let words = |words: &[String]| Data::list(words.iter().map(|word| Data::from(word.as_str())));
    let rules = sheet.rules.iter().map(|rule| {
        let values = rule.values.iter().map(|today| {
            Data::map([
                ("path", Data::from(today.path.as_str())),
                ("layer", Data::from(today.layer.as_str())),
                ("text", Data::from(today.text.as_str())),
            ])
        });
        Data::map([
            ("pattern", Data::from(rule.pattern.as_str())),
            ("rights", words(&rule.rights)),
            ("limits", words(&rule.limits)),
            ("reason", rule.reason.as_deref().map_or(Data::Null, Data::from)),
            ("values", Data::list(values)),
        ])
    });
    let identity = program.identity();
    let values = [
        ("partner", Data::from(sheet.partner.as_str())),
        ("tier", sheet.tier.as_deref().map_or(Data::Null, Data::from)),
        ("deployment", Data::from(sheet.deployment.as_str())),
        ("program", Data::Text(identity.program.clone())),
        ("version", Data::Text(identity.version.clone())),
        ("rules", Data::list(rules)),
    ];
    engine.render("sheet.html", &Context { values: &values, scope: Arc::new(NoScope) }).map_err(Diagnostics::from)
}

/// The page asks for no links and no assets.
struct NoScope;

impl Scope for NoScope {
    fn value(&self, _: &str) -> Option<Data> {
        None
    }

    fn link(&self, id: &str, _: &str) -> Result<String, String> {
        Err(format!("the policy page has no link `{id}`"))
    }

    fn asset(&self, path: &str) -> Result<String, String> {
        Err(format!("the policy page has no asset `{path}`"))
    }

    fn email_asset(&self, path: &str) -> Result<String, String> {
        self.asset(path)
    }

    fn locale(&self) -> &str {
        "en-US"
    }
}
