//! Every file of a package, planned before anything is made.
//!
//! A [`Planner`] takes what components ask for and refuses two files that cannot stand side by side, at
//! both places that ask for them. So what is made afterwards has its place already.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::Arc;

use crate::diag::{Diagnostic, Diagnostics};
use crate::paths::OutputPath;
use crate::source::Span;

/// A file that is going to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned {
    pub path: OutputPath,
    /// The place in the workspace that asks for it; `None` for what every package has.
    pub asked_by: Option<Span>,
}

impl Planned {
    pub fn new(path: OutputPath, asked_by: Option<Span>) -> Self {
        Self { path, asked_by }
    }
}

/// The values that a data file is made from, where those are not its component's own part of the package. Its manifest
/// lists the layer files that they and the partner's record come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reads {
    /// `journey`, `nurture.emails`.
    pub paths: &'static [&'static str],
    /// The locale they are read in; `None` for the master's.
    pub locale: Option<Arc<str>>,
}

/// When a file can be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// From the deployment alone.
    Content,
    /// From what the contents come to: the links that they use and the fields of their forms.
    Summary,
}

/// Gathers what is planned; each path once.
#[derive(Clone, Debug, Default)]
pub struct Planner {
    taken: BTreeMap<OutputPath, Option<Span>>,
    diagnostics: Diagnostics,
}

impl Planner {
    /// Plans a file. One that cannot stand beside another is an error, and is not planned.
    pub fn add(&mut self, planned: &Planned) {
        let path = planned.path.as_str();
        match self.rival(path) {
            Some((other, first)) => self.diagnostics.push(clash(planned, other.as_str(), first)),
            None => drop(self.taken.insert(planned.path.clone(), planned.asked_by)),
        }
    }

    /// Plans a file at a path that follows from an id. A path that no output may have is an error at the place
    /// that asks for it.
    pub fn add_at(&mut self, path: &str, asked_by: Option<Span>) -> Option<OutputPath> {
        match OutputPath::new(path) {
            Ok(path) => {
                self.add(&Planned::new(path.clone(), asked_by));
                Some(path)
            }
            Err(error) => {
                let said = Diagnostic::error("E-OUTPUT", format!("`{path}` is no output path: {error}"))
                    .help("lower-case ASCII letters, digits, `-`, `_` and `.`: give it another id or `output`");
                self.diagnostics.push(match asked_by {
                    Some(span) => said.at(span, ""),
                    None => said,
                });
                None
            }
        }
    }

    /// A file of the same path, or one where the other needs a folder.
    fn rival(&self, path: &str) -> Option<(OutputPath, Option<Span>)> {
        let found = |(path, span): (&OutputPath, &Option<Span>)| (path.clone(), *span);
        let mut folders = path.rmatch_indices('/').filter_map(|(end, _)| path.get(..end));
        let above = folders.find_map(|folder| self.taken.get_key_value(folder));
        let inside = format!("{path}/");
        let behind = (Bound::Included(inside.as_str()), Bound::Unbounded);
        let below = self.taken.range::<str, _>(behind).next().filter(|(other, _)| other.as_str().starts_with(&inside));
        self.taken.get_key_value(path).or(above).or(below).map(found)
    }

    /// Notes what was wrong so far, once.
    pub fn tell(&mut self, diagnostics: &mut Diagnostics) {
        diagnostics.append(std::mem::take(&mut self.diagnostics));
    }

    /// What was planned, in the order of the paths.
    pub fn planned(&self) -> impl Iterator<Item = Planned> {
        self.taken.iter().map(|(path, asked_by)| Planned::new(path.clone(), *asked_by))
    }
}

/// Two files that one package cannot hold.
fn clash(second: &Planned, first: &str, first_span: Option<Span>) -> Diagnostic {
    let path = second.path.as_str();
    if let Some(span) = second.asked_by.filter(|_| second.asked_by == first_span && path == first) {
        let message = format!("`{path}` would be written once for each language, over the one before");
        return Diagnostic::error("E-OUTPUT", message)
            .at(span, "")
            .help("with `each: locale` an `output` needs `{locale}`");
    }
    let message = if path == first {
        format!("two files are written to `{path}`")
    } else {
        format!("`{first}` and `{path}` cannot both be written: one would be a folder of the other")
    };
    let error = Diagnostic::error("E-OUTPUT", message).help("give one of them another `output` or id");
    // What every package has cannot be mended: the place to say it is the one somebody wrote.
    let (place, other) = match (second.asked_by, first_span) {
        (Some(second), first) => (Some(second), first),
        (None, first) => (first, None),
    };
    let error = match place {
        Some(span) => error.at(span, "asked for here"),
        None => error,
    };
    match other {
        Some(span) => error.other(span, "and here"),
        None => error.note("every package has that file"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceId;

    fn span(at: usize) -> Option<Span> {
        Some(Span::new(SourceId(0), at, at + 1))
    }

    fn said(paths: &[(&str, Option<Span>)]) -> Vec<Diagnostic> {
        let mut planner = Planner::default();
        for (path, span) in paths {
            planner.add_at(path, *span);
        }
        let mut found = Diagnostics::default();
        planner.tell(&mut found);
        found.iter().cloned().collect()
    }

    #[test]
    fn what_cannot_stand_side_by_side_is_said_once_at_both_places() {
        for (first, second) in [("a/b.txt", "a/b.txt"), ("a", "a/b.txt"), ("a/b.txt", "a"), ("a/b/c", "a")] {
            let found = said(&[("a.txt", span(0)), (first, span(2)), ("a-b", None), (second, span(4))]);
            assert_eq!(found.len(), 1, "{first} and {second}: {found:?}");
            assert_eq!(found[0].place.as_ref().map(|place| place.span), span(4));
            assert_eq!(found[0].others[0].span, span(2).unwrap());
        }
        assert_eq!(said(&[("a/b", span(0)), ("a/c", span(2)), ("a-b", span(4))]), []);
    }

    #[test]
    fn what_every_package_has_is_said_at_the_place_that_somebody_wrote() {
        for both in [[("a", None), ("a", span(2))], [("a", span(2)), ("a", None)]] {
            let found = said(&both);
            assert_eq!(found[0].place.as_ref().map(|place| place.span), span(2));
            assert_eq!(found[0].others.len(), 0);
        }
    }

    #[test]
    fn what_one_place_asks_for_twice_is_for_languages() {
        let found = said(&[("a", span(2)), ("a", span(2))]);
        assert_eq!(found[0].help.first().map(|help| help.contains("{locale}")), Some(true));
        assert_eq!((found.len(), found[0].others.len()), (1, 0));
    }

    #[test]
    fn a_path_that_no_output_may_have_is_an_error_where_it_is_asked_for() {
        assert_eq!(said(&[("../x", span(3))])[0].place.as_ref().map(|place| place.span), span(3));
    }
}
