//! Where in the workspace the text stands that is wrong in a finished file.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, OnceLock, PoisonError};

use crate::audit::Flaw;
use crate::catalog::LayerId;
use crate::diag::{Diagnostic, Diagnostics};
use crate::marks::Run;
use crate::source::Span;
use crate::template::Engine;
use crate::template::marked::Origin;

use super::super::prepared::Prepared;
use super::super::trace::{Traced, Tracing};
use super::trace;

/// The place of a text, and the layer that wrote it; without one it is a template's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Written {
    span: Span,
    layer: Option<LayerId>,
}

/// Where flaws are searched for, and were found: hundreds of packages may share one.
#[derive(Default)]
pub struct Places {
    /// An engine that tells what each byte came from, made with the first flaw.
    marked: OnceLock<Option<Marked>>,
    /// By what is said of a file.
    found: Mutex<BTreeMap<(&'static str, String), Vec<Written>>>,
}

type Marked = (Box<dyn Engine>, Vec<Origin>);

impl Places {
    /// The flaws of a package, each said once at the place that wrote it.
    pub fn say(&self, prepared: &Prepared<'_>, flaws: &[Flaw]) -> Diagnostics {
        let known = |flaw: &Flaw| self.known(prepared, flaw);
        let unknown: BTreeSet<&str> = flaws
            .iter()
            .filter(|flaw| flaw.at.is_some() && known(flaw).is_none())
            .map(|flaw| flaw.path.as_str())
            .collect();
        let pages = self.traced(prepared, &unknown);
        let mut said = BTreeSet::new();
        let mut diagnostics = Diagnostics::default();
        for flaw in flaws {
            let written = known(flaw).or_else(|| self.find(&pages, flaw));
            // The same text on another page, or in another form of an email, is the same fault.
            if written.is_none_or(|written| said.insert((flaw.code, &flaw.what, written.span))) {
                diagnostics.push(diagnostic(flaw, written));
            }
        }
        diagnostics
    }

    fn known(&self, prepared: &Prepared<'_>, flaw: &Flaw) -> Option<Written> {
        let found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        let written = found.get(&(flaw.code, flaw.diagnostic().message))?;
        // Another deployment may have the same text from a layer of its own.
        let is_here = |written: &&Written| written.layer.is_none_or(|layer| prepared.stack.layers().contains(&layer));
        written.iter().find(is_here).copied()
    }

    fn traced(&self, prepared: &Prepared<'_>, wanted: &BTreeSet<&str>) -> Vec<Traced> {
        if wanted.is_empty() {
            return Vec::new();
        }
        let Some((engine, _)) = self.marked.get_or_init(|| prepared.program.marked_engine()) else { return Vec::new() };
        let wants = |path: &str| wanted.contains(path);
        let mut tracing = Tracing { engine: &**engine, wants: &wants, looked_at: Vec::new() };
        trace(prepared, &mut tracing, &mut Diagnostics::default())
    }

    fn find(&self, pages: &[Traced], flaw: &Flaw) -> Option<Written> {
        let page = pages.iter().find(|page| page.path == flaw.path)?;
        let at = flaw.at?;
        let run = page.runs.iter().find(|run| (run.start..run.end).contains(&at))?;
        let written = value(page, run).or_else(|| self.template(run, at))?;
        let mut found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        found.entry((flaw.code, flaw.diagnostic().message)).or_default().push(written);
        Some(written)
    }

    /// The template that wrote the byte at `at`; of its own text, the very letter.
    fn template(&self, run: &Run, at: usize) -> Option<Written> {
        let (_, origins) = self.marked.get()?.as_ref()?;
        let origin = |&number: &u32| origins.get(number as usize);
        let origin = run.point.as_ref().and_then(origin).or_else(|| run.marks.iter().rev().find_map(origin))?;
        let span = match origin {
            Origin::Literal(span) => Span { start: (span.start + (at - run.start) as u32).min(span.end), ..*span },
            Origin::Expression(span) => *span,
        };
        Some(Written { span, layer: None })
    }
}

/// The value that a stretch came from: the innermost, which is what was filled in.
fn value(page: &Traced, run: &Run) -> Option<Written> {
    let origin = |&number: &u32| page.marker.as_ref()?.content(number)?.origin;
    let origin = run.marks.iter().rev().find_map(origin)?;
    Some(Written { span: origin.span, layer: Some(origin.layer) })
}

fn diagnostic(flaw: &Flaw, written: Option<Written>) -> Diagnostic {
    let error = flaw.diagnostic();
    match written {
        Some(Written { span, .. }) => error.at(span, ""),
        None => error,
    }
}
