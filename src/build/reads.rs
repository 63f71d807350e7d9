//! What a package is made from: the values that its templates and components read, without their places.
//!
//! What a template may read is known from its text ([`crate::template::Reads`]), and a component reads its input,
//! which holds no more than [`crate::package::roots`]. So a package is made again when one of these values is
//! another one, and not for a remark, a value that only moved, or one that nothing reads.
//!
//! A text counts as it is written, with each variable in it as one more value that is read.

use std::collections::BTreeSet;
use std::hash::Hash;
use std::sync::Arc;

use indexmap::map::Entry;

use crate::catalog::locales::LocaleId;
use crate::components::{ComponentKind, readers};
use crate::data::{Data, IndexMap};
use crate::digest::{Digest, ValueDigester};
use crate::emit::Key;
use crate::journey::telling::READS;
use crate::package;
use crate::resolve::tree::{Tree, Value};
use crate::template::Reads;
use crate::values::root_of;

use super::inputs::FINGERPRINT;
use super::prepared::Prepared;
use super::{Program, named};

/// Where in a package's input a part lies.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// The program, its options and the deployment itself, by what it is.
    Fact(&'static str),
    /// A value in a locale, told by its tag: `sales.follow_ups`, `content/landing.md`.
    Value(Arc<str>, Arc<str>),
    /// Whether there is a value.
    There(Arc<str>, Arc<str>),
    /// The keys of a map, in their order.
    Keys(Arc<str>, Arc<str>),
    /// A template's own text.
    Template(Arc<str>),
    /// A file that goes with the site.
    Asset(Arc<str>),
    /// The names of the files that a page's or component's values are from, which its manifest lists.
    Sources(Arc<str>, Arc<str>),
    /// Which parts of a kind there are: of one that is gone nothing else tells.
    Names(&'static str),
}

/// The table of links, of which a package has some.
const LINKS: &str = "tracking.links";

/// The kinds of parts whose names are kept.
const VALUES: &str = "which values are read";
const TEMPLATES: &str = "which templates are used";
const ASSETS: &str = "which files go along";
const SOURCES: &str = "which files it comes from";

impl Part {
    /// As people read it.
    pub fn describe(&self) -> String {
        match self {
            Self::Fact(fact) => (*fact).to_owned(),
            Self::Value(tag, path) => format!("`{path}` in {tag}"),
            Self::There(tag, path) => format!("whether there is `{path}` in {tag}"),
            Self::Keys(tag, path) => format!("the keys of `{path}` in {tag}"),
            Self::Template(name) => format!("the template `{name}`"),
            Self::Asset(path) => format!("the file `{path}`"),
            Self::Sources(_, path) => format!("the files that `{path}` comes from"),
            Self::Names(kind) => (*kind).to_owned(),
        }
    }

    /// Where its name is kept.
    fn kind(&self) -> &'static str {
        match self {
            Self::Fact(_) | Self::Value(..) | Self::There(..) | Self::Keys(..) => VALUES,
            Self::Template(_) => TEMPLATES,
            Self::Asset(_) => ASSETS,
            Self::Sources(..) => SOURCES,
            Self::Names(kind) => kind,
        }
    }
}

/// All parts of a package's input, each with its digest, in the order in which they are come upon.
pub struct Parts(IndexMap<Part, Digest>);

impl Parts {
    /// What all packages of a program are made from.
    pub fn of_program(program: &Program) -> Self {
        let identity = program.identity();
        let forms = program.catalog().settings.tokens.iter().map(|form| (&form.open, &form.close));
        let forms: Vec<_> = forms.collect();
        let facts = [
            ("this version of the program", Digest::of_value(FINGERPRINT)),
            (
                "the package's id, version and date",
                Digest::of_value(&(&identity.id, &identity.version, identity.released)),
            ),
            ("the policy", program.approved().policy().digest),
            ("what HQ's words have email platforms fill in", Digest::of_value(&(forms, program.marks()))),
            ("the hosts that HQ's words name", Digest::of_value(program.hosts())),
        ];
        Self(facts.into_iter().map(|(name, digest)| (Part::Fact(name), digest)).collect())
    }

    /// With everything that making this package reads, but for links.
    pub fn with(&self, prepared: &Prepared<'_>) -> Self {
        let (read, waiting) = (BTreeSet::new(), Vec::new());
        let mut gathering = Gathering { prepared, parts: self.0.clone(), read, waiting };
        gathering.deployment();
        gathering.pages();
        gathering.components();
        gathering.assets();
        gathering.follow();
        Self(gathering.parts)
    }

    /// With the links that its values name and those that its making asks for, as it told before.
    pub fn asking(&self, prepared: &Prepared<'_>, asked: &str) -> Self {
        let (read, waiting) = (BTreeSet::new(), Vec::new());
        let mut gathering = Gathering { prepared, parts: self.0.clone(), read, waiting };
        gathering.links(asked);
        gathering.follow();
        Self(gathering.parts)
    }

    /// What the ledger keeps of it; `inputs` names the layers that it was found in, and `links` those that were asked for.
    pub fn key(&self, inputs: Digest, links: Arc<str>) -> Key {
        let mut whole = ValueDigester::default();
        self.0.iter().for_each(|part| part.hash(&mut whole));
        let mut parts: Vec<u32> = self.0.iter().map(sum).collect();
        parts.extend(self.names().map(|(_, sum)| sum));
        parts.sort_unstable();
        Key { inputs, values: whole.digest(), parts, links }
    }

    /// What is new or another than in a package of that key; where nothing is, of which kind something is gone.
    pub fn beside(&self, key: &Key) -> BTreeSet<Part> {
        let is_new = |sum: u32| key.parts.binary_search(&sum).is_err();
        let new = self.0.iter().filter(|entry| is_new(sum(*entry))).map(|(part, _)| part.clone());
        let new: BTreeSet<Part> = new.collect();
        match new.is_empty() {
            true => self.names().filter(|(_, sum)| is_new(*sum)).map(|(kind, _)| kind).collect(),
            false => new,
        }
    }

    /// What the names of each kind come to, in whatever order.
    fn names(&self) -> impl Iterator<Item = (Part, u32)> {
        let mut sums = [VALUES, TEMPLATES, ASSETS, SOURCES].map(|kind| (kind, 0_u32));
        for part in self.0.keys() {
            let own = sums.iter_mut().find(|(kind, _)| *kind == part.kind());
            own.into_iter().for_each(|(_, sum)| *sum = sum.wrapping_add(name(part)));
        }
        sums.into_iter().map(|(kind, sum)| (Part::Names(kind), name(&Part::Names(kind)) ^ sum))
    }
}

/// A checksum of a part with its name.
fn sum((part, digest): (&Part, &Digest)) -> u32 {
    let [a, b, c, d, ..] = digest.0;
    name(part) ^ u32::from_le_bytes([a, b, c, d])
}

fn name(part: &Part) -> u32 {
    let mut name = crc32fast::Hasher::new();
    part.hash(&mut name);
    name.finalize()
}

struct Gathering<'a> {
    prepared: &'a Prepared<'a>,
    parts: IndexMap<Part, Digest>,
    /// The templates whose words were looked at.
    read: BTreeSet<(LocaleId, &'a Arc<str>)>,
    /// Nodes whose variables are not followed yet.
    waiting: Vec<(LocaleId, &'a Tree)>,
}

impl<'a> Gathering<'a> {
    /// What a locale is called, whatever others there are.
    fn tag(&self, locale: LocaleId) -> Arc<str> {
        self.prepared.program.catalog().locale(locale).tag.clone()
    }

    fn fact(&mut self, name: &'static str, value: &(impl Hash + ?Sized)) {
        self.parts.insert(Part::Fact(name), Digest::of_value(value));
    }

    fn deployment(&mut self) {
        let deployment = &self.prepared.deployment;
        let axes: Vec<_> = deployment.axes.iter().collect();
        self.fact("the deployment", &(&deployment.id, &deployment.slug, &deployment.url, axes, &deployment.locales));
        // Of the others it has nothing.
        let locales = &self.prepared.program.catalog().locales;
        let tag = |id: &LocaleId| &locales.get(*id).tag;
        let own = self.prepared.locales().map(|id| locales.get(id));
        let own = own.map(|own| (&own.tag, &own.name, own.rtl, own.chain.iter().map(tag).collect::<Vec<_>>()));
        self.fact("its locales in `package.yaml`", &own.collect::<Vec<_>>());
        let consent =
            self.prepared.data.get("region").and_then(|region| region.at("consent.version")).and_then(Data::as_str);
        self.fact("what forms know by themselves", &(self.prepared.links.campaign(), consent));
        self.fact("by which links words lead to forms", &self.prepared.bound.links().collect::<Vec<_>>());
    }

    /// Each link by itself, so that others change nothing.
    fn links(&mut self, asked: &str) {
        let prepared = self.prepared;
        let source = prepared.program.catalog().locales.source();
        let Some(localized) = prepared.in_source() else { return };
        let asked = asked.split(',').filter(|id| !id.is_empty());
        let placed = prepared.package.tracking.placements.iter().map(|placement| &*placement.link);
        let all: BTreeSet<&str> = asked.chain(placed).chain(named::ids(&prepared.plan, &localized.tree)).collect();
        for path in all.into_iter().map(|id| Arc::from(format!("{LINKS}[{id}]"))) {
            match localized.tree.at(&path) {
                Some(link) => self.node(source, &path, link),
                None => drop(self.parts.insert(Part::Value(self.tag(source), path), Digest::of_value(&Data::Null))),
            }
        }
    }

    /// What pages, documents and emails show.
    fn pages(&mut self) {
        let prepared = self.prepared;
        let mut made_in: Vec<(&str, LocaleId)> = Vec::new();
        for document in &prepared.plan.documents {
            for output in &document.outputs {
                let locale = prepared.made_in(&output.path, output.locale);
                made_in.push((output.path.as_str(), locale));
                self.template(locale, &document.template);
                self.content(locale, document.content.as_ref());
            }
        }
        for email in &prepared.plan.emails {
            for output in &email.outputs {
                let locale = prepared.made_in(&output.html, output.locale);
                made_in.push((output.html.as_str(), locale));
                [&email.html, &email.text].into_iter().for_each(|name| self.template(locale, name));
                self.content(locale, Some(&email.content));
            }
        }
        made_in
            .iter()
            .map(|&(_, locale)| locale)
            .collect::<BTreeSet<_>>()
            .into_iter()
            .for_each(|locale| self.around(locale));
        let made_in: Vec<_> = made_in.into_iter().map(|(path, locale)| (path, self.tag(locale))).collect();
        self.fact("the languages of pages and emails", &made_in);
    }

    /// What pages of a locale are made from, whatever their templates name.
    fn around(&mut self, locale: LocaleId) {
        // What an email's subject and sender are put together from, and where forms are sent.
        let paths = ["nurture", "region.legal.subject_prefix", "tracking.form"];
        paths.iter().for_each(|&path| self.value(locale, &path.into()));
    }

    /// A template with all that it includes, each once.
    fn template(&mut self, locale: LocaleId, name: &Arc<str>) {
        let engine = self.prepared.program.engine();
        for name in engine.reads(name).iter().flat_map(|reads| &reads.whole) {
            if self.read.insert((locale, name)) {
                self.own_of_template(locale, name);
            }
        }
    }

    fn own_of_template(&mut self, locale: LocaleId, name: &Arc<str>) {
        let Some(Reads { paths, tested, digest, .. }) = self.prepared.program.engine().reads(name) else { return };
        self.parts.insert(Part::Template(name.clone()), *digest);
        let Some(localized) = self.prepared.localized(locale) else { return };
        // A name that is not there is none of the context: once it is, it counts.
        let is_there = |path: &&Arc<str>| localized.root.contains_key(root_of(path));
        paths.iter().filter(is_there).for_each(|path| self.value(locale, path));
        tested.iter().filter(is_there).for_each(|path| self.there(locale, path));
    }

    /// Whether there is a value; of a leaf that may depend on what it says.
    fn there(&mut self, locale: LocaleId, path: &Arc<str>) {
        let Some(localized) = self.prepared.localized(locale) else { return };
        let is_map = |node: &Tree| matches!(node.value(), Value::Map(_));
        let found = match self.prepared.extras.get(root_of(path)) {
            Some(computed) => data_at(computed, path).map(|(end, data)| (end, data.as_map().is_some())),
            None => reached(&localized.tree, path).map(|(end, node)| (end, is_map(node))),
        };
        match found {
            Some((end, true)) if end == path.len() => {
                self.parts.insert(Part::There(self.tag(locale), path.clone()), Digest::of_value(&true));
            }
            _ => self.value(locale, path),
        }
    }

    fn content(&mut self, locale: LocaleId, content: Option<&Arc<str>>) {
        let (Some(content), Some(localized)) = (content, self.prepared.localized(locale)) else { return };
        let Some(node) = localized.tree.get(content) else { return };
        self.node(locale, content, node);
        self.sources(locale, content, node);
    }

    /// What the components see: their input and nothing else.
    fn components(&mut self) {
        let catalog = self.prepared.program.catalog();
        let source = catalog.locales.source();
        let Some(localized) = self.prepared.in_source() else { return };
        for (root, _) in package::roots(&catalog.settings).filter_map(|root| localized.root.get_key_value(root)) {
            self.looked_at(source, root);
        }
        for component in ComponentKind::ALL {
            if let Some(node) = localized.tree.get(component.id()) {
                self.sources(source, component.id(), node);
            }
        }
        if let Some(partner) = localized.tree.get("partner") {
            self.sources(source, "partner", partner);
        }
        for order in self.prepared.planned.iter().map(|planned| &planned.order) {
            let Some(reads) = order.reads else { continue };
            let locale = self.prepared.locale_of(order);
            let Some(localized) = self.prepared.localized(locale) else { continue };
            for (path, node) in reads.iter().filter_map(|&path| Some((path, localized.tree.at(path)?))) {
                self.sources(locale, path, node);
            }
        }
        self.path();
        self.readers();
    }

    /// A value that components see, map by map, so that what changed has a name; of a record what they look at.
    fn looked_at(&mut self, locale: LocaleId, path: &Arc<str>) {
        let Some(localized) = self.prepared.localized(locale) else { return };
        let settings = &self.prepared.program.catalog().settings;
        let is_map = |node: &&Tree| matches!(node.value(), Value::Map(_));
        let node = localized.tree.at(path).filter(is_map).filter(|_| !self.prepared.extras.contains_key(root_of(path)));
        let below = |key: &str| Arc::from(format!("{path}.{key}"));
        match node {
            Some(node) if package::is_record(settings, path) => {
                let looked_at = |key: &&&str| self.prepared.package.looks_at(path, key) && node.at(key).is_some();
                let known: Vec<_> = package::OF_RECORDS.iter().filter(looked_at).collect();
                known.into_iter().for_each(|key| self.value(locale, &below(key)));
            }
            Some(node) => {
                let keys: Vec<&Arc<str>> = node.children().map(|(key, _)| key).collect();
                for path in keys.iter().map(|key| below(key)).filter(|path| **path != *LINKS) {
                    match package::is_record(settings, &path) {
                        true => self.looked_at(locale, &path),
                        false => self.value(locale, &path),
                    }
                }
                self.parts.insert(Part::Keys(self.tag(locale), path.clone()), Digest::of_value(&keys));
            }
            None => self.value(locale, path),
        }
    }

    /// What is made for the partner's people, in each of their languages.
    fn readers(&mut self) {
        let locales = &self.prepared.program.catalog().locales;
        let readers = self.prepared.readers.of.values().flatten();
        let read: Vec<_> = readers.clone().map(|reader| (&reader.tag, &reader.folder)).collect();
        self.fact("the languages of what the partner's people read", &read);
        for locale in readers.filter_map(|reader| locales.find(&reader.tag)).collect::<BTreeSet<_>>() {
            readers::READS.iter().for_each(|&path| self.value(locale, &path.into()));
        }
    }

    /// What the lead's path is told from, in each of its languages.
    fn path(&mut self) {
        let prepared = self.prepared;
        let languages =
            [prepared.program.catalog().locales.source()].into_iter().chain(prepared.told_in.iter().copied());
        let languages: Vec<LocaleId> = languages.collect();
        let tags: Vec<_> = languages.iter().map(|&locale| self.tag(locale)).collect();
        self.fact("the languages of the lead's path", &tags);
        for locale in languages {
            READS.iter().for_each(|&path| self.value(locale, &path.into()));
        }
    }

    fn assets(&mut self) {
        for asset in self.prepared.assets.iter() {
            let digest = Digest::of_value(&(&asset.input, asset.digest));
            self.parts.insert(Part::Asset(asset.output.as_str().into()), digest);
        }
    }

    fn sources(&mut self, locale: LocaleId, path: &str, node: &Tree) {
        let names = self.prepared.program.sources();
        let mut digester = ValueDigester::default();
        node.sources().iter().for_each(|&source| names.get(source).path.as_str().hash(&mut digester));
        self.parts.insert(Part::Sources(self.tag(locale), path.into()), digester.digest());
    }

    /// A value by its path in the template context: as much of the path as leads to it through maps.
    fn value(&mut self, locale: LocaleId, path: &Arc<str>) {
        let Some(localized) = self.prepared.localized(locale) else { return };
        let root = root_of(path);
        if let Some(computed) = self.prepared.extras.get(root) {
            let (end, found) = data_at(computed, path).unwrap_or((path.len(), &Data::Null));
            let known = self.prepared.base.fact_digests.get(root).filter(|_| end == root.len());
            let digest = || known.copied().unwrap_or_else(|| Digest::of_value(found));
            self.parts.entry(Part::Value(self.tag(locale), path[..end].into())).or_insert_with(digest);
            return;
        }
        match reached(&localized.tree, path) {
            Some((end, node)) if end == path.len() => self.node(locale, path, node),
            Some((end, node)) => self.node(locale, &path[..end].into(), node),
            None => drop(self.parts.insert(Part::Value(self.tag(locale), path.clone()), Digest::of_value(&Data::Null))),
        }
    }

    fn node(&mut self, locale: LocaleId, path: &Arc<str>, node: &'a Tree) {
        if let Entry::Vacant(room) = self.parts.entry(Part::Value(self.tag(locale), path.clone())) {
            room.insert(node.digest());
            self.waiting.push((locale, node));
        }
    }

    /// The variables in what is read are read too.
    fn follow(&mut self) {
        while let Some((locale, node)) = self.waiting.pop() {
            node.variables().iter().for_each(|path| self.value(locale, path));
        }
    }
}

/// The node at a path, or the leaf or list before its end: what a template finds in those is a matter of theirs.
/// `None` where a map has no such key. With it comes how much of the path leads there.
pub fn reached<'t>(tree: &'t Tree, path: &str) -> Option<(usize, &'t Tree)> {
    let below = |node: &'t Tree, key: &str| match node.value() {
        Value::Map(entries) => Some(entries.get(key).map(|node| &**node)),
        _ => None,
    };
    go(tree, path, 0, below)
}

/// The same in a computed value, which is the first part of the path.
fn data_at<'d>(computed: &'d Data, path: &str) -> Option<(usize, &'d Data)> {
    go(computed, path, root_of(path).len(), |data, key| Some(data.as_map()?.get(key)))
}

/// Goes on behind so much of a path for as long as there are maps, in which `below` finds a key.
fn go<'t, T>(
    mut node: &'t T,
    path: &str,
    mut end: usize,
    below: impl Fn(&'t T, &str) -> Option<Option<&'t T>>,
) -> Option<(usize, &'t T)> {
    let rest = path.get(end..).unwrap_or_default();
    if rest.starts_with('[') {
        return Some((end, node));
    }
    for key in rest.split('.').skip(usize::from(end > 0)) {
        // An item is found in its list, which may be asked for others too.
        let name = key.split('[').next().unwrap_or(key);
        let Some(found) = below(node, name) else { break };
        node = found?;
        end += name.len() + usize::from(end > 0);
        if name.len() < key.len() {
            break;
        }
    }
    Some((end, node))
}
