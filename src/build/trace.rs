//! Pages that tell what each of their bytes came from.
//!
//! A page is rendered twice: as ever, and with signs around every value and before every piece of a
//! template. Without its signs the second has to be the first, byte for byte, or there is no map.

use std::cell::Cell;
use std::ops::Range;
use std::sync::Arc;

use crate::catalog::locales::LocaleId;
use crate::diag::Diagnostics;
use crate::marks::Run;
use crate::matrix::Base;
use crate::paths::OutputPath;
use crate::resolve::Resolver;
use crate::resolve::tree::Tree;
use crate::template::Engine;
use crate::template::marked::Origin;
use crate::values::marker::Marker;

use super::base::BaseContext;
use super::prepared::Prepared;
use super::{Options, Program, deployment};

/// A page with its source map.
pub struct Traced {
    pub path: OutputPath,
    pub text: String,
    /// The locale it was made in.
    pub locale: LocaleId,
    pub tree: Arc<Tree>,
    /// The whole text, in order.
    pub runs: Vec<Run>,
    /// What the numbers of values stand for; without one, only templates are known.
    pub marker: Option<Arc<Marker>>,
}

/// The pages of a deployment with what their signs of templates stand for.
pub struct Trace {
    pub pages: Vec<Traced>,
    pub templates: Vec<Origin>,
}

/// What a rendering has to know to be traced.
pub struct Tracing<'a> {
    pub engine: &'a dyn Engine,
    /// The pages to trace, by their paths.
    pub wants: &'a dyn Fn(&str) -> bool,
    /// Whether values are told too: that takes many times as long as templates alone.
    pub tells_values: bool,
    /// The numbers that the last page's template looks at: most often those of the next, too.
    pub looked_at: Vec<Range<u32>>,
}

impl Tracing<'_> {
    pub fn wants(&self, path: &OutputPath) -> bool {
        (self.wants)(path.as_str())
    }
}

/// Renders a deployment and maps one of its pages, or all of them. A deployment that is refused has no
/// pages, and the diagnostics say why.
pub fn trace(
    program: &Program,
    values: &[Option<usize>],
    wanted: Option<&str>,
    diagnostics: &mut Diagnostics,
) -> Option<Trace> {
    let base = Base::of_one(program.catalog(), values);
    let options = Options::default();
    let resolver = Resolver::new(program.approved());
    let context = BaseContext::new(program, &resolver, &base, &options, diagnostics)?;
    let (engine, templates) = program.marked_engine()?;
    // Of a message only the head is traced, which is not the file: that is encoded.
    let wants = |path: &str| wanted.is_none_or(|wanted| path == wanted) && !path.ends_with(".eml");
    let mut tracing = Tracing { engine: &*engine, wants: &wants, tells_values: true, looked_at: Vec::new() };
    let prepared = Prepared::new(&context, values, &options, diagnostics)?;
    let pages = deployment::trace(&prepared, &mut tracing, diagnostics);
    Some(Trace { pages, templates })
}

/// How often a page is rendered at most to find the values that its template looks at.
const TRIES: usize = 160;

/// The numbers that a template looks at, and not only prints: those must go without signs. `bears` says
/// whether the page stays the same with no signs for the given ranges. Tries those that are `likely`, each
/// alone; if they are not enough, halves the numbers until each of those that matter stands alone. `None` if
/// there are too many.
pub fn looked_at(
    all: Range<u32>,
    likely: &[Range<u32>],
    bears: &dyn Fn(&[Range<u32>]) -> bool,
) -> Option<Vec<Range<u32>>> {
    let tries = Cell::new(0);
    let all_but = |range: &Range<u32>| {
        tries.set(tries.get() + 1);
        bears(&[all.start..range.start, range.end..all.end])
    };
    let matters = |range: &&Range<u32>| all.start <= range.start && range.end <= all.end && !all_but(range);
    let sure: Vec<_> = likely.iter().filter(matters).cloned().collect();
    if !sure.is_empty() && bears(&sure) {
        return Some(sure);
    }
    tries.set(0);
    let mut found = Vec::new();
    let mut left = vec![all.clone()];
    while let Some(range) = left.pop() {
        if tries.get() > TRIES {
            return None;
        }
        if range.is_empty() || all_but(&range) {
            continue;
        }
        if range.len() == 1 {
            found.push(range);
            continue;
        }
        let middle = range.start + (range.end - range.start) / 2;
        left.extend([middle..range.end, range.start..middle]);
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::looked_at;

    #[test]
    fn the_values_that_matter_are_found_among_thousands() {
        let bears =
            |bare: &[std::ops::Range<u32>]| [17, 1800].iter().all(|n| bare.iter().any(|range| range.contains(n)));
        let found = Some(vec![17..18, 1800..1801]);
        assert_eq!(looked_at(10..3000, &[], &bears), found);
        assert_eq!(looked_at(0..3000, &[], &|_| false), None);
        // Likely ones are taken where they are right, and only as far as they are.
        let tries = Cell::new(0);
        let counted = |bare: &[std::ops::Range<u32>]| {
            tries.set(tries.get() + 1);
            bears(bare)
        };
        assert_eq!(looked_at(10..3000, &[17..18, 50..51, 1800..1801], &counted), found);
        assert_eq!(tries.get(), 4);
        assert_eq!(looked_at(10..3000, &[17..18, 4000..4001], &bears), found);
    }
}
