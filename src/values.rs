//! Plain data of one deployment in one locale, from its resolved tree.
//!
//! Variables are late-bound (I1): a text is filled when its value is asked for, from the same tree, so
//! one override of `partner.name` reaches every text. What no partner and no deployment can change is
//! made once for a base, as a [`Shared`], and taken over by every deployment of it.

mod cycles;
pub mod marker;

use std::cell::{Cell, RefCell};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use crate::catalog::patch::Leaf;
use crate::data::{Data, DataMap};
use crate::diag::Diagnostics;
use crate::interpolate::{Escape, FillError, Scope, Text};
use crate::marks;
use crate::resolve::tree::{Resolved, Tree, Value};
use crate::schema::Kind;
use crate::source::Span;

use marker::Marker;

pub use cycles::cycles;

/// Roots whose values differ between the deployments of one base.
const OWN_ROOTS: [&str; 8] = ["partner", "deployment", "leads", "capture", "analytics", "times", "handoff", "duties"];

/// What all texts with variables below one key at the top may come to in one locale of a deployment, in bytes: each may be
/// short, and repeat a long one.
const MOST_FILLED: usize = 16 << 20;

/// What a text takes beside its bytes, and what one that cannot be filled takes: messages are long.
const FILLING: usize = 64;
const FAILURE: usize = 8 << 10;

/// What a base's deployments share beyond the data of its nodes: texts that are filled with what no deployment
/// has of its own, and what holds them.
///
/// A node is known by its address. The base's tree is kept alive here, so no address can be taken by
/// another node.
pub struct Shared {
    by_node: HashMap<usize, Data>,
    /// Blocks of pages, as [`crate::document`] makes them: by node, and whether there is plain text too.
    blocks: HashMap<(usize, bool), Data>,
    /// Where data of the base lies, once that is noted.
    addresses: HashSet<usize>,
    tree: Arc<Tree>,
    extras: DataMap,
    /// The variables in it. A deployment in which one of them has another value shares nothing.
    variables: BTreeSet<String>,
}

impl Shared {
    /// Nothing shared: for whoever asks one deployment a few questions.
    pub fn nothing() -> &'static Self {
        static NOTHING: std::sync::OnceLock<Shared> = std::sync::OnceLock::new();
        NOTHING.get_or_init(|| Shared::empty(Arc::default()))
    }

    fn empty(tree: Arc<Tree>) -> Self {
        let (by_node, blocks, addresses) = (HashMap::new(), HashMap::new(), HashSet::new());
        Self { by_node, blocks, addresses, tree, extras: DataMap::default(), variables: BTreeSet::new() }
    }

    /// Binds everything in a base's tree that depends on the base alone. `extras` are the computed
    /// roots, such as `package`.
    pub fn of(tree: &Arc<Tree>, extras: &DataMap, locale: &str) -> Self {
        let empty = Self::empty(tree.clone());
        let mut by_node = HashMap::new();
        let variables = {
            let mut values = Values::new(tree.clone(), Arc::new(extras.clone()), locale.into(), &empty);
            values.filled = None;
            for (key, child) in tree.children().filter(|(key, _)| is_data(key)) {
                if !OWN_ROOTS.contains(&&**key) {
                    values.share(child, &mut by_node);
                }
            }
            values.read.take()
        };
        Shared { by_node, extras: extras.clone(), variables, ..empty }
    }

    /// Notes where the data of the base lies, for [`Shared::owns`].
    pub fn note_addresses(&mut self) {
        fn visit(node: &Tree, addresses: &mut HashSet<usize>) {
            addresses.extend(node.data().and_then(Data::address));
            node.children().for_each(|(_, child)| visit(child, addresses));
        }
        let tree = self.tree.clone();
        tree.children().filter(|(key, _)| is_data(key)).for_each(|(_, child)| visit(child, &mut self.addresses));
        self.addresses.extend(self.by_node.values().filter_map(Data::address));
    }

    /// Adds blocks that are the same for all deployments of the base: `make` gives the data of each, with the
    /// variables that went into it.
    pub fn add_blocks(&mut self, locale: &str, make: impl FnOnce(&Values<'_>) -> Vec<(Block, BTreeSet<String>)>) {
        let mut values = Values::new(self.tree.clone(), Arc::new(self.extras.clone()), locale.into(), self);
        values.filled = None;
        for (Block { node, with_text, data }, variables) in make(&values) {
            self.variables.extend(variables);
            self.addresses.extend(data.address());
            self.blocks.insert((node, with_text), data);
        }
    }

    /// The data of a block that is the base's own and the same for all its deployments.
    pub fn block(&self, block: &Arc<Tree>, with_text: bool) -> Option<&Data> {
        self.blocks.get(&(address(block), with_text))
    }

    /// Whether this is data of the base, and so the same in every deployment that has it in this place.
    pub fn owns(&self, data: &Data) -> bool {
        data.address().is_some_and(|address| self.addresses.contains(&address))
    }

    /// Whether every variable that was filled in has the same value there.
    fn holds_for(&self, tree: &Tree, extras: &DataMap) -> bool {
        self.variables.iter().all(|path| {
            let root = root_of(path);
            match (self.extras.get(root), extras.get(root)) {
                (Some(base), Some(own)) => base == own,
                (None, None) => match (self.tree.at(path), tree.at(path)) {
                    (Some(base), Some(own)) => std::ptr::eq(base, own),
                    (base, own) => base.is_none() && own.is_none(),
                },
                _ => false,
            }
        })
    }
}

/// A block of the base.
pub struct Block {
    node: usize,
    with_text: bool,
    data: Data,
}

impl Block {
    pub fn new(node: &Arc<Tree>, with_text: bool, data: Data) -> Self {
        Self { node: address(node), with_text, data }
    }
}

/// The values of one deployment in one locale.
pub struct Values<'a> {
    tree: Arc<Tree>,
    extras: Arc<DataMap>,
    locale: Arc<str>,
    /// `None` where the deployment changes a variable that is filled into what is shared.
    shared: Option<&'a Shared>,
    /// Set when a value that only this deployment has was read.
    own: Cell<bool>,
    /// The variables that were asked for.
    read: RefCell<BTreeSet<String>>,
    /// Whether a computed value is still to come, and whether one was asked for that may be it.
    early: bool,
    asked_early: Cell<bool>,
    /// How much was filled below the key that is being bound, in bytes.
    spent: Cell<usize>,
    /// Texts that were filled, by node: a variable is used in many places. Empty while a base is
    /// shared, since a text that is not filled again does not tell what it reads.
    filled: Option<RefCell<HashMap<usize, Data>>>,
    /// The variables that were asked for, and whose values cannot be made.
    broken: RefCell<BTreeSet<String>>,
    /// The paths that are being filled, to notice a variable that needs itself.
    open: RefCell<Vec<String>>,
    /// Puts signs around texts, where a page is to tell what it shows.
    marker: Option<Arc<Marker>>,
}

impl<'a> Values<'a> {
    pub fn new(tree: Arc<Tree>, extras: Arc<DataMap>, locale: Arc<str>, shared: &'a Shared) -> Self {
        let shared = Some(shared).filter(|shared| shared.holds_for(&tree, &extras));
        let (own, read, open, broken) = (Cell::new(false), RefCell::default(), RefCell::default(), RefCell::default());
        let (filled, early, asked_early) = (Some(RefCell::default()), false, Cell::new(false));
        let spent = Cell::new(0);
        Self { tree, extras, locale, shared, own, read, early, asked_early, spent, filled, broken, open, marker: None }
    }

    /// Values of which a computed one is still to come, by [`Values::settled`]: texts that ask for it are filled
    /// again then, and all others once.
    #[must_use]
    pub fn early(self) -> Self {
        Self { early: true, ..self }
    }

    /// The same values with all that is computed.
    #[must_use]
    pub fn settled(self, extras: Arc<DataMap>) -> Self {
        Self { early: false, extras, ..self }
    }

    /// The same values with signs around their texts.
    #[must_use]
    pub fn marked(self, marker: Option<Arc<Marker>>) -> Self {
        Self { marker, ..self }
    }

    pub fn marker(&self) -> Option<&Arc<Marker>> {
        self.marker.as_ref()
    }

    /// The top level of the template context: all of `package.yaml`, the other files, the records of
    /// the axes and the computed roots. Markdown and assets are not in it.
    pub fn root(&self, diagnostics: &mut Diagnostics) -> DataMap {
        let mut root = DataMap::with_capacity_and_hasher(32, Default::default());
        for (key, child) in self.tree.children().filter(|(key, _)| is_data(key)) {
            self.spent.set(0);
            match self.bind(child) {
                Ok(data) => {
                    root.insert(key.clone(), data);
                }
                // What it follows from lies in the tree too, and is said there.
                Err(error) if error.follows => {}
                Err(error) => diagnostics.push(error.into()),
            }
        }
        root.extend(self.extras.iter().map(|(key, data)| (key.clone(), data.clone())));
        root
    }

    /// The data of a node, texts filled.
    pub fn bind(&self, node: &Arc<Tree>) -> Result<Data, FillError> {
        if let Some(data) = self.shared.and_then(|shared| shared.by_node.get(&address(node))) {
            return Ok(data.clone());
        }
        self.bind_tree(node)
    }

    fn bind_tree(&self, node: &Tree) -> Result<Data, FillError> {
        if let Some(data) = node.data().filter(|_| self.marker.is_none()) {
            return Ok(data.clone());
        }
        match node.value() {
            Value::Map(entries) => {
                let entries = entries.iter().map(|(key, child)| Ok((key.clone(), self.bind(child)?)));
                Ok(Data::Map(Arc::new(all_or_cause(entries)?.into_iter().collect())))
            }
            Value::List(items) => Ok(Data::List(all_or_cause(items.values().map(|item| self.bind(item)))?.into())),
            Value::Leaf(resolved) => match (&resolved.leaf, &self.filled) {
                (Leaf::Text { .. }, Some(filled)) => {
                    let place = std::ptr::from_ref(node) as usize;
                    if let Some(data) = filled.borrow().get(&place) {
                        return Ok(data.clone());
                    }
                    let around = self.asked_early.replace(false);
                    let data = self.leaf(resolved)?;
                    if !self.asked_early.get() {
                        filled.borrow_mut().insert(place, data.clone());
                    }
                    self.asked_early.set(around || self.asked_early.get());
                    Ok(data)
                }
                _ => self.leaf(resolved),
            },
        }
    }

    fn leaf(&self, resolved: &Resolved) -> Result<Data, FillError> {
        let data = resolved.leaf.data(&|text, kind| self.fill(text, kind, resolved.origin.span))?;
        Ok(match &self.marker {
            Some(marker) => marker.data(&resolved.leaf, &data),
            None => data,
        })
    }

    /// A text with its variables; one that has to be of a kind is.
    fn fill(&self, text: &Text, kind: Option<Kind>, span: Span) -> Result<Data, FillError> {
        self.spend(FILLING, span)?;
        let filled = text.fill(self, Escape::None);
        self.spend(filled.as_ref().map_or(FAILURE, |filled| filled.len()), span)?;
        let filled = filled?;
        let plain = marks::strip(&filled);
        let Some((kind, advice)) = kind.and_then(|kind| Some((kind, kind.advice(&plain)?))) else {
            return Ok(Data::Text(filled));
        };
        let message = format!("`{}` has to be {}", plain.escape_debug(), kind.describe());
        let origin = |name: &str| Some((self.tree.at(name)?.origin()?.span, format!("the value of `{name}`")));
        let others = text.variables().filter_map(origin).collect();
        Err(FillError { others, ..FillError::new("E-VALUE", message, span, Some(advice)) })
    }

    /// Notes that some bytes were filled; an error once all of them are too many.
    fn spend(&self, bytes: usize, span: Span) -> Result<(), FillError> {
        self.spent.set(self.spent.get().saturating_add(bytes));
        if self.spent.get() <= MOST_FILLED {
            return Ok(());
        }
        let message = format!("all texts with variables here come to more than {} MiB", MOST_FILLED >> 20);
        Err(FillError::new("E-LENGTH", message, span, Some("use fewer or shorter variables".to_owned())))
    }

    /// Notes the data of every node with variables that is the same for all deployments of the base. Whatever fails
    /// is left to the deployments, which know the place to name.
    fn share(&self, node: &Arc<Tree>, by_node: &mut HashMap<usize, Data>) -> bool {
        if !node.has_variables() {
            return true;
        }
        // Every child is visited, also behind one that is not shared.
        let whole = node.children().filter(|(_, child)| !self.share(child, by_node)).count() == 0;
        let data = |child: &Arc<Tree>| child.data().or_else(|| by_node.get(&address(child))).cloned();
        let shared = match node.value() {
            Value::Leaf(resolved) if !resolved.leaf.variables().any(is_own) => {
                self.own.set(false);
                let data = self.leaf(resolved);
                data.ok().filter(|_| !self.own.get())
            }
            // Without a deployment it could not be filled.
            Value::Leaf(_) => None,
            Value::Map(entries) => whole.then(|| {
                let entries = entries.iter().filter_map(|(key, child)| Some((key.clone(), data(child)?)));
                Data::Map(Arc::new(entries.collect()))
            }),
            Value::List(items) => whole.then(|| Data::list(items.values().filter_map(data))),
        };
        let is_shared = shared.is_some();
        if let Some(data) = shared {
            by_node.insert(address(node), data);
        }
        is_shared
    }

    /// Whether these values share what is shared at all; a deployment that changes one of its variables does not.
    pub fn shared(&self) -> Option<&'a Shared> {
        self.shared
    }

    /// What some work makes, with the variables it asked for; `None` if it asked for one that differs between
    /// the deployments of a base.
    pub fn free_of_own<T>(&self, work: impl FnOnce() -> Option<T>) -> Option<(T, BTreeSet<String>)> {
        self.own.set(false);
        self.read.take();
        let made = work()?;
        let read = self.read.take();
        (!self.own.get()).then_some((made, read))
    }

    /// The node at a path, for messages about it.
    pub fn node(&self, path: &str) -> Option<&Tree> {
        self.tree.at(path)
    }

    pub fn tree(&self) -> &Arc<Tree> {
        &self.tree
    }

    fn lookup(&self, path: &str) -> Option<Data> {
        let root = root_of(path);
        if is_own(path) {
            self.own.set(true);
        } else {
            self.read.borrow_mut().insert(path.to_owned());
        }
        if let Some(extra) = self.extras.get(root) {
            self.asked_early.set(self.asked_early.get() || self.early);
            return match path[root.len()..].strip_prefix('.') {
                Some(rest) => extra.at(rest).cloned(),
                None => Some(extra.clone()),
            };
        }
        let node = self.tree.at(path)?;
        // A value that cannot be filled is reported at its own place; here it is not there.
        self.bind_tree(node).map_err(|_| self.broken.borrow_mut().insert(path.to_owned())).ok()
    }
}

impl Scope for Values<'_> {
    fn value(&self, path: &str) -> Option<Data> {
        if self.open.borrow().iter().any(|open| open == path) {
            return None;
        }
        self.open.borrow_mut().push(path.to_owned());
        let value = self.lookup(path);
        self.open.borrow_mut().pop();
        value
    }

    fn link(&self, id: &str, _: &str) -> Result<String, String> {
        Err(format!("link `{id}` stands in a text outside of pages and emails"))
    }

    fn asset(&self, path: &str) -> Result<String, String> {
        Err(format!("asset `{path}` stands in a text outside of pages and emails"))
    }

    fn email_asset(&self, path: &str) -> Result<String, String> {
        self.asset(path)
    }

    fn node(&self, name: &str) -> Result<Option<String>, String> {
        Err(format!("words are bound to `{name}` in a text outside of pages and emails"))
    }

    fn is_broken(&self, path: &str) -> bool {
        self.broken.borrow().contains(path)
    }

    fn locale(&self) -> &str {
        &self.locale
    }

    fn roots(&self) -> Vec<Arc<str>> {
        let own = self.tree.children().map(|(key, _)| key.clone()).filter(|key| is_data(key));
        own.chain(self.extras.keys().cloned()).collect()
    }
}

/// What all came to, or why one failed: an error that follows from another is taken only where there is no other.
fn all_or_cause<T>(results: impl Iterator<Item = Result<T, FillError>>) -> Result<Vec<T>, FillError> {
    let (mut all, mut failed) = (Vec::with_capacity(results.size_hint().0), None);
    for result in results {
        match result {
            Ok(made) => all.push(made),
            Err(error) if error.follows => drop(failed.get_or_insert(error)),
            Err(error) => return Err(error),
        }
    }
    failed.map_or(Ok(all), Err)
}

/// The root of the template context that a variable starts from.
pub fn root_of(path: &str) -> &str {
    path.split(['.', '[']).next().unwrap_or(path)
}

/// Whether a variable has another value in each deployment of a base.
fn is_own(path: &str) -> bool {
    OWN_ROOTS.contains(&root_of(path))
}

/// Markdown files and assets stand in the tree too, under their paths.
pub fn is_data(key: &str) -> bool {
    !key.contains('/')
}

fn address(node: &Arc<Tree>) -> usize {
    Arc::as_ptr(node) as usize
}
