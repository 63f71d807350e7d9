//! Overlays that do nothing, and partners that only swap a logo.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use crate::catalog::patch::{Contribution, Right};
use crate::catalog::place::{lies_in, steps};
use crate::catalog::{Catalog, Layer, LayerId};
use crate::diag::{Diagnostic, Diagnostics, slip_of};
use crate::matrix::{self, Deployments};

use super::Program;

/// What is worth a look, though nothing is refused for it.
/// Of partners only those are looked at that have one of the deployments.
pub fn check(program: &Program, deployments: &Deployments) -> Diagnostics {
    let mut found = Diagnostics::default();
    // Of partners that cannot be read nobody knows what they are entitled to, and so what reaches no output.
    let is_whole = program.matrix().is_whole(program.catalog());
    for id in program.catalog().layer_ids().filter(|&id| !program.approved().is_broken(id)) {
        let layer = program.catalog().layer(id);
        found.extend(layer.contributions.iter().filter_map(|set| slip(program, set)));
        match layer.contributions.iter().find(|set| !is_record(layer, &set.path)) {
            Some(first) if is_whole && !is_live(program, layer) => found.push(dead(layer, first)),
            _ if layer.is_of_master() => {}
            _ => found.extend(layer.contributions.iter().filter_map(|set| redundant(program, id, set))),
        }
    }
    found.append(logo_swaps(program, deployments));
    found
}

/// A system of which nobody tells, where one is told of that is written almost like it.
fn slip(program: &Program, set: &Contribution) -> Option<Diagnostic> {
    let systems = set.path.strip_prefix("partner.")?;
    let text = set.text.as_deref().filter(|_| systems.starts_with("platforms."))?;
    let prefix = format!("{systems}[");
    let known = program.approved().index().below(&prefix).filter_map(|path| path[prefix.len()..].strip_suffix(']'));
    let known: Vec<&str> = known.collect();
    let near = slip_of(text, known.iter().copied()).filter(|_| !known.contains(&text))?;
    let warning = Diagnostic::warning("W-SLIP", format!("nobody tells what is done in `{text}`")).at(set.span, "");
    Some(warning.help(format!("did you mean `{near}`?")))
}

/// Whether a path is the layer's own description of its value.
fn is_record(layer: &Layer, path: &str) -> bool {
    layer.selector.bindings().iter().any(|binding| lies_in(path, &binding.name).is_some())
}

/// Whether a deployment has it, or it is of a value that records name, such as a tier: of these HQ has more than are used.
fn is_live(program: &Program, layer: &Layer) -> bool {
    let settings = &program.catalog().settings;
    let bindings = layer.selector.bindings();
    let is_in_stock = bindings.iter().all(|binding| settings.axis(binding.axis).from.is_some());
    (is_in_stock && !bindings.is_empty())
        || program.matrix().matching(program.catalog(), &[&layer.selector]).next().is_some()
}

fn dead(layer: &Layer, first: &Contribution) -> Diagnostic {
    Diagnostic::warning("W-DEAD", format!("no deployment has {}, so this reaches no output", layer.selector))
        .at(first.span, "")
        .help("take it out, or entitle a partner to the combination")
}

/// An override that says what the master says, where no other weaker layer says anything else.
fn redundant(program: &Program, id: LayerId, set: &Contribution) -> Option<Diagnostic> {
    let catalog = program.catalog();
    let layer = catalog.layer(id);
    if !matches!(set.right, Right::Replace | Right::ReplaceBody | Right::SetVar) || is_record(layer, &set.path) {
        return None;
    }
    let way = steps(&set.path);
    let own = layer.patch.find(&way)?;
    // In another language the master's translation is what would be shown.
    let master = catalog.layer(LayerId::MASTER);
    let text = match layer.locale == master.locale {
        true => &master.patch,
        false => master.translations.get(&layer.locale)?,
    };
    let below = text.find(&way).filter(|below| own.adds_nothing_to(below))?;
    let is_rival = |&other: &LayerId| {
        let other = catalog.layer(other);
        let stronger = other.selector.strength(&layer.selector) == Some(std::cmp::Ordering::Greater);
        !stronger && other.selector.join(&layer.selector, &catalog.axes).is_some()
    };
    let others = program.approved().index().layers(&set.path).iter().copied();
    if others.filter(|&other| other != id && other != LayerId::MASTER).any(|other| is_rival(&other)) {
        return None;
    }
    let message = format!("`{}` says here what the master says", set.path);
    let warning = Diagnostic::warning("W-REDUNDANT", message).at(set.span, "changes nothing");
    Some(warning.other(below.span, "the master").help("take it out: then it follows the master"))
}

/// G: partners of a tier that expects words of their own, whose layers hold identity alone.
fn logo_swaps(program: &Program, deployments: &Deployments) -> Diagnostics {
    let catalog = program.catalog();
    let own = own_layers(catalog);
    let Some(tier) = catalog.settings.axis_named("tier") else { return Diagnostics::default() };
    let mut swaps: BTreeMap<usize, Vec<Arc<str>>> = BTreeMap::new();
    for base in deployments.bases() {
        let tier = base.values[tier.0].map(|value| &*catalog.axes[tier.0].at(value).id);
        if !tier.and_then(|tier| program.approved().policy().tier(tier)).is_some_and(|cut| cut.own_words) {
            continue;
        }
        for &partner in &base.partners {
            let values = base.with_partner(catalog, partner);
            if own.get(&partner).is_none_or(|own| is_swap(catalog, own, &values)) {
                swaps.entry(partner).or_default().push(matrix::id(catalog, &values).into());
            }
        }
    }
    let mut found = Diagnostics::default();
    for (partner, deployments) in swaps {
        let value = catalog.axes[catalog.settings.partner().0].at(partner);
        let message = format!("`{}` changes the logo and its data, and no word", value.id);
        let warning = Diagnostic::warning("W-LOGOSWAP", message).at(value.span, "");
        let warning = warning.help("write what this partner adds, where policy lets it, or put it into another tier");
        found.push(Diagnostic { deployments, ..warning });
    }
    found
}

/// The layers of each partner, by its place in the axis.
fn own_layers(catalog: &Catalog) -> HashMap<usize, Vec<&Layer>> {
    let mut own: HashMap<usize, Vec<&Layer>> = HashMap::new();
    for layer in catalog.layer_ids().map(|id| catalog.layer(id)) {
        if let Some(binding) = layer.selector.binds(catalog.settings.partner()) {
            own.entry(binding.value).or_default().push(layer);
        }
    }
    own
}

fn is_swap(catalog: &Catalog, own: &[&Layer], values: &[Option<usize>]) -> bool {
    let is_identity = |set: &Contribution| *set.path == *"assets/logo.svg" || lies_in(&set.path, "partner").is_some();
    let matching = own.iter().filter(|layer| layer.selector.matches(values, &catalog.axes));
    matching.flat_map(|layer| &layer.contributions).all(is_identity)
}
