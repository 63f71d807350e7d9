//! What is made in one go, and what comes of it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::artifact::{File, Job};
use crate::components::{Asked, ComponentKind, Finding, Folded, Input, Stage};
use crate::data::Data;
use crate::diag::Diagnostics;
use crate::document::assets::{BRAND, SiteAsset};
use crate::document::plan::{Document, Email, EmailOutput, Output, Plan};
use crate::document::scope::Used;
use crate::encode::Content;
use crate::paths::OutputPath;
use crate::stopwatch::Phase;

use super::super::prepared::Prepared;
use super::super::trace::{Traced, Tracing};

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

/// What is made of one component in one stage, with what its documents see.
pub struct Making<'m> {
    prepared: &'m Prepared<'m>,
    component: ComponentKind,
    /// What the contents come to, for a summary.
    folded: Option<&'m Folded<'m>>,
}

impl<'m> Making<'m> {
    /// All of a stage, in the order in which a package presents the components: those for customers first.
    pub fn all(prepared: &'m Prepared<'m>, stage: Stage, folded: Option<&'m Folded<'m>>) -> impl Iterator<Item = Self> {
        let of = move |public: bool| {
            ComponentKind::ALL.into_iter().filter(move |kind| kind.stage() == stage && kind.is_public() == public)
        };
        of(true).chain(of(false)).map(move |component| Self { prepared, component, folded })
    }

    /// Where its time counts.
    pub fn phase(&self) -> Phase {
        if self.component.is_public() { Phase::Pages } else { Phase::Documents }
    }

    /// The jobs that were planned for it.
    fn jobs(&self) -> BTreeSet<Job> {
        let own = self.prepared.planned.iter().map(|planned| &planned.order);
        own.filter(|order| order.component == self.component).map(|order| order.job).collect()
    }

    fn input(&self) -> Input<'m> {
        input(self.prepared, self.folded)
    }

    /// Makes the files. Documents of which nothing can be seen are not made, and neither is the rest.
    pub fn make(&self) -> Made {
        let (mut made, mut views) = (Made::default(), Views::default());
        for job in self.jobs() {
            match self.job(job, &mut views, &mut made.said) {
                Ok(files) => made.files.extend(files),
                Err(Stopped::Here(errors)) => made.said.append(errors),
                Err(Stopped::All(errors)) => return errors.into(),
            }
        }
        made
    }

    fn job(&self, job: Job, views: &mut Views, said: &mut Diagnostics) -> Result<Vec<Rendered>, Stopped> {
        let Prepared { plan, .. } = self.prepared;
        let made = match job {
            Job::Page { document, output } => {
                let Some((document, output)) = page(plan, document, output) else { return Ok(Vec::new()) };
                let view = views.of(self, output).map_err(Stopped::All)?;
                let page = self.prepared.document(document, output, view);
                if self.folded.is_some() && page.as_ref().is_ok_and(|page| !page.used.rows.is_empty()) {
                    said.append(summed_up(self.prepared, document));
                }
                page.map(|page| vec![page])
            }
            Job::Email { email: number, output } => {
                let found = email(plan, number, output);
                found.map_or_else(|| Ok(Vec::new()), |(email, output)| self.prepared.email(email, output))
            }
            Job::Assets => Ok(self.assets()),
            Job::Task(number) => self.task(number),
        };
        made.map_err(Stopped::Here)
    }

    fn assets(&self) -> Vec<Rendered> {
        let rendered = |asset: &SiteAsset| {
            let sources: Arc<[Arc<str>]> = match asset.output.as_str() {
                BRAND => self.prepared.record_sources.clone().into(),
                _ => [asset.input.clone()].into(),
            };
            let file = self.prepared.planned(asset.output.as_str())?.made(asset.bytes.clone());
            Some(Rendered { file, sources, used: Used::default() })
        };
        self.prepared.assets.iter().filter_map(rendered).collect()
    }

    fn task(&self, number: usize) -> Result<Vec<Rendered>, Diagnostics> {
        let of_component = self.prepared.tasks.iter().find(|(component, _)| *component == self.component);
        let Some(task) = of_component.and_then(|(_, tasks)| tasks.get(number)) else { return Ok(Vec::new()) };
        let rendered = |(asked, bytes): (&Asked, Content)| {
            let planned = self.prepared.planned(&asked.path)?;
            let sources = self.prepared.sources_of(&planned.order);
            Some(Rendered { file: planned.made(bytes), sources, used: Used::default() })
        };
        Ok(task.make(&self.input())?.into_iter().filter_map(rendered).collect())
    }

    /// Whether it makes a page that is wanted.
    pub fn has(&self, wants: &dyn Fn(&OutputPath) -> bool) -> bool {
        let own = self.prepared.planned.iter().filter(|planned| planned.order.component == self.component);
        let is_rendered = |job| matches!(job, Job::Page { .. } | Job::Email { .. });
        own.filter(|planned| is_rendered(planned.order.job)).any(|planned| wants(&planned.path))
    }

    /// Makes its pages again, with signs, and maps those that are wanted.
    pub fn trace(&self, tracing: &mut Tracing<'_>) -> Vec<Traced> {
        let Prepared { plan, .. } = self.prepared;
        let (mut traced, mut views) = (Vec::new(), Views::default());
        for job in self.jobs() {
            match job {
                Job::Page { document, output } => {
                    let wanted = page(plan, document, output).filter(|(_, output)| tracing.wants(&output.path));
                    let Some((document, output)) = wanted else { continue };
                    if let Ok(view) = views.of(self, output) {
                        traced.extend(self.prepared.trace_page(document, output, view, tracing));
                    }
                }
                Job::Email { email: number, output } => {
                    let found = email(plan, number, output);
                    traced.extend(
                        found.into_iter().flat_map(|(email, output)| self.prepared.trace_email(email, output, tracing)),
                    );
                }
                Job::Assets | Job::Task(_) => {}
            }
        }
        traced
    }
}

/// Why files are missing.
enum Stopped {
    /// Others can still be made.
    Here(Diagnostics),
    All(Diagnostics),
}

/// What the documents of a component see of it, each language once.
#[derive(Default)]
struct Views {
    made: BTreeMap<Arc<str>, Option<Data>>,
}

impl Views {
    /// What a document shows that is planned for a locale.
    fn of(&mut self, making: &Making<'_>, output: &Output) -> Result<Option<&Data>, Diagnostics> {
        let prepared = making.prepared;
        let locale = prepared.made_in(&output.path, output.locale);
        let tag = &prepared.program.catalog().locale(locale).tag;
        if !self.made.contains_key(tag) {
            let readers = &prepared.readers;
            let reader = readers.of(making.component).iter().find(|reader| reader.tag == *tag);
            let view = making.component.view(&Input { reader: reader.unwrap_or(&readers.source), ..making.input() })?;
            self.made.insert(tag.clone(), Some(view).filter(|view| !view.is_null()));
        }
        Ok(self.made.get(tag).and_then(Option::as_ref))
    }
}

fn page(plan: &Plan, document: usize, output: usize) -> Option<(&Document, &Output)> {
    let document = plan.documents.get(document)?;
    Some((document, document.outputs.get(output)?))
}

fn email(plan: &Plan, email: usize, output: usize) -> Option<(&Email, &EmailOutput)> {
    let email = plan.emails.get(email)?;
    Some((email, email.outputs.get(output)?))
}

fn input<'i>(prepared: &'i Prepared<'_>, folded: Option<&'i Folded<'i>>) -> Input<'i> {
    let Prepared { deployment, package, path, placements, data, stopwatch, program, .. } = prepared;
    let readers = &prepared.readers;
    Input {
        deployment,
        data,
        package,
        path: path.as_ref(),
        readers,
        reader: &readers.source,
        placements,
        folded,
        stopwatch,
        once: &program.once,
    }
}

/// What the components find wrong with their models.
pub fn check(prepared: &Prepared<'_>, folded: &Folded<'_>) -> Diagnostics {
    let Some(mender) = prepared.mender() else { return Diagnostics::default() };
    let input = input(prepared, Some(folded));
    let findings = ComponentKind::ALL.into_iter().flat_map(|component| component.check(&input));
    let mut found = Diagnostics::default();
    found.extend(mender.merged(findings.map(|finding| (finding.code, finding))));
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
