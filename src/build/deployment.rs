//! One deployment: everything rendered, everything looked at.

mod emails;
mod languages;
mod pages;

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::artifact::Stage;
use crate::audit::{self, Allowed, Pages, Sealed};
use crate::components::{ComponentKind, File, Finding, Folded, Input};
use crate::deployment::Deployment;
use crate::diag::Diagnostics;
use crate::document::assets::BRAND;
use crate::document::plan::Document;
use crate::document::scope::PageScope;
use crate::links::LinkRow;
use crate::resolve::Stack;
use crate::stopwatch::Phase;

use super::Options;
use super::base::BaseContext;
use super::checks::placed;
use super::prepared::Prepared;
use super::trace::{Traced, Tracing};

/// The page whose form a model is judged by.
const LANDING_PAGE: &str = "site/index.html";

/// A deployment's files: planned, made and looked at.
pub struct Package {
    pub deployment: Deployment,
    pub sealed: Sealed,
}

/// Makes a deployment's package. Every problem is noted; with an error among them there is none.
pub fn make(
    base: &BaseContext<'_>,
    values: &[Option<usize>],
    options: &Options,
    diagnostics: &mut Diagnostics,
) -> Option<Package> {
    let program = base.program;
    let stack = Stack::matching(program.catalog(), values);
    if stack.layers().iter().any(|&layer| program.approved().is_broken(layer)) {
        return None;
    }
    program.approved().check_narrowed(stack.layers(), diagnostics);
    let stopwatch = &options.stopwatch;
    let prepared = stopwatch.time(Phase::Bind, || Prepared::new(base, &stack, values, stopwatch, diagnostics))?;
    let mut maker = Maker::new(&prepared, options, diagnostics);
    stopwatch.time(Phase::Pages, || maker.pages_and_emails());
    stopwatch.time(Phase::Documents, || {
        maker.documents();
        maker.summaries();
    });
    let sealed = stopwatch.time(Phase::Audit, || maker.seal())?;
    Some(Package { deployment: prepared.deployment, sealed })
}

/// Makes a deployment as [`make`] does, and maps the pages that `tracing` wants.
pub fn trace(
    base: &BaseContext<'_>,
    values: &[Option<usize>],
    options: &Options,
    tracing: Tracing<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<Vec<Traced>> {
    let stack = Stack::matching(base.program.catalog(), values);
    let prepared = Prepared::new(base, &stack, values, &options.stopwatch, diagnostics)?;
    let mut maker = Maker::new(&prepared, options, diagnostics);
    maker.tracing = Some(tracing);
    maker.pages_and_emails();
    maker.documents();
    maker.summaries();
    maker.tracing.map(|tracing| tracing.pages)
}

/// Makes what is planned, file by file: first the contents, then what sums them up.
struct Maker<'a, 'd> {
    prepared: &'a Prepared<'a>,
    options: &'a Options,
    tracing: Option<Tracing<'a>>,
    /// The tagged links of the contents, as they are found.
    rows: Vec<LinkRow>,
    granted: BTreeSet<String>,
    files: Vec<(File, Arc<[Arc<str>]>)>,
    /// Those that were looked at so far.
    pages: Pages,
    diagnostics: &'d mut Diagnostics,
}

impl<'a, 'd> Maker<'a, 'd> {
    fn new(prepared: &'a Prepared<'a>, options: &'a Options, diagnostics: &'d mut Diagnostics) -> Self {
        let (granted, files, pages) = Default::default();
        let rows = prepared.placements.clone();
        Self { prepared, options, tracing: None, rows, granted, files, pages, diagnostics }
    }

    /// What customers see.
    fn pages_and_emails(&mut self) {
        self.components(|component| component.stage() == Stage::Content && component.is_public(), None);
        for email in &self.prepared.plan.emails {
            for output in &email.outputs {
                self.email(email, output);
            }
        }
        self.assets();
    }

    /// What the partner's people see of their own.
    fn documents(&mut self) {
        self.components(|component| component.stage() == Stage::Content && !component.is_public(), None);
    }

    /// What sums up the contents: the only step that waits for all of them.
    fn summaries(&mut self) {
        let rows = match crate::links::manifest(std::mem::take(&mut self.rows)) {
            Ok(rows) => rows,
            Err(errors) => return self.diagnostics.extend(errors.iter().map(crate::links::LinkError::diagnostic)),
        };
        let mut pages = std::mem::take(&mut self.pages);
        let landing = self.files.iter().find(|(file, _)| file.path.as_str() == LANDING_PAGE);
        let landing = landing.map(|(file, _)| pages.read(file));
        let folded = Folded { links: &rows, landing };
        self.check(&folded);
        self.components(|component| component.stage() == Stage::Summary, Some(&folded));
        self.pages = pages;
    }

    fn components(&mut self, wanted: fn(&ComponentKind) -> bool, folded: Option<&Folded<'_>>) {
        ComponentKind::ALL.into_iter().filter(wanted).for_each(|component| self.component(component, folded));
    }

    /// A component's documents and data files; what is wrong is noted.
    fn component(&mut self, component: ComponentKind, folded: Option<&Folded<'_>>) {
        let view = match component.view(&self.input(folded)) {
            Ok(view) => Some(view).filter(|view| !view.is_null()),
            Err(errors) => return self.diagnostics.append(errors),
        };
        for document in self.prepared.plan.documents.iter().filter(|document| document.component == component) {
            for output in &document.outputs {
                let before = self.rows.len();
                self.document(document, output, view.clone());
                if folded.is_some() && self.rows.len() > before {
                    self.summed_up(document);
                }
            }
        }
        match component.make(&self.input(folded)) {
            Ok(files) => {
                let node = self.prepared.in_source().and_then(|localized| localized.tree.get(component.id()).cloned());
                let sources = self.prepared.sources(node.as_deref(), None);
                self.files.extend(files.into_iter().map(|file| (file, sources.clone())));
            }
            Err(errors) => self.diagnostics.append(errors),
        }
    }

    fn input<'i>(&self, folded: Option<&'i Folded<'i>>) -> Input<'i>
    where
        'a: 'i,
    {
        let Prepared { deployment, package, placements, root, .. } = self.prepared;
        Input { deployment, data: root, package, placements, folded }
    }

    /// What the components find wrong with their models.
    fn check(&mut self, folded: &Folded<'_>) {
        let Some(localized) = self.prepared.in_source() else { return };
        let input = self.input(Some(folded));
        let findings = ComponentKind::ALL.into_iter().flat_map(|component| component.check(&input));
        self.diagnostics.extend(findings.map(|finding| placed(&localized.tree, "E-MODEL", &finding)));
    }

    /// A document that lists the links of all others cannot add to them: the lists would lack it.
    fn summed_up(&mut self, document: &Document) {
        let message = format!("the document `{}` sums up tracked links, and uses one itself", document.id);
        let finding = Finding::new(
            format!("documents[{}].template", document.id),
            message,
            "write the address without `link`, or show it on a page of another component",
        );
        let Some(localized) = self.prepared.in_source() else { return };
        self.diagnostics.push(placed(&localized.tree, "E-LINK", &finding));
    }

    /// What was rendered; what went wrong is noted.
    fn noted<T>(&mut self, rendered: Result<T, Diagnostics>) -> Option<T> {
        rendered.map_err(|errors| self.diagnostics.append(errors)).ok()
    }

    fn keep_used(&mut self, scope: &PageScope) {
        let used = scope.take_used();
        self.rows.extend(used.rows);
        self.granted.extend(used.addresses);
    }

    fn assets(&mut self) {
        for asset in self.prepared.assets.iter() {
            let kind = if asset.output.as_str() == BRAND { "style" } else { "asset" };
            let file = File {
                path: asset.output.clone(),
                bytes: asset.bytes.clone(),
                component: ComponentKind::LANDING,
                kind,
            };
            let sources: Arc<[Arc<str>]> = match kind {
                "style" => self.prepared.record_sources.clone().into(),
                _ => [asset.input.clone()].into(),
            };
            self.files.push((file, sources));
        }
    }

    /// What was made, if nothing is wrong with it.
    fn seal(self) -> Option<Sealed> {
        if self.diagnostics.has_errors() {
            return None;
        }
        let endpoints = self.prepared.form_endpoints();
        let base_url = &self.prepared.deployment.url;
        let allowed = Allowed { granted: &self.granted, endpoints: &endpoints, base_url };
        audit::seal(self.files, &self.prepared.planned, self.pages, allowed, self.diagnostics)
    }
}
