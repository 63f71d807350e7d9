//! Rule, role and tier against each contribution (G1 to G5).

use std::cell::Cell;
use std::collections::HashSet;

use crate::catalog::patch::{Contribution, Right};
use crate::catalog::selector::Binding;
use crate::catalog::{Catalog, Layer, LayerId};
use crate::diag::{Diagnostic, Diagnostics, article, nearest};
use crate::encode::shell;
use crate::policy::Policy;
use crate::policy::rules::{Rule, TierCut};
use crate::schema::analytics::PROGRAM;
use crate::syntax::markdown::Place;

use super::index::Index;
use super::leave::Leave;
use super::own::Own;
use super::sets;
use super::speaker::{Ground, Refusal, Speaker};

/// How many of a layer's mistakes get a nearest name: to look for one reads all names there are.
const HINTS: u32 = 20;

/// Checks every contribution of one layer.
pub fn check(ground: Ground<'_>, leave: &mut Leave<'_>, id: LayerId, diagnostics: &mut Diagnostics) {
    let checker = Checker::new(ground, id);
    let layer = checker.layer;
    if layer.is_of_master() {
        // Nothing limits the master, but what it translates has to be there (T6).
        let translated = layer.contributions.iter().filter(|contribution| contribution.right == Right::Translate);
        let mut missed = Missed::default();
        let errors = translated.filter_map(|contribution| Some((contribution, checker.target(contribution).err()?)));
        diagnostics.extend(errors.filter(|(contribution, _)| missed.is_first(contribution)).map(|(_, error)| error));
        return;
    }
    diagnostics.extend(checker.one_too_many());
    let mut inserted = 0;
    let mut missed = Missed::default();
    for contribution in &layer.contributions {
        let right = match checker.target(contribution) {
            Ok(right) => right,
            Err(error) => {
                if missed.is_first(contribution) {
                    diagnostics.push(error);
                }
                continue;
            }
        };
        inserted += usize::from(right == Right::Insert);
        diagnostics.extend(checker.no_variant(contribution));
        diagnostics.extend(sets::missing(ground, &checker.speaker, id, contribution));
        let rule = ground.policy.rules_for(&contribution.path).first().copied();
        let refusal = checker.refusal(contribution, right);
        diagnostics.extend(refusal.and_then(|error| leave.weighed(error, layer, contribution, rule)));
    }
    diagnostics.extend(checker.too_many(inserted));
}

/// Items that are not there: each is missed once, however many of its keys are set, and in however many languages.
#[derive(Default)]
struct Missed<'c>(HashSet<&'c str>);

impl<'c> Missed<'c> {
    fn is_first(&mut self, contribution: &'c Contribution) -> bool {
        let place = place_of(&contribution.path);
        !place.ends_with(']') || self.0.insert(place)
    }
}

/// Notes variants that no layer has a block for.
pub fn check_variants(policy: &Policy, index: &Index, diagnostics: &mut Diagnostics) {
    for rule in policy.rules() {
        let missing = rule.variants.iter().zip(rule.variant_paths()).filter(|(_, path)| index.layers(path).is_empty());
        for (name, path) in missing {
            let error =
                Diagnostic::error("E-POLICY", format!("there is no block `{path}` to choose")).at(name.span, "");
            let near = nearest(&path, index.below(path.split_inclusive('#').next().unwrap_or("")));
            diagnostics.push(error.help(match near {
                Some(near) => format!("did you mean `{near}`?"),
                None => "write the block in the master; it is shown only where it is chosen".to_owned(),
            }));
        }
    }
}

struct Checker<'a> {
    ground: Ground<'a>,
    id: LayerId,
    layer: &'a Layer,
    own: Own<'a>,
    speaker: Speaker<'a>,
    hints: Cell<u32>,
}

impl<'a> Checker<'a> {
    fn new(ground: Ground<'a>, id: LayerId) -> Self {
        let layer = ground.catalog.layer(id);
        let speaker = Speaker::in_layer(ground, id);
        Self { ground, id, layer, own: Own::of(layer), speaker, hints: Cell::new(HINTS) }
    }

    /// The right a contribution really needs: placing an item that nobody else has is an insertion.
    /// What has no target is refused (V4, L2, M3).
    fn target(&self, contribution: &Contribution) -> Result<Right, Diagnostic> {
        let path = &*contribution.path;
        let place = place_of(path);
        match contribution.right {
            Right::SetVar => return Ok(Right::SetVar),
            Right::Insert => return self.new_block(contribution),
            _ => {}
        }
        let known = match contribution.right {
            // T6: a translation words what its layer or a weaker one says, down to the key.
            Right::Translate => {
                let place = if path.contains('@') { path } else { place };
                let places = [place, path];
                places.iter().all(|place| self.speaker.below(place).next().is_some())
            }
            _ => self.speaker.has_below(place),
        };
        match contribution.right {
            Right::Move if !known && contribution.at.is_some() => Ok(Right::Insert),
            right if known || self.ground.index.is_unread(place) => Ok(right),
            right if self.own.inserts(place, |above| self.speaker.has_below(above)) => Ok(right),
            Right::Translate if self.ground.index.is_unread_in(self.layer, place) => Ok(Right::Translate),
            Right::Replace if path.starts_with("assets/") => self.added(contribution),
            right @ (Right::Replace | Right::ReplaceList) if self.own.replaces_list(place) => Ok(right),
            // V1: a key that the schema knows may be new; an item, a block or a file may not.
            Right::Replace if !place.contains(']') && !place.contains(".md") => Ok(Right::Replace),
            _ => Err(self.no_target(contribution, place)),
        }
    }

    /// An inserted block would stand in for one of the same id.
    fn new_block(&self, contribution: &Contribution) -> Result<Right, Diagnostic> {
        let Some(other) = self.speaker.below(&contribution.path).find(|&other| other != self.id) else {
            return Ok(Right::Insert);
        };
        let message =
            format!("`{}` is there already, from {}", contribution.path, self.ground.catalog.layer(other).selector);
        let error = Diagnostic::error("E-DUPID", message).at(contribution.span, "");
        Err(error.help("replace the block, or give this one another id"))
    }

    /// The layers of the same partner that were loaded before this one.
    fn earlier(&self, partner: &Binding) -> Vec<LayerId> {
        let catalog = self.ground.catalog;
        let is_of_partner = |id: LayerId| catalog.layer(id).selector.binds(partner.axis) == Some(partner);
        let mut earlier = catalog.layout.kin(&catalog.axes, Some(partner.value));
        earlier.retain(|&id| id < self.id && is_of_partner(id));
        earlier
    }

    /// O6: the first of a partner's overlays for a single deployment that its tier has no room for.
    fn one_too_many(&self) -> Option<Diagnostic> {
        let settings = &self.ground.catalog.settings;
        let partner = self.layer.selector.binds(settings.partner())?;
        let (_, cut) = self.speaker.cut()?;
        let most = cut.max_deployment_overlays.filter(|_| is_single(self.ground.catalog, self.id))?;
        let before = self.earlier(partner).into_iter().filter(|&id| is_single(self.ground.catalog, id)).count();
        let first = self.layer.contributions.first().filter(|_| before >= most)?;
        let message = format!("an overlay for a single deployment, where the tier has room for {most}");
        let error = Diagnostic::error("E-TIER", message).at(first.span, "one too many");
        let error = cut.span.map(|span| error.clone().other(span, "the tier's limit")).unwrap_or(error);
        Some(error.help("say it for all of the partner's deployments, or take it out"))
    }

    /// F1, F2: a file that nobody else has fills a slot, which policy names, or lies in an open folder.
    fn added(&self, contribution: &Contribution) -> Result<Right, Diagnostic> {
        let roles = self.ground.policy.roles_of(&self.layer.selector, &self.ground.catalog.settings);
        match self.ground.policy.rules_for(&contribution.path).first() {
            Some(rule) if rule.is_open => Ok(Right::Insert),
            // A pattern that opens files to change opens none to add.
            Some(rule)
                if rule.pattern.text().contains('*') && roles.iter().any(|role| rule.allow.contains_key(*role)) =>
            {
                let error =
                    Diagnostic::error("E-NOTARGET", format!("nobody has a file `{}` to replace", contribution.path));
                let error = error.at(contribution.span, "").other(rule.span, "files may be replaced here, not added");
                Err(error.help("put it into a folder that policy opens with `open:`, or ask HQ for a slot"))
            }
            _ => Ok(Right::Replace),
        }
    }

    fn no_target(&self, contribution: &Contribution, place: &str) -> Diagnostic {
        let takes = matches!(contribution.right, Right::Remove | Right::Move);
        let is_item = place.ends_with(']') && !takes;
        let is_translated = is_item && contribution.right == Right::Translate;
        let (code, message) = match (contribution.path.split_once('#'), is_item) {
            (Some((file, id)), _) => ("E-NOTARGET", format!("there is no block `{id}` in `{file}`")),
            // A translation brings nothing in, so somebody took the item away.
            (None, true) if is_translated => {
                ("E-NOTARGET", format!("`{place}` is translated, and there is no such item to translate"))
            }
            (None, true) => ("E-NEWITEM", format!("`{place}` is new, and no place for it is given")),
            (None, false) => ("E-NOTARGET", format!("no weaker layer has `{place}`")),
        };
        let error = Diagnostic::error(code, message).at(contribution.span, "");
        let prefix = place.split_inclusive(['#', '[']).next().unwrap_or("");
        let near = match self.hints.get() {
            0 => None,
            left => {
                self.hints.set(left - 1);
                nearest(place, self.ground.index.below(prefix).filter(|known| self.speaker.has_below(known)))
            }
        };
        match near {
            Some(near) => error.help(format!("did you mean `{near}`?")),
            None if is_translated => {
                error.help("take it out here and in all other languages too, or put the item back")
            }
            None if is_item => error.help("say where it goes: `$at: last`, or `$at: {after: id}`"),
            None => error.help("name something that the master has; ids are never made from headings"),
        }
    }

    /// G6: whether what was chosen is none of the variants.
    fn no_variant(&self, contribution: &Contribution) -> Option<Diagnostic> {
        let chosen = contribution.variant.as_ref()?;
        let rules = self.ground.policy.rules_for(&contribution.path);
        let names: Vec<&str> =
            rules.first().into_iter().flat_map(|rule| &rule.variants).map(|name| &*name.value).collect();
        if names.contains(&&*chosen.value) {
            return None;
        }
        let message = format!("`{}` is no variant of `{}`", chosen.value, contribution.path);
        let error = Diagnostic::error("E-VARIANT", message).at(chosen.span, "");
        let error = rules.first().map(|rule| error.clone().other(rule.span, "its rule")).unwrap_or(error);
        Some(match (names.as_slice(), nearest(&chosen.value, names.iter().copied())) {
            ([], _) => error.help("take this out: policy names no variants of the block"),
            (_, Some(near)) => error.help(format!("did you mean `{near}`?")),
            (names, None) => error.help(format!("choose one of {}", names.join(", "))),
        })
    }

    /// Whether policy refuses the contribution.
    fn refusal(&self, contribution: &Contribution, right: Right) -> Option<Diagnostic> {
        match self.speaker.refusal(&contribution.path, right) {
            Some(Refusal::Ambiguous(one, two)) => Some(
                Diagnostic::error("E-POLICY", format!("two rules hold for `{}`", contribution.path))
                    .at(two.span, "as specific as the other")
                    .other(one.span, "this one")
                    .help("make one of them more specific"),
            ),
            Some(Refusal::Locked { role, rule }) => Some(self.locked(contribution, right, role, rule)),
            other => self.misplaced(contribution).or_else(|| match other? {
                Refusal::Tier { role, tier, cut } => Some(self.cut_by_tier(contribution, right, role, tier, cut)),
                Refusal::Inside { role, rule, below } => {
                    let error = self.locked(contribution, right, role, rule);
                    Some(error.note(format!("it would take `{below}` along")))
                }
                // What is narrowed is asked for each deployment.
                _ => None,
            }),
        }
    }

    fn misplaced(&self, contribution: &Contribution) -> Option<Diagnostic> {
        let rule = self.speaker.rule(&contribution.path)?;
        let (wanted, given) = (rule.at.as_ref()?, contribution.at.as_ref()?);
        let error = Diagnostic::error("E-PLACE", format!("`{}` cannot stand there", contribution.path))
            .at(contribution.span, describe(given))
            .other(rule.span, "the only place for it")
            .help(format!("write `{}`", describe(wanted)));
        (!wanted.is_same(given)).then_some(error)
    }

    fn locked(&self, contribution: &Contribution, right: Right, role: &str, rule: Option<&Rule>) -> Diagnostic {
        let what = if contribution.path.contains('#') { "block" } else { "value" };
        let fixed = rule.is_none_or(|rule| rule.allow.is_empty());
        let message = if fixed {
            format!("{} {role} overlay may not {} the fixed {what} `{}`", article(role), verb(right), contribution.path)
        } else {
            format!("{} {role} overlay may not {} the {what} `{}`", article(role), verb(right), contribution.path)
        };
        let tier = self.speaker.tier();
        let mut error = Diagnostic::error("E-LOCK", message).at(contribution.span, who(role, tier));
        if let Some(rule) = rule {
            let reason = rule.reason.as_ref().map(|reason| format!(" ({reason})")).unwrap_or_default();
            let granted = rule.allow.get(role).map(|rights| words(rights)).unwrap_or_default();
            error = match granted.is_empty() {
                true if fixed => error.other(rule.span, format!("fixed here{reason}")),
                true => error.other(rule.span, format!("not open to the role {role}{reason}")),
                false => error.other(rule.span, format!("the role {role} may only {granted}{reason}")),
            };
        }
        let error = match &*contribution.path == PROGRAM {
            true => {
                error.note(format!("it names a program that pages load: only a rule for `{PROGRAM}` itself opens it"))
            }
            false => error,
        };
        self.offer(error, &contribution.path, role, tier)
    }

    fn cut_by_tier(&self, set: &Contribution, right: Right, role: &str, tier: &str, cut: &TierCut) -> Diagnostic {
        let message = format!("a partner of the tier {tier} may not {} `{}`", verb(right), set.path);
        let error = Diagnostic::error("E-TIER", message).at(set.span, who(role, Some(tier)));
        let error = match cut.span {
            Some(span) => error.other(span, "what this tier leaves open"),
            None => error,
        };
        self.offer(error, &set.path, role, Some(tier))
    }

    /// Whether the layer's insertions, with those of the partner's other layers, are more than its tier has
    /// room for. All are counted together, whether or not they meet in a deployment.
    fn too_many(&self, own: usize) -> Option<Diagnostic> {
        let (tier, cut) = self.speaker.cut()?;
        let most = cut.max_inserted_blocks.filter(|_| own > 0)?;
        let partner = self.layer.selector.binds(self.ground.catalog.settings.partner())?;
        let before = self.earlier(partner).into_iter().map(|id| Checker::new(self.ground, id).insertions());
        let inserted = own + before.sum::<usize>();
        if inserted <= most {
            return None;
        }
        let last = self.layer.contributions.iter().rfind(|contribution| contribution.at.is_some())?;
        let error =
            Diagnostic::error("E-TIER", format!("{inserted} insertions, where the tier {tier} has room for {most}"))
                .at(last.span, "one too many");
        let error = cut.span.map(|span| error.clone().other(span, "the tier's limit")).unwrap_or(error);
        Some(error.help("take insertions out, or make several of them one block"))
    }

    fn insertions(&self) -> usize {
        let is_insertion = |set: &&Contribution| self.target(set).is_ok_and(|right| right == Right::Insert);
        self.layer.contributions.iter().filter(is_insertion).count()
    }

    /// What may be done instead.
    fn offer(&self, error: Diagnostic, path: &str, role: &str, tier: Option<&str>) -> Diagnostic {
        let open = self.ground.policy.open(role, tier);
        let may: Vec<String> =
            open.iter().map(|open| format!("{} ({})", open.pattern.text(), words(open.rights))).collect();
        let error = if may.is_empty() { error } else { error.note(format!("may: {}", may.join("; "))) };
        error.help("take it out, or ask HQ to open it in `master-templates/policy.yaml`").help(self.waiver(path))
    }

    /// How HQ grants it for a time (G8).
    fn waiver(&self, path: &str) -> String {
        let partner = self.ground.catalog.settings.partner();
        let layer = match self.layer.selector.bindings() {
            [only] if only.axis == partner => only.id.to_string(),
            _ => self.layer.selector.to_string(),
        };
        let more = "--reason TEXT --approver NAME --expires YYYY-MM-DD";
        format!("or ask HQ for a waiver: `cobrand new waiver {} {} {more}`", shell::word(&layer), shell::word(path))
    }
}

fn who(role: &str, tier: Option<&str>) -> String {
    match tier {
        Some(tier) => format!("role {role}, tier {tier}"),
        None => format!("role {role}"),
    }
}

/// O6: whether a layer is for a single deployment: it says something, for a partner and every other axis.
pub fn is_single(catalog: &Catalog, id: LayerId) -> bool {
    let (layer, settings) = (catalog.layer(id), &catalog.settings);
    let binds = |axis| layer.selector.binds(axis).is_some();
    !layer.contributions.is_empty() && binds(settings.partner()) && settings.matrix_axes().all(binds)
}

/// How many blocks and items a layer inserts.
pub fn insertions(ground: Ground<'_>, id: LayerId) -> usize {
    Checker::new(ground, id).insertions()
}

/// The block or item a path stands in, which must exist elsewhere for an overlay to speak of it; a
/// plain value's own path.
pub fn place_of(path: &str) -> &str {
    match path.rfind(']') {
        Some(end) if !path.contains('#') => &path[..=end],
        _ => path.split('@').next().filter(|file| file.ends_with(".md")).unwrap_or(path),
    }
}

fn describe(place: &Place) -> String {
    match place {
        Place::First => "first".into(),
        Place::Last => "last".into(),
        Place::Before(anchor) => format!("before {}", anchor.value),
        Place::After(anchor) => format!("after {}", anchor.value),
    }
}

fn verb(right: Right) -> &'static str {
    match right {
        Right::Replace => "replace",
        Right::ReplaceBody => "replace the body of",
        Right::Append => "append to",
        Right::Insert => "insert",
        Right::Remove => "remove",
        Right::Move => "move",
        Right::Choose => "choose a variant of",
        Right::SetVar => "set",
        Right::ReplaceList => "replace the whole list",
        Right::Translate => "translate",
    }
}

fn words(rights: &[Right]) -> String {
    rights.iter().map(|right| right.word()).collect::<Vec<_>>().join(", ")
}
