//! An opened workspace: everything read, parsed and checked before the first deployment.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::{Arc, OnceLock};

use crate::archive::ZipDate;
use crate::catalog::layers::Asked;
use crate::catalog::patch::{Leaf, Patch, PatchKind};
use crate::catalog::place::Step;
use crate::catalog::{Author, Catalog, Layer, LayerId, layers};
use crate::components::qualification::Once;
use crate::diag::{Diagnostic, Diagnostics};
use crate::guard::{self, Approved};
use crate::html;
use crate::interpolate::bound;
use crate::inventory::Heading;
use crate::journey::Proofs;
use crate::manifest::Head;
use crate::matrix::query::Query;
use crate::matrix::{self, Matrix};
use crate::policy::Policy;
use crate::schema::journey::nodes::STATUS_FILE;
use crate::source::{SourceId, Sources};
use crate::stopwatch::{Phase, Stopwatch};
use crate::template::{self, Engine, Language, Templates};
use crate::values::is_data;
use crate::workspace::{Files, Workspace};

use super::facts;
use super::nodes::Nodes;

/// The identity of the master package.
#[derive(Clone, Debug)]
pub struct Identity {
    pub id: Arc<str>,
    pub version: Arc<str>,
    pub released: jiff::civil::Date,
    /// The program's name in `cobrand.yaml`.
    pub program: Arc<str>,
}

/// A workspace whose master is whole. Layers that are not are marked, and refuse their deployments.
pub struct Program {
    workspace: Workspace,
    approved: Approved,
    matrix: Matrix,
    engine: Box<dyn Engine>,
    identity: Identity,
    has_errors: bool,
    marks: OnceLock<BTreeSet<String>>,
    hosts: OnceLock<BTreeSet<String>>,
    nodes: OnceLock<Nodes>,
    binds_status: OnceLock<bool>,
    /// Of the journeys of its deployments, most of which are equal.
    pub proofs: Proofs,
    /// Of their models of qualification, likewise.
    pub once: Once,
}

impl Program {
    /// Reads a workspace. `None` if there is nothing to build: no settings, no master, errors in the
    /// master, its policy or its templates, or no deployments. The sources for the diagnostics come
    /// along in any case.
    pub fn open(files: &impl Files) -> (Result<Self, Sources>, Diagnostics) {
        Self::open_on(files, None, &Stopwatch::default())
    }

    /// As [`Program::open`], with another day than the package's `released` for waivers and grace.
    pub fn open_on(
        files: &impl Files,
        today: Option<jiff::civil::Date>,
        stopwatch: &Stopwatch,
    ) -> (Result<Self, Sources>, Diagnostics) {
        Self::open_for(files, &|_| true, today, stopwatch)
    }

    /// As [`Program::open_on`], for partners that are asked for by their ids: of any other one that has nothing but a row
    /// in a registry it is known what it is entitled to, and no more.
    pub fn open_for(
        files: &impl Files,
        asked: &Asked<'_>,
        today: Option<jiff::civil::Date>,
        stopwatch: &Stopwatch,
    ) -> (Result<Self, Sources>, Diagnostics) {
        let (program, mut diagnostics) = Self::open_any(files, asked, today, stopwatch);
        match program {
            Ok(program) if program.is_without_partners() => {
                let catalog = program.catalog();
                let folder = &catalog.settings.axis(catalog.settings.partner()).folder;
                let message = format!("there are no partners in `{folder}/`, so there is nothing to build");
                diagnostics.push(Diagnostic::error("E-NOPARTNERS", message).help(format!(
                    "`cobrand new partner ID` writes one; or write a registry, `{folder}/registry.csv`"
                )));
                (Err(program.workspace.into_sources()), diagnostics)
            }
            program => (program, diagnostics),
        }
    }

    /// As [`Program::open_on`], and also where nobody is there yet to build for.
    pub fn open_without_partners(
        files: &impl Files,
        today: Option<jiff::civil::Date>,
        stopwatch: &Stopwatch,
    ) -> (Result<Self, Sources>, Diagnostics) {
        Self::open_any(files, &|_| true, today, stopwatch)
    }

    fn open_any(
        files: &impl Files,
        asked: &Asked<'_>,
        today: Option<jiff::civil::Date>,
        stopwatch: &Stopwatch,
    ) -> (Result<Self, Sources>, Diagnostics) {
        let (workspace, mut diagnostics) = stopwatch.time(Phase::Read, || {
            let (settings, _) = Workspace::read(files, &[]);
            Workspace::read(files, &layers::folders(&settings))
        });
        match stopwatch.time(Phase::Parse, || Self::parse(&workspace, asked, today, stopwatch, &mut diagnostics)) {
            Some((approved, matrix, engine, identity)) => {
                let has_errors = diagnostics.has_errors();
                let mut known = HashMap::new();
                diagnostics.name_deployments(|diagnostic| {
                    let layers = refused_by(&approved, diagnostic, workspace.sources());
                    known.entry(layers).or_insert_with_key(|layers| reached(&approved, &matrix, layers)).clone()
                });
                (
                    Ok(Self {
                        workspace,
                        approved,
                        matrix,
                        engine,
                        identity,
                        has_errors,
                        marks: OnceLock::new(),
                        hosts: OnceLock::new(),
                        nodes: OnceLock::new(),
                        binds_status: OnceLock::new(),
                        proofs: Proofs::default(),
                        once: Once::default(),
                    }),
                    diagnostics,
                )
            }
            None => (Err(workspace.into_sources()), diagnostics),
        }
    }

    fn is_without_partners(&self) -> bool {
        let catalog = self.catalog();
        catalog.axes[catalog.settings.partner().0].iter().next().is_none()
    }

    fn parse(
        workspace: &Workspace,
        asked: &Asked<'_>,
        today: Option<jiff::civil::Date>,
        stopwatch: &Stopwatch,
        diagnostics: &mut Diagnostics,
    ) -> Option<(Approved, Matrix, Box<dyn Engine>, Identity)> {
        let catalog = Catalog::load(workspace, asked, diagnostics)?;
        let before = diagnostics.len();
        let policy = Policy::read(&catalog.policy, &catalog.settings, diagnostics);
        let identity = identity(&catalog);
        let today = today.or(identity.as_ref().map(|identity| identity.released)).unwrap_or_default();
        let policy = policy.on(today, catalog.waivers.as_ref(), diagnostics);
        let policy_is_wrong = diagnostics.iter().skip(before).any(Diagnostic::is_error);
        let engine = engine(workspace, &catalog, diagnostics);
        let matrix = Matrix::read(&catalog, diagnostics);
        // What a policy with errors would refuse says nothing.
        let mut unsaid = Diagnostics::default();
        let found = if policy_is_wrong { &mut unsaid } else { &mut *diagnostics };
        let approved = stopwatch.time(Phase::Guard, || guard::approve(catalog, policy, workspace.sources(), found));
        let whole = !policy_is_wrong && !approved.is_broken(LayerId::MASTER);
        Some((approved, matrix, engine?, identity?)).filter(|_| whole)
    }

    pub fn sources(&self) -> &Sources {
        self.workspace.sources()
    }

    pub fn workspace(&self) -> &Workspace {
        &self.workspace
    }

    pub fn approved(&self) -> &Approved {
        &self.approved
    }

    pub fn catalog(&self) -> &Catalog {
        self.approved.catalog()
    }

    pub fn matrix(&self) -> &Matrix {
        &self.matrix
    }

    pub fn engine(&self) -> &dyn Engine {
        &*self.engine
    }

    /// An engine whose pages tell what each byte came from, and what its signs stand for. `None` where the
    /// templates do not bear it.
    pub fn marked_engine(&self) -> Option<(Box<dyn Engine>, Vec<template::marked::Origin>)> {
        let language = language(self.catalog());
        let (templates, origins) = templates(&self.workspace, self.catalog()).marked(language);
        Some((template::engine(language, templates).ok()?, origins))
    }

    /// What stands in HQ's templates and words for what email platforms fill in.
    pub fn marks(&self) -> &BTreeSet<String> {
        self.marks.get_or_init(|| {
            let forms = &self.catalog().settings.tokens;
            self.words().flat_map(|text| guard::marks(&text, forms).map(str::to_owned).collect::<Vec<_>>()).collect()
        })
    }

    /// The hosts that HQ's templates and words name, whoever's they are.
    pub fn hosts(&self) -> &BTreeSet<String> {
        self.hosts.get_or_init(|| self.words().flat_map(|text| html::hosts(&text).collect::<Vec<_>>()).collect())
    }

    /// HQ's templates, and what it says.
    fn words(&self) -> impl Iterator<Item = Cow<'_, str>> {
        self.said(|layer| layer.author == Author::Master)
    }

    /// Templates, and what layers say; remarks in their files are neither.
    fn said(&self, counts: impl Fn(&Layer) -> bool) -> impl Iterator<Item = Cow<'_, str>> {
        let catalog = self.catalog();
        let text = |&source: &SourceId| template::without_remarks(&self.sources().get(source).text);
        let templates = catalog.templates.values().map(text);
        let layers = catalog.layer_ids().map(|id| catalog.layer(id)).filter(move |layer| counts(layer));
        templates.chain(layers.flat_map(guard::words).map(Cow::Borrowed))
    }

    /// What words of its texts can be bound to.
    pub fn nodes(&self) -> &Nodes {
        self.nodes.get_or_init(|| Nodes::of(&self.approved))
    }

    /// Whether some text names the file that partners return.
    pub fn binds_status(&self) -> bool {
        let name = format!("{}{STATUS_FILE}", bound::SCHEME);
        *self.binds_status.get_or_init(|| self.said(|_| true).any(|text| text.contains(&name)))
    }

    pub fn identity(&self) -> &Identity {
        &self.identity
    }

    /// Whether an error found here is of deployments that some queries name: not where it refuses none but others, or lies in
    /// layers of a partner whom none of them can name.
    pub fn concerns(&self, diagnostic: &Diagnostic, queries: &[Query]) -> bool {
        if queries.is_empty() || !diagnostic.is_error() {
            return true;
        }
        let place = diagnostic.place.as_ref().map(|place| place.span);
        if place.is_some_and(|place| self.catalog().registry.is_unknown(place)) {
            return queries.iter().any(|query| self.matrix.may_be_unread(self.catalog(), query));
        }
        if !diagnostic.deployments.is_empty() {
            return diagnostic.deployments.iter().any(|id| queries.iter().any(|query| query.matches(id)));
        }
        let (catalog, layers) = (self.catalog(), self.approved.refused_by(diagnostic, self.sources()));
        let may_be_named = |id: &LayerId| {
            let partner = catalog.layer(*id).selector.binds(catalog.settings.partner());
            partner.is_none_or(|partner| queries.iter().any(|query| query.may_name(&partner.id)))
        };
        // A row that nobody asks for is made into no layer.
        let whose = place.and_then(|place| catalog.registry.whose(place));
        match whose.filter(|_| layers.is_empty()) {
            Some(partner) => queries.iter().any(|query| query.may_name(partner)),
            None => layers.is_empty() || layers.iter().any(may_be_named),
        }
    }

    /// Names the packages that stand with what is wrong in rows that cannot be read, as far as these tell whose they are:
    /// nobody knows what else there would be.
    pub fn name_unread(&self, unread: &[Arc<str>], diagnostics: &mut Diagnostics) {
        let registry = &self.catalog().registry;
        let of_partner = |partner: &str| {
            let own = unread.iter().filter(|id| id.split('/').next() == Some(partner));
            own.cloned().collect::<Vec<_>>()
        };
        diagnostics.name_deployments(|found| {
            let place = found.place.as_ref().filter(|_| found.is_error());
            place.and_then(|place| registry.whose(place.span)).map(of_partner).unwrap_or_default()
        });
    }

    /// Whether something was wrong before the first deployment: a broken layer, a bad row.
    pub fn has_errors(&self) -> bool {
        self.has_errors
    }

    /// What manifests say of the package as a whole.
    pub fn head<'a>(&'a self, deployment: &'a str, axes: &'a [(&'a str, &'a str)]) -> Head<'a> {
        Head {
            package: &self.identity.id,
            version: &self.identity.version,
            deployment,
            axes,
            policy: self.approved.policy().digest,
        }
    }

    /// The date of everything in a zip.
    pub fn zip_date(&self) -> ZipDate {
        self.identity.released.into()
    }

    /// What the catalogue says of the program.
    pub fn heading(&self) -> Heading<'_> {
        let Identity { program, version, released, .. } = &self.identity;
        Heading { program, version, released: released.to_string() }
    }
}

/// The overlays that an error refuses.
fn refused_by(approved: &Approved, diagnostic: &Diagnostic, sources: &Sources) -> BTreeSet<LayerId> {
    approved.refused_by(diagnostic, sources).into_iter().filter(|&id| id != LayerId::MASTER).collect()
}

/// The deployments that overlays reach.
fn reached(approved: &Approved, matrix: &Matrix, layers: &BTreeSet<LayerId>) -> Vec<Arc<str>> {
    let catalog = approved.catalog();
    let of_layer = |&layer: &LayerId| {
        let selectors = [&catalog.layer(layer).selector];
        matrix.matching(catalog, &selectors).map(|values| matrix::id(catalog, &values)).collect::<Vec<_>>()
    };
    let ids: BTreeSet<String> = layers.iter().flat_map(of_layer).collect();
    ids.into_iter().map(Arc::from).collect()
}

/// The master's own words on what it is: nothing may change them, so they need no merge.
fn identity(catalog: &Catalog) -> Option<Identity> {
    let PatchKind::Map(entries) = &catalog.layer(LayerId::MASTER).patch.kind else { return None };
    let word = |key: &str| match &entries.get(key)?.kind {
        PatchKind::Neutral(Leaf::Str(text)) => Some(text.clone()),
        _ => None,
    };
    Some(Identity {
        id: word("id").unwrap_or_else(|| catalog.settings.program.clone()),
        version: word("version").unwrap_or_else(|| "0".into()),
        released: word("released").and_then(|text| text.parse().ok()).unwrap_or(jiff::civil::date(1980, 1, 1)),
        program: catalog.settings.program.clone(),
    })
}

fn engine(workspace: &Workspace, catalog: &Catalog, diagnostics: &mut Diagnostics) -> Option<Box<dyn Engine>> {
    match template::engine(language(catalog), templates(workspace, catalog)) {
        Ok(engine) => Some(engine),
        Err(errors) => {
            diagnostics.append(errors);
            None
        }
    }
}

/// The language that the master chose.
fn language(catalog: &Catalog) -> Language {
    let PatchKind::Map(entries) = &catalog.layer(LayerId::MASTER).patch.kind else { return Language::MiniJinja };
    let choice = entries.get("templates").and_then(|templates| match &templates.kind {
        PatchKind::Map(entries) => match &entries.get("engine")?.kind {
            PatchKind::Neutral(Leaf::Str(name)) => name.parse().ok(),
            _ => None,
        },
        _ => None,
    });
    choice.unwrap_or(Language::MiniJinja)
}

fn templates(workspace: &Workspace, catalog: &Catalog) -> Templates {
    let mut templates = Templates::default();
    for (name, &source) in &catalog.templates {
        templates.add(name.clone(), source, workspace.sources().get(source).text.clone());
    }
    let pages = pages(catalog, &templates);
    templates.with_roots(roots(catalog)).with_pages(pages)
}

/// The templates that some layer names for a document or an email.
fn pages(catalog: &Catalog, templates: &Templates) -> BTreeSet<Arc<str>> {
    let said = catalog.layer_ids().map(|id| &catalog.layer(id).patch);
    let parts = said.flat_map(|patch| ["documents", "nurture"].map(|key| patch.find(&[Step::Key(key.into())])));
    let mut names = BTreeSet::new();
    parts.flatten().for_each(|patch| leaves(patch, &mut |name| _ = names.insert(name)));
    templates.names().filter(|name| names.contains(name)).map(Arc::from).collect()
}

/// The texts that are said somewhere in a patch.
fn leaves<'p>(patch: &'p Patch, each: &mut impl FnMut(&'p str)) {
    match &patch.kind {
        PatchKind::Leaf(Leaf::Str(text)) | PatchKind::Neutral(Leaf::Str(text)) => each(text),
        PatchKind::Map(entries) => entries.values().for_each(|entry| leaves(entry, each)),
        PatchKind::Keyed(list) => list.items.values().for_each(|item| leaves(&item.patch, each)),
        PatchKind::Replace(inner) => leaves(inner, each),
        _ => {}
    }
}

/// The names that may stand at the top of a template's context: what layers say, records, and what is computed.
fn roots(catalog: &Catalog) -> BTreeSet<Arc<str>> {
    let axes = catalog.settings.axes.iter().map(|axis| axis.name.clone());
    let computed = facts::COMPUTED.into_iter().map(Arc::from);
    let said = catalog.layer_ids().flat_map(|id| keys(&catalog.layer(id).patch));
    let said: HashSet<&Arc<str>> = said.filter(|key| is_data(key)).collect();
    said.into_iter().cloned().chain(axes).chain(computed).collect()
}

/// The keys at the top of what a layer says; any other operation there makes no key of its own.
fn keys(patch: &Patch) -> impl Iterator<Item = &Arc<str>> {
    let mut patch = patch;
    while let PatchKind::Replace(inner) = &patch.kind {
        patch = inner;
    }
    let entries = match &patch.kind {
        PatchKind::Map(entries) => Some(entries.keys()),
        _ => None,
    };
    entries.into_iter().flatten()
}
