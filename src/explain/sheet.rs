//! What one partner may touch, with what holds there today.

use std::rc::Rc;

use serde::Serialize;

use crate::build::Program;
use crate::catalog::LayerId;
use crate::data::Data;
use crate::diag::{Diagnostic, Diagnostics};
use crate::interpolate::Scope;
use crate::matrix;
use crate::resolve::Stack;
use crate::source::SourceId;
use crate::template::{self, Context, Language, Templates};

use super::bounds::{self, Bounds};
use super::permission::{self, RuleView};
use super::statement::shown;
use super::subject::{Subject, governed, is_plumbing};
use super::{FORMAT, Unknown};

/// In every page of a sheet, and in no other file.
pub const MARK: &str = "Written by `cobrand policy`; it is replaced when that runs again.";

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
    /// Blocks it inserts, and the most that its tier leaves.
    pub insertions: Room,
    /// Overlays it has for a single deployment, and the most that its tier leaves (O6).
    pub own_overlays: Room,
    pub rules: Vec<OpenRule>,
}

/// A rule that is open to the partner.
#[derive(Clone, Debug, Serialize)]
pub struct OpenRule {
    pub rights: Vec<String>,
    /// Its paths are those that the tier leaves.
    #[serde(flatten)]
    pub rule: RuleView,
    #[serde(flatten)]
    pub bounds: Bounds,
    /// What stands there today.
    pub values: Vec<Today>,
}

/// How much of something there is, and may be.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Room {
    pub used: usize,
    /// `null`: any number.
    pub most: Option<usize>,
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
    let (approved, policy) = (program.approved(), program.approved().policy());
    let tree = subject.tree(subject.locale(None)?);
    let places = tree.places();
    let role = policy.role_of(axis);
    let speaker = permission::speaker(&subject, role);
    let layers = layers(program, index);
    let open = policy.open(role, speaker.tier()).into_iter().map(|open| {
        let governs = |path: &str| {
            let is_governed = policy.rules_for(path).first().is_some_and(|best| best.span == open.rule.span);
            is_governed && open.pattern.covers(path) && !speaker.rights(path).is_empty()
        };
        let today = places.iter().filter(|(path, _)| governs(governed(path)) && !is_plumbing(path));
        let today = today.filter_map(|(path, node)| {
            let resolved = node.as_leaf()?;
            let layer = catalog.layer(resolved.origin.layer).selector.to_string();
            Some(Today { path: path.clone(), layer, text: shown(&resolved.leaf) })
        });
        let rule = permission::view(program, open.rule);
        OpenRule {
            rights: open.rights.iter().map(|right| right.word().to_owned()).collect(),
            rule: RuleView { pattern: open.pattern.text().to_owned(), ..rule },
            bounds: bounds::of_pattern(program, &layers, open.pattern),
            values: today.collect(),
        }
    });
    let (insertions, own_overlays) = (approved.insertions(index), approved.own_overlays(index).count());
    let cut = speaker.cut().map(|(_, cut)| cut);
    Ok(Sheet {
        format: FORMAT,
        partner: partner.to_owned(),
        tier: subject.tier().map(str::to_owned),
        deployments: ids.len(),
        insertions: Room { used: insertions, most: cut.and_then(|cut| cut.max_inserted_blocks) },
        own_overlays: Room { used: own_overlays, most: cut.and_then(|cut| cut.max_deployment_overlays) },
        rules: open.collect(),
        deployment: subject.id.clone(),
    })
}

/// The layers that are in any deployment of a partner.
fn layers(program: &Program, partner: usize) -> Vec<LayerId> {
    let catalog = program.catalog();
    let bases = program.matrix().bases().iter().filter(|base| base.partners.contains(&partner));
    let mut layers: Vec<LayerId> = bases
        .flat_map(|base| Stack::matching(catalog, &base.with_partner(catalog, partner)).layers().to_vec())
        .collect();
    layers.sort_unstable();
    layers.dedup();
    layers
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
            ("pattern", Data::from(rule.rule.pattern.as_str())),
            ("rights", words(&rule.rights)),
            ("limits", words(&rule.rule.limits)),
            ("notes", words(&rule.notes())),
            ("reason", rule.rule.reason.as_deref().map_or(Data::Null, Data::from)),
            ("values", Data::list(values)),
        ])
    });
    let identity = program.identity();
    let room = words(&sheet.rooms());
    let values = [
        ("room", room),
        ("partner", Data::from(sheet.partner.as_str())),
        ("tier", sheet.tier.as_deref().map_or(Data::Null, Data::from)),
        ("deployment", Data::from(sheet.deployment.as_str())),
        ("program", Data::Text(identity.program.clone())),
        ("version", Data::Text(identity.version.clone())),
        ("rules", Data::list(rules)),
    ];
    let rendering = engine.render("sheet.html", &Context { values: &values, scope: Rc::new(NoScope) })?;
    Ok(rendering.text)
}

impl Sheet {
    /// What the tier counts, a line each.
    pub fn rooms(&self) -> Vec<String> {
        let told = |room: Room, what: &str| room.most.map(|most| format!("{what}: {} of {most} used", room.used));
        let rooms = [told(self.insertions, "insertions"), told(self.own_overlays, "overlays for a single deployment")];
        rooms.into_iter().flatten().collect()
    }
}

impl OpenRule {
    /// What else is to be known of it, a line each.
    pub fn notes(&self) -> Vec<String> {
        let RuleView { variants, grace, required, .. } = &self.rule;
        let mut notes = Vec::new();
        notes.extend(required.then(|| "has to be supplied".to_owned()));
        notes.extend((!variants.is_empty()).then(|| format!("one of the variants {}", variants.join(", "))));
        notes.extend(grace.as_ref().map(|day| format!("breaking this rule is a warning until {day}")));
        notes.extend(self.bounds.lines());
        notes
    }
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
