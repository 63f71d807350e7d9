//! Where in the workspace the text stands that is wrong in a finished file.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use crate::audit::Flaw;
use crate::catalog::LayerId;
use crate::diag::{Diagnostic, Diagnostics};
use crate::marks::Run;
use crate::source::{Sources, Span};
use crate::template::Engine;
use crate::template::marked::Origin;

use super::super::Program;
use super::super::prepared::Prepared;
use super::super::trace::{Traced, Tracing};
use super::trace;

/// What tells where flaws were written; it is made with the first flaw of a run.
#[derive(Default)]
pub struct Places {
    marked: OnceLock<Option<Marked>>,
}

/// An engine whose pages tell what each byte came from, and what its signs stand for.
type Marked = (Box<dyn Engine>, Vec<Origin>);

impl Places {
    /// The flaws of a package, each said once at the place that wrote it: what is said there names no file, so that
    /// it is one for all pages and packages.
    pub fn say(&self, prepared: &Prepared<'_>, flaws: &[Flaw]) -> Diagnostics {
        let pages = self.traced(prepared, flaws);
        let mut said = BTreeSet::new();
        let mut diagnostics = Diagnostics::default();
        for flaw in flaws {
            match self.find(prepared.program, &pages, flaw) {
                Some(span) if !said.insert((flaw.code, &flaw.what, span)) => {}
                Some(span) => {
                    let error = Diagnostic::error(flaw.code, format!("what is written here {}", flaw.what));
                    diagnostics.push(error.at(span, "").help(flaw.help));
                }
                None => {
                    // Who asked for the file is the next who can mend it.
                    let asked_by = prepared.planned(flaw.path.as_str()).and_then(|planned| planned.order.asked_by);
                    let error = flaw.diagnostic();
                    diagnostics.push(match asked_by {
                        Some(span) => error.at(span, "asked for here"),
                        None => error,
                    });
                }
            }
        }
        diagnostics
    }

    fn traced(&self, prepared: &Prepared<'_>, flaws: &[Flaw]) -> Vec<Traced> {
        let placed = flaws.iter().filter(|flaw| flaw.at.is_some());
        let wanted: BTreeSet<&str> = placed.map(|flaw| flaw.path.as_str()).collect();
        if wanted.is_empty() {
            return Vec::new();
        }
        let Some((engine, _)) = self.marked.get_or_init(|| prepared.program.marked_engine()) else { return Vec::new() };
        let wants = |path: &str| wanted.contains(path);
        let mut tracing = Tracing { engine: &**engine, wants: &wants, looked_at: Vec::new() };
        trace(prepared, &mut tracing, &mut Diagnostics::default())
    }

    fn find(&self, program: &Program, pages: &[Traced], flaw: &Flaw) -> Option<Span> {
        let page = pages.iter().find(|page| page.path == flaw.path)?;
        let at = flaw.at?;
        let mut runs = page.runs.iter().filter(|run| run.start < at + flaw.length && at < run.end);
        let run = runs.clone().next()?;
        // Of several that make it together it is for a layer's author to change what he wrote, not for HQ.
        let of_layer = runs.find_map(|run| value(page, run).filter(|span| !is_of_hq(program, *span)));
        let own = of_layer.filter(|_| flaw.length > 1).or_else(|| value(page, run));
        own.map(|span| narrowed(program.sources(), span, page, at)).or_else(|| self.template(run, at))
    }

    /// The template that wrote the byte at `at`; of its own text, the very letter.
    fn template(&self, run: &Run, at: usize) -> Option<Span> {
        let (_, origins) = self.marked.get()?.as_ref()?;
        let origin = |&number: &u32| origins.get(number as usize);
        let origin = run.point.as_ref().and_then(origin).or_else(|| run.marks.iter().rev().find_map(origin))?;
        Some(match origin {
            Origin::Literal(span) => Span { start: (span.start + (at - run.start) as u32).min(span.end), ..*span },
            Origin::Expression(span) => *span,
        })
    }
}

fn is_of_hq(program: &Program, span: Span) -> bool {
    program.catalog().layer(LayerId::MASTER).sources.contains(&span.source)
}

/// The value that a stretch came from: the innermost, which is what was filled in.
fn value(page: &Traced, run: &Run) -> Option<Span> {
    let span = |&number: &u32| Some(page.marker.as_ref()?.content(number)?.origin?.span);
    run.marks.iter().rev().find_map(span)
}

/// The part of a value that is written as the page has it from a byte on; the whole value where it is written otherwise.
fn narrowed(sources: &Sources, span: Span, page: &Traced, at: usize) -> Span {
    let rest = page.text.get(at..).unwrap_or_default().trim_start_matches('<');
    let shown = rest.split(|c: char| c.is_whitespace() || "\"'<>&".contains(c)).next().unwrap_or_default();
    match sources.text(span).find(shown).filter(|_| !shown.is_empty()) {
        Some(found) => Span::new(span.source, span.start as usize + found, span.start as usize + found + shown.len()),
        None => span,
    }
}
