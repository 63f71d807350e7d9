//! What an `$inherit` finds (V6): what the layers that it listens to say at its place, as if there were no others.
//!
//! Where all that is said of a place is at hand, that is a choice among it. Below an operation it is not: what a
//! `$replace` around the place hides is looked up from the roots of those layers, down the way on which the `$inherit` lies.

use std::borrow::Cow;

use crate::catalog::LayerId;
use crate::catalog::patch::{Keyed, PatchKind, entry_path, item_path};
use crate::catalog::place::Step;
use crate::catalog::settings::AxisId;
use crate::diag::Diagnostic;

use super::input::{Input, is_whole};
use super::merge::Merge;
use super::order;

/// The strongest that an `$inherit` still listens to.
enum Limit {
    Master,
    Layer(LayerId),
    Axis(AxisId),
}

impl<'a> Merge<'_, 'a> {
    /// What an `$inherit` leads to, which stands by now. Where there is nothing, that is said.
    pub fn inherited(&mut self, inherit: Input<'a>, all: &[Input<'a>]) -> Vec<Input<'a>> {
        let found = self.found(inherit, all);
        let name = named(&inherit).unwrap_or("master");
        let error = match self.limit(&inherit) {
            None => Diagnostic::error("E-NOTARGET", format!("there is no weaker layer `{name}`")).help(NAMES),
            Some(_) if found.is_empty() => {
                let message = match name {
                    "master" => format!("the master says nothing of `{}`", self.path),
                    name => format!("`{name}` and what is weaker say nothing of `{}`", self.path),
                };
                Diagnostic::error("E-NOTARGET", message).help("name a layer that does, or write the value itself")
            }
            Some(_) => return found,
        };
        self.diagnostics.push(error.at(inherit.patch.span, ""));
        found
    }

    /// All that is said of a place together with what is inherited there from behind an operation around it: in which
    /// language that is counts as soon as a text is chosen.
    pub fn with_inherited<'i>(&mut self, inputs: &'i [Input<'a>]) -> Cow<'i, [Input<'a>]> {
        if self.is_all || !inputs.iter().any(is_inherit) {
            return inputs.into();
        }
        let mut all = inputs.to_vec();
        for &inherit in inputs.iter().filter(|input| is_inherit(input)) {
            let is_outdone = inputs.iter().any(|other| {
                matches!(other.patch.kind, PatchKind::Remove | PatchKind::Inherit(_))
                    && self.is_stronger(other.layer, inherit.layer)
            });
            let found = if is_outdone { Vec::new() } else { self.found(inherit, inputs) };
            all.extend(found.into_iter().filter(|found| inputs.iter().all(|o| o.identity() != found.identity())));
        }
        let roots = &self.roots;
        let root = |input: &Input<'a>| {
            let is_translation = input.translation && !input.hidden;
            let is_of = |root: &Input<'a>| {
                (root.layer, root.translation, root.locale) == (input.layer, is_translation, input.locale)
            };
            roots.iter().position(is_of)
        };
        all.sort_by_key(root);
        all.dedup_by_key(|input| input.identity());
        all.into()
    }

    fn found(&mut self, inherit: Input<'a>, all: &[Input<'a>]) -> Vec<Input<'a>> {
        let limit = self.limit(&inherit).unwrap_or(Limit::Master);
        let listens = |input: &&Input<'a>| input.layer != inherit.layer && self.is_within(&limit, input.layer);
        if self.is_all {
            return with_own(all.iter().filter(listens).copied().collect());
        }
        let layer = self.catalog.layer(inherit.layer);
        let way = layer.patch.steps_to(inherit.patch).unwrap_or_default();
        let said = self.roots.iter().filter(listens).copied().collect();
        self.at(said, &way)
    }

    fn is_within(&self, limit: &Limit, layer: LayerId) -> bool {
        let settings = &self.catalog.settings;
        match *limit {
            Limit::Master => self.catalog.layer(layer).is_of_master(),
            Limit::Layer(target) => self.is_weaker_or_same(layer, target),
            Limit::Axis(axis) => {
                let bindings = self.catalog.layer(layer).selector.bindings();
                bindings.iter().all(|b| b.axis == axis || settings.band_of(b.axis) < settings.band_of(axis))
            }
        }
    }

    /// How far up an `$inherit` looks; `None` if there is no such layer below its own.
    fn limit(&self, inherit: &Input<'a>) -> Option<Limit> {
        let Some(name) = named(inherit) else { return Some(Limit::Master) };
        let catalog = self.catalog;
        if let Some(axis) = catalog.settings.axis_named(name) {
            let bindings = catalog.layer(inherit.layer).selector.bindings();
            let own = bindings.iter().map(|binding| catalog.settings.band_of(binding.axis)).max();
            return (Some(catalog.settings.band_of(axis)) < own).then_some(Limit::Axis(axis));
        }
        let named = catalog.layer_ids().find(|&id| catalog.layer(id).selector.to_string() == name)?;
        self.is_stronger(inherit.layer, named).then_some(Limit::Layer(named))
    }

    /// Whether an item that the list does not have is inherited, from where an operation around it does not hide it.
    pub fn brings_back(&mut self, item: &Input<'a>, id: &str) -> bool {
        if self.is_all || item.translation || !is_inherit(item) {
            return false;
        }
        let list = self.path.clone();
        self.path = item_path(&list, id);
        let found = self.found(*item, &[]);
        self.path = list;
        !found.is_empty()
    }

    /// What some layers, which say so much in all, come to say at a place of theirs.
    fn at(&mut self, mut inputs: Vec<Input<'a>>, way: &[Step]) -> Vec<Input<'a>> {
        let (path, siblings) = (std::mem::take(&mut self.path), std::mem::take(&mut self.siblings));
        for step in way {
            inputs = self.opened(inputs);
            inputs = match step {
                Step::Key(key) => {
                    self.path = entry_path(&self.path, key);
                    entries(&inputs, key)
                }
                Step::Item(id) => {
                    self.siblings = keyed(&inputs);
                    let item = if self.is_item(id) { self.said_of(id) } else { Vec::new() };
                    self.path = item_path(&self.path, id);
                    item
                }
            };
        }
        (self.path, self.siblings) = (path, siblings);
        inputs
    }

    /// What is said of a place once the operations on it have had their way.
    fn opened(&mut self, inputs: Vec<Input<'a>>) -> Vec<Input<'a>> {
        let visible = self.visible(&inputs);
        match visible.iter().find(|input| !input.translation && is_whole(&input.patch.kind)).copied() {
            Some(whole) => {
                let beneath = self.beneath(whole, &visible, &inputs);
                self.choosing(whole, |merge| merge.opened(beneath))
            }
            None => visible,
        }
    }

    /// What counts beneath an operation that stands: what it leads to, and what is stronger.
    pub fn beneath(&mut self, whole: Input<'a>, visible: &[Input<'a>], all: &[Input<'a>]) -> Vec<Input<'a>> {
        // What is inherited or chosen brings its own translations: those of what it hides say something else.
        let brings_texts = matches!(whole.patch.kind, PatchKind::Inherit(_) | PatchKind::Choose(_));
        let is_text = |input: &Input<'_>| input.translation && (!brings_texts || input.layer == whole.layer);
        let above = |input: &&Input<'_>| is_text(input) || self.is_stronger(input.layer, whole.layer);
        let above: Vec<Input<'a>> = visible.iter().filter(above).copied().collect();
        let below = match &whole.patch.kind {
            PatchKind::Replace(inner) => vec![Input { patch: inner, whole: true, ..whole }],
            PatchKind::Inherit(_) => self.found(whole, all),
            // What is put around a block or into it needs the block itself, which brings its id.
            PatchKind::Choose(variant) if self.is_circle(&variant.value) => return Vec::new(),
            PatchKind::Choose(variant) => self.said_of(&variant.value),
            _ if above.iter().any(|input| input.sets_anew(&self.path)) => Vec::new(),
            _ => return Vec::new(),
        };
        [below, above].concat()
    }

    /// Whether somebody brings in an item of the list around it, and does not only change it.
    pub fn is_item(&self, id: &str) -> bool {
        let mut siblings = self.siblings.iter();
        siblings.any(|(input, keyed)| order::introduces(self.catalog, &self.path, input, keyed, id))
    }
}

const NAMES: &str = "name a weaker axis such as `region`, a layer such as `region=dach`, or `master`";

fn is_inherit(input: &Input<'_>) -> bool {
    !input.translation && matches!(input.patch.kind.innermost(), PatchKind::Inherit(_))
}

fn named<'a>(inherit: &Input<'a>) -> Option<&'a str> {
    match inherit.patch.kind.innermost() {
        PatchKind::Inherit(Some(name)) => Some(&name.value),
        _ => None,
    }
}

/// Nothing, where there are only translations: they bring nothing in (T6).
fn with_own(found: Vec<Input<'_>>) -> Vec<Input<'_>> {
    if found.iter().all(|input| input.translation) { Vec::new() } else { found }
}

/// What is said of a key.
fn entries<'a>(inputs: &[Input<'a>], key: &str) -> Vec<Input<'a>> {
    let entry = |input: &Input<'a>| match &input.patch.kind {
        PatchKind::Map(entries) => entries.get(key).map(|patch| Input { patch, ..*input }),
        _ => None,
    };
    with_own(inputs.iter().filter_map(entry).collect())
}

/// The keyed lists among some words.
pub fn keyed<'a>(inputs: &[Input<'a>]) -> Vec<(Input<'a>, &'a Keyed)> {
    let keyed = |input: &Input<'a>| match &input.patch.kind {
        PatchKind::Keyed(keyed) => Some((*input, &**keyed)),
        _ => None,
    };
    inputs.iter().filter_map(keyed).collect()
}
