//! What is made in one go, and what comes of it.

use std::sync::Arc;

use crate::artifact::Stage;
use crate::components::{ComponentKind, File, Finding, Folded, Input};
use crate::data::Data;
use crate::diag::Diagnostics;
use crate::document::assets::BRAND;
use crate::document::plan::{Document, Email, EmailOutput};
use crate::document::scope::Used;
use crate::paths::OutputPath;
use crate::stopwatch::Phase;

use super::super::prepared::Prepared;
use super::super::trace::{Traced, Tracing};

/// One or more of the files that are planned.
#[derive(Clone, Copy)]
pub enum Job<'p> {
    /// A component's documents and data files.
    Component(ComponentKind),
    /// An email in one locale, in its three forms.
    Email(&'p Email, &'p EmailOutput),
    /// The files that go with the site.
    Assets,
}

/// What a job makes. Whatever it found is there too, also where there are files.
#[derive(Default)]
pub struct Made {
    pub files: Vec<Rendered>,
    pub said: Diagnostics,
}

/// A finished file with what has to be known of it.
pub struct Rendered {
    pub file: File,
    /// The layer files that it comes from.
    pub sources: Arc<[Arc<str>]>,
    pub used: Used,
}

impl From<Diagnostics> for Made {
    fn from(said: Diagnostics) -> Self {
        Self { files: Vec::new(), said }
    }
}

impl Made {
    fn add(&mut self, more: Result<Vec<Rendered>, Diagnostics>) {
        match more {
            Ok(files) => self.files.extend(files),
            Err(errors) => self.said.append(errors),
        }
    }
}

impl<'p> Job<'p> {
    /// The jobs of a stage, in the order in which a package presents their files.
    pub fn all(prepared: &'p Prepared<'_>, stage: Stage) -> impl Iterator<Item = Self> {
        let of = move |public: bool| {
            let components = ComponentKind::ALL.into_iter();
            components.filter(move |kind| kind.stage() == stage && kind.is_public() == public).map(Self::Component)
        };
        let emails = prepared.plan.emails.iter();
        let emails = emails.flat_map(|email| email.outputs.iter().map(move |output| Self::Email(email, output)));
        let others = emails.chain([Self::Assets]).filter(move |_| stage == Stage::Content);
        of(true).chain(others).chain(of(false))
    }

    /// Where its time counts.
    pub fn phase(&self) -> Phase {
        match self {
            Self::Component(kind) if !kind.is_public() => Phase::Documents,
            _ => Phase::Pages,
        }
    }

    /// Makes the files. `folded` is what the contents come to, for a summary.
    pub fn make(&self, prepared: &Prepared<'_>, folded: Option<&Folded<'_>>) -> Made {
        match self {
            Self::Component(kind) => component(prepared, *kind, folded),
            Self::Email(email, output) => match prepared.email(email, output) {
                Ok(files) => Made { files, said: Diagnostics::default() },
                Err(errors) => errors.into(),
            },
            Self::Assets => Made { files: assets(prepared), said: Diagnostics::default() },
        }
    }

    /// Whether it makes a page that is wanted.
    pub fn has(&self, prepared: &Prepared<'_>, wants: &dyn Fn(&OutputPath) -> bool) -> bool {
        match self {
            Self::Component(kind) => {
                documents(prepared, *kind).flat_map(|document| &document.outputs).any(|output| wants(&output.path))
            }
            Self::Email(_, output) => wants(&output.html) || wants(&output.text),
            Self::Assets => false,
        }
    }

    /// Makes its pages again, with signs, and maps those that are wanted.
    pub fn trace(
        &self,
        prepared: &Prepared<'_>,
        folded: Option<&Folded<'_>>,
        tracing: &mut Tracing<'_>,
    ) -> Vec<Traced> {
        match self {
            Self::Component(kind) => {
                let Ok(view) = view(prepared, *kind, folded) else { return Vec::new() };
                let outputs = documents(prepared, *kind)
                    .flat_map(|document| document.outputs.iter().map(move |output| (document, output)));
                outputs
                    .filter_map(|(document, output)| prepared.trace_page(document, output, view.as_ref(), tracing))
                    .collect()
            }
            Self::Email(email, output) => prepared.trace_email(email, output, tracing),
            Self::Assets => Vec::new(),
        }
    }
}

fn input<'i>(prepared: &'i Prepared<'_>, folded: Option<&'i Folded<'i>>) -> Input<'i> {
    let Prepared { deployment, package, path, placements, data, stopwatch, program, .. } = prepared;
    Input { deployment, data, package, path: path.as_ref(), placements, folded, stopwatch, once: &program.once }
}

fn documents<'p>(prepared: &'p Prepared<'_>, kind: ComponentKind) -> impl Iterator<Item = &'p Document> {
    prepared.plan.documents.iter().filter(move |document| document.component == kind)
}

fn view(
    prepared: &Prepared<'_>,
    kind: ComponentKind,
    folded: Option<&Folded<'_>>,
) -> Result<Option<Data>, Diagnostics> {
    Ok(Some(kind.view(&input(prepared, folded))?).filter(|view| !view.is_null()))
}

fn component(prepared: &Prepared<'_>, kind: ComponentKind, folded: Option<&Folded<'_>>) -> Made {
    let view = match view(prepared, kind, folded) {
        Ok(view) => view,
        Err(errors) => return errors.into(),
    };
    let mut made = Made::default();
    for document in documents(prepared, kind) {
        for output in &document.outputs {
            let page = prepared.document(document, output, view.as_ref());
            if folded.is_some() && page.as_ref().is_ok_and(|page| !page.used.rows.is_empty()) {
                made.said.append(summed_up(prepared, document));
            }
            made.add(page.map(|page| vec![page]));
        }
    }
    let files = kind.make(&input(prepared, folded));
    made.add(files.map(|files| data_files(prepared, kind, files)));
    made
}

fn data_files(prepared: &Prepared<'_>, kind: ComponentKind, files: Vec<File>) -> Vec<Rendered> {
    let node = prepared.in_source().and_then(|localized| localized.tree.get(kind.id()));
    let own = prepared.sources(node.map(|node| &**node), None);
    let rendered = |file: File| {
        let reads = prepared.reads.get(&file.path);
        let sources = reads.map_or_else(|| own.clone(), |reads| prepared.sources_of(reads));
        Rendered { file, sources, used: Used::default() }
    };
    files.into_iter().map(rendered).collect()
}

fn assets(prepared: &Prepared<'_>) -> Vec<Rendered> {
    let rendered = |asset: &crate::document::assets::SiteAsset| {
        let (kind, sources): (_, Arc<[Arc<str>]>) = match asset.output.as_str() {
            BRAND => ("style", prepared.record_sources.clone().into()),
            _ => ("asset", [asset.input.clone()].into()),
        };
        let (path, bytes) = (asset.output.clone(), asset.bytes.clone());
        let file = File { path, bytes, component: ComponentKind::LANDING, kind };
        Rendered { file, sources, used: Used::default() }
    };
    prepared.assets.iter().map(rendered).collect()
}

/// What the components find wrong with their models.
pub fn check(prepared: &Prepared<'_>, folded: &Folded<'_>) -> Diagnostics {
    let Some(mender) = prepared.mender() else { return Diagnostics::default() };
    let input = input(prepared, Some(folded));
    let findings = ComponentKind::ALL.into_iter().flat_map(|component| component.check(&input));
    let mut found = Diagnostics::default();
    found.extend(mender.merged(findings.map(|finding| ("E-MODEL", finding))));
    found
}

/// A document that lists the links of all others cannot add to them: the lists would lack it.
fn summed_up(prepared: &Prepared<'_>, document: &Document) -> Diagnostics {
    let message = format!("the document `{}` sums up tracked links, and uses one itself", document.id);
    let finding = Finding::new(
        format!("documents[{}].template", document.id),
        message,
        "write the address without `link`, or show it on a page of another component",
    );
    let placed = prepared.mender().map(|mender| mender.placed("E-LINK", &finding));
    placed.map(Diagnostics::from).unwrap_or_default()
}
