//! All that words can be bound to (J16), in any layer, with what people call it: known once for a program.

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;
use std::sync::Arc;

use crate::catalog::locales::LocaleId;
use crate::catalog::patch::{Leaf, Patch, PatchKind};
use crate::catalog::place::{Step, steps};
use crate::catalog::{Catalog, LayerId};
use crate::digest::Digest;
use crate::guard::Approved;
use crate::interpolate::bound;
use crate::recent::Recent;
use crate::resolve::tree::Tree;
use crate::schema::journey::nodes::{self, NODES};
use crate::source::Span;

use super::mentions::Finder;

/// Every node that some layer writes which is no single partner's.
#[derive(Debug)]
pub struct Nodes {
    pub all: Vec<Node>,
    /// Of their titles, and of what words are bound to.
    pub mentions: Finder,
    /// What a deployment is told of them, also of those that only layers of others write.
    pub digest: Digest,
    /// What was printed before, by what was made.
    printed: Recent<Digest, Paths>,
}

/// In each language the paths of the texts that are printed in it.
pub type Paths = BTreeMap<LocaleId, BTreeSet<Arc<str>>>;

#[derive(Debug)]
pub struct Node {
    /// `journey.machines[sales].states[offered]`
    pub path: Arc<str>,
    pub steps: Vec<Step>,
    /// The short one: `sales.offered`.
    pub name: String,
    /// The layers that write it, or change it.
    pub layers: Vec<LayerId>,
    pub titles: Vec<Title>,
    /// The key of its title, where it has one.
    pub key: Option<&'static str>,
}

/// What people call a node, as one layer says it in one language.
#[derive(Debug)]
pub struct Title {
    pub text: Arc<str>,
    pub layer: LayerId,
    pub locale: LocaleId,
    pub span: Span,
}

impl Nodes {
    pub fn of(approved: &Approved) -> Self {
        let catalog = approved.catalog();
        let partner = catalog.settings.partner();
        let is_shared = |&id: &LayerId| catalog.layer(id).selector.binds(partner).is_none();
        let translating: Vec<LayerId> =
            catalog.layer_ids().filter(|id| is_shared(id) && !catalog.layer(*id).translations.is_empty()).collect();
        let index = approved.index();
        let node = |path: &str| {
            let name = nodes::name(path)?;
            let mut layers = index.layers(path).to_vec();
            layers.retain(is_shared);
            let key = nodes::title(path);
            let steps = steps(path);
            let titles = key.map(|key| titles(catalog, &layers, &translating, &steps, key)).unwrap_or_default();
            (!layers.is_empty()).then(|| Node { path: path.into(), steps, name, layers, titles, key })
        };
        let lists = NODES.iter().flat_map(|nodes| index.below(nodes.list).filter_map(&node).collect::<Vec<_>>());
        let all: Vec<Node> = lists.collect();
        let titles = all.iter().flat_map(|node| &node.titles).map(|title| title.text.clone()).collect();
        let digest = digest(catalog, &all);
        Self { all, mentions: Finder::new(titles), digest, printed: Recent::default() }
    }

    /// The paths of what is printed, for those who make the same.
    pub fn printed(&self, made: Digest, find: impl FnOnce() -> Paths) -> Arc<Paths> {
        let Ok(paths) = self.printed.get(made, || Ok::<_, Infallible>(find()));
        paths
    }
}

impl Node {
    /// Itself in a tree.
    pub fn find<'t>(&self, tree: &'t Tree) -> Option<&'t Tree> {
        self.steps.iter().try_fold(tree, |node, step| Some(&**node.get(step.name())?))
    }

    /// Where a layer writes it.
    pub fn written_in(&self, catalog: &Catalog, layer: LayerId) -> Option<Span> {
        catalog.layer(layer).patch.find(&self.steps).map(|patch| patch.span)
    }
}

fn digest(catalog: &Catalog, nodes: &[Node]) -> Digest {
    let layer = |id: LayerId| catalog.layer(id).selector.to_string();
    let title = |title: &Title| (title.text.clone(), layer(title.layer), title.locale);
    let told = |node: &Node| {
        let layers: Vec<String> = node.layers.iter().map(|&id| layer(id)).collect();
        (node.path.clone(), layers, node.titles.iter().map(title).collect::<Vec<_>>())
    };
    Digest::of_value(&nodes.iter().map(told).collect::<Vec<_>>())
}

fn titles(
    catalog: &Catalog,
    layers: &[LayerId],
    translating: &[LayerId],
    steps: &[Step],
    key: &'static str,
) -> Vec<Title> {
    let way: Vec<Step> = steps.iter().cloned().chain([Step::Key(key.into())]).collect();
    let title = |layer: LayerId, locale: LocaleId, patch: &Patch| {
        let said = patch.find(&way)?;
        Some(Title { text: text_of(&said.kind)?, layer, locale, span: said.span })
    };
    let own = layers.iter().filter_map(|&id| title(id, catalog.layer(id).locale, &catalog.layer(id).patch));
    let translated = translating.iter().flat_map(|&id| {
        let translations = catalog.layer(id).translations.iter();
        translations.filter_map(move |(&locale, patch)| title(id, locale, patch))
    });
    own.chain(translated).collect()
}

/// A text that is the same wherever it stands.
fn text_of(kind: &PatchKind) -> Option<Arc<str>> {
    match kind {
        PatchKind::Leaf(leaf) | PatchKind::Neutral(leaf) => fixed(leaf),
        PatchKind::Replace(inner) => text_of(&inner.kind),
        _ => None,
    }
}

/// What a leaf says, where nothing has to be filled in.
pub fn fixed(leaf: &Leaf) -> Option<Arc<str>> {
    match leaf {
        Leaf::Str(text) => Some(text.clone()),
        Leaf::Text { source, text, .. } if text.is_fixed() => Some(bound::plain(source).as_ref().into()),
        _ => None,
    }
}
