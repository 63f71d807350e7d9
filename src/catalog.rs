//! Axes, layers and what each layer says: the whole program before anything is combined.
//!
//! A [`Catalog`] holds every layer with its selector, its [`patch`] tree and the list of its
//! contributions. Nothing has been merged and no right has been checked.
//!
//! - [`settings`]: the axes and their order, from `cobrand.yaml`
//! - [`locales`]: tags, chains, writing direction
//! - [`selector`]: which deployments a layer matches, and the order of layers (O1)
//! - [`patch`]: what one layer says about one place
//! - [`convert`] and [`blocks`]: from syntax trees to patches, by the schema
//! - [`conditions`]: blocks of the master that stand under `when`
//! - [`layers`]: from files to layers
//! - [`ids`]: what may be the id of a partner or region
//! - [`layout`]: their order, and which of them can meet
//! - [`place`]: the paths people write
//! - [`moved`]: places that have another name now
//! - [`registry`]: partners, a row each

pub mod blocks;
pub mod conditions;
pub mod convert;
pub mod ids;
pub mod layers;
pub mod layout;
pub mod locales;
pub mod moved;
pub mod patch;
pub mod place;
pub mod registry;
pub mod selector;
pub mod settings;

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use crate::data::IndexMap;
use crate::html::Page;
use crate::paths::InputPath;
use crate::source::{SourceId, Span};
use crate::syntax::tree::Node;

use layout::Layout;
use locales::{Locale, LocaleId, Locales};
use moved::Moved;
use patch::{Contribution, Patch};
use registry::Registry;
use selector::Selector;
use settings::{AxisId, Settings};

/// Names one layer of a [`Catalog`]; the master is 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LayerId(pub u32);

impl LayerId {
    pub const MASTER: LayerId = LayerId(0);
}

/// Who wrote a layer. Of two with one selector the later variant is the stronger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Author {
    /// The master's own files, whether they speak for all deployments or under a condition (M8).
    Master,
    /// The folder of an axis' value, or its row.
    Overlay,
}

/// The master or an overlay: a selector and what is said for it.
#[derive(Debug)]
pub struct Layer {
    pub author: Author,
    pub selector: Selector,
    /// The folder or file that holds it, as it is named to the user.
    pub place: String,
    /// The locale its own files are written in (T2).
    pub locale: LocaleId,
    /// What its own files say.
    pub patch: Patch,
    /// What its translations say.
    pub translations: IndexMap<LocaleId, Patch>,
    /// Every single thing it sets, for rights and for `explain`.
    pub contributions: Vec<Contribution>,
    /// The files it came from.
    pub sources: Vec<SourceId>,
    /// Its row, if it has one in a registry.
    pub row: Option<Span>,
    /// Its contributions in the order of their paths, made when somebody asks for a path.
    pub by_path: ByPath,
}

/// The numbers of a layer's contributions in the order of their paths.
#[derive(Debug, Default)]
pub struct ByPath(OnceLock<Box<[u32]>>);

/// A value of an axis: `dach` of `region`.
#[derive(Debug)]
pub struct AxisValue {
    pub id: Arc<str>,
    pub parent: Option<usize>,
    /// 1 for a value without parent, 2 for its children.
    pub depth: u8,
    /// Where it is declared.
    pub span: Span,
    /// What of its record is read beside the merge: entitlements, what it narrows, its name. A row that is not made into a
    /// layer stays where it is; [`Catalog::record`] finds it.
    record: Option<Box<Node>>,
}

/// All values of an axis in the order of their ids.
#[derive(Debug, Default)]
pub struct AxisValues {
    values: IndexMap<Arc<str>, AxisValue>,
    /// Those that others name as their parent.
    parents: BTreeSet<usize>,
}

impl AxisValues {
    pub fn get(&self, id: &str) -> Option<&AxisValue> {
        self.values.get(id)
    }

    pub fn index(&self, id: &str) -> Option<usize> {
        self.values.get_index_of(id)
    }

    pub fn at(&self, index: usize) -> &AxisValue {
        &self.values[index]
    }

    pub fn len(&self) -> usize {
        self.values.len()
    }

    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    pub fn iter(&self) -> impl Iterator<Item = &AxisValue> {
        self.values.values()
    }

    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.values.keys().map(|id| &**id)
    }

    /// Whether a value names this one as its parent.
    pub fn is_parent(&self, index: usize) -> bool {
        self.parents.contains(&index)
    }

    /// The value and its ancestors, itself first.
    pub fn lineage(&self, index: usize) -> impl Iterator<Item = usize> + '_ {
        std::iter::successors(Some(index), |&at| self.values[at].parent)
    }
}

/// A file of a layer that is taken whole: an image, a style sheet, a template.
#[derive(Clone, Debug)]
pub struct Asset {
    /// Where it lies in the workspace.
    pub input: InputPath,
    pub bytes: Arc<[u8]>,
    pub digest: [u8; 32],
    page: OnceLock<Option<Arc<Page>>>,
}

impl Asset {
    pub fn new(input: InputPath, bytes: Arc<[u8]>, digest: [u8; 32]) -> Self {
        Self { input, bytes, digest, page: OnceLock::new() }
    }

    /// What stands in it, if it may hold addresses; read once for all packages that have it.
    pub fn page(&self) -> Option<&Arc<Page>> {
        let read = || Page::of(self.input.extension(), &self.bytes).map(Arc::new);
        self.page.get_or_init(read).as_ref()
    }
}

impl PartialEq for Asset {
    /// Two assets are one if their bytes are (F3).
    fn eq(&self, other: &Self) -> bool {
        self.digest == other.digest
    }
}

/// The whole program, layer by layer.
#[derive(Debug)]
pub struct Catalog {
    pub settings: Settings,
    pub locales: Locales,
    /// The values of each axis of [`Settings::axes`], in that order.
    pub axes: Vec<AxisValues>,
    pub registry: Registry,
    /// The master first.
    pub layers: Vec<Layer>,
    pub layout: Layout,
    /// `master-templates/policy.yaml`.
    pub policy: Node,
    /// `master-templates/waivers.yaml`, if there is one.
    pub waivers: Option<Node>,
    /// `master-templates/moved.yaml`: the places that have another name now, each with its last one (V8).
    pub moved: Vec<Moved>,
    /// The sources of `templates/**` by the name templates are called by.
    pub templates: IndexMap<Arc<str>, SourceId>,
}

impl Layer {
    /// What it sets at a path.
    pub fn said_at(&self, path: &str) -> impl Iterator<Item = &Contribution> {
        let sorted = self.by_path.0.get_or_init(|| {
            let mut sorted: Box<[u32]> = (0..self.contributions.len() as u32).collect();
            sorted.sort_by_key(|&number| &self.contributions[number as usize].path);
            sorted
        });
        let path_of = |number: &u32| &*self.contributions[*number as usize].path;
        let from = sorted.partition_point(|number| path_of(number) < path);
        let to = sorted.partition_point(|number| path_of(number) <= path);
        sorted[from..to].iter().map(|&number| &self.contributions[number as usize])
    }

    /// Whether its words are the master's own, which nothing limits.
    pub fn is_of_master(&self) -> bool {
        self.author == Author::Master
    }
}

impl Catalog {
    pub fn layer(&self, id: LayerId) -> &Layer {
        &self.layers[id.0 as usize]
    }

    pub fn layer_ids(&self) -> impl Iterator<Item = LayerId> {
        (0..self.layers.len() as u32).map(LayerId)
    }

    pub fn locale(&self, id: LocaleId) -> &Locale {
        self.locales.get(id)
    }

    /// What of a value's record is read beside the merge.
    pub fn record(&self, axis: AxisId, value: usize) -> Option<Cow<'_, Node>> {
        let value = self.axes[axis.0].at(value);
        match &value.record {
            Some(record) => Some(Cow::Borrowed(record)),
            None => self.registry.part(value.span).map(Cow::Owned),
        }
    }

    /// Whether a value is made into layers: it has files, or somebody asks for it.
    pub fn speaks(&self, axis: AxisId, value: usize) -> bool {
        self.axes[axis.0].at(value).record.is_some()
    }

    /// Whether this place, `partners/acme` or `partner=acme`, is that of a partner who is not made into layers.
    pub fn is_silent(&self, place: &str) -> bool {
        let partner = self.settings.partner();
        let axis = self.settings.axis(partner);
        let id = [(&axis.folder, '/'), (&axis.name, '=')]
            .into_iter()
            .find_map(|(name, sign)| place.strip_prefix(&**name)?.strip_prefix(sign));
        id.and_then(|id| self.axes[partner.0].index(id)).is_some_and(|value| !self.speaks(partner, value))
    }

    /// The layer that a source belongs to.
    pub fn layer_of(&self, source: SourceId) -> Option<LayerId> {
        self.layer_ids().find(|&id| self.layer(id).sources.contains(&source))
    }
}
