//! Rule, role and tier against each contribution (G1 to G5).

use crate::catalog::patch::{Contribution, PatchKind, Right};
use crate::catalog::{Catalog, Layer, LayerId, place};
use crate::diag::{Diagnostic, Diagnostics, nearest};
use crate::policy::rules::Rule;
use crate::policy::{HQ, Policy};
use crate::syntax::markdown::Place;

use super::index::Index;
use super::leave;
use super::speaker::tier_of;

/// Checks every contribution of one layer.
pub fn check(catalog: &Catalog, policy: &Policy, index: &Index, id: LayerId, diagnostics: &mut Diagnostics) {
    let layer = catalog.layer(id);
    let checker = Checker { catalog, policy, index, id, layer };
    if layer.is_of_master() {
        // Nothing limits the master, but what it translates has to be there (T6).
        let translated = layer.contributions.iter().filter(|contribution| contribution.right == Right::Translate);
        diagnostics.extend(translated.filter_map(|contribution| checker.target(contribution).err()));
        return;
    }
    diagnostics.extend(checker.one_too_many());
    let mut inserted = 0;
    for contribution in &layer.contributions {
        let right = match checker.target(contribution) {
            Ok(right) => right,
            Err(error) => {
                diagnostics.push(error);
                continue;
            }
        };
        inserted += usize::from(right == Right::Insert);
        diagnostics.extend(checker.no_variant(contribution));
        let rule = policy.rules_for(&contribution.path).first().copied();
        let refusal = checker.refusal(contribution, right);
        diagnostics.extend(refusal.and_then(|e| leave::weighed(e, policy, layer, contribution, rule)));
    }
    diagnostics.extend(checker.too_many(inserted));
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

#[derive(Clone, Copy)]
struct Checker<'a> {
    catalog: &'a Catalog,
    policy: &'a Policy,
    index: &'a Index,
    id: LayerId,
    layer: &'a Layer,
}

impl Checker<'_> {
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
                places.iter().all(|place| self.index.layers(place).iter().any(|&other| self.is_below(other)))
            }
            _ => self.has_below(place),
        };
        match contribution.right {
            Right::Move if !known && contribution.at.is_some() => Ok(Right::Insert),
            right if known || self.inserts(place) => Ok(right),
            Right::Replace if path.starts_with("assets/") => self.added(contribution),
            right @ (Right::Replace | Right::ReplaceList) if self.replaces_list(place) => Ok(right),
            // V1: a key that the schema knows may be new; an item, a block or a file may not.
            Right::Replace if !place.contains(']') && !place.contains(".md") => Ok(Right::Replace),
            _ => Err(self.no_target(contribution, place)),
        }
    }

    /// An inserted block would stand in for one of the same id.
    fn new_block(&self, contribution: &Contribution) -> Result<Right, Diagnostic> {
        let layers = self.index.layers(&contribution.path);
        let Some(&other) = layers.iter().find(|&&other| other != self.id && self.is_below(other)) else {
            return Ok(Right::Insert);
        };
        let message = format!("`{}` is there already, from {}", contribution.path, self.catalog.layer(other).selector);
        let error = Diagnostic::error("E-DUPID", message).at(contribution.span, "");
        Err(error.help("replace the block, or give this one another id"))
    }

    /// Whether a deployment has both this layer and another.
    fn meets(&self, other: LayerId) -> bool {
        self.layer.selector.join(&self.catalog.layer(other).selector, &self.catalog.axes).is_some()
    }

    /// Whether a layer is this one, or a weaker one that reaches the same deployments.
    fn is_below(&self, other: LayerId) -> bool {
        let (own, other_layer) = (&self.layer.selector, self.catalog.layer(other));
        let weaker = own.strength(&other_layer.selector) == Some(std::cmp::Ordering::Greater);
        other == self.id || other_layer.is_of_master() || (weaker && self.meets(other))
    }

    /// O6: the first of a partner's overlays for a single deployment that its tier has no room for.
    fn one_too_many(&self) -> Option<Diagnostic> {
        let settings = &self.catalog.settings;
        let partner = self.layer.selector.binds(settings.partner())?;
        let is_single = |layer: &Layer| {
            layer.selector.binds(settings.partner()) == Some(partner)
                && settings.matrix_axes().all(|axis| layer.selector.binds(axis).is_some())
        };
        let cut = self.policy.tier(self.tier()?)?;
        let most = cut.max_deployment_overlays.filter(|_| is_single(self.layer))?;
        let before = self.catalog.layer_ids().filter(|&id| id < self.id && is_single(self.catalog.layer(id))).count();
        let first = self.layer.contributions.first().filter(|_| before >= most)?;
        let message = format!("an overlay for a single deployment, where the tier has room for {most}");
        let error = Diagnostic::error("E-TIER", message).at(first.span, "one too many");
        let error = cut.span.map(|span| error.clone().other(span, "the tier's limit")).unwrap_or(error);
        Some(error.help("say it for all of the partner's deployments, or take it out"))
    }

    /// F1, F2: a file that nobody else has fills a slot, which policy names, or lies in an open folder.
    fn added(&self, contribution: &Contribution) -> Result<Right, Diagnostic> {
        let roles = self.policy.roles_of(&self.layer.selector, &self.catalog.settings);
        match self.policy.rules_for(&contribution.path).first() {
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

    /// Whether the layer's own files give a text at the path.
    fn words(&self, path: &str) -> bool {
        let own = self.layer.patch.find(&place::steps(path));
        own.is_some_and(|patch| match &patch.kind {
            PatchKind::Leaf(_) | PatchKind::Neutral(_) | PatchKind::Replace(_) => true,
            PatchKind::Map(entries) => ["body", "append", "prepend"].iter().any(|key| entries.contains_key(*key)),
            _ => false,
        })
    }

    /// Whether another layer below this one has the place.
    fn has_below(&self, place: &str) -> bool {
        self.index.layers(place).iter().any(|&id| id != self.id && self.is_below(id))
    }

    /// Whether the place lies in a list that this layer replaces as a whole (L7).
    fn replaces_list(&self, place: &str) -> bool {
        self.layer.contributions.iter().any(|other| {
            other.right == Right::ReplaceList
                && place.strip_prefix(&*other.path).is_some_and(|rest| rest.is_empty() || rest.starts_with('['))
        })
    }

    /// Whether this layer itself brings the place in.
    fn inserts(&self, place: &str) -> bool {
        self.layer.contributions.iter().any(|other| {
            other.at.is_some()
                && (other.path == place
                    || place.strip_prefix(&*other.path).is_some_and(|rest| rest.starts_with(['/', '.', '['])))
        })
    }

    fn no_target(&self, contribution: &Contribution, place: &str) -> Diagnostic {
        let takes = matches!(contribution.right, Right::Remove | Right::Move);
        let is_item = place.ends_with(']') && !takes;
        let (code, message) = match (contribution.path.split_once('#'), is_item) {
            (Some((file, id)), _) => ("E-NOTARGET", format!("there is no block `{id}` in `{file}`")),
            (None, true) => ("E-NEWITEM", format!("`{place}` is new, and no place for it is given")),
            (None, false) => ("E-NOTARGET", format!("no weaker layer has `{place}`")),
        };
        let error = Diagnostic::error(code, message).at(contribution.span, "");
        let prefix = place.split_inclusive(['#', '[']).next().unwrap_or("");
        match nearest(place, self.index.below(prefix).filter(|known| self.has_below(known))) {
            Some(near) => error.help(format!("did you mean `{near}`?")),
            None if is_item => error.help("say where it goes: `$at: last`, or `$at: {after: id}`"),
            None => error.help("name something that the master has; ids are never made from headings"),
        }
    }

    /// G6: whether what was chosen is none of the variants.
    fn no_variant(&self, contribution: &Contribution) -> Option<Diagnostic> {
        let chosen = contribution.variant.as_ref()?;
        let rules = self.policy.rules_for(&contribution.path);
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
        let roles = self.policy.roles_of(&self.layer.selector, &self.catalog.settings);
        let role = *roles.iter().find(|&&role| role != HQ)?;
        let rules = self.policy.rules_for(&contribution.path);
        if let [one, two, ..] = rules.as_slice() {
            return Some(
                Diagnostic::error("E-POLICY", format!("two rules hold for `{}`", contribution.path))
                    .at(two.span, "as specific as the other")
                    .other(one.span, "this one")
                    .help("make one of them more specific"),
            );
        }
        let rule = rules.first().copied();
        // A layer may say in another language what it says itself: the right is asked of the original.
        let is_own = right == Right::Translate && self.words(&contribution.path);
        let granted = |role: &str| is_own || rule.is_some_and(|rule| grants(rule, role, right));
        if !roles.iter().all(|&role| role == HQ || granted(role)) {
            return Some(self.locked(contribution, right, role, rule));
        }
        let misplaced = rule.and_then(|rule| rule.at.as_ref()).zip(contribution.at.as_ref());
        if let Some((wanted, given)) = misplaced.filter(|(wanted, given)| !wanted.is_same(given)) {
            let error = Diagnostic::error("E-PLACE", format!("`{}` cannot stand there", contribution.path))
                .at(contribution.span, describe(given));
            let rule = rule.map(|rule| error.clone().other(rule.span, "the only place for it"));
            return Some(rule.unwrap_or(error).help(format!("write `{}`", describe(wanted))));
        }
        self.cut_by_tier(contribution, right, role).or_else(|| self.locked_inside(contribution, right, &roles))
    }

    /// What is taken away or replaced as a whole takes along what lies below, which may be fixed.
    fn locked_inside(&self, contribution: &Contribution, right: Right, roles: &[&str]) -> Option<Diagnostic> {
        if !matches!(right, Right::Remove | Right::Replace | Right::ReplaceBody | Right::ReplaceList | Right::SetVar) {
            return None;
        }
        let path = &*contribution.path;
        let is_inside = |below: &&str| below[path.len()..].starts_with(['.', '[', '/']) && self.has_below(below);
        let inside = self.index.below(path).filter(is_inside);
        let wholes = inside.filter(|below| !self.says(below));
        wholes.into_iter().find_map(|below| {
            let rule = self.policy.rules_for(below).first().copied();
            let granted = |role: &str| rule.is_some_and(|rule| grants(rule, role, right));
            let role = *roles.iter().find(|&&role| role != HQ && !granted(role))?;
            let error = self.locked(contribution, right, role, rule);
            Some(error.note(format!("it would take `{below}` along")))
        })
    }

    /// Whether this layer says something of a place that is asked for its own right.
    fn says(&self, path: &str) -> bool {
        self.layer.contributions.iter().any(|other| other.path == path)
    }

    fn locked(&self, contribution: &Contribution, right: Right, role: &str, rule: Option<&Rule>) -> Diagnostic {
        let what = if contribution.path.contains('#') { "block" } else { "value" };
        let fixed = rule.is_none_or(|rule| rule.allow.is_empty());
        let message = if fixed {
            format!("a {role} overlay may not {} the fixed {what} `{}`", verb(right), contribution.path)
        } else {
            format!("a {role} overlay may not {} the {what} `{}`", verb(right), contribution.path)
        };
        let tier = self.tier();
        let mut error = Diagnostic::error("E-LOCK", message).at(contribution.span, self.speaker(role, tier));
        if let Some(rule) = rule {
            let reason = rule.reason.as_ref().map(|reason| format!(" ({reason})")).unwrap_or_default();
            let granted = rule.allow.get(role).map(|rights| words(rights)).unwrap_or_default();
            error = match granted.is_empty() {
                true if fixed => error.other(rule.span, format!("fixed here{reason}")),
                true => error.other(rule.span, format!("not open to the role {role}{reason}")),
                false => error.other(rule.span, format!("the role {role} may only {granted}{reason}")),
            };
        }
        self.offer(error, role, tier)
    }

    fn cut_by_tier(&self, contribution: &Contribution, right: Right, role: &str) -> Option<Diagnostic> {
        let tier = self.tier()?;
        let cut = self.policy.tier(tier)?;
        if cut.leaves(&contribution.path) {
            return None;
        }
        let message = format!("a partner of the tier {tier} may not {} `{}`", verb(right), contribution.path);
        let error = Diagnostic::error("E-TIER", message).at(contribution.span, self.speaker(role, Some(tier)));
        let error = match cut.span {
            Some(span) => error.other(span, "what this tier leaves open"),
            None => error,
        };
        Some(self.offer(error, role, Some(tier)))
    }

    /// Whether the layer's insertions, with those of the partner's other layers, are more than its tier has
    /// room for. All are counted together, whether or not they meet in a deployment.
    fn too_many(&self, own: usize) -> Option<Diagnostic> {
        let tier = self.tier()?;
        let cut = self.policy.tier(tier)?;
        let most = cut.max_inserted_blocks.filter(|_| own > 0)?;
        let partner = self.layer.selector.binds(self.catalog.settings.partner());
        let before = self.catalog.layer_ids().filter(|&id| id < self.id).map(|id| Checker {
            id,
            layer: self.catalog.layer(id),
            ..*self
        });
        let of_partner = before.filter(|other| other.layer.selector.binds(self.catalog.settings.partner()) == partner);
        let inserted = own + of_partner.map(|other| other.insertions()).sum::<usize>();
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
    fn offer(&self, error: Diagnostic, role: &str, tier: Option<&str>) -> Diagnostic {
        let may: Vec<String> = self
            .policy
            .may(role, tier)
            .into_iter()
            .map(|(rule, rights)| format!("{} ({})", rule.pattern.text(), words(&rights)))
            .collect();
        let error = if may.is_empty() { error } else { error.note(format!("may: {}", may.join("; "))) };
        error.help("take it out, or ask HQ to open it in `master-templates/policy.yaml`")
    }

    fn speaker(&self, role: &str, tier: Option<&str>) -> String {
        match tier {
            Some(tier) => format!("role {role}, tier {tier}"),
            None => format!("role {role}"),
        }
    }

    /// The tier of the layer's partner, from its entitlements.
    fn tier(&self) -> Option<&str> {
        tier_of(self.catalog, &self.layer.selector)
    }
}

/// The block or item a path stands in, which must exist elsewhere for an overlay to speak of it; a
/// plain value's own path.
pub fn place_of(path: &str) -> &str {
    match path.rfind(']') {
        Some(end) if !path.contains('#') => &path[..=end],
        _ => path.split('@').next().filter(|file| file.ends_with(".md")).unwrap_or(path),
    }
}

/// Whether a rule gives a role this right on what others say.
fn grants(rule: &Rule, role: &str, right: Right) -> bool {
    rule.allow.get(role).is_some_and(|rights| rights.contains(&right))
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
