//! One deployment: everything rendered, everything looked at.

mod emails;
mod languages;
mod pages;

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::audit::{self, Allowed, Pages};
use crate::components::{ComponentKind, File, Input, playbook, proof, qualification, sales, tracking};
use crate::deployment::Deployment;
use crate::diag::Diagnostics;
use crate::document::assets::BRAND;
use crate::document::scope::PageScope;
use crate::links::LinkRow;
use crate::manifest::Part;
use crate::resolve::Stack;
use crate::stopwatch::Phase;

use super::Options;
use super::base::BaseContext;
use super::checks::placed;
use super::prepared::Prepared;
use super::trace::{Traced, Tracing};

/// A deployment's files.
pub struct Made {
    pub deployment: Deployment,
    files: Vec<(File, Arc<[Arc<str>]>)>,
}

impl Made {
    /// The files as a manifest lists them.
    pub fn parts(&self) -> Vec<Part<'_>> {
        self.files
            .iter()
            .map(|(file, sources)| Part {
                path: &file.path,
                bytes: &file.bytes,
                kind: file.kind,
                component: file.component.id(),
                sources,
            })
            .collect()
    }
}

/// Renders a deployment. Every problem is noted; with an error among them the result must not be used.
pub fn render(
    base: &BaseContext<'_>,
    values: &[Option<usize>],
    options: &Options,
    diagnostics: &mut Diagnostics,
) -> Option<Made> {
    let program = base.program;
    let stack = Stack::matching(program.catalog(), values);
    if stack.layers().iter().any(|&layer| program.approved().is_broken(layer)) {
        return None;
    }
    program.approved().check_narrowed(stack.layers(), diagnostics);
    let stopwatch = &options.stopwatch;
    let prepared = stopwatch.time(Phase::Bind, || Prepared::new(base, &stack, values, stopwatch, diagnostics))?;
    let mut maker = Maker::new(&prepared, options, diagnostics);
    stopwatch.time(Phase::Pages, || maker.site_and_emails());
    stopwatch.time(Phase::Documents, || {
        maker.documents_and_data();
        maker.assets();
    });
    stopwatch.time(Phase::Audit, || maker.audit());
    let files = maker.files;
    Some(Made { deployment: prepared.deployment, files })
}

/// Renders a deployment as [`render`] does, and maps the pages that `tracing` wants.
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
    maker.site_and_emails();
    maker.documents_and_data();
    maker.tracing.map(|tracing| tracing.pages)
}

/// Renders what is prepared, file by file.
struct Maker<'a, 'd> {
    prepared: &'a Prepared<'a>,
    options: &'a Options,
    tracing: Option<Tracing<'a>>,
    rows: Vec<LinkRow>,
    granted: BTreeSet<String>,
    files: Vec<(File, Arc<[Arc<str>]>)>,
    /// Those that were looked at so far.
    pages: Pages,
    diagnostics: &'d mut Diagnostics,
}

impl<'a, 'd> Maker<'a, 'd> {
    fn new(prepared: &'a Prepared<'a>, options: &'a Options, diagnostics: &'d mut Diagnostics) -> Self {
        let (rows, granted, files, pages) = Default::default();
        Self { prepared, options, tracing: None, rows, granted, files, pages, diagnostics }
    }

    fn site_and_emails(&mut self) {
        let Prepared { base, plan, .. } = self.prepared;
        for document in plan.documents.iter().filter(|document| document.component == ComponentKind::Landing) {
            for output in &document.outputs {
                self.document(document, output, None);
            }
        }
        for email in &plan.emails {
            for &locale in &base.locales {
                self.email(email, locale);
            }
        }
        match self.prepared.links.placements() {
            Ok(rows) => self.rows.extend(rows),
            Err(errors) => self.diagnostics.extend(errors.iter().map(crate::links::LinkError::diagnostic)),
        }
    }

    /// The documents for the partner's people and the data files; tracking last, since it lists the
    /// links of all others.
    fn documents_and_data(&mut self) {
        self.check_models();
        use ComponentKind::{Playbook, Proof, Qualification, Sales, Tracking};
        for kind in [Qualification, Sales, Proof, Playbook, Tracking] {
            if let Err(errors) = self.component(kind) {
                self.diagnostics.append(errors);
            }
        }
    }

    fn component(&mut self, kind: ComponentKind) -> Result<(), Diagnostics> {
        self.order_rows()?;
        let view = self.with_input(|input| match kind {
            ComponentKind::Qualification => qualification::view(input),
            ComponentKind::Sales => sales::view(input),
            ComponentKind::Proof => proof::view(input),
            ComponentKind::Playbook => playbook::view(input),
            _ => tracking::view(input),
        })?;
        for document in self.prepared.plan.documents.iter().filter(|document| document.component == kind) {
            for output in &document.outputs {
                self.document(document, output, Some(view.clone()));
            }
        }
        let files = self.with_input(|input| match kind {
            ComponentKind::Qualification => qualification::files(input),
            ComponentKind::Sales => sales::files(input),
            ComponentKind::Proof => proof::files(input),
            ComponentKind::Playbook => playbook::files(input),
            _ => tracking::files(input),
        })?;
        let node = self.prepared.in_source().and_then(|localized| localized.tree.get(kind.id()).cloned());
        let sources = self.prepared.sources(node.as_deref(), None);
        self.files.extend(files.into_iter().map(|file| (file, sources.clone())));
        Ok(())
    }

    /// An email as HTML and as text, or a page that names a link twice, uses one row more than once.
    fn order_rows(&mut self) -> Result<(), Diagnostics> {
        self.rows = crate::links::manifest(std::mem::take(&mut self.rows)).map_err(|errors| {
            let mut diagnostics = Diagnostics::default();
            diagnostics.extend(errors.iter().map(crate::links::LinkError::diagnostic));
            diagnostics
        })?;
        Ok(())
    }

    fn with_input<T>(&self, work: impl FnOnce(&Input<'_>) -> Result<T, Diagnostics>) -> Result<T, Diagnostics> {
        let Prepared { deployment, package, .. } = self.prepared;
        let empty = Arc::default();
        let root = self.prepared.in_source().map_or(&empty, |localized| &localized.root);
        work(&Input { deployment, data: root, package, links: &self.rows })
    }

    fn check_models(&mut self) {
        let Prepared { package, .. } = self.prepared;
        let Some(localized) = self.prepared.in_source() else { return };
        let root = &localized.root;
        let model = qualification::effective(&package.qualification, root);
        let mut findings = qualification::check(&model, &qualification::Emitted::of(root));
        findings.extend(sales::check(&package.sales, &sales::Known::of(root)));
        findings.extend(proof::check(package));
        findings.extend(tracking::check(&package.tracking));
        let landing = self.files.iter().find(|(file, _)| file.path.as_str() == "site/index.html");
        if let Some((file, _)) = landing {
            findings.extend(qualification::check_form(&model, self.pages.read(file)));
        }
        self.diagnostics.extend(findings.iter().map(|finding| placed(&localized.tree, "E-MODEL", finding)));
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
                component: ComponentKind::Landing,
                kind,
            };
            let sources: Arc<[Arc<str>]> = match kind {
                "style" => self.prepared.record_sources.clone().into(),
                _ => [asset.input.clone()].into(),
            };
            self.files.push((file, sources));
        }
    }

    fn audit(&mut self) {
        if self.diagnostics.has_errors() {
            return;
        }
        let files: Vec<&File> = self.files.iter().map(|(file, _)| file).collect();
        let endpoints = self.prepared.form_endpoints();
        let base_url = &self.prepared.deployment.url;
        let allowed = Allowed { granted: &self.granted, endpoints: &endpoints, base_url };
        self.diagnostics.append(audit::audit(&files, &mut self.pages, allowed));
    }
}
